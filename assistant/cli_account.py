"""`deskmate account`, `orders`, `limits`, `halt`, `resume`, `ledger`: the book and its rules, outside chat."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_common import AccountName, AsJson, Home, User, desk_of, out, settings_of, tell

if TYPE_CHECKING:
    from assistant.desk import Desk
    from tools.execution.accounts import AccountParts
    from tools.execution.journal import Opening

account = typer.Typer(help="Open, list and reset virtual accounts.", no_args_is_help=True)
limits = typer.Typer(help="Show and set an account's risk limits.", no_args_is_help=True)
ledger = typer.Typer(help="Read and verify the event ledger.", no_args_is_help=True)


def _decimal(text: str, what: str) -> Decimal:
    from brokers.vocabulary import BadInput

    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise BadInput(f"{what}: “{text[:40]}” is not a number.")
    return value


def _parts(desk: Desk, name: str | None, user: str | None) -> AccountParts:
    return desk.accounts.parts(name) if name else desk.account(user or desk.default_person)


@account.command("open")
def account_open(
    name: Annotated[str, typer.Option("--name", help="Its name, such as V1.")],
    cash: Annotated[str, typer.Option("--cash", help="Opening cash in USD.")],
    home: Home = None,
    user: User = None,
    profile: Annotated[str, typer.Option("--profile", help="conservative, moderate or aggressive.")] = "moderate",
    position: Annotated[list[str] | None, typer.Option("--position", metavar="SYM=QTY@PRICE")] = None,
    mode: Annotated[str, typer.Option("--mode", help="virtual; other modes need a broker.")] = "virtual",
    as_json: AsJson = False,
) -> None:
    """Open a virtual account, seeded with cash and positions."""
    from brokers.vocabulary import BadInput, Refused
    from tools.risk.profiles import Profile

    if mode != "virtual":
        raise Refused(f"No {mode} account can be opened here.", fix="This version trades on the simulated exchange.")
    try:
        chosen = Profile(profile)
    except ValueError as error:
        raise BadInput(f"There is no profile “{profile}”.", fix="Use conservative, moderate or aggressive.") from error
    with desk_of(home) as desk:
        seeds = [_seed(text) for text in position or []]
        parts = desk.accounts.open(name, user or desk.default_person, _decimal(cash, "cash"), chosen, seeds)
        _show_account(desk, parts, as_json=as_json)


def _seed(text: str) -> Opening:
    from brokers.vocabulary import BadInput
    from tools.execution.journal import Opening

    symbol, found, rest = text.partition("=")
    quantity, at, price = rest.partition("@")
    if not (found and at):
        raise BadInput(f"“{text[:40]}” is no position.", fix="Write it as AAPL=40@180.50.")
    return Opening(
        symbol=symbol.strip().upper(), quantity=_decimal(quantity, "quantity"), price=_decimal(price, "price")
    )


@account.command("list")
def account_list(home: Home = None, as_json: AsJson = False) -> None:
    """List the accounts."""
    with desk_of(home) as desk:
        for name in desk.accounts.names():
            _show_account(desk, desk.accounts.parts(name), as_json=as_json)


@account.command("reset")
def account_reset(
    name: Annotated[str, typer.Option("--name", help="Which account.")],
    home: Home = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Start an account afresh; its history stays in the ledger."""
    from brokers.vocabulary import Refused

    with desk_of(home) as desk:
        desk.accounts.parts(name)
        if not yes and not typer.confirm(f"Start {name} afresh?", err=True):
            raise Refused("Nothing was changed.")
        _show_account(desk, desk.accounts.reset(name), as_json=as_json)


def _show_account(desk: Desk, parts: AccountParts, *, as_json: bool) -> None:
    header = desk.header(parts)
    if as_json:
        out(header)
        return
    line = f"{header.account}  {header.mode}  {header.currency} {header.equity:,.2f}  cash {header.cash:,.2f}"
    sys.stdout.write(f"{line}  {header.gate}  as of {header.data_as_of} ({header.freshness})\n")


def orders(home: Home = None, user: User = None, name: AccountName = None, as_json: AsJson = False) -> None:
    """Show open tickets, working orders and the last ones done."""
    from tools.portfolio.results import orders as read_orders

    with desk_of(home) as desk:
        found = read_orders(_parts(desk, name, user).account)
        if as_json:
            out(found)
            return
        for ticket in found.open_tickets:
            sys.stdout.write(f"{ticket.id}  waits for you: {ticket.side} {ticket.quantity} {ticket.symbol}\n")
        for order in (*found.working, *found.recent):
            price = "" if order.average_price is None else f" at {order.average_price:f}"
            sys.stdout.write(
                f"{order.ticket or '-'}  {order.state}  {order.side} {order.filled:f}/{order.quantity:f} "
                f"{order.symbol}{price}\n"
            )
        if not (found.open_tickets or found.working or found.recent):
            tell("No orders yet.")


