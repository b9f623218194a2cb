"""A signal in text: which way, how likely against how often calls come true at all, its levels and its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text as Styled

from assistant.channels.terminal_layout import bar, frame, pairs, table
from assistant.channels.terminal_text import number, one_line
from tools.signals.calls import Fact, StrategyCall
from tools.signals.engine import PastCall
from tools.signals.signal import Parts, Signal

_BAR_WIDTH = 16


def signal(value: Signal, record: Sequence[PastCall], *, plain: bool, width: int) -> RenderableType:
    """The whole signal; with `record`, how the last calls like it ended and the facts behind it."""
    inner = width - (2 if plain else 4)
    way = value.direction.value
    title = f"{one_line(value.symbol)} · {'no call' if way == 'none' else way} · {value.action.value}"
    parts = [*_standing(value), *_evidence(value, inner)]
    if record:
        parts += [*_facts(value.facts), *_record(record, inner)]
    style = {"long": "green", "short": "red"}.get(way, "cyan")
    return frame(title, Group(*parts), plain=plain, style=style)


def _standing(value: Signal) -> Iterator[RenderableType]:
    yield Styled(
        f"close {value.last_price:,.2f} on {value.session} · {one_line(value.freshness)} · {one_line(value.source)}",
        style="dim",
    )
    rows = [("probability", _probability(value))]
    call = value.leading
    if call is not None:
        rows += _call(call)
    if value.expected_value_r is not None:
        rows.append(("expected value", f"{value.expected_value_r:+.2f} R after costs"))
    rows.append(("action", f"{value.action.value}: {one_line(value.action_reason)}"))
    rows += [("risk", one_line(factor.claim)) for factor in value.risk_factors]
    rows += [
        (
            "would change it",
            f"{one_line(flip.side)} {flip.level:,.2f} ({flip.distance_percent:+.1f} %): {one_line(flip.effect)}",
        )
        for flip in value.flips
    ]
    yield pairs(rows)


def _probability(value: Signal) -> str:
    base = f"{value.base_rate:.0%} of {value.base_n:,} earlier calls came true"
    if value.leading is None:
        return f"no strategy speaks now; {base}"
    return f"{value.probability:.0%} that the target trades before the stop, in time; {base}"


def _call(call: StrategyCall) -> list[tuple[str, str]]:
    levels = ", ".join(f"{target:,.2f}" for target in call.targets)
    stop = "" if call.stop is None else f", stop {call.stop:,.2f}"
    rows = [
        ("strategy", one_line(call.strategy.replace("_", " "))),
        ("levels", f"entry {call.entry:,.2f}, target {levels}{stop}, within {call.horizon_sessions} sessions"),
    ]
    if call.confidence is not None:
        low, high = call.confidence_interval or (call.confidence, call.confidence)
        rows.append(("its record", f"{call.confidence:.0%} ({low:.0%} to {high:.0%}) of {call.confidence_n:,} calls"))
    return rows


def _evidence(value: Signal, width: int) -> Iterator[RenderableType]:
    """The terms that sum, in log-odds, to the probability."""
    terms = {name: float(getattr(value.parts, name)) for name in Parts.model_fields}
    largest = max(0.05, *(abs(term) for term in terms.values()))
    silent = {source.value if hasattr(source, "value") else str(source) for source in value.missing}
    rows = [
        [
            name,
            Styled("no word", style="dim") if name in silent else Styled(f"{term:+.2f}"),
            Styled(bar(abs(term) / largest, _BAR_WIDTH), style="red" if term < 0 else "green"),
        ]
        for name, term in terms.items()
    ]
    yield Styled("")
    yield Styled(f"How {value.probability:.1%} adds up (log-odds)", style="bold")
    yield table(["evidence", "adds", ""], rows, width)


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
            return f"{fact.value:.0%}"
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
