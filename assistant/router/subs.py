"""The vocabulary of requests: every sub-intent and the intent it belongs to (the public interface's words)."""

from __future__ import annotations

from collections.abc import Mapping

INTENT_OF: Mapping[str, str] = {
    sub: intent
    for intent, subs in {
        "signal_analysis": "list_signals analyze_symbol explain_signal compare_history",
        "market_intelligence": "quote history_stat news_sentiment forecast regime option_chain compare_symbols",
        "portfolio_status": "positions cash pnl orders performance sync",
        "risk_assessment": "portfolio_risk what_if limits stress",
        "trade_execution": "buy sell short close_position option_strategy cancel_order change_mode",
        "general": "help health greeting off_topic preferences",
    }.items()
    for sub in subs.split()
}
"""Sub-intent to its intent."""

TALK = "talk"
"""No sub-intent: words of an order that order nothing, such as a headline, machine text, or an order taken back."""

TRADES = frozenset(("buy", "sell", "short", "close_position", "option_strategy"))
"""Sub-intents that make a ticket."""
