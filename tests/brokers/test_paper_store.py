"""The simulated exchange's file: damage, newer versions, several users at once, and death at any point."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from brokers.paper import PaperBroker
from brokers.paper_store import SCHEMA_VERSION
from brokers.port import NotConnected
from brokers.vocabulary import BrokerOrder, Instrument, Order, OrderType, Side, StorageError, TimeInForce
from tests.support.feed import FIRST, MemoryFeed, Row

D = Decimal
CALM: Row = ("100", "101", "99", "100", 1_000_000)
DIED = 41


def feed() -> MemoryFeed:
    return MemoryFeed({"ACME": [CALM] * 10})


def buy(name: str, **terms: object) -> Order:
    fields = {"order_type": OrderType.MARKET, "account": "V1", "instrument": Instrument(symbol="ACME"), **terms}
    return Order.model_validate({"client_order_id": name, "side": Side.BUY, "quantity": D(1), **fields})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one account."""
    file = tmp_path / "home" / "paper.sqlite"
    with PaperBroker(file, feed()) as broker:
        broker.open_account("V1", D(100_000), FIRST)
    return file


def test_a_damaged_file_says_what_to_do(path: Path) -> None:
    """No traceback of SQLite's, and the file is left as it is."""
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="damaged") as caught:
        PaperBroker(path, feed())
    assert "Restore" in caught.value.fix
    assert path.read_bytes().startswith(b"not a database")


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    """An old program must not guess at new books."""
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    with pytest.raises(StorageError, match="newer") as caught:
        PaperBroker(path, feed())
    assert "Update" in caught.value.fix


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A wrong path must not be written into."""
    file = tmp_path / "other.sqlite"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(StorageError, match="not a paper broker"):
        PaperBroker(file, feed())


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    """Here a file stands where the folder should be."""
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(StorageError) as caught:
        PaperBroker(tmp_path / "home" / "paper.sqlite", feed())
    assert "--home" in caught.value.fix


def test_a_row_that_cannot_be_read_makes_the_books_incomplete(path: Path) -> None:
    """Half-read books keep the gate closed and never look empty."""
    with PaperBroker(path, feed()) as broker:
        broker.send(buy("a1"))
        assert broker.complete("V1")
        with sqlite3.connect(path) as db:
            db.execute("UPDATE orders SET body = '{'")
        db.close()
        assert not broker.complete("V1")
        with pytest.raises(StorageError, match="cannot be read"):
            broker.orders("V1")


def test_cash_that_does_not_add_up_makes_the_books_incomplete(path: Path) -> None:
    """Someone wrote into the file."""
    with PaperBroker(path, feed()) as broker:
        with sqlite3.connect(path) as db:
            db.execute("UPDATE accounts SET cash = '5'")
        db.close()
        assert not broker.complete("V1")


def test_a_store_that_fails_before_the_commit_means_nothing_was_sent(path: Path) -> None:
    """The coordinator may then say so, instead of calling the order unknown."""
    with PaperBroker(path, feed()) as broker:
        with sqlite3.connect(path) as db:
            db.execute("CREATE TRIGGER full BEFORE INSERT ON fills BEGIN SELECT RAISE(ABORT, 'no room'); END")
        db.close()
        with pytest.raises(NotConnected, match="Nothing was sent"):
            broker.send(buy("a1"))
        assert broker.order("a1") is None


def test_threads_share_one_broker_and_send_each_order_once(path: Path) -> None:
    """The web page calls from worker threads; a double click arrives twice."""
    with PaperBroker(path, feed()) as broker, ThreadPoolExecutor(6) as pool:
        list(pool.map(broker.send, [buy(f"a{n % 10}") for n in range(30)]))
        assert [p.quantity for p in broker.positions("V1")] == [D(10)]
        assert broker.complete("V1")


def test_a_second_program_waits_for_the_first_and_finds_its_order(path: Path) -> None:
    """Both send the same id at once: the later one must see the earlier one's order, neither fail nor send."""
    with ThreadPoolExecutor(1) as pool, PaperBroker(path, feed()) as other:
        later: list[Future[BrokerOrder]] = []

        def meanwhile(point: str) -> None:
            if point == "paper:before-commit":
                later.append(pool.submit(other.send, buy("a1")))
                with pytest.raises(TimeoutError):
                    later[0].result(0.2)

        with PaperBroker(path, feed(), step=meanwhile) as broker:
            sent = broker.send(buy("a1"))
            assert later[0].result(10) == sent
            assert len(broker.fills("V1")) == 1


def _send_many(path: Path, start: int) -> None:
    with PaperBroker(path, feed()) as broker:
        for n in range(start, start + 10):
            broker.send(buy(f"a{n}"))
        broker.advance("V1", FIRST.replace(day=5))


def test_two_processes_share_one_file(tmp_path: Path) -> None:
    """A web page and a terminal over one home: no order twice, no step twice, nothing stale."""
    path = tmp_path / "paper.sqlite"
    with PaperBroker(path, feed()) as broker:
        broker.open_account("V1", D(100_000), FIRST)
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=_send_many, args=(path, start)) for start in (0, 5)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert [worker.exitcode for worker in workers] == [0, 0]
        assert [p.quantity for p in broker.positions("V1")] == [D(15)]
        assert len(broker.fills("V1")) == 15
        assert broker.session("V1") == FIRST.replace(day=5)
        assert broker.complete("V1")


def _die(path: Path, act: str, point: str) -> None:
    """In a process of its own: send `a1` or step the clock, and end without a word at the first `point`."""
    broker = PaperBroker(path, feed(), step=lambda name: os._exit(DIED) if name == point else None)
    if act == "send":
        broker.send(buy("a1"))
    else:
        broker.advance("V1", FIRST.replace(day=5))


def _dying(path: Path, act: str, point: str) -> int | None:
    child = multiprocessing.get_context("spawn").Process(target=_die, args=(path, act, point))
    child.start()
    child.join(30)
    return child.exitcode


@pytest.mark.parametrize(("point", "there"), [("paper:before-commit", False), ("paper:after-commit", True)])
def test_a_death_around_the_commit_leaves_the_order_whole_or_absent(path: Path, point: str, there: bool) -> None:
    """Order, fill, position and cash stand or fall together; the same id can be sent again."""
    assert _dying(path, "send", point) == DIED
    with PaperBroker(path, feed()) as broker:
        assert (broker.order("a1") is not None, len(broker.fills("V1"))) == (there, int(there))
        assert broker.complete("V1")
        assert broker.send(buy("a1")).filled == 1
        assert [p.quantity for p in broker.positions("V1")] == [D(1)]


@pytest.mark.parametrize(("point", "sessions"), [("paper:before-commit", 0), ("paper:after-commit", 1)])
def test_a_death_while_the_clock_steps_leaves_it_at_a_close(path: Path, point: str, sessions: int) -> None:
    """A session is stepped whole or not at all, and going on finishes the way."""
    with PaperBroker(path, feed()) as broker:
        broker.send(buy("a1", order_type=OrderType.LIMIT, limit_price=D(99), tif=TimeInForce.GTC))
        day = FIRST.replace(day=5)
        assert _dying(path, "advance", point) == DIED
        assert broker.session("V1") == FIRST.replace(day=2 + sessions)
        assert len(broker.fills("V1")) == sessions
        broker.advance("V1", day)
        assert (len(broker.fills("V1")), broker.session("V1")) == (1, day)
        assert broker.complete("V1")
