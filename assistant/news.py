"""The desk's news: which model reads it, and the feeds of the settings, asked in turn."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event, Lock, Thread

from assistant.settings import Settings
from brokers.feeds.rss import FeedStates, read_feeds
from brokers.vocabulary import BadInput, DeskmateError, Value
from models.registry import Registry
from models.sentiment import SentimentModel
from models.serving import Opened, open_sentiment
from storage.market_news_import import NewsReport, NewsWriter

LOG = logging.getLogger(__name__)
FEEDS_FILE = "feeds.json"


class SentimentReader:
    """The sentiment model of the settings, opened when first asked."""

    def __init__(self, registry: Registry, name: str | None) -> None:
        self._registry = registry
        self._name = name
        self._lock = Lock()
        self._opened: Opened | None = None

    def model(self) -> SentimentModel:
        """The model, or what stands in for it.

        Raises:
            ModelUnavailable: none can be used; the message says what mends it.
        """
        return self._open().model

    def degraded(self) -> tuple[str, ...]:
        """What could not be used and what stood in for it, once a model was asked for."""
        return () if self._opened is None else self._opened.degraded

    def _open(self) -> Opened:
        with self._lock:
            if self._opened is None:
                self._opened = open_sentiment(self._registry, self._name)
            return self._opened


class FeedOutcome(Value):
    """What asking one feed came to."""

    url: str
    asked: bool
    """False while it is left alone after a failure."""
    new: int = 0
    """Items that were not known before."""
    quarantined: int = 0
    problem: str = ""


class NewsFeeds:
    """The feeds of the settings: read now, or again and again beside the desk until it is closed."""

    def __init__(self, settings: Settings, writer: NewsWriter, clock: Callable[[], datetime]) -> None:
        self._news = settings.news
        self._writer = writer
        self._states = FeedStates(settings.home / FEEDS_FILE)
        self._clock = clock
        self._lock = Lock()
        self._stop = Event()
        self._thread: Thread | None = None
        self._problems: dict[str, str] = {}

    def refresh(self) -> list[FeedOutcome]:
        """Ask every feed that is due and store what is new; a feed's trouble costs the others nothing."""
        with self._lock:
            states = self._states.load()
            now = self._clock()
            seconds = self._news.timeout.total_seconds()
            fetched = asyncio.run(read_feeds(self._news.feeds, states, now, seconds=seconds))
            outcomes: list[FeedOutcome] = []
            for one in fetched:
                url, problem = one.reading.url, one.reading.problem
                report: NewsReport | None = None
                try:
                    report = self._writer.import_news(one.rows, source=url, now=now) if one.rows else None
                except BadInput as error:
                    problem = str(error)
                outcomes.append(
                    FeedOutcome(
                        url=url,
                        asked=one.reading.asked,
                        new=0 if report is None else report.accepted - report.unchanged,
                        quarantined=0 if report is None else report.quarantined,
                        problem=problem,
                    )
                )
            self._states.save({one.reading.url: one.reading.state for one in fetched})
            self._problems = {outcome.url: outcome.problem for outcome in outcomes if outcome.problem}
            return outcomes

    def watch(self) -> None:
        """Refresh again and again in a thread of its own; nothing happens where there are no feeds."""
        if self._news.feeds and self._thread is None:
            self._thread = Thread(target=self._watch, name="news feeds", daemon=True)
            self._thread.start()

    def degraded(self) -> tuple[str, ...]:
        """The feeds that gave nothing when last asked."""
        return tuple(f"news feed {url}: {problem}" for url, problem in self._problems.items())

    def close(self) -> None:
        """Stop refreshing. A slow feed is not waited for: what is stored is replaced in one step or not at all."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                self.refresh()
            except (DeskmateError, OSError) as error:
                LOG.warning("the news feeds could not be read: %s", error)
            self._stop.wait(self._news.refresh.total_seconds())
