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
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

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
    NEGATION,
    NOT_DONE,
    ORDER_TYPES,
    PLAIN_REFUSAL,
    QUESTION,
    REACTIONS,
    RECOMMENDED,
    REFUSAL,
    REFUSAL_HARMLESS,
    REPORTED,
    SIDE_WORDS,
    TIF_WORDS,
    WEAK,
    as_numbers,
    spelt_assent,
)  # fmt: skip
from brokers.vocabulary import Finite

Verdict = Literal["confirm", "cancel", "revise", "ambiguous", "unrelated"]

LONGEST = 160
"""A longer reply is no plain yes; it is never read as a confirmation."""


class TicketView(BaseModel):
    """An open ticket as a reply is read against it. Other keys of a ticket are allowed and ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    side: str | None = None
    symbol: str
    quantity: Finite | None = None
    order_type: str = "market"
    limit_price: Finite | None = None
    stop_price: Finite | None = None
    tif: str = "DAY"
    recommended_quantity: Finite | None = None
    mode: str | None = None
    names: tuple[str, ...] = ()
    """What else the symbol is called, lower case; filled in by the caller, e.g. ("apple",)."""


@dataclass(frozen=True)
class ReplyReading:
    """How a reply is read. `ticket` names the ticket it is about; None with `cancel` means every open ticket."""

    verdict: Verdict
    ticket: str | None
    why: str


@dataclass(frozen=True)
class _Facts:
    """What a reply states beside its assent: `left` is the text with the facts taken out."""

    left: str
    wrong: tuple[str, ...] = ()
    named: bool = False
    code: str = ""
    bad_code: str = ""
    wants_recommended: bool = False
    kinds: tuple[str, ...] = ()


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
    facts = _facts(text, ticket)
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


def _refusal(text: str, facts: _Facts, ticket: TicketView) -> ReplyReading:
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


def _assented(text: str, facts: _Facts, ticket: TicketView, assents: bool) -> ReplyReading:
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


def _unclear(text: str, facts: _Facts) -> bool:
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


def _facts(text: str, ticket: TicketView) -> _Facts:
    """Take every stated number, side, symbol, type and code out of the text and compare it with the ticket."""
    wrong: list[str] = []
    kinds: list[str] = []
    code, bad_code, left = _code(text, ticket)
    wants = bool(RECOMMENDED.search(left))
    left = RECOMMENDED.sub(" ", left)
    left = _symbols(left, ticket, wrong, kinds)
    for pattern, tif in TIF_WORDS:
        if pattern.search(left):
            left = pattern.sub(" ", left)
            kinds.append("tif")
            if tif != ticket.tif:
                wrong.append(f"{tif} is not this ticket's time in force")
    left = re.sub(
        r"\b(yes|ok|okay|confirm|approve|agreed|agree|yep|yeah|sure|i'm in|go ahead|proceed)( with| to| on| for)(?= |$)",
        r"\1",
        left,
    )
    left = re.sub(r"\bfor me\b|\ball (?=\d)|\b(?:exactly )?as (?:is|it is)\b", " ", left)
    left = _prices_and_quantities(left, ticket, wrong, kinds)
    left = _types(left, ticket, wrong, kinds)
    if kinds:
        left = re.sub(r"\b(?:of|at|for|in|on|with)\b(?=\s*(?:of|at|for|in|on|with|$|[,.!]))", " ", left)
    for pattern, side in SIDE_WORDS:
        if pattern.search(left):
            left = pattern.sub(" ", left)
            kinds.append("side")
            if side != ticket.side and not (side == "sell" and ticket.side == "short" and "short" in text):
                wrong.append(f"{side} is not this ticket's side")
    if code:
        kinds.append("code")
    return _Facts(" ".join(left.split()), tuple(wrong), bool(kinds), code, bad_code, wants, tuple(dict.fromkeys(kinds)))


def _code(text: str, ticket: TicketView) -> tuple[str, str, str]:
    """The ticket's own code, or something that stands where a code should; a cut or wrong one is never consent."""
    own = ticket.id.lower()
    if re.search(rf"(?<![\w-])#?{re.escape(own)}(?![\w-])", text):
        left = re.sub(
            rf"(?:\b(?:code|number|id|with code|ticket|no\.?) ?:? ?)?(?<![\w-])#?{re.escape(own)}(?![\w-])", " ", text
        )
        return ticket.id, _stray_code(left), left
    return "", _stray_code(text), text


def _stray_code(text: str) -> str:
    found = re.search(r"(?<![\w.$])#?(?=[a-z0-9-]*[a-z])(?=[a-z0-9-]*\d)[a-z0-9-]{2,}(?!\w)", text)
    if found and not re.fullmatch(r"\d+(?:\.\d+)?(?:k|m|st|nd|rd|th|shares?|d)|-?\d+-?(?:day|share|shares)", found[0]):
        return found[0]
    after = re.search(
        r"\b(?:code|ticket|id|number)(?: is| number| id| code)?[ :#]+(?!please|now|as|is|at|for|and|with)([a-z0-9]{2,8})\b",
        text,
    )
    return after[1] if after and not after[1].isalpha() else ""


