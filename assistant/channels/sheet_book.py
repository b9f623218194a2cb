"""The sheets of the account's results: positions, cash, profit and loss, orders, performance, health."""

from __future__ import annotations

from assistant.channels.sheet import Column, Figure, Kind, Sheet, Table, cell, row
from tools.catalogue_account import HealthResult
from tools.performance.account import PerformanceResult
from tools.portfolio.results import CashResult, OrderRow, OrdersResult, PnlResult, PositionsResult, SyncResult


def positions(value: PositionsResult) -> Sheet:
    """Every holding with its value, weight and open profit or loss."""
    columns: tuple[Column, ...] = (
        ("Symbol", Kind.TEXT),
        ("Quantity", Kind.COUNT),
        ("Value", Kind.MONEY),
        ("Open P&L", Kind.SIGNED),
        ("in per cent", Kind.SIGNED_PERCENT),
        ("Weight", Kind.PERCENT),
        ("Price", Kind.PRICE),
        ("Average cost", Kind.PRICE),
        ("Today", Kind.SIGNED),
    )
    rows = tuple(
        row(
            held.symbol,
            held.quantity,
            held.value,
            held.unrealized,
            held.unrealized_percent,
            held.weight_percent,
            held.price,
            held.average_cost,
            held.day_change,
        )
        for held in value.rows
    )
    return Sheet(
        title="Positions",
        currency=value.currency,
        source=" · ".join(part for part in (value.account, value.mode, value.freshness, value.source) if part),
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Equity", cell(value.equity), Kind.MONEY),
            Figure("Gross exposure", cell(value.gross), Kind.MONEY),
        ),
        tables=(Table("", columns, rows, empty="No positions."),),
    )


def cash(value: CashResult) -> Sheet:
    """Cash and what it can still buy."""
    return Sheet(
        title="Cash",
        currency=value.currency,
        source=value.account,
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Cash", cell(value.cash), Kind.MONEY),
            Figure("Reserved", cell(value.reserved), Kind.MONEY, "for orders that may still fill"),
            Figure("Available", cell(value.available), Kind.MONEY),
            Figure("Equity", cell(value.equity), Kind.MONEY),
        ),
    )


def pnl(value: PnlResult) -> Sheet:
    """Profit and loss since the account was opened, and today."""
    return Sheet(
        title="Profit and loss",
        currency=value.currency,
        source=value.account,
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Today", cell(value.day), Kind.SIGNED),
            Figure("Since opening", cell(value.total), Kind.SIGNED),
            Figure("Return", cell(value.total_percent), Kind.SIGNED_PERCENT, "on the opening equity"),
            Figure("Realized", cell(value.realized), Kind.SIGNED),
            Figure("Unrealized", cell(value.unrealized), Kind.SIGNED),
            Figure("Equity", cell(value.equity), Kind.MONEY),
            Figure("Opened with", cell(value.opening_equity), Kind.MONEY),
            Figure("Commissions", cell(value.commissions), Kind.MONEY, "within the figures above"),
            Figure("Dividends", cell(value.dividends), Kind.MONEY),
        ),
    )


_ORDER_COLUMNS: tuple[Column, ...] = (
    ("Ticket", Kind.TEXT),
    ("Side", Kind.TEXT),
    ("Symbol", Kind.TEXT),
    ("Quantity", Kind.COUNT),
    ("Filled", Kind.COUNT),
    ("Type", Kind.TEXT),
    ("Limit", Kind.PRICE),
    ("Stop", Kind.PRICE),
    ("Average", Kind.PRICE),
    ("State", Kind.TEXT),
    ("Submitted", Kind.INSTANT),
)


def _order(order: OrderRow) -> tuple[str | int | float | bool | None, ...]:
    return row(
        order.ticket,
        order.side.value,
        order.symbol,
        order.quantity,
        order.filled,
        f"{order.order_type.value} {order.tif.value}".replace("_", "-"),
        order.limit_price,
        order.stop_price,
        order.average_price,
        order.state.replace("_", " ") + (f": {order.reason}" if order.reason else ""),
        order.submitted_at,
    )


def orders(value: OrdersResult) -> Sheet:
    """Working orders, orders that are done, and tickets that wait for the person."""
    waiting = tuple(
        row(one.id, one.side.value, one.symbol, one.quantity, one.notional, one.expires_at)
        for one in value.open_tickets
    )
    tickets: tuple[Column, ...] = (
        ("Ticket", Kind.TEXT),
        ("Side", Kind.TEXT),
        ("Symbol", Kind.TEXT),
        ("Quantity", Kind.COUNT),
        ("Value", Kind.MONEY),
        ("Expires", Kind.INSTANT),
    )
    tables = [Table("Working", _ORDER_COLUMNS, tuple(_order(one) for one in value.working), "No working orders.")]
    if waiting:
        tables.insert(0, Table("Tickets waiting for you", tickets, waiting))
    if value.recent:
        tables.append(Table("Done", _ORDER_COLUMNS, tuple(_order(one) for one in value.recent)))
    return Sheet(title="Orders", source=value.account, as_of=value.as_of.isoformat(), tables=tuple(tables))


def performance(value: PerformanceResult) -> Sheet:
    """The account's record since it was opened, with equity at every close as a line."""
    return Sheet(
        title="Performance",
        currency=value.currency,
        source=f"{value.account} · {value.sessions} sessions",
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Result", cell(value.total), Kind.SIGNED),
            Figure("Return", cell(value.total_percent), Kind.SIGNED_PERCENT, "on the opening equity"),
            Figure(
                "The same symbols, held", cell(value.held_percent), Kind.SIGNED_PERCENT, "equal weights, no dividends"
            ),
            Figure("Deepest fall", cell(value.max_drawdown_percent), Kind.SIGNED_PERCENT, "close to close"),
            Figure("Equity", cell(value.equity), Kind.MONEY),
            Figure("Realized", cell(value.realized), Kind.SIGNED),
            Figure("Closed trades", value.closed_trades, Kind.COUNT, f"{value.winning_trades} with a profit"),
            Figure("Won", cell(value.win_rate_percent), Kind.PERCENT, "of closed trades"),
            Figure("Average win", cell(value.average_win), Kind.SIGNED),
            Figure("Average loss", cell(value.average_loss), Kind.SIGNED),
            Figure("Commissions", cell(value.commissions), Kind.MONEY),
            Figure("Orders", value.orders, Kind.COUNT, f"{value.refusals} refused by the gate"),
        ),
        line=tuple((point.session.isoformat(), f"{point.equity:f}") for point in value.curve),
        remarks=(value.note,) if value.note else (),
    )


def sync(value: SyncResult) -> Sheet:
    """Whether the ledger and the broker's books agree."""
    return Sheet(
        title="Books",
        source=value.account,
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Ledger and broker", "agree" if not value.differences else "differ"),
            Figure("Fills compared", value.fills, Kind.COUNT),
        ),
        remarks=value.differences,
    )


def health(value: HealthResult) -> Sheet:
    """How the desk's parts are."""
    return Sheet(
        title="Health",
        source=value.account,
        as_of=value.as_of.isoformat(),
        figures=(
            Figure("Ledger and broker", "agree" if value.reconciled else "differ"),
            Figure("Data through", value.data_through.isoformat(), Kind.INSTANT, value.data_note),
            Figure("Degraded", ", ".join(value.degraded) or "nothing"),
        ),
        remarks=value.differences,
    )
