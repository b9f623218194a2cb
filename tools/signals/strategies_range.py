"""Strategies that bet on how far the price will be from here at the horizon, and not on which side.

The breakevens lie at close +/- width * sigma * sqrt(horizon), sigma being the standard deviation of daily returns that
the regime's volatility is made of, as a share of the close.
"""

from __future__ import annotations

import numpy as np

from tools.signals import indicators
from tools.signals.bars import BoolArray, FloatArray, Series
from tools.signals.calls import Direction
from tools.signals.play import Context, Play, Reading, ranged
from tools.signals.regime import TRENDS, Trend
from tools.signals.strategy_parameters import Parameters


def iron_condor(series: Series, context: Context, p: Parameters) -> Play:
    """Iron condor: options are dear while the price goes nowhere, so sell the range.

    neutral = the regime's trend is sideways and its volatility rank >= 0.75 and no squeeze is in force (one would say
    that a move is due). Breakevens at one standard deviation of the 20-session move.
    Source: Natenberg, Option Volatility and Pricing (2nd ed. 2014), on selling high implied volatility; realised
    volatility stands for it, as implied volatility is not in the bars.
    """
    known = context.regimes
    sideways = known.trend == TRENDS.index(Trend.SIDEWAYS)
    said = sideways & (known.rank >= p.condor_rank_least) & ~_squeezed(series, p)
    half = _half_width(series, context, p.condor_width, p.condor_horizon)
    return ranged(said, Direction.NEUTRAL, half, p.condor_width, p.condor_horizon, *_readings(context, half))


def straddle(series: Series, context: Context, p: Parameters) -> Play:
    """Straddle: options are cheap and volatility has contracted, so buy a move either way.

    volatile = the regime's volatility rank < 0.25 and a squeeze is in force. Breakevens at 0.8 standard deviations of
    the 20-session move.
    Source: Natenberg (2014) on buying low implied volatility; Engle (1982) for volatility that comes back to its mean.
    """
    said = (context.regimes.rank < p.straddle_rank_most) & _squeezed(series, p)
    half = _half_width(series, context, p.straddle_width, p.straddle_horizon)
    return ranged(said, Direction.VOLATILE, half, p.straddle_width, p.straddle_horizon, *_readings(context, half))


def _squeezed(series: Series, p: Parameters) -> BoolArray:
    return indicators.squeeze(series.high, series.low, series.close, p.squeeze_length, p.squeeze_ratio)


def _half_width(series: Series, context: Context, width: float, horizon: int) -> FloatArray:
    annual = context.regimes.annual_volatility / 100
    return width * series.close * annual * np.sqrt(horizon / indicators.SESSIONS_A_YEAR)


def _readings(context: Context, half_width: FloatArray) -> tuple[Reading, ...]:
    return (
        Reading("annualised 20-session volatility", "%", context.regimes.annual_volatility),
        Reading("its rank in the trailing year", "share", context.regimes.rank),
        Reading("distance to a breakeven", "price", half_width),
    )
