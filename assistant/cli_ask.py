"""`deskmate ask`, `chat`, `web`, `consent`: talking to the desk."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, cast

import typer

from assistant.cli_common import AsJson, AsOf, Home, User, day_of, desk_of, out, settings_of, tell

if TYPE_CHECKING:
    from datetime import date

    from assistant.desk import Desk
    from assistant.events import Answer

Session = Annotated[str, typer.Option("--session", help="Name of the conversation.")]
LONGEST_LINE = 2_000_000


def ask(
    message: Annotated[str | None, typer.Argument(help="What to ask.")] = None,
    home: Home = None,
    user: User = None,
    session: Session = "s1",
    asof: AsOf = None,
    as_json: AsJson = False,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read many messages, one a line, text or JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show what was read and why.")] = False,
) -> None:
    """Ask one thing, or many through --stdin; --json prints whole turns."""
    if stdin == (message is not None):
        raise typer.BadParameter("give either a MESSAGE or --stdin")
    with desk_of(home) as desk:
        person, day = user or desk.default_person, _day(asof)
        if day is not None:
            desk.look_as_of(day)
        if message is not None:
            answer, failed = asyncio.run(_one(desk, message, person, session))
            _print(answer, as_json=as_json, explain=explain)
            raise typer.Exit(1 if failed else 0)
        asyncio.run(_many(desk, person, session, as_json=as_json, explain=explain))


def _day(text: str | None) -> date | None:
    """`--asof` as a date; what is none is bad usage."""
    from brokers.vocabulary import BadInput

    try:
        return day_of(text)
    except BadInput as error:
        raise typer.BadParameter(error.sentence()) from error


async def _one(desk: Desk, text: str, person: str, session: str) -> tuple[Answer, bool]:
    """One turn: its answer, and whether it failed or was refused."""
    from assistant.events import Answered, Failed
    from brokers.vocabulary import DeskmateError

    failed = False
    answer: Answer | None = None
    async for event in desk.conversation(person, session).say(text, channel="ask"):
        if isinstance(event, Failed):
            failed = True
        if isinstance(event, Answered):
            answer = event.answer
    if answer is None:
        raise DeskmateError("The turn ended without an answer.")
    return answer, failed or answer.refusal is not None or not all(tool.ok for tool in answer.tools)


async def _many(desk: Desk, person: str, session: str, *, as_json: bool, explain: bool) -> None:
    for line in _lines():
        text, who, where, reset = _message(line, person, session)
        if reset:
            desk.conversation(who, where).reset()
        if reset and not text:
            from assistant.turn import Outcome

            answer = Outcome(text=["Started afresh."]).answer(where, who, desk.degraded(), 0.0)
        else:
            answer, _ = await _one(desk, text, who, where)
        _print(answer, as_json=as_json, explain=explain)


def _lines() -> Iterator[str]:
    """Lines of stdin; what is no UTF-8 is replaced, so that one bad byte spoils one message only."""
    for raw in sys.stdin.buffer:
        line = raw[:LONGEST_LINE].decode("utf-8", errors="replace").rstrip("\r\n")
        if line.strip():
            yield line


def _message(line: str, person: str, session: str) -> tuple[str, str, str, bool]:
    """(text, person, session, reset) of a line: plain text, or the JSON object of the interface."""
    if not line.lstrip().startswith("{"):
        return line, person, session, False
    try:
        read = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return line, person, session, False
    if not isinstance(read, dict) or not {"text", "reset"} & set(cast("dict[str, object]", read)):
        return line, person, session, False
    given = cast("dict[str, object]", read)
    reset = given.get("reset") is True
    return (
        str(given.get("text") or ""),
        str(given.get("user") or person),
        str(given.get("session") or session),
        reset,
    )


def _print(answer: Answer, *, as_json: bool, explain: bool) -> None:
    if as_json:
        from assistant.events import public

        out(public(answer, explain=explain))
        return
    sys.stdout.write(answer.text + "\n")
    if explain:
        for why in answer.explain:
            tell(f"  read: {why}")
    sys.stdout.flush()


def chat(home: Home = None, user: User = None, session: Session = "terminal", asof: AsOf = None) -> None:
    """Chat in this terminal."""
    from assistant.channels.terminal import run

    with desk_of(home) as desk:
        day = _day(asof)
        if day is not None:
            desk.look_as_of(day)
        desk.feeds.watch()
        conversation = desk.conversation(user or desk.default_person, session)
        words = tuple(instrument.symbol for instrument in desk.feed.instruments())
        raise typer.Exit(asyncio.run(run(conversation, home=desk.settings.home, words=words)))


def web(
    home: Home = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Open the web chat."""
    from assistant.channels.web import serve

    settings = settings_of(home)
    serve(settings, host or settings.web.host, port or settings.web.port)


def consent(
    as_json: AsJson = False,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read {tickets, reply} objects, one a line.")] = False,
) -> None:
    """Show how a reply would be read against open tickets. A dry run: nothing is released."""
    from pydantic import ValidationError

    from assistant.consent import TicketView, read_reply
    from brokers.vocabulary import BadInput

    if not (as_json and stdin):
        raise typer.BadParameter("use --json --stdin")
    for line in _lines():
        try:
            given = cast("dict[str, list[object]]", json.loads(line))
            tickets = [TicketView.model_validate(ticket) for ticket in given["tickets"]]
            reply = str(given["reply"])
        except (json.JSONDecodeError, ValidationError, KeyError, TypeError) as error:
            raise BadInput(
                f"That line is no {{tickets, reply}} object ({type(error).__name__}).",
                fix='It looks like {"tickets": [{"id": "K7Q2", …}], "reply": "yes"}.',
            ) from error
        read = read_reply(reply, tickets)
        out({"verdict": read.verdict, "ticket": read.ticket, "why": read.why})
