"""Synthetic and real markets that the signal tests read through the room's own port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

import numpy as np

from brokers.feeds.sample.read import read_sample
from brokers.vocabulary import BadInput
from tools.signals.bars import Bars
from tools.signals.evidence import Evidence
from tools.signals.history import SymbolHistory, history
from tools.signals.market_record import MarketRecord, Rules
from tools.signals.regime import RegimeRule
from tools.signals.strategies import Parameters
from tools.signals.surroundings import surroundings

FIRST = np.datetime64("2015-01-05")
COLUMNS = ("sessions", "open", "high", "low", "close", "adjusted_close", "volume")


def from_closes(closes: Sequence[float], symbol: str = "AAA", spread: float = 0.01) -> Bars:
    """Bars that open at the previous close and reach `spread` (a share) beyond open and close; steady volume."""
    close = np.asarray(closes, dtype=np.float64)
    opened = np.concatenate([close[:1], close[:-1]])
    return Bars(
        symbol,
        weekdays(len(close)),
        opened,
        np.maximum(opened, close) * (1 + spread),
        np.minimum(opened, close) * (1 - spread),
        close,
        close.copy(),
        np.full(len(close), 1e6),
        "synthetic",
        "sample",
    )


def weekdays(count: int) -> np.ndarray:
    """Consecutive weekdays."""
    return np.busday_offset(FIRST, np.arange(count))


def walk(seed: int, bars: int, symbol: str = "AAA", drift: float = 0.0005, dividend_every: int = 0) -> Bars:
    """A random walk with overnight gaps, changing volatility and, where asked, quarterly dividends of 1 %."""
    chance = np.random.default_rng(seed)
    scale = 0.015 * np.exp(0.5 * np.sin(np.arange(bars) / 40))
    close = 100 * np.exp(np.cumsum(drift + scale * chance.standard_normal(bars)))
    opened = np.concatenate([[100.0], close[:-1]]) * np.exp(0.005 * chance.standard_normal(bars))
    reach = 0.008 * np.abs(chance.standard_normal((2, bars)))
    adjusted = close.copy()
    if dividend_every:
        for ex_date in range(dividend_every, bars, dividend_every):
            adjusted[:ex_date] *= 0.99
    return Bars(
        symbol,
        weekdays(bars),
        opened,
        np.maximum(opened, close) * (1 + reach[0]),
        np.minimum(opened, close) * (1 - reach[1]),
        close,
        adjusted,
        np.round(1e6 * np.exp(0.5 * chance.standard_normal(bars))),
        "synthetic",
        "sample",
    )


def head(bars: Bars, count: int) -> Bars:
    """The first `count` bars, and nothing that could remember more."""
    return replace(bars, **{name: getattr(bars, name)[:count].copy() for name in COLUMNS})


def close_of(session: date) -> datetime:
    """An instant at which the bar of `session` is known."""
    return datetime.combine(session, time(21), UTC)


class Market:
    """A `BarSource` over given bars."""

    def __init__(self, *bars: Bars) -> None:
        self.known = {one.symbol: one for one in bars}

    def columns(self, symbol: str, asof: datetime) -> Bars:
        """The bars whose session has closed by `asof`."""
        if symbol not in self.known:
            raise BadInput(f"{symbol} is not known.")
        bars = self.known[symbol]
        return head(bars, int(np.searchsorted(bars.sessions, np.datetime64(asof.date()), side="right")))

    def symbols(self, asof: datetime) -> Sequence[str]:
        """The symbols with at least one bar."""
        return [symbol for symbol in self.known if len(self.columns(symbol, asof))]


def sample_bars() -> tuple[Bars, ...]:
    """The market that ships with the project."""
    table = read_sample().bars
    symbols = np.array(table.symbol)
    days = np.array(table.session, dtype="datetime64[D]")
    found: list[Bars] = []
    for symbol in sorted(set(table.symbol)):
        rows = np.flatnonzero(symbols == symbol)
        rows = rows[np.argsort(days[rows])]
        prices = (table.open, table.high, table.low, table.close, table.adj_close, table.volume)
        found.append(Bars(symbol, days[rows], *(np.asarray(p)[rows] for p in prices), "sample", "sample"))
    return tuple(found)


def histories_of(*bars: Bars) -> list[SymbolHistory]:
    """Whole histories, each with the market of all of them around it."""
    around = surroundings(bars)
    return [history(one, Parameters(), RegimeRule(), around) for one in bars]


def record_of(*bars: Bars, evidence: Mapping[str, Evidence] | None = None, rules: Rules | None = None) -> MarketRecord:
    """The record over whole histories, as `evaluate` walks them."""
    return MarketRecord(histories_of(*bars), evidence or {}, rules or Rules())
