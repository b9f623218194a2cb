"""Each control on account, instrument, numbers, sides, repeats and rate: exactly at its bound, and one step beyond."""

from __future__ import annotations

from decimal import Decimal

from brokers.vocabulary import Instrument, InstrumentKind, Mode, OrderType, Side
from tests.tools.risk.boundary import CENT, FLAT, LONG, SHORT, TWICE, Boundary, trailing, under
from tests.tools.risk.build import draft, holding, limit, released, state, stop, working

LOTS = Instrument(symbol="AAA", lot=Decimal(10), tick=Decimal("0.05"))

ORDER: list[Boundary] = [
    Boundary("account", "another account", (draft(), FLAT), (draft(account="V2"), FLAT)),
    Boundary("account", "no account", (draft(), FLAT), (draft(account=""), state(account=""))),
    Boundary("account", "another mode", (draft(), FLAT), (draft(mode=Mode.LIVE), FLAT)),
    Boundary("halt", "by the person", (draft(), FLAT), (draft(), state(halted=True))),
    Boundary("account", "not reconciled", (draft(), FLAT), (draft(), state(reconciled=False))),
    Boundary(
        "account",
        "a working order with less than nothing left",
        (draft(), state(working=(working(0),))),
        (draft(), state(working=(working(-1),))),
    ),
    Boundary(
        "account",
        "a working order at no price",
        (draft(), state(working=(working(1, price="0.01"),))),
        (draft(), state(working=(working(1, price="0"),))),
    ),
    Boundary(
        "account",
        "a mark of nothing",
        (draft(), state(holdings=(holding(1, "BBB", "0.01"),))),
        (draft(), state(holdings=(holding(1, "BBB", "0"),))),
    ),
    Boundary(
        "account",
        "one symbol held twice",
        (draft(), state(holdings=(holding(1, "BBB"), holding(1, "CCC")))),
        (draft(), state(holdings=(holding(1, "BBB"), holding(1, "BBB")))),
    ),
    Boundary("known_symbol", "unknown", (draft(), FLAT), (draft(instrument=None), FLAT)),
    Boundary("known_symbol", "another's facts", (draft(), FLAT), (draft(instrument=Instrument(symbol="BBB")), FLAT)),
    Boundary(
        "known_symbol",
        "not a stock",
        (draft(), FLAT),
        (draft(instrument=Instrument(symbol="AAA", kind=InstrumentKind.INDEX)), FLAT),
    ),
    Boundary(
        "known_symbol",
        "restricted",
        (draft(), FLAT),
        (draft(instrument=Instrument(symbol="AAA", restricted=True)), FLAT),
    ),
    Boundary(
        "known_symbol",
        "another currency",
        (draft(), FLAT),
        (draft(instrument=Instrument(symbol="AAA", currency="EUR")), FLAT),
    ),
    Boundary("numbers", "zero quantity", (draft(1), FLAT), (draft(0), FLAT)),
    Boundary("numbers", "negative quantity", (draft(1), FLAT), (draft(-1), FLAT)),
    Boundary("numbers", "zero limit", (limit("0.01"), FLAT), (limit("0"), FLAT)),
    Boundary(
        "numbers",
        "past 64 bits",
        (limit("0.01", "9223372036854775807"), under("max_order_quantity", 10**19, cash=Decimal(10**30))),
        (limit("0.01", "9223372036854775808"), under("max_order_quantity", 10**19, cash=Decimal(10**30))),
    ),
    Boundary("order_shape", "market with a limit", (draft(), FLAT), (draft(limit_price=Decimal(100)), FLAT)),
    Boundary("order_shape", "limit without one", (limit("100"), FLAT), (draft(order_type=OrderType.LIMIT), FLAT)),
    Boundary("order_shape", "stop without one", (stop("101"), FLAT), (draft(order_type=OrderType.STOP), FLAT)),
    Boundary(
        "order_shape",
        "two trails",
        (trailing(trail=Decimal(1)), LONG),
        (trailing(trail=Decimal(1), trail_percent=Decimal(1)), LONG),
    ),
    Boundary("order_shape", "trailing without a trail", (trailing(trail_percent=Decimal(1)), LONG), (trailing(), LONG)),
    Boundary("tick", "limit", (limit("100.05", instrument=LOTS), FLAT), (limit("100.06", instrument=LOTS), FLAT)),
    Boundary("tick", "stop", (stop("101.05", instrument=LOTS), FLAT), (stop("101.06", instrument=LOTS), FLAT)),
    Boundary(
        "tick",
        "attached target",
        (draft(take_profit=Decimal("110.01")), FLAT),
        (draft(take_profit=Decimal("110.001")), FLAT),
    ),
    Boundary(
        "tick", "attached stop", (draft(stop_loss=Decimal("90.01")), FLAT), (draft(stop_loss=Decimal("90.001")), FLAT)
    ),
    Boundary("tick", "trail", (trailing(trail=CENT), LONG), (trailing(trail=Decimal("0.015")), LONG)),
    Boundary("lot", "lots of ten", (draft(20, instrument=LOTS), FLAT), (draft(21, instrument=LOTS), FLAT)),
    Boundary("lot", "half a share", (draft(1), FLAT), (draft("1.5"), FLAT)),
    Boundary("side", "more than is held", (draft(100, Side.SELL), LONG), (draft(101, Side.SELL), LONG)),
    Boundary("side", "selling what is not held", (draft(1, Side.SELL), LONG), (draft(1, Side.SELL), FLAT)),
    Boundary("side", "selling when short", (draft(1, Side.SHORT), SHORT), (draft(1, Side.SELL), SHORT)),
    Boundary(
        "side",
        "more than working sales leave",
        (draft(60, Side.SELL), state(holdings=(holding(100),), working=(working(40, Side.SELL),))),
        (draft(61, Side.SELL), state(holdings=(holding(100),), working=(working(40, Side.SELL),))),
    ),
    Boundary("side", "buying back more than is short", (draft(100), SHORT), (draft(101), SHORT)),
    Boundary(
        "side",
        "buying back what already works",
        (draft(60), state(holdings=(holding(-100),), working=(working(40),))),
        (draft(61), state(holdings=(holding(-100),), working=(working(40),))),
    ),
    Boundary(
        "side", "short while long", (draft(1, Side.SHORT), FLAT), (draft(1, Side.SHORT), state(holdings=(holding(1),)))
    ),
    Boundary(
        "side", "short not allowed", (draft(1, Side.SHORT), FLAT), (draft(1, Side.SHORT), under("allow_short", False))
    ),
    Boundary(
        "side",
        "not shortable",
        (draft(1, Side.SHORT), FLAT),
        (draft(1, Side.SHORT, instrument=Instrument(symbol="AAA", shortable=False)), FLAT),
    ),
    Boundary(
        "duplicate",
        "window",
        (TWICE, state(recent=(released(TWICE, 30),))),
        (TWICE, state(recent=(released(TWICE, 29.999),))),
    ),
    Boundary(
        "duplicate",
        "a clock that went back",
        (TWICE, state(recent=(released(TWICE, 30),))),
        (TWICE, state(recent=(released(TWICE, -5),))),
    ),
    Boundary(
        "duplicate",
        "reducing is not exempt",
        (draft(10, Side.SELL), LONG),
        (draft(10, Side.SELL), state(holdings=(holding(100),), recent=(released(draft(10, Side.SELL), 1),))),
    ),
    Boundary(
        "order_rate",
        "a minute",
        (draft(), under("max_orders_per_minute", 2, recent=(released(draft(11), 59.999), released(draft(12), 60)))),
        (draft(), under("max_orders_per_minute", 2, recent=(released(draft(11), 59.999), released(draft(12), 59.999)))),
    ),
    Boundary(
        "order_rate",
        "none at all",
        (draft(), under("max_orders_per_minute", 1)),
        (draft(), under("max_orders_per_minute", 0)),
    ),
]
