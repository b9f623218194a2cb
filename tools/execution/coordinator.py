"""The one place that sends: consent is consumed, the gate judges again, the intent is synced, the broker is asked once.

    proposed → confirmed → intended → sending → working → partly_filled → filled | cancelled | rejected
    and: refused (the gate at the send), expired, void, unknown

Every arrow is an event in the ledger, written before the next step begins. What was perhaps sent is
UNKNOWN until the broker's own books say otherwise, and nothing is ever sent again by itself: a second
send needs a second ticket and a second consent.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from brokers.port import BrokerError, BrokerSends, NotConnected, OrderRejected
from brokers.vocabulary import BadInput, DeskmateError, OrderState, Refused, StorageError
from storage.ledger import VersionConflict
from tools.execution.blotter import TicketRecord
from tools.execution.journal import (
    CancelAsked,
    ConsentGiven,
    Journal,
    OrderIntended,
    OrderSending,
    OrderStanding,
    OrderUnknown,
    SendRefused,
    TicketClosed,
)
from tools.execution.reconciliation import Reconciler
from tools.execution.refusal import refusal
from tools.execution.release import Consent, Released
from tools.execution.ticket import TicketStatus, TicketView, view
from tools.portfolio.account import LedgeredAccount
from tools.risk.gate import Verdict, judge
from tools.risk.reasons import Reason


class Step(Protocol):
    """Told the name of each step just passed; a test may stop the process there."""

    def __call__(self, name: str) -> None:
        """Passed `name`."""
        ...


Lock = Callable[[str], AbstractContextManager[object]]
"""An account's lock, across processes: whoever holds it is the only one sending or reconciling there."""


