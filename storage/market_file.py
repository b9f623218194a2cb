"""The market store's file: its schema, opening it to read, and replacing it whole.

DuckDB lets one process write a file and then nobody else read it. Several processes share one home, so nobody ever
writes the file in place: a writer takes a lock, changes a copy beside it and renames the copy over it in one step.
Readers attach the file read-only and open it again when its identity changes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from brokers.vocabulary import StorageError, Unavailable

SCHEMA_VERSION = 1
Signature = tuple[int, int, int]
"""Inode, modification time and size: changes whenever a writer has replaced the file."""

_SCHEMA = """
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE bars (
    symbol VARCHAR NOT NULL, session DATE NOT NULL,
    open DOUBLE NOT NULL, high DOUBLE NOT NULL, low DOUBLE NOT NULL, close DOUBLE NOT NULL, adj_close DOUBLE,
    volume BIGINT NOT NULL, known_at TIMESTAMP NOT NULL, source VARCHAR NOT NULL, freshness VARCHAR NOT NULL);
CREATE TABLE actions (
    symbol VARCHAR NOT NULL, session DATE NOT NULL, ratio DOUBLE, amount DOUBLE,
    known_at TIMESTAMP NOT NULL, source VARCHAR NOT NULL, freshness VARCHAR NOT NULL);
CREATE TABLE instruments (
    symbol VARCHAR NOT NULL, document VARCHAR NOT NULL, source VARCHAR NOT NULL, freshness VARCHAR NOT NULL);
CREATE TABLE quarantine (
    imported_at TIMESTAMP NOT NULL, source VARCHAR NOT NULL, line BIGINT NOT NULL, symbol VARCHAR NOT NULL,
    session DATE, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume DOUBLE, adj_close DOUBLE,
    reason VARCHAR NOT NULL);
"""
_NEWS = """
CREATE TABLE IF NOT EXISTS news (
    id VARCHAR PRIMARY KEY, source VARCHAR NOT NULL, published_at TIMESTAMP NOT NULL, known_at TIMESTAMP NOT NULL,
    symbols VARCHAR[] NOT NULL, headline VARCHAR NOT NULL, body VARCHAR NOT NULL, sample BOOLEAN NOT NULL);
CREATE TABLE IF NOT EXISTS news_quarantine (
    imported_at TIMESTAMP NOT NULL, source VARCHAR NOT NULL, line BIGINT NOT NULL, headline VARCHAR NOT NULL,
    reason VARCHAR NOT NULL);
"""
"""Added to files that were made before there was news; what reads the other tables does not notice."""
_AGAIN = "Move {} away: the sample market is made again at the next start, and your own files can be imported again."


def signature_of(path: Path) -> Signature | None:
    """The file's identity, or None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(
            f"The market store {path} cannot be reached: {error.strerror}.", fix="Check --home."
        ) from error
    return found.st_ino, found.st_mtime_ns, found.st_size


def open_to_read(path: Path) -> tuple[duckdb.DuckDBPyConnection, Signature]:
    """A connection that sees the file's tables as they are now, with the identity it was opened under.

    Raises `Unavailable` when there is no file, `StorageError` when it is corrupt or newer than this version.
    """
    while True:
        signature = signature_of(path)
        if signature is None:
            raise Unavailable("There is no market data yet.", fix="Import some with `deskmate import bars FILE`.")
        connection = _attached(path, read_only=True)
        if signature_of(path) == signature:
            return connection, signature
        connection.close()


@contextmanager
def rewritten(path: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Change a copy of the file (or a new one) and put it in the file's place when the block ends without an error.

    One writer at a time over all processes; readers keep the old file until the rename.
    Raises `StorageError` when the folder cannot be written or the file is corrupt or newer.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f".{path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                if path.exists():
                    shutil.copyfile(path, beside)
                with _attached(beside, read_only=False) as connection:
                    yield connection
                    connection.execute("USE memory")
                    connection.execute("DETACH market")  # writes everything into the one file
                _synced(beside)
                beside.replace(path)
                _synced(path.parent)
            finally:
                beside.unlink(missing_ok=True)
                beside.with_name(f"{beside.name}.wal").unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        fix = "Choose a folder you may write to with --home, or free some space."
        raise StorageError(f"The market store {path} cannot be written: {why}.", fix=fix) from error


def _attached(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    # Attached to an in-memory database of its own: duckdb.connect(path) would share one instance per path within a
    # process, and so hand out the old file after a rename for as long as anybody still has it open.
    fresh = not path.exists()
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        target = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{target}' AS market{' (READ_ONLY)' if read_only else ''}")
        connection.execute("USE market")
        if fresh and not read_only:
            connection.execute(_SCHEMA)
            connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
        _check_version(connection, path)
        if not read_only:
            connection.execute(_NEWS)
    except duckdb.Error as error:
        connection.close()
        raise StorageError(f"The market store {path} is not readable.", fix=_AGAIN.format(path)) from error
    except StorageError:
        connection.close()
        raise
    return connection


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    version = int(row[0]) if row is not None and str(row[0]).isdigit() else 0
    if version > SCHEMA_VERSION:
        message = (
            f"The market store {path} was written by a newer Deskmate (format {version}, known: {SCHEMA_VERSION})."
        )
        raise StorageError(message, fix="Update Deskmate, or use another --home.")
    if version < 1:
        raise StorageError(f"{path} is not a market store.", fix=_AGAIN.format(path))


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
