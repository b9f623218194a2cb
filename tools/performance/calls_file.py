"""Every call as one row of a file that other programs score: CSV, JSON lines or Parquet, by the name's ending.

A row of a call is the same whatever came later, but for `resolved_at`, `exit_reason` and `outcome`, which are empty
until the call is resolved.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

import numpy as np

from brokers.vocabulary import BadInput, Unavailable
from tools.signals.bars import DirectionArray, FloatArray, IntArray
from tools.signals.calls import Direction, call_id
from tools.signals.outcomes import REASONS
from tools.signals.table import TERMS, CallTable

COLUMNS = (
    *("call_id", "made_at", "asof", "symbol", "strategy", "direction", "horizon", "entry", "target", "stop"),
    *("resolved_at", "exit_reason"),
    *TERMS,
    *("probability", "base_rate", "outcome"),
)
"""In the order of the file. Prices are quoted prices, `horizon` sessions, the terms log-odds."""
TOLERANCE = 1e-9
"""How far the seven terms' sum may be from the log-odds of the probability."""

Cell = str | int | float | None
CallId = Callable[[str, str, date, str], str]
"""Name of a call from its symbol, "fused", session and the version of the fit it was made with."""


def write_calls(table: CallTable, path: Path, close_of: Callable[[date], datetime], name: CallId = call_id) -> None:
    """Write the calls to `path`, all of them or nothing; a file that is there is replaced.

    `close_of` gives the official close of a session: when its calls were made.

    Raises:
        BadInput: the file cannot be written there.
        Unavailable: the terms of a call do not sum to its log-odds, or a figure is not finite.
    """
    checked(table)
    columns = columns_of(table, close_of, name)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            _write(columns, file, beside, path.suffix.lower())
        beside.replace(path)
    except OSError as error:
        raise BadInput(
            f"“{path}” cannot be written: {error.strerror}.", fix="Name a file in a folder of yours."
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def checked(table: CallTable) -> None:
    """Raise `Unavailable` where a breakdown does not sum to what is shown or a figure is not one."""
    if not len(table):
        return
    figures = np.column_stack([table.terms, table.probability, table.base_rate, table.entry, table.target, table.stop])
    # Written so that a NaN fails as well.
    right = np.isfinite(figures).all(axis=1) & (gap(table) <= TOLERANCE)
    if not right.all():
        row = int(np.flatnonzero(~right)[0])
        day = table.day[row].astype("datetime64[D]")
        raise Unavailable(
            f"The calls are not written: the terms of {table.symbols[table.symbol[row]]} on {day} "
            "do not sum to its probability, or a figure is missing.",
            fix="This is a fault in the signals; please report it.",
        )


def gap(table: CallTable) -> FloatArray:
    """Distance of each call's sum of terms from the log-odds of its probability."""
    log_odds = np.log(table.probability / (1 - table.probability))
    return np.abs(table.terms.sum(axis=1) - log_odds)


def columns_of(table: CallTable, close_of: Callable[[date], datetime], name: CallId) -> Mapping[str, list[Cell]]:
    """The table as `COLUMNS` of plain Python values, in the order of its rows."""
    days = [_day(number) for number in _codes(table.day)]
    closes = {day: _instant(close_of(day)) for day in sorted(set(days))}
    symbols = [table.symbols[code] for code in _codes(table.symbol)]
    versions = [table.fits[code].version for code in _codes(table.fit)]
    ids = [name(symbol, "fused", day, version) for symbol, day, version in zip(symbols, days, versions, strict=True)]
    ends = zip(_codes(table.resolved_day), _codes(table.reason), _codes(table.outcome), strict=True)
    ended = [(_day(end).isoformat(), REASONS[why].value, won) if won >= 0 else _OPEN for end, why, won in ends]
    return {
        "call_id": list[Cell](ids),
        "made_at": [closes[day] for day in days],
        "asof": [day.isoformat() for day in days],
        "symbol": list[Cell](symbols),
        "strategy": [table.strategies[code] for code in _codes(table.strategy)],
        "direction": [Direction.of(code).value for code in _codes(table.direction)],
        "horizon": table.horizon.tolist(),
        "entry": table.entry.tolist(),
        "target": table.target.tolist(),
        "stop": table.stop.tolist(),
        "resolved_at": [end[0] for end in ended],
        "exit_reason": [end[1] for end in ended],
        **{term: (table.terms[:, place] + 0.0).tolist() for place, term in enumerate(TERMS)},  # 0.0 for -0.0
        "probability": table.probability.tolist(),
        "base_rate": table.base_rate.tolist(),
        "outcome": [end[2] for end in ended],
    }


_OPEN: tuple[None, None, None] = (None, None, None)


def _codes(column: IntArray | DirectionArray) -> list[int]:
    return column.tolist()


def _day(number: int) -> date:
    return np.datetime64(number, "D").item()


def _instant(at: datetime) -> str:
    """An instant in UTC, as 2023-09-01T20:00:00Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _rows(columns: Mapping[str, list[Cell]]) -> Iterator[tuple[Cell, ...]]:
    return zip(*(columns[column] for column in COLUMNS), strict=True)


def _write(columns: Mapping[str, list[Cell]], file: TextIO, path: Path, suffix: str) -> None:
    if suffix == ".csv":
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(columns))  # floats are written by repr, None as nothing
    elif suffix == ".parquet":
        _write_parquet(columns, path)
    else:
        for row in _rows(columns):
            file.write(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) + "\n")


def _write_parquet(columns: Mapping[str, list[Cell]], path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({column: columns[column] for column in COLUMNS})
    # A column that is empty so far keeps the type it will have.
    kinds = {"resolved_at": "string", "exit_reason": "string", "outcome": "Int64"}
    frame.astype(kinds).to_parquet(path, index=False)
