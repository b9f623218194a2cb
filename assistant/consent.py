# ruff: noqa: E501  (a pattern reads better whole)
"""A person's reply to open tickets: confirm, cancel, revise, ambiguous or unrelated. Its own reader, apart from the router.

It fails closed. A reply is taken apart into the facts it states and the parts its words play; it confirms only when
there is assent, every stated number, side, symbol, price or code is the ticket's own, nothing else is left, and the
words stand together as an assent does. One word it does not know beside an assent, one letter that only looks like another, one condition, and it asks instead.
Rules: `consent:person`, `consent:exact`, `model:no-hands`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.consent_acts import Act, read_act
from assistant.consent_facts import Facts, TicketView, facts_of, says_code
from assistant.consent_foreign import foreign, in_english
from assistant.consent_idioms import taken_back
from assistant.consent_manners import put_plainly
from assistant.consent_parts import Piece, letters, pieces_of
from assistant.consent_shape import misshapen
from assistant.consent_spelling import plain, unreadable
from assistant.consent_words import ANSWERS, PUBLIC, Part

__all__ = ["Act", "ReplyReading", "TicketView", "Verdict", "read_act", "read_reply"]

Verdict = Literal["confirm", "cancel", "revise", "ambiguous", "unrelated"]


@dataclass(frozen=True)
class ReplyReading:
    """How a reply is read. `ticket` names the ticket it is about; None with `cancel` means every open ticket."""

    verdict: Verdict
    ticket: str | None
    why: str


@dataclass(frozen=True)
class _Said:
    """A reply against one ticket: its facts, and its words as one letter each."""

    text: str
    ticket: TicketView
    facts: Facts
    pieces: tuple[Piece, ...]
    row: str
    quoted: bool = False

    def has(self, *parts: Part) -> bool:
        """True when one of the parts occurs."""
        return any(part.value in self.row for part in parts)

    def as_(self, verdict: Verdict, why: str) -> ReplyReading:
        """This reading of the reply."""
        return ReplyReading(verdict, None if verdict == "unrelated" else self.ticket.id, why)

    def answered(self, yes: bool, why: str) -> ReplyReading:
        """Ambiguous where the reply speaks to the ticket too, unrelated where it does not."""
        return self.as_("ambiguous" if yes else "unrelated", why)


def read_reply(reply: str, tickets: Sequence[TicketView], *, live: bool = False) -> ReplyReading:
    """Read `reply` against the open tickets.

    `live` asks for a name (side, symbol, quantity or code) unless exactly one ticket is open. Never raises.
    """
    if not tickets:
        return ReplyReading("unrelated", None, "no ticket is open")
    only = tickets[0].id if len(tickets) == 1 else None
    trouble = unreadable(reply)
    if trouble is not None:
        return ReplyReading(trouble[0], only if trouble[0] == "ambiguous" else None, trouble[1])
    whole = foreign(reply)
    if whole:
        if only is None:
            return ReplyReading("ambiguous", None, "several tickets are open and none was named")
        return ReplyReading("confirm" if whole == "yes" else "cancel", only, f"a plain {whole}")
    reply = in_english(reply)
    if not reply.isascii() and any(not c.isascii() and (c.isalnum() or unicodedata.combining(c)) for c in reply):
        return ReplyReading("ambiguous", only, "letters or digits of another script")
    text, shouted = put_plainly(plain(reply)), _shouted(reply)
    if only is None:
        text = re.sub(r"(?<!not )\bonly (?=the )| only(?=\s*(?:$|[,.!]))", "", text)  # "only the nvidia" tells which
    readings = [_against(text, ticket, shouted) for ticket in tickets]
    return readings[0] if only is not None else _among(text, tickets, readings, shouted, live=live)


def _shouted(reply: str) -> frozenset[str]:
    """The words in capitals, where not all of it is in capitals."""
    found = re.findall(r"\b[A-Z]+\b", reply)
    return frozenset(word.lower() for word in found) if re.search(r"[a-z]", reply) else frozenset()


_QUOTED = re.compile(r"[\"“”«»]|(?:^|\s)'\w.*\w'(?:\s|$|[.!,])")
_POLITE = re.compile(
    r"(?:(?:and|ok|okay|so|please|yes|hey|well|hi|actually|hmm),? )*(?:(?:can|could|would|will) (?P<who>you|we|i)|shall we|how about|what about)(?: please| maybe)? (?!mind)"
)
_LEADS = re.compile(
    r"(?:(?:and|but|ok|okay|yes|so|hey|well|sure|um) ?,? )*(?:is|are|does|did|can|could|would|will|should|shall|am|was|were|have|has|do (?:i|you|we|they)|any|anything)\b"
)


def _against(text: str, ticket: TicketView, shouted: frozenset[str]) -> ReplyReading:
    """Read a text against one ticket: first what takes any yes back, then refusals, changes, and last the yes."""
    said = _said(text, ticket, shouted)
    asked = _asked(said, shouted)
    if asked is not None:
        return asked
    if said.quoted:
        return said.answered(_speaks(said), "quoted words are not consent")
    if said.facts.bad_code and (said.has(Part.YES, Part.NOD, Part.NO) or len(said.pieces) <= 3):
        return said.as_("ambiguous", f"'{said.facts.bad_code}' is not the code of this ticket")
    if said.has(Part.TOLD):
        return _told(said)
    if said.has(Part.NO):
        return _refusal(said)
    return _changed(said) or (_assented(said) if _yes(said) else _no_answer(said))


def _said(text: str, ticket: TicketView, shouted: frozenset[str]) -> _Said:
    quoted = bool(_QUOTED.search(text))
    facts = facts_of(re.sub(r"[\"“”«»?]", " ", text), ticket, shouted)
    pieces = pieces_of(facts)
    return _Said(text, ticket, facts, pieces, letters(pieces), quoted)


def _asked(said: _Said, shouted: frozenset[str]) -> ReplyReading | None:
    """A question; a change or a refusal asked for politely is none."""
    if not ("?" in said.text or said.has(Part.ASK) or _LEADS.match(said.text)):
        return None
    polite = _POLITE.match(said.text)
    if polite is not None and not said.quoted:
        rest = _against(said.text[polite.end() :].replace("?", " "), said.ticket, shouted)
        if rest.verdict == "revise" or (rest.verdict == "cancel" and polite["who"] != "i"):
            return rest
    if said.has(Part.TOLD) and PUBLIC & set(re.findall(r"[a-z]+", said.text)):
        return _told(said)
    sneer = any(piece.text.startswith("oh ") for piece in said.pieces)
    answered = (
        sneer
        or bool(re.match(r"[re|]*[YyN]", said.row))
        or any(
            (piece.part is Part.YES and (piece.text.split()[0] in ANSWERS or after in ("o", "F", "d")))
            or (piece.text == "send me" and said.has(Part.OBJECT))
            for piece, after in zip(said.pieces, (*said.row[1:], ""), strict=True)
        )
    )
    told_of = (
        bool({"confirm what", "confirm who"} & {p.text for p in said.pieces})
        or said.has(Part.DONE)
        or re.search(r"\b(?:confirmed|approved)\b", said.text) is not None
    )
    past = re.search(r"\b(?:did|yesterday|last|earlier|was|has|have)\b", said.text) is not None
    return said.answered(answered or bool(_ALONE.fullmatch(said.row)) or (told_of and not past), "a question")


_ALONE = re.compile(r"[YyPe|]+")
"""A yes and nothing else, e.g. before a question mark."""


def _speaks(said: _Said) -> bool:
    return said.has(Part.YES, Part.NOD, Part.NO, Part.DONE) or bool(
        re.search(r"\b(?:yes|confirm\w*|approv\w*|accept\w*|agree\w*|execut\w*)\b", said.text)
    )


def _told(said: _Said) -> ReplyReading:
    """Another's words, or the past. What the public says of public matters does not speak to a ticket at all."""
    opens = re.match(r"[re|]*[YyN]", said.row) is not None
    about_it = said.facts.kinds or re.search(r"\b(?:confirm|approv|execut|send|order|ticket)", said.text)
    if not opens and not about_it and PUBLIC & set(re.findall(r"[a-z]+", said.text)):
        return said.as_("unrelated", "news of other matters")
    return said.answered(_speaks(said), "tells what somebody said, or of the past")


