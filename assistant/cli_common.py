"""What the commands share: options, how a desk is opened, and how results and errors leave the program."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

    from assistant.desk import Desk
    from assistant.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Folder of settings, ledger and stores.", envvar="DESKMATE_HOME", show_default="~/.deskmate"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object (or one a line) on stdout, nothing else.")]
AsOf = Annotated[str | None, typer.Option("--asof", metavar="DATE", help="Set the replay clock (YYYY-MM-DD).")]
User = Annotated[str | None, typer.Option("--user", help="Who speaks; the settings' person otherwise.")]
AccountName = Annotated[str | None, typer.Option("--account", help="Account; the person's first otherwise.")]


def settings_of(home: Path | None) -> Settings:
    """The settings of a home folder."""
    from assistant.settings import load

    return load(home)


@contextmanager
def desk_of(home: Path | None) -> Generator[Desk]:
    """The desk of a home folder, closed afterwards."""
    from assistant.desk import Desk

    desk = Desk.open(settings_of(home))
    try:
        yield desk
    finally:
        desk.close()


def day_of(text: str | None) -> date | None:
    """A date given on the command line.

    Raises:
        BadInput: it is not a date.
    """
    from brokers.vocabulary import BadInput

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"“{text[:40]}” is not a date.", fix="Write it as 2023-09-01.") from error


def out(value: BaseModel | dict[str, object]) -> None:
    """Print one JSON object on stdout."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value.model_dump_json()
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """Print a message for people, on stderr."""
    print(text, file=sys.stderr)
