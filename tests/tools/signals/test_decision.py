"""The action rule: every row of its table, and what shrinks the size."""

import numpy as np
import pytest

from tests.tools.signals.markets import from_closes, weekdays
from tools.signals.calls import Direction, StrategyCall
from tools.signals.decision import ActionRule, decide, risk_factors, size_factor
from tools.signals.fusion import Voice, fuse
from tools.signals.history import history
from tools.signals.regime import Regime, RegimeRule, Trend, Volatility
from tools.signals.signal import Action
from tools.signals.strategies import Parameters
from tools.signals.track_record import Confidence

RULE = ActionRule(round_trip_cost=0.001)
DAY = weekdays(1)[0].item()


def decided(value, direction=1, n=200, loss=1.0):
    """The decision on a call at 100 with barriers 5 away and a given record."""
    confidence = Confidence(value, n, 0.0, 1.0, value, loss, n >= 50)
    call = StrategyCall(
        call_id="X",
        symbol="AAA",
        strategy="trend",
        direction=Direction.of(direction),
        session=DAY,
        entry=100.0,
        targets=(100.0 + 5 * direction, 100.0 + 10 * direction),
        stop=100.0 - 5 * direction,
        horizon_sessions=20,
        base_rate=value,
        version="v",
    )
    return decide(fuse(value, [Voice("trend", direction, confidence)]), call, RULE)


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
    """p * reward - (1 - p) * loss - cost, with the cost in stop distances."""
    found = decided(0.6, loss=0.8)
    assert found.cost == pytest.approx(0.001 * 100 / 5)
    assert found.expected_value == pytest.approx(0.6 * 1.0 - 0.4 * 0.8 - 0.02)
    assert f"{found.expected_value:+.2f} R" in found.reason


def test_without_an_active_strategy_the_action_is_to_wait():
    """There is nothing to enter."""
    assert decide(fuse(0.4, []), None, RULE).action is Action.WAIT


def regime(trend=Trend.UP, volatility=Volatility.NORMAL, rank=0.5):
    """A state of the market."""
    return Regime(
        trend=trend, volatility=volatility, annual_volatility=20.0, volatility_rank=rank, since=DAY, session=DAY
    )


def factors(volume=1e6, against=(), state=None, direction=1):
    """Names and multiples of the risk factors of a call at the last bar."""
    bars = from_closes(100 + np.sin(np.arange(80)))
    bars.volume[-1] = volume
    found = risk_factors(history(bars, Parameters(), RegimeRule()), 79, direction, against, state or regime(), RULE)
    return {factor.name: factor.size_factor for factor in found}


def test_each_risk_factor_is_named_by_its_own_measure():
    """Size shrinks for a reason that can be looked up, and only for that."""
    assert factors() == {}
    assert factors(volume=1e5) == {"thin volume": 0.75}
    assert factors(state=regime(volatility=Volatility.ELEVATED, rank=0.8)) == {"elevated volatility": 0.75}
    assert factors(state=regime(volatility=Volatility.EXTREME, rank=0.97)) == {"elevated volatility": 0.5625}
    assert factors(state=regime(Trend.DOWN)) == {"trend against": 0.75}
    assert factors(state=regime(Trend.DOWN), direction=-1) == {}
    assert factors(against=("breakout",)) == {"strategies disagree": 0.75}


def test_size_factors_multiply_down_to_the_smallest():
    """Four reasons for less size still leave a quarter, not nothing."""
    bars = from_closes(100 + np.sin(np.arange(80)))
    bars.volume[-1] = 1.0
    state = regime(Trend.DOWN, Volatility.EXTREME, 0.99)
    found = risk_factors(history(bars, Parameters(), RegimeRule()), 79, 1, ("breakout",), state, RULE)
    assert size_factor(found[:2], RULE) == pytest.approx(0.75**3)
    assert size_factor(found, RULE) == RULE.smallest
    assert size_factor((), RULE) == 1.0
