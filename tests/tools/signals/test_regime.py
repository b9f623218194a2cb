"""The regime: simple states on simple markets."""

import numpy as np

from tests.tools.signals.markets import from_closes
from tools.signals.regime import RegimeRule, Trend, Volatility, regimes

ZIGZAG = np.tile([0.01, -0.01], 200)


def state(returns, bar=-1):
    """The state after the last of some daily returns."""
    bars = from_closes(100 * np.cumprod(1 + np.asarray(returns)))
    return regimes(bars.series(), RegimeRule()).at(bars, len(bars) + bar)


def test_a_rise_is_up_a_fall_is_down_and_a_short_history_is_sideways():
    """Without an average to compare with, no trend is claimed."""
    assert state(ZIGZAG + 0.004).trend is Trend.UP
    assert state(ZIGZAG - 0.004).trend is Trend.DOWN
    assert state(ZIGZAG[:40] + 0.004).trend is Trend.SIDEWAYS


def test_a_pullback_below_the_average_in_a_rise_is_sideways():
    """Price and slope must agree."""
    assert state(np.concatenate([ZIGZAG + 0.004, [-0.15]])).trend is Trend.SIDEWAYS


def test_volatility_is_told_against_the_symbols_own_year():
    """The same 1 % day is wild for one symbol and calm for another."""
    calm, growing = ZIGZAG * 0.3, ZIGZAG * np.linspace(1, 2, 400)
    assert state(np.concatenate([growing, calm[:30]])).volatility is Volatility.LOW
    assert state(growing).volatility is Volatility.EXTREME
    assert state(ZIGZAG[:60]).volatility is Volatility.UNKNOWN


def test_since_is_the_first_session_of_the_unbroken_run():
    """A change of state is an event with a date."""
    returns = np.concatenate([ZIGZAG - 0.004, ZIGZAG[:100] + 0.01])
    bars = from_closes(100 * np.cumprod(1 + returns))
    known = regimes(bars.series(), RegimeRule())
    found = known.at(bars, len(bars) - 1)
    start = int(np.searchsorted(bars.sessions, np.datetime64(found.since)))
    same = (known.trend == known.trend[-1]) & (known.volatility == known.volatility[-1])
    assert 400 < start < len(bars)
    assert same[start:].all()
    assert not same[start - 1]
