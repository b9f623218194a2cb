# ruff: noqa: E501  (a pattern reads better whole)
"""One clause to one request: how it is meant, its slots, the sub-intent its words speak for."""

from __future__ import annotations

import re
from datetime import date

from assistant.router.canon import Canon
from assistant.router.clause_orders import read_order, read_what_if
from assistant.router.clause_questions import read_question
from assistant.router.frames import Frame, asks, frame_of, strip_filler, talks
from assistant.router.judge import Judge, Judged
from assistant.router.parsed import RECOMMENDED, Parsed
from assistant.router.preferences import read_preference
from assistant.router.scan import Scan
from assistant.router.signal_questions import read_change, read_sources
from assistant.router.slots_stat import mode_in, order_ref_in
from assistant.router.subs import TALK, TRADES

QUOTE = Judged("market_intelligence", "quote", 1.0, ("a symbol alone",))
NOTHING = Judged("general", "off_topic", 1.0, ("nothing that was recognised",))
GUESS = 0.2
"""A reading less likely than this, about no symbol, is none."""
SURE = 0.6
"""A reading this likely stands even beside a trade that was said not to be."""
LIKELY = 0.45
"""A reading this likely stands beside words of an order that order nothing."""
_ONLY_SYMBOLS = re.compile(r"^(?:\$[A-Z][A-Z0-9.\-]*(?: |$)|(?:and|now|please|,|\?|today)(?: |$))+$")
_INSTEAD_OF_TRADE = {
    "hypothetical": ("what_if", "analyze_symbol"),
    "advice": ("analyze_symbol",),
    "reported": ("sync",),
    "third_party": ("analyze_symbol", "news_sentiment", "off_topic"),
}
"""What a clause that names a trade is, by how it is meant, when it is no order."""
_STEP = re.compile(
    r"^(?:(?:the )?next (?:trading )?(?:day|session)|(?:step|advance|move|skip|go|jump|roll|fast[- ]forward|forward)(?: me| the clock| the market| on| forward| ahead| to| by| it)*"
    r" (?:(?:the )?next (?:trading )?(?:day|session)|(?:an?|1|the) (?:day|session)|(?P<n>\d+) (?:more )?(?:trading )?(?:days?|sessions?)|(?P<w>\d+|a) weeks?|tomorrow)(?: (?:forward|ahead|on))*)(?: please)?[ .!?]*$"
)
_HALT = re.compile(
    r"^(?:halt|pause|freeze|suspend|stop|shut down)(?: (?:all|my|the))* ?(?:trading|everything|orders|activity)?(?: now| right now| immediately| today| please)*[ .!]*$|^(?:emergency stop|kill switch|panic)[ .!]*$|\bhit the kill switch\b"
)
_RESUME = re.compile(
    r"^(?:resume|unpause|unfreeze|restart|continue|unhalt)(?: (?:all|my|the))* ?trading(?: now| please)*[ .!]*$"
)
_STOP_ORDER = re.compile(
    r"\b(?:put|set|place|add|use|give|attach|protect|enter|i want|want|need|trail)\b.*\b(?:stop(?:-loss)?|trailing|protective)\b|^(?:a |my |\S+ (?:dollars?|percent|bucks?|points?) |\S+% )*(?:stop-loss|trailing stop|protective stop|stop)\b(?! (?:buy|limit buy|limit to buy))|\btrail(?:ing)? (?:stop )?.*\bby\b|^protect my\b"
)


def parse_clause(line: str, canon: Canon, today: date, judge: Judge) -> Parsed:
    """Read one clause on its own."""
    parsed = Parsed(line=line)
    symbols = list(dict.fromkeys(re.findall(r"\$([A-Z][A-Z0-9.\-]*)", line)))
    if symbols:
        parsed.slots["symbols"] = symbols
    if _act(parsed, line) or read_sources(parsed, line) or read_preference(parsed, line, canon.line):
        return parsed
    parsed.use_recommended = bool(RECOMMENDED.search(line))
    parsed.frame = frame_of(line)
    stop = _is_stop_order(parsed, line)
    _judge(parsed, line, judge)
    scan = Scan(re.sub(r"\s*[?!.,]+\s*$", "", line), today)
    if canon.odd_number:
        scan.resolved["odd_number"] = canon.odd_number
    if parsed.sub in ("cancel_order", "change_mode"):
        _desk(parsed, parsed.sub, line)
    elif parsed.sub in TRADES:
        _trade(parsed, stop)
        read_order(parsed, scan)
    elif parsed.sub == "what_if":
        read_what_if(parsed, scan)
    else:
        read_question(parsed, scan)
    scan.resolved.pop("odd_number", None)
    parsed.slots.update(scan.slots)
    parsed.resolved.update(scan.resolved)
    parsed.why.extend(scan.why)
    parsed.bad = parsed.bad or scan.bad
    parsed.condition = scan.condition
    parsed.rest = scan.line
    read_change(parsed, line)
    if parsed.sub in ("close_position", "option_strategy"):
        parsed.slots.pop("side", None)
    return parsed


