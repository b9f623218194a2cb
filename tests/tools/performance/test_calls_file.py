"""The file of all calls: exact, whole or not there, and the same whatever came later."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from math import fsum, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.feeds.sessions import NewYorkHours
from brokers.vocabulary import BadInput, Unavailable
from tests.tools.performance.tables import head, random_table
from tools.performance.calls_file import COLUMNS, write_calls
from tools.signals.calls import call_id
from tools.signals.table import TERMS

LATER = ("resolved_at", "exit_reason", "outcome")


def close_of(session: date) -> datetime:
    return datetime.combine(session, time(21), UTC)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_are_those_promised_in_their_order(tmp_path: Path):
    write_calls(random_table(sessions=30), tmp_path / "calls.csv", close_of)
    assert (tmp_path / "calls.csv").read_text().splitlines()[0] == (
        "call_id,made_at,asof,symbol,strategy,direction,horizon,entry,target,stop,resolved_at,exit_reason,base,technical,"
        "sentiment,forecast,news,regime,calibration,probability,base_rate,outcome"
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_every_figure_comes_back_to_the_last_bit_and_the_terms_sum(seed):
    from tempfile import TemporaryDirectory

    table = random_table(seed=seed, sessions=40, symbols=2)
    with TemporaryDirectory() as folder:
        write_calls(table, Path(folder) / "calls.csv", close_of)
        rows = rows_of(Path(folder) / "calls.csv")
    assert len(rows) == len(table)
    for name in ("entry", "target", "stop", "probability", "base_rate"):
        assert [float(row[name]) for row in rows] == getattr(table, name).tolist()
    for row in rows:
        p = float(row["probability"])
        assert fsum(float(row[term]) for term in TERMS) == pytest.approx(log(p / (1 - p)), abs=1e-9)


def test_json_lines_and_parquet_hold_the_same_as_csv(tmp_path: Path):
    import duckdb

    table = random_table(sessions=30)
    for name in ("calls.csv", "calls.jsonl", "calls.parquet"):
        write_calls(table, tmp_path / name, close_of)
    lines = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text().splitlines()]
    assert all(tuple(line) == COLUMNS for line in lines)
    told = [{key: "" if value is None else str(value) for key, value in line.items()} for line in lines]
    assert told == rows_of(tmp_path / "calls.csv")
    kept = duckdb.sql(f"select * from '{tmp_path / 'calls.parquet'}'")
    assert tuple(kept.columns) == COLUMNS
    assert [dict(zip(COLUMNS, row, strict=True)) for row in kept.fetchall()] == lines


def test_a_call_says_when_it_was_made_and_what_became_of_it(tmp_path: Path):
    table = random_table(sessions=30)
    write_calls(table, tmp_path / "calls.csv", lambda day: NewYorkHours().closes(day, day).get(day, close_of(day)))
    first, *_, last = rows_of(tmp_path / "calls.csv")
    assert first["asof"] == "2015-01-05"
    assert first["made_at"] == "2015-01-05T21:00:00Z"
    assert first["call_id"] == call_id(first["symbol"], "fused", date(2015, 1, 5), table.fits[0].version)
    assert first["exit_reason"] in ("target", "stop", "time")
    assert first["resolved_at"] > first["asof"]
    assert first["outcome"] in ("0", "1")
    assert [last[name] for name in LATER] == ["", "", ""]


def test_later_data_changes_nothing_but_the_fate_of_calls_that_were_open(tmp_path: Path):
    table = random_table(seed=3, sessions=150)
    write_calls(table, tmp_path / "all.csv", close_of)
    whole = rows_of(tmp_path / "all.csv")
    for sessions in (10, 100, 149):
        write_calls(head(table, sessions), tmp_path / "then.csv", close_of)
        then = rows_of(tmp_path / "then.csv")
        assert 0 < len(then) < len(whole)
        for early, late in zip(then, whole, strict=False):
            open_then = {**late, **dict.fromkeys(LATER, "")} if not early["outcome"] else late
            assert early == open_then


@pytest.mark.parametrize("column", ["probability", "terms", "entry"])
def test_a_breakdown_that_does_not_sum_is_not_written(tmp_path: Path, column: str):
    table = random_table(sessions=30)
    wrong = getattr(table, column).copy()
    wrong[7] = np.nan if column == "entry" else wrong[7] + 1e-6
    path = tmp_path / "calls.csv"
    path.write_text("kept")
    with pytest.raises(Unavailable, match=table.symbols[table.symbol[7]]):
        write_calls(replace(table, **{column: wrong}), path, close_of)
    assert path.read_text() == "kept"
    assert [one.name for one in tmp_path.iterdir()] == ["calls.csv"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(BadInput, match="nowhere"):
        write_calls(random_table(sessions=10), tmp_path / "nowhere" / "calls.csv", close_of)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path):
    path = tmp_path / "calls.csv"
    path.write_text("old\n" * 10_000)
    write_calls(random_table(sessions=10), path, close_of)
    assert len(path.read_text().splitlines()) == 41
    assert [one.name for one in tmp_path.iterdir()] == ["calls.csv"]


def test_no_call_at_all_is_a_file_of_its_head(tmp_path: Path):
    table = random_table(sessions=10)
    write_calls(table.where(np.zeros(len(table), dtype=np.bool_)), tmp_path / "calls.csv", close_of)
    assert (tmp_path / "calls.csv").read_text() == ",".join(COLUMNS) + "\n"
