"""The pictures of a report, in colours that colour-blind readers can tell apart (Okabe and Ito 2008)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.performance.bootstrap import NOTHING, Estimate
from tools.performance.effects import Effect
from tools.performance.evaluation import EVERY_CALL, TRADED, Chosen, Evaluation
from tools.performance.returns import net
from tools.signals.signal import Source
from tools.signals.table import CallTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, RED, PURPLE, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#6B6B6B"
SOURCE_STYLES = dict(
    zip(
        Source,
        zip((BLUE, ORANGE, GREEN, RED, PURPLE), ("-", "--", "-.", ":", (0, (5, 1, 1, 1))), strict=True),
        strict=True,
    )
)
_DOTS_PER_INCH = 150


def draw(found: Evaluation, chosen: Chosen, folder: Path) -> tuple[tuple[str, str], ...]:
    """Draw every picture there is material for into `folder` (PNG); file names with what they show.

    `chosen` are the calls that were scored. Raises `OSError` where a file cannot be written.
    """
    resolved = chosen.calls.where(chosen.calls.resolved)
    made: list[tuple[str, str, Figure]] = [
        (
            "reliability.png",
            "What was said against what happened, and how often each probability was said.",
            _reliability(found, resolved),
        ),
        ("by_year.png", "Loss by year of the probability and of the base rate, and what was saved.", _by_year(found)),
        ("sources.png", "What each source saves: above zero, calls are better with it.", _sources(found)),
    ]
    if found.weights:
        made.append(("weights.png", "Weight of each source at each fit.", _weights(found)))
    if found.returns:
        caption = "Secondary: sum of R after costs, one R a call, overlapping."
        made.append(("returns.png", caption, _returns(chosen)))
    for name, _, figure in made:
        figure.savefig(folder / name, dpi=_DOTS_PER_INCH)
    return tuple((name, caption) for name, caption, _ in made)


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def _plain(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=10)
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)


def _whiskers(values: Sequence[Estimate]) -> list[list[float]]:
    """Lengths of error bars below and above; none where there is no interval."""
    low = [0.0 if one.low is None else max(one.value - one.low, 0.0) for one in values]
    high = [0.0 if one.high is None else max(one.high - one.value, 0.0) for one in values]
    return [low, high]


def _reliability(found: Evaluation, resolved: CallTable) -> Figure:
    from matplotlib.ticker import PercentFormatter

    figure = _figure(6.4, 6.8)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    bins = found.calibration.bins
    said = [one.said for one in bins]
    happened = [one.happened for one in bins]
    above.axline((said[0], said[0]), slope=1, color=GREY, linewidth=1, linestyle="--", label="as said")
    above.errorbar(
        said,
        [one.value for one in happened],
        yerr=_whiskers(happened),
        color=BLUE,
        fmt="o",
        markersize=5,
        capsize=2,
        linewidth=1,
        label="came true, 95 %",
    )
    above.axhline(found.overall.base_rate, color=ORANGE, linewidth=1.2, linestyle=":", label="mean base rate")
    sizes = sorted({one.calls for one in bins})
    each = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
    _plain(above, f"What happened when it said so ({len(bins)} groups of {each} calls)")
    above.set_ylabel("share that came true")
    above.legend(fontsize=8, frameon=False)
    edges = np.linspace(*_span(resolved), 41)
    below.hist(resolved.probability, edges, color=BLUE, alpha=0.8, label="probability")
    below.hist(resolved.base_rate, edges, color=ORANGE, histtype="step", linewidth=1.2, label="base rate")
    _plain(below, "How often it was said")
    below.set_xlabel("probability said")
    below.set_ylabel("calls")
    below.legend(fontsize=8, frameon=False)
    above.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    below.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure


def _span(resolved: CallTable) -> tuple[float, float]:
    """The range of a histogram: all probabilities and base rates."""
    both = np.concatenate([resolved.probability, resolved.base_rate])
    return float(both.min()) - 0.005, float(both.max()) + 0.005


def _by_year(found: Evaluation) -> Figure:
    figure = _figure(9.0, 5.4)
    years = [one for one in found.groups if one.by == "year"]
    names = [one.name for one in years]
    skills = [one.skill for one in years]
    kinds = (
        (
            "Log loss",
            [one.log_loss for one in skills],
            [one.log_loss_base for one in skills],
            [one.log_loss_saved for one in skills],
        ),
        (
            "Brier score",
            [one.brier for one in skills],
            [one.brier_base for one in skills],
            [one.brier_saved for one in skills],
        ),
    )
    panels = figure.subplots(2, 2, sharex=True, height_ratios=(1.3, 1))
    for column, (title, ours, base, saved) in enumerate(kinds):
        above, below = panels[0, column], panels[1, column]
        above.plot(names, base, color=ORANGE, marker="s", markersize=7, linestyle="--", label="base rate")
        above.plot(names, ours, color=BLUE, marker="o", markersize=4, label="probability")
        _plain(above, f"{title} (lower is better)")
        above.legend(fontsize=8, frameon=False)
        _intervals(below, names, saved)
        _plain(below, f"{title} saved against the base rate, 95 %")
        below.tick_params(axis="x", rotation=45)
    return figure


def _intervals(axes: Axes, names: Sequence[str], values: Sequence[Estimate]) -> None:
    """Points with whiskers around a line at zero."""
    axes.axhline(0, color=GREY, linewidth=1)
    if all(abs(one.value) < NOTHING for one in values):
        axes.set_ylim(-0.001, 0.001)
        axes.set_yticks([0.0])
    axes.errorbar(
        names,
        [one.value for one in values],
        yerr=_whiskers(values),
        color=BLUE,
        fmt="o",
        markersize=4,
        capsize=3,
        linewidth=1.2,
    )


def _sources(found: Evaluation) -> Figure:
    figure = _figure(9.0, 3.4)
    rows = list(reversed(found.sources))
    kinds = (
        ("Log loss saved a call", [one.log_loss_saved for one in rows]),
        ("Brier score saved a call", [one.brier_saved for one in rows]),
    )
    for axes, (title, values) in zip(figure.subplots(1, 2, sharey=True), kinds, strict=True):
        colours = [GREEN if one.above_zero else RED if one.below_zero else GREY for one in values]
        axes.barh([_label(one) for one in rows], [one.value for one in values], color=colours, alpha=0.55, height=0.6)
        axes.errorbar(
            [one.value for one in values],
            range(len(rows)),
            xerr=_whiskers(values),
            fmt="none",
            ecolor="black",
            capsize=3,
            linewidth=1.2,
        )
        axes.axvline(0, color="black", linewidth=1)
        if all(abs(one.value) < NOTHING for one in values):
            axes.set_xlim(-0.001, 0.001)
            axes.set_xticks([0.0])
        _plain(axes, f"{title}, 95 %")
    return figure


def _label(one: Effect) -> str:
    return f"{one.name}\n({one.note})" if one.note else one.name


def _weights(found: Evaluation) -> Figure:
    figure = _figure(9.0, 3.4)
    axes = figure.subplots()
    for source, (colour, style) in SOURCE_STYLES.items():
        points = [one for one in found.weights if one.source == source.value]
        days = np.array(
            [one.day for one in points] + [max(found.until, points[-1].day)] if points else [], "datetime64[D]"
        )
        values = [one.weight for one in points] + [one.weight for one in points[-1:]]
        axes.step(days, values, where="post", color=colour, linestyle=style, linewidth=1.8, label=source.value)
    axes.set_ylim(-0.05, 1.05 * max([1.0, *(one.weight for one in found.weights)]))
    axes.axhline(0, color=GREY, linewidth=1)
    _plain(axes, "Weight of each source, as fitted on calls resolved before (0: not admitted)")
    axes.legend(fontsize=8, frameon=False, ncols=5, loc="upper center", bbox_to_anchor=(0.5, -0.12))
    return figure


def _returns(chosen: Chosen) -> Figure:
    figure = _figure(9.0, 3.6)
    axes = figure.subplots()
    made = net(chosen.calls, chosen.rule)
    known = np.isfinite(made)
    order = np.argsort(chosen.calls.resolved_day, kind="stable")
    for name, rows, colour in ((EVERY_CALL, known, GREY), (TRADED, known & chosen.traded, BLUE)):
        which = order[rows[order]]
        numbers, back = np.unique(chosen.calls.resolved_day[which], return_inverse=True)
        total = np.cumsum(np.bincount(back, made[which], len(numbers)))
        axes.step(numbers.astype("datetime64[D]"), total, where="post", color=colour, label=f"{name} ({len(which):,})")
    axes.axhline(0, color="black", linewidth=0.8)
    cost = f"{100 * chosen.rule.round_trip_cost:.2f} %"
    _plain(axes, f"SECONDARY: sum of R after {cost} a round trip; one R a call, and calls overlap")
    axes.set_ylabel("R")
    axes.legend(fontsize=8, frameon=False)
    return figure
