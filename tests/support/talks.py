"""A scripted conversation: what a channel is given to render, and what reached it from the person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

from assistant.events import (
    Act,
    Answer,
    Answered,
    Confirm,
    ConversationEvent,
    Header,
    Notice,
    TicketOffered,
    TicketUpdated,
)
from brokers.vocabulary import DeskmateError, Mode, OrderType, Side, TimeInForce
from tools.execution.ticket import TicketStatus, TicketView

Beat = ConversationEvent | DeskmateError | Callable[[], Awaitable[None]]
"""One step of a scripted turn: an event, an error to raise, or something to await in between."""


def make_ticket(id: str = "K7Q2", **change: object) -> TicketView:
    """A ticket to buy 40 AAPL at 187.20; `change` overrides its fields."""
    fields: dict[str, object] = {
        "id": id,
        "status": TicketStatus.PROPOSED,
        "side": Side.BUY,
        "symbol": "AAPL",
        "quantity": 40,
        "order_type": OrderType.LIMIT,
        "limit_price": Decimal("187.20"),
        "stop_price": None,
        "trail": None,
        "tif": TimeInForce.DAY,
        "legs": (),
        "attached": ({"kind": "stop_loss", "price": "180.05"},),
        "notional": Decimal("7488.00"),
        "max_loss": Decimal("286.00"),
        "recommended_quantity": 22,
        "mode": Mode.VIRTUAL,
        "account": "V1",
        "digest": sha256(repr((id, sorted(change.items(), key=str))).encode()).hexdigest(),
        "expires_at": datetime(2026, 1, 5, 15, 5, tzinfo=UTC),
        "expected_price": Decimal("187.19"),
        "expected_commission": Decimal("1.00"),
        "fill_now": 40,
        "bid": Decimal("187.15"),
        "ask": Decimal("187.19"),
        "quoted_at": datetime(2023, 6, 28, 20, 0, tzinfo=UTC),
        "quote_source": "sample market",
        "quote_freshness": "sample",
        "sizing": "1 % of equity at the stop",
        "reducing": False,
        "replaces": None,
    }
    return TicketView.model_validate(fields | change)


def make_answer(text: str = "", **change: object) -> Answer:
    """The record of a turn that said `text`."""
    fields: dict[str, object] = {
        "session": "terminal",
        "user": "local",
        "text": text,
        "intent": "general",
        "sub": "help",
        "clarify": False,
        "slots": {},
        "resolved": {},
        "also": (),
        "tools": (),
        "ticket": None,
        "refusal": None,
        "order_sent": False,
        "engine": "router",
        "degraded": (),
        "read_ms": 0.1,
        "ms": 1.0,
    }
    return Answer.model_validate(fields | change)


def make_header(**change: object) -> Header:
    """A virtual account with its gate open."""
    fields: dict[str, object] = {
        "person": "local",
        "account": "V1",
        "mode": "virtual",
        "currency": "USD",
        "equity": Decimal("100012.30"),
        "cash": Decimal("92524.30"),
        "day_pnl": Decimal("12.30"),
        "gate": "open",
        "data_as_of": "2023-06-28 close",
        "freshness": "sample",
        "market_note": "",
        "degraded": (),
    }
    return Header.model_validate(fields | change)


class ScriptedTalk:
    """Plays `turns` one after the other and keeps what was said and done; an act fills or drops its ticket."""

    person = "local"
    session = "terminal"

    def __init__(
        self,
        *turns: Sequence[Beat],
        tickets: Sequence[TicketView] = (),
        header: Header | DeskmateError | None = None,
        notices: Sequence[Notice] = (),
        before_act: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._turns = list(turns)
        self.tickets = {ticket.id: ticket for ticket in tickets}
        self._header = header if header is not None else make_header()
        self._notices = tuple(notices)
        self._before_act = before_act
        self.said: list[tuple[str, str]] = []
        self.acts: list[Act] = []
        self.acted: list[Act] = []
        """Acts that ran to their end."""

    async def say(self, text: str, *, channel: str) -> AsyncIterator[ConversationEvent]:
        """Play the next turn."""
        self.said.append((text, channel))
        for beat in self._turns.pop(0) if self._turns else ():
            if isinstance(beat, DeskmateError):
                raise beat
            if callable(beat):
                await beat()
                continue
            if isinstance(beat, TicketOffered):
                self.tickets[beat.ticket.id] = beat.ticket
            yield beat
        yield Answered(answer=make_answer())

    async def act(self, act: Act) -> AsyncIterator[ConversationEvent]:
        """Fill what is confirmed, drop what is dismissed."""
        self.acts.append(act)
        if self._before_act is not None:
            await self._before_act()
        ticket = self.tickets.pop(act.ticket)
        status = TicketStatus.FILLED if isinstance(act, Confirm) else TicketStatus.VOID
        filled = (
            {"filled": ticket.quantity, "average_price": ticket.expected_price} if status is TicketStatus.FILLED else {}
        )
        self.acted.append(act)
        yield TicketUpdated(ticket=ticket.model_copy(update={"status": status, **filled}))
        yield Answered(answer=make_answer())

    def header(self) -> Header:
        """The account's standing."""
        if isinstance(self._header, DeskmateError):
            raise self._header
        return self._header

    def open_tickets(self) -> tuple[TicketView, ...]:
        """Tickets offered and not acted on."""
        return tuple(self.tickets.values())

    def notices(self) -> tuple[Notice, ...]:
        """What was not told yet."""
        notices, self._notices = self._notices, ()
        return notices
