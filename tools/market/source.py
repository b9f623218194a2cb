"""What the market tools need of market data, and the ways in which they say that it is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from difflib import get_close_matches
from typing import Protocol

from brokers.vocabulary import BadInput, Instrument, Quote, Unavailable
from tools.signals.bars import BarColumns


class Market(Protocol):
    """Quotes, instruments and bars; nothing later than `asof` is ever visible."""

    def instrument(self, symbol: str) -> Instrument | None:
        """The instrument, or None when the symbol is not known."""
        ...

    def instruments(self) -> Sequence[Instrument]:
        """Every known instrument, by symbol."""
        ...

    def symbols(self, asof: datetime) -> Sequence[str]:
        """Symbols with at least one bar known at `asof`."""
        ...

    def quote(self, symbol: str, asof: datetime) -> Quote | None:
        """The last quote known at `asof`; None where there is none."""
        ...

    def columns(self, symbol: str, asof: datetime) -> BarColumns:
        """Bars known at `asof` as columns, of length 0 where none is."""
        ...


def known_instrument(market: Market, symbol: str) -> Instrument:
    """The instrument. Raises `BadInput` that names what is known when `symbol` is not."""
    found = market.instrument(symbol)
    if found is not None:
        return found
    symbols = [instrument.symbol for instrument in market.instruments()]
    near = get_close_matches(symbol.upper(), symbols, n=3, cutoff=0.5) or symbols[:8]
    raise BadInput(f"No symbol {symbol[:20]!r} is known.", fix=f"Known are, among others: {', '.join(near) or 'none'}.")


def known_columns(market: Market, symbol: str, asof: datetime) -> BarColumns:
    """At least one bar of a known symbol. Raises `BadInput` (unknown) or `Unavailable` (no bar known at `asof`)."""
    known_instrument(market, symbol)
    columns = market.columns(symbol, asof)
    if not len(columns.close):
        raise Unavailable(f"{symbol} is unavailable, because no bar of it is known on {asof.date()}.")
    return columns


def rounded(value: float, places: int) -> Decimal:
    """A float as the decimal that is shown: so many places, ties to even. Raises `Unavailable` when not finite."""
    decimal = Decimal(repr(float(value)))
    if not decimal.is_finite():
        raise Unavailable("The figure is unavailable, because it does not come out as a finite number.")
    return decimal.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN) + 0  # -0.00 becomes 0.00


def price(value: float) -> Decimal:
    """A price to the cent, or to four decimals below one unit of currency."""
    return rounded(value, 2 if abs(value) >= 1 else 4)
