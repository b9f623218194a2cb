"""Risk profiles: where a new account's limits document starts. A person tightens or loosens from there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from tools.risk.limits import Limits


class Profile(StrEnum):
    """How much risk an account starts with."""

    CONSERVATIVE = "conservative"
    MODERATE = "moderate"
    AGGRESSIVE = "aggressive"


def starting_limits(profile: Profile) -> Limits:
    """Version 1 of the limits document for `profile`."""
    match profile:
        case Profile.CONSERVATIVE:
            return _conservative()
        case Profile.MODERATE:
            return _moderate()
        case Profile.AGGRESSIVE:
            return _aggressive()
    assert_never(profile)


def _conservative() -> Limits:
    return Limits(
        version=1,
        max_quote_age=timedelta(minutes=5),
        price_collar_percent=Decimal(2),
        passive_collar_percent=Decimal(25),
        max_order_notional=Decimal(20_000),
        max_order_quantity=Decimal(2_000),
        max_position_percent=Decimal(10),
        max_gross_exposure_percent=Decimal(80),
        initial_margin_percent=Decimal(100),
        cost_buffer_percent=Decimal("0.5"),
        duplicate_window=timedelta(seconds=60),
        max_orders_per_minute=5,
        max_daily_loss_percent=Decimal(1),
        risk_per_trade_percent=Decimal("0.5"),
        allow_short=False,
    )


def _moderate() -> Limits:
    return Limits(
        version=1,
        max_quote_age=timedelta(minutes=20),
        price_collar_percent=Decimal(5),
        passive_collar_percent=Decimal(50),
        max_order_notional=Decimal(50_000),
        max_order_quantity=Decimal(10_000),
        max_position_percent=Decimal(20),
        max_gross_exposure_percent=Decimal(100),
        initial_margin_percent=Decimal(100),
        cost_buffer_percent=Decimal("0.5"),
        duplicate_window=timedelta(seconds=30),
        max_orders_per_minute=10,
        max_daily_loss_percent=Decimal(3),
        risk_per_trade_percent=Decimal(1),
        allow_short=True,
    )


def _aggressive() -> Limits:
    return Limits(
        version=1,
        max_quote_age=timedelta(hours=1),
        price_collar_percent=Decimal(10),
        passive_collar_percent=Decimal(75),
        max_order_notional=Decimal(250_000),
        max_order_quantity=Decimal(100_000),
        max_position_percent=Decimal(35),
        max_gross_exposure_percent=Decimal(200),
        initial_margin_percent=Decimal(50),
        cost_buffer_percent=Decimal("0.25"),
        duplicate_window=timedelta(seconds=10),
        max_orders_per_minute=30,
        max_daily_loss_percent=Decimal(6),
        risk_per_trade_percent=Decimal(2),
        allow_short=True,
    )