def _judge(parsed: Parsed, line: str, judge: Judge) -> None:
    """Choose the sub-intent among what the clause's meaning leaves."""
    judged = QUOTE if _ONLY_SYMBOLS.match(line) else judge.judge(line)
    trade = judged.sub in TRADES or bool(parsed.frame.sub)
    told = judged.sub == TALK and (judged.probability >= SURE or parsed.frame.kind != "order")
    talk = told or (trade and talks(line))
    forbidden = _forbidden(parsed, line) | ({TALK, *TRADES, "cancel_order", "change_mode"} if talk else {TALK})
    if judged.sub in forbidden:
        judged = judge.judge(line, only=_INSTEAD_OF_TRADE.get(parsed.frame.kind, ()), without=forbidden)
    refused = trade and parsed.frame.kind == "negated"
    parsed.unwanted = (refused and (judged.probability < SURE or judged.intent == "general")) or (
        talk and judged.probability < LIKELY
    )
    if judged.probability < GUESS and "symbols" not in parsed.slots:
        judged = NOTHING
    parsed.intent, parsed.sub = judged.intent, judged.sub
    words = ", ".join(repr(word) for word in judged.words)
    rival = f"; next {judged.runner_up}" if judged.runner_up else ""
    parsed.why.append(f"{judged.sub} ({judged.probability:.0%}) from {words}{rival}")


def _forbidden(parsed: Parsed, line: str) -> frozenset[str]:
    """The sub-intents that how the clause is meant rules out: talk is never an order, a question never an act."""
    kind = parsed.frame.kind
    talk = kind in ("hypothetical", "advice", "negated", "reported", "third_party")
    asked = asks(line)
    # Without a verb of trade, a size or a stop, nothing says that an order is meant: "your NVDA calls" is none.
    bare = not parsed.frame.sub and not re.search(
        r"\d|\b(?:half|all|some|stop|stop-loss|trailing|collar|hedge|protect\w*)\b", line
    )
    named = re.search(
        r"\b(?:spread|condor|straddle|strangle|covered|secured|protective|calendar|diagonal|butterfly)s?\b", line
    )
    trades = TRADES if talk or (kind == "plain" and (asked or (bare and not named))) else frozenset[str]()
    acts: set[str] = set()
    if asked or kind in ("hypothetical", "advice", "third_party", "reported"):
        acts = {"cancel_order", "change_mode"}
    return trades | acts


def _trade(parsed: Parsed, stop: bool) -> None:
    """The verb says which trade it is; the judge only where no verb was read."""
    if stop and parsed.sub in ("sell", "close_position") and parsed.frame.sub not in ("buy", "short"):
        parsed.frame, parsed.resolved["quantity"] = Frame("order", "sell", "stop"), "all"
    elif not parsed.frame.sub:
        # Without a verb that is known, the side is not guessed: it asks.
        parsed.frame = Frame("order", "" if parsed.sub == "option_strategy" else _unsided(parsed), parsed.frame.verb)


def _unsided(parsed: Parsed) -> str:
    return parsed.sub if parsed.sub == "close_position" else "unsided"


def _act(parsed: Parsed, line: str) -> bool:
    core = strip_filler(line)
    step = _STEP.match(line) or _STEP.match(core)
    if step is None and not _HALT.search(core) and not _RESUME.search(core):
        return False
    parsed.intent, parsed.sub = "general", "preferences"
    if step is not None:
        weeks = (
            {"a": 1}.get(step["w"]) if step["w"] and not step["w"].isdigit() else int(step["w"]) if step["w"] else None
        )
        parsed.act, parsed.resolved["sessions"] = "next_day", weeks * 5 if weeks else int(step["n"] or 1)
        parsed.why.append("asks to step the market clock")
    else:
        parsed.act = "halt" if _HALT.search(core) else "resume"
        parsed.why.append(f"asks to {parsed.act} trading")
    return True


def _desk(parsed: Parsed, sub: str, line: str) -> None:
    parsed.intent, parsed.sub = "trade_execution", sub
    if sub == "change_mode":
        mode = mode_in(line)
        if mode:
            parsed.slots["mode"] = mode
    else:
        ref = order_ref_in(line)
        if ref:
            parsed.slots["order_ref"] = ref
        side = re.search(r"\b(buy|sell|short)\b", line)
        if side:
            parsed.slots["side"] = side[1]
    parsed.why.append(f"asks to {sub.replace('_', ' ')}")


def _is_stop_order(parsed: Parsed, line: str) -> bool:
    if parsed.frame.kind not in ("order", "plain") or re.match(
        r"(?:what|how|why|is|are|should|do|does|did|where|when)\b", strip_filler(line)
    ):
        return False
    return bool(_STOP_ORDER.search(line))
