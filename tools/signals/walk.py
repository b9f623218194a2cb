"""The walk: every fused call of a market in order of time, each resting on calls resolved before it.

Boundaries (the first day of each quarter, and any day a person asked for a refit) cut time into stretches. At each
boundary weights and calibrator are fitted on the calls resolved before it, with what was said of them at the time; they
hold until the next boundary. So a call is the same whether it is computed on its day or years later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

import numpy as np

from tools.signals.bars import Bars, BoolArray, DirectionArray, FloatArray, IntArray
from tools.signals.calibration import LEAST_RESOLVED, Calibrator, calibrator
from tools.signals.evidence import Evidence
from tools.signals.fusion import SOURCES, FusionRule, Known, alone, beside, log_losses, logits, sigmoids, weigh
from tools.signals.history import NOT_YET, SymbolHistory
from tools.signals.outcomes import UNRESOLVED
from tools.signals.signal import Source
from tools.signals.strategies import STRATEGIES
from tools.signals.table import TERMS, CallTable, Fit, SourceWeight
from tools.signals.track_record import TrackRecord, families_of, together

EVERY = frozenset(Source)
Progress = Callable[[int, int], None]
"""Told (done, of) as a walk goes on."""
_TECHNICAL, _REGIME = SOURCES.index(Source.TECHNICAL), SOURCES.index(Source.REGIME)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """One boundary's weights and calibrator, ready to be used."""

    fit: Fit
    weights: FloatArray
    """One a source, in the order of `SOURCES`."""
    alone: FloatArray
    """What each would be if it were the only one: scored later to judge the source."""
    calibrator: Calibrator

    def terms(self, base_rate: FloatArray, evidence: FloatArray) -> FloatArray:
        """The seven terms of calls, of shape (calls, TERMS); they sum to the shown log-odds."""
        base = logits(base_rate)
        parts = np.nan_to_num(evidence) * self.weights
        fused = base + parts.sum(axis=1)
        shown = self.calibrator.calibrated(fused)
        return np.column_stack([base, parts, shown - fused])


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is said at some bars of one symbol before any weight is fitted; one row a bar with a call."""

    bar: IntArray
    strategy: IntArray
    direction: DirectionArray
    base_rate: FloatArray
    evidence: FloatArray
    """Shape (rows, sources); NaN where a source said nothing."""


def rows_at(one: SymbolHistory, record: TrackRecord, evidence: Evidence, bars: IntArray) -> Rows:
    """The calls of one symbol at `bars`: which way, led by which strategy, and what every source says of it.

    Each active strategy has a record e = logit(base rate of its family) - logit(what a random walk would score). The
    direction with the larger mean over all active strategies wins, long on a tie: e of those that bet this way,
    min(0, -e) of the others, for that a short call failed does not mean that a long one came true. Of that direction
    the strategy with the largest e leads, the earlier on a tie. The call's base rate is the leading family's; the
    technical evidence is what the others add: (for - against) / (for + against + 1), 0 for a strategy alone. A
    strategy that bets on the range speaks only where none bets on a direction.
    """
    day = one.bars.sessions[bars].astype(np.int64)
    spoken = np.zeros((len(STRATEGIES), len(bars)), dtype=np.int8)
    e = np.zeros(spoken.shape)
    for place, trades in enumerate(one.trades):
        at = np.minimum(np.searchsorted(trades.at, bars), max(len(trades.at) - 1, 0))
        if len(trades.at):
            spoken[place] = np.where(trades.at[at] == bars, trades.direction[at], 0)
        for code in np.unique(spoken[place][spoken[place] != 0]).tolist():
            this = spoken[place] == code
            e[place, this] = record.evidence(trades.strategy.name, code, day[this])
    directed = np.abs(spoken) == 1
    heard: BoolArray = directed | ((spoken != 0) & ~directed.any(axis=0))
    code = _chosen(spoken, e, heard)
    agreed = heard & (spoken == code)
    leading = np.where(agreed, e, -np.inf).argmax(axis=0)
    others = heard.sum(axis=0) - 1
    technical = (2 * (agreed.sum(axis=0) - 1) - others) / np.maximum(others + 1, 1)
    kept = np.flatnonzero(code)
    sign = np.where(np.abs(code[kept]) == 1, code[kept], 0).astype(np.float64)
    horizon = np.array([trades.play.horizon for trades in one.trades])[leading[kept]]
    said = beside(evidence, bars[kept], sign, horizon)
    said[Source.TECHNICAL] = technical[kept]
    said[Source.REGIME] = _regime(one, bars[kept], sign)
    return Rows(
        bars[kept],
        leading[kept],
        code[kept],
        _base_rates(one, record, leading[kept], code[kept], day[kept]),
        np.column_stack([said[source] for source in SOURCES]) if len(kept) else np.empty((0, len(SOURCES))),
    )


def _base_rates(
    one: SymbolHistory, record: TrackRecord, leading: IntArray, code: DirectionArray, day: IntArray
) -> FloatArray:
    """The base rate of each call's family before its session."""
    found = np.zeros(len(leading))
    for place, direction in families_of(leading, code):
        this = (leading == place) & (code == direction)
        found[this] = record.base(one.trades[place].strategy.name, direction, day[this])
    return found


