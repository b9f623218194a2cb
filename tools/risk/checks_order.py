"""Controls on what is asked and who asks: account, instrument, numbers, sides, repeats and rate.

Each is a pure function `(draft, state) -> Reason | None`; None passes. They may raise `CannotValue` or an arithmetic
error, which the gate reads as a refusal.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from brokers.vocabulary import Instrument, InstrumentKind, OrderType, Side
from tools.risk.reach import resting
from tools.risk.reasons import Reason, over, plain
from tools.risk.state import ZERO, Draft, RiskState

LARGEST = Decimal(2**63 - 1)
"""Largest number an order may carry: what a broker's 64-bit field can hold."""

MINUTE = timedelta(seconds=60)

PRICED: dict[OrderType, tuple[bool, bool, bool]] = {
    OrderType.MARKET: (False, False, False),
    OrderType.LIMIT: (True, False, False),
    OrderType.STOP: (False, True, False),
    OrderType.STOP_LIMIT: (True, True, False),
    OrderType.TRAILING: (False, False, True),
}
"""Whether an order type carries a limit price, a stop price, a trail."""


def account(draft: Draft, state: RiskState) -> Reason | None:
    """The account is this one, in this mode, reconciled, and its books hold no impossible number.

    Source: SEC 15c3-5(c)(2)(iii) (only authorised persons and accounts); rule `gate:closed`.
    """
    if not draft.account or draft.account != state.account:
        return Reason(control="account", text=f"the order names account {draft.account!r}, not {state.account!r}")
    if draft.mode is not state.mode:
        return Reason(control="account", text=f"the order is for {draft.mode}, the account trades {state.mode}")
    if not state.reconciled:
        return Reason(control="account", text="the account is not reconciled with its broker's books")
    if not _books_are_sound(state):
        return Reason(control="account", text="the account's books hold a number that cannot be")
    return None


def halt(draft: Draft, state: RiskState) -> Reason | None:
    """The person has not halted trading.

    Source: ESMA RTS 6 Art. 12 (kill functionality); rule `gate:same`: a control like any other.
    """
    del draft
    text = "trading is halted: only orders that reduce a position pass"
    return Reason(control="halt", text=text) if state.halted else None


def _books_are_sound(state: RiskState) -> bool:
    if not state.cash.is_finite():
        return False
    marks = [holding.price for holding in state.holdings if holding.price is not None]
    marks += [order.price for order in state.working]
    units = [holding.quantity for holding in state.holdings] + [order.remaining for order in state.working]
    return (
        all(mark.is_finite() and mark > 0 for mark in marks)
        and all(unit.is_finite() for unit in units)
        and all(order.remaining >= 0 for order in state.working)
        and len({holding.symbol for holding in state.holdings}) == len(state.holdings)
    )


def known_symbol(draft: Draft, state: RiskState) -> Reason | None:
    """The instrument is known, is a stock, is not restricted and trades in the account's currency.

    Source: SEC 15c3-5(c)(2)(ii) (restricted securities); ESMA RTS 6 Art. 15(5) (permission to trade).
    """
    instrument = draft.instrument
    if instrument is None or instrument.symbol != draft.symbol:
        return Reason(control="known_symbol", text=f"{draft.symbol!r} is not a known symbol")
    if instrument.kind is not InstrumentKind.STOCK:
        return Reason(control="known_symbol", text=f"{draft.symbol} is an {instrument.kind}, which cannot be ordered")
    if instrument.restricted:
        return Reason(control="known_symbol", text=f"{draft.symbol} is on the restricted list")
    if instrument.currency != state.currency:
        text = f"{draft.symbol} trades in {instrument.currency}, the account holds {state.currency}"
        return Reason(control="known_symbol", text=text)
    return None


def _numbers(draft: Draft) -> tuple[tuple[str, Decimal], ...]:
    """Each number the draft carries, with its field's name."""
    named = (
        ("quantity", draft.quantity),
        ("limit price", draft.limit_price),
        ("stop price", draft.stop_price),
        ("trail", draft.trail),
        ("trail per cent", draft.trail_percent),
        ("take profit", draft.take_profit),
        ("stop loss", draft.stop_loss),
    )
    return tuple((name, value) for name, value in named if value is not None)


def numbers(draft: Draft, state: RiskState) -> Reason | None:
    """Every number is finite, above zero and small enough for a broker's field.

    Source: SEC 15c3-5(c)(1)(ii) (erroneous orders); nautilus_trader's precision and positivity checks.
    """
    del state
    for name, value in _numbers(draft):
        if not value.is_finite():
            return Reason(control="numbers", text=f"{name} is not a finite number")
        if value <= 0:
            return Reason(control="numbers", text=f"{name} must be above zero", value=plain(value), limit="0")
        if value > LARGEST:
            return Reason(control="numbers", text=f"{name} is too large", value=plain(value), limit=plain(LARGEST))
    return None


