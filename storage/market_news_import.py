"""Writing news into the market store: whole imports, each in one step, with an account of every row.

A row that cannot be right is kept apart with its reason and never used. Reading the same file or feed again changes
nothing: an item is known by its source and key, and the first telling of it stands.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import BadInput, NewsItem, Value
from storage.market_file import open_to_read, rewritten, signature_of
from storage.market_news import QuarantinedNews, has_news
from storage.news_stories import normalised

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONGEST_HEADLINE = 1000
"""Characters; what is longer is no headline."""
TOLERANCE = timedelta(minutes=5)
"""How far another clock may run ahead of ours before its items are dated in the future."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9.\-^=]{0,14}")
_SHOWN = 200
"""Characters of a quarantined headline that are kept."""
_VERSION = "sample_news_version"


class NewsReason(StrEnum):
    """Why a row of news was quarantined, as shown."""

    NO_TIME = "its time is missing or cannot be read"
    FUTURE = "it is dated in the future"
    TOO_OLD = "its time is before 1900"
    KNOWN_EARLY = "it says it was known before it was published"
    NO_HEADLINE = "it has no headline"
    TOO_LONG = "its headline is longer than a headline can be"
    NO_SOURCE = "it names no source"


class NewsRow(Protocol):
    """One row as given: plain text already, nothing judged."""

    @property
    def line(self) -> int: ...  # noqa: D102
    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def published_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def known_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def symbols(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def headline(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> str: ...  # noqa: D102
    @property
    def problem(self) -> str: ...  # noqa: D102


class NewsReport(Value):
    """What became of every row: `accepted` + `quarantined` = `rows`."""

    source: str
    rows: int
    accepted: int
    unchanged: int
    """Of the accepted: already stored, or given before in the same file."""
    quarantined: int
    reasons: dict[str, int]
    """Reason → rows, the most frequent first."""
    examples: tuple[QuarantinedNews, ...]
    """The first few quarantined rows."""
    symbols: tuple[str, ...]
    """The tickers that rows are tagged with; those that headlines name are found when they are read."""
    first: datetime | None
    last: datetime | None
    """Earliest and latest publication accepted."""


@dataclass
class _Judged:
    items: dict[str, NewsItem] = field(default_factory=dict[str, NewsItem])
    again: int = 0
    bad: list[QuarantinedNews] = field(default_factory=list[QuarantinedNews])


class NewsWriter:
    """Writes the news of one market file. Raises `StorageError` when it cannot be written, is corrupt or newer."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def seed(self, rows: Iterable[NewsRow], *, version: str, now: datetime) -> None:
        """Put the sample's news in, replacing an earlier one; nothing happens when this `version` is there already."""
        if self.sample_version() == version:
            return
        judged = _judged(rows, "sample market", now, sample=True)
        with rewritten(self.path) as connection:
            connection.execute("DELETE FROM news WHERE sample")
            _insert(connection, judged.items.values())
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [_VERSION, version])

    def import_news(self, rows: Iterable[NewsRow], *, source: str, now: datetime) -> NewsReport:
        """Add items; `source` names the file or feed they come from. Nothing is written when nothing is new.

        Raises `BadInput` when there are rows and none of them can be used: then nothing changes.
        """
        judged = _judged(rows, source, now, sample=False)
        if judged.bad and not judged.items:
            raise BadInput(
                f"Nothing of {source} could be used: {judged.bad[0].reason}.",
                fix="An item needs ts, headline and source; symbols and body may be left out.",
            )
        stored, kept_apart = self._stored(judged.items, source)
        fresh = [item for key, item in judged.items.items() if key not in stored]
        if fresh or kept_apart != judged.bad:
            with rewritten(self.path) as connection:
                _insert(connection, fresh)
                _quarantine(connection, judged.bad, source, now)
        return _report(judged, len(stored), source)

    def sample_version(self) -> str | None:
        """Which sample news the file holds, or None."""
        if signature_of(self.path) is None:
            return None
        connection, _ = open_to_read(self.path)
        with connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", [_VERSION]).fetchone()
        return None if row is None else str(row[0])

    def _stored(self, items: Iterable[str], source: str) -> tuple[set[str], list[QuarantinedNews]]:
        """Which of these ids the file holds, and what it keeps apart of `source`."""
        if signature_of(self.path) is None:
            return set(), []
        connection, _ = open_to_read(self.path)
        with connection:
            if not has_news(connection):
                return set(), []
            found = connection.execute("SELECT id FROM news WHERE list_contains(?, id)", [list(items)]).fetchall()
            bad = connection.execute(
                "SELECT line, headline, reason FROM news_quarantine WHERE source = ? ORDER BY line", [source]
            ).fetchall()
        kept = [QuarantinedNews(source=source, line=row[0], headline=row[1], reason=row[2]) for row in bad]
        return {str(row[0]) for row in found}, kept


def item_id(source: str, key: str, published_at: datetime, headline: str) -> str:
    """The same for the same item of the same source: by the key its source gives it, else by its time and words."""
    told = key or f"{published_at.astimezone(UTC).isoformat()}\n{normalised(headline) or headline}"
    return hashlib.sha256(f"{source.casefold()}\n{told}".encode()).hexdigest()[:16]


def _judged(rows: Iterable[NewsRow], given_as: str, now: datetime, *, sample: bool) -> _Judged:
    judged = _Judged()
    for row in rows:
        reason = row.problem or _reason(row, now)
        published = row.published_at
        if reason or published is None:
            shown = row.headline[:_SHOWN].encode(errors="replace").decode()
            judged.bad.append(QuarantinedNews(source=given_as, line=row.line, headline=shown, reason=reason))
            continue
        symbols = tuple(dict.fromkeys(symbol for symbol in row.symbols if _SYMBOL.fullmatch(symbol)))
        key = item_id(row.source, row.key, published, row.headline)
        earlier = judged.items.get(key)
        if earlier is not None:  # one row a symbol, or simply twice
            judged.again += 1
            symbols = tuple(dict.fromkeys((*earlier.symbols, *symbols)))
            judged.items[key] = earlier.model_copy(update={"symbols": symbols})
            continue
        judged.items[key] = NewsItem(
            id=key,
            source=row.source,
            published_at=published,
            known_at=max(published, min(row.known_at or published, now)),
            symbols=symbols,
            headline=row.headline,
            body=row.body,
            sample=sample,
        )
    return judged


def _reason(row: NewsRow, now: datetime) -> str:
    if row.published_at is None:
        return NewsReason.NO_TIME
    known = row.known_at or row.published_at
    tests = (
        (NewsReason.FUTURE, row.published_at > now + TOLERANCE),
        (NewsReason.TOO_OLD, row.published_at < EARLIEST),
        (NewsReason.KNOWN_EARLY, known < row.published_at - TOLERANCE),
        (NewsReason.NO_HEADLINE, not row.headline),
        (NewsReason.TOO_LONG, len(row.headline) > LONGEST_HEADLINE),
        (NewsReason.NO_SOURCE, not row.source),
    )
    return next((reason for reason, failed in tests if failed), "")


def _insert(connection: DuckDBPyConnection, items: Iterable[NewsItem]) -> None:
    rows = list(items)
    columns = {
        "id": [item.id for item in rows],
        "source": [item.source for item in rows],
        "symbols": [" ".join(item.symbols) for item in rows],
        "headline": [item.headline for item in rows],
        "body": [item.body for item in rows],
    }
    instants = {"published_at": [item.published_at for item in rows], "known_at": [item.known_at for item in rows]}
    flags = {"sample": np.array([item.sample for item in rows], dtype=bool)}
    _put(
        connection,
        "INSERT OR IGNORE INTO news SELECT id, source, published_at, known_at, "
        "CASE WHEN symbols = '' THEN [] ELSE string_split(symbols, ' ') END, headline, body, sample FROM given",
        {**_texts(columns), **_instants(instants), **flags},
        len(rows),
    )


def _quarantine(connection: DuckDBPyConnection, bad: Sequence[QuarantinedNews], source: str, now: datetime) -> None:
    """Keep the rows with their reasons; the last import of a source replaces what it said before."""
    connection.execute("DELETE FROM news_quarantine WHERE source = ?", [source])
    columns = {
        "source": [one.source for one in bad],
        "headline": [one.headline for one in bad],
        "reason": [one.reason for one in bad],
    }
    lines = {"line": np.array([one.line for one in bad], dtype=np.int64)}
    _put(
        connection,
        "INSERT INTO news_quarantine SELECT imported_at, source, line, headline, reason FROM given",
        {**_texts(columns), **lines, **_instants({"imported_at": [now] * len(bad)})},
        len(bad),
    )


def _put(connection: DuckDBPyConnection, insert: str, columns: Mapping[str, NDArray[Any]], rows: int) -> None:
    """Insert columns at once: row by row takes the database milliseconds each."""
    if rows:
        connection.register("given", dict(columns))
        connection.execute(insert)
        connection.unregister("given")


def _texts(columns: Mapping[str, Sequence[str]]) -> dict[str, NDArray[Any]]:
    return {name: np.array([*values, ""], dtype=object)[:-1] for name, values in columns.items()}


def _instants(columns: Mapping[str, Sequence[datetime]]) -> dict[str, NDArray[Any]]:
    """UTC without a zone, as the file keeps instants."""
    plain = {name: [at.astimezone(UTC).replace(tzinfo=None) for at in values] for name, values in columns.items()}
    return {name: np.array(values, dtype="datetime64[us]") for name, values in plain.items()}


def _report(judged: _Judged, stored: int, source: str) -> NewsReport:
    items = judged.items.values()
    published = [item.published_at for item in items]
    accepted = len(items) + judged.again
    return NewsReport(
        source=source,
        rows=accepted + len(judged.bad),
        accepted=accepted,
        unchanged=stored + judged.again,
        quarantined=len(judged.bad),
        reasons=dict(Counter(one.reason for one in judged.bad).most_common()),
        examples=tuple(judged.bad[:10]),
        symbols=tuple(sorted({symbol for item in items for symbol in item.symbols})),
        first=min(published, default=None),
        last=max(published, default=None),
    )
