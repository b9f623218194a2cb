"""The words every room shares: instruments, money, quotes, orders, fills, accounts, and the root of the error tree.

The one leaf that any room may import (an import contract ignores exactly this module), so it knows
only the standard library and pydantic. Money, prices and quantities are `Decimal`; instants are aware UTC.

The error tree (each room adds its own branches; vendor errors are translated once, at the edge):

    DeskmateError
    ├── Refused               the request is understood and may not be done (exit code 1)
    ├── BadInput              what was given cannot be read or is out of range
    ├── Unavailable           a model, feed, broker or store is missing or cannot answer now
    ├── StorageError          ledger or market store: corrupt, newer, locked, unwritable
    └── BrokerError           brokers/port.py
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class DeskmateError(Exception):
    """The root of every error this project raises on purpose.

    `str(error)` is one sentence for a person; `fix` says what to do next where something can be done.
    """

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.fix = fix

    def sentence(self) -> str:
        """The message and, where there is one, the fix, as one line for a screen."""
        return f"{self} {self.fix}".strip()


class Refused(DeskmateError):
    """Understood, and not allowed."""


class BadInput(DeskmateError):
    """What was given cannot be read, is unknown or is out of range."""


class Unavailable(DeskmateError):
    """A model, feed, broker or store is missing or cannot answer now."""


class StorageError(DeskmateError):
    """A store is corrupt, made by a newer version, locked or cannot be written."""


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("must be a finite number")
    return value


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC)


Finite = Annotated[Decimal, AfterValidator(_finite)]
"""A finite decimal: NaN and the infinities are refused at the door."""

Instant = Annotated[datetime, AfterValidator(_aware)]
"""An aware instant, kept in UTC."""


class Stranger:
    """Marks a field whose text a stranger wrote: fenced before a language model reads it, escaped on every screen."""


STRANGER = Stranger()

Untrusted = Annotated[str, STRANGER]
"""Text that a stranger wrote: data, never instructions (`text:untrusted`)."""


class Value(BaseModel):
    """Base of every value: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InstrumentKind(StrEnum):
    """What can be held or ordered."""

    STOCK = "stock"
    INDEX = "index"
    OPTION = "option"
    COMBO = "combo"


class Right(StrEnum):
    """An option's right."""

    CALL = "call"
    PUT = "put"


class Side(StrEnum):
    """What an order does; `short` opens or adds to a short position, `sell` only reduces a long one."""

    BUY = "buy"
    SELL = "sell"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """+1 where the order adds to the position, -1 where it takes from it."""
        return 1 if self is Side.BUY else -1


class OrderType(StrEnum):
    """How an order's price is found."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TRAILING = "trailing"


class TimeInForce(StrEnum):
    """How long an order works: one session, until cancelled, at the open, at the close."""

    DAY = "DAY"
    GTC = "GTC"
    OPG = "OPG"
    MOC = "MOC"


class Mode(StrEnum):
    """Where an order goes: the simulated exchange, a broker's own paper account, real money, or virtual then live."""

    VIRTUAL = "virtual"
    PAPER = "paper"
    LIVE = "live"
    PAPER_FIRST = "paper_first"


class Freshness(StrEnum):
    """How current a figure is, as its feed says; shown wherever the figure is shown."""

    REAL_TIME = "real-time"
    DELAYED = "delayed"
    END_OF_DAY = "end of day"
    SAMPLE = "sample"
    MODELLED = "modelled"


class Money(Value):
    """An amount in one currency (ISO 4217 code)."""

    amount: Finite
    currency: str = "USD"


class Instrument(Value):
    """What is traded, with the rules it trades under."""

    symbol: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    kind: InstrumentKind = InstrumentKind.STOCK
    currency: str = "USD"
    multiplier: Finite = Decimal(1)
    """Units of the underlying per contract; 1 for a stock."""
    tick: Finite = Decimal("0.01")
    """Smallest price step."""
    lot: Finite = Decimal(1)
    """Smallest quantity step."""
    exchange: str = "XNYS"
    """Market identifier code; names the session calendar."""
    sector: str = ""
    shortable: bool = True
    restricted: bool = False
    right: Right | None = None
    strike: Finite | None = None
    expiry: date | None = None
    exercise_style: str | None = None
    """american | european, for options."""
    settlement: str | None = None
    """physical | cash, for options and indices."""
    deliverable: str | None = None
    """The symbol delivered on exercise."""
    broker_ids: tuple[tuple[str, str], ...] = ()
    """(broker, its id) pairs, e.g. ("ibkr", "265598")."""


