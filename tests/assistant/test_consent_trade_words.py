# ruff: noqa: E501  (a table reads better a row a line)
"""Yeses in trade shorthand, with slips of the finger or in a learner's English, and the replies next door that are none."""

from __future__ import annotations

import pytest

from assistant.consent_spelling import plain
from tests.support.replies import readings, rows

CONFIRMED = """
K7Q2: yeh go ahaed | all good here, place the order | ok for me | Ok for me, thank you. | fine for me, send it | it's ok from my side, place it
K7Q2: good from my side, go | all good on my end, submit | I am agree, please to send the order. | i am agree | please to place it
K7Q2: Is okay, please place the order. | is ok, go ahead | All is right, kindly place it. | all is good, send | all is correct, please confirm
K7Q2: yep 40 @ 187.20 is right, go | 40 at 187.20 is correct, place it | 187.20 is good, send it | yes, aapl 40 lmt 187.20 day | 40 pcs, ok
K7Q2: 40 pcs at 187.20, go | qty 40, confirm | yes, 40 sh | buy 40 aapl lmt 187.20, yes | confirm to buy 40 apple | I confirm to buy 40 Apple
K7Q2: yes, I want to buy the 40 apple at 187.20 | I want to buy 40 apple at 187.20, yes | conifrmed | apporved | exectue | exeucte it | cofirmed
K7Q2: aproved | confrimed | sumbit it | submti | prcoeed | plcae it | sned it | go aehad | go ahed | apprvoe | excute | porceed | snd it | yse
M3XD: Yes, I confirm to sell 10 Nvidia, thank you. | Please do it, 10 pieces at 450. | conifrmed | Confirm to sell 10 nvidia | yes, ten pieces
M3XD: 10 nvda lmt 450 gtc, go | yes make the sale of 10 | 10 nvidia at 450 is right, send
B9TR: yep, buy 15 meta mkt | 15 meta mkt order, go | yes at mkt | 15 qty meta, buy, confirm | I want to buy 15 meta, yes
W4HF: Yes, please make the short of 5 Netflix. | please make the short of 5 netflix | yes, make the short | 5 pieces short, ok confirm
W4HF: yes make the order | please make the order
P2LV: ok 60 amazon, gtc stop, go ahead | yep set it | ok set it | set it, yes | please set it | sell stop 60 amzn gtc - ok
P2LV: sell stop 60 amzn gtc, confirm | yes gtc stop
C8NZ: that works, send er in | 131.50 for 100 google is right, place it | Yes, I want to buy the 100 Google at 131.50, please.
C8NZ: Perfect, please go on with this order. | please go on with the order | go on with the google buy | 100 google is good, place it
C8NZ: 131.50 is right, go
K7Q2/M3XD: yes on the apple | ok on the apple | yes for the apple | yes to the apple | yes only the apple | confirm only the apple
K7Q2/M3XD: just the apple, go ahead | go on the apple buy
M3XD/K7Q2: Please confirm only the Nvidia, 10 shares to sell. | only the nvidia, yes | place only the nvidia | confirm nvidia only
P2LV/K7Q2: go on the amzn stop | go on the amazon sell | ok on the amzn stop | go for the amazon
W4HF/B9TR: ok on the short | yes on the short | go on the short | yes to the short | go ahead on the netflix
P2LV/W4HF: Please place the one with 60 shares. | the one with 60 shares, place it | place the one with 60 | P2LV, please. | P2LV pls
P2LV/W4HF: yes the 60 shares one
C8NZ/K7Q2: C8NZ pls | C8NZ please | please C8NZ
K7Q2: yes on the 40 apple | go for the apple order | go ahead on the apple
"""
ASKED_BACK = """
*: ok for him | ok for now | ok for me to wait | ok for me to ask | fine for me if it dips | fine for you | not ok for me | is it ok for me
*: all good here thanks | all good here | here | here, wait | ok here | i am here | all good there? | ok from my side? | not from my side
*: good from my side but wait | ok from the broker side | here we go again | here it is | is it okay, please place the order? | is okay?
*: is ok to wait | is okay | is good | is he ok, send it | i am agree? | i am agree to wait | i am agree with him | i am not agree
*: i am agree with the analyst | please to wait | please to explain | please to not send | please to confirm the price
*: please to send me the order | is right? | all is right? | is all right? | all is right with the world | all is lost, send it | all is well
*: all is wrong | all that is right
*: set it lower | set it to 30 | set it up | set it aside | set it on fire | don't set it | set it? | set it at 5 | set it tomorrow
*: please set it up for tomorrow | set it down | ok set it higher | yes set it to market | set an alert | set it to gtc instead
*: yes set it for tomorrow | set them apart | set a stop | set the price | set the limit | yes set the limit | yes set the size
*: ok set a target
*: ok on that? | ok on hold | yes on hold | go on | go on then? | go on the news | go on the internet | go on with it?
*: go on with your story | please go on | please go on with the story | go on with life | yes please go on | go on with the explanation
*: ok go on with that thought | please go on about it | go on with the analysis | go on without it | go on strike | yes on condition
*: yes on the whole | ok on the whole | ok on the fence | yes on one condition | yes for the kids | go on the order book
*: go on the ticket page
*: i want to think | i want to buy it, yes? | i want to buy | i want to buy more, yes | yes, i want to | i want to know, yes
*: yes i want to see it | yes i want to wait | yes i want to change it | yes, i wanted to buy it | yes, i want to cancel
*: yes, i want to sell it all | i want to confirm | i want to confirm the price, yes | i want to place it later | do i want to buy the order
*: i don't want to buy it | yes i want to sell some | only if it dips | only half, please | only the half | only this time?
*: only the small one | confirm only the price | only the price is right | confirm only half | only one, please | confirm only when it dips
*: yes only after lunch | only the best | only that, please | not only this, yes | only kidding yes | yes only tomorrow | only please
*: make the short of it | make a short story of it | make the sale later | make the call | make the order smaller | make the short smaller
*: make the order bigger | make the order a market order | make the order gtc please | please make the order wait | make the order for 3
*: make the price lower | make a note | make the stop lower | make it short | yes make the limit lower | make the size 3
*: make the order tomorrow | can you make the order | make the order 7 shares | make the order for tomorrow | yes make the money
*: pieces | in pieces | ok in pieces | send it in pieces | buy it in pieces | yes in pieces | to pieces | it fell to pieces, ok
*: place it in two pieces | a piece of it | yes a piece | pcs? | yes 3 pcs | qty? | change the qty | qty 3, ok | confirm qty
*: confirm the qty | yes, qty 7 | sh! | mkt? | how is the mkt, ok | ok mkt is open | the mkt is good | the mkt is right, ok
*: send it if mkt opens | yes lmt 5 | lmt 4, go | what lmt | lmt order? | no lmt | stp 3, ok | stp
*: confirming? | unapproved | disapproved | unconfirmed | rejcted | canecl | approver | executor | executive | execution | conform
*: submission | proceeds | accent | excepted | expected, ok | exempt | aspect | affirm? | conformed | excerpted | send? | spend | said | seed
*: seen it | sent it | sense it | plane it | palace | plaice | ahead | ahead of the news | i am ahead | are we ahead | head | go head first
*: go behind | go ahead of me | go ahad and wait | the ayes | goa | goes | gp | conformity | approached | improved | accelerate
*: executed it yesterday | confirmed? | approved? | i confirmed | he conifrmed | conifrmed by whom | apporved by legal | not conifrmed
*: unapporved | was apporved | conifrmed yesterday | it was exectued | has been conifrmed | exectued
*: the code | code please | please | pls | 40 please? | the one | the one with the dog | the one with the price | the one please
*: the one with me | the one with 7 shares, place it | place the one with 3 | the one with more | the other one please
*: the one with the best odds | place the one with the lowest price | confirm to cancel | confirm to him | confirm to wait
*: confirm to sell it all | confirm to me | confirm to me the price | confirm to do nothing | i confirm to have read it | i confirm to wait
*: yes to confirm | ok to sell? | ok to send? | is ok to send | ready to confirm to sell
K7Q2: ok on the short | confirm to sell 40 apple | i confirm to sell | is 187.20 right, go? | 187.20 is right for him, go
K7Q2: 40 at 187.20 is right? | 40 is right | apple is right | apple is right, ok | apple is good, ok | apple is good
K7Q2: apple is correct about the news, go | 40 at 187.20 is not right, go | 187.20 is too right, go | 187.20 was right, go
K7Q2: yes i want to buy 41 apple at 187.20 | i want to buy the 40 apple at 187.20 | do i want to buy 40 apple at 187.20
K7Q2: i want to buy 40 apple at 187.20 but later | yes i want to buy 40 more apple | yes i want to buy another 40 apple
K7Q2: yes i want to buy apple cheaper | i want to buy apple, yes? | yes i want to buy 40 apple tomorrow | yes i want to sell 40 apple
K7Q2: he wants to buy 40 apple, yes | 40 pcs lmt 190 ok | yes, aapl 40 mkt day | yes, aapl 40 lmt 188 | yes apple lmt 40
K7Q2: make the buy of 30 apple | make the buy smaller | K7Q2 | k7q2? | K7Q2 please explain | K7Q2 please wait | please cancel K7Q2 | K7Q please
K7Q2: what about K7Q2 please | apple | apple please | 40 please | apple news please | 40 apple | buy 40 apple please | tell me about K7Q2 please
K7Q2: please show K7Q2 | K7Q2 pls? | K7Q2 details please | only apple | only 40? | only 30, place it | confirm only 30 | only the nvidia
K7Q2: confirm only the nvidia please | yes only the nvidia | just the nvidia, go | apple only? | apple only if it dips, yes
K7Q2: only apple news, yes | 40 is the limit | yes on the nvidia | yes on the price | yes for the price of 30 | yes on the apple news
K7Q2: ok on the apple earnings | go on the apple website | go on apple tv | go on the apple store | yes on apple being cheap | yes for the 30
K7Q2: ok for the apple talk | go for the apple pie | buy it in 40 pieces | yes, in 40 pieces
K7Q2/M3XD: C8NZ please | K7Q2 M3XD please | K7Q2 or M3XD please | only one | only the one | only the first | yes only one | yes on the one
K7Q2/M3XD: ok on the order | ok on the | please | only please | set it | buy please | only the buy? | which one with 40 shares | yes only the price
K7Q2/M3XD: K7Q2 please? | only the apple? | only the apple | not only the apple, yes | only the apple is right | only the apple and nvidia
K7Q2/M3XD: confirm only the apple and the nvidia | only the apple, or the nvidia, please | only the tesla please | the one with 60 shares, place it
K7Q2/M3XD: the one with 187 shares, place it | all but the apple please | yes on the apple and the nvidia | only if the apple dips, go
K7Q2/M3XD: all is right, place it | go on the amzn stop | go on the short | apple please? | only apple if nvidia dips, yes
W4HF: ok on the short? | ok on the short side | too short, ok | in short, ok | in short, yes | make the short of 6 Netflix
W4HF: make the short of 5 Netflix cheaper | the short of it is ok | the long and short of it, ok | make the short later | short it | ok short
W4HF: make the short of netflix next week | ok on the short squeeze | yes on the short list | go on the short list
P2LV: set it and forget it | set it off | set it lower, yes | stop 60 | sell at stop 60 | sell stop 55, ok | ok stop | stop, ok | stop it, ok
P2LV: yes stop | go, stop | ok 60 amazon, gtc, stop, go ahead | ok stop it go ahead | ok 60 amazon stop 5, go ahead | go on the amzn website
P2LV: go on amazon | go on amazon and stop | go on the amazon prime | ok gtc stop? | no stop gtc | ok no gtc stop | stop gtc | gtc? stop
P2LV: stop 60 amzn | stop the 60 amzn - ok | don't sell, stop 60 amzn gtc - ok | stop selling 60 amzn - ok
P2LV/K7Q2: go on amazon | go on the amazon page | stop the amazon | stop the amazon please | amazon stop | only the stop
P2LV/K7Q2: stop the apple, go on the amazon
*: do it on the 10 | go on the 40 | yes on the 60 | ok on the 100 | go ahead on the 15 | yes on the | ok on the order of things
*: yes on the trade war | go ahead on the trade deal | make the trade deal | make the order of the day | make the order of 3
*: make the sale of the century | make the buy of 1 | make the purchase of a house | i am agree, but wait | i am agreed?
*: i am not in agreement | please to buy | please to sell | please to go | please to go away | please to put | please to confirm?
*: confirm to buy | confirm to buy 3 | confirm to sell 3 | confirm to short 3 apple | ok for me? | ok for me if cheaper | fine for me, wait
*: fine from my side, but later | ok on my end, tomorrow | is it fine for me | he is fine for me | not fine for me | that is not ok for me
*: good on my side, maybe | is right, he said | is good, no | all is good, thanks | all is fine | everything is fine, ok | all is right, wait
*: is fine | is fine, ok | is correct, what now | is right, cancel | set it, but lower | set it, at 3 | set it, tomorrow
*: set it, then forget it | did you set it | he set it | have you set it? | don't set it | not set it | i set it | who set it
*: you set it, ok | set that, lower | set this? | send er in? | don't send er in | send er in tomorrow | go on the other order
*: go on with the other trade | go on with the show order | go on with that order? | go on with the wrong order | don't go on with the order
*: i can't go on with the order | should i go on with the order | go on with the order? | go on with the order tomorrow
*: go on with the cheaper order | not selling | not buying it | we are not buying | i am not shorting | no not selling | yes not selling
*: unconfirmed | conformed | ok ahed of | ahed | go ahed tomorrow | go ahed? | aheda | accented | apporved? | not apporved | apporved by him
*: i apporved | it was apporved | he aproved it | 7 pieces, go | 40 pieces of advice, ok | pieces of 40, ok | limit mkt | mkt limit, yes
*: qty 7 yes | qty: ?
K7Q2: 40 is right, tell me more | 40 apple is right | 40 apple is right, ok | 40 apple is right, thanks | 40 apple is right? go
K7Q2: 41 apple is right, go | 40 nvidia is right, go | 187.20 is right for google, go | apple 187.20 is good | is 40 apple right, go
K7Q2: 40 apple is good news, go | buy 40 apple is good? | i want to buy 40 apple | i want to buy the 40 apple
K7Q2: i want to buy the 40 apple please | no i want to buy 40 apple | yes, i want to buy 30 apple | yes i want to buy 40 tesla
K7Q2: yes, i want to buy 40 apple? | ok i want to buy 40 apple if it dips | i want to buy 40 apple, go ahead and explain
K7Q2: i want to buy 40 apple, yes but later | yes, i want to buy 40 apple in my ira | yes, i want to buy 40 apple pies | 40 limit 187, yes
K7Q2: 40 limit 188.20, yes | limit 40, yes | 187.20 limit 40, yes | 10 shares to sell, yes | 40 to sell, yes | K7Q2 please, later | K7Q2? please
K7Q2: please, K7Q2? | not K7Q2 please | K7Q2 please no | K7Q2 K7Q2 please? | K7Q3 please | K7Q2 status please | the K7Q2 please wait
K7Q2: thanks K7Q2 | K7Q2 thanks | hi K7Q2
K7Q2/M3XD: only the apple? | only the apple if it dips, yes | confirm the apple if only the nvidia fails | only the 30, go | confirm half only
K7Q2/M3XD: yes today only | confirm only the half | confirm the price only | not the apple only, yes | if only | yes if only
K7Q2/M3XD: only the apple, not the nvidia | cancel only the apple | only the best, go | only the price, go | only the other, yes | yes only the one
K7Q2/M3XD: confirm apple only if | apple only, wait | K7Q2 please M3XD | K7Q2 please and M3XD please | yes on the google | ok on the sell?
K7Q2/M3XD: yes on the short | the one with 15 shares, go | the one with 40 or 10, go | that one with 12, go | the one at 190, go
P2LV: sell stop 300 amzn | sell stop 300 amzn, yes | sell stop 61 amzn - ok | buy stop 60 amzn, ok | sell limit 60 amzn, ok | stop 60 amzn, ok
P2LV: don't sell stop 60 amzn, ok | gtc, stop | ok gtc, stop | no gtc stop | gtc stop selling, ok | ok gtc stop it | ok, gtc stop now wait
P2LV: 60 stop | ok 60 stop 5
W4HF: make the short of 5 tesla | make the short of 50 | make the short of 5 netflix? | don't make the short
W4HF: do not make the short of 5 netflix | make the short of 5 netflix tomorrow | should i make the short | he will make the short
W4HF: make the buy | make the sale of 5 meta | why make the short | on the short | ok on the long | ok on the short term
W4HF: ok on the short notice | in short go | yes on the short interest
"""
REFUSED = """
W4HF: not shorting netflix | scratch that, not shorting netflix | I'm not shorting it
K7Q2: we are not buying the apple
"""


