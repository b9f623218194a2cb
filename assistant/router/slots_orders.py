# ruff: noqa: E501  (a pattern reads better whole)
"""What an order's words say: type and prices, attached target and stop, time in force."""

from __future__ import annotations

import re

from assistant.router.scan import NUM, PRICE, SYMBOL, Scan, compiled, number
from assistant.router.slots_conditions import take_condition

_BELL = r"(?:the |today's |tomorrow's |tonight's |today |market(?:'s)? )*"
_TIF = (
    (r"\b(?:gtc|good[- ](?:till?|until)[- ](?:it is |i )?cancel\w*|until (?:it is )?cancell?ed|until i cancel(?: it)?|open[- ]ended|until (?:it is |it )?fill(?:ed|s)|(?:leave|keep) it (?:open|working))\b", "GTC"),
    (rf"\b(?:(?:right |first thing )?(?:at|on|into) {_BELL}open(?:ing)?(?: (?:auction|bell))?|when (?:the )?market opens|opening (?:auction|bell)|market[- ]on[- ]open|opg|moo)\b", "OPG"),
    (rf"\b(?:(?:right )?(?:at|on|into) {_BELL}clos(?:e|ing)(?: (?:auction|bell))?(?: today)?|when (?:the )?market closes|closing (?:auction|bell)|market[- ]on[- ]close|moc)\b", "MOC"),
    (r"\b(?:(?:as |make it )?(?:a )?day order|day limit(?= order)|(?:good |just |only |valid )?for (?:the day|today)(?: only)?|today only|day only|tif day|good today|(?:until|till) (?:the )?end of (?:the )?day|expir(?:es|ing) today|good (?:through|until|till) (?:the day|today)|(?<=\d )day(?=$| [.,])|(?:(?<=limit )|(?<=, ))day(?=$| ?[.,]))", "DAY"),
)  # fmt: skip
_WHERE = r"(?: (?:at|of|to|is|near|around|up|down|just|out|below|under|above|over|in|=|:|@|price|level|loss|a|the))*"
_AMOUNT = r"(?P<t>\$?(?:\d+(?:\.\d+)?|\.\d+)%?)(?![\d.])(?: ?(?P<u>percent|dollars?|bucks?|points?|usd|pct))?"
_TRAIL = (
    rf"(?P<a>\btrail(?:ing)?\b[^,;]{{0,50}}?)\b(?:by|of|with|back) (?:an? )?{_AMOUNT}(?! ?(?:shares|{SYMBOL}))",
    rf"(?:\bwith |\bon )?(?:\ban? )?{_AMOUNT}(?:[- ])(?:trailing stop(?:-loss)?|trailing|trail)(?: stop)?\b",
    rf"\b(?:trailing stop(?:-loss)?|trailing|trail)(?: stop)?(?: (?:it|order|of|at|by|with|a|the|stop|set|to|{SYMBOL}|on|my|position|shares|=|:|,))* {_AMOUNT}(?! ?(?:shares|{SYMBOL}))",
    rf"{_AMOUNT} (?:back|behind|away|off|below (?:the )?(?:high|peak|market|price|last))\b",
    r"(?P<t>\d+(?:\.\d+)?%|\$\d+(?:\.\d+)?)(?P<u>)",
    r"(?P<t>\d+(?:\.\d+)?) (?P<u>percent|dollars?|bucks?|points?)",
)
"""From what says most to what says least; the last three only where trailing was said elsewhere."""
_ENTRY_STOP = re.compile(
    r"\b(?:buy|sell|short)(?: to open)?[- ]stops?\b|\bstop[- ]?(?:order|entry|market)\b|\bstop (?:to )?(?:buy|sell|short)\b|\bstop limit\b|\b(?:on|as|using) (?:a|the) (?:buy |sell )?stop(?= *$| ?,| order| (?:at|of|above|below) )"
)


def take_tif(scan: Scan) -> None:
    """Read the time in force."""
    for pattern, _ in _TIF:
        _drop_rejected(scan, pattern)
    for pattern, tif in _TIF:
        if scan.take(pattern, "tif"):
            scan.slots["tif"] = tif
            while scan.take(pattern, "tif"):  # said twice over: "leave it working, good till cancelled"
                pass
            return


def _drop_rejected(scan: Scan, pattern: str) -> None:
    """Take out a time in force that is said not to hold: "for the day, not gtc"."""
    rejected = compiled(rf"(?:, ?)?\b(?:not|no longer|instead of|rather than) (?:a |an |on )?(?:{pattern})").search(
        scan.line
    )
    if rejected is not None:
        scan.line = " ".join(f"{scan.line[: rejected.start()]} {scan.line[rejected.end() :]}".split())


