"""The simulated exchange's own books, in one SQLite file that nothing else writes.

Kept apart from the assistant's ledger on purpose: a crash between the two is then as real as with a broker across a
network. Write-ahead log, `synchronous=FULL`; every change is one `BEGIN IMMEDIATE` transaction and nothing is
remembered between transactions, so several processes (a web page and a terminal) can use one file.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from brokers.paper_books import RESTORE, Books
from brokers.vocabulary import StorageError

SCHEMA_VERSION = 1
_APPLICATION_ID = 0x444B5058  # "DKPX"
_BUSY_SECONDS = 10.0
_SCHEMA = """
CREATE TABLE accounts (name TEXT PRIMARY KEY, epoch INTEGER NOT NULL, open INTEGER NOT NULL, currency TEXT NOT NULL,
  cash TEXT NOT NULL, session TEXT NOT NULL, active_on TEXT, sequence INTEGER NOT NULL);
CREATE TABLE orders (client_order_id TEXT PRIMARY KEY, arrival INTEGER NOT NULL UNIQUE, account TEXT NOT NULL,
  epoch INTEGER NOT NULL, body TEXT NOT NULL, broker_order_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
  filled TEXT NOT NULL, notional TEXT NOT NULL, commission TEXT NOT NULL, reason TEXT NOT NULL,
  submitted_at TEXT NOT NULL, session TEXT NOT NULL, parent TEXT, triggered INTEGER NOT NULL, best TEXT);
CREATE INDEX orders_by_account ON orders (account, epoch, state);
CREATE TABLE fills (number INTEGER PRIMARY KEY, execution_id TEXT NOT NULL UNIQUE, client_order_id TEXT NOT NULL,
  account TEXT NOT NULL, epoch INTEGER NOT NULL, symbol TEXT NOT NULL, side TEXT NOT NULL, quantity TEXT NOT NULL,
  price TEXT NOT NULL, commission TEXT NOT NULL, at TEXT NOT NULL, session TEXT NOT NULL);
CREATE INDEX fills_by_account ON fills (account, epoch, session);
CREATE TABLE positions (account TEXT NOT NULL, symbol TEXT NOT NULL, quantity TEXT NOT NULL, average_cost TEXT NOT NULL,
  PRIMARY KEY (account, symbol));
CREATE TABLE movements (number INTEGER PRIMARY KEY, account TEXT NOT NULL, epoch INTEGER NOT NULL,
  session TEXT NOT NULL, kind TEXT NOT NULL, symbol TEXT NOT NULL, amount TEXT NOT NULL, quantity TEXT NOT NULL,
  price TEXT);
CREATE INDEX movements_by_account ON movements (account, epoch);
"""
_ROOM = "Check that the folder exists, can be written and has room, or use another one with --home."


class CommitFailed(StorageError):
    """The commit itself failed: whether it took hold is known only by reading the books again."""


class PaperStore:
    """The file: opens it, guards it, and hands out `Books` one transaction at a time. Usable from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._inherited: sqlite3.Connection | None = None
        self._process = os.getpid()
        with self._lock, self._errors():
            self._open()

    def close(self) -> None:
        """Close the file. A later call opens it again."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    @contextmanager
    def read(self) -> Generator[Books]:
        """One consistent view of the books; never waits for a writer. Raises `StorageError`."""
        with self._lock, self._errors():
            connection = self._open()
            connection.execute("BEGIN")
            try:
                yield Books(connection)
            finally:
                _roll_back(connection)

    @contextmanager
    def write(self) -> Generator[Books]:
        """One change, whole or not at all. Raises `StorageError` (nothing changed) or `CommitFailed` (not known)."""
        with self._lock, self._errors():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Books(connection)
            except BaseException:
                _roll_back(connection)
                raise
            try:
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                _roll_back(connection)
                raise CommitFailed(f"The paper broker's books could not be committed: {error}.", fix=_ROOM) from error

    def _open(self) -> sqlite3.Connection:
        # A connection must not be carried over a fork: the child opens its own and leaves the parent's alone.
        if self._connection is not None and self._process == os.getpid():
            return self._connection
        self._process, self._inherited = os.getpid(), self._connection
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA synchronous = FULL")
        _to_wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (owner,) = connection.execute("PRAGMA application_id").fetchone()
            (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            if not tables and not version:
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            elif owner != _APPLICATION_ID:
                raise StorageError(f"{self._path} is not a paper broker's file.", fix=RESTORE)
            elif version > SCHEMA_VERSION:
                message = (
                    f"{self._path} was written by a newer version (schema {version}, this one reads {SCHEMA_VERSION})."
                )
                raise StorageError(message, fix="Update Deskmate, or use another home folder with --home.")
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    @contextmanager
    def _errors(self) -> Generator[None]:
        """Turn SQLite's and the system's errors into `StorageError`, once, with what to do."""
        try:
            yield
        except sqlite3.Error as error:
            raise _translated(self._path, error) from error
        except OSError as error:
            raise StorageError(f"{self._path} cannot be opened: {error.strerror}.", fix=_ROOM) from error


def _roll_back(connection: sqlite3.Connection) -> None:
    """Undo what is open; SQLite has done so itself after some errors (a full disk)."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _translated(path: Path, error: sqlite3.Error) -> StorageError:
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageError(f"{path} is in use by another program.", fix="Try again in a moment.")
    if code.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_PERM", "SQLITE_IOERR")):
        return StorageError(f"{path} cannot be opened or written: {error}.", fix=_ROOM)
    return StorageError(f"{path} is damaged or not a paper broker's file: {error}.", fix=RESTORE)


def _to_wal(connection: sqlite3.Connection, attempts: int = 100) -> None:
    """Switch to the write-ahead log. Two processes creating the file at once collide here without SQLite waiting."""
    for attempt in range(attempts):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            if attempt == attempts - 1 or not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            time.sleep(0.02)
