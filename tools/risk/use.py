"""How much of each limit is used now."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, localcontext

from brokers.vocabulary import Value
from tools.risk.checks_order import MINUTE
from tools.risk.gate import CONTEXT
from tools.risk.prices import HUNDRED
from tools.risk.reach import funds_in_use, known_equity, symbols, worst_gross, worst_value
from tools.risk.reasons import CannotValue
from tools.risk.state import ZERO, RiskState


class LimitUse(Value):
    """One limit: what it allows and, where it is not a bound on a single order, how much of that is used."""

    field: str
    """The name in the limits document."""
    text: str
    used: Decimal | None
    """None for a bound on single orders, and where it cannot be computed (`note` then says why)."""
    allowed: Decimal
    percent: Decimal | None
    """Used as a per cent of allowed; None where nothing is used or allowed."""
    unit: str
    note: str = ""


class LimitsUse(Value):
    """Every numeric limit of an account, under the version of its document."""

    version: int
    rows: tuple[LimitUse, ...]


def limits_use(state: RiskState) -> LimitsUse:
    """The table of limits, working orders counted as filled. Never raises: what is not known is None with a note."""
    with localcontext(CONTEXT):
        return LimitsUse(version=state.limits.version, rows=(*_account_rows(state), *_order_rows(state)))


def _account_rows(state: RiskState) -> tuple[LimitUse, ...]:
    limits, equity_share = state.limits, "% of equity"
    lately = Decimal(sum(1 for order in state.recent if state.wall_now - order.at < MINUTE))
    rate = _row("max_orders_per_minute", "orders in the last minute", lately, limits.max_orders_per_minute, "orders")
    loss = _row(
        "max_daily_loss_percent", "loss today", _loss_percent(state), limits.max_daily_loss_percent, equity_share
    )
    try:
        equity = known_equity(state)
        values = {symbol: worst_value(state, symbol, None) for symbol in symbols(state)}
        largest = max(values, key=lambda symbol: values[symbol], default="")
        position, gross = values.get(largest, ZERO) / equity * HUNDRED, worst_gross(state, None) / equity * HUNDRED
        funds, note = funds_in_use(state) / equity * HUNDRED, ""
    except CannotValue as error:
        largest, position, gross, funds, note = "", None, None, None, str(error)
    named = f"largest position ({largest})" if largest else "largest position"
    return (
        _row("max_position_percent", named, position, limits.max_position_percent, equity_share, note),
        _row(
            "max_gross_exposure_percent", "gross exposure", gross, limits.max_gross_exposure_percent, equity_share, note
        ),
        _row("initial_margin_percent", "own funds in use", funds, HUNDRED, equity_share, note),
        loss,
        rate,
    )


def _order_rows(state: RiskState) -> tuple[LimitUse, ...]:
    """The bounds on a single order, which nothing uses up."""
    limits = state.limits
    return (
        _row("max_order_notional", "value of one order", None, limits.max_order_notional, state.currency),
        _row("max_order_quantity", "quantity of one order", None, limits.max_order_quantity, "units"),
        _row("risk_per_trade_percent", "risk of one trade", None, limits.risk_per_trade_percent, "% of equity"),
        _row("price_collar_percent", "price collar", None, limits.price_collar_percent, "% of the mid"),
        _row("passive_collar_percent", "resting price collar", None, limits.passive_collar_percent, "% of the mid"),
        _row("cost_buffer_percent", "reserve for costs", None, limits.cost_buffer_percent, "% of order value"),
        _row("max_quote_age", "age of a quote", None, _seconds(limits.max_quote_age), "s"),
        _row("duplicate_window", "time between equal orders", None, _seconds(limits.duplicate_window), "s"),
    )


def _loss_percent(state: RiskState) -> Decimal | None:
    """Loss since the session began in per cent of its first equity, zero in profit; None where it is not known."""
    start, result = state.day_start_equity, state.day_result
    if start is None or result is None or start <= 0:
        return None
    return max(-result, ZERO) / start * HUNDRED


def _seconds(span: timedelta) -> Decimal:
    return Decimal(str(span.total_seconds()))


def _row(field: str, text: str, used: Decimal | None, allowed: Decimal | int, unit: str, note: str = "") -> LimitUse:
    allowed = Decimal(allowed)
    percent = (used / allowed * HUNDRED).quantize(Decimal("0.1")) if used is not None and allowed > 0 else None
    shown = None if used is None else used.quantize(Decimal("0.0001"))
    return LimitUse(field=field, text=text, used=shown, allowed=allowed, percent=percent, unit=unit, note=note)
