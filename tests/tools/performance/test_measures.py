"""Scores of probabilities against plain loops and libraries that know the answer."""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, spearmanr

from tools.performance.measures import (
    calibration_error,
    equal_count_bins,
    log_loss,
    ranks,
    spearman,
    squared_error,
)

calls = st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=60)


def arrays(pairs: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p for p, _ in pairs]), np.array([float(y) for _, y in pairs])


@given(calls)
def test_brier_and_log_loss_are_what_a_loop_makes_of_them(pairs):
    p, y = arrays(pairs)
    brier = [(said - won) ** 2 for said, won in pairs]
    loss = [-log(said) if won else -log(1 - said) for said, won in pairs]
    assert squared_error(p, y) == pytest.approx(brier)
    assert log_loss(p, y) == pytest.approx(loss)


@given(calls, st.integers(1, 20))
def test_groups_hold_every_call_once_in_order_and_are_of_one_size(pairs, bins):
    p, _ = arrays(pairs)
    groups = equal_count_bins(p, bins)
    assert sorted(np.concatenate(groups).tolist()) == list(range(len(p)))
    sizes = [len(group) for group in groups]
    assert max(sizes) - min(sizes) <= 1
    assert len(groups) == min(bins, len(p))
    for lower, upper in pairwise(groups):
        assert p[lower].max() <= p[upper].min()


@given(calls)
def test_the_calibration_error_is_what_a_loop_makes_of_it(pairs):
    ordered = sorted(pairs, key=lambda pair: pair[0])
    p, y = arrays(pairs)
    total, start = 0.0, 0
    for place in range(15):
        size = len(pairs) // 15 + (place < len(pairs) % 15)
        group = ordered[start : start + size]
        start += size
        total += abs(sum(said - won for said, won in group)) / len(pairs)
    assert calibration_error(p, y) == pytest.approx(total)


def test_the_calibration_error_of_known_cases():
    y = np.tile([1.0, 0.0], 300)
    assert calibration_error(np.full(600, 0.5), y) == pytest.approx(0, abs=1e-12)
    assert calibration_error(np.full(600, 0.8), y) == pytest.approx(0.3)


@given(st.lists(st.floats(-1e6, 1e6) | st.integers(-3, 3), min_size=1, max_size=50))
def test_ranks_are_those_of_scipy(values):
    assert ranks(np.array(values, dtype=np.float64)) == pytest.approx(rankdata(values))


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=3, max_size=50))
def test_the_rank_correlation_is_that_of_scipy(pairs):
    first, second = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        assert np.isnan(spearman(first, second))
    else:
        assert spearman(first, second) == pytest.approx(spearmanr(first, second).statistic)


def test_a_rank_correlation_needs_a_pair():
    assert np.isnan(spearman(np.array([1.0]), np.array([0.0])))
