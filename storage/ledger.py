"""The append-only event ledger: SQLite, one hash-chained stream per account and per conversation.

Every event carries its stream's own sequence number and the digest of the event before it in that
stream; a second chain runs over all events in the order they were written, so that a head digest kept
elsewhere proves later that nothing before it was rewritten (`verify(since=...)`). Bodies are canonical
JSON. Words of a person (message text and the like) are kept beside the events by reference, outside
the chains, so that they can be erased without breaking them.

Durability: WAL with `synchronous=FULL`, so an append that returned survives a power cut.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from brokers.vocabulary import DeskmateError, StorageError

SCHEMA_VERSION = 1
APPLICATION_ID = 0x4445534B  # "DESK": tells this file from any other SQLite database
BUSY_MS = 10_000
GENESIS = "0" * 64

_SCHEMA = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    wall_at TEXT NOT NULL,
    market_at TEXT,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL,
    chain TEXT NOT NULL,
    UNIQUE (stream, sequence)
);
CREATE TABLE words (ref TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""

_COLUMNS = "position, stream, sequence, kind, schema_version, wall_at, market_at, body, previous, digest, chain"


class VersionConflict(DeskmateError):
    """Somebody else appended to the stream first: read it again and decide anew."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to append: its kind, the version of its body's schema, and the body (JSON values only)."""

    kind: str
    schema_version: int
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it stands in the ledger."""

    position: int
    """Its place among all events, from 1."""
    stream: str
    sequence: int
    """Its place in its stream, from 1."""
    kind: str
    schema_version: int
    wall_at: datetime
    market_at: datetime | None
    """The market clock at that moment, where the stream has one."""
    body: Mapping[str, object]
    digest: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What walking every chain found. `head` is worth keeping somewhere else."""

    events: int
    streams: int
    head: str
    problem: str = ""

    @property
    def intact(self) -> bool:
        """True when nothing was changed, removed or inserted."""
        return not self.problem


