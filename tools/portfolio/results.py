"""Positions, cash, profit and loss, and orders of one account, as tools return them: with currency and as-of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from brokers.vocabulary import BrokerOrder, Fill, Finite, Instant, OrderType, Side, TimeInForce, Value
from tools.execution.ticket import TicketView
from tools.portfolio.account import LedgeredAccount
from tools.risk.state import Holding

ZERO = Decimal(0)
CENT = Decimal("0.01")


class PositionRow(Value):
    """One holding, marked at the last trade known."""

    symbol: str
    name: str
    quantity: Finite
    average_cost: Finite
    """A unit, commissions included."""
    price: Finite | None
    value: Finite | None
    unrealized: Finite | None
    """Profit or loss against the average cost."""
    unrealized_percent: Finite | None
    weight_percent: Finite | None
    """Share of equity."""
    day_change: Finite | None
    """What the position made since the previous close: shares traded since count from their fill price."""


class PositionsResult(Value):
    """Every holding of an account."""

    account: str
    mode: str
    currency: str
    as_of: Instant
    source: str
    freshness: str
    rows: tuple[PositionRow, ...]
    equity: Finite | None
    gross: Finite | None


class CashResult(Value):
    """Cash and what it can still buy."""

    account: str
    currency: str
    as_of: Instant
    cash: Finite
    equity: Finite | None
    reserved: Finite
    """Held for orders that may still fill."""
    available: Finite
    """Cash less what is reserved, never below zero."""


class PnlResult(Value):
    """Profit and loss: today's, realized and unrealized, since the account was opened."""

    account: str
    currency: str
    as_of: Instant
    equity: Finite | None
    opening_equity: Finite
    total: Finite | None
    total_percent: Finite | None
    day: Finite | None
    realized: Finite | None
    unrealized: Finite | None
    commissions: Finite
    dividends: Finite


class OrderRow(Value):
    """One order in the broker's books."""

    ticket: str | None
    symbol: str
    side: Side
    quantity: Finite
    filled: Finite
    order_type: OrderType
    limit_price: Finite | None
    stop_price: Finite | None
    tif: TimeInForce
    state: str
    average_price: Finite | None
    submitted_at: Instant
    reason: str


class OrdersResult(Value):
    """Orders in the broker's books and tickets that wait for the person."""

    account: str
    as_of: Instant
    open_tickets: tuple[TicketView, ...]
    working: tuple[OrderRow, ...]
    recent: tuple[OrderRow, ...]
    """The last orders that are done, newest first."""


class SyncResult(Value):
    """Whether the ledger and the broker's books agree."""

    account: str
    as_of: Instant
    fills: int
    differences: tuple[str, ...]


def positions(account: LedgeredAccount) -> PositionsResult:
    """Every holding with its mark, weight and open profit or loss."""
    now = account.market_now()
    holdings = account.holdings(now)
    state_equity = _equity(account)
    previous = account.feed.calendar.close_of(account.feed.calendar.offset(account.session(), -1))
    rows: list[PositionRow] = []
    for holding in holdings:
        instrument = account.feed.instrument(holding.symbol)
        value, before = holding.value, account.feed.quote(holding.symbol, previous)
        cost = holding.quantity * holding.average_cost
        gain = None if value is None else value - cost
        rows.append(
            PositionRow(
                symbol=holding.symbol,
                name="" if instrument is None else instrument.name,
                quantity=holding.quantity,
                average_cost=holding.average_cost.quantize(Decimal("0.0001")),
                price=holding.price,
                value=_cents(value),
                unrealized=_cents(gain),
                unrealized_percent=_percent(gain, abs(cost)),
                weight_percent=_percent(value, state_equity),
                day_change=None
                if before is None or value is None
                else _cents(value - _cost_of_day(account, holding, before.last, previous)),
            )
        )
    quote = account.feed.quote(holdings[0].symbol, now) if holdings else None
    return PositionsResult(
        account=account.name,
        mode=account.mode.value,
        currency=account.currency,
        as_of=now,
        source="" if quote is None else quote.source,
        freshness="" if quote is None else quote.freshness.value,
        rows=tuple(sorted(rows, key=lambda row: -abs(row.value or ZERO))),
        equity=_cents(state_equity),
        gross=_cents(sum((abs(holding.value or ZERO) for holding in holdings), ZERO)),
    )


def cash(account: LedgeredAccount) -> CashResult:
    """Cash, what working orders reserve of it, and what is left."""
    statement = account.books.account(account.name)
    working = account.working(statement.market_at)
    reserved = sum((order.remaining * order.price for order in working if not order.reduce_only), ZERO)
    return CashResult(
        account=account.name,
        currency=statement.currency,
        as_of=statement.market_at,
        cash=_cents(statement.cash) or ZERO,
        equity=_cents(_equity(account)),
        reserved=_cents(reserved) or ZERO,
        available=_cents(max(ZERO, statement.cash - reserved)) or ZERO,
    )


