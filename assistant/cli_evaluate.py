"""`deskmate evaluate`: how good the signals were, walk-forward, and how often the other parts that judge are right."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_common import AsJson, AsOf, Home, day_of, desk_of, out, tell

if TYPE_CHECKING:
    from assistant.desk import Desk
    from bench.router_evaluation import Scores
    from tools.performance.evaluation import Evaluation, Watch

evaluate = typer.Typer(help="Score the signals, or with a sub-command another part that judges.")


@evaluate.callback(invoke_without_command=True)
def signals(
    context: typer.Context,
    calls: Annotated[
        Path | None,
        typer.Option("--calls", metavar="FILE", help="Write every call there: .csv, .parquet, else JSON lines."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="DIR", help="Where page and pictures go.", show_default="HOME/reports/evaluate-ASOF"
        ),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only calls made from then on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only calls made up to then.")] = None,
    home: Home = None,
    asof: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """How good the signals were, walk-forward, over all history in the store (or up to --asof).

    Every probability is judged as it was known at its close, beside its base rate and with an interval. A page with
    pictures is written too. With a sub-command, another part is scored instead.
    """
    if context.invoked_subcommand is not None:
        return
    from brokers.vocabulary import BadInput
    from tools.performance.calls_file import write_calls
    from tools.performance.evaluation import choose, walks
    from tools.performance.evaluation import evaluate as scored
    from tools.performance.report import write_report
    from tools.signals.decision import ActionRule

    first, last = day_of(since), day_of(until)
    if first and last and first > last:
        raise BadInput("--since lies after --until.", fix="Exchange the two.")
    with desk_of(home) as desk:
        session = _session(desk, day_of(asof))
        instant = desk.feed.calendar.close_of(session)
        with _watched() as watch:
            desk.evidence.read_all(instant, lambda done, total: watch("reading headlines", done, total))
            known = walks(desk.signals, instant, watch)
        chosen = choose(known.full, first, last, ActionRule())
        if calls:
            write_calls(chosen.calls, calls, desk.feed.calendar.close_of)
            tell(f"{len(chosen.calls):,} calls are in {calls}.")
        found = scored(known, chosen, session, desk.forecasts.scores(instant))
        page = write_report(found, chosen, report or desk.settings.home / "reports" / f"evaluate-{session}")
        tell(f"The report is {page}.")
    if as_json:
        out(found)
    else:
        sys.stdout.write("\n".join(_lines(found)) + "\n")


def _session(desk: Desk, day: date | None) -> date:
    """The last session there is, or the one on or before `day`."""
    from brokers.vocabulary import BadInput

    calendar = desk.feed.calendar
    session = calendar.last() if day is None else calendar.on_or_before(day)
    if session is None:
        raise BadInput(f"The market data starts on {calendar.first()}.", fix="Choose a later --asof.")
    return session


@contextmanager
def _watched() -> Generator[Watch]:
    """A progress bar on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("walking", total=None)
        yield lambda name, done, total: progress.update(task, description=name, completed=done, total=total)


def _lines(found: Evaluation) -> list[str]:
    """What was found, in sentences and one compact table."""
    from tools.performance.findings import findings, percent, told, within_percent

    rows = [("all", "", found.overall), *((one.by, one.name, one.skill) for one in found.groups)]
    lines = [*findings(found), ""]
    lines += [
        f"{'':<9} {'':<20} {'calls':>7} {'said':>7} {'came true [95 %]':>26} {'base':>7} {'Brier':>7} {'of base':>7}  "
        "log loss saved [95 %]"
    ]
    lines += [
        f"{by:<9} {name:<20} {one.calls:>7,} {percent(one.probability):>7} "
        f"{percent(one.hit_rate.value) + ' ' + within_percent(one.hit_rate):>26} {percent(one.base_rate):>7} "
        f"{one.brier:>7.4f} {one.brier_base:>7.4f}  {told(one.log_loss_saved, 4)}"
        for by, name, one in rows
    ]
    return lines


class Half(StrEnum):
    """Which half of the set: `dev` may be looked at and tuned on, `test` is only scored."""

    DEV = "dev"
    TEST = "test"


@evaluate.command()
def router(
    half: Annotated[list[Half] | None, typer.Option("--half", help="dev or test; both otherwise.")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="List what was read otherwise (dev only).")] = False,
    as_json: AsJson = False,
) -> None:
    """How well messages are read: intents, slots, asking back, dialogues, consent, and how long reading takes."""
    from brokers.vocabulary import BadInput

    try:
        from bench.router_evaluation import evaluate as scored
    except ModuleNotFoundError as error:
        raise BadInput("The evaluation set is in a checkout only.", fix="Run this command there.") from error
    for each in half or list(Half):
        tell(f"Scoring the {each.value} half…")
        scores = scored(each.value)
        if as_json:
            out(scores.figures())
        else:
            _table(scores)
        if misses and each is Half.DEV:
            for miss in scores.misses:
                tell(f"[{miss.kind}] {miss.author}: {miss.text}\n    wanted {miss.wanted}\n    read   {miss.got}")


def _table(scores: Scores) -> None:
    """The figures of one half as tables on stdout."""
    from bench.router_evaluation import VERDICTS, f1, precision, recall, spread

    lines = [
        f"\n{scores.half}: {scores.total['intent']} utterances, {scores.total['turn']} turns, "
        f"{scores.total['reply']} replies"
    ]
    lines += [
        f"  {what:<12} {scores.share(what):7.1%}  ({scores.right[what]} of {scores.total[what]})"
        for what in scores.total
    ]
    lines += [
        f"  slot F1      {f1(scores.slot):7.1%}",
        f"  clarify      precision {precision(scores.clarify):.1%}, recall {recall(scores.clarify):.1%}",
        "  by intent    " + ", ".join(f"{k} {c['right'] / c['n']:.1%}" for k, c in sorted(scores.intents.items())),
        "  by sub       " + ", ".join(f"{k} {c['right']}/{c['n']}" for k, c in sorted(scores.subs.items())),
        "  consent (rows: labelled; columns: read)",
        "  " + " " * 12 + "".join(f"{verdict:>11}" for verdict in VERDICTS),
    ]
    lines += [f"  {row:<12}" + "".join(f"{scores.consent[row][column]:>11}" for column in VERDICTS) for row in VERDICTS]
    lines += [f"  read ms      {spread(scores.read_ms)}", f"  turn ms      {spread(scores.turn_ms)}"]
    sys.stdout.write("\n".join(lines) + "\n")
