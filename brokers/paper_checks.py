"""What the simulated exchange refuses to take: its own checks, independent of the assistant's risk gate.

`reasons(order, situation)` yields sentences, most basic first; none means the order is accepted. The first of them
is what the books record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from brokers.paper_books import OrderRow
from brokers.paper_costs import CostModel
from brokers.paper_matching import marketable, trailing_level
from brokers.vocabulary import Bar, Instrument, InstrumentKind, Order, OrderType, Position, Quote, Side, TimeInForce

CHILD_SUFFIXES = (":target", ":stop")
_LARGEST = Decimal(10) ** 9
_SMALLEST = Decimal(10) ** -6
_HUNDRED = Decimal(100)
_PRICES: dict[OrderType, frozenset[str]] = {
    OrderType.MARKET: frozenset(),
    OrderType.LIMIT: frozenset({"limit_price"}),
    OrderType.STOP: frozenset({"stop_price"}),
    OrderType.STOP_LIMIT: frozenset({"limit_price", "stop_price"}),
    OrderType.TRAILING: frozenset({"trail"}),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What the exchange knows as an order arrives."""

    instrument: Instrument | None
    bar: Bar | None
    """The bar of the account's session; None where the symbol did not trade."""
    quote: Quote | None
    currency: str
    position: Position
    free: Decimal
    """Equity that neither a position nor an open order ties up."""
    open_orders: Sequence[OrderRow]
    """The account's open orders, in any symbol."""
    costs: CostModel


def reasons(order: Order, now: Situation) -> Iterator[str]:
    """Why `order` cannot be taken, as sentences; the money is looked at only when everything else is in order."""
    found = False
    for check in (_market, _quantity, _prices, _attached, _direction):
        for reason in check(order, now):
            found = True
            yield reason
        if found:
            return
    yield from _buying_power(order, now)


def opening(side: Side, quantity: Decimal, held: Decimal) -> Decimal:
    """The part of `quantity` that opens or adds, the rest closing what is held the other way."""
    against = -held if side is Side.BUY else held
    return quantity - min(max(against, Decimal(0)), quantity)


def _market(order: Order, now: Situation) -> Iterator[str]:
    symbol = order.instrument.symbol
    if now.instrument is None:
        yield f"{symbol} is not known here."
    elif now.instrument.kind is not InstrumentKind.STOCK or order.legs:
        yield f"Only single stocks trade here, not {symbol} as {now.instrument.kind.value}."
    elif now.instrument.currency != now.currency:
        yield f"{symbol} trades in {now.instrument.currency}, the account is in {now.currency}."
    elif now.bar is None or now.quote is None:
        yield f"{symbol} did not trade in this session: there is no price."


def _quantity(order: Order, now: Situation) -> Iterator[str]:
    if now.instrument is None:
        return
    if order.quantity <= 0:
        yield "The quantity must be above zero."
    elif order.quantity > _LARGEST:
        yield f"The quantity is above the exchange's largest, {_LARGEST:f}."
    elif order.quantity < _SMALLEST or order.quantity % now.instrument.lot:
        yield f"The quantity is not a multiple of the lot, {now.instrument.lot}."


def _prices(order: Order, now: Situation) -> Iterator[str]:
    needed = _PRICES[order.order_type]
    trails = [value for value in (order.trail, order.trail_percent) if value is not None]
    named = (("limit_price", order.limit_price), ("stop_price", order.stop_price), ("trail", next(iter(trails), None)))
    given = frozenset(name for name, value in named if value is not None)
    if given != needed or len(trails) > 1:
        wanted = " and ".join(sorted(needed)).replace("_", " ") or "no price"
        yield f"A {order.order_type.value} order takes {wanted}, nothing else."
    if order.tif in (TimeInForce.OPG, TimeInForce.MOC) and order.order_type not in (OrderType.MARKET, OrderType.LIMIT):
        yield f"{order.tif.value} is for market and limit orders."
    if order.trail_percent is not None and not _SMALLEST <= order.trail_percent < _HUNDRED:
        yield "The trailing distance must lie between 0 and 100 per cent."
    for name in ("limit_price", "stop_price", "trail", "take_profit", "stop_loss"):
        value: Decimal | None = getattr(order, name)
        if value is None or now.instrument is None:
            continue
        words = name.replace("_", " ")
        if not _SMALLEST <= value <= _LARGEST:
            yield f"The {words} is out of range."
        elif value % now.instrument.tick:
            yield f"The {words} {value:f} is not a multiple of the tick, {now.instrument.tick}."


def _attached(order: Order, now: Situation) -> Iterator[str]:
    if order.client_order_id.endswith(CHILD_SUFFIXES):
        yield "An order id may not end like that of an attached target or stop."
    if (order.take_profit is None and order.stop_loss is None) or now.quote is None:
        return
    if order.side is Side.SELL or opening(order.side, order.quantity, now.position.quantity) != order.quantity:
        yield "A target or stop can be attached only to an order that opens or adds to a position."
    entry = order.limit_price or order.stop_price or now.quote.mid
    if order.take_profit is not None and order.side.sign * (order.take_profit - entry) <= 0:
        yield "The attached target lies on the losing side of the entry."
    if order.stop_loss is not None and order.side.sign * (order.stop_loss - entry) >= 0:
        yield "The attached stop lies on the winning side of the entry."


def _direction(order: Order, now: Situation) -> Iterator[str]:
    held, symbol = now.position.quantity, order.instrument.symbol
    mine = [row for row in now.open_orders if row.order.instrument.symbol == symbol and row.parent is None]
    if order.side is Side.SELL:
        committed = sum((row.remaining for row in mine if row.order.side is Side.SELL), Decimal(0))
        free = max(held, Decimal(0)) - committed
        if order.quantity > free:
            also = f" ({committed:f} more are in open sell orders)" if committed else ""
            yield f"The account has {max(free, Decimal(0)):f} {symbol} to sell{also}, not {order.quantity:f}."
    elif order.side is Side.SHORT:
        if held > 0:
            yield f"The account holds {held:f} {symbol}: sell them before selling short."
        if now.instrument is not None and not now.instrument.shortable:
            yield f"{symbol} cannot be sold short."


def _buying_power(order: Order, now: Situation) -> Iterator[str]:
    if now.quote is None or now.instrument is None or now.bar is None:
        return
    new = opening(order.side, order.quantity, now.position.quantity)
    if not new:
        return
    price = expected_price(order, now.quote, new, now.bar.volume, now.instrument.tick, now.costs)
    needed = now.costs.requirement(order.side, new, price)
    if needed > now.free:
        free = max(now.free, Decimal(0))
        yield f"Buying power: the order needs {needed:.2f} {now.currency}, {free:.2f} are free."


def expected_price(
    order: Order, quote: Quote, quantity: Decimal, volume: int, tick: Decimal, costs: CostModel
) -> Decimal:
    """What a unit of `quantity` should cost: the slipped quote where it fills at once, else the order's own price."""
    at_once = marketable(order, quote.bid, quote.ask)
    if order.limit_price is not None and at_once is None:
        return order.limit_price
    reference = order.stop_price or (quote.ask if order.side is Side.BUY else quote.bid)
    if order.order_type is OrderType.TRAILING:
        reference = trailing_level(order, quote.last, tick)
    return costs.price(order.side, at_once or reference, quantity, volume, tick, bound=order.limit_price)