def _chosen(spoken: DirectionArray, e: FloatArray, heard: BoolArray) -> DirectionArray:
    """The direction of each bar; 0 where nobody speaks."""
    voices = np.maximum(heard.sum(axis=0), 1)
    code = np.zeros(spoken.shape[1], dtype=np.int8)
    best = np.full(spoken.shape[1], -np.inf)
    for candidate in (1, -1, 2, 3):
        bets = heard & (spoken == candidate)
        value = np.where(bets, e, np.where(heard, np.minimum(0.0, -e), 0.0)).sum(axis=0) / voices
        better = bets.any(axis=0) & (value > best)
        code[better], best[better] = candidate, value[better]
    return code


def _regime(one: SymbolHistory, bars: IntArray, sign: FloatArray) -> FloatArray:
    """Whether the trend goes the call's way: +1, 0 or -1; no evidence for a call that bets on no direction."""
    trend = one.regimes.trend[bars].astype(np.float64) - 1  # TRENDS are down, sideways, up
    return np.where(sign == 0, np.nan, sign * trend)


def boundaries(first: date, last: date, refits: Sequence[date] = ()) -> tuple[date, ...]:
    """Days of [first, last] on which weights and calibrator are fitted again; the first day is always one."""
    quarters = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 4, 7, 10))
    return tuple(sorted({first, *(day for day in (*quarters, *refits) if first < day <= last)}))


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A market's calls, and what is in force after the last boundary."""

    table: CallTable
    fitted: tuple[Fitted, ...]

    @property
    def now(self) -> Fitted:
        """What the next call is made with."""
        return self.fitted[-1]


def walk(
    histories: Sequence[SymbolHistory],
    record: TrackRecord,
    evidence: Mapping[str, Evidence],
    rule: FusionRule,
    version: str,
    *,
    without: frozenset[Source] = frozenset(),
    refits: Sequence[date] = (),
    progress: Progress | None = None,
) -> Walk:
    """Every call of `histories` (at least one with a bar), fitted boundary by boundary.

    `version` names the algorithm and its parameters; each fit adds its day. Sources in `without` get weight 0.
    """
    ordered = sorted(histories, key=lambda one: one.bars.symbol)
    table = _gathered(ordered, record, evidence)
    first = min(one.bars.session(0) for one in ordered)
    last = max(one.bars.session(-1) for one in ordered)
    days = boundaries(first, last, refits)
    spoke = np.isfinite(table.evidence)
    said = np.nan_to_num(table.evidence)
    base = logits(table.base_rate)
    outcome = table.outcome.astype(np.float64)
    fused, gain = np.zeros(len(table)), np.full(said.shape, np.nan)
    month = (table.day.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64)
    starts = np.searchsorted(table.day, [_number(day) for day in days])
    fitted: list[Fitted] = []
    for place, day in enumerate(days):
        known = table.resolved_day < _number(day)
        worth = float(table.weight[known].sum()) / max(int(known.sum()), 1)
        material = Known(base[known], said[known], spoke[known], outcome[known], worth, month[known], gain[known])
        now = _fit(day, material, fused[known], rule, version, [source for source in SOURCES if source not in without])
        fitted.append(now)
        rows = slice(int(starts[place]), int(starts[place + 1]) if place + 1 < len(days) else len(table))
        table.terms[rows] = now.terms(table.base_rate[rows], table.evidence[rows])
        table.fit[rows] = place
        fused[rows] = table.terms[rows, :-1].sum(axis=1)
        shadow = base[rows, None] + said[rows] * now.alone
        saved = log_losses(base[rows], outcome[rows])[:, None] - log_losses(shadow, outcome[rows, None])
        gain[rows] = np.where(spoke[rows] & (now.alone != 0), saved, np.nan)
        if progress:
            progress(place + 1, len(days))
    table.probability[:] = sigmoids(reduce(np.add, table.terms.T) if len(table) else np.empty(0))
    return Walk(replace(table, fits=tuple(one.fit for one in fitted)), tuple(fitted))


