"""Fusion: weights are the ones of least loss, stay within bounds, and are exactly 0 for what adds nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.signals.evidence import Evidence
from tools.signals.fusion import (
    SOURCES,
    FusionRule,
    Known,
    alone,
    beside,
    log_losses,
    logits,
    ridge,
    sigmoids,
    weigh,
)
from tools.signals.signal import Source

RULE = FusionRule()
PER_MONTH = 60
TECHNICAL, REGIME = SOURCES.index(Source.TECHNICAL), SOURCES.index(Source.REGIME)


def known(seed, count, strength, gain_of=None):
    """Resolved calls in which the technical source carries `strength` of truth and the regime none."""
    chance = np.random.default_rng(seed)
    evidence = np.zeros((count, len(SOURCES)))
    spoke = np.zeros(evidence.shape, dtype=bool)
    for place in (TECHNICAL, REGIME):
        evidence[:, place], spoke[:, place] = chance.normal(0, 1, count), True
    offset = np.full(count, -0.3)
    outcome = (chance.random(count) < sigmoids(offset + strength * evidence[:, TECHNICAL])).astype(float)
    gain = np.full(evidence.shape, np.nan)
    for place in (TECHNICAL, REGIME):
        weight = 0.3 if gain_of is None else gain_of
        gain[:, place] = log_losses(offset, outcome) - log_losses(offset + weight * evidence[:, place], outcome)
    return Known(offset, evidence, spoke, outcome, 1.0, np.arange(count) // PER_MONTH, gain)


@given(st.floats(-30, 30))
def test_log_odds_and_probability_are_each_others_inverse(z):
    """Also far out, without a warning."""
    assert logits(sigmoids(np.array([z])))[0] == pytest.approx(z, abs=1e-2)
    assert log_losses(np.array([z]), np.array([1.0]))[0] == pytest.approx(-np.log(sigmoids(np.array([z]))[0]), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), strength=st.floats(0.05, 0.9), tau=st.floats(0.1, 2.0))
def test_the_weight_is_the_one_of_least_penalised_loss(seed, strength, tau):
    """Newton's answer against a fine search over the whole allowed range."""
    data = known(seed, 600, strength)
    column = data.evidence[:, TECHNICAL : TECHNICAL + 1]
    found = ridge(data.offset, column, data.outcome, 0.5, np.array([tau]))[0]
    grid = np.linspace(0, 1, 2001)
    cost = [0.5 * log_losses(data.offset + w * column[:, 0], data.outcome).sum() + w**2 / tau**2 / 2 for w in grid]
    assert found == pytest.approx(grid[int(np.argmin(cost))], abs=6e-4)


def test_evidence_is_never_turned_round_nor_counted_more_than_once():
    """A source that was wrong is left out, not bet against; one that was right is worth at most itself."""
    for strength, wanted in ((-0.8, 0.0), (3.0, 1.0)):
        data = known(1, 4000, strength)
        column = data.evidence[:, TECHNICAL : TECHNICAL + 1]
        assert ridge(data.offset, column, data.outcome, 1.0, np.array([5.0]))[0] == wanted


def test_less_worth_and_a_tighter_prior_mean_a_smaller_weight():
    """Shrinkage: what overlaps proves less."""
    data = known(2, 2000, 0.5)
    column = data.evidence[:, TECHNICAL : TECHNICAL + 1]
    weights = [ridge(data.offset, column, data.outcome, worth, np.array([0.5]))[0] for worth in (1.0, 0.1, 0.001)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_a_source_that_adds_nothing_has_weight_exactly_zero_and_one_that_does_has_not(seed):
    """The promise of the product."""
    by_source = {one.source: one for one in weigh(known(seed, 6000, 0.4), RULE, SOURCES)}
    assert by_source[Source.TECHNICAL].weight == pytest.approx(0.4, abs=0.12)
    assert by_source[Source.TECHNICAL].gain > 3 * by_source[Source.TECHNICAL].error > 0
    assert by_source[Source.REGIME].weight == 0.0
    assert "not saved log loss" in by_source[Source.REGIME].why
    assert by_source[Source.NEWS].weight == 0.0
    assert by_source[Source.NEWS].why == "it has said nothing yet"


def test_a_source_is_not_admitted_on_less_than_a_year():
    """A season is no proof."""
    found = {one.source: one for one in weigh(known(7, 11 * PER_MONTH, 0.9), RULE, SOURCES)}[Source.TECHNICAL]
    assert (found.weight, found.months) == (0.0, 11)
    assert "only 11 of 12 months" in found.why


def test_a_source_left_out_weighs_nothing_whatever_it_knows():
    """Ablation."""
    others = [source for source in SOURCES if source is not Source.TECHNICAL]
    found = {one.source: one for one in weigh(known(8, 6000, 0.5), RULE, others)}[Source.TECHNICAL]
    assert (found.weight, found.why) == (0.0, "left out of this walk")


def test_alone_judges_each_source_by_itself_and_only_where_it_spoke():
    """Silence must not dilute what a source said."""
    data = known(9, 4000, 0.5)
    half = np.arange(4000) % 2 == 0
    data.spoke[half, TECHNICAL] = False
    data.evidence[half, TECHNICAL] = 0.0
    found = alone(data, RULE)
    assert found[TECHNICAL] == pytest.approx(0.5, abs=0.12)
    assert found[SOURCES.index(Source.SENTIMENT)] == 0.0


def evidence(tone=0.5, weight=1.0, impact=0.2, up=(0.6, 0.55, 0.7)):
    """One bar's evidence."""
    return Evidence(np.array([tone]), np.array([weight]), np.array([impact]), np.array([up]))


def test_other_sources_speak_for_the_calls_own_direction_and_horizon():
    """Good news is evidence for a long call and against a short one; a bet on the range hears none of it."""
    bars = np.zeros(3, dtype=np.int64)
    said = beside(evidence(), bars, np.array([1.0, -1.0, 0.0]), np.array([10, 20, 20]))
    assert said[Source.SENTIMENT][:2] == pytest.approx([0.25, -0.25])
    assert said[Source.NEWS][:2] == pytest.approx([0.2, -0.2])
    assert said[Source.FORECAST][:2] == pytest.approx([np.log(0.55 / 0.45), -np.log(0.7 / 0.3)])
    assert all(np.isnan(values[2]) for values in said.values())


def test_no_evidence_stays_no_evidence():
    """Not neutral: not there."""
    said = beside(evidence(tone=np.nan, weight=np.nan), np.array([0]), np.array([1.0]), np.array([5]))
    assert np.isnan(said[Source.SENTIMENT][0])
    assert said[Source.NEWS][0] == pytest.approx(0.2)
