"""`deskmate train`: the group that every model's training command joins."""

from __future__ import annotations

import typer

train = typer.Typer(help="Train a model again; the result goes into the home folder.", no_args_is_help=True)
