"""Plain sentences about the calls a person was shown, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.phrasing_words import count, percent, price
from assistant.signal_words import spoken
from tools.execution.journal import SignalScored
from tools.performance.shown_calls import ShownCall, ShownFigures, ShownScores, StrategyFigures
from tools.signals.outcomes import ExitReason

_ENDS = {
    ExitReason.TARGET: "its target traded first",
    ExitReason.STOP: "its stop traded first",
    ExitReason.TIME: "time ran out",
    ExitReason.EXPIRY: "its horizon ended",
}


_TOLD = 8
"""Newest calls that are told one by one."""


def phrase_resolved(scored: Sequence[SignalScored]) -> str:
    """What came of shown calls, in one sentence: "3 of your shown calls resolved: 1 came true."."""
    true = sum(one.outcome for one in scored)
    return f"{len(scored)} of your shown calls resolved: {true or 'none'} came true."


def phrase_shown(value: ShownScores) -> str:
    """How the shown calls did, beside what their base rates would have said, and the newest of them."""
    if not value.shown:
        return (
            f"No call has been shown on {value.account} yet, so there is nothing to judge. "
            "“How good is your track record?” tells how such calls did on past data."
        )
    said = [_head(value), _judged(value), value.note, value.calibration_note if value.scored else ""]
    if value.calibration_error is not None:
        said.append(f"What was said was off by {100 * value.calibration_error:.1f} points on average.")
    strategies = [_strategy(one) for one in value.by_strategy if one.scored]
    rows = [_row(row) for row in value.rows[:_TOLD]]
    newest = "The calls" if len(rows) == value.shown else f"The newest {count(len(rows), 'call')}"
    return "\n\n".join(
        part
        for part in (
            " ".join(sentence for sentence in said if sentence),
            "By strategy:\n\n" + "\n".join(strategies) if len(strategies) > 1 else "",
            f"{newest}:\n\n" + "\n".join(rows),
        )
        if part
    )


def _head(value: ShownScores) -> str:
    return (
        f"I have shown you {count(value.shown, 'call')} up to {value.as_of:%Y-%m-%d}: {value.scored} resolved, "
        f"{value.open} still open."
    )


def _judged(value: ShownFigures) -> str:
    if value.hit_rate is None or value.said is None or value.base_rate is None:
        return ""
    said = (
        f"{percent(100 * value.hit_rate)} came true; I said {percent(100 * value.said)} on average, and the base rates "
        f"of such calls came to {percent(100 * value.base_rate)}."
    )
    if value.brier is None or value.brier_base is None or value.brier_saved is None:
        return said
    return f"{said} Brier score {value.brier:.4f} against {value.brier_base:.4f} of the base rate: {_verdict(value)}."


def _verdict(value: ShownFigures) -> str:
    saved = value.brier_saved or 0.0
    if abs(saved) < 0.00005:
        return "no difference"
    return f"{'better' if saved > 0 else 'worse'} by {abs(saved):.4f}"


def _strategy(value: StrategyFigures) -> str:
    if value.hit_rate is None or value.said is None or value.base_rate is None:
        return f"- {spoken(value.strategy)}: none resolved"
    return (
        f"- {spoken(value.strategy)}: {percent(100 * value.hit_rate)} of {value.scored} came true, "
        f"{percent(100 * value.said)} said, base rate {percent(100 * value.base_rate)}"
    )


def _row(row: ShownCall) -> str:
    kind, said = f"{row.direction.value} ({spoken(row.strategy)})", percent(100 * row.probability)
    head = f"- **{row.symbol}** of {row.session}, {kind}, {said}: "
    if row.outcome is None:
        return f"{head}open. {row.standing}".rstrip()
    came = "came true" if row.outcome else "did not come true"
    result = "" if row.result_r is None else f", {row.result_r:+.2f} R"
    why = "" if row.exit_reason is None else f": {_ENDS[row.exit_reason]}"
    at = "" if row.exit_price is None else f" at {price(row.exit_price)}"
    return f"{head}{came} on {row.resolved}{why}{at}{result}"
