"""Intervals that keep what moves together together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.performance.bootstrap import LEAST_BLOCKS, Blocks, Estimate, estimates

MONDAY = int(np.datetime64("2015-01-05").astype(np.int64))


def weekly_mean(values: np.ndarray, week: np.ndarray, weeks: list[int]) -> float:
    """The mean over drawn weeks, by a loop."""
    drawn = [value for one in weeks for value in values[week == one]]
    return float(np.mean(drawn)) if drawn else float("nan")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 60), st.integers(1, 25))
def test_the_drawn_means_are_those_of_a_loop(seed, calls, horizon):
    chance = np.random.default_rng(seed)
    day = np.sort(MONDAY + chance.integers(0, 300, calls))
    values = chance.standard_normal(calls)
    blocks = Blocks.weekly(day, horizon, draws=7, seed=seed)
    week = (day - MONDAY) // 7 - (day[0] - MONDAY) // 7
    expected = []
    for starts in blocks.starts.tolist():
        weeks = [start + step for start in starts for step in range(blocks.length)][: blocks.periods]
        expected.append(weekly_mean(values, week, weeks))
    assert blocks.means(values[:, None])[:, 0] == pytest.approx(expected, nan_ok=True)


def test_weeks_start_on_monday():
    friday_to_monday = np.array([MONDAY + 4, MONDAY + 7])
    assert Blocks.weekly(friday_to_monday, 5).periods == 2
    assert Blocks.weekly(np.array([MONDAY, MONDAY + 6]), 5).periods == 1


def test_a_block_is_longer_than_the_longest_horizon():
    day = MONDAY + np.arange(0, 7 * 520, 7)
    assert Blocks.weekly(day, 5).length == 9  # the cube root of 520 weeks, rounded up
    assert Blocks.weekly(day, 63).length == 14


def test_the_interval_of_independent_weeks_is_that_of_the_normal_distribution():
    chance = np.random.default_rng(3)
    day = MONDAY + 7 * np.arange(1000)
    values = chance.standard_normal(1000)
    (found,) = estimates(Blocks.weekly(day, 1), values[:, None])
    assert found.low is not None
    assert found.high is not None
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * 1.96 / np.sqrt(1000), rel=0.15)


def test_symbols_that_move_as_one_make_no_interval_narrower():
    """Ten copies of every call are worth no more than one."""
    chance = np.random.default_rng(4)
    day, values = MONDAY + np.arange(700), chance.standard_normal(700)
    (one,) = estimates(Blocks.weekly(day, 10), values[:, None])
    (ten,) = estimates(Blocks.weekly(np.repeat(day, 10), 10), np.repeat(values, 10)[:, None])
    assert (ten.low, ten.high) == pytest.approx((one.low, one.high))


def test_calls_that_overlap_make_the_interval_wider():
    chance = np.random.default_rng(5)
    day, noise = MONDAY + np.arange(2000), chance.standard_normal(2019)
    overlapping = np.convolve(noise, np.full(20, 1 / np.sqrt(20)), "valid")
    (apart,) = estimates(Blocks.weekly(day, 20), noise[:2000, None])
    (together,) = estimates(Blocks.weekly(day, 20), overlapping[:, None])
    assert together.high - together.low > 2.5 * (apart.high - apart.low)  # sqrt(20) for an endless block


def test_a_true_mean_lies_in_most_intervals():
    hits = 0
    for seed in range(200):
        chance = np.random.default_rng(seed)
        day, noise = MONDAY + np.arange(1500), chance.standard_normal(1509)
        values = np.convolve(noise, np.full(10, 0.1), "valid")
        (found,) = estimates(Blocks.weekly(day, 10, draws=400), values[:, None])
        hits += found.low <= 0 <= found.high
    assert 175 <= hits <= 199


def test_a_span_of_few_blocks_has_no_interval():
    day = MONDAY + 7 * np.arange(LEAST_BLOCKS * 5)
    values = np.ones((len(day), 1))
    assert estimates(Blocks.weekly(day, 20), values)[0].low is not None
    (short,) = estimates(Blocks.weekly(day[1:], 20), values[1:])
    assert short == Estimate(value=1.0)
    assert not short.above_zero
    assert not short.below_zero


@given(st.integers(0, 100))
def test_the_order_of_calls_does_not_matter_and_the_seed_alone_decides(seed):
    chance = np.random.default_rng(seed)
    day, values = MONDAY + chance.integers(0, 400, 50), chance.standard_normal((50, 1))
    mixed = chance.permutation(50)
    first = estimates(Blocks.weekly(day, 5), values)[0]
    second = estimates(Blocks.weekly(day[mixed], 5), values[mixed])[0]
    assert (first.low, first.high) == pytest.approx((second.low, second.high))


def test_rounding_is_no_difference():
    assert not Estimate(value=0.0, low=1e-18, high=2e-18).above_zero
    assert Estimate(value=-1.0, low=-2.0, high=-1e-3).below_zero
