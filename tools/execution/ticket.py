"""The ticket: one exact, immutable order that a person may release, and how it looks from outside.

A ticket is a value. What happens to it (consent, send, fills) is told by events in the ledger; its
standing is a projection of them (`tools/execution/blotter.py`). Any change makes a new ticket.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from brokers.vocabulary import (
    Finite,
    Instant,
    Instrument,
    Leg,
    Mode,
    Order,
    OrderType,
    Quote,
    Side,
    TimeInForce,
    Value,
)
from tools.execution.refusal import attached_children, trail_words
from tools.risk.state import Draft

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that cannot be mistaken for one another when read aloud or typed."""

ID_LENGTH = 4


class TicketStatus(StrEnum):
    """Where a ticket stands. `proposed` is the only status a person can still act on."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    INTENDED = "intended"
    SENDING = "sending"
    WORKING = "working"
    PARTLY_FILLED = "partly_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    REFUSED = "refused"
    EXPIRED = "expired"
    VOID = "void"
    UNKNOWN = "unknown"

    @property
    def in_flight(self) -> bool:
        """Consent is spent and no broker has answered yet: its capital stays reserved."""
        return self in (TicketStatus.CONFIRMED, TicketStatus.INTENDED, TicketStatus.SENDING, TicketStatus.UNKNOWN)

    @property
    def is_final(self) -> bool:
        """Nothing more can happen to it."""
        return self in _FINAL


_FINAL = frozenset(
    {
        TicketStatus.FILLED,
        TicketStatus.CANCELLED,
        TicketStatus.REJECTED,
        TicketStatus.REFUSED,
        TicketStatus.EXPIRED,
        TicketStatus.VOID,
    }
)


class Ticket(Value):
    """One exact order, with everything a person has to see before releasing it."""

    id: str
    person: str
    account: str
    mode: Mode
    conversation: str
    instrument: Instrument
    side: Side
    quantity: Finite
    order_type: OrderType
    limit_price: Finite | None = None
    stop_price: Finite | None = None
    trail: Finite | None = None
    trail_percent: Finite | None = None
    tif: TimeInForce = TimeInForce.DAY
    legs: tuple[Leg, ...] = ()
    take_profit: Finite | None = None
    stop_loss: Finite | None = None
    quote: Quote
    """The quote it was priced on, with its own instant on the market clock."""
    expected_price: Finite
    """What the broker's preview expects an immediate fill to average, else the limit or stop price."""
    expected_commission: Finite
    fill_now: Finite
    """Quantity the broker's preview expects to fill at once."""
    notional: Finite
    """Quantity × the worse of expected and limit price, in the instrument's currency."""
    max_loss: Finite | None = None
    """Loss if an attached stop fills at its price, commissions aside; None where nothing bounds it."""
    recommended_quantity: Finite | None = None
    sizing: str = ""
    """Which constraint binds the recommended size, in words."""
    reducing: bool = False
    limits_version: int
    call_id: str | None = None
    """The signal this ticket came from, where it came from one."""
    replaces: str | None = None
    """The ticket this one revises."""
    created_at: Instant
    """On the wall clock, as is `expires_at`."""
    market_at: Instant
    expires_at: Instant

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of every field: what a consent is bound to."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def symbol(self) -> str:
        """The instrument's symbol."""
        return self.instrument.symbol

    @property
    def client_order_id(self) -> str:
        """The broker-side key of send-once: the id a person sees, made unique for ever by the digest."""
        return f"{self.account}-{self.id}-{self.digest[:12]}"

    def expired(self, wall_now: datetime) -> bool:
        """True once the wall clock has passed the expiry."""
        return wall_now >= self.expires_at

    def order(self) -> Order:
        """The order a broker is asked to do, field for field."""
        return Order(
            client_order_id=self.client_order_id,
            account=self.account,
            instrument=self.instrument,
            side=self.side,
            quantity=self.quantity,
            order_type=self.order_type,
            limit_price=self.limit_price,
            stop_price=self.stop_price,
            trail=self.trail,
            trail_percent=self.trail_percent,
            tif=self.tif,
            legs=self.legs,
            take_profit=self.take_profit,
            stop_loss=self.stop_loss,
        )

    def draft(self) -> Draft:
        """The same order as the gate sees it."""
        return Draft(
            account=self.account,
            mode=self.mode,
            instrument=self.instrument,
            symbol=self.symbol,
            side=self.side,
            quantity=self.quantity,
            order_type=self.order_type,
            limit_price=self.limit_price,
            stop_price=self.stop_price,
            trail=self.trail,
            trail_percent=self.trail_percent,
            tif=self.tif,
            take_profit=self.take_profit,
            stop_loss=self.stop_loss,
        )


