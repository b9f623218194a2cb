"""The recommended size: what the stop permits, capped by the gate, with the binding constraint named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.vocabulary import Instrument, Side
from tests.tools.risk.build import draft, holding, limit, limits, quote, released, state, working
from tools.risk.gate import judge
from tools.risk.sizing import recommend
from tools.risk.state import Draft

EIGHT_BELOW = Decimal(92)


def test_the_size_loses_one_per_cent_of_equity_at_the_stop():
    """1 % of 100,000 is 1,000; eight a share makes 125 shares."""
    sizing = recommend(draft(1), state(), EIGHT_BELOW, "the breakout's stop")
    assert sizing.quantity == 125
    assert sizing.control == "risk_per_trade"
    assert sizing.binding == "risk of 1 % of equity (1000.00 USD) at 8 USD to the breakout's stop"
    assert (sizing.entry, sizing.stop, sizing.stop_distance) == (Decimal(100), EIGHT_BELOW, Decimal(8))
    assert (sizing.risk_budget, sizing.risk_amount, sizing.risk_quantity) == (1000, 1000, 125)


def test_parts_of_a_lot_are_left_out():
    """1,000 at seven a share is 142.86 shares; 142 lose 994."""
    sizing = recommend(draft(1), state(), Decimal(93))
    assert (sizing.quantity, sizing.risk_amount) == (142, 994)


def test_the_size_is_in_whole_lots_of_the_instrument():
    """142 shares are fourteen lots of ten."""
    tens = draft(1, instrument=Instrument(symbol="AAA", lot=Decimal(10)))
    sizing = recommend(tens, state(), Decimal(93))
    assert (sizing.quantity, sizing.risk_quantity, sizing.risk_amount) == (140, 140, 980)


def test_the_share_of_equity_at_risk_is_the_accounts_own():
    """Twice the risk, twice the size."""
    assert recommend(draft(1), state(limits=limits(risk_per_trade_percent=Decimal(2))), EIGHT_BELOW).quantity == 250


def test_the_attached_stop_comes_first_then_the_given_one_then_the_range():
    """The person's own stop is the one the order will have."""
    own = draft(1, stop_loss=Decimal(95))
    assert recommend(own, state(), EIGHT_BELOW, "x", Decimal(5)).stop == Decimal(95)
    assert recommend(draft(1), state(), EIGHT_BELOW, "x", Decimal(5)).stop == EIGHT_BELOW
    ranged = recommend(draft(1), state(), None, "", Decimal(5))
    assert (ranged.stop, ranged.stop_source, ranged.quantity) == (Decimal(90), "2 average true ranges", 100)


def test_a_short_is_sized_by_a_stop_above():
    """And a given stop on the winning side is passed over for the range."""
    sizing = recommend(draft(1, Side.SHORT), state(), Decimal(92), "x", Decimal(2))
    assert (sizing.stop, sizing.quantity) == (Decimal(104), 250)


def test_the_entry_is_where_the_order_fills():
    """A market buy pays the ask, a resting limit its price."""
    wide = state(quote=quote("98", "102"))
    assert recommend(draft(1), wide, EIGHT_BELOW).stop_distance == 10
    assert recommend(limit("97"), wide, EIGHT_BELOW).stop_distance == 5


def test_the_gate_caps_the_size_and_is_named():
    """10 % of equity is 100 shares, though the stop would permit 125."""
    sizing = recommend(draft(1), state(limits=limits(max_position_percent=Decimal(10))), EIGHT_BELOW)
    assert (sizing.quantity, sizing.control, sizing.risk_quantity) == (100, "position_percent", 125)
    assert sizing.binding == "one more would break a limit: position 10.1 % > 10 %"
    assert sizing.risk_amount == 800


@pytest.mark.parametrize(
    ("order", "control"),
    [(draft(1, instrument=None), "known_symbol"), (draft(1, account="V2"), "account")],
    ids=["unknown symbol", "another account"],
)
def test_where_nothing_passes_the_size_is_zero_and_says_why(order: Draft, control: str):
    """A zero without a reason reads like a fault."""
    sizing = recommend(order, state(), EIGHT_BELOW)
    assert (sizing.quantity, sizing.control) == (0, control)
    assert sizing.binding


def test_without_a_quote_the_size_is_zero():
    """What cannot be priced cannot be sized."""
    sizing = recommend(draft(1), state(quote=None), EIGHT_BELOW)
    assert (sizing.quantity, sizing.control) == (0, "quote_age")


@pytest.mark.parametrize("stop", [None, Decimal(100), Decimal(101), Decimal(-1), Decimal("NaN")], ids=str)
def test_without_a_stop_on_the_losing_side_there_is_no_size(stop: Decimal | None):
    """The risk of a share is then not known, and a guess is not offered."""
    sizing = recommend(draft(1), state(), stop)
    assert (sizing.quantity, sizing.control) == (0, "no_stop")


def test_a_budget_below_one_share_gives_zero_and_names_the_budget():
    """One share would lose more than a trade may."""
    sizing = recommend(draft(1), state(cash=Decimal(700), day_start_equity=Decimal(700)), EIGHT_BELOW)
    assert (sizing.quantity, sizing.control) == (0, "risk_per_trade")


def test_a_size_that_was_just_released_is_not_recommended_again():
    """The duplicate control is part of the gate."""
    sizing = recommend(draft(1), state(recent=(released(draft(125), 1),)), EIGHT_BELOW)
    assert (sizing.quantity, sizing.control) == (0, "duplicate")


def test_closing_is_sized_by_what_can_be_closed():
    """Getting out has no stop to size by."""
    assert recommend(draft(1, Side.SELL), state(holdings=(holding(80),))).quantity == 80
    short = recommend(draft(1), state(holdings=(holding(-80),)))
    assert (short.quantity, short.control) == (80, "position_held")
    partly = state(holdings=(holding(80),), working=(working(30, Side.SELL),))
    capped = recommend(draft(1, Side.SELL), partly)
    assert (capped.quantity, capped.control) == (50, "side")


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 9_999),
    st.integers(0, 60_000),
    st.integers(1, 100),
    st.integers(0, 40_000),
)
def test_a_recommended_size_passes_and_loses_no_more_than_the_budget(
    stop: int, cash: int, position: int, notional: int
):
    """And one share more breaks the budget or the gate."""
    book = state(
        cash=Decimal(cash),
        limits=limits(max_position_percent=Decimal(position), max_order_notional=Decimal(notional)),
    )
    sizing = recommend(draft(1), book, Decimal(stop) / 100)
    if sizing.quantity:
        assert judge(draft(int(sizing.quantity)), book).passed
        assert sizing.risk_amount is not None
        assert sizing.risk_budget is not None
        assert sizing.risk_amount <= sizing.risk_budget
    if sizing.stop_distance is not None and sizing.risk_budget is not None:
        more = sizing.quantity + 1
        affordable = more * sizing.stop_distance <= sizing.risk_budget
        assert not (affordable and judge(draft(int(more)), book).passed)
