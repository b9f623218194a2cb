"""Horizons in a person's words: "tomorrow", "next week", "20 days", "by friday" as sessions ahead."""

from __future__ import annotations

import re
from datetime import date, timedelta
from math import log

import numpy as np

from brokers.vocabulary import BadInput
from models.forecast import HORIZONS

FARTHEST = 30
"""Sessions beyond which no forecast is near enough to stand for the question."""
_LENGTHS = {1: "day session d", 5: "week w", 10: "fortnight", 20: "month m", 63: "quarter q", 252: "year y"}
_UNITS = {name: length for length, names in _LENGTHS.items() for name in names.split()}
_NAMED = {"tomorrow": 1, "tonight": 1, "today": 1, "overnight": 1, "fortnight": 10}
_COUNTS = "one two three four five six seven eight nine ten"
_NUMBERS = {
    **dict.fromkeys(("a", "an", "next", "this", "the", "coming", "following"), 1),
    **{name: count for count, name in enumerate(_COUNTS.split(), 1)},
    "couple": 2,
    "few": 3,
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b")
_SPAN = re.compile(
    rf"\b(?:(\d{{1,4}}|{'|'.join(_NUMBERS)})[\s-]*)?(?:of\s+)?(?:trading\s+|business\s+)?({'|'.join(_UNITS)})s?\b"
)
_BACK = re.compile(
    r"\b(?:last|past|previous|prior|trailing|preceding|recent|ago|since|yesterday|[ymqw]td|to[- ]date|so far)\b"
)
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})(?:s|rs|nes)?(?:day)?\b")


def looks_back(words: str) -> bool:
    """True for a window that has passed, "last 30 days" or "since may": it is no horizon."""
    return _BACK.search(words.lower()) is not None


def horizon_of(words: str | None, today: date) -> tuple[int | None, str]:
    """The forecast horizon nearest to a horizon in words ("next week" is 5 sessions), and a note where they differ.

    Raises:
        BadInput: the words cannot be read, or lie beyond `FARTHEST` sessions.
    """
    if words is None or not words.strip():
        return None, ""
    asked = None if looks_back(words) else _sessions(" ".join(words.lower().split()), today)
    if asked is None:
        raise BadInput(
            f"“{words[:40]}” is no horizon that can be read.", fix="Say for example: tomorrow, next week, 20 days."
        )
    if asked > FARTHEST:
        raise BadInput(
            f"Forecasts reach {HORIZONS[-1]} sessions ahead, and “{words[:40]}” is about {asked}.",
            fix="Ask for tomorrow, next week or next month.",
        )
    nearest = min(HORIZONS, key=lambda horizon: (abs(log(horizon / asked)), horizon))
    said = "" if nearest == asked else f"Asked about {asked} sessions; the nearest that is forecast is {nearest}."
    return nearest, said


def _sessions(words: str, today: date) -> int | None:
    """Sessions ahead that the words come to, counting weekdays; None where they say no time to come."""
    named = next((sessions for name, sessions in _NAMED.items() if re.search(rf"\b{name}\b", words)), None)
    if named is not None:
        return named
    if bare := re.fullmatch(r"\d{1,3}", words):
        return max(1, int(bare[0]))
    if found := _SPAN.search(words):
        count = found[1] or "1"
        return max(1, (int(count) if count.isdigit() else _NUMBERS[count]) * _UNITS[found[2]])
    if found := _WEEKDAY.search(words):
        return (_WEEKDAYS.index(found[1]) - today.weekday() - 1) % 5 + 1
    day = _day(words, today)
    ahead = 0 if day is None else int(np.busday_count(today, day))
    return ahead if ahead > 0 else None


def _day(words: str, today: date) -> date | None:
    """The day that a written date or the end of a named month is."""
    if found := re.search(r"\b\d{4}-\d{2}-\d{2}\b", words):
        try:
            return date.fromisoformat(found[0])
        except ValueError:
            return None
    named = _MONTH.search(words)
    if named is None:
        return None
    month = _MONTHS.index(named[1]) + 1
    year = today.year + (month < today.month)
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
