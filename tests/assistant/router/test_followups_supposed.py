# ruff: noqa: E501  (a table reads better a row a line)
"""What a what-if leads to, and what else is carried on: the pair last spoken of, the side, the kind of order."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.router.reading import Context, Reader, Request
from assistant.router.values import Order

SUPPOSED = Context(
    symbols=("GOOG",), intent="risk_assessment", sub="what_if", slots={"symbols": ["GOOG"], "side": "buy", "quantity": 30, "statistic": "var"}
)  # fmt: skip


def _read(reader: Reader, today: date, said: str, context: Context) -> Request:
    return reader.read(said, context, today).requests[0]


def _talk(reader: Reader, today: date, *said: str) -> Request:
    context, request = Context(), Request("general", "help")
    for line in said:
        reading = reader.read(line, context, today)
        context, request = reading.context, reading.requests[0]
    return request


@pytest.mark.parametrize(
    "said",
    ["alright then, let's actually do that", "less scary than i thought, ok let's do it", "ok buy them then", "good, go for it", "fine, place that order", "yes get those 30"],
)  # fmt: skip
def test_taking_up_a_what_if_asks_for_its_ticket(said: str, reader: Reader, today: date) -> None:
    """The trade that was only thought about becomes an order; its figure was only for the question."""
    request = _read(reader, today, said, SUPPOSED)
    assert (request.intent, request.sub, request.clarify) == ("trade_execution", "buy", False)
    assert request.shown() == {"symbols": ["GOOG"], "side": "buy", "quantity": 30}


@pytest.mark.parametrize(
    "said",
    ["let's not do that", "should i do that?", "what would you do?", "i might do it if it drops", "never do that", "do that for meta too?", "why would anyone do that", "i won't do it", "don't place it", "maybe do it tomorrow"],
)  # fmt: skip
def test_doubts_about_a_what_if_are_no_order(said: str, reader: Reader, today: date) -> None:
    """Only words that plainly take the trade up make a ticket of it."""
    request = _read(reader, today, said, SUPPOSED)
    assert request.intent != "trade_execution" or request.clarify or request.sub == "cancel_order", request


@pytest.mark.parametrize(
    ("said", "quantity"), [("5 instead of 30?", 5), ("and if it was only 12?", 12), ("only 4?", 4)]
)
def test_another_size_is_another_what_if(said: str, quantity: int, reader: Reader, today: date) -> None:
    """A size alone after a what-if supposes again."""
    request = _read(reader, today, said, SUPPOSED)
    assert (request.sub, request.slots["quantity"], request.slots["symbols"]) == ("what_if", quantity, ["GOOG"])


def test_the_same_order_is_meant_though_its_risk_was_asked_for(reader: Reader, today: date) -> None:
    """ "same amount in amazon" repeats the order, not the question about it."""
    order = Order("buy", {"symbols": ["GOOG"], "side": "buy", "quantity": 30})
    context = Context(symbols=("GOOG",), intent="risk_assessment", sub="what_if", slots=SUPPOSED.slots, orders=(order,))
    request = _read(reader, today, "same amount of shares in amazon", context)
    assert request.sub == "buy"
    assert request.shown() == {"symbols": ["AMZN"], "side": "buy", "quantity": 30}


def test_the_next_order_takes_the_side_of_the_last(reader: Reader, today: date) -> None:
    """ "now twelve of goog" goes on buying, at no price of the last order's; with a verb of its own it goes its own way."""
    assert _talk(reader, today, "buy 10 aapl at 180", "now twelve of goog").shown() == {"symbols": ["GOOG"], "side": "buy", "quantity": 12}  # fmt: skip
    assert _talk(reader, today, "buy 10 aapl at 180", "and if nvda breaks under 400, sell 10 of mine").sub == "sell"


def test_the_two_are_the_two_last_spoken_of(reader: Reader, today: date) -> None:
    """No list was shown, but two symbols were asked about one after the other."""
    asked = ("volatility of nflx, last 60 days", "max drawdown, same window", "now META")
    assert _talk(reader, today, *asked).slots == {
        "symbols": ["META"],
        "statistic": "drawdown",
        "window": "last 60 days",
    }
    assert _talk(reader, today, *asked, "compare the two of them").effective()["symbols"] == ["NFLX", "META"]
    assert _talk(reader, today, *asked, "compare the two of them", "buy the former, 6 shares, limit 431").slots["symbols"] == ["NFLX"]  # fmt: skip


def test_more_on_one_of_those_listed_is_an_analysis(reader: Reader, today: date) -> None:
    """And "the second" after it asks the same of another."""
    asked = ("compare apple, netflix and google", "more on the third please")
    assert (_talk(reader, today, *asked).sub, _talk(reader, today, *asked).effective()["symbols"]) == (
        "analyze_symbol",
        ["GOOG"],
    )
    assert _talk(reader, today, *asked, "and the second").effective()["symbols"] == ["NFLX"]


def test_one_of_those_is_the_kind_of_order_spoken_of(reader: Reader, today: date) -> None:
    """A definition names the kind; the wish for one with a distance is the order."""
    request = _talk(reader, today, "what does a trailing stop mean", "oh nice. can I have one of those on my apple shares, 3% behind?")  # fmt: skip
    assert (request.sub, request.slots["trail"], request.slots["order_type"]) == ("sell", "3%", "trailing")
    assert (
        _talk(reader, today, "what is a trailing stop", "can i use one of those for options?").intent
        != "trade_execution"
    )


def test_a_question_put_once_more_is_the_second_one(reader: Reader, today: date) -> None:
    """What was said before "sorry" was not meant."""
    request = _talk(reader, today, "what does nvidia close at usually... sorry, what it closed at yesterday")
    assert request.slots == {"symbols": ["NVDA"], "statistic": "close", "window": "yesterday"}
