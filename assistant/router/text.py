"""From raw text to clean tokens: bounded, without control characters, with look-alike words pointed out.

Nothing here maps one letter to another silently: a word with letters from another script, a full-width form or an
invisible character keeps its raw form and is marked, so that later steps ask instead of guessing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 1_000
"""Only this much of a message is read; the rest is noted as cut."""

_CONFUSABLE = str.maketrans(
    "АВСЕНІЈКМОРЅТХУԌԛаеорсухіјѕԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορνικτυχᴀᴘʟɢᴏᴍᴇᴛᴢɴᴠᴅꜱ",
    "ABCEHIJKMOPSTXYGqaeopcyxijsdhABEZHIKMNOPTYXaopviktuxAPLGOMETZNVDS".replace(" ", ""),
)
_PIECE = re.compile(
    r"\$?\d{4}-\d{1,2}-\d{1,2}(?!\d)"  # an ISO date
    r"|\d{1,3}-day\b"
    r"|\d{1,2}(?:st|nd|rd|th)\b"  # an ordinal: the 15th
    r"|\d{1,3}[dwyDWY](?!\w)"  # a window: 30d, 1y
    r"|\d+[A-Za-z]+\d\w*"  # a code that begins with a digit: 7F31
    r"|(?<![\w.)])[-+−]?[$€£]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[-+]?\d+)?(?:[kKmMbB]{1,2}(?![A-Za-z]))?%?"
    r"|(?<![\w.)])[-+−]?[$€£]?\.\d+%?"
    r"|\$[A-Za-z][A-Za-z.]*[A-Za-z]|\$[A-Za-z]"
    r"|[Pp][&/][Ll]\b|[Ww]/[oO]?(?!\w)|[Ss]&[Pp]\b|[Aa][Tt]&[Tt]\b"
    r"|[^\W\d_][\w'’&-]*(?:\.[A-Za-z](?![A-Za-z]))?"
    r"|[\w]+|[^\w\s]"
)


@dataclass(frozen=True)
class Token:
    """One piece of the message as it was typed; `odd` marks letters or digits that only look like plain ones."""

    raw: str
    odd: bool = False

    @property
    def low(self) -> str:
        """Lower case, straight apostrophes."""
        return self.raw.lower().replace("’", "'")


@dataclass(frozen=True)
class Prepared:
    """A message ready to be read."""

    tokens: tuple[Token, ...]
    notes: tuple[str, ...] = ()
    shouting: bool = False
    """Every letter is upper case, so case says nothing about tickers."""
    cut: bool = False
    """The message was longer than what was read of it."""


def lookalike(word: str) -> str:
    """What a word written in look-alike letters resembles in plain capitals, e.g. Cyrillic "ААРL" gives "AAPL"."""
    plain = unicodedata.normalize("NFKD", word).translate(_CONFUSABLE)
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == ".")).upper()


def _is_odd(word: str) -> bool:
    if word.isascii():
        return False
    scripts: set[str] = set()
    for char in word:
        kind = unicodedata.category(char)
        if kind == "Cf" or (kind in ("Nd", "No", "Nl") and not char.isascii()):
            return True
        if kind.startswith("L"):
            name = unicodedata.name(char, "")
            if not char.isascii() and unicodedata.normalize("NFKC", char) != char:
                return True
            scripts.add("LATIN" if name.startswith("LATIN") and "SMALL CAPITAL" not in name else name.split(" ")[0])
    return len(scripts) > 1 or ("LATIN" not in scripts and bool(scripts) and 2 <= len(lookalike(word)) == len(word))


def prepare(text: str) -> Prepared:
    """Clean and cut `text` and split it into tokens. Never raises; at most `MOST_CHARACTERS` are looked at."""
    notes: list[str] = []
    cut = len(text) > MOST_CHARACTERS
    if cut:
        notes.append(f"only the first {MOST_CHARACTERS} of {len(text)} characters were read")
        text = text[:MOST_CHARACTERS]
    tokens: list[Token] = []
    for chunk in text.split():
        cleaned = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") else " " for c in chunk)
        for word in cleaned.split():
            tokens.extend(_pieces(word))
    odd = [t.raw for t in tokens if t.odd]
    notes.extend(f"'{_shown(word)}' has characters that only look like plain letters or digits" for word in odd[:3])
    letters = [c for t in tokens for c in t.raw if c.isalpha()]
    shouting = len(tokens) > 2 and len(letters) > 8 and all(c.isupper() for c in letters)
    return Prepared(tuple(tokens), tuple(notes), shouting, cut)


def _pieces(word: str) -> list[Token]:
    if any(unicodedata.category(c) == "Cf" for c in word):
        bare = "".join(c for c in word if unicodedata.category(c) != "Cf")
        # Joiners belong inside emoji; beside letters or digits they hide something.
        return [Token(bare, odd=any(c.isalnum() for c in bare))] if bare else []
    word = word.replace("“", '"').replace("”", '"').replace("‘", "'").replace("’", "'")
    return [Token(p, _is_odd(p)) for p in _PIECE.findall(word)]


def _shown(word: str) -> str:
    return word[:20].encode("ascii", "backslashreplace").decode()
