"""One symbol's history in memory: columns for signals, bars as values, adjusted for the splits in force by then."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import Bar, CorporateAction, Freshness

if TYPE_CHECKING:
    import duckdb

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BarColumns:
    """One symbol's bars as columns of equal length, oldest first, for signals. The arrays are read-only.

    Prices are split-adjusted as of the instant asked for, in the instrument's currency; `adjusted_close` is also
    dividend-adjusted (by the dividends on record where the source gave none) and scaled so that its last figure is the
    last close: the source's own scale depends on dividends paid later. `volume` is in shares.
    """

    symbol: str
    sessions: NDArray[np.datetime64]
    """datetime64[D], strictly rising."""
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    adjusted_close: Floats
    volume: Floats
    source: str
    freshness: Freshness

    def array(self, name: str) -> Floats:
        """One of the columns by its name. Raises `KeyError`."""
        columns = {
            "open": self.open,
            "high": self.high,
            "low": self.low,
            "close": self.close,
            "adjusted_close": self.adjusted_close,
            "volume": self.volume,
        }
        return columns[name]

    def head(self, count: int) -> BarColumns:
        """The first `count` bars, `adjusted_close` scaled to the last of them; nothing else is copied."""
        arrays = {name: self.array(name)[:count] for name in _ARRAYS}
        scale = self.close[count - 1] / self.adjusted_close[count - 1] if count else 1
        if scale != 1:
            arrays["adjusted_close"] = arrays["adjusted_close"] * scale
            arrays["adjusted_close"].setflags(write=False)
        return BarColumns(
            symbol=self.symbol,
            sessions=self.sessions[:count],
            source=self.source,
            freshness=self.freshness,
            **arrays,
        )


_PRICES = ("open", "high", "low", "close", "adjusted_close")
_ARRAYS = (*_PRICES, "volume")


@dataclass
class History:
    """One symbol, loaded whole; adjusted for the first n splits on demand and then kept."""

    raw: BarColumns
    days: Sequence[date]
    """The sessions of `raw`, as dates."""
    known_at: Sequence[datetime]
    splits: Sequence[CorporateAction]
    """Those that the bars show, oldest first."""
    actions: Sequence[tuple[datetime, CorporateAction]]
    adjusted_given: bool
    """True where the source gave `adjusted_close`, which then is left as it is."""
    _columns: dict[int, BarColumns] = field(default_factory=dict[int, BarColumns])
    _bars: dict[int, tuple[Bar, ...]] = field(default_factory=dict[int, tuple[Bar, ...]])

    def known(self, asof: datetime) -> tuple[int, int]:
        """(bars known, splits in force) at `asof`: a split counts from the first bar it shows in."""
        count = bisect_right(self.known_at, asof)
        if not count or not self.splits:
            return count, 0
        last = self.days[count - 1]
        return count, sum(split.session <= last for split in self.splits)

    def columns(self, splits: int) -> BarColumns:
        """All bars, adjusted for the first `splits` splits."""
        if splits not in self._columns:
            self._columns[splits] = _adjusted(self.raw, self.splits[:splits], self.adjusted_given)
        return self._columns[splits]

    def bars(self, splits: int) -> tuple[Bar, ...]:
        """All bars as values, adjusted for the first `splits` splits."""
        if splits not in self._bars:
            self._bars[splits] = _as_bars(self.columns(splits), self.days)
        return self._bars[splits]

    def raw_bar(self, session: date, count: int) -> Bar | None:
        """The bar of one session as stored, if it is among the first `count`."""
        place = bisect_left(self.days, session, hi=count)
        return self.bars(0)[place] if place < count and self.days[place] == session else None


def load_history(connection: duckdb.DuckDBPyConnection, visible: str, hidden: bool, symbol: str) -> History:
    """Read one symbol that has at least one bar. `visible` is the query of the bars that may be shown."""
    query = f"WITH visible AS ({visible}) SELECT * FROM visible WHERE symbol = $symbol ORDER BY session"  # noqa: S608
    found = connection.execute(query, {"hidden": hidden, "symbol": symbol}).fetchnumpy()
    table = cast("dict[str, NDArray[np.generic]]", found)
    names = {name: "adj_close" if name == "adjusted_close" else name for name in _ARRAYS}
    arrays = {name: np.ma.filled(table[stored].astype(np.float64), np.nan) for name, stored in names.items()}
    given = not np.isnan(arrays["adjusted_close"]).any()
    sessions = table["session"].astype("datetime64[D]")
    freshness = Freshness(str(table["freshness"][-1]))
    recorded = _load_actions(connection, symbol, freshness is Freshness.SAMPLE)
    if not given:
        arrays["adjusted_close"] = arrays["close"] * _dividend_factor(sessions, arrays["close"], recorded)
    raw = _frozen(
        BarColumns(symbol=symbol, sessions=sessions, source=str(table["source"][-1]), freshness=freshness, **arrays)
    )
    known_at = tuple(at.replace(tzinfo=UTC) for at in table["known_at"].astype("datetime64[us]").tolist())
    actions = [
        (at, action)
        for at, action in recorded
        if action.ratio is None or _shows(raw, action.session, float(action.ratio))
    ]
    splits = [action for _, action in actions if action.ratio is not None]
    return History(
        raw=raw, days=tuple(sessions.tolist()), known_at=known_at, splits=splits, actions=actions, adjusted_given=given
    )


_Recorded = list[tuple[datetime, CorporateAction]]


def _load_actions(connection: duckdb.DuckDBPyConnection, symbol: str, sample: bool) -> _Recorded:
    """When each action became known, and the action, of the side (sample or imported) that the bars come from."""
    rows = connection.execute(
        "SELECT known_at, session, ratio, amount FROM actions WHERE symbol = ? AND (freshness = 'sample') = ? "
        "ORDER BY session, known_at",
        [symbol, sample],
    ).fetchall()
    return [
        (
            known.replace(tzinfo=UTC),
            CorporateAction(
                symbol=symbol,
                session=session,
                ratio=None if ratio is None else Decimal(repr(ratio)),
                amount=None if amount is None else Decimal(repr(amount)),
            ),
        )
        for known, session, ratio, amount in rows
    ]


def _dividend_factor(sessions: NDArray[np.datetime64], close: Floats, recorded: _Recorded) -> Floats:
    """What turns closes into dividend-adjusted ones: before each dividend d, times 1 - d / (the close before it)."""
    factor = np.ones(len(sessions))
    for _, action in recorded:
        place = _place(sessions, action.session)
        if action.amount is not None and 0 < place < len(sessions):
            factor[:place] *= max(1 - float(action.amount) / close[place - 1], 1e-6)
    return factor


def _place(sessions: NDArray[np.datetime64], day: date) -> int:
    """The place of the first session on or after `day`."""
    return int(np.searchsorted(sessions, np.datetime64(day, "D")))


def _shows(raw: BarColumns, session: date, ratio: float) -> bool:
    """True where the bars jump by the split rather than not at all (compared on a logarithmic scale)."""
    place = _place(raw.sessions, session)
    if not 0 < place < len(raw.sessions):
        return False
    move = math.log(raw.close[place] / raw.close[place - 1])
    return abs(move + math.log(ratio)) < abs(move)


def _adjusted(raw: BarColumns, splits: Sequence[CorporateAction], adjusted_given: bool) -> BarColumns:
    """Prices before each split divided by its ratio, volumes multiplied; `adjusted_close` too where not given."""
    if not splits:
        return raw
    factor = np.ones(len(raw.sessions))
    for split in splits:
        factor[: _place(raw.sessions, split.session)] *= float(split.ratio or 1)
    arrays = {name: np.round(raw.array(name) / factor, 6) for name in _PRICES}
    # Derived ones are not rounded: the scale they stand on depends on later dividends, and so would the rounding.
    arrays["adjusted_close"] = raw.adjusted_close if adjusted_given else raw.adjusted_close / factor
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
    columns.sessions.setflags(write=False)
    for name in _ARRAYS:
        columns.array(name).setflags(write=False)
    return columns


def _as_bars(columns: BarColumns, days: Sequence[date]) -> tuple[Bar, ...]:
    """Bars as values. Built without validation: the store judged every figure when it came in."""
    rows = zip(days, *(columns.array(name).tolist() for name in _ARRAYS), strict=True)
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
