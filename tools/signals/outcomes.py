"""What became of a call: which barrier traded first, when, at what price. Later bars are read here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tools.signals.bars import Bars, BoolArray, DirectionArray, FloatArray, IntArray

UNRESOLVED = -1


class ExitReason(StrEnum):
    """Why a call ended; the order is that of the codes in `Outcomes.reason`."""

    TARGET = "target"
    STOP = "stop"
    TIME = "time"


REASONS: tuple[ExitReason, ...] = tuple(ExitReason)


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """One element a call, in the order given."""

    outcome: DirectionArray
    """1 the first target traded before the stop and in time, 0 not, -1 not resolved yet."""
    resolved: IntArray
    """Bar at whose close the outcome is known; -1 while open."""
    reason: DirectionArray
    """Index into `REASONS`; -1 while open."""
    exit_price: FloatArray
    """Fill price of the exit; NaN while open."""
    result: FloatArray
    """Profit or loss from the entry's fill to the exit's in stop distances (R), before costs; NaN while open."""


@dataclass(slots=True, eq=False)
class _Open:
    """The calls still open while the bars are walked; prices signed so that up is always towards the target."""

    sign: FloatArray
    stop: FloatArray
    target: FloatArray
    reason: DirectionArray
    resolved: IntArray
    exit_price: FloatArray

    def close(self, which: IntArray, at: IntArray, reason: ExitReason, price: FloatArray) -> None:
        self.reason[which] = REASONS.index(reason)
        self.resolved[which] = at
        self.exit_price[which] = price * self.sign[which]


def resolve(
    bars: Bars, at: IntArray, direction: DirectionArray, stop: FloatArray, target: FloatArray, horizon: int
) -> Outcomes:
    """Resolve calls made at the close of bars `at`, in quoted prices, on the bars there are.

    Entered at the next session's open; the last session is `at + horizon`, at whose close an open call times out (0).
    Within a bar the open comes first: a gap through a level fills at the open. Then a bar that touches both barriers
    counts as stopped. `stop` and `target` are prices, one a call.
    """
    n, count = len(bars), len(at)
    sign = direction.astype(np.float64)
    book = _Open(
        sign,
        stop * sign,
        target * sign,
        np.full(count, UNRESOLVED, dtype=np.int8),
        np.full(count, UNRESOLVED, dtype=np.int64),
        np.full(count, np.nan),
    )
    for ahead in range(1, horizon + 1):
        live = np.flatnonzero((book.reason == UNRESOLVED) & (at + ahead < n))
        _step(bars, book, live, at[live] + ahead, last=ahead == horizon)
    entered = at + 1 < n
    entry = np.where(entered, bars.open[np.minimum(at + 1, n - 1)], np.nan)
    risk = np.abs(bars.close[at] - stop)
    done = book.reason != UNRESOLVED
    outcome = np.where(done, book.reason == REASONS.index(ExitReason.TARGET), UNRESOLVED).astype(np.int8)
    # Adding zero turns -0.0, which a person would read as a small loss, into 0.0.
    result = np.where(done, (book.exit_price - entry) * sign / risk + 0.0, np.nan)
    return Outcomes(outcome, book.resolved, book.reason, book.exit_price, result)


def _step(bars: Bars, book: _Open, live: IntArray, bar: IntArray, *, last: bool) -> None:
    """Walk the open calls `live` through one bar each."""
    up: BoolArray = book.sign[live] > 0
    opened, closed = bars.open[bar] * book.sign[live], bars.close[bar] * book.sign[live]
    best, worst = np.where(up, bars.high[bar], -bars.low[bar]), np.where(up, bars.low[bar], -bars.high[bar])
    stop, target = book.stop[live], book.target[live]
    gapped_stop, gapped_target = opened <= stop, opened >= target
    stopped = ~gapped_stop & ~gapped_target & (worst <= stop)
    reached = ~gapped_stop & ~gapped_target & ~stopped & (best >= target)
    for hit, reason, price in (
        (gapped_stop, ExitReason.STOP, opened),
        (gapped_target, ExitReason.TARGET, opened),
        (stopped, ExitReason.STOP, stop),
        (reached, ExitReason.TARGET, target),
    ):
        book.close(live[hit], bar[hit], reason, price[hit])
    if last:
        rest = ~(gapped_stop | gapped_target | stopped | reached)
        book.close(live[rest], bar[rest], ExitReason.TIME, closed[rest])
