"""Strategies: each fires on the market it is made for, and none speaks before it can."""

from dataclasses import replace

import numpy as np
import pytest

from tests.tools.signals.markets import from_closes, walk
from tools.signals.history import history
from tools.signals.regime import RegimeRule
from tools.signals.strategies import MIN_BARS, STRATEGIES, Parameters

PARAMETERS = Parameters()
NAMED = {strategy.name: strategy for strategy in STRATEGIES}


def last(name, bars):
    """The direction a strategy gives at the last bar."""
    return int(NAMED[name].play(bars.series(), PARAMETERS).directions[-1])


def rising(count=260, step=0.004):
    """A steady rise with a small zigzag, so that there are down days."""
    return 100 * np.exp(step * np.arange(count) + 0.003 * (np.arange(count) % 2))


def bend(closes, *changes):
    """The path continued by daily changes (shares)."""
    return np.concatenate([closes, closes[-1] * np.cumprod(1 + np.array(changes))])


def mirrored(closes):
    """The path upside down, in logarithms."""
    return closes[0] ** 2 / closes


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
    loud = replace(bars, volume=np.concatenate([bars.volume[:-1], [BUSY]]))
    assert last("breakout", loud) == 1
    fallen = from_closes(mirrored(closes), spread=0.001)
    assert last("breakout", replace(fallen, volume=loud.volume)) == -1
    inside = from_closes(closes[:-1], spread=0.001)
    assert last("breakout", replace(inside, volume=loud.volume[1:])) == 0


@pytest.mark.parametrize("name", NAMED)
def test_no_strategy_speaks_before_it_has_sixty_bars(name):
    """Warm-up values are not evidence."""
    for seed in range(5):
        directions = NAMED[name].play(walk(seed, 300).series(), PARAMETERS).directions
        assert not directions[: MIN_BARS - 1].any()


@pytest.mark.parametrize("name", NAMED)
def test_prices_that_never_move_give_no_call(name):
    """Without a range there is no stop distance, and a call would be made of nothing."""
    bars = from_closes(np.full(300, 50.0), spread=0.0)
    assert not NAMED[name].play(bars.series(), PARAMETERS).directions.any()


def test_every_strategy_calls_on_random_walks_and_all_levels_are_on_the_right_side():
    """A long call's stop lies below the close and its targets above, in order; a short call's the other way."""
    one = history(walk(5, 2000), PARAMETERS, RegimeRule())
    for trades in one.trades:
        assert len(trades.at) > 10
        close = one.bars.close[trades.at]
        assert np.all((close - trades.stop) * trades.direction > 0)
        assert np.all((trades.targets[0] - close) * trades.direction > 0)
        assert np.all((trades.targets[1] - trades.targets[0]) * trades.direction > 0)


def test_levels_are_quoted_in_the_prices_of_their_own_day():
    """Signals see dividends, but nobody can place an order at an adjusted price."""
    bars = walk(8, 600, dividend_every=63)
    one = history(bars, PARAMETERS, RegimeRule())
    trades = next(t for t in one.trades if t.strategy.name == "trend")
    close, factor = bars.close[trades.at], one.series.factor[trades.at]
    distance = trades.play.stop_distance[trades.at] / factor
    assert factor.max() > 1.05
    np.testing.assert_allclose(np.abs(close - trades.stop), distance, atol=2e-4)


def test_any_parameter_changes_the_version():
    """Calls of two parameter sets must never share an id or a record."""
    changed = replace(PARAMETERS, breakout_volume_ratio=1.3)
    assert changed.digest() != PARAMETERS.digest() == Parameters().digest()