def take_order_words(scan: Scan, side: str) -> None:
    """Read conditions, trail, attached prices, stop and limit, and the type; `side` is buy, sell, short or ""."""
    take_tif(scan)
    take_condition(scan, side)
    _take_trail(scan)
    _take_attached(scan, side)
    _take_stop(scan, side)
    take_limit(scan)
    _take_type(scan)


def _take_type(scan: Scan) -> None:
    said = scan.take(
        r"\b(?:at (?:the )?|as a |a |(?<!\bthe )(?<!stock )(?<!in ))(?:market(?: order| price)?|mkt)\b(?! (?:open|close|order type|crash|drop|tank|fall))",
        "type",
    )
    if "order_type" in scan.slots:
        return
    if said is not None:
        scan.slots["order_type"] = "market"
    elif scan.take(r"\b(?:limit order|as a limit|limit)\b", "type"):
        scan.slots["order_type"] = "limit"
    elif scan.take(r"\b(?:stop order|(?:buy|sell|short) stop)\b", "type"):
        scan.slots["order_type"] = "stop"


def _take_trail(scan: Scan) -> None:
    trailing = re.search(r"\btrail(?:ing|s)?\b", scan.line)
    if trailing is None:
        return
    scan.slots["order_type"] = "trailing"
    for pattern in _TRAIL:
        match = scan.take(pattern, "trail")
        if match is not None:
            scan.line += f" {match.groupdict().get('a') or ''}"
            text, unit = match["t"].replace("$", ""), match["u"] or ""
            percent = text.endswith("%") or unit in ("percent", "pct")
            scan.slots["trail"] = f"{text.removesuffix('%')}%" if percent else number(text)
            break
    scan.line = re.sub(
        r"\b(?:trailing stop(?:-loss)?|trailing|trail)(?: stop)?\b|(?:buy|sell) stop$", "<trail>", scan.line.strip()
    )


def _take_attached(scan: Scan, side: str) -> None:
    profit = scan.take(rf"{PRICE} (?:target|take-profit)\b(?= ?(?:$|,|and\b|<|\$?(?:{NUM}) stop))", "tp") or scan.take(
        rf"\b(?:with )?(?:an? |my |the )?(?:take-profit|take profits?|profit target|target(?: price)?|profit){_WHERE} {PRICE}(?! ?(?:shares|{SYMBOL}))",
        "tp",
    )
    if profit is not None:
        scan.price("take_profit", profit["p"])
    if side not in ("buy", "short"):
        return
    entry = _ENTRY_STOP.search(scan.line) is not None
    word = r"(?:stop-loss|protective stop)" if entry else r"(?:stop-loss|protective stop|stop(?:ped)?(?: me)?(?: out)?)"
    loss = scan.take(
        rf"\b(?:with |and |, )*(?:an? |my |the |put |set )*{word}(?! (?:order|limit)){_WHERE} {PRICE}(?! limit)", "sl"
    )
    if loss is None and not entry:
        loss = scan.take(rf"{PRICE} (?:stop-loss|stop)\b(?! (?:order|limit))", "sl")
    if loss is not None:
        scan.price("stop_loss", loss["p"])


def _take_stop(scan: Scan, side: str) -> None:
    both = scan.take(
        rf"\bstop(?: limit)?(?: order)?{_WHERE} {PRICE}(?: and| with| a| the| my|,| /)* limit{_WHERE} (?P<q>\$?(?:{NUM}))",
        "stop",
    ) or scan.take(rf"\bstop limit(?: order)?{_WHERE} {PRICE}(?: and|,| /)* (?P<q>\$?(?:{NUM}))(?= ?(?:$|,|<))", "stop")
    if both is not None:
        scan.slots["order_type"] = "stop_limit"
        scan.price("stop_price", both["p"])
        scan.price("limit_price", both["q"])
        return
    if scan.take(r"\bstop limit(?: order)?\b", "type"):
        scan.slots["order_type"] = "stop_limit"
    for pattern in (
        rf"\b(?:(?:stop|limit) )?trigger(?:s|ed|ing)?(?: price)?(?: (?:at|of|is|it|on|=|:|@))* {PRICE}",
        rf"\b(?:stop-loss|stop|stopped out|stop me out|protective stop)(?: order)?(?: (?:at|of|to|is|it|on|my|{SYMBOL}|@|=|:|in|a|the|out|position|shares|price|under|below|above|near|around|up|down|just|set|for))* {PRICE}(?! ?(?:{SYMBOL}|shares|limit\b))",
        rf"{PRICE} stop(?:-loss)?\b",
        rf"\b(?:on a break|breaks?|breaking|through)(?: (?:above|below|of|over|under|out|at))* {PRICE}",
    ):
        match = scan.take(pattern, "stop")
        if match is not None:
            scan.slots.setdefault("order_type", "stop")
            scan.price("stop_price", match["p"])
            return
    _stop_without_price(scan, side)


