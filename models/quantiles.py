"""What quantiles of a return say: how likely a rise is, how far it goes, and how wrong they were.

Quantiles are rows of rising values at rising levels in (0, 1). Between two of them the distribution is taken as linear;
beyond the outermost it goes on as a normal one would, so that no probability is ever exactly 0 or 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS: tuple[float, ...] = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""The levels that every forecaster answers with; symmetric around one half."""
LEAST, MOST = 0.01, 0.99
"""Bounds of a probability read off quantiles: eleven levels cannot tell 99 % from certainty."""
_NORMAL = NormalDist()
_FINE = tuple((place + 0.5) / 100 for place in range(100))


@cache
def normal_points(levels: tuple[float, ...] = LEVELS) -> tuple[float, ...]:
    """The standard normal's quantiles at `levels`."""
    return tuple(_NORMAL.inv_cdf(level) for level in levels)


@cache
def _scores(levels: tuple[float, ...]) -> Floats:
    """The same as an array, made once."""
    points = np.array(normal_points(levels))
    points.setflags(write=False)
    return points


def monotone(values: Floats) -> Floats:
    """The same values in rising order along the last axis: rearranging crossed quantiles never makes them worse."""
    return np.sort(values, axis=-1)


def p_up(quantiles: Floats, levels: Sequence[float] = LEVELS) -> float:
    """The probability of a return above zero, from rising quantiles."""
    # On the normal's own scale a distribution is close to a line, which carries over into the tails.
    points, scores = np.asarray(quantiles, dtype=np.float64), _scores(tuple(levels))
    if points[-1] <= points[0]:
        return 0.5 if points[0] == 0 else MOST if points[0] > 0 else LEAST
    # Of equal quantiles the last one counts from below and the first from above: zero is half way.
    low, high = (_scores_at_zero(points, scores, side) for side in ("left", "right"))
    return min(MOST, max(LEAST, 1 - _NORMAL.cdf((low + high) / 2)))


def expected_move(quantiles: Floats, levels: Sequence[float] = LEVELS) -> float:
    """The mean size of the return, whichever way it goes, in the quantiles' own unit."""
    points, scores = np.asarray(quantiles, dtype=np.float64), _scores(tuple(levels))
    fine = _scores(_FINE)
    slope = (points[-1] - points[0]) / (scores[-1] - scores[0])
    beyond = np.minimum(fine - scores[0], 0) + np.maximum(fine - scores[-1], 0)
    return float(np.abs(np.interp(fine, scores, points) + slope * beyond).mean())


def pinball(quantiles: Floats, outcome: Floats, levels: Sequence[float] = LEVELS) -> Floats:
    """The mean pinball loss over the levels; `quantiles` has one more axis than `outcome`. Lower is better."""
    error = np.asarray(outcome)[..., None] - quantiles
    share = np.asarray(levels)
    return np.maximum(share * error, (share - 1) * error).mean(axis=-1)


def _scores_at_zero(points: Floats, scores: Floats, side: Literal["left", "right"]) -> float:
    """The normal score at which the quantiles cross zero, from one side; beyond the ends along the mean slope."""
    place = int(np.searchsorted(points, 0.0, side))
    if 0 < place < len(points):
        below, above = points[place - 1], points[place]
        share = (0.0 - below) / (above - below) if above > below else 0.0
        return float(scores[place - 1] + share * (scores[place] - scores[place - 1]))
    end = 0 if place == 0 else -1
    return float(scores[end] - points[end] * (scores[-1] - scores[0]) / (points[-1] - points[0]))
