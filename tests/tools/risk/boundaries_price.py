"""Each control on quotes, marks, collars and trigger sides: exactly at its bound, and one step beyond."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from brokers.vocabulary import Side
from tests.tools.risk.boundary import FLAT, LONG, Boundary, stop_limit, trailing, under
from tests.tools.risk.build import MARKET_NOW, draft, holding, limit, limits, quote, state, stop

PERCENT_5 = {"price_collar_percent": Decimal(5), "passive_collar_percent": Decimal(20)}
COLLARED = state(limits=limits(**PERCENT_5))
COLLARED_LONG = state(limits=limits(**PERCENT_5), holdings=(holding(100),))
OLD = timedelta(minutes=20)
TICK = timedelta(microseconds=1)

PRICE: list[Boundary] = [
    Boundary("quote_age", "missing", (draft(), FLAT), (draft(), state(quote=None))),
    Boundary("quote_age", "another symbol's", (draft(), FLAT), (draft(), state(quote=quote(symbol="BBB")))),
    Boundary("quote_age", "another currency's", (draft(), FLAT), (draft(), state(quote=quote(currency="EUR")))),
    Boundary(
        "quote_age",
        "old",
        (draft(), state(quote=quote(at=MARKET_NOW - OLD))),
        (draft(), state(quote=quote(at=MARKET_NOW - OLD - TICK))),
    ),
    Boundary("quote_age", "of the future", (draft(), FLAT), (draft(), state(quote=quote(at=MARKET_NOW + TICK)))),
    Boundary(
        "quote_age",
        "crossed",
        (draft(), state(quote=quote("100", "100"))),
        (draft(), state(quote=quote("100.01", "100"))),
    ),
    Boundary(
        "quote_age", "no bid", (draft(), state(quote=quote("0.01", "0.02"))), (draft(), state(quote=quote("0", "0.02")))
    ),
    Boundary(
        "quote_age",
        "negative",
        (draft(), state(quote=quote("0.01", "0.02"))),
        (draft(), state(quote=quote("-2", "-1"))),
    ),
    Boundary("price_collar", "buy limit above", (limit("105"), COLLARED), (limit("105.01"), COLLARED)),
    Boundary("price_collar", "buy limit far below", (limit("80"), COLLARED), (limit("79.99"), COLLARED)),
    Boundary(
        "price_collar",
        "sell limit below",
        (limit("95", 10, Side.SELL), COLLARED_LONG),
        (limit("94.99", 10, Side.SELL), COLLARED_LONG),
    ),
    Boundary(
        "price_collar",
        "sell limit far above",
        (limit("120", 10, Side.SELL), COLLARED_LONG),
        (limit("120.01", 10, Side.SELL), COLLARED_LONG),
    ),
    Boundary(
        "price_collar",
        "the ask of a wide quote",
        (draft(), state(limits=limits(**PERCENT_5), quote=quote("95", "105"))),
        (draft(), state(limits=limits(**PERCENT_5), quote=quote("94.99", "105.01"))),
    ),
    Boundary(
        "price_collar",
        "the bid of a wide quote, the limit being nearer",
        (limit("99", 10, Side.SHORT), state(limits=limits(**PERCENT_5), quote=quote("95", "105"))),
        (limit("99", 10, Side.SHORT), state(limits=limits(**PERCENT_5), quote=quote("94.99", "105.01"))),
    ),
    Boundary("price_collar", "buy stop far above", (stop("120"), COLLARED), (stop("120.01"), COLLARED)),
    Boundary(
        "price_collar",
        "sell stop far below",
        (stop("80", 10, Side.SELL), COLLARED_LONG),
        (stop("79.99", 10, Side.SELL), COLLARED_LONG),
    ),
    Boundary(
        "price_collar",
        "limit above its stop",
        (stop_limit("110", "115.5"), COLLARED),
        (stop_limit("110", "115.51"), COLLARED),
    ),
    Boundary(
        "price_collar",
        "limit far below its stop",
        (stop_limit("110", "88"), COLLARED),
        (stop_limit("110", "87.99"), COLLARED),
    ),
    Boundary(
        "price_collar",
        "trail",
        (trailing(trail=Decimal(20)), COLLARED_LONG),
        (trailing(trail=Decimal("20.01")), COLLARED_LONG),
    ),
    Boundary(
        "price_collar",
        "trail per cent",
        (trailing(trail_percent=Decimal(20)), COLLARED_LONG),
        (trailing(trail_percent=Decimal("20.1")), COLLARED_LONG),
    ),
    Boundary("price_side", "buy stop at the ask", (stop("100.01"), FLAT), (stop("100"), FLAT)),
    Boundary(
        "price_side", "sell stop at the bid", (stop("99.99", 10, Side.SELL), LONG), (stop("100", 10, Side.SELL), LONG)
    ),
    Boundary(
        "price_side",
        "stop loss of a buy",
        (draft(stop_loss=Decimal("99.99")), FLAT),
        (draft(stop_loss=Decimal(100)), FLAT),
    ),
    Boundary(
        "price_side",
        "stop loss of a short",
        (draft(10, Side.SHORT, stop_loss=Decimal("100.01")), FLAT),
        (draft(10, Side.SHORT, stop_loss=Decimal(100)), FLAT),
    ),
    Boundary(
        "price_side",
        "target of a buy",
        (draft(take_profit=Decimal("100.01")), FLAT),
        (draft(take_profit=Decimal(100)), FLAT),
    ),
    Boundary(
        "price_side",
        "target of a short",
        (draft(10, Side.SHORT, take_profit=Decimal("99.99")), FLAT),
        (draft(10, Side.SHORT, take_profit=Decimal(100)), FLAT),
    ),
    Boundary(
        "price_side",
        "stop loss of a resting buy",
        (limit("90", stop_loss=Decimal("89.99")), FLAT),
        (limit("90", stop_loss=Decimal(90)), FLAT),
    ),
    Boundary(
        "price_side",
        "stop loss of a marketable buy",
        (limit("101", stop_loss=Decimal("99.99")), FLAT),
        (limit("101", stop_loss=Decimal(100)), FLAT),
    ),
    Boundary(
        "marks",
        "no price",
        (draft(), state(holdings=(holding(1, "BBB"),))),
        (draft(), under("max_daily_loss_percent", 100, holdings=(holding(1, "BBB", price_at=None),))),
    ),
    Boundary(
        "marks",
        "old",
        (draft(), state(holdings=(holding(1, "BBB", price_at=MARKET_NOW - OLD),))),
        (draft(), state(holdings=(holding(1, "BBB", price_at=MARKET_NOW - OLD - TICK),))),
    ),
    Boundary(
        "marks",
        "of the future",
        (draft(), state(holdings=(holding(1, "BBB"),))),
        (draft(), state(holdings=(holding(1, "BBB", price_at=MARKET_NOW + TICK),))),
    ),
]
