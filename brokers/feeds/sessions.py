"""Sessions of the New York Stock Exchange and the instants at which they close.

The days come from exchange-calendars. Those of 1990 to mid 2027 ship with the sample market as a small table made from
it, because building its calendar takes seconds; any other day asks the library itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from brokers.feeds.sample.read import read_columns

TABLE = Path(__file__).parent / "sample" / "sessions.parquet"
_NEW_YORK = ZoneInfo("America/New_York")
_USUAL_CLOSE = time(16, 0)


class NewYorkHours:
    """When the New York Stock Exchange trades. Reads its table on first use."""

    name = "New York (XNYS)"

    @cached_property
    def _table(self) -> dict[date, datetime]:
        columns = read_columns(TABLE, "session", "closes_at")
        closes = [instant.replace(tzinfo=UTC) for instant in columns["closes_at"].tolist()]
        return dict(zip([instant.date() for instant in columns["session"].tolist()], closes, strict=True))

    def closes(self, first: date, last: date) -> Mapping[date, datetime]:
        """Session → official close (UTC) for every session in [first, last], in order."""
        table = self._table
        known_first, known_last = next(iter(table)), next(reversed(table))
        days = {day: close for day, close in table.items() if first <= day <= last}
        if first < known_first:
            days = {**_from_library(first, min(last, known_first - timedelta(days=1))), **days}
        if last > known_last:
            days = {**days, **_from_library(max(first, known_last + timedelta(days=1)), last)}
        return days

    def usual_close(self, day: date) -> datetime:
        """16:00 in New York on `day`, in UTC: the close to assume where data shows trading on a day not listed."""
        return datetime.combine(day, _USUAL_CLOSE, tzinfo=_NEW_YORK).astimezone(UTC)


def _from_library(first: date, last: date) -> dict[date, datetime]:
    # The library refuses a range that holds no session: ask for a little more and keep what was asked for.
    margin = timedelta(days=14)
    return {day: at for day, at in library_closes(first - margin, last + margin).items() if first <= day <= last}


def library_closes(first: date, last: date) -> dict[date, datetime]:
    """Session → close (UTC) as exchange-calendars has them; slow, and the range must hold a session."""
    import exchange_calendars  # takes seconds: only for days outside of the table

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own use of pandas
        closes = exchange_calendars.get_calendar("XNYS", start=str(first), end=str(last)).closes
    return {
        date.fromisoformat(str(day)[:10]): datetime.fromisoformat(str(at)[:19]).replace(tzinfo=UTC)
        for day, at in closes.items()
    }