def _stop_without_price(scan: Scan, side: str) -> None:
    """A stop whose price stands further off: "stop order, 20 of my aapl, at 180"; or is missing and asked for."""
    if "order_type" in scan.slots:
        return
    if _ENTRY_STOP.search(scan.line) or (
        side != "buy" and re.search(r"\b(?:stop-loss|protective stop|stop)\b", scan.line)
    ):
        scan.slots["order_type"] = "stop"
        match = scan.take(rf"(?:\b(?:at|under|below|above|over|near)|@) {PRICE}(?! ?(?:shares|{SYMBOL}))", "stop")
        if match is not None:
            scan.price("stop_price", match["p"])


_NOT_COUNT = r"(?! ?(?:shares|contracts|more|calls|puts|dte|days?|worth|delta|percent|am\b|pm\b|o'clock|lots?))"
_SAID = (
    rf"(?<=\bbid) (?:of )?{PRICE}(?= (?:for|on) \d)",
    rf"\blimit(?: order| price)?(?: (?:at|of|to|is|@|=|:|for|price|a|,))* {PRICE}",
    rf"{PRICE} (?:or (?:better|less|lower|cheaper|below|higher|more|above|under|over)|limit|max(?:imum)?|(?:net )?(?:debit|credit))\b",
    rf"\b(?:cap(?:ped|ping)?|ceiling)(?: (?:it|that|this|them|the (?:price|limit)|price|limit))*(?: (?:at|to|of))? {PRICE}{_NOT_COUNT}",
    rf"\b(?:no (?:more|higher|less|lower|worse) than|at most|at least|not (?:a \w+ )?(?:over|above|below|under|more than|less than)|less than|more than|better than|cheaper than|max(?:imum)?|min(?:imum)?|up to|as low as|as high as|capped at|(?:do not|never) pay (?:over|above|more than)) (?:of )?{PRICE}{_NOT_COUNT}",
    rf"\b(?:pay(?:ing)?|collect(?:ing)?|(?:net )?(?:debit|credit) of|net(?:ting)?|receive)(?: (?:up to|no more than|at least|about|around|only|a|net))* {PRICE}{_NOT_COUNT}",
)
_LOOSE = (
    rf"\b(?:under|below|above|over|around|near) {PRICE}(?! (?:shares|contracts))",
    rf"(?:\b(?:at|for)|@)(?: a)?(?: net)?(?: price)?(?: of)?(?: or (?:under|below|above))? {PRICE}{_NOT_COUNT}",
    rf"\b\d+ (?:shares? )?(?:of )?{SYMBOL} (?:, )?{PRICE}(?= ?(?:$|,|<))",
)


def take_limit_said(scan: Scan) -> bool:
    """Read a limit that names itself one: "limit 3.10", "pay up to 5.60", "2.50 or better"."""
    return _take_price(scan, _SAID)


def take_limit(scan: Scan) -> None:
    """Read a limit, said or only a price given with the order."""
    if scan.slots.get("order_type") not in ("trailing", "stop_limit") or "limit_price" not in scan.slots:
        _take_price(scan, (*_SAID, *_LOOSE))


def _take_price(scan: Scan, patterns: tuple[str, ...]) -> bool:
    if "limit_price" in scan.slots:
        return False
    for pattern in patterns:
        match = compiled(pattern).search(scan.line)
        if match is None:
            continue
        counts = re.match(rf" {SYMBOL}", scan.line[match.end() :]) is not None
        sized = re.search(rf"\d+ (?:shares |contracts |of |{SYMBOL} )|<qty>", scan.line) is not None
        if re.match(r"for\b", match[0]) and (counts or not sized):
            continue
        counted = re.match(rf"\d+ (?:shares? )?(?:of )?{SYMBOL} (?:, )?", match[0])
        scan.line = scan.line[: match.start("p")] + "<limit>" + scan.line[match.end("p") :] if counted else scan.line
        if not counted:
            scan.take(pattern, "limit")
        kind = scan.slots.get("order_type")
        scan.slots["order_type"] = "stop_limit" if kind in ("stop", "stop_limit") else "limit"
        scan.price("limit_price", match["p"])
        return True
    return False
