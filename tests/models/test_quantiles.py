"""Quantiles read as odds and moves: they agree with the normal they came from, and never contradict themselves."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.quantiles import LEAST, LEVELS, MOST, expected_move, monotone, normal_points, p_up, pinball

NORMAL = np.array(normal_points())


@pytest.mark.parametrize(("mean", "deviation"), [(0.0, 0.02), (0.01, 0.02), (-0.03, 0.02), (0.001, 0.2)])
def test_a_normal_gives_its_own_odds_and_move_back(mean: float, deviation: float):
    """Reading off eleven quantiles loses next to nothing where the distribution is the one assumed between them."""
    rows = mean + deviation * NORMAL
    assert p_up(rows) == pytest.approx(1 - NormalDist(mean, deviation).cdf(0), abs=1e-9)
    draws = np.abs(mean + deviation * np.random.default_rng(1).standard_normal(400_000)).mean()
    assert expected_move(rows) == pytest.approx(draws, rel=0.01)


@given(st.lists(st.floats(-1, 1), min_size=len(LEVELS), max_size=len(LEVELS)), st.floats(0, 0.5))
def test_more_of_everything_is_never_less_likely_to_rise(values: list[float], more: float):
    """P(up) lies inside its bounds and rises with the quantiles, whatever a model answers."""
    rows = np.sort(values)
    assert LEAST <= p_up(rows) <= p_up(rows + more) + 1e-12 <= MOST + 1e-12
    assert expected_move(rows) >= 0


@given(st.lists(st.floats(-1, 1), min_size=len(LEVELS), max_size=len(LEVELS)))
def test_the_odds_agree_with_the_quantiles_on_either_side_of_zero(values: list[float]):
    """A quantile above zero at level q leaves at least 1 - q for a rise, and one below at most that."""
    rows = np.sort(values)
    for level, value in zip(LEVELS, rows, strict=True):
        if value > 0:
            assert p_up(rows) >= min(1 - level, MOST) - 1e-9
        if value < 0:
            assert p_up(rows) <= max(1 - level, LEAST) + 1e-9


def test_rows_that_say_one_thing_only_still_give_odds():
    """A price that cannot move is even odds; one that only rises is nearly sure, never certain."""
    assert p_up(np.zeros(len(LEVELS))) == 0.5
    assert p_up(np.full(len(LEVELS), 0.01)) == MOST
    assert p_up(np.full(len(LEVELS), -0.01)) == LEAST


def test_crossed_quantiles_put_in_order_never_score_worse():
    """Rearranging is free: the pinball loss of sorted rows is at most that of the crossed ones."""
    chance = np.random.default_rng(3)
    rows, outcome = chance.standard_normal((500, len(LEVELS))), chance.standard_normal(500)
    assert (pinball(monotone(rows), outcome) <= pinball(rows, outcome) + 1e-12).all()


def test_pinball_is_least_at_the_true_quantiles():
    """The loss is proper: the distribution that outcomes come from beats a wider, a narrower and a shifted one."""
    outcome = np.random.default_rng(4).standard_normal(100_000)
    loss = [pinball(rows[None, :], outcome).mean() for rows in (NORMAL, 1.3 * NORMAL, 0.7 * NORMAL, NORMAL + 0.3)]
    assert loss[0] == min(loss)