@pytest.mark.parametrize(("code", "reply"), rows(CONFIRMED))
def test_a_yes_in_trade_shorthand_or_a_learners_english_is_found(code: str, reply: str) -> None:
    """ "lmt", "pcs" and "I am agree" word the same yes to the same order; with two open it goes to the one named."""
    for read in readings(code, reply):
        assert (read.verdict, read.ticket) == ("confirm", code.split("/")[0]), read.why


@pytest.mark.parametrize(("code", "reply"), rows(ASKED_BACK))
def test_the_neighbours_of_such_a_yes_never_confirm(code: str, reply: str) -> None:
    """`consent:person`, `consent:exact`: the same words with a condition, another figure, a question or another object are no yes."""
    assert "confirm" not in [read.verdict for read in readings(code, reply)]


@pytest.mark.parametrize(("code", "reply"), rows(REFUSED))
def test_saying_that_one_is_not_trading_refuses(code: str, reply: str) -> None:
    """Naming the ticket's own side beside a "not" drops the ticket; it asks for no other order."""
    assert {read.verdict for read in readings(code, reply)} == {"cancel"}


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("40 pcs lmt 187.20", "40 shares limit 187.20"),
        ("in pieces", "in pieces"),
        ("qty: 40", "quantity: 40"),
        ("change the qty", "change the qty"),
        ("conifrmed", "confirmed"),
        ("conformed", "conformed"),
        ("approve", "approve"),
        ("unapproved", "unapproved"),
        ("go ahaed", "go ahead"),
        ("head", "head"),
    ],
)
def test_shorthand_and_slips_are_put_right_and_other_words_stand(reply: str, said: str) -> None:
    """A unit needs its number, and a slip its first and last letter, so that another word never becomes a yes."""
    assert plain(reply) == said
