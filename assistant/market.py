"""Opens the market of a home folder: the store, the sample market in it, and the feed that replays it."""

from __future__ import annotations

from datetime import datetime

from assistant.settings import Settings
from brokers.feeds.replay import ReplayFeed
from brokers.feeds.sample.read import read_sample, sample_version
from brokers.feeds.sessions import NewYorkHours
from storage.history import BarColumns
from storage.market import MarketStore
from storage.market_import import MarketWriter


def writer(settings: Settings) -> MarketWriter:
    """Writes the home's market store."""
    return MarketWriter(settings.market_file, NewYorkHours())


def open_market(settings: Settings, now: datetime) -> ReplayFeed[BarColumns]:
    """The feed over the home's market store; the sample market is put in at first use."""
    writes = writer(settings)
    if writes.sample_version() != sample_version():
        sample = read_sample()
        version = sample.version
        writes.seed(sample.bars, sample.actions, sample.instruments, source="sample market", version=version, now=now)
    return ReplayFeed(MarketStore(settings.market_file, show_sample=settings.market.sample))
