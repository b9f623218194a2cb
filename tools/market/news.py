"""A symbol's news as known at an instant, and how it reads.

The tone of a symbol is the mean of its stories' scores, each weighted by how recent it is and how much it is about the
symbol. It comes with the number of stories and with their spread. No news is no evidence: it has no tone, not a neutral
one, and what uses it must leave it out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Protocol

from brokers.vocabulary import STRANGER, DeskmateError, Instant, Instrument, NewsItem, Untrusted, Value
from models.sentiment import Label, Sentiment, SentimentModel
from tools.market.news_impact import LOOK_BACK, Earlier, NewsImpact, impact_of, words_of
from tools.market.news_linking import Linker, Mention
from tools.market.windows import Window

HALF_LIFE_DAYS = 5.0
"""Days after which a story counts half in a symbol's tone. Set by judgement, not fitted."""
USUAL_DAYS = 30
MOST_SHOWN = 10
MOST_READ = 500
"""Stories of one symbol that are scored at most; the newest ones."""
BODY_SHOWN = 300


class TellsStory(Protocol):
    """One story: the item that told it first, and who else did."""

    @property
    def item(self) -> NewsItem: ...  # noqa: D102
    @property
    def also(self) -> tuple[str, ...]: ...  # noqa: D102


class NewsSource(Protocol):
    """Where stories come from; nothing later than `asof` is ever visible."""

    def stories(self, asof: datetime, since: datetime | None = None) -> Sequence[TellsStory]:
        """Stories first known from `since` to `asof`, oldest first, each once."""
        ...


class Tone(Value):
    """How a symbol's news reads at an instant. Scores run from -1 (negative) to 1 (positive)."""

    mean: float
    """Weighted by recency and relevance."""
    dispersion: float
    """Weighted standard deviation of the scores; 0 for one story."""
    count: int
    """Stories it rests on."""
    weight: float
    """Sum of their weights: one story of today that is all about the symbol counts 1."""
    half_life_days: float


class NewsLine(Value):
    """One story, with how it reads and what it may mean. Headline, body and sources are a stranger's text."""

    published_at: Instant
    known_at: Instant
    source: Untrusted
    also: Annotated[tuple[str, ...], STRANGER] = ()
    """Other sources that told the same story."""
    headline: Untrusted
    body: Untrusted = ""
    """Its first words, where it has any."""
    label: Label | None
    """None where no model could read it."""
    score: float | None
    relevance: float
    """0 to 1: how much it is about the symbol."""
    why: str
    """How it was linked to the symbol."""
    impact: NewsImpact
    sample: bool


class NewsResult(Value):
    """A symbol's news known at `as_of`, from `start` to `end`, newest first."""

    symbol: str
    name: str
    as_of: Instant
    start: date
    end: date
    tone: Tone | None
    """None: there is no evidence, because there are no stories or no model to read them."""
    stories: int
    """All stories of the window, of which `rows` shows the newest."""
    labels: Mapping[Label, int]
    rows: tuple[NewsLine, ...]
    model: str
    """The sentiment model that read them; empty where none could."""
    sample: bool
    """True where the stories were written for the sample market: fiction."""
    degraded: tuple[str, ...] = ()
    """What is missing, and what stands in for it."""


@dataclass(frozen=True)
class Weighed:
    """One scored story as a tone is made of it."""

    known_at: datetime
    score: float
    relevance: float


def tone_of(stories: Sequence[Weighed], at: datetime, half_life_days: float = HALF_LIFE_DAYS) -> Tone | None:
    """The tone at `at` of the stories known by then; None where there are none (no evidence)."""
    known = [one for one in stories if one.known_at <= at and one.relevance > 0]
    if not known:
        return None
    ages = [(at - one.known_at) / timedelta(days=1) for one in known]
    logs = [math.log(one.relevance) - age / half_life_days * math.log(2) for one, age in zip(known, ages, strict=True)]
    # Relative to the newest: stories of long ago must not all underflow to a weight of zero.
    shares = [math.exp(log - max(logs)) for log in logs]
    total = math.fsum(shares)
    mean = math.fsum(share * one.score for share, one in zip(shares, known, strict=True)) / total
    spread = math.fsum(share * (one.score - mean) ** 2 for share, one in zip(shares, known, strict=True)) / total
    return Tone(
        mean=round(mean, 4),
        dispersion=round(math.sqrt(spread), 4),
        count=len(known),
        weight=round(total * math.exp(max(logs)), 4),
        half_life_days=half_life_days,
    )


@dataclass(frozen=True)
class _Linked:
    story: TellsStory
    mention: Mention


