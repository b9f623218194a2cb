"""A change of preferences in words: what a person can say to have exactly it done, and what has been done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from tools.preferences.preferences import (
    Change,
    DefaultModeChange,
    DefaultSizeChange,
    HorizonsChange,
    LanguageChange,
    ResetChange,
    RiskAppetiteChange,
    SavedCallsChange,
    StrategiesChange,
    SymbolsChange,
    UndoChange,
    WatchlistChange,
)


def to_say(change: Change) -> str:  # one arm per kind of change, each a line
    """The sentence that asks for exactly `change`."""
    match change:
        case RiskAppetiteChange():
            return f"make me {_APPETITE.get(change.value, change.value)}"
        case StrategiesChange():
            named = f"{' and '.join(spoken(name) for name in change.strategies)} calls"
            return f"never show me {named}" if change.action == "exclude" else f"allow {named} again"
        case SymbolsChange():
            named = " and ".join(change.symbols)
            return f"exclude {named}" if change.action == "exclude" else f"include {named} again"
        case HorizonsChange():
            return "any horizon again" if change.horizons is None else f"only horizons {change.horizons.words}"
        case DefaultSizeChange():
            return "no default size" if change.size is None else f"my default size is {change.size.words}"
        case DefaultModeChange():
            return f"always use {change.mode.value.replace('_', ' ')}"
        case LanguageChange():
            return f"answer in {change.language}"
        case WatchlistChange():
            return _WATCHLIST[change.action].format(" and ".join(change.symbols))
        case SavedCallsChange():
            return _SAVED[change.action].format(change.symbol)
        case ResetChange():
            return "reset my preferences"
        case UndoChange():
            return "undo my last preference"
        case _:
            assert_never(change)


_APPETITE = {"higher": "more aggressive", "lower": "more conservative"}
_WATCHLIST = {"add": "put {} on my watchlist", "remove": "remove {} from my watchlist", "clear": "clear my watchlist"}
_SAVED = {"save": "save the {} call", "forget": "forget the saved {} call", "clear": "forget my saved calls"}


def spoken(strategy: str) -> str:
    """A strategy's name in words: "mean reversion"."""
    return strategy.replace("_", " ")


def listed(names: Sequence[str]) -> str:
    """Names in a row: "AAPL, META and NVDA"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
