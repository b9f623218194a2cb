"""What any broker must do, as numbered cases over the port and a small bench. `test_brokers.py` runs them.

A bench makes the broker, holds one funded account without positions and one liquid instrument, and moves the market by
one session. Cases name prices relative to the bench's quote, so they run against any price level. A case may not look
behind the port.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

import pytest

from brokers.port import Broker, BrokerError, OrderRejected, OrderUnknown
from brokers.vocabulary import BrokerOrder, Instrument, Order, OrderState, OrderType, Quote, Side, TimeInForce

D = Decimal
LOTS = D(10)


class Bench(Protocol):
    """Where a broker is tried."""

    account: str
    instrument: Instrument
    broker: Broker

    def quote(self) -> Quote:
        """The instrument's quote now."""
        ...

    def move(self, low: Decimal, high: Decimal, *, opened: Decimal | None = None, volume: int = 1_000_000) -> None:
        """One session later: it opened at `opened` (else at the last price), ranged and closed in its middle."""
        ...

    def thin(self) -> Decimal:
        """Quote a session so thin that this much fills at most; returns it."""
        ...

    def reopen(self) -> None:
        """End the broker's process or connection and start a new one over the same books."""
        ...


def order(bench: Bench, name: str = "a1", side: Side = Side.BUY, quantity: Decimal = LOTS, **terms: object) -> Order:
    """A market order of ten, unless `terms` say otherwise."""
    fields = {"order_type": OrderType.MARKET, **terms}
    return Order.model_validate(
        {
            "client_order_id": name,
            "account": bench.account,
            "instrument": bench.instrument,
            "side": side,
            "quantity": quantity,
            **fields,
        }
    )


def limit(bench: Bench, price: Decimal, name: str = "a1", side: Side = Side.BUY, **terms: object) -> Order:
    """A good-till-cancelled limit order of ten."""
    fields = {"tif": TimeInForce.GTC, **terms}
    return order(bench, name, side, order_type=OrderType.LIMIT, limit_price=price, **fields)


def held(bench: Bench) -> Decimal:
    """What the account holds of the instrument."""
    positions = bench.broker.positions(bench.account)
    return sum((p.quantity for p in positions if p.symbol == bench.instrument.symbol), D(0))


def shown(bench: Bench, name: str) -> BrokerOrder:
    """An order that must be in the books."""
    found = bench.broker.order(name)
    assert found is not None
    return found


def around(bench: Bench, below: str, above: str, **kwargs: object) -> None:
    """Move the market within so much below and above the last price."""
    last = bench.quote().last
    bench.move(last - D(below), last + D(above), **kwargs)  # type: ignore[arg-type]


def b01_a_sent_market_order_appears_in_the_books_exactly_once(bench: Bench) -> None:
    """The books are what reconciliation trusts after a crash."""
    sent = bench.broker.send(order(bench))
    assert [o.order.client_order_id for o in bench.broker.orders(bench.account)] == ["a1"]
    assert bench.broker.order("a1") == sent


def b02_a_second_send_with_the_same_id_changes_nothing(bench: Bench) -> None:
    """send:once rests on this, whatever the second call says."""
    first = bench.broker.send(order(bench))
    again = bench.broker.send(order(bench, quantity=LOTS * 3))
    assert again == first
    assert (len(bench.broker.orders(bench.account)), held(bench)) == (1, LOTS)


def b03_a_market_order_fills_at_once_on_the_persons_side_of_the_quote(bench: Bench) -> None:
    """A buy never costs less than the ask, a sell never brings more than the bid."""
    quote = bench.quote()
    bought = bench.broker.send(order(bench))
    sold = bench.broker.send(order(bench, "a2", Side.SELL))
    assert (bought.state, sold.state) == (OrderState.FILLED, OrderState.FILLED)
    assert bought.average_price is not None
    assert bought.average_price >= quote.ask
    assert sold.average_price is not None
    assert sold.average_price <= quote.bid


