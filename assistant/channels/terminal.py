"""`deskmate chat`: a conversation in a terminal.

`run` reads lines and prints events; it decides nothing. Its one power is the person's own key press: `c` or `x`
answers an open ticket that was shown here whole, bound to that ticket's digest.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from rich.console import Console

from assistant.channels.terminal_input import ACT, Abandoned, Lines, PipeLines, lines_of_process
from assistant.channels.terminal_screen import Screen
from assistant.channels.terminal_text import instant, one_line
from assistant.channels.terminal_tickets import order_words, status_line
from assistant.events import Act, Confirm, ConversationEvent, Dismiss, Header, Notice
from brokers.vocabulary import DeskmateError, Mode
from tools.execution.ticket import TicketView

CHANNEL = "terminal"

LEAVE = frozenset({"quit", "exit", "/quit", "/exit"})

_COMMAND = re.compile(r"/\w*")

COMMANDS = ("/help", "/status", "/tickets", "/quit")

HELP = """Ask in your own words: "how does AAPL look?", "buy 40", "show my positions".
c confirms the open ticket, x cancels it; with several open add the code: c K7Q2.
/tickets shows open tickets again, /status the account, quit or Ctrl-D leaves.
Tab completes, Ctrl-R searches what you typed before, Alt-Enter starts a new line, Ctrl-C stops an answer."""


class Conversation(Protocol):
    """What the terminal needs of a conversation (`assistant/conversation.py`)."""

    def say(self, text: str, *, channel: str) -> AsyncIterator[ConversationEvent]:
        """One message; the events of its turn."""
        ...

    def act(self, act: Act) -> AsyncIterator[ConversationEvent]:
        """A person's own click; the events that follow."""
        ...

    def header(self) -> Header:
        """The account's standing now."""
        ...

    def open_tickets(self) -> tuple[TicketView, ...]:
        """Tickets the person can still act on."""
        ...

    def notices(self) -> tuple[Notice, ...]:
        """What the person should be told without having asked."""
        ...


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


