"""What is said of calls whose true probabilities are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from tests.tools.performance.tables import logit, random_table
from tools.performance.scores import calibration, correlation, groups, skill
from tools.signals.table import CallTable


def resolved(table: CallTable) -> CallTable:
    return table.where(table.resolved)


def test_a_probability_that_knows_more_beats_the_base_rate():
    found = skill(resolved(random_table(seed=2, skill=0.6)), 20)
    assert found.log_loss_saved.above_zero
    assert found.brier_saved.above_zero
    assert found.log_loss_saved.value == pytest.approx(found.log_loss_base - found.log_loss)
    assert found.brier_saved.value == pytest.approx(found.brier_base - found.brier)


def test_the_base_rate_itself_saves_nothing():
    table = resolved(random_table(seed=3))
    same = replace(table, probability=table.base_rate)
    found = skill(same, 20)
    assert found.brier_saved.value == 0
    assert not found.log_loss_saved.above_zero
    assert not found.log_loss_saved.below_zero


def test_a_table_of_four_calls_is_scored_by_hand():
    table = resolved(random_table(sessions=60)).where(np.arange(4))
    table = replace(
        table,
        probability=np.array([0.8, 0.6, 0.5, 0.2]),
        base_rate=np.full(4, 0.5),
        outcome=np.array([1, 0, 1, 0], dtype=np.int8),
    )
    found = skill(table, 20)
    assert found.hit_rate.value == 0.5
    assert found.over_said.value == pytest.approx(0.5 - 0.525)
    assert found.brier == pytest.approx((0.04 + 0.36 + 0.25 + 0.04) / 4)
    assert found.brier_base == pytest.approx(0.25)
    assert found.log_loss == pytest.approx(-(2 * np.log(0.8) + np.log(0.4) + np.log(0.5)) / 4)
    assert found.hit_rate.low is None


def test_right_probabilities_pass_for_right_and_biased_ones_do_not():
    """Of 20 markets whose probabilities are right, chance may cast doubt on few; a bias is found in every one."""
    doubted = 0
    for seed in range(20):
        found = calibration(resolved(random_table(seed=seed, sessions=800)), 20)
        doubted += found.error > found.by_chance.high
        biased = calibration(resolved(random_table(seed=seed, sessions=800, bias=0.5)), 20)
        assert biased.error > biased.by_chance.high
    assert doubted <= 3


def test_the_reliability_groups_hold_all_calls():
    table = resolved(random_table(seed=5))
    found = calibration(table, 20)
    assert sum(one.calls for one in found.bins) == len(table)
    assert len(found.bins) == 15
    assert [one.said for one in found.bins] == sorted(one.said for one in found.bins)
    hits = sum(one.calls * one.happened.value for one in found.bins)
    assert hits == pytest.approx(table.outcome.sum())
    gaps = sum(one.calls * abs(one.said - one.happened.value) for one in found.bins)
    assert found.error == pytest.approx(gaps / len(table))
    for one in found.bins:
        assert one.happened.low <= one.happened.value <= one.happened.high


def test_fewer_calls_than_groups_are_groups_of_one():
    found = calibration(resolved(random_table()).where(np.arange(6)), 20)
    assert [one.calls for one in found.bins] == [1] * 6
    assert found.by_chance is None
    assert all(one.fits is None for one in found.bins)


def test_the_information_coefficient_is_the_mean_of_the_months():
    table = resolved(random_table(seed=6, sessions=300))
    found = correlation(table)
    month = table.day.astype("datetime64[D]").astype("datetime64[M]").astype(str)
    edge = table.probability - table.base_rate
    by_hand = {
        one: spearmanr(edge[month == one], table.outcome[month == one]).statistic for one in sorted(set(month.tolist()))
    }
    assert {one.month: one.correlation for one in found.months} == pytest.approx(by_hand)
    assert found.mean.value == pytest.approx(np.mean(list(by_hand.values())))
    assert found.t > 3


def test_an_inverted_probability_ranks_the_wrong_way_round():
    table = resolved(random_table(seed=7, skill=0.8))
    turned = replace(table, probability=1 / (1 + np.exp(logit(table.probability) - 2 * logit(table.base_rate))))
    assert correlation(table).mean.above_zero
    assert correlation(turned).mean.below_zero


def test_a_probability_that_never_differs_from_the_base_rate_ranks_nothing():
    table = resolved(random_table(seed=8))
    found = correlation(replace(table, probability=table.base_rate))
    assert found.mean is None
    assert found.t is None


@pytest.mark.parametrize("by", ["strategy", "direction", "regime", "year", "horizon"])
def test_every_call_is_in_one_group_of_each_kind(by):
    table = resolved(random_table(seed=9))
    found = [one.skill for one in groups(table, 20) if one.by == by]
    assert sum(one.calls for one in found) == len(table)
    hits = sum(one.calls * one.hit_rate.value for one in found)
    assert hits == pytest.approx(table.outcome.sum())


def test_a_group_is_scored_as_if_it_were_alone():
    table = resolved(random_table(seed=10))
    (short,) = [one for one in groups(table, 20) if (one.by, one.name) == ("direction", "short")]
    assert short.skill == skill(table.where(table.direction == -1), 20)
