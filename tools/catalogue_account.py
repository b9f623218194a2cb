"""Tools that read the person's account: positions, cash, results, risk, limits — and what the desk itself can do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from brokers.vocabulary import BadInput, Finite, Instant, OrderType, Refused, Side, Value
from tools.context import ToolContext
from tools.execution.request import OrderRequest, units
from tools.performance.account import PerformanceResult, performance
from tools.portfolio import results
from tools.portfolio.account import LedgeredAccount
from tools.portfolio.results import CashResult, OrdersResult, PnlResult, PositionsResult, SyncResult
from tools.risk.exposure import PortfolioRisk, WhatIf, portfolio_risk
from tools.risk.exposure import what_if as risk_what_if
from tools.risk.state import Draft, RiskState
from tools.risk.use import LimitsUse, limits_use

RISK_WINDOW = 252
"""Sessions of daily returns behind value at risk."""


class RiskResult(Value):
    """Portfolio risk with its as-of."""

    account: str
    as_of: Instant
    risk: PortfolioRisk


class WhatIfResult(Value):
    """What an order would do to the portfolio. Nothing was proposed."""

    account: str
    as_of: Instant
    symbol: str
    side: Side
    quantity: Finite
    what_if: WhatIf


class LimitsResult(Value):
    """The limits in force and how much of each is used."""

    account: str
    as_of: Instant
    profile: str
    halted: bool
    use: LimitsUse


class StressRow(Value):
    """One scenario: what the portfolio would gain or lose at once."""

    scenario: str
    change: Finite
    change_percent: Finite | None


class StressResult(Value):
    """Stock positions revalued under fixed shocks and under the worst week of their own history."""

    account: str
    currency: str
    as_of: Instant
    rows: tuple[StressRow, ...]
    note: str


class HelpResult(Value):
    """What a person can ask for."""

    topic: str
    examples: tuple[tuple[str, tuple[str, ...]], ...]
    """(subject, things to say) pairs."""


class HealthResult(Value):
    """How the desk's parts are."""

    account: str
    as_of: Instant
    reconciled: bool
    differences: tuple[str, ...]
    degraded: tuple[str, ...]
    data_through: Instant
    data_note: str


def get_positions(context: ToolContext) -> PositionsResult:
    """Every position with its mark, value, weight and open profit or loss.

    Args:
        context: The turn's context.
    """
    return results.positions(_book(context))


def get_cash(context: ToolContext) -> CashResult:
    """Cash, what working orders reserve, and what is available.

    Args:
        context: The turn's context.
    """
    return results.cash(_book(context))


def get_pnl(context: ToolContext) -> PnlResult:
    """Profit and loss: today, realized, unrealized and in total.

    Args:
        context: The turn's context.
    """
    return results.pnl(_book(context))


def list_orders(context: ToolContext) -> OrdersResult:
    """Tickets that wait for the person, working orders, and the last orders that are done.

    Args:
        context: The turn's context.
    """
    return results.orders(_book(context))


def get_performance(context: ToolContext) -> PerformanceResult:
    """How the account did since it was opened.

    Args:
        context: The turn's context.
    """
    return performance(_book(context))


def sync_books(context: ToolContext) -> SyncResult:
    """Compare the ledger with the broker's own books.

    Args:
        context: The turn's context.
    """
    return results.sync(_book(context))


def get_risk(context: ToolContext) -> RiskResult:
    """The portfolio's risk: exposure, weights, concentration, value at risk.

    Args:
        context: The turn's context.
    """
    state = _book(context).risk_state(None)
    returns = {holding.symbol: _returns(context, holding.symbol) for holding in state.holdings}
    return RiskResult(account=context.account.name, as_of=state.market_now, risk=portfolio_risk(state, returns))


def what_if(context: ToolContext, symbol: str, side: Side = Side.BUY, quantity: str | None = None) -> WhatIfResult:
    """What an order would do to the portfolio's risk, and what the gate would say. Proposes nothing.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
        side: What the order would do.
        quantity: Whole units ("40"), or "all", "half" or "25%" of the position.
    """
    ticker = symbol.strip().upper()
    if quantity is None:
        raise BadInput("How many would it be?", fix="Name a quantity, for example 40.")
    state = _book(context).risk_state(ticker)
    instrument = context.instrument(ticker)
    price = None if state.quote is None else state.quote.ask
    wanted = units(
        OrderRequest(symbol=ticker, side=side, quantity=quantity), instrument, state.held(ticker), price, state.equity
    )
    draft = Draft(
        account=context.account.name,
        mode=context.account.mode,
        instrument=instrument,
        symbol=ticker,
        side=side,
        quantity=wanted if wanted is not None else Decimal(0),
        order_type=OrderType.MARKET,
    )
    symbols = {holding.symbol for holding in state.holdings} | ({ticker} if instrument is not None else set[str]())
    returns = {held: _returns(context, held) for held in symbols}
    return WhatIfResult(
        account=context.account.name,
        as_of=state.market_now,
        symbol=ticker,
        side=side,
        quantity=draft.quantity,
        what_if=risk_what_if(draft, state, returns),
    )


