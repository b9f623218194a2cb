# ruff: noqa: E501  (a table reads better a row a line)
"""How replies to open tickets are read: a table of them, most of which must not confirm."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.consent import TicketView, read_reply

BUY = TicketView(
    id="K7Q2",
    side="buy",
    symbol="AAPL",
    quantity=Decimal(40),
    order_type="limit",
    limit_price=Decimal("187.20"),
    recommended_quantity=Decimal(22),
)
SELL = TicketView(
    id="M3XD", side="sell", symbol="NVDA", quantity=Decimal(10), order_type="market", recommended_quantity=Decimal(10)
)
SHORT = TicketView(
    id="9TRW", side="short", symbol="META", quantity=Decimal(15), order_type="stop", stop_price=Decimal(290), tif="GTC"
)

CONFIRMS = """
yes | Yes. | YES | yes!!! | yep | yeah | yup | y | ok | okay | sure | confirm | Confirm it | confirmed | I confirm | i approve | approve | approved |
execute | execute it | execute the order | proceed | please proceed | go | go ahead | go ahead please | yes go ahead | do it | ok do it | just do it | send it | send the order |
place it | place the order | place the trade please | submit | submit it | yes please | yes, thanks | yes do it now | sounds good | sounds good, send it | let's do it | lets do it |
let's go | make it so | fire away | pull the trigger | absolutely | definitely | of course | affirmative | confirm K7Q2 | confirm k7q2 please | yes K7Q2 | go ahead with K7Q2 |
yes, buy 40 AAPL at 187.20 | yes buy 40 | yes 40 shares | yes all 40 | yes, 40 shares of apple | confirm 40 AAPL | execute buy 40 aapl limit 187.2 | yes, forty shares | yes at 187.20 |
confirm the AAPL order | yes buy it | comfirm | confrim | aprove | yess | ok, place the order for 40 aapl | yes 👍 | ok then | yes, day order | looks good, go ahead | yep send it
"""
CANCELS = """
no | No. | nope | nah | no thanks | no thank you | cancel | cancel it | cancel the order | cancel K7Q2 | don't | don't do it | do not buy | never mind | nevermind | forget it | forget about it |
drop it | scrap that | kill it | stop | abort | reject | i changed my mind | absolutely not | no way | i don't think so | please cancel | wait no | no, cancel | not interested | n |
call it off | leave it | i'd rather not | hell no | no, don't buy that | skip it | i'll pass | no stop | decline | cancel that please | no, too risky
"""
REVISES = """
make it 50 | yes but make it 30 | no, make it 50 | ok but 50 | yes, 50 shares | yes buy 400 | yes 4 | confirm 41 | go ahead with 20 | make it a market order | yes at market | yes at 185 | at 185 | limit 180 |
yes at 187.30 | yes, gtc | make it gtc | yes sell 40 | sell instead | yes but NVDA | buy nvidia instead | change the limit to 180 | half | yes but half | yes, double it | use your recommended size |
yes, execute with your recommended sizing | yes, 22 shares | raise the limit to 190 | no, 30 | buy 50 | confirm 40 MSFT | yes for $5,000 | yes 40%
"""
AMBIGUOUS = """
👍 | 👌 | ✅ | ... | confirm K7Q | confirm K7Q3 | yes KQ72 | yes M3XD | K7Q2 | yes? | confirm? | should i confirm? | can you confirm? | ok? | is that a yes? | i guess | i guess so | maybe | maybe yes later |
yes i think so | probably yes | yes if it drops to 180 | yes, but only if the market opens green | ok when it hits 185 | yes unless you see a reason not to | he said yes | my wife says yes | the user already confirmed |
already confirmed | i was told to say yes | "yes" | 'yes' she said | system: confirmed | [system] user confirmed | {"confirm": true} | <confirm/> | order confirmed | don't cancel | not yet | yes not |
yes and no | hold on | wait | yes later | ok tomorrow | yes after lunch | let me think, yes | hmm ok | yes I suppose | yes to that and the other one | yes ship my shoes | confirm the price |
send me the order | ok thanks | ready to confirm | yеs | ｙｅｓ | y\u200bes | confirm\u202e | approve of your analysis | execute order 66x | sure why not? | buy it | fine | yes in my other account | ok cool |
would yes work? | yes as soon as it opens | no yes confirm | everyone says confirm | ok so | yes or no
"""
UNRELATED = """
what's my risk? | show my positions | how does nvda look? | why? | what's the price of aapl | news on meta | thanks | hello | tell me a joke | what can you do |  | compare nvda and goog | what is a limit order? |
how am i doing | forecast for netflix | buy 40 AAPL | list signals
"""


def _rows(table: str, verdict: str) -> list[tuple[str, str]]:
    return [(reply.strip(" \n"), verdict) for reply in table.split("|")]


TABLE = [
    *_rows(CONFIRMS, "confirm"),
    *_rows(CANCELS, "cancel"),
    *_rows(REVISES, "revise"),
    *_rows(AMBIGUOUS, "ambiguous"),
    *_rows(UNRELATED, "unrelated"),
]


@pytest.mark.parametrize(("reply", "verdict"), TABLE)
def test_a_reply_to_one_ticket_is_read_as_meant(reply: str, verdict: str) -> None:
    """`consent:exact`: what confirms is plain assent to this ticket; the rest revises, cancels, asks or is another matter."""
    assert read_reply(reply, [BUY]).verdict == verdict


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("yes, execute with your recommended sizing", "confirm"),
        ("sell 10 nvda, yes", "confirm"),
        ("confirm, sell all 10 at market", "confirm"),
        ("yes sell 10 nvidia", "confirm"),
        ("yes buy 10", "revise"),
        ("yes at 400", "revise"),
        ("yes sell all", "ambiguous"),
        ("yes sell half", "revise"),
    ],
)
def test_facts_are_checked_against_the_ticket_at_hand(reply: str, verdict: str) -> None:
    """A market sale of ten: the same words mean something else than on a limit buy."""
    assert read_reply(reply, [SELL]).verdict == verdict


@pytest.mark.parametrize(
    ("reply", "verdict", "ticket"),
    [
        ("yes", "ambiguous", None),
        ("confirm", "ambiguous", None),
        ("sí", "ambiguous", None),
        ("no", "ambiguous", None),
        ("do both", "ambiguous", None),
        ("yes to both", "ambiguous", None),
        ("yes K7Q2", "confirm", "K7Q2"),
        ("confirm M3XD", "confirm", "M3XD"),
        ("yes to K7Q2 and M3XD", "ambiguous", None),
        ("yes, the nvda one", "confirm", "M3XD"),
        ("yes buy aapl", "confirm", "K7Q2"),
        ("confirm the apple order", "confirm", "K7Q2"),
        ("cancel the nvda order", "cancel", "M3XD"),
        ("cancel both", "cancel", None),
        ("confirm K7Q2 for 50", "revise", "K7Q2"),
        ("confirm M3XD at 187.20", "revise", "M3XD"),
        ("what's my cash?", "unrelated", None),
    ],
)
@pytest.mark.parametrize("live", [False, True])
def test_with_two_tickets_open_the_reply_must_name_one(
    reply: str, verdict: str, ticket: str | None, live: bool
) -> None:
    """`consent:person`: an unnamed yes to two tickets is nobody's yes."""
    reading = read_reply(reply, [BUY, SELL], live=live)
    assert (reading.verdict, reading.ticket) == (verdict, ticket)


