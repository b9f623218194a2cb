"""News out of a person's file or a feed, as rows of plain text for the market store to judge.

Nothing is judged here but what only the reader can see: bytes that are no text, a line that is no object. Such a row
carries its problem with it, so that every row of the file stays accounted for.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

from brokers.feeds.news_text import decoded, plain_text, readable
from brokers.vocabulary import BadInput

LARGEST_FILE = 256 << 20
"""Bytes of a file that are read at most."""
LONGEST_LINE = 32 << 20
"""Characters of one row that are read at all."""
HEADLINE_READ = 1_001
"""Characters of a headline that are kept: one more than a headline may have, so that the store can see it."""
BODY_CAP = 8_000
SOURCE_CAP = 80
_NAMES = {
    "time": "ts", "timestamp": "ts", "date": "ts", "datetime": "ts", "published": "ts", "published_at": "ts",
    "symbol": "symbols", "ticker": "symbols", "tickers": "symbols", "title": "headline", "text": "body",
    "summary": "body", "content": "body", "publisher": "source", "provider": "source",
}  # fmt: skip
_FIX = "Columns: ts, symbols, headline, source and, optionally, body."


@dataclass(frozen=True)
class RawNews:
    """One row as given, in plain text."""

    line: int
    """1 is the first row."""
    source: str = ""
    key: str = ""
    """What its source calls it (a feed's guid); empty where it has no name."""
    published_at: datetime | None = None
    known_at: datetime | None = None
    """When it could first be known, where that is not when it was published."""
    symbols: tuple[str, ...] = ()
    headline: str = ""
    body: str = ""
    problem: str = ""
    """Why it cannot be read; empty where it can."""


def read_news(path: Path) -> Iterator[RawNews]:
    """The rows of a `.csv`, `.jsonl` or `.ndjson` file.

    Raises `BadInput` when the file is missing, too large, of another kind or lacks a column.
    """
    readers = {".csv": _csv, ".jsonl": _json_lines, ".ndjson": _json_lines}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"{path.name} is not a file of a known kind.", fix="Give a .csv or .jsonl file.")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise BadInput(f"{path.name} has {size:,} bytes; at most {LARGEST_FILE:,} are read.", fix="Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror or error}.", fix="Check the path.") from error
    return reader(decoded(data), path.name)


def row_of(line: int, given: Mapping[str, object]) -> RawNews:
    """One row under its usual names (any case, common synonyms)."""
    named: dict[str, object] = {}
    for name, value in given.items():
        short = name.strip().lower()
        named.setdefault(_NAMES.get(short, short), value)
    texts = [value for value in named.values() if isinstance(value, str)]
    if not all(readable(text) for text in texts):
        return RawNews(line, problem="it is not UTF-8 text", headline=_shown(named.get("headline")))
    headline = _text(named.get("headline"))
    if len(headline) > LONGEST_LINE // 8:
        return RawNews(line, problem=f"its headline has {len(headline):,} characters", headline=headline[:200])
    published, known = instants(named.get("ts"))
    stated, late = instants(named.get("known_at"))
    return RawNews(
        line=line,
        source=plain_text(_text(named.get("source")), SOURCE_CAP),
        key=_text(named.get("id"))[:500],
        published_at=published,
        known_at=late or stated or known,
        symbols=tickers(named.get("symbols")),
        headline=headline[:HEADLINE_READ] if len(headline) > HEADLINE_READ else plain_text(headline, HEADLINE_READ),
        body=plain_text(_text(named.get("body")), BODY_CAP),
    )


def instants(value: object) -> tuple[datetime | None, datetime | None]:
    """When something was published, and when it was known if that is later: the end of a day given without a time.

    An instant without a zone is UTC. Reads ISO 8601, RFC 2822 and seconds or milliseconds since 1970.
    """
    if isinstance(value, bool) or value is None:
        return None, None
    text = str(value).strip()
    try:
        if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
            number = float(text)
            return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC), None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = datetime.combine(date.fromisoformat(text), time(), UTC)
            return day, day + timedelta(days=1) - timedelta(seconds=1)
        found = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        # An instant at the edge of the calendar cannot be moved to UTC.
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)), None
    except (ValueError, OverflowError, TypeError, IndexError, OSError):
        return None, None


def tickers(value: object) -> tuple[str, ...]:
    """Tickers of a list, or of text that separates them by commas, semicolons, bars or spaces."""
    parts = cast("Sequence[object]", value) if isinstance(value, list) else re.split(r"[,;|\s]+", _text(value))
    cleaned = (str(part).strip().strip("[]'\"").removeprefix("$").upper() for part in parts[:100])
    return tuple(dict.fromkeys(part for part in cleaned if part))


def _csv(text: str, name: str) -> Iterator[RawNews]:
    before = csv.field_size_limit(LONGEST_LINE)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        header = {_NAMES.get(column.strip().lower(), column.strip().lower()) for column in reader.fieldnames or ()}
        missing = [column for column in ("ts", "headline", "source") if column not in header]
        if missing:
            raise BadInput(f"{name} lacks the column {', '.join(missing)}.", fix=_FIX)
        rows: list[RawNews] = []
        for line, row in enumerate(reader, start=1):
            rows.append(row_of(line, {str(key): value for key, value in row.items() if key is not None}))  # pyright: ignore[reportUnnecessaryComparison]
    except csv.Error as error:
        raise BadInput(f"{name} is not what its name says: {error}.", fix=_FIX) from error
    finally:
        csv.field_size_limit(before)
    yield from rows


def _json_lines(text: str, name: str) -> Iterator[RawNews]:  # noqa: ARG001 - one signature for both
    for line, words in enumerate(filter(str.strip, text.split("\n")), start=1):
        if len(words) > LONGEST_LINE:
            yield RawNews(line, problem=f"the line has {len(words):,} characters", headline=words[:200])
            continue
        try:
            value: object = json.loads(words)
        except (ValueError, RecursionError):
            yield RawNews(line, problem="the line is not JSON", headline=_shown(words))
            continue
        if isinstance(value, dict):
            yield row_of(line, cast("dict[str, object]", value))
        else:
            yield RawNews(line, problem="the line is not a JSON object", headline=_shown(words))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _shown(value: object) -> str:
    return _text(value)[:200].encode(errors="replace").decode()
