"""One step of the replay: from the close an account stands at to the close of the next session.

In this order: splits and dividends that take effect before the open, on positions and open orders; matching, symbol by
symbol, through the three moments of the bar; expiry of what worked for one session. Fills carry the session's official
close as their instant, because a daily bar knows no other.

Splits change every open order (quantity times, prices divided by the ratio); cash dividends lower good-till-cancelled
buy limits and sell stops, which would otherwise be reached by the ex-dividend drop alone, and leave the others as they
are (the open-order convention of FINRA rule 5330). Prices are rounded to the tick away from the market. Dividends are
paid, and charged to shorts, on the ex-date; a fraction of a share left by a split is paid in cash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from brokers.paper_books import OrderRow
from brokers.paper_costs import to_cents, to_step
from brokers.paper_matching import Phase, match
from brokers.paper_venue import Venue
from brokers.vocabulary import (
    Bar,
    CorporateAction,
    DeskmateError,
    Instrument,
    Order,
    OrderType,
    Side,
    TimeInForce,
)

_ZERO = Decimal(0)
_STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING})


def step(venue: Venue, session: date) -> Sequence[CorporateAction]:
    """Take the account into `session`, the one after its own. Returns the corporate actions that were applied."""
    venue.session = session
    symbols = sorted(
        {position.symbol for position in venue.books.positions(venue.account.name)}
        | {row.order.instrument.symbol for row in venue.open_orders()}
    )
    applied = [action for symbol in symbols for action in _corporate(venue, symbol)]
    bars = {symbol: bar for symbol in symbols if (bar := venue.feed.bar(symbol, session)) is not None}
    venue.opens = {symbol: bar.open for symbol, bar in bars.items()}
    for symbol, bar in bars.items():
        instrument = venue.feed.instrument(symbol)
        if instrument is not None:
            _trade(venue, instrument, bar)
    for row in venue.open_orders():
        if row.order.tif is not TimeInForce.GTC and row.session < session:
            venue.end(row, f"Expired at the close of {session.isoformat()}.")
    venue.opens = {}
    venue.account = replace(venue.account, session=session)
    venue.save()
    return applied


def _trade(venue: Venue, instrument: Instrument, bar: Bar) -> None:
    late: set[str] = set()
    for phase in Phase:
        seen: set[str] = set()
        while row := _next(venue, instrument.symbol, seen):
            seen.add(row.id)
            _meet(venue, row, instrument, bar, phase, late=row.id in late)
            # An entry that filled has woken its children: they arrived last and come up before the phase is over.
            late |= venue.grown if phase is Phase.INSIDE else set()
            venue.grown.clear()


def _next(venue: Venue, symbol: str, seen: set[str]) -> OrderRow | None:
    """The next order to look at: stops before the rest, so that the worse of two comes first; then by arrival."""
    waiting = [row for row in venue.open_orders(symbol) if row.id not in seen]
    return min(waiting, key=lambda row: row.order.order_type not in _STOPS, default=None)


def _meet(venue: Venue, row: OrderRow, instrument: Instrument, bar: Bar, phase: Phase, *, late: bool) -> None:
    met = match(row.order, row.working, bar, phase, instrument.tick, late=late)
    if met.working != row.working:
        row = replace(row, working=met.working)
        venue.books.update_order(row)
        venue.touch()
    if met.price is None:
        return
    reducible = venue.reducible(row)
    if reducible == 0:
        if row.parent is None:
            venue.end(row, "Nothing is left to sell.")
        return
    wanted = row.remaining if reducible is None else min(row.remaining, reducible)
    quantity = min(wanted, venue.takeable(instrument.symbol))
    if not quantity:
        return
    price = venue.price(row, met.price, quantity, slips=met.slips)
    if not venue.affordable(row, quantity, price):
        venue.end(row, f"Buying power: not enough for {quantity:f} at {price:f} when it could fill.")
        return
    venue.execute(row, quantity, price)


def _corporate(venue: Venue, symbol: str) -> Sequence[CorporateAction]:
    actions = venue.feed.actions(symbol, venue.session)
    instrument = venue.feed.instrument(symbol)
    if not actions:
        return ()
    if instrument is None:
        raise DeskmateError(f"{symbol} has corporate actions but is not known to the market feed.")
    for action in actions:
        if action.ratio is not None:
            _split(venue, instrument, action.ratio)
        if action.amount is not None:
            _dividend(venue, instrument, action.amount)
    return actions


def _split(venue: Venue, instrument: Instrument, ratio: Decimal) -> None:
    held = venue.books.position(venue.account.name, instrument.symbol)
    if held.quantity:
        exact = held.quantity * ratio
        sign = 1 if exact > 0 else -1
        whole = sign * to_step(abs(exact), instrument.lot, up=False)
        quote = venue.quote(instrument.symbol)
        worth = (quote.last / ratio) if quote else held.average_cost / ratio
        venue.books.put_position(
            held.model_copy(update={"quantity": whole, "average_cost": held.average_cost / ratio if whole else _ZERO})
        )
        venue.move("split", instrument.symbol, quantity=whole - held.quantity)
        if exact != whole:
            venue.move("cash_in_lieu", instrument.symbol, amount=to_cents((exact - whole) * worth))
    for row in venue.open_orders(instrument.symbol):
        changed = split_order(row, ratio, instrument)
        venue.books.update_order(changed)
        venue.touch()
        if changed.remaining <= 0:
            venue.end(changed, "A split left less than one lot of the order.")
    venue.drop_idle(instrument.symbol)


def _dividend(venue: Venue, instrument: Instrument, amount: Decimal) -> None:
    held = venue.books.position(venue.account.name, instrument.symbol)
    if held.quantity:
        venue.move("dividend", instrument.symbol, amount=to_cents(held.quantity * amount))
    for row in venue.open_orders(instrument.symbol):
        if row.order.tif is not TimeInForce.GTC:
            continue
        order = dividend_order(row.order, amount, instrument.tick)
        best = row.working.best
        if best is not None and row.order.side is not Side.BUY:
            best -= amount
        if order is None or (best is not None and best <= 0):
            venue.end(row, "A dividend took its price to zero.")
        elif order != row.order or best != row.working.best:
            venue.books.update_order(replace(row, order=order, working=replace(row.working, best=best)))
            venue.touch()


def split_order(row: OrderRow, ratio: Decimal, instrument: Instrument) -> OrderRow:
    """`row` in the terms after a split: quantities times `ratio` in whole lots, prices divided by it to the tick."""
    order = row.order

    def divided(value: Decimal | None, *, up: bool) -> Decimal | None:
        return None if value is None else max(to_step(value / ratio, instrument.tick, up=up), instrument.tick)

    buys = order.side is Side.BUY
    update = {
        "quantity": to_step(order.quantity * ratio, instrument.lot, up=False),
        "limit_price": divided(order.limit_price, up=not buys),
        "stop_price": divided(order.stop_price, up=buys),
        "trail": divided(order.trail, up=True),
        "take_profit": divided(order.take_profit, up=buys),
        "stop_loss": divided(order.stop_loss, up=not buys),
    }
    best = row.working.best
    return replace(
        row,
        order=order.model_copy(update=update),
        filled=to_step(row.filled * ratio, instrument.lot, up=False),
        working=replace(row.working, best=None if best is None else best / ratio),
    )


def dividend_order(order: Order, amount: Decimal, tick: Decimal) -> Order | None:
    """`order` after a cash dividend of `amount` a share; None where a price would not stay above zero."""
    buys = order.side is Side.BUY
    lowered: dict[str, Decimal | None] = {}
    if buys and order.order_type is OrderType.LIMIT:
        lowered["limit_price"] = order.limit_price
    if not buys and order.order_type in (OrderType.STOP, OrderType.STOP_LIMIT):
        lowered |= {"stop_price": order.stop_price, "limit_price": order.limit_price}
    # The attached prices of an entry follow the same rule: a long's stop is a sell stop, a short's target a buy limit.
    lowered["stop_loss" if buys else "take_profit"] = order.stop_loss if buys else order.take_profit
    update = {name: to_step(value - amount, tick, up=False) for name, value in lowered.items() if value is not None}
    return order.model_copy(update=update) if all(value > 0 for value in update.values()) else None
