"""A person's words for a stretch of time → dates. Pure: nothing but the words and today decides.

Two kinds of window differ in what a change over them is measured from. A *period* (a named quarter, year, month, week
or day, "ytd", "since March") is measured from the last close before its first day, as performance is usually quoted.
Any other window ("last 30 days", "since 3 January") is measured from the close on its first day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from brokers.vocabulary import Value

BEGINNING = date(1900, 1, 1)
"""Where "all time" starts: before any data."""


class Window(Value):
    """Days from `start` to `end`, both included."""

    start: date
    end: date
    period: bool
    """True for a named period: a change is measured from the close before `start`."""
    sessions: int | None = None
    """Set when so many trading sessions were meant: they are counted back from `end`; `start` is then an estimate."""


_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "a": 1, "an": 1, "couple": 2, "few": 3, "twenty": 20, "thirty": 30, "sixty": 60,
    "ninety": 90, "fifty": 50,
}  # fmt: skip
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
_UNITS = {
    "d": "day", "day": "day", "w": "week", "wk": "week", "week": "week", "m": "month", "mo": "month", "month": "month",
    "q": "quarter", "quarter": "quarter", "y": "year", "yr": "year", "year": "year",
    "session": "session", "trading day": "session", "business day": "session",
}  # fmt: skip
_TO_DATE = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}
_EVER = {"all time", "all", "ever", "max", "everything", "inception", "the beginning", "whole history", "full history"}
_LEADING = re.compile(r"^(?:(?:over|in|during|for|within|of|on|at|the|whole|entire|from the|back in)\s+)+")
_COUNT = r"(?P<count>\d{1,4}|" + "|".join(_NUMBERS) + r")"
_UNIT = r"(?P<unit>trading days?|business days?|sessions?|days?|weeks?|wks?|months?|mo|quarters?|years?|yrs?|[dwmqy])"
_ROLLING = re.compile(
    rf"(?:(?:last|past|previous|prior|trailing|recent)\s+)?{_COUNT}(?:\s+of)?[\s-]*{_UNIT}(?P<ago>\s+ago)?"
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))


def resolve_window(words: str, today: date) -> Window | None:
    """The window that `words` mean on `today`; None when they cannot be read or lie wholly in the future.

    A month, quarter or half without a year is the latest one that has begun. The end is never after `today`.
    """
    text = _plain(words)
    if not text or len(text) > 80:
        return None
    for reader in (_ever, _since, _between, _to_date, _rolling, _relative, _named):
        try:
            window = reader(text, today)
        except (ValueError, OverflowError):  # a day that no calendar has: 31 February, a million years ago
            return None
        if window is not None:
            return _until_today(window, today)
    return None


def _plain(words: str) -> str:
    text = re.sub(r"[,']", " ", words.lower().replace("–", "-").replace("—", "-"))
    text = " ".join(text.split()).strip(" .?!")
    return _LEADING.sub("", f"{text} ").strip()


def _until_today(window: Window, today: date) -> Window | None:
    if window.start > today or window.start > window.end:
        return None
    return window if window.end <= today else window.model_copy(update={"end": today})


def _period(start: date, end: date) -> Window:
    return Window(start=start, end=end, period=True)


def _ever(text: str, today: date) -> Window | None:
    return _period(BEGINNING, today) if text.removeprefix("since ") in _EVER else None


def _since(text: str, today: date) -> Window | None:
    match = re.fullmatch(r"(?:since|from|after)\s+(?P<what>(?:(?! to | until | - ).)+?)(?:\s+(?:on|onwards?))?", text)
    if match is None:
        return None
    begun = resolve_window(match["what"], today)
    return None if begun is None else Window(start=begun.start, end=today, period=begun.start != begun.end)


def _between(text: str, today: date) -> Window | None:
    match = re.fullmatch(r"between (?P<a>.+) and (?P<b>.+)", text)
    match = match or re.fullmatch(r"(?:from )?(?P<a>.+?) (?:to|until|till|through|-) (?P<b>.+)", text)
    if match is None or text in ("year to date", "month to date", "quarter to date", "week to date"):
        return None
    last = resolve_window(match["b"], today) if match["b"] not in ("now", "date") else _period(today, today)
    if last is None:
        return None
    # "January to March 2020": the year is said once, at the end.
    year = re.search(r"\b(\d{4})$", match["b"])
    first_words = match["a"] if re.search(r"\d{4}", match["a"]) or year is None else f"{match['a']} {year[1]}"
    first = resolve_window(first_words, today) or resolve_window(match["a"], today)
    return None if first is None else Window(start=first.start, end=last.end, period=first.start != first.end)


def _to_date(text: str, today: date) -> Window | None:
    match = re.fullmatch(
        r"(?P<unit>year|quarter|month|week)[ -]to[ -]date|this (?P<this>year|quarter|month|week)", text
    )
    unit = _TO_DATE.get(text) or (match and (match["unit"] or match["this"]))
    return _period(_begin(unit, today), today) if unit else None


def _rolling(text: str, today: date) -> Window | None:
    match = re.fullmatch(_ROLLING, text)
    alone = re.fullmatch(rf"(?:past|trailing) {_UNIT}", text)
    if match is None and alone is None:
        return None
    if match is not None:
        count = _NUMBERS.get(match["count"]) or int(match["count"])
        unit = _unit(match["unit"])
    else:
        count, unit = 1, _unit(alone["unit"]) if alone else "day"
    if count == 0 or (count > 1000 and unit not in ("day", "session")):
        return None  # "2022 m" is no window
    if unit == "session":
        return Window(start=today - timedelta(days=count * 7 // 5 + 4), end=today, period=True, sessions=count)
    start = _back(today, count, unit)
    return _one_day(start) if match and match["ago"] else Window(start=start, end=today, period=False)


def _relative(text: str, today: date) -> Window | None:
    if text in ("today", "now"):
        return _period(today, today)
    if text == "yesterday":
        return _period(today - timedelta(days=1), today - timedelta(days=1))
    match = re.fullmatch(r"(?:last|previous|prior) (?P<unit>session|trading day|week|month|quarter|year)", text)
    if match is None:
        return None
    unit = _unit(match["unit"])
    if unit == "session":
        return Window(start=today - timedelta(days=5), end=today, period=True, sessions=1)
    end = _begin(unit, today) - timedelta(days=1)
    return _period(_begin(unit, end), end)


def _named(text: str, today: date) -> Window | None:
    readers: tuple[Callable[[str, date], Window | None], ...] = (_iso, _part_of_year, _month, _day, _year)
    return next((window for reader in readers if (window := reader(text, today))), None)


def _iso(text: str, today: date) -> Window | None:  # noqa: ARG001 - one signature for all
    match = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    return _whole_month(year, month) if match[3] is None else _one_day(date(year, month, int(match[3])))


def _part_of_year(text: str, today: date) -> Window | None:
    """Quarters and halves: "q3 2022", "2022 q3", "third quarter of 2022", "h1", "first half of 2022"."""
    words = "|".join(_ORDINALS)
    part = rf"(?:(?P<kind>[qh])(?P<digit>[1-4])|(?P<word>{words}) (?P<long>quarter|half))"
    match = re.fullmatch(rf"{part}(?:(?: of)?[ -]?(?P<year>\d{{4}}))?", text)
    match = match or re.fullmatch(rf"(?P<year>\d{{4}})[ -]?{part}", text)
    if match is None:
        return None
    months = 3 if match["kind"] == "q" or match["long"] == "quarter" else 6
    number = int(match["digit"]) if match["digit"] else _ORDINALS[match["word"]]
    number = 2 if match["word"] == "last" and months == 6 else number
    first_month = (number - 1) * months + 1
    if first_month > 12:
        return None
    year = int(match["year"]) if match["year"] else _latest_year(first_month, 1, today)
    return _period(date(year, first_month, 1), _month_end(year, first_month + months - 1))


def _month(text: str, today: date) -> Window | None:
    match = re.fullmatch(rf"(?P<last>last )?(?P<month>{_MONTH})\.?(?: (?:of )?(?P<year>\d{{4}}))?", text)
    if match is None:
        return None
    month = _MONTHS[match["month"]]
    if match["year"]:
        return _whole_month(int(match["year"]), month)
    return _whole_month(_latest_year(month, 1, today), month)


def _day(text: str, today: date) -> Window | None:
    match = re.fullmatch(rf"(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<year>\d{{4}}))?", text)
    reverse = rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\.?(?: (?P<year>\d{{4}}))?"
    match = match or re.fullmatch(reverse, text)
    if match is None:
        return None
    month, day = _MONTHS[match["month"]], int(match["day"])
    year = int(match["year"]) if match["year"] else _latest_year(month, day, today)
    return _one_day(date(year, month, day))


def _year(text: str, today: date) -> Window | None:  # noqa: ARG001 - one signature for all
    match = re.fullmatch(r"(?:year |calendar )?((?:19|20)\d{2})", text)
    return _period(date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)) if match else None


def _one_day(day: date) -> Window:
    return _period(day, day)


def _whole_month(year: int, month: int) -> Window:
    return _period(date(year, month, 1), _month_end(year, month))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _latest_year(month: int, day: int, today: date) -> int:
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _unit(word: str) -> str:
    return _UNITS.get(word) or _UNITS[word.removesuffix("s")]


def _begin(unit: str, day: date) -> date:
    """The first day of the calendar unit that holds `day`; weeks begin on Monday."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    month = {"year": 1, "quarter": (day.month - 1) // 3 * 3 + 1, "month": day.month}[unit]
    return date(day.year, month, 1)


def _back(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - count * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
