# ruff: noqa: E501  (a pattern reads better whole)
"""What an order's words say: type and prices, attached target and stop, time in force, conditions."""

from __future__ import annotations

import re

from assistant.router.scan import NUM, PRICE, SYMBOL, Scan, number

_TIF = (
    (r"\b(?:gtc|good (?:till?|until) (?:cancell?ed|i cancel)|until (?:cancell?ed|i cancel)|open[- ]ended|until filled)\b", "GTC"),
    (r"\b(?:(?:at|on) (?:the )?(?:market )?open(?:ing)?(?: auction)?|market[- ]on[- ]open|opg|moo)\b", "OPG"),
    (r"\b(?:(?:at|on|into) (?:the )?(?:market )?clos(?:e|ing)(?: auction)?|market[- ]on[- ]close|moc)\b", "MOC"),
    (r"\b(?:day order|(?:as|make it) a day order|for the day(?: only)?|(?:good )?for today(?: only)?|today only|day only|tif day|(?<=\d )day(?=$| [.,]))", "DAY"),
)  # fmt: skip
_DOWN = r"fall|drop|dip|come[s]? (?:back )?down|pull|go(?:es)? down|get(?:s)? down|slide|sink|decline|retreat|below|under|crash|down to|lose|tank|back to|cheap"
_UP = (
    r"ris|climb|go(?:es)? up|get(?:s)? up|rall|jump|above|over\b|up to|top|exceed|run[s]? (?:up )?to|recover|spike|pop"
)
_BREAK = r"break|cross|clos(?:e|es) (?:above|below|over|under)|take[s]? out|punch|breach"
_IF = r"(?:only )?(?:if|when(?:ever)?|once|as soon as|in case|should|unless|the moment|provided|after|until|wait for)"
_LEVEL = (
    rf"{_IF} (?P<c>(?:it|{SYMBOL}|the (?:price|stock)|price|shares|they|that|this|we|a)?[^,;]*?\b"
    rf"(?:to|at|below|under|above|over|through|past|hits?|hit|reach(?:es)?|touch(?:es)?|tops|exceeds|than|of|loses|breaks|crosses|sees|is|around|near) (?:the )?(?:level of )?{PRICE})"
)
_ANY_CONDITION = r"(?:\bonly )?\b(?P<c>(?:if|when(?:ever)?|once|as soon as|in case|unless|the moment|provided|assuming|should|after|before|until|wait for) [^,;]+)"


_TIMED = r"\b(?P<c>tomorrow(?: morning| afternoon)?|tonight|later(?: today)?|next (?:week|month|monday|tuesday|wednesday|thursday|friday)|on (?:monday|tuesday|wednesday|thursday|friday)|in (?:an hour|\d+ (?:minutes|hours|days))|at \d{1,2}(?::\d\d)? ?(?:am|pm)|at noon)\b"


def take_tif(scan: Scan) -> None:
    """Read the time in force."""
    for pattern, tif in _TIF:
        if scan.take(pattern, "tif"):
            scan.slots["tif"] = tif
            return


def take_order_words(scan: Scan, side: str) -> None:
    """Read conditions, trail, attached prices, stop and limit, and the type; `side` is buy, sell, short or ""."""
    take_tif(scan)
    _take_condition(scan, side)
    _take_trail(scan)
    _take_attached(scan, side)
    _take_stop(scan, side)
    _take_limit(scan)
    if scan.take(
        r"\b(?:at |a |as a )?(?:the )?(?:market(?: order| price)?|mkt)\b(?! (?:open|close|order type))", "type"
    ) and ("order_type" not in scan.slots):
        scan.slots["order_type"] = "market"
    if "order_type" not in scan.slots and scan.take(r"\b(?:limit order|as a limit|limit)\b", "type"):
        scan.slots["order_type"] = "limit"
    if "order_type" not in scan.slots and scan.take(r"\bstop order\b", "type"):
        scan.slots["order_type"] = "stop"


def _take_condition(scan: Scan, side: str) -> None:
    """A price condition becomes a limit (in the order's favour) or a stop (a break, or against it); others are noted."""
    level = re.search(_LEVEL, scan.line)
    if level is not None and not re.search(r"\b(?:rsi|macd|vix|adx|loss|profit|up \d|down \d|vol|yield)\b", level["c"]):
        words = level["c"]
        down, up, broken = re.search(_DOWN, words), re.search(_UP, words), re.search(_BREAK, words)
        favour = (down and not up) if side in ("buy", "") else (up and not down)
        against = (up and not down) if side in ("buy", "") else (down and not up)
        kind = "stop" if against or (broken and not favour) else "limit"
        if scan.take(_LEVEL, "cond"):
            scan.slots["order_type"] = kind
            scan.price("limit_price" if kind == "limit" else "stop_price", level["p"])
            scan.why.append(
                f"'{words}' is {'a level against or through' if kind == 'stop' else 'a price in favour of'} the order: {kind}"
            )
        return
    match = scan.take(_ANY_CONDITION, "cond") or scan.take(_TIMED, "cond")
    if match is not None:
        scan.condition = match["c"].strip(" ?.!")


