"""Every symbol's news as it was known at any instant of the past, as columns; tone and impact at many instants.

The store's items are followed in the order in which they became known. Each story that is about a symbol becomes a row
of that symbol's columns; where a later telling adds a tag and so changes how much the story is about the symbol, the
row ends there and another one begins. Rows are only ever added, so what is read at t is the same whatever came later.
An instrument counts from the day after its first session on: one that came later cannot change what earlier news was
about. Sample news is left out: it was written with hindsight and measures nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import Instrument, NewsItem
from storage.news_stories import Stories
from tools.market.news import HALF_LIFE_DAYS, USUAL_DAYS
from tools.market.news_impact import FEWEST, HALF_LIFE, LOOK_BACK, event_of, most_alike, words_of
from tools.market.news_linking import Linker
from tools.signals.bars import BoolArray, FloatArray

Instants = NDArray[np.int64]
"""Microseconds since 1970 (UTC)."""
Places = NDArray[np.int64]

MOST_COMPARED = 200
"""Earlier stories of a symbol that one is compared with for its novelty; the newest ones."""
DAY = 86_400_000_000
"""Microseconds of a day."""
WINDOW = USUAL_DAYS * DAY
"""How long a story counts, in microseconds."""
FOREVER = int(np.iinfo(np.int64).max)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_REACH = LOOK_BACK // _TICK
_FIXED = float(2**40)
"""Scores are added up as integers of this unit: sums of integers are exact, whatever else is added before or after."""


class NewsItems(Protocol):
    """Where items come from; nothing later than `asof` is ever visible."""

    def items(self, asof: datetime, since: datetime | None = None) -> Sequence[NewsItem]:
        """Every item known from `since` to `asof`, repetitions included, in the order in which they became known."""
        ...


def instant(at: datetime) -> int:
    """An instant in microseconds since 1970 (UTC), exactly."""
    return (at - _EPOCH) // _TICK


@dataclass(frozen=True, slots=True, eq=False)
class SymbolNews:
    """One symbol's stories as columns of equal length, in the order in which each row became known."""

    story: Places
    """Place of the story in `NewsHistory.headlines`."""
    known: Instants
    """When the story was first told."""
    since: Instants
    """From when on the row holds: `known`, or when a later telling changed it. Never falls."""
    until: Instants
    """When the story's next row begins; `FOREVER` for its last one."""
    relevance: FloatArray
    first: Places
    """Place of the story's first row."""
    novelty: FloatArray
    """0 (told before on this symbol) to 1 (nothing like it in the 30 days before)."""
    half_life: FloatArray
    """Days after which the story's kind of event counts half."""

    def rows_at(self, at: Instants, chosen: BoolArray) -> tuple[Places, Places]:
        """(place in `at`, row) of every chosen row that counts at each of the rising instants, in the order of rows."""
        begin = np.searchsorted(at, self.since, "left")
        end = np.minimum(np.searchsorted(at, self.until, "left"), np.searchsorted(at, self.known + WINDOW, "right"))
        count = np.where(chosen, np.maximum(end - begin, 0), 0)
        row = np.repeat(np.arange(len(count)), count)
        return np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(len(row)), row


def tone_at(news: SymbolNews, scores: FloatArray, at: Instants) -> tuple[FloatArray, FloatArray]:
    """Tone and its weight at each of the rising instants: what `tone_of` says of the last 30 days' stories.

    `scores` holds one number a row, NaN where there is none. NaN where no scored story counts.
    """
    place, row = news.rows_at(at, np.isfinite(scores) & (news.relevance > 0))
    weights = news.relevance[row] * np.exp2(-(at[place] - news.known[row]) / (DAY * HALF_LIFE_DAYS))
    # bincount adds in the order given: later rows come last, so no earlier sum depends on them.
    total = np.bincount(place, weights, len(at))
    summed = np.bincount(place, weights * scores[row], len(at))
    there = total > 0
    tone = np.divide(summed, total, out=np.full(len(at), np.nan), where=there)
    return np.clip(tone, -1, 1), np.where(there, total, np.nan)


