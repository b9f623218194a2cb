"""The arithmetic of one signal: its terms, what each source says, and the probability they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from tools.signals.fusion import SOURCES, logits, sigmoids
from tools.signals.signal import Parts, Source, SourceNote
from tools.signals.table import TERMS
from tools.signals.walk import Fitted, Rows


@dataclass(frozen=True, slots=True)
class Said:
    """One probability with everything it is made of."""

    probability: float
    base_rate: float
    parts: Parts
    sources: tuple[SourceNote, ...]

    @property
    def missing(self) -> tuple[Source, ...]:
        """Sources that said nothing."""
        return tuple(note.source for note in self.sources if note.evidence is None)

    @classmethod
    def of(cls, rows: Rows, fit: Fitted, base_rate: float) -> Self:
        """The fusion of at most one row; without one, the base rate as it is."""
        if len(rows.bar):
            evidence = rows.evidence
            parts = Parts(**dict(zip(TERMS, fit.terms(rows.base_rate, evidence)[0].tolist(), strict=True)))
        else:
            evidence = np.full((1, len(SOURCES)), np.nan)
            parts = Parts(base=float(logits(np.array([base_rate]))[0]))
        notes = tuple(
            SourceNote(
                source=weight.source,
                evidence=None if np.isnan(value) else float(value),
                weight=weight.weight,
                term=getattr(parts, weight.source.value),
                why=weight.why,
            )
            for weight, value in zip(fit.fit.weights, evidence[0].tolist(), strict=True)
        )
        return cls(float(sigmoids(np.array([parts.total]))[0]), base_rate, parts, notes)
