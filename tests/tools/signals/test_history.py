"""The history of a symbol: the same to the last bit whether or not there is more of it, and quick to make."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.around import before, holed
from tests.tools.signals.markets import head, walk
from tools.signals.history import NOT_YET, history
from tools.signals.regime import RegimeRule
from tools.signals.strategies import Parameters

LENGTH = 620
REGIME = ("trend", "volatility", "annual_volatility", "rank", "market_trend", "vix", "vix_rank")


def same(cut, whole, told):
    """To the last bit, NaNs included."""
    assert cut.dtype == whole.dtype, told
    assert np.ascontiguousarray(cut).tobytes() == np.ascontiguousarray(whole).tobytes(), told


def same_calls(cut, whole, count):
    """The calls of one strategy, and what was known of their outcomes, at the close of bar `count - 1`."""
    name = whole.strategy.name
    for field in ("directions", "stop_distance"):
        same(getattr(cut.play, field), getattr(whole.play, field)[:count], (name, field))
    for one, other in zip(cut.play.readings, whole.play.readings, strict=True):
        same(one.values, other.values[:count], (name, other.name))
    calls = int(np.searchsorted(whole.at, count))
    for field in ("at", "direction", "stop", "day", "weight"):
        same(getattr(cut, field), getattr(whole, field)[:calls], (name, field))
    same(cut.targets, whole.targets[:, :calls], (name, "targets"))
    known = (whole.outcomes.resolved[:calls] >= 0) & (whole.outcomes.resolved[:calls] < count)
    for field in ("outcome", "resolved", "reason", "exit_price", "result"):
        same(getattr(cut.outcomes, field)[known], getattr(whole.outcomes, field)[:calls][known], (name, field))
    same(cut.resolved_day[known], whole.resolved_day[:calls][known], name)
    assert (cut.outcomes.outcome[~known] == -1).all(), name
    assert (cut.resolved_day[~known] == NOT_YET).all(), name


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, LENGTH), dividends=st.sampled_from([0, 63]))
def test_nothing_said_at_a_session_changes_with_what_comes_after_it(seed, count, dividends):
    """time:asof - prices, index and VIX all end at the session, as they did then."""
    bars, around = walk(seed, LENGTH, dividend_every=dividends), holed(seed, LENGTH)
    whole = history(bars, Parameters(), RegimeRule(), around)
    cut = history(head(bars, count), Parameters(), RegimeRule(), before(around, bars.sessions[count - 1]))
    for name in REGIME:
        same(getattr(cut.regimes, name), getattr(whole.regimes, name)[:count], name)
    for trades, longer in zip(cut.trades, whole.trades, strict=True):
        same_calls(trades, longer, count)


def test_without_surroundings_all_but_relative_strength_say_the_same():
    """The market around a symbol is a fact of its own; the VIX moves no call."""
    bars, around = walk(2, 1500), holed(2, 1500)
    alone, among = (history(bars, Parameters(), RegimeRule(), one) for one in (None, around))
    for here, there in zip(alone.trades, among.trades, strict=True):
        if here.strategy.name == "relative_strength":
            assert not len(here.at)
            assert len(there.at)
        else:
            same(here.at, there.at, here.strategy.name)
            same(here.outcomes.result, there.outcomes.result, here.strategy.name)


def test_calls_are_found_by_their_bar():
    """And only those that were made."""
    for trades in history(walk(3, 900), Parameters(), RegimeRule(), holed(3, 900)).trades:
        for bar in range(900):
            place = trades.index(bar)
            assert (place is not None) == (bar in trades.at)
            assert place is None or trades.at[place] == bar
