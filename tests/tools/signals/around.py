"""The market around a symbol, made up for a test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.tools.signals.markets import walk
from tools.signals.bars import Bars
from tools.signals.evidence import Surroundings


def surroundings(index: Bars, vix: np.ndarray | None = None) -> Surroundings:
    """`index` as the index, and a VIX on its sessions where given."""
    known = np.array([]) if vix is None else vix
    return Surroundings(index.sessions, index.close, index.symbol, index.sessions[: len(known)], known)


def holed(seed: int, bars: int) -> Surroundings:
    """A random index and VIX, each without some sessions and without a value on some others."""
    chance = np.random.default_rng(seed)
    index = walk(seed + 1, bars, "INDEX")
    found = []
    for values in (index.close, 20 * np.exp(np.cumsum(0.07 * chance.standard_normal(bars)) / 3)):
        gone, missing = chance.random((2, bars)) < 0.03
        found += [index.sessions[~gone], np.where(missing, np.nan, values)[~gone]]
    return Surroundings(found[0], found[1], "INDEX", found[2], found[3])


def before(around: Surroundings, day: np.datetime64) -> Surroundings:
    """What was known of it at the close of `day`."""
    level, vix = around.sessions <= day, around.vix_sessions <= day
    return replace(
        around,
        sessions=around.sessions[level],
        level=around.level[level],
        vix_sessions=around.vix_sessions[vix],
        vix=around.vix[vix],
    )
