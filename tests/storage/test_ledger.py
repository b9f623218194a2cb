"""The ledger: append-only, hash-chained, versioned, durable, and honest about damage."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.vocabulary import StorageError
from storage.ledger import Ledger, NewEvent, VersionConflict

NOW = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


def event(**body: object) -> NewEvent:
    return NewEvent("thing.happened", 1, body)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def test_events_come_back_as_written_and_in_order(ledger: Ledger):
    """ledger:append - what was written is what is read, in the order of its stream."""
    ledger.append("account:V1", [event(n=1), event(n=2)], wall_at=NOW)
    ledger.append("account:V2", [event(n=3)], wall_at=NOW)
    ledger.append("account:V1", [event(n=4)], wall_at=NOW, market_at=NOW)
    assert [(e.sequence, dict(e.body)) for e in ledger.read("account:V1")] == [
        (1, {"n": 1}),
        (2, {"n": 2}),
        (3, {"n": 4}),
    ]
    assert [e.position for e in ledger.tail()] == [1, 2, 3, 4]
    assert ledger.streams("account:") == ["account:V1", "account:V2"]


def test_an_append_that_expects_an_older_version_writes_nothing(ledger: Ledger):
    """consent:exact - compare-and-set: the second of two writers who read the same state loses."""
    ledger.append("s", [event(n=1)], wall_at=NOW, expect=0)
    with pytest.raises(VersionConflict):
        ledger.append("s", [event(n=2), event(n=3)], wall_at=NOW, expect=0)
    assert ledger.version("s") == 1


def test_of_two_processes_on_one_file_exactly_one_wins_each_version(tmp_path: Path):
    """Two handles on one file behave like two processes: every version has one winner, none is lost."""
    handles = [Ledger(tmp_path / "l.sqlite") for _ in range(4)]
    wins: list[int] = []

    def race(handle: Ledger) -> None:
        for _ in range(20):
            version = handle.version("s")
            try:
                handle.append("s", [event(v=version)], wall_at=NOW, expect=version)
                wins.append(version)
            except VersionConflict:
                pass

    threads = [threading.Thread(target=race, args=(handle,)) for handle in handles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == list(range(len(wins)))
    assert handles[0].verify().intact


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=12), st.data())
def test_any_changed_byte_of_any_event_is_found(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]], data: st.DataObject
):
    """ledger:append - whatever single field of whatever event is rewritten behind our back, `verify` says so."""
    path = tmp_path_factory.mktemp("l") / "ledger.sqlite"
    with Ledger(path) as ledger:
        for stream, number in rows:
            ledger.append(stream, [event(n=number)], wall_at=NOW)
        head = ledger.verify().head
        assert ledger.verify(head).intact
    position = data.draw(st.integers(1, len(rows)))
    column, value = data.draw(
        st.sampled_from(
            [
                ("body", '{"n":99}'),
                ("kind", "other"),
                ("stream", "z"),
                ("wall_at", "2020-01-01T00:00:00+00:00"),
                ("sequence", 77),
                ("digest", "0" * 64),
                ("chain", "0" * 64),
            ]
        )
    )
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER events_no_update")
    raw.execute(f"UPDATE events SET {column} = ? WHERE position = ?", (value, position))
    raw.commit()
    raw.close()
    with Ledger(path) as ledger:
        assert not ledger.verify().intact


def test_a_ledger_rewritten_consistently_does_not_match_the_digest_kept_elsewhere(tmp_path: Path):
    """A forger who recomputes every hash is still found by the head digest that was kept outside."""
    with Ledger(tmp_path / "a.sqlite") as honest, Ledger(tmp_path / "b.sqlite") as forged:
        honest.append("s", [event(n=1)], wall_at=NOW)
        kept = honest.verify().head
        forged.append("s", [event(n=2)], wall_at=NOW)
        forged.append("s", [event(n=3)], wall_at=NOW)
        assert forged.verify().intact
        assert not forged.verify(kept).intact
        honest.append("s", [event(n=4)], wall_at=NOW)
        assert honest.verify(kept).intact


def test_the_tables_themselves_refuse_updates_and_deletes(ledger: Ledger, tmp_path: Path):
    """ledger:append - even a stray statement in our own code cannot rewrite an event."""
    ledger.append("s", [event(n=1)], wall_at=NOW)
    raw = sqlite3.connect(tmp_path / "ledger.sqlite")
    for statement in ("UPDATE events SET kind = 'x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


def test_words_can_be_erased_without_breaking_a_chain(ledger: Ledger):
    """Personal words live beside the chain: erasing them leaves the ledger intact."""
    ref = ledger.new_ref()
    ledger.append("s", [event(words=ref)], wall_at=NOW, words={ref: "hello"})
    assert ledger.words(ref) == "hello"
    ledger.erase_words(ref)
    assert ledger.words(ref) is None
    assert ledger.verify().intact


def test_a_body_with_nan_is_refused_before_it_is_written(ledger: Ledger):
    """Canonical JSON has no NaN: a number that is none never gets in."""
    with pytest.raises(ValueError, match="Out of range"):
        ledger.append("s", [event(n=float("nan"))], wall_at=NOW)
    assert ledger.version("s") == 0


@pytest.mark.parametrize("damage", ["garbage", "truncated", "newer", "foreign"])
def test_a_file_that_is_no_usable_ledger_is_named_and_left_alone(tmp_path: Path, damage: str):
    """A corrupt, newer or foreign file gives a sentence with a way out, and stays as it was."""
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        for n in range(200):
            ledger.append("s", [event(n=n)], wall_at=NOW)
    if damage == "garbage":
        path.write_bytes(b"not a database at all" * 1000)
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA user_version = 99" if damage == "newer" else "PRAGMA application_id = 7")
        raw.commit()
        raw.close()
    before = path.read_bytes()
    with pytest.raises(StorageError) as caught:
        Ledger(path).tail()
    assert caught.value.fix
    assert path.read_bytes() == before
