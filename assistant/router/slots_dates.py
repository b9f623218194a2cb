# ruff: noqa: E501  (a pattern reads better whole)
"""Windows and expiries: the person's words, trimmed, and the dates they stand for on a given day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.router.lexicon import words
from assistant.router.scan import Scan
from tools.market.windows import resolve_window

_MONTHS = words("jan feb mar apr may jun jul aug sep oct nov dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
_UNIT = r"(?:trading )?(?:days?|sessions?|weeks?|months?|quarters?|years?|d|m|y)"
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|mon|tues?|wed|thu(?:rs)?|fri)"
POINT = (
    rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|{MONTH} {_DAY}(?: ?,? {_YEAR})?|{_DAY} {MONTH}(?: {_YEAR})?|{MONTH}(?: of)?(?: {_YEAR})?"
    rf"|q[1-4](?: {_YEAR})?|{_YEAR}|last {_WEEKDAY}|last (?:week|month|quarter|year)|yesterday|today|now"
    rf"|the (?:start|beginning) of (?:the )?(?:year|month|{_YEAR}))"
)
_WINDOWS = (
    rf"\b(?:from|between) (?P<w>{POINT} (?:to|and|until|through|-) {POINT})",
    rf"\b(?P<w>{_YEAR} ?(?:-|to|through) ?{_YEAR})\b",
    rf"\b(?P<w>since {POINT})\b",
    rf"\b(?P<w>(?:last|past|previous|prior|trailing) \d+ {_UNIT})\b",
    r"\b(?P<w>(?:last|past|previous|prior|this|current) (?:trading )?(?:day|session|week|month|quarter|year|decade|summer|winter|spring|fall))\b",
    rf"\b(?P<w>(?:first|second|third|fourth|1st|2nd|3rd|4th) (?:quarter|half)(?: of)? {_YEAR})\b",
    rf"\b(?P<w>(?:q[1-4]|h[12])(?: of)?(?: {_YEAR})?)\b",
    r"\b(?P<w>ytd|mtd|qtd|(?:year|month|quarter)[- ]to[- ]date)\b",
    rf"\b(?P<w>\d{{4}}-\d{{1,2}}-\d{{1,2}}|{MONTH} {_DAY}(?: ?,? {_YEAR})|{_DAY} {MONTH} {_YEAR}|{MONTH}(?: of)? {_YEAR})\b",
    rf"\b(?:in|during|for|on|over|back in) (?P<w>{MONTH} {_DAY}|{MONTH}|{_YEAR})\b",
    r"\b(?P<w>\d+[- ](?:trading[- ])?(?:days?|sessions?|weeks?|months?|quarters?|years?)(?: ago)?)\b(?! out)",
    r"\b(?P<w>\d+(?:d|w|m|y))\b",
    rf"\b(?P<w>{_YEAR})(?= (?:return|performance|high|low|drawdown|volatility|sharpe))",
    r"\b(?P<w>a (?:year|month|week) ago|all[- ]time|yesterday|today|tomorrow|this morning|so far today|overnight)\b",
    r"\b(?:a|the|over a|in a|past) (?P<w>year|month|week|quarter)\b(?= *[?.!]?$)",
    rf"\b(?P<w>(?:last )?{_WEEKDAY})\b",
)
_EXPIRIES = (
    rf"\b(?:exp(?:iry|iring|iration|ires)?(?: date)?(?: on| in| of| at)? )?(?P<e>\d{{4}}-\d{{1,2}}-\d{{1,2}}|{MONTH} {_DAY}(?: ?,? {_YEAR})?|{_DAY} {MONTH}(?: {_YEAR})?)\b",
    r"\b(?P<e>\d+ ?-?(?:dte|days? to expir(?:y|ation)|days? out|days? till? expiry|weeks? out|months? out))\b",
    rf"\b(?P<e>(?:next|this|the next|coming) (?:{_WEEKDAY}|week|month)|(?:front|next|this)[- ]month|weekl(?:y|ies)|monthl(?:y|ies)|nearest|next expiry|leaps)\b",
    rf"\b(?P<e>{MONTH}(?: {_YEAR})?)\b",
    r"\b(?P<e>(?:in )?\d+ (?:days|weeks|months))\b",
    r"(?<![\d/])(?P<e>(?:0?[1-9]|1[0-2])/(?:[0-2]?\d|3[01])(?:/(?:20)?\d\d)?)(?![\d/])",
    rf"\b(?P<e>{_WEEKDAY})\b",
)


def take_window(scan: Scan) -> None:
    """Read the first window of the clause."""
    for pattern in _WINDOWS:
        match = scan.take(pattern, "win")
        if match is not None:
            words = " ".join(match["w"].split())
            scan.slots["window"] = words
            scan.line = re.sub(r"(?:over|in|for|during|within|on|across)(?: the)? <win>|the <win>", "<win>", scan.line)
            dates = window_dates(words, scan.today)
            if dates is not None:
                scan.resolved["window"] = [dates[0].isoformat(), dates[1].isoformat()]
            return


def take_expiry(scan: Scan) -> None:
    """Read the expiry of an option clause."""
    for pattern in _EXPIRIES:
        match = scan.take(pattern, "exp")
        if match is not None:
            words = " ".join(match["e"].split()).removeprefix("in ")
            scan.slots["expiry"] = words
            found = expiry_date(words, scan.today)
            if found is not None:
                scan.resolved["expiry"] = found.isoformat()
            return


def _month(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def third_friday(year: int, month: int) -> date:
    """The usual monthly expiry."""
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


def expiry_date(words: str, today: date) -> date | None:
    """The date an expiry's words stand for on `today`; None when they name no single date."""
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return _safe(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(rf"(?:({MONTH}) )?({_DAY})(?: ({MONTH}))?(?: ?,? ({_YEAR}))?", words):
        name = match[1] or match[3]
        if name is None:
            return None
        day = int(re.sub(r"\D", "", match[2]))
        found = _safe(int(match[4]) if match[4] else today.year, _month(name), day)
        return _safe(today.year + 1, _month(name), day) if found and not match[4] and found < today else found
    if match := re.fullmatch(rf"({MONTH})(?: ({_YEAR}))?", words):
        year = int(match[2]) if match[2] else today.year
        found = third_friday(year, _month(match[1]))
        return third_friday(year + 1, _month(match[1])) if not match[2] and found < today else found
    if match := re.match(r"(\d+) ?-?(dte|day|week|month)", words):
        return today + timedelta(days=min(int(match[1]), 3650) * {"week": 7, "month": 30}.get(match[2], 1))
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?", words):
        year = int(match[3]) % 2000 + 2000 if match[3] else today.year
        found = _safe(year, int(match[1]), int(match[2]))
        return _safe(year + 1, int(match[1]), int(match[2])) if found and not match[3] and found < today else found
    return _named_expiry(words, today)


def _named_expiry(words: str, today: date) -> date | None:
    if match := re.search(rf"({_WEEKDAY})$", words):
        ahead = ("mon", "tue", "wed", "thu", "fri").index(match[1][:3]) - today.weekday()
        ahead = ahead if ahead > 0 else ahead + 7
        return today + timedelta(days=ahead + (7 if words.startswith("next") and ahead + today.weekday() < 7 else 0))
    if "month" in words and not words.startswith("this"):
        return third_friday(today.year + today.month // 12, today.month % 12 + 1)
    return None


def window_dates(words: str, today: date) -> tuple[date, date] | None:
    """First and last day of a window, as the market room reads its words; None when it cannot."""
    window = resolve_window(words, today)
    return None if window is None else (window.start, window.end)
