"""The replay feed: history played back as if it were now, over whatever keeps the bars.

**The spread is modelled.** Daily bars carry no quotes, so bid and ask stand at the last known close minus and plus

    half-spread = max(1 tick, 0.5 % of the mean true range of the last 20 sessions)

rounded outwards to ticks. A wide day thus costs more to trade on, in proportion; for a quiet large company it comes to
a cent or two. Estimators of the spread from highs and lows (Corwin and Schultz 2012) were not used: on liquid stocks
their noise is many times the spread itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Generic, Protocol, TypeVar

from brokers.feeds.port import Calendar
from brokers.vocabulary import BadInput, Bar, CorporateAction, Freshness, Instrument, Quote, Unavailable

RANGE_SHARE = Decimal("0.005")
"""Half-spread as a share of the mean true range."""
RANGE_SESSIONS = 20
_END = datetime.max.replace(tzinfo=UTC)


ColumnsT = TypeVar("ColumnsT", covariant=True)
"""Whatever form the source hands columns of bars out in; the feed only passes them on."""


class BarSource(Protocol[ColumnsT]):
    """What keeps the bars; every read sees only what was known at `asof`."""

    def instruments(self, asof: datetime) -> Sequence[Instrument]: ...  # noqa: D102
    def instrument(self, symbol: str, asof: datetime) -> Instrument | None: ...  # noqa: D102
    def sessions(self, asof: datetime) -> tuple[Sequence[date], Sequence[datetime]]: ...  # noqa: D102
    def columns(self, symbol: str, asof: datetime) -> ColumnsT: ...  # noqa: D102
    def bars(self, symbol: str, asof: datetime, count: int | None = None) -> Sequence[Bar]: ...  # noqa: D102
    def raw_bar(self, symbol: str, session: date, asof: datetime) -> Bar | None: ...  # noqa: D102
    def actions(self, symbol: str, asof: datetime) -> Sequence[CorporateAction]: ...  # noqa: D102
    def provenance(self, symbol: str) -> tuple[str, Freshness] | None: ...  # noqa: D102


class ReplayCalendar:
    """The sessions that the source has data for. Follows the source when more is imported.

    Every method raises `Unavailable` while there is no data at all.
    """

    def __init__(self, source: BarSource[object]) -> None:
        self._source = source

    def close_of(self, session: date) -> datetime:
        """The official close of `session` (UTC). Raises `BadInput` for a day without data."""
        sessions, closes = self._all()
        place = bisect_left(sessions, session)
        if place == len(sessions) or sessions[place] != session:
            fix = f"The data runs from {sessions[0]} to {sessions[-1]}."
            raise BadInput(f"There is no market data for {session}.", fix=fix)
        return closes[place]

    def next(self, session: date) -> date | None:
        """The first session with data after `session`, or None at the end."""
        sessions, _ = self._all()
        place = bisect_right(sessions, session)
        return sessions[place] if place < len(sessions) else None

    def offset(self, session: date, sessions: int) -> date:
        """The session that many later, clamped; a day without data counts as the session before it."""
        known, _ = self._all()
        place = bisect_right(known, session) - 1
        return known[min(max(place + sessions, 0), len(known) - 1)]

    def on_or_before(self, day: date) -> date | None:
        """The last session on or before `day`, or None before the first."""
        sessions, _ = self._all()
        place = bisect_right(sessions, day)
        return sessions[place - 1] if place else None

    def first(self) -> date:
        """The first session that has data."""
        return self._all()[0][0]

    def last(self) -> date:
        """The last session that has data."""
        return self._all()[0][-1]

    def _all(self) -> tuple[Sequence[date], Sequence[datetime]]:
        sessions, closes = self._source.sessions(_END)
        if not sessions:
            raise Unavailable("There is no market data yet.", fix="Import some with `deskmate import bars FILE`.")
        return sessions, closes


class ReplayFeed(Generic[ColumnsT]):
    """A market feed over kept history: `brokers/feeds/port.py`, and the bars as columns beside it."""

    def __init__(self, source: BarSource[ColumnsT]) -> None:
        self._source = source
        self.calendar: Calendar = ReplayCalendar(source)

    def instrument(self, symbol: str) -> Instrument | None:
        """The instrument, or None when the source has no bar of it."""
        return self._source.instrument(symbol, _END)

    def instruments(self) -> Sequence[Instrument]:
        """Every instrument that the source has bars of, by symbol."""
        return self._source.instruments(_END)

    def quote(self, symbol: str, asof: datetime) -> Quote | None:
        """The close last known at `asof`, rounded to the tick, between a modelled bid and ask; stands at that close."""
        instrument = self._source.instrument(symbol, asof)
        bars = self._source.bars(symbol, asof, RANGE_SESSIONS + 1)
        provenance = self._source.provenance(symbol)
        if instrument is None or provenance is None or not bars:
            return None
        last, tick = bars[-1], instrument.tick
        half = half_spread(bars, tick)
        source, freshness = provenance
        return Quote(
            symbol=symbol,
            bid=max(rounded(last.close - half, tick, ROUND_FLOOR), tick),
            ask=rounded(last.close + half, tick, ROUND_CEILING),
            last=max(rounded(last.close, tick, ROUND_HALF_EVEN), tick),
            at=self.calendar.close_of(last.session),
            source=source,
            freshness=freshness,
            volume=last.volume,
            currency=instrument.currency,
        )

    def symbols(self, asof: datetime) -> Sequence[str]:
        """Symbols with at least one bar known at `asof`, in order."""
        return [instrument.symbol for instrument in self._source.instruments(asof)]

    def bars(self, symbol: str, asof: datetime, count: int | None = None) -> Sequence[Bar]:
        """Bars known at `asof`, oldest first; the last `count` of them where given."""
        return self._source.bars(symbol, asof, count)

    def columns(self, symbol: str, asof: datetime) -> ColumnsT:
        """Bars known at `asof` as columns, for signals, of length 0 where none is. Raises `BadInput` when unknown."""
        return self._source.columns(symbol, asof)

    def bar(self, symbol: str, session: date) -> Bar | None:
        """The bar of one session as it traded, for matching; None where the symbol did not trade."""
        return self._source.raw_bar(symbol, session, _END)

    def actions(self, symbol: str, session: date) -> Sequence[CorporateAction]:
        """Splits and dividends that take effect before `session` opens."""
        return [action for action in self._source.actions(symbol, _END) if action.session == session]


def half_spread(bars: Sequence[Bar], tick: Decimal) -> Decimal:
    """The modelled half-spread after the last of `bars` (at least one), not below one tick. See the module's text."""
    window = bars[-RANGE_SESSIONS:]
    befores: Sequence[Bar | None] = [None, *bars][-len(window) - 1 : -1]
    total = sum((_true_range(bar, before) for bar, before in zip(window, befores, strict=True)), Decimal(0))
    return max(tick, RANGE_SHARE * total / len(window))


def _true_range(bar: Bar, before: Bar | None) -> Decimal:
    if before is None:
        return bar.high - bar.low
    return max(bar.high, before.close) - min(bar.low, before.close)


def rounded(price: Decimal, tick: Decimal, rounding: str) -> Decimal:
    """`price` on the grid of `tick`, with as many decimals as the tick."""
    return ((price / tick).to_integral_value(rounding=rounding) * tick).quantize(tick)
