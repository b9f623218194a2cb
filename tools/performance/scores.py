"""Walk-forward scores of fused calls, each figure beside its base rate and its interval.

Only resolved calls are judged. A probability rests on what was resolved before its session, and so does the base rate
it is compared with; nothing here is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from brokers.vocabulary import Value
from tools.performance.bootstrap import NOTHING, Blocks, Estimate, estimates, interval
from tools.performance.measures import calibration_error, equal_count_bins, log_loss, spearman, squared_error
from tools.signals.bars import BoolArray, FloatArray
from tools.signals.calls import Direction
from tools.signals.regime import TRENDS, VOLATILITIES
from tools.signals.table import CallTable

LEAST_IN_MONTH = 10
"""Calls a month must have for a rank correlation."""


class Skill(Value):
    """How probabilities did against the base rate known at each call. Losses are lower for better, savings higher."""

    calls: int
    differing: int
    """Calls whose probability is another than the base rate."""
    probability: float
    """Mean of what was said."""
    base_rate: float
    """Mean of the base rate as it was known at each call."""
    hit_rate: Estimate
    """Share of calls that came true."""
    over_said: Estimate
    """Hit rate less the mean probability: 0 where as many came true as was said."""
    over_base: Estimate
    """Hit rate less the mean base rate."""
    brier: float
    brier_base: float
    brier_saved: Estimate
    """Brier score of the base rate less that of the probability."""
    log_loss: float
    """In nats, as every log loss here."""
    log_loss_base: float
    log_loss_saved: Estimate


class Group(Value):
    """The calls that share one property."""

    by: str
    """strategy, direction, regime, year or horizon."""
    name: str
    skill: Skill


class Bin(Value):
    """Calls of about the same probability."""

    calls: int
    said: float
    """Mean probability."""
    happened: Estimate
    """Share that came true."""

    @property
    def fits(self) -> bool | None:
        """Whether what was said lies in the interval of what happened; None without one."""
        low, high = self.happened.low, self.happened.high
        return None if low is None or high is None else low <= self.said <= high


class Calibration(Value):
    """Whether calls said to come true x % of the time do."""

    error: float
    """Expected calibration error over equal-count bins; see `measures.calibration_error`."""
    by_chance: Estimate | None
    """What chance alone would make of it, were every probability right: mean and central 95 %."""
    error_base: float
    """The same of the base rate."""
    bins: tuple[Bin, ...]


class MonthCorrelation(Value):
    """Rank correlation within one month."""

    month: str
    """YYYY-MM."""
    calls: int
    correlation: float


class Correlation(Value):
    """Information coefficient: Spearman's correlation of (probability - base rate) with the outcome, month by month."""

    mean: Estimate | None
    """None where no month has calls enough that differ."""
    t: float | None
    """Mean over its block-bootstrap standard error."""
    months: tuple[MonthCorrelation, ...]


def longest(table: CallTable) -> int:
    """The longest horizon of a table, in sessions: what decides how long a bootstrap block is."""
    return int(table.horizon.max()) if len(table) else 1


def skill(table: CallTable, horizon: int) -> Skill:
    """How the (resolved, at least one) calls of a table did; `horizon` as `longest` gives it."""
    y, p, base = table.outcome.astype(np.float64), table.probability, table.base_rate
    brier, brier_base = squared_error(p, y), squared_error(base, y)
    log, log_base = log_loss(p, y), log_loss(base, y)
    other = np.abs(p - base) > NOTHING  # what is left of equal figures is their rounding
    columns = np.column_stack([y, y - p, y - base, other * (brier_base - brier), other * (log_base - log)])
    hit, over_said, over_base, brier_saved, log_saved = estimates(Blocks.weekly(table.day, horizon), columns)
    return Skill(
        calls=len(y),
        differing=int(other.sum()),
        probability=float(p.mean()),
        base_rate=float(base.mean()),
        hit_rate=hit,
        over_said=over_said,
        over_base=over_base,
        brier=float(brier.mean()),
        brier_base=float(brier_base.mean()),
        brier_saved=brier_saved,
        log_loss=float(log.mean()),
        log_loss_base=float(log_base.mean()),
        log_loss_saved=log_saved,
    )


