"""The replay clock of an account, and opening, resetting and closing accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from brokers.paper import PaperBroker
from brokers.port import BrokerError, OrderRejected
from brokers.vocabulary import (
    BadInput,
    CorporateAction,
    Instrument,
    Mode,
    Order,
    OrderState,
    OrderType,
    Refused,
    Side,
    TimeInForce,
)
from tests.support.feed import FIRST, MemoryFeed, Row

D = Decimal
CALM: Row = ("100", "101", "99", "100", 1_000_000)
FRIDAY = FIRST + timedelta(days=4)
LAST = FIRST + timedelta(days=9)
"""Wednesday of the second week: the eighth session."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PaperBroker]:
    dividend = CorporateAction(symbol="PAYER", session=FIRST + timedelta(days=3), amount=D(1))
    feed = MemoryFeed({"ACME": [CALM] * 8, "PAYER": [CALM] * 8}, actions=[dividend])
    with PaperBroker(tmp_path / "paper.sqlite", feed) as broker:
        broker.open_account("V1", D(10_000), FIRST)
        yield broker


def buy(name: str = "a1", **terms: object) -> Order:
    fields = {"order_type": OrderType.MARKET, "instrument": Instrument(symbol="ACME"), **terms}
    return Order.model_validate(
        {"client_order_id": name, "account": "V1", "side": Side.BUY, "quantity": D(10), **fields}
    )


def test_an_account_stands_at_a_close_and_steps_over_the_weekend(broker: PaperBroker) -> None:
    """A day without trading counts as the session before it."""
    report = broker.advance("V1", FRIDAY + timedelta(days=2))
    assert (report.started, report.session, len(report.sessions), report.at_end) == (FIRST, FRIDAY, 4, False)
    assert broker.account("V1").market_at.date() == broker.session("V1") == FRIDAY


def test_the_end_of_the_data_is_said(broker: PaperBroker) -> None:
    """Stepping past it neither fails nor pretends."""
    report = broker.advance("V1", date(2030, 1, 1))
    assert (report.session, report.at_end) == (LAST, True)
    again = broker.advance("V1", date(2030, 1, 1))
    assert (again.sessions, again.at_end) == ((), True)


def test_the_clock_does_not_advance_backwards_nor_rewind_forwards(broker: PaperBroker) -> None:
    """Each says which of the two was meant."""
    broker.advance("V1", FRIDAY)
    with pytest.raises(Refused, match="already stands"):
        broker.advance("V1", FIRST)
    with pytest.raises(Refused, match="stands at"):
        broker.rewind("V1", LAST)
    with pytest.raises(BadInput, match="starts on"):
        broker.rewind("V1", date(2000, 1, 1))


def test_an_idle_account_rewinds_and_a_traded_one_only_to_its_last_fill(broker: PaperBroker) -> None:
    """What happened stays happened; a fresh account may look for its starting day."""
    broker.advance("V1", LAST)
    assert broker.rewind("V1", FRIDAY).market_at.date() == FRIDAY
    broker.send(buy())
    broker.advance("V1", LAST)
    broker.rewind("V1", FRIDAY)
    with pytest.raises(Refused, match="last traded or changed"):
        broker.rewind("V1", FIRST)
    assert broker.session("V1") == FRIDAY


@pytest.mark.parametrize("what", ["expiry", "cancel", "trailing", "dividend"])
def test_the_clock_stays_behind_everything_that_changed_the_books(broker: PaperBroker, what: str) -> None:
    """Not only fills: an expiry, a cancel, a trailing level or a dividend would otherwise happen twice."""
    match what:
        case "expiry":
            broker.send(buy(order_type=OrderType.LIMIT, limit_price=D(50)))
        case "cancel":
            broker.send(buy(order_type=OrderType.LIMIT, limit_price=D(50), tif=TimeInForce.GTC))
        case "trailing":
            broker.send(buy(order_type=OrderType.TRAILING, trail=D(20), tif=TimeInForce.GTC))
        case _:
            broker.reset_account("V1", D(0), FIRST, [("PAYER", D(1), D(1))])
    broker.advance("V1", FRIDAY)
    if what == "cancel":
        broker.cancel("a1")
    with pytest.raises(Refused):
        broker.rewind("V1", FIRST)


