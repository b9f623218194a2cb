"""What counts as reducing, and what an order is priced at: the values other controls rest on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brokers.vocabulary import OrderType, Quote, Side
from tests.tools.risk.build import draft, holding, limit, quote, state, stop, working
from tools.risk.prices import entry_price, reserve_price, usable_quote
from tools.risk.reach import is_reducing, reach
from tools.risk.reasons import CannotValue
from tools.risk.state import Draft, Working

TRAILING = {"order_type": OrderType.TRAILING, "trail": Decimal(3)}


@pytest.mark.parametrize(
    ("held", "order", "others", "expected"),
    [
        (100, draft(100, Side.SELL), (), True),
        (100, draft(101, Side.SELL), (), False),
        (100, draft(60, Side.SELL), (working(40, Side.SELL),), True),
        (100, draft(61, Side.SELL), (working(40, Side.SELL),), False),
        (100, draft(1, Side.SELL), (working(1),), False),
        (100, draft(100, Side.SELL), (working(100, Side.SELL, reduce_only=True),), True),
        (100, draft(100, Side.SELL), (working(50, symbol="BBB"),), True),
        (100, draft(1, Side.SHORT), (), False),
        (100, draft(1), (), False),
        (-100, draft(100), (), True),
        (-100, draft(101), (), False),
        (-100, draft(61), (working(40),), False),
        (-100, draft(1), (working(1, Side.SHORT),), False),
        (-100, draft(1, Side.SHORT), (), False),
        (-100, draft(1, Side.SELL), (), False),
        (0, draft(1, Side.SELL), (), False),
        (0, draft(1), (), False),
        (100, draft(0, Side.SELL), (), False),
        (100, draft(-1, Side.SELL), (), False),
    ],
)
def test_an_order_is_reducing_only_if_no_fills_grow_or_turn_the_position(
    held: int, order: Draft, others: tuple[Working, ...], expected: bool
):
    """Reducing orders skip controls, so every edge of the word is pinned."""
    book = state(holdings=(holding(held),) if held else (), working=others)
    assert is_reducing(order, book) is expected


def test_reach_spans_every_fill_of_what_works():
    """From all sales filled and no buys, to all buys and no sales."""
    others = (working(20), working(30, Side.SHORT), working(9, symbol="BBB"), working(7, Side.SELL, reduce_only=True))
    assert reach(draft(5), state(holdings=(holding(10),), working=others)) == (-20, 35)


@pytest.mark.parametrize(
    ("order", "price"),
    [
        (draft(), "102"),
        (draft(1, Side.SHORT), "98"),
        (limit("90"), "90"),
        (limit("110"), "110"),
        (limit("90", 1, Side.SHORT), "98"),
        (limit("110", 1, Side.SHORT), "110"),
        (stop("110"), "110"),
        (stop("90", 1, Side.SHORT), "98"),
        (draft(**TRAILING), "105"),
        (draft(1, Side.SHORT, **TRAILING), "98"),
        (draft(order_type=OrderType.TRAILING, trail_percent=Decimal(10)), "112.2"),
    ],
)
def test_capital_is_reserved_at_the_most_the_order_can_be_counted_at(order: Draft, price: str):
    """Too low a price would let an order tie up more than was free."""
    assert reserve_price(order, state(quote=quote("98", "102"))) == Decimal(price)


@pytest.mark.parametrize(
    ("order", "price"),
    [
        (draft(), "102"),
        (draft(1, Side.SHORT), "98"),
        (limit("90"), "90"),
        (limit("110"), "102"),
        (limit("110", 1, Side.SHORT), "110"),
        (limit("90", 1, Side.SHORT), "98"),
        (stop("110"), "110"),
        (stop("90", 1, Side.SHORT), "90"),
        (draft(**TRAILING), "102"),
    ],
)
def test_an_entry_is_expected_at_the_better_of_limit_and_touch_or_at_its_trigger(order: Draft, price: str):
    """Attached stops and the recommended size are measured from here."""
    assert entry_price(order, quote("98", "102")) == Decimal(price)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        quote("0", "1"),
        quote("-1", "1"),
        quote("101", "100"),
        quote().model_copy(update={"bid": Decimal("NaN")}),
        quote().model_copy(update={"ask": Decimal("Infinity")}),
    ],
    ids=["missing", "zero", "negative", "crossed", "NaN", "infinite"],
)
def test_nothing_is_valued_on_a_quote_that_is_not_sound(bad: Quote | None):
    """Behind the control on quotes stands this second door, which is shut too."""
    with pytest.raises(CannotValue):
        usable_quote(state(quote=bad))
