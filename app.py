"""The web chat: turns conversation events into what the page shows, and clicks into a person's own acts.

It decides nothing. A click carries a ticket's id and the digest that was on the screen, and is handed to the
conversation as it is; whether it releases anything is decided there, from the ledger.
"""

from __future__ import annotations

from typing import cast

import chainlit as cl
from chainlit.server import app as server
from pydantic import ValidationError

from assistant.channels.web_cards import of_notice
from assistant.channels.web_clicks import Click
from assistant.channels.web_page import Page, place
from assistant.desk import Desk
from assistant.events import Confirm, Dismiss, Failed
from assistant.settings import load

CHANNEL = "web"

STARTERS = (
    ("What can you do?", "what can you do"),
    ("How does AAPL look?", "how does AAPL look?"),
    ("Show my positions and cash", "show my positions and cash"),
    ("What are the strongest signals?", "what are the strongest signals?"),
    ("How much risk am I carrying?", "how much risk am I carrying?"),
)
"""(what the empty page offers, what a tap says) pairs."""


def desk() -> Desk:
    """The desk of this process, which the server holds."""
    return cast("Desk", server.state.desk)


def page() -> Page:
    """The page this call came from; a person is known by the session, never by what a page sends."""
    session = cast("Page | None", cl.user_session.get("page"))
    if session is None:
        session = Page(desk().conversation(desk().default_person, cl.context.session.thread_id))
        cl.user_session.set("page", session)
    return session


@cl.on_app_startup
async def open_desk() -> None:
    """Open a desk where the server was started without `deskmate web`."""
    if not hasattr(server.state, "desk"):
        server.state.desk = Desk.open(load(None))
        server.state.desk.feeds.watch()


@cl.on_app_shutdown
async def close_desk() -> None:
    """Close the books before the process ends."""
    desk().close()


@cl.set_starters
async def starters(_user: cl.User | None, _language: str | None) -> list[cl.Starter]:
    """What the empty page offers to ask."""
    return [cl.Starter(label=label, message=message) for label, message in STARTERS]


@cl.on_chat_start
async def greet() -> None:
    """Fill the header, and tell what the person must know before anything else: lost orders, open tickets."""
    here = page()
    await here.header()
    for notice in here.conversation.notices():
        await place(of_notice(notice))
    for ticket in here.conversation.open_tickets():
        await here.ticket(ticket)


@cl.on_message
async def hear(message: cl.Message) -> None:
    """A person's own words."""
    here = page()
    await here.play(here.conversation.say(message.content, channel=CHANNEL))


@cl.action_callback("release_ticket")  # pyright: ignore[reportUntypedFunctionDecorator]
async def release(action: cl.Action) -> None:
    """A click on Confirm: the person's consent to exactly the ticket on the screen."""
    here, click = page(), await read(action)
    if click is None or await here.first_of_two(click):
        return
    await here.play(here.conversation.act(Confirm(ticket=click.ticket, digest=click.digest, channel=CHANNEL)))


@cl.action_callback("dismiss_ticket")  # pyright: ignore[reportUntypedFunctionDecorator]
async def dismiss(action: cl.Action) -> None:
    """A click on Cancel: drop the open ticket."""
    here, click = page(), await read(action)
    if click is not None:
        await here.play(here.conversation.act(Dismiss(ticket=click.ticket, channel=CHANNEL)))


async def read(action: cl.Action) -> Click | None:
    """What the button said, or None after telling that it was not understood."""
    try:
        return Click.model_validate(action.payload)
    except ValidationError:
        await place(of_notice(Failed(text="That button could not be read.", fix="Reload the page and try again.")))
        return None
