"""A text as the sentiment models read it: bounded, without addresses and invisible characters, one space between words.

Training and serving call this same function, so that what a model learnt is what it is asked.
"""

from __future__ import annotations

import html
import re
import unicodedata

TEXT_CAP = 2000
"""Characters of a text that are read; a headline and its first sentences fit well within."""
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*|\bpic\.twitter\.com/\S*", re.IGNORECASE)
_LEADING_TICKERS = re.compile(r"^(?:\s*\$[A-Za-z][A-Za-z.\-]{0,9}\b)+\s*(?:\([^)]{0,12}\)\s*)?[:\-–—|]\s+")
_MARK = re.compile(r"[$#@](?=[A-Za-z])")
_TAIL = re.compile(r"(?:…|\.\.\.)\s*$")


def cleaned(text: str) -> str:
    """The text to read. Leading tickers (`$AAPL - `) go: they name the subject and say nothing of its tone."""
    text = html.unescape(text[: 2 * TEXT_CAP])
    text = "".join(" " if unicodedata.category(char) in _INVISIBLE else char for char in text)
    text = _ADDRESS.sub(" ", text)
    text = _LEADING_TICKERS.sub("", text)
    text = _MARK.sub("", text)
    return _TAIL.sub("", " ".join(text.split()))[:TEXT_CAP].strip()
