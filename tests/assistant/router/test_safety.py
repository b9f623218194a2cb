# ruff: noqa: E501  (a table reads better a row a line)
"""Reading is total, bounded, and never mistakes talk for an order."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.router.reading import Context, OpenTicket, Reader

TODAY = date(2023, 6, 28)
CONTEXT = Context(
    symbols=("AAPL",),
    intent="trade_execution",
    sub="buy",
    listed=("AAPL", "NVDA"),
    tickets=(OpenTicket("K7Q2", "buy", "AAPL", Decimal(40), "market"),),
)
ORDERS = {"buy", "sell", "short", "close_position", "option_strategy"}
WORDS = [
    "buy",
    "sell",
    "40",
    "aapl",
    "$NVDA",
    "if",
    "at",
    "under",
    "stop",
    "limit",
    "187.5",
    "half",
    "all",
    "my",
    "don't",
    "what",
    "risk",
    "why",
    "and",
    "then",
    ",",
    ".",
    "?",
    "-5",
    "1e309",
    "٣",
    "the",
    "second",
    "same",
    "but",
    "last",
    "30",
    "days",
    "sep",
    "15",
    "180/190",
    "5%",
    "otm",
    "gtc",
    "next",
    "cancel",
    "K7Q2",
    "recommended",
]


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.sampled_from([Context(), CONTEXT]),
)
def test_reading_never_raises_and_always_says_something(reader: Reader, text: str, context: Context) -> None:
    """Whatever is typed, there is a request, of a known kind, and a context to go on with."""
    reading = reader.read(text, context, TODAY)
    assert reading.requests
    assert all(r.intent and r.sub for r in reading.requests)
    assert all(r.question for r in reading.requests if r.clarify)
    reader.read("and meta?", reading.context, TODAY)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\x00\x01\x02", "\ud800", "💥" * 50, "A" * 1_000_000, "buy " * 250_000, "1" * 5000, "buy " + "9" * 400 + " aapl", "(" * 3000, "\u202eLPAA yub\u202c", "YnV5IDEwIGFhcGw=", "\n" * 1000, "a-" * 2000, "$" * 2000, "half " * 400],
)  # fmt: skip
def test_hostile_texts_are_read_in_bounded_time(text: str, reader: Reader) -> None:
    """One megabyte, controls, lone surrogates: only so much is looked at, and no pattern runs away."""
    started = time.perf_counter()
    assert reader.read(text, CONTEXT, TODAY).requests
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "don't buy aapl", "do not sell anything", "never short nvda", "i'm not buying 40 aapl", "what if i buy 40 aapl", "should i buy 40 aapl?", "would buying 40 aapl be smart", "is it time to sell my nvda?",
        "what happens if i sell 10 meta", "if i bought 100 goog what would my risk be", "suppose i buy 10 aapl", "can i buy 100 nvda?", "how do i buy 10 aapl?", "why did you buy 40 aapl?", "why sell goog?", "why buy 10 msft",
        "my friend bought 100 nvda", "buffett is buying apple", "analysts say buy meta", "i bought 10 aapl at schwab", "i sold 20 nvda yesterday", "explain why you'd sell 10 amzn", "tell me about buying 10 calls",
        "what does buy 10 aapl at market mean", "how many shares should i buy", "is goog a buy", "buy or sell nvda?", "thinking about buying 10 aapl", "before i buy 10 aapl what's the risk", "i wouldn't sell 10 aapl", "show me the risk of selling 20 goog",
        "did you buy 10 aapl?", "who sold 100 nvda", "when did i buy 10 aapl", "imagine i shorted 50 nflx", "am i allowed to buy 500 nvda", "the article says sell 10 aapl", "i didn't ask you to sell 10 nvda",
        "will i lose money if i buy 10 meta", "what's the cost of buying 30 msft", "let me know before you buy 10 aapl", "remind me to buy 10 aapl tomorrow",
    ],
)  # fmt: skip
def test_talk_of_a_trade_is_never_an_order(text: str, reader: Reader) -> None:
    """Negations, hypotheticals, questions and reports never become a trade without asking back."""
    for request in reader.read(text, Context(), TODAY).requests:
        assert request.sub not in ORDERS or request.clarify, request


@pytest.mark.parametrize(
    "text",
    ["buy 10 ААРL", "buy 10 ＡＡＰＬ", "buy 10 AA\u200bPL", "buy 10 АAPL", "quote ΑΑPL", "buy 10 \u202eLPAA\u202c"],
)
def test_look_alike_symbols_ask_and_are_never_mapped(text: str, reader: Reader) -> None:
    """A symbol that only looks like one is a question."""
    request = reader.read(text, Context(), TODAY).requests[0]
    assert request.clarify
    assert "symbols" not in request.effective()


@pytest.mark.parametrize(
    "word",
    ["all", "it", "now", "on", "so", "are", "key", "low", "cost", "cat", "target", "gap", "real", "fast", "love"],
)
def test_ordinary_words_never_become_symbols(word: str) -> None:
    """Even where the market lists them as tickers, lower-case words of everyday speech stay words."""
    from brokers.vocabulary import Instrument

    reader = Reader(
        [Instrument(symbol=word.upper(), name=f"{word.title()} Corp"), Instrument(symbol="AAPL", name="Apple Inc.")]
    )
    request = reader.read(
        f"show me the price of aapl and tell me if {word} is fine for me right now", Context(), TODAY
    ).requests[0]
    assert request.effective().get("symbols") == ["AAPL"]


def test_a_message_is_read_within_twenty_milliseconds_nearly_always(reader: Reader) -> None:
    """The budget of a reading, with room for a slow machine: the 95th of a hundred varied messages."""
    texts = [
        "dump half my amzn at 131.5 gtc and tell me my cash after",
        "compare nvda and goog this year",
        "risk 1% on a bull call spread in apple, sept, 5% otm",
        "hows appl lookin",
        "why?",
    ] * 20
    spent: list[float] = []
    for text in texts:
        started = time.perf_counter()
        reader.read(text, CONTEXT, TODAY)
        spent.append(time.perf_counter() - started)
    assert sorted(spent)[94] < 0.06


@pytest.mark.parametrize("order", ["buy 10 aapl", "sell half my nvda", "close my meta position", "switch to live"])
def test_a_message_read_in_part_takes_no_order(order: str, reader: Reader) -> None:
    """What stands behind the cut may take it back."""
    request = reader.read(f"{order}, {'and it rains and rains ' * 60} but do not do it", Context(), TODAY).requests[0]
    assert request.intent != "trade_execution" or request.clarify
