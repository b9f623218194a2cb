"""Fusion: the breakdown adds up, what is missing weighs nothing, and no part invents confidence."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.signals.fusion import Voice, fuse, logit, sigmoid
from tools.signals.signal import Source
from tools.signals.track_record import Confidence

RATES = st.floats(0.02, 0.98)
BASE = 0.4


def voice(direction, value, name="trend", base=BASE):
    """An active strategy with a given record."""
    return Voice(name, direction, Confidence(value, 200, 0.0, 1.0, base, 1.0, True))


@st.composite
def situations(draw):
    """A base rate, up to four active strategies and any of the other sources."""
    base = draw(RATES)
    names = ("trend", "momentum", "mean_reversion", "breakout")[: draw(st.integers(0, 4))]
    voices = [voice(draw(st.sampled_from((1, -1))), draw(RATES), name, base) for name in names]
    others = draw(st.dictionaries(st.sampled_from([s for s in Source if s != Source.TECHNICAL]), st.floats(-6, 6)))
    return base, voices, others


@given(situations())
def test_the_parts_sum_to_the_log_odds_of_the_shown_probability(situation):
    """A breakdown that does not add up explains nothing."""
    found = fuse(*situation)
    assert 0.01 <= found.probability <= 0.99
    assert found.parts.total == pytest.approx(logit(found.probability), abs=1e-9)


@given(situations())
def test_a_missing_source_is_named_and_adds_exactly_zero(situation):
    """Silence is not evidence, and it must not look like a neutral opinion."""
    base, voices, others = situation
    found = fuse(base, voices, others)
    parts = found.parts.model_dump()
    for source in Source:
        spoke = bool(voices) and (source in others or source is Source.TECHNICAL)
        assert (source in found.missing) != spoke
        if not spoke:
            assert parts[source.value] == 0.0


@given(situations())
def test_technical_evidence_never_lifts_the_probability_above_the_best_record(situation):
    """Agreement of strategies that read the same prices is not twice the evidence."""
    base, voices, _ = situation
    found = fuse(base, voices)
    records = [v.confidence.value for v in voices if v.direction == found.direction]
    assert found.probability <= max([base, *records]) + 1e-12


def test_a_strategy_that_bets_the_other_way_takes_away_and_never_adds():
    """That short calls fail does not mean that long ones come true: both may time out."""
    alone = fuse(BASE, [voice(1, 0.5)]).probability
    good_opponent = fuse(BASE, [voice(1, 0.5), voice(-1, 0.45, "momentum")]).probability
    bad_opponent = fuse(BASE, [voice(1, 0.5), voice(-1, 0.2, "momentum")]).probability
    assert good_opponent < bad_opponent < alone


def test_the_technical_term_is_the_mean_evidence():
    """The documented formula, by hand."""
    found = fuse(BASE, [voice(1, 0.5), voice(1, 0.45, "momentum")])
    expected = (log(1.0) - logit(BASE) + logit(0.45) - logit(BASE)) / 2
    assert found.parts.technical == pytest.approx(expected)
    assert found.parts.calibration == 0.0
    assert found.leading is not None
    assert found.leading.strategy == "trend"


def test_with_no_active_strategy_there_is_no_direction_and_only_the_base_rate():
    """Other sources do not make a call by themselves: there would be no entry, target or stop."""
    found = fuse(BASE, [], {Source.NEWS: 2.0})
    assert (found.direction, found.leading, found.parts.news) == (0, None, 0.0)
    assert found.probability == pytest.approx(BASE)
    assert set(found.missing) == set(Source)


def test_the_direction_is_that_of_the_better_evidence():
    """Two bad longs do not outvote one good short."""
    voices = [voice(1, 0.3), voice(1, 0.35, "momentum"), voice(-1, 0.5, "breakout")]
    assert fuse(BASE, voices).direction == -1


def test_overwhelming_evidence_stops_at_the_shown_limits():
    """The step back to 99 % is told as calibration, so that the sum still holds."""
    found = fuse(BASE, [voice(1, 0.9)], {Source.NEWS: 6.0})
    assert found.probability == 0.99
    assert found.parts.calibration < 0
    assert sigmoid(-800) == 0.0
