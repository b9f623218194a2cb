"""The recommended size: what the distance to the stop and the account's risk per trade permit, capped by the gate."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, localcontext

from brokers.vocabulary import Side, Value
from tools.risk.gate import CONTEXT, FAULTS, judge, largest_by_size
from tools.risk.prices import HUNDRED, entry_price, usable_quote
from tools.risk.reach import known_equity
from tools.risk.reasons import Reason, plain
from tools.risk.state import ZERO, Draft, RiskState

ATR_MULTIPLE = Decimal(2)
"""Average true ranges between entry and stop where nobody named a stop."""


class Sizing(Value):
    """A recommended size and what it hangs on. Money is in the account's currency, quantities in units."""

    quantity: Decimal
    """Whole lots; zero when nothing fits, and `binding` then says why."""
    binding: str
    """The constraint that set the quantity, as a sentence."""
    control: str
    """Its id: `risk_per_trade`, `position_held`, a control of the gate, or `no_stop`."""
    entry: Decimal | None = None
    """Price a unit the entry is expected to fill at."""
    stop: Decimal | None = None
    stop_source: str = ""
    """Where the stop comes from."""
    stop_distance: Decimal | None = None
    """Money a unit between entry and stop."""
    risk_budget: Decimal | None = None
    """What the account's limits let one trade lose at its stop."""
    risk_amount: Decimal | None = None
    """What the recommended quantity would lose at its stop, before costs and gaps."""
    risk_quantity: Decimal | None = None
    """Whole lots that the risk budget alone permits."""
    reasons: tuple[Reason, ...] = ()
    """What the gate says against one lot more (or against any quantity)."""


def recommend(
    draft: Draft,
    state: RiskState,
    stop: Decimal | None = None,
    stop_source: str = "",
    atr: Decimal | None = None,
) -> Sizing:
    """Size `draft`, whose own quantity is ignored.

    An order that opens or adds gets `equity * risk_per_trade_percent / 100 / |entry - stop|` (fixed-fractional; Vince,
    "Portfolio Management Formulas", 1990), rounded down to whole lots and capped by the gate. The stop is the draft's
    own `stop_loss`, else `stop` with `stop_source`, else `atr` times two from the entry. An order against a position
    gets all of what can be closed. `stop` and `atr` are prices in the account's currency. Never raises.
    """
    with localcontext(CONTEXT):
        try:
            held = state.held(draft.symbol)
            if draft.instrument is None:
                return _nothing(draft, state, "known_symbol")
            if draft.side is Side.SELL or (draft.side is Side.BUY and held < 0):
                return _capped(draft, state, abs(held), Sizing(quantity=ZERO, binding="", control=""))
            return _opening(draft, state, _stop(draft, state, stop, stop_source, atr))
        except FAULTS:
            return _nothing(draft, state, "risk_per_trade")


def _stop(
    draft: Draft, state: RiskState, stop: Decimal | None, source: str, atr: Decimal | None
) -> tuple[Decimal, str] | None:
    """The stop price to size by and where it is from; None where there is none on the losing side of the entry."""
    entry = entry_price(draft, usable_quote(state))
    sign = 1 if draft.side is Side.BUY else -1
    ranged = None if atr is None else entry - sign * ATR_MULTIPLE * atr
    found = (
        (draft.stop_loss, "the attached stop"),
        (stop, source or "the signal's stop"),
        (ranged, f"{plain(ATR_MULTIPLE)} average true ranges"),
    )
    for price, name in found:
        if price is not None and price.is_finite() and price > 0 and sign * (entry - price) > 0:
            return price, name
    return None


def _opening(draft: Draft, state: RiskState, stop: tuple[Decimal, str] | None) -> Sizing:
    """Fixed-fractional size of an entry. Raises what the gate reads as a fault."""
    entry = entry_price(draft, usable_quote(state))
    if stop is None:
        text = "no stop is known on the losing side of the entry, so the risk of a unit is not known"
        return Sizing(quantity=ZERO, binding=text, control="no_stop", entry=entry)
    price, source = stop
    distance = abs(entry - price)
    budget = known_equity(state) * state.limits.risk_per_trade_percent / HUNDRED
    lot = _lot(draft)
    most = (budget / distance / lot).to_integral_value(rounding=ROUND_FLOOR) * lot
    known = Sizing(
        quantity=ZERO,
        binding="",
        control="",
        entry=entry,
        stop=price,
        stop_source=source,
        stop_distance=distance,
        risk_budget=budget,
        risk_amount=ZERO,
        risk_quantity=most,
    )
    return _capped(draft, state, most, known)


def _lot(draft: Draft) -> Decimal:
    return draft.instrument.lot if draft.instrument is not None else Decimal(1)


def _capped(draft: Draft, state: RiskState, most: Decimal, known: Sizing) -> Sizing:
    """The largest quantity up to `most` that passes, with the constraint that stops one lot more."""
    lot = _lot(draft)
    quantity = largest_by_size(draft, state, most)
    if quantity and (reasons := judge(draft.sized(quantity), state, alternative=False).reasons):
        return _stopped(known, ZERO, reasons)
    if (quantity + lot <= most or not quantity) and (
        reasons := judge(draft.sized(quantity + lot), state, alternative=False).reasons
    ):
        return _stopped(known, quantity, reasons)
    binding, control = _own_bound(state, known)
    return _filled_in(known, quantity).model_copy(update={"binding": binding, "control": control})


def _stopped(known: Sizing, quantity: Decimal, reasons: tuple[Reason, ...]) -> Sizing:
    """The size as the gate bounds it, with its first reason as the binding constraint."""
    why = reasons[0].text
    text = f"one more would break a limit: {why}" if quantity else f"nothing passes: {why}"
    return _filled_in(known, quantity).model_copy(
        update={"binding": text, "control": reasons[0].control, "reasons": reasons}
    )


def _filled_in(known: Sizing, quantity: Decimal) -> Sizing:
    risk = None if known.stop_distance is None else quantity * known.stop_distance
    return known.model_copy(update={"quantity": quantity, "risk_amount": risk})


def _own_bound(state: RiskState, known: Sizing) -> tuple[str, str]:
    """The sentence and id of the bound that is not the gate's."""
    if known.stop_distance is None or known.risk_budget is None:
        return "all of the position that can be closed", "position_held"
    share = f"{plain(state.limits.risk_per_trade_percent)} % of equity ({known.risk_budget:.2f} {state.currency})"
    away = f"{plain(known.stop_distance)} {state.currency} to {known.stop_source}"
    return f"risk of {share} at {away}", "risk_per_trade"


def _nothing(draft: Draft, state: RiskState, control: str) -> Sizing:
    """Zero, with what the gate says about a single unit."""
    reasons = judge(draft.sized(Decimal(1)), state, alternative=False).reasons
    if not reasons:
        return Sizing(quantity=ZERO, binding="the size cannot be computed from these numbers", control=control)
    return Sizing(quantity=ZERO, binding=reasons[0].text, control=reasons[0].control, reasons=reasons)
