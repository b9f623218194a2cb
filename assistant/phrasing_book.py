"""Plain sentences about the person's book: positions, cash, results, risk and limits."""

from __future__ import annotations

from decimal import Decimal

from assistant.phrasing_words import amount, count, percent, price, signed, signed_percent
from tools.catalogue_account import LimitsResult, RiskResult, StressResult, WhatIfResult
from tools.performance.account import PerformanceResult
from tools.portfolio.results import CashResult, OrderRow, OrdersResult, PnlResult, PositionsResult
from tools.risk.exposure import PortfolioRisk


def phrase_positions(value: PositionsResult) -> str:
    """Holdings, a line each."""
    if not value.rows:
        return f"{value.account} holds no positions (as of {value.as_of:%Y-%m-%d})."
    lines: list[str] = []
    for row in value.rows:
        mark = "no price" if row.price is None else f"now {price(row.price)}"
        gain = ""
        if row.unrealized is not None and row.unrealized_percent is not None:
            gain = f", {signed(row.unrealized)} ({signed_percent(row.unrealized_percent, 2)})"
        worth = "" if row.value is None else f", worth {amount(row.value)}"
        share = "" if row.weight_percent is None else f", {percent(row.weight_percent)} of equity"
        lines.append(f"- **{row.symbol}** {row.quantity:,f} at {price(row.average_cost)}, {mark}{worth}{gain}{share}")
    return f"{value.account} ({value.mode}) at the close of {value.as_of:%Y-%m-%d}:\n" + "\n".join(lines)


def phrase_cash(value: CashResult) -> str:
    """Cash and what is available."""
    reserved = f", {amount(value.reserved)} of it reserved for working orders" if value.reserved else ""
    equity = "" if value.equity is None else f" Equity is {amount(value.equity)}."
    return f"Cash: {value.currency} {amount(value.cash)}{reserved}, {amount(value.available)} available.{equity}"


def phrase_pnl(value: PnlResult) -> str:
    """Profit and loss in one paragraph."""
    if value.total is None or value.total_percent is None:
        return f"{value.account} holds something without a price, so its profit and loss is not known."
    day = "" if value.day is None else f" Today: {signed(value.day)}."
    realized = "realized not known" if value.realized is None else f"{signed(value.realized)} realized"
    open_part = "" if value.unrealized is None else f", {signed(value.unrealized)} open"
    return (
        f"{value.account} is {signed(value.total)} ({signed_percent(value.total_percent, 2)}) since it was opened: "
        f"{realized}{open_part}, {amount(value.commissions)} in commissions, "
        f"{amount(value.dividends)} in dividends.{day}"
    )


def phrase_orders(value: OrdersResult) -> str:
    """What waits for the person, what works, and what was done."""
    lines = [
        f"- {waiting.id} waits for you: {waiting.side.value} {waiting.quantity:,} {waiting.symbol} "
        f"{waiting.order_type.value}"
        for waiting in value.open_tickets
    ]
    lines += [_order(order) for order in (*value.working, *value.recent)]
    return "\n".join(lines) if lines else f"{value.account} has no orders yet."


def _order(order: OrderRow) -> str:
    at = "" if order.average_price is None else f" at {price(order.average_price)}"
    limit = "" if order.limit_price is None else f" limit {price(order.limit_price)}"
    stop = "" if order.stop_price is None else f" stop {price(order.stop_price)}"
    why = f" ({order.reason})" if order.reason else ""
    return (
        f"- {order.ticket or 'external'} {order.state.replace('_', ' ')}: {order.side.value} {order.quantity:,f} "
        f"{order.symbol}{limit}{stop} {order.tif.value}, {order.filled:,f} filled{at}{why}"
    )


def phrase_performance(value: PerformanceResult) -> str:
    """The account's record, with what holding would have made beside it."""
    trades = "No trade has been closed."
    if value.win_rate_percent is not None:
        trades = (
            f"{count(value.closed_trades, 'closed trade')}, {value.winning_trades} won "
            f"({percent(value.win_rate_percent)}), {signed(value.realized)} realized."
        )
    held = ""
    if value.held_percent is not None:
        held = (
            f" Simply holding the symbols you traded over the same sessions: {signed_percent(value.held_percent, 2)}."
        )
    note = f" {value.note}" if value.note and value.closed_trades else ""
    return (
        f"{value.account} stands at {amount(value.equity)}, {signed(value.total)} "
        f"({signed_percent(value.total_percent, 2)}) over {count(value.sessions, 'session')}; "
        f"deepest fall {percent(value.max_drawdown_percent, 2)}. {trades}{note} "
        f"Commissions {amount(value.commissions)}.{held}"
    )


