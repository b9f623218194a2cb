"""Tools that read markets, as of the turn's instant and never later."""

from __future__ import annotations

from collections.abc import Sequence

from brokers.vocabulary import BadInput, Instant, Value
from tools.context import ToolContext
from tools.market.compare import CompareResult
from tools.market.compare import compare_symbols as compared
from tools.market.forecast import ForecastResult
from tools.market.history import HistoryResult
from tools.market.history import get_history as history_of
from tools.market.news import NewsResult
from tools.market.quote import QuoteResult, get_quote
from tools.market.source import known_instrument
from tools.market.statistics import Statistic, StatisticResult, compute_statistic
from tools.market.windows import Window, resolve_window
from tools.signals.regime import Regime, RegimeChange

MOST_SYMBOLS = 12
MOST_CHANGES = 5
"""Changes of state that are listed with a regime."""


class QuotesResult(Value):
    """Quotes of the symbols asked about."""

    as_of: Instant
    rows: tuple[QuoteResult, ...]


class RegimeResult(Value):
    """The market state of one symbol."""

    symbol: str
    as_of: Instant
    regime: Regime
    changes: tuple[RegimeChange, ...]
    """The last changes of state, newest first."""


def get_quotes(context: ToolContext, symbols: Sequence[str]) -> QuotesResult:
    """The last quote of each symbol, with the session's range and volume.

    Args:
        context: The turn's context.
        symbols: Tickers, e.g. ["AAPL"].
    """
    rows = tuple(get_quote(context.bars, symbol, context.asof) for symbol in _tickers(symbols))
    return QuotesResult(as_of=context.asof, rows=rows)


def get_statistic(
    context: ToolContext,
    symbol: str,
    statistic: Statistic,
    window: str | None = None,
    other: str | None = None,
    sessions: int | None = None,
) -> StatisticResult:
    """One statistic of a symbol over a window.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
        statistic: Which one.
        window: The window in words, e.g. "last 30 days", "q3 2022", "2020-03-01 to 2020-03-31".
        other: Second ticker, for a correlation or relative return.
        sessions: Length of a moving average or the like, in sessions.
    """
    return compute_statistic(
        context.bars,
        _ticker(symbol),
        statistic,
        context.asof,
        _window(context, window),
        other=None if other is None else _ticker(other),
        sessions=sessions,
    )


def get_history(context: ToolContext, symbol: str, window: str | None = None) -> HistoryResult:
    """Daily bars of a symbol over a window, for a chart.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
        window: The window in words; the last year if absent.
    """
    return history_of(context.bars, _ticker(symbol), context.asof, _window(context, window))


def compare_symbols(context: ToolContext, symbols: Sequence[str], window: str | None = None) -> CompareResult:
    """Returns, volatility, drawdown and correlation of two or more symbols side by side.

    Args:
        context: The turn's context.
        symbols: Two or more tickers.
        window: The window in words; the last year if absent.
    """
    return compared(context.bars, _tickers(symbols), context.asof, _window(context, window))


def get_news(context: ToolContext, symbol: str, window: str | None = None) -> NewsResult:
    """The news on a symbol and how it reads: stories, tone, kind of event, novelty and surprise.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
        window: The window in words, e.g. "this week", "last 10 days"; the last 30 days if absent.
    """
    instrument = known_instrument(context.bars, _ticker(symbol))
    return context.news.news(instrument, context.asof, _window(context, window))


def get_regime(context: ToolContext, symbol: str) -> RegimeResult:
    """The trend and volatility state of a symbol, by a causal rule.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
    """
    ticker = _ticker(symbol)
    signal = context.signals.analyze(ticker, context.asof)
    changes = context.signals.regime_changes(ticker, context.asof, MOST_CHANGES)
    return RegimeResult(symbol=ticker, as_of=context.asof, regime=signal.regime, changes=changes)


def get_forecast(context: ToolContext, symbol: str, horizon: str | None = None) -> ForecastResult:
    """What a symbol's price may do over 1, 5 and 20 sessions: quantiles, P(up), expected move, and which model says so.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
        horizon: How far ahead, in words, e.g. "tomorrow", "next week", "20 days"; all horizons if absent.
    """
    return context.forecasts.forecast(_known(context, symbol), context.asof, horizon)


def _ticker(symbol: str) -> str:
    return symbol.strip().upper()


def _tickers(symbols: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(_ticker(symbol) for symbol in symbols))
    if not 1 <= len(found) <= MOST_SYMBOLS:
        raise BadInput(f"Name 1 to {MOST_SYMBOLS} symbols.")
    return found


def _known(context: ToolContext, symbol: str) -> str:
    """The ticker of a known symbol. Raises `BadInput` that names what is known otherwise."""
    return get_quote(context.bars, _ticker(symbol), context.asof).symbol


def _window(context: ToolContext, words: str | None) -> Window | None:
    if words is None:
        return None
    window = resolve_window(words, context.today)
    if window is None:
        raise BadInput(f"“{words[:40]}” is no window that can be read.", fix="Say for example: last 30 days, q3 2022.")
    return window
