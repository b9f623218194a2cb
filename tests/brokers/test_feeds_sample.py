"""The shipped sample market, its session table and the reading of people's own files."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pytest

import brokers.feeds.sample as sample_package
from brokers.feeds.files import BarTable, read_bars
from brokers.feeds.sample.build import dividends
from brokers.feeds.sample.read import read_sample, sample_version
from brokers.feeds.sessions import NewYorkHours, library_closes
from brokers.vocabulary import BadInput

HERE = Path(sample_package.__file__ or "").parent
HOURS = NewYorkHours()


def test_the_shipped_files_are_those_that_the_provenance_describes() -> None:
    """Where data comes from must stay true when it is made again; all of it stays under two megabytes."""
    stated = dict(re.findall(r"`(\w+\.parquet)` .*`([0-9a-f]{64})`", (HERE / "PROVENANCE.md").read_text()))
    shipped = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in HERE.glob("*.parquet")}
    assert stated == shipped
    assert sum(path.stat().st_size for path in HERE.glob("*.parquet")) < 2_000_000


def test_the_sample_holds_what_it_says() -> None:
    """Six companies over the same sessions, each with names a person would use."""
    sample = read_sample()
    assert sample.version == sample_version()
    assert len(sample.bars.symbol) == 6 * 2699
    symbols = [instrument.symbol for instrument in sample.instruments]
    assert symbols == sorted(set(sample.bars.symbol))
    assert {"Facebook", "Meta"} <= {alias for instrument in sample.instruments for alias in instrument.aliases}
    days = set(sample.bars.session)
    assert days == set(HOURS.closes(date(2013, 1, 2), date(2023, 9, 21)))


def test_dividends_are_derived_from_the_two_closes() -> None:
    """Apple's published dividends come back, in split-adjusted dollars."""
    paid = {(action.symbol, action.session): action.amount for action in read_sample().actions}
    assert {symbol for symbol, _ in paid} == {"AAPL", "NVDA"}
    assert paid["AAPL", date(2023, 8, 11)] == Decimal("0.24")
    assert float(paid["AAPL", date(2013, 2, 7)] or 0) == pytest.approx(2.65 / 28, abs=1e-4)


def test_a_known_dividend_is_found_where_it_was_paid() -> None:
    """The formula, on closes made from a dividend: adjusted = close * (1 - d / close before) before it."""
    close = np.array([100.0, 102.0, 101.0, 103.0])
    factor = 1 - 0.5 / 102.0
    found = dividends(
        {
            "symbol": np.array(["A"] * 4, dtype=object),
            "session": np.array(["2020-01-02", "2020-01-03", "2020-01-06", "2020-01-07"], dtype="datetime64[us]"),
            "close": close,
            "adj_close": close * np.array([factor, factor, 1, 1]),
        }
    )
    assert found["amount"].tolist() == [0.5]
    assert str(found["session"][0])[:10] == "2020-01-06"


def test_the_session_table_is_what_the_calendar_library_says() -> None:
    """The table only saves the seconds that building the calendar takes; half days are in it."""
    expected = library_closes(date(2012, 1, 1), date(2027, 6, 30))
    assert HOURS.closes(date(2012, 1, 1), date(2027, 6, 30)) == expected
    assert HOURS.closes(date(2022, 11, 25), date(2022, 11, 25))[date(2022, 11, 25)].hour == 18


def test_days_outside_of_the_table_ask_the_library() -> None:
    """One answer across the table's edges, in order and without a hole."""
    for first, last in ((date(1989, 12, 20), date(1990, 1, 10)), (date(2027, 6, 20), date(2027, 7, 10))):
        days = list(HOURS.closes(first, last))
        assert days == sorted(days)
        assert len(days) >= 12
        assert max(later - earlier for earlier, later in pairwise(days)) <= timedelta(days=4)
    assert HOURS.closes(date(2024, 6, 29), date(2024, 6, 30)) == {}


CSV = """Date,Ticker,Open,High,Low,Close,Adj Close,Volume
2022-01-03,abc,10,11,9,10.5,10.4,1000
2022-01-04,abc,,11,9,٣,1_0,many
"""


