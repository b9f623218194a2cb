"""The state of one symbol's market: trend x volatility, by a transparent rule on data known at each bar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np

from brokers.vocabulary import Value
from tools.signals import indicators
from tools.signals.bars import Bars, DirectionArray, FloatArray, Series
from tools.signals.evidence import Surroundings


class Trend(StrEnum):
    """Direction of the trend."""

    DOWN = "down"
    SIDEWAYS = "sideways"
    UP = "up"


class Volatility(StrEnum):
    """Volatility against the symbol's own last year; one step higher while the VIX is extreme against its own."""

    UNKNOWN = "unknown"
    LOW = "low"
    NORMAL = "normal"
    ELEVATED = "elevated"
    EXTREME = "extreme"


TRENDS: tuple[Trend, ...] = tuple(Trend)
VOLATILITIES: tuple[Volatility, ...] = tuple(Volatility)


@dataclass(frozen=True, slots=True)
class RegimeRule:
    """Every number of the rule. Lengths in sessions, ranks as shares of the trailing year."""

    average: int = 50
    slope: int = 10
    volatility: int = 20
    year: int = 252
    least: int = 60
    low: float = 0.25
    elevated: float = 0.75
    extreme: float = 0.95


class Regime(Value):
    """The state after the close of `session`."""

    trend: Trend
    volatility: Volatility
    annual_volatility: float | None
    """Annualised standard deviation of the last 20 daily returns, in per cent."""
    volatility_rank: float | None
    """Share (0-1) of the trailing year's readings below the current one."""
    since: date
    """First session of the unbroken run of this state."""
    session: date
    market_trend: Trend | None = None
    """The trend of the market's index, by the same rule; None where no index says."""
    vix: float | None = None
    """Closing VIX of the session, in points."""
    vix_rank: float | None = None
    """Share (0-1) of the VIX's trailing year below it."""


class RegimeChange(Value):
    """The trend or the volatility state of a symbol became another one at the close of `session`."""

    session: date
    trend_before: Trend
    volatility_before: Volatility
    trend: Trend
    volatility: Volatility


@dataclass(frozen=True, slots=True, eq=False)
class Regimes:
    """The state at every bar; codes index `TRENDS` and `VOLATILITIES`."""

    trend: DirectionArray
    volatility: DirectionArray
    annual_volatility: FloatArray
    rank: FloatArray
    """Of the symbol's own volatility; the VIX has no part in it."""
    market_trend: DirectionArray
    """-1 where unknown."""
    vix: FloatArray
    vix_rank: FloatArray

    def at(self, bars: Bars, bar: int) -> Regime:
        """The state after the close of one bar."""
        other = (self.trend != self.trend[bar]) | (self.volatility != self.volatility[bar])
        changed = np.flatnonzero(other[: bar + 1])
        since = int(changed[-1]) + 1 if len(changed) else 0
        return Regime(
            trend=TRENDS[int(self.trend[bar])],
            volatility=VOLATILITIES[int(self.volatility[bar])],
            annual_volatility=_known(self.annual_volatility[bar]),
            volatility_rank=_known(self.rank[bar]),
            since=bars.session(since),
            session=bars.session(bar),
            market_trend=TRENDS[market] if (market := int(self.market_trend[bar])) >= 0 else None,
            vix=_known(self.vix[bar]),
            vix_rank=_known(self.vix_rank[bar]),
        )


def regimes(bars: Bars, series: Series, rule: RegimeRule, surroundings: Surroundings | None = None) -> Regimes:
    """Trend: up when the close is above SMA(50) and the average is above where it was 10 sessions ago; down mirrored.

    Volatility: rank of the 20-session volatility within the trailing year: below 0.25 low, from 0.75 elevated, from
    0.95 extreme; unknown before 60 earlier readings exist. It is one step higher on sessions whose VIX ranks 0.95 or
    more within the VIX's trailing year: options price in what the symbol's own returns have not shown yet.
    """
    annual = indicators.volatility(series.close, rule.volatility)
    rank = indicators.trailing_rank(annual, rule.year, rule.least)
    market, vix, vix_rank = _market(bars, rule, surroundings)
    level = _levels(rank, rule)
    tense = (vix_rank >= rule.extreme) & (level != VOLATILITIES.index(Volatility.UNKNOWN))
    level[tense] = np.minimum(level[tense] + 1, VOLATILITIES.index(Volatility.EXTREME))
    return Regimes(_trends(series.close, rule), level, annual, rank, market, vix, vix_rank)


def changes(bars: Bars, known: Regimes) -> tuple[RegimeChange, ...]:
    """Every session at which the state became another one, oldest first; the first bar's state is no change."""
    later = (known.trend[1:] != known.trend[:-1]) | (known.volatility[1:] != known.volatility[:-1])
    return tuple(
        RegimeChange(
            session=bars.session(bar),
            trend_before=TRENDS[int(known.trend[bar - 1])],
            volatility_before=VOLATILITIES[int(known.volatility[bar - 1])],
            trend=TRENDS[int(known.trend[bar])],
            volatility=VOLATILITIES[int(known.volatility[bar])],
        )
        for bar in (np.flatnonzero(later) + 1).tolist()
    )


def _trends(close: FloatArray, rule: RegimeRule) -> DirectionArray:
    average = indicators.sma(close, rule.average)
    before = indicators.shifted(average, rule.slope)
    found = np.full(len(close), TRENDS.index(Trend.SIDEWAYS), dtype=np.int8)
    found[(close > average) & (average > before)] = TRENDS.index(Trend.UP)
    found[(close < average) & (average < before)] = TRENDS.index(Trend.DOWN)
    return found


def _levels(rank: FloatArray, rule: RegimeRule) -> DirectionArray:
    found = np.full(len(rank), VOLATILITIES.index(Volatility.UNKNOWN), dtype=np.int8)
    for least, name in (
        (0.0, Volatility.LOW),
        (rule.low, Volatility.NORMAL),
        (rule.elevated, Volatility.ELEVATED),
        (rule.extreme, Volatility.EXTREME),
    ):
        found[rank >= least] = VOLATILITIES.index(name)
    return found


def _market(
    bars: Bars, rule: RegimeRule, surroundings: Surroundings | None
) -> tuple[DirectionArray, FloatArray, FloatArray]:
    """The index's trend, the VIX and its rank at each bar, all by the index's and the VIX's own sessions."""
    if surroundings is None:
        nothing = np.full(len(bars), np.nan)
        return np.full(len(bars), -1, dtype=np.int8), nothing, nothing
    # A missing level in between would make every later average of it missing too.
    there = np.isfinite(surroundings.level)
    trend = _trends(surroundings.level[there], rule).astype(np.float64)
    trend[: rule.average + rule.slope - 1] = np.nan
    index = replace(surroundings, sessions=surroundings.sessions[there], level=trend).level_on(bars.sessions)
    rank = indicators.trailing_rank(surroundings.vix, rule.year, rule.least)
    return (
        np.where(np.isfinite(index), index, -1).astype(np.int8),
        surroundings.vix_on(bars.sessions),
        replace(surroundings, vix=rank).vix_on(bars.sessions),
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
