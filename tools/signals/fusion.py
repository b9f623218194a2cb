"""Fusion: evidence from many sources added up in log-odds, so that the breakdown sums to the probability exactly.

    logit(p) = base + technical + sentiment + forecast + news + regime + calibration

base = logit(share of all calls that came true). technical = mean over the active strategies of their evidence
e = logit(strategy's record) - logit(base rate) where they bet this way, and of min(0, -e) where they bet the other way:
opposition can only take away, for that a short call failed (or timed out) does not mean that a long one came true.
The mean (not the sum) is the shrink: strategies read the same prices, so two that agree are not twice the evidence.
So the probability is never above the best record among the agreeing strategies and the base rate.
A source that is missing adds exactly 0. calibration = the step to the shown probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from tools.signals.signal import Parts, Source
from tools.signals.track_record import Confidence

LEAST, MOST = 0.01, 0.99
"""A shown probability stays within these."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One active strategy: which way it bets (+1 or -1) and how often such calls came true."""

    strategy: str
    direction: int
    confidence: Confidence

    @property
    def evidence(self) -> float:
        """Log-odds over the base rate that a call of this kind comes true."""
        return logit(self.confidence.value) - logit(self.confidence.base_rate)


@dataclass(frozen=True, slots=True)
class Fused:
    """The outcome of a fusion."""

    direction: int
    """+1, -1, or 0 with no active strategy."""
    probability: float
    parts: Parts
    leading: Voice | None
    missing: tuple[Source, ...]


def fuse(base_rate: float, voices: Sequence[Voice], others: Mapping[Source, float] | None = None) -> Fused:
    """One direction and one probability.

    `base_rate` is in (0, 1); `others` gives the log-odds of the sources that spoke, for the direction chosen here. Of
    the directions that at least one strategy bets on, the one with the larger technical term wins, long on a tie. The
    leading voice is the one of that direction with the most evidence, the earlier on a tie.
    """
    direction = max({voice.direction for voice in voices}, key=lambda sign: (technical(voices, sign), sign), default=0)
    spoken = {source: value for source, value in (others or {}).items() if direction}
    if direction:
        spoken[Source.TECHNICAL] = technical(voices, direction)
    terms = {source.value: spoken.get(source, 0.0) for source in Source}
    fused = Parts(base=logit(base_rate), **terms).total
    probability = min(max(sigmoid(fused), LEAST), MOST)
    parts = Parts(base=logit(base_rate), **terms, calibration=0.0 if _inside(fused) else logit(probability) - fused)
    agreeing = [voice for voice in voices if voice.direction == direction]
    leading = max(agreeing, key=lambda voice: voice.evidence, default=None)
    return Fused(direction, probability, parts, leading, tuple(source for source in Source if source not in spoken))


def technical(voices: Sequence[Voice], direction: int) -> float:
    """Mean evidence of the voices for one direction; 0 with none."""
    if not voices:
        return 0.0
    agreed = (voice.evidence if voice.direction == direction else min(0.0, -voice.evidence) for voice in voices)
    return sum(agreed) / len(voices)


def logit(probability: float) -> float:
    """log(p / (1 - p)) of a probability in (0, 1)."""
    return log(probability / (1 - probability))


def sigmoid(log_odds: float) -> float:
    """The probability of log-odds, without overflow at either end."""
    if log_odds >= 0:
        return 1 / (1 + exp(-log_odds))
    return exp(log_odds) / (1 + exp(log_odds))


def _inside(log_odds: float) -> bool:
    return logit(LEAST) <= log_odds <= logit(MOST)
