"""The walk-forward evaluation of a market's fused calls: which walks it takes, and all that is scored on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Protocol

import numpy as np

from brokers.vocabulary import Unavailable, Value
from models.forecast_record import Score
from tools.performance.bootstrap import DRAWS, SEED
from tools.performance.effects import Effect, effect, silent, speaks
from tools.performance.returns import Returns, returns, would_trade
from tools.performance.scores import Calibration, Correlation, Group, Skill, calibration, correlation, groups, skill
from tools.performance.scores import longest as longest_horizon
from tools.signals.bars import BoolArray
from tools.signals.decision import ActionRule
from tools.signals.signal import Source
from tools.signals.table import CallTable, Fit

OTHERS = "all but technical"
EVERY_CALL, TRADED = "every call", "calls the action rule trades"
Watch = Callable[[str, int, int], None]
"""Told which walk is on its way, and how far of how much."""


class TableSource(Protocol):
    """Where walks over all calls come from: the signal engine."""

    def table(
        self,
        asof: datetime,
        without: frozenset[Source] = frozenset(),
        progress: Callable[[int, int], None] | None = None,
    ) -> CallTable:
        """Every fused call known at `asof`, as if the sources in `without` did not exist."""
        ...


class WeightPoint(Value):
    """What one source was worth from a day on, as fitted on calls resolved before it."""

    day: date
    source: str
    weight: float
    gain: float | None
    """Mean log loss it saved per call; None before any such call."""
    error: float | None
    months: int
    why: str


class Evaluation(Value):
    """Walk-forward scores of every resolved call of a market between two sessions."""

    asof: date
    since: date
    """Session of the first resolved call."""
    until: date
    """Session of the last resolved call."""
    symbols: tuple[str, ...]
    open_calls: int
    version: str
    """Of the fit in force at the end."""
    bootstrap_draws: int
    bootstrap_seed: int
    overall: Skill
    calibration: Calibration
    correlation: Correlation
    groups: tuple[Group, ...]
    sources: tuple[Effect, ...]
    """What each source adds; the last row is all but the technical one together."""
    weights: tuple[WeightPoint, ...]
    returns: tuple[Returns, ...]
    """Secondary: before slippage beyond the modelled costs, and of trades that overlap."""
    round_trip_cost: float
    """Share of the entry price that the returns pay."""
    forecasts: tuple[Score, ...]
    """Of the forecasters on their own, where there is a record of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """One walk with every source, one without each source that ever moved a probability, one with technical alone."""

    full: CallTable
    without: Mapping[Source, CallTable]
    technical_only: CallTable | None
    """None where no other source ever moved a probability: it would be the full walk."""


