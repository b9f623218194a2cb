"""What a source is worth when it is taken away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tools.performance.tables import random_table, without
from tools.performance.effects import effect, silent, speaks
from tools.performance.measures import log_loss, squared_error
from tools.signals.signal import Source


def test_a_source_that_knows_something_is_missed():
    table = random_table(seed=1, sessions=800, skill=0.6)
    found = effect("technical", table, without(table, frozenset({Source.TECHNICAL})), 20)
    assert found.log_loss_saved.above_zero
    assert found.brier_saved.above_zero
    assert found.calls == int(table.resolved.sum())
    assert found.other == 0


def test_noise_that_was_given_a_weight_is_found_out():
    """The probability that listens to noise is worse than the one that does not."""
    table = random_table(seed=2, sessions=800, skill=0.2)
    noise = np.random.default_rng(0).standard_normal(len(table))
    loud = replace(table, probability=1 / (1 + np.exp(-(table.terms.sum(axis=1) + noise))))
    assert effect("noise", loud, table, 20).log_loss_saved.below_zero


def test_calls_are_matched_by_name_whatever_their_order_and_the_rest_is_counted():
    table = random_table(seed=3)
    other = without(table, frozenset({Source.SENTIMENT}))
    kept = np.random.default_rng(1).permutation(len(other))[: len(other) // 2]
    swap = np.array([1, 0])
    mixed = replace(
        other.where(kept), strategies=tuple(reversed(other.strategies)), strategy=swap[other.strategy[kept]]
    )
    turned = replace(mixed, direction=np.where(np.arange(len(mixed)) < 50, -mixed.direction, mixed.direction))
    found = effect("sentiment", table, turned, 20)
    rows = kept[50:]
    rows = rows[table.outcome[rows] >= 0]
    y = table.outcome[rows].astype(np.float64)
    p, q = table.probability[rows], other.probability[rows]
    assert found.calls == len(rows)
    assert found.other == int(table.resolved.sum()) - len(rows)
    assert found.log_loss_saved.value == pytest.approx((log_loss(q, y) - log_loss(p, y)).mean())
    assert found.brier_saved.value == pytest.approx((squared_error(q, y) - squared_error(p, y)).mean())


def test_markets_without_a_call_in_common_have_no_effect():
    table = random_table(seed=4)
    assert effect("x", table, replace(table, symbols=("A", "B", "C", "D")), 20) is None


def test_only_a_source_that_moved_a_probability_has_spoken():
    table = random_table(seed=5)
    assert [source for source in Source if speaks(table, source)] == [
        Source.TECHNICAL,
        Source.SENTIMENT,
        Source.REGIME,
    ]
    found = silent("news", table, "why")
    assert (found.log_loss_saved.value, found.log_loss_saved.low, found.note) == (0.0, 0.0, "why")
