"""Controls on size and money, each measured with everything that works, is in flight or is unknown counted as filled.

Each is a pure function `(draft, state) -> Reason | None`; None passes. They may raise `CannotValue` or an arithmetic
error, which the gate reads as a refusal.
"""

from __future__ import annotations

from decimal import Decimal

from tools.risk.prices import HUNDRED, reserve_price
from tools.risk.reach import funds_in_use, known_equity, opening_funds, worst_gross, worst_value
from tools.risk.reasons import CannotValue, Reason, over, plain, shown, spoken
from tools.risk.state import Draft, RiskState


def order_notional(draft: Draft, state: RiskState) -> Reason | None:
    """One order's value, at the price its capital is reserved at, stays within the limit.

    Source: ESMA RTS 6 Art. 15(1)(b) (maximum order values); SEC 15c3-5(c)(1)(ii) (size parameters).
    """
    value, limit = draft.quantity * reserve_price(draft, state), state.limits.max_order_notional
    return over("order_notional", "order value", value, limit, state.currency) if value > limit else None


def order_quantity(draft: Draft, state: RiskState) -> Reason | None:
    """One order's quantity stays within the limit.

    Source: ESMA RTS 6 Art. 15(1)(c) (maximum order volumes); SEC 15c3-5(c)(1)(ii) (size parameters).
    """
    limit = state.limits.max_order_quantity
    return over("order_quantity", "quantity", draft.quantity, limit, "units") if draft.quantity > limit else None


def position_percent(draft: Draft, state: RiskState) -> Reason | None:
    """The largest |position| that fills can lead to stays within its share of equity.

    Source: ESMA RTS 6 Art. 15(4) (market risk limits); SEC 15c3-5(c)(1)(i) (capital thresholds).
    """
    percent = worst_value(state, draft.symbol, draft) / known_equity(state) * HUNDRED
    limit = state.limits.max_position_percent
    return over("position_percent", "position", percent, limit, "% of equity") if percent > limit else None


def gross_exposure(draft: Draft, state: RiskState) -> Reason | None:
    """The sum of the largest |positions| that fills can lead to stays within its share of equity.

    Source: SEC 15c3-5(c)(1)(i) (credit and capital thresholds in the aggregate); ESMA RTS 6 Art. 15(4).
    """
    percent = worst_gross(state, draft) / known_equity(state) * HUNDRED
    limit = state.limits.max_gross_exposure_percent
    return over("gross_exposure", "gross exposure", percent, limit, "% of equity") if percent > limit else None


def buying_power(draft: Draft, state: RiskState) -> Reason | None:
    """What the order would tie up by opening or adding is free, after holdings and everything that works.

    An order that only closes ties up nothing. Source: SEC 15c3-5(c)(1)(i) (credit thresholds); Regulation T (220.12).
    """
    needed = opening_funds(state, draft.symbol, draft) - opening_funds(state, draft.symbol, None)
    if needed <= 0:
        return None
    free = known_equity(state) - funds_in_use(state)
    if needed <= free:
        return None
    text = f"needs {spoken(shown(needed, free))} {state.currency} > {spoken(shown(free, needed))} {state.currency} free"
    return Reason(control="buying_power", text=text, value=plain(needed), limit=plain(free), unit=state.currency)


def daily_loss(draft: Draft, state: RiskState) -> Reason | None:
    """Equity, open positions at their marks, has not lost more than allowed since the session began.

    Source: SEC 15c3-5(c)(1)(i) (capital thresholds); LEAN's maximum drawdown rule and freqtrade's protections.
    """
    del draft
    start, result = state.day_start_equity, state.day_result
    if start is None or result is None:
        raise CannotValue("the day's result is not known", fix="Wait until every holding has a price.")
    if not start > 0:
        return Reason(control="daily_loss", text="the session began without equity", value=plain(start), limit="0")
    percent: Decimal = -result / start * HUNDRED
    limit = state.limits.max_daily_loss_percent
    return over("daily_loss", "loss today", percent, limit, "% of equity") if percent > limit else None