def calibration(table: CallTable, horizon: int) -> Calibration:
    """The reliability diagram of the (resolved, at least one) calls and its summary."""
    y, p = table.outcome.astype(np.float64), table.probability
    blocks = Blocks.weekly(table.day, horizon)
    rows = equal_count_bins(p)
    member = np.zeros((len(p), len(rows)))
    for place, each in enumerate(rows):
        member[each, place] = 1.0
    drawn = blocks.sums(np.column_stack([member, member * y[:, None], member * (p - y)[:, None]]))
    counts, won, gaps = np.split(drawn, 3, axis=1)
    shares = np.divide(won, counts, out=np.full(won.shape, np.nan), where=counts > 0.5)

    def happened(place: int) -> Estimate:
        value = float(y[rows[place]].mean())
        return interval(value, shares[:, place]) if blocks.enough else Estimate(value=value)

    return Calibration(
        error=calibration_error(p, y),
        by_chance=_by_chance(gaps, counts, np.array([(p - y)[each].mean() for each in rows]))
        if blocks.enough
        else None,
        error_base=calibration_error(table.base_rate, y),
        bins=tuple(
            Bin(calls=len(each), said=float(p[each].mean()), happened=happened(place))
            for place, each in enumerate(rows)
        ),
    )


def _by_chance(gaps: FloatArray, counts: FloatArray, mean_gap: FloatArray) -> Estimate:
    """The draws' errors once each bin's own mean gap is taken away: what is left is chance."""
    drawn = np.abs(gaps - counts * mean_gap).sum(axis=1) / np.maximum(counts.sum(axis=1), 1.0)
    return interval(float(drawn.mean()), drawn)


def correlation(table: CallTable) -> Correlation:
    """The information coefficient of the (resolved) calls, over months with `LEAST_IN_MONTH` calls that differ."""
    edge, y = table.probability - table.base_rate, table.outcome.astype(np.float64)
    edge[np.abs(edge) <= NOTHING] = 0.0
    month = table.day.astype("datetime64[D]").astype("datetime64[M]")
    found: list[MonthCorrelation] = []
    for one in np.unique(month):
        rows = month == one
        value = spearman(edge[rows], y[rows]) if rows.sum() >= LEAST_IN_MONTH else float("nan")
        if np.isfinite(value):
            found.append(MonthCorrelation(month=str(one), calls=int(rows.sum()), correlation=value))
    if not found:
        return Correlation(mean=None, t=None, months=())
    series = np.array([[one.correlation] for one in found])
    blocks = Blocks.of_series(len(series))
    (mean,) = estimates(blocks, series)
    error = float(blocks.means(series).std())
    return Correlation(mean=mean, t=mean.value / error if blocks.enough and error > 0 else None, months=tuple(found))


def groups(table: CallTable, horizon: int) -> tuple[Group, ...]:
    """The (resolved) calls by strategy, direction, regime, year and horizon."""
    return tuple(
        Group(by=by, name=name, skill=skill(table.where(rows), horizon))
        for by, named in _groupings(table).items()
        for name, rows in named
        if rows.any()
    )


def _groupings(table: CallTable) -> Mapping[str, Iterator[tuple[str, BoolArray]]]:
    year = table.day.astype("datetime64[D]").astype("datetime64[Y]")
    regime = table.trend.astype(np.int64) * len(VOLATILITIES) + table.volatility
    return {
        "strategy": ((name, table.strategy == code) for code, name in enumerate(table.strategies)),
        "direction": ((one.value, table.direction == one.code) for one in Direction if one is not Direction.NONE),
        "regime": (
            (f"{trend.value} × {volatility.value}", regime == row * len(VOLATILITIES) + column)
            for row, trend in enumerate(TRENDS)
            for column, volatility in enumerate(VOLATILITIES)
        ),
        "year": ((str(one), year == one) for one in np.unique(year)),
        "horizon": ((f"{one} sessions", table.horizon == one) for one in np.unique(table.horizon)),
    }
