"""What each source of evidence is worth: the same calls judged with it and, from a walk of its own, without it."""

from __future__ import annotations

import numpy as np

from brokers.vocabulary import Value
from tools.performance.bootstrap import Blocks, Estimate, estimates
from tools.performance.measures import log_loss, squared_error
from tools.signals.bars import IntArray
from tools.signals.signal import Source
from tools.signals.table import TERMS, CallTable


class Effect(Value):
    """How much better calls are with some sources than without them, on the calls that both make."""

    name: str
    """The source taken away, or "all but technical"."""
    calls: int
    """Resolved calls that are the same but for their probability."""
    other: int
    """Resolved calls that are made differently, or not at all, without it; not compared."""
    brier_saved: Estimate
    """Brier score without less with: above 0, it helps."""
    log_loss_saved: Estimate
    note: str = ""


def speaks(table: CallTable, source: Source) -> bool:
    """Whether a source has moved any probability of the table."""
    return bool(np.any(table.terms[:, TERMS.index(source.value)] != 0))


def silent(name: str, table: CallTable, note: str) -> Effect:
    """The effect of what never moved a probability: exactly none."""
    nothing = Estimate(value=0.0, low=0.0, high=0.0)
    calls = int(table.resolved.sum())
    return Effect(name=name, calls=calls, other=0, brier_saved=nothing, log_loss_saved=nothing, note=note)


def effect(name: str, table: CallTable, without: CallTable, horizon: int) -> Effect | None:
    """The effect on resolved calls that have the same symbol, session, strategy and direction; None with no such call.

    `horizon` as `scores.longest` gives it.
    """
    _, here, there = np.intersect1d(_keys(table, table), _keys(without, table), return_indices=True)
    both = (table.outcome[here] >= 0) & (without.outcome[there] >= 0)
    here, there = here[both], there[both]
    if not len(here):
        return None
    y = table.outcome[here].astype(np.float64)
    p, q = table.probability[here], without.probability[there]
    columns = np.column_stack([squared_error(q, y) - squared_error(p, y), log_loss(q, y) - log_loss(p, y)])
    brier, log = estimates(Blocks.weekly(table.day[here], horizon), columns)
    other = int(table.resolved.sum()) - len(here)
    return Effect(name=name, calls=len(here), other=other, brier_saved=brier, log_loss_saved=log)


def _keys(table: CallTable, names: CallTable) -> IntArray:
    """One number a call that says symbol, session, strategy and direction in the names of `names`, or matches none."""
    symbol = np.array([_place(names.symbols, one) for one in table.symbols], dtype=np.int64)[table.symbol]
    strategy = np.array([_place(names.strategies, one) for one in table.strategies], dtype=np.int64)[table.strategy]
    key = (table.day * len(names.symbols) + symbol) * len(names.strategies) + strategy
    known = (symbol >= 0) & (strategy >= 0)
    return np.where(known, key * 8 + table.direction, np.iinfo(np.int64).min + np.arange(len(table)))


def _place(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -1