_YES_WORDS = frozenset(["yes", "ok", "okay", "sure", "please", "yeah", "yep", "yup", "ya", "y", "k", "oh"])


def _refusal(said: _Said) -> ReplyReading:
    """A no. Cancelling is always safe, so it is read widely; beside a real yes or a doubt it asks."""
    if said.facts.wrong or said.has(Part.CHANGE, Part.OFF):
        if said.facts.stranger and not said.has(Part.CHANGE):
            return said.as_("ambiguous", "refuses something that is not this ticket")
        return said.as_("revise", said.facts.wrong[0] if said.facts.wrong else "asks for a change")
    assents = [p for p in said.pieces if p.part in (Part.YES, Part.NOD)]
    act = any(p.part is Part.NO and p.text not in ("no", "n") for p in said.pieces)
    if any(p.text not in _YES_WORDS for p in assents) or (assents and not act and not _IDIOM.match(said.text)):
        return said.as_("ambiguous", "assent and refusal together")
    leads = re.search(r"^[yYreoHB|]*N|N[|re]*$", said.row) is not None
    unclear = any(Part.NOT.value in clause and (Part.NO.value in clause or assents) for clause in said.row.split("|"))
    if unclear or said.has(Part.IF) or (said.has(Part.HEDGE) and not leads):
        return said.as_("ambiguous", "a refusal with something beside it")
    if said.row.count(Part.STRANGE.value) > 6:
        return said.as_("ambiguous", "a refusal among other words")
    return said.as_("cancel", "a refusal")


