"""Each control on size, position, exposure, buying power and daily loss: exactly at its bound, and one step beyond."""

from __future__ import annotations

from decimal import Decimal

from brokers.vocabulary import OrderType, Side
from tests.tools.risk.boundary import CENT, FLAT, Boundary, under
from tests.tools.risk.build import draft, holding, limit, limits, quote, state, stop, working

CASH_ACCOUNT = limits(initial_margin_percent=Decimal(100))
BUFFERED = limits(initial_margin_percent=Decimal(100), cost_buffer_percent=Decimal(1))
HALF_MARGIN = limits(initial_margin_percent=Decimal(50))
TEN_PERCENT = {"max_position_percent": Decimal(10)}
GROSS_50 = {"max_gross_exposure_percent": Decimal(50)}

SIZE: list[Boundary] = [
    Boundary(
        "order_notional",
        "market",
        (draft(50), under("max_order_notional", 5000)),
        (draft(51), under("max_order_notional", 5000)),
    ),
    Boundary(
        "order_notional",
        "limit",
        (limit("50", 100), under("max_order_notional", 5000)),
        (limit("50.01", 100), under("max_order_notional", 5000)),
    ),
    Boundary(
        "order_notional",
        "the ask, not the mid",
        (draft(50), under("max_order_notional", 5000, quote=quote("99", "100"))),
        (draft(50), under("max_order_notional", 5000, quote=quote("99", "100.01"))),
    ),
    Boundary(
        "order_notional",
        "stop of a buy",
        (stop("125", 40), under("max_order_notional", 5000)),
        (stop("125.01", 40), under("max_order_notional", 5000)),
    ),
    Boundary(
        "order_notional",
        "limit of a short",
        (limit("125", 40, Side.SHORT), under("max_order_notional", 5000)),
        (limit("125.01", 40, Side.SHORT), under("max_order_notional", 5000)),
    ),
    Boundary(
        "order_notional",
        "trailing buy at its trigger",
        (draft(40, order_type=OrderType.TRAILING, trail=Decimal(25)), under("max_order_notional", 5000)),
        (draft(40, order_type=OrderType.TRAILING, trail=Decimal("25.01")), under("max_order_notional", 5000)),
    ),
    Boundary(
        "order_notional",
        "a reducing sale is not exempt",
        (draft(50, Side.SELL), under("max_order_notional", 5000, holdings=(holding(100),))),
        (draft(51, Side.SELL), under("max_order_notional", 5000, holdings=(holding(100),))),
    ),
    Boundary(
        "order_quantity",
        "shares",
        (draft(50), under("max_order_quantity", 50)),
        (draft(51), under("max_order_quantity", 50)),
    ),
    Boundary(
        "position_percent",
        "flat",
        (draft(100), state(limits=limits(**TEN_PERCENT))),
        (draft(101), state(limits=limits(**TEN_PERCENT))),
    ),
    Boundary(
        "position_percent",
        "short",
        (draft(100, Side.SHORT), state(limits=limits(**TEN_PERCENT))),
        (draft(101, Side.SHORT), state(limits=limits(**TEN_PERCENT))),
    ),
    Boundary(
        "position_percent",
        "with what is held and works",
        (
            draft(50),
            state(limits=limits(**TEN_PERCENT), cash=Decimal(97_000), holdings=(holding(30),), working=(working(20),)),
        ),
        (
            draft(51),
            state(limits=limits(**TEN_PERCENT), cash=Decimal(97_000), holdings=(holding(30),), working=(working(20),)),
        ),
    ),
    Boundary(
        "position_percent",
        "more short",
        (
            draft(50, Side.SHORT),
            state(
                limits=limits(**TEN_PERCENT),
                cash=Decimal(103_000),
                holdings=(holding(-30),),
                working=(working(20, Side.SHORT),),
            ),
        ),
        (
            draft(51, Side.SHORT),
            state(
                limits=limits(**TEN_PERCENT),
                cash=Decimal(103_000),
                holdings=(holding(-30),),
                working=(working(20, Side.SHORT),),
            ),
        ),
    ),
    Boundary(
        "position_percent",
        "a resting buy counts at the mid it can return to",
        (limit("50", 100), state(limits=limits(**TEN_PERCENT))),
        (limit("50", 101), state(limits=limits(**TEN_PERCENT))),
    ),
    Boundary(
        "gross_exposure",
        "another long",
        (draft(200), state(limits=limits(**GROSS_50), cash=Decimal(70_000), holdings=(holding(300, "BBB"),))),
        (draft(201), state(limits=limits(**GROSS_50), cash=Decimal(70_000), holdings=(holding(300, "BBB"),))),
    ),
    Boundary(
        "gross_exposure",
        "adding to what is held",
        (draft(200), state(limits=limits(**GROSS_50), cash=Decimal(70_000), holdings=(holding(300),))),
        (draft(201), state(limits=limits(**GROSS_50), cash=Decimal(70_000), holdings=(holding(300),))),
    ),
    Boundary(
        "gross_exposure",
        "another symbol at its own price",
        (draft(200), state(limits=limits(**GROSS_50), cash=Decimal(70_000), holdings=(holding(600, "BBB", "50"),))),
        (draft(201), state(limits=limits(**GROSS_50), cash=Decimal(70_000), holdings=(holding(600, "BBB", "50"),))),
    ),
    Boundary(
        "gross_exposure",
        "another short counts as much",
        (draft(200), state(limits=limits(**GROSS_50), cash=Decimal(130_000), holdings=(holding(-300, "BBB"),))),
        (draft(201), state(limits=limits(**GROSS_50), cash=Decimal(130_000), holdings=(holding(-300, "BBB"),))),
    ),
    Boundary(
        "gross_exposure",
        "another symbol's working order",
        (draft(200), state(limits=limits(**GROSS_50), working=(working(300, symbol="BBB"),))),
        (draft(201), state(limits=limits(**GROSS_50), working=(working(300, symbol="BBB"),))),
    ),
    Boundary(
        "gross_exposure",
        "a held symbol's working order",
        (
            draft(200),
            state(
                limits=limits(**GROSS_50),
                cash=Decimal(90_000),
                holdings=(holding(100, "BBB"),),
                working=(working(200, symbol="BBB"),),
            ),
        ),
        (
            draft(201),
            state(
                limits=limits(**GROSS_50),
                cash=Decimal(90_000),
                holdings=(holding(100, "BBB"),),
                working=(working(200, symbol="BBB"),),
            ),
        ),
    ),
    Boundary(
        "buying_power", "cash", (draft(1000), state(limits=CASH_ACCOUNT)), (draft(1001), state(limits=CASH_ACCOUNT))
    ),
    Boundary(
        "buying_power",
        "a cent",
        (draft(1000), state(limits=CASH_ACCOUNT)),
        (draft(1000), state(limits=CASH_ACCOUNT, cash=Decimal("99999.99"))),
    ),
    Boundary(
        "buying_power",
        "half margin",
        (draft(2000), state(limits=HALF_MARGIN)),
        (draft(2001), state(limits=HALF_MARGIN)),
    ),
    Boundary(
        "buying_power",
        "costs",
        (draft(1000), state(limits=BUFFERED, cash=Decimal(101_000))),
        (draft(1000), state(limits=BUFFERED, cash=Decimal("100999.99"))),
    ),
    Boundary(
        "buying_power",
        "what works keeps its cash",
        (draft(400), state(limits=CASH_ACCOUNT, working=(working(600, symbol="BBB"),))),
        (draft(401), state(limits=CASH_ACCOUNT, working=(working(600, symbol="BBB"),))),
    ),
    Boundary(
        "buying_power",
        "what works in the same symbol keeps its cash",
        (draft(400), state(limits=CASH_ACCOUNT, working=(working(300, price="200"),))),
        (draft(401), state(limits=CASH_ACCOUNT, working=(working(300, price="200"),))),
    ),
    Boundary(
        "buying_power",
        "holdings are paid for",
        (draft(400), state(limits=CASH_ACCOUNT, cash=Decimal(40_000), holdings=(holding(600, "BBB"),))),
        (draft(401), state(limits=CASH_ACCOUNT, cash=Decimal(40_000), holdings=(holding(600, "BBB"),))),
    ),
    Boundary(
        "buying_power",
        "a short ties up its own value beside the proceeds",
        (draft(400, Side.SHORT), state(limits=CASH_ACCOUNT, cash=Decimal(160_000), holdings=(holding(-600, "BBB"),))),
        (draft(401, Side.SHORT), state(limits=CASH_ACCOUNT, cash=Decimal(160_000), holdings=(holding(-600, "BBB"),))),
    ),
    Boundary(
        "daily_loss",
        "in cash",
        (draft(), under("max_daily_loss_percent", 5, cash=Decimal(95_000))),
        (draft(), under("max_daily_loss_percent", 5, cash=Decimal("94999.99"))),
    ),
    Boundary(
        "daily_loss",
        "in open positions",
        (draft(), under("max_daily_loss_percent", 5, cash=Decimal(50_000), holdings=(holding(500, "BBB", "90"),))),
        (draft(), under("max_daily_loss_percent", 5, cash=Decimal(50_000), holdings=(holding(500, "BBB", "89.99"),))),
    ),
    Boundary(
        "daily_loss",
        "started with nothing",
        (draft(), state(day_start_equity=CENT)),
        (draft(), state(day_start_equity=Decimal(0))),
    ),
    Boundary("daily_loss", "start not known", (draft(), FLAT), (draft(), state(day_start_equity=None))),
]
