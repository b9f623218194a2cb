"""RSS and Atom feeds: asked politely, bounded in every direction, and read as rows for the market store to judge.

A feed is a stranger's server. It gets so many seconds and bytes in all, however slowly or much it sends; what has not
changed is not sent again (ETag, Last-Modified); one that fails is left alone for longer each time. Whatever a feed
does costs the others nothing.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import warnings
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from pydantic import ValidationError

from brokers.feeds.news_files import BODY_CAP, HEADLINE_READ, SOURCE_CAP, RawNews
from brokers.feeds.news_text import plain_text
from brokers.vocabulary import BadInput, DeskmateError, Instant, Value

if TYPE_CHECKING:
    import httpx

WHOLE_ANSWER = 15.0
"""Seconds one feed gets from first to last byte."""
LARGEST = 2 << 20
"""Bytes of a feed, unpacked."""
MOST_TAGS = 30_000
"""Markup in a feed beyond this is no news; a parser would spend minutes on it."""
MOST_ITEMS = 300
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=24)
_AGENT = "Deskmate (news reader)"
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"
_TICKER = re.compile(r"(?:(?:NYSE|NASDAQ|XNYS|XNAS|AMEX)\s*:\s*|\$)([A-Za-z][A-Za-z.\-]{0,9})", re.IGNORECASE)


class FeedProblem(DeskmateError):
    """A feed did not answer, or not with a feed."""


class FeedState(Value):
    """What is remembered of one feed between two readings."""

    etag: str = ""
    modified: str = ""
    failures: int = 0
    not_before: Instant | None = None
    """It is not asked again until then."""
    problem: str = ""
    """What went wrong last; empty when it answered."""


class Reading(Value):
    """What asking one feed came to."""

    url: str
    state: FeedState
    asked: bool
    """False while it is left alone."""
    unchanged: bool = False
    """True when it said that nothing is new."""
    problem: str = ""


@dataclass(frozen=True)
class Fetched:
    """A reading and the rows it brought."""

    reading: Reading
    rows: Sequence[RawNews] = ()


async def read_feeds(
    urls: Sequence[str], states: Mapping[str, FeedState], now: datetime, *, seconds: float = WHOLE_ANSWER
) -> list[Fetched]:
    """Ask every feed, all at once; each gets `seconds` in all. Never raises for what a feed does."""
    import httpx

    limits = httpx.Limits(max_connections=8)
    async with httpx.AsyncClient(
        timeout=seconds, limits=limits, follow_redirects=True, max_redirects=4, headers={"User-Agent": _AGENT}
    ) as client:
        return list(
            await asyncio.gather(*(_read(client, url, states.get(url, FeedState()), now, seconds) for url in urls))
        )


def checked_url(url: str) -> str:
    """`url`, if it is one that a feed can have. Raises `BadInput` otherwise."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise BadInput(f"“{url[:80]}” is no address of a feed.", fix="Write http:// or https:// and no password.")
    return url


