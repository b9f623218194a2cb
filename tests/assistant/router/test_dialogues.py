# ruff: noqa: E501  (a table reads better a row a line)
"""Conversations: follow-ups inherit, corrections revise the open ticket, answers complete the request that was asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.router.reading import Context, OpenTicket, Reader, Request

TICKET = OpenTicket("K7Q2", "buy", "AAPL", Decimal(40), "market", None, "DAY", Decimal(22), "buy")
LIMIT = OpenTicket("M3XD", "sell", "NVDA", Decimal(10), "limit", Decimal(450), "GTC", Decimal(10), "sell")

Turn = tuple[str, str, dict[str, object]]
"""What is said, the sub-intent, and what the effective slots must hold."""

DIALOGUES: list[list[Turn]] = [
    [("how does AAPL look?", "analyze_symbol", {"symbols": ["AAPL"]}), ("why?", "explain_signal", {"symbols": ["AAPL"]}), ("what would buying 40 do to my risk?", "what_if", {"symbols": ["AAPL"], "side": "buy", "quantity": 40}), ("buy 40", "buy", {"symbols": ["AAPL"], "quantity": 40})],
    [("price of nvda", "quote", {"symbols": ["NVDA"]}), ("and meta?", "quote", {"symbols": ["META"]}), ("what about its news", "news_sentiment", {"symbols": ["META"]}), ("and the forecast?", "forecast", {"symbols": ["META"]})],
    [("how did goog do last month", "history_stat", {"symbols": ["GOOG"], "window": "last month"}), ("and this year?", "history_stat", {"symbols": ["GOOG"], "window": "this year"}), ("same for amzn", "history_stat", {"symbols": ["AMZN"]}), ("and its volatility?", "history_stat", {"symbols": ["AMZN"], "statistic": "volatility"})],
    [("compare nvda and goog", "compare_symbols", {"symbols": ["NVDA", "GOOG"]}), ("how does the second look?", "analyze_symbol", {"symbols": ["GOOG"]}), ("buy 10 of the first", "buy", {"symbols": ["NVDA"], "quantity": 10})],
    [("buy aapl", "buy", {"symbols": ["AAPL"]}), ("50", "buy", {"symbols": ["AAPL"], "quantity": 50, "side": "buy"})],
    [("buy 50", "buy", {"quantity": 50}), ("netflix", "buy", {"symbols": ["NFLX"], "quantity": 50, "side": "buy"})],
    [("buy meta", "buy", {}), ("your recommended size", "buy", {"symbols": ["META"]})],
    [("buy meta", "buy", {}), ("$2,000 worth", "buy", {"symbols": ["META"], "notional_usd": 2000})],
    [("buy meta", "buy", {}), ("what's my cash?", "cash", {})],
    [("sell goog", "sell", {}), ("half", "sell", {"symbols": ["GOOG"], "quantity": "half"})],
    [("buy 5 calls on nvda", "option_strategy", {}), ("atm", "option_strategy", {"strikes": ["atm"]}), ("45 dte", "option_strategy", {"strikes": ["atm"], "expiry": "45 dte", "quantity": 5, "symbols": ["NVDA"]})],
    [("sell 10 aapl when rsi goes over 70", "sell", {}), ("200", "sell", {"symbols": ["AAPL"], "quantity": 10, "order_type": "limit", "limit_price": 200})],
    [("change mode", "change_mode", {}), ("paper", "change_mode", {"mode": "paper"})],
    [("40 aapl at 180", "buy", {}), ("sell", "sell", {"side": "sell", "quantity": 40, "symbols": ["AAPL"], "limit_price": 180})],
    [("nvda vol", "history_stat", {}), ("volatility", "history_stat", {"symbols": ["NVDA"], "statistic": "volatility"})],
    [("what if i buy 100 msft", "what_if", {"quantity": 100}), ("and with 50?", "what_if", {"symbols": ["MSFT"], "quantity": 50, "side": "buy"})],
    [("any signals?", "list_signals", {}), ("what is my cash", "cash", {}), ("show my positions", "positions", {})],
    [("quote ААРL", "quote", {}), ("AAPL", "quote", {"symbols": ["AAPL"]})],
]  # fmt: skip


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda d: d[0][0])
def test_each_turn_has_its_effect(dialogue: list[Turn], reader: Reader, today: date) -> None:
    """What was said before completes what is said now."""
    context = Context()
    for said, sub, slots in dialogue:
        reading = reader.read(said, context, today)
        request = reading.requests[0]
        assert request.sub == sub, (said, request)
        effective = request.effective() | dict(request.slots)
        assert {k: effective.get(k) for k in slots} == slots, (said, request)
        context = reading.context


def _with(reader: Reader, today: date, said: str, ticket: OpenTicket) -> Request:
    context = Context(symbols=(ticket.symbol,), intent="trade_execution", sub=ticket.sub, tickets=(ticket,))
    return reader.read(said, context, today).requests[0]


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("make it 50", {"quantity": 50}),
        ("same but 50", {"quantity": 50}),
        ("actually 30", {"quantity": 30}),
        ("no wait, sell", {"side": "sell", "quantity": 40}),
        ("at 185 instead", {"order_type": "limit", "limit_price": 185, "quantity": 40}),
        ("make it a limit at 180", {"order_type": "limit", "limit_price": 180}),
        ("gtc", {"tif": "GTC"}),
        ("double it", {"quantity": 80}),
        ("10 more", {"quantity": 50}),
        ("half that", {"quantity": 20}),
        ("change the quantity to 25", {"quantity": 25}),
        ("with a stop at 170", {"stop_loss": 170, "quantity": 40}),
        ("buy 60", {"quantity": 60}),
        ("$5,000 worth instead", {"notional_usd": 5000}),
        ("no, msft instead", {"symbols": ["MSFT"], "quantity": 40}),
        ("actually make that 1.5k", {"quantity": 1500}),
    ],
)
def test_a_correction_revises_the_open_ticket(said: str, slots: dict[str, object], reader: Reader, today: date) -> None:
    """`consent:exact`: a change makes a new ticket out of the open one, keeping what was not changed."""
    request = _with(reader, today, said, TICKET)
    assert request.revise
    assert request.ticket == "K7Q2"
    effective = request.effective()
    extra = {k: request.slots[k] for k in ("stop_loss", "notional_usd") if k in request.slots}
    assert {k: (effective | extra).get(k) for k in slots} == slots


def test_the_recommended_size_revises_without_keeping_the_old_size(reader: Reader, today: date) -> None:
    """The size is then the desk's to work out."""
    request = _with(reader, today, "use your recommended size instead", TICKET)
    assert request.revise
    assert request.use_recommended
    assert "quantity" not in request.effective()


