"""The state of one symbol's market: trend x volatility, by a transparent rule on data known at each bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from brokers.vocabulary import Value
from tools.signals import indicators
from tools.signals.bars import Bars, DirectionArray, FloatArray, Series


class Trend(StrEnum):
    """Direction of the trend."""

    DOWN = "down"
    SIDEWAYS = "sideways"
    UP = "up"


class Volatility(StrEnum):
    """Volatility against the symbol's own last year."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Regimes:
    """The state at every bar; codes index `TRENDS` and `VOLATILITIES`."""

    trend: DirectionArray
    volatility: DirectionArray
    annual_volatility: FloatArray
    rank: FloatArray

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
        )


def regimes(series: Series, rule: RegimeRule) -> Regimes:
    """Trend: up when the close is above SMA(50) and the average is above where it was 10 sessions ago; down mirrored.

    Volatility: rank of the 20-session volatility within the trailing year: below 0.25 low, from 0.75 elevated, from
    0.95 extreme; unknown before 60 earlier readings exist.
    """
    average = indicators.sma(series.close, rule.average)
    before = np.concatenate([np.full(rule.slope, np.nan), average[: -rule.slope]])[: len(average)]
    up = (series.close > average) & (average > before)
    down = (series.close < average) & (average < before)
    annual = indicators.volatility(series.close, rule.volatility)
    rank = indicators.trailing_rank(annual, rule.year, rule.least)
    level = np.full(len(rank), VOLATILITIES.index(Volatility.UNKNOWN), dtype=np.int8)
    for least, name in (
        (0.0, Volatility.LOW),
        (rule.low, Volatility.NORMAL),
        (rule.elevated, Volatility.ELEVATED),
        (rule.extreme, Volatility.EXTREME),
    ):
        level[rank >= least] = VOLATILITIES.index(name)
    trend = np.full(len(rank), TRENDS.index(Trend.SIDEWAYS), dtype=np.int8)
    trend[up] = TRENDS.index(Trend.UP)
    trend[down] = TRENDS.index(Trend.DOWN)
    return Regimes(trend, level, annual, rank)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
