# ruff: noqa: E501  (a pattern reads better whole)
"""The facts a reply states beside its yes or no, compared with one ticket: numbers, side, symbol, type, time in force, code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from assistant.consent_spelling import one_slip
from assistant.consent_words import PHRASES
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
    """What a reply states about one ticket: `marked` is the text with every fact replaced by a mark in upper case."""

    marked: str
    wrong: tuple[str, ...] = ()
    bad_code: str = ""
    wants_recommended: bool = False
    kinds: tuple[str, ...] = ()
    stranger: bool = False
    """True when a symbol other than the ticket's is named."""


@dataclass
class _Taker:
    """Takes facts out of a text one kind after the other."""

    text: str
    ticket: TicketView
    wrong: list[str] = field(default_factory=list[str])
    kinds: list[str] = field(default_factory=list[str])

    def mark(self, kind: str, wrong: str = "") -> str:
        """The mark of a fact of `kind`, right or wrong."""
        if wrong:
            self.wrong.append(wrong)
            return " WRONG "
        self.kinds.append(kind)
        return f" {kind.upper()} "

    def take(self, pattern: re.Pattern[str], kind: str, wrong: str = "") -> None:
        """Replace whatever `pattern` finds with the mark of its kind."""
        self.text = pattern.sub(lambda _: self.mark(kind, wrong), self.text)


def facts_of(text: str, ticket: TicketView, shouted: frozenset[str] = frozenset()) -> Facts:
    """Take every stated number, side, symbol, type and code out of the text and compare it with the ticket.

    `shouted`: the words written in capitals among small letters; a symbol that is a plain word counts only so, or as $NOW.
    """
    code, bad_code, left = _code(text, ticket)
    taker = _Taker(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", left), ticket)
    if code:
        taker.kinds.append("code")
    wants = bool(RECOMMENDED.search(taker.text))
    taker.text = RECOMMENDED.sub(" ", taker.text)
    for pattern, tif in TIF_WORDS:
        taker.take(pattern, "tif", "" if tif == ticket.tif else f"{tif} is not this ticket's time in force")
    stranger = _symbols(taker, shouted)
    _numbers(taker)
    _types(taker)
    for pattern, side in SIDE_WORDS:
        fits = side == ticket.side or (side == "sell" and ticket.side == "short" and "short" in text)
        taker.take(pattern, "side", "" if fits else f"{side} is not this ticket's side")
    kinds = tuple(dict.fromkeys(taker.kinds))
    return Facts(" ".join(taker.text.split()), tuple(taker.wrong), bad_code, wants, kinds, stranger)


def says_code(text: str, ticket: TicketView) -> bool:
    """True when the ticket's own code stands in the text, whole."""
    return re.search(rf"(?<![\w-])#?{re.escape(ticket.id.lower())}(?![\w-])", text) is not None


def _code(text: str, ticket: TicketView) -> tuple[bool, str, str]:
    """The ticket's own code, or something that stands where a code should; a cut or wrong one is never consent."""
    if not says_code(text, ticket):
        return False, _stray_code(text), text
    own = rf"(?<![\w-])#?{re.escape(ticket.id.lower())}(?![\w-])"
    left = re.sub(rf"(?:\b(?:code|number|id|with code|ticket|no\.?) ?:? ?)?{own}", " CODE ", text)
    return True, _stray_code(left), left


def _stray_code(text: str) -> str:
    for found in re.finditer(r"(?<![\w.$])#?(?=[a-z0-9-]*[a-z])(?=[a-z0-9-]*\d)[a-z0-9-]{2,}(?!\w)", text):
        if not re.fullmatch(r"\d+(?:\.\d+)?(?:k|m|st|nd|rd|th|shares?|sh|shs|d)|-?\d+-?(?:day|share|shares)", found[0]):
            return found[0]
    after = re.search(
        r"\b(?:code|ticket|id|number)(?: is| number| id| code)?[ :#]+(?!please|now|as|is|at|for|and|with)([a-z0-9]{2,8})\b",
        text,
    )
    return after[1] if after and not after[1].isalpha() else ""


def _symbols(taker: _Taker, shouted: frozenset[str]) -> bool:
    """Mark the symbols named, by ticker or by name; True when one of them is not the ticket's."""
    own = taker.ticket.symbol.lower()
    names = {*taker.ticket.names, *_COMMON.get(own.upper(), ())}
    plain_word = (own,) in PHRASES and own not in shouted
    strangers: list[str] = []

    def named(match: re.Match[str]) -> str:
        word = match[0].lstrip("$")
        if (word == own and (not plain_word or match[0].startswith("$"))) or word in names:
            return taker.mark("symbol")
        if match[0].startswith("$") or word in _NAMES:
            strangers.append(word)
            return taker.mark("symbol", f"{_NAMES.get(word, word.upper())} is not this ticket's symbol")
        if any(len(name) >= 5 and word != f"{name}s" and one_slip(word, name) for name in names):
            return taker.mark("symbol")
        return match[0]

    for name in sorted((n for n in names if " " in n), key=len, reverse=True):
        taker.take(re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), "symbol")
    if not re.fullmatch(r"[a-z]+", own) and not plain_word:
        taker.take(re.compile(rf"(?<![\w$])\$?{re.escape(own)}(?!\w)"), "symbol")
    taker.text = _WORD.sub(named, taker.text)
    return bool(strangers)


