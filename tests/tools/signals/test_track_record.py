"""The record: a confidence is a count of the past, never more than it says and never of the future."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import walk
from tools.signals.history import NOT_YET, history
from tools.signals.regime import RegimeRule
from tools.signals.strategies import STRATEGIES, Parameters
from tools.signals.track_record import (
    LEAST_RESOLVED,
    PRIOR_CALLS,
    SHRINK,
    TrackRecord,
    prior_rate,
    random_walk_rate,
    wilson,
)

PARAMETERS = Parameters()
HISTORIES = [history(walk(seed, 900, f"S{seed}"), PARAMETERS, RegimeRule()) for seed in range(3)]
RECORD = TrackRecord(HISTORIES, PARAMETERS)
FIRST_DAY, LAST_DAY = (int(HISTORIES[0].bars.sessions[bar].astype(np.int64)) for bar in (0, -1))
KINDS = [(strategy.name, sign) for strategy in STRATEGIES for sign in (1, -1)]


def resolved_before(day, name=None, sign=None):
    """(outcome, result, weight) of every call resolved on an earlier session, counted one by one."""
    return [
        (int(trades.outcomes.outcome[call]), float(trades.outcomes.result[call]), float(trades.weight[call]))
        for one in HISTORIES
        for trades in one.trades
        for call in range(len(trades.at))
        if trades.resolved_day[call] < day
        and name in (None, trades.strategy.name)
        and sign in (None, trades.direction[call])
    ]


@settings(max_examples=40, deadline=None)
@given(day=st.integers(FIRST_DAY, LAST_DAY + 1), kind=st.sampled_from(KINDS))
def test_a_confidence_is_the_shrunk_share_of_calls_resolved_on_earlier_sessions(day, kind):
    """The running sums must equal a count by hand, strictly before the day."""
    everything, own = resolved_before(day), resolved_before(day, *kind)
    wins = sum(outcome for outcome, _, _ in everything)
    base = (wins + PRIOR_CALLS * prior_rate(PARAMETERS)) / (len(everything) + PRIOR_CALLS)
    found = RECORD.confidence(*kind, day)
    assert found.n == len(own)
    assert found.base_rate == pytest.approx(base)
    losses = [result for outcome, result, _ in own if outcome == 0]
    assert found.loss == pytest.approx((SHRINK - sum(losses)) / (SHRINK + len(losses)))
    if len(own) < LEAST_RESOLVED:
        assert found.value == pytest.approx(base)
        assert not found.own
        assert "base rate, because only" in found.basis
        return
    share, worth = sum(outcome for outcome, _, _ in own) / len(own), sum(weight for _, _, weight in own)
    assert found.own
    assert found.value == pytest.approx((worth * share + SHRINK * base) / (worth + SHRINK))
    assert min(share, base) - 1e-12 <= found.value <= max(share, base) + 1e-12
    assert found.low <= found.value <= found.high


def test_both_sides_of_the_fifty_call_line_are_met():
    """The property above would prove little if every day lay on one side of the line."""
    counts = [RECORD.confidence(name, sign, LAST_DAY).n for name, sign in KINDS]
    assert max(counts) > 2 * LEAST_RESOLVED
    assert RECORD.confidence("trend", 1, FIRST_DAY).n == 0


def test_before_any_outcome_the_confidence_is_the_random_walks():
    """With no history at all the only honest figure is what chance gives between two equal barriers."""
    found = RECORD.confidence("momentum", -1, FIRST_DAY)
    assert found.value == pytest.approx(prior_rate(PARAMETERS))
    assert found.low < 0.25
    assert found.high > 0.5


def test_an_outcome_counts_from_the_session_after_its_own():
    """A call made at a close cannot rest on an outcome decided in the same session."""
    trades = HISTORIES[0].trades[0]
    day = int(trades.resolved_day[trades.resolved_day != NOT_YET][0])
    days = np.array([day, day + 1])
    n = RECORD.base(days)[1].n
    assert n[0] == len(resolved_before(day))
    assert n[1] > n[0]


def test_overlapping_calls_weigh_less_than_independent_ones():
    """Twenty calls on twenty days of one rise are not twenty proofs."""
    trades = HISTORIES[0].trades[0]
    assert np.isin(trades.day, trades.resolved_day).any(), "a call must fall on the day an earlier one is resolved"
    for call, day in enumerate(trades.day):
        still_open = np.count_nonzero(trades.resolved_day[: call + 1] > day)
        assert trades.weight[call] == pytest.approx(1 / still_open)
    assert trades.weight.sum() < len(trades.at) / 2


def test_the_interval_is_wilsons():
    """Ends of the score interval are the p that lie 1.96 standard errors *of their own* from the share."""
    low, high = wilson(0.3, 80)
    for end in (low, high):
        assert abs(0.3 - end) / sqrt(end * (1 - end) / 80) == pytest.approx(1.959964, rel=1e-5)
    assert wilson(0.5, 0.2) == wilson(0.5, 1)


def test_the_random_walks_rate_agrees_with_simulated_walks():
    """The formula's only input is geometry; a fine simulation must land near it."""
    chance = np.random.default_rng(7)
    barrier, fine = 2.0 * sqrt(8 / np.pi), 40
    paths = np.cumsum(chance.standard_normal((4000, 10 * fine)) / sqrt(fine), axis=1)
    up, down = (paths >= barrier), (paths <= -barrier)
    first_up = np.where(up.any(axis=1), up.argmax(axis=1), 10**6)
    first_down = np.where(down.any(axis=1), down.argmax(axis=1), 10**6)
    assert random_walk_rate(2.0, 10) == pytest.approx((first_up < first_down).mean(), abs=0.03)
    assert random_walk_rate(2.0, 100_000) == pytest.approx(0.5)
    assert random_walk_rate(2.0, 1) < 0.01


def test_the_order_of_symbols_does_not_change_the_record():
    """Two askers with the same market must read the same last bit."""
    turned = TrackRecord(HISTORIES[::-1], PARAMETERS)
    days = np.arange(FIRST_DAY, LAST_DAY, 11)
    for name, sign in KINDS:
        assert turned.confidences(name, sign, days).tobytes() == RECORD.confidences(name, sign, days).tobytes()
