"""Controls on prices: the quote itself, the collar around it, and which side of it a trigger stands on.

Each is a pure function `(draft, state) -> Reason | None`; None passes. They may raise `CannotValue` or an arithmetic
error, which the gate reads as a refusal.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from brokers.vocabulary import OrderType, Side
from tools.risk.prices import HUNDRED, collar_anchor, entry_price, touch, trail_distance, usable_quote
from tools.risk.reasons import Reason, over, plain
from tools.risk.state import Draft, RiskState


def quote_age(draft: Draft, state: RiskState) -> Reason | None:
    """There is a sound quote of this instrument, no older than allowed and not from the future of the market clock.

    Missing, zero and crossed quotes are refused. Source: SEC 15c3-5(c)(1)(ii) (erroneous prices); ESMA RTS 6
    Art. 15(1)(a); rules `gate:closed` and `time:asof`.
    """
    quote = state.quote
    if quote is None or quote.symbol != draft.symbol:
        return Reason(control="quote_age", text=f"there is no quote for {draft.symbol}")
    if quote.currency != state.currency:
        text = f"{draft.symbol} is quoted in {quote.currency}, the account holds {state.currency}"
        return Reason(control="quote_age", text=text)
    if not (quote.bid.is_finite() and quote.ask.is_finite()) or quote.bid <= 0 or quote.ask <= 0:
        return Reason(control="quote_age", text="the quote has a side that is zero or not a number")
    if quote.bid > quote.ask:
        text = f"the quote is crossed: bid {plain(quote.bid)} > ask {plain(quote.ask)}"
        return Reason(control="quote_age", text=text, value=plain(quote.bid), limit=plain(quote.ask))
    return _age("quote_age", "the quote", quote.at, state)


def marks(draft: Draft, state: RiskState) -> Reason | None:
    """Every holding has a mark no older than a quote may be, so that equity and exposure are known.

    Source: rule `gate:closed`; ESMA RTS 6 Art. 15(4) needs positions valued.
    """
    del draft
    now, limit = state.market_now, state.limits.max_quote_age
    for holding in state.holdings:
        if holding.price is None or holding.price_at is None:
            return Reason(control="marks", text=f"{holding.symbol}, which is held, has no price")
        if timedelta(0) <= now - holding.price_at <= limit:
            continue
        if reason := _age("marks", f"the price of {holding.symbol}, which is held,", holding.price_at, state):
            return reason
    return None


def _age(control: str, what: str, at: datetime, state: RiskState) -> Reason | None:
    """Refuse what is older than `max_quote_age`, or later than the market clock."""
    age = state.market_now - at
    if age < timedelta(0):
        return Reason(control=control, text=f"{what} is from after the market clock")
    limit = state.limits.max_quote_age
    if age <= limit:
        return None
    seconds, allowed = Decimal(str(age.total_seconds())), Decimal(str(limit.total_seconds()))
    text = f"{what} is {_spoken(age)} old > {_spoken(limit)}"
    return Reason(control=control, text=text, value=plain(seconds), limit=plain(allowed), unit="s")


def _spoken(span: timedelta) -> str:
    """A length of time for a person: days past two days, minutes past two minutes, else seconds."""
    seconds = span.total_seconds()
    if seconds >= 2 * 86_400:
        return f"{seconds / 86_400:.1f} days"
    return f"{seconds / 60:.1f} min" if seconds >= 120 else f"{seconds:.3g} s"


def price_collar(draft: Draft, state: RiskState) -> Reason | None:
    """The worse of quote and limit stays within the collar, and a resting price within the wider, harmless-side one.

    Costly side: `max(ask, limit)` of a buy (`min(bid, limit)` of a sale) against the mid; a stop-limit's limit against
    its stop. Harmless side: limit below the mid (buy), trigger or trail away from it.
    Source: ESMA RTS 6 Art. 15(1)(a) (price collars); SEC 15c3-5(c)(1)(ii) (price parameters).
    """
    quote, limits = usable_quote(state), state.limits
    sign = 1 if draft.side is Side.BUY else -1
    worst = sign * (touch(draft, quote) - quote.mid) / quote.mid * HUNDRED
    resting = sign * ((draft.stop_price or quote.mid) - quote.mid) / quote.mid * HUNDRED
    if draft.order_type is OrderType.TRAILING:
        resting = trail_distance(draft, quote) / quote.mid * HUNDRED
    if draft.limit_price is not None:
        anchor = collar_anchor(draft, quote)
        costly = sign * (draft.limit_price - anchor) / anchor * HUNDRED
        worst, resting = max(worst, costly), max(resting, -costly)
    if worst > limits.price_collar_percent:
        return over("price_collar", "price beyond the mid by", worst, limits.price_collar_percent, "% of the mid")
    if resting > limits.passive_collar_percent:
        what = "price away from the market by"
        return over("price_collar", what, resting, limits.passive_collar_percent, "% of the mid")
    return None


def price_side(draft: Draft, state: RiskState) -> Reason | None:
    """A trigger stands where it does not fire at once; an attached stop loses and an attached target wins.

    Source: SEC 15c3-5(c)(1)(ii) (erroneous orders); IBKR rejects stops on the wrong side of the market.
    """
    quote = usable_quote(state)
    sign = 1 if draft.side is Side.BUY else -1
    at = touch(draft, quote)
    if draft.stop_price is not None and sign * (draft.stop_price - at) <= 0:
        where = "above the ask" if sign > 0 else "below the bid"
        return _wrong_side(f"stop {plain(draft.stop_price)} must be {where} {plain(at)}", draft.stop_price, at, state)
    entry = entry_price(draft, quote)
    if draft.stop_loss is not None and sign * (entry - draft.stop_loss) <= 0:
        where = "below" if sign > 0 else "above"
        text = f"stop loss {plain(draft.stop_loss)} must be {where} the entry at {plain(entry)}"
        return _wrong_side(text, draft.stop_loss, entry, state)
    if draft.take_profit is not None and sign * (draft.take_profit - entry) <= 0:
        where = "above" if sign > 0 else "below"
        text = f"take profit {plain(draft.take_profit)} must be {where} the entry at {plain(entry)}"
        return _wrong_side(text, draft.take_profit, entry, state)
    return None


def _wrong_side(text: str, value: Decimal, limit: Decimal, state: RiskState) -> Reason:
    return Reason(control="price_side", text=text, value=plain(value), limit=plain(limit), unit=state.currency)
