"""How the fused calls did: the short form that a conversation shows. `deskmate evaluate` has the long one."""

from __future__ import annotations

from datetime import date

import numpy as np

from brokers.vocabulary import Unavailable
from tools.signals.bars import FloatArray
from tools.signals.calls import Direction
from tools.signals.signal import Likeness, Scores, SourceNote, StrategyScore
from tools.signals.table import CallTable
from tools.signals.track_record import families_of, wilson

NEAR = 0.025
"""How far from a probability others count as about the same."""


def scores(table: CallTable, asof: date) -> Scores:
    """Scores of every resolved call. Raises `Unavailable` before there is one."""
    known = table.where(table.resolved)
    if not len(known):
        raise Unavailable("The scores are unavailable, because no call is resolved yet.")
    kinds = families_of(known.strategy, known.direction)
    fit = table.fits[-1]
    return Scores(
        asof=asof,
        symbols=table.symbols,
        calls=len(known),
        hit_rate=float(known.outcome.mean()),
        brier=_brier(known.probability, known),
        brier_base=_brier(known.base_rate, known),
        by_strategy=tuple(_score(known, strategy, code) for strategy, code in kinds),
        weights=tuple(
            SourceNote(source=one.source, evidence=None, weight=one.weight, term=0.0, why=one.why)
            for one in fit.weights
        ),
        version=fit.version,
    )


def likeness(table: CallTable, probability: float) -> Likeness:
    """How resolved calls did whose probability lay within `NEAR` of this one."""
    near = table.where(table.resolved & (np.abs(table.probability - probability) <= NEAR))
    if not len(near):
        return Likeness(calls=0, said=probability, came_true=None, interval=None, within=NEAR)
    share = float(near.outcome.mean())
    return Likeness(
        calls=len(near),
        said=float(near.probability.mean()),
        came_true=share,
        interval=wilson(share, float(near.weight.sum())),
        within=NEAR,
    )


def _score(known: CallTable, strategy: int, code: int) -> StrategyScore:
    rows = known.where((known.strategy == strategy) & (known.direction == code))
    results = rows.result[np.isfinite(rows.result)]
    return StrategyScore(
        strategy=known.strategies[strategy],
        direction=Direction.of(code),
        calls=len(rows),
        independent_calls=float(rows.weight.sum()),
        hit_rate=float(rows.outcome.mean()),
        mean_result_r=float(results.mean()) if len(results) else None,
        brier=_brier(rows.probability, rows),
        brier_base=_brier(rows.base_rate, rows),
    )


def _brier(said: FloatArray, rows: CallTable) -> float:
    return float(((said - rows.outcome) ** 2).mean())
