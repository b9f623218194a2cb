"""A canonical line with its particulars as tags, so that what is learnt of one symbol, number or date holds for all."""

from __future__ import annotations

import re

_TAGS = (
    (re.compile(r"\$[A-Z][A-Z0-9.\-]*"), "<sym>"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}"), "<date>"),
    (re.compile(r"\b(?:19|20)\d\d\b"), "<year>"),
    (re.compile(r"\$\d+(?:\.\d+)?"), "<money>"),
    (re.compile(r"\d+(?:\.\d+)?%"), "<pct>"),
    (re.compile(r"\b\d+\.\d+\b"), "<price>"),
    (re.compile(r"\b\d+\b"), "<n>"),
    (re.compile(r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\b(?!\.)"), "<month>"),
    (re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri)(?:day)?\b"), "<weekday>"),
)


def tagged(line: str) -> str:
    """A canonical line with symbols, numbers and dates as tags, so that what is learnt holds for all of them."""
    for pattern, tag in _TAGS:
        line = pattern.sub(tag, line)
    return " ".join(line.split())
