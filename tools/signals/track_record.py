"""How often calls came true: an expanding record that at any session knows only what was resolved before it.

A family is a strategy and the way it bets: calls for a rise and for a fall do not come true equally often. Its base
rate is the share of its earlier calls, over all symbols, shrunk to that of all families, itself to a random walk's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from tools.signals.bars import BoolArray, DirectionArray, FloatArray, IntArray
from tools.signals.fusion import logits, sigmoids
from tools.signals.history import NOT_YET, SymbolHistory, Trades

SHRINK = 200.0
"""Independent calls at which a family's own record weighs as much as that of all families."""
PRIOR_CALLS = 100.0
"""Pseudo-calls of the random walk's rate in the base rate, so that it exists before the first outcome."""
ALIKE = 0.25
"""Correlation taken between the outcomes of calls made on one day: m of them are worth m / (1 + (m - 1) * `ALIKE`)."""
Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Shares as they were known before each of some sessions; one element a session asked for."""

    share: FloatArray
    """Wins over resolved calls; NaN with none."""
    n: IntArray
    n_effective: FloatArray
    """Worth of the n calls in independent ones: calls that overlap, or were made together, are worth less."""
    loss: FloatArray
    """Mean loss of the failed calls in R, with `SHRINK` pseudo-losses of 1 R."""
    gain: FloatArray
    """Mean gain of those that came true in R, with `SHRINK` pseudo-gains of 1 R: entered at an open and not at the
    close the levels are set from, a call does not gain its distance to the target."""
    prior: FloatArray
    """Share that a driftless random walk would have had of the same calls; NaN with none."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A probability from the record, with what it rests on."""

    value: float
    """The family's base rate."""
    n: int
    """Resolved calls of the family."""
    low: float
    high: float
    overall: float
    """The same over all families."""
    loss: float
    """Expected loss in R if the call fails."""
    gain: float
    """Expected gain in R if it comes true."""

    @property
    def basis(self) -> str:
        """What the value rests on, in words."""
        return f"{self.n:,} resolved calls of this strategy and direction, shrunk to all strategies"


class _Calls:
    """Every call of some symbols, resolved or not, as columns."""

    def __init__(self, every: Sequence[Trades]) -> None:
        def column(name: str) -> IntArray:
            return np.concatenate([getattr(one, name) for one in every] or [np.empty(0, dtype=np.int64)])

        self.day, self.direction = column("day"), column("direction")
        names = [trades.strategy.name for trades in every]
        self.strategies = list(dict.fromkeys(names))
        sizes = [len(trades.at) for trades in every]
        self.strategy = np.repeat([self.strategies.index(name) for name in names], sizes)
        outcome = np.concatenate([trades.outcomes.outcome for trades in every] or [np.empty(0)])
        result = np.concatenate([trades.outcomes.result for trades in every] or [np.empty(0)])
        # What a call without a stop lost is not told in stop distances: it counts as one of them.
        lost = np.where(outcome == 0, -np.nan_to_num(result, nan=-1.0), 0.0)
        gained = np.where(outcome == 1, np.nan_to_num(result, nan=1.0), 0.0)
        weight = np.concatenate([trades.weight for trades in every] or [np.empty(0)])
        prior = np.repeat([trades.play.prior for trades in every], sizes)
        self.values = np.stack([outcome.astype(np.float64), weight, lost, gained, prior])
        self.resolved = column("resolved_day")
        order = np.argsort(self.resolved, kind="stable")
        self.order = order[self.resolved[order] != NOT_YET]
        """Resolved calls in the order they became known."""


class _Tally:
    """The resolved calls of some kinds, in the order they became known, as running sums."""

    def __init__(self, calls: _Calls, which: BoolArray) -> None:
        # Among all calls made on a day, also those still open: how many there were is known on that day.
        worth = np.zeros(len(which))
        worth[which] = together(calls.day[which])
        order = calls.order[which[calls.order]]
        values = calls.values[:, order]
        values[1] *= worth[order]
        self._days = calls.resolved[order]
        self._sums = np.zeros((len(values), len(order) + 1))
        np.cumsum(values, axis=1, out=self._sums[:, 1:])

    def before(self, day: IntArray) -> Rates:
        n = np.searchsorted(self._days, day, side="left")
        wins, worth, lost, gained, prior = self._sums[:, n]
        share, expected = (np.divide(sums, n, out=np.full(len(n), np.nan), where=n > 0) for sums in (wins, prior))
        loss, gain = (lost + SHRINK) / (n - wins + SHRINK), (gained + SHRINK) / (wins + SHRINK)
        return Rates(share, n, worth, loss, gain, expected)


