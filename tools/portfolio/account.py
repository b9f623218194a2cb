"""One account as the tools see it: the ledger's projection, the broker's own books and the market, at one instant.

Reading only. It is what the gate's `RiskState` is built from, when a ticket is made and again when it is sent.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from brokers.feeds.port import MarketFeed
from brokers.vocabulary import BrokerOrder, Mode, Order, Position, Quote, Unavailable
from tools.execution.blotter import Blotter, TicketRecord
from tools.execution.journal import AccountOpened, Clock
from tools.execution.ticket import TicketStatus
from tools.portfolio.agreement import differences
from tools.portfolio.books import Books
from tools.risk.limits import Ceiling, Limits, tighter
from tools.risk.state import Draft, Holding, RecentOrder, RiskState, Working

AVERAGE_VOLUME_SESSIONS = 20
NEVER_SENT = (TicketStatus.REFUSED, TicketStatus.REJECTED, TicketStatus.VOID)
"""Released, but nothing of it reached the market: no duplicate of it is possible."""

RECENT = timedelta(hours=1)
"""How far back released orders are kept for the duplicate and rate controls (wall clock)."""


class LedgeredAccount:
    """An account of one person: identity from the ledger, positions and cash from the broker's books."""

    def __init__(
        self,
        blotter: Blotter,
        books: Books,
        feed: MarketFeed,
        clock: Clock,
        ceiling: Ceiling,
    ) -> None:
        """Put an account together.

        Args:
            blotter: the account's projection.
            books: the broker's reading side.
            feed: market data, causal at any instant.
            clock: the wall clock.
            ceiling: the operator's ceiling from the settings.
        """
        self.blotter = blotter
        self.books = books
        self.feed = feed
        self.clock = clock
        self.ceiling = ceiling

    @property
    def name(self) -> str:
        """The account's name."""
        return self.blotter.account

    @property
    def person(self) -> str:
        """Whose account it is."""
        return self._opened().person

    @property
    def mode(self) -> Mode:
        """Where its orders go."""
        return self._opened().mode

    @property
    def currency(self) -> str:
        """Its base currency."""
        return self._opened().currency

    def _opened(self) -> AccountOpened:
        opened = self.blotter.opened
        if opened is None:
            raise Unavailable(f"There is no account {self.name}.", fix="Open one: deskmate account open --name NAME.")
        return opened

    def market_now(self) -> datetime:
        """The account's market clock: the close its replay stands at."""
        return self.books.account(self.name).market_at

    def session(self) -> date:
        """The session the market clock stands in."""
        session = self.feed.calendar.on_or_before(self.market_now().date())
        if session is None:
            raise Unavailable("The market data starts later than this account's clock.")
        return session

    def limits(self) -> Limits:
        """The limits in force: the person's document under the operator's ceiling."""
        return tighter(self.document(), self.ceiling)

    def document(self) -> Limits:
        """The person's own limits document, newest version."""
        return self.blotter.limits[-1]

    def differences(self) -> tuple[str, ...]:
        """What keeps the account unreconciled, in words; empty when ledger and books agree."""
        if not self.books.complete(self.name):
            return ("The broker's books could not be read whole.",)
        statement = self.books.account(self.name)
        return differences(self.blotter.refresh(), self.positions(), statement.cash)

    def quote(self, symbol: str) -> Quote | None:
        """The last quote known on the account's market clock."""
        return self.feed.quote(symbol, self.market_now())

    def positions(self) -> tuple[Position, ...]:
        """Non-zero positions from the broker's books."""
        return tuple(self.books.positions(self.name))

    def holdings(self, now: datetime) -> tuple[Holding, ...]:
        """Positions with their marks: the last trade known at `now`."""
        found: list[Holding] = []
        for position in self.positions():
            quote = self.feed.quote(position.symbol, now)
            found.append(
                Holding(
                    symbol=position.symbol,
                    quantity=position.quantity,
                    average_cost=position.average_cost,
                    price=None if quote is None else quote.last,
                    price_at=None if quote is None else quote.at,
                )
            )
        return tuple(found)

    def working(self, now: datetime, *, leave_out: str | None = None) -> tuple[Working, ...]:
        """Orders that may still fill: in the broker's books, or in flight and not answered for.

        Args:
            now: the market clock, for a market order's reservation price.
            leave_out: a ticket id that is itself being judged.
        """
        found: list[Working] = []
        known: set[str] = set()
        for shown in self.books.orders(self.name, open_only=True):
            known.add(shown.order.client_order_id)
            found.append(self._reserved(shown.order, shown.remaining, now))
        for record in self.blotter.in_flight():
            if record.ticket.id == leave_out or record.ticket.client_order_id in known:
                continue
            if self.books.order(record.ticket.client_order_id) is not None:
                continue  # the books have it and it is done: nothing left to reserve
            found.append(self._reserved(record.ticket.order(), record.ticket.quantity, now))
        return tuple(found)

    def _reserved(self, order: Order, remaining: Decimal, now: datetime) -> Working:
        quote = self.feed.quote(order.instrument.symbol, now)
        price = order.limit_price or order.stop_price or (quote.ask if quote is not None else Decimal(0))
        return Working(
            order_id=order.client_order_id,
            symbol=order.instrument.symbol,
            side=order.side,
            remaining=remaining,
            price=price,
            reduce_only=":" in order.client_order_id,
        )

    def working_of(self, record: TicketRecord) -> tuple[BrokerOrder, ...]:
        """What can still fill of a ticket at the broker: its order, and the target and stop attached to it."""
        ours = record.ticket.client_order_id
        return tuple(
            shown
            for shown in self.books.orders(self.name, open_only=True)
            if shown.order.client_order_id.split(":", 1)[0] == ours
        )

    def recent(self, wall_now: datetime, *, leave_out: str | None = None) -> tuple[RecentOrder, ...]:
        """Orders released within the last hour of the wall clock."""
        return tuple(
            _recent(record, record.consented_at)
            for record in self.blotter.tickets.values()
            if record.consented_at is not None
            and record.status not in NEVER_SENT
            and record.ticket.id != leave_out
            and wall_now - record.consented_at <= RECENT
        )

    def day_start_equity(self, session: date, cash: Decimal) -> Decimal | None:
        """Equity at the close before `session`: today's fills and cash movements taken back, marked at that close."""
        before = self.feed.calendar.offset(session, -1)
        if before == session:
            return None
        start = self.feed.calendar.close_of(before)
        held = {position.symbol: position.quantity for position in self.positions()}
        for fill in self.books.fills(self.name):
            if fill.at > start:
                held[fill.symbol] = held.get(fill.symbol, Decimal(0)) - fill.side.sign * fill.quantity
                cash += fill.side.sign * fill.quantity * fill.price + fill.commission
        for adjusted in self.blotter.adjustments.values():
            if adjusted.at > start:
                held[adjusted.symbol] = held.get(adjusted.symbol, Decimal(0)) - adjusted.quantity
                cash -= adjusted.cash
        total = cash
        for symbol, quantity in held.items():
            if quantity == 0:
                continue
            quote = self.feed.quote(symbol, start)
            if quote is None:
                return None
            total += quantity * quote.last
        return total

    def average_volume(self, symbol: str, now: datetime) -> Decimal | None:
        """Mean daily volume of the last 20 sessions known at `now`; None without bars."""
        bars = self.feed.bars(symbol, now, AVERAGE_VOLUME_SESSIONS)
        return Decimal(sum(bar.volume for bar in bars)) / len(bars) if bars else None

    def risk_state(self, symbol: str | None, *, leave_out: str | None = None) -> RiskState:
        """Everything the gate judges an order in `symbol` by, as of now.

        Args:
            symbol: the instrument asked about; None for the account alone.
            leave_out: the ticket being judged, so that it does not count against itself.
        """
        statement = self.books.account(self.name)
        now, wall_now = statement.market_at, self.clock()
        return RiskState(
            person=self.person,
            account=self.name,
            mode=self.mode,
            currency=statement.currency,
            cash=statement.cash,
            day_start_equity=self.day_start_equity(self.session(), statement.cash),
            holdings=self.holdings(now),
            working=self.working(now, leave_out=leave_out),
            recent=self.recent(wall_now, leave_out=leave_out),
            quote=None if symbol is None else self.feed.quote(symbol, now),
            market_now=now,
            wall_now=wall_now,
            limits=self.limits(),
            reconciled=not self.differences(),
            halted=self.blotter.halted,
            average_volume=None if symbol is None else self.average_volume(symbol, now),
        )

    def draft_instrument(self, draft: Draft) -> Draft:
        """`draft` with its instrument looked up afresh (None when the symbol is not known)."""
        return draft.model_copy(update={"instrument": self.feed.instrument(draft.symbol)})


def _recent(record: TicketRecord, at: datetime) -> RecentOrder:
    ticket = record.ticket
    return RecentOrder(
        at=at,
        symbol=ticket.symbol,
        side=ticket.side,
        quantity=ticket.quantity,
        order_type=ticket.order_type,
        limit_price=ticket.limit_price,
        stop_price=ticket.stop_price,
        ticket_id=ticket.id,
    )
