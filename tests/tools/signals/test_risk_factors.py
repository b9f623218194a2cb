"""What shrinks a size: each factor on either side of its threshold, and the arithmetic of all together."""

from datetime import UTC, date, datetime, timedelta
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.vocabulary import BadInput
from tools.signals.calls import Direction
from tools.signals.regime import Trend
from tools.signals.risk_factors import (
    RiskInputs,
    RiskRule,
    UpcomingEvent,
    risk_factors,
    size_factor,
    size_told,
    volume_ratio,
)

RULE = RiskRule()
SESSION, END = date(2024, 3, 4), date(2024, 4, 2)
ASOF = datetime(2024, 3, 4, 21, tzinfo=UTC)


def inputs(direction=Direction.LONG, **changes):
    """A call with nothing against it, but for the changes."""
    return RiskInputs(direction=direction, session=SESSION, asof=ASOF, horizon_end=END, **changes)


def found(direction=Direction.LONG, **changes):
    """Names and multiples of its risk factors."""
    return {factor.name: factor.size_factor for factor in risk_factors(inputs(direction, **changes))}


def earnings(day, known_at=ASOF - timedelta(days=9), kind="earnings"):
    """One event as a call sees it."""
    return (UpcomingEvent(kind, day, known_at),)


@st.composite
def any_inputs(draw):
    """Every input over its whole range."""
    active = draw(st.integers(0, 30))
    days = st.dates(date(2024, 2, 1), date(2024, 5, 1))
    instants = st.timedeltas(timedelta(days=-60), timedelta(days=60)).map(lambda away: ASOF + away)
    kinds = st.sampled_from(["earnings", "dividend", "split"])
    return RiskInputs(
        direction=draw(st.sampled_from(Direction)),
        session=SESSION,
        asof=ASOF,
        horizon_end=END,
        trend=draw(st.sampled_from(Trend)),
        volatility_rank=draw(st.none() | st.floats(0, 1)),
        volume_ratio=draw(st.none() | st.floats(0, 20)),
        against=tuple(draw(st.lists(st.sampled_from(["trend", "breakout", "reversion"]), unique=True))),
        events=tuple(draw(st.lists(st.builds(UpcomingEvent, kinds, days, instants), max_size=4))),
        spread=draw(st.none() | st.floats(0, 1)),
        tone=draw(st.none() | st.floats(-1, 1)),
        active_calls=active,
        same_way_calls=draw(st.integers(0, active)),
    )


def test_a_call_with_nothing_against_it_keeps_its_size():
    """No factor, the whole size, and a sentence that says so."""
    assert risk_factors(inputs()) == ()
    assert size_factor(()) == 1.0
    assert size_told(()) == "full size: nothing argues for less"


@pytest.mark.parametrize(
    ("name", "quiet", "speaks"),
    [
        ("elevated volatility", {"volatility_rank": 0.7499}, {"volatility_rank": 0.75}),
        ("elevated volatility", {"volatility_rank": 0.95}, {"volatility_rank": 0.9499}),
        ("extreme volatility", {"volatility_rank": 0.9499}, {"volatility_rank": 0.95}),
        ("thin volume", {"volume_ratio": 0.5}, {"volume_ratio": 0.4999}),
        ("trend against", {"trend": Trend.SIDEWAYS}, {"trend": Trend.DOWN}),
        ("trend against", {"trend": Trend.UP}, {"trend": Trend.UP, "direction": Direction.SHORT}),
        ("strategies disagree", {"against": ()}, {"against": ("breakout",)}),
        ("earnings ahead", {"events": earnings(END + timedelta(days=1))}, {"events": earnings(END)}),
        ("earnings ahead", {"events": earnings(SESSION - timedelta(days=1))}, {"events": earnings(SESSION)}),
        ("earnings ahead", {"events": earnings(END, kind="dividend")}, {"events": earnings(END)}),
        (
            "earnings ahead",
            {"events": earnings(END, ASOF + timedelta(seconds=1))},
            {"events": earnings(END, ASOF)},
        ),
        ("wide spread", {"spread": 0.002}, {"spread": 0.00201}),
        ("sentiment against", {"tone": -0.2999}, {"tone": -0.3}),
        ("sentiment against", {"tone": 0.9}, {"tone": 0.3, "direction": Direction.SHORT}),
        (
            "crowded direction",
            {"active_calls": 10, "same_way_calls": 8},
            {"active_calls": 10, "same_way_calls": 9},
        ),
        ("crowded direction", {"active_calls": 4, "same_way_calls": 4}, {"active_calls": 5, "same_way_calls": 5}),
    ],
)
def test_each_factor_speaks_on_one_side_of_its_threshold_alone(name, quiet, speaks):
    """Size shrinks for a reason that can be looked up, and only for that."""
    assert name not in found(**quiet)
    assert set(found(**speaks)) == {name}


@given(any_inputs())
def test_a_factor_tells_a_value_beyond_its_threshold_and_a_multiple_of_the_table(given_inputs):
    """Every factor is checkable, named once, and shrinks."""
    factors = risk_factors(given_inputs)
    assert len({factor.name for factor in factors}) == len(factors)
    for factor in factors:
        assert 0 < factor.size_factor < 1
        assert factor.claim
        assert factor.unit
        below = factor.name in ("thin volume", "earnings ahead")
        opposed = factor.name in ("sentiment against", "trend against") and factor.value < 0
        assert factor.value <= factor.threshold if below or opposed else factor.value >= factor.threshold


