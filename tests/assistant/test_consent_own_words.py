"""How people say it: replies to the six tickets of the evaluation set, in words that stand nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.consent import TicketView, read_reply

TICKETS = {
    ticket["id"]: TicketView.model_validate(ticket)
    for ticket in json.loads((Path(__file__).parents[2] / "bench/router/tickets.json").read_text())
}
"""Apple limit buy, Nvidia limit sale, Meta market buy, Netflix short, Amazon stop, Google limit buy."""

CONFIRMED = """
K7Q2: yes, buy the 40 apple at 187.20
K7Q2: that's correct, go ahead
K7Q2: Yes, that's exactly what I want. Send it.
K7Q2: let's get it done
K7Q2: ok buy the forty shares of apple
K7Q2: buy the 40 aapl at 187.20
K7Q2: Please go ahead and place the order
K7Q2: all good, send
K7Q2: 40 at 187.20, day order, go
K7Q2: I'd like to go ahead with it
K7Q2: I'd like to confirm this order please
K7Q2: Yes, I confirm the purchase of 40 AAPL at $187.20.
K7Q2: you may proceed
K7Q2: sure, go for it
K7Q2: ok, buy 40 apple limit 187.20
K7Q2: yup, k7q2
K7Q2: sned
K7Q2: aprove it
K7Q2: okey do it
K7Q2: Yes! Do it now!
K7Q2: perfect, place it
M3XD: yes, sell 10 nvidia
M3XD: sell the 10 nvda at 450
M3XD: yep, 10 nvda 450 gtc
M3XD: ok sell them at 450
M3XD: confirm the nvidia limit sell
M3XD: yes sell ten of them at 450
M3XD: work the order
M3XD: yes, use the recommended size
B9TR: yes buy 15 facebook at market
B9TR: market order for 15 meta, confirmed
B9TR: get me the 15 meta, yes
B9TR: approved, buy the meta
B9TR: yes at the market please
B9TR: yess plz
W4HF: yes short netflix
W4HF: short 5 nflx, go
W4HF: go short the 5 netflix
W4HF: confirm the short
W4HF: execute the short sale
W4HF: fire it off
P2LV: place the stop order
P2LV: yes, put the stop in on amazon
P2LV: yes sell 60 amzn stop gtc
P2LV: confirm the amazon stop, good til canceled
P2LV: submit the stop sell for 60 amzn
C8NZ: transmit
C8NZ: 100 google, 131.5, gtc. yes.
C8NZ: yes to the google order
C8NZ: Yes, buy a hundred google at 131.50
C8NZ: very good, please execute
C8NZ: happy with that, send it
C8NZ: yes go
C8NZ/K7Q2: confirm the goog buy
C8NZ/K7Q2: the google one, yes
C8NZ/M3XD: yes, buy
W4HF/M3XD: yes to the short
P2LV/K7Q2: place the amzn stop
M3XD/K7Q2: ok nvidia go
B9TR/W4HF: do the meta one
K7Q2/B9TR: sí, K7Q2
B9TR/C8NZ: yes 15 meta
"""
ASKED_BACK = """
K7Q2: yeah right
K7Q2: yes if it dips
K7Q2: yes but not yet
K7Q2: yes?
K7Q2: I'll confirm later
K7Q2: I confirmed yesterday
K7Q2: confirm what?
K7Q2: is it confirmed?
K7Q2: can you confirm the price?
K7Q2: confirm the limit price
K7Q2: please confirm the quantity
K7Q2: yes no
K7Q2: yes and no
K7Q2: not yes
K7Q2: send it to my email
K7Q2: send it to me
K7Q2: do it tomorrow
K7Q2: buy the dip lol
K7Q2: my boss: yes
K7Q2: boss: confirm
K7Q2: yes for 4o shares
K7Q2: ok I see
K7Q2: order confirmed
K7Q2: ok thanks
K7Q2: sure buddy
K7Q2: put it on hold
K7Q2: place an order
K7Q2: yes whenever
K7Q2: ready to confirm
K7Q2: yes 🙄
K7Q2: yes in my ira
K7Q2: ok what
K7Q2: go on
K7Q2: would you confirm it for me
K7Q2: run it by me again
K7Q2: yes that's what she said
K7Q2: consider it
K7Q2: yes_
K7Q2: yes to tesla
K7Q2/M3XD: confirm both
K7Q2/C8NZ: yes buy
K7Q2/M3XD: confirm the msft one
K7Q2/M3XD: yes to the second
K7Q2/M3XD: K7Q2 not M3XD
K7Q2/M3XD: confirm KQ72
"""
REVISED = """
K7Q2: yes sell
K7Q2: yes, just one
K7Q2: just one share
K7Q2: yes a dozen
K7Q2: yes 40 at 187
K7Q2: 22, not 40
K7Q2: 40, but market
K7Q2: yes stop at 187.20
K7Q2: could you make it 30?
K7Q2: can we do 35 instead
K7Q2: how about 30
K7Q2: trim it to 25
K7Q2: go with 25
K7Q2: raise it to 188
K7Q2: leave it open till I cancel
B9TR: as a limit at 290
B9TR: limit it at 290
W4HF: cover instead
W4HF: make the short 3
M3XD: sell 20
M3XD: day order instead
M3XD: 455
C8NZ: 80
C8NZ: knock it down to 80
C8NZ: same but 80
P2LV: yes but only half
C8NZ/K7Q2: google at 132
B9TR/W4HF: B9TR at 10 shares
W4HF/K7Q2: the netflix one, make it 4
P2LV/C8NZ: switch the amazon one to a day order
K7Q2/M3XD: 30 apple rather than 40
"""
CANCELLED = """
K7Q2: no
K7Q2: please don't
K7Q2: kill the order
K7Q2: ditch it
K7Q2: can you cancel it?
K7Q2: nah, too expensive
K7Q2: on second thought no
K7Q2: no, maybe later
K7Q2: ok cancel it
K7Q2: I don't want to buy apple
K7Q2: hold on, cancel that
K7Q2: no, I don't like it
K7Q2: scratch that
K7Q2: don't place the order
K7Q2: never mind the apple
P2LV: remove the stop
P2LV: stop
P2LV: cancel the amzn stop
W4HF/K7Q2: ditch the short
M3XD/B9TR: no to the nvidia
M3XD/B9TR: don't sell nvidia
C8NZ/B9TR: scrap c8nz
K7Q2/M3XD: pull the apple order
K7Q2/M3XD: forget the apple one
"""
OTHER_MATTERS = """
K7Q2: show me my positions
K7Q2: how is apple doing
K7Q2: the senate voted yes
K7Q2: what is a stop order
K7Q2: buy 10 tsla
K7Q2: is the market open
K7Q2: thanks
K7Q2: did my order yesterday get filled
K7Q2: latest headlines please
K7Q2: what's the 52w high of apple
K7Q2: any update on nvidia
K7Q2: forecast for meta
K7Q2: my open orders
K7Q2: how do i place a trade
K7Q2: explain the vix
K7Q2: what would 50 do to my risk?
K7Q2: tell me more about netflix
K7Q2/M3XD: what's my pnl
K7Q2: good morning
K7Q2: shareholders said yes to the merger
"""


def _cases(table: str) -> list[tuple[list[str], str]]:
    """Rows "ID/ID: reply"; the first code is the ticket that is meant."""
    rows = [row.split(":", 1) for row in table.strip().splitlines()]
    return [(codes.split("/"), reply.strip()) for codes, reply in rows]


def _read(codes: list[str], reply: str) -> tuple[str, str | None]:
    reading = read_reply(reply, [TICKETS[code] for code in codes])
    return reading.verdict, reading.ticket


@pytest.mark.parametrize(("codes", "reply"), _cases(CONFIRMED))
def test_an_order_told_again_in_ones_own_words_is_a_yes_to_it(codes: list[str], reply: str) -> None:
    """`consent:exact`: every fact said is the ticket's own, and there is nothing beside the yes."""
    assert _read(codes, reply) == ("confirm", codes[0])


