"""News in the market store: every read takes `asof` and sees only what was known by then.

News comes from one side at a time, as bars do: once any of a person's own items is known, the sample's fiction is no
longer mixed in. Reading is cached in memory until the file changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from brokers.vocabulary import BadInput, NewsItem, Value
from storage.market_file import Signature, open_to_read, signature_of
from storage.news_stories import Stories

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_READ = """
SELECT id, source, published_at, known_at, symbols, headline, body, sample FROM news ORDER BY known_at, id
"""


class Story(Value):
    """One story as far as it was known at an instant: the first item that told it, and who else did."""

    item: NewsItem
    """Its symbols are the tags of every telling known by then."""
    also: tuple[str, ...] = ()
    """Other sources that told it, in the order in which they did."""


class QuarantinedNews(Value):
    """One row of news that was kept apart."""

    source: str
    line: int
    headline: str
    reason: str


@dataclass(frozen=True)
class _Side:
    """The sample's items or a person's own, as they became known."""

    items: Sequence[NewsItem]
    known: Sequence[datetime]
    told: Stories

    def stories(self, asof: datetime, since: datetime | None) -> list[Story]:
        end = bisect_right(self.known, asof)
        start = 0 if since is None else bisect_left(self.known, since)
        grouped: dict[int, list[NewsItem]] = {}
        for place in range(start, end):
            lead = self.told.leads[place]
            if lead >= start:
                grouped.setdefault(lead, []).append(self.items[place])
        return [_story(tellings) for tellings in grouped.values()]


@dataclass(frozen=True)
class _Snapshot:
    signature: Signature | None
    own: _Side
    sample: _Side


class MarketNews:
    """Reads the news of one market file, from any thread, beside other processes that read or replace it.

    `show_sample` overrides what the file itself says about the sample market. A file that is not there, or that was
    made before there was news, holds none. Raises `StorageError` when the file is corrupt or newer, `BadInput` for an
    instant without a time zone. Writing is in `storage/market_news_import.py`.
    """

    def __init__(self, path: Path, *, show_sample: bool | None = None) -> None:
        self.path = path
        self._show_sample = show_sample
        self._lock = Lock()
        self._current: _Snapshot | None = None

    def stories(self, asof: datetime, since: datetime | None = None) -> Sequence[Story]:
        """Stories first known from `since` to `asof`, oldest first. One story counts once, however many told it."""
        side = self._side(asof)
        return side.stories(asof, _aware(since) if since is not None else None)

    def items(self, asof: datetime, since: datetime | None = None) -> Sequence[NewsItem]:
        """Every item known from `since` to `asof`, repetitions included, oldest first."""
        side = self._side(asof)
        start = 0 if since is None else bisect_left(side.known, _aware(since))
        return side.items[start : bisect_right(side.known, asof)]

    def quarantined(self, limit: int = 100) -> Sequence[QuarantinedNews]:
        """Rows that were kept apart with their reasons, the newest import first."""
        if signature_of(self.path) is None:
            return ()
        connection, _ = open_to_read(self.path)
        with connection:
            if not has_news(connection):
                return ()
            rows = connection.execute(
                "SELECT source, line, headline, reason FROM news_quarantine ORDER BY imported_at DESC, line LIMIT ?",
                [limit],
            ).fetchall()
        return [QuarantinedNews(source=row[0], line=row[1], headline=row[2], reason=row[3]) for row in rows]

    def _side(self, asof: datetime) -> _Side:
        snapshot = self._snapshot()
        own = snapshot.own
        return own if own.known and own.known[0] <= _aware(asof) else snapshot.sample

    def _snapshot(self) -> _Snapshot:
        current = self._current
        if current is not None and signature_of(self.path) == current.signature:
            return current
        with self._lock:
            if self._current is None or signature_of(self.path) != self._current.signature:
                self._current = _load(self.path, self._show_sample, self._current)
            return self._current


def has_news(connection: DuckDBPyConnection) -> bool:
    """False for a file that was made before there was news."""
    return connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'news'").fetchone() is not None


def _aware(asof: datetime) -> datetime:
    if asof.tzinfo is None:
        raise BadInput("An instant needs a time zone.")
    return asof


def _load(path: Path, show_sample: bool | None, before: _Snapshot | None) -> _Snapshot:
    if signature_of(path) is None:
        return _Snapshot(None, _sided([], None), _sided([], None))
    connection, signature = open_to_read(path)
    with connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'sample_hidden'").fetchone()
        hidden = row == ("true",) if show_sample is None else not show_sample
        rows = connection.execute(_READ).fetchall() if has_news(connection) else []
    items = [_item(*row) for row in rows]
    own = [item for item in items if not item.sample]
    sample = [] if hidden else [item for item in items if item.sample]
    return _Snapshot(signature, _sided(own, before and before.own), _sided(sample, before and before.sample))


def _sided(items: Sequence[NewsItem], before: _Side | None) -> _Side:
    """Items with their stories; what was grouped before is not grouped again where items were only added at the end."""
    told = before.told if before is not None and before.told.begins(items) else Stories()
    told.extend(items)  # an earlier snapshot that shares it only looks at its own beginning
    return _Side(items, [item.known_at for item in items], told)


def _item(
    id_: str,
    source: str,
    published_at: datetime,
    known_at: datetime,
    symbols: Sequence[str],
    headline: str,
    body: str,
    sample: bool,
) -> NewsItem:
    return NewsItem.model_construct(
        id=id_,
        source=source,
        published_at=published_at.replace(tzinfo=UTC),
        known_at=known_at.replace(tzinfo=UTC),
        symbols=tuple(symbols),
        headline=headline,
        body=body,
        sample=sample,
    )


def _story(tellings: Sequence[NewsItem]) -> Story:
    first = tellings[0]
    symbols = tuple(dict.fromkeys(symbol for item in tellings for symbol in item.symbols))
    also = dict.fromkeys(item.source for item in tellings[1:] if item.source != first.source)
    item = first if symbols == first.symbols else first.model_copy(update={"symbols": symbols})
    return Story(item=item, also=tuple(also))
