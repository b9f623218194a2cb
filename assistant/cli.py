"""The `deskmate` command. Only typer and small modules load with it; every command imports what it uses."""

from __future__ import annotations

import sys

import typer

from assistant import cli_account, cli_ask, cli_evaluate, cli_forecast, cli_market, cli_models, cli_signals, cli_train
from assistant.cli_common import tell

app = typer.Typer(
    name="deskmate",
    help="A conversational trading assistant: ask about markets, your book and risk; release orders yourself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(cli_ask.chat)
app.command()(cli_ask.ask)
app.command()(cli_ask.web)
app.command()(cli_signals.signals)
app.command()(cli_forecast.forecast)
app.add_typer(cli_train.train, name="train")
app.command()(cli_ask.consent)
app.add_typer(cli_market.imports, name="import")
app.add_typer(cli_account.account, name="account")
app.command()(cli_account.orders)
app.add_typer(cli_account.limits, name="limits")
app.command()(cli_account.halt)
app.command()(cli_account.resume)
app.add_typer(cli_account.ledger, name="ledger")
app.add_typer(cli_evaluate.evaluate, name="evaluate")
cli_evaluate.evaluate.command("sentiment")(cli_models.evaluate_sentiment)
app.add_typer(cli_models.models, name="models")
app.command()(cli_models.sentiment)
app.command()(cli_market.doctor)
app.command()(cli_market.bench)


def main() -> None:
    """Run the command line: 0 done, 1 refused or failed, 2 bad usage. No traceback for what is foreseen."""
    try:
        app()
    except Exception as error:  # the outermost loop: foreseen errors become a sentence, others keep their traceback
        # Imported here because the shared vocabulary loads pydantic, which `--help` has no use for.
        from brokers.vocabulary import DeskmateError

        if not isinstance(error, DeskmateError):
            raise
        tell(error.sentence())
        sys.exit(1)
    except KeyboardInterrupt:
        tell("Stopped.")
        sys.exit(130)
