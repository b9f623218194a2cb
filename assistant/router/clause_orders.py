# ruff: noqa: E501  (a pattern reads better whole)
"""Clauses that name a trade: orders with all their slots, trades only thought about, pieces of an order."""

from __future__ import annotations

import re
from datetime import date

from assistant.router.canon import Canon
from assistant.router.clause_questions import read_question
from assistant.router.frames import Frame
from assistant.router.lexicon import words
from assistant.router.parsed import RECOMMENDED, SIDES, Parsed
from assistant.router.quantities import take_equity, take_notional, take_quantity
from assistant.router.scan import Scan, compiled
from assistant.router.slots_dates import take_expiry
from assistant.router.slots_options import (
    about_options,
    other_strategy,
    take_contracts,
    take_order_strategy,
    take_strikes,
)
from assistant.router.slots_orders import take_limit_said, take_order_words
from assistant.router.slots_stat import statistic_in


def read_order(parsed: Parsed, scan: Scan) -> None:
    """A trade: its slots, then its sub-intent."""
    parsed.intent = "trade_execution"
    sub = parsed.frame.sub or "buy"
    unsided = sub == "unsided"
    sub = "buy" if unsided else sub
    options = about_options(scan.line)
    take_equity(scan)
    if options:
        _option_slots(scan)
        if "strategy" not in scan.slots and (unknown := other_strategy(scan.line)):
            scan.refuse("strategy", unknown, "an option strategy known here")
            sub = "option_strategy"
    if "strategy" in scan.slots:
        sub = "option_strategy"
    side = SIDES.get(sub, "")
    if "stop" in parsed.frame.verb or sub == "close_position":
        side = "sell"
    if parsed.frame.verb in ("cover", "buy back", "buy to cover"):
        side = "buy"
    scan.line = re.sub(r"<win>", "", scan.line)
    take_order_words(scan, side)
    take_notional(scan)
    if "quantity" not in scan.slots:
        take_quantity(scan, parts=sub not in ("buy", "short", "option_strategy"))
    if sub == "close_position" and scan.slots.get("quantity") == "all":
        scan.resolved["quantity"] = scan.slots.pop("quantity")
    parsed.sub = sub
    if sub in ("buy", "sell", "short") and not unsided:
        parsed.slots["side"] = sub
    if (
        sub == "sell"
        and "quantity" not in scan.slots
        and re.match(r"dump|unload|offload|ditch|let go", parsed.frame.verb)
        and not scan.bad
    ) and "notional_usd" not in scan.slots:
        parsed.sub = "close_position"
    parsed.why.append(f"'{parsed.frame.verb or scan.slots.get('strategy', '')}' orders a trade: {parsed.sub}")


def _option_slots(scan: Scan) -> None:
    """An option order: expiry before counts ("3 sep 15 calls"), a price that says so before strikes, names last."""
    legs = scan.line
    take_expiry(scan)
    take_contracts(scan)
    take_limit_said(scan)
    take_strikes(scan)
    take_order_strategy(scan, legs)


_SUPPOSED = (
    ("short", r"short(?:ing|ed)?|sell(?:ing)? short|sold short"),
    ("sell", r"sell(?:ing)?|sold|trim(?:med|ming)?|clos(?:e|ed|ing)|exit(?:ed|ing)?|dump(?:ed|ing)?|unload(?:ed|ing)?|offload(?:ed|ing)?|reduc(?:e|ed|ing)|cut|let(?:ting)? go|shed|liquidat(?:e|ed|ing)|ditch(?:ed|ing)?|got rid|get rid|got out|get out|halv(?:e|ed|ing)"),
    ("buy", r"buy(?:ing)?|bought|add(?:ed|ing)?|more|get|got|own(?:ed|ing)?|another|pick(?:ed|ing)? (?:me )?up|purchas(?:e|ed|ing)|grab(?:bed|bing)?|acquir(?:e|ed|ing)|invest(?:ed|ing)?|put(?:ting)?|take|took|go(?:ing)? long|went long|doubl(?:e|ed|ing)|snag(?:ged)?|scoop(?:ed|ing)?"),
)  # fmt: skip
"""What a trade that is only thought about is called, by the side it would be on."""
_FIGURES = frozenset(
    words(
        "var beta theta greeks concentration sector_exposure margin max_loss weight risk_contribution daily_loss sharpe"
    )
)
"""What a trade that is only thought about can be asked to change."""


