"""Consent, the second gate, and the one send: every way a ticket can and cannot reach the broker."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.desk import Desk
from brokers.port import NotConnected, SendUncertain
from brokers.vocabulary import BadInput, BrokerOrder, Order, Refused, StorageError
from tests.support.clock import WallClock
from tests.support.desks import propose, take_notices, ticket, yes
from tools.execution.accounts import AccountParts
from tools.execution.journal import Opening
from tools.execution.ticket import TicketStatus
from tools.risk.limits import amended
from tools.risk.profiles import Profile


def test_a_confirmed_ticket_is_filled_once_and_shows_in_the_book(desk: Desk, parts: AccountParts):
    """consent:person - the whole path: proposal, click, fill, position, and a ledger that agrees with the broker."""
    offered = ticket(propose(desk, parts))
    released = parts.coordinator.release(yes(offered))
    assert released.order_sent
    assert released.ticket.status is TicketStatus.FILLED
    assert released.ticket.filled == 40
    assert [(p.symbol, p.quantity) for p in parts.account.positions()] == [("AAPL", Decimal(40))]
    assert parts.account.differences() == ()
    assert desk.ledger.verify().intact


def test_a_ticket_alone_changes_nothing_at_the_broker(desk: Desk, parts: AccountParts):
    """consent:person - a proposal is only paper: no order, no position, no cash moved."""
    propose(desk, parts)
    assert desk.paper.orders("V1") == []
    assert desk.paper.account("V1").cash == desk.settings.trading.opening_cash


def test_a_second_click_on_the_same_ticket_sends_nothing(desk: Desk, parts: AccountParts):
    """send:once - a double click is refused with what became of the first."""
    offered = ticket(propose(desk, parts))
    parts.coordinator.release(yes(offered))
    with pytest.raises(Refused, match="filled"):
        parts.coordinator.release(yes(offered))
    assert len(desk.paper.orders("V1")) == 1


def test_a_consent_for_other_bytes_is_refused_and_the_ticket_stays_open(desk: Desk, parts: AccountParts):
    """consent:exact - a click that names another digest was made on another ticket."""
    offered = ticket(propose(desk, parts))
    with pytest.raises(Refused, match="not the one"):
        parts.coordinator.release(yes(offered, digest="0" * 64))
    assert desk.paper.orders("V1") == []
    assert parts.account.blotter.refresh().tickets[offered.id].status is TicketStatus.PROPOSED


def test_another_person_cannot_release_or_even_see_a_ticket(desk: Desk, parts: AccountParts):
    """consent:person - somebody else's click is answered as if the ticket did not exist."""
    offered = ticket(propose(desk, parts))
    with pytest.raises(BadInput, match="no ticket"):
        parts.coordinator.release(yes(offered, person="mallory"))
    assert desk.paper.orders("V1") == []


def test_an_expired_ticket_is_refused_and_recorded_as_expired(desk: Desk, parts: AccountParts, clock: WallClock):
    """consent:exact - expiry runs on the wall clock, to the instant."""
    offered = ticket(propose(desk, parts))
    clock.at = offered.expires_at
    with pytest.raises(Refused, match="expired"):
        parts.coordinator.release(yes(offered))
    assert parts.account.blotter.refresh().tickets[offered.id].status is TicketStatus.EXPIRED


def test_a_ticket_made_under_older_limits_is_void(desk: Desk, parts: AccountParts):
    """consent:exact - a ticket names its limits version; changed limits make it void."""
    offered = ticket(propose(desk, parts))
    desk.accounts.set_limits("V1", amended(parts.account.document(), {"max_orders_per_minute": "1"}), "local", "test")
    with pytest.raises(Refused, match="void"):
        parts.coordinator.release(yes(offered))
    assert desk.paper.orders("V1") == []


def test_the_gate_refuses_at_the_send_what_passed_at_the_proposal(desk: Desk, parts: AccountParts, clock: WallClock):
    """gate:same - the same gate runs again on fresh state: a second identical order is a duplicate by then."""
    first, second = ticket(propose(desk, parts, quantity="30")), ticket(propose(desk, parts, quantity="30"))
    parts.coordinator.release(yes(first))
    refused = parts.coordinator.release(yes(second))
    assert not refused.order_sent
    assert refused.refusal is not None
    assert {reason.control for reason in refused.refusal.reasons} == {"duplicate"}
    assert refused.ticket.status is TicketStatus.REFUSED
    assert len(desk.paper.orders("V1")) == 1
    clock.pass_(hours=2)
    with pytest.raises(Refused, match="refused"):
        parts.coordinator.release(yes(second))