def _fit(
    day: date, known: Known, fused: FloatArray, rule: FusionRule, version: str, allowed: Sequence[Source]
) -> Fitted:
    """What is in force from `day`: from nothing but calls resolved before it."""
    weights: tuple[SourceWeight, ...] = weigh(known, rule, allowed)
    mapped, why = calibrator(fused, known.outcome, known.month, known.worth)
    if len(fused) < LEAST_RESOLVED:
        weights = tuple(replace(one, weight=0.0) for one in weights)
    return Fitted(
        Fit(day, len(fused), weights, mapped.name, why, f"{version}-{day.isoformat()}"),
        np.array([one.weight for one in weights]),
        alone(known, rule) if len(fused) else np.zeros(len(SOURCES)),
        mapped,
    )


def _gathered(ordered: Sequence[SymbolHistory], record: TrackRecord, evidence: Mapping[str, Evidence]) -> CallTable:
    """The rows of all symbols by session and symbol, with their outcomes; terms and fits are still to be filled."""
    parts = [
        _columns(one, place, rows_at(one, record, _evidence(evidence, one.bars), np.arange(len(one.bars))))
        for place, one in enumerate(ordered)
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["symbol"], columns["day"]))
    columns["weight"] *= together(columns["day"])
    n = len(order)
    return CallTable(
        symbols=tuple(one.bars.symbol for one in ordered),
        strategies=tuple(strategy.name for strategy in STRATEGIES),
        **{name: column[order] for name, column in columns.items()},
        terms=np.zeros((n, len(TERMS))),
        probability=np.zeros(n),
        fit=np.zeros(n, dtype=np.int64),
        fits=(),
    )


def _evidence(known: Mapping[str, Evidence], bars: Bars) -> Evidence:
    return known.get(bars.symbol) or Evidence.none(len(bars))


def _columns(one: SymbolHistory, symbol: int, rows: Rows) -> dict[str, np.ndarray]:
    """One symbol's rows as columns of the table."""
    n = len(rows.bar)
    floats = {name: np.full(n, np.nan) for name in ("target", "stop", "weight", "result")}
    codes = {name: np.full(n, UNRESOLVED, dtype=np.int8) for name in ("outcome", "reason")}
    resolved_day = np.full(n, NOT_YET, dtype=np.int64)
    for place, trades in enumerate(one.trades):
        here = np.flatnonzero(rows.strategy == place)
        at = np.searchsorted(trades.at, rows.bar[here])
        floats["target"][here], floats["stop"][here] = trades.targets[0, at], trades.stop[at]
        floats["weight"][here], floats["result"][here] = trades.weight[at], trades.outcomes.result[at]
        codes["outcome"][here], codes["reason"][here] = trades.outcomes.outcome[at], trades.outcomes.reason[at]
        resolved_day[here] = trades.resolved_day[at]
    horizons = np.array([trades.play.horizon for trades in one.trades])
    return {
        "symbol": np.full(n, symbol, dtype=np.int64),
        "bar": rows.bar,
        "day": one.bars.sessions[rows.bar].astype(np.int64),
        "strategy": rows.strategy,
        "direction": rows.direction,
        "horizon": horizons[rows.strategy],
        "entry": np.round(one.bars.close[rows.bar], 4),
        **floats,
        **codes,
        "resolved_day": resolved_day,
        "trend": one.regimes.trend[rows.bar],
        "volatility": one.regimes.volatility[rows.bar],
        "evidence": rows.evidence,
        "base_rate": rows.base_rate,
    }


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
