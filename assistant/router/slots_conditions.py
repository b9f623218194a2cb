# ruff: noqa: E501  (a pattern reads better whole)
"""Conditions of an order: a price level becomes a limit or a stop; a time or anything else is noted, and asked about."""

from __future__ import annotations

import re

from assistant.router.scan import PRICE, SYMBOL, Scan, compiled

_DOWN = r"fall|drop|dip|com(?:e|es|ing) (?:back |down |in )*(?:down|back|in|to)\b|pull|go(?:es)? down|get(?:s)? down|slide|sink|decline|retreat|below|under|beneath|crash|down to|los(?:e|es|ing)\b|tank|back to|cheap|slip|trades? down"
_UP = r"ris|climb|go(?:es)? up|get(?:s)? up|rall|jump|above|over\b|up to|top|exceed|run[s]? (?:up )?to|recover|spike|pop|bounc|trades? up"
_BREAK = r"break|cross|clos(?:e|es) (?:above|below|over|under)|take[s]? out|punch|push|through|breach|clear|crack"
_IF = r"(?:only )?(?:if|when(?:ever)?|once|as soon as|in case|should(?! like| be | i\b| we\b)|unless|the moment|provided|after|until|wait for)"
_TO = (
    r"(?:to|at|below|under|beneath|above|over|through|past|hits?|hit|reach(?:es)?|touch(?:es)?|tops|exceeds|than|of|loses?|breaks|"
    r"break|crosses|sees|is|around|near|clears|cracks?|prints)"
)
_SUBJECT = rf"(?:it|{SYMBOL}|the (?:price|stock)|price|shares|they|that|this|we|a)"
_MOVES = (
    r"(?:breaks?|drops?|falls?|dips?|loses|crosses|slips?|hits|reaches|touches|climbs|rises|trades|gets|goes|comes)"
)
_LEVEL = (
    rf"{_IF} (?P<c>{_SUBJECT}?[^,;]{{0,80}}?\b{_TO} (?:the )?(?:level of )?{PRICE})",
    rf"^(?P<c>{SYMBOL} {_MOVES}\b(?: (?:out|down|up|back|in))*(?: {_TO})? {PRICE})(?=$| ?[,;]| then\b)",
    rf"\bon (?:a|an|any|the) (?P<c>(?:rally|bounce|pop|spike|jump|dip|pullback|pull back|drop|fall|move|run|slide|close)(?: (?:up|down|back|in))* (?:to|above|below|under|over|at|near|through) {PRICE})",
)
_NOT_A_PRICE = re.compile(
    r"\b(?:rsi|macd|vix|adx|loss|profit|up \$?\d|down \$?\d|vol|volume|yield|days?|weeks?|average)\b|\b(?:moving|implied)\b"
)
_ORDERS = r"(?:buy|sell|short|close|get me|get out|dump|exit|pick me up|pick up|grab|cover|trim|add)"
_ANY = (
    r"(?:\bonly )?\b(?P<c>(?:if|when(?:ever)?|once|as soon as|in case|unless|the moment|provided|assuming|should(?! like| be | i\b| we\b)|after|before|until|wait for) "
    rf"[^,;]+?)(?=$| ?[,;]| (?:then |please )*{_ORDERS}\b)"
)
_HOUR = r"(?:1[0-2]|[1-9])"
_CLOCK = (
    r"\b(?P<c>(?:(?:not |at |by |around |before |after |from |until |about |exactly )*"
    rf"(?:half past {_HOUR}|(?:a )?quarter (?:past|to) {_HOUR}|\d{{1,2}}(?: ?[:.] ?\d\d)? ?(?:am|pm|o'clock|oclock)|\d{{1,2}} : \d\d|noon|midday|lunch(?:time)?)"
    rf"|(?:at|by|before|after|until) \d{{1,2}} (?:minutes )?(?:past|to) {_HOUR})(?! (?:days|weeks))"
    r"(?: (?:this|tomorrow|in the))?(?: (?:morning|afternoon|evening))?)\b"
)
_TIMED = (
    r"\b(?P<c>tomorrow(?: morning| afternoon)?|tonight|later(?: today)?|this (?:afternoon|evening)|next (?:week|month|monday|tuesday|wednesday|thursday|friday)|"
    r"on (?:monday|tuesday|wednesday|thursday|friday)|in (?:an hour|half an hour|\d+ (?:minutes|hours|days|weeks))|on the \d{1,2}(?:st|nd|rd|th))\b"
)
_POLITE = (
    r",? ?\b(?:if (?:i may|possible|you (?:can|could|please|would|will|do not mind|are able)(?: do (?:it|that))?|that is (?:ok|okay|all right|alright|fine|possible|(?:the )?right (?:way|word)[^,;]*)|"
    r"it is (?:not too much trouble|ok|okay|possible)|need be|that works|so)|when(?:ever)? you (?:can|are ready|get (?:a|the) (?:chance|moment|minute|second))|"
    r"in case (?:i am|i turn out|it turns out)[^,;]*|as soon as (?:you can|possible))(?=$| ?[,;.])"
)
"""Words of politeness that only look like conditions."""


def take_condition(scan: Scan, side: str) -> None:
    """A price condition becomes a limit (in the order's favour) or a stop (a break, or against it); others are noted."""
    scan.line = " ".join(compiled(_POLITE).sub(" ", scan.line).split())
    for pattern in _LEVEL:
        level = compiled(pattern).search(scan.line)
        if level is not None and not _NOT_A_PRICE.search(level["c"]):
            scan.take(pattern, "cond")
            _price(scan, level["c"], level["p"], side)
            return
    for pattern in (_CLOCK, _CLOCK, _ANY, _TIMED):
        match = scan.take(pattern, "cond")
        if match is not None:
            scan.condition = scan.condition or match["c"].strip(" ?.!")


def _price(scan: Scan, words: str, price: str, side: str) -> None:
    down, up, broken = re.search(_DOWN, words), re.search(_UP, words), re.search(_BREAK, words)
    favour = (down and not up) if side in ("buy", "") else (up and not down)
    against = (up and not down) if side in ("buy", "") else (down and not up)
    kind = "stop" if against or (broken and not favour) else "limit"
    scan.slots["order_type"] = kind
    scan.price("limit_price" if kind == "limit" else "stop_price", price)
    meaning = "a level against or through" if kind == "stop" else "a price in favour of"
    scan.why.append(f"'{words}' is {meaning} the order: {kind}")
