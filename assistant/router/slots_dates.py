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
_DAY = r"(?:[12]?\d|3[01]|0[1-9])(?![\d.,/%])(?:st|nd|rd|th)?"
_UNIT = r"(?:trading |business )?(?:days?|sessions?|weeks?|months?|quarters?|years?|fortnight|d|w|m|y)"
_COUNT = r"(?:\d+|couple(?: of)?|few|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty(?:[- ]\w+)?|thirty|forty|fifty|sixty|ninety)"
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|mon|tues?|wed|thu(?:rs)?|fri)"
_DATED = rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|{MONTH} {_DAY}(?: ?,? {_YEAR})?|{_DAY}(?: of)? {MONTH}(?: {_YEAR})?)"
POINT = (
    rf"(?:{_DATED}|{MONTH}(?: of)?(?: {_YEAR}| last year| this year)?|[qh][1-4](?: {_YEAR})?|{_YEAR}|(?:last |this )?{_WEEKDAY}"
    rf"|last (?:week|month|quarter|year)|last {MONTH}|yesterday|today|now"
    rf"|(?:the )?(?:start|beginning|end) of (?:the |this |last )?(?:year|month|quarter|week|{MONTH}(?: {_YEAR})?|{_YEAR}))"
)
_IN = r"(?:in|during|for|on|over|back in|through|throughout|across|within|of|as of|around)"
_BACK = r"(?:last|past|previous|prior|trailing|preceding)"
_AHEAD = r"(?:next|coming|upcoming|following)"
_WINDOWS = (
    rf"\bbetween (?:the )?(?P<w>{POINT} and (?:the )?{POINT})(?!\w)",
    rf"\b(?:from )?(?P<w>{POINT} (?:to|until|through|-) {POINT})\b",
    rf"\b(?P<w>{_YEAR} ?(?:-|to|through) ?{_YEAR})\b",
    rf"\b(?P<w>since (?:{POINT}|inception|i (?:started|opened)))(?![\w-])",
    rf"\b(?P<w>(?:{_BACK}|{_AHEAD}) {_COUNT}[ -]{_UNIT})\b",
    rf"\b(?P<w>(?:first|second|third|fourth|1st|2nd|3rd|4th|last) (?:quarter|half)(?: of)? (?:{_YEAR}|(?:last|this|the) year))\b",
    rf"\b(?P<w>{_YEAR} [qh][1-4]|[qh][1-4](?: of)?(?: {_YEAR}| last year| this year)?)\b",
    r"\b(?P<w>ytd|mtd|qtd|wtd|(?:year|month|quarter|week)[- ]to[- ]date|year so far)\b",
    rf"\b(?:this )?(?P<w>(?:{_BACK}|{_AHEAD}|this|current) (?:trading )?(?:day|session|week|month|quarter|year|decade|summer|winter|spring|fall|fortnight))\b",
    rf"\b(?P<w>\d{{4}}-\d{{1,2}}-\d{{1,2}}|{MONTH} {_DAY} ?,? {_YEAR}|{_DAY}(?: of)? {MONTH} {_YEAR}|{MONTH}(?: of)? {_YEAR}|\d{{1,2}}/\d{{1,2}}/(?:20)?\d\d)\b",
    rf"\b{_IN} (?:the )?(?:all of |whole of )?(?P<w>(?:last |next |this )?{MONTH} {_DAY}|{_DAY}(?: of)? {MONTH}|(?:last |next |this )?{MONTH}|{_YEAR})(?!\w)(?! shares)",
    r"\b(?P<w>\d+[- ](?:trading[- ])?(?:days?|sessions?|weeks?|months?|quarters?|years?)(?: ago)?)\b(?! out| var\b| value[- ]at)",
    r"\b(?P<w>\d{1,3}(?:d|w|m|y))\b(?! var\b)",
    rf"\b(?P<w>(?:a|an|one) (?:year|month|week|quarter|fortnight) ago|(?:{_COUNT}) (?:days|weeks|months|years) ago|all[- ]time|yesterday|today|tomorrow)\b(?! order)",
    r"\b(?:a|the|over a|in a|past|on the|whole|entire|full) (?P<w>year|month|week|quarter)\b(?= *[?.!]?$)",
    rf"\b(?P<w>(?:(?:last|this|next) )?{_WEEKDAY})\b",
    rf"\b(?P<w>(?!may\b|mar\b|march\b){MONTH}(?: {_DAY})?)(?!\w)",
    rf"(?<![\d$.,])(?P<w>{_YEAR})\b(?! ?(?:shares|style|contracts|dollars)|[.,]\d|-)",
)
"""Ordered: what says more comes first, a bare month or year last."""

_NAMED_MONTH = rf"(?!may\b){MONTH}|(?<=\bin )may|(?<=\bfor )may|(?<=\bthe )may|(?<=\bof )may|(?<=\bexpiry )may|may(?= (?:\d|calls?\b|puts?\b|expir|contract))"
_EXPIRIES = (
    rf"\b(?:exp(?:iry|iring|iration|ires)?(?: date)?(?: on| in| of| at)? )?(?P<e>\d{{4}}-\d{{1,2}}-\d{{1,2}}|{MONTH} {_DAY}(?: ?,? {_YEAR})?|{_DAY}(?: of)? {MONTH}(?: {_YEAR}\b)?(?! {_DAY}))(?!\w)",
    r"\b(?P<e>\d+ ?-?(?:dte|days? to expir(?:y|ation)|days? out|days? till? expiry|weeks? out|months? out))\b",
    rf"\b(?P<e>(?:third|3rd|2nd|second) friday(?: (?:of|in) {MONTH})?|end of (?:the )?(?:month|week|year|{MONTH}))\b",
    rf"\b(?P<e>(?:next|this|coming) (?:{_WEEKDAY}|week|month)|(?:front|next|this)[- ]month|weekl(?:y|ies)|monthl(?:y|ies)|nearest|next expiry|leaps)\b",
    rf"\b(?P<e>(?:{_NAMED_MONTH})(?: {_YEAR})?)\b",
    r"(?<!last )(?<!past )(?<!previous )\b(?P<e>(?:in )?\d+[ -](?:days|weeks|months|day|week|month))\b",
    r"(?<![\d/.])(?<!/ )(?P<e>(?:0?[1-9]|1[0-2]) ?/ ?(?:[0-2]?\d|3[01])(?: ?/ ?(?:20)?\d\d)?)(?! ?[\d/.])",
    rf"\b(?P<e>{_WEEKDAY})\b",
)


_LEADING = re.compile(r"(?:over|in|for|during|within|on|across)(?: the)? <win>|the <win>")


def take_window(scan: Scan) -> None:
    """Read the first window of the clause."""
    for pattern in _WINDOWS:
        match = scan.take(pattern, "win")
        if match is not None:
            words = " ".join(match["w"].split())
            scan.slots["window"] = words
            scan.line = _LEADING.sub("<win>", scan.line)
            dates = window_dates(words, scan.today) or window_dates(match[0], scan.today)
            if dates is not None:
                scan.resolved["window"] = [dates[0].isoformat(), dates[1].isoformat()]
            return


def take_expiry(scan: Scan) -> None:
    """Read the expiry of an option clause."""
    for pattern in _EXPIRIES:
        match = scan.take(pattern, "exp")
        if match is not None:
            words = " ".join(match["e"].split()).removeprefix("in ").replace(" / ", "/")
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
    if match := re.fullmatch(rf"(?:({MONTH}) )?({_DAY})(?:(?: of)? ({MONTH}))?(?: ?,? ({_YEAR}))?", words):
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