def walks(engine: TableSource, asof: datetime, watch: Watch | None = None) -> Walks:
    """Every walk the evaluation needs. Raises `Unavailable` where no bar is known yet, as the engine does."""

    def walk(name: str, without: frozenset[Source]) -> CallTable:
        return engine.table(asof, without, partial(watch, name) if watch else None)

    full = walk("all sources", frozenset())
    spoke = [source for source in Source if speaks(full, source)]
    others = frozenset(Source) - {Source.TECHNICAL}
    without = {source: walk(f"without {source.value}", frozenset({source})) for source in spoke}
    alone = set(spoke) - {Source.TECHNICAL}
    technical_only = None
    if len(alone) == 1:
        technical_only = without[alone.pop()]
    elif alone:
        technical_only = walk("technical alone", others)
    return Walks(full, without, technical_only)


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The calls to score, open ones included."""

    calls: CallTable
    traded: BoolArray
    """Which of them the action rule would trade, on the record of every call before, scored or not."""
    rule: ActionRule
    made: int
    """Calls there are, chosen or not."""


def choose(full: CallTable, since: date | None, until: date | None, rule: ActionRule) -> Chosen:
    """The calls made on sessions from `since` to `until`, both included."""
    day = full.day.astype("datetime64[D]")
    rows = np.ones(len(full), dtype=np.bool_)
    if since:
        rows &= day >= np.datetime64(since, "D")
    if until:
        rows &= day <= np.datetime64(until, "D")
    return Chosen(full.where(rows), would_trade(full, rule)[rows], rule, len(full))


def evaluate(known: Walks, chosen: Chosen, asof: date, forecasts: Sequence[Score] = ()) -> Evaluation:
    """Score the calls chosen from the full walk.

    Raises:
        Unavailable: none of them is resolved by `asof`; the message says why.
    """
    table = chosen.calls
    resolved = table.where(table.resolved)
    if not len(resolved):
        raise _nothing(chosen, asof)
    horizon = longest_horizon(resolved)
    days = resolved.day.astype("datetime64[D]")
    heard: list[int] = np.unique(resolved.symbol).tolist()
    return Evaluation(
        asof=asof,
        since=days[0].item(),
        until=days[-1].item(),
        symbols=tuple(resolved.symbols[code] for code in heard),
        open_calls=len(table) - len(resolved),
        version=table.fits[int(table.fit[-1])].version,
        bootstrap_draws=DRAWS,
        bootstrap_seed=SEED,
        overall=skill(resolved, horizon),
        calibration=calibration(resolved, horizon),
        correlation=correlation(resolved),
        groups=groups(resolved, horizon),
        sources=_effects(resolved, known, horizon),
        weights=weights(table),
        returns=_returns(chosen, horizon),
        round_trip_cost=chosen.rule.round_trip_cost,
        forecasts=tuple(forecasts),
    )


def _nothing(chosen: Chosen, asof: date) -> Unavailable:
    if not chosen.made:
        return Unavailable(
            f"There is nothing to evaluate, because no call was made by {asof}.",
            fix="Import more history: strategies speak after some months of bars.",
        )
    if not len(chosen.calls):
        return Unavailable("There is nothing to evaluate, because no call was made in that time.", fix="Widen it.")
    return Unavailable(
        f"There is nothing to evaluate, because none of {len(chosen.calls)} calls is resolved by {asof}.",
        fix="Choose an earlier --since or a later --asof.",
    )


def _effects(resolved: CallTable, known: Walks, horizon: int) -> tuple[Effect, ...]:
    """What each source adds to the resolved calls; a source that never moved a probability adds exactly nothing."""
    found: list[Effect | None] = []
    for place, source in enumerate(Source):
        if source in known.without:
            found.append(effect(source.value, resolved, known.without[source], horizon))
            continue
        said = bool(np.isfinite(known.full.evidence[:, place]).any())
        note = "weight zero throughout" if said else "said nothing of any call"
        found.append(silent(source.value, resolved, note))
    if known.technical_only is None:
        found.append(silent(OTHERS, resolved, "no other source moved a probability"))
    else:
        found.append(effect(OTHERS, resolved, known.technical_only, horizon))
    return tuple(one for one in found if one)


def fits_used(table: CallTable) -> tuple[Fit, ...]:
    """The fits that calls of a table use, oldest first."""
    used: list[int] = np.unique(table.fit).tolist()
    return tuple(table.fits[code] for code in used)


def weights(table: CallTable) -> tuple[WeightPoint, ...]:
    """The sources' weights at every fit that the calls of a table use, oldest first."""
    return tuple(
        WeightPoint(
            day=fit.day,
            source=one.source.value,
            weight=one.weight,
            gain=one.gain if np.isfinite(one.gain) else None,
            error=one.error if np.isfinite(one.error) else None,
            months=one.months,
            why=one.why,
        )
        for fit in fits_used(table)
        for one in fit.weights
    )


def _returns(chosen: Chosen, horizon: int) -> tuple[Returns, ...]:
    rows = (
        returns(EVERY_CALL, chosen.calls, np.ones(len(chosen.calls), dtype=np.bool_), chosen.rule, horizon),
        returns(TRADED, chosen.calls, chosen.traded, chosen.rule, horizon),
    )
    return tuple(row for row in rows if row)
