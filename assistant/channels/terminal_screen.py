"""A conversation's events, printed as they come.

The screen remembers two things only: what stands on the unfinished line, and which tickets it has shown whole (a key
press can release nothing that was not shown here).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import assert_never

from pydantic import BaseModel
from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text as Styled

from assistant.channels.terminal_layout import frame, pairs
from assistant.channels.terminal_text import Prose, brief, clean, one_line
from assistant.channels.terminal_tickets import refusal_panel, standing_line, status_rows, ticket_panel
from assistant.events import (
    Answered,
    Card,
    ConversationEvent,
    Failed,
    Header,
    Notice,
    OrderRefused,
    Progress,
    Text,
    TicketOffered,
    TicketUpdated,
    ToolDone,
    ToolStarted,
)
from tools.execution.ticket import TicketView


class Screen:
    """Prints events to a console; `clock` is the wall clock, used only to say how long a ticket still lives."""

    def __init__(
        self, console: Console, *, clock: Callable[[], datetime], others_open: Callable[[TicketView], bool]
    ) -> None:
        self.plain = not console.is_terminal
        self._console = console
        self._clock = clock
        self._others_open = others_open
        self._prose = Prose(console)
        self._open_call: str | None = None
        self._calls: dict[str, str] = {}
        self._progress_open = False
        self._spoke = False
        self._degraded: tuple[str, ...] = ()
        self._shown: set[str] = set()
        self.offered = False
        """True when a ticket was shown since `begin`."""

    def begin(self) -> None:
        """A turn starts."""
        self._spoke = self.offered = False
        self._calls.clear()

    def end(self) -> None:
        """A turn ended, was stopped or failed: leave a clean line."""
        self._break()

    def has_shown(self, ticket: TicketView) -> bool:
        """True when this exact ticket (by digest) was shown whole on this screen."""
        return ticket.digest in self._shown

    def show(self, event: ConversationEvent) -> None:
        """Print one event."""
        match event:
            case Text(text=text):
                self._say(text)
            case ToolStarted() | ToolDone() | Progress():
                self._work(event)
            case Card(value=value):
                self._card(value)
            case TicketOffered(ticket=ticket):
                self.ticket(ticket)
            case TicketUpdated(ticket=ticket):
                self.put(standing_line(ticket))
            case OrderRefused(refusal=refusal):
                self.put(refusal_panel(refusal, plain=self.plain))
            case Notice(level=level, text=text):
                self.note(text, warning=level == "warning")
            case Failed(text=text, fix=fix):
                self.fail(text, fix)
            case Answered():
                self._answered(event)
            case _:
                assert_never(event)

    def ticket(self, ticket: TicketView) -> None:
        """Show a ticket whole: from here on it can be released by a key."""
        self.put(ticket_panel(ticket, self._clock(), alone=not self._others_open(ticket), plain=self.plain))
        self._shown.add(ticket.digest)
        self.offered = True

    def status(self, header: Header) -> None:
        """Show the account's standing whole."""
        self.put(frame("Status", pairs(status_rows(header)), plain=self.plain))

    def note(self, text: str, *, warning: bool = False) -> None:
        """One sentence from the program itself; a warning says so in a word."""
        self.put(Styled(f"Warning: {clean(text)}" if warning else clean(text), style="yellow" if warning else "dim"))

    def fail(self, text: str, fix: str = "") -> None:
        """What could not be done, and what to do next."""
        line = Styled(clean(text), style="red")
        self.put(line.append(f" {clean(fix)}", style="not red") if fix else line)

    def put(self, what: RenderableType) -> None:
        """Print a whole picture on lines of its own."""
        self._break()
        if not self.plain:
            self._console.print(what, highlight=False)
            return
        with self._console.capture() as got:
            self._console.print(what, highlight=False)
        # Pictures are filled up with spaces to their width, which a script or a screen reader has no use for.
        lines = (line.rstrip() for line in got.get().splitlines())
        self._console.print(Styled("\n".join(lines)), soft_wrap=True, highlight=False)

    def _card(self, value: BaseModel) -> None:
        # Imported here because pictures know every tool's values, which the first prompt has no use for.
        from assistant.channels.terminal_cards import card

        picture = card(value, plain=self.plain, width=self._console.width)
        if picture is not None:
            self.put(picture)

    def _say(self, text: str) -> None:
        if self._open_call is not None or self._progress_open:
            self._break()
        self._spoke = self._spoke or bool(text.strip())
        self._prose.feed(text)

    def _answered(self, event: Answered) -> None:
        answer = event.answer
        if not self._spoke and answer.text.strip():
            self._say(answer.text)
        self._break()
        if answer.degraded and (self.plain or answer.degraded != self._degraded):
            self.note("Degraded: " + "; ".join(one_line(part) for part in answer.degraded))
        self._degraded = answer.degraded

    def _work(self, event: ToolStarted | ToolDone | Progress) -> None:
        match event:
            case ToolStarted(call_id=call_id, name=name, args=args):
                label = self._calls[call_id] = f"· {one_line(name)}{self._arguments(args)}"
                if not self.plain:
                    self._break()
                    self._dim(label, end="")
                    self._open_call = call_id
            case ToolDone(call_id=call_id, name=name, ok=ok, ms=ms):
                took = f" {ms:,.0f} ms" if ms >= 10 else f" {ms:.1f} ms"
                after = took if ok else f" failed after{took}"
                label = self._calls.pop(call_id, f"· {one_line(name)}")
                if self._open_call == call_id:
                    self._open_call = None
                    self._dim(after)
                else:
                    self._break()
                    self._dim(label + after)
            case Progress(label=label, done=done, total=total):
                self._step(f"{one_line(label)} {done:,} of {total:,}", last=done >= total)

    def _step(self, line: str, *, last: bool) -> None:
        """Long work: one line rewritten in place on a terminal, only its end where output is plain."""
        if self.plain:
            if last:
                self._break()
                self._dim(line)
            return
        if self._progress_open:
            self._console.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))
        else:
            self._break()
        self._dim(line[: self._console.width - 1], end="\n" if last else "")
        self._progress_open = not last

    def _arguments(self, args: Mapping[str, object]) -> str:
        told = [shown for value in args.values() if (shown := brief(value))]
        line = " ".join(told)
        room = max(self._console.width - 40, 20)
        return "" if not line else f" {line}" if len(line) <= room else f" {line[: room - 1]}…"

    def _dim(self, text: str, end: str = "\n") -> None:
        self._console.print(Styled(text, style="dim"), end=end, soft_wrap=True, highlight=False)

    def _break(self) -> None:
        """End whatever line is unfinished."""
        if self._prose.mid_line:
            self._prose.close()
        elif self._open_call is not None or self._progress_open:
            self._console.print()
        self._open_call = None
        self._progress_open = False
