"""What must hold for any order, any book and any limits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from brokers.vocabulary import OrderType, Side
from tests.tools.risk.build import draft, holding, limits, quote, released, state, working
from tools.risk.gate import judge
from tools.risk.limits import FIELDS, TIGHTER_WHEN_HIGHER, Limits, setting
from tools.risk.state import Draft, RiskState

QUICK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
SIDES = st.sampled_from(Side)
units = st.integers(1, 600)
orders = st.builds(
    working,
    units,
    SIDES,
    st.sampled_from(["AAA", "BBB"]),
    st.integers(50, 200).map(str),
    reduce_only=st.booleans(),
)


@st.composite
def documents(draw: st.DrawFn) -> Limits:
    """Limits of any tightness."""
    return limits(
        max_quote_age=timedelta(seconds=draw(st.integers(0, 3))),
        price_collar_percent=Decimal(draw(st.integers(0, 20))),
        passive_collar_percent=Decimal(draw(st.integers(0, 60))),
        max_order_notional=Decimal(draw(st.integers(0, 80_000))),
        max_order_quantity=Decimal(draw(st.integers(0, 600))),
        max_position_percent=Decimal(draw(st.integers(0, 80))),
        max_gross_exposure_percent=Decimal(draw(st.integers(0, 200))),
        initial_margin_percent=Decimal(draw(st.sampled_from([25, 50, 100]))),
        cost_buffer_percent=Decimal(draw(st.integers(0, 2))),
        duplicate_window=timedelta(seconds=draw(st.integers(0, 60))),
        max_orders_per_minute=draw(st.integers(0, 4)),
        max_daily_loss_percent=Decimal(draw(st.integers(0, 20))),
        allow_short=draw(st.booleans()),
    )


@st.composite
def bounds(draw: st.DrawFn) -> Limits:
    """Limits that bind on size alone, so that many orders pass and the rest have an alternative."""
    return limits(
        max_order_notional=Decimal(draw(st.integers(1_000, 80_000))),
        max_order_quantity=Decimal(draw(st.integers(5, 600))),
        max_position_percent=Decimal(draw(st.integers(5, 80))),
        max_gross_exposure_percent=Decimal(draw(st.integers(20, 200))),
        initial_margin_percent=Decimal(draw(st.sampled_from([50, 100]))),
        cost_buffer_percent=Decimal(draw(st.integers(0, 2))),
    )


@st.composite
def books(draw: st.DrawFn, documents: st.SearchStrategy[Limits], most_recent: int = 0) -> RiskState:
    """An account with up to two positions, either way, orders that work, and orders just released."""
    bid = draw(st.integers(9_000, 11_000))
    lately = draw(st.lists(drafts(), max_size=most_recent))
    held = draw(st.dictionaries(st.sampled_from(["AAA", "BBB"]), st.integers(-600, 600).filter(bool), max_size=2))
    return state(
        cash=Decimal(draw(st.integers(0, 200_000))),
        day_start_equity=Decimal(draw(st.integers(50_000, 130_000))),
        holdings=tuple(holding(quantity, symbol, str(draw(st.integers(80, 120)))) for symbol, quantity in held.items()),
        working=tuple(draw(st.lists(orders, max_size=3))),
        recent=tuple(released(order, draw(st.integers(0, 90))) for order in lately),
        quote=quote(str(Decimal(bid) / 100), str(Decimal(bid + draw(st.integers(0, 200))) / 100)),
        limits=draw(documents),
    )


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """An order of any type, its prices where such an order would stand around a quote of 90 to 112."""
    kind, side = draw(st.sampled_from(OrderType)), draw(SIDES)
    triggers = st.integers(113, 200) if side is Side.BUY else st.integers(20, 89)
    priced: dict[str, Any] = {}
    if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT):
        priced["limit_price"] = Decimal(draw(st.integers(20, 200)))
    if kind in (OrderType.STOP, OrderType.STOP_LIMIT):
        priced["stop_price"] = Decimal(draw(triggers))
    if kind is OrderType.TRAILING:
        priced["trail"] = Decimal(draw(st.integers(1, 60)))
    return draft(draw(units), side, order_type=kind, **priced)


def at_its_largest(order: Draft, book: RiskState) -> Draft:
    """The order itself where it passes, else its alternative: the sharpest order that the gate lets through."""
    verdict = judge(order, book)
    passing = order if verdict.passed else verdict.alternative
    assume(passing is not None)
    assert passing is not None
    return passing


def some_fills(data: st.DataObject, book: RiskState, order: Draft) -> tuple[dict[str, Decimal], Decimal]:
    """Positions, and what was spent on buys, after arbitrary fills of a subset of working orders and the draft."""
    positions = {each.symbol: each.quantity for each in book.holdings}
    asked = [(each.symbol, each.side, each.remaining, each.price) for each in book.working if not each.reduce_only]
    asked.append((order.symbol, order.side, order.quantity, dearest(order, book)))
    spent = Decimal(0)
    for symbol, side, quantity, price in asked:
        filled = Decimal(data.draw(st.one_of(st.sampled_from([0, int(quantity)]), st.integers(0, int(quantity)))))
        positions[symbol] = positions.get(symbol, Decimal(0)) + side.sign * filled
        spent += filled * price if side is Side.BUY else 0
    return positions, spent


def dearest(order: Draft, book: RiskState) -> Decimal:
    """The most a unit of a buy can cost before its trigger gaps: written apart from the gate's own."""
    assert book.quote is not None
    if order.limit_price is not None:
        return order.limit_price
    return max(book.quote.ask + (order.trail or 0), order.stop_price or Decimal(0))


