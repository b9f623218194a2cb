"""Which symbols a headline is about: tickers, names and aliases, with care for names that are also words.

"Apple cuts prices" is about a company; "apple pie", "price target", "meta-analysis" and "the gender gap" are not. A
ticker counts when it is written as one; a name when it is written as a name; a name that is mostly a plain word
(Target, Gap) only beside something that companies do. In doubt nothing is linked: a missed headline costs less than
another company's. Pure: the instruments and the text alone decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from brokers.vocabulary import Instrument, NewsItem
from tools.market.news_names import ABOUT, ACRONYMS, DOES, ELSEWHERE, JOINED, NOT_AFTER, NOT_BEFORE, WORDY

MOST_CHARACTERS = 4_000
"""Characters of a body that are searched."""
_LEGAL = re.compile(
    r",?\s+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|plc|holdings?|group|n\.?v|s\.?a|ag|se)\b\.?$|"
    r"\s*\((?:class|series) [a-c]\)$|\s+(?:class|series) [a-c]$|\s+common stock$",
    re.IGNORECASE,
)
_CASHTAG = re.compile(r"\$([A-Za-z]{1,6}(?:[.\-][A-Za-z])?)\b")
_LISTED = re.compile(
    r"(?:\b(?:NYSE|NASDAQ|Nasdaq|NasdaqGS|XNYS|XNAS|AMEX|CBOE)(?:\s*:\s*)|\()([A-Z]{1,6}(?:\.[A-Z])?)(?:\.[ON])?\b"
)
_BARE = re.compile(r"(?<![\w$.&'’\-])([A-Z]{3,6}(?:\.[A-Z])?)(?:\.[ON])?(?![\w&\-]|\.\w)")
_TOKEN = re.compile(r"[\w'’%]+")


@dataclass(frozen=True)
class Mention:
    """One symbol that an item is about, and how surely and how much."""

    symbol: str
    relevance: float
    """1: the headline's subject; less where it is one of several, only tagged, or only in the body."""
    how: str


@dataclass(frozen=True)
class _Found:
    symbol: str
    at: int
    how: str


class Linker:
    """Finds the symbols of known instruments in texts. `text:untrusted`: nothing in a text is followed, only found."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._known = {instrument.symbol.upper(): instrument for instrument in instruments}

    def mentions(self, item: NewsItem) -> tuple[Mention, ...]:
        """What the item is about: the headline's symbols, then its tags, then the body's; the most relevant first."""
        found: dict[str, Mention] = {}
        for place, hit in enumerate(self.found(item.headline)):
            found.setdefault(hit.symbol, Mention(hit.symbol, 1.0 if place == 0 else 0.8, hit.how))
        for tag in item.symbols:
            alone = 0.9 if len(item.symbols) == 1 and not found else 0.6
            found.setdefault(tag, Mention(tag, alone, "tagged by its source"))
        if item.body:
            for hit in self.found(item.body[:MOST_CHARACTERS]):
                found.setdefault(hit.symbol, Mention(hit.symbol, 0.4, f"{hit.how}, in the text only"))
        if len(found) > 3:  # a round-up says little of each
            return tuple(Mention(one.symbol, one.relevance / 2, one.how) for one in found.values())
        return tuple(found.values())

    def found(self, text: str) -> list[_Found]:
        """Known symbols named in `text`, each once, in their order."""
        hits = [*self._tickers(text), *self._named(text)]
        first: dict[str, _Found] = {}
        for hit in sorted(hits, key=lambda hit: hit.at):
            first.setdefault(hit.symbol, hit)
        return list(first.values())

    def _tickers(self, text: str) -> list[_Found]:
        hits = [_Found(m[1].upper(), m.start(), f"${m[1].upper()}") for m in _CASHTAG.finditer(text)]
        listed = (m for m in _LISTED.finditer(text) if m[0][0] != "(" or m[1].lower() not in ACRONYMS)
        hits += [_Found(m[1], m.start(), m[0].lstrip("(")) for m in listed]
        shouted = _shouted(text)
        for match in _BARE.finditer(text):
            word = match[1].lower()
            if word not in ACRONYMS and not (shouted and (word in WORDY or word in NOT_AFTER)):
                hits.append(_Found(match[1], match.start(), f"the ticker {match[1]}"))
        return [hit for hit in hits if hit.symbol in self._known]

    def _named(self, text: str) -> list[_Found]:
        if self._pattern is None:
            return []
        hits: list[_Found] = []
        shape = _Shape(text)
        for match in self._pattern.finditer(text):
            written = match[0]
            symbol = self._names[_folded(written)]
            if _is_name(written, text, match.start(), match.end(), shape):
                hits.append(_Found(symbol, match.start(), f"the name {written}"))
        return hits

    @cached_property
    def _names(self) -> dict[str, str]:
        """Name in small letters → symbol; the full name, what is left without its legal form, and the aliases."""
        names: dict[str, str] = {}
        for instrument in self._known.values():
            for given in (instrument.name, *instrument.aliases):
                for name in _forms(given):
                    if len(name) >= 3 and name.upper() not in self._known:
                        names.setdefault(_folded(name), instrument.symbol.upper())
                    elif name.upper() == instrument.symbol.upper() and not name.isupper():
                        names.setdefault(_folded(name), instrument.symbol.upper())  # "Meta" beside META
        return names

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self._names:
            return None
        longest_first = sorted(self._names, key=len, reverse=True)
        words = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
        return re.compile(rf"(?<![\w$@#/.\-])(?:{words})(?!\w|\.\w)", re.IGNORECASE)


class _Shape:
    """How a text uses capitals, worked out once and only when a name is in doubt."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def shouted(self) -> bool:
        return _shouted(self._text)

    @cached_property
    def titled(self) -> bool:
        """True for A Headline Written Like This, where a capital says nothing."""
        words: list[str] = re.findall(r"[A-Za-z][a-z]{3,}", self._text)[1:]
        return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.6 * len(words)

    @cached_property
    def small(self) -> bool:
        return self._text == self._text.lower()


