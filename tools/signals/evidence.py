"""What signals may know beside a symbol's own bars: news tone and impact, forecasts, the index, and the VIX.

Protocols and arrays only: who reads the news or runs a model is handed in. Row t of every array rests on what was known
at the close of bar t. NaN is *no evidence*, never a neutral reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

import numpy as np

from tools.signals.bars import Bars, FloatArray, SessionArray

INDICES = ("SPY", "^GSPC", "SPX", "IVV", "VOO")
"""Symbols that stand for the whole market; of those with a bar the first one does."""
FORECAST_SESSIONS = (1, 5, 20)
"""Horizons, in sessions, of the columns of `Evidence.p_up`."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Other sources on one symbol, one row a bar."""

    tone: FloatArray
    """How the news reads, -1 to 1: the mean of its stories' scores weighted by recency and relevance."""
    tone_weight: FloatArray
    """Sum of those weights: one story of today that is all about the symbol counts 1; NaN with the tone."""
    impact: FloatArray
    """Signed news impact, -1 to 1: surprise against the symbol's own recent tone, faded by each kind's half-life."""
    p_up: FloatArray
    """Shape (bars, 3): P(the close is higher) 1, 5 and 20 sessions later."""
    forecaster: str = ""
    """Which forecaster the last row's `p_up` is of."""
    notes: tuple[str, ...] = ()
    """What is missing and what stands in for it."""
    partial: bool = False
    """True where news known by the last bar is not read, or the model stopped: other rows once it is."""

    @classmethod
    def none(cls, bars: int) -> Self:
        """No evidence at all."""
        tone, weight, impact = np.full((3, bars), np.nan)
        return cls(tone, weight, impact, np.full((bars, len(FORECAST_SESSIONS)), np.nan))


class EvidenceSource(Protocol):
    """Where evidence comes from. Nothing later than each bar's close is ever in its row."""

    def version(self, symbol: str, asof: datetime) -> str:
        """Names the content of what `evidence` would answer; another answer has another name. Cheap."""
        ...

    def evidence(self, bars: Bars, asof: datetime) -> Evidence:
        """The evidence at every bar of one symbol."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """The market around a symbol: an index of it and, where known, the VIX. Arrays of one series have one length."""

    sessions: SessionArray
    level: FloatArray
    """The index on a total-return scale; its first value is arbitrary."""
    name: str
    """What the index is now: a symbol, or "mean of all symbols"."""
    vix_sessions: SessionArray
    vix: FloatArray
    """Closing VIX, in points."""

    def level_on(self, sessions: SessionArray) -> FloatArray:
        """The index at each of `sessions`; NaN where it has no value that day."""
        return _on(self.sessions, self.level, sessions)

    def vix_on(self, sessions: SessionArray) -> FloatArray:
        """The VIX at each of `sessions`; NaN where it has no value that day."""
        return _on(self.vix_sessions, self.vix, sessions)


def _on(days: SessionArray, values: FloatArray, wanted: SessionArray) -> FloatArray:
    if not len(days):
        return np.full(len(wanted), np.nan)
    place = np.minimum(np.searchsorted(days, wanted), len(days) - 1)
    return np.where(days[place] == wanted, values[place], np.nan)