def b04_cash_and_position_move_by_the_fills_and_nothing_else(bench: Bench) -> None:
    """Money is conserved: cash = before - signed quantity x price - commission."""
    before = bench.broker.account(bench.account).cash
    bench.broker.send(order(bench))
    bench.broker.send(order(bench, "a2", Side.SELL, D(4)))
    fills = bench.broker.fills(bench.account)
    spent = sum((f.side.sign * f.quantity * f.price + f.commission for f in fills), D(0))
    assert bench.broker.account(bench.account).cash == before - spent
    assert held(bench) == sum((f.side.sign * f.quantity for f in fills), D(0)) == D(6)


def b05_average_cost_carries_the_commission(bench: Bench) -> None:
    """What a position cost is what left the account for it."""
    bench.broker.send(order(bench))
    (position,) = bench.broker.positions(bench.account)
    (fill,) = bench.broker.fills(bench.account)
    assert position.average_cost == fill.price + fill.commission / fill.quantity


def b06_a_limit_order_away_from_the_quote_rests(bench: Bench) -> None:
    """Working means: in the books, open, and nothing moved."""
    sent = bench.broker.send(limit(bench, bench.quote().bid - 5))
    assert (sent.state, sent.filled, sent.remaining) == (OrderState.WORKING, D(0), LOTS)
    assert bench.broker.orders(bench.account, open_only=True) == [sent]
    assert held(bench) == 0


def b07_a_resting_limit_order_fills_when_the_market_comes_to_it_and_never_beyond_it(bench: Bench) -> None:
    """A limit is a promise."""
    price = bench.quote().bid - 5
    bench.broker.send(limit(bench, price))
    around(bench, "4", "1")
    assert shown(bench, "a1").state is OrderState.WORKING
    around(bench, "8", "1")
    done = shown(bench, "a1")
    assert done.state is OrderState.FILLED
    assert done.average_price is not None
    assert done.average_price <= price


def b08_a_stop_order_sells_once_the_market_falls_to_it(bench: Bench) -> None:
    """Protection works without the assistant running."""
    bench.broker.send(order(bench))
    stop = bench.quote().bid - 5
    terms = {"order_type": OrderType.STOP, "stop_price": stop, "tif": TimeInForce.GTC}
    bench.broker.send(order(bench, "a2", Side.SELL, **terms))
    around(bench, "2", "1")
    assert held(bench) == LOTS
    around(bench, "9", "0")
    assert held(bench) == 0
    assert bench.broker.fills(bench.account)[-1].price <= stop


def b09_a_trailing_stop_follows_the_market_up_and_sells_on_the_way_down(bench: Bench) -> None:
    """It sells above where it started, because it followed."""
    bench.broker.send(order(bench))
    start = bench.quote().last
    bench.broker.send(order(bench, "a2", Side.SELL, order_type=OrderType.TRAILING, trail=D(5), tif=TimeInForce.GTC))
    bench.move(start, start + 4)
    bench.move(start + 2, start + 20, opened=start + 19)
    assert shown(bench, "a2").state is OrderState.FILLED
    assert bench.broker.fills(bench.account)[-1].price > start


def b10_a_cancelled_order_never_fills(bench: Bench) -> None:
    """After the broker said cancelled, nothing follows."""
    price = bench.quote().bid - 5
    bench.broker.send(limit(bench, price))
    assert bench.broker.cancel("a1").state is OrderState.CANCELLED
    around(bench, "9", "1")
    assert shown(bench, "a1").state is OrderState.CANCELLED
    assert bench.broker.fills(bench.account) == []


def b11_cancelling_what_is_done_returns_it_as_it_is(bench: Bench) -> None:
    """A cancel that crosses a fill is no error."""
    done = bench.broker.send(order(bench))
    assert bench.broker.cancel("a1") == done


def b12_cancelling_what_is_not_there_says_so(bench: Bench) -> None:
    """Not the same as cancelled."""
    with pytest.raises(OrderUnknown):
        bench.broker.cancel("nobody")
    assert bench.broker.order("nobody") is None