_WORD = re.compile(r"(?<![\w$'])\$?[a-z]+(?:\.[a-z]+)*(?![\w'])")
_NUMBER = r"\d+(?:\.\d+)?|\.\d+"
_AS_PRICE = re.compile(
    rf"(?:(?:(?:\bat )?@|\bat(?: the)?|\b(?:with )?(?:an? )?limit(?: price)?(?: of| at| is)?|\bprice(?: of| is)?|\b(?:with )?(?:an? |the )?stop(?: price)?(?: at| of)?) ?)\$?(?P<n>{_NUMBER})(?P<u>k|m)?(?![\w%]|\.\d)(?! (?:shares|contracts))(?: (?:dollars|bucks|usd|limit|stop)\b)?"
    rf"|\$ ?(?P<m>{_NUMBER})(?P<v>k|m)?(?![\w%]|\.\d)(?: (?:limit|stop)\b)?|(?P<l>{_NUMBER})(?: dollars?| bucks| usd)?(?: as (?:a|the))? (?:limit|stop)\b(?! ?\$?\d)"
)
_AS_SIZE = re.compile(
    rf"(?:\b(?:all|the full|exactly|quantity|size|for|of)(?: of| is| the)? )?(?P<s>[-+]?)(?P<n>{_NUMBER})(?P<u>k|m)?(?![\w%]|\.\d)(?: ?(?:shares?|contracts?|units?|shs?)\b)?(?: of (?:them|it)\b)?"
)
_MONEY = re.compile(rf"(?P<n>{_NUMBER})(?P<u>k|m)? ?(?:dollars?|bucks|usd)\b")
_TYPE_FIRST = re.compile(r"(?:(?<=\bsell )|(?<=\bbuy ))(?:stop|limit)(?= (?:\d+) +SYMBOL\b)")
"""In "sell stop 60 amzn" the number before the name is the size."""
_JUST_ONE = re.compile(r"(?:\b(?:just|only|but|buy|sell|short|buying|yes|ok) one\b|^one\b)")
_PARTIAL = re.compile(r"\d|%|\bpercent\b|\b(?:half|quarter|third|double|twice|triple)\b")


def _numbers(taker: _Taker) -> None:
    """Mark prices, then sizes; whatever digit is left belongs to neither and is wrong."""
    ticket = taker.ticket

    def price(match: re.Match[str]) -> str:
        value = _decimal(match["n"] or match["m"] or match["l"], match["u"] or match["v"])
        if "stop" in match[0]:
            allowed = (ticket.stop_price,)
        elif "limit" in match[0]:
            allowed = (ticket.limit_price,)
        else:
            allowed = (ticket.limit_price, ticket.stop_price)
        return taker.mark("price", "" if value in allowed else f"{match[0].strip()} is not this ticket's price")

    def size(match: re.Match[str]) -> str:
        value, prices = _decimal(match["n"], match["u"]), (ticket.limit_price, ticket.stop_price)
        if not match["s"] and value == ticket.quantity:
            return taker.mark("quantity")
        said = "." in match["n"] or "quantity" in taker.kinds
        elsewhere = re.search(rf"\b{ticket.quantity} ?(?:shares|contracts)\b", match.string) is not None
        if not match["s"] and (said or elsewhere) and value in prices and "sh" not in match[0]:
            return taker.mark("price")
        return taker.mark("quantity", f"{match[0].strip()} is not this ticket's quantity")

    def money(match: re.Match[str]) -> str:
        right = _decimal(match["n"], match["u"]) in (ticket.limit_price, ticket.stop_price)
        return taker.mark("price", "" if right else f"{match[0].strip()} is not this ticket's price")

    kind = _TYPE_FIRST.search(taker.text)
    if kind is not None and kind[0] == ticket.order_type:
        taker.take(_TYPE_FIRST, "type")
    taker.text = _AS_SIZE.sub(size, _MONEY.sub(money, _AS_PRICE.sub(price, taker.text)))
    if ticket.quantity != 1 and re.search(r"PRICE +(?:in )?total\b", taker.text):
        taker.wrong.append("the price of one share is not the total")
    if ticket.quantity != 1:
        taker.take(_JUST_ONE, "quantity", "one is not this ticket's quantity")
    rest = _PARTIAL.search(taker.text)
    if rest:
        taker.wrong.append(f"'{rest[0]}' is not this ticket's quantity")


def _decimal(digits: str, unit: str | None) -> Decimal:
    return Decimal(digits) * {"k": 1_000, "m": 1_000_000}.get(unit or "", 1)