def _take_trail(scan: Scan) -> None:
    amount = rf"(?P<t>\$?(?:{NUM})%?)(?: ?(?:percent|dollars|bucks|points))?"
    match = scan.take(
        rf"\b(?:trailing stop(?:-loss)?|trailing|trail)(?: stop)?(?: (?:it|order|of|at|by|with|a|the|stop|set|to|{SYMBOL}|on|my))* {amount}",
        "trail",
    ) or scan.take(rf"{amount} (?:trailing stop(?:-loss)?|trailing|trail)(?: stop)?\b", "trail")
    if match is not None:
        words = match[0]
        text = match["t"].replace("$", "")
        scan.slots["order_type"] = "trailing"
        scan.slots["trail"] = text if text.endswith("%") else f"{text}%" if "percent" in words else number(text)
    elif scan.take(r"\b(?:trailing stop(?:-loss)?|trailing)\b", "trail"):
        scan.slots["order_type"] = "trailing"


def _take_attached(scan: Scan, side: str) -> None:
    profit = scan.take(
        rf"\b(?:with )?(?:an? |my |the )?(?:take-profit|take profits?|profit target|target(?: price)?|profit)(?: (?:at|of|to|is|near|around|=|:|@))* {PRICE}",
        "tp",
    )
    if profit is not None:
        scan.price("take_profit", profit["p"])
    attached = side in ("buy", "short")
    word = r"(?:stop-loss|protective stop|stop)" if attached else r"(?:stop-loss|protective stop)"
    if attached:
        loss = scan.take(
            rf"\b(?:with |and |, )*(?:an? |my |the |put |set )*{word}(?! (?:order|limit))(?: (?:at|of|to|is|near|around|=|:|@))* {PRICE}(?! limit)",
            "sl",
        )
        if loss is not None:
            scan.price("stop_loss", loss["p"])


def _take_stop(scan: Scan, side: str) -> None:
    both = scan.take(
        rf"\bstop(?: limit)?(?: order)?(?: at| @| of)? {PRICE}(?: and| with| a|,| /)* limit(?: at| @| of)? (?P<q>\$?(?:{NUM}))",
        "stop",
    )
    if both is not None:
        scan.slots["order_type"] = "stop_limit"
        scan.price("stop_price", both["p"])
        scan.price("limit_price", both["q"])
        return
    if scan.take(r"\bstop limit(?: order)?\b", "type"):
        scan.slots["order_type"] = "stop_limit"
    match = scan.take(
        rf"\b(?:stop-loss|stop|stopped out|stop me out|protective stop)(?: order)?(?: (?:at|of|to|is|it|on|my|{SYMBOL}|@|=|:|in|a|the|out|position|shares))* {PRICE}",
        "stop",
    )
    if match is None:
        match = scan.take(rf"{PRICE} stop(?:-loss)?\b", "stop")
    if match is None:
        match = scan.take(
            rf"\b(?:on a break|breaks?|breaking|through)(?: (?:above|below|of|over|under|out|at))* {PRICE}", "stop"
        )
    if match is not None:
        scan.slots.setdefault("order_type", "stop")
        scan.price("stop_price", match["p"])
    elif side != "buy" and re.search(r"\b(?:stop-loss|protective stop)\b", scan.line):
        scan.slots.setdefault("order_type", "stop")


_LIMITS = (
    rf"(?<=\bbid) (?:of )?{PRICE}(?= (?:for|on) \d)",
    rf"\blimit(?: order| price)?(?: (?:at|of|to|is|@|=|:|for|price))* {PRICE}",
    rf"{PRICE} (?:or (?:better|less|lower|cheaper|below|higher|more|above)|limit|lmt|max)\b",
    rf"\b(?:no (?:more|higher|less|lower) than|at most|at least|not (?:over|above|below|under)|less than|more than|max(?:imum)?|min(?:imum)?|up to|as low as) {PRICE}",
    rf"\b(?:under|below|above|over|around|near) {PRICE}(?! (?:shares|contracts))",
    rf"(?:\b(?:at|for)|@)(?: a)?(?: price)?(?: of)?(?: or (?:under|below|above))? {PRICE}(?! (?:shares|contracts|more|calls|puts|dte|days?|worth|delta))",
)


def _take_limit(scan: Scan) -> None:
    if scan.slots.get("order_type") in ("trailing", "stop_limit") and "limit_price" in scan.slots:
        return
    for pattern in _LIMITS:
        match = re.search(pattern, scan.line)
        if match is None:
            continue
        if re.match(r"for\b", match[0]) and not re.search(rf"\d+ (?:shares |contracts |of |{SYMBOL} )", scan.line):
            continue
        scan.take(pattern, "limit")
        if scan.slots.get("order_type") == "stop":
            scan.slots["order_type"] = "stop_limit"
        else:
            scan.slots.setdefault("order_type", "limit")
        if scan.slots["order_type"] == "market":
            scan.slots["order_type"] = "limit"
        scan.price("limit_price", match["p"])
        return
