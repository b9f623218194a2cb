"""Calibration: from fused log-odds to the frequency with which such calls came true, fitted on resolved calls alone.

Two maps compete at every fit. *Platt* (1999): logit(p) = a + b z, with a mild pull towards a = 0, b = 1. *Isotonic*
(Zadrozny and Elkan 2002): the non-decreasing function closest to the outcomes, over blocks of at least `_LEAST_BLOCK`
independent calls, linear in between. Each is fitted on the earlier three quarters of the calls; the one with the lower
log loss on the last quarter is fitted again on all of them and used, if it saved more than `LEAST_ERRORS` standard
errors (blocks of months) over leaving the fused log-odds as they are. Otherwise they are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.forecast_record import standard_error
from tools.signals.bars import FloatArray, IntArray
from tools.signals.fusion import LEAST, MOST, log_losses, logits, sigmoids

LEAST_RESOLVED = 50
"""Resolved calls below which nothing is calibrated: the base rate is shown as it is."""
LEAST_MONTHS = 12
"""Months of calls held back that the choice of a map needs: fewer are one spell of one market."""
LEAST_ERRORS = 3.0
"""Standard errors by which a map must be better than none: a needless map costs more than a missed one."""
_HELD_BACK = 0.25
_PULL = 30.0
"""Independent calls' worth of curvature that holds Platt's map to the identity."""
_LEAST_BLOCK = 30.0
"""Independent calls in a block of the isotonic map, and as many that hold it to what was fused: a block whose calls
agree with one another by chance would otherwise be believed whole."""
_MOST_BLOCKS = 20
_BLOCK_MONTHS = 3
_STEPS = 25
_DIGITS = 6


class Calibrator(Protocol):
    """A map from fused log-odds to calibrated ones."""

    @property
    def name(self) -> str:
        """Base rate (too few calls), as fused, platt or isotonic."""
        ...

    def calibrated(self, fused: FloatArray) -> FloatArray:
        """Log-odds of the shown probability, within those of [0.01, 0.99]."""
        ...


@dataclass(frozen=True, slots=True)
class AsFused:
    """No map: the fused log-odds are shown. Before anything is weighed they are those of the base rate."""

    name: str = "as fused"

    def calibrated(self, fused: FloatArray) -> FloatArray:
        """The fused log-odds, within bounds."""
        return within(fused)


@dataclass(frozen=True, slots=True)
class Platt:
    """logit(p) = a + b z."""

    a: float
    b: float
    name: str = "platt"

    def calibrated(self, fused: FloatArray) -> FloatArray:
        """a + b z, within bounds."""
        return within(self.a + self.b * fused)


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A non-decreasing function through (z, log-odds) points, level beyond the first and the last."""

    z: tuple[float, ...]
    log_odds: tuple[float, ...]
    name: str = "isotonic"

    def calibrated(self, fused: FloatArray) -> FloatArray:
        """Linear between the points, within bounds."""
        return within(np.interp(fused, self.z, self.log_odds))


def within(log_odds: FloatArray) -> FloatArray:
    """Log-odds no further out than those of `LEAST` and `MOST`."""
    low, high = logits(np.array([LEAST, MOST]))
    return np.clip(log_odds, low, high)


