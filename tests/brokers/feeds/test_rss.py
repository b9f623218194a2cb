"""Feeds are strangers' servers: asked politely, bounded in time and size, and none of them troubles another."""

from __future__ import annotations

import asyncio
import gzip
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from brokers.feeds.rss import FIRST_WAIT, LONGEST_WAIT, FeedState, FeedStates, Fetched, checked_url, read_feeds
from brokers.vocabulary import BadInput
from tests.support.feeds import (
    FeedServer,
    Play,
    drips,
    floods,
    hangs,
    item,
    remembers,
    rss,
    sends,
    serving,
)

NOW = datetime(2023, 6, 27, 15, tzinfo=UTC)


def read(
    server: FeedServer, *names: str, seconds: float = 5, now: datetime = NOW, **states: FeedState
) -> list[Fetched]:
    urls = [server.url(f"/{name}") for name in names]
    known = {server.url(f"/{name}"): state for name, state in states.items()}
    return asyncio.run(read_feeds(urls, known, now, seconds=seconds))


def read_one(play: Play, **more: float) -> Fetched:
    with serving(feed=play) as server:
        return read(server, "feed", **more)[0]  # pyright: ignore[reportArgumentType]


def test_an_item_comes_out_as_plain_text_known_from_now_on() -> None:
    """Published when the feed says, known when we read it: a signal for yesterday must not see it."""
    body = "&lt;p&gt;Up &lt;b&gt;12%&lt;/b&gt;&lt;/p&gt;&lt;script&gt;steal()&lt;/script&gt;"
    fetched = read_one(sends(rss(item("Apple &amp;amp; co beat", guid="a1", body=body, tag="NASDAQ:AAPL"))))
    (row,) = fetched.rows
    assert (row.headline, row.body, row.source, row.symbols) == ("Apple & co beat", "Up 12%", "Test Wire", ("AAPL",))
    assert (row.published_at, row.known_at) == (datetime(2023, 6, 26, 13, tzinfo=UTC), NOW)
    assert row.key.endswith("/feed a1")