def impact_at(news: SymbolNews, scores: FloatArray, at: Instants) -> FloatArray:
    """Signed impact, -1 to 1, at each of the rising instants; NaN where no story's surprise can be worked out.

    Summed over the last 30 days' stories: surprise x novelty x relevance x 2^(-age / half-life of its kind); clipped.
    """
    surprise = surprises(news, scores)
    place, row = news.rows_at(at, np.isfinite(surprise))
    fading = np.exp2(-(at[place] - news.known[row]) / (DAY * news.half_life[row]))
    summed = np.bincount(place, surprise[row] * news.novelty[row] * news.relevance[row] * fading, len(at))
    return np.where(np.bincount(place, minlength=len(at)) > 0, np.clip(summed, -1, 1), np.nan)


def surprises(news: SymbolNews, scores: FloatArray) -> FloatArray:
    """Each row's score less the symbol's mean score over the 30 days before its story was known to be about it.

    NaN where the row has no score or there were fewer than `FEWEST` scored stories to depart from.
    """
    scored = np.flatnonzero((news.first == np.arange(len(scores))) & np.isfinite(scores))
    since, score = news.since[scored], scores[scored]
    sums = np.concatenate([[0], np.cumsum(np.rint(score * _FIXED).astype(np.int64))])
    begin, end = np.searchsorted(since, since - _REACH, "left"), np.searchsorted(since, since, "left")
    count = end - begin
    found = np.full(len(scores), np.nan)
    found[scored] = np.where(count >= FEWEST, score - (sums[end] - sums[begin]) / _FIXED / np.maximum(count, 1), np.nan)
    return found[news.first]


@dataclass
class _Log:
    """One symbol's rows while they are collected, and a digest of all rows up to each of them."""

    rows: list[tuple[int, int, int, float, int, float, float]] = field(
        default_factory=list[tuple[int, int, int, float, int, float, float]]
    )
    since: list[int] = field(default_factory=list[int])
    until: list[int] = field(default_factory=list[int])
    digests: list[str] = field(default_factory=list[str])
    last: dict[int, int] = field(default_factory=dict[int, int])
    """Story → its last row."""
    recent: deque[tuple[int, frozenset[str]]] = field(default_factory=lambda: deque(maxlen=MOST_COMPARED))
    columns: SymbolNews | None = None

    def add(self, story: int, item: NewsItem, since: int, relevance: float) -> None:
        """The story is about the symbol, this much, from `since` on."""
        place, known = len(self.rows), instant(item.known_at)
        earlier = self.last.get(story)
        if earlier is None:
            half_life = float(HALF_LIFE[event_of(item.headline)[0]])
            first, novelty = place, self._novelty(words_of(item.headline, item.source), since)
        else:
            self.until[earlier] = since
            _, _, _, _, first, novelty, half_life = self.rows[earlier]
        self.rows.append((story, known, since, relevance, first, novelty, half_life))
        self.since.append(since)
        self.until.append(FOREVER)
        self.last[story] = place
        self.columns = None
        before = self.digests[-1] if self.digests else ""
        told = f"{before}|{known}|{since}|{relevance!r}|{first}|{novelty!r}|{half_life!r}|{item.headline}"
        self.digests.append(sha256(told.encode(errors="surrogatepass")).hexdigest())

    def digest(self, at: int) -> str:
        """Names every row known at `at`; empty where there is none."""
        count = bisect_right(self.since, at)
        return self.digests[count - 1] if count else ""

    def read(self) -> SymbolNews:
        """The rows as columns."""
        if self.columns is None:
            story, known, since, relevance, first, novelty, half_life = zip(*self.rows, strict=True)
            whole, real = np.int64, np.float64
            self.columns = SymbolNews(
                story=np.array(story, whole),
                known=np.array(known, whole),
                since=np.array(since, whole),
                until=np.array(self.until, whole),
                relevance=np.array(relevance, real),
                first=np.array(first, whole),
                novelty=np.array(novelty, real),
                half_life=np.array(half_life, real),
            )
        return self.columns

    def _novelty(self, words: frozenset[str], since: int) -> float:
        while self.recent and self.recent[0][0] < since - _REACH:
            self.recent.popleft()
        most, _ = most_alike(words, [earlier for earlier in self.recent if earlier[0] < since])
        self.recent.append((since, words))
        return 1 - most


@dataclass
class _Story:
    item: NewsItem
    """Its first telling, tagged with the symbols of every telling so far."""
    relevance: dict[str, float] = field(default_factory=dict[str, float])


