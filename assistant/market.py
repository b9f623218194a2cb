"""Opens the market of a home folder: the store, the sample market and its news in it, and the feed that replays it."""

from __future__ import annotations

from datetime import datetime

from assistant.settings import Settings
from brokers.feeds.replay import ReplayFeed
from brokers.feeds.sample.read import news_version, read_sample, read_sample_news, sample_version
from brokers.feeds.sessions import NewYorkHours
from storage.history import BarColumns
from storage.market import MarketStore
from storage.market_import import MarketWriter
from storage.market_news import MarketNews
from storage.market_news_import import NewsWriter


def writer(settings: Settings) -> MarketWriter:
    """Writes the home's market store."""
    return MarketWriter(settings.market_file, NewYorkHours())


def news_writer(settings: Settings) -> NewsWriter:
    """Writes the news of the home's market store."""
    return NewsWriter(settings.market_file)


def market_news(settings: Settings) -> MarketNews:
    """Reads the news of the home's market store."""
    return MarketNews(settings.market_file, show_sample=settings.market.sample)


def open_market(settings: Settings, now: datetime) -> ReplayFeed[BarColumns]:
    """The feed over the home's market store; the sample market is put in at first use."""
    writes = writer(settings)
    if writes.sample_version() != sample_version():
        sample = read_sample()
        version = sample.version
        writes.seed(sample.bars, sample.actions, sample.instruments, source="sample market", version=version, now=now)
    news = news_writer(settings)
    if news.sample_version() != news_version():
        news.seed(read_sample_news(), version=news_version(), now=now)
    return ReplayFeed(MarketStore(settings.market_file, show_sample=settings.market.sample))
