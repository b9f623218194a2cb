"""The market store: bars, corporate actions and instruments in one DuckDB file. Every read of prices takes `asof`.

A bar is known when its session closes; a read at `asof` sees only what was known by then. A symbol's history comes
from one side: the sample market, or what was imported, which then stands alone (the two are adjusted differently).
Splits on record that the bars show are applied on reading, as of `asof`; splits that the bars were already adjusted for
are not, and are not reported as actions either. Reading is cached in memory a symbol at a time until the file changes.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import BadInput, Bar, CorporateAction, Freshness, Instrument
from storage.market_file import Signature, open_to_read, signature_of

if TYPE_CHECKING:
    import duckdb

Floats = NDArray[np.float64]
_VISIBLE_BARS = """
SELECT * FROM bars WHERE NOT (freshness = 'sample' AND
    ($hidden OR symbol IN (SELECT symbol FROM bars WHERE freshness <> 'sample')))
"""


@dataclass(frozen=True)
class BarColumns:
    """One symbol's bars as columns of equal length, oldest first, for signals. The arrays are read-only.

    Prices are split-adjusted as of the instant asked for, in the instrument's currency; `adj_close` is also
    dividend-adjusted (equal to `close` where the source gave none); `volume` is in shares.
    """

    symbol: str
    sessions: Sequence[date]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    adj_close: Floats
    volume: Floats
    source: str
    freshness: Freshness

    def head(self, count: int) -> BarColumns:
        """The first `count` bars, without copying."""
        if count == len(self.sessions):
            return self
        arrays = {name: getattr(self, name)[:count] for name in _ARRAYS}
        return BarColumns(
            symbol=self.symbol,
            sessions=self.sessions[:count],
            source=self.source,
            freshness=self.freshness,
            **arrays,
        )


_PRICES = ("open", "high", "low", "close", "adj_close")
_ARRAYS = (*_PRICES, "volume")


@dataclass
class _History:
    """One symbol, loaded whole; adjusted for the first n splits on demand and then kept."""

    raw: BarColumns
    known_at: Sequence[datetime]
    splits: Sequence[CorporateAction]
    """Those that the bars show, oldest first."""
    actions: Sequence[tuple[datetime, CorporateAction]]
    _columns: dict[int, BarColumns] = field(default_factory=dict[int, BarColumns])
    _bars: dict[int, tuple[Bar, ...]] = field(default_factory=dict[int, tuple[Bar, ...]])

    def known(self, asof: datetime) -> tuple[int, int]:
        """(bars known, splits in force) at `asof`: a split counts from the first bar it shows in."""
        count = bisect_right(self.known_at, asof)
        if not count or not self.splits:
            return count, 0
        last = self.raw.sessions[count - 1]
        return count, sum(split.session <= last for split in self.splits)

    def columns(self, splits: int) -> BarColumns:
        """All bars, adjusted for the first `splits` splits."""
        if splits not in self._columns:
            self._columns[splits] = _adjusted(self.raw, self.splits[:splits])
        return self._columns[splits]

    def bars(self, splits: int) -> tuple[Bar, ...]:
        """All bars as values, adjusted for the first `splits` splits."""
        if splits not in self._bars:
            self._bars[splits] = _as_bars(self.columns(splits))
        return self._bars[splits]


@dataclass
class _Snapshot:
    """The file as it was under one identity. Everything in it is read once."""

    signature: Signature
    connection: duckdb.DuckDBPyConnection
    sessions: Sequence[date]
    closes: Sequence[datetime]
    first_known: Mapping[str, datetime]
    """Symbol → when its first visible bar became known."""
    instruments: Mapping[str, Instrument]
    hidden: bool
    histories: dict[str, _History] = field(default_factory=dict[str, _History])


class MarketStore:
    """Reads one market file, from any thread, beside other processes that read or replace it.

    `show_sample` overrides what the file itself says about the sample market. Reads raise `Unavailable` when there is
    no file yet, `StorageError` when it is corrupt or newer, `BadInput` for an instant without a time zone. Writing is
    in `storage/market_import.py`.
    """

    def __init__(self, path: Path, *, show_sample: bool | None = None) -> None:
        self.path = path
        self._show_sample = show_sample
        self._lock = Lock()
        self._current: _Snapshot | None = None

    def symbols(self, asof: datetime) -> Sequence[str]:
        """Symbols with at least one bar known at `asof`, in order."""
        first_known = self._snapshot().first_known
        return [symbol for symbol, known in first_known.items() if known <= _aware(asof)]

    def instruments(self, asof: datetime) -> Sequence[Instrument]:
        """The instruments of `symbols(asof)`; a symbol that nobody described is a plain USD stock."""
        known = self._snapshot().instruments
        return [known[symbol] for symbol in self.symbols(asof)]

    def instrument(self, symbol: str, asof: datetime) -> Instrument | None:
        """One instrument, or None when no bar of it is known at `asof`."""
        snapshot = self._snapshot()
        first = snapshot.first_known.get(symbol)
        return None if first is None or first > _aware(asof) else snapshot.instruments[symbol]

    def sessions(self, asof: datetime) -> tuple[Sequence[date], Sequence[datetime]]:
        """Sessions that any visible symbol has a bar for and their closes (UTC), oldest first, closed by `asof`."""
        snapshot = self._snapshot()
        count = bisect_right(snapshot.closes, _aware(asof))
        return snapshot.sessions[:count], snapshot.closes[:count]

    def columns(self, symbol: str, asof: datetime) -> BarColumns | None:
        """The bars known at `asof` as columns; None where there are none."""
        history = self._history(symbol)
        count, splits = history.known(_aware(asof)) if history else (0, 0)
        return history.columns(splits).head(count) if history and count else None

    def bars(self, symbol: str, asof: datetime, count: int | None = None) -> Sequence[Bar]:
        """The bars known at `asof`, oldest first; the last `count` of them where given."""
        if count is not None and count < 0:
            raise BadInput("A number of bars cannot be negative.")
        history = self._history(symbol)
        known, splits = history.known(_aware(asof)) if history else (0, 0)
        start = 0 if count is None else max(known - count, 0)
        return history.bars(splits)[start:known] if history else ()

    def raw_bar(self, symbol: str, session: date, asof: datetime) -> Bar | None:
        """The bar of one session as it was stored (no split applied), if it was known at `asof`."""
        history = self._history(symbol)
        count = history.known(_aware(asof))[0] if history else 0
        if not history or not count:
            return None
        place = bisect_left(history.raw.sessions, session, hi=count)
        found = place < count and history.raw.sessions[place] == session
        return history.bars(0)[place] if found else None

    def actions(self, symbol: str, asof: datetime) -> Sequence[CorporateAction]:
        """Splits that the bars show and dividends, known at `asof`, oldest first."""
        history = self._history(symbol)
        return [action for known, action in history.actions if known <= _aware(asof)] if history else ()

    def hides_sample(self) -> bool:
        """True when the sample market is not shown."""
        return self._snapshot().hidden

    def quarantined(self, limit: int = 100) -> Sequence[tuple[str, int, str, date | None, str]]:
        """(source, line, symbol, session, reason) of rows that were kept apart, the newest import first."""
        with self._lock:
            rows = self._fresh().connection.execute(
                "SELECT source, line, symbol, session, reason FROM quarantine ORDER BY imported_at DESC, line LIMIT ?",
                [limit],
            )
            return cast("list[tuple[str, int, str, date | None, str]]", rows.fetchall())

    def _snapshot(self) -> _Snapshot:
        current = self._current
        if current is not None and signature_of(self.path) == current.signature:
            return current
        with self._lock:
            return self._fresh()

    def _fresh(self) -> _Snapshot:
        """The snapshot of the file as it is now; the lock is held."""
        if self._current is None or signature_of(self.path) != self._current.signature:
            old, self._current = self._current, None
            if old is not None:
                old.connection.close()
            self._current = _load(self.path, self._show_sample)
        return self._current

    def _history(self, symbol: str) -> _History | None:
        snapshot = self._snapshot()
        if symbol not in snapshot.first_known:
            return None
        found = snapshot.histories.get(symbol)
        if found is not None:
            return found
        with self._lock:
            snapshot = self._fresh()
            if symbol in snapshot.first_known and symbol not in snapshot.histories:
                snapshot.histories[symbol] = _load_history(snapshot, symbol)
            return snapshot.histories.get(symbol)


def _aware(asof: datetime) -> datetime:
    if asof.tzinfo is None:
        raise BadInput("An instant needs a time zone.")
    return asof


def _load(path: Path, show_sample: bool | None) -> _Snapshot:
    connection, signature = open_to_read(path)
    row = connection.execute("SELECT value FROM meta WHERE key = 'sample_hidden'").fetchone()
    hidden = row == ("true",) if show_sample is None else not show_sample
    parameters = {"hidden": hidden}
    visible = f"WITH visible AS ({_VISIBLE_BARS})"
    sessions = connection.execute(
        f"{visible} SELECT session, min(known_at) FROM visible GROUP BY session ORDER BY session", parameters
    ).fetchall()
    symbols = connection.execute(
        f"{visible} SELECT symbol, min(known_at) FROM visible GROUP BY symbol ORDER BY symbol", parameters
    ).fetchall()
    described = connection.execute(
        "SELECT symbol, document FROM instruments ORDER BY freshness = 'sample' DESC"
    ).fetchall()
    documents = {symbol: Instrument.model_validate_json(document) for symbol, document in described}
    return _Snapshot(
        signature=signature,
        connection=connection,
        sessions=tuple(row[0] for row in sessions),
        closes=tuple(row[1].replace(tzinfo=UTC) for row in sessions),
        first_known={symbol: known.replace(tzinfo=UTC) for symbol, known in symbols},
        instruments={symbol: documents.get(symbol, Instrument(symbol=symbol, name=symbol)) for symbol, _ in symbols},
        hidden=hidden,
    )


def _load_history(snapshot: _Snapshot, symbol: str) -> _History:
    query = f"WITH visible AS ({_VISIBLE_BARS}) SELECT * FROM visible WHERE symbol = $symbol ORDER BY session"
    found = snapshot.connection.execute(query, {"hidden": snapshot.hidden, "symbol": symbol}).fetchnumpy()
    table = cast("dict[str, NDArray[np.generic]]", found)
    arrays = {name: np.ma.filled(table[name].astype(np.float64), np.nan) for name in _ARRAYS}
    arrays["adj_close"] = np.where(np.isnan(arrays["adj_close"]), arrays["close"], arrays["adj_close"])
    raw = _frozen(
        BarColumns(
            symbol=symbol,
            sessions=tuple(table["session"].astype("datetime64[D]").tolist()),
            source=str(table["source"][-1]),
            freshness=Freshness(str(table["freshness"][-1])),
            **arrays,
        )
    )
    known_at = tuple(at.replace(tzinfo=UTC) for at in table["known_at"].astype("datetime64[us]").tolist())
    actions = [
        (at, action)
        for at, action in _load_actions(snapshot.connection, raw)
        if action.ratio is None or _shows(raw, action.session, float(action.ratio))
    ]
    splits = [action for _, action in actions if action.ratio is not None]
    return _History(raw=raw, known_at=known_at, splits=splits, actions=actions)


def _load_actions(connection: duckdb.DuckDBPyConnection, raw: BarColumns) -> list[tuple[datetime, CorporateAction]]:
    """Actions of the side (sample or imported) that the symbol's bars come from."""
    rows = connection.execute(
        "SELECT known_at, session, ratio, amount FROM actions WHERE symbol = ? AND (freshness = 'sample') = ? "
        "ORDER BY session, known_at",
        [raw.symbol, raw.freshness is Freshness.SAMPLE],
    ).fetchall()
    return [
        (
            known.replace(tzinfo=UTC),
            CorporateAction(
                symbol=raw.symbol,
                session=session,
                ratio=None if ratio is None else Decimal(repr(ratio)),
                amount=None if amount is None else Decimal(repr(amount)),
            ),
        )
        for known, session, ratio, amount in rows
    ]


