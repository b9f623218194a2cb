"""Every control at its bound and one step beyond it, and what reducing orders skip."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brokers.vocabulary import Side
from tests.tools.risk.boundaries_order import ORDER
from tests.tools.risk.boundaries_price import PRICE
from tests.tools.risk.boundaries_size import CASH_ACCOUNT, SIZE
from tests.tools.risk.boundary import TWICE, Boundary
from tests.tools.risk.build import draft, holding, limit, limits, released, state, stop, working
from tools.risk.checks import CHECKS
from tools.risk.gate import judge
from tools.risk.state import Draft

BOUNDARIES = [*ORDER, *PRICE, *SIZE]


@pytest.mark.parametrize("bound", BOUNDARIES, ids=lambda bound: f"{bound.control}: {bound.name}")
def test_exactly_at_the_bound_passes(bound: Boundary):
    """A limit of five means five: a control that refuses at its bound is as wrong as one that lets through."""
    verdict = judge(*bound.at)
    assert verdict.reasons == ()
    assert verdict.passed


@pytest.mark.parametrize("bound", BOUNDARIES, ids=lambda bound: f"{bound.control}: {bound.name}")
def test_one_step_beyond_is_refused_by_this_control_alone(bound: Boundary):
    """A mutant that flips, moves, ignores or drops the bound changes one of the two; no other control covers for it."""
    verdict = judge(*bound.beyond)
    assert not verdict.passed
    assert [reason.control for reason in verdict.reasons] == [bound.control]


def test_every_control_has_a_boundary_by_name():
    """A control that is dropped from the list, or added without a test, shows here."""
    assert {bound.control for bound in BOUNDARIES} == {control.id for control in CHECKS}
    assert len({control.id for control in CHECKS}) == len(CHECKS)


def test_every_control_names_its_source():
    """The control table for people is made of these."""
    assert [control.id for control in CHECKS if "Source: " not in control.source] == []


def test_reducing_orders_skip_only_what_stands_in_the_way_of_getting_out():
    """The list is part of the promise to the person, so it is spelled out."""
    skipped = {control.id for control in CHECKS if not control.applies_to_reducing}
    assert skipped == {"halt", "position_percent", "gross_exposure", "order_rate", "marks", "daily_loss"}


LOCKED = {
    "halt": {"halted": True},
    "position_percent": {"limits": limits(max_position_percent=Decimal(1))},
    "gross_exposure": {"limits": limits(max_gross_exposure_percent=Decimal(1))},
    "order_rate": {"limits": limits(max_orders_per_minute=0)},
    "daily_loss": {"limits": limits(max_daily_loss_percent=Decimal(1)), "day_start_equity": Decimal(10**6)},
}


@pytest.mark.parametrize("control", LOCKED)
def test_a_locked_account_can_still_close(control: str):
    """Whatever locked it, the way out stays open, for longs and for shorts; the way in does not."""
    long = state(holdings=(holding(100),), **LOCKED[control])
    short = state(holdings=(holding(-100),), cash=Decimal(120_000), **LOCKED[control])
    assert judge(draft(100, Side.SELL), long).passed
    assert judge(draft(100), short).passed
    assert [reason.control for reason in judge(draft(100), long).reasons] == [control]


def test_another_holding_without_a_price_does_not_hold_up_a_sale():
    """Equity is not known then, and closing needs none."""
    book = state(holdings=(holding(100), holding(5, "BBB", None)))
    assert judge(draft(100, Side.SELL), book).passed
    assert not judge(draft(1), book).passed


def test_a_working_order_on_the_other_side_makes_a_sale_not_reducing():
    """Filled together they could leave more than is held now."""
    book = state(holdings=(holding(100),), limits=limits(max_orders_per_minute=0))
    assert judge(draft(100, Side.SELL), book).reducing
    with_buy = book.model_copy(update={"working": (working(1),)})
    assert [reason.control for reason in judge(draft(100, Side.SELL), with_buy).reasons] == ["order_rate"]


def test_attached_stops_and_targets_do_not_stand_in_the_way_of_selling_half():
    """The broker holds them reduce-only; they can neither oversell nor reserve capital."""
    protective = (working(100, Side.SELL, reduce_only=True), working(100, Side.SELL, price="120", reduce_only=True))
    assert judge(draft(50, Side.SELL), state(holdings=(holding(100),), working=protective)).passed


@pytest.mark.parametrize(
    "other",
    [
        draft(11),
        limit("100", 10),
        draft(10, Side.SHORT),
        draft(10, symbol="BBB"),
        stop("101"),
    ],
    ids=["quantity", "type", "side", "symbol", "stop"],
)
def test_an_order_that_differs_is_not_a_duplicate(other: Draft):
    """Only the same intent counts; each field that makes it another one is looked at."""
    assert judge(TWICE, state(recent=(released(other, 1),))).passed


@pytest.mark.parametrize(("price", "passed"), [("99.5", False), ("99.49", True)])
def test_a_duplicate_is_told_by_its_limit_price(price: str, passed: bool):
    """The same order a cent away is another order."""
    assert judge(limit("99.5"), state(recent=(released(limit(price), 1),))).passed is passed


@pytest.mark.parametrize(("price", "passed"), [("101", False), ("101.01", True)])
def test_a_duplicate_is_told_by_its_stop_price(price: str, passed: bool):
    """The same stop a cent away is another order."""
    assert judge(stop("101"), state(recent=(released(stop(price), 1),))).passed is passed


def test_covering_a_short_needs_no_free_funds_and_opening_beyond_it_does():
    """Only what opens ties up capital."""
    broke = state(
        limits=CASH_ACCOUNT, cash=Decimal(20_000), day_start_equity=Decimal(10_000), holdings=(holding(-100),)
    )
    assert judge(draft(100), broke).passed
    assert [reason.control for reason in judge(draft(1, Side.SHORT), broke).reasons] == ["buying_power"]


def test_equity_at_or_below_zero_refuses_whatever_is_measured_against_it():
    """A per cent of nothing is not a number to pass on."""
    verdict = judge(draft(), state(cash=Decimal(0), day_start_equity=Decimal(100_000)))
    assert {"position_percent", "gross_exposure"} <= {reason.control for reason in verdict.reasons}