@given(any_inputs())
def test_a_neutral_view_has_no_trend_or_news_against_it(given_inputs):
    """Only a bet on a direction can be opposed by one."""
    names = {factor.name for factor in risk_factors(given_inputs)}
    if given_inputs.direction.sign == 0:
        assert not names & {"trend against", "sentiment against"}


@given(any_inputs())
def test_what_became_known_later_changes_nothing(given_inputs):
    """Events announced after the call leave it as it was."""
    later = earnings(SESSION + timedelta(days=2), ASOF + timedelta(days=1))
    more = {name: getattr(given_inputs, name) for name in given_inputs.__slots__}
    more["events"] = given_inputs.events + later
    assert risk_factors(RiskInputs(**more)) == risk_factors(given_inputs)


@given(any_inputs())
def test_the_size_is_the_product_down_to_the_floor_and_is_told_as_it_is(given_inputs):
    """Between a quarter and the whole; the told percentage is 1 - factor; every reason shows its multiple."""
    factors = risk_factors(given_inputs)
    size = size_factor(factors)
    assert 0.25 <= size <= 1
    assert size == max(prod(factor.size_factor for factor in factors), 0.25)
    told = size_told(factors)
    if not factors:
        assert size == 1
        return
    percent = int(told.removeprefix("reduce size by ").split(" %")[0])
    assert abs(percent - 100 * (1 - size)) <= 0.5
    assert told.count("×") == len(factors) + 2 * ("together" in told)
    assert ("together" in told) == (prod(factor.size_factor for factor in factors) < 0.25)


def test_the_reduction_is_told_with_its_reasons():
    """One reason, several, and the floor."""
    one = risk_factors(inputs(spread=0.01))
    assert size_told(one) == "reduce size by 25 % because the spread is wide (×0.75)"
    two = risk_factors(inputs(volatility_rank=0.8, volume_ratio=0.2))
    assert size_told(two) == "reduce size by 44 % because volatility is elevated (×0.75) and volume is thin (×0.75)"
    many = risk_factors(inputs(volatility_rank=0.99, volume_ratio=0.2, spread=0.01, events=earnings(END)))
    assert size_told(many) == (
        "reduce size by 75 % because volatility is extreme (×0.5625), volume is thin (×0.75), earnings fall within the "
        "horizon (×0.5) and the spread is wide (×0.75); together ×0.16, but never below ×0.25"
    )


def test_every_factor_has_words_of_its_own_in_the_sentence():
    """Nothing is told by its bare name."""
    everything = risk_factors(
        inputs(
            trend=Trend.DOWN,
            volatility_rank=0.8,
            volume_ratio=0.1,
            against=("trend", "breakout"),
            events=earnings(END),
            spread=0.1,
            tone=-1.0,
            active_calls=9,
            same_way_calls=9,
        )
    )
    assert len(everything) == 8
    told = size_told(everything)
    for factor in everything:
        assert f"{factor.name} (×" not in told or factor.name == "strategies disagree"


def test_another_rule_moves_thresholds_multiples_and_floor():
    """Every number comes from the table that is handed in."""
    rule = RiskRule(wide_spread=0.1, thin_volume=0.9, thin_size=0.1, smallest=0.2)
    factors = risk_factors(inputs(spread=0.05, volume_ratio=0.8), rule)
    assert [factor.name for factor in factors] == ["thin volume"]
    assert size_factor(factors, rule) == 0.2
    assert size_told(factors, rule).startswith("reduce size by 80 % because volume is thin (×0.1)")


def test_the_nearest_earnings_are_the_ones_told():
    """Two announcements make one factor, with the days to the first."""
    both = earnings(END) + earnings(SESSION + timedelta(days=3))
    (factor,) = risk_factors(inputs(events=both))
    assert factor.value == 3
    assert factor.threshold == (END - SESSION).days
    assert "2024-03-07" in factor.claim


def test_volume_is_measured_against_its_own_mean():
    """The last session is among those of the mean; a symbol that never traded is thin, not unknown."""
    volume = np.full(40, 1e6)
    volume[-1] = 0.0
    volume[0] = 9e9
    assert volume_ratio(np.full(40, 3.0)) == 1.0
    assert volume_ratio(volume) == 0.0
    assert volume_ratio(np.array([1.0, 3.0])) == pytest.approx(1.5)
    assert volume_ratio(np.zeros(30)) == 0.0
    assert volume_ratio(np.array([])) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"volatility_rank": float("nan")},
        {"volatility_rank": 1.1},
        {"volume_ratio": -0.1},
        {"volume_ratio": float("inf")},
        {"spread": -0.01},
        {"spread": float("nan")},
        {"tone": 1.5},
        {"active_calls": 3, "same_way_calls": 4},
        {"events": (UpcomingEvent("earnings", END, ASOF.replace(tzinfo=None)),)},
    ],
)
def test_what_cannot_be_is_refused(changes):
    """A number that is none would hide a risk instead of showing it."""
    with pytest.raises(BadInput):
        inputs(**changes)


def test_a_horizon_that_is_over_is_refused():
    """The end of the horizon cannot lie before the session."""
    with pytest.raises(BadInput):
        RiskInputs(Direction.LONG, SESSION, ASOF, SESSION - timedelta(days=1))
