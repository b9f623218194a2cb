"""The market store: bars, corporate actions and instruments in one DuckDB file. Every read of prices takes `asof`.

A bar is known when its session closes; a read at `asof` sees only what was known by then. A symbol's history comes
from one side: the sample market, or what was imported, which then stands alone (the two are adjusted differently).
Splits on record that the bars show are applied on reading, as of `asof`; splits that the bars were already adjusted for
are not, and are not reported as actions either. Reading is cached in memory a symbol at a time until the file changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast

from brokers.vocabulary import BadInput, Bar, CorporateAction, Freshness, Instrument
from storage.history import BarColumns, History, load_history
from storage.market_file import Signature, open_to_read, signature_of

if TYPE_CHECKING:
    import duckdb

_VISIBLE_BARS = """
SELECT * FROM bars WHERE NOT (freshness = 'sample' AND
    ($hidden OR symbol IN (SELECT symbol FROM bars WHERE freshness <> 'sample')))
"""


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
    histories: dict[str, History] = field(default_factory=dict[str, History])


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

    def columns(self, symbol: str, asof: datetime) -> BarColumns:
        """The bars known at `asof` as columns, of length 0 where none is. Raises `BadInput` for an unknown symbol."""
        history = self._history(symbol)
        if history is None:
            raise BadInput(f"There is no market data for {symbol}.", fix="Ask which symbols are known.")
        count, splits = history.known(_aware(asof))
        return history.columns(splits).head(count)

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
        return history.raw_bar(session, count)

    def provenance(self, symbol: str) -> tuple[str, Freshness] | None:
        """Where a symbol's bars come from and how current such a source is; None for an unknown symbol."""
        history = self._history(symbol)
        return (history.raw.source, history.raw.freshness) if history else None

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

    def _history(self, symbol: str) -> History | None:
        snapshot = self._snapshot()
        if symbol not in snapshot.first_known:
            return None
        found = snapshot.histories.get(symbol)
        if found is not None:
            return found
        with self._lock:
            snapshot = self._fresh()
            if symbol in snapshot.first_known and symbol not in snapshot.histories:
                snapshot.histories[symbol] = load_history(snapshot.connection, _VISIBLE_BARS, snapshot.hidden, symbol)
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
        f"{visible} SELECT session, min(known_at) FROM visible GROUP BY session ORDER BY session",  # noqa: S608
        parameters,
    ).fetchall()
    symbols = connection.execute(
        f"{visible} SELECT symbol, min(known_at) FROM visible GROUP BY symbol ORDER BY symbol",  # noqa: S608
        parameters,
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
