"""A quote with what a person wants beside it: the day's bar and the change on the close before."""

from __future__ import annotations

from datetime import date, datetime

from brokers.vocabulary import Finite, Freshness, Instant, Unavailable, Value
from tools.market.source import Market, known_columns, known_instrument, price, rounded


class QuoteResult(Value):
    """Prices in `currency` a share, as they stood at `at` on the market clock."""

    symbol: str
    name: str
    currency: str
    bid: Finite
    ask: Finite
    last: Finite
    at: Instant
    session: date
    open: Finite
    high: Finite
    low: Finite
    volume: int
    """Shares traded in the session."""
    previous_close: Finite | None
    change: Finite | None
    """`last` less `previous_close`; None on the first session on record."""
    change_percent: Finite | None
    source: str
    freshness: Freshness
    spread_modelled: bool
    """True where bid and ask are modelled around a close, as they are for sample and end-of-day data."""


def get_quote(market: Market, symbol: str, asof: datetime) -> QuoteResult:
    """The last quote known at `asof`. Raises `BadInput` for an unknown symbol, `Unavailable` where nothing is known."""
    instrument = known_instrument(market, symbol)
    columns = known_columns(market, symbol, asof)
    quote = market.quote(symbol, asof)
    if quote is None:
        raise Unavailable(f"A quote of {symbol} is unavailable, because no price of it is known on {asof.date()}.")
    before = price(columns.close[-2]) if len(columns.close) > 1 else None
    return QuoteResult(
        symbol=symbol,
        name=instrument.name,
        currency=quote.currency,
        bid=quote.bid,
        ask=quote.ask,
        last=quote.last,
        at=quote.at,
        session=columns.sessions[-1].item(),
        open=price(columns.open[-1]),
        high=price(columns.high[-1]),
        low=price(columns.low[-1]),
        volume=quote.volume,
        previous_close=before,
        change=None if before is None else quote.last - before,
        change_percent=None if not before else rounded(float(columns.close[-1] / columns.close[-2] - 1) * 100, 2),
        source=quote.source,
        freshness=quote.freshness,
        spread_modelled=quote.freshness in (Freshness.SAMPLE, Freshness.END_OF_DAY, Freshness.MODELLED),
    )