def test_opening_positions_cost_nothing_and_are_told_apart_from_trades(broker: PaperBroker) -> None:
    """They are seeded, not bought."""
    opened = broker.open_account("V2", D(500), FRIDAY, [("ACME", D(5), D(80)), ("PAYER", D(-2), D(120))])
    assert (opened.cash, opened.mode, opened.market_at.date()) == (D(500), Mode.VIRTUAL, FRIDAY)
    assert [(p.symbol, p.quantity, p.average_cost) for p in broker.positions("V2")] == [
        ("ACME", D(5), D(80)),
        ("PAYER", D(-2), D(120)),
    ]
    assert broker.fills("V2") == []
    assert [m.kind for m in broker.movements("V2")] == ["deposit", "opening", "opening"]
    assert broker.complete("V2")
    assert [a.account for a in broker.accounts()] == ["V1", "V2"]


@pytest.mark.parametrize(
    ("name", "cash", "day", "positions", "currency"),
    [
        ("", D(1), FIRST, (), "USD"),
        ("a\x00b", D(1), FIRST, (), "USD"),
        ("V2", D(-1), FIRST, (), "USD"),
        ("V2", D("NaN"), FIRST, (), "USD"),
        ("V2", D(1), date(2000, 1, 1), (), "USD"),
        ("V2", D(1), FIRST, [("NOSUCH", D(1), D(1))], "USD"),
        ("V2", D(1), FIRST, [("ACME", D(0), D(1))], "USD"),
        ("V2", D(1), FIRST, [("ACME", D("0.5"), D(1))], "USD"),
        ("V2", D(1), FIRST, [("ACME", D(1), D(0))], "USD"),
        ("V2", D(1), FIRST, [("ACME", D(1), D(1))] * 2, "USD"),
        ("V2", D(1), FIRST, [("ACME", D(1), D(1))], "EUR"),
    ],
)
def test_an_account_that_cannot_be_is_not_opened(
    broker: PaperBroker, name: str, cash: Decimal, day: date, positions: list, currency: str
) -> None:
    """Bad input is said, and leaves nothing behind."""
    with pytest.raises(BadInput):
        broker.open_account(name, cash, day, positions, currency)
    assert [a.account for a in broker.accounts()] == ["V1"]


def test_another_currency_is_not_traded(broker: PaperBroker) -> None:
    """Nothing converts by itself."""
    broker.open_account("V2", D(1000), FIRST, currency="EUR")
    with pytest.raises(OrderRejected, match="EUR"):
        broker.send(buy().model_copy(update={"account": "V2"}))


def test_a_name_in_use_is_refused(broker: PaperBroker) -> None:
    """Opening twice must not empty the first."""
    with pytest.raises(Refused, match="already an account"):
        broker.open_account("V1", D(1), FIRST)
    assert broker.account("V1").cash == 10_000


def test_a_reset_starts_afresh_and_keeps_send_once(broker: PaperBroker) -> None:
    """The books are empty, but an id that was sent stays sent, and no execution id comes twice."""
    broker.send(buy())
    resting = broker.send(buy("a2", order_type=OrderType.LIMIT, limit_price=D(50), tif=TimeInForce.GTC))
    (before,) = broker.fills("V1")
    broker.reset_account("V1", D(777), FIRST)
    assert (broker.account("V1").cash, broker.positions("V1"), broker.orders("V1")) == (D(777), [], [])
    again = broker.order("a2")
    assert again is not None
    assert (again.state, again.broker_order_id) == (OrderState.CANCELLED, resting.broker_order_id)
    assert broker.send(buy()).filled == 10
    assert broker.fills("V1") == []
    broker.reset_account("V1", D(5000), FIRST)
    broker.send(buy("a3"))
    assert broker.fills("V1")[0].execution_id != before.execution_id
    assert broker.complete("V1")


def test_a_closed_account_is_gone_until_it_is_opened_again(broker: PaperBroker) -> None:
    """Neither read nor traded."""
    broker.close_account("V1")
    assert broker.accounts() == []
    with pytest.raises(BrokerError):
        broker.positions("V1")
    with pytest.raises(OrderRejected):
        broker.send(buy())
    assert broker.open_account("V1", D(9), FRIDAY).cash == 9