def order_shape(draft: Draft, state: RiskState) -> Reason | None:
    """The order carries exactly the prices its type needs.

    Source: SEC 15c3-5(c)(1)(ii) (erroneous orders).
    """
    del state
    wants = PRICED[draft.order_type]
    has = (
        draft.limit_price is not None,
        draft.stop_price is not None,
        draft.trail is not None or draft.trail_percent is not None,
    )
    for name, wanted, given in zip(("limit price", "stop price", "trail"), wants, has, strict=True):
        if wanted != given:
            kind = draft.order_type.replace("_", "-")
            text = f"a {kind} order {'needs a' if wanted else 'has no'} {name}"
            return Reason(control="order_shape", text=text)
    if draft.trail is not None and draft.trail_percent is not None:
        return Reason(control="order_shape", text="a trail is an amount or a per cent, not both")
    return None


def tick(draft: Draft, state: RiskState) -> Reason | None:
    """Every price and trail amount is a multiple of the instrument's tick.

    Source: ESMA RTS 11 (tick sizes); IBKR's minimum price variation.
    """
    del state
    step = (draft.instrument or Instrument(symbol=draft.symbol)).tick
    for name, value in _numbers(draft):
        if name not in ("quantity", "trail per cent") and value % step != 0:
            text = f"{name} {plain(value)} is not a multiple of the tick {plain(step)}"
            return Reason(control="tick", text=text, value=plain(value), limit=plain(step), unit=_currency(draft))
    return None


def _currency(draft: Draft) -> str:
    """The currency the draft's prices are in; empty when the instrument is not known."""
    return draft.instrument.currency if draft.instrument is not None else ""


def lot(draft: Draft, state: RiskState) -> Reason | None:
    """The quantity is a multiple of the instrument's lot.

    Source: SEC 15c3-5(c)(1)(ii) (erroneous orders); LEAN's lot size check.
    """
    del state
    step = (draft.instrument or Instrument(symbol=draft.symbol)).lot
    if draft.quantity % step == 0:
        return None
    text = f"quantity {plain(draft.quantity)} is not a multiple of the lot {plain(step)}"
    return Reason(control="lot", text=text, value=plain(draft.quantity), limit=plain(step), unit="units")


def side(draft: Draft, state: RiskState) -> Reason | None:
    """No order turns a position by accident, counting everything that works: a sale closes, a short opens.

    Source: Regulation SHO 200(g) (a sale is marked long only when what is sold is owned); no accidental flip.
    """
    held = state.held(draft.symbol)
    bought, sold = resting(state, draft.symbol)
    if draft.side is Side.SHORT:
        return _short(draft, state, held)
    if draft.side is Side.SELL:
        free = max(held, ZERO) - sold
        if draft.quantity > free:
            return _beyond(draft.quantity, free, f"sell {plain(draft.quantity)}", sold)
    elif held < 0 and draft.quantity > -held - bought:
        return _beyond(draft.quantity, -held - bought, f"buy back {plain(draft.quantity)}", bought)
    return None


def _short(draft: Draft, state: RiskState, held: Decimal) -> Reason | None:
    if held > 0:
        text = f"{plain(held)} {draft.symbol} are held: sell them before going short"
        return Reason(control="side", text=text, value=plain(held), limit="0", unit="units")
    if not state.limits.allow_short:
        return Reason(control="side", text="short selling is not allowed by the account's limits")
    if draft.instrument is None or not draft.instrument.shortable:
        return Reason(control="side", text=f"{draft.symbol} cannot be sold short")
    return None


def _beyond(quantity: Decimal, free: Decimal, what: str, working: Decimal) -> Reason:
    spoken = f" ({plain(working)} already in working orders)" if working else ""
    left = max(free, ZERO)
    text = f"{what} > {plain(left)} that can be closed{spoken}"
    return Reason(control="side", text=text, value=plain(quantity), limit=plain(left), unit="units")


def duplicate(draft: Draft, state: RiskState) -> Reason | None:
    """The same order was not released within the duplicate window of the wall clock.

    Source: SEC 15c3-5(c)(1)(ii) (orders that indicate duplication); ESMA RTS 6 Art. 15(3) (repeated execution).
    """
    asked = (draft.symbol, draft.side, draft.quantity, draft.order_type, draft.limit_price, draft.stop_price)
    for order in state.recent:
        given = (order.symbol, order.side, order.quantity, order.order_type, order.limit_price, order.stop_price)
        age = state.wall_now - order.at
        if given == asked and age < state.limits.duplicate_window:
            seconds = Decimal(round(age.total_seconds()))
            window = Decimal(round(state.limits.duplicate_window.total_seconds()))
            text = f"the same order was released {plain(seconds)} s ago, as {order.ticket_id}"
            return Reason(control="duplicate", text=text, value=plain(seconds), limit=plain(window), unit="s")
    return None


def order_rate(draft: Draft, state: RiskState) -> Reason | None:
    """This order and those released in the last 60 seconds of the wall clock stay within the rate.

    Source: ESMA RTS 6 Art. 15(1)(d) (message limits); nautilus_trader's `max_order_submit_rate`.
    """
    del draft
    count = Decimal(1 + sum(1 for order in state.recent if state.wall_now - order.at < MINUTE))
    limit = Decimal(state.limits.max_orders_per_minute)
    return over("order_rate", "orders in a minute", count, limit, "orders") if count > limit else None
