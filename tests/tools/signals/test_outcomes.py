"""Outcomes: which barrier traded first, told by a plain loop and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import from_closes, walk
from tools.signals.outcomes import REASONS, ExitReason, resolve

LONG, SHORT = 1, -1


def bars_of(*rows):
    """Bars from (open, high, low, close) rows after one quiet bar at 100."""
    table = np.array([(100.0, 100.0, 100.0, 100.0), *rows])
    bars = from_closes(table[:, 3])
    return replace(bars, open=table[:, 0], high=table[:, 1], low=table[:, 2])


def one(bars, direction=LONG, horizon=3):
    """The outcome of a single call at the first bar with barriers at 95 and 105."""
    stop, target = (95.0, 105.0) if direction == LONG else (105.0, 95.0)
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
    """The rule as a plain loop."""
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


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), horizon=st.integers(1, 25), width=st.floats(0.005, 0.1))
def test_many_calls_at_once_match_the_plain_loop(seed, horizon, width):
    """The fast path walks all calls together; it must be the same rule."""
    bars = walk(seed, 80)
    at = np.arange(80)
    direction = np.where(np.random.default_rng(seed).random(80) < 0.5, 1, -1).astype(np.int8)
    stop, target = bars.close * (1 - direction * width), bars.close * (1 + direction * width)
    found = resolve(bars, at, direction, stop, target, horizon)
    for call in range(80):
        outcome, resolved, reason, price = slowly(bars, call, direction[call], stop[call], target[call], horizon)
        assert (found.outcome[call], found.resolved[call]) == (outcome, resolved)
        assert (REASONS[found.reason[call]] if found.reason[call] >= 0 else None) == reason
        np.testing.assert_equal(found.exit_price[call], price)
