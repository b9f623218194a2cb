"""Technical indicators on float64 arrays: TA-Lib, named and narrowed. Every one is causal and keeps its input's length.

Element t rests on elements <= t only; warm-up elements are NaN, and comparisons with NaN are false.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
import talib

from tools.signals.bars import BoolArray, FloatArray

SESSIONS_A_YEAR = 252


class Macd(NamedTuple):
    """Moving-average convergence divergence, in price units."""

    line: FloatArray
    signal: FloatArray
    histogram: FloatArray


class Bands(NamedTuple):
    """An upper, a middle and a lower line, in price units."""

    upper: FloatArray
    middle: FloatArray
    lower: FloatArray


class Channel(NamedTuple):
    """The bounds of a range, in price units."""

    upper: FloatArray
    lower: FloatArray


class Directional(NamedTuple):
    """Wilder's directional movement, each 0-100."""

    adx: FloatArray
    plus: FloatArray
    minus: FloatArray


def sma(values: FloatArray, length: int) -> FloatArray:
    """Simple moving average over `length` bars."""
    return talib.SMA(values, length)


def ema(values: FloatArray, length: int) -> FloatArray:
    """Exponential moving average, smoothing 2 / (length + 1), seeded with the first simple average."""
    return talib.EMA(values, length)


def adx(high: FloatArray, low: FloatArray, close: FloatArray, length: int) -> Directional:
    """Average directional index with +DI and -DI (Wilder 1978)."""
    return Directional(
        talib.ADX(high, low, close, length),
        talib.PLUS_DI(high, low, close, length),
        talib.MINUS_DI(high, low, close, length),
    )


def atr(high: FloatArray, low: FloatArray, close: FloatArray, length: int) -> FloatArray:
    """Average true range (Wilder 1978), in price units."""
    return talib.ATR(high, low, close, length)


def rsi(close: FloatArray, length: int) -> FloatArray:
    """Relative strength index (Wilder 1978), 0-100."""
    return talib.RSI(close, length)


def macd(close: FloatArray, fast: int, slow: int, signal: int) -> Macd:
    """EMA(fast) - EMA(slow), its EMA(signal), and the difference of the two (Appel 1979)."""
    return Macd(*talib.MACD(close, fast, slow, signal))


def roc(close: FloatArray, length: int) -> FloatArray:
    """Rate of change over `length` bars, in per cent."""
    return talib.ROC(close, length)


def bollinger(close: FloatArray, length: int, width: float) -> Bands:
    """SMA(length) and `width` population standard deviations either side of it (Bollinger 1983)."""
    return Bands(*talib.BBANDS(close, length, width, width))


def donchian(high: FloatArray, low: FloatArray, length: int) -> Channel:
    """Highest high and lowest low of the `length` bars *before* each bar (Donchian)."""
    return Channel(shifted(talib.MAX(high, length)), shifted(talib.MIN(low, length)))


def shifted(values: FloatArray, bars: int = 1) -> FloatArray:
    """The value `bars` before at each bar; NaN on the first `bars`."""
    found = np.empty(len(values))
    found[:bars] = np.nan
    found[bars:] = values[: max(len(values) - bars, 0)]
    return found


def squeeze(high: FloatArray, low: FloatArray, close: FloatArray, length: int, ratio: float) -> BoolArray:
    """Whether two standard deviations of the close are less than `ratio` average true ranges, both over `length` bars.

    That is, whether Bollinger(length, 2) lies inside Keltner(length, ratio): volatility has contracted (Carter,
    Mastering the Trade, 2005). False while warming up and where there is no range at all.
    """
    return 2 * talib.STDDEV(close, length) < ratio * atr(high, low, close, length)


def volatility(close: FloatArray, length: int) -> FloatArray:
    """Annualised standard deviation of simple daily returns over `length` bars, in per cent."""
    return 100 * sqrt(SESSIONS_A_YEAR) * talib.STDDEV(talib.ROCP(close, 1), length)


def trailing_rank(values: FloatArray, length: int, least: int) -> FloatArray:
    """Share (0-1) of the up to `length` earlier values that lie below each value; NaN with fewer than `least`."""
    count = len(values)
    padded = np.concatenate([np.full(length, np.nan), values])
    # Row k holds, for every bar, the value `length - k` bars before it: rows of a bar's length compare and add fast.
    earlier = np.lib.stride_tricks.sliding_window_view(padded, count)[:length]
    holds_the_count = np.uint8 if length <= np.iinfo(np.uint8).max else np.int64
    below = np.sum((earlier < values).view(np.uint8), axis=0, dtype=holds_the_count)
    finite = np.isfinite(values)
    total = np.concatenate([[0], np.cumsum(finite)])
    bar = np.arange(count)
    known = total[bar] - total[np.maximum(bar - length, 0)]
    return np.where((known >= least) & finite, below / np.maximum(known, 1), np.nan)
