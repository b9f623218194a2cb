# ruff: noqa: E501  (a table reads better a row a line)
"""What an order's words say, in many ways of saying it: how much, at which prices, for how long, on which condition."""

from __future__ import annotations

import pytest

from tests.assistant.router.slots_reading import order, supposed

LIMIT, STOP, STOP_LIMIT, TRAIL = ({"order_type": kind} for kind in ("limit", "stop", "stop_limit", "trailing"))

QUANTITIES = [
    ("buy a couple hundred aapl", {"quantity": 200}),
    ("pick up two dozen amzn", {"quantity": 24}),
    ("buy 40 sh aapl", {"quantity": 40}),
    ("buy 1.5k shs of nvda", {"quantity": 1500}),
    ("grab x40 goog", {"quantity": 40}),
    ("40x goog please, buy", {"quantity": 40}),
    ("buy a hundred and twenty meta", {"quantity": 120}),
    ("get me half a dozen nflx", {"quantity": 6}),
    ("a couple more shares of apple", {"quantity": 2}),
    ("buy 1,500 aapl", {"quantity": 1500}),
    ("put 5 grand into google", {"notional_usd": 5000}),
    ("$5,000 worth of nflx", {"notional_usd": 5000}),
    ("8k of goog", {"notional_usd": 8000}),
    ("buy meta for 3000 dollars", {"notional_usd": 3000}),
    ("invest 2% of equity in nflx", {"pct_equity": 2}),
    ("buy aapl with 10% of my cash", {"pct_equity": 10}),
    ("buy aapl, risk half a percent", {"pct_equity": 0.5}),
]


@pytest.mark.parametrize(("text", "slots"), QUANTITIES)
def test_how_much_is_read_however_it_is_counted(text: str, slots: dict[str, object]) -> None:
    """Short forms, dozens, thousands, money and shares of equity; nothing else is made up."""
    assert order(text, "buy").slots == slots


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("sell half of my aapl", "half"), ("sell a third of my amzn", "33%"), ("trim amzn by a quarter", "25%"), ("unload 40% of the apple stock", "40%"), ("sell two-thirds of my nvda", "67%"), ("sell everything in nvda", "all"), ("trim 15% off my nvda", "15%")],
)  # fmt: skip
def test_parts_of_a_position_are_quantities(text: str, quantity: str) -> None:
    """A half, a third, a share in per cent or all of what is held."""
    assert order(text, "sell").slots == {"quantity": quantity}


def test_closing_without_a_size_has_no_quantity() -> None:
    """Closing means the whole position, said or not."""
    assert order("close my nvda", "close_position").slots == {}
    assert order("get rid of all of my nvda", "close_position").slots == {}