def _shows(raw: BarColumns, session: date, ratio: float) -> bool:
    """True where the bars jump by the split rather than not at all (compared on a logarithmic scale)."""
    place = bisect_left(raw.sessions, session)
    if not 0 < place < len(raw.sessions):
        return False
    move = math.log(raw.close[place] / raw.close[place - 1])
    return abs(move + math.log(ratio)) < abs(move)


def _adjusted(raw: BarColumns, splits: Sequence[CorporateAction]) -> BarColumns:
    """Prices before each split divided by its ratio, volumes multiplied by it; `adj_close` where it was not given too."""
    if not splits:
        return raw
    factor = np.ones(len(raw.sessions))
    for split in splits:
        factor[: bisect_left(raw.sessions, split.session)] *= float(split.ratio or 1)
    given = not np.array_equal(raw.adj_close, raw.close)
    arrays = {name: np.round(getattr(raw, name) / factor, 6) for name in _PRICES}
    arrays["adj_close"] = raw.adj_close if given else arrays["close"]
    return _frozen(
        BarColumns(
            symbol=raw.symbol,
            sessions=raw.sessions,
            source=raw.source,
            freshness=raw.freshness,
            volume=raw.volume * factor,
            **arrays,
        )
    )


def _frozen(columns: BarColumns) -> BarColumns:
    for name in _ARRAYS:
        cast("Floats", getattr(columns, name)).setflags(write=False)
    return columns


def _as_bars(columns: BarColumns) -> tuple[Bar, ...]:
    """Bars as values. Built without validation: the store judged every figure when it came in."""
    rows = zip(columns.sessions, *(cast("Floats", getattr(columns, name)).tolist() for name in _ARRAYS), strict=True)
    return tuple(
        Bar.model_construct(
            symbol=columns.symbol,
            session=session,
            open=Decimal(repr(open_)),
            high=Decimal(repr(high)),
            low=Decimal(repr(low)),
            close=Decimal(repr(close)),
            adjusted_close=Decimal(repr(adjusted)),
            volume=round(volume),
        )
        for session, open_, high, low, close, adjusted, volume in rows
    )