def test_a_revised_ticket_is_void_and_only_the_new_one_can_be_released(desk: Desk, parts: AccountParts):
    """consent:exact - any change makes a new ticket with a new digest."""
    from tests.support.desks import proposer

    first = ticket(propose(desk, parts))
    second = ticket(proposer(desk, parts).revise(first.id, {"quantity": "20"}))
    assert second.digest != first.digest
    assert second.quantity == 20
    with pytest.raises(Refused, match="void"):
        parts.coordinator.release(yes(first))
    assert parts.coordinator.release(yes(second)).ticket.filled == 20


class Silent:
    """A sender whose call ends without an answer, or that cannot be reached."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls = 0

    def send(self, order: Order) -> BrokerOrder:
        self.calls += 1
        raise self.error

    def cancel(self, client_order_id: str) -> BrokerOrder:
        raise self.error


def _with_sender(parts: AccountParts, sender: Silent) -> None:
    parts.coordinator._broker = sender  # pyright: ignore[reportPrivateUsage] - the fault to inject


def test_a_send_without_an_answer_is_unknown_reserves_capital_and_is_never_repeated(desk: Desk, parts: AccountParts):
    """send:once - UNKNOWN until the books speak: no second send, its capital stays reserved."""
    offered, sender = ticket(propose(desk, parts)), Silent(SendUncertain("no answer"))
    _with_sender(parts, sender)
    released = parts.coordinator.release(yes(offered))
    assert released.ticket.status is TicketStatus.UNKNOWN
    assert not released.order_sent
    assert sum(order.remaining for order in parts.account.working(parts.account.market_now())) == 40
    # A second click first asks the complete books, which do not hold it: void, and still only one send.
    with pytest.raises(Refused, match="never arrived"):
        parts.coordinator.release(yes(offered))
    assert sender.calls == 1


def test_an_unknown_order_that_the_complete_books_do_not_hold_becomes_void_with_a_notice(
    desk: Desk, parts: AccountParts
):
    """send:once - the broker's own books decide, and the person is told."""
    offered = ticket(propose(desk, parts))
    _with_sender(parts, Silent(SendUncertain("no answer")))
    parts.coordinator.release(yes(offered))
    desk.settle()
    assert parts.account.blotter.refresh().tickets[offered.id].status is TicketStatus.VOID
    assert any(offered.id in text for text in take_notices(desk))
    assert take_notices(desk) == ()


def test_an_order_that_could_not_be_sent_is_void_and_says_so(desk: Desk, parts: AccountParts):
    """A broker that is not there is a clear no: nothing was sent, nothing is reserved."""
    offered = ticket(propose(desk, parts))
    _with_sender(parts, Silent(NotConnected("the exchange is closed for repairs")))
    released = parts.coordinator.release(yes(offered))
    assert released.ticket.status is TicketStatus.VOID
    assert "closed for repairs" in released.ticket.why
    assert parts.account.working(parts.account.market_now()) == ()


def test_books_that_do_not_agree_with_the_ledger_close_the_gate(desk: Desk, parts: AccountParts):
    """gate:closed - a position the ledger knows nothing of stops new orders, with the difference named."""
    desk.paper.reset_account("V1", Decimal(100_000), desk.paper.session("V1"), [("AAPL", Decimal(7), Decimal(150))])
    assert parts.account.differences() == ("AAPL: the ledger has 0, the broker 7",)
    refusal = propose(desk, parts).refusal
    assert refusal is not None
    assert any(reason.control == "account" and "not reconciled" in reason.text for reason in refusal.reasons)


def test_a_refused_proposal_names_every_reason_and_the_nearest_order_that_passes(desk: Desk, parts: AccountParts):
    """A refusal is data: all reasons at once, and an alternative that indeed passes."""
    refusal = propose(desk, parts, quantity="100000").refusal
    assert refusal is not None
    assert len({reason.control for reason in refusal.reasons}) >= 3
    assert refusal.alternative is not None
    nearest = str(refusal.alternative.quantity)
    assert propose(desk, parts, quantity=nearest).ticket is not None
    assert propose(desk, parts, quantity=str(refusal.alternative.quantity + 1)).refusal is not None


