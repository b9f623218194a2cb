"""From a call to an option strategy: the table is whole, its ideas express the call, and every strategy is judged."""

from datetime import date, timedelta
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.feeds.sessions import NewYorkHours
from brokers.vocabulary import BadInput
from tools.signals.calls import Direction
from tools.signals.option_table import CELLS, LEGS, TABLE, Conviction, OptionStrategy
from tools.signals.options import NOTE, SAME_STRIKE, alternatives, expiry_window, fits, idea_for
from tools.signals.regime import Volatility

CALLS = [direction for direction in Direction if direction is not Direction.NONE]
GAINS = {Conviction.NONE: 0.0, Conviction.WEAK: 0.1, Conviction.MODERATE: 0.3, Conviction.STRONG: 0.8}
TWELVE = {
    "bull_call_spread",
    "bear_put_spread",
    "iron_condor",
    "covered_call",
    "cash_secured_put",
    "protective_put",
    "long_call",
    "long_put",
    "straddle",
    "strangle",
    "calendar",
    "collar",
}

probabilities = st.floats(0.01, 0.99)
calls = st.tuples(
    st.sampled_from(Direction), probabilities, probabilities, st.sampled_from(Volatility), st.integers(1, 300)
)


def above(gain, base_rate=0.5):
    """The probability that lies `gain` log-odds above a base rate."""
    return 1 / (1 + exp(-(log(base_rate / (1 - base_rate)) + gain)))


def first(direction, gain, volatility, held=False):
    """Name of the idea for a call that many log-odds above an even base rate; None without one."""
    idea = idea_for(direction, above(gain), 0.5, volatility, 20, held)
    return idea and idea.name


def all_ideas(call, held):
    """The idea and its alternatives."""
    best = idea_for(*call, held=held)
    return ((best,) if best else ()) + alternatives(*call, held=held)


def net_delta(idea, shares):
    """Delta of the options, and of the shares where asked, per share of the underlying."""
    total = 0.0
    for leg in idea.legs:
        if leg.right == "stock":
            total += 1.0 if shares else 0.0
            continue
        total += leg.ratio * leg.target_delta * (1 if leg.right == "call" else -1) * (1 if leg.action == "buy" else -1)
    return total


def test_every_cell_of_the_table_is_filled_exactly_once():
    """Each direction, conviction and volatility has one row, and no two rows speak of the same cell."""
    named = [
        (row.direction, conviction, volatility)
        for row in TABLE
        for conviction in row.convictions
        for volatility in row.volatilities
    ]
    wanted = {(d, c, v) for d in CALLS for c in Conviction if c is not Conviction.NONE for v in Volatility}
    assert len(named) == len(set(named))
    assert set(named) == wanted == set(CELLS)
    assert all(row.because for row in TABLE)


def test_no_row_lists_a_strategy_twice_and_only_held_shares_bring_what_needs_them():
    """Best first, each once; a covered call is never an idea for somebody without shares."""
    for row in TABLE:
        assert len(set(row.strategies(held=True))) == len(row.strategies(held=True))
        for strategy in OptionStrategy:
            covered = any(leg.right == "stock" for leg in LEGS[strategy])
            assert strategy not in (row.without_shares if covered else row.with_shares)


@given(call=calls, held=st.booleans())
def test_an_idea_is_one_of_the_twelve_with_sane_legs_and_an_expiry_after_the_horizon(call, held):
    """Whatever the call: named strategies, deltas in (0, 1), an expiry window behind the horizon, the shares named."""
    ideas = all_ideas(call, held)
    assert len({idea.name for idea in ideas}) == len(ideas)
    for idea in ideas:
        assert idea.name in TWELVE
        assert all((leg.target_delta is None) == (leg.right == "stock") for leg in idea.legs)
        assert all(0 < leg.target_delta < 1 for leg in idea.legs if leg.target_delta is not None)
        low, high = idea.days_to_expiry
        assert high > low > call[4] * 7 / 5
        assert idea.needs_position == any(leg.right == "stock" for leg in idea.legs)
        assert held or not idea.needs_position
        assert NOTE in idea.note


@given(call=calls, held=st.booleans())
def test_an_idea_gains_with_its_call(call, held):
    """A rise never gets a position that loses by it, nor a fall options that gain from a rise; no side else."""
    direction = call[0]
    for idea in all_ideas(call, held):
        if direction is Direction.LONG:
            assert net_delta(idea, shares=True) > 0
            assert idea.name not in ("bear_put_spread", "long_put")
        elif direction is Direction.SHORT:
            assert net_delta(idea, shares=False) < 0
            assert idea.name not in ("bull_call_spread", "long_call", "cash_secured_put")
        elif not idea.needs_position:
            assert net_delta(idea, shares=True) == pytest.approx(0)


