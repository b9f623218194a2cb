# ruff: noqa: E501  (a pattern reads better whole)
"""Clauses that ask to see something: the sub-intent by cues, leaned on by the slots; the statistic; trades made elsewhere."""

from __future__ import annotations

import re

from assistant.router.cues import Choice, choose
from assistant.router.frames import strip_filler
from assistant.router.parsed import Parsed
from assistant.router.quantities import take_quantity
from assistant.router.scan import SYMBOL, Scan, number
from assistant.router.slots_dates import take_expiry, take_window
from assistant.router.slots_options import about_options, take_strikes
from assistant.router.slots_stat import order_ref_in, statistic_in


def read_question(parsed: Parsed, scan: Scan) -> None:
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
    if choice.sub == "cancel_order" and "order" in scan.line:
        choice = Choice("portfolio_status", "orders", 4.0, ("orders",))
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
    if not choice.sub and statistic and parsed.slots.get("symbols"):
        parsed.intent, parsed.sub, parsed.score = "market_intelligence", "history_stat", 2.0
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
