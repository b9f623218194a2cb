"""An account's state, projected from its event stream: tickets, orders, fills, limits, clock, halt.

Nothing here is stored: the projection is rebuilt from the ledger and kept up to date by reading on from
the last event seen, so that two processes on one ledger agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from brokers.vocabulary import Fill, Order, OrderState
from storage.ledger import Event, Ledger
from tools.execution.journal import (
    AccountOpened,
    Adjusted,
    ClockMoved,
    ConsentGiven,
    Fact,
    FillRecorded,
    Halted,
    LimitsSet,
    NoticeDue,
    NoticeTold,
    OrderIntended,
    OrderSending,
    OrderStanding,
    OrderUnknown,
    ProposalRefused,
    Resumed,
    SendRefused,
    SignalScored,
    SignalShown,
    TicketClosed,
    TicketProposed,
    decode,
    stream_of,
)
from tools.execution.ticket import Ticket, TicketStatus, TicketView, view
from tools.risk.limits import Limits

_BY_STATE = {
    OrderState.WORKING: TicketStatus.WORKING,
    OrderState.PARTLY_FILLED: TicketStatus.PARTLY_FILLED,
    OrderState.FILLED: TicketStatus.FILLED,
    OrderState.CANCELLED: TicketStatus.CANCELLED,
    OrderState.REJECTED: TicketStatus.REJECTED,
}


@dataclass(slots=True)
class TicketRecord:
    """One ticket and everything the ledger says happened to it."""

    ticket: Ticket
    status: TicketStatus = TicketStatus.PROPOSED
    consent: ConsentGiven | None = None
    consented_at: datetime | None = None
    order: Order | None = None
    fills: list[Fill] = field(default_factory=list[Fill])
    why: str = ""

    @property
    def filled(self) -> Decimal:
        """Quantity executed so far."""
        return sum((fill.quantity for fill in self.fills), Decimal(0))

    @property
    def average_price(self) -> Decimal | None:
        """Average execution price, or None before the first fill."""
        if not self.fills:
            return None
        spent = sum((fill.quantity * fill.price for fill in self.fills), Decimal(0))
        return (spent / self.filled).quantize(Decimal("0.0001"))

    @property
    def commission(self) -> Decimal | None:
        """Commission charged so far, or None before the first fill."""
        return sum((fill.commission for fill in self.fills), Decimal(0)) if self.fills else None

    def seen_from_outside(self) -> TicketView:
        """The ticket with its standing."""
        return view(
            self.ticket,
            self.status,
            filled=self.filled,
            average_price=self.average_price,
            commission=self.commission,
            why=self.why,
        )


class Blotter:
    """The projection of one account. Call `refresh` before deciding anything."""

    def __init__(self, ledger: Ledger, account: str) -> None:
        self._ledger = ledger
        self.account = account
        self.stream = stream_of(account)
        self._clear()

    def _clear(self) -> None:
        self.version = 0
        self.opened: AccountOpened | None = None
        self.opened_at: datetime | None = None
        self.tickets: dict[str, TicketRecord] = {}
        self._by_order: dict[str, TicketRecord] = {}
        self.limits: list[Limits] = []
        self.fills: dict[str, Fill] = {}
        self.adjustments: dict[str, Adjusted] = {}
        self.refusals: list[tuple[datetime, ProposalRefused | SendRefused]] = []
        self.signals: dict[str, SignalShown] = {}
        self.scored: dict[str, SignalScored] = {}
        self.moves: list[ClockMoved] = []
        self.halted = False
        self._notices: list[tuple[int, str]] = []

    def refresh(self) -> Blotter:
        """Read on from the last event seen. Returns itself, up to date."""
        for event in self._ledger.read(self.stream, after=self.version):
            if event.sequence > self.version:
                self._apply(decode(event), event)
                self.version = event.sequence
        return self

    def record(self, ticket_id: str) -> TicketRecord | None:
        """One ticket by its id (case does not matter)."""
        return self.tickets.get(ticket_id.strip().upper())

    def by_order(self, client_order_id: str) -> TicketRecord | None:
        """The ticket an order came from; children a broker holds belong to their parent's."""
        return self._by_order.get(client_order_id.split(":", 1)[0])

    def open_tickets(self, wall_now: datetime, conversation: str | None = None) -> Iterator[TicketRecord]:
        """Tickets a person can still release, oldest first."""
        for record in self.tickets.values():
            if record.status is not TicketStatus.PROPOSED or record.ticket.expired(wall_now):
                continue
            if conversation is None or record.ticket.conversation == conversation:
                yield record

    def in_flight(self) -> Iterator[TicketRecord]:
        """Tickets whose consent is spent and whose fate no broker has told yet."""
        return (record for record in self.tickets.values() if record.status.in_flight)

    def untold(self) -> list[tuple[int, str]]:
        """Notices the person has not been told, with their sequence numbers."""
        return list(self._notices)

    def _set(self, ticket_id: str, status: TicketStatus, why: str = "") -> None:
        record = self.tickets.get(ticket_id)
        if record is not None:  # a ticket of before a reset: history
            record.status = status
            record.why = why or record.why

    def _close(self, fact: TicketClosed) -> None:
        record = self.tickets.get(fact.ticket)
        # What the broker has answered for cannot be closed by a ticket's own end.
        if record is not None and (record.status is TicketStatus.PROPOSED or record.status.in_flight):
            self._set(fact.ticket, fact.status, fact.why)

    def _intended(self, fact: OrderIntended) -> None:
        record = self.tickets.get(fact.ticket)
        if record is not None:
            record.order = fact.order
            self._by_order[fact.order.client_order_id] = record
            self._set(fact.ticket, TicketStatus.INTENDED)

    def _apply(self, fact: Fact, event: Event) -> None:  # one arm per kind of event, each a line or two
        match fact:
            case AccountOpened():
                self._clear()
                self.opened, self.opened_at = fact, event.wall_at
            case LimitsSet():
                self.limits.append(fact.limits)
            case ClockMoved():
                self.moves.append(fact)
            case TicketProposed():
                self.tickets[fact.ticket.id] = TicketRecord(fact.ticket)
            case ProposalRefused():
                self.refusals.append((event.wall_at, fact))
            case TicketClosed():
                self._close(fact)
            case ConsentGiven():
                self._consented(fact, event)
            case SendRefused():
                self.refusals.append((event.wall_at, fact))
                self._set(fact.ticket, TicketStatus.REFUSED, "; ".join(reason.text for reason in fact.reasons))
            case OrderIntended():
                self._intended(fact)
            case OrderSending():
                self._set(fact.ticket, TicketStatus.SENDING)
            case OrderStanding():
                self._set(fact.ticket, _BY_STATE[fact.state], fact.reason)
            case OrderUnknown():
                self._set(fact.ticket, TicketStatus.UNKNOWN, fact.why)
            case FillRecorded():
                self._filled(fact)
            case Adjusted():
                self.adjustments[fact.movement] = fact
            case Halted() | Resumed():
                self.halted = isinstance(fact, Halted)
            case SignalShown():
                self.signals.setdefault(fact.call_id, fact)
            case SignalScored():
                self.scored.setdefault(fact.call_id, fact)
            case NoticeDue():
                self._notices.append((event.sequence, fact.text))
            case NoticeTold():
                self._notices = [notice for notice in self._notices if notice[0] > fact.up_to]
            case _:
                pass  # CancelAsked and later kinds that change no state here

    def _consented(self, fact: ConsentGiven, event: Event) -> None:
        record = self.tickets.get(fact.ticket)
        if record is None:
            return
        record.consent, record.consented_at = fact, event.wall_at
        record.status = TicketStatus.CONFIRMED

    def _filled(self, fact: FillRecorded) -> None:
        if fact.fill.execution_id in self.fills:
            return
        self.fills[fact.fill.execution_id] = fact.fill
        record = self.tickets.get(fact.ticket or "")
        # A child's fill closes what its parent opened: it is the account's, not part of the entry's own quantity.
        if (
            record is not None
            and record.order is not None
            and record.order.client_order_id == fact.fill.client_order_id
        ):
            record.fills.append(fact.fill)
