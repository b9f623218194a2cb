# ruff: noqa: E501  (a table reads better a row a line)
"""Words that are harmless one by one and no yes together; and the plain yeses that must not be lost to that caution."""

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


def _rows(table: str) -> list[str]:
    return [row.strip() for row in table.split("|")]


ACKNOWLEDGED = """
oh ok | ah okay | ok all good | ok no worries | ok, that's it | that's it then, ok | ok we are good | ok for now | yes thanks for that | ok i checked it |
yes, on it | ok so so | yes hello | ok thanks for today | sure that's right | oh of course | ah yes the order | yeah, yeah | sure, sure | ja, ja |
i agree it is good | agreed, that is right | the stock looks good | i'm happy with my shares | yes my stock is great | yes... | well... ok | yes, | ok, well
"""
SOMEBODY = """
boss approved it | chief confirmed the order | we agreed | i confirmed it | deskmate confirmed | just approved it | boss happy to proceed | shares cleared |
confirm with boss | confirm it with them | send it to them | send them the order | send them my shares | authorize them | do it with them | fire boss | i agree with them
"""
ASKED = """
just to confirm | so to confirm | confirm we are good to go | confirm you may proceed | confirm that all good | ok to send | ok to go | y this one | y now |
confirm limit | approve my limit | confirm your size | proceed to the order
"""
OTHER = """
nice place | on fire | your place | on my go | on your go ahead | with my ok | you can go | i would like to go | we go | put them in order | take that! |
send many thanks | sim order | yes to stocks | contracts, yes | release my shares | this order and that order, yes | send it and that | go with them | !yes | send it on | confirm your
"""
HELD_TO = """
everything checks out then send | no issues then send it | it is right, then go | yes long as it is fine | now and then, yes
"""


@pytest.mark.parametrize("code", TICKETS)
@pytest.mark.parametrize(
    "reply", [*_rows(ACKNOWLEDGED), *_rows(SOMEBODY), *_rows(ASKED), *_rows(OTHER), *_rows(HELD_TO)]
)
def test_known_words_that_say_something_else_together_never_confirm(code: str, reply: str) -> None:
    """`consent:person`: acknowledging, telling of others, checking, and other things are no yes, whatever the words are."""
    assert read_reply(reply, [TICKETS[code]]).verdict != "confirm"


BESIDE_FACTS = """
K7Q2: just to confirm, buy 40 apple at 187.20
K7Q2: sure you can buy 40 apple
K7Q2: ok to buy 40 apple at 187.20
K7Q2: apple looks good
K7Q2: ok now apple
K7Q2: an apple please, ok
K7Q2: i am in apple with 40 shares
K7Q2: go apple!
K7Q2: we agreed to buy 40 apple at 187.20
K7Q2: yes, 187.20 in total
K7Q2: yes 40 dollars of apple
K7Q2: yes 40 k
K7Q2: yes 40 lots
K7Q2: yes 40 and 40
K7Q2: yes, 40 apples
K7Q2: 40 to go
K7Q2: confirm order 40
K7Q2: ok, long
K7Q2: yes, so long
K7Q2: yes give me the ticket
K7Q2: ok that's all good for today
K7Q2: agreed, apple a buy
M3XD: do it in 10
M3XD: yes, ticket 10
M3XD: go 10:10
M3XD: yes close the ticket
M3XD: ok dump the order
M3XD: yes sell all of it
M3XD: yes, sell the whole thing
M3XD: ok keep it open
M3XD: for sale, ok
M3XD: confirm the recommended size
M3XD: M3XD confirmed yesterday
M3XD: M3XD was confirmed
M3XD: M3X confirmed
M3XD: nvidia confirmed
B9TR: so meta, ok
B9TR: put it on facebook
B9TR: great market, yes
W4HF: ok netflix
W4HF: in short, ok
W4HF: ok take 5
P2LV: yes, order it on amazon
P2LV: ok stop order
P2LV: on my stop, ok
C8NZ: ok, google it
C8NZ: go google it
C8NZ: ok google, send it
K7Q2/M3XD: apple and this one, yes
K7Q2/M3XD: yes to K7Q2, then the order
K7Q2/M3XD: K7Q2 and M3XD confirmed
"""
PLAIN = """
M3XD: M3XD confirmed
M3XD: m3xd, approved
K7Q2/M3XD: K7Q2 confirmed
K7Q2: oh yes please
K7Q2: fine then, send it
K7Q2: yes, please do
K7Q2: no changes, send it
K7Q2: ok then
K7Q2: perfect, place it
K7Q2: 40 at 187.20, go
K7Q2: yes 40 aapl @ 187.20
K7Q2: i confirm buying 40 apple at 187.20
M3XD: sell them, yes
M3XD: go ahead and sell
M3XD: yes close the 10 nvidia
B9TR: get me the 15 meta, yes
W4HF: yes, short them
P2LV: place the stop order
C8NZ: place the google limit order
C8NZ: sim, confirm
K7Q2/C8NZ: buy the google, yes
"""


def _cases(table: str) -> list[tuple[list[str], str]]:
    rows = [row.split(": ", 1) for row in table.strip().splitlines()]
    return [(codes.split("/"), reply) for codes, reply in rows]


@pytest.mark.parametrize(("codes", "reply"), _cases(BESIDE_FACTS))
def test_the_tickets_own_facts_among_other_talk_never_confirm(codes: list[str], reply: str) -> None:
    """`consent:exact`: ten minutes are not ten shares, forty dollars not forty shares, and "google it" is no order."""
    assert read_reply(reply, [TICKETS[code] for code in codes]).verdict != "confirm"


@pytest.mark.parametrize(("codes", "reply"), _cases(PLAIN))
def test_a_plain_yes_in_its_usual_shapes_still_confirms(codes: list[str], reply: str) -> None:
    """Caution that asks back at "M3XD confirmed" would teach people to click without reading."""
    assert read_reply(reply, [TICKETS[code] for code in codes]).verdict == "confirm"


@pytest.mark.parametrize(
    "words", ["ok ", "yes please now ", "yes 40 at 187.20 ", "i would like ", "it all looks good "]
)
def test_a_reply_of_the_greatest_length_is_read_at_once(words: str) -> None:
    """The shapes are matched by backtracking; the longest reply that is read must not stall a conversation."""
    from time import perf_counter

    started = perf_counter()
    assert read_reply((words * 160)[:156] + "zz", [TICKETS["K7Q2"]]).verdict != "confirm"
    assert read_reply((words * 160)[:154] + " to go", [TICKETS["K7Q2"]]).verdict != "confirm"
    assert perf_counter() - started < 1.0
