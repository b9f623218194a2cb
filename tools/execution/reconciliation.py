"""Ledger and broker's books, brought together: at start, before every send, and after every answer.

Only what the broker's books say counts as having happened. An order in flight that the *complete* books
do not hold never arrived: its ticket becomes void, with a notice. One they hold is taken as they show it.
Nothing is ever sent from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from brokers.vocabulary import BrokerOrder, Finite, Instant, OrderState, Value
from tools.execution.blotter import TicketRecord
from tools.execution.journal import (
    Adjusted,
    Fact,
    FillRecorded,
    Journal,
    NoticeDue,
    OrderStanding,
    OrderUnknown,
    TicketClosed,
)
from tools.execution.ticket import TicketStatus
from tools.portfolio.account import LedgeredAccount


class BookMovement(Value):
    """A change of cash or position that is no fill: a dividend or split, with the broker's own id for it."""

    id: str
    symbol: str
    what: str
    quantity: Finite
    cash: Finite
    at: Instant


class Movements(Protocol):
    """Dividends and splits as the broker applied them."""

    def __call__(self, account: str) -> Sequence[BookMovement]:
        """Every movement, oldest first."""
        ...


class Reconciler:
    """Keeps one account's ledger true to the broker's books. Call under the account's lock."""

    def __init__(
        self, account: LedgeredAccount, journal: Journal, movements: Movements, ensure: Callable[[], None]
    ) -> None:
        """Put a reconciler together; `ensure` brings the broker's books up to the ledger's last opening or reset."""
        self._ensure = ensure
        self._account = account
        self._journal = journal
        self._movements = movements

    def settle(self) -> None:
        """Resolve everything a crash or a silence left open, then fold the books in.

        - consent given, intent never written: nothing left the house; the ticket is void;
        - intent written, no answer: the broker's books decide; while they are incomplete it is UNKNOWN.
        """
        self._ensure()
        complete = self._account.books.complete(self._account.name)
        for record in list(self._account.blotter.refresh().in_flight()):
            facts = self._settled(record, complete)
            if facts:
                self._write(*facts)
        if complete:
            self.fold_in()

    def fold_in(self) -> None:
        """Write the books' fills, standings and movements that the ledger does not have yet. Idempotent."""
        blotter = self._account.blotter.refresh()
        facts: list[Fact] = []
        for fill in self._account.books.fills(self._account.name):
            if fill.execution_id not in blotter.fills:
                record = blotter.by_order(fill.client_order_id)
                facts.append(FillRecorded(ticket=None if record is None else record.ticket.id, fill=fill))
        for shown in self._account.books.orders(self._account.name):
            facts.extend(self._standing(shown))
        facts.extend(
            Adjusted(
                movement=movement.id,
                symbol=movement.symbol,
                what=movement.what,
                quantity=movement.quantity,
                cash=movement.cash,
                at=movement.at,
            )
            for movement in self._movements(self._account.name)
            if movement.id not in blotter.adjustments
        )
        if facts:
            self._write(*facts)

    def _settled(self, record: TicketRecord, complete: bool) -> list[Fact]:
        ticket = record.ticket
        if record.status is TicketStatus.CONFIRMED:
            why = "it stopped before the order was written down: nothing was sent"
            return [self._void(record, why), self._told(record, why)]
        if not complete:
            if record.status is TicketStatus.UNKNOWN:
                return []
            why = "the broker's books cannot be read whole yet: it may be live, its capital stays reserved"
            return [OrderUnknown(ticket=ticket.id, why=why), self._told(record, why)]
        shown = self._account.books.order(ticket.client_order_id)
        if shown is None:
            why = "the broker's books do not hold it: it never arrived"
            return [self._void(record, why), self._told(record, why)]
        standing = OrderStanding(
            ticket=ticket.id, broker_order_id=shown.broker_order_id, state=shown.state, reason=shown.reason
        )
        return [standing, self._told(record, f"found at the broker: {_words(shown)}")]

    def _standing(self, shown: BrokerOrder) -> list[Fact]:
        record = self._account.blotter.by_order(shown.order.client_order_id)
        if record is None or record.order is None or record.order.client_order_id != shown.order.client_order_id:
            return []  # a child the broker holds, or an order placed elsewhere
        if record.status.value == shown.state.value:
            return []
        return [
            OrderStanding(
                ticket=record.ticket.id,
                broker_order_id=shown.broker_order_id,
                state=shown.state,
                reason=shown.reason,
            )
        ]

    def _void(self, record: TicketRecord, why: str) -> TicketClosed:
        return TicketClosed(ticket=record.ticket.id, status=TicketStatus.VOID, why=why)

    def _told(self, record: TicketRecord, why: str) -> NoticeDue:
        ticket = record.ticket
        return NoticeDue(
            text=f"Ticket {ticket.id} ({ticket.side.value} {ticket.quantity:f} {ticket.symbol}), released before an "
            f"interruption: {why}."
        )

    def _write(self, *facts: Fact) -> None:
        self._journal.write(*facts, market_at=self._account.market_now())
        self._account.blotter.refresh()


def _words(shown: BrokerOrder) -> str:
    if shown.state is OrderState.FILLED:
        return f"filled {shown.filled:f} at {shown.average_price}"
    if shown.state is OrderState.PARTLY_FILLED:
        return f"{shown.filled:f} filled, {shown.remaining:f} still working"
    return f"{shown.state.value}{f' ({shown.reason})' if shown.reason else ''}"
