# ruff: noqa: E501  (a pattern reads better whole)
"""A person's reply to open tickets: confirm, cancel, revise, ambiguous or unrelated. Its own reader, apart from the router.

It fails closed. A reply confirms only when it is nothing but assent: every word is on a short list, and every number,
side, symbol, price or code that it states is the ticket's own. One word it does not know beside an assent, one letter
that only looks like another, one condition, and it asks instead. Rules: `consent:person`, `consent:exact`, `model:no-hands`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.consent_acts import Act, read_act
from assistant.consent_facts import Facts, TicketView, facts_of
from assistant.consent_words import (
    ASSENT,
    ASSENT_PHRASES,
    CHANGE,
    CONDITION,
    DANGLING,
    FOREIGN_NO,
    FOREIGN_YES,
    HARD_CONDITION,
    HARMLESS,
    HEDGE,
    LONGEST,
    NEGATION,
    NOT_DONE,
    PLAIN_REFUSAL,
    QUESTION,
    REACTIONS,
    RECOMMENDED,
    REFUSAL,
    REFUSAL_HARMLESS,
    REPORTED,
    WEAK,
    as_numbers,
    spelt_assent,
)  # fmt: skip

__all__ = ["Act", "ReplyReading", "TicketView", "Verdict", "read_act", "read_reply"]

Verdict = Literal["confirm", "cancel", "revise", "ambiguous", "unrelated"]


@dataclass(frozen=True)
class ReplyReading:
    """How a reply is read. `ticket` names the ticket it is about; None with `cancel` means every open ticket."""

    verdict: Verdict
    ticket: str | None
    why: str


def read_reply(reply: str, tickets: Sequence[TicketView], *, live: bool = False) -> ReplyReading:
    """Read `reply` against the open tickets.

    `live` asks for a name (side, symbol, quantity or code) unless exactly one ticket is open. Never raises.
    """
    if not tickets:
        return ReplyReading("unrelated", None, "no ticket is open")
    only = tickets[0].id if len(tickets) == 1 else None
    trouble = _trouble(reply)
    if trouble is not None:
        return ReplyReading(trouble[0], only if trouble[0] == "ambiguous" else None, trouble[1])
    foreign = _foreign(reply)
    if foreign == "yes":
        return _named_or_ask("confirm", tickets, "a plain yes")
    if foreign == "no":
        return _named_or_ask("cancel", tickets, "a plain no")
    text = _plain(reply)
    readings = [_against(text, reply, ticket) for ticket in tickets]
    if len(tickets) == 1:
        return readings[0]
    return _among(text, tickets, readings, live=live)


def _trouble(reply: str) -> tuple[Verdict, str] | None:
    """What keeps a text from being read as words at all."""
    if not reply.strip():
        return "unrelated", "nothing was said"
    if len(reply) > LONGEST or reply.count("\n") > 1:
        return "unrelated", "too long to be an answer to a ticket"
    if any(unicodedata.category(c) in ("Cf", "Cc", "Co", "Cn", "Cs") and c not in "\n\r\t" for c in reply):
        return "ambiguous", "hidden characters"
    if re.search(r"[<>{}\[\]|`\\=]|^\s*(?:system|assistant|tool|user|role|admin)\b", reply, re.IGNORECASE):
        return "ambiguous", "looks like markup or another's message, which is never consent"
    if re.search(r"[\"“”«»]|(?:^|\s)['‘]\w.*\w['’](?:\s|$|[.!,])", reply):
        return "ambiguous", "quoted words are not consent"
    if not any(c.isalnum() for c in reply):
        return ("ambiguous", "no words") if re.search(r"\S", reply) else ("unrelated", "nothing was said")
    return None


def _foreign(reply: str) -> str:
    plain = re.sub(r"[\s.!,。!,、¡]+", " ", unicodedata.normalize("NFC", reply).lower()).strip()
    return "yes" if plain in FOREIGN_YES else "no" if plain in FOREIGN_NO else ""


def _plain(reply: str) -> str:
    text = unicodedata.normalize("NFC", reply).lower().replace("’", "'").replace("‘", "'")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return as_numbers(" ".join(text.split()))


def _against(text: str, raw: str, ticket: TicketView) -> ReplyReading:
    """Read a text against one ticket."""
    if not raw.isascii() and any(not c.isascii() and c.isalnum() for c in raw):
        odd = (
            "letters of another script"
            if any(c.isalpha() and not c.isascii() for c in raw)
            else "digits of another script"
        )
        return ReplyReading("ambiguous", ticket.id, odd)
    facts = facts_of(text, ticket)
    if PLAIN_REFUSAL.fullmatch(re.sub(r"[\s,.!]+", " ", text).strip()):
        return ReplyReading("cancel", ticket.id, "a refusal")
    assents, refuses = _assent(facts.left), bool(REFUSAL.search(text))
    if not assents and not refuses and re.search(r"\b(?:confirmed|approved|accepted)\b", text):
        return ReplyReading("ambiguous", ticket.id, "tells that something was confirmed")
    if facts.bad_code:
        return ReplyReading("ambiguous", ticket.id, f"'{facts.bad_code}' is not the code of this ticket")
    if REPORTED.search(text):
        return _unsure(ticket, assents or refuses or bool(_ANSWERED.search(text)), "tells what somebody said")
    if "?" in text or QUESTION.search(text):
        if facts.wrong and CHANGE.search(text):
            return ReplyReading("revise", ticket.id, facts.wrong[0])
        return _unsure(ticket, assents or refuses, "a question")
    if refuses:
        return _refusal(text, facts, ticket)
    return _assented(text, facts, ticket, assents)


_ANSWERED = re.compile(r"\b(?:yes|confirm\w*|approv\w*|accept\w*|agree\w*|execut\w*)\b")


def _unsure(ticket: TicketView, answered: bool, why: str) -> ReplyReading:
    return ReplyReading("ambiguous", ticket.id, why) if answered else ReplyReading("unrelated", None, why)


def _refusal(text: str, facts: Facts, ticket: TicketView) -> ReplyReading:
    left = REFUSAL.sub(" ", NOT_DONE.sub(" ", facts.left))
    if facts.wrong or CHANGE.search(text):
        return ReplyReading("revise", ticket.id, facts.wrong[0] if facts.wrong else "asks for a change")
    if NEGATION.search(text) or HEDGE.search(text) or CONDITION.search(text):
        return ReplyReading("ambiguous", ticket.id, "a refusal with something beside it")
    words = [w for w in re.findall(r"[a-z']+|\d+", left) if w not in REFUSAL_HARMLESS]
    assent_words = [w for w in words if w in ASSENT and w not in ("ok", "okay", "yes", "sure", "please", "yeah")]
    if assent_words:
        return ReplyReading("ambiguous", ticket.id, "assent and refusal together")
    if len(words) > 5:
        return ReplyReading("ambiguous", ticket.id, "a refusal among other words")
    return ReplyReading("cancel", ticket.id, "a refusal")


def _assented(text: str, facts: Facts, ticket: TicketView, assents: bool) -> ReplyReading:
    changes = bool(CHANGE.search(RECOMMENDED.sub(" ", text)))
    if assents and HARD_CONDITION.search(text):
        return ReplyReading("ambiguous", ticket.id, "a condition")
    if facts.wants_recommended and (
        ticket.recommended_quantity is None or ticket.quantity != ticket.recommended_quantity
    ):
        return ReplyReading("revise", ticket.id, "asks for the recommended size, which is not this ticket's")
    if NEGATION.search(text):
        return _unsure(ticket, assents or len(text.split()) <= 5, "a negation")
    if facts.wrong:
        if assents or changes or _terse(facts.left):
            return ReplyReading("revise", ticket.id, facts.wrong[0])
        return ReplyReading("unrelated", None, "a request of its own")
    if changes:
        return ReplyReading("revise", ticket.id, "asks for a change")
    if not assents:
        if _unclear(text, facts):
            return ReplyReading("ambiguous", ticket.id, "no clear yes or no")
        return ReplyReading("unrelated", None, "neither a yes nor a no")
    if CONDITION.search(text):
        return ReplyReading("ambiguous", ticket.id, "a condition")
    if HEDGE.search(text):
        return ReplyReading("ambiguous", ticket.id, "not said firmly")
    strange = _strange(facts.left)
    if strange:
        return ReplyReading("ambiguous", ticket.id, f"'{strange}' is not understood beside the yes")
    if _acknowledges(facts.left):
        return ReplyReading("ambiguous", ticket.id, "thanks, perhaps, rather than a yes")
    return ReplyReading("confirm", ticket.id, "assent" + (f", naming {', '.join(facts.kinds)}" if facts.kinds else ""))


def _unclear(text: str, facts: Facts) -> bool:
    """True where a reply speaks of the ticket without a yes or a no; a whole restated order is a request of its own."""
    words = re.findall(r"[a-z']+", facts.left)
    if re.search(
        r"\b(?:later|wait|hold on|hang on|maybe|perhaps|guess|suppose|probably|hmm+|not yet|think about it|unsure|in a (?:bit|minute|moment|while|sec))\b|^if\b",
        text,
    ):
        return len(text.split()) <= 8
    if not _terse(facts.left):
        return False
    restated = "side" in facts.kinds and "quantity" in facts.kinds
    return not restated and (
        bool(facts.kinds) or facts.wants_recommended or (0 < len(words) <= 4 and words != ["thanks"])
    )


def _acknowledges(left: str) -> bool:
    words = re.findall(r"[a-z']+", ASSENT_PHRASES.sub(" yes ", left))
    yes = {w for w in words if w in ASSENT or spelt_assent(w)}
    return bool(yes) and yes <= WEAK and any(w in REACTIONS for w in words)


def _assent(left: str) -> bool:
    return bool(ASSENT_PHRASES.search(left)) or any(
        w in ASSENT or spelt_assent(w) for w in re.findall(r"[a-z']+", left)
    )


def _strange(left: str) -> str:
    """The first word that is neither assent nor harmless; "" when there is none."""
    rest = ASSENT_PHRASES.sub(" ", left)
    for word in re.findall(r"[^\s.,!;:()/@#-]+", rest):
        if word in ASSENT or word in HARMLESS or spelt_assent(word) or _is_emoji(word):
            continue
        return word
    words = re.findall(r"[a-z']+", left)
    return words[-1] if words and words[-1] in DANGLING and not ASSENT_PHRASES.search(" ".join(words[-3:])) else ""


def _is_emoji(word: str) -> bool:
    return all(unicodedata.category(c) in ("So", "Sk", "Mn") for c in word) and not any(
        c in "👎❌🛑🚫✋⛔🤔😕" for c in word
    )


def _terse(left: str) -> bool:
    """Nothing but harmless words left: "50 shares", "at 180"."""
    return not [
        w
        for w in re.findall(r"[a-z']+", left)
        if w not in HARMLESS and w not in ("make", "it", "at", "of", "no", "use", "just", "only", "buy", "sell")
    ]


def _named_or_ask(verdict: Verdict, tickets: Sequence[TicketView], why: str) -> ReplyReading:
    if len(tickets) == 1:
        return ReplyReading(verdict, tickets[0].id, why)
    return ReplyReading("ambiguous", None, "several tickets are open and none was named")


def _among(text: str, tickets: Sequence[TicketView], readings: list[ReplyReading], *, live: bool) -> ReplyReading:
    """Several tickets: the one that the words name, and no other, or a question."""
    coded = [t for t in tickets if re.search(rf"(?<![\w-])#?{re.escape(t.id.lower())}(?![\w-])", text)]
    if len(coded) == 1:
        return readings[list(tickets).index(coded[0])]
    if len(coded) > 1:
        return ReplyReading("ambiguous", None, "names several tickets")
    if re.search(r"\b(?:both|all|everything|each|every)\b", text) and re.search(
        r"\b(?:all|both|everything) ?(?:of (?:them|it)|tickets|orders)?\b", text
    ):
        if (
            all(r.verdict in ("cancel", "ambiguous", "revise") for r in readings)
            and REFUSAL.search(text)
            and not _assent(REFUSAL.sub(" ", text))
        ):
            return ReplyReading("cancel", None, "refuses every open ticket")
        return ReplyReading("ambiguous", None, "one ticket at a time")
    names = {"symbol", "quantity", "side"} | (set[str]() if live else {"price"})
    naming = [t for t in tickets if set(facts_of(text, t).kinds) & names and not facts_of(text, t).wrong]
    if len(naming) == 1:
        return readings[list(tickets).index(naming[0])]
    if all(r.verdict == "unrelated" for r in readings):
        return ReplyReading("unrelated", None, readings[0].why)
    return ReplyReading("ambiguous", None, "several tickets are open and none was named")


_ANY = TicketView(id="A1A1", symbol="A1A1")
"""A ticket that no reply can name: what assents to it assents to whatever is open."""


def assents(reply: str) -> bool:
    """True for a plain yes, whatever it would be a yes to. Releases nothing: it tells that nothing is open to release."""
    return read_reply(reply, [_ANY]).verdict == "confirm"
