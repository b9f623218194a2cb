# ruff: noqa: E501  (a table reads better a row a line)
"""How a message stands to what went before: a piece of a request, a pronoun, an answer, a dismissal, a new subject."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.router.reading import Context, OpenTicket, Reader, Request

STAT = Context(symbols=("NVDA",), window="last 30 days", intent="market_intelligence", sub="history_stat", slots={"symbols": ["NVDA"], "statistic": "volatility", "window": "last 30 days"})  # fmt: skip
CHAIN = Context(symbols=("NVDA",), intent="market_intelligence", sub="option_chain", slots={"symbols": ["NVDA"], "expiry": "sep 15"})  # fmt: skip
TRIED = Context(symbols=("META",), intent="risk_assessment", sub="what_if", slots={"symbols": ["META"], "side": "buy", "quantity": 10, "statistic": "var"})  # fmt: skip
RECORD = Context(symbols=("META",), intent="portfolio_status", sub="performance", slots={"statistic": "win_rate", "window": "this quarter"})  # fmt: skip
BOUGHT = Context(symbols=("NFLX",), intent="trade_execution", sub="buy", slots={"symbols": ["NFLX"], "side": "buy", "quantity": 10})  # fmt: skip
PAIR = Context(symbols=("AAPL", "AMZN"), listed=("AAPL", "AMZN"), intent="market_intelligence", sub="compare_symbols", slots={"symbols": ["AAPL", "AMZN"], "window": "this year"})  # fmt: skip
TICKET = OpenTicket("K7Q2", "sell", "NVDA", Decimal(10), "stop", None, "DAY", Decimal(5), "sell", Decimal(400))


def _read(reader: Reader, today: date, said: str, context: Context) -> Request:
    return reader.read(said, context, today).requests[0]


@pytest.mark.parametrize(
    ("said", "context", "sub", "slots"),
    [
        ("n meta", STAT, "history_stat", {"symbols": ["META"], "statistic": "volatility", "window": "last 30 days"}),
        ("what about apple?", STAT, "history_stat", {"symbols": ["AAPL"], "statistic": "volatility", "window": "last 30 days"}),
        ("and its worst day?", STAT, "history_stat", {"symbols": ["NVDA"], "statistic": "worst_day", "window": "last 30 days"}),
        ("drawdown?", STAT, "history_stat", {"symbols": ["NVDA"], "statistic": "drawdown", "window": "last 30 days"}),
        ("year to date though", STAT, "history_stat", {"symbols": ["NVDA"], "statistic": "volatility", "window": "year to date"}),
        ("can you show me the same for google please", STAT, "history_stat", {"symbols": ["GOOG"], "statistic": "volatility", "window": "last 30 days"}),
        ("now the same, but over the last 6 months", STAT, "history_stat", {"symbols": ["NVDA"], "statistic": "volatility", "window": "last 6 months"}),
        ("and its iv rank?", STAT, "option_chain", {"symbols": ["NVDA"], "statistic": "iv_rank"}),
        ("what return did it have over the same period?", STAT, "history_stat", {"symbols": ["NVDA"], "statistic": "return", "window": "last 30 days"}),
        ("headlines?", STAT, "news_sentiment", {"symbols": ["NVDA"]}),
        ("and the forecast", STAT, "forecast", {"symbols": ["NVDA"]}),
        ("how come?", STAT, "explain_signal", {"symbols": ["NVDA"]}),
        ("same for aapl", CHAIN, "option_chain", {"symbols": ["AAPL"], "expiry": "sep 15"}),
        ("open interest?", CHAIN, "option_chain", {"symbols": ["NVDA"], "expiry": "sep 15", "statistic": "open_interest"}),
        ("same but 15", TRIED, "what_if", {"symbols": ["META"], "side": "buy", "quantity": 15, "statistic": "var"}),
        ("and for 5 of netflix?", TRIED, "what_if", {"symbols": ["NFLX"], "side": "buy", "quantity": 5, "statistic": "var"}),
        ("sharpe?", RECORD, "performance", {"statistic": "sharpe", "window": "this quarter"}),
        ("now the same for meta", BOUGHT, "buy", {"symbols": ["META"], "side": "buy", "quantity": 10}),
        ("which of them has the lower volatility?", PAIR, "compare_symbols", {"symbols": ["AAPL", "AMZN"], "statistic": "volatility", "window": "this year"}),
    ],
)  # fmt: skip
def test_a_piece_of_a_request_exchanges_what_it_names(
    said: str, context: Context, sub: str, slots: dict[str, object], reader: Reader, today: date
) -> None:
    """The rest of the last request stays: symbol, figure, window, expiry, side."""
    request = _read(reader, today, said, context)
    assert (request.sub, request.shown()) == (sub, slots)


@pytest.mark.parametrize(
    ("said", "symbols"),
    [
        ("buy 10 of it", ["NVDA"]),
        ("sell 10 of them please", ["NVDA"]),
        ("where is it trading", ["NVDA"]),
        ("how does it look", ["NVDA"]),
        ("any news on that one?", ["NVDA"]),
        ("do i own any already", ["NVDA"]),
    ],
)
def test_a_pronoun_stands_for_the_symbol_last_spoken_of(
    said: str, symbols: list[str], reader: Reader, today: date
) -> None:
    """With one symbol in mind there is nothing to ask."""
    assert _read(reader, today, said, STAT).effective()["symbols"] == symbols


@pytest.mark.parametrize(("said", "symbol"), [("how does the second one look", "AMZN"), ("buy 5 of the latter", "AMZN"), ("news on the first?", "AAPL"), ("buy 3 of the last one", "AMZN")])  # fmt: skip
def test_an_ordinal_stands_for_one_of_those_listed(said: str, symbol: str, reader: Reader, today: date) -> None:
    """In the order they were named."""
    assert _read(reader, today, said, PAIR).effective()["symbols"] == [symbol]


def test_the_last_days_are_no_ordinal(reader: Reader, today: date) -> None:
    """ "the last 30 days" points at no symbol of a list."""
    request = _read(reader, today, "and over the last 30 days?", PAIR)
    assert request.shown() == {"symbols": ["AAPL", "AMZN"], "window": "last 30 days"}


def test_an_inherited_window_comes_with_its_dates(reader: Reader, today: date) -> None:
    """A tool is called with the dates, so they are worked out again."""
    assert _read(reader, today, "and meta?", STAT).resolved["window"] == ["2023-05-29", "2023-06-28"]


@pytest.mark.parametrize("said", ["what is my buying power?", "show my positions", "buy 10 apple", "how does google look?", "switch to paper", "close it"])  # fmt: skip
def test_a_message_with_a_request_of_its_own_is_a_new_subject(said: str, reader: Reader, today: date) -> None:
    """It takes no figure and no window from before."""
    request = _read(reader, today, said, STAT)
    assert not {"statistic", "window"} & request.shown().keys()
    assert request.sub != "history_stat"


@pytest.mark.parametrize(
    ("asked", "said", "slots"),
    [
        ("buy google", "30", {"quantity": 30}),
        ("buy google", "five, please", {"quantity": 5}),
        ("buy google", "oh, 12 then", {"quantity": 12}),
        ("sell 10 nvda if the macd turns", "stop at 380 then", {"quantity": 10, "order_type": "stop", "stop_price": 380}),
        ("sell 10 nvda if it loses 5%", "at 380", {"quantity": 10, "order_type": "stop", "stop_price": 380}),
        ("buy 10 nvda if your signal turns", "drop the condition, buy at the market", {"quantity": 10, "order_type": "market"}),
        ("buy 10 nvda if your signal turns", "never mind the condition", {"quantity": 10}),
    ],
)  # fmt: skip
def test_an_answer_completes_the_request(
    asked: str, said: str, slots: dict[str, object], reader: Reader, today: date
) -> None:
    """A number answers "how many", a level "at which price"."""
    context = reader.read(asked, Context(), today).context
    request = _read(reader, today, said, context)
    assert not request.clarify
    assert {k: request.effective().get(k) for k in slots} == slots
    assert "limit_price" not in request.slots


def test_a_number_still_answers_after_a_question_in_between(reader: Reader, today: date) -> None:
    """ "How many?" — "how much cash do I have?" — "20"."""
    asked = reader.read("buy google", Context(), today).context
    between = reader.read("what's my cash?", asked, today).context
    assert _read(reader, today, "20 then", between).effective() == {"symbols": ["GOOG"], "side": "buy", "quantity": 20}


@pytest.mark.parametrize("said", ["no", "actually no, i'd rather not", "never mind", "no thanks, leave it", "forget it"])  # fmt: skip
def test_a_refusal_drops_the_request_we_asked_about(said: str, reader: Reader, today: date) -> None:
    """Nothing is guessed into an order that is no longer wanted."""
    context = reader.read("buy google", Context(), today).context
    assert _read(reader, today, said, context).sub == "cancel_order"


@pytest.mark.parametrize(
    "said",
    [
        "on reflection, no. cancel it.", "cancel that order", "nah forget the order", "i'm too unsure about it, so no, cancel that please",
        "actually, no, i'd rather not", "kill the sell", "don't place it", "scrap the nvda ticket", "leave it, i changed my mind",
    ],
)  # fmt: skip
def test_a_dismissal_drops_the_open_ticket(said: str, reader: Reader, today: date) -> None:
    """In many words, and never as a change."""
    request = _read(reader, today, said, replace(STAT, tickets=(TICKET,)))
    assert (request.sub, request.ticket) == ("cancel_order", "K7Q2")


@pytest.mark.parametrize("said", ["what happens if i cancel it?", "don't cancel it", "drop the stop to 390", "cancel my working orders"])  # fmt: skip
def test_talk_of_cancelling_is_no_dismissal(said: str, reader: Reader, today: date) -> None:
    """A question, a refusal to cancel, a change and another order leave this ticket open."""
    request = _read(reader, today, said, replace(STAT, tickets=(TICKET,)))
    assert not (request.sub == "cancel_order" and request.ticket)


def test_what_would_that_do_asks_about_the_order_on_the_open_ticket(reader: Reader, today: date) -> None:
    """The ticket names the trade."""
    request = _read(reader, today, "what would that do to my beta?", replace(STAT, tickets=(TICKET,)))
    assert (request.sub, request.slots) == ("what_if", {"symbols": ["NVDA"], "side": "sell", "quantity": 10, "statistic": "beta"})  # fmt: skip