def test_atom_is_read_like_rss() -> None:
    """The other common dialect."""
    atom = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Atom Wire</title><entry>
    <id>urn:1</id><title type="html">Nvidia &lt;i&gt;rises&lt;/i&gt;</title><updated>2023-06-26T09:00:00-04:00</updated>
    <content type="html">&lt;div&gt;Text&lt;/div&gt;</content></entry></feed>"""
    (row,) = read_one(sends(atom, "application/atom+xml")).rows
    assert (row.headline, row.body, row.source) == ("Nvidia rises", "Text", "Atom Wire")
    assert row.published_at == datetime(2023, 6, 26, 13, tzinfo=UTC)


def test_what_has_not_changed_is_not_sent_again() -> None:
    """Conditional GET: the ETag and the date of the last answer go back to the server."""
    with serving(feed=remembers(rss(item("One")), '"v1"')) as server:
        (first,) = read(server, "feed")
        (second,) = read(server, "feed", feed=first.reading.state)
    assert len(first.rows) == 1
    assert (second.reading.unchanged, second.rows, second.reading.state.etag) == (True, (), '"v1"')
    assert server.asked[1][1]["if-none-match"] == '"v1"'


def test_the_date_of_the_last_change_goes_back_too() -> None:
    """Servers without ETags."""
    stamp = "Mon, 26 Jun 2023 13:00:00 GMT"
    with serving(feed=sends(rss(item("One")), Last_Modified=stamp)) as server:
        (first,) = read(server, "feed")
        read(server, "feed", feed=first.reading.state)
    assert server.asked[1][1]["if-modified-since"] == stamp


@pytest.mark.parametrize("play", [hangs, drips], ids=["says nothing", "sends a byte now and then"])
def test_a_feed_that_hangs_costs_its_seconds_and_no_more(play: Play) -> None:
    """Also where every single wait is short: the whole answer has one deadline, and the other feed is read."""
    with serving(slow=play, fine=sends(rss(item("One")))) as server:
        started = time.monotonic()
        slow, fine = read(server, "slow", "fine", seconds=0.5)
        took = time.monotonic() - started
    assert took < 3
    assert "0.5 seconds" in slow.reading.problem or "in time" in slow.reading.problem
    assert (len(fine.rows), fine.reading.problem) == (1, "")


@pytest.mark.parametrize(
    ("play", "word"),
    [
        (floods, "more than"),
        (sends(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"), "more than"),
        (sends(b"not gzip", Content_Encoding="gzip"), "unpacked"),
        (sends(b"x", Content_Encoding="br"), "not asked for"),
        (sends(b"<!DOCTYPE html><html><body>Sign in</body></html>", "text/html"), "web page"),
        (sends(b"<html>x</html>"), "web page"),
        (sends(b'{"no": "feed"}', "application/json"), "not a feed"),
        (sends(b"\x00\xff\xfe binary"), "not a feed"),
        (sends(b""), "not a feed"),
        (sends(b"<a>" * 400_000), "markup"),
        (sends(b'<!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>'), "markup"),
        (sends(b"gone", status=500), "500"),
    ],
    ids=[
        "flood",
        "bomb",
        "bad-gzip",
        "br",
        "html",
        "html-as-rss",
        "json",
        "binary",
        "empty",
        "tags",
        "entities",
        "error",
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(play: Play, word: str) -> None:
    """Bounded whatever it is: endless, packed to explode, a web page, a document made to keep a parser busy."""
    started = time.monotonic()
    fetched = read_one(play)
    assert word in fetched.reading.problem
    assert fetched.rows == ()
    assert time.monotonic() - started < 6


def test_a_feed_that_is_not_there_is_a_problem_and_no_exception() -> None:
    """A closed port, a redirect without end, an address that is none."""
    with serving(loop=sends(b"", status=302, Location="/loop")) as server:
        urls = ["http://127.0.0.1:9/", server.url("/loop"), "ftp://example.org/feed"]
        found = asyncio.run(read_feeds(urls, {}, NOW, seconds=5))
    assert all(one.reading.problem for one in found)


def test_a_failing_feed_is_left_alone_for_longer_each_time_and_forgiven_at_once() -> None:
    """Per-feed back-off: five minutes, ten, twenty … a day at most."""
    with serving(feed=sends(b"no", status=503)) as server:
        state, now, waits = FeedState(), NOW, []
        for _ in range(12):
            (one,) = read(server, "feed", now=now, feed=state)
            state = one.reading.state
            assert state.not_before is not None
            waits.append(state.not_before - now)
            now = state.not_before
        asked = len(server.asked)
        (early,) = read(server, "feed", now=now - timedelta(seconds=1), feed=state)
        assert (early.reading.asked, len(server.asked)) == (False, asked)
        server.plays["/feed"] = sends(rss(item("Back")))
        (back,) = read(server, "feed", now=now, feed=state)
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT
    assert (len(back.rows), back.reading.state.failures, back.reading.state.not_before) == (1, 0, None)


def test_a_server_that_names_its_own_pause_gets_it() -> None:
    """Retry-After, but never for more than a day."""
    (hour, year) = (
        read_one(sends(b"", status=429, Retry_After=seconds)).reading.state.not_before for seconds in ("3600", "999999")
    )
    assert hour == NOW + timedelta(hours=1)
    assert year == NOW + LONGEST_WAIT


def test_an_item_without_date_or_name_is_the_same_item_next_time() -> None:
    """Else every reading would bring it in again."""
    with serving(feed=sends(rss(item("Undated", at="")))) as server:
        (one,) = read(server, "feed")
        (two,) = read(server, "feed", now=NOW + timedelta(hours=1))
    assert one.rows[0].published_at == NOW
    assert one.rows[0].key == two.rows[0].key


def test_what_is_remembered_survives_and_a_broken_file_is_as_none(tmp_path: Path) -> None:
    """The small file beside the store is a convenience, never a reason to fail."""
    states = FeedStates(tmp_path / "feeds.json")
    kept = {"http://x/": FeedState(etag="e", failures=2, not_before=NOW)}
    assert states.load() == {}
    states.save(kept)
    assert states.load() == kept
    (tmp_path / "feeds.json").write_text("[1]")
    assert states.load() == {}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://", "https://me:secret@host/feed", "javascript:1", ""])
def test_only_plain_web_addresses_can_be_feeds(url: str) -> None:
    """No file of this machine, and no password in the settings."""
    with pytest.raises(BadInput):
        checked_url(url)
