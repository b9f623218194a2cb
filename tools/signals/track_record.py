"""How often calls came true: an expanding record that at any session knows only what was resolved before it.

The confidence of a call is the share of earlier calls of its strategy and direction, over all symbols, whose first
target traded first and in time, shrunk to the share over all strategies. It therefore lies between those two shares:
it is never more than history says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, pi, sqrt

import numpy as np

from tools.signals.bars import FloatArray, IntArray
from tools.signals.history import NOT_YET, SymbolHistory, Trades
from tools.signals.strategies import Parameters

LEAST_RESOLVED = 50
"""Resolved calls before a strategy's own record counts; below it the confidence is the base rate."""
SHRINK = 50.0
"""Independent calls at which a strategy's own record weighs as much as the base rate."""
PRIOR_CALLS = 20.0
"""Pseudo-calls of the random walk's rate in the base rate, so that it exists before the first outcome."""
Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Shares as they were known before each of some sessions; one element a session asked for."""

    share: FloatArray
    """Wins over resolved calls; NaN with none."""
    n: IntArray
    n_effective: FloatArray
    """Worth of the n overlapping calls in independent ones. Symbols moving together are not taken off."""
    loss: FloatArray
    """Mean loss of the failed calls in R, with `SHRINK` pseudo-losses of 1 R."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A probability from the record, with what it rests on."""

    value: float
    n: int
    low: float
    high: float
    base_rate: float
    loss: float
    """Expected loss in R if the call fails."""
    own: bool
    """False while the value is the base rate because fewer than `LEAST_RESOLVED` such calls are resolved."""

    @property
    def basis(self) -> str:
        """What the value rests on, in words."""
        if self.own:
            return f"{self.n} resolved calls of this strategy and direction, shrunk to the base rate"
        return f"the base rate, because only {self.n} of {LEAST_RESOLVED} calls of this kind are resolved"


class _Tally:
    """Resolved calls in the order they became known, as running sums."""

    def __init__(self, trades: Sequence[tuple[Trades, IntArray]]) -> None:
        columns = [
            np.stack(
                [
                    kept.outcomes.outcome[which].astype(np.float64),
                    kept.weight[which],
                    np.where(kept.outcomes.outcome[which] == 0, -kept.outcomes.result[which], 0.0),
                ]
            )
            for kept, which in trades
        ]
        days = np.concatenate([kept.resolved_day[which] for kept, which in trades] or [np.empty(0, dtype=np.int64)])
        order = np.argsort(days, kind="stable")
        self._days = days[order]
        values = np.concatenate(columns or [np.empty((3, 0))], axis=1)[:, order]
        self._sums = np.concatenate([np.zeros((3, 1)), np.cumsum(values, axis=1)], axis=1)

    def before(self, day: IntArray) -> Rates:
        n = np.searchsorted(self._days, day, side="left")
        wins, worth, lost = self._sums[:, n]
        share = np.divide(wins, n, out=np.full(len(n), np.nan), where=n > 0)
        return Rates(share, n, worth, (lost + SHRINK) / (n - wins + SHRINK))


class TrackRecord:
    """The record of every strategy over some symbols. `day` is a session in days since 1970 throughout."""

    def __init__(self, histories: Sequence[SymbolHistory], parameters: Parameters) -> None:
        # The order decides in which order equal days are summed, and so the last bit: by name, whoever asks.
        ordered = sorted(histories, key=lambda one: one.bars.symbol)
        every = [trades for one in ordered for trades in one.trades]
        self._prior = prior_rate(parameters)
        self._all = _Tally([(trades, np.flatnonzero(trades.resolved_day != NOT_YET)) for trades in every])
        names = {trades.strategy.name for trades in every}
        self._own = {
            (name, sign): _Tally(
                [
                    (trades, np.flatnonzero((trades.resolved_day != NOT_YET) & (trades.direction == sign)))
                    for trades in every
                    if trades.strategy.name == name
                ]
            )
            for name in sorted(names)
            for sign in (1, -1)
        }

    def kinds(self) -> tuple[tuple[str, int], ...]:
        """Every (strategy, direction) that has a record."""
        return tuple(self._own)

    def base(self, day: IntArray) -> tuple[FloatArray, Rates]:
        """Share over all strategies before each day, with `PRIOR_CALLS` at the random walk's rate, and its material."""
        rates = self._all.before(day)
        wins = np.where(rates.n > 0, rates.share, 0.0) * rates.n
        return (wins + PRIOR_CALLS * self._prior) / (rates.n + PRIOR_CALLS), rates

    def own(self, strategy: str, direction: int, day: IntArray) -> Rates:
        """The record of one strategy and direction (+1 or -1) before each day, unshrunk."""
        return self._own[strategy, direction].before(day)

    def confidences(self, strategy: str, direction: int, day: IntArray) -> FloatArray:
        """P(first target first and in time) as it was known before each day.

        (n_effective * share + SHRINK * base) / (n_effective + SHRINK), a Beta posterior mean; the base rate itself with
        fewer than `LEAST_RESOLVED` resolved calls.
        """
        base, _ = self.base(day)
        own = self.own(strategy, direction, day)
        enough = own.n >= LEAST_RESOLVED
        worth = np.where(enough, own.n_effective, 0.0)
        return (worth * np.where(enough, own.share, 0.0) + SHRINK * base) / (worth + SHRINK)

    def confidence(self, strategy: str, direction: int, day: int) -> Confidence:
        """The confidence of one call with its interval and evidence."""
        days = np.array([day], dtype=np.int64)
        base, overall = self.base(days)
        own = self.own(strategy, direction, days)
        value = float(self.confidences(strategy, direction, days)[0])
        enough = int(own.n[0]) >= LEAST_RESOLVED
        worth = float(own.n_effective[0] if enough else overall.n_effective[0] + PRIOR_CALLS)
        low, high = wilson(value, worth)
        return Confidence(value, int(own.n[0]), low, high, float(base[0]), float(own.loss[0]), enough)


def wilson(share: float, n: float) -> tuple[float, float]:
    """95 % score interval of a share of n (Wilson 1927); n may be fractional and is at least 1."""
    n = max(n, 1.0)
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 / (1 + Z_95**2 / n) * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def prior_rate(parameters: Parameters) -> float:
    """What a driftless random walk would score, averaged over the strategies' barriers."""
    p = parameters
    barriers = (
        (p.trend_stop, p.trend_horizon),
        (p.momentum_stop, p.momentum_horizon),
        (p.reversion_stop, p.reversion_horizon),
        (p.breakout_stop, p.breakout_horizon),
    )
    return sum(random_walk_rate(stop, horizon) for stop, horizon in barriers) / len(barriers)


def random_walk_rate(stop: float, horizon: int) -> float:
    """P(a Brownian motion reaches +b before -b and within `horizon` sessions), b = `stop` average true ranges.

    One average true range is taken as the expected range of a session, sqrt(8 / pi) standard deviations (Feller 1951).
    With b in standard deviations of the horizon, P(leaving (-b, b) in time) =
    1 - 4 / pi * sum_k (-1)^k / (2k + 1) * exp(-(2k + 1)^2 pi^2 / (8 b^2)); by symmetry half of that is the upper side.
    """
    b = stop * sqrt(8 / pi) / sqrt(horizon)
    terms = ((-1) ** k / (2 * k + 1) * exp(-((2 * k + 1) ** 2) * pi**2 / (8 * b * b)) for k in range(50))
    return (1 - 4 / pi * sum(terms)) / 2
