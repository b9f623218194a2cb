"""How the calls a person was shown did, as of an instant, beside their base rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import numpy as np

from brokers.feeds.port import Calendar
from brokers.vocabulary import BadInput, DeskmateError, Instant, Value
from tools.context import ToolContext
from tools.execution.blotter import Blotter
from tools.execution.journal import SignalScored, SignalShown
from tools.performance.call_ledger import since
from tools.performance.measures import calibration_error
from tools.signals.bars import BarSource
from tools.signals.calls import Direction
from tools.signals.outcomes import ExitReason

LEAST_FOR_CALIBRATION = 150
"""Scored calls from which a calibration error says something: ten in each of its bins."""
LEAST_FOR_SKILL = 30
MOST_ROWS = 200


class ShownCall(Value):
    """One shown call and, once it is known, what became of it. Prices in the instrument's currency."""

    call_id: str
    symbol: str
    session: date
    made_at: Instant
    strategy: str
    direction: Direction
    horizon_sessions: int
    entry: float | None
    target: float | None
    """Of a neutral or volatile call its upper breakeven, as `stop` is its lower one."""
    stop: float | None
    probability: float
    base_rate: float
    outcome: Literal[0, 1] | None
    """1 it came true, 0 not, None while open."""
    exit_reason: ExitReason | None = None
    resolved: date | None = None
    exit_price: float | None = None
    result_r: float | None = None
    """Profit or loss in stop distances before costs; None while open and for neutral and volatile calls."""
    brier: float | None = None
    brier_base: float | None = None
    standing: str = ""
    """Of an open call: how far it is, or why it cannot be scored."""


class ShownFigures(Value):
    """How some shown calls did. What needs a scored call is None without one; Brier scores are lower for better."""

    shown: int
    open: int
    scored: int
    hit_rate: float | None
    """Share of the scored calls that came true."""
    said: float | None
    """Mean probability of the scored calls."""
    base_rate: float | None
    """Mean base rate of the scored calls, as it was known at each."""
    brier: float | None
    brier_base: float | None
    """The same of the base rate."""
    brier_saved: float | None
    """`brier_base` - `brier`: above 0 where the probability told more than the base rate."""


class StrategyFigures(ShownFigures):
    """How the shown calls that one strategy led did."""

    strategy: str


class ShownScores(ShownFigures):
    """How the calls shown on one account did, as of an instant: nothing that was shown or known later is in it."""

    account: str
    as_of: Instant
    calibration_error: float | None
    """Expected calibration error over equal-count bins."""
    calibration_note: str
    """Why there is no calibration error; empty where there is one."""
    note: str
    """What keeps the figures from being read as skill; empty where nothing does."""
    by_strategy: tuple[StrategyFigures, ...]
    rows: tuple[ShownCall, ...]
    """The newest calls, newest first."""


def shown_scores(
    blotter: Blotter, bars: BarSource, calendar: Calendar, asof: datetime, last: int = MOST_ROWS
) -> ShownScores:
    """How the calls shown up to `asof` did, by the scores known then; the `last` newest of them as rows."""
    rows = [
        _row(call, blotter.scored.get(call.call_id), bars, calendar, asof)
        for call in sorted(blotter.signals.values(), key=lambda one: (one.made_at, one.call_id), reverse=True)
        if call.made_at <= asof
    ]
    figures = _figures(rows)
    error, why = _calibration(rows)
    return ShownScores(
        **figures.model_dump(),
        account=blotter.account,
        as_of=asof,
        calibration_error=error,
        calibration_note=why,
        note=_note(figures),
        by_strategy=tuple(
            StrategyFigures(strategy=name, **_figures([row for row in rows if row.strategy == name]).model_dump())
            for name in sorted({row.strategy for row in rows})
        ),
        rows=tuple(rows[:last]),
    )


def shown_record(context: ToolContext, last: int = 20) -> ShownScores:
    """How the calls that this person was shown did: hit rate and Brier score beside the base rate, and each call.

    Args:
        context: The turn's context.
        last: How many of the newest calls to list, 1 to 200.
    """
    if not 1 <= last <= MOST_ROWS:
        raise BadInput(f"1 to {MOST_ROWS} calls can be listed.")
    return shown_scores(context.account.blotter.refresh(), context.bars, context.feed.calendar, context.asof, last)


def _row(
    call: SignalShown, scored: SignalScored | None, bars: BarSource, calendar: Calendar, asof: datetime
) -> ShownCall:
    row = ShownCall(
        call_id=call.call_id,
        symbol=call.symbol,
        session=call.session,
        made_at=call.made_at,
        strategy=call.strategy,
        direction=call.direction,
        horizon_sessions=call.horizon,
        entry=call.entry,
        target=call.target,
        stop=call.stop,
        probability=call.probability,
        base_rate=call.base_rate,
        outcome=None,
    )
    if scored is None or scored.known_at > asof:
        return row.model_copy(update={"standing": _standing(call, bars, calendar, asof)})
    return row.model_copy(update=scored.model_dump(exclude={"call_id", "known_at"}))


def _standing(call: SignalShown, source: BarSource, calendar: Calendar, asof: datetime) -> str:
    try:
        found = since(call, source, asof)
    except DeskmateError as error:
        return f"Stays open: {error}"
    newest, known = found.bars.session(-1), _session(calendar, asof)
    if known is not None and newest < known:
        return f"Stays open: {call.symbol} has no bar after {newest}."
    return f"{len(found.bars) - 1 - found.at} of {call.horizon} sessions have passed."


def _session(calendar: Calendar, asof: datetime) -> date | None:
    """The last session that closed by `asof`."""
    session = calendar.on_or_before(asof.date())
    if session is None or calendar.close_of(session) <= asof:
        return session
    return calendar.offset(session, -1)


def _figures(rows: Sequence[ShownCall]) -> ShownFigures:
    done = [row for row in rows if row.outcome is not None]
    brier = _mean([row.brier for row in done])
    base = _mean([row.brier_base for row in done])
    return ShownFigures(
        shown=len(rows),
        open=len(rows) - len(done),
        scored=len(done),
        hit_rate=_mean([row.outcome for row in done]),
        said=_mean([row.probability for row in done]),
        base_rate=_mean([row.base_rate for row in done]),
        brier=brier,
        brier_base=base,
        brier_saved=None if brier is None or base is None else base - brier,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _calibration(rows: Sequence[ShownCall]) -> tuple[float | None, str]:
    """The expected calibration error, or why there is none."""
    done = [(row.probability, row.outcome) for row in rows if row.outcome is not None]
    if len(done) < LEAST_FOR_CALIBRATION:
        return None, f"A calibration error needs {LEAST_FOR_CALIBRATION} resolved calls; there are {len(done)}."
    said, happened = np.array(done, dtype=np.float64).T
    return calibration_error(said, happened), ""


def _note(figures: ShownFigures) -> str:
    if not figures.shown:
        return "No call has been shown yet."
    if not figures.scored:
        return "None of them is resolved yet."
    return "So few resolved calls cannot tell skill from luck." if figures.scored < LEAST_FOR_SKILL else ""
