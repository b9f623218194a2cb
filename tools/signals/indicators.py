"""Technical indicators on float64 arrays: TA-Lib, named and narrowed. Every one is causal and keeps its input's length.

Element t rests on elements <= t only; warm-up elements are NaN, and comparisons with NaN are false.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import talib

from tools.signals.bars import FloatArray

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


class Directional(NamedTuple):
    """Wilder's directional movement, each 0-100."""

    adx: FloatArray
    plus: FloatArray
    minus: FloatArray


def sma(values: FloatArray, length: int) -> FloatArray:
    """Simple moving average over `length` bars."""
    return talib.SMA(values, timeperiod=length)


def ema(values: FloatArray, length: int) -> FloatArray:
    """Exponential moving average, smoothing 2 / (length + 1), seeded with the first simple average."""
    return talib.EMA(values, timeperiod=length)


def adx(high: FloatArray, low: FloatArray, close: FloatArray, length: int) -> Directional:
    """Average directional index with +DI and -DI (Wilder 1978)."""
    return Directional(
        talib.ADX(high, low, close, timeperiod=length),
        talib.PLUS_DI(high, low, close, timeperiod=length),
        talib.MINUS_DI(high, low, close, timeperiod=length),
    )


def atr(high: FloatArray, low: FloatArray, close: FloatArray, length: int) -> FloatArray:
    """Average true range (Wilder 1978), in price units."""
    return talib.ATR(high, low, close, timeperiod=length)


def rsi(close: FloatArray, length: int) -> FloatArray:
    """Relative strength index (Wilder 1978), 0-100."""
    return talib.RSI(close, timeperiod=length)


def macd(close: FloatArray, fast: int, slow: int, signal: int) -> Macd:
    """EMA(fast) - EMA(slow), its EMA(signal), and the difference of the two (Appel 1979)."""
    return Macd(*talib.MACD(close, fastperiod=fast, slowperiod=slow, signalperiod=signal))


def roc(close: FloatArray, length: int) -> FloatArray:
    """Rate of change over `length` bars, in per cent."""
    return talib.ROC(close, timeperiod=length)


def bollinger(close: FloatArray, length: int, width: float) -> Bands:
    """SMA(length) and `width` population standard deviations either side of it (Bollinger 1983)."""
    return Bands(*talib.BBANDS(close, timeperiod=length, nbdevup=width, nbdevdn=width))


def donchian(high: FloatArray, low: FloatArray, length: int) -> Bands:
    """Highest high and lowest low of the `length` bars *before* each bar, and their mean (Donchian)."""
    upper, lower = shifted(talib.MAX(high, timeperiod=length)), shifted(talib.MIN(low, timeperiod=length))
    return Bands(upper, (upper + lower) / 2, lower)


def shifted(values: FloatArray) -> FloatArray:
    """The previous bar's value at each bar; NaN on the first."""
    return np.concatenate([[np.nan], values[:-1]])


def volatility(close: FloatArray, length: int) -> FloatArray:
    """Annualised standard deviation of simple daily returns over `length` bars, in per cent."""
    returns = close / shifted(close) - 1
    return 100 * np.sqrt(SESSIONS_A_YEAR) * talib.STDDEV(returns, timeperiod=length)


def trailing_rank(values: FloatArray, length: int, least: int) -> FloatArray:
    """Share (0-1) of the up to `length` earlier values that lie below each value; NaN with fewer than `least`."""
    padded = np.concatenate([np.full(length, np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)[: len(values)]
    known = np.isfinite(windows).sum(axis=1)
    below = (windows < values[:, None]).sum(axis=1)
    rank = below / np.maximum(known, 1)
    return np.where((known >= least) & np.isfinite(values), rank, np.nan)
