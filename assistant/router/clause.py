"""One clause to one request: how it is meant, its slots, the sub-intent its words speak for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from assistant.router.canon import Canon
from assistant.router.cues import Choice, choose
from assistant.router.frames import Frame, frame_of, strip_filler
from assistant.router.quantities import take_equity, take_notional, take_quantity
from assistant.router.scan import SYMBOL, Scan, number
from assistant.router.slots_dates import take_expiry, take_window
from assistant.router.slots_options import about_options, take_strategy, take_strikes
from assistant.router.slots_orders import take_order_words
from assistant.router.slots_stat import mode_in, order_ref_in, statistic_in

SIDES = {"buy": "buy", "sell": "sell", "short": "short", "close_position": "sell"}
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
    r"\b(?:put|set|place|add|use|give|attach|protect|enter|i want|want|need|trail)\b.*\b(?:stop(?:-loss)?|trailing|protective)\b|^(?:a |my )?(?:stop-loss|trailing stop|protective stop|stop)\b.*\b(?:on|for|at|under|below)\b|\btrail(?:ing)? (?:stop )?.*\bby\b|^protect my\b"
)
_RECOMMENDED = re.compile(
    r"\b(?:your|the|at|with|use|recommended|suggested|proposed)\b.*\b(?:recommend\w*|suggest\w*|propos\w*)\b.*\b(?:size|sizing|quantity|amount|number|one)\b|\b(?:recommended|suggested|your) (?:size|sizing|quantity|amount|position size)\b|\bsize it (?:for me|yourself)\b|\bwhat(?:ever)? you (?:recommend|suggest)(?:ed)?\b|\byour recommendation\b instead"
)


@dataclass
class Parsed:
    """A clause after reading, before context is applied."""

    line: str
    intent: str = ""
    sub: str = ""
    score: float = 0.0
    frame: Frame = field(default_factory=lambda: Frame("plain"))
    slots: dict[str, object] = field(default_factory=dict[str, object])
    resolved: dict[str, object] = field(default_factory=dict[str, object])
    why: list[str] = field(default_factory=list[str])
    bad: str = ""
    condition: str = ""
    act: str = ""
    use_recommended: bool = False
    rest: str = ""
    """The line with tags where slots were."""


def parse_clause(line: str, canon: Canon, today: date) -> Parsed:
    """Read one clause on its own."""
    parsed = Parsed(line=line)
    symbols = list(dict.fromkeys(re.findall(r"\$([A-Z][A-Z0-9.\-]*)", line)))
    if symbols:
        parsed.slots["symbols"] = symbols
    if _act(parsed, line):
        return parsed
    parsed.use_recommended = bool(_RECOMMENDED.search(line))
    parsed.frame = frame_of(line)
    scan = Scan(re.sub(r"\s*[?!.,]+\s*$", "", line), today)
    if canon.odd_number:
        scan.resolved["odd_number"] = canon.odd_number
    cancel = choose(strip_filler(scan.line))
    if (
        cancel.sub in ("cancel_order", "change_mode")
        and cancel.score >= 4
        and parsed.frame.kind not in ("hypothetical", "advice", "third_party", "reported")
    ):
        _desk(parsed, cancel.sub, line)
    elif parsed.frame.kind == "order" or _is_option_order(parsed, line) or _is_stop_order(parsed, line):
        _order(parsed, scan)
    elif parsed.frame.kind == "hypothetical" and (parsed.frame.sub or not re.search(r"\bmarket|crash", line)):
        _what_if(parsed, scan)
    else:
        _question(parsed, scan)
    scan.resolved.pop("odd_number", None)
    parsed.slots.update(scan.slots)
    parsed.resolved.update(scan.resolved)
    parsed.why.extend(scan.why)
    parsed.bad = parsed.bad or scan.bad
    parsed.condition = scan.condition
    parsed.rest = scan.line
    if parsed.sub in ("close_position", "option_strategy"):
        parsed.slots.pop("side", None)
    return parsed


def _act(parsed: Parsed, line: str) -> bool:
    core = strip_filler(line)
    step = _STEP.match(line) or _STEP.match(core)
    if step is None and not _HALT.search(core) and not _RESUME.search(core):
        return False
    parsed.intent, parsed.sub, parsed.score = "general", "preferences", 9.0
    if step is not None:
        weeks = (
            {"a": 1}.get(step["w"], None)
            if step["w"] and not step["w"].isdigit()
            else int(step["w"])
            if step["w"]
            else None
        )
        parsed.act, parsed.resolved["sessions"] = "next_day", weeks * 5 if weeks else int(step["n"] or 1)
        parsed.why.append("asks to step the market clock")
    else:
        parsed.act = "halt" if _HALT.search(core) else "resume"
        parsed.why.append(f"asks to {parsed.act} trading")
    return True


def _desk(parsed: Parsed, sub: str, line: str) -> None:
    parsed.intent, parsed.sub, parsed.score = "trade_execution", sub, 9.0
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


def _is_option_order(parsed: Parsed, line: str) -> bool:
    if parsed.frame.kind not in ("order", "plain") or re.match(
        r"(?:what|how|why|is|are|show|list|explain|when|which|should|do|does|price|quote|see)\b", strip_filler(line)
    ):
        return False
    named = re.search(
        r"\b(?:iron condors?|straddles?|strangles?|call spreads?|put spreads?|bull call|bear put|covered calls?|secured puts?|protective puts?|collars?|calendars?)\b",
        line,
    )
    contracts = re.match(
        r"(?:open|enter|put on|trade)\b(?! interest).*\b\d+ (?:\S+ ){0,5}(?:calls?|puts?)\b", strip_filler(line)
    )
    return bool(named or contracts)


def _is_stop_order(parsed: Parsed, line: str) -> bool:
    if parsed.frame.kind not in ("order", "plain") or re.match(
        r"(?:what|how|why|is|are|should|do|does|did|where|when)\b", strip_filler(line)
    ):
        return False
    if not _STOP_ORDER.search(line):
        return False
    parsed.frame = Frame("order", "sell", "stop")
    parsed.resolved["quantity"] = "all"
    return True


def _order(parsed: Parsed, scan: Scan) -> None:
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
    ):
        if "notional_usd" not in scan.slots:
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


def _what_if(parsed: Parsed, scan: Scan) -> None:
    """A trade that is only thought about, or a shock."""
    choice = choose(scan.line)
    if choice.sub == "stress" and not parsed.frame.sub:
        _question(parsed, scan)
        return
    if choice.sub in ("help", "health", "change_mode") and choice.score >= 4.5 and not parsed.frame.sub:
        _question(parsed, scan)
        return
    side = SIDES.get(parsed.frame.sub, "")
    if not side:
        verb = re.search(
            r"\b(buy|buying|bought|add|adding|added|more|get|own|another|sell|selling|sold|trim|trimming|short|shorting|shorted|close|closing|exit|dump)\b",
            scan.line,
        )
        if verb is None and not re.search(r"\b(?:afford|room|cash|enough)\b.*\d", scan.line):
            _question(parsed, scan)
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
    undecided = (
        re.search(r"\b(?:thinking|considering|tempted)\b", scan.line)
        and not {"quantity", "notional_usd", "pct_equity"} & scan.slots.keys()
    )
    if undecided and "risk" not in scan.line:
        parsed.intent, parsed.sub = "signal_analysis", "analyze_symbol"
        parsed.slots.pop("side")
    parsed.why.append("a trade that is only thought about")


def _question(parsed: Parsed, scan: Scan) -> None:
    """Everything that asks to see something."""
    options = about_options(scan.line) and not re.search(r"\bwhat are my options\b", scan.line)
    whole = scan.line
    if options:
        if not re.search(r"\bcorrelat|\bmy\b.*(?:delta|greeks)", scan.line):
            take_expiry(scan)
            take_strikes(scan)
    else:
        take_window(scan)
    if parsed.frame.kind == "reported":
        parsed.intent, parsed.sub, parsed.score = "portfolio_status", "sync", 6.0
        _reported_slots(parsed, scan)
        return
    statistic = statistic_in(scan.line) or statistic_in(whole)
    lean = _lean(parsed, scan, statistic, options)
    choice = choose(strip_filler(scan.line), lean)
    bare = choose(scan.line, lean)
    choice = bare if bare.score > choice.score else choice
    if parsed.frame.kind in ("negated", "third_party") and choice.intent == "trade_execution":
        choice = choose(re.sub(r"\b(?:cancel|live|paper)\b", "", scan.line), lean)
    if parsed.frame.kind == "advice" and choice.sub not in (
        "list_signals",
        "explain_signal",
        "limits",
        "help",
        "news_sentiment",
        "forecast",
        "compare_symbols",
        "compare_history",
    ):
        parsed.intent, parsed.sub, parsed.score = (
            "signal_analysis",
            "analyze_symbol" if parsed.slots.get("symbols") or parsed.frame.sub else "list_signals",
            5.0,
        )
        parsed.why.append("asks for advice on a trade")
        return
    if (
        parsed.frame.kind == "third_party"
        and parsed.slots.get("symbols")
        and choice.sub in ("off_topic", "", "buy", "cancel_order")
    ):
        choice = Choice("signal_analysis", "analyze_symbol", 4.0, ("what somebody says",))
    parsed.intent, parsed.sub, parsed.score = choice.intent, choice.sub, choice.score
    if parsed.sub == "limits":
        scan.slots.pop("window", None)
        scan.resolved.pop("window", None)
    if choice.words:
        parsed.why.append(
            f"{choice.sub} from {', '.join(repr(w) for w in choice.words)}"
            + (f"; next {choice.runner_up}" if choice.runner_up else "")
        )
    if statistic and _takes_statistic(parsed, statistic):
        scan.slots["statistic"] = statistic
    if parsed.sub == "stress":
        shock = re.search(r"(-?\d+(?:\.\d+)?) ?(?:%|percent)", scan.line)
        if shock:
            scan.resolved["shock_pct"] = number(shock[1].lstrip("-"))
    if parsed.sub == "orders" and order_ref_in(scan.line):
        scan.slots["order_ref"] = order_ref_in(scan.line)


def _reported_slots(parsed: Parsed, scan: Scan) -> None:
    take_quantity(scan, parts=False)
    for verb, side in (
        ("bought|purchased|picked up|added|grabbed", "buy"),
        ("sold|closed|exited|dumped", "sell"),
        ("shorted", "short"),
    ):
        if re.search(rf"\b(?:{verb})\b", scan.line):
            parsed.slots["side"] = side
    scan.bad = ""
    parsed.why.append("tells of a trade made elsewhere")


_BY_STATISTIC = {
    "implied_vol": "option_chain", "iv_rank": "option_chain", "expected_move": "option_chain", "open_interest": "option_chain",
    "average_cost": "positions", "weight": "positions", "realized": "pnl", "win_rate": "performance", "avg_win_loss": "performance",
    "var": "portfolio_risk", "concentration": "portfolio_risk", "sector_exposure": "portfolio_risk", "risk_contribution": "portfolio_risk",
    "margin": "portfolio_risk", "max_loss": "portfolio_risk", "daily_loss": "limits", "bid_ask": "quote", "correlation": "compare_symbols",
}  # fmt: skip


def _lean(parsed: Parsed, scan: Scan, statistic: str, options: bool) -> dict[str, float]:
    """What the slots themselves speak for."""
    lean: dict[str, float] = {}
    mine = bool(
        re.search(r"\b(?:my|mine|i|am i|me|our)\b", re.sub(r"\b(?:show|tell|give|let) me\b|\bcan i\b", "", scan.line))
    )
    symbols = parsed.slots.get("symbols")
    if statistic in _BY_STATISTIC:
        lean[_BY_STATISTIC[statistic]] = 1.2
    if symbols and not mine:
        lean["history_stat"] = 0.4 + (1.4 if "window" in scan.slots and statistic else 0.0)
        for sub in ("positions", "pnl", "cash", "orders", "performance", "portfolio_risk", "limits"):
            lean[sub] = lean.get(sub, 0.0) - 1.5
    if mine:
        for sub in ("portfolio_risk", "pnl", "positions", "performance"):
            lean[sub] = lean.get(sub, 0.0) + 0.8
        lean["history_stat"] = lean.get("history_stat", 0.0) - 1.2
    if isinstance(symbols, list) and len(symbols) > 1:  # pyright: ignore[reportUnknownArgumentType]
        lean["compare_symbols"] = lean.get("compare_symbols", 0.0) + 0.5
    if options and not mine:
        lean["option_chain"] = lean.get("option_chain", 0.0) + 0.8
    if re.search(SYMBOL, scan.line) is None:
        lean["history_stat"] = lean.get("history_stat", 0.0) - 0.3
    return lean


def _takes_statistic(parsed: Parsed, statistic: str) -> bool:
    allowed = {
        "history_stat": "close high_low change return relative_return highest_close lowest_close worst_day up_days moving_average momentum volatility drawdown correlation volume average_volume beta sharpe",
        "compare_symbols": "return relative_return volatility drawdown correlation momentum volume average_volume beta sharpe change implied_vol",
        "quote": "bid_ask volume change high_low", "option_chain": "implied_vol iv_rank expected_move open_interest bid_ask greeks volume theta",
        "positions": "average_cost weight concentration", "pnl": "realized", "performance": "win_rate avg_win_loss sharpe drawdown return relative_return worst_day",
        "portfolio_risk": "var beta theta greeks concentration sector_exposure risk_contribution margin max_loss drawdown volatility correlation", "limits": "daily_loss margin max_loss",
        "cash": "margin", "what_if": "margin max_loss concentration var weight", "compare_history": "win_rate return", "stress": "max_loss",
    }.get(parsed.sub, "")  # fmt: skip
    return statistic in allowed.split()


def parse_fragment(line: str, canon: Canon, today: date, side: str) -> Parsed:
    """Read a piece of an order ("50", "at 185", "gtc") as if it stood in an order on `side`."""
    parsed = Parsed(line=line, frame=Frame("fragment", "", ""))
    symbols = list(dict.fromkeys(re.findall(r"\$([A-Z][A-Z0-9.\-]*)", line)))
    scan = Scan(re.sub(r"\s*[?!.,]+\s*$", "", line), today)
    if canon.odd_number:
        scan.resolved["odd_number"] = canon.odd_number
    parsed.use_recommended = bool(_RECOMMENDED.search(line))
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