class FeedStates:
    """What is remembered of the feeds, in one small file. A file that cannot be read is as none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, FeedState]:
        """Feed → what is remembered of it."""
        try:
            kept = cast("dict[str, object]", json.loads(self._path.read_bytes()))
            return {url: FeedState.model_validate(state) for url, state in kept.items()}
        except (OSError, ValueError, AttributeError, ValidationError):
            return {}

    def save(self, states: Mapping[str, FeedState]) -> None:
        """Keep `states`, in one step."""
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}.new")
        whole = {url: state.model_dump(mode="json") for url, state in states.items()}
        beside.write_text(json.dumps(whole, indent=1), encoding="utf-8")
        beside.replace(self._path)


async def _read(client: httpx.AsyncClient, url: str, state: FeedState, now: datetime, seconds: float) -> Fetched:
    if state.not_before is not None and now < state.not_before:
        return Fetched(Reading(url=url, state=state, asked=False, problem=state.problem))
    try:
        async with asyncio.timeout(seconds):
            answer = await _fetched(client, checked_url(url), state)
        rows = () if answer is None else parsed(answer.data, answer.kind, url, now)
    except TimeoutError:
        return _failed(url, state, now, f"it did not answer within {seconds:g} seconds")
    except DeskmateError as error:
        return _failed(url, state, now, str(error), error.wait if isinstance(error, _Wait) else None)
    etag, modified = (state.etag, state.modified) if answer is None else (answer.etag, answer.modified)
    fresh = FeedState(etag=etag[:500], modified=modified[:100])
    return Fetched(Reading(url=url, state=fresh, asked=True, unchanged=answer is None), rows)


def _failed(url: str, state: FeedState, now: datetime, why: str, wait: timedelta | None = None) -> Fetched:
    """Twice as long alone after every failure, or as long as the server asks for, a day at most."""
    doubled = FIRST_WAIT * 2 ** min(state.failures, 12)
    pause = min(max(doubled, wait or timedelta(0)), LONGEST_WAIT)
    changed = {"failures": state.failures + 1, "not_before": now + pause, "problem": why}
    return Fetched(Reading(url=url, state=state.model_copy(update=changed), asked=True, problem=why))


@dataclass(frozen=True)
class _Answer:
    data: bytes
    kind: str
    etag: str
    modified: str


class _Wait(FeedProblem):
    """The server asks to be left alone."""

    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


async def _fetched(client: httpx.AsyncClient, url: str, state: FeedState) -> _Answer | None:
    """The feed's bytes; None when it has not changed."""
    import httpx

    headers = {"Accept": _ACCEPT, "Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": state.etag} if state.etag else {}
    headers |= {"If-Modified-Since": state.modified} if state.modified else {}
    try:
        async with client.stream("GET", url, headers=headers) as response:
            if response.status_code == 304:
                return None
            if response.status_code != 200:
                raise _refusal(response)
            data = bytearray()
            async for piece in response.aiter_raw():
                data += piece
                if len(data) > LARGEST:
                    raise FeedProblem(f"it sent more than {LARGEST:,} bytes")
            whole = _unpacked(bytes(data), response.headers.get("content-encoding", ""))
            return _Answer(
                whole,
                response.headers.get("content-type", ""),
                response.headers.get("etag", ""),
                response.headers.get("last-modified", ""),
            )
    except httpx.TimeoutException as error:
        raise FeedProblem("it did not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise FeedProblem(f"it cannot be reached ({type(error).__name__})") from error


def _refusal(response: httpx.Response) -> FeedProblem:
    after = response.headers.get("retry-after", "")
    message = f"it answered {response.status_code}"
    return _Wait(message, timedelta(seconds=int(after))) if after.isdigit() and len(after) < 7 else FeedProblem(message)


def _unpacked(data: bytes, encoding: str) -> bytes:
    """The bytes as they were before packing, as far as they may reach: a small answer can unpack to gigabytes."""
    if encoding in ("", "identity"):
        return data
    if encoding != "gzip":
        raise FeedProblem("it packed its answer in a way that was not asked for")
    unpacker = zlib.decompressobj(wbits=47)
    try:
        whole = unpacker.decompress(data, LARGEST + 1)
    except zlib.error as error:
        raise FeedProblem("its answer cannot be unpacked") from error
    if len(whole) > LARGEST:
        raise FeedProblem(f"it sent more than {LARGEST:,} bytes")
    return whole


def parsed(data: bytes, kind: str, url: str, now: datetime) -> list[RawNews]:
    """A feed's items as rows, known from `now` on. Raises `FeedProblem` for what is no feed."""
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or (b"<html" in start and b"<rss" not in start):
        raise FeedProblem("it is a web page, not a feed")
    if data.count(b"<") > MOST_TAGS or b"<!ENTITY" in data:
        raise FeedProblem("it holds more markup than a feed does")
    feed = _parse(data, kind)
    if not feed.get("version"):
        raise FeedProblem("it is not a feed")
    channel = cast("Mapping[str, Any]", feed.get("feed", {}))
    source = plain_text(str(channel.get("title") or ""), SOURCE_CAP) or (urlsplit(url).hostname or url)[:SOURCE_CAP]
    entries = cast("Sequence[Mapping[str, Any]]", feed.get("entries", ()))
    return [_row(line, entry, source, url, now) for line, entry in enumerate(entries[:MOST_ITEMS], start=1)]


def _parse(data: bytes, kind: str) -> Mapping[str, Any]:
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own use of older interfaces
        # As a stream: given text that looks like an address, feedparser would fetch it.
        return cast(
            "Mapping[str, Any]",
            feedparser.parse(
                io.BytesIO(data),
                response_headers={"content-type": kind},
                sanitize_html=False,  # all markup is stripped anyway
                resolve_relative_uris=False,
            ),
        )


def _row(line: int, entry: Mapping[str, Any], source: str, url: str, now: datetime) -> RawNews:
    published = _instant(entry.get("published_parsed") or entry.get("updated_parsed"))
    given = published or now
    title = str(entry.get("title") or "")
    tags = " ".join(str(tag.get("term") or "") for tag in cast("Sequence[Mapping[str, Any]]", entry.get("tags", ())))
    marked = _TICKER.findall(tags[:2000])
    name = str(entry.get("id") or entry.get("link") or ("" if published else title))
    return RawNews(
        line=line,
        source=source,
        key=f"{url} {name}"[:1000] if name else "",
        published_at=given,
        known_at=max(now, given),
        symbols=tuple(dict.fromkeys(symbol.upper() for symbol in marked)),
        headline=plain_text(title, HEADLINE_READ),
        body=plain_text(_body(entry), BODY_CAP),
    )


def _body(entry: Mapping[str, Any]) -> str:
    contents = cast("Sequence[Mapping[str, Any]]", entry.get("content", ()))
    return str(entry.get("summary") or next((part.get("value") for part in contents), "") or "")


def _instant(parts: object) -> datetime | None:
    """feedparser's time, which is UTC already; None where the feed gave none that can be read."""
    try:
        return datetime(*cast("tuple[int, int, int, int, int, int]", tuple(cast(Any, parts)[:6])), tzinfo=UTC)
    except (TypeError, ValueError):
        return None
