"""Shown calls for tests: rows of a table of calls as they were written down, and a desk killed while it advances."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np

from assistant.desk import Desk
from brokers.feeds.port import Calendar
from tools.context import ToolContext
from tools.execution.accounts import AccountParts
from tools.execution.journal import SignalScored, SignalShown
from tools.signals.calls import Direction, call_id
from tools.signals.outcomes import REASONS
from tools.signals.table import CallTable


def session_of(day: int) -> date:
    """The date of a day since 1970."""
    return np.datetime64(day, "D").item()


def written(table: CallTable, row: int, calendar: Calendar) -> SignalShown:
    """A row of a table as the event that showing its call wrote, with the table's own levels."""
    session = session_of(int(table.day[row]))
    symbol, strategy = table.symbols[int(table.symbol[row])], table.strategies[int(table.strategy[row])]
    version = table.fits[int(table.fit[row])].version
    return SignalShown(
        call_id=call_id(symbol, "fused", session, version),
        symbol=symbol,
        session=session,
        made_at=calendar.close_of(session),
        strategy=strategy,
        direction=Direction.of(int(table.direction[row])),
        horizon=int(table.horizon[row]),
        entry=float(table.entry[row]),
        target=float(table.target[row]),
        stop=float(table.stop[row]),
        probability=float(table.probability[row]),
        base_rate=float(table.base_rate[row]),
        confidence_breakdown=None,
        version=version,
        source="sample market",
        freshness="sample",
    )


def row_of(table: CallTable, symbol: str, session: date) -> int:
    """The row of a symbol's call after the close of `session`."""
    day = np.datetime64(session, "D").astype(np.int64)
    (found,) = np.flatnonzero((table.symbol == table.symbols.index(symbol)) & (table.day == day))
    return int(found)


def assert_as_the_table_says(scored: SignalScored | None, table: CallTable, row: int) -> None:
    """The score is the table's own outcome of that row, to the last bit."""
    if table.outcome[row] < 0:
        assert scored is None
        return
    assert scored is not None
    result = float(table.result[row])
    told = (scored.outcome, scored.exit_reason, scored.resolved, scored.result_r)
    assert told == (
        int(table.outcome[row]),
        REASONS[table.reason[row]],
        session_of(int(table.resolved_day[row])),
        result if np.isfinite(result) else None,
    )


def kinds(desk: Desk, account: str = "V1") -> list[str]:
    """The kinds of the account's events about shown calls, oldest first."""
    return [event.kind for event in desk.ledger.read(f"account:{account}") if event.kind.startswith("signal.")]


def scored_ids(desk: Desk, account: str = "V1") -> list[str]:
    """The call ids of every score in the ledger, oldest first, repeated where they are."""
    stream = desk.ledger.read(f"account:{account}")
    return [str(event.body["call_id"]) for event in stream if event.kind == SignalScored.KIND]


def context_of(desk: Desk, parts: AccountParts, view: datetime | None = None) -> ToolContext:
    """What the tools of a turn are given; in a view of an earlier instant where one is given."""
    return desk._tools(parts, "local", "s1", view)  # pyright: ignore[reportPrivateUsage]


def show(parts: AccountParts, calls: Sequence[SignalShown]) -> None:
    """Write calls down as their showing did, each on the market clock of its session."""
    for call in calls:
        parts.journal.write(call, market_at=call.made_at)


def advance_and_die(home: str, reading: int, sessions: int) -> None:
    """Advance the account on `home`; SIGKILL this very process when its wall clock is read for the n-th time."""
    from tests.support.clock import WallClock
    from tests.support.desks import make_desk

    wall, read = WallClock(), 0

    def clock() -> datetime:
        nonlocal read
        read += armed
        if read == reading:
            os.kill(os.getpid(), signal.SIGKILL)
        return wall()

    armed = 0
    desk = make_desk(Path(home), clock)
    armed = 1
    desk.advance("V1", sessions)
    desk.close()
