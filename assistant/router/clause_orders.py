# ruff: noqa: E501  (a pattern reads better whole)
"""Clauses that name a trade: orders with all their slots, trades only thought about, pieces of an order."""

from __future__ import annotations

import re
from datetime import date

from assistant.router.canon import Canon
from assistant.router.clause_questions import read_question
from assistant.router.cues import choose
from assistant.router.frames import Frame
from assistant.router.parsed import RECOMMENDED, SIDES, Parsed
from assistant.router.quantities import take_equity, take_notional, take_quantity
from assistant.router.scan import Scan
from assistant.router.slots_dates import take_expiry
from assistant.router.slots_options import about_options, take_strategy, take_strikes
from assistant.router.slots_orders import take_order_words


def read_order(parsed: Parsed, scan: Scan) -> None:
    """A trade: its slots, then its sub-intent."""
    parsed.intent, parsed.score = "trade_execution", 9.0
    sub = parsed.frame.sub or "buy"
    unsided = sub == "unsided"
    sub = "buy" if unsided else sub
    options = about_options(scan.line)
    take_equity(scan)
    if options:
        _option_slots(scan)
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
    counted = re.search(
        r"(?<![\w.$/])(?<!/ )(?<!- )(\d{1,4}) (?:contracts?|calls|puts|of the|lots?|(?:iron )?condors?|covered|bull|bear|long|cash|protective|(?:call|put) spreads?|straddles?|strangles?|collars?|calendars?)",
        scan.line,
    )
    lead = re.match(
        r"^.*?\b(?:buy|sell|get|open|grab|want|do|enter|purchase|write|add)(?: me)? (\d{1,4}) (?!%|delta|dte|/|-|(?:call|put)\b(?! spread))",
        scan.line,
    )
    found = lead or counted
    if found is not None:
        scan.slots["quantity"] = int(found[1])
        scan.line = scan.line[: found.start(1)] + "<qty>" + scan.line[found.end(1) :]
    take_expiry(scan)
    take_strikes(scan)
    take_strategy(scan)


def read_what_if(parsed: Parsed, scan: Scan) -> None:
    """A trade that is only thought about, or a shock."""
    choice = choose(scan.line)
    if choice.sub == "stress" and not parsed.frame.sub:
        read_question(parsed, scan)
        return
    if choice.sub in ("help", "health", "change_mode") and choice.score >= 4.5 and not parsed.frame.sub:
        read_question(parsed, scan)
        return
    side = SIDES.get(parsed.frame.sub, "")
    if not side:
        verb = re.search(
            r"\b(buy|buying|bought|add|adding|added|more|get|own|another|sell|selling|sold|trim|trimming|short|shorting|shorted|close|closing|exit|dump)\b",
            scan.line,
        )
        if verb is None and not re.search(r"\b(?:afford|room|cash|enough)\b.*\d", scan.line):
            read_question(parsed, scan)
            return
        word = verb[1] if verb else "buy"
        side = (
            "sell"
            if re.match(r"sell|sold|trim|clos|exit|dump", word)
            else "short"
            if word.startswith("short")
            else "buy"
        )
    scan.line = re.sub(r"\b(?:if|when|once|before|after|should|assuming)\b", "", scan.line)
    take_equity(scan)
    take_order_words(scan, side)
    scan.condition = ""
    scan.line = re.sub(r"<cond>", "", scan.line)
    take_notional(scan)
    take_quantity(scan, parts=side == "sell")
    parsed.intent, parsed.sub, parsed.score = "risk_assessment", "what_if", 8.0
    parsed.slots["side"] = side
    if parsed.frame.sub == "close_position" and "quantity" not in scan.slots:
        scan.resolved["quantity"] = "all"
    undecided = (
        re.search(r"\b(?:thinking|considering|tempted)\b", scan.line)
        and not {"quantity", "notional_usd", "pct_equity"} & scan.slots.keys()
    )
    if undecided and "risk" not in scan.line:
        parsed.intent, parsed.sub = "signal_analysis", "analyze_symbol"
        parsed.slots.pop("side")
    parsed.why.append("a trade that is only thought about")


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
