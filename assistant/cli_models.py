"""`deskmate models`, `sentiment`, `train sentiment`, `evaluate sentiment`: the learned models and what they read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from assistant.cli_common import AsJson, Home, out, settings_of, tell
from assistant.cli_train import train

if TYPE_CHECKING:
    from io import BufferedReader

    from models.evaluation import SentimentScores
    from models.registry import Registry
    from models.serving import Opened

models = typer.Typer(help="The learned models: which there are, fetch one, check their files.", no_args_is_help=True)

ModelName = Annotated[str | None, typer.Option("--model", help="A model of `deskmate models list`.")]


def _registry(home: Path | None) -> Registry:
    from models.registry import SHIPPED, Registry

    return Registry(SHIPPED, settings_of(home).home)


def _opened(home: Path | None, name: str | None) -> Opened:
    from models.registry import SHIPPED, Registry
    from models.serving import open_sentiment

    settings = settings_of(home)
    opened = open_sentiment(Registry(SHIPPED, settings.home), name or settings.models.sentiment)
    for sentence in opened.degraded:
        tell(sentence)
    return opened


@models.command("list")
def list_models(home: Home = None, as_json: AsJson = False) -> None:
    """What models there are, what they were trained on and how they scored."""
    registry = _registry(home)
    for card in registry.cards():
        if as_json:
            out({**card.model_dump(mode="json"), "shipped": registry.is_shipped(card.name)})
            continue
        place = "ships with the project" if registry.is_shipped(card.name) else "yours"
        sys.stdout.write(f"{card.name} {card.version} ({card.kind}, {place})\n  licence: {card.licence}\n")
        sys.stdout.write(f"  trained on: {card.trained_on}\n")
        if card.trained_through:
            sys.stdout.write(f"  knows nothing after: {card.trained_through:%Y-%m-%d}\n")
        if card.fallback:
            sys.stdout.write(f"  stands in where it is missing: {card.fallback}\n")
        for name, value in card.scores.items():
            sys.stdout.write(f"  {name}: {value:g}\n")


@models.command()
def fetch(
    name: Annotated[str, typer.Argument(help="The name to keep it under: finbert.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="DIR|NAME", help="A folder, or a repository of the model hub.")
    ] = None,
    labels: Annotated[str, typer.Option("--labels", help="Meaning of the outputs, in order, with commas.")] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Bring a three-label text classifier: check it, export it to int8 ONNX, prove that labels agree, keep it."""
    from brokers.vocabulary import BadInput
    from models.fetching import FINBERT_HUB, judged

    if source is None and name != "finbert":
        raise BadInput(f"Where should {name[:64]} come from?", fix="Say it: --from DIR or --from OWNER/NAME.")
    if source is not None and Path(source).expanduser().is_dir():
        judged(Path(source).expanduser(), labels)  # before torch is loaded, which takes seconds
    from models.training.fetch import fetch

    card = fetch(_registry(home), settings_of(home).home, name, source=source or FINBERT_HUB, labels=labels, tell=tell)
    if as_json:
        out(card)
        return
    agreed = card.scores["agreement"]
    sys.stdout.write(f"{card.name} {card.version} is kept and will read the news: {agreed:.1%} of labels as before.\n")


@models.command()
def verify(home: Home = None, as_json: AsJson = False) -> None:
    """Check every model's files against the digests on their cards."""
    results = _registry(home).verify()
    for result in results:
        if as_json:
            out(result)
        else:
            mark = "ok " if result.ok else "BAD"
            sys.stdout.write(f"{mark} {result.name} {result.version} {result.reason} {result.fix}".rstrip() + "\n")
    if not all(result.ok for result in results):
        raise typer.Exit(1)


