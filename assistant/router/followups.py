# ruff: noqa: E501  (a pattern reads better whole)
"""Follow-ups: an answer to our question, a change to the open ticket, "and that one?", "same but 50"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.router.canon import Canon
from assistant.router.clause import parse_clause
from assistant.router.clause_orders import parse_fragment
from assistant.router.judge import Judge
from assistant.router.parsed import Parsed
from assistant.router.scan import SYMBOL, Scan, number
from assistant.router.slots_dates import take_expiry, take_window
from assistant.router.slots_options import take_strikes
from assistant.router.slots_stat import mode_in, statistic_in
from assistant.router.values import Context, OpenTicket, Request

CORRECTION = re.compile(
    r"^(?:(?:no|nope|nah|wait|actually|sorry|hold on|hang on|oops|whoops|hmm|i mean(?:t)?|i meant to say|correction|scratch that|rather|on second thou?ghts?|not (?:buy|sell|that|\d+)(?= ,)|let us|ok|well|oh|my mistake|typo|edit|instead|one more thing|better) ?[,.!:;-]* ?)+"
)
_CORRECTS = re.compile(
    r"^(?:no|nope|nah|wait|actually|sorry|hold on|hang on|oops|whoops|i mean|correction|scratch|rather|on second|not|my mistake|typo|edit|instead|hmm|oh|ok|well)\b"
)
_CHANGE = re.compile(
    r"^(?:same\b|make (?:it|that|this|them)|change|modify|adjust|amend|update (?:it|the|that)|edit|revise|set (?:it|the|a (?:limit|stop|target))|switch (?:it|that|the order) to|use|do \d|only|just \d|raise|lower|increase|decrease|bump|cut it|drop it to|up it|double|halve|half (?:of )?that|at \$?\d|limit|market|gtc|day order|good (?:till?|until)|as a|with a (?:stop|target|limit)|add a (?:stop|target)|stop at|target|instead|let us (?:do|make|go)|go with|try \d|for \$?\d|in \$[A-Z]|not .* but|sell instead|buy instead|how about (?:\d|at|a limit|a market|half)|what about \d|\$?\d[\d.]*%? ?(?:shares?|instead|contracts?|please|then|more|only|at|of|each|@|limit)*[ ]*(?:\$?\d[\d.]*)?(?: instead| please)?$|half$|all$|more$|less$|fewer|twice|take \d|<win>|\d+ less|\d+ more|\d+ fewer)"
)
_INSTEAD = re.compile(r"\b(?:instead|rather)[ .!?]*$|\binstead of (?:buying|selling|\d+|that|a)\b")
_ASKS = re.compile(
    r"^(?:what|why|how (?!about)|when|where|which|who|is|are|does|did|should|do (?:i|you|not)|am|show|list|tell|explain|compare|cancel)\b"
)
_ALSO = re.compile(
    r"^(?:(?:and|what about|how about|same|same thing|same question|also|now|then|ok|or|but|do|for|with|on|try|again|please|show|show me|the same|but|as well|,|versus|compared (?:to|with)|too|yes) )+"
)
_SMALL = re.compile(
    rf"^(?:{SYMBOL}|<win>|<exp>|<strike>|and|,|or|for|of|on|in|with|the|its|it|too|as well|over|during|please|instead|now|then|versus|to|today|there|that|one|is|\?| )+$"
)
_REFUSES = re.compile(
    r"^(?:no(?:pe)?|never ?mind|cancel(?: (?:it|that))?|forget (?:it|that|about it)|drop it|stop|nothing|none|leave it|skip(?: it)?|neither)[ .!]*$"
)


def strip_correction(line: str) -> tuple[str, bool]:
    """The line without its "no wait," in front, and whether there was one that takes something back."""
    match = CORRECTION.match(line)
    if match is None:
        return line, False
    rest = line[match.end() :].strip()
    return (rest, bool(_CORRECTS.match(line))) if rest else (line, False)


def answer(line: str, canon: Canon, context: Context, today: date) -> Request | None:
    """The pending request completed by `line`; None when `line` is not an answer to our question."""
    pending = context.pending
    if pending is None or not pending.missing or len(line.split()) > 9:
        return None
    text = re.sub(r"\s*[.!?]+$", "", line)
    if _ASKS.match(text) or re.search(r"\b(?:my|news|forecast|positions?|cash)\b", text):
        return None
    slot = pending.missing[0]
    got, flags, bad = _answer_slots(slot, text, canon, context, today, pending)
    if not got and not flags and not bad:
        return None
    slots = {**pending.slots, **got}
    resolved = {k: v for k, v in pending.resolved.items() if k not in got}
    if "expiry_date" in got:
        resolved["expiry"] = slots.pop("expiry_date")
    return replace(
        pending, sub=str(got["side"]) if slot == "side" else pending.sub, slots=slots, resolved=resolved, clarify=False, question="", missing=(), bad=bad,
        use_recommended=pending.use_recommended or flags, why=(*pending.why, f"'{text}' answers the question about {slot}"),
    )  # fmt: skip


def _answer_slots(
    slot: str, text: str, canon: Canon, context: Context, today: date, pending: Request
) -> tuple[dict[str, object], bool, str]:
    """The slots an answer gives, whether it asks for the recommended size, and a value that cannot be used."""
    word = _word_for(slot, text, canon, context)
    if slot in ("symbols", "side", "mode", "meaning"):
        named: dict[str, object] = {"statistic" if slot == "meaning" else slot: word}
        return (named if word else {}), False, ""
    if slot in ("strikes", "expiry"):
        scan = Scan(text, today)
        if slot == "strikes":
            take_strikes(scan)
            bare = re.fullmatch(r"(?:the )?\$?(\d+(?:\.\d+)?)", text)
            found: dict[str, object] = {"strikes": [number(bare[1])]} if bare else scan.slots
            return found, False, ""
        take_expiry(scan)
        extra = {"expiry_date": scan.resolved["expiry"]} if "expiry" in scan.resolved else {}
        return ({**scan.slots, **extra} if scan.slots else {}), False, ""
    if slot == "quantity" and re.search(
        r"\b(?:recommend\w*|suggest\w*|you (?:decide|choose|pick)|your (?:size|call|choice|pick))\b", text
    ):
        return {}, True, ""
    if canon.symbols and set(canon.symbols) != set(_symbols(pending.effective())):
        return {}, False, ""
    parsed = parse_fragment(
        _priced(slot, text),
        canon,
        today,
        str(pending.effective().get("side") or ("sell" if pending.sub == "close_position" else "buy")),
    )
    wanted = ("quantity", "notional_usd", "pct_equity", "limit_price", "stop_price", "trail", "tif", "order_type")
    got = {k: v for k, v in parsed.slots.items() if k in wanted}
    if slot == "condition" and re.search(r"\b(?:now|market|right away|immediately)\b", text):
        return {"order_type": "market"}, False, ""
    if slot == "quantity" and not ({"quantity", "notional_usd", "pct_equity"} & got.keys()) and not parsed.bad:
        return {}, False, ""
    return got, False, parsed.bad


def _word_for(slot: str, text: str, canon: Canon, context: Context) -> object:
    """The one word that answers a question about a symbol, a side, a mode or a meaning."""
    if slot == "symbols":
        return [s for s in canon.symbols if s not in canon.near] or list(referred(text, context))
    if slot == "side":
        side = re.search(r"\b(buy|sell|short)\b", text)
        return side[1] if side else ""
    return mode_in(text) if slot == "mode" else statistic_in(text)


def _priced(slot: str, text: str) -> str:
    bare = re.fullmatch(r"(?:at |@ )?(\$?-?\d[\d.]*%?)", text)
    if bare is None:
        return text
    words = {"limit_price": "limit at", "stop_price": "stop at", "trail": "trailing", "condition": "limit at"}.get(
        slot, ""
    )
    return f"{words} {bare[1]}".strip()


def refuses(line: str) -> bool:
    """True for a plain "no", "never mind" in answer to a question of ours."""
    return bool(_REFUSES.match(line))


def revision(
    line: str, corrected: bool, canon: Canon, context: Context, today: date, judge: Judge
) -> Request | None:
    """The change that `line` makes to the open ticket, or None when it does not speak of one."""
    ticket = _ticket(line, canon, context)
    if ticket is None:
        return None
    core = re.sub(r"\s*[.!?]+$", "", line).strip()
    parsed = parse_clause(core, canon, today, judge)
    if (
        parsed.act
        or parsed.sub in ("cancel_order", "change_mode")
        or parsed.frame.kind in ("negated", "hypothetical", "advice", "third_party", "reported")
    ):
        return None
    order = parsed.frame.kind == "order"
    same = order and parsed.sub == ticket.sub and parsed.slots.get("symbols", [ticket.symbol]) == [ticket.symbol]
    size_only = same and any(k in parsed.slots for k in ("quantity", "notional_usd", "pct_equity"))
    changes = bool(_CHANGE.match(core) or _INSTEAD.search(core)) and not _ASKS.match(core)
    if not (changes or parsed.use_recommended or size_only or (corrected and (order or _fragmentary(core)))):
        return None
    if not order:
        parsed = parse_fragment(core, canon, today, ticket.side)
        if (
            not (parsed.slots.keys() - {"side"})
            and not parsed.bad
            and not _scaled(core, ticket)
            and not parsed.use_recommended
        ):
            return None
    return _revised(parsed, core, ticket)


def _fragmentary(core: str) -> bool:
    return (
        bool(re.match(rf"(?:\d|half|all|at |limit|market|{SYMBOL}|\$\d|gtc|with |<odd)", core))
        and len(core.split()) <= 8
    )


def _ticket(line: str, canon: Canon, context: Context) -> OpenTicket | None:
    for ticket in reversed(context.tickets):
        if re.search(rf"\b{re.escape(ticket.id.lower())}\b", line):
            return ticket
    named = [t for t in context.tickets if t.symbol in canon.symbols]
    return (named or list(context.tickets) or [None])[-1]


def _scaled(core: str, ticket: OpenTicket) -> int | None:
    times = 2 if re.search(r"\b(?:double|twice)\b", core) else 0
    if re.search(r"\b(?:halve|half)\b", core) and ticket.side != "sell":
        return max(int(ticket.quantity) // 2, 1)
    more = re.search(r"\b(\d+) (more|extra|additional|less|fewer)\b", core)
    if more:
        step = int(more[1]) * (1 if more[2] in ("more", "extra", "additional") else -1)
        return int(ticket.quantity) + step
    return int(ticket.quantity) * times if times else None


def _revised(parsed: Parsed, core: str, ticket: OpenTicket) -> Request:
    slots = dict(parsed.slots)
    scaled = _scaled(core, ticket)
    if scaled is not None and (scaled > 0):
        slots["quantity"] = scaled
    sub = parsed.sub if parsed.frame.kind == "order" and parsed.frame.sub else ticket.sub or ticket.side
    inherited: dict[str, object] = {
        "symbols": [ticket.symbol],
        "side": ticket.side,
        "tif": ticket.tif,
        "order_type": ticket.order_type,
        "quantity": int(ticket.quantity),
    }
    if ticket.limit_price is not None:
        inherited["limit_price"] = float(ticket.limit_price)
    kind = slots.get("order_type", ticket.order_type)
    if kind not in ("limit", "stop_limit"):
        inherited.pop("limit_price", None)
    if parsed.use_recommended or {"notional_usd", "pct_equity"} & slots.keys():
        inherited.pop("quantity")
    if sub in ("close_position", "option_strategy"):
        slots.pop("side", None)
        inherited.pop("side", None)
    elif sub in ("buy", "sell", "short") and sub != ticket.side:
        slots["side"] = sub
    resolved = {k: v for k, v in inherited.items() if k not in slots} | parsed.resolved
    return Request(
        "trade_execution", sub, slots, resolved, bad=parsed.bad, revise=True, ticket=ticket.id, use_recommended=parsed.use_recommended,
        why=(*parsed.why, f"changes the open ticket {ticket.id}"),
    )  # fmt: skip


def follow_up(line: str, canon: Canon, context: Context, today: date) -> Request | None:
    """ "and meta?", "same but 50", "and last month?": the last request with something exchanged."""
    if not context.intent:
        return None
    core = re.sub(r"\s*[.!?]+$", "", line).strip()
    lead = _ALSO.match(core + " ")
    rest = core[lead.end() :].strip() if lead else core
    scan = Scan(rest, today)
    take_window(scan)
    statistic = statistic_in(scan.line)
    last = dict(context.slots)
    trade = context.intent == "trade_execution"
    if lead and rest and _SMALL.match(scan.line + " ") and (canon.symbols or "window" in scan.slots):
        if trade and not re.match(r"(?:same|the same|do|again)\b", core):
            return None
        return _exchanged(context, last, canon, scan)
    if (
        not trade
        and "window" in scan.slots
        and _SMALL.match(scan.line)
        and context.intent in ("market_intelligence", "portfolio_status")
    ):
        return _exchanged(context, last, canon, scan)
    if (
        (lead or len(rest.split()) <= 3)
        and statistic
        and context.sub in ("history_stat", "quote", "compare_symbols")
        and len(rest.split()) <= 4
        and not re.search(r"\bmy\b", rest)
    ):
        if context.sub == "quote" and statistic != "bid_ask":
            context = replace(context, sub="history_stat")
        return _exchanged(context, {**last, "statistic": statistic}, canon, scan, statistic)
    if re.match(r"(?:same|make it|make that|try|with|what about|how about|and|and with)\b", core) and (
        trade or context.sub == "what_if"
    ):
        parsed = parse_fragment(rest or core, canon, today, str(last.get("side", "buy")))
        if parsed.slots or parsed.bad:
            slots = dict(parsed.slots)
            resolved = {k: v for k, v in last.items() if k not in slots and k not in ("window",)}
            return Request(
                context.intent,
                context.sub,
                slots,
                resolved,
                bad=parsed.bad,
                why=(f"the last request ({context.sub}) again, changed",),
            )
    if re.fullmatch(r"(?:same|again|same again|do it again|repeat(?: that)?|once more|same thing|refresh)", core):
        return Request(context.intent, context.sub, {}, last, why=("the last request again",))
    return None


def _exchanged(context: Context, last: dict[str, object], canon: Canon, scan: Scan, statistic: str = "") -> Request:
    slots: dict[str, object] = {}
    if canon.symbols:
        slots["symbols"] = list(canon.symbols)
    slots.update(scan.slots)
    if statistic:
        slots["statistic"] = statistic
    intent, sub = context.intent, context.sub
    if sub == "compare_symbols" and canon.symbols and len(canon.symbols) == 1:
        before = [s for s in _symbols(last) if s not in canon.symbols]
        last = {**last, "symbols": [*before[:1], *canon.symbols]}
        slots.pop("symbols", None)
    if canon.symbols and sub in (
        "positions",
        "cash",
        "list_signals",
        "regime",
        "help",
        "greeting",
        "off_topic",
        "preferences",
        "health",
        "limits",
    ):
        intent, sub = ("market_intelligence", "quote") if sub not in ("positions",) else (intent, sub)
    resolved = {k: v for k, v in last.items() if k not in slots and (k != "window" or "window" not in slots)}
    if "window" in resolved:
        resolved["window_words"] = resolved.pop("window")
    resolved.update(scan.resolved)
    return Request(intent, sub, slots, resolved, why=(f"the last request ({context.sub}) with something exchanged",))


def referred(line: str, context: Context) -> tuple[str, ...]:
    """Symbols that "the second", "that one", "both", "it" stand for."""
    listed = context.listed or context.symbols
    order = re.search(
        r"\b(?:the |number )(first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th|1|2|3|4|5|former|latter|top)(?: (?:one|1|signal|idea|pick|name|stock|symbol))?\b(?! (?:quarter|half|week|month|day|year|price|trade))",
        line,
    )
    if order and listed:
        at = {
            "first": 0,
            "1st": 0,
            "1": 0,
            "former": 0,
            "top": 0,
            "second": 1,
            "2nd": 1,
            "2": 1,
            "latter": 1,
            "third": 2,
            "3rd": 2,
            "3": 2,
            "fourth": 3,
            "4th": 3,
            "4": 3,
            "fifth": 4,
            "5th": 4,
            "5": 4,
            "last": len(listed) - 1,
        }[order[1]]
        return (listed[at],) if at < len(listed) else ()
    if re.search(r"\b(?:both|the two|the 2|them all|all of them|all of these|these|those)\b", line):
        return tuple(listed[:2]) if re.search(r"\b(?:both|the two|the 2)\b", line) else tuple(listed)
    if re.search(r"\b(?:them|they)\b", line) and len(context.symbols) > 1:
        return context.symbols
    return ()


def _symbols(slots: dict[str, object]) -> list[str]:
    value = slots.get("symbols")
    return [str(v) for v in value] if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
