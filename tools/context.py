"""What a tool call may use: the person's account to read, the market as of one instant, and the ticket maker.

Never a coordinator, never a sender. Person and account come from here, not from an argument a model fills.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from brokers.feeds.port import MarketFeed
from brokers.vocabulary import Instrument, Value
from tools.execution.proposer import Proposer
from tools.market.forecast import Forecasts
from tools.market.news import NewsDesk
from tools.market.source import Market
from tools.portfolio.account import LedgeredAccount
from tools.preferences.preferences import Preferences
from tools.signals.engine import SignalEngine
from tools.signals.signal import Signal


class Offer(Value):
    """An act a model may only offer: the person's own words or click do it."""

    act: Literal["cancel_order", "change_mode", "next_day", "halt", "set_preference"]
    subject: str = ""
    """A ticket id, a mode, a number of sessions, or a change of preferences as JSON."""
    text: str
    """What to say to have it done, in words."""


class Shown(Protocol):
    """Writes down a signal the moment it is shown, before its outcome."""

    def __call__(self, signal: Signal) -> None:
        """Record `signal`, once per call id."""
        ...


@dataclass(frozen=True)
class ToolContext:
    """One turn's context. `offers` collects what tools offered, for the conversation to weigh."""

    person: str
    account: LedgeredAccount
    feed: MarketFeed
    bars: Market
    """Quotes and bars as columns, as of any instant."""
    signals: SignalEngine
    news: NewsDesk
    """News as of any instant, read by whichever sentiment model there is."""
    forecasts: Forecasts
    proposer: Proposer
    shown: Shown
    asof: datetime
    """What is known: the account's market clock, or an earlier read-only view of it."""
    health: Callable[[], tuple[str, ...]]
    preferences: Preferences
    """The person's, as they stood when the turn began."""
    offers: list[Offer] = field(default_factory=list[Offer])

    @property
    def today(self) -> date:
        """The day of `asof`."""
        return self.asof.date()

    def instrument(self, symbol: str) -> Instrument | None:
        """The instrument of a ticker, whatever its case; None when it is not known."""
        return self.feed.instrument(symbol.strip().upper())
