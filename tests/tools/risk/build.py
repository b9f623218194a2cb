"""Plain drafts, books and limits for the gate's tests.

A 100.00 quote, 100,000 of cash, and limits so wide that only the one under test binds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from brokers.vocabulary import Freshness, Instrument, Mode, OrderType, Quote, Side
from tools.risk.limits import Limits
from tools.risk.state import Draft, Holding, RecentOrder, RiskState, Working

MARKET_NOW = datetime(2023, 6, 30, 20, 0, tzinfo=UTC)
WALL_NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
HUNDRED = Decimal(100)

WIDE = Limits(
    version=1,
    max_quote_age=timedelta(minutes=20),
    price_collar_percent=Decimal(1000),
    passive_collar_percent=Decimal(1000),
    max_order_notional=Decimal(10**30),
    max_order_quantity=Decimal(10**9),
    max_position_percent=Decimal(10**9),
    max_gross_exposure_percent=Decimal(10**9),
    initial_margin_percent=Decimal("0.001"),
    cost_buffer_percent=Decimal(0),
    duplicate_window=timedelta(seconds=30),
    max_orders_per_minute=1000,
    max_daily_loss_percent=Decimal(100),
    risk_per_trade_percent=Decimal(1),
    allow_short=True,
)


def limits(**changes: object) -> Limits:
    """Wide limits but for `changes`."""
    return Limits.model_validate({**dict(WIDE), **changes})


def quote(bid: str = "100", ask: str = "100", **changes: object) -> Quote:
    """A quote of AAA at the market clock."""
    fields: dict[str, object] = {
        "symbol": "AAA",
        "bid": Decimal(bid),
        "ask": Decimal(ask),
        "last": Decimal(bid),
        "at": MARKET_NOW,
        "source": "test",
        "freshness": Freshness.SAMPLE,
    }
    return Quote.model_validate({**fields, **changes})


def draft(quantity: str | int = 10, side: Side = Side.BUY, **changes: object) -> Draft:
    """A market order for AAA in account V1."""
    fields: dict[str, object] = {
        "account": "V1",
        "mode": Mode.VIRTUAL,
        "instrument": Instrument(symbol="AAA"),
        "symbol": "AAA",
        "side": side,
        "quantity": Decimal(quantity),
    }
    return Draft.model_validate({**fields, **changes})


def limit(price: str, quantity: str | int = 10, side: Side = Side.BUY, **changes: object) -> Draft:
    """A limit order for AAA."""
    return draft(quantity, side, order_type=OrderType.LIMIT, limit_price=Decimal(price), **changes)


def stop(price: str, quantity: str | int = 10, side: Side = Side.BUY, **changes: object) -> Draft:
    """A stop order for AAA."""
    return draft(quantity, side, order_type=OrderType.STOP, stop_price=Decimal(price), **changes)


def holding(quantity: str | int, symbol: str = "AAA", price: str | None = "100", **changes: object) -> Holding:
    """A position marked at the market clock."""
    fields: dict[str, object] = {
        "symbol": symbol,
        "quantity": Decimal(quantity),
        "average_cost": HUNDRED,
        "price": None if price is None else Decimal(price),
        "price_at": MARKET_NOW,
    }
    return Holding.model_validate({**fields, **changes})


def working(
    remaining: str | int,
    side: Side = Side.BUY,
    symbol: str = "AAA",
    price: str = "100",
    *,
    reduce_only: bool = False,
) -> Working:
    """An order that may still fill."""
    return Working(
        order_id=f"{symbol}-{side}-{remaining}-{price}",
        symbol=symbol,
        side=side,
        remaining=Decimal(remaining),
        price=Decimal(price),
        reduce_only=reduce_only,
    )


def released(order: Draft, seconds_ago: float) -> RecentOrder:
    """The same order as `order`, released so many wall seconds ago."""
    return RecentOrder(
        at=WALL_NOW - timedelta(seconds=seconds_ago),
        symbol=order.symbol,
        side=order.side,
        quantity=order.quantity,
        order_type=order.order_type,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        ticket_id="K7Q2",
    )


def state(**changes: object) -> RiskState:
    """A flat, reconciled account with 100,000 of cash and a quote of AAA at 100."""
    fields: dict[str, object] = {
        "person": "local",
        "account": "V1",
        "mode": Mode.VIRTUAL,
        "cash": Decimal(100_000),
        "day_start_equity": Decimal(100_000),
        "quote": quote(),
        "market_now": MARKET_NOW,
        "wall_now": WALL_NOW,
        "limits": WIDE,
        "reconciled": True,
    }
    return RiskState.model_validate({**fields, **changes})