def _forms(given: str) -> list[str]:
    forms = [given.strip().removeprefix("The ")]
    while (shorter := _LEGAL.sub("", forms[-1]).strip(" ,.")) != forms[-1] and shorter:
        forms.append(shorter)
    return [form for form in forms if form]


def _folded(name: str) -> str:
    return " ".join(name.lower().split())


def _shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 12 and sum(character.isupper() for character in letters) > 0.8 * len(letters)


def _is_name(written: str, text: str, start: int, end: int, shape: _Shape) -> bool:
    """True when what matched a company's name is meant as one."""
    rest = text[end : end + 60]
    joined = re.match(r"[-‐‑](\w+)", rest)
    if joined is not None and joined[1].lower() not in JOINED:
        return False
    name = _folded(written)
    wordy = name in WORDY
    capital = written[0].isupper()
    if " " in name or "." in name:
        return capital or shape.small
    if written.isupper() and len(written) <= 4 and not shape.shouted:
        return True  # an alias that is written like a ticker
    if not capital:
        return shape.small and not wordy and name not in NOT_AFTER and len(name) >= 5
    if not _fits(name, text[:start], rest, text):
        return False
    first = not _TOKEN.search(text[:start]) or text[:start].rstrip()[-1:] in ".:!?“\"‘'"
    if wordy and (first or shape.titled or shape.shouted):
        return bool(DOES.match(rest)) or (not first and bool(ABOUT.search(text)))
    return True


def _fits(name: str, before: str, rest: str, text: str) -> bool:
    """False where the words around a name show that it means the other thing."""
    after = _TOKEN.search(re.sub(r"^['’]s\b", "", rest))
    earlier = _TOKEN.findall(before[-40:])
    if (
        after is not None
        and re.match(r"^[\s\-]*$", rest[: after.start()])
        and after[0].lower() in NOT_AFTER.get(name, ())
    ):
        return False
    if earlier and earlier[-1].lower().replace("’", "'") in NOT_BEFORE.get(name, ()):
        return False
    other = ELSEWHERE.get(name)
    return other is None or not other.search(text) or bool(DOES.match(rest))
