"""Bars out of a person's file: CSV, Parquet or JSON lines, as columns for the market store to judge.

Nothing is judged here. A cell that cannot be read becomes NaN (a price, a volume) or None (a day), so that the
store can quarantine the row with its reason and every row of the file stays accounted for.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import BadInput

Floats = NDArray[np.float64]
Row = Mapping[str, object]

REQUIRED = ("symbol", "session", "open", "high", "low", "close", "volume")
_ALIASES = {
    "date": "session",
    "day": "session",
    "ticker": "symbol",
    "adj close": "adj_close",
    "adjclose": "adj_close",
    "adjusted": "adj_close",
    "adjusted_close": "adj_close",
}
_FIX = "Columns: symbol, date, open, high, low, close, volume and, optionally, adj_close."


@dataclass(frozen=True)
class BarTable:
    """Bars as given, row by row in the file's order, nothing judged yet."""

    symbol: Sequence[str]
    session: Sequence[date | None]
    """None where the day cannot be read."""
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    adj_close: Floats
    """NaN where there is none, or where it cannot be read."""


def read_bars(path: Path) -> BarTable:
    """The rows of a `.csv`, `.parquet`, `.jsonl` or `.ndjson` file.

    Raises `BadInput` when the file is missing, of another kind, not readable as what it says it is, or lacks a column.
    """
    readers = {".csv": _csv, ".parquet": _parquet, ".jsonl": _json_lines, ".ndjson": _json_lines}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"{path.name} is not a file of a known kind.", fix="Give a .csv, .parquet or .jsonl file.")
    try:
        columns = reader(path)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror or error}.", fix="Check the path.") from error
    except RecursionError as error:
        raise BadInput(f"{path.name} is nested too deeply.", fix=_FIX) from error
    except (ValueError, csv.Error) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise BadInput(f"{path.name} is not what its name says: {error}.", fix=_FIX) from error
    return table_of(columns)


def table_of(columns: Mapping[str, Sequence[object]]) -> BarTable:
    """Columns under their usual names (any case, common synonyms) as a table. Raises `BadInput` when one is missing."""
    named = {_canonical(name): values for name, values in columns.items()}
    missing = [name for name in REQUIRED if name not in named]
    if missing:
        raise BadInput(f"The bars lack the column {', '.join(missing)}.", fix=_FIX)
    rows = len(named["symbol"])
    return BarTable(
        symbol=[_text(value).upper() for value in named["symbol"]],
        session=[_day(value) for value in named["session"]],
        open=_numbers(named["open"]),
        high=_numbers(named["high"]),
        low=_numbers(named["low"]),
        close=_numbers(named["close"]),
        volume=_numbers(named["volume"]),
        adj_close=_numbers(named.get("adj_close", [None] * rows)),
    )


def _canonical(name: str) -> str:
    name = name.strip().lower()
    return _ALIASES.get(name, name)


def _csv(path: Path) -> dict[str, list[object]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, list[str]())
        return _columns(header, (dict(zip(header, row, strict=False)) for row in reader if row))


def _json_lines(path: Path) -> dict[str, list[object]]:
    with path.open(encoding="utf-8") as file:
        rows = [_json_object(line) for line in file if line.strip()]
    names = dict.fromkeys(chain.from_iterable(row.keys() for row in rows))
    return _columns(list(names), rows)


def _json_object(line: str) -> Row:
    value: object = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("a line is not a JSON object")
    return cast("dict[str, object]", value)


def _parquet(path: Path) -> dict[str, list[object]]:
    import duckdb

    path.stat()  # a missing file is an OSError here, as it is for the other kinds
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            relation = connection.read_parquet(str(path))
            names, rows = relation.columns, cast("list[tuple[object, ...]]", relation.fetchall())
    except duckdb.Error as error:
        raise ValueError("it cannot be read as Parquet") from error
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def _columns(names: Sequence[str], rows: Iterable[Row]) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {name: [] for name in names}
    for row in rows:
        for name in names:
            columns[name].append(row.get(name))
    return columns


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _numbers(values: Sequence[object]) -> Floats:
    return np.array([_number(value) for value in values], dtype=np.float64)


def _number(value: object) -> float:
    if value is None or isinstance(value, bool):
        return math.nan
    text = str(value).strip()
    # float() also reads other scripts' digits and 1_000; a price in a file is plain ASCII.
    if not text.isascii() or "_" in text:
        return math.nan
    try:
        return float(text)
    except ValueError:
        return math.nan


def _day(value: object) -> date | None:
    """A date, the date of an instant, or ISO text of either; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None
