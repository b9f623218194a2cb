"""Every call that every strategy made on one symbol, with levels and outcomes: the material of record and signal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.signals.bars import Bars, DirectionArray, FloatArray, IntArray, Series
from tools.signals.evidence import Surroundings
from tools.signals.outcomes import Outcomes, resolve
from tools.signals.regime import RegimeRule, Regimes, regimes
from tools.signals.strategies import STRATEGIES, Context, Parameters, Play, Strategy

NOT_YET = np.iinfo(np.int64).max
"""Resolution day of a call that is still open."""
PRICE_DIGITS = 4
"""Decimals of a quoted level; a ticket rounds to the instrument's own tick."""


@dataclass(frozen=True, slots=True, eq=False)
class Trades:
    """The calls of one strategy on one symbol, oldest first; prices as quoted."""

    strategy: Strategy
    play: Play
    at: IntArray
    """Bar of each call."""
    direction: DirectionArray
    """`Direction.code`: 1 long, -1 short, 2 neutral, 3 volatile."""
    stop: FloatArray
    """Of a neutral or volatile call its lower breakeven."""
    targets: FloatArray
    """Shape (targets, calls); NaN where a level would not be a price. Of a neutral or volatile call its upper
    breakeven alone."""
    outcomes: Outcomes
    day: IntArray
    """Session of each call, in days since 1970."""
    resolved_day: IntArray
    """Session at whose close the outcome is known; `NOT_YET` while open."""
    weight: FloatArray
    """1 / calls of this strategy and symbol open at the time: a call's worth as independent evidence."""

    def index(self, bar: int) -> int | None:
        """Position of the call made at `bar`, or None where the strategy made none."""
        place = int(np.searchsorted(self.at, bar))
        return place if place < len(self.at) and self.at[place] == bar else None


@dataclass(frozen=True, slots=True, eq=False)
class SymbolHistory:
    """All that is computed once for one symbol and one version of its bars."""

    bars: Bars
    series: Series
    trades: tuple[Trades, ...]
    regimes: Regimes


def history(
    bars: Bars, parameters: Parameters, rule: RegimeRule, surroundings: Surroundings | None = None
) -> SymbolHistory:
    """Run every strategy over all bars (at least one) and resolve what can be resolved.

    Without `surroundings` the market's own state is unknown, and relative strength has nothing to compare with.
    """
    series = bars.series()
    known = regimes(bars, series, rule, surroundings)
    context = Context.of(bars, known, surroundings)
    plays = ((strategy, strategy.play(series, context, parameters)) for strategy in STRATEGIES)
    trades = tuple(_trades(bars, series, strategy, play) for strategy, play in plays)
    return SymbolHistory(bars, series, trades, known)


def _trades(bars: Bars, series: Series, strategy: Strategy, play: Play) -> Trades:
    at = np.flatnonzero(play.directions)
    direction = play.directions[at]
    distance = play.stop_distance[at] / series.factor[at]
    entry = np.round(bars.close[at], PRICE_DIGITS)
    # Of the range strategies, whose codes are above 1, the target is the upper level and the stop the lower one.
    side = np.minimum(direction, 1)
    stop = np.round(entry - side * distance, PRICE_DIGITS)
    multiples = np.array(play.target_multiples)[:, None]
    targets = np.round(entry + side * distance * multiples, PRICE_DIGITS)
    targets[targets <= 0] = np.nan
    # A level at or below zero, or no distance left after rounding: there is nothing to trade, so there is no call.
    sane = (stop > 0) & (targets[0] > 0) & (stop != entry) & (targets[0] != entry)
    at, direction, stop, targets = at[sane], direction[sane], stop[sane], targets[:, sane]
    outcomes = resolve(bars, at, direction, stop, targets[0], play.horizon)
    days = bars.sessions.astype(np.int64)
    resolved = np.where(outcomes.resolved >= 0, days[outcomes.resolved], NOT_YET)
    return Trades(
        strategy, play, at, direction, stop, targets, outcomes, days[at], resolved, _weights(days[at], resolved)
    )


def _weights(day: IntArray, resolved_day: IntArray) -> FloatArray:
    """1 / number of calls open at each call's session, itself included; known at that session."""
    ended = np.searchsorted(np.sort(resolved_day), day, side="right")
    return 1.0 / (np.arange(1, len(day) + 1) - ended)
