"""What a portfolio stands to lose: exposure, concentration, historical value at risk, and all of it after an order.

Money stays `Decimal`; only the statistics of returns are floats. Options are not valued here yet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from statistics import stdev

from brokers.vocabulary import Value
from tools.risk.gate import CONTEXT, FAULTS, Verdict, judge
from tools.risk.prices import HUNDRED, reserve_price, usable_quote
from tools.risk.state import ZERO, Draft, Holding, RiskState

CONFIDENCE = 0.95
"""Share of days on which the loss stays below the value at risk."""

FEWEST = 60
"""Fewest common daily returns that a value at risk is computed from; a 95 % tail of 60 days is three days."""

SESSIONS_A_YEAR = 252

CENT = Decimal("0.01")


class Weight(Value):
    """One position's part of the portfolio."""

    symbol: str
    quantity: Decimal
    value: Decimal
    """Signed market value in the account's currency."""
    percent: Decimal | None
    """Signed share of equity, per cent; None where equity is not above zero."""


class TailRisk(Value):
    """Historical one-day value at risk of today's positions, each past day replayed on them."""

    method: str
    confidence: float
    n: int
    """Past days replayed: the longest run that all the symbols have in common, ending with the newest."""
    var: Decimal
    """Loss that is exceeded on 1 - confidence of the days, in the account's currency; never below zero."""
    cvar: Decimal
    """Mean loss of the days at or beyond it, in the account's currency; never below zero."""
    var_percent: float
    """`var` in per cent of equity."""
    cvar_percent: float
    """`cvar` in per cent of equity."""
    volatility_percent: float
    """Yearly volatility of the portfolio's return on equity, per cent (sample deviation times the root of 252)."""


class PortfolioRisk(Value):
    """The risk of what is held now; working orders are not in it. Money is in `currency`."""

    currency: str
    cash: Decimal
    equity: Decimal | None
    """None when a holding has no price; every figure that hangs on it is then None too."""
    gross: Decimal | None
    net: Decimal | None
    gross_percent: Decimal | None
    """Gross exposure, per cent of equity."""
    net_percent: Decimal | None
    """Net exposure, per cent of equity."""
    weights: tuple[Weight, ...]
    """Largest first."""
    concentration: Decimal | None
    """Herfindahl-Hirschman index of the shares of gross exposure: 1/n when even, 1 when all is one position."""
    tail: TailRisk | None
    """None without positions or without enough common history; `notes` says which."""
    max_loss: Decimal | None
    """The most that can be lost, all that is owned going to nothing; None where a short makes it unbounded."""
    notes: tuple[str, ...]
    """What the figures leave out, as sentences."""


class WhatIf(Value):
    """The portfolio's risk before and after an order that fills whole, and the gate's verdict on it."""

    before: PortfolioRisk
    after: PortfolioRisk | None
    """None when the order cannot be valued."""
    fill_price: Decimal | None
    """Price a unit that the order is taken to fill at."""
    verdict: Verdict


def portfolio_risk(state: RiskState, returns: Mapping[str, Sequence[float]]) -> PortfolioRisk:
    """Measure what is held. `returns` are daily simple returns by symbol, oldest first, all ending on the same day.

    Never raises: what cannot be computed is None and named in `notes`.
    """
    with localcontext(CONTEXT):
        equity, gross, net = state.equity, state.gross_exposure, state.net_exposure
        tail, notes = _tail(state, returns)
        bounded = all(holding.quantity >= 0 for holding in state.holdings)
        if not bounded:
            notes = (*notes, "a short position can lose without bound")
        return PortfolioRisk(
            currency=state.currency,
            cash=state.cash,
            equity=equity,
            gross=gross,
            net=net,
            gross_percent=_share(gross, equity),
            net_percent=_share(net, equity),
            weights=_weights(state),
            concentration=_concentration(state),
            tail=tail,
            max_loss=net if bounded else None,
            notes=notes,
        )


def what_if(draft: Draft, state: RiskState, returns: Mapping[str, Sequence[float]]) -> WhatIf:
    """Compare the portfolio with itself after `draft` has filled whole at the price its capital is reserved at."""
    verdict = judge(draft, state)
    before = portfolio_risk(state, returns)
    with localcontext(CONTEXT):
        try:
            price = reserve_price(draft, state)
            filled = _filled(draft, state, price)
        except FAULTS:
            return WhatIf(before=before, after=None, fill_price=None, verdict=verdict)
    return WhatIf(before=before, after=portfolio_risk(filled, returns), fill_price=price, verdict=verdict)


