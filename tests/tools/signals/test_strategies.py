"""Strategies: each fires on the market it is made for, and none speaks before it can."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.around import surroundings
from tests.tools.signals.markets import from_closes, head, walk
from tools.signals.bars import Series
from tools.signals.history import history
from tools.signals.play import Context
from tools.signals.regime import RegimeRule, regimes
from tools.signals.strategies import MIN_BARS, STRATEGIES, Parameters

PARAMETERS = Parameters()
NAMED = {strategy.name: strategy for strategy in STRATEGIES}
DIRECTIONAL = tuple(name for name in NAMED if name not in ("iron_condor", "straddle"))


def said(name, bars, around=None):
    """The directions a strategy gives at every bar."""
    series = bars.series()
    context = Context.of(bars, regimes(bars, series, RegimeRule(), around), around)
    return NAMED[name].play(series, context, PARAMETERS).directions


def last(name, bars, around=None):
    """The direction a strategy gives at the last bar."""
    return int(said(name, bars, around)[-1])


def rising(count=260, step=0.004):
    """A steady rise with a small zigzag, so that there are down days."""
    return 100 * np.exp(step * np.arange(count) + 0.003 * (np.arange(count) % 2))


def bend(closes, *changes):
    """The path continued by daily changes (shares)."""
    return np.concatenate([closes, closes[-1] * np.cumprod(1 + np.array(changes))])


def mirrored(closes):
    """The path upside down, in logarithms."""
    return closes[0] ** 2 / closes


def with_last(bars, **values):
    """The same bars with other values in the last one."""
    columns = {name: np.append(getattr(bars, name)[:-1], value) for name, value in values.items()}
    return replace(bars, **columns)


BUSY = 3e6
DIP = bend(rising(), -0.02, -0.03, -0.03)
PAUSE = bend(rising(240), *([0.0005, -0.0005] * 10), *([0.006] * 6))
CASES = [("trend", rising()), ("momentum", PAUSE), ("mean_reversion", DIP)]


@pytest.mark.parametrize(("name", "closes"), CASES, ids=[name for name, _ in CASES])
def test_each_strategy_follows_its_own_market_both_ways(name, closes):
    """A rise, a rise after a pause and a dip in a rise are what the three are for; upside down they bet short."""
    assert last(name, from_closes(closes)) == 1
    assert last(name, from_closes(mirrored(closes))) == -1


@pytest.mark.parametrize("name", [name for name, _ in CASES])
def test_each_strategy_is_silent_where_its_condition_does_not_hold(name):
    """A sideways zigzag is no trend, no momentum and not stretched."""
    assert last(name, from_closes(100 + np.tile([0.0, 0.5, 0.0, -0.5], 65))) == 0


def test_a_breakout_needs_both_the_new_high_and_the_volume():
    """A quiet new high is where breakouts fail most."""
    closes = bend(np.full(100, 100.0) + np.tile([0.0, 0.4], 50), 0.05)
    bars = from_closes(closes, spread=0.001)
    assert last("breakout", bars) == 0
    assert last("breakout", with_last(bars, volume=BUSY)) == 1
    fallen = from_closes(mirrored(closes), spread=0.001)
    assert last("breakout", with_last(fallen, volume=BUSY)) == -1
    inside = from_closes(closes[:-1], spread=0.001)
    assert last("breakout", with_last(inside, volume=BUSY)) == 0


# Twenty closes at 100 and 101 in turn deviate by 0.5, so 2 deviations are 1. With a spread of 0.1 % a true range is
# 101 * 1.001 - 100 * 0.999 = 1.201, so 1.5 of them are 1.8: a squeeze. The range is 99.9 to 101.101.
TIGHT = 100 + np.tile([0.0, 1.0], 50)
# Twenty closes that step from 100 to 110 once deviate by 5: 10 against 1.5 ranges of less than 2.
LOOSE = np.concatenate([TIGHT, TIGHT[:10] + 10])


@pytest.mark.parametrize(
    ("closes", "expected"),
    [
        (np.append(TIGHT, 101.2), 1),
        (np.append(TIGHT, 99.8), -1),
        (np.append(TIGHT, 101.1), 0),
        (np.append(TIGHT, 99.95), 0),
        (np.append(TIGHT, [101.2, 101.6]), 0),
        (np.append(LOOSE, 112.5), 0),
    ],
    ids=["above", "below", "inside at the top", "inside at the bottom", "a second close outside", "no squeeze before"],
)
def test_a_contraction_calls_the_first_close_out_of_the_squeezed_range(closes, expected):
    """The direction is that of the close; later closes outside are another strategy's matter."""
    assert last("contraction", from_closes(closes, spread=0.001)) == expected


