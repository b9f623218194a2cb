"""The market around a symbol, made from all the bars there are: an index where one is known, else the mean of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.forecast import market_returns
from tools.signals.bars import Bars, FloatArray, SessionArray
from tools.signals.evidence import INDICES, Surroundings

VIX = ("^VIX", "VIX")
"""Symbols of the volatility index: surroundings, never a market to make calls on."""
OF_ALL = "mean of all symbols"
LEAST_SYMBOLS = 3
"""With fewer symbols in a session there is no mean to stand out from."""


def surroundings(bars: Sequence[Bars]) -> Surroundings:
    """What `bars` (of all symbols known at an instant) say of the market as a whole.

    The index moves in each session by the log return of the first of `INDICES` with a bar in it and one before, else by
    the mean of all symbols with such bars, of at least `LEAST_SYMBOLS`. It is decided session by session, so that an
    index that begins later changes nothing of what was said before it.
    """
    by_symbol = {one.symbol: one for one in bars}
    vix = next((by_symbol[name] for name in VIX if name in by_symbol), None)
    indices = [by_symbol[name] for name in INDICES if name in by_symbol]
    sessions, moves = _mean_moves([one for one in bars if one.symbol not in (*VIX, *INDICES) and len(one) > 1])
    for index in reversed(indices):
        sessions, moves = _over((sessions, moves), market_returns([(index.sessions, index.series().close)]))
    return Surroundings(
        sessions,
        100 * np.exp(np.cumsum(moves)),
        indices[0].symbol if indices else OF_ALL,
        np.array([], dtype="datetime64[D]") if vix is None else vix.sessions,
        np.array([]) if vix is None else vix.close,
    )


def _mean_moves(bars: Sequence[Bars]) -> tuple[SessionArray, FloatArray]:
    sessions, moves = market_returns([(one.sessions, one.series().close) for one in bars])
    every = np.concatenate([one.sessions[1:] for one in bars]) if bars else sessions
    _, count = np.unique(every, return_counts=True)
    enough = count >= LEAST_SYMBOLS
    return sessions[enough], moves[enough]


def _over(
    below: tuple[SessionArray, FloatArray], above: tuple[SessionArray, FloatArray]
) -> tuple[SessionArray, FloatArray]:
    """Both together, by session; where both have one, that of `above`."""
    rest = ~np.isin(below[0], above[0])
    sessions = np.concatenate([below[0][rest], above[0]])
    order = np.argsort(sessions)
    return sessions[order], np.concatenate([below[1][rest], above[1]])[order]
