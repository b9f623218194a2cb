"""The record: a confidence is a count of the past, never more than it says and never of the future."""

from collections import Counter
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import histories_of, walk
from tools.signals.history import NOT_YET
from tools.signals.play import RANGE, random_walk_rate
from tools.signals.strategies import STRATEGIES
from tools.signals.track_record import ALIKE, PRIOR_CALLS, SHRINK, TrackRecord, wilson

HISTORIES = histories_of(*(walk(seed, 900, f"S{seed}") for seed in range(3)))
RECORD = TrackRecord(HISTORIES)
FIRST_DAY, LAST_DAY = (int(HISTORIES[0].bars.sessions[bar].astype(np.int64)) for bar in (0, -1))
DIRECTED = [strategy for strategy in STRATEGIES if strategy.name not in ("iron_condor", "straddle")]
KINDS = [(strategy, sign) for strategy in DIRECTED for sign in (1, -1)]
KINDS += [(strategy, 2 + place) for place, strategy in enumerate(s for s in STRATEGIES if s not in DIRECTED)]


def resolved_before(day, strategy=None, code=None):
    """(outcome, result, weight, prior) of every such call resolved on an earlier session, counted one by one.

    A call's weight is shared with the calls of the same kinds made on the same day, resolved or not.
    """
    chosen = [
        (trades, call)
        for one in HISTORIES
        for trades in one.trades
        for call in range(len(trades.at))
        if strategy in (None, trades.strategy) and code in (None, trades.direction[call])
    ]
    made = Counter(int(trades.day[call]) for trades, call in chosen)
    return [
        (
            int(trades.outcomes.outcome[call]),
            float(trades.outcomes.result[call]),
            float(trades.weight[call]) / (1 + (made[int(trades.day[call])] - 1) * ALIKE),
            trades.play.prior,
        )
        for trades, call in chosen
        if trades.resolved_day[call] < day
    ]


def rate(calls):
    """Share that came true."""
    return sum(call[0] for call in calls) / len(calls)


def shrunk(calls, towards):
    """The share of calls, pulled to a rate by `SHRINK` independent ones."""
    worth = sum(call[2] for call in calls)
    return (worth * rate(calls) + SHRINK * towards) / (worth + SHRINK) if calls else towards


def log_odds(p):
    """log(p / (1 - p))."""
    return log(p / (1 - p))


def base_by_hand(strategy, code, day):
    """All families' share against a random walk's, carried over to this family, and its own share on top."""
    everything, own = resolved_before(day), resolved_before(day, strategy, code)
    priors = {trades.strategy.name: trades.play.prior for trades in HISTORIES[0].trades}
    expected = sum(call[3] for call in everything) / len(everything) if everything else np.mean(list(priors.values()))
    worth = sum(call[2] for call in everything)
    overall = (worth * (rate(everything) if everything else 0) + PRIOR_CALLS * expected) / (worth + PRIOR_CALLS)
    away = log_odds(overall) - log_odds(expected)
    towards = 1 / (1 + exp(-(log_odds(priors[strategy.name]) + away)))
    return shrunk(own, towards), overall


@settings(max_examples=40, deadline=None)
@given(day=st.integers(FIRST_DAY, LAST_DAY + 1), kind=st.sampled_from(KINDS))
def test_a_base_rate_is_the_shrunk_share_of_calls_resolved_on_earlier_sessions(day, kind):
    """The running sums must equal a count by hand, strictly before the day."""
    own, (base, overall) = resolved_before(day, *kind), base_by_hand(*kind, day)
    found = RECORD.confidence(kind[0].name, kind[1], day)
    assert found.n == len(own)
    assert found.value == pytest.approx(base)
    assert found.overall == pytest.approx(overall)
    losses = [result if np.isfinite(result) else -1.0 for outcome, result, *_ in own if outcome == 0]
    assert found.loss == pytest.approx((SHRINK - sum(losses)) / (SHRINK + len(losses)))
    gains = [result if np.isfinite(result) else 1.0 for outcome, result, *_ in own if outcome == 1]
    assert found.gain == pytest.approx((SHRINK + sum(gains)) / (SHRINK + len(gains)))
    assert found.low <= found.value <= found.high


def test_both_sides_of_the_fifty_call_line_are_met():
    """The property above would prove little if every day lay on one side of the line."""
    counts = [RECORD.confidence(kind[0].name, kind[1], LAST_DAY).n for kind in KINDS]
    assert max(counts) > 2 * 50
    assert RECORD.confidence("trend", 1, FIRST_DAY).n == 0


def test_before_any_outcome_the_confidence_is_the_random_walks():
    """With no history at all the only honest figure is what chance gives: each family its own."""
    for strategy, code in KINDS:
        prior = next(trades.play.prior for trades in HISTORIES[0].trades if trades.strategy == strategy)
        found = RECORD.confidence(strategy.name, code, FIRST_DAY)
        assert found.value == pytest.approx(prior)
        assert found.high - found.low > 0.15
    assert {round(RECORD.confidence(kind[0].name, kind[1], FIRST_DAY).value, 2) for kind in KINDS[:-2]} == {0.42}
    assert [round(RECORD.confidence(kind[0].name, kind[1], FIRST_DAY).value, 2) for kind in KINDS[-2:]] == [0.68, 0.42]


def test_an_outcome_counts_from_the_session_after_its_own():
    """A call made at a close cannot rest on an outcome decided in the same session."""
    trades = HISTORIES[0].trades[0]
    day = int(trades.resolved_day[trades.resolved_day != NOT_YET][0])
    days = np.array([day, day + 1])
    n = RECORD.overall(days)[1].n
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
    barrier, fine = 2.0 * RANGE, 40
    paths = np.cumsum(chance.standard_normal((4000, 10 * fine)) / sqrt(fine), axis=1)
    up, down = (paths >= barrier), (paths <= -barrier)
    first_up = np.where(up.any(axis=1), up.argmax(axis=1), 10**6)
    first_down = np.where(down.any(axis=1), down.argmax(axis=1), 10**6)
    assert random_walk_rate(2.0 * RANGE / sqrt(10)) == pytest.approx((first_up < first_down).mean(), abs=0.03)
    assert random_walk_rate(0.005) == pytest.approx(0.5)
    assert random_walk_rate(2.0 * RANGE) < 0.01


def test_the_order_of_symbols_does_not_change_the_record():
    """Two askers with the same market must read the same last bit."""
    turned = TrackRecord(HISTORIES[::-1])
    days = np.arange(FIRST_DAY, LAST_DAY, 11)
    for strategy, code in KINDS:
        assert turned.base(strategy.name, code, days).tobytes() == RECORD.base(strategy.name, code, days).tobytes()