def _symbols(left: str, ticket: TicketView, wrong: list[str], kinds: list[str]) -> str:
    own = [ticket.symbol.lower(), *ticket.names, *_COMMON.get(ticket.symbol.upper(), ())]
    for name in own:
        pattern = rf"(?<![\w$])\$?{re.escape(name)}(?:'s)?(?!\w)"
        if re.search(pattern, left):
            left = re.sub(pattern, " ", left)
            kinds.append("symbol")
    for symbol, names in _COMMON.items():
        if symbol == ticket.symbol.upper():
            continue
        for name in (symbol.lower(), *names):
            pattern = rf"(?<![\w$])\$?{re.escape(name)}(?:'s)?(?!\w)"
            if re.search(pattern, left):
                left = re.sub(pattern, " ", left)
                wrong.append(f"{symbol} is not this ticket's symbol")
    tag = re.search(r"\$[a-z]+", left)
    if tag:
        wrong.append(f"{tag[0].upper()} is not this ticket's symbol")
    return left


_NUMBER = r"\d+(?:\.\d+)?|\.\d+"
_AS_PRICE = re.compile(
    rf"(?:(?:\bat|@|\blimit(?: of| at| price)?|\bprice(?: of| is)?|\bstop(?: at| of)?|\bunder|\bbelow|\babove|\bover) ?(?P<d>\$)?(?P<n>{_NUMBER})|\$(?P<m>{_NUMBER}))(?P<u>k|m)?(?![\w%]|\.\d)(?! (?:shares|contracts))(?: (?:dollars|bucks|limit))?"
)
_AS_SIZE = re.compile(
    rf"(?:\b(?:quantity|size|for|of)(?: of| is)? )?(?P<s>-?)(?P<n>{_NUMBER})(?P<u>k|m)?(?![\w%]|\.\d)(?: (?:shares?|contracts?|units?|lots?))?"
)


def _prices_and_quantities(left: str, ticket: TicketView, wrong: list[str], kinds: list[str]) -> str:
    def price(match: re.Match[str]) -> str:
        value = _decimal(match["n"] or match["m"], match["u"])
        if value in (ticket.limit_price, ticket.stop_price):
            kinds.append("price")
        else:
            wrong.append(f"{match[0].strip()} is not this ticket's price")
        return " "

    def size(match: re.Match[str]) -> str:
        value = _decimal(match["n"], match["u"])
        if not match["s"] and value == ticket.quantity:
            kinds.append("quantity")
        elif not match["s"] and "." in match["n"] and value in (ticket.limit_price, ticket.stop_price):
            kinds.append("price")
        else:
            wrong.append(f"{match[0].strip()} is not this ticket's quantity")
        return " "

    left = _AS_PRICE.sub(price, left)
    left = _AS_SIZE.sub(size, left)
    part = re.search(r"\d|%|\bpercent\b|\b(?:half|quarter|third|double|twice|everything)\b", left)
    if part:
        wrong.append(f"'{part[0]}' is not this ticket's quantity")
    return left


def _decimal(digits: str, unit: str | None) -> Decimal:
    return Decimal(digits) * {"k": 1_000, "m": 1_000_000}.get(unit or "", 1)


def _types(left: str, ticket: TicketView, wrong: list[str], kinds: list[str]) -> str:
    for pattern, kind in ORDER_TYPES:
        if pattern.search(left):
            left = pattern.sub(" ", left)
            if kind in ("live", "paper", "virtual"):
                if ticket.mode != kind:
                    wrong.append(f"{kind} is not said on this ticket")
            elif kind != ticket.order_type and not (ticket.order_type == "stop_limit" and kind in ("stop", "limit")):
                wrong.append(f"a {kind} order is not this ticket's type")
            kinds.append("type")
    return left


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
    naming = [t for t in tickets if set(_facts(text, t).kinds) & names and not _facts(text, t).wrong]
    if len(naming) == 1:
        return readings[list(tickets).index(naming[0])]
    if all(r.verdict == "unrelated" for r in readings):
        return ReplyReading("unrelated", None, readings[0].why)
    return ReplyReading("ambiguous", None, "several tickets are open and none was named")


_COMMON: dict[str, tuple[str, ...]] = {
    "AAPL": ("apple",), "MSFT": ("microsoft",), "GOOG": ("google", "alphabet"), "AMZN": ("amazon",), "META": ("facebook",), "NVDA": ("nvidia",),
    "NFLX": ("netflix",), "TSLA": ("tesla",), "IBM": (), "SPY": (), "QQQ": (), "AMD": (), "INTC": ("intel",), "DIS": ("disney",), "JPM": ("jpmorgan",),
}  # fmt: skip
"""Names people use for much-traded symbols, so that naming another one is seen as a change."""