BUYS: list[tuple[str, dict[str, object]]] = [
    ("buy 10 aapl, don't pay more than 182.50", {**LIMIT, "limit_price": 182.5}),
    ("buy 10 aapl at 470 or better, good till canceled", {**LIMIT, "limit_price": 470, "tif": "GTC"}),
    ("10 aapl under 180", {**LIMIT, "limit_price": 180}),
    ("get 10 aapl, no more than 180 a share", {**LIMIT, "limit_price": 180}),
    ("buy 10 aapl 186.50 lmt day", {**LIMIT, "limit_price": 186.5, "tif": "DAY"}),
    ("buy 10 aapl 186.50", {**LIMIT, "limit_price": 186.5}),
    ("BUY 10 AAPL LMT 128.40 DAY", {**LIMIT, "limit_price": 128.4, "tif": "DAY"}),
    ("pick up 10 aapl at a limit of one hundred eighty", {**LIMIT, "limit_price": 180}),
    ("bid for 10 AAPL, 185.25", {**LIMIT, "limit_price": 185.25}),
    ("if aapl cracks 191 buy 10", {**STOP, "stop_price": 191}),
    ("buy 10 aapl for 480 each", {**LIMIT, "limit_price": 480}),
    ("buy 10 aapl for my daughter", {}),
    ("buy 10 aapl once it dips to 126", {**LIMIT, "limit_price": 126}),
    ("if aapl comes in to 170 pick me up 10", {**LIMIT, "limit_price": 170}),
    ("buy 10 aapl on a pullback to 170", {**LIMIT, "limit_price": 170}),
    ("should aapl break above 191 buy 10 on the stop", {**STOP, "stop_price": 191}),
    ("buy 10 aapl if it pushes through 191", {**STOP, "stop_price": 191}),
    ("10 aapl, buy stop at 197", {**STOP, "stop_price": 197}),
    ("buy stop-limit, 10 apple, trigger 200, limit 203, gtc", {**STOP_LIMIT, "stop_price": 200, "limit_price": 203, "tif": "GTC"}),
    ("buy 10 aapl at 190 sl 175 tp 230", {**LIMIT, "limit_price": 190, "stop_loss": 175, "take_profit": 230}),
    ("buy 10 aapl tp205 sl180", {"stop_loss": 180, "take_profit": 205}),
    ("buy 10 aapl, bracket 205 target 180 stop", {"stop_loss": 180, "take_profit": 205}),
    ("10 aapl, 188 limit, stop 170, target 215", {**LIMIT, "limit_price": 188, "stop_loss": 170, "take_profit": 215}),
    ("buy 10 aapl at the market on the opening bell", {"order_type": "market", "tif": "OPG"}),
    ("buy 10 aapl, just for today", {"tif": "DAY"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "slots"), BUYS)
def test_a_purchase_is_read_with_its_prices(text: str, slots: dict[str, object]) -> None:
    """The type is there whenever limit or stop words are, and prices in any order."""
    assert order(text, "buy").slots == {"quantity": 10, **slots}


SALES: list[tuple[str, dict[str, object]]] = [
    ("sell 20 nvda with a 3 dollar trail", {**TRAIL, "trail": 3}),
    ("trail 20 nvda by 2%, sell stop", {**TRAIL, "trail": "2%"}),
    ("trailing stop sell 20 nvda 5%", {**TRAIL, "trail": "5%"}),
    ("sell 20 nvda on a trailing stop, five bucks back", {**TRAIL, "trail": 5}),
    ("sell 20 nvda, 2% trail, gtc", {**TRAIL, "trail": "2%", "tif": "GTC"}),
    ("trailing stop on 20 nvda, 3 percent", {**TRAIL, "trail": "3%"}),
    ("sell 20 nvda if it breaks below 428", {**STOP, "stop_price": 428}),
    ("sell 20 nvda stop 475 limit 474.50 gtc", {**STOP_LIMIT, "stop_price": 475, "limit_price": 474.5, "tif": "GTC"}),
    ("stop-limit order to sell 20 nvda, with the stop at 432 and the limit at 431", {**STOP_LIMIT, "stop_price": 432, "limit_price": 431}),
    ("sell 20 nvda on a rally to 500", {**LIMIT, "limit_price": 500}),
    ("sell 20 nvda at 495 or higher good till i cancel", {**LIMIT, "limit_price": 495, "tif": "GTC"}),
    ("let 20 nvda go when you get a chance, limit 310", {**LIMIT, "limit_price": 310}),
    ("sell 20 nvda at the closing bell", {"tif": "MOC"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "slots"), SALES)
def test_a_sale_is_read_with_its_trail_stop_or_limit(text: str, slots: dict[str, object]) -> None:
    """A trail is an amount or a share, whichever side of the word it stands; a count is never a trail."""
    assert order(text, "sell").slots == {"quantity": 20, **slots}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("short 10 nvda at 245 with a stop loss up at 258", {**LIMIT, "limit_price": 245, "stop_loss": 258}),
        ("short 10 nvda on a break of 400", {**STOP, "stop_price": 400}),
        ("sell short 10 nvda, stop 255, target 210", {"stop_loss": 255, "take_profit": 210}),
    ],
)
def test_a_short_sale_is_read_with_its_prices(text: str, slots: dict[str, object]) -> None:
    """A stop named beside a short sale protects it."""
    assert order(text, "short").slots == {"quantity": 10, **slots}


@pytest.mark.parametrize(
    "text",
    ["sell 15 amzn at eleven o'clock", "sell 15 amzn at half past two this afternoon", "sell 15 amzn at ten to four", "after lunch sell 15 amzn, not before 1pm", "sell 15 amzn at 9:45", "sell 15 amzn after the fed meeting", "sell 15 amzn if it loses 5 percent"],
)  # fmt: skip
def test_a_time_or_event_is_a_condition_and_never_a_price(text: str) -> None:
    """The clock cannot be watched: the order is asked about, with its quantity intact."""
    scan = order(text, "sell")
    assert scan.slots == {"quantity": 15}
    assert scan.condition


@pytest.mark.parametrize("tail", ["if i may", "if you don't mind", "when you get a chance", "in case i'm mistaken"])
def test_politeness_is_no_condition(tail: str) -> None:
    """Words that only sound like a condition set none."""
    scan = order(f"sell 15 amzn, {tail}", "sell")
    assert (scan.slots, scan.condition) == ({"quantity": 15}, "")


@pytest.mark.parametrize("said", ["-10", "10.5", "zero", "1e9", "1o0"])
def test_what_cannot_be_a_quantity_is_refused(said: str) -> None:
    """A value that cannot be used is named, not bent."""
    scan = order(f"buy {said} aapl", "buy")
    assert "quantity" not in scan.slots
    assert scan.bad


@pytest.mark.parametrize(
    ("text", "side", "slots"),
    [
        ("what would shorting a hundred tesla do to my margin", "short", {"quantity": 100, "statistic": "margin"}),
        ("impact of adding $10k of nvda on my concentration", "buy", {"notional_usd": 10000, "statistic": "concentration"}),
        ("sector exposure if i sell all my nvda", "sell", {"quantity": "all", "statistic": "sector_exposure"}),
        ("what if i buy 40 aapl at 180 with a stop at 170", "buy", {"quantity": 40, **LIMIT, "limit_price": 180, "stop_loss": 170}),
        ("2 iron condors in spy for oct 20, how would my greeks change", "buy", {"quantity": 2, "strategy": "iron_condor", "expiry": "oct 20", "statistic": "greeks"}),
    ],
)  # fmt: skip
def test_a_supposed_trade_is_read_like_an_order(text: str, side: str, slots: dict[str, object]) -> None:
    """With the figure it is asked to change."""
    assert supposed(text, side) == slots