def test_a_halt_voids_open_tickets_and_lets_only_reducing_orders_pass(desk: Desk, parts: AccountParts):
    """A halt is the person's own stop: nothing that adds gets through, closing does."""
    parts.coordinator.release(yes(ticket(propose(desk, parts))))
    waiting = ticket(propose(desk, parts, symbol="NVDA", quantity="5"))
    desk.accounts.halt("V1", "local", "test")
    with pytest.raises(Refused, match="void"):
        parts.coordinator.release(yes(waiting))
    refusal = propose(desk, parts, symbol="NVDA", quantity="5").refusal
    assert refusal is not None
    assert refusal.reasons[0].control == "halt"
    closing = ticket(propose(desk, parts, side="close", quantity="all"))
    assert parts.coordinator.release(yes(closing)).ticket.status is TicketStatus.FILLED
    desk.accounts.resume("V1", "local")
    assert propose(desk, parts, symbol="NVDA", quantity="5").ticket is not None


def test_a_ticket_priced_at_one_session_cannot_be_released_at_another(desk: Desk, parts: AccountParts):
    """consent:exact - even when a crash kept it from being made void, the clock it was priced on has moved."""
    offered = ticket(propose(desk, parts))
    following = desk.feed.calendar.next(desk.paper.session("V1"))
    assert following is not None
    desk.paper.advance("V1", following)  # the exchange stepped, and nobody came to make the ticket void
    with pytest.raises(Refused, match="another session"):
        parts.coordinator.release(yes(offered))
    assert desk.paper.orders("V1") == []


def test_a_ledger_that_fails_after_the_send_is_told_as_sent_and_settled_later(
    desk: Desk, parts: AccountParts, monkeypatch: pytest.MonkeyPatch
):
    """send:once - an order the broker took is never reported as not sent, nor as something to try again."""
    offered = ticket(propose(desk, parts))
    write = parts.journal.write

    def failing(*facts: object, **more: object) -> None:
        if any(type(fact).__name__ == "OrderStanding" for fact in facts):
            raise StorageError("the disk is full")
        write(*facts, **more)  # pyright: ignore

    monkeypatch.setattr(parts.journal, "write", failing)
    released = parts.coordinator.release(yes(offered))
    assert released.order_sent
    assert "accepted" in released.ticket.why
    monkeypatch.undo()
    desk.settle()
    assert parts.account.blotter.refresh().tickets[offered.id].status is TicketStatus.FILLED
    assert len(desk.paper.orders("V1")) == 1


def test_an_account_that_cannot_be_opened_leaves_no_trace(desk: Desk, parts: AccountParts):
    """What the exchange would refuse is refused before the ledger hears of it."""
    before = desk.ledger.verify().events
    for quantity, price in (("40.5", "100"), ("0", "100"), ("1", "0")):
        seed = Opening(symbol="AAPL", quantity=Decimal(quantity), price=Decimal(price))
        with pytest.raises(BadInput):
            desk.accounts.open("IRA", "local", Decimal(1000), Profile.MODERATE, [seed])
    assert desk.ledger.verify().events == before


def test_opening_another_account_does_not_move_the_person_to_it(desk: Desk, parts: AccountParts):
    """The default account is the one opened first, whatever the others are called."""
    desk.accounts.open("Alpha", "local", Decimal(1000), Profile.MODERATE)
    assert desk.account("local").account.name == "V1"


def test_limits_made_from_an_older_version_are_refused(desk: Desk, parts: AccountParts):
    """gate:same - two people tightening at once: the second must look again, so nothing is loosened by accident."""
    old = parts.account.document()
    desk.accounts.set_limits("V1", amended(old, {"max_position_percent": "3"}), "local", "tighter")
    with pytest.raises(Refused, match="meanwhile"):
        desk.accounts.set_limits("V1", amended(old, {"max_orders_per_minute": "9"}), "local", "from the old one")
    assert parts.account.document().max_position_percent == 3


def test_a_reset_keeps_a_halt(desk: Desk, parts: AccountParts):
    """Only `resume` ends a halt."""
    desk.accounts.halt("V1", "local", "test")
    desk.accounts.reset("V1")
    assert parts.account.blotter.refresh().halted
    assert parts.account.differences() == ()


def test_an_attached_target_and_stop_can_be_cancelled(desk: Desk, parts: AccountParts):
    """What works at the broker for a ticket can always be taken back, its children too."""
    quote = parts.account.quote("AAPL")
    assert quote is not None
    offered = ticket(propose(desk, parts, take_profit=str(quote.ask + 50), stop_loss=str(quote.bid - 50)))
    parts.coordinator.release(yes(offered))
    record = parts.account.blotter.refresh().tickets[offered.id]
    assert len(parts.account.working_of(record)) == 2
    parts.coordinator.cancel(offered.id, "test")
    assert parts.account.working_of(record) == ()