class TicketView(Value):
    """A ticket with its standing, in the shape of the public interface; prices are decimal strings in JSON."""

    id: str
    status: TicketStatus
    side: Side
    symbol: str
    quantity: int
    order_type: OrderType
    limit_price: Finite | None
    stop_price: Finite | None
    trail: str | None
    tif: TimeInForce
    legs: tuple[Leg, ...]
    attached: tuple[dict[str, str], ...]
    """Attached children: {"kind": "take_profit" | "stop_loss", "price": "…"}."""
    notional: Finite
    max_loss: Finite | None
    recommended_quantity: int | None
    mode: Mode
    account: str
    digest: str
    expires_at: Instant
    filled: int = 0
    average_price: Finite | None = None
    commission: Finite | None = None
    """Charged so far; before any fill, see `expected_commission`."""
    expected_price: Finite
    expected_commission: Finite
    fill_now: int
    bid: Finite
    ask: Finite
    quoted_at: Instant
    quote_source: str
    quote_freshness: str
    sizing: str
    reducing: bool
    replaces: str | None
    why: str = ""
    """Why it ended as it did, where there is something to say."""


def view(
    ticket: Ticket,
    status: TicketStatus,
    *,
    filled: Decimal = Decimal(0),
    average_price: Decimal | None = None,
    commission: Decimal | None = None,
    why: str = "",
) -> TicketView:
    """How `ticket` looks from outside at `status`."""
    return TicketView(
        id=ticket.id,
        status=status,
        side=ticket.side,
        symbol=ticket.symbol,
        quantity=int(ticket.quantity),
        order_type=ticket.order_type,
        limit_price=ticket.limit_price,
        stop_price=ticket.stop_price,
        trail=trail_words(ticket.draft()),
        tif=ticket.tif,
        legs=ticket.legs,
        attached=attached_children(ticket.draft()),
        notional=ticket.notional,
        max_loss=ticket.max_loss,
        recommended_quantity=None if ticket.recommended_quantity is None else int(ticket.recommended_quantity),
        mode=ticket.mode,
        account=ticket.account,
        digest=ticket.digest,
        expires_at=ticket.expires_at,
        filled=int(filled),
        average_price=average_price,
        commission=commission,
        expected_price=ticket.expected_price,
        expected_commission=ticket.expected_commission,
        fill_now=int(ticket.fill_now),
        bid=ticket.quote.bid,
        ask=ticket.quote.ask,
        quoted_at=ticket.quote.at,
        quote_source=ticket.quote.source,
        quote_freshness=ticket.quote.freshness.value,
        sizing=ticket.sizing,
        reducing=ticket.reducing,
        replaces=ticket.replaces,
        why=why,
    )


def new_id(taken: Collection[str], choose: Callable[[str], str] = secrets.choice) -> str:
    """A short ticket id that is not among `taken`; `choose` picks one character of the alphabet."""
    while True:
        made = "".join(choose(ALPHABET) for _ in range(ID_LENGTH))
        # A letter and a digit: no typed reply can mistake a code for a quantity, a word or a ticker.
        if made not in taken and any(c.isdigit() for c in made) and any(c.isalpha() for c in made):
            return made


def expiry(created_at: datetime, lifetime: timedelta) -> datetime:
    """When a ticket made at `created_at` stops being releasable (wall clock)."""
    return created_at + lifetime
