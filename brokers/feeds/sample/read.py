"""Reading the sample market's files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from brokers.feeds.files import BarTable
from brokers.feeds.news_files import RawNews, read_news
from brokers.vocabulary import CorporateAction, Instrument, Unavailable

if TYPE_CHECKING:
    from datetime import datetime

HERE = Path(__file__).parent
SOURCE = "sample market"


@dataclass(frozen=True)
class SampleMarket:
    """What ships: bars to be judged like any other, cash dividends, and who the companies are."""

    version: str
    """Changes when any of the files does."""
    bars: BarTable
    actions: Sequence[CorporateAction]
    instruments: Sequence[Instrument]


def read_columns(path: Path, *names: str) -> Mapping[str, NDArray[np.generic]]:
    """Columns of a Parquet file that ships with the project. Raises `Unavailable` when it cannot be read."""
    import duckdb

    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            relation = connection.read_parquet(str(path)).project(", ".join(names))
            return cast("Mapping[str, NDArray[np.generic]]", relation.fetchnumpy())
    except duckdb.Error as error:
        raise Unavailable(
            f"{path.name}, which ships with Deskmate, cannot be read.", fix="Install it again."
        ) from error


def sample_version() -> str:
    """A digest of the sample's files: cheap enough to ask at every start."""
    digest = hashlib.sha256()
    for name in ("stocks.parquet", "actions.parquet", "instruments.json"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:16]


def news_version() -> str:
    """A digest of the sample's news."""
    return hashlib.sha256((HERE / "news.jsonl").read_bytes()).hexdigest()[:16]


def read_sample_news() -> list[RawNews]:
    """News written for the sample market: fiction, and labelled as such wherever it shows."""
    return list(read_news(HERE / "news.jsonl"))


def read_sample() -> SampleMarket:
    """The whole sample market."""
    return SampleMarket(version=sample_version(), bars=_bars(), actions=_actions(), instruments=_instruments())


def _bars() -> BarTable:
    prices = ("open", "high", "low", "close", "volume", "adj_close")
    columns = read_columns(HERE / "stocks.parquet", "symbol", "session", *prices)
    numbers = {name: columns[name].astype(np.float64) for name in prices}
    return BarTable(
        symbol=columns["symbol"].tolist(),
        session=columns["session"].astype("datetime64[D]").tolist(),
        **numbers,
    )


def _actions() -> tuple[CorporateAction, ...]:
    columns = read_columns(HERE / "actions.parquet", "symbol", "session", "amount")
    sessions = cast("list[datetime]", columns["session"].tolist())
    return tuple(
        CorporateAction(symbol=symbol, session=session.date(), amount=Decimal(repr(amount)))
        for symbol, session, amount in zip(
            columns["symbol"].tolist(), sessions, columns["amount"].tolist(), strict=True
        )
    )


def _instruments() -> tuple[Instrument, ...]:
    rows = cast("list[object]", json.loads((HERE / "instruments.json").read_text(encoding="utf-8")))
    return tuple(Instrument.model_validate(row) for row in rows)
