"""How an account did: result, drawdown, closed trades, and what simply holding the same symbols would have made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from brokers.vocabulary import Finite, Instant, Value
from tools.portfolio.account import LedgeredAccount
from tools.portfolio.results import CENT, opening_equity, realized_by_fill

ZERO = Decimal(0)


class EquityPoint(Value):
    """Equity at one session's close."""

    session: date
    equity: Finite


class PerformanceResult(Value):
    """The account's record since it was opened."""

    account: str
    currency: str
    opened_at: Instant
    """On the market clock: the first close the account stood at."""
    as_of: Instant
    sessions: int
    opening_equity: Finite
    equity: Finite
    total: Finite
    total_percent: Finite
    max_drawdown_percent: Finite
    """Largest fall from a peak of equity, close to close; zero or negative."""
    closed_trades: int
    winning_trades: int
    win_rate_percent: Finite | None
    realized: Finite
    average_win: Finite | None
    average_loss: Finite | None
    commissions: Finite
    orders: int
    refusals: int
    signals_shown: int
    held_percent: Finite | None
    """Equal-weighted return, dividends aside, of the symbols traded over the same sessions."""
    curve: tuple[EquityPoint, ...]
    note: str


def performance(account: LedgeredAccount) -> PerformanceResult:
    """The record of `account` from its opening to its market clock, rebuilt from fills, adjustments and closes."""
    blotter = account.blotter.refresh()
    opening, curve = opening_equity(account), _curve(account)
    equity = curve[-1].equity
    opened = blotter.opened
    seeds = {} if opened is None else {seed.symbol: (seed.quantity, seed.price) for seed in opened.positions}
    fills = account.books.fills(account.name)
    gains = [gain for _, gain in realized_by_fill(fills, seeds)]
    wins, losses = [gain for gain in gains if gain > 0], [gain for gain in gains if gain <= 0]
    return PerformanceResult(
        account=account.name,
        currency=account.currency,
        opened_at=account.feed.calendar.close_of(curve[0].session),
        as_of=account.market_now(),
        sessions=len(curve),
        opening_equity=opening.quantize(CENT),
        equity=equity,
        total=(equity - opening).quantize(CENT),
        total_percent=(100 * (equity - opening) / opening).quantize(CENT) if opening else ZERO,
        max_drawdown_percent=_drawdown(curve),
        closed_trades=len(gains),
        winning_trades=len(wins),
        win_rate_percent=(Decimal(100 * len(wins)) / len(gains)).quantize(CENT) if gains else None,
        realized=sum(gains, ZERO),
        average_win=_mean(wins),
        average_loss=_mean(losses),
        commissions=sum((fill.commission for fill in fills), ZERO).quantize(CENT),
        orders=sum(1 for record in blotter.tickets.values() if record.order is not None),
        refusals=len(blotter.refusals),
        signals_shown=len(blotter.signals),
        held_percent=_held(account, curve),
        curve=curve,
        note=_note(len(gains)),
    )


def _note(closed: int) -> str:
    if closed == 0:
        return "No position has been closed yet, so there is no win rate."
    if closed < 30:
        return "So few closed trades cannot tell skill from luck."
    return ""


def _mean(values: list[Decimal]) -> Decimal | None:
    return (sum(values, ZERO) / len(values)).quantize(CENT) if values else None


def _curve(account: LedgeredAccount) -> tuple[EquityPoint, ...]:
    calendar, now = account.feed.calendar, account.session()
    opened = account.blotter.opened
    first = _first_session(account)
    cash = ZERO if opened is None else opened.cash
    held: dict[str, Decimal] = {}
    for seed in () if opened is None else opened.positions:
        held[seed.symbol] = held.get(seed.symbol, ZERO) + seed.quantity
    changes = sorted(
        [
            (
                fill.at,
                fill.symbol,
                fill.side.sign * fill.quantity,
                -fill.side.sign * fill.quantity * fill.price - fill.commission,
            )
            for fill in account.books.fills(account.name)
        ]
        + [(moved.at, moved.symbol, moved.quantity, moved.cash) for moved in account.blotter.adjustments.values()],
        key=lambda change: change[0],
    )
    points: list[EquityPoint] = []
    session: date | None = first
    while session is not None and session <= now:
        close = calendar.close_of(session)
        while changes and changes[0][0] <= close:
            _, symbol, quantity, amount = changes.pop(0)
            held[symbol] = held.get(symbol, ZERO) + quantity
            cash += amount
        marks = ((quantity, account.feed.quote(symbol, close)) for symbol, quantity in held.items() if quantity)
        value = sum((quantity * quote.last for quantity, quote in marks if quote is not None), ZERO)
        points.append(EquityPoint(session=session, equity=(cash + value).quantize(CENT)))
        session = calendar.next(session)
    return tuple(points)


def _first_session(account: LedgeredAccount) -> date:
    """Where the account's clock first stood: before its first move, else where it stands."""
    moves = account.blotter.moves
    start = moves[0].before if moves else account.market_now()
    first = min(start, account.market_now())
    return account.feed.calendar.on_or_before(first.date()) or account.session()


def _drawdown(curve: tuple[EquityPoint, ...]) -> Decimal:
    peak, worst = ZERO, ZERO
    for point in curve:
        peak = max(peak, point.equity)
        if peak > 0:
            worst = min(worst, 100 * (point.equity - peak) / peak)
    return worst.quantize(CENT)


def _held(account: LedgeredAccount, curve: tuple[EquityPoint, ...]) -> Decimal | None:
    symbols = {fill.symbol for fill in account.books.fills(account.name)}
    returns: list[Decimal] = []
    for symbol in sorted(symbols):
        start = account.feed.quote(symbol, account.feed.calendar.close_of(curve[0].session))
        end = account.feed.quote(symbol, account.feed.calendar.close_of(curve[-1].session))
        if start is not None and end is not None:
            returns.append(100 * (end.last / start.last - 1))
    return _mean(returns)