def test_a_new_limit_on_a_limit_ticket_keeps_its_size_and_life(reader: Reader, today: date) -> None:
    """Only the price moves."""
    request = _with(reader, today, "lower the limit to 440", LIMIT)
    assert request.revise
    assert request.effective() == {
        "symbols": ["NVDA"],
        "side": "sell",
        "quantity": 10,
        "order_type": "limit",
        "limit_price": 440,
        "tif": "GTC",
    }


@pytest.mark.parametrize("said", ["what's my risk?", "how does nvda look?", "show my positions and cash", "why?", "price of aapl", "what if i buy 50?", "should i buy 50 instead?", "next day", "news on apple", "how many shares do i own?"])  # fmt: skip
def test_a_change_of_topic_leaves_the_open_ticket_alone(said: str, reader: Reader, today: date) -> None:
    """A question is not a correction."""
    request = _with(reader, today, said, TICKET)
    assert not request.revise
    assert request.intent != "trade_execution"


@pytest.mark.parametrize("said", ["never mind", "cancel it", "don't buy it", "drop that order", "scrap it"])
def test_an_open_ticket_can_be_dropped(said: str, reader: Reader, today: date) -> None:
    """Dropping an open ticket is cancel_order, with the ticket's id."""
    request = _with(reader, today, said, TICKET)
    assert (request.sub, request.ticket) == ("cancel_order", "K7Q2")


def test_sell_half_takes_the_only_position_when_nothing_was_named(reader: Reader, today: date) -> None:
    """Selling a part works from what is held."""
    request = reader.read("sell half", Context(positions=("AMZN",)), today).requests[0]
    assert request.effective() == {"side": "sell", "quantity": "half", "symbols": ["AMZN"]}
    assert reader.read("sell half", Context(positions=("AMZN", "META")), today).requests[0].clarify


def test_a_look_alike_symbol_is_never_filled_in_from_before(reader: Reader, today: date) -> None:
    """Inheriting NVDA for a mangled AAPL would be a silent guess."""
    request = reader.read("buy 10 ААРL", replace(Context(), symbols=("NVDA",)), today).requests[0]
    assert request.clarify
    assert "symbols" not in request.effective()


def test_steps_of_the_clock_are_acts_with_their_count(reader: Reader, today: date) -> None:
    """The person's act, not a tool's."""
    request = reader.read("advance 5 days", Context(), today).requests[0]
    assert (request.act, request.resolved["sessions"]) == ("next_day", 5)
    assert reader.read("halt trading", Context(), today).requests[0].act == "halt"


def test_windows_are_resolved_beside_the_words(reader: Reader, today: date) -> None:
    """The words stay the person's; the dates stand in `resolved`."""
    request = reader.read("aapl volatility in q3 2022", Context(), today).requests[0]
    assert request.slots["window"] == "q3 2022"
    assert request.resolved["window"] == ["2022-07-01", "2022-09-30"]
