"""A stranger's text becomes plain text: no markup, nothing invisible, no more than so much; files row by row."""

from __future__ import annotations

import csv
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.feeds.news_files import RawNews, instants, read_news, tickers
from brokers.feeds.news_text import plain_text
from brokers.vocabulary import BadInput


def rows_of(folder: Path, data: bytes, name: str = "news.jsonl") -> list[RawNews]:
    path = folder / name
    path.write_bytes(data)
    return list(read_news(path))


def line(**fields: object) -> bytes:
    given = {"ts": "2023-06-26T13:00:00Z", "symbols": ["AAPL"], "headline": "Apple rises", "source": "Wire", **fields}
    return json.dumps(given).encode() + b"\n"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("<p>Apple <b>beats</b></p><p>Shares up</p>", "Apple beats Shares up"),
        ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("profit < 5% & S&P 500", "profit < 5% & S&P 500"),
        ("<script>buy()</script>Text<style>p{}</style><!-- no -->", "Text"),
        ("sell\u202e yub\u202c now\u200b\u2060\ufeff", "sell yub now"),
        ("a\u00adb\x00c\x1b[31md\u2028e", "ab c [31md e"),
        ("x\U000e0041\U000e0042y\ufe0f", "xy"),
        ("e" + "\u0301" * 40, "é" + "\u0301" * 3),
        ("bad \ud800 half", "bad � half"),
    ],
)
def test_text_is_stripped_of_what_is_no_text(given: str, plain: str) -> None:
    """text:untrusted - markup goes through a parser; directions, zero widths, tags and stray controls are dropped."""
    assert plain_text(given, 500) == plain


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(20, 200))
def test_whatever_is_given_comes_out_on_one_short_printable_line(given: str, cap: int) -> None:
    """No text of a stranger can break a line, hide a word or be longer than its cap."""
    plain = plain_text(given, cap)
    assert len(plain) <= cap
    assert "\n" not in plain
    assert all(character.isprintable() for character in plain)


def test_markup_made_to_keep_a_parser_busy_is_cut_first() -> None:
    """A hundred thousand nested tags cost a parser minutes; here they cost next to nothing."""
    started = time.monotonic()
    assert plain_text("<div>" * 100_000 + "deep", 100) == ""
    assert plain_text("A" * 10_000_000, 100) == "A" * 99 + "…"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("given", "published", "known"),
    [
        ("2023-06-26T13:00:00Z", (13, 0), None),
        ("2023-06-26 13:00:00", (13, 0), None),
        ("2023-06-26T15:00:00+02:00", (13, 0), None),
        ("Mon, 26 Jun 2023 09:00:00 -0400", (13, 0), None),
        (1687784400, (13, 0), None),
        ("1687784400000", (13, 0), None),
        ("2023-06-26", (0, 0), datetime(2023, 6, 26, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_they_are_commonly_written(
    given: object, published: tuple[int, int], known: datetime | None
) -> None:
    """time:asof - a day without a time is known at its end: it could have been any moment of it."""
    assert instants(given) == (datetime(2023, 6, 26, *published, tzinfo=UTC), known)


@pytest.mark.parametrize(
    "given", [None, "", "yesterday", "2023-13-01", "99999999999999999999", True, "0001-01-01T00:00:00+14:00", [1]]
)
def test_what_is_no_time_is_none(given: object) -> None:
    """Never a guess."""
    assert instants(given) == (None, None)


def test_tickers_are_read_from_lists_and_text() -> None:
    """Tags come in every shape."""
    assert tickers(["aapl", "$NVDA", "AAPL"]) == ("AAPL", "NVDA")
    assert tickers("AAPL, NVDA;meta | goog") == ("AAPL", "NVDA", "META", "GOOG")
    assert tickers("['AAPL', 'NVDA']") == ("AAPL", "NVDA")
    assert tickers(None) == ()


def test_every_line_of_a_file_is_accounted_for(tmp_path: Path) -> None:
    """One bad line spoils itself only: broken JSON, another kind of value, bytes that are no UTF-8, deep nesting."""
    data = (
        line() + b"{broken\n" + b"[1]\n" + b'{"headline": "caf\xe9"}\n' + b"[" * 100_000 + b"\n" + line(headline="Last")
    )
    rows = rows_of(tmp_path, data)
    assert [row.line for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [bool(row.problem) for row in rows] == [False, True, True, True, True, False]
    assert "UTF-8" in rows[3].problem
    assert rows[5].headline == "Last"


def test_a_headline_of_ten_megabytes_is_bounded(tmp_path: Path) -> None:
    """Kept apart by its length, and quickly; in CSV too, where the library's own limit would end the file."""
    started = time.monotonic()
    (huge, fine) = rows_of(tmp_path, line(headline="x" * 10_000_000) + line())
    assert "10,000,000 characters" in huge.problem
    assert fine.headline == "Apple rises"
    text = "ts,symbols,headline,source\n2023-06-26,AAPL," + "x" * 10_000_000 + ",W\n2023-06-26,AAPL,Fine,W\n"
    (huge, fine) = rows_of(tmp_path, text.encode(), "news.csv")
    assert huge.problem
    assert fine.headline == "Fine"
    assert csv.field_size_limit() == 131072
    assert time.monotonic() - started < 5


def test_files_of_windows_programs_are_read(tmp_path: Path) -> None:
    """UTF-16 and UTF-8 with a mark, other names for the columns, quotes around commas."""
    text = 'Date,Tickers,Title,Publisher\n2023-06-26T13:00:00Z,"AAPL,NVDA","Apple, Nvidia rise – again",Wire\n'
    for encoding in ("utf-16", "utf-8-sig"):
        (row,) = rows_of(tmp_path, text.encode(encoding), "news.csv")
        assert (row.symbols, row.headline, row.source) == (("AAPL", "NVDA"), "Apple, Nvidia rise – again", "Wire")


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("news.csv", b"a,b\n1,2\n", "lacks the column"),
        ("news.xlsx", b"PK", "known kind"),
        ("news.csv", b"", "lacks the column"),
    ],
)
def test_a_file_that_is_no_news_is_named(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    """With what a file of news looks like."""
    with pytest.raises(BadInput, match=word):
        rows_of(tmp_path, data, name)
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_news(tmp_path / "missing.csv"))
