"""The market around a symbol, made from all the bars there are: an index where one is known, else the mean of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.forecast import market_returns
from tools.signals.bars import Bars
from tools.signals.evidence import Surroundings

INDICES = ("SPY", "^GSPC", "SPX", "IVV", "VOO")
"""Symbols that stand for the whole market, the first known one does."""
VIX = ("^VIX", "VIX")
"""Symbols of the volatility index: surroundings, never a market to make calls on."""
OF_ALL = "mean of all symbols"
LEAST_SYMBOLS = 3
"""Fewer symbols than this have no mean to stand out from."""


def surroundings(bars: Sequence[Bars]) -> Surroundings:
    """What `bars` (of all symbols known at an instant) say of the market as a whole.

    The index is a known one's closes, or grows by the mean log return of all symbols with a bar in a session and one
    before it; of fewer than `LEAST_SYMBOLS` symbols there is none. Earlier sessions do not hang on later ones.
    """
    by_symbol = {one.symbol: one for one in bars}
    vix = next((by_symbol[name] for name in VIX if name in by_symbol), None)
    index = next((by_symbol[name] for name in INDICES if name in by_symbol), None)
    if index is not None:
        sessions, level, name = index.sessions, index.series().close, index.symbol
    else:
        others = [one for one in bars if one.symbol not in VIX and len(one) > 1]
        sessions, moves = market_returns([(one.sessions, one.series().close) for one in others])
        if len(others) < LEAST_SYMBOLS:
            sessions, moves = sessions[:0], moves[:0]
        level, name = 100 * np.exp(np.cumsum(moves)), OF_ALL
    return Surroundings(
        sessions,
        level,
        name,
        np.array([], dtype="datetime64[D]") if vix is None else vix.sessions,
        np.array([]) if vix is None else vix.close,
    )