def _types(taker: _Taker) -> None:
    ticket = taker.ticket
    for pattern, kind in ORDER_TYPES:
        if kind in ("live", "paper", "virtual"):
            wrong = "" if ticket.mode == kind else f"{kind} is not said on this ticket"
        else:
            fits = kind == ticket.order_type or (ticket.order_type == "stop_limit" and kind in ("stop", "limit"))
            wrong = "" if fits else f"a {kind} order is not this ticket's type"
        taker.take(pattern, "type", wrong)


RECOMMENDED = re.compile(
    r"\b(?:with |at |using |use |in |for )?(?:the |your |its |my )?(?:you )?(?:recommended|recommend(?:ation)?|suggest(?:ed|ion)?|proposed (?=(?:position )?(?:size|sizing|quantity|amount|number)))(?: |-)?(?:position )?(?:size|sizing|quantity|amount|number|shares)?(?: of shares)?\b|\b(?:with |at |using )?your (?:size|sizing|quantity|number)\b"
)

SIDE_WORDS = (
    (re.compile(r"\b(?:short sale|sell short|short sell|go(?:ing)? short|shorting|(?<!too )short)\b"), "short"),
    (re.compile(r"\b(?:buying|buy(?: side)?|purchase|purchasing)\b|\b(?:long|bid|pick(?:ing)? up|grab(?: me)?|get me|give me|i will (?:take|have))\b(?= +(?:the +|all +)?QUANTITY)"), "buy"),
    (re.compile(r"\b(?:sell off|selling|sell(?: side)?|sale)\b|\b(?:dump|close|closing|unload|offload)\b(?= +(?:the +|all +|my +)?(?:QUANTITY|SYMBOL))"), "sell"),
)  # fmt: skip

TIF_WORDS = (
    (re.compile(r"\b(?:as )?(?:an? )?(?:gtc|(?:good )?(?:till?|until) (?:it is |i )?cancell?(?:ed)?(?: it)?|(?:leave|keep|stays?) (?:it )?open (?:until|till?) i cancel(?: it)?)\b"), "GTC"),
    (re.compile(r"\b(?:at the open|opg|on (?:the )?open|market on open)\b"), "OPG"),
    (re.compile(r"\b(?:at the close|moc|on (?:the )?close|market on close)\b"), "MOC"),
    (re.compile(r"\b(?:(?:as |for )?(?:an? )?day order|day only|(?:just |only )for (?:the day|today)|for (?:just |only )?(?:the day|today) only|for (?:just|only) (?:the day|today)|today only|tif day|good for (?:the )?(?:day|today)(?: only)?|(?<=not )day|(?<=\.\d\d )day(?= *(?:$|[,.!]))|an? day (?:one|limit))\b"), "DAY"),
)  # fmt: skip

ORDER_TYPES = (
    (re.compile(r"\bstop[- ]limit\b"), "stop_limit"),
    (re.compile(r"\b(?:an? )?trailing(?: stop)?\b"), "trailing"),
    (re.compile(r"\b(?:at |as |to |by )(?:an? |the )?market(?: order| price)?\b|\b(?:an? |the )?market order\b|(?<!\bthe )\bmarket\b(?! (?:is|price))"), "market"),
    (re.compile(r"\b(?:as )?(?:an? |the )?limit order\b|\b(?:as )an? limit\b|(?<!\bthe )\blimit\b(?! price)"), "limit"),
    (re.compile(r"\b(?:as )?(?:an? |the )?stop order\b|\b(?:as an?|on the|on a|with the|with a|the|that|my|a) stop\b|(?<=SYMBOL )stop\b|(?<=SYMBOL  )stop\b|\bstop (?=(?:sell|sale)\b)|(?<=, )stop(?=, +TIF)|(?:(?<=QUANTITY )|(?<=QUANTITY  ))stop(?= +TIF)|(?:(?<=TIF )|(?<=TIF  ))stop(?= *(?:$|[,.!]|orders?\b))|\bstop on (?= *(?:all |the )*QUANTITY[^.!?]*\bsell\b)|(?<=\bsell )stop\b"), "stop"),
    (re.compile(r"\b(?:live|real money)\b"), "live"),
    (re.compile(r"\b(?:on |in )?paper\b"), "paper"),
    (re.compile(r"\b(?:virtual|simulated|sandbox)\b"), "virtual"),
)  # fmt: skip

_COMMON: dict[str, tuple[str, ...]] = {
    "AAPL": ("apple",), "MSFT": ("microsoft",), "GOOG": ("google", "alphabet"), "AMZN": ("amazon",), "META": ("facebook",), "NVDA": ("nvidia",),
    "NFLX": ("netflix",), "TSLA": ("tesla",), "IBM": (), "GOOGL": (), "NKE": ("nike",), "BA": ("boeing",), "COIN": ("coinbase",), "ORCL": ("oracle",), "SPY": (), "QQQ": (), "AMD": (), "INTC": ("intel",), "DIS": ("disney",), "JPM": ("jpmorgan",),
}  # fmt: skip
"""Names people use for much-traded symbols, so that naming another one is seen as a change."""

_NAMES = {name: symbol for symbol, names in _COMMON.items() for name in (symbol.lower(), *names)}
"""Every such name, to its symbol."""
