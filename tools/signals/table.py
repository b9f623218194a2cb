"""Every fused call of a market as columns: what the walk makes, and what scores, reports and live signals read.

A row is one symbol after one close. Whatever a row says rests on calls *resolved* before its session; rows of a longer
history are, up to where a shorter one ends, the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tools.signals.bars import BoolArray, DirectionArray, FloatArray, IntArray
from tools.signals.signal import Source

TERMS: tuple[str, ...] = ("base", *(source.value for source in Source), "calibration")
"""Columns of `CallTable.terms`; they sum to the log-odds of the shown probability."""


@dataclass(frozen=True, slots=True)
class SourceWeight:
    """What one source is worth, by the calls resolved before a fit."""

    source: Source
    weight: float
    """Multiple of the source's evidence in the log-odds; exactly 0 where it was not admitted."""
    gain: float
    """Mean log loss saved per call by adding the source to the base rate, walk-forward; NaN before any such call."""
    error: float
    """Block-bootstrap standard error of the gain."""
    months: int
    """Months of resolved calls behind the gain."""
    why: str
    """Why it has this weight, in words."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Everything fitted at one boundary, from calls resolved before it; in force until the next boundary."""

    day: date
    """Calls made on or after this day use the fit."""
    resolved: int
    """Calls it rests on."""
    weights: tuple[SourceWeight, ...]
    calibrator: str
    """Base rate (too few calls), as fused, platt or isotonic."""
    calibrator_why: str
    version: str
    """Names the algorithm, its parameters and the fit."""


@dataclass(frozen=True, slots=True, eq=False)
class CallTable:
    """Fused calls, ordered by session and then symbol; every array has one element a call."""

    symbols: tuple[str, ...]
    strategies: tuple[str, ...]
    symbol: IntArray
    """Index into `symbols`."""
    bar: IntArray
    """Index into that symbol's bars."""
    day: IntArray
    """Session of the call, in days since 1970."""
    strategy: IntArray
    """Index into `strategies`: the leading one, whose levels and horizon the call has."""
    direction: DirectionArray
    """`Direction.code`: 1 long, -1 short, 2 neutral, 3 volatile."""
    horizon: IntArray
    """Sessions."""
    entry: FloatArray
    """Close the levels are set from."""
    target: FloatArray
    """First target; of a neutral or volatile call its upper breakeven."""
    stop: FloatArray
    """Stop; of a neutral or volatile call its lower breakeven."""
    weight: FloatArray
    """Worth as independent evidence: 1 / overlapping calls of this symbol and strategy at the time."""
    outcome: DirectionArray
    """1, 0, or -1 while open."""
    reason: DirectionArray
    """Index into `outcomes.REASONS`; -1 while open."""
    resolved_day: IntArray
    """Session at whose close the outcome is known; `history.NOT_YET` while open."""
    result: FloatArray
    """Profit or loss in stop distances before costs; NaN while open and for neutral and volatile calls."""
    trend: DirectionArray
    """Regime at the call: index into `regime.TRENDS`."""
    volatility: DirectionArray
    """Index into `regime.VOLATILITIES`."""
    evidence: FloatArray
    """Shape (calls, sources): each source's evidence before its weight; NaN where the source said nothing."""
    terms: FloatArray
    """Shape (calls, TERMS)."""
    probability: FloatArray
    """Shown probability, within [0.01, 0.99]."""
    base_rate: FloatArray
    fit: IntArray
    """Index into `fits`."""
    fits: tuple[Fit, ...]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def resolved(self) -> BoolArray:
        """Which calls have an outcome."""
        return self.outcome >= 0

    def where(self, chosen: BoolArray | NDArray[np.intp]) -> Self:
        """The chosen rows, in their order."""
        columns: Mapping[str, object] = {
            field.name: getattr(self, field.name)[chosen]
            for field in fields(self)
            if field.name not in ("symbols", "strategies", "fits")
        }
        return replace(self, **columns)  # pyright: ignore[reportArgumentType] - every name is a column
