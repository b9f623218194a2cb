"""How a resting order meets a daily bar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.paper_costs import CostModel, Exposure
from brokers.paper_matching import Match, Phase, Working, match
from brokers.vocabulary import Bar, Instrument, Order, OrderType, Side, TimeInForce

D = Decimal
TICK = D("0.01")


def bar(opened: str, high: str, low: str, close: str) -> Bar:
    prices = {"open": D(opened), "high": D(high), "low": D(low), "close": D(close)}
    return Bar(symbol="ACME", session=date(2023, 1, 3), volume=1000, **prices)


def order(side: Side, kind: OrderType, tif: TimeInForce = TimeInForce.GTC, **prices: str) -> Order:
    return Order(
        client_order_id="a1",
        account="V1",
        instrument=Instrument(symbol="ACME"),
        side=side,
        quantity=D(10),
        order_type=kind,
        tif=tif,
        **{name: D(price) for name, price in prices.items()},
    )


def through(asked: Order, day: Bar, working: Working | None = None) -> Match:
    """The bar as one whole: the first phase that fills, else what is left after the last."""
    met = Match(working or Working())
    for phase in Phase:
        met = match(asked, met.working, day, phase, TICK)
        if met.price is not None:
            return met
    return met


B, S, L = Side.BUY, Side.SELL, OrderType.LIMIT
STOP, STOP_LIMIT, TRAIL, MARKET = OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING, OrderType.MARKET


@pytest.mark.parametrize(
    ("asked", "day", "price"),
    [
        pytest.param(order(B, MARKET), ("9", "11", "8", "10"), "9", id="a market remainder takes the open"),
        pytest.param(order(B, L, limit_price="9"), ("10", "11", "9", "10"), "9", id="a touched buy limit fills at it"),
        pytest.param(order(B, L, limit_price="9"), ("8", "11", "7", "10"), "8", id="a gap below a buy limit is kept"),
        pytest.param(order(B, L, limit_price="9"), ("10", "11", "9.01", "10"), None, id="a missed limit rests"),
        pytest.param(
            order(S, L, limit_price="12"), ("13", "14", "11", "12"), "13", id="a gap above a sell limit is kept"
        ),
        pytest.param(order(S, STOP, stop_price="9"), ("10", "11", "8", "10"), "9", id="a touched stop fills at it"),
        pytest.param(
            order(S, STOP, stop_price="9"), ("7", "11", "6", "10"), "7", id="a gap through a stop fills lower"
        ),
        pytest.param(order(B, STOP, stop_price="12"), ("13", "14", "11", "12"), "13", id="a gap through a buy stop"),
        pytest.param(
            order(S, STOP_LIMIT, stop_price="9", limit_price="8.5"),
            ("10", "11", "8", "8"),
            "9",
            id="a stop-limit reached",
        ),
        pytest.param(
            order(S, STOP_LIMIT, stop_price="9", limit_price="8.5"),
            ("8", "8.4", "7", "8"),
            None,
            id="a gap beyond both prices rests",
        ),
        pytest.param(
            order(S, STOP_LIMIT, stop_price="9", limit_price="8.5"),
            ("8", "8.6", "7", "8"),
            "8.5",
            id="a gap beyond both prices that comes back fills at the limit",
        ),
        pytest.param(
            order(B, STOP_LIMIT, stop_price="11", limit_price="10"),
            ("10.5", "12", "9", "10.5"),
            None,
            id="a limit behind the stop cannot count on a low that may have come first",
        ),
        pytest.param(
            order(B, STOP_LIMIT, stop_price="11", limit_price="10"),
            ("10.5", "12", "9", "9.5"),
            "10",
            id="a limit behind the stop can count on the close",
        ),
        pytest.param(order(B, MARKET, TimeInForce.MOC), ("9", "12", "8", "11"), "11", id="MOC takes the close"),
        pytest.param(order(B, MARKET, TimeInForce.OPG), ("9", "12", "8", "11"), "9", id="OPG takes the open"),
        pytest.param(
            order(B, L, TimeInForce.OPG, limit_price="8.5"),
            ("9", "12", "8", "11"),
            None,
            id="OPG looks at the open only",
        ),
        pytest.param(
            order(B, L, TimeInForce.MOC, limit_price="10"),
            ("9", "12", "8", "11"),
            None,
            id="MOC looks at the close only",
        ),
    ],
)
def test_an_order_meets_a_bar(asked: Order, day: tuple[str, str, str, str], price: str | None) -> None:
    """The table at the top of the module, row by row."""
    assert through(asked, bar(*day)).price == (None if price is None else D(price))


@pytest.mark.parametrize(
    ("best", "day", "price"),
    [
        pytest.param("100", ("97", "105", "96", "104"), "97", id="the open gaps through"),
        pytest.param("100", ("100", "105", "97", "104"), "98", id="the low comes first, at the old level"),
        pytest.param("100", ("100", "105", "99", "104"), "103", id="else the high drags the level up first"),
        pytest.param("100", ("100", "101", "99.5", "101"), None, id="a calm day"),
        pytest.param("100", ("103", "104", "101", "102"), "101", id="the open itself drags the level"),
    ],
)
def test_a_trailing_sell_takes_the_worse_of_two_paths(best: str, day: tuple[str, str, str, str], price: str) -> None:
    """Two apart: a bar does not say whether its high or its low came first."""
    met = through(order(S, TRAIL, trail="2"), bar(*day), Working(best=D(best)))
    assert met.price == (None if price is None else D(price))


def test_a_trailing_order_remembers_the_best_price_between_bars() -> None:
    """The level must not fall back when a day ends lower."""
    calm = through(order(S, TRAIL, trail_percent="10"), bar("100", "110", "100", "105"), Working(best=D(100)))
    assert calm == Match(Working(best=D(110)))
    assert through(order(S, TRAIL, trail_percent="10"), bar("100", "101", "99", "100"), calm.working).price == D(99)


def test_a_trailing_buy_is_the_mirror_of_a_trailing_sell() -> None:
    """Shorts are protected the same way."""
    met = through(order(B, TRAIL, trail="2"), bar("100", "103", "95", "96"), Working(best=D(100)))
    assert met.price == D(102)


def test_what_came_to_life_inside_the_bar_counts_only_on_the_close() -> None:
    """The favourable end may lie before the entry."""
    target = order(S, L, limit_price="12")
    assert match(target, Working(), bar("10", "13", "9", "11"), Phase.INSIDE, TICK, late=True).price is None
    assert match(target, Working(), bar("10", "13", "9", "12.5"), Phase.INSIDE, TICK, late=True).price == D(12)


prices = st.decimals(min_value="1", max_value="200", places=2)
bars = st.lists(prices, min_size=4, max_size=4).map(lambda four: (min(four), max(four), four[0], four[1]))


@given(side=st.sampled_from(list(Side)), limit=prices, day=bars, quantity=st.integers(1, 100))
def test_no_limit_order_ever_fills_worse_than_its_limit(side: Side, limit: Decimal, day: tuple, quantity: int) -> None:
    """A limit is a promise, slippage or not."""
    low, high, opened, close = (str(price) for price in day)
    asked = order(side, L, limit_price=str(limit))
    met = through(asked, bar(opened, high, low, close))
    if met.price is not None:
        for slips in (met.slips, True):
            paid = CostModel().price(side, met.price, D(quantity), 1000, TICK, bound=limit, slips=slips)
            assert side.sign * (limit - paid) >= 0


@given(level=prices, day=bars)
def test_a_stop_fills_exactly_when_the_bar_reaches_it_and_never_better(level: Decimal, day: tuple) -> None:
    """Neither missed protection nor a flattering price."""
    low, high, opened, close = day
    met = through(order(S, STOP, stop_price=str(level)), bar(*(str(p) for p in (opened, high, low, close))))
    assert (met.price is not None) == (low <= level)
    if met.price is not None:
        assert met.price == min(level, opened)


@given(reference=prices, quantity=st.integers(1, 200), volume=st.integers(0, 2000))
def test_slippage_is_always_against_the_person_and_grows_with_size(
    reference: Decimal, quantity: int, volume: int
) -> None:
    """Never a gift, and never more than eleven basis points and a tick."""
    costs = CostModel()
    bought = costs.price(B, reference, D(quantity), volume, TICK)
    sold = costs.price(S, reference, D(quantity), volume, TICK)
    most = reference * D("0.0011") + TICK
    assert reference <= bought <= reference + most
    assert max(reference - most, TICK) <= sold <= reference
    assert costs.slippage(reference, D(quantity), volume) <= costs.slippage(reference, D(quantity + 1), volume)


@given(parts=st.lists(st.integers(1, 500), min_size=1, max_size=6))
def test_commission_of_the_parts_adds_up_to_that_of_the_whole(parts: list[int]) -> None:
    """The minimum is charged once an order, however it fills."""
    costs = CostModel()
    done = charged = D(0)
    for part in parts:
        charged += costs.commission(D(part), before=done, charged=charged)
        done += part
    assert charged == costs.commission(done)


def test_a_short_ties_up_half_its_value_beside_the_proceeds() -> None:
    """Regulation T: one and a half times the value must be there, the sale itself brings one."""
    costs = CostModel()
    assert costs.excess(D(250), [Exposure(D(-1), D(100))]) == D(100)
    assert costs.excess(D(250), [Exposure(D(3), D(100))]) == D(250)