class Bar(Value):
    """One session of one symbol. Prices are split-adjusted; `adjusted_close` is also dividend-adjusted, kept apart."""

    symbol: str
    session: date
    open: Finite
    high: Finite
    low: Finite
    close: Finite
    volume: int
    adjusted_close: Finite | None = None


class CorporateAction(Value):
    """A split (`ratio` new shares for one old) or a dividend (`amount` a share), effective before `session` opens."""

    symbol: str
    session: date
    ratio: Finite | None = None
    amount: Finite | None = None


class NewsItem(Value):
    """One piece of news, in plain text."""

    id: str
    """The same wherever the same item of the same source is read again."""
    source: Untrusted
    published_at: Instant
    """When its source says it was published."""
    known_at: Instant
    """When it could first be known here; a read at t sees what was known by t."""
    symbols: tuple[str, ...] = ()
    """The tickers its source tagged it with; those that its text names are found where it is read."""
    headline: Untrusted
    body: Untrusted = ""
    sample: bool = False
    """Written for the sample market: fiction, and said to be wherever it shows."""


class Quote(Value):
    """A two-sided price with its source, its instant on the market clock, and how current it is."""

    symbol: str
    bid: Finite
    ask: Finite
    last: Finite
    at: Instant
    source: str
    freshness: Freshness
    volume: int = 0
    """Shares traded in the session the quote belongs to."""
    currency: str = "USD"

    @property
    def mid(self) -> Decimal:
        """Half way between bid and ask."""
        return (self.bid + self.ask) / 2


class Leg(Value):
    """One leg of a combo order."""

    action: Side
    ratio: int = Field(ge=1)
    right: Right | None = None
    strike: Finite | None = None
    expiry: date | None = None
    symbol: str


class Order(Value):
    """What a broker is asked to do. `client_order_id` is ours, unique for ever, and the key of send-once."""

    client_order_id: str
    account: str
    instrument: Instrument
    side: Side
    quantity: Finite
    order_type: OrderType
    limit_price: Finite | None = None
    stop_price: Finite | None = None
    trail: Finite | None = None
    """Trailing distance in the instrument's currency."""
    trail_percent: Finite | None = None
    """Trailing distance in per cent of the best price; exactly one of the two for a trailing order."""
    tif: TimeInForce = TimeInForce.DAY
    legs: tuple[Leg, ...] = ()
    take_profit: Finite | None = None
    """Attached target: placed by the broker as a reduce-only limit once the entry fills."""
    stop_loss: Finite | None = None
    """Attached stop: one-cancels-other with the target."""


class OrderState(StrEnum):
    """Where an order stands in a broker's books."""

    WORKING = "working"
    PARTLY_FILLED = "partly_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"

    @property
    def is_open(self) -> bool:
        """True while the order can still fill."""
        return self in (OrderState.WORKING, OrderState.PARTLY_FILLED)


class BrokerOrder(Value):
    """An order as the broker's books show it."""

    order: Order
    broker_order_id: str
    state: OrderState
    filled: Finite = Decimal(0)
    average_price: Finite | None = None
    reason: str = ""
    """Why it was rejected or cancelled, in the broker's words (untrusted text)."""
    submitted_at: Instant
    """On the market clock."""

    @property
    def remaining(self) -> Decimal:
        """Quantity that can still fill."""
        return self.order.quantity - self.filled if self.state.is_open else Decimal(0)


class Fill(Value):
    """One execution. `execution_id` is unique per broker; a fill is counted once by it."""

    execution_id: str
    client_order_id: str
    account: str
    symbol: str
    side: Side
    quantity: Finite
    price: Finite
    commission: Finite
    at: Instant
    """On the market clock."""


class Position(Value):
    """A holding: signed quantity and average cost a unit, commissions included."""

    account: str
    symbol: str
    quantity: Finite
    average_cost: Finite


class Account(Value):
    """A broker account's own statement of itself."""

    account: str
    mode: Mode
    currency: str = "USD"
    cash: Finite
    """Settled and unsettled cash, may be negative on margin."""
    market_at: Instant
    """The market clock this statement stands at."""


class Preview(Value):
    """What the broker expects an order to cost, before it is sent."""

    price: Finite
    """Expected average fill price, slippage included."""
    commission: Finite
    fill_now: Finite
    """Quantity expected to fill at once; the rest works or waits for the next session."""
