"""The catalogue: the one list of what a model may call.

Every function takes the turn's `ToolContext` first, then typed arguments, and returns a value with units
and as-of. Nothing here can send, confirm, cancel, loosen a limit or change mode: such acts are only offered.
From here no chain of imports reaches a broker's sending side or the coordinator (an import contract).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel

from tools import catalogue_account, catalogue_market, catalogue_orders, catalogue_preferences, catalogue_signals
from tools.performance.shown_calls import shown_record


@dataclass(frozen=True)
class Tool:
    """One thing a model may call."""

    name: str
    function: Callable[..., BaseModel]

    @classmethod
    def of(cls, function: Callable[..., BaseModel]) -> Tool:
        """The tool of a function: its name is the function's."""
        return cls(function.__name__, function)


CATALOGUE: tuple[Tool, ...] = tuple(
    Tool.of(function)
    for function in (
        catalogue_market.get_quotes,
        catalogue_market.get_statistic,
        catalogue_market.get_history,
        catalogue_market.compare_symbols,
        catalogue_market.get_news,
        catalogue_market.get_regime,
        catalogue_market.get_forecast,
        catalogue_signals.analyze_symbol,
        catalogue_signals.list_signals,
        catalogue_signals.explain_signal,
        catalogue_signals.signal_flips,
        catalogue_signals.signal_record,
        catalogue_signals.signal_sources,
        shown_record,
        catalogue_account.get_positions,
        catalogue_account.get_cash,
        catalogue_account.get_pnl,
        catalogue_account.list_orders,
        catalogue_account.get_performance,
        catalogue_account.sync_books,
        catalogue_account.get_risk,
        catalogue_account.what_if,
        catalogue_account.get_limits,
        catalogue_account.stress_test,
        catalogue_account.help,
        catalogue_account.health,
        catalogue_orders.propose_order,
        catalogue_orders.revise_order,
        catalogue_orders.offer_cancel,
        catalogue_orders.offer_mode,
        catalogue_orders.offer_next_session,
        catalogue_orders.offer_halt,
        catalogue_preferences.get_preferences,
        catalogue_preferences.offer_preference,
    )
)
