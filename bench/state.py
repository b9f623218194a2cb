"""A realistic account and order for timing the gate: ten holdings, five working orders, a full hour of recent ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from brokers.vocabulary import Freshness, Instrument, Mode, Quote, Side
from tools.risk.profiles import Profile, starting_limits
from tools.risk.state import Draft, Holding, RecentOrder, RiskState, Working

MARKET = datetime(2023, 6, 27, 20, 0, tzinfo=UTC)
WALL = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


def bench_draft() -> Draft:
    """A small limit order in a known stock."""
    return Draft(
        account="V1",
        mode=Mode.VIRTUAL,
        instrument=Instrument(symbol="AAPL", name="Apple"),
        symbol="AAPL",
        side=Side.BUY,
        quantity=Decimal(10),
    )


def bench_state() -> RiskState:
    """The account around it."""
    symbols = [f"S{n}" for n in range(10)]
    return RiskState(
        person="bench",
        account="V1",
        mode=Mode.VIRTUAL,
        cash=Decimal(100_000),
        day_start_equity=Decimal(150_000),
        holdings=tuple(
            Holding(symbol=s, quantity=Decimal(50), average_cost=Decimal(95), price=Decimal(100), price_at=MARKET)
            for s in symbols
        ),
        working=tuple(
            Working(order_id=f"o{n}", symbol=s, side=Side.BUY, remaining=Decimal(5), price=Decimal(99))
            for n, s in enumerate(symbols[:5])
        ),
        recent=tuple(
            RecentOrder(
                at=WALL - timedelta(minutes=2 + n),
                symbol="AAPL",
                side=Side.BUY,
                quantity=Decimal(10 + n),
                order_type=bench_draft().order_type,
                limit_price=None,
                stop_price=None,
                ticket_id=f"T{n}",
            )
            for n in range(20)
        ),
        quote=Quote(
            symbol="AAPL",
            bid=Decimal("188.04"),
            ask=Decimal("188.08"),
            last=Decimal("188.06"),
            at=MARKET,
            source="bench",
            freshness=Freshness.SAMPLE,
            volume=50_000_000,
        ),
        market_now=MARKET,
        wall_now=WALL,
        limits=starting_limits(Profile.MODERATE),
        reconciled=True,
        average_volume=Decimal(50_000_000),
    )
