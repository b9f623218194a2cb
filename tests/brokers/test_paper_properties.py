"""What must hold on the simulated exchange whatever is sent, in whatever market."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.paper import PaperBroker
from brokers.port import OrderRejected
from brokers.vocabulary import CorporateAction, Fill, Instrument, Order, OrderType, Side, TimeInForce
from tests.support.feed import FIRST, MemoryFeed, Row

D = Decimal
SYMBOLS = ("ACME", "OTHER")
SESSIONS = 6
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Act:
    """Send an order, cancel an earlier one, or (both None) step the clock."""

    order: Order | None = None
    cancel: int | None = None


cents = st.integers(8_000, 12_000).map(lambda n: D(n) / 100)


@st.composite
def bars(draw: st.DrawFn) -> Row:
    opened, close, one, other = (draw(cents) for _ in range(4))
    high, low = max(opened, close, one, other), min(opened, close, one, other)
    return (str(opened), str(high), str(low), str(close), draw(st.integers(0, 400)))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    kind = draw(st.sampled_from(list(OrderType)))
    side = draw(st.sampled_from(list(Side)))
    market_like = kind in (OrderType.MARKET, OrderType.LIMIT)
    symbol = draw(st.sampled_from(SYMBOLS))
    # The account starts long ACME and short OTHER: what adds to either may carry a target and a stop.
    attached = (side, symbol) in ((Side.BUY, "ACME"), (Side.SHORT, "OTHER"))
    target, stop = (side.sign * draw(st.integers(1, 15)) for _ in range(2))
    return Order(
        client_order_id="set later",
        account="V1",
        instrument=Instrument(symbol=symbol),
        side=side,
        quantity=D(draw(st.integers(1, 40))),
        order_type=kind,
        limit_price=draw(cents) if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT) else None,
        stop_price=draw(cents) if kind in (OrderType.STOP, OrderType.STOP_LIMIT) else None,
        trail=D(draw(st.integers(1, 900))) / 100 if kind is OrderType.TRAILING else None,
        tif=draw(st.sampled_from(list(TimeInForce) if market_like else [TimeInForce.DAY, TimeInForce.GTC])),
        take_profit=D(100 + target) if attached and draw(st.booleans()) else None,
        stop_loss=D(100 - stop) if attached and draw(st.booleans()) else None,
    )


acts = st.one_of(
    orders().map(lambda order: Act(order=order)),
    orders().map(lambda order: Act(order=order)),
    st.integers(0, 20).map(lambda n: Act(cancel=n)),
    st.just(Act()),
)
plays = st.lists(acts, min_size=3, max_size=14)
markets = st.fixed_dictionaries({s: st.lists(bars(), min_size=SESSIONS, max_size=SESSIONS) for s in SYMBOLS})
happenings = st.lists(
    st.builds(
        lambda symbol, day, ratio: CorporateAction(
            symbol=symbol,
            session=MemoryFeed({"X": [None] * SESSIONS}).calendar.offset(FIRST, day),
            ratio=ratio,
            amount=None if ratio else D("0.37"),
        ),
        st.sampled_from(SYMBOLS),
        st.integers(1, SESSIONS - 1),
        st.sampled_from([None, D(2), D("1.5"), D("0.1")]),
    ),
    max_size=2,
)


@contextmanager
def account(feed: MemoryFeed) -> Iterator[tuple[Path, PaperBroker]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.sqlite"
        with PaperBroker(path, feed) as broker:
            broker.open_account("V1", D(20_000), FIRST, [("ACME", D(30), D(100)), ("OTHER", D(-10), D(100))])
            yield path, broker


def play(broker: PaperBroker, feed: MemoryFeed, script: Sequence[Act], first: int = 0) -> None:
    for number, act in enumerate(script, first):
        if act.order is not None:
            try:
                broker.send(act.order.model_copy(update={"client_order_id": f"a{number}"}))
            except OrderRejected:
                continue
        elif act.cancel is not None:
            if broker.order(f"a{act.cancel}") is not None:
                broker.cancel(f"a{act.cancel}")
        elif (following := feed.calendar.next(broker.session("V1"))) is not None:
            broker.advance("V1", following)


def books(broker: PaperBroker) -> tuple[object, ...]:
    return (
        broker.account("V1"),
        broker.positions("V1"),
        broker.orders("V1"),
        broker.fills("V1"),
        broker.movements("V1"),
    )


@FEW
@given(market=markets, script=plays, actions=happenings)
def test_cash_and_shares_are_conserved(market: dict, script: list[Act], actions: list[CorporateAction]) -> None:
    """Cash changes by signed quantity x price and commissions, and by dividends and splits, and by nothing else."""
    feed = MemoryFeed(market, actions=actions)
    with account(feed) as (_, broker):
        play(broker, feed, script)
        fills, moved = broker.fills("V1"), broker.movements("V1")
        cash = sum((m.amount for m in moved), D(0))
        cash -= sum((f.side.sign * f.quantity * f.price + f.commission for f in fills), D(0))
        assert broker.account("V1").cash == cash
        shares: dict[str, Decimal] = defaultdict(Decimal)
        for symbol, quantity in [*((m.symbol, m.quantity) for m in moved), *((f.symbol, _signed(f)) for f in fills)]:
            shares[symbol] += quantity
        assert {p.symbol: p.quantity for p in broker.positions("V1")} == {s: q for s, q in shares.items() if q}
        assert broker.complete("V1")


@FEW
@given(market=markets, script=plays)
def test_no_fill_breaks_its_limit_its_bar_or_the_share_of_volume(market: dict, script: list[Act]) -> None:
    """Never worse than the limit, never more than a tenth of the volume, never far outside what was traded."""
    feed = MemoryFeed(market)
    with account(feed) as (_, broker):
        play(broker, feed, script)
        taken: dict[tuple[str, object], Decimal] = defaultdict(Decimal)
        for fill in broker.fills("V1"):
            found, bar = broker.order(fill.client_order_id), feed.bar(fill.symbol, fill.at.date())
            assert found is not None
            assert bar is not None
            taken[fill.symbol, fill.at] += fill.quantity
            assert taken[fill.symbol, fill.at] * 10 <= bar.volume
            room = bar.high * D("0.0011") + D("0.02")
            assert bar.low - room <= fill.price <= bar.high + room
            if found.order.limit_price is not None:
                assert fill.side.sign * (found.order.limit_price - fill.price) >= 0


@FEW
@given(market=markets, script=plays)
def test_orders_fill_no_more_than_they_ask_and_sells_never_go_short(market: dict, script: list[Act]) -> None:
    """Sells and attached children only reduce; what an order shows is the sum of its fills."""
    feed = MemoryFeed(market)
    with account(feed) as (_, broker):
        play(broker, feed, script)
        filled: dict[str, Decimal] = defaultdict(Decimal)
        held = {"ACME": D(30), "OTHER": D(-10)}
        for fill in broker.fills("V1"):
            filled[fill.client_order_id] += fill.quantity
            child = fill.client_order_id.endswith((":target", ":stop"))
            if child or fill.side is Side.SELL:
                assert -fill.side.sign * held[fill.symbol] >= fill.quantity
            held[fill.symbol] += _signed(fill)
        for found in broker.orders("V1"):
            assert found.filled == filled[found.order.client_order_id] <= found.order.quantity


@FEW
@given(market=markets, script=plays, actions=happenings, cut=st.integers(0, 14))
def test_the_same_orders_make_the_same_books_even_when_reopened_on_the_way(
    market: dict, script: list[Act], actions: list[CorporateAction], cut: int
) -> None:
    """A replay is a replay, and nothing lives in memory between calls."""
    feed = MemoryFeed(market, actions=actions)
    with account(feed) as (_, whole), account(feed) as (path, begun):
        play(whole, feed, script)
        play(begun, feed, script[:cut])
        begun.close()
        with PaperBroker(path, feed) as resumed:
            play(resumed, feed, script[cut:], cut)
            assert books(resumed) == books(whole)


@FEW
@given(market=markets, script=plays)
def test_sending_everything_a_second_time_changes_nothing(market: dict, script: list[Act]) -> None:
    """send:once, for orders that filled, rest, were cancelled, expired or were rejected."""
    feed = MemoryFeed(market)
    with account(feed) as (_, broker):
        play(broker, feed, script)
        before = books(broker)
        for shown in broker.orders("V1"):
            assert broker.send(shown.order) == shown
        assert books(broker) == before


def _signed(fill: Fill) -> Decimal:
    return fill.side.sign * fill.quantity
