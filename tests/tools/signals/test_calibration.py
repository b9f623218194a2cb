"""Calibration: a map is used only where it has earned it, and it never leaves its bounds or turns the order round."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.signals.calibration import LEAST_RESOLVED, calibrator, isotonic, platt, pooled
from tools.signals.fusion import logits, sigmoids

Z = st.lists(st.floats(-8, 8), min_size=2, max_size=400)


def drawn(seed, count, z, truth):
    """Outcomes of calls with fused log-odds `z` that come true with the probability `truth(z)`."""
    chance = np.random.default_rng(seed)
    return (chance.random(count) < sigmoids(truth(z))).astype(np.float64)


def months(count):
    """Twenty calls a month."""
    return np.arange(count) // 20


@pytest.mark.parametrize("seed", range(3))
def test_fused_log_odds_that_are_right_already_are_left_as_they_are(seed):
    """A needless map costs more than a missed one."""
    z = np.random.default_rng(seed + 50).normal(-0.3, 0.4, 4000)
    found, why = calibrator(z, drawn(seed, 4000, z, lambda x: x), months(4000), 1.0)
    assert found.name == "as fused"
    assert "no more than chance" in why
    assert found.calibrated(z).tobytes() == z.tobytes()


@pytest.mark.parametrize("seed", range(3))
def test_log_odds_that_are_three_times_too_bold_are_toned_down(seed):
    """The product says 54 % when it is 54 %."""
    z = np.random.default_rng(seed + 60).normal(0.0, 1.5, 6000)
    won = drawn(seed, 6000, z, lambda x: x / 3 - 0.2)
    found, _ = calibrator(z, won, months(6000), 1.0)
    assert found.name in ("platt", "isotonic")
    for asked in (-2.0, 0.0, 2.0):
        shown = sigmoids(found.calibrated(np.array([asked])))[0]
        assert shown == pytest.approx(sigmoids(np.array([asked / 3 - 0.2]))[0], abs=0.05)


def test_platt_finds_the_line_that_made_the_outcomes():
    """With much evidence the pull to the identity hardly matters."""
    z = np.random.default_rng(3).normal(0, 1, 60_000)
    found = platt(z, drawn(3, 60_000, z, lambda x: 0.4 + 0.5 * x), 1.0)
    assert (found.a, found.b) == (pytest.approx(0.4, abs=0.03), pytest.approx(0.5, abs=0.03))


def test_platt_stays_near_the_identity_while_calls_are_worth_little():
    """Ten thousand calls of one month that all fell together are not ten thousand proofs."""
    z = np.random.default_rng(4).normal(0, 1, 1000)
    won = np.zeros(1000)
    assert abs(platt(z, won, 1e-4).a) < 0.05 < abs(platt(z, won, 1.0).a)


def test_platt_never_calls_the_less_likely_call_the_more_likely_one():
    """A map that turns the order round would be a bet against the fusion."""
    z = np.random.default_rng(5).normal(0, 1, 5000)
    found = platt(z, drawn(5, 5000, z, lambda x: -x), 1.0)
    assert found.b == 0.0
    assert np.ptp(found.calibrated(z)) == 0.0


@settings(max_examples=60, deadline=None)
@given(z=Z, seed=st.integers(0, 99), worth=st.floats(0.01, 1))
def test_every_map_rises_and_stays_within_its_bounds(z, seed, worth):
    """Whatever was resolved, more evidence never lowers the shown probability, and none is certain."""
    fused = np.array(z)
    won = drawn(seed, len(z), fused, lambda x: x)
    asked = np.linspace(-12, 12, 200)
    for found in (
        platt(fused, won, worth),
        isotonic(fused, won, worth),
        calibrator(fused, won, months(len(z)), worth)[0],
    ):
        shown = sigmoids(found.calibrated(asked))
        assert np.isfinite(shown).all()
        assert (np.diff(shown) >= -1e-12).all()
        assert shown.min() >= 0.01 - 1e-12
        assert shown.max() <= 0.99 + 1e-12


def test_isotonic_blocks_are_the_shares_of_their_calls():
    """Three levels of log-odds with many calls each: the map must pass near their shares."""
    n = 20_000
    z = np.repeat([-1.0, 0.0, 1.0], n)
    won = np.concatenate([np.arange(n) < 0.25 * n, np.arange(n) < 0.5 * n, np.arange(n) < 0.7 * n]).astype(float)
    won = won.reshape(3, n)[:, np.random.default_rng(9).permutation(n)].ravel()
    found = isotonic(z, won, 1.0)
    shown = sigmoids(found.calibrated(np.array([-1.0, 0.0, 1.0])))
    assert shown == pytest.approx([0.25, 0.5, 0.7], abs=0.01)


@given(n=st.integers(0, LEAST_RESOLVED - 1))
def test_before_fifty_resolved_calls_the_base_rate_is_shown_and_told(n):
    """There is nothing to calibrate with."""
    found, why = calibrator(np.ones(n), np.ones(n), months(n), 1.0)
    assert found.name == "base rate"
    assert f"only {n} of {LEAST_RESOLVED}" in why
    base = logits(np.array([0.4]))
    assert found.calibrated(base) == pytest.approx(base)


def test_a_map_is_not_chosen_on_one_spell_of_one_market():
    """Two months held back say nothing about the third."""
    z = np.random.default_rng(6).normal(0, 1.5, 2000)
    found, why = calibrator(z, drawn(6, 2000, z, lambda x: x / 5), np.arange(2000) // 250, 1.0)
    assert found.name == "as fused"
    assert "2 of 12 months" in why


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 100)), min_size=1, max_size=60))
def test_pooling_is_isotonic_regression(pairs):
    """The same as a library's, which takes longer to load than all fits together."""
    from scipy.optimize import isotonic_regression

    values, weights = np.array(pairs).T
    assert pooled(values, weights) == pytest.approx(isotonic_regression(values, weights=weights).x, abs=1e-9)
