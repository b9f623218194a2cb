"""The evaluation as one Markdown page with pictures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from brokers.vocabulary import BadInput
from tools.performance.evaluation import Chosen, Evaluation
from tools.performance.findings import findings, percent, told, within_percent
from tools.performance.pictures import draw

PAGE = "report.md"


def write_report(found: Evaluation, chosen: Chosen, folder: Path) -> Path:
    """Write the page and its pictures into `folder`, which is made where it is missing; the page's path.

    `chosen` are the calls that were scored. Raises `BadInput` where nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pictures = draw(found, chosen, folder)
        page = folder / PAGE
        page.write_text(markdown(found, pictures), encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"The report cannot be written to “{folder}”: {error.strerror}.", fix="Name another folder with --report."
        ) from error
    return page


def markdown(found: Evaluation, pictures: Sequence[tuple[str, str]] = ()) -> str:
    """The page. `pictures` are file names with what they show."""
    parts = [
        f"# How good the signals were, as of {found.asof}",
        *(f"- {line}" for line in findings(found)),
        "",
        *(f"![{caption}]({name})\n\n*{caption}*\n" for name, caption in pictures),
        "## All calls",
        *_overall(found),
        "\n## By group",
        "`saved` is the loss of the base rate less that of the probability: above zero is better.\n",
        *_groups(found),
        "\n## Sources",
        "Each source taken away and everything fitted again without it; above zero, it helps.\n",
        *_sources(found),
        *_returns(found),
        *_forecasts(found),
        "\n## How it was reckoned",
        f"Intervals are central 95 % of {found.bootstrap_draws:,} draws of a moving-block bootstrap (seed "
        f"{found.bootstrap_seed}) over calendar weeks; a block holds every call of its weeks, of whatever symbol. The "
        "calibration error is over 15 groups of equal size. Weights and calibration of a call were fitted on calls "
        f"resolved before it. Version `{found.version}`; symbols: {', '.join(found.symbols)}.",
    ]
    return "\n".join(parts) + "\n"


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table; all columns but the first are figures."""
    rule = ["---", *("---:" for _ in head[1:])]
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]


def _overall(found: Evaluation) -> list[str]:
    whole, calibration = found.overall, found.calibration
    chance = calibration.by_chance
    allowed = "" if chance is None else f"chance alone: {within_percent(chance)}"
    mean = found.correlation.mean
    return table_of(
        ("figure", "probability", "base rate", "difference [95 %]"),
        [
            ("calls", f"{whole.calls:,}", f"{found.open_calls:,} still open", ""),
            ("mean said", percent(whole.probability), percent(whole.base_rate), ""),
            (
                "came true",
                percent(whole.hit_rate.value),
                percent(whole.base_rate),
                f"{percent(whole.over_base.value)} {within_percent(whole.over_base)}",
            ),
            ("Brier score", f"{whole.brier:.5f}", f"{whole.brier_base:.5f}", f"saved {told(whole.brier_saved, 5)}"),
            (
                "log loss, nats",
                f"{whole.log_loss:.5f}",
                f"{whole.log_loss_base:.5f}",
                f"saved {told(whole.log_loss_saved, 5)}",
            ),
            ("calibration error", percent(calibration.error), percent(calibration.error_base), allowed),
            ("rank correlation, mean of months", "" if mean is None else told(mean, 4), "", _t(found)),
        ],
    )


def _t(found: Evaluation) -> str:
    return "" if found.correlation.t is None else f"t {found.correlation.t:.2f}"


def _groups(found: Evaluation) -> list[str]:
    rows = [
        (
            f"{one.by}: {one.name}",
            f"{one.skill.calls:,}",
            percent(one.skill.probability),
            f"{percent(one.skill.hit_rate.value)} {within_percent(one.skill.hit_rate)}",
            percent(one.skill.base_rate),
            f"{one.skill.brier:.4f}",
            f"{one.skill.brier_base:.4f}",
            told(one.skill.log_loss_saved, 4),
        )
        for one in found.groups
    ]
    head = ("group", "calls", "said", "came true [95 %]", "base rate", "Brier", "of base", "log loss saved [95 %]")
    return table_of(head, rows)


def _sources(found: Evaluation) -> list[str]:
    last = max((one.day for one in found.weights), default=None)
    weight = {one.source: f"{one.weight:.2f}" for one in found.weights if one.day == last}
    rows = [
        (
            one.name,
            f"{one.calls:,}",
            told(one.log_loss_saved, 5),
            told(one.brier_saved, 5),
            weight.get(one.name, ""),
            one.note or (f"{one.other:,} calls are made otherwise without it" if one.other else ""),
        )
        for one in found.sources
    ]
    head = ("taken away", "calls", "log loss saved [95 %]", "Brier saved [95 %]", f"weight, fit of {last}", "note")
    why = [f"- {one.source}: {one.why}" for one in found.weights if one.day == last]
    return [*table_of(head, rows), "\nWhy these weights:\n", *why]


def _returns(found: Evaluation) -> list[str]:
    if not found.returns:
        return []
    rows = [
        (
            one.name,
            f"{one.calls:,}",
            told(one.mean_r, 4),
            f"{one.cost_r:.3f}",
            f"{percent(one.paid.value)} {within_percent(one.paid)}",
            f"{one.total_r:+,.0f}",
        )
        for one in found.returns
    ]
    note = (
        f"In R, the stop's distance, after a round trip of {100 * found.round_trip_cost:.2f} % of the entry price and "
        "before slippage beyond it. Every call counts as one trade, though calls of a symbol overlap; the expected "
        "losses the rule reckons with are those of the calls shown.\n"
    )
    head = ("secondary: profit and loss", "calls", "mean R [95 %]", "cost R", "with a profit [95 %]", "sum R")
    return ["\n## Profit and loss (secondary)", note, *table_of(head, rows)]


def _forecasts(found: Evaluation) -> list[str]:
    if not found.forecasts:
        return []
    rows = [
        (
            f"{one.horizon_sessions} sessions, {one.model}",
            f"{one.pinball_bp:.2f}",
            percent(one.coverage_90),
            percent(one.coverage_40),
            f"{one.days:,}",
        )
        for one in found.forecasts
    ]
    head = ("forecaster on its own", "pinball loss, bp", "inside its 90 %", "inside its 40 %", "days")
    return ["\n## Forecasters", "Walk-forward, on days resolved before; lower loss is better.\n", *table_of(head, rows)]
