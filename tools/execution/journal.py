"""The typed events of an account, how they are written to the ledger, and how older versions are read.

One stream per account: "account:NAME". Each event is a frozen value with a `KIND` and a `SCHEMA`;
a body written under an older schema passes through the upcasters of its kind before it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, Literal, Protocol, Self

from pydantic import Field, ValidationError

from brokers.vocabulary import DeskmateError, Fill, Finite, Instant, Mode, Order, OrderState, Value
from storage.ledger import Event, Ledger, NewEvent
from tools.execution.ticket import Ticket, TicketStatus
from tools.risk.limits import Limits
from tools.risk.reasons import Reason
from tools.risk.state import Draft
from tools.signals.calls import Direction
from tools.signals.outcomes import ExitReason


class UnknownEvent(DeskmateError):
    """The ledger holds an event this version cannot read."""


class Fact(Value):
    """Base of every event's body."""

    KIND: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1

    def written(self) -> NewEvent:
        """The event as the ledger keeps it."""
        return NewEvent(self.KIND, self.SCHEMA, self.model_dump(mode="json"))

    @classmethod
    def read(cls, body: Mapping[str, object]) -> Self:
        """The event from a body of the current schema."""
        return cls.model_validate(body)


class Opening(Value):
    """A position an account is seeded with."""

    symbol: str
    quantity: Finite
    price: Finite


class AccountOpened(Fact):
    """An account was opened or, after a reset, opened again: everything before it is history."""

    KIND = "account.opened"
    account: str
    person: str
    mode: Mode
    currency: str
    cash: Finite
    positions: tuple[Opening, ...] = ()
    profile: str
    generation: int = 1
    """1 for the first opening, one more after each reset."""


class LimitsSet(Fact):
    """A new version of the account's limits document."""

    KIND = "limits.set"
    limits: Limits
    by: str
    why: str


class ClockMoved(Fact):
    """The account's replay clock moved from one session's close to another's."""

    KIND = "clock.moved"
    before: Instant
    after: Instant


class TicketProposed(Fact):
    """A ticket was made and shown."""

    KIND = "ticket.proposed"
    ticket: Ticket


class ProposalRefused(Fact):
    """A proposal did not pass the gate; no ticket was made."""

    KIND = "proposal.refused"
    draft: Draft
    reasons: tuple[Reason, ...]
    alternative: Draft | None


class TicketClosed(Fact):
    """A ticket ended without a send: dropped by the person, expired, or void."""

    KIND = "ticket.closed"
    ticket: str
    status: TicketStatus
    why: str


class ConsentGiven(Fact):
    """A person released exactly this ticket. Single use: written once per ticket by compare-and-set."""

    KIND = "consent.given"
    ticket: str
    digest: str
    person: str
    channel: str
    how: str
    """click | words"""
    words: str | None = None
    """Reference to the person's own words."""


class SendRefused(Fact):
    """The gate, on fresh state, refused at the send. The consent is spent."""

    KIND = "order.refused"
    ticket: str
    reasons: tuple[Reason, ...]


class OrderIntended(Fact):
    """Written and synced before anything leaves: from here to an answer the order may be at the broker."""

    KIND = "order.intended"
    ticket: str
    digest: str
    order: Order


class OrderSending(Fact):
    """The very next thing is the broker's send."""

    KIND = "order.sending"
    ticket: str


class OrderStanding(Fact):
    """What the broker's books say of the order: working, partly filled, filled, cancelled or rejected."""

    KIND = "order.standing"
    ticket: str
    broker_order_id: str
    state: OrderState
    reason: str = ""


class OrderUnknown(Fact):
    """The send ended without an answer, or a crash hid it: perhaps live until the books speak."""

    KIND = "order.unknown"
    ticket: str
    why: str


class CancelAsked(Fact):
    """The person asked to cancel a working order."""

    KIND = "order.cancel_asked"
    ticket: str
    channel: str


class FillRecorded(Fact):
    """One execution from the broker's books, counted once by its execution id."""

    KIND = "fill.recorded"
    ticket: str | None
    """None for an order placed elsewhere, or for a child a broker holds."""
    fill: Fill


class Adjusted(Fact):
    """A dividend or split as the broker's books applied it: keyed by the broker's own movement id."""

    KIND = "position.adjusted"
    movement: str
    symbol: str
    what: str
    quantity: Finite
    """Change of the position."""
    cash: Finite
    """Change of cash, in the account's currency."""
    at: Instant


class Halted(Fact):
    """The person halted trading: only reducing orders pass until `deskmate resume`."""

    KIND = "trading.halted"
    by: str
    channel: str


class Resumed(Fact):
    """The person resumed trading, outside chat."""

    KIND = "trading.resumed"
    by: str


