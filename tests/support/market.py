"""Market files for tests: the sample market in a folder, and small tables of bars made on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from brokers.feeds.files import BarTable
from brokers.feeds.sample.read import SOURCE, read_sample
from brokers.feeds.sessions import NewYorkHours
from storage.market import MarketStore
from storage.market_import import MarketWriter

HOURS = NewYorkHours()
NOW = datetime(2024, 1, 15, 12, tzinfo=UTC)
END = datetime(2023, 9, 21, 20, tzinfo=UTC)
"""The close of the sample market's last session."""

Row = tuple[str, date | None, float, float, float, float, float]
"""symbol, session, open, high, low, close, volume"""


def sessions_from(first: date, count: int) -> list[date]:
    """The first `count` sessions of New York on or after `first`."""
    return list(HOURS.closes(first, date(first.year + 2, 1, 1)))[:count]


def row(day: date | None, close: float, symbol: str = "ABC", volume: float = 1000) -> Row:
    """A plain bar around `close`."""
    return symbol, day, close, close * 1.01, close * 0.99, close, volume


def table(rows: Sequence[Row], adjusted: Sequence[float] | None = None) -> BarTable:
    """Rows as a file's reader hands them over."""
    columns = [np.array([one[place] for one in rows], dtype=np.float64) for place in range(2, 7)]
    missing = np.full(len(rows), np.nan)
    return BarTable(
        symbol=[one[0] for one in rows],
        session=[one[1] for one in rows],
        open=columns[0],
        high=columns[1],
        low=columns[2],
        close=columns[3],
        volume=columns[4],
        adj_close=missing if adjusted is None else np.array(adjusted, dtype=np.float64),
    )


def steady(first: date, count: int, close: float = 100.0, symbol: str = "ABC") -> list[Row]:
    """Consecutive sessions drifting up by a tenth of a per cent."""
    return [row(day, close * 1.001**step, symbol) for step, day in enumerate(sessions_from(first, count))]


@cache
def _sample_file() -> bytes:
    """The sample market's file, made once: making it takes half a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "market.duckdb"
        _seed(path)
        return path.read_bytes()


def _seed(path: Path) -> None:
    sample = read_sample()
    writer = MarketWriter(path, HOURS)
    writer.seed(sample.bars, sample.actions, sample.instruments, source=SOURCE, version=sample.version, now=NOW)


def sample_store(folder: Path) -> MarketStore:
    """The sample market in a file of its own, beside what the file holds already."""
    path = folder / "market.duckdb"
    if path.exists():
        _seed(path)
    else:
        path.write_bytes(_sample_file())
    return MarketStore(path)
