"""Plain sentences about signals: one, all, why, what would change them, how they did, what their sources are worth."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.phrasing_words import listed, percent, price
from assistant.signal_words import (
    NO_WEIGHT,
    base_clause,
    fit_words,
    idea_words,
    is_moved,
    levels_words,
    likeness_words,
    meaning_words,
    needed_words,
    record_words,
    silent_words,
    spoken,
    terms_words,
    weightless_words,
    worth_words,
)
from tools.catalogue_signals import RecordResult, SignalExplanation, SignalFlips, SignalReport, SourcesResult
from tools.signals.calls import Direction
from tools.signals.engine import PastCall
from tools.signals.signal import Flip, RankedSignals, Signal


def phrase_report(value: SignalReport) -> str:
    """One signal, short: what it says, how likely against how often, what to do with it and with how much."""
    signal = value.signal
    asked = [] if value.asked is None else [fit_words(value.asked.strategy, value.asked.fit)]
    if signal.leading is None or signal.direction is Direction.NONE:
        return "\n\n".join([*asked, _nothing(signal)])
    said = [
        f"**{signal.symbol}** {price(signal.last_price)}: **{signal.direction.value}** on "
        f"{spoken(signal.leading.strategy)}, {levels_words(signal)}.",
        f"The probability that {meaning_words(signal)} is **{percent(100 * signal.probability)}**"
        f"{base_clause(signal)}.",
        *_evidence(signal),
        *([f"Calls like this: {likeness_words(value.like)}."] if value.like else []),
    ]
    acts = [
        f"Action: **{signal.action.value}** — {signal.action_reason}.",
        f"Size: {value.size}.",
        *([f"With options: {idea_words(signal.option)}"] if signal.option else []),
    ]
    return "\n\n".join([*asked, " ".join(said), f"{' '.join(acts)} {_state(signal)}"])


def _nothing(signal: Signal) -> str:
    return (
        f"**{signal.symbol}** {price(signal.last_price)}: no strategy is active, so there is nothing to act on. "
        f"{percent(100 * signal.base_rate)} of {signal.base_n:,} earlier calls came true, whichever they were. "
        f"{_state(signal)}"
    )


def _state(signal: Signal) -> str:
    held = f"Trend {signal.regime.trend.value}, volatility {signal.regime.volatility.value}"
    call = "" if signal.leading is None else f"; call {signal.call_id}"
    return f"{held}. ({signal.freshness}, close of {signal.session}{call})"


def _evidence(signal: Signal) -> list[str]:
    """The terms that add up and those that weigh nothing, where any moves it, and those that are missing."""
    weightless, silent = weightless_words(signal), silent_words(signal)
    said = [terms_words(signal), f"Weight zero: {weightless}." if weightless else ""] if is_moved(signal) else []
    return [sentence for sentence in (*said, f"No evidence: {silent}." if silent else "") if sentence]


def phrase_ranked(value: RankedSignals) -> str:
    """Every signal, best first, a line each."""
    if not value.signals and not value.unavailable:
        return "There are no signals: no symbol is known."
    lines = [_ranked(place, signal) for place, signal in enumerate(value.signals, 1)]
    lines += [f"- {missing.reason}" for missing in value.unavailable]
    first = next(iter(value.signals), None)
    asof = ""
    if first is not None:
        asof = f"\n\n({first.freshness}, close of {first.session}. Say “why {first.symbol}?” for the reasons.)"
    return "\n\n".join([f"Signals ({value.rule}):", "\n".join(lines), *_unmoved(value.signals)]) + asof


def _unmoved(signals: Sequence[Signal]) -> list[str]:
    """What a probability without a base rate beside it is; said once for the list."""
    calls = [signal for signal in signals if signal.leading is not None]
    if all(is_moved(signal) for signal in calls):
        return []
    if any(note.weight for signal in calls for note in signal.sources):
        return ["A probability without a base rate beside it is the base rate of such calls: nothing moves it."]
    return [f"Each probability is the base rate of such calls: {NO_WEIGHT}."]


def _ranked(place: int, signal: Signal) -> str:
    if signal.leading is None:
        return f"{place}. **{signal.symbol}**: wait, no strategy is active"
    base = f", base rate {percent(100 * signal.base_rate)}" if is_moved(signal) else ""
    worth = "" if signal.expected_value_r is None else f", expected {signal.expected_value_r:+.2f} R"
    option = "" if signal.option is None else f"; {spoken(signal.option.name)}"
    return (
        f"{place}. **{signal.symbol}**: **{signal.action.value}** ({signal.direction.value}, "
        f"{spoken(signal.leading.strategy)}), {percent(100 * signal.probability)}{base}{worth}{option}"
    )


def phrase_explanation(value: SignalExplanation) -> str:
    """Why, in full: the facts, the terms with their weights, the calibrator, the record, the action and its size."""
    signal, call = value.signal, value.signal.leading
    if call is None:
        return _nothing(signal)
    facts = [f"- {fact.claim}: {_value(fact.value)} {_unit(fact.unit)}".rstrip() for fact in call.facts]
    kind = [] if value.kind is None else [f"- {record_words(value.kind)}"]
    lately = _lately(value.record)
    parts = [
        f"**{signal.symbol}** is **{signal.direction.value}** because of {spoken(call.strategy)} at the close of "
        f"{signal.session}:\n" + "\n".join(facts),
        f"The probability is **{percent(100 * signal.probability)}**{base_clause(signal)}. "
        f"In log-odds it is the sum of:\n" + "\n".join(_terms(signal)),
        f"Calibration: {signal.calibration}.",
        "How such calls did:\n"
        + "\n".join([*([f"- calls like this: {likeness_words(value.like)}"] if value.like else []), *kind, *lately]),
        f"Action: **{signal.action.value}** — {signal.action_reason}. Size: {value.size}."
        + (f" With options: {idea_words(signal.option)}" if signal.option else ""),
        "What would change it:\n" + "\n".join(_flips(signal.flips[:3]) or ["- no price is known that would"]),
        _state(signal),
    ]
    return "\n\n".join(parts)


def _terms(signal: Signal) -> list[str]:
    """Every term on a line, with where it comes from."""
    parts = signal.confidence_breakdown
    lines = [f"- base {parts.base:+.2f}: the base rate of such calls, {percent(100 * signal.base_rate)}"]
    for note in signal.sources:
        name = note.source.value
        if note.evidence is None:
            lines.append(f"- {name}: no evidence")
        elif note.weight == 0:
            lines.append(f"- {name} 0: its evidence is {note.evidence:+.2f}, its weight zero ({note.why})")
        else:
            told = f"evidence {note.evidence:+.2f}, weight {note.weight:.2f} ({note.why})"
            lines.append(f"- {name} {note.term:+.2f}: {told}")
    moved = f"calibration {parts.calibration:+.2f}" if parts.calibration else "calibration 0: it moves nothing"
    return [*lines, f"- {moved}"]


def _lately(record: Sequence[PastCall]) -> list[str]:
    ends = [
        one.exit_reason.value.replace("_", " ") + ("" if one.result_r is None else f" {one.result_r:+.2f} R")
        for one in record
        if one.exit_reason is not None
    ]
    return [f"- its last calls on this symbol of which none is open, newest first: {', '.join(ends)}"] if ends else []


def _flips(flips: Sequence[Flip]) -> list[str]:
    return [f"- {flip.side} {price(flip.level)} ({flip.distance_percent:+.1f} %): {flip.effect}" for flip in flips]


def phrase_flips(value: SignalFlips) -> str:
    """What would change it: the nearest prices, the probability it would take, and which sources could move it."""
    signal = value.signal
    flips = "\n".join(_flips(signal.flips)) or "- no price is known that would"
    if signal.leading is None:
        return f"**{signal.symbol}** has no call; one would begin at:\n{flips}\n\n{_state(signal)}"
    sources = "\n".join(f"- {one.source.value}: {worth_words(one)}" for one in value.sources.sources)
    return "\n\n".join(
        [
            f"**{signal.symbol}** is {signal.direction.value}, action {signal.action.value}. "
            f"These prices would change it, the nearest first:\n{flips}",
            *([needed] if (needed := needed_words(signal)) else []),
            f"What a source says moves the probability only as far as its weight goes:\n{sources}",
            f"Weights are fitted again on the first day of each quarter. {_state(signal)}",
        ]
    )


def phrase_record(value: RecordResult) -> str:
    """How earlier calls did, beside the base rate; of a symbol, first those like its signal now."""
    scores = value.scores
    parts: list[str] = []
    if value.like is not None and value.probability is not None:
        parts.append(
            f"Calls like **{value.symbol}** now ({percent(100 * value.probability)}): {likeness_words(value.like)}."
            + (f" Of the same strategy and direction, {record_words(value.kind)}." if value.kind else "")
        )
    elif value.symbol:
        parts.append(f"**{value.symbol}** has no call now, so this is the record of all.")
    if value.calls:
        lines = "\n".join(_past(one) for one in value.calls)
        still = f", made before the oldest that is still open ({value.still_open} are)" if value.still_open else ""
        parts.append(f"The last {spoken(value.strategy)} calls on {value.symbol}{still}:\n{lines}")
    overall = (
        f"Walk-forward to {scores.asof}, {scores.calls:,} resolved calls on {listed(list(scores.symbols))}: "
        f"{percent(100 * scores.hit_rate)} came true. Brier score {scores.brier:.4f} against {scores.brier_base:.4f} "
        "for the base rate alone (lower is better)."
    )
    kinds = [] if value.symbol else ["\n".join(f"- {record_words(one)}" for one in scores.by_strategy)]
    return "\n\n".join([*parts, overall, *kinds])


def _past(one: PastCall) -> str:
    call = one.call
    made = f"- {call.session}: {call.direction.value} from {price(call.entry)}"
    if one.outcome is None or one.exit_reason is None:
        return f"{made}, still open"
    result = "" if one.result_r is None else f", {one.result_r:+.2f} R"
    came = "came true" if one.outcome == 1 else "failed"
    return f"{made}, {came} on {one.resolved} ({one.exit_reason.value.replace('_', ' ')}{result})"


def phrase_sources(value: SourcesResult) -> str:
    """Whether a source helps, and what every one is worth, with the error of that."""
    chosen = [one for one in value.sources if one.source is value.asked]
    lead = [f"Does {one.source.value} help? {'Yes' if one.weight else 'No'}: {worth_words(one)}." for one in chosen]
    lines = [f"- **{one.source.value}**: {worth_words(one)}" for one in value.sources if one not in chosen]
    rest = "The others:" if chosen else "What every source of evidence is worth:"
    return "\n\n".join(
        [
            *lead,
            f"{rest}\n" + "\n".join(lines),
            f"Fitted on {value.fitted_on} from {value.resolved:,} resolved calls; each source is scored on calls later "
            f"than those it was fitted on. Calibrator: {value.calibrator} ({value.calibrator_why}). [{value.version}]",
        ]
    )


def _value(value: float | int | str) -> str:
    return value if isinstance(value, str) else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _unit(unit: str) -> str:
    return "" if unit in ("price", "index 0-100", "state") else unit