_IDIOM = re.compile(r"(?:yeah|ok|okay|sure|oh|please),? (?:no|nah|nope)\b")


def _changed(said: _Said) -> ReplyReading | None:
    """A change: another fact than the ticket's, or a word of change about it."""
    facts, ticket = said.facts, said.ticket
    assents = _yes(said)
    if assents and said.has(Part.IF):
        return said.as_("ambiguous", "a condition")
    if facts.wants_recommended and ticket.quantity != ticket.recommended_quantity:
        return said.as_("revise", "asks for the recommended size, which is not this ticket's")
    changes, terse = said.has(Part.CHANGE), not said.has(Part.STRANGE, Part.NOT, Part.IF)
    if facts.stranger and not changes and not said.has(Part.BUT) and "quantity" not in facts.kinds:
        sized = any("symbol" not in wrong for wrong in facts.wrong)
        if assents and not sized:
            return said.as_("ambiguous", facts.wrong[0])
    if facts.wrong and (assents or changes or terse):
        order = facts.stranger and not assents and not changes and not said.has(Part.BUT)
        return said.as_("unrelated", "a request of its own") if order else said.as_("revise", facts.wrong[0])
    if facts.wrong:
        own = not facts.stranger and _about_own(said)
        return said.as_("revise", facts.wrong[0]) if own else said.as_("unrelated", "a request of its own")
    about = assents or facts.kinds or said.has(Part.OBJECT, Part.FIGURE)
    if changes and (about or terse) and said.row.count(Part.STRANGE.value) <= 4:
        return said.as_("revise", "asks for a change")
    return None


def _about_own(said: _Said) -> bool:
    """The other figure stands beside this ticket's name in few words, or is a clause by itself: "Meta: ten will suffice", "Twelve. Fifteen is hubris"."""
    few = said.row.count(Part.STRANGE.value) <= 3
    named = bool({"symbol", "code"} & set(said.facts.kinds))
    return few and (named or any(re.fullmatch(r"[eord]*W[eorWF]*", clause) for clause in said.row.split("|")))


def _yes(said: _Said) -> bool:
    return said.has(Part.YES, Part.NOD) or _restates(said) or _bids(said)


def _bids(said: _Said) -> bool:
    """ "C8NZ, please": the code is what a person is asked for, so with a please and nothing else it is a yes."""
    told = {piece.text for piece in said.pieces if piece.part is not Part.BREAK}
    return "CODE" in told and len(told) == 2 and not told.isdisjoint(("please", "pls", "plz"))


def _restates(said: _Said) -> bool:
    """ "Short the 5 Netflix": the order on the table told again as *the* order, side, symbol and size, is a yes to it."""
    return {"side", "symbol", "quantity"} <= set(said.facts.kinds) and bool(re.search(r"S(?:[e]*d[e]*F|o)", said.row))


