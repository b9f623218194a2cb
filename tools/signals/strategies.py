"""Named technical strategies: each a small pure function from prices to a direction at every bar, with its barriers.

Every first target lies as far from the entry as the stop, and the distance grows with the root of the horizon. So all
families ask the same question of the market (which of two equally distant prices comes first, within the time a random
walk needs for it), and one base rate is comparable across them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import blake2b

import numpy as np

from tools.signals import indicators
from tools.signals.bars import BoolArray, DirectionArray, FloatArray, Series

MIN_BARS = 60
"""Bars a symbol needs before any strategy speaks of it."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every number the strategies use. Lengths and horizons in sessions; stop distances in average true ranges."""

    atr_length: int = 14
    target_multiples: tuple[float, ...] = (1.0, 2.0)
    """Distances of the targets in stop distances (R)."""

    trend_fast: int = 20
    trend_slow: int = 50
    trend_adx_length: int = 14
    trend_adx_least: float = 20.0
    trend_stop: float = 2.5
    trend_horizon: int = 20

    momentum_rsi_length: int = 14
    momentum_rsi_margin: float = 5.0
    """Distance of RSI from 50 that counts."""
    momentum_macd: tuple[int, int, int] = (12, 26, 9)
    momentum_roc_length: int = 20
    momentum_stop: float = 1.75
    momentum_horizon: int = 10

    reversion_band_length: int = 20
    reversion_band_width: float = 2.0
    reversion_band_share: float = 0.1
    """Outer share of the band (per cent b) that counts as stretched."""
    reversion_rsi_length: int = 2
    reversion_rsi_margin: float = 40.0
    """Distance of RSI from 50 that counts: 40 means below 10 or above 90."""
    reversion_trend_length: int = 200
    reversion_stop: float = 1.25
    reversion_horizon: int = 5

    breakout_length: int = 20
    breakout_volume_ratio: float = 1.2
    """Volume over the mean of the preceding `breakout_length` sessions."""
    breakout_stop: float = 2.5
    breakout_horizon: int = 20

    def digest(self) -> str:
        """Eight hexadecimal characters that change with any parameter."""
        return blake2b(repr(sorted(asdict(self).items())).encode(), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One indicator a strategy looked at, over all bars; `unit` "price" is on the `Series` scale."""

    name: str
    unit: str
    values: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Play:
    """What a strategy says at every bar of one symbol."""

    directions: DirectionArray
    stop_distance: FloatArray
    """Distance from the close to the stop, on the `Series` scale; NaN while warming up."""
    target_multiples: tuple[float, ...]
    """Target distances in stop distances."""
    horizon: int
    """Sessions after the call's own in which the first target must trade."""
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy's name, its function, and how to say it."""

    name: str
    title: str
    play: Callable[[Series, Parameters], Play]


def _play(
    long: BoolArray, short: BoolArray, series: Series, p: Parameters, stop: float, horizon: int, *readings: Reading
) -> Play:
    distance = stop * indicators.atr(series.high, series.low, series.close, p.atr_length)
    directions = long.astype(np.int8) - short.astype(np.int8)
    directions[: MIN_BARS - 1] = 0
    # Without a true range there is no stop, so there is no call.
    directions[~(distance > 0)] = 0
    return Play(directions, distance, p.target_multiples, horizon, readings)


def trend(series: Series, p: Parameters) -> Play:
    """Trend following: moving-average cross confirmed by directional movement.

    long = SMA(20) > SMA(50) and ADX(14) >= 20 and +DI > -DI and close > SMA(50); short mirrored.
    Source: Wilder, New Concepts in Technical Trading Systems (1978), for ADX; Brock, Lakonishok and LeBaron (1992) for
    the cross.
    """
    fast, slow = indicators.sma(series.close, p.trend_fast), indicators.sma(series.close, p.trend_slow)
    move = indicators.adx(series.high, series.low, series.close, p.trend_adx_length)
    strong = move.adx >= p.trend_adx_least
    long = (fast > slow) & strong & (move.plus > move.minus) & (series.close > slow)
    short = (fast < slow) & strong & (move.plus < move.minus) & (series.close < slow)
    return _play(
        long,
        short,
        series,
        p,
        p.trend_stop,
        p.trend_horizon,
        Reading(f"{p.trend_fast}-session average", "price", fast),
        Reading(f"{p.trend_slow}-session average", "price", slow),
        Reading(f"ADX({p.trend_adx_length})", "index 0-100", move.adx),
    )


def momentum(series: Series, p: Parameters) -> Play:
    """Momentum: three measures of recent strength agree.

    long = RSI(14) > 55 and MACD(12, 26, 9) histogram > 0 and ROC(20) > 0; short = RSI < 45, histogram < 0, ROC < 0.
    Source: Wilder (1978) for RSI, Appel (1979) for MACD; Jegadeesh and Titman (1993) for the effect, over months.
    """
    strength = indicators.rsi(series.close, p.momentum_rsi_length)
    histogram = indicators.macd(series.close, *p.momentum_macd).histogram
    change = indicators.roc(series.close, p.momentum_roc_length)
    long = (strength > 50 + p.momentum_rsi_margin) & (histogram > 0) & (change > 0)
    short = (strength < 50 - p.momentum_rsi_margin) & (histogram < 0) & (change < 0)
    return _play(
        long,
        short,
        series,
        p,
        p.momentum_stop,
        p.momentum_horizon,
        Reading(f"RSI({p.momentum_rsi_length})", "index 0-100", strength),
        Reading("MACD histogram", "price", histogram),
        Reading(f"{p.momentum_roc_length}-session change", "%", change),
    )


def mean_reversion(series: Series, p: Parameters) -> Play:
    """Mean reversion: a short, sharp move against the long trend, stretched to the edge of its band.

    per cent b = (close - lower) / (upper - lower) of Bollinger(20, 2).
    long = RSI(2) < 10 and per cent b < 0.1 and close > SMA(200);
    short = RSI(2) > 90 and per cent b > 0.9 and close < SMA(200).
    Source: Connors and Alvarez, Short Term Trading Strategies That Work (2008), for RSI-2; Bollinger (1983).
    """
    band = indicators.bollinger(series.close, p.reversion_band_length, p.reversion_band_width)
    width = band.upper - band.lower
    place = np.divide(series.close - band.lower, width, out=np.full_like(width, np.nan), where=width > 0)
    strength = indicators.rsi(series.close, p.reversion_rsi_length)
    average = indicators.sma(series.close, p.reversion_trend_length)
    margin, share = p.reversion_rsi_margin, p.reversion_band_share
    long = (strength < 50 - margin) & (place < share) & (series.close > average)
    short = (strength > 50 + margin) & (place > 1 - share) & (series.close < average)
    return _play(
        long,
        short,
        series,
        p,
        p.reversion_stop,
        p.reversion_horizon,
        Reading(f"RSI({p.reversion_rsi_length})", "index 0-100", strength),
        Reading("place in the Bollinger band", "share of its width", place),
        Reading(f"{p.reversion_trend_length}-session average", "price", average),
    )


def breakout(series: Series, p: Parameters) -> Play:
    """Breakout: a close outside the preceding channel on more than usual volume.

    long = close > highest high of the 20 sessions before and volume >= 1.2 times their mean volume; short mirrored.
    Source: Donchian's four-week rule; Faith, Way of the Turtle (2007).
    """
    channel = indicators.donchian(series.high, series.low, p.breakout_length)
    usual = indicators.shifted(indicators.sma(series.volume, p.breakout_length))
    ratio = np.divide(series.volume, usual, out=np.full_like(usual, np.nan), where=usual > 0)
    busy = ratio >= p.breakout_volume_ratio
    return _play(
        (series.close > channel.upper) & busy,
        (series.close < channel.lower) & busy,
        series,
        p,
        p.breakout_stop,
        p.breakout_horizon,
        Reading(f"{p.breakout_length}-session high before", "price", channel.upper),
        Reading(f"{p.breakout_length}-session low before", "price", channel.lower),
        Reading("volume over usual", "times", ratio),
    )


STRATEGIES: tuple[Strategy, ...] = (
    Strategy("trend", "Trend following", trend),
    Strategy("momentum", "Momentum", momentum),
    Strategy("mean_reversion", "Mean reversion", mean_reversion),
    Strategy("breakout", "Breakout", breakout),
)
"""Every strategy, in the order they are shown."""