async def run(
    conversation: Conversation,
    *,
    home: Path,
    words: Sequence[str] = (),
    console: Console | None = None,
    lines: Lines | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> int:
    """Talk until the person leaves. Returns the exit code, 0.

    `home` keeps the input history (owner-only). `words` are completed with Tab: symbols and commands. `console` and
    `lines` default to this process's own; where either end is no terminal, output is plain and without escape codes.
    """

    def completions() -> Sequence[str]:
        return (*COMMANDS, *words, *(ticket.id for ticket in conversation.open_tickets()))

    problem = ""
    if lines is None:
        lines, problem = lines_of_process(home, completions)
    if console is None:
        console = _console(plain=isinstance(lines, PipeLines))
    chat = _Chat(conversation, console, lines, clock)
    return await chat.run(problem)


def _console(*, plain: bool) -> Console:
    # A locale that cannot spell a character must not end the conversation.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    if plain:
        width = os.environ.get("COLUMNS", "")
        return Console(
            force_terminal=False, no_color=True, color_system=None, width=int(width) if width.isdigit() else 80
        )
    return Console()


class _Chat:
    """One run of the terminal."""

    def __init__(
        self, conversation: Conversation, console: Console, lines: Lines, clock: Callable[[], datetime]
    ) -> None:
        self._conversation = conversation
        self._console = console
        self._lines = lines
        self._screen = Screen(console, clock=clock, others_open=self._others_open)
        self._standing: tuple[str, ...] = ()
        self._interrupt: Callable[[], object] = _nothing

    async def run(self, problem: str) -> int:
        self._greet(problem)
        try:
            while (line := await self._read()) is not None:
                if line.strip().lower() in LEAVE:
                    break
                if line.strip():
                    await self._take(line)
        finally:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        self._farewell()
        return 0

    def _greet(self, problem: str) -> None:
        self._screen.note("Deskmate. /help says how, quit leaves.")
        if problem:
            self._screen.note(problem, warning=True)
        for ticket in self._open():
            self._screen.ticket(ticket)

    def _farewell(self) -> None:
        for ticket in self._open():
            self._screen.note(
                f"Ticket {one_line(ticket.id)} ({order_words(ticket)}) stays open until {instant(ticket.expires_at)}."
            )

    async def _read(self, question: str = "") -> str | None:
        """The next line; None at the end. An abandoned line is read again."""
        while True:
            prompt, toolbar = self._standing_now()
            for notice in self._conversation.notices():
                self._screen.show(notice)
            reading = asyncio.ensure_future(self._lines.read(question or prompt, toolbar))
            self._on_interrupt(reading.cancel)
            try:
                return await reading
            except Abandoned as dropped:
                if question:
                    return ""
                self._screen.note(str(dropped))
            except asyncio.CancelledError:
                if _cancelled_from_outside():
                    raise
                return None
            finally:
                self._on_interrupt(_nothing)

    async def _take(self, line: str) -> None:
        """One line: a key for a ticket, a command of the terminal's own, or words for the conversation."""
        pressed = ACT.match(line)
        if pressed is not None:
            await self._press(pressed[1].lower(), (pressed[2] or "").upper())
            return
        match line.strip().lower():
            case "/help":
                self._screen.note(HELP)
            case "/status":
                self._status()
            case "/tickets":
                self._tickets()
            case unknown if _COMMAND.fullmatch(unknown):
                self._screen.note(
                    f"There is no command {one_line(unknown)}; there are {', '.join(COMMANDS)}.", warning=True
                )
            case _:
                await self._play(self._conversation.say(line, channel=CHANNEL), stoppable=True)

    async def _press(self, key: str, code: str) -> None:
        ticket = self._meant(key, code)
        if ticket is None:
            return
        if key == "x":
            await self._play(self._conversation.act(Dismiss(ticket=ticket.id, channel=CHANNEL)), stoppable=False)
            return
        if not self._screen.has_shown(ticket):
            self._screen.ticket(ticket)
            self._screen.note(f"This ticket had not been shown here yet. Read it, then press {key} again.")
            self._lines.forget()
            return
        if ticket.mode is Mode.LIVE and not await self._second_act(ticket):
            self._screen.note(f"Not released. Ticket {one_line(ticket.id)} stays open.", warning=True)
            return
        act = Confirm(ticket=ticket.id, digest=ticket.digest, channel=CHANNEL)
        await self._play(self._conversation.act(act), stoppable=False)

    def _meant(self, key: str, code: str) -> TicketView | None:
        """The one open ticket a key press can mean; None after saying why there is none."""
        tickets = self._open()
        found = [ticket for ticket in tickets if code in ("", ticket.id.upper())]
        if len(found) == 1:
            return found[0]
        if found:
            said = f"Several tickets are open: {_codes(found)}. Say which: {key} {one_line(found[0].id)}."
        elif tickets:
            said = f"There is no open ticket {code}; open: {_codes(tickets)}."
        else:
            verb = "confirm" if key == "c" else "cancel"
            said = f"There is no open ticket{f' {code}' if code else ''}: nothing to {verb}."
        self._screen.note(said, warning=True)
        return None

    async def _second_act(self, ticket: TicketView) -> bool:
        """Live money: the order or its code typed out, after `c` and apart from it."""
        self._lines.forget()
        spelled = f"{ticket.side.value} {one_line(ticket.symbol)} {ticket.quantity}"
        self._screen.note(f"LIVE, real money. To release it type “{spelled}” or {one_line(ticket.id)}.", warning=True)
        typed = (await self._read("release LIVE> ") or "").lower().replace(",", "").split()
        side, symbol, quantity = ticket.side.value, ticket.symbol.lower(), str(ticket.quantity)
        return typed in ([side, symbol, quantity], [side, quantity, symbol], [ticket.id.lower()])

    async def _play(self, events: AsyncIterator[ConversationEvent], *, stoppable: bool) -> None:
        """Print a turn. Ctrl-C stops an answer; a pressed key is not called back by one."""
        self._screen.begin()
        printing = asyncio.ensure_future(self._print(events))

        def interrupt() -> None:
            if stoppable:
                printing.cancel()
            else:
                self._screen.note("Already on its way: Ctrl-C does not call it back.")

        self._on_interrupt(interrupt)
        try:
            with self._lines.answering():
                await printing
        except asyncio.CancelledError:
            if _cancelled_from_outside():
                raise
            self._screen.end()
            self._screen.note("Stopped. What was already released is not called back.")
        except DeskmateError as error:
            self._screen.fail(str(error), error.fix)
        finally:
            self._on_interrupt(_nothing)
            self._screen.end()
        if self._screen.offered:
            self._lines.forget()
        if not self._screen.plain:
            self._console.print()

    async def _print(self, events: AsyncIterator[ConversationEvent]) -> None:
        async for event in events:
            self._screen.show(event)

    def _on_interrupt(self, what: Callable[[], object]) -> None:
        """What Ctrl-C does from now on. Set again each time, because a prompt takes the signal for itself."""
        self._interrupt = what
        # Outside the main thread there are no signals to hear.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: self._interrupt())

    def _standing_now(self) -> tuple[str, str]:
        """The prompt and the status bar. Where there is no bar, the standing is printed whenever it changes."""
        try:
            header = self._conversation.header()
        except DeskmateError as error:
            unknown = f"Status not known: {one_line(error.sentence())}"
            if self._screen.plain and self._standing != (unknown,):
                self._screen.note(unknown, warning=True)
            self._standing = (unknown,)
            return "?> ", unknown
        live = header.mode == Mode.LIVE.value
        bar = status_line(header, self._console.width)
        standing = (header.account, header.mode, header.gate)
        if self._screen.plain and standing != self._standing:
            self._screen.note(bar)
        self._standing = standing
        return f"{header.mode.upper() if live else one_line(header.mode)}> ", bar

    def _status(self) -> None:
        try:
            self._screen.status(self._conversation.header())
        except DeskmateError as error:
            self._screen.fail(str(error), error.fix)

    def _tickets(self) -> None:
        tickets = self._open()
        for ticket in tickets:
            self._screen.ticket(ticket)
        if not tickets:
            self._screen.note("There is no open ticket.")
        self._lines.forget()

    def _open(self) -> tuple[TicketView, ...]:
        try:
            return self._conversation.open_tickets()
        except DeskmateError as error:
            self._screen.fail(str(error), error.fix)
            return ()

    def _others_open(self, ticket: TicketView) -> bool:
        return any(other.id not in (ticket.id, ticket.replaces) for other in self._open())


def _nothing() -> None:
    """Ctrl-C where there is nothing to stop."""


def _cancelled_from_outside() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _codes(tickets: Sequence[TicketView]) -> str:
    return ", ".join(f"{one_line(ticket.id)} ({order_words(ticket)})" for ticket in tickets)
