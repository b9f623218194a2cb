# ruff: noqa: E501  (a pattern reads better whole)
"""The slots of clauses that ask to see something; trades made elsewhere."""

from __future__ import annotations

import re

from assistant.router.lexicon import words
from assistant.router.parsed import Parsed
from assistant.router.quantities import take_quantity
from assistant.router.scan import Scan, number
from assistant.router.slots_dates import take_expiry, take_window
from assistant.router.slots_options import about_options, take_strategy, take_strikes
from assistant.router.slots_stat import order_ref_in, statistic_in


def read_question(parsed: Parsed, scan: Scan) -> None:
    """The slots of what asks to see something; `parsed.sub` stands."""
    whole = scan.line
    if parsed.sub == "sync":
        _reported_slots(parsed, scan)
        return
    if parsed.sub in _ABOUT_CONTRACTS and about_options(scan.line):
        take_expiry(scan)
        take_strikes(scan)
        take_strategy(scan)
        if parsed.sub == "option_chain":
            scan.slots.pop("strategy", None)
    elif parsed.sub in _ABOUT_TIME:
        take_window(scan)
    statistic = statistic_in(scan.line) or statistic_in(whole)
    if statistic and _takes_statistic(parsed, statistic):
        scan.slots["statistic"] = statistic
    if parsed.sub == "stress":
        shock = re.search(r"(-?\d+(?:\.\d+)?) ?(?:%|percent)", scan.line)
        if shock:
            scan.resolved["shock_pct"] = number(shock[1].lstrip("-"))
    if parsed.sub == "orders" and order_ref_in(scan.line):
        scan.slots["order_ref"] = order_ref_in(scan.line)
    if parsed.sub == "analyze_symbol":
        take_quantity(scan, parts=True)
        scan.bad = ""


_ABOUT_CONTRACTS = frozenset(
    ("option_chain", "analyze_symbol", "help", "what_if", "explain_signal", "compare_history", "quote")
)
_ABOUT_TIME = frozenset(
    words("""
    history_stat news_sentiment forecast compare_symbols pnl orders performance list_signals compare_history quote
""")
)


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
