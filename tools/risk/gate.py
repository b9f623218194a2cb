"""The gate: one identical judgement before virtual, paper and live, when a ticket is made and again when it is sent.

It gives every reason, never only the first; it never raises; what it cannot compute it refuses. Beside a refusal it
gives the nearest order that passes, which was itself judged.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

from brokers.vocabulary import Side, Value
from tools.risk.checks import CHECKS, Control, Cure
from tools.risk.prices import collar_band, on_tick
from tools.risk.reach import is_reducing
from tools.risk.reasons import CannotValue, Reason
from tools.risk.state import ZERO, Draft, RiskState

__all__ = ["Reason", "Verdict", "judge", "largest_by_size"]

CONTEXT = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The arithmetic of the gate: precise enough that products stay exact, whatever the caller's context; NaN traps."""

FAULTS = (ArithmeticError, ValueError, TypeError, AttributeError, LookupError, CannotValue)
"""What a control may raise; each is read as its refusal."""

CURES = {control.id: control.cure for control in CHECKS}
BY_SIZE = tuple(control for control in CHECKS if control.cure is Cure.SMALLER)


class Verdict(Value):
    """The gate's answer. `passed` is true exactly when `reasons` is empty."""

    passed: bool
    reasons: tuple[Reason, ...] = ()
    alternative: Draft | None = None
    """The nearest order that passes: the largest quantity, or the price inside the collar; None where nothing does."""
    reducing: bool = False
    """True when the order can only bring its position nearer to zero."""


def judge(draft: Draft, state: RiskState | None, *, alternative: bool = True) -> Verdict:
    """Run every control. Never raises; without a state it refuses. `alternative=False` skips the search."""
    with localcontext(CONTEXT):
        if state is None:
            return Verdict(passed=False, reasons=(Reason(control="account", text="the account is not known"),))
        reducing = _reducing(draft, state)
        reasons = _reasons(draft, state)
        if not reasons:
            return Verdict(passed=True, reducing=reducing)
        nearest = _nearest(draft, state, reasons) if alternative else None
        return Verdict(passed=False, reasons=reasons, alternative=nearest, reducing=reducing)


def largest_by_size(draft: Draft, state: RiskState, most: Decimal) -> Decimal:
    """The largest quantity up to `most`, in whole lots, that the controls on size pass; zero if none. Never raises.

    Whether that order passes the whole gate is for `judge` to say.
    """
    with localcontext(CONTEXT):
        try:
            return _largest(draft, state, most)
        except FAULTS:
            return ZERO


def _reducing(draft: Draft, state: RiskState) -> bool:
    try:
        return is_reducing(draft, state)
    except FAULTS:
        return False


def _reasons(draft: Draft, state: RiskState, controls: tuple[Control, ...] = CHECKS) -> tuple[Reason, ...]:
    """Every refusal. A control that could not be computed speaks up only when nothing else explains why."""
    reducing = _reducing(draft, state)
    said: list[Reason] = []
    silent: list[Reason] = []
    for control in controls:
        if reducing and not control.applies_to_reducing:
            continue
        try:
            reason = control.check(draft, state)
        except FAULTS as fault:
            silent.append(_uncomputed(control, fault))
        else:
            if reason is not None:
                said.append(reason)
    return tuple(said or silent)


def _uncomputed(control: Control, fault: Exception) -> Reason:
    why = str(fault) if isinstance(fault, CannotValue) else "its numbers cannot be computed"
    return Reason(control=control.id, text=f"{control.id.replace('_', ' ')} cannot be checked: {why}")


def _passes(draft: Draft, state: RiskState) -> bool:
    return not _reasons(draft, state)


def _nearest(draft: Draft, state: RiskState, reasons: tuple[Reason, ...]) -> Draft | None:
    """The nearest passing order, or None: prices first, then the largest quantity."""
    cures = {CURES[reason.control] for reason in reasons}
    if Cure.NOTHING in cures:
        return None
    try:
        candidate = _repriced(draft, state) if Cure.PRICE in cures else draft
        if not _passes(candidate, state):
            candidate = candidate.sized(_largest(candidate, state, candidate.quantity))
        return candidate if candidate.quantity > 0 and _passes(candidate, state) else None
    except FAULTS:
        return None


def _repriced(draft: Draft, state: RiskState) -> Draft:
    """The same order with its prices on the tick grid, away from the costly side, and its limit inside the collar."""
    if draft.instrument is None:
        return draft
    tick, buy = draft.instrument.tick, draft.side is Side.BUY
    update: dict[str, Decimal] = {}
    for field, up in (("stop_price", buy), ("trail", True), ("take_profit", buy), ("stop_loss", buy)):
        price: Decimal | None = getattr(draft, field)
        if price is not None:
            update[field] = on_tick(price, tick, up=up)
    moved = draft.model_copy(update=update)
    if moved.limit_price is None:
        return moved
    low, high = collar_band(moved, state)
    limit = on_tick(moved.limit_price, tick, up=not buy)
    clamped = min(max(limit, on_tick(low, tick, up=True)), on_tick(high, tick, up=False))
    return moved.model_copy(update={"limit_price": clamped})


def _largest(draft: Draft, state: RiskState, most: Decimal) -> Decimal:
    """The largest whole number of lots up to `most` that passes the controls on size, by exact bisection.

    Sound because each of those passes below any quantity it passes at; the others (a duplicate is one of a certain
    size) are for the caller to judge. The largest order allowed bounds the search, so any `most` takes few steps.
    """
    if draft.instrument is None:
        return ZERO
    lot = draft.instrument.lot
    lots = (min(most, state.limits.max_order_quantity) / lot).to_integral_value(rounding=ROUND_FLOOR)
    if lots <= 0:
        return ZERO
    low, high = 0, int(lots) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _reasons(draft.sized(middle * lot), state, BY_SIZE):
            high = middle
        else:
            low = middle
    return low * lot
