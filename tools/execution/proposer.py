"""The ticket maker: a request is sized, priced, judged by the gate, and becomes a ticket or a refusal.

It is the only part of execution that a language model's tools can reach. It never sends: it holds the
reading side of the broker alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from brokers.vocabulary import BadInput, DeskmateError, Money, OrderType, Preview, Refused, Side, Value
from tools.execution.blotter import TicketRecord
from tools.execution.journal import Fact, Journal, ProposalRefused, TicketClosed, TicketProposed
from tools.execution.refusal import RefusalView, refusal
from tools.execution.request import OrderRequest, units
from tools.execution.ticket import Ticket, TicketStatus, TicketView, expiry, new_id
from tools.portfolio.account import LedgeredAccount
from tools.risk.gate import Verdict, judge
from tools.risk.sizing import Sizing, recommend
from tools.risk.state import Draft, RiskState

MOST_PRICE = Decimal(10) ** 12
"""Beyond this no price is rewritten, only refused."""


class Stop(Value):
    """Where a trade idea is wrong: the price a recommended size is measured to."""

    price: Money
    source: str
    call_id: str | None = None


class StopSource(Protocol):
    """Finds a stop for an entry, as of the account's market clock."""

    def __call__(self, account: LedgeredAccount, symbol: str, side: Side) -> Stop | None:
        """The stop, or None where nothing suggests one."""
        ...


class Proposal(Value):
    """What came of a request: a ticket, or a refusal."""

    ticket: TicketView | None = None
    refusal: RefusalView | None = None
    replaced: TicketView | None = None
    """The open ticket this one made void, as it stands now."""
    note: str = ""
    """What stood in for something missing, if anything."""


class Proposer:
    """Makes tickets for one account and one conversation."""

    def __init__(
        self,
        account: LedgeredAccount,
        journal: Journal,
        *,
        conversation: str,
        stops: StopSource,
        lifetime: timedelta,
        choose: Callable[[str], str],
        read_only: str = "",
    ) -> None:
        """Put a ticket maker together.

        Args:
            account: whose order it is.
            journal: where proposals and refusals are written.
            conversation: where the tickets are shown.
            stops: suggests a stop for the recommended size.
            lifetime: how long a ticket can be released (wall clock).
            choose: picks one character of a ticket id.
            read_only: why no order can be made now, or "".
        """
        self._account = account
        self._journal = journal
        self._conversation = conversation
        self._stops = stops
        self._lifetime = lifetime
        self._choose = choose
        self._read_only = read_only

    def propose(self, request: OrderRequest, *, replaces: str | None = None) -> Proposal:
        """Size, price and judge `request`; write the ticket or the refusal to the ledger and return it.

        Raises:
            BadInput: a part of the request cannot be read.
            Refused: no order can be made at all just now.
        """
        if self._read_only:
            raise Refused(self._read_only)
        self._account.blotter.refresh()
        state = self._account.risk_state(request.symbol)
        unsized = self._draft(request, state, Decimal(1))
        stop = self._stop(request, unsized, state)
        sizing = recommend(
            unsized, state, None if stop is None else stop.price.amount, "" if stop is None else stop.source
        )
        price = request.limit_price or (state.quote.ask if state.quote is not None else None)
        wanted = units(request, unsized.instrument, state.held(request.symbol), price, state.equity)
        if wanted is None:
            if sizing.quantity <= 0:
                raise Refused(
                    f"The recommended size for {request.symbol} is 0: {sizing.binding}.",
                    fix="Name a quantity to see what the gate says of it.",
                )
            wanted = sizing.quantity
        draft = unsized.sized(wanted)
        verdict = judge(draft, state)
        if not verdict.passed:
            return self._refused(draft, verdict)
        return self._ticket(draft, state, verdict, sizing, stop, replaces)

    def revise(self, ticket_id: str, changes: dict[str, object]) -> Proposal:
        """A new ticket in place of an open one, with `changes` to its request (fields of `OrderRequest`).

        Raises:
            BadInput: there is no such open ticket, or a change cannot be read.
        """
        record = self._account.blotter.refresh().record(ticket_id)
        if record is None or record.status is not TicketStatus.PROPOSED:
            raise BadInput(f"There is no open ticket {ticket_id}.", fix="Ask for a new order.")
        request = OrderRequest.model_validate({**_request(record).model_dump(), **changes})
        return self.propose(request, replaces=record.ticket.id)

    def _draft(self, request: OrderRequest, state: RiskState, quantity: Decimal) -> Draft:
        side = request.side
        if side == "close":
            held = state.held(request.symbol)
            if held == 0:
                raise BadInput(
                    f"There is no position in {request.symbol} to close.", fix="“show my positions” lists them."
                )
            side = Side.SELL if held > 0 else Side.BUY
        instrument = self._account.feed.instrument(request.symbol)
        tick = None if instrument is None else instrument.tick
        return Draft(
            account=self._account.name,
            mode=self._account.mode,
            instrument=instrument,
            symbol=request.symbol,
            side=side,
            quantity=quantity,
            order_type=request.order_type,
            limit_price=_written(request.limit_price, tick),
            stop_price=_written(request.stop_price, tick),
            trail=_written(request.trail, tick),
            trail_percent=request.trail_percent,
            tif=request.tif,
            take_profit=_written(request.take_profit, tick),
            stop_loss=_written(request.stop_loss, tick),
        )

    def _stop(self, request: OrderRequest, draft: Draft, state: RiskState) -> Stop | None:
        if request.stop_loss is not None:
            return Stop(price=Money(amount=request.stop_loss, currency=state.currency), source="the order's own stop")
        if draft.instrument is None or state.quote is None:
            return None
        return self._stops(self._account, draft.symbol, draft.side)

    def _refused(self, draft: Draft, verdict: Verdict) -> Proposal:
        fact = ProposalRefused(draft=draft, reasons=verdict.reasons, alternative=verdict.alternative)
        self._journal.write(fact, market_at=self._account.market_now())
        return Proposal(refusal=refusal("proposal", draft, verdict.reasons, verdict.alternative))

    def _ticket(
        self, draft: Draft, state: RiskState, verdict: Verdict, sizing: Sizing, stop: Stop | None, replaces: str | None
    ) -> Proposal:
        quote, instrument = state.quote, draft.instrument
        if quote is None or instrument is None:  # the gate refuses both; this tells the type checker so
            raise Refused(f"{draft.symbol} has no quote.")
        made = Ticket(
            id=new_id(self._account.blotter.tickets, self._choose),
            person=self._account.person,
            account=draft.account,
            mode=draft.mode,
            conversation=self._conversation,
            instrument=instrument,
            side=draft.side,
            quantity=draft.quantity,
            order_type=draft.order_type,
            limit_price=draft.limit_price,
            stop_price=draft.stop_price,
            trail=draft.trail,
            trail_percent=draft.trail_percent,
            tif=draft.tif,
            take_profit=draft.take_profit,
            stop_loss=draft.stop_loss,
            quote=quote,
            expected_price=quote.mid,
            expected_commission=Decimal(0),
            fill_now=Decimal(0),
            notional=Decimal(0),
            recommended_quantity=sizing.quantity,
            sizing=sizing.binding,
            reducing=verdict.reducing,
            limits_version=state.limits.version,
            call_id=None if stop is None else stop.call_id,
            replaces=replaces,
            created_at=state.wall_now,
            market_at=state.market_now,
            expires_at=expiry(state.wall_now, self._lifetime),
        )
        preview, note = self._preview(made)
        made = made.model_copy(update=_costs(made, preview))
        facts: list[Fact] = [TicketProposed(ticket=made)]
        if replaces is not None:
            void = TicketClosed(ticket=replaces, status=TicketStatus.VOID, why=f"revised: {made.id} takes its place")
            facts.insert(0, void)
        expect = None
        if replaces is not None:
            # The revised ticket must still be open, and stay so until this is written.
            standing = self._account.blotter.refresh().tickets.get(replaces)
            if standing is None or standing.status is not TicketStatus.PROPOSED:
                raise Refused(f"Ticket {replaces} is no longer open.", fix="Ask for the order anew.")
            expect = self._account.blotter.version
        self._journal.write(*facts, market_at=state.market_now, expect=expect)
        tickets = self._account.blotter.refresh().tickets
        return Proposal(
            ticket=tickets[made.id].seen_from_outside(),
            replaced=None if replaces is None else tickets[replaces].seen_from_outside(),
            note=note,
        )

    def _preview(self, ticket: Ticket) -> tuple[Preview, str]:
        try:
            return self._account.books.preview(ticket.order()), ""
        except DeskmateError as error:
            missing = Preview(price=_reference(ticket), commission=Decimal(0), fill_now=Decimal(0))
            return missing, f"The broker gave no preview ({error}); the quote stands in for the expected price."


