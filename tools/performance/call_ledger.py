"""The calls a person was shown, in the ledger: written down before their outcome, scored once the bars tell it.

An outcome comes from bars alone, by the rules of `tools.signals.outcomes`. Both events are written by compare-and-set
on the account's stream, so that two processes, or a crash at any point, neither lose nor repeat one. Scoring needs no
schedule: what the bars on the market clock decide and the ledger does not hold yet is scored whenever `score_open` is
called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import numpy as np

from brokers.feeds.port import Calendar
from brokers.vocabulary import DeskmateError, Unavailable
from storage.ledger import VersionConflict
from tools.execution.journal import Fact, Journal, NoticeDue, SignalScored, SignalShown
from tools.portfolio.account import LedgeredAccount
from tools.signals.bars import Bars, BarSource
from tools.signals.outcomes import REASONS, UNRESOLVED, resolve
from tools.signals.signal import Signal

TRIES = 10
"""Times a write is decided anew when another process was faster."""

Item = TypeVar("Item", bound=Fact)


def write_down(signal: Signal, made_at: datetime, account: LedgeredAccount, journal: Journal) -> None:
    """Write a call that is about to be shown, once; a signal without a direction is no call.

    Raises:
        Unavailable: the market clock is no longer at `made_at`, so that it might be written after its outcome, or
            other processes kept writing. The call must then not be shown.
    """
    call = signal.leading
    if call is None:
        return
    fact = SignalShown(
        call_id=signal.call_id,
        symbol=signal.symbol,
        session=signal.session,
        made_at=made_at,
        strategy=call.strategy,
        direction=call.direction,
        horizon=call.horizon_sessions,
        entry=call.entry,
        target=call.targets[0] if call.targets else None,
        stop=call.stop,
        probability=signal.probability,
        base_rate=signal.base_rate,
        confidence_breakdown=signal.confidence_breakdown.model_dump(),
        version=signal.version,
        source=signal.source,
        freshness=signal.freshness,
    )

    def unwritten(now: datetime) -> Sequence[SignalShown]:
        if fact.call_id in account.blotter.signals:
            return ()
        if now != made_at:
            raise Unavailable("The market clock moved while the call was made.", fix="Ask again.")
        return (fact,)

    _write(account, journal, unwritten)


def score_open(
    account: LedgeredAccount,
    journal: Journal,
    bars: BarSource,
    notice: Callable[[Sequence[SignalScored]], str] | None = None,
) -> Sequence[SignalScored]:
    """Score every open call whose outcome the bars known on the market clock tell; returns what was written, in order.

    `notice` words what the person is told the next time they look; it is kept in the same transaction.

    Raises:
        Unavailable: other processes kept writing; the next time does it.
    """
    calendar = account.feed.calendar

    def resolved(now: datetime) -> Sequence[SignalScored]:
        blotter = account.blotter
        waiting = [call for call in blotter.signals.values() if call.call_id not in blotter.scored]
        found = [(call, score(call, bars, calendar, now)) for call in waiting if call.made_at < now]
        known = [(one.known_at, call.made_at, one.call_id, one) for call, one in found if one is not None]
        return [one for *_, one in sorted(known, key=lambda each: each[:3])]

    return _write(account, journal, resolved, notice)


def _write(
    account: LedgeredAccount,
    journal: Journal,
    decide: Callable[[datetime], Sequence[Item]],
    notice: Callable[[Sequence[Item]], str] | None = None,
) -> Sequence[Item]:
    """Append what `decide` finds missing on the market clock, as one transaction on the stream it was decided on."""
    for _ in range(TRIES):
        version = account.blotter.refresh().version
        now = account.market_now()
        facts = decide(now)
        if not facts:
            return ()
        told = () if notice is None else (NoticeDue(text=notice(facts)),)
        try:
            journal.write(*facts, *told, market_at=now, expect=version)
        except VersionConflict:
            continue
        return facts
    raise Unavailable("The record of calls is being written elsewhere.", fix="Try again in a moment.")


def score(call: SignalShown, bars: BarSource, calendar: Calendar, asof: datetime) -> SignalScored | None:
    """What became of a call by the bars known at `asof`; None while they do not tell, or cannot be read."""
    try:
        known = since(call, bars, asof)
    except DeskmateError:  # its row says why it stays open
        return None
    found = resolve(
        known.bars,
        np.array([known.at]),
        np.array([call.direction.code], dtype=np.int8),
        np.array([known.stop]),
        np.array([known.target]),
        call.horizon,
    )
    if found.outcome[0] == UNRESOLVED:
        return None
    won, result = int(found.outcome[0]) == 1, float(found.result[0])
    session = known.bars.session(int(found.resolved[0]))
    return SignalScored(
        call_id=call.call_id,
        outcome=1 if won else 0,
        exit_reason=REASONS[int(found.reason[0])],
        resolved=session,
        known_at=calendar.close_of(session),
        exit_price=float(found.exit_price[0]),
        result_r=result if np.isfinite(result) else None,
        brier=(call.probability - won) ** 2,
        brier_base=(call.base_rate - won) ** 2,
    )


@dataclass(frozen=True, slots=True)
class Since:
    """The bars of a call's symbol up to an instant, and its levels in their prices."""

    bars: Bars
    at: int
    """The call's own bar."""
    stop: float
    target: float


def since(call: SignalShown, source: BarSource, asof: datetime) -> Since:
    """The bars and levels that decide a call, as of `asof`.

    Raises:
        Unavailable: the call cannot be resolved; with the reason.
        DeskmateError: the source does not know the symbol.
    """
    if call.stop is None or call.target is None:
        raise Unavailable("It was written down without its levels.")
    bars, then = (Bars.of(source.columns(call.symbol, when)) for when in (asof, call.made_at))
    at, place = _place(bars, call.session), _place(then, call.session)
    if at is None or place is None:
        raise Unavailable(f"The {call.symbol} bar of {call.session} is no longer known.")
    # A split since the call divides all earlier prices; the levels, as written, follow them.
    restated = float(bars.close[at] / then.close[place])
    return Since(bars, at, call.stop * restated, call.target * restated)


def _place(bars: Bars, session: date) -> int | None:
    place = int(np.searchsorted(bars.sessions, np.datetime64(session, "D")))
    return place if place < len(bars) and bars.session(place) == session else None
