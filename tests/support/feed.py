"""A market feed held in memory: bars are given, quotes stand a cent either side of the close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from brokers.feeds.port import Calendar
from brokers.vocabulary import Bar, CorporateAction, Freshness, Instrument, Quote

FIRST = date(2023, 1, 2)
"""A Monday."""
HALF_SPREAD = Decimal("0.01")
Row = tuple[str, str, str, str, int]
"""Open, high, low, close, volume."""


class MemoryCalendar:
    """Weekdays are sessions; each closes at 21:00 UTC."""

    def __init__(self, first: date, count: int) -> None:
        days = (first + timedelta(days=n) for n in range(2 * count + 7))
        self.sessions = [day for day in days if day.weekday() < 5][:count]

    def close_of(self, session: date) -> datetime:
        return datetime.combine(session, time(21), UTC)

    def next(self, session: date) -> date | None:
        return next((day for day in self.sessions if day > session), None)

    def offset(self, session: date, sessions: int) -> date:
        place = max(sum(day <= session for day in self.sessions) - 1, 0) + sessions
        return self.sessions[min(max(place, 0), len(self.sessions) - 1)]

    def on_or_before(self, day: date) -> date | None:
        return next((known for known in reversed(self.sessions) if known <= day), None)

    def first(self) -> date:
        return self.sessions[0]

    def last(self) -> date:
        return self.sessions[-1]


class MemoryFeed:
    """Bars by symbol, one a session from the first on; None is a session without trading."""

    def __init__(
        self,
        bars: dict[str, Sequence[Row | None]],
        *,
        actions: Iterable[CorporateAction] = (),
        instruments: Iterable[Instrument] = (),
        first: date = FIRST,
        sessions: int | None = None,
    ) -> None:
        own = MemoryCalendar(first, sessions or max(len(rows) for rows in bars.values()))
        self.calendar: Calendar = own
        self._instruments = {symbol: Instrument(symbol=symbol, name=symbol) for symbol in bars}
        self._instruments |= {instrument.symbol: instrument for instrument in instruments}
        self._actions = tuple(actions)
        self._bars = {
            (symbol, session): _bar(symbol, session, row)
            for symbol, rows in bars.items()
            for session, row in zip(own.sessions, rows, strict=False)
            if row is not None
        }

    def add(self, symbol: str, session: date, row: Row) -> None:
        """Give one more session its bar."""
        self._bars[symbol, session] = _bar(symbol, session, row)

    def instrument(self, symbol: str) -> Instrument | None:
        return self._instruments.get(symbol)

    def instruments(self) -> Sequence[Instrument]:
        return [self._instruments[symbol] for symbol in sorted(self._instruments)]

    def quote(self, symbol: str, asof: datetime) -> Quote | None:
        known = self.bars(symbol, asof, 1)
        if not known:
            return None
        last = known[-1]
        return Quote(
            symbol=symbol,
            bid=last.close - HALF_SPREAD,
            ask=last.close + HALF_SPREAD,
            last=last.close,
            at=self.calendar.close_of(last.session),
            source="memory",
            freshness=Freshness.SAMPLE,
            volume=last.volume,
        )

    def bars(self, symbol: str, asof: datetime, count: int | None = None) -> Sequence[Bar]:
        known = [
            bar
            for (name, session), bar in sorted(self._bars.items())
            if name == symbol and self.calendar.close_of(session) <= asof
        ]
        return known if count is None else known[-count:]

    def bar(self, symbol: str, session: date) -> Bar | None:
        return self._bars.get((symbol, session))

    def actions(self, symbol: str, session: date) -> Sequence[CorporateAction]:
        return [action for action in self._actions if (action.symbol, action.session) == (symbol, session)]


def _bar(symbol: str, session: date, row: Row) -> Bar:
    opened, high, low, close = (Decimal(price) for price in row[:4])
    return Bar(symbol=symbol, session=session, open=opened, high=high, low=low, close=close, volume=row[4])
