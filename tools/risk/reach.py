"""Where positions can end up: every fill of every subset of what works, with and without the order being judged.

An attached target or stop (`reduce_only`) is held by the broker and never grows or turns a position, so it widens
no range. For one instrument the set of reachable positions is then `[held - all sales, held + all buys]`, and
its ends are what every bound is measured at: a bound that holds at both ends holds at every fill prefix.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from brokers.vocabulary import Side
from tools.risk.prices import HUNDRED, reserve_price, usable_quote
from tools.risk.reasons import CannotValue
from tools.risk.state import ZERO, Draft, RiskState


def _orders(state: RiskState, symbol: str, draft: Draft | None) -> Iterator[tuple[bool, Decimal, Decimal]]:
    """(is a buy, units, reserved price) of each order of `symbol` that may fill, the draft last."""
    for order in state.working:
        if order.symbol == symbol and not order.reduce_only:
            yield order.side is Side.BUY, order.remaining, order.price
    if draft is not None and draft.symbol == symbol:
        yield draft.side is Side.BUY, draft.quantity, reserve_price(draft, state)


def resting(state: RiskState, symbol: str) -> tuple[Decimal, Decimal]:
    """Units of `symbol` that working orders may still buy, and may still sell."""
    orders = tuple(_orders(state, symbol, None))
    buys = sum((units for buys, units, _ in orders if buys), ZERO)
    return buys, sum((units for buys, units, _ in orders if not buys), ZERO)


def reach(state: RiskState, symbol: str, draft: Draft | None) -> tuple[Decimal, Decimal]:
    """Lowest and highest position in `symbol` that any fills can lead to, in signed units."""
    bought, sold = resting(state, symbol)
    if draft is not None and draft.symbol == symbol:
        if draft.side is Side.BUY:
            bought += draft.quantity
        else:
            sold += draft.quantity
    held = state.held(symbol)
    return held - sold, held + bought


def is_reducing(draft: Draft, state: RiskState) -> bool:
    """True when no fills of working orders and this one let |position| grow past what is held, or turn it.

    Such an order skips the controls that would only stand in the way of getting out. A working order on the
    other side makes it not reducing: together they could add. Needs no quote.
    """
    held = state.held(draft.symbol)
    low, high = reach(state, draft.symbol, draft)
    if not draft.quantity > 0:
        return False
    if draft.side is Side.SELL:
        return held > 0 and low >= 0 and high <= held
    return draft.side is Side.BUY and held < 0 and high <= 0 and low >= held


def unit_value(state: RiskState, symbol: str, draft: Draft | None) -> Decimal:
    """What a unit of `symbol` is counted at: the highest of mark, mid and the reserved prices. Raises `CannotValue`."""
    prices = [price for _, _, price in _orders(state, symbol, draft)]
    holding = state.holding(symbol)
    if holding is not None:
        if holding.price is None:
            raise CannotValue(f"{symbol} has no price", fix="Wait for a price, or close what cannot be priced.")
        prices.append(holding.price)
    if draft is not None and draft.symbol == symbol:
        prices.append(usable_quote(state).mid)
    return max(prices, default=ZERO)


def worst_value(state: RiskState, symbol: str, draft: Draft | None) -> Decimal:
    """The largest |position| in `symbol` that fills can lead to, valued. Raises `CannotValue`."""
    low, high = reach(state, symbol, draft)
    return max(abs(low), abs(high)) * unit_value(state, symbol, draft)


def symbols(state: RiskState, draft: Draft | None) -> tuple[str, ...]:
    """Every symbol held, working or asked for, each once."""
    names = [holding.symbol for holding in state.holdings]
    names += [order.symbol for order in state.working]
    if draft is not None:
        names.append(draft.symbol)
    return tuple(dict.fromkeys(names))


def worst_gross(state: RiskState, draft: Draft | None) -> Decimal:
    """Sum over instruments of the largest |position| value that fills can lead to. Raises `CannotValue`."""
    return sum((worst_value(state, symbol, draft) for symbol in symbols(state, draft)), ZERO)


def known_equity(state: RiskState) -> Decimal:
    """The account's equity. Raises `CannotValue` when a holding has no mark or nothing is left."""
    equity = state.equity
    if equity is None:
        raise CannotValue("equity is not known: a holding has no price", fix="Wait for a price.")
    if not equity > 0:
        raise CannotValue("equity is not above zero", fix="Add funds, or reduce positions.")
    return equity


def opening_funds(state: RiskState, symbol: str, draft: Draft | None) -> Decimal:
    """Own funds that orders of `symbol` would tie up by opening or adding, cost buffer and margin rate applied.

    Closing frees funds only once it has filled, so it counts as nothing. Buys and sales of one symbol never both
    open at once; the dearer side is what is reserved. Raises `CannotValue` for a draft without a usable quote.
    """
    orders = tuple(_orders(state, symbol, draft))
    held = state.held(symbol)
    limits = state.limits
    dearest = max(
        _opening_value([(units, price) for buys, units, price in orders if buys], max(-held, ZERO)),
        _opening_value([(units, price) for buys, units, price in orders if not buys], max(held, ZERO)),
    )
    return dearest * (HUNDRED + limits.cost_buffer_percent) / HUNDRED * limits.initial_margin_percent / HUNDRED


def _opening_value(orders: list[tuple[Decimal, Decimal]], closing: Decimal) -> Decimal:
    """Value of what is left of `orders` (units, price) when the cheapest of them have closed `closing` units first."""
    value = ZERO
    for units, price in sorted(orders, key=lambda order: order[1]):
        closed = min(units, closing)
        closing -= closed
        value += (units - closed) * price
    return value


def funds_in_use(state: RiskState) -> Decimal:
    """Own funds tied up by holdings at their marks and by working orders that would add. Raises `CannotValue`."""
    gross = state.gross_exposure
    if gross is None:
        raise CannotValue("margin is not known: a holding has no price", fix="Wait for a price.")
    reserved = sum((opening_funds(state, symbol, None) for symbol in symbols(state, None)), ZERO)
    return gross * state.limits.initial_margin_percent / HUNDRED + reserved
