"""The sheet of the calls a person was shown, and what became of them."""

from __future__ import annotations

from assistant.channels.sheet import Column, Figure, Kind, Sheet, Table, row
from assistant.signal_words import spoken
from tools.performance.shown_calls import ShownCall, ShownScores


def shown(value: ShownScores) -> Sheet:
    """The shown calls beside their base rates: all together, by strategy, and the newest one by one."""
    return Sheet(
        title="The calls you were shown",
        source=value.account,
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Shown", value.shown, Kind.COUNT),
            Figure("Resolved", value.scored, Kind.COUNT, f"{value.open:,} still open"),
            *(_judged(value) if value.scored else ()),
        ),
        tables=(*_strategies(value), _calls(value)) if value.shown else (),
        remarks=tuple(one for one in (value.note, value.calibration_note if value.scored else "") if one),
    )


def _judged(value: ShownScores) -> tuple[Figure, ...]:
    error = value.calibration_error
    return (
        Figure("Came true", value.hit_rate, Kind.SHARE),
        Figure("Said on average", value.said, Kind.SHARE),
        Figure("Base rate on average", value.base_rate, Kind.SHARE, "of such calls, as it was known at each"),
        Figure("Brier score", _rounded(value.brier, 4), Kind.COUNT, "lower is better"),
        Figure("of the base rate", _rounded(value.brier_base, 4), Kind.COUNT),
        *(() if error is None else (Figure("Calibration error", error, Kind.SHARE, "0 is perfect"),)),
    )


def _strategies(value: ShownScores) -> tuple[Table, ...]:
    if len(value.by_strategy) < 2:
        return ()
    columns: tuple[Column, ...] = (
        ("Strategy", Kind.TEXT),
        ("Shown", Kind.COUNT),
        ("Resolved", Kind.COUNT),
        ("Came true", Kind.SHARE),
        ("Said", Kind.SHARE),
        ("Base rate", Kind.SHARE),
    )
    rows = tuple(
        row(spoken(one.strategy), one.shown, one.scored, one.hit_rate, one.said, one.base_rate)
        for one in value.by_strategy
    )
    return (Table("By strategy", columns, rows),)


def _calls(value: ShownScores) -> Table:
    columns: tuple[Column, ...] = (
        ("Made", Kind.INSTANT),
        ("Symbol", Kind.TEXT),
        ("Way", Kind.TEXT),
        ("Strategy", Kind.TEXT),
        ("Said", Kind.SHARE),
        ("Base rate", Kind.SHARE),
        ("Came true", Kind.TEXT),
        ("Ended", Kind.INSTANT),
        ("By", Kind.TEXT),
        ("Result, R", Kind.COUNT),
    )
    rows = tuple(
        row(
            one.session.isoformat(),
            one.symbol,
            one.direction.value,
            spoken(one.strategy),
            one.probability,
            one.base_rate,
            "open" if one.outcome is None else "yes" if one.outcome else "no",
            None if one.resolved is None else one.resolved.isoformat(),
            _ended(one),
            _rounded(one.result_r, 2),
        )
        for one in value.rows
    )
    whole = len(value.rows) == value.shown
    return Table("Every call" if whole else f"The newest {len(value.rows)}", columns, rows)


def _ended(one: ShownCall) -> str:
    return one.standing if one.exit_reason is None else spoken(one.exit_reason.value)


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
