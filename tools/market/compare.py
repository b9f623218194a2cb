"""Several symbols side by side, measured over exactly the same sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from brokers.vocabulary import BadInput, Finite, Freshness, Value
from tools.market.measures import correlation, deepest_drawdown, price_change, total_return, volatility, with_moves
from tools.market.source import Market, known_columns, known_instrument, price, rounded
from tools.market.stretch import Stretch, matching, stretch
from tools.market.windows import Window

DEFAULT_SESSIONS = 252
"""A year, when no window is asked for."""
MOST = 12
"""Symbols that one comparison takes."""


class ComparedSymbol(Value):
    """One symbol over the common window."""

    symbol: str
    name: str
    currency: str
    close: Finite
    """Last close of the window, in `currency`."""
    change_percent: Finite
    """Price change, dividends not counted."""
    return_percent: Finite
    """Total return, dividends reinvested."""
    volatility_percent: Finite
    """Of daily log returns, a year."""
    drawdown_percent: Finite
    """Deepest fall from a peak: zero or negative."""
    correlation: Finite | None
    """With the first symbol's daily log returns, -1 to 1; None for the first itself."""
    source: str
    freshness: Freshness


class CompareResult(Value):
    """The symbols in the order asked for."""

    rows: tuple[ComparedSymbol, ...]
    ranking: tuple[str, ...]
    """Symbols by total return, best first."""
    start: date
    end: date
    measured_from: date
    """The session whose close changes are measured from."""
    sessions: int
    notes: tuple[str, ...] = ()


def compare_symbols(
    market: Market, symbols: Sequence[str], asof: datetime, window: Window | None = None
) -> CompareResult:
    """Two to twelve symbols over the sessions of `window` as the one with the shortest history has them.

    Raises `BadInput` (unknown, repeated, too few or too many symbols) or `Unavailable` (no common sessions).
    """
    if len(set(symbols)) != len(symbols) or not 2 <= len(symbols) <= MOST:
        raise BadInput(f"A comparison takes two to {MOST} different symbols.")
    columns = [known_columns(market, symbol, asof) for symbol in symbols]
    stretches = [stretch(each, window, DEFAULT_SESSIONS) for each in columns]
    narrowest = with_moves(min(stretches, key=lambda one: one.last - one.base), 3)
    rows = [matching(narrowest, each) for each in columns]
    returns = {one.columns.symbol: total_return(one) for one in rows}
    return CompareResult(
        rows=tuple(_row(market, one, rows[0]) for one in rows),
        ranking=tuple(sorted(returns, key=lambda symbol: -returns[symbol])),
        start=narrowest.session(narrowest.first),
        end=narrowest.session(narrowest.last),
        measured_from=narrowest.session(narrowest.base),
        sessions=len(narrowest),
        notes=narrowest.notes,
    )


def _row(market: Market, here: Stretch, first: Stretch) -> ComparedSymbol:
    instrument = known_instrument(market, here.columns.symbol)
    return ComparedSymbol(
        symbol=here.columns.symbol,
        name=instrument.name,
        currency=instrument.currency,
        close=price(here.columns.close[here.last]),
        change_percent=rounded(price_change(here) * 100, 2),
        return_percent=rounded(total_return(here) * 100, 2),
        volatility_percent=rounded(volatility(here) * 100, 2),
        drawdown_percent=rounded(deepest_drawdown(here)[0] * 100, 2),
        correlation=None if here is first else rounded(correlation(first, here), 2),
        source=here.columns.source,
        freshness=Freshness(here.columns.freshness),
    )
