"""How each statistic is computed and named: one small function each, over the bars of a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import numpy as np

from brokers.vocabulary import BadInput, Finite, Unavailable, Value
from tools.market.measures import (
    YEAR,
    correlation,
    deepest_drawdown,
    moves,
    price_change,
    total_return,
    volatility,
    with_moves,
)
from tools.market.source import Market, known_columns, price, rounded
from tools.market.stretch import Stretch, matching
from tools.market.windows import Window


class Statistic(StrEnum):
    """What can be asked of history."""

    CLOSE = "close"
    HIGH_LOW = "high_low"
    CHANGE = "change"
    RETURN = "return"
    RELATIVE_RETURN = "relative_return"
    HIGHEST_CLOSE = "highest_close"
    LOWEST_CLOSE = "lowest_close"
    WORST_DAY = "worst_day"
    UP_DAYS = "up_days"
    MOVING_AVERAGE = "moving_average"
    MOMENTUM = "momentum"
    VOLATILITY = "volatility"
    DRAWDOWN = "drawdown"
    CORRELATION = "correlation"
    VOLUME = "volume"
    AVERAGE_VOLUME = "average_volume"
    BID_ASK = "bid_ask"


DEFAULT_SESSIONS: Mapping[Statistic, int] = {
    Statistic.CLOSE: 1,
    Statistic.HIGH_LOW: YEAR,
    Statistic.CHANGE: 1,
    Statistic.RETURN: YEAR,
    Statistic.RELATIVE_RETURN: YEAR,
    Statistic.HIGHEST_CLOSE: YEAR,
    Statistic.LOWEST_CLOSE: YEAR,
    Statistic.WORST_DAY: YEAR,
    Statistic.UP_DAYS: 20,
    Statistic.MOVING_AVERAGE: 50,
    Statistic.MOMENTUM: 20,
    Statistic.VOLATILITY: 20,
    Statistic.DRAWDOWN: YEAR,
    Statistic.CORRELATION: YEAR,
    Statistic.VOLUME: 1,
    Statistic.AVERAGE_VOLUME: 20,
    Statistic.BID_ASK: 1,
}
"""Sessions that each statistic covers when no window is asked for."""


class Figure(Value):
    """One number of an answer."""

    name: str
    value: Finite
    unit: str
    """A currency (per share), "%", "shares", "sessions" or "" for a bare ratio."""
    on: date | None = None
    """The session it belongs to, where it belongs to one."""


@dataclass(frozen=True)
class Asked:
    """A question put to one of the functions below."""

    market: Market
    asof: datetime
    currency: str
    window: Window | None
    default: int
    here: Stretch
    other: str | None


@dataclass(frozen=True)
class Answer:
    """What a function answers: how it was measured, and the figures, the one asked for first."""

    method: str
    figures: tuple[Figure, ...]
    versus: str | None = None


def _close(asked: Asked) -> Answer:
    here = asked.here
    close = price(here.columns.close[here.last])
    return Answer("Last close of the window.", (_at(asked, "close", close, here.last),))


def _high_low(asked: Asked) -> Answer:
    here, bars = asked.here, asked.here.columns
    top = here.first + int(np.argmax(here.of(bars.high)))
    bottom = here.first + int(np.argmin(here.of(bars.low)))
    figures = (
        _at(asked, "high", price(bars.high[top]), top),
        _at(asked, "low", price(bars.low[bottom]), bottom),
    )
    return Answer("Highest high and lowest low of the window.", figures)


def _change(asked: Asked) -> Answer:
    here = with_moves(asked.here, 1)
    start, end = price(here.columns.close[here.base]), price(here.columns.close[here.last])
    figures = (
        _percent("change", price_change(here)),
        Figure(name="change", value=end - start, unit=asked.currency),
        _at(asked, "from", start, here.base),
        _at(asked, "to", end, here.last),
    )
    return Answer("Price change from the base close to the last close; dividends not counted.", figures)


def _return(asked: Asked) -> Answer:
    here = with_moves(asked.here, 1)
    figures = (_percent("return", total_return(here)), _percent("price change", price_change(here)))
    return Answer("Total return, dividends reinvested, from the base close to the last close.", figures)


def _relative_return(asked: Asked) -> Answer:
    here = with_moves(asked.here, 1)
    own = total_return(here)
    symbol = here.columns.symbol
    if asked.other is not None:
        versus, benchmark = asked.other, total_return(_same_days(asked, here, asked.other))
    else:
        others = _peers(asked, here)
        versus = f"the equal-weighted mean of {', '.join(others) if len(others) <= 8 else f'{len(others)} others'}"
        benchmark = float(np.mean(list(others.values())))
    figures = (
        Figure(name="relative return", value=rounded((own - benchmark) * 100, 2), unit="percentage points"),
        _percent(symbol, own),
        _percent(asked.other or "benchmark", benchmark),
    )
    return Answer("Total return less the total return of the benchmark over the same sessions.", figures, versus)


def _peers(asked: Asked, here: Stretch) -> dict[str, float]:
    """Total return of every other symbol that traded on all the same sessions. Raises `Unavailable` when none did."""
    returns: dict[str, float] = {}
    for symbol in asked.market.symbols(asked.asof):
        if symbol == here.columns.symbol:
            continue
        try:
            returns[symbol] = total_return(_same_days(asked, here, symbol))
        except Unavailable:
            continue
    if not returns:
        raise Unavailable("A relative return is unavailable, because nothing else traded on the same sessions.")
    return returns


def _highest_close(asked: Asked) -> Answer:
    here = asked.here
    row = here.first + int(np.argmax(here.of(here.columns.close)))
    return Answer("Highest close of the window.", (_at(asked, "highest close", price(here.columns.close[row]), row),))


def _lowest_close(asked: Asked) -> Answer:
    here = asked.here
    row = here.first + int(np.argmin(here.of(here.columns.close)))
    return Answer("Lowest close of the window.", (_at(asked, "lowest close", price(here.columns.close[row]), row),))


def _worst_day(asked: Asked) -> Answer:
    here = with_moves(asked.here, 1)
    daily = moves(here, here.columns.close)
    worst, best = int(np.argmin(daily)), int(np.argmax(daily))
    figures = (
        _percent("worst day", daily[worst], here.session(here.base + 1 + worst)),
        _percent("best day", daily[best], here.session(here.base + 1 + best)),
    )
    return Answer("Smallest and largest change from one close to the next.", figures)


def _up_days(asked: Asked) -> Answer:
    here = with_moves(asked.here, 1)
    daily = moves(here, here.columns.close)
    up, down = int((daily > 0).sum()), int((daily < 0).sum())
    figures = (
        Figure(name="up days", value=Decimal(up), unit="sessions"),
        Figure(name="down days", value=Decimal(down), unit="sessions"),
        _percent("share of up days", up / len(daily)),
    )
    return Answer("Sessions that closed above, and below, the close before.", figures)


def _moving_average(asked: Asked) -> Answer:
    here = asked.here
    if asked.window is None and len(here) < asked.default:
        raise Unavailable(f"An average of {asked.default} sessions is unavailable, because {len(here)} are on record.")
    close = float(here.columns.close[here.last])
    average = float(np.mean(here.of(here.columns.close)))
    figures = (
        Figure(name=f"{len(here)}-session average", value=price(average), unit=asked.currency),
        _at(asked, "close", price(close), here.last),
        _percent("close above average", close / average - 1),
    )
    return Answer("Simple average of the closes.", figures)


def _momentum(asked: Asked) -> Answer:
    here = with_moves(asked.here, 1)
    return Answer("Rate of change of the close over the window.", (_percent("momentum", price_change(here)),))


def _volatility(asked: Asked) -> Answer:
    here = with_moves(asked.here, 3)
    figures = (_percent("volatility", volatility(here)), _percent("a day", volatility(here) / YEAR**0.5))
    return Answer("Standard deviation of daily log returns (dividends in), times the root of 252.", figures)


def _drawdown(asked: Asked) -> Answer:
    here = with_moves(asked.here, 1)
    depth, peak, trough = deepest_drawdown(here)
    closes = here.from_base(here.columns.close)
    figures = (
        _percent("largest drawdown", depth),
        _at(asked, "peak", price(here.columns.close[peak]), peak),
        _at(asked, "trough", price(here.columns.close[trough]), trough),
        _percent("now below the peak", closes[-1] / closes.max() - 1),
    )
    return Answer("Deepest fall of the close from the highest close before it.", figures)


def _correlation(asked: Asked) -> Answer:
    if asked.other is None:
        raise BadInput("A correlation needs a second symbol.", fix="Name the other symbol.")
    here = with_moves(asked.here, 3)
    there = _same_days(asked, here, asked.other)
    figure = Figure(name="correlation", value=rounded(correlation(here, there), 2), unit="")
    return Answer("Pearson correlation of daily log returns (dividends in).", (figure,), asked.other)


def _volume(asked: Asked) -> Answer:
    here = asked.here
    return Answer("Shares traded in the last session of the window.", (_shares("volume", here, here.last),))


def _average_volume(asked: Asked) -> Answer:
    here = asked.here
    average = Figure(
        name="average volume", value=rounded(float(np.mean(here.of(here.columns.volume))), 0), unit="shares"
    )
    return Answer("Mean of the shares traded a session.", (average, _shares("last volume", here, here.last)))


def _bid_ask(asked: Asked) -> Answer:
    symbol = asked.here.columns.symbol
    quote = asked.market.quote(symbol, asked.asof)
    if quote is None:
        raise Unavailable(
            f"A quote of {symbol} is unavailable, because no price of it is known on {asked.asof.date()}."
        )
    figures = (
        Figure(name="bid", value=quote.bid, unit=quote.currency, on=quote.at.date()),
        Figure(name="ask", value=quote.ask, unit=quote.currency, on=quote.at.date()),
        Figure(name="spread", value=quote.ask - quote.bid, unit=quote.currency),
        _percent("spread", float((quote.ask - quote.bid) / quote.mid)),
    )
    return Answer("The last quote, whatever the window; a sample or end-of-day spread is modelled.", figures)


def _at(asked: Asked, name: str, value: Decimal, row: int) -> Figure:
    return Figure(name=name, value=value, unit=asked.currency, on=asked.here.session(row))


def _percent(name: str, share: float, on: date | None = None) -> Figure:
    return Figure(name=name, value=rounded(share * 100, 2), unit="%", on=on)


def _shares(name: str, here: Stretch, row: int) -> Figure:
    return Figure(name=name, value=rounded(here.columns.volume[row], 0), unit="shares", on=here.session(row))


def _same_days(asked: Asked, here: Stretch, symbol: str) -> Stretch:
    return matching(here, known_columns(asked.market, symbol, asked.asof))


FUNCTIONS: Mapping[Statistic, Callable[[Asked], Answer]] = {
    Statistic.CLOSE: _close,
    Statistic.HIGH_LOW: _high_low,
    Statistic.CHANGE: _change,
    Statistic.RETURN: _return,
    Statistic.RELATIVE_RETURN: _relative_return,
    Statistic.HIGHEST_CLOSE: _highest_close,
    Statistic.LOWEST_CLOSE: _lowest_close,
    Statistic.WORST_DAY: _worst_day,
    Statistic.UP_DAYS: _up_days,
    Statistic.MOVING_AVERAGE: _moving_average,
    Statistic.MOMENTUM: _momentum,
    Statistic.VOLATILITY: _volatility,
    Statistic.DRAWDOWN: _drawdown,
    Statistic.CORRELATION: _correlation,
    Statistic.VOLUME: _volume,
    Statistic.AVERAGE_VOLUME: _average_volume,
    Statistic.BID_ASK: _bid_ask,
}
"""Statistic → the function that answers it."""