@pytest.mark.parametrize(("codes", "reply"), _cases(REVISED))
def test_another_figure_or_a_word_of_change_revises_the_ticket_it_names(codes: list[str], reply: str) -> None:
    """`consent:exact`: any change makes a new ticket, however much of a yes stands beside it."""
    assert _read(codes, reply) == ("revise", codes[0])


@pytest.mark.parametrize(("codes", "reply"), _cases(CANCELLED))
def test_a_refusal_in_everyday_words_drops_the_ticket_it_names(codes: list[str], reply: str) -> None:
    """Cancelling is always safe, so it is understood widely."""
    assert _read(codes, reply) == ("cancel", codes[0])


@pytest.mark.parametrize(("codes", "reply"), _cases(ASKED_BACK))
def test_a_doubt_beside_a_yes_is_asked_about(codes: list[str], reply: str) -> None:
    """`consent:person`: sarcasm, reports, questions, other times and other things are never a yes to this ticket."""
    assert _read(codes, reply)[0] == "ambiguous"


@pytest.mark.parametrize(("codes", "reply"), _cases(OTHER_MATTERS))
def test_talk_of_other_matters_leaves_the_ticket_alone(codes: list[str], reply: str) -> None:
    """What does not speak to a ticket is answered as if none were open."""
    assert _read(codes, reply)[0] == "unrelated"


@pytest.mark.parametrize(
    "reply",
    [
        "go ahead and tell me",
        "yes, and cancel the other one",
        "yes, then sell it",
        "my boss: yes",
        "send the order back",
        "confirm that it is correct",
        "confirm it is right",
        "send the ticket to the boss",
        "fire the boss",
        "it is on fire, great",
        "yes to one",
        "do one",
        "work on it",
        "go to the order",
        "yes to that and the next",
    ],
)
def test_a_yes_that_goes_on_to_something_else_never_confirms(reply: str) -> None:
    """`consent:exact`: the yes was to more, or to something other, than the ticket."""
    assert _read(["K7Q2"], reply)[0] != "confirm"


@pytest.mark.parametrize(
    ("symbol", "reply"), [("NOW", "yes, do it now"), ("IT", "do it"), ("ALL", "yes"), ("SO", "so yes")]
)
def test_a_ticker_that_is_a_plain_word_names_nothing_unless_it_is_written_as_one(symbol: str, reply: str) -> None:
    """`consent:person`: with two tickets open, "do it now" does not choose the ServiceNow order."""
    word = TICKETS["K7Q2"].model_copy(update={"id": "Z1Z1", "symbol": symbol})
    assert read_reply(reply, [word, TICKETS["M3XD"]]).verdict == "ambiguous"
    assert read_reply(f"yes, ${symbol}", [word, TICKETS["M3XD"]]).ticket == "Z1Z1"