def write_all(folder: Path) -> list[Path]:
    """The same two rows as CSV (with a byte order mark), JSON lines and Parquet."""
    csv, lines, parquet = folder / "a.csv", folder / "a.jsonl", folder / "a.parquet"
    csv.write_text("\ufeff" + CSV, encoding="utf-8")
    good = {"symbol": "ABC", "date": "2022-01-03", "open": 10, "high": 11, "low": "9", "close": 10.5, "volume": 1000}
    bad = {"symbol": "ABC", "date": "2022-01-04", "open": None, "high": 11, "low": 9, "close": True, "volume": "many"}
    lines.write_text(json.dumps(good | {"adj_close": 10.4}) + "\n\n" + json.dumps(bad) + "\n")
    duckdb.execute(
        "COPY (SELECT * FROM (VALUES ('ABC', DATE '2022-01-03', 10.0, 11, 9, 10.5, 1000, 10.4), "
        "('ABC', DATE '2022-01-04', NULL, 11, 9, NULL, NULL, NULL)) "
        f"AS t(symbol, session, open, high, low, close, volume, adj_close)) TO '{parquet}'"
    )
    return [csv, lines, parquet]


def test_the_three_kinds_of_file_read_alike(tmp_path: Path) -> None:
    """And a cell that cannot be read stays a row, to be quarantined and counted."""
    for path in write_all(tmp_path):
        found = read_bars(path)
        assert list(found.symbol) == ["ABC", "ABC"]
        assert list(found.session) == [date(2022, 1, 3), date(2022, 1, 4)]
        for column, first in zip(_figures(found), (10, 11, 9, 10.5, 1000, 10.4), strict=True):
            assert column[0] == first
        for column in (found.open, found.close, found.volume, found.adj_close):
            assert np.isnan(column[1])


def _figures(found: BarTable) -> list[np.ndarray]:
    return [found.open, found.high, found.low, found.close, found.volume, found.adj_close]


def test_days_that_cannot_be_read_stay_rows(tmp_path: Path) -> None:
    """03/04/2022 is March to one half of the world and April to the other."""
    path = tmp_path / "a.csv"
    path.write_text(
        "symbol,date,open,high,low,close,volume\nA,03/04/2022,1,1,1,1,1\nA,2022-01-03 00:00:00,1,1,1,1,1\nA\n"
    )
    assert list(read_bars(path).session) == [None, date(2022, 1, 3), None]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"symbol,date"),
        ("a.csv", b""),
        ("a.csv", b"symbol,date,open,high,low\nA,2022-01-03,1,1,1"),
        ("a.csv", b"\xff\xfe\x00\x01"),
        ("a.csv", b'symbol,date,open,high,low,close,volume\n"A'),
        ("a.jsonl", b"{"),
        ("a.jsonl", b"[1, 2]"),
        ("a.jsonl", b"[" * 100_000),
        ("a.parquet", b"not parquet"),
        ("a.parquet", b""),
    ],
)
def test_a_file_that_is_not_one_says_what_to_give(name: str, content: bytes, tmp_path: Path) -> None:
    """No traceback, and the sentence names the columns or the kinds."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_bars(path)
    assert caught.value.fix


@pytest.mark.parametrize("name", ["none.csv", "none.parquet", "none.jsonl"])
def test_a_missing_file_says_so(name: str, tmp_path: Path) -> None:
    """The same for every kind."""
    with pytest.raises(BadInput, match="cannot be read"):
        read_bars(tmp_path / name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A name that ends like a file's is not enough."""
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        read_bars(tmp_path / "a.csv")


def test_instants_in_parquet_are_their_days(tmp_path: Path) -> None:
    """Data frames write days as midnight instants."""
    path = tmp_path / "a.parquet"
    duckdb.execute(
        "COPY (SELECT 'A' symbol, TIMESTAMP '2022-01-03' AS date, 1 open, 1 high, 1 low, 1 AS close, 5 volume) "
        f"TO '{path}'"
    )
    assert read_bars(path).session == [datetime(2022, 1, 3).date()]  # noqa: DTZ001