def sentiment(
    texts: Annotated[list[str] | None, typer.Argument(metavar="[TEXT]…", help="Texts to read.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help='Read {"text": "…"} lines from stdin.')] = False,
    model: ModelName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """The tone of texts about companies and markets: positive, neutral or negative, with probabilities."""
    from assistant.text_lines import texts_of
    from brokers.vocabulary import BadInput

    if bool(texts) == stdin:
        raise BadInput("Give texts, or --stdin for lines of JSON.")
    opened = _opened(home, model)
    failed = False
    given: list[str | BadInput] = [*(texts or ())]
    batches = texts_of(cast("BufferedReader", sys.stdin.buffer)) if stdin else iter([given])
    for batch in batches:
        read = iter(opened.model.score([text for text in batch if isinstance(text, str)]))
        for text in batch:
            if isinstance(text, BadInput):
                failed = True
                out({"error": text.sentence()})
                continue
            found = next(read)
            if as_json or stdin:
                extra = {"degraded": list(opened.degraded)} if opened.degraded else {}
                out({**found.model_dump(mode="json"), **extra})
            else:
                sys.stdout.write(f"{found.label} ({found.score:+.2f}, {found.model})  {_shown(text)}\n")
    if failed:
        raise typer.Exit(1)


def _shown(text: str) -> str:
    from models.cleaning import cleaned

    return cleaned(text)[:100]


@train.command("sentiment")
def train_sentiment(
    data: Annotated[Path, typer.Option("--data", help="CSV text,label: 0 negative, 1 positive, 2 neutral, or words.")],
    test: Annotated[list[Path] | None, typer.Option("--test", help="Labelled file to score on; repeatable.")] = None,
    base: Annotated[Path | None, typer.Option("--base", help="Folder of a pretrained BERT to start from.")] = None,
    share: Annotated[float, typer.Option("--share", min=0.001, max=3, help="Part of the full training.")] = 1.0,
    seed: int = 7,
    force: Annotated[bool, typer.Option("--force", help="Keep the new model even where it is worse.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Train the compact sentiment model on your labelled texts; it is kept where it reads them no worse than now."""
    import tempfile

    from models.registry import CARD, ModelCard, ModelUnavailable
    from models.serving import COMPACT

    registry = _registry(home)
    with tempfile.TemporaryDirectory() as made:
        command = ["--data", str(data), "--out", made, "--share", str(share), "--seed", str(seed)]
        command += [part for path in test or [] for part in ("--test", str(path))]
        command += ["--base", str(base)] if base else []
        try:
            command += ["--beside", str(registry.folder(COMPACT))]
        except ModelUnavailable as error:
            tell(error.sentence())
        done = _trained("models.training.sentiment", command)
        better = _no_worse(done["scores"], done["beside"])
        if better or force:
            card = ModelCard.model_validate_json((Path(made) / CARD).read_bytes())
            registry.add(card, Path(made))
    done["kept"] = better or force
    if as_json:
        out(done)
        return
    for which in ("scores", "beside"):
        for one in done[which]:
            who = "new" if which == "scores" else one["model"]
            sys.stdout.write(
                f"{one['data']:<24} {who:<12} accuracy {one['accuracy']:.3f}, macro-F1 {one['macro_f1']:.3f}"
            )
            sys.stdout.write(f", calibration error {one['calibration_error']:.3f} ({one['texts']} texts)\n")
    sys.stdout.write(
        "The new model is kept.\n" if done["kept"] else "The new model is worse and was not kept (--force).\n"
    )


def _no_worse(new: list[dict[str, Any]], old: list[dict[str, Any]]) -> bool:
    """Mean macro-F1 over the sets is at least the present model's; without one, any model is better than none."""
    return not old or sum(one["macro_f1"] for one in new) >= sum(one["macro_f1"] for one in old)


def _trained(module: str, arguments: list[str]) -> dict[str, Any]:
    """Run a training in a process of its own, with a progress bar on stderr; its last word.

    Raises:
        BadInput: it could not train, and says why.
        Unavailable: it ended without a word.
    """
    from tempfile import TemporaryFile

    from brokers.vocabulary import BadInput, Unavailable

    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
    with TemporaryFile("w+") as errors:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, one of our own modules
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        )
        try:
            last = _watched(process)
            process.wait()
        finally:
            process.kill()
            process.wait()
        if last.get("stage") == "failed":
            raise BadInput(str(last["reason"]), fix=str(last["fix"]))
        if last.get("stage") != "done" or process.returncode:
            errors.seek(0)
            said = (errors.read().strip().splitlines() or ["it said nothing"])[-1]
            raise Unavailable(f"The training stopped: {said[:200]}.")
    return last


def _watched(process: subprocess.Popen[str]) -> dict[str, Any]:
    """A progress bar on stderr of what the process says; its last word."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    last: dict[str, Any] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading the data", total=None)
        for line in process.stdout or ():
            try:
                last = json.loads(line)
            except ValueError:
                continue  # a library's own words
            if last["stage"] == "train":
                doing = f"training, part {last['part']} of {last['parts']}, loss {last['loss']:.3f}"
                bar.update(task, description=doing, completed=last["step"], total=last["of"])
    return last


def evaluate_sentiment(
    data: Annotated[list[Path], typer.Option("--data", help="CSV text,label or lines text@label; repeatable.")],
    model: ModelName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """How well a sentiment model reads labelled texts: accuracy, macro-F1, calibration error."""
    from models.evaluation import evaluate
    from models.labelled import read_labelled

    opened = _opened(home, model)
    for path in data:
        scores = evaluate(opened.model, read_labelled(path), path.stem)
        if as_json:
            out(scores)
        else:
            _table(scores)


def _table(scores: SentimentScores) -> None:
    sys.stdout.write(
        f"{scores.data} ({scores.texts} texts, {scores.model}): accuracy {scores.accuracy:.3f}, "
        f"macro-F1 {scores.macro_f1:.3f}, calibration error {scores.calibration_error:.3f}\n"
    )
    for label, row in zip(("positive", "neutral", "negative"), scores.confusion, strict=True):
        sys.stdout.write(f"  {label:<9}" + "".join(f"{count:>7}" for count in row) + "\n")
