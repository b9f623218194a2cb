"""A signal in text: which way, how likely against how often calls come true at all, its levels and its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text as Styled

from assistant.channels.terminal_layout import bar, frame, pairs, table
from assistant.channels.terminal_text import number, one_line
from assistant.phrasing_words import percent
from assistant.signal_words import (
    base_clause,
    fit_words,
    idea_words,
    levels_words,
    likeness_words,
    meaning_words,
    needed_words,
    silent_words,
    spoken,
    weightless_words,
)
from tools.catalogue_signals import SignalReport
from tools.signals.calls import Fact, StrategyCall
from tools.signals.engine import PastCall
from tools.signals.signal import Parts, Signal

_BAR_WIDTH = 16


def signal(value: SignalReport, record: Sequence[PastCall], *, plain: bool, width: int) -> RenderableType:
    """The whole signal; with `record`, how the last calls like it ended and the facts behind it."""
    inner = width - (2 if plain else 4)
    one = value.signal
    way = one.direction.value
    title = f"{one_line(one.symbol)} · {'no call' if way == 'none' else way} · {one.action.value}"
    parts = [*_standing(value), *_evidence(one, inner)]
    if record:
        parts += [*_facts(one.facts), *_record(record, inner)]
    style = {"long": "green", "short": "red"}.get(way, "cyan")
    return frame(title, Group(*parts), plain=plain, style=style)


def _standing(value: SignalReport) -> Iterator[RenderableType]:
    one = value.signal
    yield Styled(
        f"close {one.last_price:,.2f} on {one.session} · {one_line(one.freshness)} · {one_line(one.source)}",
        style="dim",
    )
    rows: list[tuple[str, str]] = []
    if value.asked is not None:
        rows.append(("asked", one_line(fit_words(value.asked.strategy, value.asked.fit).replace("**", ""))))
    rows.append(("probability", _probability(one)))
    if value.like is not None:
        rows.append(("calls like this", likeness_words(value.like)))
    if one.leading is not None:
        rows += [("strategy", one_line(spoken(one.leading.strategy))), ("levels", levels_words(one))]
        rows += _its_base_rate(one.leading)
    rows += _acts(value)
    rows += [("risk", one_line(factor.claim)) for factor in one.risk_factors]
    rows += [
        (
            "would change it",
            f"{one_line(flip.side)} {flip.level:,.2f} ({flip.distance_percent:+.1f} %): {one_line(flip.effect)}",
        )
        for flip in one.flips
    ]
    yield pairs(rows)


def _acts(value: SignalReport) -> list[tuple[str, str]]:
    """What to do, by which inequality, with how much, and with which options."""
    one = value.signal
    rows = [("action", f"{one.action.value}: {one_line(one.action_reason)}")]
    if needed_words(one):
        rows.append(("to act", needed_words(one)))
    if one.expected_value_r is not None:
        rows.append(("expected value", f"{one.expected_value_r:+.2f} R after costs"))
    if value.held:
        rows.append(("held", f"{value.held:,f} shares"))
    if one.leading is not None:
        rows.append(("size", one_line(value.size)))
    if one.option is not None:
        rows.append(("with options", one_line(idea_words(one.option))))
    return rows


def _probability(value: Signal) -> str:
    if value.leading is None:
        return f"no strategy speaks now; {percent(100 * value.base_rate)} of {value.base_n:,} earlier calls came true"
    return f"{percent(100 * value.probability)} that {meaning_words(value)}{base_clause(value)}"


def _its_base_rate(call: StrategyCall) -> list[tuple[str, str]]:
    if call.confidence is None:
        return []
    low, high = call.confidence_interval or (call.confidence, call.confidence)
    share, between = percent(100 * call.confidence), f"{percent(100 * low)} to {percent(100 * high)}"
    return [("base rate", f"{share} ({between}) from {call.confidence_n:,} such calls")]


def _evidence(value: Signal, width: int) -> Iterator[RenderableType]:
    """The terms that sum, in log-odds, to the probability; those that add nothing in a line each."""
    terms = {name: float(getattr(value.confidence_breakdown, name)) for name in Parts.model_fields}
    terms = {name: term for name, term in terms.items() if term or name == "base"}
    largest = max(0.05, *(abs(term) for term in terms.values()))
    rows = [
        [
            name,
            Styled(f"{term:+.2f}"),
            Styled(bar(abs(term) / largest, _BAR_WIDTH), style="red" if term < 0 else "green"),
        ]
        for name, term in terms.items()
    ]
    yield Styled("")
    yield Styled(f"How {percent(100 * value.probability)} adds up (log-odds)", style="bold")
    yield table(["evidence", "adds", ""], rows, width)
    if weightless_words(value):
        yield Styled(f"weight zero: {one_line(weightless_words(value))}", style="dim")
    if silent_words(value):
        yield Styled(f"no evidence: {one_line(silent_words(value))}", style="dim")


def _facts(facts: Sequence[Fact]) -> Iterator[RenderableType]:
    if facts:
        yield Styled("")
        yield Styled("What it rests on", style="bold")
        for fact in facts:
            yield Styled(f"• {one_line(fact.claim)}: {_fact(fact)}")


def _fact(fact: Fact) -> str:
    if isinstance(fact.value, str):
        return one_line(fact.value.replace("_", " "))
    match fact.unit:
        case "probability":
            return percent(100 * fact.value)
        case "price":
            return f"{fact.value:,.2f}"
        case unit:
            return f"{number(fact.value)} {one_line(unit)}".strip()


def _record(record: Sequence[PastCall], width: int) -> Iterator[RenderableType]:
    rows = [
        [
            past.call.session.isoformat(),
            past.call.direction.value,
            f"{past.call.entry:,.2f}",
            "still open" if past.exit_reason is None else past.exit_reason.value.replace("_", " "),
            "" if past.result_r is None else f"{past.result_r:+.2f}",
        ]
        for past in record
    ]
    yield Styled("")
    yield Styled("The last calls like it", style="bold")
    yield table(["made", "way", "entry", "ended by", "result, R"], rows, width)
