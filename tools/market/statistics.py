"""Figures about one symbol over a window: what a person asks of history. Deterministic, each with its unit and dates.

Without a window each statistic takes its usual one (`DEFAULT_SESSIONS`). Returns use dividend-adjusted closes, price
changes do not. A year has 252 sessions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from brokers.vocabulary import BadInput, Freshness, Unavailable, Value
from tools.market.source import Market, known_columns, known_instrument
from tools.market.statistic_kinds import DEFAULT_SESSIONS, FUNCTIONS, Asked, Figure, Statistic
from tools.market.stretch import Stretch, stretch
from tools.market.windows import Window

__all__ = ["DEFAULT_SESSIONS", "Figure", "Statistic", "StatisticResult", "compute_statistic"]


class StatisticResult(Value):
    """A statistic with everything needed to say it honestly. The first figure is the one asked for."""

    symbol: str
    name: str
    statistic: Statistic
    figures: tuple[Figure, ...]
    start: date
    """First session of the window."""
    end: date
    """Last session of the window: nothing later was used."""
    measured_from: date
    """The session whose close a change is measured from."""
    sessions: int
    versus: str | None = None
    """What it is compared with: a symbol, or a sentence."""
    method: str
    source: str
    freshness: Freshness
    notes: tuple[str, ...] = ()


def compute_statistic(
    market: Market,
    symbol: str,
    statistic: Statistic,
    asof: datetime,
    window: Window | None = None,
    *,
    other: str | None = None,
    sessions: int | None = None,
) -> StatisticResult:
    """One statistic of `symbol` over `window`, from bars known at `asof` alone.

    `other` is the symbol that a correlation or relative return is taken with; `sessions` replaces the usual number (a
    200-day average). Raises `BadInput` for an unknown symbol or a missing `other`,
    `Unavailable` where the bars do not suffice.
    """
    if sessions is not None and not 1 <= sessions <= 10_000:
        raise BadInput("The number of sessions must be between 1 and 10,000.")
    instrument = known_instrument(market, symbol)
    columns = known_columns(market, symbol, asof)
    default = sessions or DEFAULT_SESSIONS[statistic]
    here = stretch(columns, window, default)
    if statistic is Statistic.MOVING_AVERAGE and sessions is not None:
        here = _ending_like(here, sessions)
    answer = FUNCTIONS[statistic](Asked(market, asof, instrument.currency, window, default, here, other))
    return StatisticResult(
        symbol=symbol,
        name=instrument.name,
        statistic=statistic,
        figures=answer.figures,
        start=here.session(here.first),
        end=here.session(here.last),
        measured_from=here.session(here.base),
        sessions=len(here),
        versus=answer.versus,
        method=answer.method,
        source=columns.source,
        freshness=Freshness(columns.freshness),
        notes=here.notes,
    )


def _ending_like(here: Stretch, sessions: int) -> Stretch:
    """The `sessions` up to the window's end: "the 200-day average in March" ends in March and begins long before."""
    if here.last + 1 < sessions:
        known = f"only {here.last + 1} are known on {here.session(here.last)}"
        raise Unavailable(f"An average of {sessions} sessions is unavailable, because {known}.")
    return replace(here, first=here.last - sessions + 1, base=max(here.last - sessions, 0))
