"""What a strategy is, what it is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import erf, exp, pi, sqrt
from typing import Self

import numpy as np

from tools.signals import indicators
from tools.signals.bars import Bars, BoolArray, DirectionArray, FloatArray, Series
from tools.signals.calls import Direction
from tools.signals.evidence import INDICES, Surroundings
from tools.signals.regime import Regimes
from tools.signals.strategy_parameters import MIN_BARS, Parameters

RANGE = 1.4
"""Average true range over standard deviation of daily returns, as on the sample market's stocks; a path without jumps,
watched without a pause, would have sqrt(8 / pi) = 1.6 (Feller 1951)."""


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What a strategy may know beside a symbol's own prices; one element a bar, known at its close."""

    regimes: Regimes
    index: FloatArray
    """The market's index on a total-return scale; NaN where it is not known."""

    @classmethod
    def of(cls, bars: Bars, regimes: Regimes, surroundings: Surroundings | None = None) -> Self:
        """The context of one symbol. A symbol that stands for the whole market has nothing to be compared with."""
        if surroundings is None or bars.symbol in INDICES:
            return cls(regimes, np.full(len(bars), np.nan))
        level = surroundings.level_on(bars.sessions)
        return cls(regimes, np.where(np.isfinite(level) & (level > 0), level, np.nan))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One indicator a strategy looked at, over all bars; `unit` "price" is on the `Series` scale."""

    name: str
    unit: str
    values: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Play:
    """What a strategy says at every bar of one symbol."""

    directions: DirectionArray
    """`Direction.code`: 1 long, -1 short, 2 neutral, 3 volatile, 0 none."""
    stop_distance: FloatArray
    """Distance from the close to the stop, of a neutral or volatile call to either breakeven; on the `Series` scale,
    NaN while warming up."""
    target_multiples: tuple[float, ...]
    """Target distances in stop distances; (1,) of a neutral or volatile call, whose target is the upper breakeven."""
    horizon: int
    """Sessions after the call's own: those in which the first target must trade, or at the close of which a neutral or
    volatile call is decided."""
    readings: tuple[Reading, ...]
    prior: float
    """P(a call comes true) if the price were a driftless random walk."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy's name, how to say it, and its function."""

    name: str
    title: str
    play: Callable[[Series, Context, Parameters], Play]


def barred(
    long: BoolArray, short: BoolArray, series: Series, p: Parameters, stop: float, horizon: int, *readings: Reading
) -> Play:
    """A directional play with its stop `stop` average true ranges away."""
    distance = stop * indicators.atr(series.high, series.low, series.close, p.atr_length)
    directions = long.astype(np.int8) - short.astype(np.int8)
    prior = random_walk_rate(stop * RANGE / sqrt(horizon))
    return Play(_silenced(directions, distance), distance, p.target_multiples, horizon, readings, prior)


def ranged(
    said: BoolArray, direction: Direction, half_width: FloatArray, width: float, horizon: int, *readings: Reading
) -> Play:
    """A play on the range between the close less and plus `half_width`, `width` deviations over the horizon away."""
    inside = erf(width / sqrt(2))
    prior = inside if direction is Direction.NEUTRAL else 1 - inside
    said_by = _silenced(said * np.int8(direction.code), half_width)
    return Play(said_by, half_width, (1.0,), horizon, readings, prior)


@cache
def random_walk_rate(barrier: float) -> float:
    """P(a Brownian motion reaches +b before -b and in time), b = `barrier` in standard deviations over that time.

    P(leaving (-b, b) in time) = 1 - 4 / pi * sum_k (-1)^k / (2k + 1) * exp(-(2k + 1)^2 pi^2 / (8 b^2)) (Feller 1971);
    by symmetry half of that is the upper side.
    """
    terms = ((-1) ** k / (2 * k + 1) * exp(-((2 * k + 1) ** 2) * pi**2 / (8 * barrier**2)) for k in range(50))
    return (1 - 4 / pi * sum(terms)) / 2


def _silenced(directions: DirectionArray, distance: FloatArray) -> DirectionArray:
    """No call before `MIN_BARS`, and none without a distance to set levels at."""
    directions[: MIN_BARS - 1] = 0
    directions[~(distance > 0)] = 0
    return directions
