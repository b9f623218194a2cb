"""Outcomes: which barrier traded first, told by a plain loop and by hand."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import from_closes, head, walk
from tools.signals.history import history
from tools.signals.outcomes import REASONS, ExitReason, resolve
from tools.signals.regime import RegimeRule
from tools.signals.strategies import Parameters

LONG, SHORT, NEUTRAL, VOLATILE = 1, -1, 2, 3


def bars_of(*rows):
    """Bars from (open, high, low, close) rows after one quiet bar at 100."""
    table = np.array([(100.0, 100.0, 100.0, 100.0), *rows])
    bars = from_closes(table[:, 3])
    return replace(bars, open=table[:, 0], high=table[:, 1], low=table[:, 2])


def one(bars, direction=LONG, horizon=3):
    """The outcome of a single call at the first bar with barriers at 95 and 105."""
    stop, target = (105.0, 95.0) if direction == SHORT else (95.0, 105.0)
    found = resolve(
        bars, np.array([0]), np.array([direction], dtype=np.int8), np.array([stop]), np.array([target]), horizon
    )
    reason = REASONS[found.reason[0]].value if found.reason[0] >= 0 else None
    return int(found.outcome[0]), reason, int(found.resolved[0]), float(found.exit_price[0]), float(found.result[0])


QUIET = (100, 101, 99, 100)
CASES = {
    "the target trades first": ([QUIET, (101, 106, 100, 104)], (1, "target", 2, 105.0, 1.0)),
    "the stop trades first": ([QUIET, (99, 100, 94, 99)], (0, "stop", 2, 95.0, -1.0)),
    "both in one bar count as stopped": ([(100, 106, 94, 100)], (0, "stop", 1, 95.0, -1.0)),
    "a gap below the stop fills at the open": ([QUIET, (90, 92, 89, 91)], (0, "stop", 2, 90.0, -2.0)),
    "a gap above the target fills at the open": ([QUIET, (110, 112, 109, 111)], (1, "target", 2, 110.0, 2.0)),
    "the open comes before the rest of the bar": ([QUIET, (110, 112, 90, 91)], (1, "target", 2, 110.0, 2.0)),
    "time runs out at the horizon's close": ([QUIET, QUIET, (100, 104, 98, 103)], (0, "time", 3, 103.0, 0.6)),
    "the target in the last bar still counts": ([QUIET, QUIET, (100, 105, 98, 99)], (1, "target", 3, 105.0, 1.0)),
    "a target after the horizon is too late": ([QUIET, QUIET, QUIET, (106, 107, 105, 106)], (0, "time", 3, 100.0, 0)),
    "an entry below the stop is out at once, at its own price": ([(94, 106, 93, 105)], (0, "stop", 1, 94.0, 0.0)),
    "an entry above the target is at once out of it": ([(106, 107, 94, 95)], (1, "target", 1, 106.0, 0.0)),
    "without enough bars it is open": ([QUIET, QUIET], (-1, None, -1, np.nan, np.nan)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_long_call_resolves_by_the_written_rule(name):
    """Each sentence of the rule is one case."""
    rows, expected = CASES[name]
    np.testing.assert_equal(one(bars_of(*rows)), tuple(expected))


@pytest.mark.parametrize("name", CASES)
def test_a_short_call_is_the_mirror_image(name):
    """The same path reflected at 100 gives a short call the same outcome."""
    rows, (outcome, reason, resolved, price, result) = CASES[name]
    mirrored = [(200 - o, 200 - low, 200 - high, 200 - c) for o, high, low, c in rows]
    expected = (outcome, reason, resolved, 200 - price, result)
    np.testing.assert_equal(one(bars_of(*mirrored), SHORT), expected)


def test_the_entry_is_the_next_sessions_open():
    """Nobody can trade the close that made the call: the result counts from the next open."""
    *_, result = one(bars_of((102, 103, 101, 102), (102, 106, 101, 105)))
    assert result == pytest.approx((105 - 102) / 5)


def slowly(bars, at, direction, stop, target, horizon):
    """The rule as a plain loop; the stop of a range is its lower breakeven and the target its upper one."""
    if direction in (NEUTRAL, VOLATILE):
        if at + horizon >= len(bars):
            return -1, -1, None, np.nan
        close = bars.close[at + horizon]
        won = stop < close < target if direction == NEUTRAL else close < stop or close > target
        return int(won), at + horizon, ExitReason.EXPIRY, close
    for bar in range(at + 1, min(at + horizon, len(bars) - 1) + 1):
        opened, high, low = bars.open[bar], bars.high[bar], bars.low[bar]
        if (opened - stop) * direction <= 0:
            return 0, bar, ExitReason.STOP, opened
        if (opened - target) * direction >= 0:
            return 1, bar, ExitReason.TARGET, opened
        if ((low if direction > 0 else high) - stop) * direction <= 0:
            return 0, bar, ExitReason.STOP, stop
        if ((high if direction > 0 else low) - target) * direction >= 0:
            return 1, bar, ExitReason.TARGET, target
        if bar == at + horizon:
            return 0, bar, ExitReason.TIME, bars.close[bar]
    return -1, -1, None, np.nan


def chances(seed, horizon, width):
    """A call at every bar of a random walk, of every direction in turn by chance, `width` (a share) from its levels."""
    bars = walk(seed, 80)
    direction = np.random.default_rng(seed).choice([LONG, SHORT, NEUTRAL, VOLATILE], 80).astype(np.int8)
    side = np.minimum(direction, 1)
    return bars, np.arange(80), direction, bars.close * (1 - side * width), bars.close * (1 + side * width), horizon


anything = given(seed=st.integers(0, 10**6), horizon=st.integers(1, 25), width=st.floats(0.005, 0.1))


@settings(max_examples=60, deadline=None)
@anything
def test_many_calls_at_once_match_the_plain_loop(seed, horizon, width):
    """The fast path walks all calls together; it must be the same rule."""
    bars, at, direction, stop, target, _ = told = chances(seed, horizon, width)
    found = resolve(*told)
    for call in at:
        outcome, resolved, reason, price = slowly(bars, call, direction[call], stop[call], target[call], horizon)
        assert (found.outcome[call], found.resolved[call]) == (outcome, resolved)
        assert (REASONS[found.reason[call]] if found.reason[call] >= 0 else None) == reason
        np.testing.assert_equal(found.exit_price[call], price)
        assert np.isnan(found.result[call]) == (reason in (None, ExitReason.EXPIRY))


@pytest.mark.parametrize(
    ("close", "neutral", "volatile"), [(100, 1, 0), (104.9, 1, 0), (105, 0, 0), (95, 0, 0), (105.1, 0, 1), (94, 0, 1)]
)
def test_a_range_is_decided_by_the_close_of_the_horizon_alone(close, neutral, volatile):
    """Breakevens at 95 and 105: what traded before does not matter, and on a breakeven nobody has won."""
    wild = (120, 130, 80, 90)
    bars = bars_of(wild, wild, (close, 140, 70, close), wild)
    for direction, expected in ((NEUTRAL, neutral), (VOLATILE, volatile)):
        assert one(bars, direction)[:4] == (expected, "expiry", 3, close)
        assert one(bars_of(wild, wild), direction)[:3] == (-1, None, -1)


@settings(max_examples=60, deadline=None)
@anything
def test_an_outcome_is_the_same_however_many_bars_come_after_it(seed, horizon, width):
    """time:asof - cut after any bar, what is resolved by then is resolved alike, and nothing else is."""
    bars, at, direction, stop, target, _ = told = chances(seed, horizon, width)
    whole, count = resolve(*told), 1 + seed % 80
    cut = resolve(head(bars, count), at[:count], direction[:count], stop[:count], target[:count], horizon)
    known = (whole.resolved[:count] >= 0) & (whole.resolved[:count] < count)
    for field in fields(whole):
        then, later = getattr(cut, field.name), getattr(whole, field.name)[:count]
        assert then[known].tobytes() == later[known].tobytes(), field.name
    assert (cut.outcome[~known] == -1).all()
    assert (cut.resolved[~known] == -1).all()


@settings(max_examples=40, deadline=None)
@anything
def test_a_split_restated_over_the_whole_history_changes_no_outcome(seed, horizon, width):
    """A four-for-one split divides every earlier price and every level; results in R are the same to the last bit."""
    bars, at, direction, stop, target, _ = told = chances(seed, horizon, width)
    quarter = replace(bars, **{name: getattr(bars, name) / 4 for name in ("open", "high", "low", "close")})
    before, after = resolve(*told), resolve(quarter, at, direction, stop / 4, target / 4, horizon)
    for name in ("outcome", "resolved", "reason", "result"):
        assert getattr(before, name).tobytes() == getattr(after, name).tobytes(), name


@pytest.mark.parametrize("ratio", [2.0, 3.0, 20.0])
def test_a_vendors_history_restated_for_a_split_gives_the_same_calls_and_outcomes_in_r(ratio):
    """Levels are quoted with four decimals: only a call whose level was met within those may end otherwise."""
    for seed in (1, 2, 3):
        bars = walk(seed, 700)
        prices = {name: getattr(bars, name) / ratio for name in ("open", "high", "low", "close", "adjusted_close")}
        restated = replace(bars, **prices, volume=bars.volume * ratio)
        old, new = (history(one, Parameters(), RegimeRule()).trades for one in (bars, restated))
        for before, after in zip(old, new, strict=True):
            np.testing.assert_array_equal(before.at, after.at)
            np.testing.assert_array_equal(before.direction, after.direction)
            shaves = [nearest(bars, before, call) < 2e-4 * ratio for call in range(len(before.at))]
            assert sum(shaves) <= 1 + 0.1 * len(shaves)
            close_shave = np.array(shaves, dtype=np.bool_)
            for name, tolerance in (("outcome", 0), ("resolved", 0), ("result", 1e-4 * ratio)):
                then, now = (getattr(trades.outcomes, name)[~close_shave] for trades in (before, after))
                np.testing.assert_allclose(then, now, atol=tolerance, rtol=0, err_msg=name)


def nearest(bars, trades, call):
    """How near any price of the call's window came to a level of it."""
    window = slice(trades.at[call] + 1, trades.at[call] + trades.play.horizon + 1)
    prices = np.concatenate([bars.open[window], bars.high[window], bars.low[window], bars.close[window]])
    levels = np.array([trades.stop[call], trades.targets[0][call]])
    return np.abs(prices[:, None] - levels).min(initial=np.inf)


def test_a_halt_of_months_is_waited_out():
    """The horizon counts bars: the first bar after the halt is the next one."""
    bars = bars_of(QUIET, (101, 106, 100, 104))
    later = bars.sessions.copy()
    later[2:] += np.timedelta64(120, "D")
    assert one(replace(bars, sessions=later)) == one(bars) == (1, "target", 2, 105.0, 1.0)
