"""Preferences in plain sentences: what stands, and what a change came to."""

from __future__ import annotations

from assistant.phrasing_words import count, price, signed_percent
from tools.catalogue_preferences import PreferencesResult, Saved, Watched
from tools.preferences.effects import TASTES
from tools.preferences.preferences import (
    Change,
    DefaultModeChange,
    DefaultSizeChange,
    HorizonsChange,
    LanguageChange,
    Preferences,
    ResetChange,
    RiskAppetiteChange,
    SavedCallsChange,
    StrategiesChange,
    SymbolsChange,
    UndoChange,
    WatchlistChange,
)
from tools.preferences.words import listed, spoken
from tools.signals.decision import ActionRule

UNDO = "“undo my last preference” takes it back."


def phrase_preferences(value: PreferencesResult) -> str:
    """The part of the preferences that was asked for."""
    match value.part:
        case "watchlist":
            return _watchlist(value.watchlist)
        case "saved_calls":
            return _saved_calls(value.saved_calls)
        case "all":
            return _all(value)


def _watchlist(rows: tuple[Watched, ...]) -> str:
    if not rows:
        return "Your watchlist is empty. Say for example: put AAPL on my watchlist."
    return "Your watchlist:\n\n" + "\n".join(f"- **{row.symbol}** {_last(row)}".rstrip() for row in rows)


def _last(row: Watched) -> str:
    if row.last is None or row.at is None:
        return "(no price is known)"
    change = "" if row.change_percent is None else f", {signed_percent(row.change_percent, 2)} on the day"
    return f"{price(row.last)} {row.currency}{change} ({row.at:%Y-%m-%d})"


def _saved_calls(rows: tuple[Saved, ...]) -> str:
    if not rows:
        return "No call is saved. Say for example: save the AAPL call."
    return "Your saved calls:\n\n" + "\n".join(f"- {_saved(row)}" for row in rows)


def _saved(row: Saved) -> str:
    head = f"**{row.symbol}** of {row.session} ({row.call_id})"
    if row.strategy is None or row.direction is None or row.probability is None or row.horizon_sessions is None:
        return head
    levels = [
        f"{name} {price(level)}"
        for name, level in (("entry", row.entry), ("target", row.target), ("stop", row.stop))
        if level is not None
    ]
    told = ", ".join([*levels, f"horizon {count(row.horizon_sessions, 'session')}"])
    came = {None: "still open", 1: "it came true", 0: "it did not come true"}[row.outcome]
    return f"{head}: {spoken(row.strategy)}, {row.direction}, probability {row.probability:.1%}, {told}; {came}"


def _all(value: PreferencesResult) -> str:
    own = value.preferences
    lines = [
        f"risk appetite: {own.risk_appetite.value} (a call needs {value.least_edge_r:g} R of expected value; its size "
        f"factor counts {value.size_multiple:g} times)",
        f"left out of lists: {listed(_excluded(own)) or 'nothing'}",
        f"horizons: {'all' if own.horizons is None else own.horizons.words}",
        f"default size: {'none, I ask' if own.default_size is None else own.default_size.words}",
        f"default mode: {'none' if own.default_mode is None else own.default_mode.value}",
        f"language: {own.language.capitalize()}, the only one offered",
        f"watchlist: {listed(own.watchlist) or 'empty'}",
        f"saved calls: {listed([call.symbol for call in own.saved_calls]) or 'none'}",
    ]
    return "Your preferences:\n\n" + "\n".join(f"- {line}" for line in lines)


def _excluded(own: Preferences) -> list[str]:
    return [*own.excluded_symbols, *(f"{spoken(name)} calls" for name in own.excluded_strategies)]


def phrase_changed(change: Change, before: Preferences, after: Preferences) -> str:
    """What came of a change the person asked for."""
    if before == after:
        return f"{_standing(change, after)} Nothing had to be changed."
    if isinstance(change, UndoChange):
        return f"The last change is undone. {' '.join(_differences(before, after))}"
    if isinstance(change, ResetChange):
        return f"Your preferences, watchlist and saved calls are forgotten. {UNDO}"
    return f"{_standing(change, after)} {UNDO}"


def _standing(change: Change, after: Preferences) -> str:  # one arm per kind of change, each a line or two
    match change:
        case RiskAppetiteChange():
            return _appetite(after)
        case StrategiesChange() | SymbolsChange():
            return f"Left out of lists of signals: {listed(_excluded(after)) or 'nothing'}."
        case HorizonsChange():
            return f"Horizons shown: {_horizons(after)}."
        case DefaultSizeChange():
            return _default_size(after)
        case DefaultModeChange():
            return f"Default mode: {after.default_mode.value if after.default_mode else 'none'}."
        case LanguageChange():
            return "Answers are in English, the only language offered."
        case WatchlistChange():
            return f"Your watchlist: {listed(after.watchlist) or 'empty'}."
        case SavedCallsChange():
            return f"Saved calls: {listed([call.symbol for call in after.saved_calls]) or 'none'}."
        case ResetChange():
            return "There are no preferences to forget."
        case UndoChange():
            return "There is nothing to undo."


def _appetite(after: Preferences) -> str:
    taste = TASTES[after.risk_appetite]
    least = ActionRule().least_edge_r * taste.edge_multiple
    return (
        f"Risk appetite: {after.risk_appetite.value}. A call is recommended from {least:g} R of expected value and its "
        f"size factor counts {taste.size_multiple:g} times; probabilities and your limits stay as they are."
    )


def _horizons(after: Preferences) -> str:
    return "all" if after.horizons is None else f"{after.horizons.words} (sessions)"


def _default_size(after: Preferences) -> str:
    if after.default_size is None:
        return "No default size: an order without a size is asked about."
    return f"Default size: {after.default_size.words}, for an order to buy or short that names none."


def _differences(before: Preferences, after: Preferences) -> list[str]:
    """One sentence for each preference that is not what it was."""
    said = {
        "risk_appetite": _appetite(after),
        "excluded_strategies": f"Left out of lists of signals: {listed(_excluded(after)) or 'nothing'}.",
        "excluded_symbols": f"Left out of lists of signals: {listed(_excluded(after)) or 'nothing'}.",
        "horizons": f"Horizons shown: {_horizons(after)}.",
        "default_size": _default_size(after),
        "default_mode": f"Default mode: {after.default_mode.value if after.default_mode else 'none'}.",
        "watchlist": f"Your watchlist: {listed(after.watchlist) or 'empty'}.",
        "saved_calls": f"Saved calls: {listed([call.symbol for call in after.saved_calls]) or 'none'}.",
    }
    return list(dict.fromkeys(text for name, text in said.items() if getattr(before, name) != getattr(after, name)))