def gapped(opened, close, volume=BUSY):
    """After closes of 100 with ranges of exactly 2: a bar with this open and close."""
    bars = from_closes(np.full(101, 100.0))
    high, low = max(opened, close) + 0.1, min(opened, close) - 0.1
    return with_last(bars, open=opened, close=close, adjusted_close=close, high=high, low=low, volume=volume)


@pytest.mark.parametrize(
    ("bars", "expected"),
    [
        (gapped(101.0, 101.5), 1),
        (gapped(99.0, 98.5), -1),
        (gapped(100.9, 101.5), 0),
        (gapped(101.5, 100.9), 0),
        (gapped(101.0, 101.5, volume=1.4e6), 0),
        (gapped(101.0, 101.5, volume=1.5e6), 1),
        (gapped(101.0, 101.5, volume=0.0), 0),
    ],
    ids=["up", "down", "less than half a range", "given back by the close", "quiet", "just loud enough", "no volume"],
)
def test_a_gap_must_reach_half_an_average_range_hold_and_be_loud(bars, expected):
    """The average true range of the day before is 2, so a gap is 1; the usual volume is a million."""
    assert last("gap", bars) == expected


def test_an_ex_dividend_fall_is_no_gap():
    """The price falls by what the holder is paid."""
    bars = gapped(97.0, 97.0)
    paid = replace(bars, adjusted_close=np.append(np.full(100, 97.0), 97.0))
    assert last("gap", bars) == -1
    assert last("gap", paid) == 0


def compared(ratio, index=None):
    """A symbol whose ratio to its index takes this path; the index wanders."""
    index = walk(3, len(ratio), "INDEX") if index is None else index
    return from_closes(index.close * ratio), surroundings(index)


def quarters(*drifts):
    """A ratio that drifts by so much a session for 63 sessions each."""
    return np.exp(np.cumsum(np.repeat(drifts, 63)))


@pytest.mark.parametrize(
    ("drifts", "expected"),
    [
        ((0, 0, 0, 0.002), 1),
        ((0, 0, 0, -0.002), -1),
        ((0, 0, 0, 0.0001), 0),
        ((0, 0.006, 0.006, 0.002), 0),
        ((0, 0, 0, 0), 0),
    ],
    ids=["stronger", "weaker", "by less than one per cent", "but less than usual", "no better"],
)
def test_relative_strength_follows_the_ratio_to_the_index_and_not_the_price(drifts, expected):
    """0.002 for 63 sessions is a relative return of exp(0.126) - 1 = 13 %."""
    assert last("relative_strength", *compared(quarters(*drifts))) == expected


def test_relative_strength_is_silent_without_an_index_and_for_the_index_itself():
    """A symbol says nothing of how it does against itself or against nothing."""
    bars, around = compared(quarters(0, 0, 0, 0.002))
    assert said("relative_strength", bars, around).any()
    assert not said("relative_strength", bars).any()
    assert not said("relative_strength", replace(bars, symbol="SPY"), around).any()
    nothing = replace(around, level=np.full(len(bars), np.nan))
    assert not said("relative_strength", bars, nothing).any()
    young = replace(around, sessions=around.sessions[-120:], level=around.level[-120:])
    assert not said("relative_strength", bars, young).any()