@given(call=calls, held=st.booleans())
def test_no_idea_can_lose_without_a_limit(call, held):
    """A sold call always has shares or another call behind it."""
    for idea in all_ideas(call, held):
        calls_sold = sum(leg.ratio for leg in idea.legs if (leg.action, leg.right) == ("sell", "call"))
        behind = sum(leg.ratio for leg in idea.legs if leg.action == "buy" and leg.right in ("call", "stock"))
        assert behind >= calls_sold


@given(call=calls, held=st.booleans(), name=st.sampled_from(OptionStrategy))
def test_a_strategy_fits_exactly_when_it_is_the_idea_or_an_alternative(call, held, name):
    """The question about one strategy and the ideas never disagree; what is better is the idea itself."""
    ideas = [idea.name for idea in all_ideas(call, held)]
    found = fits(name, *call[:4], held=held)
    assert found.fits == (name in ideas)
    assert found.better == (None if not ideas or name is ideas[0] else ideas[0])
    assert found.reason.endswith(".")


@pytest.mark.parametrize("held", [False, True])
def test_without_a_direction_or_conviction_there_is_no_idea(held):
    """No call, or a call no likelier than its base rate, is no reason for options."""
    for volatility in Volatility:
        assert first(Direction.NONE, 0.8, volatility, held) is None
        for direction in CALLS:
            assert first(direction, 0.0, volatility, held) is None
            assert first(direction, -0.8, volatility, held) is None


def test_every_strategy_is_somebodys_first_idea():
    """None of the twelve names is out of reach."""
    found = {first(d, gain, v, held) for d in CALLS for gain in GAINS.values() for v in Volatility for held in (0, 1)}
    assert found - {None} == TWELVE == set(OptionStrategy)


@pytest.mark.parametrize(
    ("direction", "conviction", "volatility", "without", "with_shares"),
    [
        (Direction.LONG, Conviction.STRONG, Volatility.LOW, "long_call", "protective_put"),
        (Direction.LONG, Conviction.MODERATE, Volatility.NORMAL, "bull_call_spread", "collar"),
        (Direction.LONG, Conviction.MODERATE, Volatility.ELEVATED, "cash_secured_put", "covered_call"),
        (Direction.LONG, Conviction.STRONG, Volatility.EXTREME, "bull_call_spread", "collar"),
        (Direction.LONG, Conviction.STRONG, Volatility.UNKNOWN, "bull_call_spread", "collar"),
        (Direction.LONG, Conviction.WEAK, Volatility.EXTREME, None, "collar"),
        (Direction.SHORT, Conviction.STRONG, Volatility.NORMAL, "long_put", "protective_put"),
        (Direction.SHORT, Conviction.MODERATE, Volatility.ELEVATED, "bear_put_spread", "collar"),
        (Direction.SHORT, Conviction.WEAK, Volatility.ELEVATED, None, "covered_call"),
        (Direction.NEUTRAL, Conviction.MODERATE, Volatility.ELEVATED, "iron_condor", "covered_call"),
        (Direction.NEUTRAL, Conviction.STRONG, Volatility.LOW, "calendar", "calendar"),
        (Direction.NEUTRAL, Conviction.WEAK, Volatility.EXTREME, None, None),
        (Direction.VOLATILE, Conviction.STRONG, Volatility.LOW, "straddle", "straddle"),
        (Direction.VOLATILE, Conviction.STRONG, Volatility.EXTREME, "strangle", "strangle"),
        (Direction.VOLATILE, Conviction.WEAK, Volatility.NORMAL, None, None),
    ],
)
def test_the_table_says_what_the_principles_say(direction, conviction, volatility, without, with_shares):
    """Premium is bought where volatility is low, sold where high, spread where extreme or unknown."""
    assert first(direction, GAINS[conviction], volatility) == without
    assert first(direction, GAINS[conviction], volatility, held=True) == with_shares


@given(volatility=st.sampled_from(Volatility), gain=st.floats(0.05, 3))
def test_held_shares_turn_a_bullish_idea_into_its_equivalent(volatility, gain):
    """By put-call parity: the same shape of gain and loss, with the shares counted in."""
    same = {"long_call": "protective_put", "bull_call_spread": "collar", "cash_secured_put": "covered_call"}
    without = first(Direction.LONG, gain, volatility)
    if without is not None:
        assert first(Direction.LONG, gain, volatility, held=True) == same[without]


@pytest.mark.parametrize(
    ("least", "below", "from_there"),
    [
        (0.05, Conviction.NONE, Conviction.WEAK),
        (0.2, Conviction.WEAK, Conviction.MODERATE),
        (0.5, Conviction.MODERATE, Conviction.STRONG),
    ],
)
def test_conviction_steps_where_its_table_says(least, below, from_there):
    """Either side of each step."""
    assert Conviction.of(least - 1e-9) is below
    assert Conviction.of(least) is from_there


