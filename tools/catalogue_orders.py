"""Tools that prepare orders and offer acts. They make tickets and offers; they release nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from brokers.vocabulary import BadInput, Finite, Mode, OrderType, Side, TimeInForce
from tools.context import Offer, ToolContext
from tools.execution.proposer import Proposal
from tools.execution.request import OrderRequest
from tools.preferences.preferences import DefaultSize


def propose_order(
    context: ToolContext,
    symbol: str,
    side: Side | Literal["close"],
    quantity: str | None = None,
    notional: Finite | None = None,
    percent_of_equity: Finite | None = None,
    order_type: OrderType = OrderType.MARKET,
    limit_price: Finite | None = None,
    stop_price: Finite | None = None,
    trail: Finite | None = None,
    trail_percent: Finite | None = None,
    tif: TimeInForce = TimeInForce.DAY,
    take_profit: Finite | None = None,
    stop_loss: Finite | None = None,
) -> Proposal:
    """Prepare an order as a ticket the person can release, or a refusal with the nearest order that would pass.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
        side: buy, sell (reduce a long position), short (open one), or close (whatever is held).
        quantity: Whole units ("40"), "all", "half" or "25%" of the position, or "recommended". Without any size, an
            order to buy or short has the person's default size, where they set one, else the recommended one.
        notional: Money to spend instead of a quantity, in the account's currency.
        percent_of_equity: Share of equity to spend instead of a quantity; 2 means 2 %.
        order_type: How the price is found.
        limit_price: For limit and stop-limit orders.
        stop_price: Trigger of stop and stop-limit orders.
        trail: Trailing distance in currency.
        trail_percent: Trailing distance in per cent.
        tif: How long the order works.
        take_profit: Attached target, reduce-only.
        stop_loss: Attached stop, reduce-only.
    """
    unsized = quantity is None and notional is None and percent_of_equity is None
    default = context.preferences.default_size if unsized and side in (Side.BUY, Side.SHORT) else None
    if default is not None:
        quantity = None if default.shares is None else str(default.shares)
        notional, percent_of_equity = default.notional_usd, default.pct_equity
    request = OrderRequest(
        symbol=symbol.strip().upper(),
        side=side,
        quantity=quantity,
        notional=notional,
        percent_of_equity=percent_of_equity,
        order_type=order_type,
        limit_price=limit_price,
        stop_price=stop_price,
        trail=trail,
        trail_percent=trail_percent,
        tif=tif,
        take_profit=take_profit,
        stop_loss=stop_loss,
    )
    made = context.proposer.propose(request)
    return made if default is None else made.model_copy(update={"note": f"{_defaulted(default)} {made.note}".rstrip()})


def _defaulted(size: DefaultSize) -> str:
    return f"No size was said, so this is for your default size: {size.words}."


def revise_order(
    context: ToolContext,
    ticket: str,
    symbol: str | None = None,
    side: Side | None = None,
    quantity: str | None = None,
    notional: Finite | None = None,
    percent_of_equity: Finite | None = None,
    order_type: OrderType | None = None,
    limit_price: Finite | None = None,
    stop_price: Finite | None = None,
    trail: Finite | None = None,
    trail_percent: Finite | None = None,
    tif: TimeInForce | None = None,
    take_profit: Finite | None = None,
    stop_loss: Finite | None = None,
) -> Proposal:
    """Make a new ticket in place of an open one; only what is given changes. The old ticket becomes void.

    Args:
        context: The turn's context.
        ticket: Code of the open ticket.
        symbol: Another ticker.
        side: Another side.
        quantity: Another quantity, as in `propose_order`; "recommended" for the recommended size.
        notional: Money to spend instead of a quantity.
        percent_of_equity: Share of equity to spend instead of a quantity.
        order_type: Another order type.
        limit_price: Another limit price.
        stop_price: Another trigger.
        trail: Another trailing distance in currency.
        trail_percent: Another trailing distance in per cent.
        tif: Another time in force.
        take_profit: Another attached target.
        stop_loss: Another attached stop.
    """
    given: dict[str, object] = {
        "symbol": None if symbol is None else symbol.strip().upper(),
        "side": side,
        "quantity": quantity,
        "notional": notional,
        "percent_of_equity": percent_of_equity,
        "order_type": order_type or _implied(limit_price, stop_price, trail, trail_percent),
        "limit_price": limit_price,
        "stop_price": stop_price,
        "trail": trail,
        "trail_percent": trail_percent,
        "tif": tif,
        "take_profit": take_profit,
        "stop_loss": stop_loss,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if "order_type" in changes:
        changes = {**_without_prices(changes), **changes}
    if {"notional", "percent_of_equity"} & changes.keys():
        changes.setdefault("quantity", None)
    return context.proposer.revise(ticket, changes)


def _implied(
    limit: Decimal | None, stop: Decimal | None, trail: Decimal | None, trail_percent: Decimal | None
) -> OrderType | None:
    """The order type that newly named prices mean."""
    if trail is not None or trail_percent is not None:
        return OrderType.TRAILING
    if limit is not None and stop is not None:
        return OrderType.STOP_LIMIT
    if limit is not None:
        return OrderType.LIMIT
    return None if stop is None else OrderType.STOP


def _without_prices(changes: dict[str, object]) -> dict[str, object]:
    """A change of order type drops the old type's prices, unless it names them again."""
    return {name: None for name in ("limit_price", "stop_price", "trail", "trail_percent") if name not in changes}


def offer_cancel(context: ToolContext, ticket: str = "") -> Offer:
    """Offer to cancel a working order. The person's own words do it.

    Args:
        context: The turn's context.
        ticket: Code of the ticket the order came from; may be left out when one order is working.
    """
    working = [
        record.ticket.id
        for record in context.account.blotter.refresh().tickets.values()
        if record.order is not None and context.account.working_of(record)
    ]
    named = ticket.strip().upper()
    if not named and len(working) == 1:
        named = working[0]
    if not working:
        raise BadInput("No order is working, so there is nothing to cancel.")
    if named not in working:
        raise BadInput(f"Which order? Working: {', '.join(working)}.", fix="Say “cancel” with its code.")
    return _offer(context, Offer(act="cancel_order", subject=named, text=f"cancel {named}"))


def offer_mode(context: ToolContext, mode: Mode) -> Offer:
    """Offer to change the trading mode. The person's own words do it.

    Args:
        context: The turn's context.
        mode: Where orders should go.
    """
    return _offer(context, Offer(act="change_mode", subject=mode.value, text=f"switch to {mode.value}"))


def offer_next_session(context: ToolContext, sessions: int = 1) -> Offer:
    """Offer to step the replay clock of a virtual account forward. The person's own words do it.

    Args:
        context: The turn's context.
        sessions: How many sessions to step.
    """
    if not 1 <= sessions <= 250:
        raise BadInput("The clock steps 1 to 250 sessions at a time.")
    words = "next day" if sessions == 1 else f"advance {sessions} days"
    return _offer(context, Offer(act="next_day", subject=str(sessions), text=words))


def offer_halt(context: ToolContext) -> Offer:
    """Suggest halting trading: only reducing orders would pass. The person's own words do it.

    Args:
        context: The turn's context.
    """
    return _offer(context, Offer(act="halt", subject="", text="halt trading"))


def _offer(context: ToolContext, offer: Offer) -> Offer:
    context.offers.append(offer)
    return offer