@QUICK
@given(books(bounds()), drafts(), st.data())
def test_a_passing_order_breaches_no_bound_at_any_fill(book: RiskState, order: Draft, data: st.DataObject):
    """Working, in flight and this one: whichever parts fill, position, gross exposure and cash stay inside."""
    order = at_its_largest(order, book)
    assume(not judge(order, book).reducing)
    positions, spent = some_fills(data, book, order)
    equity, limits_ = book.equity, book.limits
    assert equity is not None
    assert book.quote is not None
    marks = {each.symbol: each.price or Decimal(0) for each in book.holdings} | {"AAA": book.quote.mid}
    dearest_of = {each.symbol: each.price for each in book.working}
    values = {symbol: abs(size) * marks.get(symbol, dearest_of.get(symbol, 0)) for symbol, size in positions.items()}
    assert values["AAA"] * 100 <= limits_.max_position_percent * equity
    assert sum(values.values()) * 100 <= limits_.max_gross_exposure_percent * equity
    assert order.quantity <= limits_.max_order_quantity
    owns_all = all(each.quantity >= 0 for each in book.holdings)
    if limits_.initial_margin_percent == 100 and owns_all and order.side is Side.BUY:
        assert spent <= book.cash


@QUICK
@given(books(bounds()), drafts(), st.data())
def test_a_reducing_order_never_grows_or_turns_the_position(book: RiskState, order: Draft, data: st.DataObject):
    """That is what lets it skip controls, so it must hold whatever else fills."""
    held = book.held("AAA")
    order = order.model_copy(update={"side": Side.SELL if held > 0 else Side.BUY})
    assume(judge(order, book, alternative=False).reducing)
    position = some_fills(data, book, order)[0]["AAA"]
    assert abs(position) <= abs(held)
    assert position * held >= 0


AT_MARKET = {"order_type": OrderType.MARKET, "limit_price": None, "trail": None}


@QUICK
@given(books(bounds()), drafts(), st.data())
def test_a_passing_sale_never_opens_a_short(book: RiskState, order: Draft, data: st.DataObject):
    """Only the word short opens one."""
    others = tuple(each for each in book.holdings if each.symbol != "AAA")
    book = book.model_copy(update={"holdings": (*others, holding(data.draw(units)))})
    order = at_its_largest(order.model_copy(update={"side": Side.SELL, "stop_price": None, **AT_MARKET}), book)
    only_sales = book.model_copy(update={"working": tuple(w for w in book.working if w.side is not Side.BUY)})
    assert some_fills(data, only_sales, order)[0]["AAA"] >= 0


