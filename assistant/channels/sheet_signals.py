"""The pictures of signals: one symbol's card, and the ranked list."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.channels.sheet import Column, Figure, Kind, Sheet, Table, row
from assistant.signal_words import (
    fit_words,
    idea_words,
    likeness_words,
    meaning_words,
    needed_words,
    silent_words,
    spoken,
    weightless_words,
)
from tools.catalogue_market import RegimeResult
from tools.catalogue_signals import RecordResult, SignalExplanation, SignalFlips, SignalReport, SourcesResult
from tools.signals.regime import RegimeChange
from tools.signals.signal import RankedSignals

SHOWN = frozenset(
    {
        "symbol",
        "session",
        "last_price",
        "direction",
        "probability",
        "confidence_breakdown",
        "sources",
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


def report(value: SignalReport) -> dict[str, object]:
    """What `public/elements/SignalCard.jsx` is drawn from: the signal's values, and what is said beside them."""
    dumped = value.signal.model_dump(mode="json", include=set(SHOWN))
    return {
        **dumped,
        "meaning": meaning_words(value.signal),
        "notes": _notes(value),
        "opened": isinstance(value, SignalExplanation | SignalFlips),
    }


def explained(value: SignalExplanation) -> dict[str, object]:
    """The same card, opened, with the facts behind the signal and how the last calls like it ended."""
    dumped = value.model_dump(mode="json", include={"signal": {"facts", "calibration"}, "record": True})
    return {**report(value), **dumped["signal"], "record": dumped["record"]}


def _notes(value: SignalReport) -> list[tuple[str, str]]:
    """Headed sentences, in the order of the card; what there is nothing to say of is left out."""
    signal = value.signal
    rows = [
        ("Asked", "" if value.asked is None else _plain(fit_words(value.asked.strategy, value.asked.fit))),
        ("Calls like this", "" if value.like is None else likeness_words(value.like)),
        ("Weight zero", weightless_words(signal)),
        ("No evidence", silent_words(signal) if signal.leading else ""),
        ("Size", value.size if signal.leading else ""),
        ("To act", needed_words(signal)),
        ("With options", "" if signal.option is None else idea_words(signal.option)),
        ("Held", f"{value.held:,f} shares" if value.held else ""),
    ]
    return [(name, said) for name, said in rows if said]


def _plain(text: str) -> str:
    return text.replace("**", "")


def ranked(value: RankedSignals) -> Sheet:
    """Every symbol's signal in one table, best first."""
    columns: tuple[Column, ...] = (
        ("Symbol", Kind.TEXT),
        ("Call", Kind.TEXT),
        ("Probability", Kind.SHARE),
        ("Base rate", Kind.SHARE),
        ("Action", Kind.TEXT),
        ("Expected R", Kind.COUNT),
        ("Strategy", Kind.TEXT),
        ("With options", Kind.TEXT),
        ("Close", Kind.PRICE),
    )
    rows = tuple(
        row(
            one.symbol,
            one.direction.value,
            one.probability,
            one.base_rate,
            one.action.value,
            None if one.expected_value_r is None else round(one.expected_value_r, 2),
            "" if one.leading is None else spoken(one.leading.strategy),
            "" if one.option is None else spoken(one.option.name),
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
            f"{spoken(one.strategy)} {one.direction.value}",
            one.calls,
            one.hit_rate,
            None if one.mean_result_r is None else round(one.mean_result_r, 3),
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
            *_of_the_kind(value),
            Figure("Resolved calls", scores.calls, Kind.COUNT),
            Figure("Came true", scores.hit_rate, Kind.SHARE),
            Figure("Brier score", round(scores.brier, 4), Kind.COUNT, "lower is better"),
            Figure("of the base rate", round(scores.brier_base, 4), Kind.COUNT, "what a guess without signals scores"),
        ),
        tables=(Table("", columns, rows, empty="No calls are resolved yet."), *_past(value)),
    )


def _of_the_kind(value: RecordResult) -> tuple[Figure, ...]:
    """What calls like the symbol's own now did, where it has one."""
    if value.like is None or value.like.came_true is None:
        return ()
    return (
        Figure("Calls like this", value.like.came_true, Kind.SHARE, likeness_words(value.like)),
        *(
            [Figure("Same strategy and direction", value.kind.hit_rate, Kind.SHARE, f"of {value.kind.calls:,} calls")]
            if value.kind
            else []
        ),
    )


def sources(value: SourcesResult) -> Sheet:
    """What every source of evidence is worth, and the calibrator."""
    columns: tuple[Column, ...] = (
        ("Source", Kind.TEXT),
        ("Weight", Kind.COUNT),
        ("Log loss saved", Kind.COUNT),
        ("Error", Kind.COUNT),
        ("Months", Kind.COUNT),
        ("Why", Kind.TEXT),
    )
    rows = tuple(
        row(
            one.source.value,
            round(one.weight, 3) or 0,
            None if one.gain is None else round(one.gain, 5),
            None if one.error is None else round(one.error, 5),
            one.months,
            one.why,
        )
        for one in value.sources
    )
    return Sheet(
        title="What the sources are worth",
        source="walk-forward",
        as_of=value.asof.isoformat(),
        figures=(
            Figure("Fitted on", value.fitted_on.isoformat(), Kind.INSTANT),
            Figure("Resolved calls", value.resolved, Kind.COUNT),
            Figure("Calibrator", value.calibrator, Kind.TEXT, value.calibrator_why),
            Figure("Version", value.version),
        ),
        tables=(Table("", columns, rows),),
        remarks=("A call's log loss saved by adding the source to the base rate, on calls later than its fit.",),
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
        tables=(_changes(value.changes),),
    )


def _changes(changes: Sequence[RegimeChange]) -> Table:
    columns: tuple[Column, ...] = (
        ("Close of", Kind.INSTANT),
        ("Trend before", Kind.TEXT),
        ("Trend", Kind.TEXT),
        ("Volatility before", Kind.TEXT),
        ("Volatility", Kind.TEXT),
    )
    rows = tuple(
        row(
            one.session.isoformat(),
            one.trend_before.value,
            one.trend.value,
            one.volatility_before.value,
            one.volatility.value,
        )
        for one in changes
    )
    return Table("Last changes", columns, rows, empty="Its state has not changed yet.")


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
    return (Table(f"Last {spoken(value.strategy)} calls on {value.symbol}", columns, rows),)
