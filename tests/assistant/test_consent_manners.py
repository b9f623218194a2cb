# ruff: noqa: E501  (a table reads better a row a line)
"""Formal, slangy and roundabout yeses that are found, and the replies next door to each that are none."""

from __future__ import annotations

import time

import pytest

from assistant.consent import read_reply
from assistant.consent_manners import put_plainly
from assistant.consent_spelling import plain
from tests.support.replies import TICKETS, readings, rows

CONFIRMED = """
M3XD: So ordered. | You have my instructions to sell 10 NVDA with a limit of $450.00. | 10-4
M3XD: 450 on the nvidia, 10 shares, good til cancelled, sell em | Sell them all ten, yes | ok unload the 10 nvidia | offload 10 nvda at 450, go ahead
M3XD: dump the 10 nvda, yes | yep, sell 10, limit 450 | the nvidia sale can go ahead | Nvidia sell order: approved.
M3XD: Approved: nvidia, 10, sell, 450 limit. | sell order looks right, submit
B9TR: Granted. | done, fire | Good. Lodge it. | sweet, smash that buy | grab the 15 meta | Take the 15 Meta at market. | Yes to 15 shares.
B9TR: 15 is right, go | fifteen meta at market, do it | go ahead w/ meta | hit it, 15 meta | Confirmed for Meta. | The meta trade is a go
W4HF: I am content for you to short the five Netflix shares. | go ahead and short netflix | I accept the risk, go ahead.
C8NZ: Pray submit the order for 100 Alphabet at a limit of 131.50, good till cancelled. | I should be obliged if you would transmit the Google order.
C8NZ: I can live with that, execute the google order | Yes, leave it open till I cancel. | 100 goog gtc yes | place the order, good till cancelled
C8NZ: happy with 131.50, go | the price is right, go ahead | price is fine, send it | Make it official. | Let's lock this in | I'm in, go
C8NZ: count me in | I'm sold, do it | You may place the order. | You can send it now. | You can go ahead with google. | you can submit that one
C8NZ: feel free to place it | feel free to proceed | please proceed with the purchase | please carry out the order | carry it out | green light it
C8NZ: thumbs up | 👍 go | yes 👍 | aye, send it on its way | off it goes! | let it go through | fill it | get it filled | yessss | YES!!! | yes yes yes
C8NZ: oh yes please | heck yes | very well, proceed | that will do nicely, send it | That'll do, place it | ok im ready send it | ready, fire
C8NZ: it's a yes from me | that's a yes | that is a yes from me | a yes from me | you have my yes | my answer is yes | the answer is yes
K7Q2: My instructions are unchanged; kindly execute the order as drafted. | right, send the apple buy | Grand, stick it in.
K7Q2: Alright, get that order in for me. | Yes that works, put the order through. | You've my go-ahead. | I'd like you to go ahead. | Go right ahead.
K7Q2: Be my guest. | Let's pull the trigger. | Pull the trigger on the apple buy. | All clear, execute. | Everything matches, submit.
K7Q2: Looks spot on, send it. | That's the one, fire. | Affirm. | yep that's right send it through | ya lets do this thing | k do it
K7Q2: ok do the apple thing | Happy with the terms. Please proceed. | The order is right. Place it. | I've double checked everything, please place it.
K7Q2: Apple 40 @ 187.20 - approved | Consider this my approval. | This is my confirmation. | You have the green light. | You got the green light
K7Q2: Permission to proceed granted. | I'm good, send. | good to go, thanks | Please put in the order for 40 apple.
K7Q2: I'd like to buy the 40 apple, yes. | yes i want it | Yes, that's my final answer. | Final answer, yes. | no need to change anything, send it
K7Q2: Don't change a thing, send it. | No notes. Ship it. | Why not, go for it. | lfg | alrighty, go ahead | right then, place it | okay then, confirm
K7Q2: sounds like a plan, go ahead | great, let's get this done | Let's make it happen. | Let's buy it, yes. | Execute the apple buy, please.
K7Q2: Execute as written. | Execute at 187.20. | Route it. | Book the trade. | Enter the order. | Ticket K7Q2 - please execute. | K7Q2 ok | K7Q2 go
K7Q2: Confirming K7Q2. | I approve ticket K7Q2.
P2LV: The sixty Amazon shares are to be sold by way of a stop order; you have my authority. | The Amazon sale may proceed. | rock n roll
P2LV: Sixty AMZN, sell, stop, GTC. Submit. | yes set the stop | put that stop on | Please set the stop on the 60 amazon. | get the stop in
P2LV/W4HF: The Amazon stop is approved and should be sent.
M3XD/B9TR: I am satisfied with M3XD and ask that it be placed. | pull the trigger on nvidia
B9TR/M3XD: meta please go ahead
C8NZ/M3XD: go on the goog, 100 at 131.50 gtc
C8NZ/K7Q2: Google, yes. | Let's go with the google order
M3XD/P2LV: yes for NVDA
W4HF/C8NZ: yes do the short
W4HF/P2LV: netflix: confirm
P2LV/K7Q2: amazon stop - send
"""
ASKED_BACK = """
*: fire him | fire the analyst | ship it to me | ship it to my house | let it rip said jim | execute the plan | off you go to bed | absolutely not
*: absolutely? | granted, but wait | granted it is cheap | granted that | granted i would | so ordered? | i so ordered pizza | crack on the door
*: crack on then what | crack on about it | full send me the report | full send? | no full send | rock and roll music | send her flowers
*: send her my regards | send her the money | did you send her | don't send her | fire her | lodge a complaint | lodge it with the court | ski lodge
*: lodge it tomorrow | smash it | smash that like button | smash the like button | dispatch an ambulance | whack it | whack him | 10-4? | buy 10-4
*: sell 10-4 shares | 10-4 good buddy, what's up | right | right, ok | right, sure | right, what | yeah right, send it | right, send me the chart
*: right, send it to them | right? | done | done, ok | done with this | done, thanks | i'm done, send it back | go on, then what | go on, tell me
*: go on, ok | go on | go on the website | ok go on the internet | go on the record | i want to confirm the price | i wish to know
*: i do wish to proceed, but not now | i wish to god | i wish to cancel | i should like to know | i should like to confirm the size
*: i should be obliged if you would wait | i should be obliged if you would not send it | i should be obliged if you would send me the report
*: i should be obliged if you would confirm the price | i would be grateful if you could explain
*: i would be grateful if you would send it to my lawyer | be a good chap and cancel it | be a good chap and fetch the paper
*: be so kind as to explain | be so kind as to confirm the price | kindly refrain | kindly explain | kindly do not send it
*: kindly confirm the limit price | kindly confirm receipt | pray tell | pray it goes up | i pray | ok pray | yes pray for me | i am content
*: i am content for you to wait | i am content for you to | i am not content for you to send it | i am content for you to cancel it
*: i am content for them to send it | you are to wait | you are to blame | you are to confirm the price first | you are to send me the report
*: are you to place it | you are not to place it | you are instructed to cancel | you have my instructions not to send it | you have my instructions
*: you have my instructions to cancel | you have my authority to ask | you have my authority if it dips | you have my leave to go home
*: you have my consent? | do you have my consent | you don't have my consent | i consent to nothing | i consent to cookies | i consent to the terms
*: i consent to the recording | i do not consent | i never consent | i consent if it dips | i agree to disagree | i ask that it be cancelled
*: i ask that it be held | he asks that it be placed | i am satisfied with it | i am satisfied with it and ask that it be held
*: i am not satisfied with it, send it | i am satisfied | no problem with that | no problem with that, ok | no problem with that, wait
*: i have no problem with that, but no | i find no fault with it | i have read it | i have read it, ok | i have read it, cancel
*: i have not read it, send it | i have read it and it is wrong | my instructions are unchanged | my instructions are unchanged; do not send it
*: my mind is made up | i can live with that | i can live with that? | i can not live with that, ok | can't argue with that | waiting on it
*: waiting on this one | been waiting on this one all day | signed off | signed off by legal | signed off, he said go | pull the trigger on him
*: don't pull the trigger on it | netflix one | sure, sweet | sweet | understood | got it | got it, ok | fair enough, ok | noted, ok | legend, ok
*: ok my friend | counsel approves | counsel confirm | send it to counsel | ask counsel | counsel says yes | that will do nicely for google
*: it reflects my instructions | it is in order? | it is in order | everything is in order then send it | without reservation | without a doubt not
*: not without reservation, yes | yes without knowing | aight imma wait | aight bet | okey dokey artichoke | goooal | gooo home | go thru it with me
*: put it thru the wringer | so do it yourself | no, right, send it | right, no | get it in writing | get it in the morning | get it through your head
*: put it on hold | put it off | put the order off | put it on ice | put it in the bin | put that on my list | stick it | stick it up
*: don't put it through | he put it through | put it through? | get it placed tomorrow | get it placed if it dips | get them in | send them in
*: send it on | bang that in another account | pop it in tomorrow | that is a yes? | is that a yes | that is a yes from him | a yes from my wife
*: a yes | a yes, but later | it is a yes or a no | it is a yes no question | my answer is yes and no | my answer is yes?
*: the answer is yes if it dips | the answer is not yes | the answer is no | her answer is yes | do you have the green light
*: you have the green light tomorrow | you have the green light from legal | you do not have the green light | you have my word
*: you have my word that i will wait | consider this my resignation | consider this my approval tomorrow | is this my confirmation
*: this is my confirmation? | this is my confirmation number | this is not my approval | permission to proceed denied | permission to proceed?
*: let us wait | let us not send it | let us buy it later | let us confirm the price | let us send it to them | let us make it 30
*: let us make it smaller | let us get it cheaper | let us place a bet | let us fire him | feel free to cancel | feel free to wait
*: feel free to confirm the price | feel free | i would like you to wait | i would like you to confirm the price | i would like you to | be my guest?
*: naturally not | naturally i worry | thumbs up or down | thumbs down | sign me up for alerts | sign me up for the newsletter
*: make it official tomorrow | carry out a check | carry out the plan | carry out the order tomorrow | activate the alarm | activate my account
*: let it go | let it go, ok | affirm the price | affirmative action | why not | why not, ok | why not tomorrow | i am good | i'm good, thanks
*: i am good, ok | i'm ready | i'm ready to go home | i'm sold | i want it | i want it cheaper | i want it, maybe | final answer | final answer, no
*: that works | that works, ok | that works if it dips, send it | that will do | that will do, thanks | no notes | alrighty | alrighty then
*: apple thing | do this thing tomorrow | i accept the risk | i accept the risk of waiting | do not change it, cancel it | sounds like a plan
*: everything matches | i have already read it | yes, got it | yes understood | yes i have read it | yes i'm good | yes i am ready
*: yes been waiting on it | yes noted, thanks | right, yes | why not send it | why not place it | i want it done yesterday | got it go away
*: i am ready to send it | i am good go home | understood please explain | i'm ready, ok | yes, all set? | put it on the list
*: slap that on the fridge | carry it out of here | lock it in the drawer | naturally | sign me up | you are to order | you are to it
*: i am content for you to order | pray go away | kindly the order | pray yes
P2LV: the amazon sale may proceed if it dips | the amazon sale may proceed tomorrow | the amazon sale may proceed? | amazon may proceed
P2LV: the amazon sale may not proceed | may the amazon sale proceed | he said the amazon sale may proceed | the amazon sale may proceed with caution
P2LV: the amazon sale may proceed to the vote | the other amazon sale may proceed | sell 60 amzn, stop | stop on amazon, ok | ok stop | sell, stop
P2LV: please stop on all 60 amazon | set the stop at 120 | set the stop lower | set the stop to 120 | set a stop | do not set the stop | set the stop?
P2LV: set the stop price | yes set the stop tighter | is the stop set | put that stop on google | put the stop on hold
P2LV: looks good, stop on all 60 amazon | yes, stop on all 60 amazon | the order is to be sold
C8NZ: the google buy may proceed, once I say so | get me the hundred dollars | get me two hundred goog
K7Q2: the merger may proceed | the apple trial may proceed | my order may proceed later | we may proceed | i may proceed | it may proceed someday
K7Q2: the apple order should be sent? | the apple order should not be sent | the apple order should have been sent
K7Q2: the apple order should be sent tomorrow | apple should be sold | apple is to be sold | the 40 apple are to be sold
K7Q2: the 50 apple are to be bought | the 40 apple were to be bought | the 40 apple are to be bought by my broker | apple to be bought by google
K7Q2: apple is to be bought | 40 apple stores to be bought | the order is approved? | the apple order is not approved | is the apple order approved
K7Q2: apple is approved | the fda is approved | it is approved | this is approved | the loan is approved | B9TR is approved | my K7Q2 is approved
K7Q2: K7Q2 is approved by whom | K7Q2 is approved by my boss | K7Q2 is approved tomorrow | the order is approved | order approved
K7Q2: go on the apple site | go on apple | go on the 50 apple | i am content for you to buy 50 apple | i am content for you to sell the 40 apple
K7Q2: you have my instructions to sell 40 apple | pull the trigger on nvidia | apple one | apple one, ok | buy the apple one bundle
K7Q2: yes, i like the apple one | netflix one, yes | get me the hundred apple | buy them | buy it | buy them, 40 apple? | i should buy them, 40 apple
K7Q2: he will buy them. 40 apple | buy them. 50 apple | should i buy them? 40 apple | go short the 40 apple | the stop is fine, ok | 40 is fine, ok?
K7Q2: 187.20 is fine | 40 is right | apple order looks right | 187.20 is right, ok | price is fine | price is fine, ok | price is fine, cancel
K7Q2: the apple order is a go? | apple is a go | the merger is a go | the apple order is a go once it dips | the apple order is a go for my wife
K7Q2: happy with 187.20 | happy with 186, go | my apple are to be bought | the order is to be bought | so K7Q2 is approved
K7Q2: so the apple order may proceed | so the order should be sent
M3XD: did you pull the trigger on nvidia | pull the trigger on nvidia tomorrow | pull the trigger on 20 nvidia | 450 shares, yes
M3XD: 450 on the nvidia, yes | 450 on the nvidia, 20 shares, yes | 10 shares at 455, yes
W4HF: green light on netflix? | no green light on netflix | waiting for the green light on netflix | green light on the show
W4HF: green light on netflix show | too short, ok | do not go short
"""
CHANGED = """
K7Q2: gtc not day
K7Q2: Yes, but let us say thirty shares rather than forty.
M3XD: I should prefer a limit of 455.
B9TR: Twelve. Fifteen is hubris.
B9TR: Fine, but attach a stop loss at 270.
W4HF: Please convert that to a limit order at 420.
P2LV: The Amazon order ought to be for 30 shares only.
P2LV: set the stop lower
C8NZ: 131 even
"""
REFUSED = """
*: I've lost my nerve, sorry. Please forget that order.
*: i'm not ready, please forget the order
*: On mature reflection I do not wish to proceed.
*: Strike it from the record.
C8NZ: Life is too short for this one. Drop it.
K7Q2: Kindly abandon the Apple purchase.
P2LV: P2LV is to be withdrawn.
"""