def phrase_risk(value: RiskResult) -> str:
    """Exposure, weights and value at risk."""
    risk = value.risk
    if not risk.weights:
        return f"{value.account} holds no positions, so nothing is at risk. Equity {_money(risk.equity)}."
    return f"{value.account} as of {value.as_of:%Y-%m-%d}: {_exposure(risk)}{_tail(risk)}{_notes(risk)}"


def _exposure(risk: PortfolioRisk) -> str:
    weights = ", ".join(
        f"{weight.symbol} {percent(weight.percent)}" for weight in risk.weights if weight.percent is not None
    )
    share = "" if risk.gross_percent is None else f" ({percent(risk.gross_percent)} of equity)"
    return f"equity {_money(risk.equity)}, gross exposure {_money(risk.gross)}{share}; {weights or 'no positions'}."


def _tail(risk: PortfolioRisk) -> str:
    tail = risk.tail
    if tail is None:
        return ""
    return (
        f" One day in twenty may lose {amount(tail.var)} ({percent(tail.var_percent, 2)}) or more, "
        f"{amount(tail.cvar)} on average then ({tail.method}, n = {tail.n}); "
        f"volatility {percent(tail.volatility_percent)} a year."
    )


def _notes(risk: PortfolioRisk) -> str:
    return f" {' '.join(risk.notes)}" if risk.notes else ""


def _money(value: Decimal | None) -> str:
    return "not known" if value is None else amount(value)


def phrase_what_if(value: WhatIfResult) -> str:
    """What an order would change, and what the gate would say. Nothing is prepared."""
    found = value.what_if
    name = f"{value.side.value} {value.quantity:,f} {value.symbol}"
    if found.after is None:
        reasons = "; ".join(reason.text for reason in found.verdict.reasons)
        return f"What {name} would do cannot be computed: {reasons}."
    fill = "" if found.fill_price is None else f" at about {price(found.fill_price)}"
    said = [
        f"If you {name}{fill}: gross exposure {_money(found.before.gross)} → {_money(found.after.gross)}, "
        f"cash {amount(found.before.cash)} → {amount(found.after.cash)}."
    ]
    share = next((weight for weight in found.after.weights if weight.symbol == value.symbol), None)
    if share is not None and share.percent is not None:
        said.append(f"{value.symbol} would be {percent(share.percent)} of equity.")
    before, after = found.before.tail, found.after.tail
    if after is not None:
        was = "0.00" if before is None else amount(before.var)
        said.append(f"One-day value at risk (95 %, {after.method}): {was} → {amount(after.var)}.")
    if found.verdict.passed:
        said.append("It would pass the gate. Nothing was prepared.")
    else:
        reasons = "; ".join(reason.text for reason in found.verdict.reasons)
        nearest = found.verdict.alternative
        most = f" The most that would pass is {nearest.quantity:,f}." if nearest is not None else ""
        said.append(f"The gate would refuse it: {reasons}.{most}")
    return " ".join(said)


def phrase_limits(value: LimitsResult) -> str:
    """Limits in force and how much of each is used."""
    lines: list[str] = []
    for row in value.use.rows:
        used = "" if row.used is None else f", used {row.used.quantize(Decimal('0.01')):,f}"
        note = f" ({row.note})" if row.note else ""
        lines.append(f"- {row.text}: at most {row.allowed:,f} {row.unit}{used}{note}")
    halted = " **Trading is halted.**" if value.halted else ""
    return f"Limits of {value.account}, version {value.use.version}:{halted}\n" + "\n".join(lines)


def phrase_stress(value: StressResult) -> str:
    """Scenarios, a line each."""
    if not value.rows:
        return value.note
    lines = [
        f"- {row.scenario}: {signed(row.change)}"
        + ("" if row.change_percent is None else f" ({signed_percent(row.change_percent)} of equity)")
        for row in value.rows
    ]
    return f"What would happen to {value.account} at once:\n" + "\n".join(lines)