@QUICK
@given(st.one_of(books(bounds()), books(documents(), 3)), drafts())
@example(state(limits=limits(max_order_quantity=Decimal(7))), draft(8))
def test_the_alternative_passes_and_one_lot_more_does_not(book: RiskState, order: Draft):
    """Nearest means nearest."""
    verdict = judge(order, book)
    assert verdict.passed is (not verdict.reasons)
    nearest = at_its_largest(order, book)
    assert judge(nearest, book).passed
    assert nearest.quantity <= order.quantity
    assert nearest.side is order.side
    if nearest.quantity < order.quantity:
        assert not judge(nearest.sized(nearest.quantity + 1), book).passed


@QUICK
@given(st.one_of(books(bounds()), books(documents(), 3)), drafts(), documents(), st.sampled_from(FIELDS))
def test_tightening_a_limit_never_turns_a_refusal_into_a_pass(book: RiskState, order: Draft, other: Limits, field: str):
    """Otherwise a person who becomes careful would be exposed by it."""
    pair = (setting(book.limits, field), setting(other, field))
    low, high = min(pair), max(pair)  # pyright: ignore[reportArgumentType]
    loose, tight = (low, high) if field in TIGHTER_WHEN_HIGHER else (high, low)
    if judge(order, under(book, field, tight), alternative=False).passed:
        assert judge(order, under(book, field, loose), alternative=False).passed


def under(book: RiskState, field: str, value: object) -> RiskState:
    """The same book with one limit set."""
    return book.model_copy(update={"limits": book.limits.model_copy(update={field: value})})


NUMBERS = ("quantity", "limit_price", "stop_price", "trail", "trail_percent", "take_profit", "stop_loss")
BAD = [Decimal(text) for text in ("NaN", "sNaN", "Infinity", "-Infinity", "-1", "0", "-0", "-1E-30")]


@pytest.mark.parametrize("bad", BAD, ids=str)
@pytest.mark.parametrize("field", NUMBERS)
@settings(max_examples=4, deadline=None)
@given(order=drafts())
def test_no_number_that_is_not_finite_and_positive_ever_passes(order: Draft, field: str, bad: Decimal):
    """Even when it got round the types: the gate does not trust who built the value."""
    verdict = judge(order.model_copy(update={field: bad}), state(holdings=(holding(600),)))
    assert not verdict.passed
    assert verdict.alternative is None


@pytest.mark.parametrize("field", ["cash", "day_start_equity"])
@pytest.mark.parametrize("bad", [Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")], ids=str)
def test_a_book_with_a_number_that_is_not_finite_passes_nothing(field: str, bad: Decimal):
    """Rule gate:closed."""
    assert not judge(draft(), state().model_copy(update={field: bad})).passed


@QUICK
@given(books(bounds()), drafts())
def test_without_a_quote_nothing_passes_not_even_a_reducing_order(book: RiskState, order: Draft):
    """What cannot be priced is refused."""
    verdict = judge(order, book.model_copy(update={"quote": None}))
    assert "quote_age" in {reason.control for reason in verdict.reasons}
    assert verdict.alternative is None


@QUICK
@given(
    st.fixed_dictionaries(
        {field: st.none() | st.decimals(allow_nan=True, allow_infinity=True) for field in NUMBERS[1:]},
    ),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from(OrderType),
    SIDES,
)
def test_the_gate_answers_whatever_it_is_given(
    prices: dict[str, Decimal | None], quantity: Decimal, kind: OrderType, side: Side
):
    """It never raises: an exception on the way to a broker is not a verdict."""
    order = draft().model_copy(update={**prices, "quantity": quantity, "order_type": kind, "side": side})
    verdict = judge(order, state(holdings=(holding(10),)))
    assert verdict.passed is (not verdict.reasons)
