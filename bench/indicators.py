"""The indicators' speed: all that the strategies use, over ten years of one symbol, beside others of the same.

The prices are a random walk: how long an indicator takes does not hang on where the price goes. The trailing rank is a
row of its own, because TA-Lib has none.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import talib

from bench.measure import Measured, measure
from tools.signals import indicators
from tools.signals.bars import Bars, FloatArray
from tools.signals.strategies import Parameters

YEARS_10 = 2520
PEER = "pandas-ta-classic"
P = Parameters()
AVERAGES = (P.trend_fast, P.trend_slow, P.reversion_trend_length)


def prices(seed: int, count: int) -> Bars:
    """A random walk of `count` sessions."""
    chance = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(0.015 * chance.standard_normal(count)))
    opened = np.concatenate([[100.0], close[:-1]]) * np.exp(0.005 * chance.standard_normal(count))
    high, low = np.maximum(opened, close) * 1.005, np.minimum(opened, close) * 0.995
    volume = np.round(1e6 * np.exp(0.5 * chance.standard_normal(count)))
    sessions = np.datetime64("2010-01-04") + np.arange(count)
    return Bars(f"S{seed}", sessions, opened, high, low, close, close.copy(), volume)


@cache
def ten_years() -> Bars:
    """The prices that every row but the last is measured on."""
    return prices(0, YEARS_10)


def ours(bars: Bars) -> None:
    """Every indicator of every strategy once."""
    high, low, close = bars.high, bars.low, bars.close
    for length in AVERAGES:
        indicators.sma(close, length)
    indicators.sma(bars.volume, P.breakout_length)
    indicators.adx(high, low, close, P.trend_adx_length)
    indicators.atr(high, low, close, P.atr_length)
    indicators.rsi(close, P.momentum_rsi_length)
    indicators.rsi(close, P.reversion_rsi_length)
    indicators.macd(close, *P.momentum_macd)
    indicators.roc(close, P.momentum_roc_length)
    indicators.bollinger(close, P.reversion_band_length, P.reversion_band_width)
    indicators.donchian(high, low, P.breakout_length)
    indicators.squeeze(high, low, close, P.squeeze_length, P.squeeze_ratio)
    indicators.volatility(close, P.squeeze_length)


def bare(bars: Bars) -> None:
    """The same by TA-Lib's own calls."""
    high, low, close = bars.high, bars.low, bars.close
    fast, slow, signal = P.momentum_macd
    for length in AVERAGES:
        talib.SMA(close, length)
    talib.SMA(bars.volume, P.breakout_length)
    for movement in (talib.ADX, talib.PLUS_DI, talib.MINUS_DI):
        movement(high, low, close, P.trend_adx_length)
    talib.ATR(high, low, close, P.atr_length)
    talib.RSI(close, P.momentum_rsi_length)
    talib.RSI(close, P.reversion_rsi_length)
    talib.MACD(close, fast, slow, signal)
    talib.ROC(close, P.momentum_roc_length)
    talib.BBANDS(close, P.reversion_band_length, P.reversion_band_width, P.reversion_band_width)
    talib.MAX(high, P.breakout_length)
    talib.MIN(low, P.breakout_length)
    talib.STDDEV(close, P.squeeze_length)
    talib.ATR(high, low, close, P.squeeze_length)
    talib.STDDEV(talib.ROCP(close, 1), P.squeeze_length)


def in_pandas(ta: Any, bars: Bars, *, through_talib: bool) -> Callable[[], None]:
    """The same by pandas-ta-classic, by its own formulas or as a wrapper of TA-Lib."""
    import pandas as pd

    high, low, close, volume = (pd.Series(values) for values in (bars.high, bars.low, bars.close, bars.volume))
    by = {"talib": through_talib}
    fast, slow, signal = P.momentum_macd

    def run() -> None:
        for length in AVERAGES:
            ta.sma(close, length, **by)
        ta.sma(volume, P.breakout_length, **by)
        ta.adx(high, low, close, P.trend_adx_length, **by)
        ta.atr(high, low, close, P.atr_length, **by)
        ta.rsi(close, P.momentum_rsi_length, **by)
        ta.rsi(close, P.reversion_rsi_length, **by)
        ta.macd(close, fast, slow, signal, **by)
        ta.roc(close, P.momentum_roc_length, **by)
        ta.bbands(close, P.reversion_band_length, P.reversion_band_width, **by)
        ta.donchian(high, low, P.breakout_length, P.breakout_length)
        ta.stdev(close, P.squeeze_length, **by)
        ta.atr(high, low, close, P.squeeze_length, **by)
        ta.stdev(ta.percent_return(close, 1), P.squeeze_length, **by)

    return run


def beside_talib() -> Measured:
    """All indicators beside the bare calls."""
    bars = ten_years()
    return measure(
        "indicators of ten years",
        lambda: ours(bars),
        n=500,
        bound="ratio <= 1.2",
        peer="bare TA-Lib calls of the same",
        against=lambda: bare(bars),
    )


def _beside_pandas(*, through_talib: bool) -> Measured:
    bars, name = ten_years(), "indicators of ten years"
    ta = _pandas_ta()
    if ta is None:
        return measure(
            name, lambda: ours(bars), n=200, bound=f"{PEER} is not installed, so nothing is compared with it"
        )
    return measure(
        name,
        lambda: ours(bars),
        n=30,
        bound="" if through_talib else "ratio <= 0.02",
        peer=f"{PEER} as a wrapper of TA-Lib" if through_talib else f"{PEER} by its own formulas",
        against=in_pandas(ta, bars, through_talib=through_talib),
    )


def _pandas_ta() -> ModuleType | None:
    if importlib.util.find_spec("pandas_ta_classic") is None:
        return None
    with warnings.catch_warnings():
        # It reads the clock by a call that pandas is about to drop.
        warnings.simplefilter("ignore")
        return importlib.import_module("pandas_ta_classic")


def beside_pandas() -> Measured:
    """All indicators beside pandas-ta-classic's own formulas."""
    return _beside_pandas(through_talib=False)


def beside_pandas_over_talib() -> Measured:
    """All indicators beside pandas-ta-classic where it calls TA-Lib itself, as it does by default."""
    return _beside_pandas(through_talib=True)


def trailing_rank() -> Measured:
    """The rank of the volatility within the trailing year, beside pandas' rolling rank."""
    import pandas as pd

    values: FloatArray = indicators.volatility(ten_years().close, 20)
    column = pd.Series(values)
    return measure(
        "trailing rank of ten years",
        lambda: indicators.trailing_rank(values, 252, 60),
        n=200,
        bound="ratio <= 1",
        peer="pandas rolling rank",
        against=lambda: column.rolling(253, min_periods=61).rank(pct=True),
    )


def histories() -> Measured:
    """Every call of every strategy with its outcome, and every regime, of 88 symbols over five years."""
    from tools.signals.evidence import Surroundings
    from tools.signals.history import history
    from tools.signals.regime import RegimeRule

    market = [prices(seed, 1250) for seed in range(88)]
    index = prices(1000, 1250)
    around = Surroundings(index.sessions, index.close, "index", index.sessions, index.close / 5)

    def run() -> None:
        for bars in market:
            history(bars, P, RegimeRule(), around)

    return measure("histories of 88 symbols, 5 years", run, n=5, bound="p95 <= 3000 ms", warm=1)


MEASUREMENTS: dict[str, Callable[[], Measured]] = {
    "indicators": beside_talib,
    "indicators-pandas": beside_pandas,
    "indicators-pandas-talib": beside_pandas_over_talib,
    "rank": trailing_rank,
    "histories": histories,
}
