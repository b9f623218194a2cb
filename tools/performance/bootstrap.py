"""Intervals for means over calls that overlap in time and move together.

Moving-block bootstrap (Künsch 1989, Annals of Statistics 17) over calendar weeks: a drawn block holds every call of its
weeks, of whatever symbol, so that what one market day does to all symbols at once, and calls that are open together,
stay in the error. A mean is the drawn sum over the drawn count.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Self

import numpy as np

from brokers.vocabulary import Value
from tools.signals.bars import FloatArray, IntArray

DRAWS = 1000
SEED = 20
LEVEL = 0.95
NOTHING = 1e-9
"""Below this a difference is the rounding of equal figures."""
LEAST_BLOCKS = 4
"""Blocks that must fit into the span side by side; with fewer there is no interval."""
_WEEK_OF_EPOCH = 3
"""1970-01-01 was a Thursday: days to add for weeks that start on Monday."""


class Estimate(Value):
    """A figure with its 95 % interval; no interval where the span is too short for one."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low is not None and self.low > NOTHING

    @property
    def below_zero(self) -> bool:
        """Whether the whole interval lies below 0."""
        return self.high is not None and self.high < -NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Which periods each draw holds: the same for every figure of the same calls."""

    period: IntArray
    """Period of each row, counted from the first."""
    periods: int
    length: int
    """Periods in a block."""
    starts: IntArray
    """First period of each block, of shape (draws, blocks); the last block of a draw is cut to fill the span."""

    @classmethod
    def weekly(cls, day: IntArray, horizon: int, *, draws: int = DRAWS, seed: int = SEED) -> Self:
        """Blocks of calendar weeks over calls made on `day` (days since 1970, at least one).

        A block is longer than the longest `horizon` (sessions) and than the cube root of the number of weeks.
        """
        week = (day + _WEEK_OF_EPOCH) // 7
        return cls._of(week - week.min(), ceil(horizon / 5) + 1, draws, seed)

    @classmethod
    def of_series(cls, count: int, *, draws: int = DRAWS, seed: int = SEED) -> Self:
        """Blocks over a series of `count` (at least one) values, one a period."""
        return cls._of(np.arange(count, dtype=np.int64), 1, draws, seed)

    @classmethod
    def _of(cls, period: IntArray, least: int, draws: int, seed: int) -> Self:
        periods = int(period.max()) + 1
        length = min(max(ceil(round(periods ** (1 / 3), 9)), least), periods)
        shape = (draws, ceil(periods / length))
        return cls(
            period, periods, length, np.random.default_rng(seed).integers(0, periods - length + 1, shape, np.int64)
        )

    @property
    def enough(self) -> bool:
        """Whether the span holds enough blocks for an interval."""
        return self.periods >= LEAST_BLOCKS * self.length

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum of each column of `values`, of shape (rows, columns), in each draw: shape (draws, columns)."""
        by_period = np.stack([np.bincount(self.period, column, self.periods) for column in values.T], axis=1)
        running = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(by_period, axis=0)])
        lengths = np.full(self.starts.shape[1], self.length)
        lengths[-1] = self.periods - self.length * (len(lengths) - 1)
        return (running[self.starts + lengths] - running[self.starts]).sum(axis=1)

    def means(self, values: FloatArray) -> FloatArray:
        """Mean of each column in each draw, shape (draws, columns); NaN where a draw holds no row."""
        sums = self.sums(np.column_stack([values, np.ones(len(values))]))
        return np.divide(sums[:, :-1], sums[:, -1:], out=np.full(sums[:, :-1].shape, np.nan), where=sums[:, -1:] > 0.5)


def estimates(blocks: Blocks, values: FloatArray) -> tuple[Estimate, ...]:
    """The mean of each column of `values`, of shape (rows, columns), with its interval."""
    means = values.mean(axis=0)
    if not blocks.enough:
        return tuple(Estimate(value=float(mean)) for mean in means)
    drawn = blocks.means(values)
    return tuple(interval(float(mean), drawn[:, place]) for place, mean in enumerate(means))


def interval(value: float, drawn: FloatArray) -> Estimate:
    """The central 95 % of the draws around `value`; draws that hold nothing are left out."""
    known = drawn[np.isfinite(drawn)]
    if len(known) < len(drawn) / 2:
        return Estimate(value=value)
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value=value, low=float(low), high=float(high))