class TrackRecord:
    """The record of every strategy over some symbols. `day` is a session in days since 1970 throughout."""

    def __init__(self, histories: Sequence[SymbolHistory]) -> None:
        # The order decides in which order equal days are summed, and so the last bit: by name, whoever asks.
        ordered = sorted(histories, key=lambda one: one.bars.symbol)
        every = [trades for one in ordered for trades in one.trades]
        calls = _Calls(every)
        self._all = _Tally(calls, np.ones(len(calls.day), dtype=np.bool_))
        self._priors = {trades.strategy.name: trades.play.prior for trades in every}
        self._prior = float(np.mean(list(self._priors.values()) or [0.5]))
        self._families: dict[tuple[str, int], _Tally] = {
            (calls.strategies[place], code): _Tally(calls, (calls.strategy == place) & (calls.direction == code))
            for place, code in families_of(calls.strategy, calls.direction)
        }

    def overall(self, day: IntArray) -> tuple[FloatArray, Rates]:
        """Share over all strategies before each day, with `PRIOR_CALLS` at a random walk's, and its material."""
        rates = self._all.before(day)
        worth, expected = rates.n_effective, self._expected(rates)
        wins = np.where(rates.n > 0, rates.share, 0.0) * worth
        return (wins + PRIOR_CALLS * expected) / (worth + PRIOR_CALLS), rates

    def base(self, strategy: str, code: int, day: IntArray) -> FloatArray:
        """The base rate of a family before each day: its own share, shrunk to that of all families.

        (n_effective * share + SHRINK * towards) / (n_effective + SHRINK), a Beta posterior mean. All families are
        compared in log-odds with what a driftless random walk would score: one with few calls is taken to be as far
        from its own random walk as all calls together are from theirs.
        """
        overall, rates = self.overall(day)
        away = logits(overall) - logits(self._expected(rates))
        towards = sigmoids(logits(np.array([self._priors[strategy]])) + away)
        tally = self._families.get((strategy, code))
        if tally is None:
            return towards
        own = tally.before(day)
        worth, share = own.n_effective, np.where(own.n > 0, own.share, 0.0)
        # Exactly `towards` without calls, also to the last bit: a family may be unheard of yet.
        return np.where(own.n > 0, (worth * share + SHRINK * towards) / (worth + SHRINK), towards)

    def evidence(self, strategy: str, code: int, day: IntArray) -> FloatArray:
        """How much better (in log-odds) a family has done before each day than a random walk would have."""
        return logits(self.base(strategy, code, day)) - logits(np.array([self._priors[strategy]]))

    def _expected(self, rates: Rates) -> FloatArray:
        """What a random walk would have scored on the calls resolved by then; the mean over families without any."""
        return np.where(rates.n > 0, rates.prior, self._prior)

    def confidence(self, strategy: str, code: int, day: int) -> Confidence:
        """The record of one family before one day, with its interval and evidence."""
        days = np.array([day], dtype=np.int64)
        value, overall = float(self.base(strategy, code, days)[0]), float(self.overall(days)[0][0])
        tally = self._families.get((strategy, code))
        own = _NOTHING if tally is None else tally.before(days)
        low, high = wilson(value, float(own.n_effective[0]) + PRIOR_CALLS)
        return Confidence(value, int(own.n[0]), low, high, overall, float(own.loss[0]), float(own.gain[0]))


_NOTHING = Rates(*(np.array([value]) for value in (np.nan, 0, 0.0, 1.0, 1.0, np.nan)))


def families_of(strategy: IntArray, direction: IntArray | DirectionArray) -> list[tuple[int, int]]:
    """Every (strategy, direction code) among some calls, each once, in order."""
    coded = np.flatnonzero(np.bincount(strategy * 8 + direction + 1))
    return list(zip((coded // 8).tolist(), (coded % 8 - 1).tolist(), strict=True))


def together(day: IntArray) -> FloatArray:
    """What one call is worth among those made on the same day: 1 / (1 + (m - 1) * `ALIKE`), one element a call."""
    if not len(day):
        return np.empty(0)
    since = day - day.min()
    others = (np.bincount(since)[since] - 1).astype(np.float64)
    return 1.0 / (1.0 + others * ALIKE)


def wilson(share: float, n: float) -> tuple[float, float]:
    """95 % score interval of a share of n (Wilson 1927); n may be fractional and is at least 1."""
    n = max(n, 1.0)
    centre = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 / (1 + Z_95**2 / n) * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