def _assented(said: _Said) -> ReplyReading:
    """There is assent and every fact is right; it confirms if there is nothing else."""
    for parts, why in _SPOILERS:
        if said.has(*parts):
            return said.as_("ambiguous", why)
    strange = next((p.text for p in said.pieces if p.part in (Part.STRANGE, Part.FIGURE, Part.OFF)), "")
    if strange:
        return said.as_("ambiguous", f"'{strange}' is not understood beside the yes")
    if not said.has(Part.YES) and said.has(Part.GLAD) and not said.facts.kinds:
        return said.as_("ambiguous", "thanks, perhaps, rather than a yes")
    doubt = taken_back(said.text) or misshapen(said.pieces, said.facts.kinds)
    if doubt:
        return said.as_("ambiguous", doubt)
    named = f", naming {', '.join(said.facts.kinds)}" if said.facts.kinds else ""
    return said.as_("confirm", f"assent{named}")


_SPOILERS: tuple[tuple[tuple[Part, ...], str], ...] = (
    ((Part.IF, Part.BUT), "a condition"),
    ((Part.NOT, Part.NO, Part.DROP, Part.DONT), "a negation"),
    ((Part.HEDGE,), "not said firmly"),
    ((Part.TOLD, Part.DONE, Part.ASK), "not this person's yes to this ticket, now"),
    ((Part.CHANGE,), "a change, perhaps"),
)
"""What takes a yes back."""


def _no_answer(said: _Said) -> ReplyReading:
    """Neither yes nor no nor change: unclear where it speaks of the ticket, otherwise another matter."""
    count = len(said.row.replace("|", ""))
    public = bool(PUBLIC & set(re.findall(r"[a-z]+", said.text)))
    if said.has(Part.HEDGE, Part.IF, Part.NOT, Part.BUT) and count <= 8 and not public:
        return said.as_("ambiguous", "no clear yes or no")
    if said.has(Part.STRANGE, Part.HEDGE, Part.IF, Part.NOT) or _THANKS.fullmatch(said.text.strip(" .!")):
        return said.as_("unrelated", "neither a yes nor a no")
    order = {"side", "quantity"} <= set(said.facts.kinds)
    return said.answered(not order, "no clear yes or no")


_THANKS = re.compile(
    r"(?:ok |hi|hey|hello|well|oh|deskmate|thanks?(?: you| a lot| very much| so much)?|thx|ty|cheers|many thanks|[ ,])+"
)


def _among(
    text: str,
    tickets: Sequence[TicketView],
    readings: list[ReplyReading],
    shouted: frozenset[str],
    *,
    live: bool,
) -> ReplyReading:
    """Several tickets: the one that the words name, and no other, or a question."""
    coded = [at for at, ticket in enumerate(tickets) if says_code(text, ticket)]
    if len(coded) == 1:
        return readings[coded[0]]
    if len(coded) > 1:
        return ReplyReading("ambiguous", None, "names several tickets")
    if re.search(
        r"(?<!\$)\b(?:all|both|everything) ?(?:of (?:them|it)|tickets|orders)?\b(?! \d| looks| good| right)", text
    ):
        bare = re.sub(r"\b(?:all|both|everything)\b", "it", text)
        if all(_against(bare, ticket, shouted).verdict == "cancel" for ticket in tickets):
            return ReplyReading("cancel", None, "refuses every open ticket")
        return ReplyReading("ambiguous", None, "one ticket at a time")
    if all(reading.verdict == "unrelated" for reading in readings):
        return ReplyReading("unrelated", None, readings[0].why)
    found = [facts_of(text, ticket, shouted) for ticket in tickets]
    at = _named(found, live=live)
    if at is not None:
        return readings[at]
    return ReplyReading("ambiguous", None, "several tickets are open and none was named")


def _named(found: list[Facts], *, live: bool) -> int | None:
    """The one ticket that the facts name: by its symbol, or else the only one whose side, size or price they are."""
    by_symbol = [at for at, facts in enumerate(found) if "symbol" in facts.kinds]
    if len(by_symbol) == 1:
        return by_symbol[0]
    if any(facts.stranger for facts in found) and not by_symbol:
        return None
    names = {"quantity", "side"} | (set[str]() if live else {"price"})
    fits = [at for at, facts in enumerate(found) if names & set(facts.kinds) and not facts.wrong]
    if not fits:
        fits = [at for at, facts in enumerate(found) if names & set(facts.kinds)]
    return fits[0] if len(fits) == 1 else None


_ANY = TicketView(id="A1A1", symbol="A1A1")
"""A ticket that no reply can name: what assents to it assents to whatever is open."""


def assents(reply: str) -> bool:
    """True for a plain yes, whatever it would be a yes to. Releases nothing: it tells that nothing is open to release."""
    return read_reply(reply, [_ANY]).verdict == "confirm"