@pytest.mark.parametrize(("code", "reply"), rows(CONFIRMED))
def test_a_yes_in_formal_slangy_or_roundabout_words_is_found(code: str, reply: str) -> None:
    """Courtesy and slang change the wording of a yes, not what is released."""
    for read in readings(code, reply):
        assert (read.verdict, read.ticket) == ("confirm", code.split("/")[0]), read.why


@pytest.mark.parametrize(("code", "reply"), rows(ASKED_BACK))
def test_the_neighbours_of_such_a_yes_never_confirm(code: str, reply: str) -> None:
    """`consent:person`: a condition, another object, a report, a question or a mere remark in the same words is no yes."""
    assert "confirm" not in [read.verdict for read in readings(code, reply)]


@pytest.mark.parametrize(("code", "reply"), rows(CHANGED))
def test_a_change_in_roundabout_words_is_a_change(code: str, reply: str) -> None:
    """`consent:exact`: another figure beside the order's name, or as a clause of its own, asks for another order."""
    assert [read.verdict for read in readings(code, reply)] == ["revise"]


@pytest.mark.parametrize(("code", "reply"), rows(REFUSED))
def test_a_refusal_with_its_reason_beside_it_is_a_refusal(code: str, reply: str) -> None:
    """Dropping a ticket is always safe, so a reason in another clause does not make it unclear."""
    assert {read.verdict for read in readings(code, reply)} == {"cancel"}