def pnl(account: LedgeredAccount) -> PnlResult:
    """Profit and loss since the account was opened, and in the current session."""
    statement = account.books.account(account.name)
    equity, opening = _equity(account), opening_equity(account)
    before = account.day_start_equity(account.session(), statement.cash)
    fills = account.books.fills(account.name)
    dividends = sum((moved.cash for moved in account.blotter.adjustments.values()), ZERO)
    unrealized = _unrealized(account)
    total = None if equity is None else equity - opening
    return PnlResult(
        account=account.name,
        currency=statement.currency,
        as_of=statement.market_at,
        equity=_cents(equity),
        opening_equity=_cents(opening) or ZERO,
        total=_cents(total),
        total_percent=_percent(total, opening),
        day=None if equity is None or before is None else _cents(equity - before),
        # What is left of the total once open positions and dividends are taken out was realized by trades.
        realized=None if total is None or unrealized is None else _cents(total - unrealized - dividends),
        unrealized=_cents(unrealized),
        commissions=_cents(sum((fill.commission for fill in fills), ZERO)) or ZERO,
        dividends=_cents(dividends) or ZERO,
    )


def orders(account: LedgeredAccount, *, recent: int = 10) -> OrdersResult:
    """Open tickets, working orders, and the last `recent` orders that are done."""
    shown = account.books.orders(account.name)
    done = [order for order in shown if not order.state.is_open]
    waiting = account.blotter.refresh().open_tickets(account.clock())
    return OrdersResult(
        account=account.name,
        as_of=account.market_now(),
        open_tickets=tuple(record.seen_from_outside() for record in waiting),
        working=tuple(_row(account, order) for order in shown if order.state.is_open),
        recent=tuple(_row(account, order) for order in reversed(done[-recent:])),
    )


def sync(account: LedgeredAccount) -> SyncResult:
    """Compare the ledger with the broker's books."""
    return SyncResult(
        account=account.name,
        as_of=account.market_now(),
        fills=len(account.books.fills(account.name)),
        differences=account.differences(),
    )


def opening_equity(account: LedgeredAccount) -> Decimal:
    """Cash the account was opened with and its seeded positions at their prices."""
    opened = account.blotter.opened
    if opened is None:
        return ZERO
    return opened.cash + sum((seed.quantity * seed.price for seed in opened.positions), ZERO)


def realized_by_fill(fills: Sequence[Fill], seeds: dict[str, tuple[Decimal, Decimal]]) -> list[tuple[Fill, Decimal]]:
    """What each closing fill realized against the average cost, commissions included (average-cost method).

    Args:
        fills: oldest first.
        seeds: symbol → (quantity, average cost) before the first fill.
    """
    held = dict(seeds)
    found: list[tuple[Fill, Decimal]] = []
    for fill in fills:
        quantity, cost = held.get(fill.symbol, (ZERO, ZERO))
        change = fill.side.sign * fill.quantity
        price = fill.price + fill.side.sign * fill.commission / fill.quantity
        closing = ZERO if quantity * change >= 0 else min(abs(quantity), abs(change))
        if closing:
            gain = (price - cost) * closing * (1 if quantity > 0 else -1)
            found.append((fill, gain.quantize(CENT)))
        left = quantity + change
        if closing and abs(change) <= abs(quantity):
            held[fill.symbol] = (left, cost)
        elif closing:
            held[fill.symbol] = (left, price)
        else:
            held[fill.symbol] = (left, (cost * abs(quantity) + price * abs(change)) / abs(left))
    return found


def _cost_of_day(account: LedgeredAccount, holding: Holding, before: Decimal, since: datetime) -> Decimal:
    """What the holding was worth or cost since `since`: the old shares at that close, the new ones at their fills."""
    old, paid = holding.quantity, ZERO
    for fill in account.books.fills(account.name):
        if fill.symbol == holding.symbol and fill.at > since:
            old -= fill.side.sign * fill.quantity
            paid += fill.side.sign * fill.quantity * fill.price
    return old * before + paid


def _row(account: LedgeredAccount, shown: BrokerOrder) -> OrderRow:
    record = account.blotter.by_order(shown.order.client_order_id)
    return OrderRow(
        ticket=None if record is None else record.ticket.id,
        symbol=shown.order.instrument.symbol,
        side=shown.order.side,
        quantity=shown.order.quantity,
        filled=shown.filled,
        order_type=shown.order.order_type,
        limit_price=shown.order.limit_price,
        stop_price=shown.order.stop_price,
        tif=shown.order.tif,
        state=shown.state.value,
        average_price=shown.average_price,
        submitted_at=shown.submitted_at,
        reason=shown.reason,
    )


def _equity(account: LedgeredAccount) -> Decimal | None:
    statement = account.books.account(account.name)
    total = statement.cash
    for holding in account.holdings(statement.market_at):
        if holding.value is None:
            return None
        total += holding.value
    return total


def _unrealized(account: LedgeredAccount) -> Decimal | None:
    total = ZERO
    for holding in account.holdings(account.market_now()):
        if holding.value is None:
            return None
        total += holding.value - holding.quantity * holding.average_cost
    return total


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(CENT)


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else (100 * part / whole).quantize(CENT)