@dataclass(frozen=True)
class Act:
    """What a person's own text asks for exactly, beyond questions and tickets."""

    kind: Literal["cancel_order", "change_mode", "next_day", "halt", "resume"]
    mode: str = ""
    """For change_mode: virtual | paper | live | paper_first."""
    symbol: str = ""
    """For cancel_order: the symbol named, upper case."""
    order_ref: str = ""
    """For cancel_order: the code named, upper case."""
    every: bool = False
    """For cancel_order: all working orders."""
    sessions: int = 1
    """For next_day: how many sessions to step."""


_POLITE = re.compile(
    r"^(?:(?:please|ok(?:ay)?|now|yes|hey|deskmate|then|just|go ahead and|i want to|i want you to|i would like to|i'd like to|can you|could you|let's|lets|let us) ?,? ?)*|(?: (?:please|now|thanks|thank you|right now|immediately|for me))*[ .!]*$"
)
_MODE_NAMES = r"(?P<m>paper[- ]first|virtual|simulated|simulation|simulator|sandbox|paper|live|real money)"
_ACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("next_day", re.compile(r"(?:(?:go|step|move|advance|skip|jump|roll|forward) ?(?:to |ahead |forward |on |by )*)?(?:the )?(?:next (?:trading )?(?:day|session)|(?:a|one|1|(?P<n>\d{1,3})) (?:more )?(?:trading )?(?:days?|sessions?)(?: forward| ahead| on)?)")),
    ("halt", re.compile(r"(?:halt|pause|freeze|suspend|stop)(?: (?:all|my|the))* (?:trading|everything)|halt|emergency stop|kill switch")),
    ("resume", re.compile(r"(?:resume|unpause|restart|continue)(?: (?:all|my))* trading|resume")),
    ("change_mode", re.compile(rf"(?:(?:switch|change|go|move|set|put me|get me)(?: (?:me|mode|the mode|my mode|my account|back|over|trading|it))*(?: (?:to|into|in|on))? )?{_MODE_NAMES}(?: (?:mode|trading|account))?(?<!^live)(?<!^real money)")),
    ("cancel_order", re.compile(r"(?:cancel|withdraw|pull|kill|delete|remove) (?P<all>all|every|everything|all of)(?: (?:of|my|the|open|working|pending))*(?: orders?)?")),
    ("cancel_order", re.compile(r"(?:cancel|withdraw|pull|kill|delete|remove)(?: (?:my|the|that|this|working|open|pending|limit|stop|buy|sell|resting))*(?: \$?(?P<s>(?!order|my|the|it|that)[a-z][a-z.]{0,6}))?(?: (?:limit|stop|buy|sell|working|open))* orders?(?: (?:for|on|in) \$?(?P<s2>[a-z][a-z.]{0,6}))?(?: (?:number |id |#)?#?(?P<r>(?=[a-z0-9]*\d)[a-z0-9]{3,12}))?")),
    ("cancel_order", re.compile(r"(?:cancel|withdraw|pull|kill|delete|remove) #?(?P<r>(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{3,12})")),
)  # fmt: skip


def read_act(text: str) -> Act | None:
    """The act that a person's raw text asks for exactly, or None for anything more, less, doubtful or conditional."""
    if len(text) > LONGEST or not text.isascii() or "\n" in text.strip() or re.search(r"[?\"<>{}|`=]", text):
        return None
    core = as_numbers(" ".join(text.lower().split()))
    core = _POLITE.sub("", core).strip()
    for kind, pattern in _ACTS:
        match = pattern.fullmatch(core)
        if match is not None:
            return _act(kind, match)
    return None


def _act(kind: str, match: re.Match[str]) -> Act | None:
    got = {k: v for k, v in match.groupdict().items() if v}
    match kind:
        case "next_day":
            sessions = int(got.get("n", "1"))
            return Act("next_day", sessions=sessions) if sessions > 0 else None
        case "halt":
            return Act("halt")
        case "resume":
            return Act("resume")
        case "change_mode":
            mode = got["m"].replace("-", "_").replace(" ", "_")
            return Act(
                "change_mode",
                mode={
                    "simulated": "virtual",
                    "simulation": "virtual",
                    "simulator": "virtual",
                    "sandbox": "virtual",
                    "real_money": "live",
                }.get(mode, mode),
            )
        case _:
            return Act(
                "cancel_order",
                symbol=(got.get("s") or got.get("s2") or "").upper(),
                order_ref=got.get("r", "").upper(),
                every="all" in got,
            )
