"""Orders, attached children, corporate actions and expiry on the simulated exchange."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from brokers.paper import PaperBroker
from brokers.paper_venue import settle
from brokers.port import OrderRejected
from brokers.vocabulary import (
    CorporateAction,
    Fill,
    Instrument,
    Order,
    OrderState,
    OrderType,
    Position,
    Side,
    TimeInForce,
)
from tests.support.feed import FIRST, MemoryFeed, Row

D = Decimal
GTC = TimeInForce.GTC
START: Row = ("100", "101", "99", "100", 1_000_000)
CALM: Row = ("100", "100.5", "99.5", "100", 1_000_000)
Make = Callable[..., PaperBroker]


@pytest.fixture
def broker_over(tmp_path: Path) -> Make:
    """A broker with one account V1 over the given ACME bars, standing at the first."""

    def make(
        rows: Sequence[Row | None],
        *,
        actions: Sequence[CorporateAction] = (),
        positions: Sequence[tuple[str, Decimal, Decimal]] = (),
        instruments: Sequence[Instrument] = (),
        cash: int = 100_000,
    ) -> PaperBroker:
        feed = MemoryFeed({"ACME": rows, "OTHER": [CALM] * len(rows)}, actions=actions, instruments=instruments)
        broker = PaperBroker(tmp_path / "paper.sqlite", feed)
        broker.open_account("V1", D(cash), FIRST, positions)
        return broker

    return make


def order(name: str = "a1", side: Side = Side.BUY, quantity: int = 10, **terms: object) -> Order:
    fields = {"order_type": OrderType.MARKET, "account": "V1", "instrument": Instrument(symbol="ACME"), **terms}
    return Order.model_validate({"client_order_id": name, "side": side, "quantity": D(quantity), **fields})


def limit(price: str, name: str = "a1", side: Side = Side.BUY, quantity: int = 10, **terms: object) -> Order:
    fields = {"tif": GTC, **terms}
    return order(name, side, quantity, order_type=OrderType.LIMIT, limit_price=D(price), **fields)


def state(broker: PaperBroker, name: str) -> OrderState:
    found = broker.order(name)
    assert found is not None
    return found.state


def to_end(broker: PaperBroker) -> list[Fill]:
    """Play all bars; what filled on the way."""
    return list(broker.advance("V1", FIRST.replace(year=FIRST.year + 1)).fills)


def held(broker: PaperBroker) -> Decimal:
    return sum((p.quantity for p in broker.positions("V1")), D(0))


def test_when_one_bar_touches_target_and_stop_the_stop_fills(broker_over: Make) -> None:
    """The worse one for the person: a bar does not tell which came first."""
    broker = broker_over([START, ("100", "111", "89", "110", 1_000_000)])
    broker.send(order(take_profit=D(110), stop_loss=D(90)))
    (fill,) = to_end(broker)
    assert (fill.client_order_id, fill.price <= 90) == ("a1:stop", True)
    assert state(broker, "a1:target") is OrderState.CANCELLED


def test_an_open_beyond_the_target_fills_the_target_even_if_the_stop_is_touched_later(broker_over: Make) -> None:
    """The open is certain to come first."""
    broker = broker_over([START, ("112", "113", "89", "90", 1_000_000)])
    broker.send(order(take_profit=D(110), stop_loss=D(90)))
    (fill,) = to_end(broker)
    assert (fill.client_order_id, fill.price) == ("a1:target", D(112))


def test_an_entry_filled_inside_a_bar_can_be_stopped_but_not_rewarded_by_its_high(broker_over: Make) -> None:
    """The high may have come before the entry, the low beyond the stop cannot be ruled out."""
    terms = {"take_profit": D(104), "stop_loss": D(94)}
    broker = broker_over([START, ("100", "105", "97", "98", 1_000_000), ("98", "99", "93", "95", 1_000_000)])
    broker.send(limit("97.50", **terms))
    entry, exit_ = to_end(broker)
    assert (entry.client_order_id, exit_.client_order_id) == ("a1", "a1:stop")
    assert entry.at < exit_.at


def test_an_entry_and_its_stop_inside_one_bar_both_fill(broker_over: Make) -> None:
    """Below a buy limit lies the stop: a low beyond both must have come after the entry."""
    broker = broker_over([START, ("100", "105", "93", "104", 1_000_000)])
    broker.send(limit("97.50", take_profit=D(104), stop_loss=D(94)))
    assert [fill.client_order_id for fill in to_end(broker)] == ["a1", "a1:stop"]
    assert held(broker) == 0


def test_children_grow_with_the_entry_and_share_what_they_fill(broker_over: Make) -> None:
    """Both always cover exactly what the entry has filled and not yet given back."""
    thin: Row = ("100", "100.5", "99.5", "100", 40)
    up: Row = ("106", "107", "105.50", "106", 30)
    broker = broker_over([(*START[:4], 60), thin, up, CALM])
    broker.send(order(quantity=10, tif=GTC, take_profit=D(105), stop_loss=D(90)))
    assert held(broker) == 6
    broker.advance("V1", _day(1))
    target, stop = broker.order("a1:target"), broker.order("a1:stop")
    assert target is not None
    assert stop is not None
    assert (held(broker), target.remaining, stop.remaining) == (10, 10, 10)
    broker.advance("V1", _day(2))
    target, stop = broker.order("a1:target"), broker.order("a1:stop")
    assert target is not None
    assert stop is not None
    assert (held(broker), target.filled, target.remaining, stop.remaining) == (7, 3, 7, 7)


def test_a_target_that_fills_ends_what_is_open_of_its_entry(broker_over: Make) -> None:
    """Else the entry would buy again after the trade is over, without protection."""
    broker = broker_over([(*START[:4], 60), ("110", "112", "109", "111", 60), ("80", "81", "79", "80", 1_000_000)])
    broker.send(limit("100.05", take_profit=D(105), stop_loss=D(90)))
    assert state(broker, "a1") is OrderState.PARTLY_FILLED
    to_end(broker)
    assert state(broker, "a1") is OrderState.CANCELLED
    assert held(broker) == 0


def test_a_child_sells_no_more_than_is_left_after_a_sale_by_hand(broker_over: Make) -> None:
    """Six of ten are gone: its stop closes the other four, and nothing works on."""
    broker = broker_over([START, ("89", "90", "88", "89", 1_000_000)])
    broker.send(order(stop_loss=D(90), take_profit=D(120)))
    broker.send(order("a2", Side.SELL, 6))
    assert [(f.client_order_id, f.quantity) for f in to_end(broker)] == [("a1:stop", D(4))]
    assert (held(broker), broker.orders("V1", open_only=True)) == (0, [])


def test_protection_waits_for_an_entry_that_can_still_fill(broker_over: Make) -> None:
    """Sold out by hand, then the rest of the entry fills: it must not stand there bare."""
    thin: Row = ("105", "106", "104", "105", 1_000)
    broker = broker_over([(*START[:4], 60), thin, CALM, ("85", "86", "84", "85", 1_000_000)])
    broker.send(limit("100.10", quantity=10, stop_loss=D(90)))
    assert held(broker) == 6
    broker.advance("V1", _day(1))
    broker.send(order("a2", Side.SELL, 6))
    assert (held(broker), state(broker, "a1:stop")) == (0, OrderState.WORKING)
    assert [(f.client_order_id, f.quantity) for f in to_end(broker)] == [("a1", D(4)), ("a1:stop", D(4))]
    assert (held(broker), broker.orders("V1", open_only=True)) == (0, [])


def test_all_orders_of_a_symbol_share_a_tenth_of_the_volume(broker_over: Make) -> None:
    """Two orders must not take the same shares, at the close and on the bar after."""
    broker = broker_over([(*START[:4], 200), (*CALM[:4], 100)])
    assert broker.send(order("a1", quantity=15)).filled == 15
    assert broker.send(order("a2", quantity=15)).filled == 5
    assert broker.preview(order("a3", quantity=9)).fill_now == 0
    broker.send(order("a3", quantity=9))
    assert [(f.client_order_id, f.quantity) for f in to_end(broker)] == [("a2", D(10))]
    assert state(broker, "a3") is OrderState.CANCELLED


def test_a_market_remainder_takes_the_next_open_and_then_expires(broker_over: Make) -> None:
    """A DAY order works for one more session."""
    broker = broker_over([(*START[:4], 50), ("103", "104", "102", "103", 30), CALM])
    broker.send(order(quantity=10))
    (fill,) = to_end(broker)
    assert (fill.quantity, fill.price >= 103, fill.commission) == (3, True, 0)
    assert broker.fills("V1")[0].commission == 1
    found = broker.order("a1")
    assert found is not None
    assert (found.state, found.filled, "Expired" in found.reason) == (OrderState.CANCELLED, D(8), True)


def test_opg_and_moc_trade_at_the_next_auction_and_not_now(broker_over: Make) -> None:
    """They name their moment; what missed it is gone."""
    broker = broker_over([START, ("103", "106", "102", "105", 1_000_000)])
    assert broker.send(order("a1", tif=TimeInForce.OPG)).filled == 0
    assert broker.send(order("a2", tif=TimeInForce.MOC)).filled == 0
    at_open, at_close = to_end(broker)
    assert (at_open.client_order_id, at_close.client_order_id) == ("a1", "a2")
    assert 103 <= at_open.price < D("103.1")
    assert 105 <= at_close.price < D("105.1")


def test_a_symbol_that_did_not_trade_is_neither_matched_nor_taken(broker_over: Make) -> None:
    """No bar, no price: closed, not guessed."""
    broker = broker_over([START, None, ("80", "81", "79", "80", 1_000_000)])
    broker.send(limit("95"))
    report = broker.advance("V1", _day(1))
    assert (report.fills, state(broker, "a1")) == ((), OrderState.WORKING)
    with pytest.raises(OrderRejected, match="did not trade"):
        broker.send(order("a2"))
    assert [fill.price for fill in to_end(broker)] == [D(80)]


def test_a_split_changes_positions_and_every_open_order(broker_over: Make) -> None:
    """Worth the same the moment after: ten times the shares at a tenth of the price."""
    split = CorporateAction(symbol="ACME", session=_third(), ratio=D(10))
    broker = broker_over([START, CALM, ("10", "10.1", "9.9", "10", 1_000_000)], actions=[split])
    broker.send(order(take_profit=D(120), stop_loss=D(80)))
    broker.send(limit("90.05", "a3", quantity=7))
    trail = {"order_type": OrderType.TRAILING, "trail_percent": D(10), "tif": GTC}
    broker.send(order("a4", Side.SELL, **trail))
    cost = broker.positions("V1")[0].average_cost
    report = broker.advance("V1", _third())
    assert report.actions == (split,)
    (position,) = broker.positions("V1")
    assert (position.quantity, position.average_cost) == (D(100), cost / 10)
    target, stop, resting = broker.order("a1:target"), broker.order("a1:stop"), broker.order("a3")
    assert target is not None
    assert stop is not None
    assert resting is not None
    assert (target.order.limit_price, target.remaining) == (D(12), D(100))
    assert (stop.order.stop_price, stop.remaining) == (D(8), D(100))
    assert (resting.order.limit_price, resting.remaining) == (D(9), D(70))
    assert (state(broker, "a4"), report.fills) == (OrderState.WORKING, ())
    assert broker.complete("V1")


def test_a_fraction_of_a_share_left_by_a_split_is_paid_in_cash(broker_over: Make) -> None:
    """Three for two on five shares: seven, and half a share at the split price."""
    split = CorporateAction(symbol="ACME", session=_third(), ratio=D("1.5"))
    broker = broker_over([START, CALM, CALM], actions=[split], positions=[("ACME", D(5), D(90))], cash=0)
    to_end(broker)
    assert held(broker) == 7
    assert broker.account("V1").cash == D("33.33")
    assert broker.complete("V1")


def test_a_dividend_is_paid_on_longs_and_charged_to_shorts(broker_over: Make) -> None:
    """Ownership at the close before the ex-date decides."""
    paid = CorporateAction(symbol="ACME", session=_third(), amount=D("0.25"))
    other = CorporateAction(symbol="OTHER", session=_third(), amount=D(1))
    positions = [("ACME", D(100), D(90)), ("OTHER", D(-4), D(90))]
    broker = broker_over([START, CALM, CALM], actions=[paid, other], positions=positions)
    report = broker.advance("V1", _third())
    assert [(m.kind, m.symbol, m.amount) for m in report.movements] == [
        ("dividend", "ACME", D(25)),
        ("dividend", "OTHER", D(-4)),
    ]
    assert broker.account("V1").cash == D(100_021)


def test_a_dividend_lowers_gtc_buy_limits_and_sell_stops_only(broker_over: Make) -> None:
    """The ex-dividend drop alone must not reach them; orders above the market do not need it."""
    paid = CorporateAction(symbol="ACME", session=_third(), amount=D("2"))
    broker = broker_over([START, CALM, CALM], actions=[paid], positions=[("ACME", D(20), D(90))])
    broker.send(limit("95", "buy"))
    broker.send(order("stop", Side.SELL, order_type=OrderType.STOP, stop_price=D(90), tif=GTC))
    broker.advance("V1", _day(1))
    broker.send(limit("110", "sell", Side.SELL))
    broker.send(limit("95", "day", tif=TimeInForce.DAY))
    broker.advance("V1", _third())
    changed = {o.order.client_order_id: o.order.limit_price or o.order.stop_price for o in broker.orders("V1")}
    assert changed == {"buy": D(93), "stop": D(88), "sell": D(110), "day": D(95)}


def test_what_hangs_on_a_resting_entry_is_adjusted_with_it(broker_over: Make) -> None:
    """A target and stop in old terms would be reached the moment the entry fills."""
    paid = CorporateAction(symbol="ACME", session=_day(1), amount=D("2"))
    split = CorporateAction(symbol="ACME", session=_third(), ratio=D(10))
    broker = broker_over([START, CALM, ("10", "10.1", "9.9", "10", 1_000_000)], actions=[paid, split])
    broker.send(limit("92", "long", take_profit=D(110), stop_loss=D(82)))
    broker.send(limit("130", "short", Side.SHORT, take_profit=D(72), stop_loss=D(140)))
    to_end(broker)
    terms = {
        o.order.client_order_id: (o.order.limit_price, o.order.take_profit, o.order.stop_loss)
        for o in broker.orders("V1", open_only=True)
    }
    assert terms == {"long": (D(9), D(11), D(8)), "short": (D(13), D(7), D(14))}


def test_a_dividend_moves_what_a_trailing_stop_has_seen(broker_over: Make) -> None:
    """The ex-dividend drop is no fall."""
    paid = CorporateAction(symbol="ACME", session=_third(), amount=D("2"))
    dropped: Row = ("98", "98.50", "97", "98", 1_000_000)
    broker = broker_over([START, CALM, dropped], actions=[paid], positions=[("ACME", D(10), D(90))])
    broker.send(order(side=Side.SELL, order_type=OrderType.TRAILING, trail=D(2), tif=GTC))
    assert (to_end(broker), state(broker, "a1")) == ([], OrderState.WORKING)


def test_a_resting_buy_that_the_cash_no_longer_carries_is_cancelled_when_it_could_fill(broker_over: Make) -> None:
    """A gap up at the open must not run the account into debt."""
    broker = broker_over([START, ("150", "151", "149", "150", 1_000_000)], cash=1100)
    broker.send(order(tif=TimeInForce.OPG))
    assert to_end(broker) == []
    assert state(broker, "a1") is OrderState.CANCELLED
    assert broker.account("V1").cash == 1100


def test_open_orders_hold_back_the_buying_power_of_the_next(broker_over: Make) -> None:
    """Two orders cannot be promised the same cash."""
    broker = broker_over([START, CALM], cash=1500)
    broker.send(limit("90", "a1"))
    with pytest.raises(OrderRejected, match="Buying power"):
        broker.send(limit("90", "a2"))
    broker.cancel("a1")
    assert broker.send(limit("90", "a3")).state is OrderState.WORKING


def test_an_order_that_covers_a_short_holds_nothing_back(broker_over: Make) -> None:
    """It frees buying power; keeping some for it would block the account it helps."""
    broker = broker_over([START, CALM], positions=[("ACME", D(-10), D(100))], cash=1600)
    broker.send(limit("95", "a1"))
    with pytest.raises(OrderRejected, match="Buying power"):
        broker.send(limit("50", "a2", quantity=2, instrument=Instrument(symbol="OTHER")))
    assert broker.send(limit("90", "a3", quantity=1, instrument=Instrument(symbol="OTHER"))).state.is_open


def test_shares_in_an_open_sell_order_cannot_be_sold_twice(broker_over: Make) -> None:
    """Else both could fill and leave the account short."""
    broker = broker_over([START, CALM], positions=[("ACME", D(10), D(90))])
    broker.send(limit("110", "a1", Side.SELL, 6))
    with pytest.raises(OrderRejected, match="4 ACME to sell"):
        broker.send(order("a2", Side.SELL, 5))
    assert broker.send(order("a3", Side.SELL, 4)).state is OrderState.FILLED


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (order(limit_price=D(90)), "takes no price"),
        (order(order_type=OrderType.LIMIT), "takes limit price"),
        (order(order_type=OrderType.STOP_LIMIT, stop_price=D(90)), "limit price and stop price"),
        (order(order_type=OrderType.TRAILING, trail=D(1), trail_percent=D(1)), "takes trail"),
        (order(order_type=OrderType.TRAILING, trail_percent=D(100)), "between 0 and 100"),
        (order(order_type=OrderType.STOP, stop_price=D(105), tif=TimeInForce.MOC), "market and limit"),
        (limit("-1"), "out of range"),
        (limit("1e400"), "out of range"),
        (order(take_profit=D(90)), "losing side"),
        (order(stop_loss=D(110)), "winning side"),
        (order(side=Side.SELL, stop_loss=D(90)), "opens or adds"),
        (order("a:stop"), "may not end"),
        (order(side=Side.SHORT, instrument=Instrument(symbol="OTHER")), "cannot be sold short"),
        (order(side=Side.SHORT, instrument=Instrument(symbol="HELD")), "sell them before"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_exchange_refuses_in_its_own_words(broker_over: Make, asked: Order, why: str) -> None:
    """Its checks are its own, and the reason is in the books."""
    other = Instrument(symbol="OTHER", shortable=False)
    broker = broker_over([START], instruments=[other])
    broker.reset_account("V1", D(100_000), FIRST)
    if asked.instrument.symbol == "HELD":
        asked = asked.model_copy(update={"instrument": Instrument(symbol="ACME")})
        broker.send(order("first"))
    with pytest.raises(OrderRejected, match=why):
        broker.send(asked)
    found = broker.order(asked.client_order_id)
    assert found is not None
    assert (found.state, why in found.reason) == (OrderState.REJECTED, True)


def test_average_cost_goes_through_zero_with_its_share_of_the_commission() -> None:
    """A buy of five against three short closes three and opens two."""
    short = settle(_flat(), Side.SHORT, D(3), D(100), D("0.30"))
    assert (short.quantity, short.average_cost) == (D(-3), D("99.9"))
    crossed = settle(short, Side.BUY, D(5), D(110), D("0.50"))
    assert (crossed.quantity, crossed.average_cost) == (D(2), D("110.1"))
    assert settle(crossed, Side.SELL, D(1), D(120), D(1)).average_cost == D("110.1")
    assert settle(crossed, Side.SELL, D(2), D(120), D(1)).quantity == 0


def _flat() -> Position:
    return Position(account="V1", symbol="ACME", quantity=D(0), average_cost=D(0))


def _day(sessions: int) -> date:
    """The session so many after the first: all within its week."""
    return FIRST + timedelta(days=sessions)


def _third() -> date:
    return _day(2)
