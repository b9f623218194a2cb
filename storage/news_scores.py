"""How a sentiment model read texts before, kept so that a history of headlines is read once.

One SQLite file a home, shared by any number of threads and processes: every call opens it for itself and SQLite's own
locks do the rest. A score is known by the model's name, its version and the SHA-256 of the text as it was read; the
first score kept for a text stands. The file holds nothing that cannot be made again.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

from brokers.vocabulary import BadInput, StorageError

FORMAT = 1
WAIT_SECONDS = 30.0
"""How long another process may hold the file."""
_TOGETHER = 500
"""Texts asked for in one statement; SQLite allows 999 parameters in its older builds."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS scores (
    model TEXT NOT NULL, version TEXT NOT NULL, text BLOB NOT NULL, score REAL NOT NULL CHECK (score BETWEEN -1 AND 1),
    PRIMARY KEY (model, version, text)) WITHOUT ROWID
"""


def text_key(text: str) -> bytes:
    """What a text is known by: its SHA-256."""
    return sha256(text.encode("utf-8", errors="surrogatepass")).digest()


class NewsScores:
    """Scores by (model, version, text). Every method raises `StorageError` when the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self, model: str, version: str, texts: Sequence[bytes]) -> dict[bytes, float]:
        """The scores, -1 to 1, of those `texts` (keys of `text_key`) that this version of the model has read."""
        if not texts or not self.path.exists():
            return {}
        found: dict[bytes, float] = {}
        with self._opened() as connection:
            for start in range(0, len(texts), _TOGETHER):
                part = texts[start : start + _TOGETHER]
                marks = ",".join("?" * len(part))
                found.update(
                    connection.execute(
                        f"SELECT text, score FROM scores WHERE model = ? AND version = ? AND text IN ({marks})",  # noqa: S608 - question marks only
                        (model, version, *part),
                    )
                )
        return found

    def keep(self, model: str, version: str, scores: Mapping[bytes, float]) -> None:
        """Keep scores, all of them or none; one that is kept already stays as it is.

        Raises:
            BadInput: a score is not a number from -1 to 1.
        """
        if any(not math.isfinite(score) or abs(score) > 1 for score in scores.values()):
            raise BadInput("A score of a text lies between -1 and 1.")
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR IGNORE INTO scores VALUES (?, ?, ?, ?)",
                [(model, version, text, score) for text, score in scores.items()],
            )
            connection.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Generator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
                self._prepare(connection)
                yield connection
        except OSError as error:
            raise StorageError(
                f"The scores of news cannot be kept in {self.path.parent} ({error.strerror}).",
                fix="Check the folder's permissions and free space, or choose another --home DIR.",
            ) from error
        except sqlite3.Error as error:
            raise StorageError(
                f"The scores of news in {self.path.name} cannot be used ({error}).",
                fix=f"Move {self.path} away: its headlines are then read again.",
            ) from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > FORMAT:
            raise StorageError(
                f"{self.path.name} was written by a newer Deskmate (format {version}).",
                fix="Update Deskmate, or choose another --home DIR.",
            )
        if version < FORMAT:
            # Several processes may come here at once: under the lock each does what the others have not done.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_SCHEMA)
            connection.execute(f"PRAGMA user_version={FORMAT}")
            connection.execute("COMMIT")
        # What a power cut loses is read again.
        connection.execute("PRAGMA synchronous=NORMAL")
