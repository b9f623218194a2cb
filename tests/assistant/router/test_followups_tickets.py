# ruff: noqa: E501  (a table reads better a row a line)
"""Changes of the open ticket: the whole order as it stands afterwards, in the words it was asked for with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.router.reading import Context, OpenTicket, Reader, Request
from assistant.router.values import Order

LIMIT = OpenTicket("A2B3", "buy", "AAPL", Decimal(20), "limit", Decimal(186), "DAY", None, "buy")
STOP = OpenTicket("C4D5", "sell", "NVDA", Decimal(10), "stop", None, "DAY", None, "sell", Decimal(480))
TRAIL = OpenTicket("E6F7", "sell", "NVDA", Decimal(10), "trailing", None, "DAY", None, "sell", None, "3%")
BARE = OpenTicket("G8H9", "buy", "META", Decimal(10), "market", None, "DAY", None, "buy")
BRACKET = replace(LIMIT, id="J2K3", stop_loss=Decimal(181), take_profit=Decimal(196))
SHORT = OpenTicket("L4M5", "short", "NFLX", Decimal(8), "market", None, "DAY", None, "short")


def _change(reader: Reader, today: date, said: str, ticket: OpenTicket, *orders: Order) -> Request:
    context = Context(
        symbols=(ticket.symbol,), intent="trade_execution", sub=ticket.sub, tickets=(ticket,), orders=orders
    )
    return reader.read(said, context, today).requests[0]


@pytest.mark.parametrize(
    ("said", "ticket", "changed"),
    [
        ("limit 185.50 instead", LIMIT, {"limit_price": 185.5}),
        ("then 185 would be better", LIMIT, {"limit_price": 185}),
        ("please raise the limit to 187", LIMIT, {"limit_price": 187}),
        ("185 rather than 186", LIMIT, {"limit_price": 185}),
        ("lower it to 184.20", LIMIT, {"limit_price": 184.2}),
        ("30 not 20", LIMIT, {"quantity": 30}),
        ("and only 5 of them, not 20", LIMIT, {"quantity": 5}),
        ("hm, 15 shares would be enough, please", LIMIT, {"quantity": 15}),
        ("make it 12 at 181", LIMIT, {"quantity": 12, "limit_price": 181}),
        ("make it 50 gtc", LIMIT, {"quantity": 50, "tif": "GTC"}),
        ("nah keep 20 but limit 185", LIMIT, {"quantity": 20, "limit_price": 185}),
        ("and please leave the order good till cancelled", LIMIT, {"tif": "GTC"}),
        ("could you make that a day order?", LIMIT, {"tif": "DAY"}),
        ("attach a stop loss at 180", LIMIT, {"stop_loss": 180}),
        ("sl 180 tp 200", LIMIT, {"stop_loss": 180, "take_profit": 200}),
        ("and move the target up to 198", BRACKET, {"take_profit": 198}),
        ("stop at 179 instead", BRACKET, {"stop_loss": 179}),
        ("no wait, sell", BARE, {"side": "sell"}),
        ("oh no, i meant sell", BARE, {"side": "sell"}),
        ("i would rather have a limit at 290, please", BARE, {"order_type": "limit", "limit_price": 290}),
        ("could you make that a limit order at 286?", BARE, {"order_type": "limit", "limit_price": 286}),
        ("day order, 291.80 limit", BARE, {"tif": "DAY", "order_type": "limit", "limit_price": 291.8}),
        ("135 rather than 480", STOP, {"stop_price": 135}),
        ("stop 475 instead", STOP, {"stop_price": 475}),
        ("right, make that stop order gtc", STOP, {"tif": "GTC"}),
        ("30 shares rather", STOP, {"quantity": 30}),
        ("make the trail 4%", TRAIL, {"trail": "4%"}),
        ("2.5% would be better", TRAIL, {"trail": "2.5%"}),
        ("cut the netflix short to 5", SHORT, {"quantity": 5}),
        ("2 more", SHORT, {"quantity": 10}),
    ],
)  # fmt: skip
def test_a_change_shows_the_whole_order_as_it_now_stands(
    said: str, ticket: OpenTicket, changed: dict[str, object], reader: Reader, today: date
) -> None:
    """What was not changed stays: `consent:exact` needs every part of the new ticket."""
    request = _change(reader, today, said, ticket)
    before: dict[str, object] = {"symbols": [ticket.symbol], "side": ticket.side, "quantity": int(ticket.quantity)}
    if ticket.order_type != "market":
        before["order_type"] = ticket.order_type
    for name in ("limit_price", "stop_price", "stop_loss", "take_profit"):
        if getattr(ticket, name) is not None:
            before[name] = getattr(ticket, name)
    if ticket.trail:
        before["trail"] = ticket.trail
    assert request.revise, request
    assert request.ticket == ticket.id
    assert request.shown() == before | changed
    assert request.sub == changed.get("side", ticket.sub)


def test_another_order_type_drops_the_prices_of_the_old_one(reader: Reader, today: date) -> None:
    """A market order has no limit, a stop none either."""
    assert "limit_price" not in _change(reader, today, "market instead", LIMIT).shown()
    stop = _change(reader, today, "make that order a stop at 470", replace(STOP, order_type="limit", limit_price=Decimal(500), stop_price=None)).shown()  # fmt: skip
    assert (stop["order_type"], stop["stop_price"]) == ("stop", 470)
    assert "limit_price" not in stop


def test_a_size_in_words_stays_as_it_was_said(reader: Reader, today: date) -> None:
    """ "sell half" with a limit is still half, closing is still closing, and neither names a size it was not given."""
    half = Order("sell", {"symbols": ["NVDA"], "side": "sell", "quantity": "half"})
    ticket = OpenTicket("N6P7", "sell", "NVDA", Decimal(15), "market", None, "DAY", None, "sell")
    assert _change(reader, today, "limit 495 on that sell", ticket, half).shown()["quantity"] == "half"
    closing = Order("close_position", {"symbols": ["NVDA"]}, {"quantity": "all"})
    request = _change(reader, today, "limit 297 on that close", ticket, closing)
    assert (request.sub, request.revise) == ("close_position", True)
    assert request.shown() == {"symbols": ["NVDA"], "order_type": "limit", "limit_price": 297}


def test_words_that_do_not_fit_the_ticket_are_not_taken_for_it(reader: Reader, today: date) -> None:
    """The ticket itself is what is changed, whatever was asked for earlier."""
    earlier = Order("buy", {"symbols": ["AAPL"], "side": "buy", "quantity": 99})
    assert _change(reader, today, "make it gtc", LIMIT, earlier).shown() == {"symbols": ["AAPL"], "side": "buy", "quantity": 20, "order_type": "limit", "limit_price": 186, "tif": "GTC"}  # fmt: skip


def test_another_symbol_takes_no_price_along(reader: Reader, today: date) -> None:
    """A limit for one share means nothing for another: we ask."""
    request = _change(reader, today, "no, google instead", LIMIT)
    assert request.revise
    assert request.clarify
    assert request.missing == ("limit_price",)
    assert request.shown() == {"symbols": ["GOOG"], "side": "buy", "quantity": 20, "order_type": "limit"}


@pytest.mark.parametrize(
    "said",
    [
        "before i decide, how much cash do i have?", "how much of my daily loss limit have i used?", "what does gtc mean again?",
        "is 20 too many?", "should i make it 30 instead?", "what was its close yesterday?", "what if i bought 30 instead?",
        "am i near any limits", "any news on apple before i commit?", "worst day?", "show my orders",
    ],
)  # fmt: skip
def test_questions_leave_the_open_ticket_alone(said: str, reader: Reader, today: date) -> None:
    """A number in a question changes nothing."""
    assert not _change(reader, today, said, LIMIT).revise


@pytest.mark.parametrize("said", ["buy 10 google", "sell 5 nvda at 500", "short 5 netflix", "and now buy 20 shares of google"])  # fmt: skip
def test_another_order_is_another_ticket(said: str, reader: Reader, today: date) -> None:
    """An order with a symbol of its own is no correction."""
    request = _change(reader, today, said, LIMIT)
    assert not request.revise
    assert request.intent == "trade_execution"


def test_a_change_beside_a_question_is_still_a_change(reader: Reader, today: date) -> None:
    """The first request changes the ticket, the second is answered."""
    context = Context(symbols=("AAPL",), intent="trade_execution", sub="buy", tickets=(LIMIT,))
    first, second = reader.read("make it 30 and tell me my buying power", context, today).requests
    assert (first.revise, first.slots["quantity"]) == (True, 30)
    assert second.sub == "cash"


def test_an_order_that_was_refused_can_be_mended(reader: Reader, today: date) -> None:
    """No ticket stands open after a refusal, but the person goes on from what they asked for."""
    refused = Order("buy", {"symbols": ["AAPL"], "side": "buy", "quantity": 500})
    request = reader.read("make it 50 then", Context(symbols=("AAPL",), intent="trade_execution", sub="buy", refused=refused), today).requests[0]  # fmt: skip
    assert not request.revise
    assert request.shown() == {"symbols": ["AAPL"], "side": "buy", "quantity": 50}


def test_a_refused_change_is_what_the_next_change_starts_from(reader: Reader, today: date) -> None:
    """The old ticket stands, but nobody speaks of it any more."""
    refused = Order(
        "buy", {"symbols": ["AAPL"], "side": "buy", "quantity": 20, "order_type": "limit", "limit_price": 250}
    )
    context = Context(symbols=("AAPL",), intent="trade_execution", sub="buy", tickets=(LIMIT,), refused=refused)
    request = reader.read("and gtc please", context, today).requests[0]
    assert (request.revise, request.ticket) == (True, "A2B3")
    assert (request.slots["limit_price"], request.slots["tif"]) == (250, "GTC")


@pytest.mark.parametrize(
    ("said", "ticket", "changed"),
    [
        ("cap it 293.50", BARE, {"order_type": "limit", "limit_price": 293.5}),
        ("capped at 290 please", BARE, {"order_type": "limit", "limit_price": 290}),
        ("oh but don't pay more than 136.40 for them", BARE, {"order_type": "limit", "limit_price": 136.4}),
        ("Correction: limit 184.", LIMIT, {"limit_price": 184}),
        ("make that 482 and gtc", STOP, {"stop_price": 482, "tif": "GTC"}),
        ("hmm would 5% be safer? let's use 5%", TRAIL, {"trail": "5%"}),
        ("leave it working until i cancel, good till cancelled i think that's called", LIMIT, {"tif": "GTC"}),
        ("just for the day, not gtc", LIMIT, {"tif": "DAY"}),
        ("sell it on the close, not now", STOP, {"tif": "MOC"}),
        ("actually, make it the google rather than the meta", BARE, {"symbols": ["GOOG"]}),
        ("not meta, i meant google", BARE, {"symbols": ["GOOG"]}),
    ],
)  # fmt: skip
def test_a_change_needs_no_word_for_what_it_changes(
    said: str, ticket: OpenTicket, changed: dict[str, object], reader: Reader, today: date
) -> None:
    """People say the new value, or what it is no longer; the ticket tells which part is meant."""
    request = _change(reader, today, said, ticket)
    assert (request.revise, request.ticket) == (True, ticket.id), request
    assert {name: request.shown()[name] for name in changed} == changed


def test_a_share_of_equity_is_changed_by_a_bare_per_cent(reader: Reader, today: date) -> None:
    """ "3%" after "2% of equity" is of equity too."""
    order = Order("buy", {"symbols": ["META"], "side": "buy", "pct_equity": 2})
    request = _change(reader, today, "3%", BARE, order)
    assert (request.revise, request.slots["pct_equity"]) == (True, 3)


def test_dropping_the_limit_leaves_a_market_order(reader: Reader, today: date) -> None:
    """ "forget the limit" is no dismissal of the ticket."""
    request = _change(reader, today, "ugh no, forget the limit, market", LIMIT)
    assert request.revise
    assert request.shown() == {"symbols": ["AAPL"], "side": "buy", "quantity": 20, "order_type": "market"}


@pytest.mark.parametrize(
    "said", ["cancel the order at 180", "cancel 5 of my working orders", "can i cap my losses at 5%?"]
)
def test_cancelling_with_a_number_changes_no_ticket(said: str, reader: Reader, today: date) -> None:
    """A number beside "cancel" names an order, it is no new price or size."""
    assert not _change(reader, today, said, LIMIT).revise


@pytest.mark.parametrize("said", ["ceiling of 294", "a floor of 294", "cap of 294", "cap 294", "ceiling 294 on it"])
def test_a_bound_on_the_price_is_never_a_size(said: str, reader: Reader, today: date) -> None:
    """A price taken for a count would order hundreds of shares: it is a limit, or it is not understood."""
    assert _change(reader, today, said, BARE).shown().get("quantity") in (None, 10)
