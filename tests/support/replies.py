"""Tables of replies for the consent tests, and how each is read against the evaluation set's tickets."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.consent import ReplyReading, TicketView, read_reply

TICKETS = {
    ticket["id"]: TicketView.model_validate(ticket)
    for ticket in json.loads((Path(__file__).parents[2] / "bench/router/tickets.json").read_text())
}
"""Apple limit buy, Nvidia limit sale, Meta market buy, Netflix short, Amazon stop, Google limit buy."""


def rows(table: str) -> list[tuple[str, str]]:
    """Rows "CODE: reply | reply": the open tickets, the one meant first; "*" stands for each in turn."""
    cut = [row.split(": ", 1) for row in table.strip().splitlines()]
    return [(code, reply.strip()) for code, replies in cut for reply in replies.split(" | ")]


def readings(code: str, reply: str) -> list[ReplyReading]:
    """The reply read against what is open: the named tickets together, or every ticket alone."""
    opened = [[ticket] for ticket in TICKETS.values()] if code == "*" else [[TICKETS[name] for name in code.split("/")]]
    return [read_reply(reply, tickets) for tickets in opened]