def _filled(draft: Draft, state: RiskState, price: Decimal) -> RiskState:
    """The state once `draft` has filled at `price`, the position marked as before or at the mid of the quote."""
    quote = usable_quote(state)
    old = state.holding(draft.symbol)
    signed = draft.side.sign * draft.quantity
    quantity = state.held(draft.symbol) + signed
    mark = old.price if old is not None and old.price is not None else quote.mid
    cost = old.average_cost if old is not None else price
    holding = Holding(symbol=draft.symbol, quantity=quantity, average_cost=cost, price=mark, price_at=quote.at)
    others = tuple(each for each in state.holdings if each.symbol != draft.symbol)
    holdings = (*others, holding) if quantity else others
    return state.model_copy(update={"holdings": holdings, "cash": state.cash - signed * price})


def _share(value: Decimal | None, equity: Decimal | None) -> Decimal | None:
    """Per cent of equity to four decimals; None without positive equity."""
    if value is None or equity is None or equity <= 0:
        return None
    return (value / equity * HUNDRED).quantize(Decimal("0.0001"))


def _weights(state: RiskState) -> tuple[Weight, ...]:
    weights = [
        Weight(
            symbol=holding.symbol,
            quantity=holding.quantity,
            value=holding.value,
            percent=_share(holding.value, state.equity),
        )
        for holding in state.holdings
        if holding.value is not None
    ]
    return tuple(sorted(weights, key=lambda weight: -abs(weight.value)))


def _concentration(state: RiskState) -> Decimal | None:
    values, gross = state.values, state.gross_exposure
    if values is None or not gross:
        return None
    return sum(((value / gross) ** 2 for value in values), ZERO).quantize(Decimal("0.0001"))


def _tail(state: RiskState, returns: Mapping[str, Sequence[float]]) -> tuple[TailRisk | None, tuple[str, ...]]:
    """Replay the common past on today's positions; the second value says what is left out, or why there is none."""
    values, equity = state.values, state.equity
    if values is None or equity is None:
        return None, ("value at risk is not known: a holding has no price",)
    if not values:
        return None, ("nothing is held, so nothing is at risk in the market",)
    if equity <= 0:
        return None, ("value at risk is not given: equity is not above zero",)
    missing = [holding.symbol for holding in state.holdings if holding.symbol not in returns]
    if missing:
        return None, (f"value at risk is not given: no history for {', '.join(missing)}",)
    n = min(len(returns[holding.symbol]) for holding in state.holdings)
    if n < FEWEST:
        return None, (f"value at risk is not given: {n} common daily returns, {FEWEST} are needed",)
    sized = [
        (float(value), returns[holding.symbol][-n:]) for holding, value in zip(state.holdings, values, strict=True)
    ]
    results = [sum(value * past[day] for value, past in sized) for day in range(n)]
    if not all(math.isfinite(result) for result in results):
        return None, ("value at risk is not given: the history holds a number that is not finite",)
    return _historical(results, float(equity)), ()


def _historical(results: Sequence[float], equity: float) -> TailRisk:
    """Value at risk and its tail mean from daily results in money, `n` of them.

    VaR is the linearly interpolated quantile of losses at the confidence (Hyndman and Fan 1996, type 7); CVaR the mean
    of losses at or beyond it.
    """
    losses = sorted(-result for result in results)
    at = CONFIDENCE * (len(losses) - 1)
    below = math.floor(at)
    above = min(below + 1, len(losses) - 1)
    var = losses[below] + (at - below) * (losses[above] - losses[below])
    beyond = [loss for loss in losses if loss >= var]
    cvar = math.fsum(beyond) / len(beyond)
    var, cvar = max(var, 0.0), max(cvar, 0.0)
    return TailRisk(
        method=f"historical simulation, one day, {CONFIDENCE:.0%} confidence, last {len(losses)} daily returns",
        confidence=CONFIDENCE,
        n=len(losses),
        var=Decimal(var).quantize(CENT),
        cvar=Decimal(cvar).quantize(CENT),
        var_percent=var / equity * 100,
        cvar_percent=cvar / equity * 100,
        volatility_percent=stdev(results) / equity * math.sqrt(SESSIONS_A_YEAR) * 100,
    )
