"""What a boundary case is, and the books most of them share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from brokers.vocabulary import OrderType, Side
from tests.tools.risk.build import draft, holding, limits, state, stop
from tools.risk.state import Draft, RiskState

Case = tuple[Draft, RiskState]


@dataclass(frozen=True)
class Boundary:
    """One bound: what stands exactly at it and passes, and what is one step beyond and is refused by this control."""

    control: str
    name: str
    at: Case
    beyond: Case


def trailing(side: Side = Side.SELL, **trail: Decimal) -> Draft:
    """A trailing order that closes or opens ten."""
    return draft(10, side, order_type=OrderType.TRAILING, **trail)


def stop_limit(stop_price: str, limit_price: str, side: Side = Side.BUY) -> Draft:
    """A stop-limit order for ten."""
    return stop(stop_price, 10, side).model_copy(
        update={"order_type": OrderType.STOP_LIMIT, "limit_price": Decimal(limit_price)}
    )


def under(field: str, value: object, **changes: object) -> RiskState:
    """The plain account under wide limits but for one."""
    return state(limits=limits(**{field: value}), **changes)


FLAT = state()
LONG = state(holdings=(holding(100),))
SHORT = state(holdings=(holding(-100),))
CENT = Decimal("0.01")
TWICE = draft(10)
