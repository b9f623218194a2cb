"""Directional strategies: each a small pure function from prices to a direction at every bar, with its barriers.

Every first target lies as far from the entry as the stop, and the distance grows with the root of the horizon. So all
of them ask the same question of the market (which of two equally distant prices comes first, within the time a random
walk needs for it), and one base rate is comparable across them.
"""

from __future__ import annotations

import numpy as np

from tools.signals import indicators
from tools.signals.bars import FloatArray, Series
from tools.signals.play import Context, Play, Reading, barred
from tools.signals.strategy_parameters import Parameters


def trend(series: Series, _: Context, p: Parameters) -> Play:
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
    return barred(
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


def momentum(series: Series, _: Context, p: Parameters) -> Play:
    """Momentum: three measures of recent strength agree.

    long = RSI(14) > 55 and MACD(12, 26, 9) histogram > 0 and ROC(20) > 0; short = RSI < 45, histogram < 0, ROC < 0.
    Source: Wilder (1978) for RSI, Appel (1979) for MACD; Jegadeesh and Titman (1993) for the effect, over months.
    """
    strength = indicators.rsi(series.close, p.momentum_rsi_length)
    histogram = indicators.macd(series.close, *p.momentum_macd).histogram
    change = indicators.roc(series.close, p.momentum_roc_length)
    long = (strength > 50 + p.momentum_rsi_margin) & (histogram > 0) & (change > 0)
    short = (strength < 50 - p.momentum_rsi_margin) & (histogram < 0) & (change < 0)
    return barred(
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


def mean_reversion(series: Series, _: Context, p: Parameters) -> Play:
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
    return barred(
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


def breakout(series: Series, _: Context, p: Parameters) -> Play:
    """Breakout: a close outside the preceding channel on more than usual volume.

    long = close > highest high of the 20 sessions before and volume >= 1.2 times their mean volume; short mirrored.
    Source: Donchian's four-week rule; Faith, Way of the Turtle (2007).
    """
    channel = indicators.donchian(series.high, series.low, p.breakout_length)
    ratio = _volume_ratio(series, p.breakout_length)
    busy = ratio >= p.breakout_volume_ratio
    return barred(
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


def contraction(series: Series, _: Context, p: Parameters) -> Play:
    """Volatility contraction: the first close out of the range that the price was squeezed into.

    squeeze = 2 standard deviations of 20 closes < 1.5 ATR(20), see `indicators.squeeze`.
    long = squeeze at the close before, which lay within the range of the 20 sessions before *it*, and close > highest
    high of the 20 sessions before; short mirrored.
    Source: Bollinger, Bollinger on Bollinger Bands (2001), ch. 15; Carter, Mastering the Trade (2005), for the measure.
    """
    tight = indicators.squeeze(series.high, series.low, series.close, p.squeeze_length, p.squeeze_ratio)
    channel = indicators.donchian(series.high, series.low, p.contraction_range)
    above, below = series.close > channel.upper, series.close < channel.lower
    due = np.zeros(len(tight), dtype=np.bool_)
    due[1:] = (tight & ~above & ~below)[:-1]
    return barred(
        above & due,
        below & due,
        series,
        p,
        p.contraction_stop,
        p.contraction_horizon,
        Reading(f"{p.contraction_range}-session high before", "price", channel.upper),
        Reading(f"{p.contraction_range}-session low before", "price", channel.lower),
    )


def gap(series: Series, _: Context, p: Parameters) -> Play:
    """Opening gap that holds to the close, on more than usual volume.

    long = the lower of open and close lies at least 0.5 ATR(14) of the day before above the close of the day before,
    and volume >= 1.5 times the mean of the 20 sessions before; short mirrored. Total-return prices: the fall on an
    ex-dividend day is no gap.
    Source: Crabel, Day Trading with Short Term Price Patterns (1990), for gaps that are not filled; Bernard and Thomas
    (1989) for the drift after news.
    """
    before = indicators.shifted(series.close)
    reach = indicators.shifted(indicators.atr(series.high, series.low, series.close, p.atr_length))
    ratio = _volume_ratio(series, p.gap_volume_length)
    up, down = np.minimum(series.open, series.close) - before, before - np.maximum(series.open, series.close)
    # A gap of nothing over a range of nothing is none.
    real = (reach > 0) & (ratio >= p.gap_volume_ratio)
    opened = np.divide(series.open - before, reach, out=np.full_like(reach, np.nan), where=reach > 0)
    return barred(
        (up >= p.gap_least * reach) & real,
        (down >= p.gap_least * reach) & real,
        series,
        p,
        p.gap_stop,
        p.gap_horizon,
        Reading("opening gap", "average true ranges", opened),
        Reading("close before the gap", "price", before),
        Reading("volume over usual", "times", ratio),
    )


def relative_strength(series: Series, context: Context, p: Parameters) -> Play:
    """Relative strength: the symbol beats its market, more than it usually does, and has done so steadily.

    ratio = ln(close / index), on the sessions that both have; relative = ratio - ratio 63 sessions before.
    long = ratio > SMA(ratio, 63) and that average is above where it was 10 sessions before and relative >= ln(1.01) and
    relative ranks above 0.8 of the trailing year's; short mirrored. Silent where the index is not known.
    Source: Levy (1967), Relative Strength as a Criterion for Investment Selection; Jegadeesh and Titman (1993).
    """
    both = np.flatnonzero(np.isfinite(context.index))
    ratio = np.log(series.close[both] / context.index[both])
    average = indicators.sma(ratio, p.relative_length)
    rising = average - indicators.shifted(average, p.relative_slope)
    relative = ratio - indicators.shifted(ratio, p.relative_length)
    rank = indicators.trailing_rank(relative, p.relative_year, p.relative_least)
    least, share = np.log1p(p.relative_return_least), p.relative_rank_share
    long = (ratio > average) & (rising > 0) & (relative >= least) & (rank > 1 - share)
    short = (ratio < average) & (rising < 0) & (relative <= -least) & (rank < share)

    def spread(values: FloatArray) -> FloatArray:
        everywhere = np.full(len(series.close), np.nan)
        everywhere[both] = values
        return everywhere

    return barred(
        spread(long.astype(np.float64)) == 1,
        spread(short.astype(np.float64)) == 1,
        series,
        p,
        p.relative_stop,
        p.relative_horizon,
        Reading(f"{p.relative_length}-session return relative to the index", "%", spread(100 * np.expm1(relative))),
        Reading("its rank in the trailing year", "share", spread(rank)),
        Reading(
            f"ratio to the index over its {p.relative_length}-session average",
            "%",
            spread(100 * np.expm1(ratio - average)),
        ),
    )


def _volume_ratio(series: Series, length: int) -> FloatArray:
    """Volume over the mean of the `length` sessions before; NaN without any volume in those."""
    usual = indicators.shifted(indicators.sma(series.volume, length))
    return np.divide(series.volume, usual, out=np.full_like(usual, np.nan), where=usual > 0)