@limits.command("show")
def limits_show(home: Home = None, user: User = None, name: AccountName = None, as_json: AsJson = False) -> None:
    """Show the limits in force: the account's document under the operator's ceiling."""
    with desk_of(home) as desk:
        parts = _parts(desk, name, user)
        in_force = parts.account.limits()
        if as_json:
            out({"account": parts.account.name, **in_force.model_dump(mode="json")})
            return
        for field, value in in_force.model_dump(mode="json").items():
            sys.stdout.write(f"{field:32} {value}\n")


@limits.command("set")
def limits_set(
    change: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…", help="Such as max_position_percent=10.")],
    home: Home = None,
    user: User = None,
    name: AccountName = None,
    as_json: AsJson = False,
) -> None:
    """Write a new version of an account's limits. Open tickets made under the old one become void."""
    from tools.risk.limits import amended

    pairs = {text.partition("=")[0].strip(): text.partition("=")[2].strip() for text in change}
    with desk_of(home) as desk:
        parts = _parts(desk, name, user)
        parts.account.blotter.refresh()
        new = amended(parts.account.document(), pairs)
        kept = desk.accounts.set_limits(parts.account.name, new, user or desk.default_person, ", ".join(change))
        if as_json:
            out({"account": parts.account.name, **kept.model_dump(mode="json")})
        else:
            sys.stdout.write(f"{parts.account.name}: limits version {kept.version}.\n")


@limits.command("history")
def limits_history(home: Home = None, user: User = None, name: AccountName = None) -> None:
    """Every version of an account's limits, one JSON object a line."""
    with desk_of(home) as desk:
        for document in _parts(desk, name, user).account.blotter.refresh().limits:
            out(document)


def halt(home: Home = None, user: User = None, name: AccountName = None) -> None:
    """Halt trading: only orders that reduce a position pass."""
    with desk_of(home) as desk:
        parts = _parts(desk, name, user)
        desk.accounts.halt(parts.account.name, user or desk.default_person, "command")
        sys.stdout.write(f"{parts.account.name}: trading is halted. `deskmate resume` ends it.\n")


def resume(home: Home = None, user: User = None, name: AccountName = None) -> None:
    """Trade again after a halt. Only here, never in chat."""
    with desk_of(home) as desk:
        parts = _parts(desk, name, user)
        desk.accounts.resume(parts.account.name, user or desk.default_person)
        sys.stdout.write(f"{parts.account.name}: trading is open.\n")


def _ledger_path(home: Path | None) -> Path:
    from brokers.vocabulary import BadInput

    path = settings_of(home).ledger_file
    if not path.exists():
        raise BadInput(f"There is no ledger in {path.parent} yet.", fix="It is made at first use: deskmate chat.")
    return path


@ledger.command("show")
def ledger_show(
    home: Home = None,
    stream: Annotated[str | None, typer.Option("--stream", help="Only this stream, such as account:V1.")] = None,
    last: Annotated[int, typer.Option("--last", min=1, help="How many events.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show the newest events."""
    from storage.ledger import Ledger, canonical

    with Ledger(_ledger_path(home)) as opened:
        events = opened.tail(limit=last) if stream is None else opened.read(stream)[-last:]
        for event in events:
            if as_json:
                out(
                    {
                        "position": event.position,
                        "stream": event.stream,
                        "sequence": event.sequence,
                        "kind": event.kind,
                        "schema": event.schema_version,
                        "wall_at": event.wall_at.isoformat(),
                        "market_at": None if event.market_at is None else event.market_at.isoformat(),
                        "body": dict(event.body),
                        "digest": event.digest,
                    }
                )
            else:
                body = canonical(event.body)
                head = f"{event.position:6} {event.wall_at:%Y-%m-%d %H:%M:%S} {event.stream:24} {event.kind:18}"
                sys.stdout.write(f"{head} {body[:120]}\n")


@ledger.command("verify")
def ledger_verify(
    home: Home = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DIGEST", help="A head digest kept earlier.")] = None,
    as_json: AsJson = False,
) -> None:
    """Walk every chain and print the head digest; keep it somewhere else."""
    from storage.ledger import Ledger

    with Ledger(_ledger_path(home)) as opened:
        found = opened.verify(since)
    if as_json:
        out(
            {
                "intact": found.intact,
                "events": found.events,
                "streams": found.streams,
                "head": found.head,
                "problem": found.problem,
            }
        )
    elif found.intact:
        sys.stdout.write(f"intact: {found.events} events in {found.streams} streams\n{found.head}\n")
    if not found.intact:
        tell(f"NOT intact: {found.problem}.")
        raise typer.Exit(1)