def calibrator(fused: FloatArray, outcome: FloatArray, month: IntArray, worth: float) -> tuple[Calibrator, str]:
    """The map to use after these calls, and why.

    `fused` and `outcome` are of the calls, oldest first, `month` of each is counted from any origin, and `worth` is
    what one call is worth as independent evidence.
    """
    n = len(fused)
    if n < LEAST_RESOLVED:
        why = f"only {n} of {LEAST_RESOLVED} calls are resolved, so the base rate is shown as it is"
        return AsFused("base rate"), why
    cut = n - max(1, round(_HELD_BACK * n))
    early, late = slice(None, cut), slice(cut, None)
    as_is = log_losses(within(fused[late]), outcome[late])
    maps = {"platt": platt, "isotonic": isotonic}
    saved: dict[str, FloatArray] = {}
    for name, fit in maps.items():
        mapped = fit(fused[early], outcome[early], worth).calibrated(fused[late])
        saved[name] = as_is - log_losses(mapped, outcome[late])
    better = max(saved, key=lambda name: saved[name].mean())
    months, place = np.unique(month[late], return_inverse=True)
    if len(months) < LEAST_MONTHS:
        return AsFused(), f"only {len(months)} of {LEAST_MONTHS} months are held back to choose a map by"
    error = standard_error(np.bincount(place, weights=saved[better]) / np.bincount(place), block=_BLOCK_MONTHS)
    gain = float(saved[better].mean())
    told = f"{better} saved {gain:+.5f} (error {error:.5f}) of log loss on the last {n - cut:,} of {n:,} resolved calls"
    if not gain > LEAST_ERRORS * error:
        return AsFused(), f"{told}, which is no more than chance"
    return maps[better](fused, outcome, worth), told


def platt(fused: FloatArray, outcome: FloatArray, worth: float) -> Platt:
    """a and b of least log loss, by Newton's method from the identity."""
    a, b = 0.0, 1.0
    pull = _PULL / 4 / worth
    for _ in range(_STEPS):
        p = sigmoids(a + b * fused)
        miss, curve = p - outcome, p * (1 - p)
        slope = np.array([miss.sum() + pull * a, (miss * fused).sum() + pull * (b - 1)])
        cross = (curve * fused).sum()
        matrix = np.array([[curve.sum() + pull, cross], [cross, (curve * fused**2).sum() + pull]])
        step_a, step_b = np.linalg.solve(matrix, slope)
        a, b = a - float(step_a), b - float(step_b)
        if max(abs(step_a), abs(step_b)) < 1e-10:
            break
    # A map that turns the order round would call the less likely call the more likely one.
    return Platt(round(a, _DIGITS), round(b, _DIGITS)) if b >= 0 else Platt(_level(outcome), 0.0)


def _level(outcome: FloatArray) -> float:
    share = (outcome.sum() + 1) / (len(outcome) + 2)
    return round(float(np.log(share / (1 - share))), _DIGITS)


def isotonic(fused: FloatArray, outcome: FloatArray, worth: float) -> Isotonic:
    """Pooled adjacent violators over blocks of calls of like log-odds, each block held to what was fused of it."""
    order = np.argsort(fused, kind="stable")
    z, won = fused[order], outcome[order]
    blocks = min(max(1, int(len(z) * worth / _LEAST_BLOCK)), _MOST_BLOCKS)
    edges = np.unique(np.linspace(0, len(z), blocks + 1).astype(np.int64))
    counts = np.diff(edges).astype(np.float64)
    said = np.add.reduceat(sigmoids(z), edges[:-1]) / counts
    shares = (worth * np.add.reduceat(won, edges[:-1]) + _LEAST_BLOCK * said) / (worth * counts + _LEAST_BLOCK)
    middle = np.add.reduceat(z, edges[:-1]) / counts
    level = pooled(shares, counts)
    return Isotonic(tuple(np.round(middle, _DIGITS).tolist()), tuple(np.round(logits(level), _DIGITS).tolist()))


def pooled(values: FloatArray, weights: FloatArray) -> FloatArray:
    """The nearest non-decreasing values in weighted squares: adjacent violators pooled (Ayer et al. 1955)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, total, size = value, weight, 1
        while blocks and blocks[-1][0] >= mean:
            before, its_weight, its_size = blocks.pop()
            mean = (before * its_weight + mean * total) / (its_weight + total)
            total, size = total + its_weight, size + its_size
        blocks.append((mean, total, size))
    means = np.array([mean for mean, _, _ in blocks], dtype=np.float64)
    return np.repeat(means, np.array([size for _, _, size in blocks], dtype=np.int64))
