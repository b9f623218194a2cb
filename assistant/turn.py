"""What one turn of a conversation needs and what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic_ai import Agent
from pydantic_ai.models import Model

from assistant.agent import Turn
from assistant.events import (
    Answer,
    Card,
    ConversationEvent,
    Failed,
    FurtherRequest,
    Header,
    Notice,
    OrderRefused,
    Text,
    TicketOffered,
    TicketUpdated,
    ToolRecord,
)
from assistant.memory import Memory
from assistant.router.reading import Reader
from assistant.router.values import Reading, Request
from tools.context import Offer, ToolContext
from tools.execution.accounts import AccountParts
from tools.execution.refusal import RefusalView
from tools.execution.ticket import TicketView
from tools.market.forecast import ForecastResult
from tools.market.news import NewsResult


@dataclass(frozen=True)
class Services:
    """What a conversation is given by the composition root."""

    parts: AccountParts
    memory: Memory
    reader: Reader
    agent: Agent[Turn, str]
    model: Callable[[], Model] | None
    """Makes the configured language model; None where the offline router answers."""
    engine: str
    context: Callable[[], ToolContext]
    """A fresh tools' context for this turn."""
    perform: Callable[[Offer, str], str]
    """Does an offered act (offer, channel) and says what came of it."""
    header: Callable[[], Header]
    notices: Callable[[], list[tuple[int, str]]]
    """What the person has not been told yet: (number, text)."""
    told: Callable[[int], None]
    """Every notice up to this number has reached the person."""
    due: Callable[[str], None]
    """Keeps a notice for the next time the person looks."""
    view: datetime | None
    """The earlier instant this conversation only reads as of; None where it can trade."""
    degraded: Callable[[], tuple[str, ...]]
    tool_limit: int
    turn_timeout: float
    """Seconds a language model may take before plain code answers."""


@dataclass
class Outcome:
    """What a turn has come to so far; `note` folds an event in, `answer` is the whole."""

    text: list[str] = field(default_factory=list[str])
    intent: str = "general"
    sub: str = "help"
    clarify: bool = False
    slots: dict[str, object] = field(default_factory=dict[str, object])
    resolved: dict[str, object] = field(default_factory=dict[str, object])
    also: tuple[FurtherRequest, ...] = ()
    records: list[ToolRecord] = field(default_factory=list[ToolRecord])
    ticket: TicketView | None = None
    refusal: RefusalView | None = None
    sent: bool = False
    engine: str = "router"
    degraded: list[str] = field(default_factory=list[str])
    read_ms: float = 0.0
    explain: tuple[str, ...] = ()
    untold: str = ""
    """What must still be told if the channel goes away before the turn is over."""

    def note(self, event: ConversationEvent) -> None:
        """Remember what `event` adds to the answer."""
        match event:
            case Text():
                self.text.append(event.text)
            case Notice():
                self.text.append(f"{event.text}\n\n")
            case Failed():
                self.text.append(f"{event.text} {event.fix}".strip())
            case TicketOffered() | TicketUpdated():
                self.ticket = event.ticket
            case OrderRefused():
                self.refusal = event.refusal
            case Card(value=ForecastResult() | NewsResult() as value):
                self.degraded += [part for part in value.degraded if part not in self.degraded]
            case _:
                pass

    def answer(self, session: str, person: str, degraded: tuple[str, ...], ms: float) -> Answer:
        """The turn in the shape of the public interface."""
        return Answer(
            session=session,
            user=person,
            text="".join(self.text).strip(),
            intent=self.intent,
            sub=self.sub,
            clarify=self.clarify,
            slots=self.slots,
            resolved=self.resolved,
            also=self.also,
            tools=tuple(self.records),
            ticket=self.ticket,
            refusal=self.refusal,
            order_sent=self.sent,
            engine=self.engine,
            degraded=(*degraded, *self.degraded),
            read_ms=self.read_ms,
            ms=round(ms, 3),
            explain=self.explain,
        )

    def read(self, reading: Reading) -> None:
        """Take over what was read."""
        first, *rest = reading.requests
        self.intent, self.sub, self.clarify = first.intent, first.sub, first.clarify
        self.slots, self.resolved = shown_slots(first), _dates(first)
        self.also = tuple(FurtherRequest(intent=each.intent, sub=each.sub, slots=shown_slots(each)) for each in rest)
        self.explain = tuple(why for request in reading.requests for why in request.why)


def shown_slots(request: Request) -> dict[str, object]:
    """What was said, and what was taken from what went before."""
    return request.shown()


def _dates(request: Request) -> dict[str, object]:
    """The dates that windows and expiries in words come to."""
    return {name: request.resolved[name] for name in ("window", "expiry") if name in request.resolved}