def b13_an_unknown_symbol_is_rejected_and_recorded(bench: Bench) -> None:
    """The no is in the books, so a restart finds it."""
    stranger = Instrument(symbol="NOSUCH")
    with pytest.raises(OrderRejected):
        bench.broker.send(order(bench).model_copy(update={"instrument": stranger}))
    assert shown(bench, "a1").state is OrderState.REJECTED
    assert shown(bench, "a1").reason


def b14_a_quantity_that_cannot_be_is_rejected_and_moves_nothing(bench: Bench) -> None:
    """Zero, negative, broken lots and absurd sizes."""
    before = bench.broker.account(bench.account)
    for number, quantity in enumerate((D(0), D(-5), D("0.5"), D("1e309"))):
        with pytest.raises(OrderRejected):
            bench.broker.send(order(bench, f"a{number}", quantity=quantity))
        assert shown(bench, f"a{number}").state is OrderState.REJECTED
    assert bench.broker.account(bench.account) == before
    assert bench.broker.fills(bench.account) == []


def b15_a_price_off_the_tick_is_rejected(bench: Bench) -> None:
    """Exchanges refuse fractions of a tick."""
    with pytest.raises(OrderRejected):
        bench.broker.send(limit(bench, bench.quote().bid - bench.instrument.tick / 2))


def b16_more_than_the_account_can_pay_is_rejected(bench: Bench) -> None:
    """The broker's own check, whatever the gate said."""
    cash = bench.broker.account(bench.account).cash
    many = (cash / bench.quote().ask).to_integral_value() * 10
    with pytest.raises(OrderRejected):
        bench.broker.send(limit(bench, bench.quote().bid - 1, quantity=many))


def b17_selling_more_than_is_held_is_rejected(bench: Bench) -> None:
    """`sell` only reduces; going short has a word of its own."""
    bench.broker.send(order(bench))
    with pytest.raises(OrderRejected):
        bench.broker.send(order(bench, "a2", Side.SELL, LOTS + 1))
    assert held(bench) == LOTS


def b18_a_short_sale_makes_a_negative_position_that_a_buy_closes(bench: Bench) -> None:
    """Both ways through zero shares."""
    bench.broker.send(order(bench, side=Side.SHORT))
    assert held(bench) == -LOTS
    bench.broker.send(order(bench, "a2"))
    assert bench.broker.positions(bench.account) == []


def b19_what_the_market_cannot_take_stays_open(bench: Bench) -> None:
    """A partial fill is shown as one, and cancelling keeps what filled."""
    most = bench.thin()
    sent = bench.broker.send(order(bench, quantity=most + 5, tif=TimeInForce.GTC))
    assert (sent.state, sent.filled, sent.remaining) == (OrderState.PARTLY_FILLED, most, D(5))
    cancelled = bench.broker.cancel("a1")
    assert (cancelled.state, cancelled.filled, cancelled.remaining) == (OrderState.CANCELLED, most, D(0))
    assert held(bench) == most


def b20_open_orders_and_positions_survive_a_restart(bench: Bench) -> None:
    """The broker holds them, not our process."""
    bench.broker.send(order(bench))
    bench.broker.send(limit(bench, bench.quote().bid - 5, "a2"))
    before = (bench.broker.orders(bench.account), bench.broker.fills(bench.account), held(bench))
    bench.reopen()
    assert (bench.broker.orders(bench.account), bench.broker.fills(bench.account), held(bench)) == before
    assert bench.broker.send(order(bench)) == before[0][0]


def b21_executions_have_unique_ids_that_do_not_change(bench: Bench) -> None:
    """Fills are counted once, by id."""
    for name in ("a1", "a2", "a3"):
        bench.broker.send(order(bench, name))
    ids = [fill.execution_id for fill in bench.broker.fills(bench.account)]
    assert len(set(ids)) == 3
    bench.reopen()
    assert [fill.execution_id for fill in bench.broker.fills(bench.account)] == ids


def b22_fills_and_statements_stand_on_one_market_clock(bench: Bench) -> None:
    """Instants are aware, never run backwards and never ahead of the account's statement."""
    bench.broker.send(order(bench))
    around(bench, "1", "1")
    bench.broker.send(order(bench, "a2"))
    first, second = (fill.at for fill in bench.broker.fills(bench.account))
    assert first.utcoffset() is not None
    assert first < second <= bench.broker.account(bench.account).market_at