class NewsDesk:
    """A symbol's news, read by whatever sentiment model there is.

    `model` gives the sentiment model or raises a `DeskmateError`; `degraded` says what stands in for a better one.
    """

    def __init__(
        self,
        source: NewsSource,
        instruments: Callable[[], Sequence[Instrument]],
        model: Callable[[], SentimentModel],
        degraded: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._source = source
        self._instruments = instruments
        self._model = model
        self._degraded = degraded
        self._linker: tuple[Sequence[Instrument], Linker] | None = None
        self._mentions: dict[tuple[str, tuple[str, ...]], tuple[Mention, ...]] = {}

    def news(self, instrument: Instrument, asof: datetime, window: Window | None = None) -> NewsResult:
        """The stories of an instrument known at `asof`, the last 30 days if no window is given."""
        end = asof.date() if window is None else min(window.end, asof.date())
        start = end - timedelta(days=USUAL_DAYS) if window is None else window.start
        at = min(asof, datetime.combine(end, time.max, UTC))
        begun = datetime.combine(start, time(), UTC)
        # Earlier stories are what the first ones of the window are new against.
        linked = self._linked(instrument.symbol, at, begun - LOOK_BACK if start.year > 1900 else begun)
        inside = [one for one in linked if one.story.item.known_at >= begun]
        scores, model, degraded = self._read(linked)
        known = {one.story.item.id: score for one, score in zip(linked, scores, strict=True)}
        weighed = [_weighed(one, score) for one in inside if (score := known[one.story.item.id]) is not None]
        labels: Counter[Label] = Counter(
            score.label for one in inside if (score := known[one.story.item.id]) is not None
        )
        return NewsResult(
            symbol=instrument.symbol,
            name=instrument.name,
            as_of=asof,
            start=start,
            end=end,
            tone=tone_of(weighed, at),
            stories=len(inside),
            labels=labels,
            rows=self._rows(linked, inside[-MOST_SHOWN:], known, at),
            model=model if inside else "",
            sample=any(one.story.item.sample for one in inside),
            degraded=degraded if inside else (),
        )

    def tone(self, symbol: str, asof: datetime, days: int = USUAL_DAYS) -> Tone | None:
        """A symbol's tone at `asof`; None where there is no evidence. Raises what the model raises."""
        linked = self._linked(symbol, asof, asof - timedelta(days=days))
        scores = self._model().score([one.story.item.headline for one in linked]) if linked else []
        return tone_of([_weighed(one, score) for one, score in zip(linked, scores, strict=True)], asof)

    def _linked(self, symbol: str, asof: datetime, since: datetime) -> list[_Linked]:
        """Stories about `symbol`, oldest first."""
        found: list[_Linked] = []
        linker = self._fresh_linker()
        for story in self._source.stories(asof, since):
            key = (story.item.id, story.item.symbols)
            mentions = self._mentions.get(key)
            if mentions is None:
                mentions = self._mentions[key] = linker.mentions(story.item)
            mention = next((one for one in mentions if one.symbol == symbol), None)
            if mention is not None:
                found.append(_Linked(story, mention))
        return found[-MOST_READ:]

    def _fresh_linker(self) -> Linker:
        """The linker over the instruments as they are now; what was linked over others is forgotten."""
        instruments = self._instruments()
        if self._linker is None or self._linker[0] != instruments:
            self._linker = (instruments, Linker(instruments))
            self._mentions.clear()
        return self._linker[1]

    def _read(self, linked: Sequence[_Linked]) -> tuple[Sequence[Sentiment | None], str, tuple[str, ...]]:
        """How each story reads, which model read it, and what is degraded; no scores where no model is there."""
        if not linked:
            return (), "", ()
        try:
            model = self._model()
            return model.score([one.story.item.headline for one in linked]), model.name, self._degraded()
        except DeskmateError as error:
            return [None] * len(linked), "", (*self._degraded(), f"sentiment: {error.sentence()} Headlines only.")

    def _rows(
        self,
        linked: Sequence[_Linked],
        shown: Sequence[_Linked],
        scores: Mapping[str, Sentiment | None],
        at: datetime,
    ) -> tuple[NewsLine, ...]:
        earlier = [_earlier(one, scores[one.story.item.id]) for one in linked]
        return tuple(_line(one, scores[one.story.item.id], earlier, at) for one in reversed(shown))


def _weighed(one: _Linked, score: Sentiment) -> Weighed:
    return Weighed(one.story.item.known_at, score.score, one.mention.relevance)


def _earlier(one: _Linked, score: Sentiment | None) -> Earlier:
    item = one.story.item
    return Earlier(
        known_at=item.known_at,
        words=words_of(item.headline, item.source),
        score=None if score is None else score.score,
    )


def _line(one: _Linked, score: Sentiment | None, earlier: Sequence[Earlier], at: datetime) -> NewsLine:
    item = one.story.item
    return NewsLine(
        published_at=item.published_at,
        known_at=item.known_at,
        source=item.source,
        also=one.story.also,
        headline=item.headline,
        body=item.body if len(item.body) <= BODY_SHOWN else f"{item.body[: BODY_SHOWN - 1]}…",
        label=None if score is None else score.label,
        score=None if score is None else round(score.score, 3),
        relevance=one.mention.relevance,
        why=one.mention.how,
        impact=impact_of(item.headline, item.known_at, None if score is None else score.score, earlier, at),
        sample=item.sample,
    )