def test_conviction_is_measured_against_the_base_rate():
    """The same probability is strong where such calls are rare and nothing where they are usual."""
    assert idea_for(Direction.LONG, 0.55, 0.4, Volatility.LOW, 20).name == "long_call"
    assert idea_for(Direction.LONG, 0.55, 0.5, Volatility.LOW, 20).name == "bull_call_spread"
    assert idea_for(Direction.LONG, 0.55, 0.55, Volatility.LOW, 20) is None


def test_why_tells_the_values_and_the_row():
    """Whoever asks why sees the numbers that chose the row, and that volatility is that of the past."""
    idea = idea_for(Direction.LONG, 0.62, 0.5, Volatility.ELEVATED, 20)
    assert idea.why == (
        "A cash secured put: a rise is expected within 20 sessions, with moderate conviction (0.620 against a base "
        "rate of 0.500, +0.49 log-odds) and elevated volatility of past returns: options tend to be dear, so premium "
        "is sold, which asks for no large rise."
    )
    (other,) = alternatives(Direction.LONG, 0.62, 0.5, Volatility.ELEVATED, 20)
    assert other.why.startswith("A bull call spread instead of a cash secured put, which comes first: a rise")


def test_an_unfit_strategy_is_told_why_and_what_is_better():
    """Wrong direction, no shares, no conviction, or the wrong cell: each has its own sentence."""
    strong = above(0.8)
    wrong = fits("bull_call_spread", Direction.SHORT, strong, 0.5, Volatility.LOW)
    assert wrong.reason == "A bull call spread expresses a rise, and this call expects a fall."
    assert wrong.better == "long_put"
    uncovered = fits("covered_call", Direction.LONG, above(0.3), 0.5, Volatility.ELEVATED)
    assert "needs shares that are held" in uncovered.reason
    assert uncovered.better == "cash_secured_put"
    idle = fits("long_call", Direction.LONG, 0.5, 0.5, Volatility.LOW)
    assert "no conviction" in idle.reason
    assert idle.better is None
    dear = fits("long_call", Direction.LONG, strong, 0.5, Volatility.EXTREME)
    assert dear.reason.startswith("A long call does not fit strong conviction")
    assert dear.better == "bull_call_spread"
    assert "no call" in fits("collar", Direction.NONE, strong, 0.5, Volatility.LOW).reason


def test_an_expiry_lies_after_the_horizon_on_the_real_calendar():
    """From every session since 1990, holidays and closures of the exchange included."""
    known = list(NewYorkHours().closes(date(1990, 1, 2), date(2027, 6, 1)))
    assert len(known) > 9_000
    for horizon in (*range(1, 64), 126, 252, 504):
        longest = max(end - start for start, end in zip(known, known[horizon:], strict=False)).days
        assert expiry_window(horizon)[0] > longest


def test_a_monthly_expiry_is_always_within_the_window():
    """Third Fridays are at most five weeks apart, whatever the day and the horizon."""
    low, high = expiry_window(20)
    for offset in range(1_500):
        days = [date(2022, 1, 3) + timedelta(days=offset + ahead) for ahead in range(low, high + 1)]
        assert any(day.weekday() == 4 and 15 <= day.day <= 21 for day in days)


def test_the_far_leg_of_a_calendar_outlives_the_near_one_at_the_same_strike():
    """The bought option always expires later than the sold one."""
    idea = idea_for(Direction.NEUTRAL, 0.6, 0.5, Volatility.LOW, 10)
    near, far = idea.legs
    assert (near.action, far.action) == ("sell", "buy")
    assert far.days_to_expiry[0] > idea.days_to_expiry[1]
    assert idea.note.startswith(SAME_STRIKE)


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, 1.1, float("nan"), float("inf")])
def test_what_is_no_probability_is_refused(value):
    """Certainty has no log-odds."""
    for arguments in ((value, 0.5), (0.5, value)):
        with pytest.raises(BadInput):
            idea_for(Direction.LONG, *arguments, Volatility.LOW, 20)
        with pytest.raises(BadInput):
            fits("long_call", Direction.LONG, *arguments, Volatility.LOW)


def test_an_unknown_name_or_an_empty_horizon_is_refused_with_a_fix():
    """The error says what is known."""
    with pytest.raises(BadInput, match="jade_lizard") as refused:
        fits("jade_lizard", Direction.LONG, 0.6, 0.5, Volatility.LOW)
    assert "iron_condor" in refused.value.fix
    with pytest.raises(BadInput):
        idea_for(Direction.LONG, 0.6, 0.5, Volatility.LOW, 0)
