# ruff: noqa: E501  (a table reads better a row a line)
"""Properties of consent: one fact altered, or one word put in, and no reply to any ticket confirms any more."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.consent import TicketView, read_reply

NAMES = {"AAPL": "apple", "NVDA": "nvidia", "META": "facebook", "NFLX": "netflix", "AMZN": "amazon", "GOOG": "google"}
SIDES = ("buy", "sell", "short")
TIFS = {"DAY": "day order", "GTC": "gtc", "OPG": "at the open", "MOC": "at the close"}
CODES = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=2, max_size=2).flatmap(
    lambda head: st.text("23456789", min_size=2, max_size=2).map(lambda tail: f"{head[0]}{tail[0]}{head[1]}{tail[1]}")
)


@st.composite
def _tickets(draw: st.DrawFn) -> TicketView:
    limit = draw(st.booleans())
    return TicketView(
        id=draw(CODES),
        side=draw(st.sampled_from(SIDES)),
        symbol=draw(st.sampled_from(sorted(NAMES))),
        quantity=Decimal(draw(st.integers(2, 900))),
        order_type="limit" if limit else "market",
        limit_price=Decimal(draw(st.integers(100_000, 999_999))) / 100 if limit else None,
        tif=draw(st.sampled_from(("DAY", "GTC"))),
    )


FRAMES = (
    "yes, {side} {quantity} {symbol} {price} {tif}",
    "confirm {code}: {side} {quantity} {symbol} {price}",
    "{quantity} {symbol} {price} {tif}, go ahead",
    "ok {side} the {quantity} {name} {price} please",
    "yes to the {name} {side}, {quantity} shares {price}, {tif}, {code}",
    "please send {code}, {quantity} {symbol} {price}",
)


def _facts(ticket: TicketView) -> dict[str, str]:
    return {
        "code": ticket.id,
        "side": ticket.side or "",
        "quantity": f"{ticket.quantity}",
        "symbol": ticket.symbol,
        "name": NAMES[ticket.symbol],
        "price": "at market" if ticket.limit_price is None else f"at {ticket.limit_price}",
        "tif": TIFS[ticket.tif],
    }


@given(_tickets(), st.sampled_from(FRAMES))
def test_a_ticket_told_again_exactly_confirms(ticket: TicketView, frame: str) -> None:
    """`consent:exact`: what the alterations below start from is a yes."""
    assert read_reply(frame.format(**_facts(ticket)), [ticket]).verdict == "confirm", frame


@st.composite
def _altered(draw: st.DrawFn, ticket: TicketView, kind: str) -> str:
    """A value of `kind` that is not the ticket's."""
    match kind:
        case "side":
            return draw(st.sampled_from([side for side in SIDES if side != ticket.side]))
        case "quantity":
            return str(draw(st.integers(0, 5000).filter(lambda n: n != ticket.quantity)))
        case "symbol":
            return draw(st.sampled_from([s for s in (*NAMES, "TSLA", "MSFT", "SPY") if s != ticket.symbol]))
        case "name":
            return draw(st.sampled_from([n for s, n in NAMES.items() if s != ticket.symbol]))
        case "price":
            other = draw(st.integers(100, 999_999).map(lambda n: Decimal(n) / 100))
            if other == ticket.limit_price or draw(st.booleans()):
                return "at market" if ticket.order_type == "limit" else f"at {other}"
            return f"at {other}"
        case "tif":
            return draw(st.sampled_from([words for tif, words in TIFS.items() if tif != ticket.tif]))
        case _:
            at = draw(st.integers(0, 3))
            swap = draw(st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ23456789" if at else "ABCDEFGHJKLMNPQRSTUVWXYZ"))
            return draw(
                st.sampled_from(
                    [ticket.id[:-1], ticket.id[1:], ticket.id + "2", ticket.id[:at] + swap + ticket.id[at + 1 :]]
                ).filter(lambda c: c != ticket.id)
            )


def _check_altered(data: st.DataObject) -> None:
    ticket, frame = data.draw(_tickets()), data.draw(st.sampled_from(FRAMES))
    kind = data.draw(st.sampled_from([kind for kind in _facts(ticket) if f"{{{kind}}}" in frame]))
    reply = frame.format(**{**_facts(ticket), kind: data.draw(_altered(ticket, kind))})
    assert read_reply(reply, [ticket]).verdict != "confirm", reply


@given(st.data())
def test_a_yes_with_any_one_fact_altered_never_confirms(data: st.DataObject) -> None:
    """`consent:exact`: number, side, symbol, type, time in force or code, one of them wrong is enough."""
    _check_altered(data)


INTRUDERS = st.sampled_from(
    """if|unless|when|once|until|provided|before|after|maybe|perhaps|probably|i guess|i think|might|could|should|later|tomorrow|but|though|only if|not|never|
    do not|without|what|why|how|which|?|he said|she says|they told me to|my wife says|yesterday|already|was|if it drops|instead|half|double|more|another|less|
    other|wait|hold on|lol|jk|hmm|yeah right|supposedly|blorp|dip|portfolio|email|prices|moon|e-mail|else|again|both|everything|%|🙄|🤔|👎|[|{|"|=""".replace("\n", " ").split("|")
).map(str.strip).filter(bool)  # fmt: skip


def _check_intruder(data: st.DataObject) -> None:
    ticket = data.draw(_tickets())
    words = (
        data.draw(
            st.sampled_from(
                (*FRAMES, "yes", "confirm", "go ahead", "do it", "sure, send it", "sounds good", "place the order")
            )
        )
        .format(**_facts(ticket))
        .split()
    )
    at = data.draw(st.integers(0, len(words)))
    reply = " ".join([*words[:at], data.draw(INTRUDERS), *words[at:]])
    if "at once" in reply:  # "at … market" with "once" put in: no condition any more
        return
    assert read_reply(reply, [ticket]).verdict != "confirm", reply


@given(st.data())
def test_a_yes_with_a_doubt_put_in_anywhere_never_confirms(data: st.DataObject) -> None:
    """`consent:person`: a hedge, a condition, a question, a no, a report or a word nobody knows, wherever it stands."""
    _check_intruder(data)


@given(st.data())
def test_with_two_tickets_a_yes_never_reaches_the_one_not_named(data: st.DataObject) -> None:
    """`consent:person`: a reply that tells one ticket exactly never confirms another."""
    first, second = data.draw(_tickets()), data.draw(_tickets())
    if first.id == second.id:
        return
    reply = data.draw(st.sampled_from(FRAMES)).format(**_facts(first))
    reading = read_reply(reply, [first, second])
    assert (
        reading.verdict != "confirm"
        or reading.ticket == first.id
        or _facts(first) | {"code": ""} == _facts(second) | {"code": ""}
    )


@given(
    st.lists(
        st.sampled_from(
            [
                "yes",
                "no",
                "if",
                "K7Q2",
                "40",
                "aapl",
                "confirm",
                "not",
                ",",
                ".",
                "?",
                "the",
                "at",
                "187.20",
                "sell",
                "buy",
                "'",
                '"',
                ":",
                "-",
                "…",
                "é",
                "👍",
                "one",
                "of",
                "stop",
                "limit",
                "cancel",
                "$",
            ]
        ),
        max_size=14,
    ).map(" ".join)
)
def test_any_heap_of_known_words_is_read_as_something(reply: str) -> None:
    """Total on word heaps too, with one ticket or with several."""
    ticket = TicketView(
        id="K7Q2", side="buy", symbol="AAPL", quantity=Decimal(40), order_type="limit", limit_price=Decimal("187.20")
    )
    assert read_reply(reply, [ticket]).why
    assert read_reply(reply, [ticket, ticket.model_copy(update={"id": "M3XD", "symbol": "NVDA"})]).why


@pytest.mark.slow
@settings(max_examples=5_000, deadline=None)
@given(st.data())
def test_the_large_run_of_altered_and_interrupted_replies_never_confirms(data: st.DataObject) -> None:
    """`consent:exact`, `consent:person`: the two properties above, fifty times as long."""
    _check_altered(data)
    _check_intruder(data)
