"""`deskmate signals` and `deskmate train signals`: the calls of now, and the fit they are made with."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_common import AsJson, AsOf, Home, User, day_of, desk_of, out, settings_of, tell
from assistant.cli_train import train

if TYPE_CHECKING:
    from pydantic import BaseModel

    from assistant.desk import Desk
    from tools.execution.accounts import AccountParts


def signals(
    symbols: Annotated[list[str] | None, typer.Argument(metavar="[SYMBOL]…", help="All known ones otherwise.")] = None,
    home: Home = None,
    user: User = None,
    asof: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """The ranked signals: direction, probability beside its base rate, action, and the option strategy that fits.

    Symbols that are named are shown whatever you excluded; preferences and holdings may change the action and the size,
    never the probability. With --json one object a line, best first: its confidence_breakdown sums to the log-odds of
    its probability, sources tells what each kind of evidence says and weighs, option the idea with its legs.
    """
    from tools.catalogue_signals import read_by, read_one
    from tools.preferences.effects import preferred

    with desk_of(home) as desk:
        parts = desk.account(user or desk.default_person)
        preferences = desk.preferences(parts.account.person).current()
        at, held = _instant(desk, parts, asof), _held(parts, asof)
        known = [instrument.symbol for instrument in desk.feed.instruments()]
        ranked = desk.signals.rank([symbol.upper() for symbol in symbols or known], at)
        if symbols:
            read = tuple(read_one(one, preferences, held.get(one.symbol, Decimal(0))) for one in ranked.signals)
            ranked = ranked.model_copy(update={"signals": read})
        else:
            ranked = read_by(preferred(ranked, preferences), held)
    if not as_json:
        _print(ranked)
        return
    for signal in ranked.signals:
        out(signal)
    for missing in ranked.unavailable:
        tell(missing.reason)
    if not ranked.signals:
        raise typer.Exit(1)


@train.command("signals")
def train_signals(
    home: Home = None,
    user: User = None,
    asof: AsOf = None,
    refit: Annotated[bool, typer.Option("--refit", help="Fit again as of your replay clock, from then on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the fit in force: each source's weight and what it saved, the calibrator and why; --refit fits again.

    Weights and calibrator are fitted on the first day of each quarter from calls resolved before it. A refit adds the
    day your replay stands at: it holds for calls of that day and later, and never changes an earlier one.
    """
    from assistant.refits import ask_refit
    from brokers.vocabulary import BadInput
    from storage.locks import FileLocks
    from tools.catalogue_signals import fit_in_force

    if refit and asof is not None:
        raise BadInput("A refit is made where the replay stands.", fix="Leave --asof out.")
    if refit:
        settings = settings_of(home)
        with desk_of(home) as desk:
            day = desk.account(user or desk.default_person).account.session()
        ask_refit(settings.home, day, FileLocks(settings.locks))
        tell(f"Fitted again as of {day}; a chat or page that is running sees it when it starts again.")
    with desk_of(home) as desk:
        found = fit_in_force(desk.signals, _instant(desk, desk.account(user or desk.default_person), asof))
    if as_json:
        out(found)
    else:
        _print(found)


def _instant(desk: Desk, parts: AccountParts, asof: str | None) -> datetime:
    """The instant asked about: the account's own clock, or the close on or before `asof`."""
    from brokers.vocabulary import BadInput

    day = day_of(asof)
    if day is None:
        return parts.account.market_now()
    session = desk.feed.calendar.on_or_before(day)
    if session is None:
        raise BadInput(f"The market data starts on {desk.feed.calendar.first()}.", fix="Choose a later --asof.")
    return desk.feed.calendar.close_of(session)


def _held(parts: AccountParts, asof: str | None) -> Mapping[str, Decimal]:
    """Shares held now; of another day the book says nothing."""
    if asof is not None:
        return {}
    return {position.symbol: position.quantity for position in parts.account.positions()}


def _print(value: BaseModel) -> None:
    """A result as a framed table, or as plain lines where nobody looks at a terminal."""
    from rich.console import Console

    from assistant.channels.terminal_cards import card

    console = Console(highlight=False)
    console.print(card(value, plain=not sys.stdout.isatty(), width=console.width))
