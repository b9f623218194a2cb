"""The one ordered list of controls. The gate runs all of them, in this order, for virtual, paper and live alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tools.risk import checks_order, checks_price, checks_size
from tools.risk.reasons import Reason
from tools.risk.state import Draft, RiskState

Check = Callable[[Draft, RiskState], Reason | None]
"""A control's body: None passes."""


class Cure(Enum):
    """What change to the order can make a control pass; decides whether a nearest passing order is looked for."""

    SMALLER = "smaller"
    """A smaller quantity; the control passes for every quantity below one that passes."""
    PRICE = "price"
    """Another price, or the same on the tick grid."""
    NOTHING = "nothing"
    """Nothing about the order itself."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its id (as in `Reason.control`), its body, and how the gate treats it."""

    id: str
    check: Check
    applies_to_reducing: bool
    """False for the controls that would only stand in the way of getting out."""
    cure: Cure = Cure.NOTHING

    @property
    def source(self) -> str:
        """The body's docstring, which names the rule it comes from."""
        return self.check.__doc__ or ""


CHECKS: tuple[Control, ...] = (
    Control("account", checks_order.account, applies_to_reducing=True),
    Control("halt", checks_order.halt, applies_to_reducing=False),
    Control("known_symbol", checks_order.known_symbol, applies_to_reducing=True),
    Control("numbers", checks_order.numbers, applies_to_reducing=True),
    Control("order_shape", checks_order.order_shape, applies_to_reducing=True),
    Control("tick", checks_order.tick, applies_to_reducing=True, cure=Cure.PRICE),
    Control("lot", checks_order.lot, applies_to_reducing=True, cure=Cure.SMALLER),
    Control("side", checks_order.side, applies_to_reducing=True, cure=Cure.SMALLER),
    Control("quote_age", checks_price.quote_age, applies_to_reducing=True),
    Control("price_collar", checks_price.price_collar, applies_to_reducing=True, cure=Cure.PRICE),
    Control("price_side", checks_price.price_side, applies_to_reducing=True),
    Control("order_notional", checks_size.order_notional, applies_to_reducing=True, cure=Cure.SMALLER),
    Control("order_quantity", checks_size.order_quantity, applies_to_reducing=True, cure=Cure.SMALLER),
    Control("position_percent", checks_size.position_percent, applies_to_reducing=False, cure=Cure.SMALLER),
    Control("gross_exposure", checks_size.gross_exposure, applies_to_reducing=False, cure=Cure.SMALLER),
    Control("buying_power", checks_size.buying_power, applies_to_reducing=True, cure=Cure.SMALLER),
    Control("duplicate", checks_order.duplicate, applies_to_reducing=True),
    Control("order_rate", checks_order.order_rate, applies_to_reducing=False),
    Control("marks", checks_price.marks, applies_to_reducing=False),
    Control("daily_loss", checks_size.daily_loss, applies_to_reducing=False),
)
"""Every control, cheap identity checks first."""
