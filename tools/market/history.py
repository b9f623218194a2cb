"""A symbol's bars over a window, for charts and tables."""

from __future__ import annotations

from datetime import date, datetime

from brokers.vocabulary import Finite, Freshness, Value
from tools.market.source import Market, known_columns, known_instrument, price, rounded
from tools.market.stretch import stretch
from tools.market.windows import Window

DEFAULT_SESSIONS = 126
"""Half a year, when no window is asked for."""


class HistoryPoint(Value):
    """One session: prices in the currency of the result, split-adjusted; shares traded."""

    session: date
    open: Finite
    high: Finite
    low: Finite
    close: Finite
    volume: int


class HistoryResult(Value):
    """Bars of one symbol, oldest first."""

    symbol: str
    name: str
    currency: str
    points: tuple[HistoryPoint, ...]
    start: date
    end: date
    change_percent: Finite
    """Close of the last point on the close of the first, in %; dividends not counted."""
    source: str
    freshness: Freshness
    notes: tuple[str, ...] = ()


def get_history(market: Market, symbol: str, asof: datetime, window: Window | None = None) -> HistoryResult:
    """The bars of `window` known at `asof`. Raises `BadInput` for an unknown symbol, `Unavailable` without bars."""
    instrument = known_instrument(market, symbol)
    columns = known_columns(market, symbol, asof)
    here = stretch(columns, window, DEFAULT_SESSIONS)
    points = tuple(
        HistoryPoint(
            session=here.session(row),
            open=price(columns.open[row]),
            high=price(columns.high[row]),
            low=price(columns.low[row]),
            close=price(columns.close[row]),
            volume=round(float(columns.volume[row])),
        )
        for row in range(here.first, here.last + 1)
    )
    return HistoryResult(
        symbol=symbol,
        name=instrument.name,
        currency=instrument.currency,
        points=points,
        start=points[0].session,
        end=points[-1].session,
        change_percent=rounded(float(columns.close[here.last] / columns.close[here.first] - 1) * 100, 2),
        source=columns.source,
        freshness=Freshness(columns.freshness),
        notes=here.notes,
    )
