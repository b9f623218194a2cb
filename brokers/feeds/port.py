"""What the assistant needs of market data, as Protocols. Adapters sit beside this file; it knows values only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from brokers.vocabulary import Bar, CorporateAction, Instrument, Quote


class Calendar(Protocol):
    """Trading sessions of one exchange, and the instants at which they close."""

    def close_of(self, session: date) -> datetime:
        """The official close of `session` (UTC), when its bar is known."""
        ...

    def next(self, session: date) -> date | None:
        """The session after `session` that the market has data for, or None at the end of the data."""
        ...

    def offset(self, session: date, sessions: int) -> date:
        """The session `sessions` later (negative: earlier), clamped to the data's first and last session."""
        ...

    def on_or_before(self, day: date) -> date | None:
        """The last session on or before `day`, or None when `day` is before the first bar."""
        ...

    def first(self) -> date:
        """The first session that has data."""
        ...

    def last(self) -> date:
        """The last session that has data: where a replay ends."""
        ...


class MarketFeed(Protocol):
    """Bars, quotes and corporate actions known at an instant. Nothing later than `asof` is ever visible."""

    calendar: Calendar

    def instrument(self, symbol: str) -> Instrument | None:
        """The instrument, or None when the symbol is not known."""
        ...

    def instruments(self) -> Sequence[Instrument]:
        """Every known instrument, by symbol."""
        ...

    def quote(self, symbol: str, asof: datetime) -> Quote | None:
        """The last quote known at `asof`, with its own instant; None where there is none."""
        ...

    def bars(self, symbol: str, asof: datetime, count: int | None = None) -> Sequence[Bar]:
        """Bars known at `asof`, oldest first; the last `count` of them where given."""
        ...

    def bar(self, symbol: str, session: date) -> Bar | None:
        """The bar of one session, for the simulated exchange's matching; None where the symbol did not trade."""
        ...

    def actions(self, symbol: str, session: date) -> Sequence[CorporateAction]:
        """Splits that `bar` still shows and dividends, both effective before `session` opens.

        A split the bars are already adjusted for must not be reported: it would be applied twice.
        """
        ...
