"""The regime: simple states on simple markets."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.around import holed, surroundings
from tests.tools.signals.markets import from_closes, walk
from tools.signals.regime import TRENDS, VOLATILITIES, RegimeRule, Trend, Volatility, changes, regimes

ZIGZAG = np.tile([0.01, -0.01], 200)
RULE = RegimeRule()


def bars_of(returns):
    """Bars with these daily returns."""
    return from_closes(100 * np.cumprod(1 + np.asarray(returns)))


def state(returns, around=None):
    """The state after the last of some daily returns."""
    bars = bars_of(returns)
    return regimes(bars, bars.series(), RULE, around).at(bars, len(bars) - 1)


def tense(count, last=60.0):
    """A market of `count` sessions whose VIX swings between 15 and 25 and ends at `last`."""
    return surroundings(
        bars_of(np.resize(ZIGZAG + 0.004, count)), np.append(20 + 5 * np.sin(np.arange(count - 1)), last)
    )


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
    bars = bars_of(np.concatenate([ZIGZAG - 0.004, ZIGZAG[:100] + 0.01]))
    known = regimes(bars, bars.series(), RULE)
    found = known.at(bars, len(bars) - 1)
    start = int(np.searchsorted(bars.sessions, np.datetime64(found.since)))
    same = (known.trend == known.trend[-1]) & (known.volatility == known.volatility[-1])
    assert 400 < start < len(bars)
    assert same[start:].all()
    assert not same[start - 1]


def test_an_extreme_vix_raises_the_volatility_state_by_one_step_and_nothing_else():
    """Low becomes normal, extreme stays, and what is not known is not guessed from the market."""
    calm = np.concatenate([ZIGZAG * np.linspace(1, 2, 400), ZIGZAG[:30] * 0.3])
    alone, fearful, quiet = state(calm), state(calm, tense(430)), state(calm, tense(430, last=20.0))
    assert (alone.volatility, quiet.volatility, fearful.volatility) == (
        Volatility.LOW,
        Volatility.LOW,
        Volatility.NORMAL,
    )
    assert fearful.volatility_rank == alone.volatility_rank
    assert (fearful.vix, fearful.vix_rank) == (60.0, 1.0)
    assert (alone.vix, alone.vix_rank, alone.market_trend) == (None, None, None)
    assert state(ZIGZAG * np.linspace(1, 2, 400), tense(400)).volatility is Volatility.EXTREME
    assert state(ZIGZAG[:60], tense(60)).volatility is Volatility.UNKNOWN


def test_the_vix_ranks_within_its_own_year_even_for_a_young_symbol():
    """A symbol listed last week still trades in a market that has a year."""
    young = tense(400)
    bars = from_closes([100.0, 101.0])
    late = replace(bars, sessions=young.sessions[-2:])
    found = regimes(late, late.series(), RULE, young).at(late, 1)
    assert (found.vix_rank, found.market_trend, found.trend) == (1.0, Trend.UP, Trend.SIDEWAYS)


def test_the_market_has_a_trend_of_its_own():
    """By the same rule, on the index's own sessions; unknown where the index has no value or no average yet."""
    falling = bars_of(ZIGZAG - 0.004)
    around = surroundings(falling)
    assert state(ZIGZAG + 0.004, around).market_trend is Trend.DOWN
    gone = around.level.copy()
    gone[[200, 399]] = np.nan
    bars = bars_of(ZIGZAG + 0.004)
    known = regimes(bars, bars.series(), RULE, replace(around, level=gone))
    assert known.at(bars, 399).market_trend is None
    assert known.at(bars, 398).market_trend is Trend.DOWN
    assert known.at(bars, 58).market_trend is None
    assert known.at(bars, 59).market_trend is Trend.DOWN


def test_surroundings_without_a_single_session_are_no_surroundings():
    """Nothing is known of the market, and nothing fails."""
    nothing = surroundings(from_closes([1.0]))
    nothing = replace(nothing, sessions=nothing.sessions[:0], level=nothing.level[:0])
    assert state(ZIGZAG, nothing) == state(ZIGZAG)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 500))
def test_the_changes_tell_the_whole_story(seed, count):
    """From the first state on, applying each change in turn gives the state of every session."""
    bars = walk(seed, count)
    known = regimes(bars, bars.series(), RULE, holed(seed, 500))
    states = [(TRENDS[t], VOLATILITIES[v]) for t, v in zip(known.trend, known.volatility, strict=True)]
    told = {change.session: change for change in changes(bars, known)}
    current = states[0]
    for bar in range(count):
        change = told.pop(bars.session(bar), None)
        if change is not None:
            assert current == (change.trend_before, change.volatility_before)
            assert current != (change.trend, change.volatility)
            current = (change.trend, change.volatility)
            assert known.at(bars, bar).since == change.session
        assert current == states[bar]
    assert not told
