"""A person's yes, and what came of it: the two values at either end of a release."""

from __future__ import annotations

from typing import Literal

from brokers.vocabulary import Value
from tools.execution.refusal import RefusalView
from tools.execution.ticket import TicketView


class Consent(Value):
    """A person's own yes to exactly one ticket, from the channel's authenticated event."""

    ticket: str
    digest: str
    person: str
    channel: str
    how: Literal["click", "words"]
    words: str | None = None
    """Reference to the person's own words in the ledger."""


class Released(Value):
    """What came of a consent."""

    ticket: TicketView
    refusal: RefusalView | None = None
    order_sent: bool = False
    """True only when the broker accepted a send now."""
