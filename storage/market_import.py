"""Writing into the market store: whole imports, each in one step, with an account of every row.

Every import judges its rows (`storage/quarantine.py`), then replaces the file (`storage/market_file.py`): readers see
all of it or nothing of it, and a crash leaves the file as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np

from brokers.vocabulary import BadInput, CorporateAction, Freshness, Instrument, Value
from storage.market_file import open_to_read, rewritten, signature_of
from storage.quarantine import BarRows, Floats, Hours, Reason, Splits, Stored, StoredBar, Verdicts, judge

_LOOK_BACK = timedelta(days=14)
"""How far before an action's session the session before it can lie."""


class QuarantinedRow(Value):
    """One row that was kept apart."""

    line: int
    """1 is the first row of figures."""
    symbol: str
    session: date | None
    reason: str


class ImportReport(Value):
    """What became of every row: `accepted` + `quarantined` = `rows`."""

    source: str
    rows: int
    accepted: int
    unchanged: int
    """Of the accepted: already stored as they are."""
    quarantined: int
    reasons: dict[str, int]
    """Reason → rows, the most frequent first."""
    examples: tuple[QuarantinedRow, ...]
    """The first few quarantined rows."""
    symbols: tuple[str, ...]
    first: date | None
    last: date | None
    """First and last session accepted."""
    unlisted: int
    """Accepted rows on weekdays that the exchange calendar does not list but that show volume."""
    sample_hidden: bool
    """True when the sample market is hidden after this import."""


@dataclass(frozen=True)
class _Rounded:
    """Rows with prices rounded to six decimals, which takes off the noise of binary floats."""

    symbol: Sequence[str]
    session: Sequence[date | None]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    adj_close: Floats


