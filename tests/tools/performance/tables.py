"""Tables of calls that could have come from a walk: random, and valid in every column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np

from tools.signals.bars import FloatArray
from tools.signals.fusion import LEAST, MOST
from tools.signals.history import NOT_YET
from tools.signals.signal import Source
from tools.signals.table import TERMS, CallTable, Fit, SourceWeight

FIRST = np.datetime64("2015-01-05")
SOURCES = len(tuple(Source))


def logit(p: FloatArray) -> FloatArray:
    return np.log(p / (1 - p))


def random_table(
    seed: int = 1,
    sessions: int = 500,
    symbols: int = 4,
    skill: float = 0.5,
    weights: tuple[float, ...] = (1.0, 0.5, 0.0, 0.0, 0.3),
    bias: float = 0.0,
) -> CallTable:
    """Calls of some symbols after every weekday; the last few are open.

    `skill` is the spread of the true log-odds that the sources' evidence tells of; `bias` is added to what is shown.
    """
    chance = np.random.default_rng(seed)
    n = sessions * symbols
    bar, symbol = np.repeat(np.arange(sessions), symbols), np.tile(np.arange(symbols), sessions)
    day = np.busday_offset(FIRST, bar).astype(np.int64)
    strategy = chance.integers(0, 2, n)
    horizon = np.array([10, 20])[strategy]
    direction = chance.choice([1, 1, -1], n).astype(np.int8)
    evidence = chance.standard_normal((n, SOURCES)) * skill
    evidence[chance.random((n, SOURCES)) < 0.1] = np.nan
    base_rate = 0.45 + 0.02 * np.sin(bar / 60)
    moved = np.nan_to_num(evidence * np.array(weights))
    truth = logit(base_rate) + moved.sum(axis=1)
    probability = np.clip(1 / (1 + np.exp(-(truth + bias))), LEAST, MOST)
    terms = np.column_stack([logit(base_rate), moved, logit(probability) - truth])
    won = chance.random(n) < 1 / (1 + np.exp(-truth))
    ends = bar + chance.integers(1, horizon + 1)
    done = ends < sessions
    outcome = np.where(done, won, -1).astype(np.int8)
    entry = np.round(100 + 10 * chance.random(n), 4)
    distance = np.round(1 + chance.random(n), 4)
    loss = np.where(chance.random(n) < 0.8, -1.0, -chance.random(n))
    return CallTable(
        symbols=tuple(f"S{place}" for place in range(symbols)),
        strategies=("trend", "breakout"),
        symbol=symbol.astype(np.int64),
        bar=bar.astype(np.int64),
        day=day,
        strategy=strategy.astype(np.int64),
        direction=direction,
        horizon=horizon.astype(np.int64),
        entry=entry,
        target=np.round(entry + direction * distance * 1.5, 4),
        stop=np.round(entry - direction * distance, 4),
        weight=np.full(n, 0.1),
        outcome=outcome,
        reason=np.where(done, np.where(won, 0, chance.integers(1, 3, n)), -1).astype(np.int8),
        resolved_day=np.where(done, np.busday_offset(FIRST, ends).astype(np.int64), NOT_YET),
        result=np.where(done, np.where(won, 1.5, loss), np.nan),
        trend=chance.integers(0, 3, n).astype(np.int8),
        volatility=chance.integers(1, 5, n).astype(np.int8),
        evidence=evidence,
        terms=terms,
        probability=probability,
        base_rate=base_rate,
        fit=np.minimum(bar // 100, max((sessions - 1) // 100, 0)).astype(np.int64),
        fits=tuple(a_fit(place, weights) for place in range((sessions - 1) // 100 + 1)),
    )


def a_fit(place: int, weights: tuple[float, ...]) -> Fit:
    """The fit in force from session 100 * place on."""
    day = np.busday_offset(FIRST, 100 * place).item()
    nan = float("nan")
    told = tuple(
        SourceWeight(
            source,
            weight,
            nan if not place else 0.01 * weight,
            nan if not place else 0.002,
            5 * place,
            "it saved nothing out of sample" if weight == 0 else "it saved log loss",
        )
        for source, weight in zip(Source, weights, strict=True)
    )
    return Fit(day, 400 * place, told, "platt", "smooth", f"test-{place}")


def head(table: CallTable, sessions: int) -> CallTable:
    """The same market known only through its first `sessions` sessions: later calls are gone, later outcomes open."""
    cut = table.where(table.bar < sessions)
    last = np.busday_offset(FIRST, sessions - 1).astype(np.int64)
    still = cut.resolved_day > last
    return replace(
        cut,
        outcome=np.where(still, -1, cut.outcome).astype(np.int8),
        reason=np.where(still, -1, cut.reason).astype(np.int8),
        resolved_day=np.where(still, NOT_YET, cut.resolved_day),
        result=np.where(still, np.nan, cut.result),
    )


def without(table: CallTable, sources: frozenset[Source]) -> CallTable:
    """The same calls with some sources' terms taken away."""
    terms, evidence = table.terms.copy(), table.evidence.copy()
    for source in sources:
        terms[:, TERMS.index(source.value)] = 0.0
        evidence[:, tuple(Source).index(source)] = np.nan
    log_odds = terms[:, :-1].sum(axis=1)
    probability = np.clip(1 / (1 + np.exp(-log_odds)), LEAST, MOST)
    terms[:, -1] = logit(probability) - log_odds
    return replace(table, terms=terms, evidence=evidence, probability=probability)


class Engine:
    """A `TableSource` over one table."""

    def __init__(self, table: CallTable) -> None:
        self.full = table
        self.walked: list[frozenset[Source]] = []

    def table(self, asof: datetime, without_: frozenset[Source] = frozenset(), progress=None) -> CallTable:
        self.walked.append(without_)
        if progress:
            progress(1, 1)
        return without(self.full, without_) if without_ else self.full


def last_day(table: CallTable) -> date:
    return table.day[-1].astype("datetime64[D]").item()