def supposed_side(line: str) -> str:
    """The side a trade in `line` would be on, by the first word that names one; "" when none does."""
    found = [(m.start(), side) for side, verbs in _SUPPOSED if (m := compiled(rf"\b(?:{verbs})\b").search(line))]
    return min(found, default=(0, ""), key=lambda f: f[0])[1]


def read_what_if(parsed: Parsed, scan: Scan) -> None:
    """A trade that is only thought about."""
    side = SIDES.get(parsed.frame.sub, "") or supposed_side(scan.line)
    afford = re.search(r"\b(?:afford|room|cash|enough)\b.*\d", scan.line)
    if not side and not afford:
        read_question(parsed, scan)
        return
    take_what_if(parsed, scan, side or "buy")
    parsed.intent, parsed.sub = "risk_assessment", "what_if"
    if parsed.frame.sub == "close_position" and "quantity" not in scan.slots:
        scan.resolved["quantity"] = "all"
    undecided = (
        re.search(r"\b(?:thinking|considering|tempted)\b", scan.line)
        and not {"quantity", "notional_usd", "pct_equity"} & scan.slots.keys()
    )
    if undecided and "risk" not in scan.line:
        parsed.intent, parsed.sub = "signal_analysis", "analyze_symbol"
        parsed.slots.pop("side", None)
    parsed.why.append("a trade that is only thought about")


def take_what_if(parsed: Parsed, scan: Scan, side: str) -> None:
    """The slots of a trade on `side` that is only thought about, and the figure it is asked to change."""
    statistic = statistic_in(scan.line, _FIGURES)
    if statistic:
        scan.slots["statistic"] = statistic
    scan.line = re.sub(r"\b(?:if|when|once|before|after|should|assuming)\b", "", scan.line)
    take_equity(scan)
    options = about_options(_without_figures(scan.line))
    if options:
        _option_slots(scan)
    take_order_words(scan, side)
    scan.condition = ""
    scan.line = re.sub(r"<cond>", "", scan.line)
    take_notional(scan)
    if "quantity" not in scan.slots:
        take_quantity(scan, parts=side == "sell")
    if "strategy" not in scan.slots:
        parsed.slots["side"] = side


def _without_figures(line: str) -> str:
    """Without "my delta", which is of the book, not of an option."""
    return re.sub(r"\b(?:my|the|portfolio|book|account) (?:\w+ )?(?:delta|greeks|iv)\b", "", line)


def parse_fragment(line: str, canon: Canon, today: date, side: str) -> Parsed:
    """Read a piece of an order ("50", "at 185", "gtc") as if it stood in an order on `side`."""
    parsed = Parsed(line=line, frame=Frame("fragment", "", ""))
    symbols = list(dict.fromkeys(re.findall(r"\$([A-Z][A-Z0-9.\-]*)", line)))
    scan = Scan(re.sub(r"\s*[?!.,]+\s*$", "", line), today)
    if canon.odd_number:
        scan.resolved["odd_number"] = canon.odd_number
    parsed.use_recommended = bool(RECOMMENDED.search(line))
    scan.line = re.sub(
        r"\b(?:make|change|set|move|switch|raise|lower|bump|cut|drop|use|increase|decrease) (?:it|that|this|the (?:limit|price|limit price|order))\b(?: (?:up|down))? (?:to|at) (?=\$?\d+\.\d)",
        "limit ",
        scan.line,
    )
    scan.line = re.sub(
        r"\b(?:raise|lower|bump|change|set|move|increase|decrease) (?:the |my )?(limit|stop|target)(?: price)?(?: (?:up|down))? to\b",
        r"\1 at",
        scan.line,
    )
    scan.line = re.sub(
        r"\b(?:the )?(?:quantity|size|amount|number of shares|shares)(?: to| of)? (?=\d)|\b(?:not \d+ but|instead of \d+)\b",
        "",
        scan.line,
    )
    take_equity(scan)
    take_order_words(scan, side)
    take_notional(scan)
    take_quantity(scan, parts=side == "sell")
    if symbols:
        scan.slots["symbols"] = symbols
    scan.resolved.pop("odd_number", None)
    parsed.slots, parsed.resolved, parsed.why, parsed.bad, parsed.condition = (
        scan.slots,
        scan.resolved,
        scan.why,
        scan.bad,
        scan.condition,
    )
    parsed.rest = scan.line
    return parsed
