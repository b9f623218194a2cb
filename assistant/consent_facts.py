# ruff: noqa: E501  (a pattern reads better whole)
"""The facts a reply states beside its yes or no, compared with one ticket: numbers, side, symbol, type, time in force, code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from assistant.consent_words import ORDER_TYPES, RECOMMENDED, SIDE_WORDS, TIF_WORDS
from brokers.vocabulary import Finite


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
class Facts:
    """What a reply states beside its assent: `left` is the text with the facts taken out."""

    left: str
    wrong: tuple[str, ...] = ()
    named: bool = False
    code: str = ""
    bad_code: str = ""
    wants_recommended: bool = False
    kinds: tuple[str, ...] = ()


def facts_of(text: str, ticket: TicketView) -> Facts:
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
    return Facts(" ".join(left.split()), tuple(wrong), bool(kinds), code, bad_code, wants, tuple(dict.fromkeys(kinds)))


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


_COMMON: dict[str, tuple[str, ...]] = {
    "AAPL": ("apple",), "MSFT": ("microsoft",), "GOOG": ("google", "alphabet"), "AMZN": ("amazon",), "META": ("facebook",), "NVDA": ("nvidia",),
    "NFLX": ("netflix",), "TSLA": ("tesla",), "IBM": (), "SPY": (), "QQQ": (), "AMD": (), "INTC": ("intel",), "DIS": ("disney",), "JPM": ("jpmorgan",),
}  # fmt: skip
"""Names people use for much-traded symbols, so that naming another one is seen as a change."""
