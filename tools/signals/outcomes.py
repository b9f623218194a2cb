"""What became of a call: which barrier traded first, when, at what price. Later bars are read here and nowhere else.

Calls are resolved on the bars there are, and a horizon counts bars. A call on a symbol whose bars end stays open for
ever; over a halt, of however many days, it waits and meets the first bar after it, as a position would.
Bars are split-adjusted: a vendor's restatement after a split divides levels and prices alike, so outcomes and results
in R stay as they were. A dividend is a fall of the quoted price like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np

from tools.signals.bars import Bars, BoolArray, DirectionArray, FloatArray, IntArray
from tools.signals.calls import Direction

UNRESOLVED = -1


class ExitReason(StrEnum):
    """Why a call ended; the order is that of the codes in `Outcomes.reason`."""

    TARGET = "target"
    STOP = "stop"
    TIME = "time"
    EXPIRY = "expiry"
    """The horizon of a neutral or volatile call, won or lost."""


REASONS: tuple[ExitReason, ...] = tuple(ExitReason)


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """One element a call, in the order given."""

    outcome: DirectionArray
    """1 won, 0 not, -1 not resolved yet; see `resolve`."""
    resolved: IntArray
    """Bar at whose close the outcome is known; -1 while open."""
    reason: DirectionArray
    """Index into `REASONS`; -1 while open."""
    exit_price: FloatArray
    """Fill price of the exit, of a neutral or volatile call the close at its horizon; NaN while open."""
    result: FloatArray
    """Profit or loss from the entry's fill to the exit's in stop distances (R), before costs; NaN while open, and of
    neutral and volatile calls, whose payoff is not told by the stock's price alone."""


def resolve(
    bars: Bars, at: IntArray, direction: DirectionArray, stop: FloatArray, target: FloatArray, horizon: int
) -> Outcomes:
    """Resolve calls made at the close of bars `at`, in quoted prices, on the bars there are.

    `direction` is `Direction.code`; `stop` and `target` are prices, one a call.

    Long and short: entered at the next session's open; won when the target trades before the stop and within `horizon`
    sessions, at whose last close an open call times out (0). Within a bar the open comes first: a gap through a level
    fills at the open, the entry's own included. Then a bar that touches both barriers counts as stopped.

    Neutral and volatile: decided by the close of bar `at + horizon` and not known before. Neutral is won when stop <
    close < target, volatile when close < stop or close > target; on a breakeven neither is.
    """
    count = len(at)
    found = Outcomes(
        np.full(count, UNRESOLVED, dtype=np.int8),
        np.full(count, UNRESOLVED, dtype=np.int64),
        np.full(count, UNRESOLVED, dtype=np.int8),
        np.full(count, np.nan),
        np.full(count, np.nan),
    )
    for which, part in (
        (np.abs(direction) == 1, _directional),
        (direction == Direction.NEUTRAL.code, _neutral),
        (direction == Direction.VOLATILE.code, _volatile),
    ):
        if which.any():
            one = part(bars, at[which], direction[which], stop[which], target[which], horizon)
            for field in fields(Outcomes):
                getattr(found, field.name)[which] = getattr(one, field.name)
    return found


def _neutral(
    bars: Bars, at: IntArray, _: DirectionArray, lower: FloatArray, upper: FloatArray, horizon: int
) -> Outcomes:
    return _expired(bars, at + horizon, lambda close: (lower < close) & (close < upper))


def _volatile(
    bars: Bars, at: IntArray, _: DirectionArray, lower: FloatArray, upper: FloatArray, horizon: int
) -> Outcomes:
    return _expired(bars, at + horizon, lambda close: (close < lower) | (close > upper))


def _expired(bars: Bars, end: IntArray, won: Callable[[FloatArray], BoolArray]) -> Outcomes:
    """Calls decided by the close of bar `end` alone."""
    done = end < len(bars)
    close = bars.close[np.minimum(end, len(bars) - 1)]
    return Outcomes(
        np.where(done, won(close), UNRESOLVED).astype(np.int8),
        np.where(done, end, UNRESOLVED),
        np.where(done, REASONS.index(ExitReason.EXPIRY), UNRESOLVED).astype(np.int8),
        np.where(done, close, np.nan),
        np.full(len(end), np.nan),
    )


def _directional(
    bars: Bars, at: IntArray, direction: DirectionArray, stop: FloatArray, target: FloatArray, horizon: int
) -> Outcomes:
    """Look at the whole window of every call at once for the first bar that touches a level, then at that bar alone."""
    n, long = len(bars), direction > 0
    above = _windows(np.maximum(bars.open, bars.high), at, horizon, -np.inf)
    below = _windows(np.minimum(bars.open, bars.low), at, horizon, np.inf)
    upper, lower = np.where(long, target, stop), np.where(long, stop, target)
    touched = (above >= upper[:, None]) | (below <= lower[:, None])
    met = touched.any(axis=1)
    done = met | (at + horizon < n)
    bar = np.minimum(at + np.where(met, touched.argmax(axis=1) + 1, horizon), n - 1)
    opened, worst = bars.open[bar], np.where(long, bars.low[bar], bars.high[bar])
    gapped = (opened <= lower) | (opened >= upper)
    at_stop = np.where(long, np.where(gapped, opened, worst) <= stop, np.where(gapped, opened, worst) >= stop)
    reason = np.where(at_stop, REASONS.index(ExitReason.STOP), REASONS.index(ExitReason.TARGET))
    reason = np.where(met, reason, np.where(done, REASONS.index(ExitReason.TIME), UNRESOLVED)).astype(np.int8)
    price = np.where(met, np.where(gapped, opened, np.where(at_stop, stop, target)), bars.close[bar])
    price = np.where(done, price, np.nan)
    entry = np.where(at + 1 < n, bars.open[np.minimum(at + 1, n - 1)], np.nan)
    outcome = np.where(done, reason == REASONS.index(ExitReason.TARGET), UNRESOLVED).astype(np.int8)
    # Adding zero turns -0.0, which a person would read as a small loss, into 0.0.
    result = (price - entry) * direction / np.abs(bars.close[at] - stop) + 0.0
    return Outcomes(outcome, np.where(done, bar, UNRESOLVED), reason, price, result)


def _windows(values: FloatArray, at: IntArray, horizon: int, beyond: float) -> FloatArray:
    """The `horizon` values after each of `at`, shape (calls, horizon); `beyond` stands where there is no bar yet."""
    padded = np.concatenate([values, np.full(horizon, beyond)])
    return np.lib.stride_tricks.sliding_window_view(padded, horizon)[at + 1]