def get_limits(context: ToolContext) -> LimitsResult:
    """The limits in force and how much of each is used.

    Args:
        context: The turn's context.
    """
    state = _book(context).risk_state(None)
    opened = context.account.blotter.opened
    return LimitsResult(
        account=context.account.name,
        as_of=state.market_now,
        profile="" if opened is None else opened.profile,
        halted=context.account.blotter.halted,
        use=limits_use(state),
    )


def stress_test(context: ToolContext) -> StressResult:
    """What fixed shocks, a gap in the largest holding, and the worst week in the bars would do to the portfolio.

    Args:
        context: The turn's context.
    """
    state = _book(context).risk_state(None)
    values = {holding.symbol: holding.value for holding in state.holdings if holding.value is not None}
    net = sum(values.values(), Decimal(0))
    rows = [_stress(state, f"every price {shock:+d} %", net * shock / 100) for shock in (-10, -20)]
    if values:
        largest = max(values, key=lambda symbol: abs(values[symbol]))
        rows.append(_stress(state, f"{largest} gaps -25 %", values[largest] * -25 / 100))
        worst = _worst_week(context, values)
        if worst is not None:
            rows.append(_stress(state, f"the week to {worst[0]} again", worst[1]))
    return StressResult(
        account=context.account.name,
        currency=state.currency,
        as_of=state.market_now,
        rows=tuple(rows) if values else (),
        note="" if values else "There are no positions to stress.",
    )


def help(context: ToolContext, topic: str = "") -> HelpResult:
    """What a person can ask this desk.

    Args:
        context: The turn's context.
        topic: A subject to narrow it to, if any.
    """
    first = context.feed.instruments()[0].symbol
    examples = (
        ("Signals", ("best signals today", f"how does {first} look?", "why?", "how did calls like this do before?")),
        ("Market", (f"{first} price", f"what did {first} do in march 2020", f"volatility of {first} this year")),
        ("News", (f"what's the news on {first}?", f"{first} headlines this week")),
        ("What may come", (f"forecast {first} for next week", f"will {first} go up tomorrow?")),
        ("Your book", ("show my positions and cash", "how did I do?", "what orders are working?")),
        ("Risk", ("what's my risk?", f"what would buying 40 {first} do to my risk?", "what are my limits?")),
        ("Orders", (f"buy 40 {first}", "use your recommended size instead", "sell half", "confirm", "cancel")),
        ("The replay", ("next day", "advance 5 days", "halt trading")),
    )
    return HelpResult(topic=topic, examples=examples)


def health(context: ToolContext) -> HealthResult:
    """How the desk's parts are: reconciliation, data, and what is degraded.

    Args:
        context: The turn's context.
    """
    differences = context.account.differences()
    calendar = context.feed.calendar
    return HealthResult(
        account=context.account.name,
        as_of=context.account.market_now(),
        reconciled=not differences,
        differences=differences,
        degraded=context.health(),
        data_through=calendar.close_of(calendar.last()),
        data_note="Prices are replayed history; the account stands at a past close.",
    )


def _book(context: ToolContext) -> LedgeredAccount:
    """The account, where its clock and the turn's instant are one. Raises `Refused` in a view of an earlier day."""
    if context.asof != context.account.market_now():
        raise Refused(
            f"This is a view as of {context.asof.date()}: markets and signals can be read in it, not the book.",
            fix="Ask without --asof.",
        )
    return context.account


def _returns(context: ToolContext, symbol: str) -> Sequence[float]:
    closes = context.bars.columns(symbol, context.asof).adjusted_close[-RISK_WINDOW - 1 :]
    return [float(later / earlier - 1) for earlier, later in itertools.pairwise(closes)]


def _stress(state: RiskState, scenario: str, change: Decimal) -> StressRow:
    equity = state.equity
    share = None if not equity else (100 * change / equity).quantize(Decimal("0.01"))
    return StressRow(scenario=scenario, change=change.quantize(Decimal("0.01")), change_percent=share)


def _worst_week(context: ToolContext, values: dict[str, Decimal]) -> tuple[str, Decimal] | None:
    """The five sessions in the bars that would have cost this portfolio most: (last session, change)."""
    totals: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for symbol, value in values.items():
        columns = context.bars.columns(symbol, context.asof)
        closes, sessions = columns.adjusted_close, columns.sessions
        for end in range(5, len(closes)):
            day = str(sessions[end])
            change = value * Decimal(repr(float(closes[end] / closes[end - 5] - 1)))
            totals[day] = totals.get(day, Decimal(0)) + change
            counts[day] = counts.get(day, 0) + 1
    whole = {day: change for day, change in totals.items() if counts[day] == len(values)}
    if not whole:
        return None
    day = min(whole, key=lambda each: whole[each])
    return day, whole[day]
