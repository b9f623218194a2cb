"""`deskmate forecast` and `deskmate train forecast`: what the price may do next, and the model that is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from assistant.cli_common import AsJson, AsOf, Home, User, day_of, desk_of, out, settings_of, tell
from assistant.cli_train import train

if TYPE_CHECKING:
    from datetime import datetime

    from assistant.desk import Desk
    from models.forecast_record import Score
    from models.registry import ModelCard

THREADS = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
"""The training process keeps to one core: it shares the machine with whoever trades on it."""


def forecast(
    symbols: Annotated[list[str] | None, typer.Argument(metavar="[SYMBOL]…", help="All known ones otherwise.")] = None,
    horizon: Annotated[str | None, typer.Option("--horizon", help="In words: tomorrow, next week, 20 days.")] = None,
    scores: Annotated[bool, typer.Option("--scores", help="How each forecaster did, walk-forward, instead.")] = False,
    home: Home = None,
    user: User = None,
    asof: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Quantiles of the return 1, 5 and 20 sessions ahead, P(up), and who says so; with --json one object a line."""
    with desk_of(home) as desk:
        instant = _instant(desk, user, asof)
        if scores:
            _show_scores(desk.forecasts.scores(instant), as_json)
            return
        known = [instrument.symbol for instrument in desk.feed.instruments()]
        results, missing = desk.forecasts.forecasts([each.upper() for each in symbols or known], instant, horizon)
        for result in results:
            if as_json:
                out(result)
                continue
            from rich.console import Console

            from assistant.channels.terminal_cards import card

            console = Console(highlight=False)
            console.print(card(result, plain=not console.is_terminal, width=console.width))
        for reason in missing:
            tell(reason)
        if not results:
            raise typer.Exit(1)


@train.command("forecast")
def train_forecast(
    through: Annotated[
        str | None,
        typer.Option("--through", metavar="DATE", help="Train on nothing later; before your replay clock otherwise."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed and data give the same model.")] = 7,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Most epochs of each training.")] = None,
    walk_forward: Annotated[
        bool,
        typer.Option(
            "--walk-forward/--no-walk-forward", help="Keep what each fold's model said of every day, for the signals."
        ),
    ] = True,
    folds: Annotated[int, typer.Option("--folds", min=1, max=20, help="Walk-forward folds that are scored.")] = 4,
    into: Annotated[Path | None, typer.Option("--out", help="Write here instead of into the home folder.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Train the forecaster on the bars of the store, score it walk-forward, and use it from then on."""
    from tempfile import TemporaryDirectory

    from models.registry import Registry

    settings = settings_of(home)
    with TemporaryDirectory() as folder:
        bars = Path(folder) / "bars.npz"
        made = into or Path(folder) / "tft"
        with desk_of(home) as desk:
            cut = str(day_of(through) or _before_the_clock(desk))
            data = _write_bars(desk, bars)
        options = ["--bars", str(bars), "--out", str(made), "--through", cut, "--data", data, "--folds", str(folds)]
        options += [] if walk_forward else ["--no-walk-forward"]
        options += ["--seed", str(seed), *([] if epochs is None else ["--epochs", str(epochs)])]
        with _training(options) as told:
            _watched(told)
        card = _card_in(made)
        if into is None:
            Registry(home=settings.home).add(card, made)
    if as_json:
        out(card)
        return
    with desk_of(home) as desk:
        calendar = desk.feed.calendar
        sys.stdout.write(f"Trained through {cut}; forecasts after that day use it from now on.\n")
        if into is None:
            _show_scores(desk.forecasts.scores(calendar.close_of(calendar.last())), as_json=False)


def _instant(desk: Desk, user: str | None, asof: str | None) -> datetime:
    """The instant asked about: the account's own clock, or the close on or before `asof`."""
    from brokers.vocabulary import BadInput

    day = day_of(asof)
    if day is None:
        return desk.account(user or desk.default_person).account.market_now()
    session = desk.feed.calendar.on_or_before(day)
    if session is None:
        raise BadInput(f"The market data starts on {desk.feed.calendar.first()}.", fix="Choose a later --asof.")
    return desk.feed.calendar.close_of(session)


def _before_the_clock(desk: Desk) -> str:
    """The session before the earliest instant that any account stands at, or would start at."""
    calendar = desk.feed.calendar
    stand = [desk.accounts.parts(name).account.session() for name in desk.accounts.names()]
    first = min([*stand, desk.accounts.start().date()])
    return calendar.offset(first, -1).isoformat()


def _write_bars(desk: Desk, path: Path) -> str:
    """Every symbol's bars as arrays, for a process that has no store of its own; what they are, in words."""
    import numpy as np

    calendar = desk.feed.calendar
    end = calendar.close_of(calendar.last())
    columns = {symbol: desk.feed.columns(symbol, end) for symbol in desk.feed.symbols(end)}
    arrays = {
        f"{symbol}.{name}": getattr(each, name)
        for symbol, each in columns.items()
        for name in ("sessions", "high", "low", "close", "volume")
    }
    np.savez_compressed(path, allow_pickle=False, **arrays)
    return ", ".join(sorted({each.source for each in columns.values()}))


@contextmanager
def _training(options: list[str]) -> Generator[Iterator[dict[str, object]]]:
    """What the training process says, a line at a time; the process ends with the block, however that ends."""
    from tempfile import TemporaryFile

    from brokers.vocabulary import Unavailable

    command = [sys.executable, "-W", "ignore", "-m", "models.training.forecast", *options]
    with TemporaryFile("w+") as errors:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, one of our own modules
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, **THREADS}
        )
        try:
            yield _told(process)
            if process.wait():
                errors.seek(0)
                last = (errors.read().strip().splitlines() or ["it said nothing"])[-1]
                raise Unavailable(f"The training stopped: {last[:200]}.")
        finally:
            process.kill()
            process.wait()


def _told(process: subprocess.Popen[str]) -> Iterator[dict[str, object]]:
    from brokers.vocabulary import BadInput

    for line in process.stdout or ():
        try:
            told = cast("dict[str, object]", json.loads(line))
        except ValueError:
            continue  # a library's own words
        if "error" in told:
            raise BadInput(str(told["error"]), fix=str(told.get("fix", "")))
        yield told


def _watched(told: Iterator[dict[str, object]]) -> None:
    """A progress bar on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("preparing", total=None)
        for each in told:
            loss = f", held-out loss {each['held']}" if "held" in each else ""
            done, total = cast(float, each["done"]), cast(float, each["total"])
            progress.update(task, description=f"{each['stage']}{loss}", completed=done, total=total)


def _card_in(folder: Path) -> ModelCard:
    from models.registry import CARD, ModelCard

    return ModelCard.model_validate_json((folder / CARD).read_bytes())


def _show_scores(scores: tuple[Score, ...], as_json: bool) -> None:
    if as_json:
        for score in scores:
            out(score)
        return
    if not scores:
        sys.stdout.write("No forecast was resolved before that day.\n")
        return
    sys.stdout.write(
        f"{'sessions':>8}  {'model':10} {'pinball, bp':>11} {'in its 90 %':>11} {'in its 40 %':>11} {'days':>6}\n"
    )
    for score in scores:
        sys.stdout.write(
            f"{score.horizon_sessions:>8}  {score.model:10} {score.pinball_bp:>11.2f} {score.coverage_90:>11.1%} "
            f"{score.coverage_40:>11.1%} {score.days:>6,}\n"
        )
