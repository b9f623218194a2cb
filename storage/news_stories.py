"""Which news items tell the same story: a story counts once, however many feeds carry it.

Two headlines tell one story when they say the same words, or nearly, within two days, agree on every number, on which
way things went and on who did it. Where that is in doubt they are two: counting one twice is the smaller error than
losing the one that says the opposite. An item is only compared with earlier known ones, so what was known at any
instant is grouped the same whatever came later.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from brokers.vocabulary import NewsItem

WINDOW = timedelta(hours=48)
"""Longest time between two tellings of one story."""
_LIKE = 0.7
"""Least share of words in common."""
_PREFIX = re.compile(
    r"^(?:(?:breaking(?: news)?|update|exclusive|corrected|correction|wrapup|refile|just in|live)\s*\d*\s*[-:–—]+\s*)+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s+[-|–—]\s+(?P<who>[^-|–—]{2,40})$")
_AGENCIES = (
    "reuters|bloomberg|cnbc|wsj|the wall street journal|ap|ap news|associated press|dow jones|marketwatch|"
    "yahoo finance|financial times|ft|benzinga|seeking alpha|barron's|barrons|business wire|pr newswire"
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[^\s.:!?] )[A-Z][A-Za-z]+")
_STOP = (
    "a an the of to in on for at by with from as and or its it is are was be has have had will after amid over this "
    "that says say said s"
)
_UP = (
    "rise gain jump surge soar climb rally up beat top exceed raise boost hike upgrade approve win grow record "
    "rose grew won"
)
_DOWN = (
    "fall drop sink plunge slide slump tumble down miss lag cut lower slash downgrade reject lose shrink loss decline "
    "delay recall sue probe halt ban warn fell sank slid lost"
)
_NOT = "not no never without deny denies denied isn't won't doesn't didn't can't cannot"


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word.removesuffix("e")


_WHO = frozenset(_AGENCIES.split("|"))
_UNSAID, _DENIED = frozenset(_STOP.split()), frozenset(_NOT.split())
_SIGN = {
    **dict.fromkeys(map(_stem, _UP.split()), "up"),
    **dict.fromkeys(map(_stem, _DOWN.split()), "down"),
}


@dataclass(frozen=True)
class _Told:
    """What a headline says, in the form it is compared in."""

    words: frozenset[str]
    numbers: frozenset[str]
    signs: frozenset[str]
    negated: bool
    names: frozenset[str]
    """Words that may be names, by their writing or their place."""


def normalised(headline: str, source: str = "") -> str:
    """A headline without what only says how it came: "UPDATE 2-", " - Reuters", capitals, accents, punctuation."""
    text = _PREFIX.sub("", headline.strip())
    found = _SUFFIX.search(text)
    if found is not None and found["who"].strip().lower() in _WHO | {source.strip().lower()}:
        text = text[: found.start()]
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return " ".join(_WORD.findall(plain.lower()))


class Stories:
    """Groups items in the order in which they became known. More can be added at the end, as feeds do all day."""

    def __init__(self) -> None:
        self.leads: list[int] = []
        """For every item the place of the first item that tells its story."""
        self._items: list[NewsItem] = []
        self._recent: deque[int] = deque()
        self._told: dict[int, _Told] = {}
        self._by_word: dict[str, set[int]] = {}

    def begins(self, items: Sequence[NewsItem]) -> bool:
        """True when what was added so far is how `items` begin."""
        return self._items == list(items[: len(self._items)])

    def extend(self, items: Sequence[NewsItem]) -> None:
        """Add the items after those that were added before."""
        for item in items[len(self._items) :]:
            self._add(item)

    def _add(self, item: NewsItem) -> None:
        place = len(self._items)
        self._items.append(item)
        while self._recent and self._items[self._recent[0]].known_at < item.known_at - WINDOW:
            old = self._recent.popleft()
            for word in self._told.pop(old).words:
                self._by_word[word].discard(old)
        mine = _told(item)
        shared = Counter(lead for word in mine.words for lead in self._by_word.get(word, ()))
        likely = sorted(lead for lead, count in shared.items() if count >= _LIKE * len(mine.words))
        lead = next((lead for lead in likely if _one_story(mine, self._told[lead], item, self._items[lead])), place)
        self.leads.append(lead)
        if lead == place:
            self._recent.append(place)
            self._told[place] = mine
            for word in mine.words:
                self._by_word.setdefault(word, set()).add(place)


def leads(items: Sequence[NewsItem]) -> list[int]:
    """For every item, in the order in which they became known, the place of the first item that tells its story."""
    stories = Stories()
    stories.extend(items)
    return stories.leads


def _told(item: NewsItem) -> _Told:
    words = normalised(item.headline, item.source).split()
    numbers = frozenset(word for word in words if word[0].isdigit())
    plain = [word for word in words if word not in _UNSAID and word not in numbers]
    # The first word may be a name; its capital does not tell.
    names = frozenset(_stem(name.lower()) for name in (*_NAME.findall(item.headline), *plain[:1]))
    stems = frozenset(_stem(word.removesuffix("'s")) for word in plain) | {f"#{number}" for number in numbers}
    return _Told(
        words=stems,
        numbers=numbers,
        signs=frozenset(_SIGN[stem] for stem in stems if stem in _SIGN),
        negated=any(word in _DENIED for word in words),
        names=names,
    )


def _one_story(mine: _Told, theirs: _Told, item: NewsItem, lead: NewsItem) -> bool:
    if not mine.words or (mine.numbers, mine.signs, mine.negated) != (theirs.numbers, theirs.signs, theirs.negated):
        return False
    if item.symbols and lead.symbols and not set(item.symbols) & set(lead.symbols):
        return False
    if mine.words == theirs.words:
        return True
    only_mine, only_theirs = mine.words - theirs.words, theirs.words - mine.words
    if only_mine & mine.names and only_theirs & theirs.names:
        return False  # one name in the place of another
    return len(mine.words & theirs.words) >= max(4, _LIKE * len(mine.words | theirs.words))
