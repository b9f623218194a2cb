# ruff: noqa: E501  (a table reads better a row a line)
"""Option orders: which strategy, how many, which strikes, which expiry, at which net price."""

from __future__ import annotations

import pytest

from assistant.router.slots_dates import take_expiry
from assistant.router.slots_options import about_options, legs_strategy, take_strategy, take_strikes
from tests.assistant.router.slots_reading import clause, order, supposed

ORDERS: list[tuple[str, str, list[object], str, dict[str, object]]] = [
    ("180/190 bull call spread on aapl sep 15", "bull_call_spread", [180, 190], "sep 15", {}),
    ("put on three September 15 Apple 185/195 bull call spreads", "bull_call_spread", [185, 195], "september 15", {"quantity": 3}),
    ("open 3 bull call spreads on Google, 135 and 140, for Oct 20", "bull_call_spread", [135, 140], "oct 20", {"quantity": 3}),
    ("bull call spread goog 130 by 140 oct 20 for a 3.50 debit", "bull_call_spread", [130, 140], "oct 20", {"order_type": "limit", "limit_price": 3.5}),
    ("2 bear put spreads goog 135 130 oct 20", "bear_put_spread", [130, 135], "oct 20", {"quantity": 2}),
    ("bear put spread spy 440/430 sep 29, 2 contracts, pay no more than 2.80", "bear_put_spread", [430, 440], "sep 29", {"quantity": 2, "order_type": "limit", "limit_price": 2.8}),
    ("buy the 190 put, sell the 180 put on aapl, oct 20", "bear_put_spread", [180, 190], "oct 20", {}),
    ("sell the 200 call / buy the 190 call on aapl oct 20", "bull_call_spread", [190, 200], "oct 20", {}),
    ("two iron condors on amzn: 120/125/145/150, oct 20, 1.25 credit", "iron_condor", [120, 125, 145, 150], "oct 20", {"quantity": 2, "order_type": "limit", "limit_price": 1.25}),
    ("iron condor on apple for sep 22 with strikes 170, 175, 200 and 205", "iron_condor", [170, 175, 200, 205], "sep 22", {}),
    ("iron condor on spy, 15-25 delta, 30 dte", "iron_condor", ["15-25 delta"], "30 dte", {}),
    ("30 delta strangle on nvda 45dte", "strangle", ["30 delta"], "45 dte", {}),
    ("buy a strangle on nvidia, the 450 and the 530, for 20 October", "strangle", [450, 530], "20 october", {}),
    ("strangle in netflix, 400 and 470 strikes, oct 20", "strangle", [400, 470], "oct 20", {}),
    ("straddle on amazon at the money for September 15th", "straddle", ["atm"], "september 15th", {}),
    ("cash secured put aapl 180 sep 29 limit 1.10", "cash_secured_put", [180], "sep 29", {"order_type": "limit", "limit_price": 1.1}),
    ("4 cash secured puts on google at 130, october 20 expiry, sold for no less than 2.10", "cash_secured_put", [130], "october 20", {"quantity": 4, "order_type": "limit", "limit_price": 2.1}),
    ("sell 5 goog 125 puts oct 20 for 1.80", "cash_secured_put", [125], "oct 20", {"quantity": 5, "order_type": "limit", "limit_price": 1.8}),
    ("write a covered call against my amzn, 5% otm, 30 dte", "covered_call", ["5% otm"], "30 dte", {}),
    ("covered call on aapl 195 sep 15", "covered_call", [195], "sep 15", {}),
    ("protective put on my nvidia at a strike of 450, expiring sep 29", "protective_put", [450], "sep 29", {}),
    ("collar my nvda 440/520 oct 20", "collar", [440, 520], "oct 20", {}),
    ("10 of the oct 190 aapl calls at 3.20", "long_call", [190], "oct", {"quantity": 10, "order_type": "limit", "limit_price": 3.2}),
    ("buy 2 nvda 500c oct 20", "long_call", [500], "oct 20", {"quantity": 2}),
    ("buy meta 300 calls sep 15 x5", "long_call", [300], "sep 15", {"quantity": 5}),
    ("one nov 17 nvda 520 call, buy it at 22.50 limit", "long_call", [520], "nov 17", {"quantity": 1, "order_type": "limit", "limit_price": 22.5}),
    ("long 2 aapl 180 puts oct 20, limit 3.10", "long_put", [180], "oct 20", {"quantity": 2, "order_type": "limit", "limit_price": 3.1}),
    ("buy to open 4 goog 135c 9/15", "long_call", [135], "9/15", {"quantity": 4}),
    ("pick up a couple of 180 apple calls, oct 20", "long_call", [180], "oct 20", {"quantity": 2}),
    ("5 long puts nvda 470 oct 20", "long_put", [470], "oct 20", {"quantity": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "strategy", "strikes", "expiry", "more"), ORDERS)
def test_an_option_order_is_read_in_any_order_of_words(
    text: str, strategy: str, strikes: list[object], expiry: str, more: dict[str, object]
) -> None:
    """A count is no strike, a strike no price, a day of the month neither."""
    assert order(text, "option_strategy").slots == {"strategy": strategy, "strikes": strikes, "expiry": expiry, **more}


@pytest.mark.parametrize(
    ("text", "quantity"), [("a couple of tesla puts", 2), ("6 meta puts", 6), ("20 call contracts in tesla", 20)]
)
def test_contracts_without_strikes_are_counted(text: str, quantity: int) -> None:
    """The number before calls or puts is how many, not a strike."""
    slots = order(f"buy {text}", "option_strategy").slots
    assert slots["quantity"] == quantity
    assert "strikes" not in slots


@pytest.mark.parametrize(
    "text",
    ["bear call spread on aapl 190/200 sep 22", "bull put spread on spy 430/440 oct 20", "buy a butterfly on nvda"],
)
def test_a_strategy_that_is_not_known_is_refused_and_not_taken_for_another(text: str) -> None:
    """A credit spread must not become a debit spread or a bought call."""
    scan = order(text, "option_strategy")
    assert "strategy" not in scan.slots
    assert scan.bad.startswith("strategy")


def test_legs_that_make_no_known_strategy_make_none() -> None:
    """Selling the nearer put for a credit is not the bear put spread."""
    assert legs_strategy("sell the 200 put and buy the 190 put") == ""
    assert legs_strategy("buy the 200 put and sell the 190 put") == "bear_put_spread"
    assert legs_strategy("buy the 200 put and buy the 200 call") == "straddle"


@pytest.mark.parametrize(
    "text",
    ["how many green days did google put up in july", "put 2% of my account into microsoft", "put netflix next to amazon", "put a stop on my nvda at 440", "buy 15 meta if zuck says something stupid on the call", "how did your last nvda calls do", "put stop-loss for my apple at 165"],
)  # fmt: skip
def test_putting_and_calling_are_not_options(text: str) -> None:
    """The verb "put" and the calls of signals speak of no option."""
    assert not about_options(clause(text).line)


@pytest.mark.parametrize(
    "text",
    [
        "the expected move in netflix into oct 20",
        "a 450 put on my nvda",
        "buy a put on aapl",
        "nvda 500c",
        "oi on the meta 300 calls",
    ],
)
def test_options_are_known_by_more_than_their_name(text: str) -> None:
    """Expected moves, open interest and contracts written short."""
    assert about_options(clause(text).line)


EXPIRIES = [
    ("straddle in the oct 20s", "oct 20"), ("calls for next friday", "next friday"), ("puts expiring 20 october", "20 october"),
    ("a call option, please, if i may", None), ("may 190 calls", "may"), ("3 sep 15 calls", "sep 15"), ("45dte strangle", "45 dte"),
    ("puts 45 days out", "45 days out"), ("the september 22nd 300 calls", "september 22nd"), ("calls expiring 2023-10-20", "2023-10-20"),
    ("the oct 190 calls", "oct"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expiry"), EXPIRIES)
def test_an_expiry_is_the_persons_words(text: str, expiry: str | None) -> None:
    """Trimmed, and never the month of "if I may"."""
    scan = clause(text)
    take_expiry(scan)
    assert scan.slots.get("expiry") == expiry


def test_a_spread_asked_about_is_read_as_one() -> None:
    """Strategy and strikes of a trade that is judged, not placed."""
    scan = clause("is the nvda iron condor 440 450 530 540 oct 20 worth taking")
    take_expiry(scan)
    take_strikes(scan)
    take_strategy(scan)
    assert scan.slots == {"expiry": "oct 20", "strikes": [440, 450, 530, 540], "strategy": "iron_condor"}


def test_a_supposed_option_trade_has_no_side() -> None:
    """The strategy says which way it goes."""
    slots = supposed("what if i bought 2 nvda 500 calls oct 20", "buy")
    assert slots == {"quantity": 2, "strikes": [500], "expiry": "oct 20", "strategy": "long_call"}