def canonical(body: Mapping[str, object]) -> str:
    """Canonical JSON: sorted keys, no spaces, no NaN; decimals are already strings."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _event_digest(
    stream: str, sequence: int, kind: str, schema: int, wall: str, market: str | None, body: str, previous: str
) -> str:
    material = json.dumps([stream, sequence, kind, schema, wall, market, body, previous], ensure_ascii=False)
    return hashlib.sha256(material.encode()).hexdigest()


def _chained(before: str, digest: str) -> str:
    return hashlib.sha256(f"{before}{digest}".encode()).hexdigest()


_Row = tuple[int, str, int, str, int, str, str | None, str, str, str, str]


def _event(row: _Row) -> Event:
    """The event of a row. Raises `StorageError` where its text was damaged."""
    try:
        return _decoded(row)
    except ValueError as error:
        raise StorageError(
            f"Event {row[0]} of the ledger is damaged ({error}).", fix="`deskmate ledger verify` says more."
        ) from error


def _decoded(row: _Row) -> Event:
    return Event(
        position=row[0],
        stream=row[1],
        sequence=row[2],
        kind=row[3],
        schema_version=row[4],
        wall_at=datetime.fromisoformat(row[5]),
        market_at=None if row[6] is None else datetime.fromisoformat(row[6]),
        body=json.loads(row[7]),
        digest=row[9],
    )


class Ledger:
    """The ledger in one SQLite file. Safe to share between threads and, through SQLite's locks, processes."""

    def __init__(self, path: Path) -> None:
        """Open or create the ledger at `path`.

        Raises:
            StorageError: the folder cannot be written; the file is no ledger, is damaged or newer.
        """
        self._path = path
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise self._translated(error) from error

    def _prepare(self) -> None:
        connection = self._connection
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise StorageError(
                f"The ledger {self._path.name} was written by a newer Deskmate (format {version}).",
                fix="Update Deskmate, or start with another folder: --home DIR.",
            )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        if version == 0:
            import sqlite_utils  # loads pandas where it is installed: only for a new file

            if sqlite_utils.Database(connection).table_names():
                raise StorageError(
                    f"{self._path.name} is a database, but not a ledger.", fix="Choose another --home DIR."
                )
            with self._transaction():
                # Another process may have created it between the look and the lock.
                if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _SCHEMA.split(";\n"):
                        if statement.strip():
                            connection.execute(statement)
                    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        elif connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StorageError(f"{self._path.name} is a database, but not a ledger.", fix="Choose another --home DIR.")
        connection.execute("SELECT max(position) FROM events").fetchone()

    def _translated(self, error: sqlite3.DatabaseError) -> StorageError:
        words = str(error)
        if isinstance(error, sqlite3.OperationalError) and ("locked" in words or "busy" in words):
            return StorageError("The ledger is locked by another program.", fix="Close it or wait, then try again.")
        if isinstance(error, sqlite3.OperationalError) and any(
            w in words for w in ("unable to open", "readonly", "full")
        ):
            return StorageError(
                f"The ledger {self._path} cannot be written ({words}).",
                fix="Check the folder's permissions and free space, or choose another --home DIR.",
            )
        return StorageError(
            f"The ledger {self._path} is damaged ({words}).",
            fix="Nothing was changed. Put back a copy, or keep this file and start with another --home DIR.",
        )

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise self._translated(error) from error

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[_Row]:
        with self._lock:
            try:
                return self._connection.execute(sql, tuple(parameters)).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._translated(error) from error

    def append(
        self,
        stream: str,
        events: Sequence[NewEvent],
        *,
        wall_at: datetime,
        market_at: datetime | None = None,
        expect: int | None = None,
        words: Mapping[str, str] | None = None,
    ) -> list[Event]:
        """Append `events` to `stream` in one synced transaction and return them as they stand.

        Args:
            stream: e.g. "account:V1" or "conversation:local/s1".
            events: at least one.
            wall_at: aware instant of the wall clock.
            market_at: aware instant of the market clock, where there is one.
            expect: the sequence number of the stream's last event as the caller knows it (0: none yet).
            words: a person's words to keep beside the chains, by references the events carry (`new_ref`).

        Raises:
            VersionConflict: the stream has moved on from `expect`; nothing was written.
            StorageError: the file cannot be written.
        """
        wall = wall_at.astimezone(UTC).isoformat()
        market = None if market_at is None else market_at.astimezone(UTC).isoformat()
        written: list[Event] = []
        with self._transaction() as connection:
            last = connection.execute(
                "SELECT sequence, digest FROM events WHERE stream = ? ORDER BY sequence DESC LIMIT 1", (stream,)
            ).fetchone()
            sequence, previous = last or (0, GENESIS)
            if expect is not None and sequence != expect:
                raise VersionConflict(f"{stream} stands at {sequence}, not at {expect}.", fix="Read it again.")
            head = connection.execute("SELECT position, chain FROM events ORDER BY position DESC LIMIT 1").fetchone()
            position, chain = head or (0, GENESIS)
            for event in events:
                sequence, position = sequence + 1, position + 1
                body = canonical(event.body)
                digest = _event_digest(stream, sequence, event.kind, event.schema_version, wall, market, body, previous)
                chain = _chained(chain, digest)
                place = (position, stream, sequence)
                row: _Row = (*place, event.kind, event.schema_version, wall, market, body, previous, digest, chain)
                connection.execute(f"INSERT INTO events ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608
                written.append(_event(row))
                previous = digest
            connection.executemany("INSERT INTO words (ref, text) VALUES (?, ?)", (words or {}).items())
        return written

    def read(self, stream: str, *, after: int = 0) -> list[Event]:
        """The events of `stream` with a sequence number above `after`, oldest first."""
        return [
            _event(row)
            for row in self._rows(
                f"SELECT {_COLUMNS} FROM events WHERE stream = ? AND sequence > ? ORDER BY sequence",  # noqa: S608
                (stream, after),
            )
        ]

    def tail(self, *, after: int = 0, limit: int | None = None) -> list[Event]:
        """Events of every stream with a position above `after`, oldest first; the last `limit` of them where given."""
        newest = f"SELECT {_COLUMNS} FROM events WHERE position > ? ORDER BY position DESC LIMIT ?"  # noqa: S608
        rows = self._rows(newest, (after, -1 if limit is None else limit))
        return [_event(row) for row in reversed(rows)]

    def version(self, stream: str) -> int:
        """The sequence number of the stream's last event; 0 when it has none."""
        found = self._rows("SELECT max(sequence) FROM events WHERE stream = ?", (stream,))
        return cast("int | None", found[0][0]) or 0

    def streams(self, prefix: str = "") -> list[str]:
        """The names of all streams that start with `prefix`, in the order they began."""
        found = cast("list[tuple[str]]", self._rows("SELECT stream FROM events WHERE sequence = 1 ORDER BY position"))
        return [name for (name,) in found if name.startswith(prefix)]

    @staticmethod
    def new_ref() -> str:
        """A fresh reference for words that are kept beside the chains."""
        return secrets.token_hex(12)

    def last(self, stream: str, kinds: Sequence[str]) -> Event | None:
        """The newest event of `stream` whose kind is one of `kinds`, or None."""
        marks = ",".join("?" * len(kinds))
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM events WHERE stream = ? AND kind IN ({marks}) ORDER BY sequence DESC LIMIT 1",  # noqa: S608
            (stream, *kinds),
        )
        return _event(rows[0]) if rows else None

    def words(self, ref: str) -> str | None:
        """The words behind `ref`, or None once they were erased."""
        found = cast("list[tuple[str]]", self._rows("SELECT text FROM words WHERE ref = ?", (ref,)))
        return found[0][0] if found else None

    def erase_words(self, ref: str) -> None:
        """Erase the words behind `ref`; the events that refer to them stay as they are."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM words WHERE ref = ?", (ref,))

    def verify(self, since: str | None = None) -> Verification:
        """Walk every chain and say what is wrong, if anything.

        Args:
            since: a head digest printed earlier ("POSITION-DIGEST"): proves that nothing up to it was rewritten.
        """
        chain, count = GENESIS, 0
        heads: dict[str, tuple[int, str]] = {}
        kept_position, kept_digest = _head_parts(since)

        def result(problem: str = "") -> Verification:
            return Verification(events=count, streams=len(heads), head=f"{count}-{chain}", problem=problem)

        for row in self._rows(f"SELECT {_COLUMNS} FROM events ORDER BY position"):  # noqa: S608
            position, stream, sequence, kind, schema, wall, market, body, previous, digest, stored_chain = row
            expected_sequence, expected_previous = heads.get(stream, (0, GENESIS))
            if position != count + 1:
                return result(f"event {count + 1} is missing")
            if sequence != expected_sequence + 1 or previous != expected_previous:
                return result(f"event {position}: the chain of {stream} is broken")
            if digest != _event_digest(stream, sequence, kind, schema, wall, market, body, previous):
                return result(f"event {position} ({stream} {sequence}) was changed")
            if stored_chain != _chained(chain, digest):
                return result(f"event {position}: the ledger's own chain is broken")
            chain, count = stored_chain, position
            heads[stream] = (sequence, digest)
            if position == kept_position and chain != kept_digest:
                return result(
                    f"the ledger was rewritten at or before event {position}: the digest you kept does not match"
                )
        if kept_position > count:
            return result(f"the digest you kept stands at event {kept_position}, the ledger ends at {count}")
        return result()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _head_parts(since: str | None) -> tuple[int, str]:
    if since is None:
        return 0, ""
    position, _, digest = since.partition("-")
    if not (position.isascii() and position.isdigit()) or len(digest) != len(GENESIS):
        raise StorageError(
            "That is not a head digest.", fix="It looks like 42-9f2c…: `deskmate ledger verify` prints it."
        )
    return int(position), digest
