"""The action rule: every row of its table, and what it tells somebody who holds the symbol."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.signals.markets import record_of, walk, weekdays
from tools.signals.calls import Direction, StrategyCall
from tools.signals.decision import ActionRule, decide, for_holder
from tools.signals.signal import Action
from tools.signals.track_record import Confidence

RULE = ActionRule(round_trip_cost=0.001)
DAY = weekdays(1)[0].item()


def decided_call(direction):
    """A call at 100 with barriers 5 away."""
    return StrategyCall(
        call_id="X",
        symbol="AAA",
        strategy="trend",
        direction=Direction.of(direction),
        session=DAY,
        entry=100.0,
        targets=(100.0 + 5 * direction, 100.0 + 10 * direction),
        stop=100.0 - 5 * direction,
        horizon_sessions=20,
        base_rate=0.4,
        version="v",
    )


def record(value, n=200, loss=1.0, gain=1.0):
    """What is on record of such calls."""
    return Confidence(value, n, 0.0, 1.0, value, loss, gain)


def decided(value, direction=1, n=200, loss=1.0):
    """The decision on a call at 100 with barriers 5 away and a given record."""
    return decide(value, decided_call(direction), record(value, n, loss), RULE)


@pytest.mark.parametrize(
    ("value", "direction", "n", "loss", "action"),
    [
        (0.60, 1, 200, 1.0, Action.BUY),
        (0.60, -1, 200, 1.0, Action.SELL),
        (0.60, 1, 49, 1.0, Action.WAIT),
        (0.51, 1, 200, 1.0, Action.WAIT),
        (0.40, 1, 200, 1.0, Action.AVOID),
        (0.48, 1, 200, 0.7, Action.BUY),
    ],
)
def test_the_action_follows_the_table(value, direction, n, loss, action):
    """Each row of the documented rule, including that time-outs make a failure cheaper than the stop."""
    assert decided(value, direction, n, loss).action is action


def test_the_expected_value_is_the_written_formula():
    """p * gain - (1 - p) * loss - cost, the cost in stop distances and gains as they were, not as they were hoped."""
    less = decide(0.6, decided_call(1), record(0.6, loss=0.8, gain=0.9), RULE)
    assert less.expected_value == pytest.approx(0.6 * 0.9 - 0.4 * 0.8 - 0.02)
    found = decided(0.6, loss=0.8)
    assert found.cost == pytest.approx(0.001 * 100 / 5)
    assert found.expected_value == pytest.approx(0.6 * 1.0 - 0.4 * 0.8 - 0.02)
    assert f"{found.expected_value:+.2f} R" in found.reason


def test_without_an_active_strategy_the_action_is_to_wait():
    """There is nothing to enter."""
    assert decide(0.4, None, None, RULE).action is Action.WAIT


def test_a_bet_on_a_range_waits_for_option_prices():
    """There is no share order that expresses it."""
    call = decided_call(1).model_copy(update={"direction": Direction.NEUTRAL})
    found = decide(0.9, call, record(0.9), RULE)
    assert found.action is Action.WAIT
    assert "option" in found.reason


@given(p=st.floats(0.02, 0.98), loss=st.floats(0.2, 2.0))
def test_at_the_needed_probability_the_expected_value_is_the_edge(p, loss):
    """What would flip the action, told as a probability, must flip it."""
    found = decide(p, decided_call(1), record(p, loss=loss), RULE)
    assert found.needed is not None
    if 0.02 < found.needed < 0.98:
        assert decide(found.needed + 1e-6, decided_call(1), record(p, loss=loss), RULE).action is Action.BUY
        assert decide(found.needed - 1e-6, decided_call(1), record(p, loss=loss), RULE).action is not Action.BUY


@pytest.mark.parametrize(
    ("action", "direction", "held", "told"),
    [
        (Action.AVOID, Direction.LONG, 10, Action.REDUCE),
        (Action.AVOID, Direction.SHORT, -10, Action.REDUCE),
        (Action.WAIT, Direction.SHORT, 10, Action.REDUCE),
        (Action.AVOID, Direction.LONG, -10, Action.REDUCE),
        (Action.WAIT, Direction.LONG, 10, Action.WAIT),
        (Action.AVOID, Direction.LONG, 0, Action.AVOID),
        (Action.SELL, Direction.SHORT, 10, Action.SELL),
        (Action.BUY, Direction.LONG, 10, Action.BUY),
        (Action.WAIT, Direction.NEUTRAL, 10, Action.WAIT),
    ],
)
def test_who_holds_the_symbol_is_told_to_reduce_where_the_call_or_its_record_is_against_the_holding(
    action, direction, held, told
):
    """Only the action and its reason change; the probability never does."""
    record = record_of(walk(44, 500))
    signal = record.signal(record.histories["AAA"], 499).model_copy(update={"action": action, "direction": direction})
    found = for_holder(signal, held)
    assert found.action is told
    assert found.probability == signal.probability
    assert ("shares are held" in found.action_reason) == (told is Action.REDUCE)