class NewsHistory:
    """Follows the own news of a store. Not safe to share between threads without a lock around it.

    `changes` names the state of the store, news and bars, cheaply: another content has another name. `instruments` are
    those of now; `first_bar` tells each symbol's first session and is asked once a state. An item is linked to the
    instruments whose first session is a day before the item's (UTC); a symbol without a first session never counts.
    A tag is the source's own word, and counts whatever bars there are.
    """

    def __init__(
        self,
        source: NewsItems,
        changes: Callable[[], object],
        instruments: Callable[[], Sequence[Instrument]],
        first_bar: Callable[[], Mapping[str, date]],
    ) -> None:
        self._source, self._changes, self._instruments, self._first_bar = source, changes, instruments, first_bar
        self._seen: tuple[object, Sequence[Instrument]] | None = None
        self._first: Mapping[str, date] = {}
        self._known: Sequence[Instrument] = ()
        self.generation = 0
        """Counts how often everything was read anew; places of stories hold within one generation."""
        self.sample_only = False
        """True where all there is was written for the sample market."""
        self._restart()

    def follow(self) -> None:
        """Take in what is new in the store. Raises `StorageError` where that cannot be read."""
        state, instruments = self._changes(), self._instruments()
        if self._seen is not None and self._seen[0] == state and self._seen[1] == instruments:
            return
        items, first = self._source.items(_END), dict(self._first_bar())
        own = [item for item in items if not item.sample]
        same = self._seen is not None and self._seen[1] == instruments and self._first == first
        if not same or not self._told.begins(own):
            self._restart()
            self._first, self._known = first, instruments
        begin = len(self._told.leads)
        self._told.extend(own)
        for place in range(begin, len(own)):
            self._add(own[place], place, self._told.leads[place])
        self.sample_only = bool(items) and not own
        self._seen = (state, instruments)

    def news(self, symbol: str) -> SymbolNews | None:
        """Every story about `symbol`, known at whatever time; None where there is none."""
        log = self._logs.get(symbol)
        return None if log is None else log.read()

    def digest(self, symbol: str, at: int) -> str:
        """Names what was known of `symbol` at `at`; empty where nothing was."""
        log = self._logs.get(symbol)
        return "" if log is None else log.digest(at)

    def _restart(self) -> None:
        self.generation += 1
        self._told = Stories()
        self._linker = Linker([])
        self._linker_holds = date.max, date.min
        """The linker is that of the days after the first and up to the second of these."""
        self._stories: dict[int, _Story] = {}
        self._logs: dict[str, _Log] = {}
        self.headlines: list[str] = []
        """Of every story that is about any symbol, in the order in which that became known."""
        self.linked_at: list[int] = []
        """When that was, in microseconds since 1970; never falls."""
        self._places: dict[int, int] = {}

    def _add(self, item: NewsItem, place: int, lead: int) -> None:
        if lead == place:
            story = self._stories[lead] = _Story(item)
        else:
            story = self._stories[lead]
            symbols = tuple(dict.fromkeys((*story.item.symbols, *item.symbols)))
            if symbols == story.item.symbols:
                return
            story.item = story.item.model_copy(update={"symbols": symbols})
        since = instant(item.known_at)
        for mention in self._linker_of(item.known_at.astimezone(UTC).date()).mentions(story.item):
            if story.relevance.get(mention.symbol) != mention.relevance:
                story.relevance[mention.symbol] = mention.relevance
                log = self._logs.setdefault(mention.symbol, _Log())
                log.add(self._linked(lead, since), story.item, since, mention.relevance)

    def _linker_of(self, day: date) -> Linker:
        """Over the instruments that had a bar before `day`."""
        after, upto = self._linker_holds
        if not after < day <= upto:
            first = {one.symbol: self._first.get(one.symbol, date.max) for one in self._known}
            self._linker = Linker([one for one in self._known if first[one.symbol] < day])
            after = max((start for start in first.values() if start < day), default=date.min)
            self._linker_holds = after, min((start for start in first.values() if start >= day), default=date.max)
        return self._linker

    def _linked(self, lead: int, since: int) -> int:
        """The place of a story among those that are about any symbol."""
        found = self._places.get(lead)
        if found is None:
            found = self._places[lead] = len(self.headlines)
            self.headlines.append(self._stories[lead].item.headline)
            self.linked_at.append(since)
        return found