def test_relative_strength_hears_no_strength_in_the_rounding_of_an_index_that_is_the_symbol():
    """The mean of a market of one symbol is that symbol, up to the last bits."""
    bars = walk(9, 700)
    around = replace(surroundings(bars), level=np.exp(np.log(bars.close) / 3 * 3), name="mean of all symbols")
    assert not said("relative_strength", bars, around).any()


def test_relative_strength_waits_where_the_index_has_no_value():
    """A session without the index has no call, and the sessions after it are not lost."""
    bars, around = compared(quarters(0, 0, 0, 0.002))
    level = around.level.copy()
    level[-1] = np.nan
    assert last("relative_strength", bars, replace(around, level=level)) == 0
    level = around.level.copy()
    level[-30:-2:3] = np.nan
    assert last("relative_strength", bars, replace(around, level=level)) == 1


def swinging(*sizes):
    """Closes that swing up and down by so much (a share), 60 sessions of each size, and end with an odd one."""
    moves = np.concatenate([np.tile([size, -size], 30) for size in sizes])
    return 100 * np.cumprod(1 + moves)


def waves(*sizes, drift=-0.001):
    """Closes that rise for five sessions by so much each and fall for five, 60 sessions of each size; the last rises.

    The default drift keeps the average falling, so that the last close, which is above it, makes no trend.
    """
    moves = np.concatenate([np.tile([size] * 5 + [-size] * 5, 6) for size in sizes])[:-5]
    return 100 * np.exp(np.cumsum(moves + drift))


WIDER, CALMER = (0.005, 0.005, 0.005, 0.02), (0.02, 0.02, 0.02, 0.005)


def test_an_iron_condor_sells_wide_swings_that_go_nowhere():
    """The last swings are the widest of the year, the average is not rising, and no squeeze is in force."""
    assert last("iron_condor", from_closes(waves(*WIDER), spread=0.0005)) == 2
    assert last("straddle", from_closes(waves(*WIDER), spread=0.0005)) == 0
    assert last("iron_condor", from_closes(waves(*CALMER), spread=0.0005)) == 0
    assert last("iron_condor", from_closes(waves(*WIDER, drift=0.002), spread=0.0005)) == 0


def test_an_iron_condor_keeps_out_of_a_squeeze_and_a_straddle_needs_one():
    """Ranges that are wide beside the closes' deviation are a squeeze; narrow ones are not."""
    assert last("iron_condor", from_closes(waves(*WIDER), spread=0.05)) == 0
    assert last("straddle", from_closes(waves(*CALMER), spread=0.01)) == 3
    assert last("straddle", from_closes(waves(*CALMER), spread=0.0)) == 0
    assert last("straddle", from_closes(waves(*WIDER), spread=0.05)) == 0


def test_breakevens_lie_the_expected_move_either_side():
    """Swings of 1 % deviate by 1 % a day, so 20 sessions move by 4.47 %; a straddle has 0.8 of that."""
    one = history(from_closes(swinging(0.02, 0.02, 0.02, 0.01), spread=0.015), PARAMETERS, RegimeRule())
    trades = next(t for t in one.trades if t.strategy.name == "straddle")
    bar = len(one.bars) - 1
    place = trades.index(bar)
    assert place is not None
    close = one.bars.close[bar]
    assert trades.targets[0][place] == pytest.approx(close * (1 + 0.8 * 0.01 * np.sqrt(20)), rel=1e-5)
    assert trades.stop[place] == pytest.approx(close * (1 - 0.8 * 0.01 * np.sqrt(20)), rel=1e-5)
    assert trades.targets.shape == (1, len(trades.at))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_prices_upside_down_are_called_the_other_way(seed):
    """Every directional strategy is symmetric: reflected prices, and for relative strength the reflected ratio."""
    bars, around = walk(seed, 700), surroundings(walk(seed + 1, 700, "INDEX"))
    series = bars.series()
    context = Context.of(bars, regimes(bars, series, RegimeRule(), around), around)
    top = series.high.max() + series.low.min()
    reflected = Series(
        top - series.open, top - series.low, top - series.high, top - series.close, series.volume, series.factor
    )
    for name in DIRECTIONAL:
        there, others = (reflected, context) if name != "relative_strength" else inverted(series, context)
        here = NAMED[name].play(series, context, PARAMETERS).directions
        np.testing.assert_array_equal(NAMED[name].play(there, others, PARAMETERS).directions, -here, err_msg=name)


