"""What an order may cost a unit: for reserving capital, and for the collar."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from brokers.vocabulary import Quote, Side
from tools.risk.reasons import CannotValue
from tools.risk.state import ZERO, Draft, RiskState

HUNDRED = Decimal(100)


def usable_quote(state: RiskState) -> Quote:
    """The state's quote when both sides are positive and uncrossed. Raises `CannotValue` otherwise."""
    quote = state.quote
    if quote is None:
        raise CannotValue("there is no quote", fix="Wait for a quote, or choose a symbol that trades.")
    if not (quote.bid.is_finite() and quote.ask.is_finite()) or quote.bid <= 0 or quote.ask < quote.bid:
        raise CannotValue("the quote is zero, crossed or not a number", fix="Wait for a sound quote.")
    return quote


def touch(draft: Draft, quote: Quote) -> Decimal:
    """The side of the quote the order would trade against: the ask for a buy, the bid for a sale."""
    return quote.ask if draft.side is Side.BUY else quote.bid


def trail_distance(draft: Draft, quote: Quote) -> Decimal:
    """A trailing order's distance in money, from whichever of the two ways it is given in; zero for other orders."""
    if draft.trail is not None:
        return draft.trail
    if draft.trail_percent is not None:
        return touch(draft, quote) * draft.trail_percent / HUNDRED
    return ZERO


def reserve_price(draft: Draft, state: RiskState) -> Decimal:
    """What a unit is reserved and counted at. Raises `CannotValue` without a usable quote.

    A buy: its limit, else the higher of stop (or trailing trigger) and ask. A sale: the highest of limit, stop and bid.
    """
    quote = usable_quote(state)
    if draft.side is Side.BUY:
        if draft.limit_price is not None:
            return draft.limit_price
        return max(quote.ask + trail_distance(draft, quote), draft.stop_price or ZERO)
    return max(quote.bid, draft.limit_price or ZERO, draft.stop_price or ZERO)


def entry_price(draft: Draft, quote: Quote) -> Decimal:
    """Where the entry is expected to fill: at its trigger, else at the better of limit and touch."""
    if draft.stop_price is not None:
        return draft.stop_price
    at = touch(draft, quote)
    if draft.limit_price is None:
        return at
    return min(draft.limit_price, at) if draft.side is Side.BUY else max(draft.limit_price, at)


def collar_anchor(draft: Draft, quote: Quote) -> Decimal:
    """What a limit price is measured against: the mid or, for a stop-limit, its stop."""
    return quote.mid if draft.stop_price is None else draft.stop_price


def collar_band(draft: Draft, state: RiskState) -> tuple[Decimal, Decimal]:
    """Lowest and highest limit price that the collars permit, around the mid or, for a stop-limit, around the stop.

    Raises `CannotValue` without a usable quote.
    """
    anchor = collar_anchor(draft, usable_quote(state))
    costly = anchor * state.limits.price_collar_percent / HUNDRED
    harmless = anchor * state.limits.passive_collar_percent / HUNDRED
    if draft.side is Side.BUY:
        return anchor - harmless, anchor + costly
    return anchor - costly, anchor + harmless


def on_tick(price: Decimal, tick: Decimal, *, up: bool) -> Decimal:
    """`price` moved to a multiple of `tick`, up or down; a price already on it stays."""
    steps = (price / tick).to_integral_value(rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return steps * tick
