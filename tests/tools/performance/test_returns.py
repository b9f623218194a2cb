"""Profit and loss in stop distances, and which calls the action rule would have traded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tools.performance.tables import head, random_table
from tools.performance.returns import costs, net, returns, would_trade
from tools.signals.calibration import LEAST_RESOLVED
from tools.signals.decision import ActionRule
from tools.signals.table import CallTable
from tools.signals.track_record import SHRINK

RULE = ActionRule()


def traded_by_a_loop(table: CallTable) -> list[bool]:
    found: list[bool] = []
    for row in range(len(table)):
        past = (
            (table.strategy == table.strategy[row])
            & (table.direction == table.direction[row])
            & (table.outcome >= 0)
            & (table.resolved_day < table.day[row])
        )
        losses = [-r for r, won in zip(table.result[past], table.outcome[past], strict=True) if not won]
        loss = (sum(losses) + SHRINK) / (len(losses) + SHRINK)
        gains = [r for r, won in zip(table.result[past], table.outcome[past], strict=True) if won]
        gain = (sum(gains) + SHRINK) / (len(gains) + SHRINK)
        risk = abs(table.entry[row] - table.stop[row])
        reward = abs(table.target[row] - table.entry[row]) / risk
        p = table.probability[row]
        value = p * gain * reward - (1 - p) * loss - RULE.round_trip_cost * table.entry[row] / risk
        found.append(bool(past.sum() >= LEAST_RESOLVED and value >= RULE.least_edge_r))
    return found


def test_the_rule_trades_what_a_loop_over_the_past_would():
    table = random_table(seed=1, sessions=250)
    traded = would_trade(table, RULE)
    assert traded.tolist() == traded_by_a_loop(table)
    assert 0.05 < traded.mean() < 0.95


def test_what_the_rule_trades_does_not_depend_on_what_came_later():
    table = random_table(seed=2, sessions=250)
    for sessions in (60, 120, 249):
        known = head(table, sessions)
        assert would_trade(known, RULE).tolist() == would_trade(table, RULE)[: len(known)].tolist()


def test_a_cost_is_the_share_of_the_price_in_stop_distances():
    table = random_table(seed=3).where(np.arange(1))
    one = replace(table, entry=np.array([100.0]), stop=np.array([98.0]), result=np.array([1.5]))
    assert costs(one, RULE)[0] == pytest.approx(0.001 * 100 / 2)
    assert net(one, RULE)[0] == pytest.approx(1.5 - 0.05)


def test_bets_on_a_range_have_no_result_and_are_never_traded():
    table = random_table(seed=4)
    flat = replace(table, direction=np.full(len(table), 2, dtype=np.int8), result=np.full(len(table), np.nan))
    assert not would_trade(flat, RULE).any()
    assert returns("none", flat, np.ones(len(flat), dtype=np.bool_), RULE, 20) is None


def test_returns_are_means_and_sums_over_the_chosen_calls_with_a_result():
    table = random_table(seed=5)
    chosen = np.arange(len(table)) % 3 == 0
    found = returns("some", table, chosen, RULE, 20)
    made = net(table, RULE)[chosen & table.resolved]
    assert found.calls == len(made)
    assert found.mean_r.value == pytest.approx(made.mean())
    assert found.total_r == pytest.approx(made.sum())
    assert found.paid.value == pytest.approx((made > 0).mean())
    assert found.mean_r.low < found.mean_r.value < found.mean_r.high
