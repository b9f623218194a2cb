"""News for tests: items with little said, and a reader of tone that counts words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from brokers.vocabulary import NewsItem
from models.sentiment import Label, Sentiment

AT = datetime(2023, 6, 27, 20, tzinfo=UTC)
"""The close at which the tests ask."""
UP, DOWN = frozenset({"rises", "beats", "gains"}), frozenset({"falls", "misses", "sued"})


class WordCount:
    """A sentiment model that a test can work out in its head."""

    name = "word-count"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        self.asked += texts
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Sentiment:
        words = set(text.lower().split())
        score = 0.8 * bool(words & UP) - 0.8 * bool(words & DOWN)
        label: Label = "positive" if score > 0 else "negative" if score < 0 else "neutral"
        rest = 1 - abs(score)
        given: dict[Label, float] = {"positive": max(score, 0), "neutral": rest, "negative": max(-score, 0)}
        return Sentiment(label=label, probabilities=given, score=score, model=self.name)


@dataclass(frozen=True)
class Told:
    """A story as a store hands it out."""

    item: NewsItem
    also: tuple[str, ...] = ()


class Shelf:
    """Stories held in memory."""

    def __init__(self, *stories: Told) -> None:
        self._stories = sorted(stories, key=lambda story: story.item.known_at)

    def stories(self, asof: datetime, since: datetime | None = None) -> Sequence[Told]:
        return [
            one for one in self._stories if (since is None or since <= one.item.known_at) and one.item.known_at <= asof
        ]


def told(headline: str, days_ago: float = 0, **more: object) -> Told:
    """A story known so many days before `AT`."""
    known = AT - timedelta(days=days_ago)
    fields: dict[str, object] = {"id": f"{headline} {known}", "source": "Wire", "published_at": known}
    item = NewsItem.model_validate({**fields, "known_at": known, "headline": headline, **more})
    return Told(item)