def inverted(series, context):
    """One over every price, and one over the index."""
    turned = Series(1 / series.open, 1 / series.low, 1 / series.high, 1 / series.close, series.volume, series.factor)
    return turned, replace(context, index=1 / context.index)


@pytest.mark.parametrize("name", NAMED)
def test_no_strategy_speaks_before_it_has_sixty_bars(name):
    """Warm-up values are not evidence."""
    for seed in range(5):
        assert not said(name, walk(seed, 300), surroundings(walk(seed + 1, 300, "INDEX")))[: MIN_BARS - 1].any()


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("price", [50.0, 33.37, 0.0003])
def test_prices_that_never_move_give_no_call(name, price):
    """Without a range there is no stop distance, and a call would be made of nothing."""
    bars = from_closes(np.full(400, price), spread=0.0)
    for around in (None, surroundings(walk(1, 400, "INDEX")), surroundings(replace(bars, symbol="FLAT"))):
        assert not said(name, bars, around).any()


@pytest.mark.parametrize("count", [1, 2, 19, 20, 59])
def test_a_few_bars_give_no_call_and_no_warning(count):
    """Warnings are errors in these tests."""
    bars = head(walk(4, 100), count)
    for around in (None, surroundings(walk(5, 100, "INDEX")), surroundings(head(walk(5, 100, "INDEX"), 1))):
        for trades in history(bars, PARAMETERS, RegimeRule(), around).trades:
            assert not len(trades.at)


def test_strategies_that_rest_on_volume_are_silent_without_any():
    """The others need prices alone: an index has no volume either."""
    bars = walk(6, 1500)
    silent = replace(bars, volume=np.zeros(1500))
    for name in ("breakout", "gap"):
        assert not said(name, silent).any()
    np.testing.assert_array_equal(said("trend", silent), said("trend", bars))


def test_every_strategy_calls_on_random_walks_and_all_levels_are_on_the_right_side():
    """A long call's stop lies below the close and its targets above, in order; a short call's the other way."""
    bars = walk(5, 2000)
    jumps = np.where(np.arange(2000) % 3, 1.0, 1 + 0.06 * np.sin(np.arange(2000)))
    opened = bars.open * jumps
    bars = replace(bars, open=opened, high=np.maximum(bars.high, opened), low=np.minimum(bars.low, opened))
    one = history(bars, PARAMETERS, RegimeRule(), surroundings(walk(50, 2000, "INDEX")))
    for trades in one.trades:
        assert len(trades.at) > 10, trades.strategy.name
        close, side = one.bars.close[trades.at], np.minimum(trades.direction, 1)
        assert np.all((close - trades.stop) * side > 0)
        for nearer, level in zip((close, *trades.targets), trades.targets, strict=False):
            assert np.all((level - nearer) * side > 0)


def test_levels_are_quoted_in_the_prices_of_their_own_day():
    """Signals see dividends, but nobody can place an order at an adjusted price."""
    bars = walk(8, 600, dividend_every=63)
    one = history(bars, PARAMETERS, RegimeRule())
    assert one.series.factor.max() > 1.05
    for trades in one.trades:
        close, factor = bars.close[trades.at], one.series.factor[trades.at]
        distance = trades.play.stop_distance[trades.at] / factor
        np.testing.assert_allclose(np.abs(close - trades.stop), distance, atol=2e-4)


@pytest.mark.parametrize("field", [field.name for field in fields(Parameters)])
def test_any_parameter_changes_the_version(field):
    """Calls of two parameter sets must never share an id or a record."""
    value = getattr(PARAMETERS, field)
    changed = replace(PARAMETERS, **{field: (*value, 3) if isinstance(value, tuple) else value + 1})
    assert changed.digest() != PARAMETERS.digest() == Parameters().digest()