def b23_a_day_order_ends_with_its_session_and_a_gtc_order_does_not(bench: Bench) -> None:
    """Time in force."""
    price = bench.quote().bid - 50
    bench.broker.send(limit(bench, price, tif=TimeInForce.DAY))
    bench.broker.send(limit(bench, price, "a2"))
    around(bench, "1", "1")
    assert shown(bench, "a1").state is OrderState.CANCELLED
    assert shown(bench, "a2").state is OrderState.WORKING


def b24_attached_target_and_stop_appear_when_the_entry_fills(bench: Bench) -> None:
    """Held by the broker, for the filled quantity, closing only."""
    last = bench.quote().last
    terms = {"take_profit": last + 10, "stop_loss": last - 10}
    bench.broker.send(limit(bench, bench.quote().bid - 3, **terms))
    assert bench.broker.order("a1:target") is None
    around(bench, "5", "1")
    target, stop = shown(bench, "a1:target"), shown(bench, "a1:stop")
    assert {target.order.side, stop.order.side} == {Side.SELL}
    assert target.remaining == stop.remaining == LOTS
    assert (target.order.limit_price, stop.order.stop_price) == (last + 10, last - 10)


def b25_when_the_target_fills_the_stop_is_gone(bench: Bench) -> None:
    """One cancels other: the account must not end up short."""
    last = bench.quote().last
    bench.broker.send(order(bench, take_profit=last + 10, stop_loss=last - 10))
    around(bench, "1", "12")
    assert shown(bench, "a1:target").state is OrderState.FILLED
    assert shown(bench, "a1:stop").state is OrderState.CANCELLED
    around(bench, "40", "1")
    assert held(bench) == 0


def b26_attached_orders_never_open_a_position(bench: Bench) -> None:
    """The person sold by hand; what protected the position has nothing left to do."""
    last = bench.quote().last
    bench.broker.send(order(bench, take_profit=last + 10, stop_loss=last - 10))
    bench.broker.send(order(bench, "a2", Side.SELL))
    around(bench, "30", "30")
    assert held(bench) == 0
    assert bench.broker.orders(bench.account, open_only=True) == []


def b27_a_preview_sends_nothing_and_foretells_the_fill(bench: Bench) -> None:
    """The ticket's expected cost comes from here."""
    expected = bench.broker.preview(order(bench))
    assert bench.broker.orders(bench.account) == []
    done = bench.broker.send(order(bench))
    (fill,) = bench.broker.fills(bench.account)
    assert (expected.price, expected.commission, expected.fill_now) == (
        done.average_price,
        fill.commission,
        done.filled,
    )


def b28_an_unknown_account_is_an_error_and_never_empty_books(bench: Bench) -> None:
    """Unknown must not look like nothing held."""
    for read in (bench.broker.account, bench.broker.positions, bench.broker.orders, bench.broker.fills):
        with pytest.raises(BrokerError):
            read("nobody")
    assert bench.broker.complete(bench.account)
    assert not bench.broker.complete("nobody")


def b29_a_stop_limit_order_does_not_fill_beyond_its_limit(bench: Bench) -> None:
    """A gap through both prices leaves it resting."""
    bench.broker.send(order(bench))
    last = bench.quote().last
    terms = {"stop_price": last - 5, "limit_price": last - 6, "tif": TimeInForce.GTC}
    bench.broker.send(order(bench, "a2", Side.SELL, order_type=OrderType.STOP_LIMIT, **terms))
    bench.move(last - 20, last - 10, opened=last - 12)
    assert shown(bench, "a2").state is OrderState.WORKING
    bench.move(last - 12, last - 4, opened=last - 10)
    done = shown(bench, "a2")
    assert done.state is OrderState.FILLED
    assert done.average_price is not None
    assert done.average_price >= last - 6


Case = Callable[[Bench], None]
CASES: list[Case] = [case for name, case in sorted(globals().items()) if name[0] == "b" and name[1:3].isdigit()]
