"""Where positions can end up: every fill of every subset of what works, with and without the order being judged.

An attached target or stop (`reduce_only`) is held by the broker and never grows or turns a position, so it widens
no range. For one instrument the set of reachable positions is then `[held - all sales, held + all buys]`, and
its ends are what every bound is measured at: a bound that holds at both ends holds at every fill prefix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from brokers.vocabulary import Side
from tools.risk.prices import HUNDRED, reserve_price, usable_quote
from tools.risk.reasons import CannotValue
from tools.risk.state import ZERO, Draft, Holding, RiskState

_Resting = tuple[bool, Decimal, Decimal]
"""An order that may fill: whether it buys, how many units, at what reserved price."""


def _orders(state: RiskState, symbol: str, draft: Draft | None) -> Iterator[_Resting]:
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


def reach(draft: Draft, state: RiskState) -> tuple[Decimal, Decimal]:
    """Lowest and highest position in the draft's symbol that any fills can lead to, in signed units."""
    bought, sold = resting(state, draft.symbol)
    if draft.side is Side.BUY:
        bought += draft.quantity
    else:
        sold += draft.quantity
    held = state.held(draft.symbol)
    return held - sold, held + bought


def is_reducing(draft: Draft, state: RiskState) -> bool:
    """True when no fills of working orders and this one let |position| grow past what is held, or turn it.

    Such an order skips the controls that would only stand in the way of getting out. A working order on the
    other side makes it not reducing: together they could add. Needs no quote.
    """
    held = state.held(draft.symbol)
    low, high = reach(draft, state)
    if not draft.quantity > 0:
        return False
    if draft.side is Side.SELL:
        return held > 0 and low >= 0 and high <= held
    return draft.side is Side.BUY and held < 0 and high <= 0 and low >= held


def worst_value(state: RiskState, symbol: str, draft: Draft | None) -> Decimal:
    """The largest |position| in `symbol` that fills can lead to, valued. Raises `CannotValue`."""
    return _worst(state.holding(symbol), tuple(_orders(state, symbol, draft)), _mid(state, symbol, draft))


def _mid(state: RiskState, symbol: str, draft: Draft | None) -> Decimal:
    """The mid of the quote for the draft's own symbol, else zero. Raises `CannotValue`."""
    return usable_quote(state).mid if draft is not None and draft.symbol == symbol else ZERO


def _worst(holding: Holding | None, orders: Sequence[_Resting], mid: Decimal) -> Decimal:
    """The largest |position| of one symbol at the highest of its mark, its mid and its orders' prices."""
    held = ZERO if holding is None else holding.quantity
    low, high, price = held, held, mid
    if holding is not None:
        if holding.price is None:
            raise CannotValue(f"{holding.symbol} has no price", fix="Wait for a price, or close what cannot be priced.")
        price = max(price, holding.price)
    if not orders:
        return abs(held) * price
    for buys, units, reserved in orders:
        low, high = (low, high + units) if buys else (low - units, high)
        price = max(price, reserved)
    return max(-low, high) * price


def worst_gross(state: RiskState, draft: Draft | None) -> Decimal:
    """Sum over instruments of the largest |position| value that fills can lead to. Raises `CannotValue`."""
    grouped = _grouped(state, draft)
    total = ZERO
    for holding in state.holdings:
        orders = grouped.pop(holding.symbol, ())
        total += _worst(holding, orders, _mid(state, holding.symbol, draft))
    for symbol, orders in grouped.items():
        total += _worst(None, orders, _mid(state, symbol, draft))
    return total


def _grouped(state: RiskState, draft: Draft | None) -> dict[str, list[_Resting]]:
    """Every order that may fill, by symbol, in one pass over the book."""
    grouped: dict[str, list[_Resting]] = {}
    for order in state.working:
        if not order.reduce_only:
            entry = (order.side is Side.BUY, order.remaining, order.price)
            grouped.setdefault(order.symbol, []).append(entry)
    if draft is not None:
        entry = (draft.side is Side.BUY, draft.quantity, reserve_price(draft, state))
        grouped.setdefault(draft.symbol, []).append(entry)
    return grouped


def symbols(state: RiskState) -> tuple[str, ...]:
    """Every symbol held or working, each once."""
    names = [holding.symbol for holding in state.holdings]
    return tuple(dict.fromkeys([*names, *(order.symbol for order in state.working)]))


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
    return _opening(state, state.held(symbol), tuple(_orders(state, symbol, draft)))


def _opening(state: RiskState, held: Decimal, orders: Sequence[_Resting]) -> Decimal:
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
    working = _grouped(state, None).items()
    reserved = sum((_opening(state, state.held(symbol), orders) for symbol, orders in working), ZERO)
    return gross * state.limits.initial_margin_percent / HUNDRED + reserved
