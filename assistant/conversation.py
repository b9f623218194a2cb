"""A conversation: what a person says or clicks goes in, a stream of events comes out.

Order of things in a turn: the text is looked at for what it is (size, readability), then read against the
open tickets by `consent.py`; only a confirmation releases, a refusal drops, everything else goes to the
agent. Whatever a tool offers is done only if this turn's own raw text asked for exactly that.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

from pydantic import BaseModel, TypeAdapter
from pydantic_ai import AgentRunResultEvent
from pydantic_ai.messages import ModelMessage, PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta
from pydantic_ai.models import Model
from pydantic_ai.usage import UsageLimits

from assistant import consent
from assistant.agent import Emit, Turn
from assistant.events import (
    Act,
    Answered,
    Confirm,
    ConversationEvent,
    Failed,
    Header,
    Notice,
    OrderRefused,
    Text,
    TicketUpdated,
)
from assistant.phrasing import phrase_all, phrase_released
from assistant.router.clause import TRADES
from assistant.router.model import router_model
from assistant.router.preferences import completed, own_offers
from assistant.router.values import Context, OpenTicket, Reading
from assistant.turn import Outcome, Services
from brokers.vocabulary import BadInput, DeskmateError, Mode, Refused
from tools.context import Offer, ToolContext
from tools.execution.release import Consent
from tools.execution.ticket import TicketView

LONGEST = 16_000
"""Characters of one message that are read; a longer one is refused whole, so nobody acts on half of it."""

HISTORY = 24
"""Messages of earlier turns a language model is shown."""

LOG = logging.getLogger(__name__)

_CONTEXT = TypeAdapter(Context)

Take = Callable[[Outcome, Emit], Awaitable[None]]


class Conversation:
    """One person, one session, one account. Turns are taken one after the other."""

    def __init__(self, person: str, session: str, services: Services) -> None:
        self.person = person
        self.session = session
        self._with = services
        self._lock = asyncio.Lock()
        self._history: list[ModelMessage] = []
        kept = services.memory.context()
        self._context = _CONTEXT.validate_python(kept) if kept else Context()
        self._preferred = False
        """Whether the last turn changed a preference: then a bare “undo that” can mean nothing else."""

    def header(self) -> Header:
        """What a channel always shows."""
        return self._with.header()

    def notices(self) -> tuple[Notice, ...]:
        """What the person has not been told yet, such as the fate of an order a crash interrupted."""
        due = self._with.notices()
        if due:
            self._with.told(due[-1][0])
        return tuple(Notice(level="warning", text=text) for _, text in due)

    def open_tickets(self) -> tuple[TicketView, ...]:
        """Tickets of this conversation that can still be released, oldest first."""
        account = self._with.parts.account
        records = account.blotter.refresh().open_tickets(account.clock(), self.session)
        return tuple(record.seen_from_outside() for record in records)

    def reset(self) -> None:
        """Start afresh: what was said is forgotten, open tickets are dropped; the account stays."""
        for ticket in self.open_tickets():
            with contextlib.suppress(Refused):  # released or closed elsewhere since
                self._with.parts.coordinator.dismiss(ticket.id, "the conversation was started afresh")
        self._with.memory.reset()
        self._history.clear()
        self._context = Context()

    async def say(self, text: str, *, channel: str) -> AsyncIterator[ConversationEvent]:
        """Take a turn in words. The last event is always `Answered`."""

        async def take(outcome: Outcome, emit: Emit) -> None:
            await self._said(text, channel, outcome, emit)

        async with contextlib.aclosing(self._turn(take)) as events:
            async for event in events:
                yield event

    async def act(self, act: Act) -> AsyncIterator[ConversationEvent]:
        """Take a turn by a click: release or drop exactly one ticket. The last event is always `Answered`."""

        async def take(outcome: Outcome, emit: Emit) -> None:
            outcome.intent, outcome.sub = "trade_execution", "cancel_order"
            if isinstance(act, Confirm):
                self._release(act.ticket, act.digest, act.channel, None, outcome, emit)
            else:
                self._dismiss(act.ticket, act.channel, outcome, emit)

        async with contextlib.aclosing(self._turn(take)) as events:
            async for event in events:
                yield event

    async def _turn(self, take: Take) -> AsyncGenerator[ConversationEvent]:
        async with self._lock:
            started = time.perf_counter()
            outcome = Outcome(engine="router")
            queue: asyncio.Queue[ConversationEvent | None] = asyncio.Queue()

            def emit(event: ConversationEvent) -> None:
                outcome.note(event)
                queue.put_nowait(event)

            task = asyncio.create_task(self._work(take, outcome, emit, lambda: queue.put_nowait(None)))
            handed_out = False
            try:
                while (event := await queue.get()) is not None:
                    yield event
                handed_out = True
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                if not handed_out and outcome.untold:
                    # The channel went away in mid-turn: the person is told at the next one.
                    self._with.due(outcome.untold)
            answer = outcome.answer(
                self.session, self.person, self._with.degraded(), (time.perf_counter() - started) * 1000
            )
            try:
                self._with.memory.answered(answer, _CONTEXT.dump_python(self._context, mode="json"))
            except DeskmateError as error:
                yield Failed(text=f"This turn could not be written down: {error}", fix=error.fix)
            yield Answered(answer=answer)

    async def _work(self, take: Take, outcome: Outcome, emit: Emit, done: Callable[[], None]) -> None:
        """Take the turn; whatever goes wrong becomes an event, so that the channel always gets its answer."""
        try:
            due = self._with.notices()
            for _, text in due:
                emit(Notice(level="warning", text=text))
            await take(outcome, emit)
            if due:
                self._with.told(due[-1][0])
        except DeskmateError as error:
            emit(Failed(text=str(error), fix=error.fix))
        except Exception:  # the outermost loop of a conversation: one turn's fault must not end the others
            LOG.exception("a turn failed")
            emit(Failed(text="Something went wrong here; nothing more was done.", fix="“orders” shows what stands."))
        finally:
            done()

    async def _said(self, text: str, channel: str, outcome: Outcome, emit: Emit) -> None:
        _readable(text)
        words = self._with.memory.said(text, channel)
        started = time.perf_counter()
        tickets = self.open_tickets()
        live = self._with.parts.account.mode is Mode.LIVE
        reply = consent.read_reply(text, tickets_for_consent(tickets), live=live)
        outcome.read_ms = _since(started)
        if reply.verdict in ("confirm", "cancel", "ambiguous"):
            outcome.intent, outcome.sub, outcome.explain = "trade_execution", "cancel_order", (reply.why,)
            named = next((ticket for ticket in tickets if ticket.id == reply.ticket), None)
            if reply.verdict == "cancel":
                for ticket in tickets if named is None else (named,):
                    self._dismiss(ticket.id, channel, outcome, emit)
            elif reply.verdict == "ambiguous" or named is None:
                self._ask_which(tickets, reply.why, outcome, emit)
            else:
                self._release(named.id, named.digest, channel, words, outcome, emit)
            return
        if not tickets and self._context.pending is None and consent.assents(text):
            outcome.intent, outcome.sub, outcome.clarify = "trade_execution", "buy", True
            raise BadInput(
                "No ticket is open, so there is nothing to confirm.", fix="Say what you would like to trade."
            )
        context = self._with.context()
        held = tuple(position.symbol for position in context.account.positions())
        seen = replace(self._context, tickets=_waiting(tickets), positions=held)
        reading = completed(
            self._with.reader.read(text, seen, context.today), context.preferences, undoes=self._preferred
        )
        self._preferred = False
        outcome.read_ms = _since(started)
        outcome.read(reading)
        self._context = reading.context
        if len(reading.requests) == 1 and reading.requests[0].bad:
            raise BadInput(f"I can't use that: {reading.requests[0].bad}.", fix="Nothing was prepared.")
        dropped = next((request.ticket for request in reading.requests if request.sub == "cancel_order"), "")
        if dropped and any(ticket.id == dropped for ticket in tickets):
            self._dismiss(dropped, channel, outcome, emit)
            return
        await self._answer(text, channel, reading, context, outcome, emit)
        traded = any(request.sub in TRADES and not request.clarify for request in reading.requests)
        if traded and self._context.orders and (outcome.refusal is not None or outcome.ticket is None):
            self._context = replace(self._context, refused=self._context.orders[-1])

    async def _answer(
        self, text: str, channel: str, reading: Reading, context: ToolContext, outcome: Outcome, emit: Emit
    ) -> None:
        """Let the model answer; where it fails, plain code does."""
        made = self._with.model
        if made is not None:
            values: list[tuple[str, BaseModel]] = []
            outcome.engine = self._with.engine
            before = {ticket.id for ticket in self.open_tickets()}
            try:
                async with asyncio.timeout(self._with.turn_timeout):
                    await self._run(text, made(), context, values, outcome, emit, mend=True)
            except Exception as error:  # noqa: BLE001 - a model of somebody else's making may raise anything
                self._drop_unseen(before, outcome)
                LOG.warning("the model failed: %s", type(error).__name__)
                reason = "took too long" if isinstance(error, TimeoutError) else "failed"
                outcome.degraded.append(f"model: {self._with.engine} {reason}")
                emit(Notice(level="warning", text=f"{self._with.engine} {reason}; the offline router answers."))
                outcome.engine = "router"
                if values:
                    emit(Text(text=phrase_all(values)))
                    self._offers(text, channel, reading, context, emit)
                    return
            else:
                self._offers(text, channel, reading, context, emit)
                return
        await self._run(text, router_model(reading), context, [], outcome, emit, mend=False)
        self._offers(text, channel, reading, context, emit)

    def _drop_unseen(self, before: set[str], outcome: Outcome) -> None:
        """Drop a ticket that a broken-off run made and nobody was shown: a bare yes must never find it."""
        shown = None if outcome.ticket is None else outcome.ticket.id
        for ticket in self.open_tickets():
            if ticket.id not in before and ticket.id != shown:
                self._with.parts.coordinator.dismiss(ticket.id, "the model broke off before it was shown")

    async def _run(
        self,
        text: str,
        model: Model,
        context: ToolContext,
        values: list[tuple[str, BaseModel]],
        outcome: Outcome,
        emit: Emit,
        *,
        mend: bool,
    ) -> None:
        turn = Turn(context, emit, outcome.records, values, self._with.tool_limit, mend)
        limits = UsageLimits(request_limit=self._with.tool_limit + 2)
        history = self._history if mend else None
        async with self._with.agent.run_stream_events(
            text, model=model, deps=turn, message_history=history, usage_limits=limits
        ) as events:
            async for event in events:
                match event:
                    case (
                        PartStartEvent(part=TextPart(content=said))
                        | PartDeltaEvent(delta=TextPartDelta(content_delta=said))
                    ):
                        if said:
                            emit(Text(text=said))
                    case AgentRunResultEvent():
                        self._history = [*self._history, *event.result.new_messages()][-HISTORY:]
                    case _:
                        pass

    def _offers(self, text: str, channel: str, reading: Reading, context: ToolContext, emit: Emit) -> None:
        """Do what a tool offered if this turn's own raw text asks for exactly that; else say how to ask."""
        offers = self._prefer(text, channel, reading, context, emit)
        if not offers:
            return
        asked = consent.read_act(text)
        meant = [offer for offer in offers if asked is not None and self._asks_for(asked, offer)]
        if meant:  # one phrase is one act, however often a tool offered it
            self._tradable()
            emit(Text(text=self._with.perform(meant[0], channel)))
            return
        for words in dict.fromkeys(offer.text for offer in offers):
            emit(Text(text=f"To have that done, say: {words}. "))

    def _prefer(self, text: str, channel: str, reading: Reading, context: ToolContext, emit: Emit) -> list[Offer]:
        """Make the changes of preferences that this turn's own raw text asks for exactly; returns the other offers."""
        meant = own_offers(text, reading, context.offers, context.preferences)
        for offer in meant.values():
            emit(Text(text=f"{self._with.perform(offer, channel)} "))
            self._preferred = True
        return [offer for offer in context.offers if offer.text not in meant]

    def _asks_for(self, asked: consent.Act, offer: Offer) -> bool:
        """True when the person's own words ask for exactly what the tool offered."""
        if asked.kind != offer.act:
            return False
        match offer.act:
            case "next_day":
                return str(asked.sessions) == offer.subject
            case "change_mode":
                return asked.mode == offer.subject
            case "halt":
                return True
            case "set_preference":
                return False  # `_prefer` weighs it
            case "cancel_order":
                if asked.order_ref:
                    return asked.order_ref == offer.subject
                # Without a code the words must leave one order only: a model does not choose between two.
                account = self._with.parts.account
                could = [
                    record.ticket.id
                    for record in account.blotter.tickets.values()
                    if asked.symbol in ("", record.ticket.symbol) and account.working_of(record)
                ]
                return could == [offer.subject]

    def _tradable(self) -> None:
        """Raise `Refused` in a view of an earlier day: it is read, not acted in."""
        view = self._with.view
        if view is not None:
            raise Refused(f"This is a view as of {view.date()}: it can be read, not traded.", fix="Ask without --asof.")

    def _release(
        self, ticket_id: str, digest: str, channel: str, words: str | None, outcome: Outcome, emit: Emit
    ) -> None:
        self._tradable()
        record = self._with.parts.account.blotter.refresh().record(ticket_id)
        if record is not None:
            outcome.sub = record.ticket.side.value
        released = self._with.parts.coordinator.release(
            Consent(
                ticket=ticket_id,
                digest=digest,
                person=self.person,
                channel=channel,
                how="click" if words is None else "words",
                words=words,
            )
        )
        outcome.sent = released.order_sent
        outcome.untold = phrase_released(released)
        emit(TicketUpdated(ticket=released.ticket))
        if released.refusal is not None:
            emit(OrderRefused(refusal=released.refusal))
        emit(Text(text=phrase_released(released)))

    def _dismiss(self, ticket_id: str, channel: str, outcome: Outcome, emit: Emit) -> None:
        self._tradable()
        outcome.sub = "cancel_order"
        closed = self._with.parts.coordinator.dismiss(ticket_id, f"dropped by the person ({channel})")
        emit(TicketUpdated(ticket=closed))
        emit(Text(text=f"Ticket {closed.id} is dropped: nothing was sent."))

    def _ask_which(self, tickets: tuple[TicketView, ...], why: str, outcome: Outcome, emit: Emit) -> None:
        outcome.clarify = True
        outcome.sub = tickets[-1].side.value if tickets else outcome.sub
        if len(tickets) == 1:
            ticket = tickets[0]
            which = f"{ticket.side.value} {ticket.quantity} {ticket.symbol}"
            ask = f"Say “confirm” to release {ticket.id} ({which}), or “cancel”."
            emit(Text(text=f"I will not read that as a yes ({why}). {ask}"))
            return
        names = ", ".join(f"{t.id} ({t.side.value} {t.quantity} {t.symbol})" for t in tickets)
        emit(Text(text=f"Which one? Open: {names}. Say “confirm” or “cancel” with its code."))


