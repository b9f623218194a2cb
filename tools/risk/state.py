"""What the gate judges: a draft order, and the account and market as they stand at one instant.

Everything here is a frozen value, built once from the books by `tools/portfolio` and read by every control.
Money is in the account's base currency, quantities are signed units (short is negative), instants are aware UTC.
The gate runs on two clocks: prices age on the *market clock*, duplicates and order rate on the *wall clock*.
"""

from __future__ import annotations

from decimal import Decimal

from brokers.vocabulary import Finite, Instant, Instrument, Mode, OrderType, Quote, Side, TimeInForce, Value
from tools.risk.limits import Limits

ZERO = Decimal(0)


class Draft(Value):
    """An order somebody asks about: not yet a ticket, perhaps not even sensible. The gate decides."""

    account: str
    mode: Mode
    instrument: Instrument | None
    """None when the symbol is not known; the gate then refuses."""
    symbol: str
    side: Side
    quantity: Finite
    order_type: OrderType = OrderType.MARKET
    limit_price: Finite | None = None
    stop_price: Finite | None = None
    trail: Finite | None = None
    """Trailing distance in the instrument's currency."""
    trail_percent: Finite | None = None
    """Trailing distance in per cent of the best price."""
    tif: TimeInForce = TimeInForce.DAY
    take_profit: Finite | None = None
    """Attached target, reduce-only once the entry fills."""
    stop_loss: Finite | None = None
    """Attached stop, one cancels other with the target."""

    def sized(self, quantity: Decimal) -> Draft:
        """The same order for another quantity."""
        return self.model_copy(update={"quantity": quantity})


class Holding(Value):
    """A position with its mark."""

    symbol: str
    quantity: Finite
    average_cost: Finite
    price: Finite | None
    """The mark; None when the market has no price for it, which keeps the gate closed for orders that add risk."""
    price_at: Instant | None
    """When the mark was known, on the market clock."""

    @property
    def value(self) -> Decimal | None:
        """Signed market value, or None without a mark."""
        return None if self.price is None else self.quantity * self.price


class Working(Value):
    """An order that may still fill: working, in flight or unknown. Its capital stays reserved."""

    order_id: str
    symbol: str
    side: Side
    remaining: Finite
    """Units that can still fill, never negative."""
    price: Finite
    """What a unit is reserved at: its limit, else its stop, else the quote it was sent on."""
    reduce_only: bool = False
    """True for an attached target or stop: the broker never lets it grow or turn the position."""


class RecentOrder(Value):
    """An order a person released lately (not a mere proposal), for the duplicate and rate controls.

    Whoever builds the state leaves out the ticket being judged.
    """

    at: Instant
    """On the wall clock."""
    symbol: str
    side: Side
    quantity: Finite
    order_type: OrderType
    limit_price: Finite | None
    stop_price: Finite | None
    ticket_id: str


class RiskState(Value):
    """One account and the market around one draft, at one instant."""

    person: str
    account: str
    mode: Mode
    currency: str = "USD"
    cash: Finite
    """Settled and unsettled cash, short-sale proceeds included; negative on margin."""
    day_start_equity: Finite | None
    """Equity at the start of the market clock's session; None when it is not known."""
    holdings: tuple[Holding, ...] = ()
    working: tuple[Working, ...] = ()
    recent: tuple[RecentOrder, ...] = ()
    quote: Quote | None
    """The quote of the draft's symbol."""
    market_now: Instant
    wall_now: Instant
    limits: Limits
    reconciled: bool
    """True when ledger and broker agree and the broker's books could be read whole."""
    halted: bool = False
    """True while the person has stopped all but reducing orders."""
    average_volume: Finite | None = None
    """Average daily volume of the draft's symbol, in units; None when it is not known."""

    def holding(self, symbol: str) -> Holding | None:
        """The position in `symbol`, or None."""
        for holding in self.holdings:
            if holding.symbol == symbol:
                return holding
        return None

    def held(self, symbol: str) -> Decimal:
        """Signed units of `symbol` held; zero when there is no position."""
        holding = self.holding(symbol)
        return ZERO if holding is None else holding.quantity

    @property
    def values(self) -> tuple[Decimal, ...] | None:
        """Signed market value of each holding in order, or None when one of them has no mark."""
        values: list[Decimal] = []
        for holding in self.holdings:
            if holding.price is None:
                return None
            values.append(holding.quantity * holding.price)
        return tuple(values)

    @property
    def equity(self) -> Decimal | None:
        """Cash and marked holdings, open profit and loss included; None when a holding has no mark."""
        values = self.values
        return None if values is None else self.cash + sum(values, ZERO)

    @property
    def gross_exposure(self) -> Decimal | None:
        """Sum of the absolute values of what is held now; working orders are not in it."""
        values = self.values
        return None if values is None else sum((abs(value) for value in values), ZERO)

    @property
    def net_exposure(self) -> Decimal | None:
        """Long value less short value of what is held now."""
        values = self.values
        return None if values is None else sum(values, ZERO)

    @property
    def day_result(self) -> Decimal | None:
        """Equity now less equity at the start of the session; None where either is not known."""
        equity = self.equity
        if equity is None or self.day_start_equity is None:
            return None
        return equity - self.day_start_equity