class MarketWriter:
    """Writes one market file. `hours` says when the exchange trades; several processes may hold a writer.

    Raises `StorageError` when the folder cannot be written or the file is corrupt or newer.
    """

    def __init__(self, path: Path, hours: Hours) -> None:
        self.path = path
        self._hours = hours

    def seed(
        self,
        bars: BarRows,
        actions: Iterable[CorporateAction],
        instruments: Iterable[Instrument],
        *,
        source: str,
        version: str,
        now: datetime,
    ) -> ImportReport | None:
        """Put the sample market in, replacing an earlier one; None when this `version` is there already."""
        if self.sample_version() == version:
            return None
        with rewritten(self.path) as connection:
            for table in ("bars", "actions", "instruments"):
                connection.execute(f"DELETE FROM {table} WHERE freshness = 'sample'")  # noqa: S608 - constants
            _put_instruments(connection, instruments, source, Freshness.SAMPLE)
            report = self._put_bars(connection, bars, source, Freshness.SAMPLE, now)
            self._put_actions(connection, actions, source, Freshness.SAMPLE)
            _set(connection, "sample_version", version)
        return report

    def import_bars(
        self,
        bars: BarRows,
        *,
        source: str,
        now: datetime,
        freshness: Freshness = Freshness.END_OF_DAY,
        keep_sample: bool = False,
        replace: bool = False,
    ) -> ImportReport:
        """Add bars; the first import hides the sample market unless `keep_sample` (an explicit choice stays).

        `replace` forgets earlier imported bars of the symbols given, which is how stored bars are corrected.
        Raises `BadInput` when no row at all can be used: then nothing changes.
        """
        if freshness is Freshness.SAMPLE:
            raise BadInput("Imported bars cannot pass as the sample market.")
        with rewritten(self.path) as connection:
            if replace:
                for symbol in sorted(set(bars.symbol)):
                    connection.execute("DELETE FROM bars WHERE symbol = ? AND freshness <> 'sample'", [symbol])
            report = self._put_bars(connection, bars, source, freshness, now)
            if not report.accepted:
                worst = next(iter(report.reasons), "it holds no rows")
                raise BadInput(
                    f"Nothing of {source} could be used: {worst}.", fix="Correct the file and import it again."
                )
            if not keep_sample and _get(connection, "sample_hidden") is None:
                _set(connection, "sample_hidden", "true")
            hidden = _get(connection, "sample_hidden") == "true"
        return report.model_copy(update={"sample_hidden": hidden})

    def import_actions(
        self, actions: Iterable[CorporateAction], *, source: str, freshness: Freshness = Freshness.END_OF_DAY
    ) -> int:
        """Add splits and dividends, each known from the close before its session; returns how many were new."""
        with rewritten(self.path) as connection:
            return self._put_actions(connection, actions, source, freshness)

    def import_instruments(
        self, instruments: Iterable[Instrument], *, source: str, freshness: Freshness = Freshness.END_OF_DAY
    ) -> int:
        """Describe instruments, replacing earlier descriptions from imports; returns how many."""
        with rewritten(self.path) as connection:
            return _put_instruments(connection, instruments, source, freshness)

    def show_sample(self, shown: bool) -> None:
        """Show or hide the sample market from now on."""
        with rewritten(self.path) as connection:
            _set(connection, "sample_hidden", "false" if shown else "true")

    def sample_version(self) -> str | None:
        """Which sample market the file holds, or None."""
        if signature_of(self.path) is None:
            return None
        connection, _ = open_to_read(self.path)
        with connection:
            return _get(connection, "sample_version")

    def _put_bars(
        self, connection: duckdb.DuckDBPyConnection, given: BarRows, source: str, freshness: Freshness, now: datetime
    ) -> ImportReport:
        rows = _rounded(given)
        sample = freshness is Freshness.SAMPLE
        verdicts = judge(rows, self._hours, now, _stored(connection, rows, sample), _splits(connection, sample))
        usable = [index for index, reason in enumerate(verdicts.reasons) if reason is None]
        fresh = [index for index in usable if index not in verdicts.unchanged]
        _insert_bars(connection, rows, fresh, verdicts.closes_at, source, freshness)
        _insert_quarantined(connection, rows, verdicts.reasons, source, now)
        return _report(rows, verdicts, usable, source)

    def _put_actions(
        self,
        connection: duckdb.DuckDBPyConnection,
        actions: Iterable[CorporateAction],
        source: str,
        freshness: Freshness,
    ) -> int:
        rows = [self._action_row(action, source, freshness) for action in actions]
        before = _count(connection, "actions")
        for row in rows:
            connection.execute(
                "INSERT INTO actions SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM actions "
                "WHERE symbol = $1 AND session = $2 AND (ratio IS NULL) = ($3 IS NULL) "
                "AND (freshness = 'sample') = ($7 = 'sample'))",
                row,
            )
        return _count(connection, "actions") - before

    def _action_row(self, action: CorporateAction, source: str, freshness: Freshness) -> list[object]:
        ratio = None if action.ratio is None else float(action.ratio)
        amount = None if action.amount is None else float(action.amount)
        if (ratio is None) == (amount is None) or (ratio or amount or 0) <= 0:
            what = f"{action.symbol} {action.session}"
            raise BadInput(f"The event of {what} needs either a split ratio or a dividend, above zero.")
        day_before = action.session - timedelta(days=1)
        closes = self._hours.closes(action.session - _LOOK_BACK, day_before)
        known_at = max(closes.values(), default=self._hours.usual_close(day_before))
        return [action.symbol, action.session, ratio, amount, _stamp(known_at), source, freshness.value]


def _rounded(rows: BarRows) -> _Rounded:
    return _Rounded(
        symbol=rows.symbol,
        session=rows.session,
        open=np.round(rows.open, 6),
        high=np.round(rows.high, 6),
        low=np.round(rows.low, 6),
        close=np.round(rows.close, 6),
        volume=np.round(rows.volume),
        adj_close=np.round(rows.adj_close, 6),
    )


def _stored(connection: duckdb.DuckDBPyConnection, rows: BarRows, sample: bool) -> Stored:
    """What the same side of the store holds for the symbols given."""
    found = connection.execute(
        "SELECT symbol, session, open, high, low, close, volume FROM bars "
        "WHERE (freshness = 'sample') = ? AND list_contains(?, symbol)",
        [sample, sorted(set(rows.symbol))],
    ).fetchall()
    stored: dict[str, dict[date, StoredBar]] = {}
    for symbol, session, *figures in found:
        stored.setdefault(symbol, {})[session] = StoredBar(*figures)
    return stored


def _splits(connection: duckdb.DuckDBPyConnection, sample: bool) -> Splits:
    found = connection.execute(
        "SELECT symbol, session, ratio FROM actions WHERE ratio IS NOT NULL AND (freshness = 'sample') = ?", [sample]
    ).fetchall()
    splits: dict[str, dict[date, float]] = {}
    for symbol, session, ratio in found:
        splits.setdefault(symbol, {})[session] = ratio
    return splits