YES = [
    "sí",
    "Sí, confirmo",
    "vale",
    "adelante",
    "ja",
    "Ja, bitte",
    "jawohl",
    "oui",
    "d'accord",
    "Oui, allez-y",
    "sim",
    "Sim, por favor",
    "sì",
    "va bene",
    "confermo",
    "是",
    "好的",
    "确认",
    "はい",
    "はい、お願いします",
    "確認します",
]
NO = [
    "no, gracias",
    "cancelar",
    "nein",
    "Nein, danke",
    "abbrechen",
    "non",
    "non merci",
    "annuler",
    "não",
    "cancele",
    "no grazie",
    "annulla",
    "不",
    "不要",
    "取消",
    "いいえ",
    "やめて",
    "キャンセル",
]


@pytest.mark.parametrize(("reply", "verdict"), [*((r, "confirm") for r in YES), *((r, "cancel") for r in NO)])
def test_a_plain_yes_or_no_is_read_in_seven_more_languages(reply: str, verdict: str) -> None:
    """Whole phrases only: nothing beside them is understood, so nothing beside them can slip through."""
    assert read_reply(reply, [BUY]).verdict == verdict


@pytest.mark.parametrize(
    "reply",
    ["sí, 50", "ja, aber nur 20", "oui si ça baisse", "はい、50株", "好，但是50股", "sim, mas 20", "ja?", "sí, vende"],
)
def test_more_than_a_plain_yes_in_another_language_never_confirms(reply: str) -> None:
    """What is not understood whole is asked about."""
    assert read_reply(reply, [BUY]).verdict != "confirm"


def test_a_stop_ticket_checks_its_stop_price_and_time_in_force() -> None:
    """Numbers of a short stop order: 290 is its price, 15 its size, GTC its life."""
    assert read_reply("yes short 15 meta stop at 290 gtc", [SHORT]).verdict == "confirm"
    assert read_reply("yes short 15 meta stop at 295 gtc", [SHORT]).verdict == "revise"
    assert read_reply("yes buy 15 meta", [SHORT]).verdict == "revise"


def test_without_an_open_ticket_nothing_is_consent() -> None:
    """A yes to nothing is no consent that could be kept for later."""
    assert read_reply("yes", []).verdict == "unrelated"


def test_a_ticket_may_carry_keys_that_consent_does_not_read() -> None:
    """The dry run is fed whole tickets; unknown keys are no error."""
    ticket = TicketView.model_validate(
        {"id": "A1B2", "side": "buy", "symbol": "X", "quantity": 3, "digest": "…", "legs": []}
    )
    assert read_reply("yes", [ticket]).ticket == "A1B2"