class SignalShown(Fact):
    """A call shown to the person, written down before its outcome; once per call since the account was opened."""

    KIND = "signal.shown"
    SCHEMA = 2
    call_id: str
    """Of the fused call; in events of schema 1, of the leading strategy's."""
    symbol: str
    session: date
    """The last session that the call knew."""
    made_at: Instant
    """What was known to it; the account's market clock when it was shown."""
    strategy: str
    """The leading one, whose levels and horizon the call has."""
    direction: Direction
    horizon: int
    """Sessions."""
    entry: float | None
    target: float | None
    """First target, as every price in the instrument's currency; of a neutral or volatile call its upper breakeven."""
    stop: float | None
    """Stop; of a neutral or volatile call its lower breakeven."""
    probability: float
    base_rate: float
    confidence_breakdown: Mapping[str, float] | None
    """Terms that sum to the log-odds of `probability`; None in events of schema 1, which did not keep them."""
    version: str
    """Names the algorithm and the fit; empty in events of schema 1, as are the next two."""
    source: str
    """Of the bars."""
    freshness: str


class SignalScored(Fact):
    """What became of a shown call, by the bars known on the market clock; once per call."""

    KIND = "signal.scored"
    call_id: str
    outcome: Literal[0, 1]
    """1 the call came true, 0 not; see `tools.signals.outcomes`."""
    exit_reason: ExitReason
    resolved: date
    """Session at whose close the outcome was known."""
    known_at: Instant
    """That close."""
    exit_price: float
    """In prices as quoted on `resolved` (splits in between restate them), in the instrument's currency."""
    result_r: float | None
    """Profit or loss in stop distances before costs; None for neutral and volatile calls."""
    brier: float
    """(probability - outcome)^2."""
    brier_base: float
    """(base rate - outcome)^2."""


class NoticeDue(Fact):
    """Something the person must be told the next time they look."""

    KIND = "notice.due"
    text: str


class NoticeTold(Fact):
    """Every notice up to this one was told."""

    KIND = "notice.told"
    up_to: int = Field(ge=0)


FACTS: dict[str, type[Fact]] = {
    fact.KIND: fact
    for fact in (
        AccountOpened,
        LimitsSet,
        ClockMoved,
        TicketProposed,
        ProposalRefused,
        TicketClosed,
        ConsentGiven,
        SendRefused,
        OrderIntended,
        OrderSending,
        OrderStanding,
        OrderUnknown,
        CancelAsked,
        FillRecorded,
        Adjusted,
        Halted,
        Resumed,
        SignalShown,
        SignalScored,
        NoticeDue,
        NoticeTold,
    )
}

Upcaster = Callable[[Mapping[str, object]], Mapping[str, object]]


def _shown_of_schema_1(body: Mapping[str, object]) -> Mapping[str, object]:
    """Schema 1 kept no session: its `asof` was always the close of it, in UTC on the same day."""
    kept = {name: value for name, value in body.items() if name != "asof"}
    missing = {"confidence_breakdown": None, "version": "", "source": "", "freshness": ""}
    return {**kept, **missing, "made_at": body["asof"], "session": str(body["asof"])[:10]}


UPCASTERS: Mapping[tuple[str, int], Upcaster] = MappingProxyType({(SignalShown.KIND, 1): _shown_of_schema_1})
"""(kind, schema it reads) → a body of the next schema."""


def decode(
    event: Event,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
    facts: Mapping[str, type[Fact]] = FACTS,
) -> Fact:
    """The typed event behind a ledger entry; `facts` are the kinds its stream can hold.

    Raises:
        UnknownEvent: a kind or schema of a newer version.
    """
    fact = facts.get(event.kind)
    if fact is None or event.schema_version > fact.SCHEMA:
        raise UnknownEvent(
            f"The ledger holds {event.kind} (schema {event.schema_version}), which this version cannot read.",
            fix="Update Deskmate, or start with another folder: --home DIR.",
        )
    try:
        return _upcast(fact, event, upcasters)
    except (ValidationError, KeyError) as error:
        raise UnknownEvent(
            f"Event {event.position} of the ledger ({event.kind}) cannot be read.",
            fix="`deskmate ledger verify` says whether it was changed.",
        ) from error


def _upcast(fact: type[Fact], event: Event, upcasters: Mapping[tuple[str, int], Upcaster]) -> Fact:
    body = event.body
    for schema in range(event.schema_version, fact.SCHEMA):
        body = upcasters[event.kind, schema](body)
    return fact.read(body)


class Clock(Protocol):
    """The wall clock."""

    def __call__(self) -> datetime:
        """An aware UTC instant."""
        ...


def stream_of(account: str) -> str:
    """The stream of an account."""
    return f"account:{account}"


class Journal:
    """Writes typed facts of one account, stamped with both clocks."""

    def __init__(self, ledger: Ledger, account: str, clock: Clock) -> None:
        self._ledger = ledger
        self.account = account
        self.stream = stream_of(account)
        self._clock = clock

    def write(self, *facts: Fact, market_at: datetime | None, expect: int | None = None) -> None:
        """Append `facts` in one synced transaction.

        Raises:
            VersionConflict: the stream moved on from `expect`.
        """
        written: Sequence[NewEvent] = [fact.written() for fact in facts]
        self._ledger.append(self.stream, written, wall_at=self._clock(), market_at=market_at, expect=expect)
