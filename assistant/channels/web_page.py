"""An open page: paints the events of a conversation with Chainlit, keeping ticket cards to redraw in place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import assert_never, cast

import chainlit as cl

from assistant.channels.web_cards import Picture, of_card, of_notice, of_refusal, of_ticket, superseded
from assistant.channels.web_clicks import Click, SecondAct
from assistant.conversation import Conversation
from assistant.events import (
    Answered,
    Card,
    ConversationEvent,
    Failed,
    Notice,
    OrderRefused,
    Progress,
    Text,
    TicketOffered,
    TicketUpdated,
    ToolDone,
    ToolStarted,
)
from brokers.vocabulary import DeskmateError, Mode
from tools.execution.ticket import TicketView


@dataclass
class Page:
    """One open page: its conversation, and the ticket cards on it."""

    conversation: Conversation
    cards: dict[str, cl.CustomElement] = field(default_factory=dict[str, cl.CustomElement])
    second: SecondAct = field(default_factory=SecondAct)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One turn at a time: a message that arrives during an answer waits for it."""

    async def play(self, events: AsyncIterator[ConversationEvent]) -> None:
        """Show a whole turn, then the header as it is afterwards."""
        async with self.turn:
            painter = Painter(self)
            try:
                async for event in events:
                    await painter.show(event)
            except DeskmateError as error:
                await painter.show(Failed(text=str(error), fix=error.fix))
            finally:
                await painter.close()
                await self.header()

    async def header(self) -> None:
        """Send the page what its header shows, with the server's clock so that countdowns agree with it."""
        shown = self.conversation.header().model_dump(mode="json")
        await cl.send_window_message({"deskmate": "header", "header": shown, "now": datetime.now(UTC).isoformat()})

    async def ticket(self, ticket: TicketView, *, armed: bool = False) -> None:
        """Show a ticket, in place where the page already has its card."""
        picture = of_ticket(ticket, armed=armed)
        card = self.cards.get(ticket.id)
        if card is None:
            self.cards[ticket.id] = await place(picture)
        else:
            await redraw(card, picture.props)

    async def supersede(self, old: str, new: str) -> None:
        """Make the card of a replaced ticket a dead one."""
        if (card := self.cards.get(old)) is not None:
            await redraw(card, superseded(cast("dict[str, object]", card.props), new))

    async def first_of_two(self, click: Click) -> bool:
        """True where this click on a live ticket releases nothing yet: real money takes a second deliberate act."""
        ticket = next((one for one in self.conversation.open_tickets() if one.id == click.ticket), None)
        if ticket is None or ticket.mode is not Mode.LIVE:
            return False
        if not self.second.is_due(click, asyncio.get_running_loop().time()):
            return False
        await self.ticket(ticket, armed=True)
        return True


@dataclass
class Painter:
    """Shows one turn's events in order."""

    page: Page
    prose: cl.Message | None = None
    steps: dict[str, cl.Step] = field(default_factory=dict[str, cl.Step])
    progress: cl.Step | None = None
    spoke: bool = False

    async def show(self, event: ConversationEvent) -> None:
        """Show one event."""
        match event:
            case Text():
                await self._speak(event.text)
            case ToolStarted():
                await self._start(event)
            case ToolDone():
                await self._finish(event)
            case Progress():
                await self._report(event)
            case Answered():
                # A turn that streamed nothing and showed nothing still owes the person its answer.
                if not self.spoke and event.answer.text:
                    await self._speak(event.answer.text)
            case _:
                await self.close()
                await self._place(event)
                self.spoke = True

    async def close(self) -> None:
        """End the prose under way."""
        if self.prose is not None:
            await self.prose.send()
            self.prose = None

    async def _place(self, event: Card | TicketOffered | TicketUpdated | OrderRefused | Notice | Failed) -> None:
        match event:
            case Card():
                if (picture := of_card(event)) is not None:
                    await place(picture)
            case TicketOffered():
                if event.ticket.replaces:
                    await self.page.supersede(event.ticket.replaces, event.ticket.id)
                await self.page.ticket(event.ticket)
            case TicketUpdated():
                await self.page.ticket(event.ticket)
            case OrderRefused():
                await place(of_refusal(event.refusal))
            case Notice() | Failed():
                await place(of_notice(event))
            case _:
                assert_never(event)

    async def _speak(self, text: str) -> None:
        self.spoke = True
        if self.prose is None:
            self.prose = cl.Message(content="")
        await self.prose.stream_token(text)

    async def _start(self, event: ToolStarted) -> None:
        await self.close()
        step = cl.Step(name=words(event.name), type="tool", show_input="json", parent_id=parent())
        step.input = json.dumps(event.args, default=str, ensure_ascii=False)
        step.start = stamp()
        await step.send()
        self.steps[event.call_id] = step

    async def _finish(self, event: ToolDone) -> None:
        step = self.steps.pop(event.call_id, None)
        if step is None:
            return
        step.name = f"{words(event.name)} · {event.ms:,.0f} ms"
        step.is_error = not event.ok
        step.end = stamp()
        await step.update()

    async def _report(self, event: Progress) -> None:
        name = f"{event.label} · {event.done} of {event.total}"
        if self.progress is None:
            self.progress = cl.Step(name=name, type="tool", parent_id=parent())
            self.progress.start = stamp()
            await self.progress.send()
            return
        self.progress.name = name
        if event.done >= event.total:
            self.progress.end = stamp()
        await self.progress.update()


def words(tool: str) -> str:
    """A tool's name as words: `propose_order` is "propose order"."""
    return tool.replace("_", " ")


def parent() -> str | None:
    """The step that the turn under way runs in, so that tools keep their place among the messages."""
    running = cl.context.current_step
    return None if running is None else running.id


def stamp() -> str:
    """The present instant as Chainlit writes it."""
    return datetime.now(UTC).isoformat()


async def place(picture: Picture) -> cl.CustomElement:
    """Put a picture on the page, as a message of its own."""
    element = cl.CustomElement(name=picture.name, props=picture.props, display="inline")
    await cl.Message(content="", elements=[element]).send()
    return element


async def redraw(element: cl.CustomElement, props: dict[str, object]) -> None:
    """Draw an element that is already on the page from new properties."""
    element.props = props
    element.content = json.dumps(props)
    await element.update()
