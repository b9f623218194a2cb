"""How a resting order meets one daily bar: pure functions from an order's terms and a bar to a price, or none.

A bar tells four prices and not their order. What is certain is used first: the open comes first, the close last.
Between them there are two plain paths, open-high-low-close and open-low-high-close, and the one that is worse for the
person is taken:

| order | at the open | inside the bar |
|---|---|---|
| market (a remainder), OPG | the open | - |
| limit | the open, where it is at the limit or better | the limit, where the bar touches it |
| stop | the open, where it gapped through | the stop, where the bar touches it |
| stop-limit | as the stop, bound by its limit | as the stop; a limit beyond the stop waits for the close |
| trailing | the open, where it gapped through | the old level where the adverse end touches it; else the level |
|  |  | that the favourable end drags along, where the bar comes back to it |
| MOC | - | - (the close) |

A target and a stop that the same bar touches: the stop. An order that came to life inside the bar (the target of an
entry filled there) cannot count on the favourable end, which may have come before it: only the close is sure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from brokers.paper_costs import to_step
from brokers.vocabulary import Bar, Order, OrderType, Side, TimeInForce

_HUNDRED = Decimal(100)


class Phase(Enum):
    """The three moments of a daily bar."""

    OPEN = "open"
    INSIDE = "inside"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Working:
    """What matching remembers of an order between bars."""

    triggered: bool = False
    """A stop that was reached: the order is a market order (or a limit order) from then on."""
    best: Decimal | None = None
    """The best price a trailing order has seen: highest for a sell, lowest for a buy."""


@dataclass(frozen=True, slots=True)
class Match:
    """What one phase of a bar does to an order: where `price` is None nothing fills."""

    working: Working
    price: Decimal | None = None
    slips: bool = False
    """True where the order takes liquidity and pays slippage on top of `price`."""


def marketable(order: Order, bid: Decimal, ask: Decimal) -> Decimal | None:
    """The side of the quote that fills `order` at once, or None where it has to rest."""
    reference = ask if order.side is Side.BUY else bid
    if order.tif in (TimeInForce.OPG, TimeInForce.MOC):
        return None
    if order.order_type is OrderType.MARKET:
        return reference
    if order.order_type is OrderType.LIMIT and order.limit_price is not None:
        return reference if _reaches(order.side, order.limit_price, reference) else None
    return None


def trailing_level(order: Order, best: Decimal, tick: Decimal) -> Decimal:
    """Where a trailing order stands when the best price is `best`, to the tick, away from the market."""
    distance = order.trail if order.trail is not None else best * (order.trail_percent or Decimal(0)) / _HUNDRED
    return to_step(best + order.side.sign * distance, tick, up=order.side is Side.BUY)


def match(order: Order, working: Working, bar: Bar, phase: Phase, tick: Decimal, *, late: bool = False) -> Match:
    """What `phase` of `bar` does to `order`.

    Args:
        order: The order in today's terms (after splits and dividends).
        working: What earlier bars left.
        bar: The session's bar; prices a unit.
        phase: Which moment of the bar.
        tick: The price step, for trailing levels.
        late: The order came to life inside this very bar.
    """
    if order.tif is TimeInForce.MOC:
        return _auction(order, working, bar.close) if phase is Phase.CLOSE else Match(working)
    if phase is Phase.CLOSE or (order.tif is TimeInForce.OPG and phase is not Phase.OPEN):
        return Match(working)
    if order.order_type is OrderType.TRAILING and not working.triggered:
        return _trailing(order, working, bar, phase, tick)
    if order.order_type in (OrderType.STOP, OrderType.STOP_LIMIT) and not working.triggered:
        return _stop(order, working, bar, phase)
    if order.limit_price is not None:
        return _limit(order, working, bar, phase, late=late)
    # A market order, or a stop that was reached before this bar: it takes the first price there is.
    return Match(working, bar.open, slips=True) if phase is Phase.OPEN else Match(working)


def _reaches(side: Side, limit: Decimal, price: Decimal) -> bool:
    """True where `price` is at the limit or better for `side`."""
    return side.sign * (limit - price) >= 0


def _passes(side: Side, stop: Decimal, price: Decimal) -> bool:
    """True where `price` has reached or gone through the stop of `side`."""
    return side.sign * (price - stop) >= 0


def _ends(side: Side, bar: Bar) -> tuple[Decimal, Decimal]:
    """The bar's adverse and favourable end for someone who has yet to trade `side`."""
    return (bar.high, bar.low) if side is Side.BUY else (bar.low, bar.high)


def _auction(order: Order, working: Working, price: Decimal) -> Match:
    if order.limit_price is None:
        return Match(working, price, slips=True)
    return Match(working, price) if _reaches(order.side, order.limit_price, price) else Match(working)


def _limit(order: Order, working: Working, bar: Bar, phase: Phase, *, late: bool) -> Match:
    limit = order.limit_price
    if limit is None:
        return Match(working)
    if phase is Phase.OPEN:
        return Match(working, bar.open) if _reaches(order.side, limit, bar.open) else Match(working)
    _, favourable = _ends(order.side, bar)
    return Match(working, limit) if _reaches(order.side, limit, bar.close if late else favourable) else Match(working)


def _stop(order: Order, working: Working, bar: Bar, phase: Phase) -> Match:
    stop = order.stop_price
    if stop is None:
        return Match(working)
    adverse, _ = _ends(order.side, bar)
    met = bar.open if phase is Phase.OPEN else adverse
    if not _passes(order.side, stop, met):
        return Match(working)
    reached = replace(working, triggered=True)
    at = bar.open if phase is Phase.OPEN else stop
    if order.limit_price is None or _reaches(order.side, order.limit_price, at):
        return Match(reached, at, slips=True)
    # The limit lies on the far side of the price that triggered. After the open the rest of the bar is still to come
    # and the inside phase looks at it; after a trigger inside the bar only the close is sure to come later.
    if phase is Phase.INSIDE and _reaches(order.side, order.limit_price, bar.close):
        return Match(reached, order.limit_price)
    return Match(reached)


def _trailing(order: Order, working: Working, bar: Bar, phase: Phase, tick: Decimal) -> Match:
    best = working.best if working.best is not None else bar.open
    better = min if order.side is Side.BUY else max
    level = trailing_level(order, best, tick)
    if phase is Phase.OPEN:
        if _passes(order.side, level, bar.open):
            return Match(replace(working, triggered=True), bar.open, slips=True)
        return Match(replace(working, best=better(best, bar.open)))
    adverse, favourable = _ends(order.side, bar)
    if _passes(order.side, level, adverse):
        return Match(replace(working, triggered=True), level, slips=True)
    best = better(best, favourable)
    dragged = trailing_level(order, best, tick)
    if _passes(order.side, dragged, adverse):
        return Match(Working(triggered=True, best=best), dragged, slips=True)
    return Match(replace(working, best=best))