def _insert_bars(
    connection: duckdb.DuckDBPyConnection,
    rows: _Rounded,
    indices: Sequence[int],
    closes_at: Mapping[date, datetime],
    source: str,
    freshness: Freshness,
) -> None:
    if not indices:
        return
    days = [day for day in (rows.session[index] for index in indices) if day is not None]
    columns = {
        "symbol": np.array([rows.symbol[index] for index in indices], dtype=object),
        "session": np.array(days, dtype="datetime64[us]"),
        "known_at": np.array([_stamp(closes_at[day]) for day in days], dtype="datetime64[us]"),
        "volume": rows.volume[indices].astype(np.int64),
        **{name: getattr(rows, name)[indices] for name in ("open", "high", "low", "close", "adj_close")},
    }
    connection.register("given", columns)
    connection.execute(
        "INSERT INTO bars SELECT symbol, session::DATE, open, high, low, close, "
        "CASE WHEN isnan(adj_close) THEN NULL ELSE adj_close END, volume, known_at, ?, ? FROM given",
        [source, freshness.value],
    )
    connection.unregister("given")


def _insert_quarantined(
    connection: duckdb.DuckDBPyConnection,
    rows: _Rounded,
    reasons: Sequence[Reason | None],
    source: str,
    now: datetime,
) -> None:
    """Keep the rows with their reasons; the last import of a source replaces what it said before."""
    connection.execute("DELETE FROM quarantine WHERE source = ?", [source])
    bad = [index for index, reason in enumerate(reasons) if reason is not None]
    if not bad:
        return
    columns = {
        "line": np.array(bad, dtype=np.int64) + 1,
        "symbol": np.array([rows.symbol[index] for index in bad], dtype=object),
        "session": np.array([rows.session[index] for index in bad], dtype="datetime64[us]"),
        "reason": np.array([str(reasons[index]) for index in bad], dtype=object),
        **{name: getattr(rows, name)[bad] for name in ("open", "high", "low", "close", "volume", "adj_close")},
    }
    connection.register("given", columns)
    connection.execute(
        "INSERT INTO quarantine SELECT ?, ?, line, symbol, session::DATE, open, high, low, close, volume, adj_close, "
        "reason FROM given",
        [_stamp(now), source],
    )
    connection.unregister("given")


def _report(rows: _Rounded, verdicts: Verdicts, usable: Sequence[int], source: str) -> ImportReport:
    bad = [(index, reason) for index, reason in enumerate(verdicts.reasons) if reason is not None]
    days = [day for day in (rows.session[index] for index in usable) if day is not None]
    counts = Counter(str(reason) for _, reason in bad)
    examples = tuple(
        QuarantinedRow(line=index + 1, symbol=rows.symbol[index], session=rows.session[index], reason=str(reason))
        for index, reason in bad[:10]
    )
    return ImportReport(
        source=source,
        rows=len(verdicts.reasons),
        accepted=len(usable),
        unchanged=len(verdicts.unchanged),
        quarantined=len(bad),
        reasons=dict(counts.most_common()),
        examples=examples,
        symbols=tuple(sorted({rows.symbol[index] for index in usable})),
        first=min(days, default=None),
        last=max(days, default=None),
        unlisted=verdicts.unlisted,
        sample_hidden=False,
    )


def _put_instruments(
    connection: duckdb.DuckDBPyConnection, instruments: Iterable[Instrument], source: str, freshness: Freshness
) -> int:
    count = 0
    for count, instrument in enumerate(instruments, start=1):  # noqa: B007 - the last count is returned
        connection.execute(
            "DELETE FROM instruments WHERE symbol = ? AND (freshness = 'sample') = ?",
            [instrument.symbol, freshness is Freshness.SAMPLE],
        )
        row = [instrument.symbol, instrument.model_dump_json(), source, freshness.value]
        connection.execute("INSERT INTO instruments VALUES (?, ?, ?, ?)", row)
    return count


def _get(connection: duckdb.DuckDBPyConnection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def _set(connection: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a constant
    return int(row[0]) if row else 0


def _stamp(instant: datetime) -> datetime:
    """UTC without a zone, as the file keeps instants."""
    return instant.astimezone(UTC).replace(tzinfo=None)