def test_news_of_the_symbol_is_unrelated_to_its_ticket() -> None:
    """Naming the company does not speak to the order."""
    assert read_reply("there is no news on apple", [TICKETS["K7Q2"]]).verdict == "unrelated"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("I should be obliged if you would send it", "please send it"),
        ("Be so kind as to wait", "please wait"),
        ("My instructions are unchanged; send it", "NOTICE; send it"),
        ("No problem with that, wait", "REMARK, wait"),
        ("No problem with that stock, sell", "no problem with that stock, sell"),
    ],
)
def test_manners_are_taken_out_and_what_decides_is_left(reply: str, said: str) -> None:
    """Only whole clauses become remarks, so that nothing that limits a yes is swallowed with them."""
    assert put_plainly(plain(reply)) == said


def test_a_person_cannot_type_a_mark() -> None:
    """Marks are in capitals and replies are put into small letters first, so "MAY" in a reply is the word "may"."""
    for reply in ("K7Q2 MAY", "K7Q2 MAYBE", "MAY", "MAYBE", "REMARK", "NOTICE yes", "CODE MAY"):
        assert read_reply(reply, [TICKETS["K7Q2"]]).verdict != "confirm", reply


def test_reading_a_reply_takes_under_three_milliseconds_of_the_processor() -> None:
    """Asked on every turn with an open ticket: p95 over the tables above."""
    spent: list[float] = []
    for code, reply in [*rows(CONFIRMED), *rows(ASKED_BACK)]:
        start = time.process_time()
        count = len(readings(code, reply))
        spent.append((time.process_time() - start) / count)
    assert sorted(spent)[int(0.95 * len(spent))] < 0.003