def _written(price: Decimal | None, tick: Decimal | None) -> Decimal | None:
    """A price on the tick grid with as many decimals as the tick; one off the grid stays for the gate to refuse."""
    if price is None or tick is None or abs(price) >= MOST_PRICE or price % tick:
        return price
    return price.quantize(tick)


def _reference(ticket: Ticket) -> Decimal:
    if ticket.limit_price is not None:
        return ticket.limit_price
    if ticket.stop_price is not None:
        return ticket.stop_price
    return ticket.quote.ask if ticket.side is Side.BUY else ticket.quote.bid


def _costs(ticket: Ticket, preview: Preview) -> dict[str, object]:
    """Expected price, cost, notional and largest loss of a ticket, from the broker's preview."""
    resting = ticket.order_type is not OrderType.MARKET
    price = _reference(ticket) if resting and preview.fill_now == 0 else preview.price
    # A buy with a limit may pay up to it: the notional a person sees is the dearer of the two.
    worst = max(price, ticket.limit_price or price) if ticket.side is Side.BUY else price
    multiplier = ticket.instrument.multiplier
    max_loss = None
    if ticket.stop_loss is not None:
        distance = (price - ticket.stop_loss) * ticket.side.sign
        max_loss = (max(distance, Decimal(0)) * ticket.quantity * multiplier).quantize(Decimal("0.01"))
    return {
        "expected_price": price,
        "expected_commission": preview.commission,
        "fill_now": preview.fill_now,
        "notional": (worst * ticket.quantity * multiplier).quantize(Decimal("0.01")),
        "max_loss": max_loss,
    }


def _request(record: TicketRecord) -> OrderRequest:
    ticket = record.ticket
    return OrderRequest(
        symbol=ticket.symbol,
        side=ticket.side,
        quantity=f"{ticket.quantity:f}",
        order_type=ticket.order_type,
        limit_price=ticket.limit_price,
        stop_price=ticket.stop_price,
        trail=ticket.trail,
        trail_percent=ticket.trail_percent,
        tif=ticket.tif,
        take_profit=ticket.take_profit,
        stop_loss=ticket.stop_loss,
    )
