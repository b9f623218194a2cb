"""How probabilities are judged: proper scores, calibration and rank correlation, in numpy alone.

p are probabilities in (0, 1), y outcomes that are 0 or 1, arrays of one length.
"""

from __future__ import annotations

import numpy as np

from tools.signals.bars import FloatArray, IntArray

ECE_BINS = 15


def squared_error(p: FloatArray, y: FloatArray) -> FloatArray:
    """(p - y)^2 of each call; its mean is the Brier score (Brier 1950)."""
    return (p - y) ** 2


def log_loss(p: FloatArray, y: FloatArray) -> FloatArray:
    """-log of the probability given to what happened, of each call, in nats."""
    return -np.log(np.where(y > 0.5, p, 1 - p))


def equal_count_bins(p: FloatArray, bins: int = ECE_BINS) -> tuple[IntArray, ...]:
    """Rows in `bins` groups of rising probability whose sizes differ by one at most; no group is empty.

    Equal probabilities keep their order, so that a group's border may run through them.
    """
    order = np.argsort(p, kind="stable").astype(np.int64)
    return tuple(part for part in np.array_split(order, bins) if len(part))


def calibration_error(p: FloatArray, y: FloatArray, bins: int = ECE_BINS) -> float:
    """Expected calibration error: mean over equal-count bins, by size, of |mean probability - share that came true|."""
    return sum(abs(float((p[rows] - y[rows]).sum())) for rows in equal_count_bins(p, bins)) / len(p)


def ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def spearman(first: FloatArray, second: FloatArray) -> float:
    """Spearman's rank correlation: Pearson's of the ranks; NaN where one of the two is constant or there is no pair."""
    if len(first) < 2:
        return float("nan")
    a, b = ranks(first), ranks(second)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else float("nan")