def _waiting(tickets: tuple[TicketView, ...]) -> tuple[OpenTicket, ...]:
    """Open tickets as the reader of requests takes them."""
    found: list[OpenTicket] = []
    for ticket in tickets:
        attached = {child["kind"]: Decimal(child["price"]) for child in ticket.attached}
        recommended = ticket.recommended_quantity
        found.append(
            OpenTicket(
                id=ticket.id,
                side=ticket.side.value,
                symbol=ticket.symbol,
                quantity=Decimal(ticket.quantity),
                order_type=ticket.order_type.value,
                limit_price=ticket.limit_price,
                tif=ticket.tif.value,
                recommended_quantity=None if recommended is None else Decimal(recommended),
                sub=ticket.side.value,
                stop_price=ticket.stop_price,
                trail=ticket.trail or "",
                take_profit=attached.get("take_profit"),
                stop_loss=attached.get("stop_loss"),
            )
        )
    return tuple(found)


def tickets_for_consent(tickets: tuple[TicketView, ...]) -> list[consent.TicketView]:
    """Open tickets as the consent reader takes them."""
    return [consent.TicketView.model_validate(ticket.model_dump()) for ticket in tickets]


def _readable(text: str) -> None:
    """Refuse what cannot be a message, before anything reads it.

    Raises:
        BadInput: empty, too long, or made of control characters.
    """
    if not text.strip():
        raise BadInput("There was nothing to read.", fix="Ask something, for example: how does AAPL look?")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half a surrogate pair: no text, and nothing could store it
        raise BadInput("The message is not readable text.", fix="Type it again.") from error
    if len(text) > LONGEST:
        raise BadInput(
            f"The message has {len(text):,} characters; at most {LONGEST:,} are read.", fix="Send a shorter one."
        )
    odd = sum(1 for c in text if not c.isprintable() and c not in "\n\r\t")
    if odd and (odd > len(text) // 10 or "\x00" in text):
        raise BadInput("The message is not readable text (it holds control characters).", fix="Type it again.")


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
