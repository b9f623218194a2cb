"""The pictures of signals: one symbol's card, and the ranked list."""

from __future__ import annotations

from assistant.channels.sheet import Column, Figure, Kind, Sheet, Table, row
from tools.catalogue_market import RecordResult, RegimeResult, SignalExplanation
from tools.signals.signal import RankedSignals, Signal

SHOWN = frozenset(
    {
        "symbol",
        "session",
        "last_price",
        "direction",
        "probability",
        "parts",
        "missing",
        "base_rate",
        "base_n",
        "leading",
        "action",
        "action_reason",
        "expected_value_r",
        "reward_to_risk",
        "risk_factors",
        "flips",
        "source",
        "freshness",
    }
)
"""The fields that the signal card draws; the rest stays on this side."""


def signal(value: Signal) -> dict[str, object]:
    """What `public/elements/SignalCard.jsx` is drawn from."""
    return value.model_dump(mode="json", include=set(SHOWN))


def explained(value: SignalExplanation) -> dict[str, object]:
    """The same card, opened, with the facts behind the signal and how the last calls like it ended."""
    dumped = value.model_dump(mode="json", include={"signal": {*SHOWN, "facts"}, "record": True})
    return {**dumped["signal"], "record": dumped["record"]}


def ranked(value: RankedSignals) -> Sheet:
    """Every symbol's signal in one table, best first."""
    columns: tuple[Column, ...] = (
        ("Symbol", Kind.TEXT),
        ("Call", Kind.TEXT),
        ("Probability", Kind.SHARE),
        ("Action", Kind.TEXT),
        ("All calls", Kind.SHARE),
        ("Expected R", Kind.COUNT),
        ("Strategy", Kind.TEXT),
        ("Close", Kind.PRICE),
    )
    rows = tuple(
        row(
            one.symbol,
            one.direction.value,
            one.probability,
            one.action.value,
            one.base_rate,
            None if one.expected_value_r is None else round(one.expected_value_r, 2),
            "" if one.leading is None else one.leading.strategy.replace("_", " "),
            f"{one.last_price:.2f}",
        )
        for one in value.signals
    )
    first = value.signals[0] if value.signals else None
    return Sheet(
        title="Signals",
        source="" if first is None else f"{first.freshness} · {first.source}",
        as_of="" if first is None else first.session.isoformat(),
        tables=(Table("", columns, rows, empty="No signals."),),
        remarks=(value.rule, *(one.reason for one in value.unavailable)),
    )


def record(value: RecordResult) -> Sheet:
    """How earlier calls did, walk-forward, strategy by strategy beside the base rate."""
    scores = value.scores
    columns: tuple[Column, ...] = (
        ("Strategy", Kind.TEXT),
        ("Calls", Kind.COUNT),
        ("Came true", Kind.SHARE),
        ("Mean result, R", Kind.COUNT),
        ("Brier", Kind.COUNT),
        ("of the base rate", Kind.COUNT),
    )
    rows = tuple(
        row(
            f"{one.strategy.replace('_', ' ')} {one.direction.value}",
            one.calls,
            one.hit_rate,
            round(one.mean_result_r, 3),
            round(one.brier, 4),
            round(one.brier_base, 4),
        )
        for one in scores.by_strategy
    )
    return Sheet(
        title="Record of earlier calls",
        source=f"walk-forward, {len(scores.symbols)} symbols",
        as_of=scores.asof.isoformat(),
        figures=(
            Figure("Resolved calls", scores.calls, Kind.COUNT),
            Figure("Came true", scores.hit_rate, Kind.SHARE),
            Figure("Brier score", round(scores.brier, 4), Kind.COUNT, "lower is better"),
            Figure("of the base rate", round(scores.brier_base, 4), Kind.COUNT, "what a guess without signals scores"),
        ),
        tables=(Table("", columns, rows, empty="No calls are resolved yet."), *_past(value)),
    )


def regime(value: RegimeResult) -> Sheet:
    """The trend and volatility state of a symbol."""
    state = value.regime
    return Sheet(
        title=f"{value.symbol}: market state",
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Trend", state.trend.value.replace("_", " ")),
            Figure("Volatility", state.volatility.value.replace("_", " ")),
            Figure(
                "Volatility, a year",
                None if state.annual_volatility is None else round(state.annual_volatility, 1),
                Kind.PERCENT,
                "of the last 20 daily returns",
            ),
            Figure("Rank in the past year", state.volatility_rank, Kind.SHARE, "of readings were lower"),
            Figure("Unchanged since", state.since.isoformat(), Kind.INSTANT),
        ),
    )


def _past(value: RecordResult) -> tuple[Table, ...]:
    if not value.calls:
        return ()
    columns: tuple[Column, ...] = (
        ("Made", Kind.INSTANT),
        ("Way", Kind.TEXT),
        ("Entry", Kind.PRICE),
        ("Ended", Kind.INSTANT),
        ("By", Kind.TEXT),
        ("Result, R", Kind.COUNT),
    )
    rows = tuple(
        row(
            past.call.session.isoformat(),
            past.call.direction.value,
            f"{past.call.entry:.2f}",
            None if past.resolved is None else past.resolved.isoformat(),
            "open" if past.exit_reason is None else past.exit_reason.value.replace("_", " "),
            None if past.result_r is None else round(past.result_r, 2),
        )
        for past in value.calls
    )
    return (Table(f"Last {value.strategy.replace('_', ' ')} calls on {value.symbol}", columns, rows),)
