"""From a probability to an action: a documented rule on expected value, with the risk factors that shrink size.

    expected value (R) = p * reward - (1 - p) * expected loss - costs

reward = distance of the first target over that of the stop; expected loss = mean loss of the failed calls on record (a
time-out loses less than the stop, a gap more); costs = a share of the entry price over the stop distance.

| condition, first that holds | action |
|---|---|
| no active strategy | wait |
| fewer than `LEAST_RESOLVED` resolved calls of the leading kind | wait |
| expected value >= `least_edge_r` | buy (long) or sell (short) |
| expected value < -`least_edge_r` | avoid |
| otherwise | wait |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from tools.signals.bars import FloatArray
from tools.signals.calls import Direction, StrategyCall
from tools.signals.fusion import Fused
from tools.signals.history import SymbolHistory
from tools.signals.regime import Regime, RegimeRule, Trend, Volatility
from tools.signals.signal import Action, RiskFactor
from tools.signals.track_record import LEAST_RESOLVED


@dataclass(frozen=True, slots=True)
class ActionRule:
    """Every number of the rule."""

    least_edge_r: float = 0.05
    round_trip_cost: float = 0.001
    """Commission, spread and slippage of entry and exit together, as a share of the entry price."""
    thin_volume: float = 0.5
    """Below this share of the usual volume, trading is thin."""
    volume_length: int = 20
    smaller: float = 0.75
    """Multiple of size for each risk factor."""
    smallest: float = 0.25
    """Size factors multiply, but not below this."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The action with the arithmetic behind it; values in R, None without a call."""

    action: Action
    reason: str
    expected_value: float | None = None
    reward: float | None = None
    loss: float | None = None
    cost: float | None = None


def decide(fused: Fused, leading: StrategyCall | None, rule: ActionRule) -> Decision:
    """Apply the rule to the leading call."""
    if leading is None or leading.stop is None or fused.leading is None:
        return Decision(Action.WAIT, "no strategy is active")
    risk = abs(leading.entry - leading.stop)
    reward = abs(leading.targets[0] - leading.entry) / risk
    loss = fused.leading.confidence.loss
    cost = rule.round_trip_cost * leading.entry / risk
    p = fused.probability
    value = p * reward - (1 - p) * loss - cost
    sum_told = f"{p:.3f} x {reward:.2f} R - {1 - p:.3f} x {loss:.2f} R - costs {cost:.2f} R = {value:+.2f} R"
    n = fused.leading.confidence.n
    if n < LEAST_RESOLVED:
        action, reason = Action.WAIT, f"only {n} such calls are resolved, fewer than {LEAST_RESOLVED}"
    elif value >= rule.least_edge_r:
        action = Action.BUY if leading.direction is Direction.LONG else Action.SELL
        reason = f"{sum_told}, at least {rule.least_edge_r} R"
    elif value < -rule.least_edge_r:
        action, reason = Action.AVOID, f"{sum_told}, below -{rule.least_edge_r} R"
    else:
        action, reason = Action.WAIT, f"{sum_told}, within {rule.least_edge_r} R of nothing"
    return Decision(action, reason, value, reward, loss, cost)


def risk_factors(
    one: SymbolHistory, bar: int, direction: int, against: Sequence[str], regime: Regime, rule: ActionRule
) -> tuple[RiskFactor, ...]:
    """What argues for less size at the close of `bar`; `against` names the active strategies that bet the other way."""
    found = (
        _elevated_volatility(regime, rule),
        _thin_volume(one.series.volume[: bar + 1], rule),
        _trend_against(direction, regime, rule),
        _disagreement(against, rule),
    )
    return tuple(factor for factor in found if factor)


def _elevated_volatility(regime: Regime, rule: ActionRule) -> RiskFactor | None:
    extreme = regime.volatility is Volatility.EXTREME
    if regime.volatility_rank is None or not (extreme or regime.volatility is Volatility.ELEVATED):
        return None
    return RiskFactor(
        name="elevated volatility",
        claim="20-session volatility is high within the trailing year",
        value=regime.volatility_rank,
        threshold=RegimeRule().extreme if extreme else RegimeRule().elevated,
        unit="share of the year below it",
        size_factor=rule.smaller**2 if extreme else rule.smaller,
    )


def _thin_volume(volume: FloatArray, rule: ActionRule) -> RiskFactor | None:
    usual = float(volume[-rule.volume_length :].mean())
    ratio = float(volume[-1]) / usual if usual > 0 else 0.0
    if ratio >= rule.thin_volume:
        return None
    return RiskFactor(
        name="thin volume",
        claim=f"volume over its {rule.volume_length}-session mean",
        value=ratio,
        threshold=rule.thin_volume,
        unit="times",
        size_factor=rule.smaller,
    )


def _trend_against(direction: int, regime: Regime, rule: ActionRule) -> RiskFactor | None:
    trend = {Trend.UP: 1, Trend.DOWN: -1}.get(regime.trend, 0)
    if direction * trend >= 0:
        return None
    return RiskFactor(
        name="trend against",
        claim=f"the trend is {regime.trend}, the call bets the other way",
        value=float(trend),
        threshold=0.0,
        unit="sign of the trend",
        size_factor=rule.smaller,
    )


def _disagreement(against: Sequence[str], rule: ActionRule) -> RiskFactor | None:
    if not against:
        return None
    return RiskFactor(
        name="strategies disagree",
        claim=f"{' and '.join(against)} bet the other way",
        value=float(len(against)),
        threshold=0.0,
        unit="strategies",
        size_factor=rule.smaller,
    )


def size_factor(factors: Sequence[RiskFactor], rule: ActionRule) -> float:
    """Product of the factors' multiples, not below `smallest`."""
    return max(prod((factor.size_factor for factor in factors), start=1.0), rule.smallest)
