"""`deskmate evaluate`: how often the parts that judge are right, on cases whose answers are known."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_common import AsJson, out, tell

if TYPE_CHECKING:
    from bench.router_evaluation import Scores

evaluate = typer.Typer(help="Score the parts that judge, on cases whose answers are known.", no_args_is_help=True)


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