class Coordinator:
    """Sends for one account. Nothing else in the project holds a broker's sending side."""

    def __init__(
        self,
        account: LedgeredAccount,
        journal: Journal,
        broker: BrokerSends,
        reconciler: Reconciler,
        lock: Lock,
        step: Step,
    ) -> None:
        self._account = account
        self._journal = journal
        self._broker = broker
        self._reconciler = reconciler
        self._lock = lock
        self._step = step

    def release(self, consent: Consent) -> Released:
        """Send the ticket this consent names, at most once.

        Raises:
            BadInput: no such ticket, or the consent is for another one.
            Refused: the ticket can no longer be released (used, expired, void); the message says which.
            StorageError: the ledger could not be written; nothing was sent.
        """
        with self._lock(self._account.name):
            self._reconciler.settle()
            record = self._releasable(consent)
            self._consume(consent)
            self._step("confirmed")
            refused = self._judged_again(record)
            if refused is not None:
                return refused
            order = record.ticket.order()
            self._write(OrderIntended(ticket=record.ticket.id, digest=record.ticket.digest, order=order))
            self._step("intended")
            self._write(OrderSending(ticket=record.ticket.id))
            self._step("sending")
            sent, answer = self._send(record)
            self._step("answered")
            try:
                self._write(answer)
                self._reconciler.fold_in()
            except StorageError as error:
                return _unrecorded(record, sent, error)
            self._step("folded")
            return Released(ticket=self._view(record.ticket.id), order_sent=sent)

    def dismiss(self, ticket_id: str, why: str) -> TicketView:
        """Drop an open ticket.

        Raises:
            BadInput: there is no such ticket.
            Refused: it is no longer open.
        """
        with self._lock(self._account.name):
            return self._closed(self._open(ticket_id), TicketStatus.CANCELLED, why)

    def cancel(self, ticket_id: str, channel: str) -> TicketView:
        """Ask the broker to cancel what still works of a ticket.

        Raises:
            BadInput: no such ticket.
            Refused: nothing of it works any more.
            BrokerError: the broker could not be asked.
        """
        with self._lock(self._account.name):
            self._reconciler.settle()
            record = self._account.blotter.refresh().record(ticket_id)
            if record is None:
                raise BadInput(f"There is no ticket {ticket_id}.", fix="“orders” lists them.")
            working = self._account.working_of(record)
            if not working:
                raise Refused(f"Ticket {record.ticket.id} is {record.status.value}: nothing of it is working.")
            self._write(CancelAsked(ticket=record.ticket.id, channel=channel))
            for order in working:
                self._broker.cancel(order.order.client_order_id)
            self._reconciler.fold_in()
            return self._view(record.ticket.id)

    def expire(self) -> list[TicketView]:
        """Close every open ticket whose time is over on the wall clock."""
        now = self._account.clock()
        over = [
            record
            for record in self._account.blotter.refresh().tickets.values()
            if record.status is TicketStatus.PROPOSED and record.ticket.expired(now)
        ]
        closed: list[TicketView] = []
        for record in over:
            with suppress(Refused):  # released or closed elsewhere since
                closed.append(self._closed(record, TicketStatus.EXPIRED, "its time was over"))
        return closed

    def void_open(self, why: str) -> list[TicketView]:
        """Make every open ticket void: what they were made under no longer holds."""
        with self._lock(self._account.name):
            records = list(self._account.blotter.refresh().open_tickets(self._account.clock()))
            closed: list[TicketView] = []
            for record in records:
                with suppress(Refused):  # closed elsewhere since
                    closed.append(self._closed(record, TicketStatus.VOID, why))
            return closed

    def _open(self, ticket_id: str) -> TicketRecord:
        record = self._account.blotter.refresh().record(ticket_id)
        if record is None:
            raise BadInput(f"There is no ticket {ticket_id}.", fix="Ask for a new order.")
        if record.status is not TicketStatus.PROPOSED:
            why = f" ({record.why})" if record.why else ""
            raise Refused(f"Ticket {record.ticket.id} is {record.status.value}{why}.", fix="Ask for a new order.")
        return record

    def _releasable(self, consent: Consent) -> TicketRecord:
        record = self._open(consent.ticket)
        ticket = record.ticket
        if consent.person != ticket.person:
            raise BadInput(f"There is no ticket {consent.ticket}.", fix="Ask for a new order.")
        if consent.digest != ticket.digest:
            raise Refused(f"Ticket {ticket.id} is not the one that was shown.", fix="Look at the ticket again.")
        if ticket.expired(self._account.clock()):
            self._closed(record, TicketStatus.EXPIRED, "its time was over")
            raise Refused(f"Ticket {ticket.id} has expired.", fix="Ask for the order again: it will be priced anew.")
        if ticket.market_at != self._account.market_now():
            self._closed(record, TicketStatus.VOID, "the market clock moved after it was made")
            raise Refused(f"Ticket {ticket.id} is void: it was priced at another session.", fix="Ask for it again.")
        if ticket.limits_version != self._account.document().version:
            self._closed(record, TicketStatus.VOID, "the limits changed after it was made")
            raise Refused(f"Ticket {ticket.id} is void: the limits changed.", fix="Ask for the order again.")
        return record

    def _consume(self, consent: Consent) -> None:
        fact = ConsentGiven(
            ticket=consent.ticket.strip().upper(),
            digest=consent.digest,
            person=consent.person,
            channel=consent.channel,
            how=consent.how,
            words=consent.words,
        )
        blotter = self._account.blotter
        while True:
            try:
                self._journal.write(fact, market_at=self._account.market_now(), expect=blotter.version)
                blotter.refresh()
                return
            except VersionConflict:
                # Something else was appended (a shown signal, say). Still open? Then try again.
                self._open(consent.ticket)

    def _judged_again(self, record: TicketRecord) -> Released | None:
        """The gate on fresh state. A refusal spends the consent and is final."""
        ticket = record.ticket
        try:
            state = self._account.risk_state(ticket.symbol, leave_out=ticket.id)
            verdict = judge(self._account.draft_instrument(ticket.draft()), state)
        except StorageError:
            raise
        except DeskmateError as error:  # what cannot be judged is refused, never sent
            verdict = Verdict(passed=False, reasons=(Reason(control="state", text=str(error)),))
        if verdict.passed:
            return None
        self._write(SendRefused(ticket=ticket.id, reasons=verdict.reasons))
        refused = refusal("send", ticket.draft(), verdict.reasons, verdict.alternative)
        return Released(ticket=self._view(ticket.id), refusal=refused)

    def _send(self, record: TicketRecord) -> tuple[bool, OrderStanding | OrderUnknown | TicketClosed]:
        """Ask the broker, once: whether it accepted, and the fact its answer amounts to."""
        ticket = record.ticket
        try:
            shown = self._broker.send(ticket.order())
        except OrderRejected as error:
            why = str(error)
            return False, OrderStanding(ticket=ticket.id, broker_order_id="", state=OrderState.REJECTED, reason=why)
        except NotConnected as error:
            return False, TicketClosed(ticket=ticket.id, status=TicketStatus.VOID, why=f"not sent: {error}")
        except (BrokerError, StorageError) as error:
            # No answer is not a no: its capital stays reserved until the broker's books speak.
            return False, OrderUnknown(ticket=ticket.id, why=str(error))
        standing = OrderStanding(
            ticket=ticket.id, broker_order_id=shown.broker_order_id, state=shown.state, reason=shown.reason
        )
        return shown.state is not OrderState.REJECTED, standing

    def _closed(self, record: TicketRecord, status: TicketStatus, why: str) -> TicketView:
        """Close an open ticket by compare-and-set. Raises `Refused` when it is no longer open."""
        fact = TicketClosed(ticket=record.ticket.id, status=status, why=why)
        while True:
            self._open(record.ticket.id)
            try:
                version = self._account.blotter.version
                self._journal.write(fact, market_at=self._account.market_now(), expect=version)
                return self._view(record.ticket.id)
            except VersionConflict:
                continue  # something else was appended: look again

    def _write(
        self,
        fact: CancelAsked | OrderIntended | OrderSending | OrderStanding | OrderUnknown | SendRefused | TicketClosed,
    ) -> None:
        self._journal.write(fact, market_at=self._account.market_now())
        self._account.blotter.refresh()

    def _view(self, ticket_id: str) -> TicketView:
        return self._account.blotter.refresh().tickets[ticket_id.strip().upper()].seen_from_outside()


def _unrecorded(record: TicketRecord, sent: bool, error: StorageError) -> Released:
    """The broker was asked, and the ledger could not take its answer: said as it is, and settled at the next look."""
    what = "the broker accepted it" if sent else "the broker may hold it"
    why = f"{what}, but the ledger could not be written ({error}); do not order it again, it is settled from the books"
    return Released(ticket=view(record.ticket, TicketStatus.UNKNOWN, why=why), order_sent=sent)
