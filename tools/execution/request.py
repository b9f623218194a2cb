"""What a person (through a tool call) asks to order, before it is sized, priced and judged."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import Literal

from brokers.vocabulary import BadInput, Finite, Instrument, OrderType, Side, TimeInForce, Value

MOST_UNITS = Decimal(10) ** 15
"""Beyond this a quantity is no order but a slip, and is not even judged."""

RECOMMENDED = "recommended"
"""As a quantity: the size the risk rules recommend."""


class OrderRequest(Value):
    """An order in the person's terms. Exactly one way of saying how much, or none with `RECOMMENDED` as default."""

    symbol: str
    side: Side | Literal["close"]
    quantity: str | None = None
    """Whole units ("40"), a share of the position ("all", "half", "25%"), or "recommended"."""
    notional: Finite | None = None
    """Money to spend, in the account's currency."""
    percent_of_equity: Finite | None = None
    order_type: OrderType = OrderType.MARKET
    limit_price: Finite | None = None
    stop_price: Finite | None = None
    trail: Finite | None = None
    trail_percent: Finite | None = None
    tif: TimeInForce = TimeInForce.DAY
    take_profit: Finite | None = None
    stop_loss: Finite | None = None


def units(
    request: OrderRequest, instrument: Instrument | None, held: Decimal, price: Decimal | None, equity: Decimal | None
) -> Decimal | None:
    """How many units the request means; None means the recommended size.

    Args:
        request: what was asked.
        instrument: for its lot; one unit where unknown.
        held: signed units held now.
        price: what a unit costs now, for amounts of money.
        equity: the account's equity, for shares of it.

    Raises:
        BadInput: the quantity cannot be read, or there is nothing to take a share of.
    """
    lot = instrument.lot if instrument is not None else Decimal(1)
    try:
        return _units(request, lot, held, price, equity)
    except ArithmeticError as error:
        raise BadInput("That amount is beyond any order.", fix="Say a smaller one.") from error


def _units(
    request: OrderRequest, lot: Decimal, held: Decimal, price: Decimal | None, equity: Decimal | None
) -> Decimal | None:
    if request.notional is not None or request.percent_of_equity is not None:
        return _by_money(request, price, equity, lot)
    said = (request.quantity or RECOMMENDED).strip().lower()
    if said == RECOMMENDED and request.side != "close":
        return None
    if said in ("all", RECOMMENDED):
        return _share(Decimal(1), request.symbol, held, lot)
    if said == "half":
        return _share(Decimal("0.5"), request.symbol, held, lot)
    if said.endswith("%"):
        return _share(_number(said[:-1]) / 100, request.symbol, held, lot)
    return _number(said)


def _number(said: str) -> Decimal:
    # isascii: Decimal reads the digits of any script, a person's screen may not show which.
    try:
        number = Decimal(said.replace(",", "")) if said.isascii() else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > MOST_UNITS:
        raise BadInput(f"“{said[:40]}” is not a quantity.", fix="Say a whole number, such as 40, or half, or 25%.")
    return number


def _share(share: Decimal, symbol: str, held: Decimal, lot: Decimal) -> Decimal:
    if held == 0:
        raise BadInput(f"There is no position in {symbol} to take a share of.", fix="Say how many to order.")
    if not 0 < share <= 1:
        raise BadInput("A share of a position is more than 0 and at most 100 %.")
    return max(lot, (abs(held) * share / lot).to_integral_value(ROUND_DOWN) * lot)


def _by_money(request: OrderRequest, price: Decimal | None, equity: Decimal | None, lot: Decimal) -> Decimal:
    money = request.notional
    if money is None and equity is not None and request.percent_of_equity is not None:
        money = equity * request.percent_of_equity / 100
    if money is None or price is None or price <= 0:
        raise BadInput(f"{request.symbol} has no price to size an amount of money with.", fix="Say how many to order.")
    wanted = (money / price / lot).to_integral_value(ROUND_DOWN) * lot
    if wanted > MOST_UNITS:
        raise BadInput("That amount is beyond any order.", fix="Say a smaller one.")
    if wanted <= 0:
        raise BadInput(f"{money:f} does not buy one {request.symbol} at {price:f}.", fix="Name a larger amount.")
    return wanted
