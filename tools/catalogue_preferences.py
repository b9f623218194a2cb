"""Tools around a person's preferences: one reads them, one offers a change. Neither changes anything."""

from __future__ import annotations

from datetime import date
from typing import Literal

from brokers.vocabulary import BadInput, DeskmateError, Finite, Freshness, Instant, Mode, Value
from tools.context import Offer, ToolContext
from tools.market.quote import get_quote
from tools.preferences.effects import TASTES
from tools.preferences.preferences import (
    CHANGE,
    Change,
    DefaultModeChange,
    Preferences,
    SavedCall,
    SavedCallsChange,
    StrategiesChange,
    WatchlistChange,
    changed,
    settled,
)
from tools.preferences.words import listed, spoken, to_say
from tools.signals.calls import Direction
from tools.signals.decision import ActionRule
from tools.signals.strategies import STRATEGIES

Part = Literal["all", "watchlist", "saved_calls"]


class Watched(Value):
    """A symbol of the watchlist with its last price, where one is known."""

    symbol: str
    currency: str = ""
    last: Finite | None = None
    change_percent: Finite | None = None
    """Against the close before; None on the first session on record."""
    at: Instant | None = None
    freshness: Freshness | None = None


class Saved(Value):
    """A saved call as it was written down when it was shown; None where this account never saw it."""

    symbol: str
    session: date
    call_id: str
    saved_at: Instant
    strategy: str | None = None
    direction: Direction | None = None
    probability: float | None = None
    entry: float | None = None
    target: float | None = None
    stop: float | None = None
    horizon_sessions: int | None = None
    outcome: Literal[0, 1] | None = None
    """1 the call came true, 0 it did not, None while it is open."""


class PreferencesResult(Value):
    """A person's preferences and what they come to."""

    part: Part
    """What was asked for."""
    preferences: Preferences
    least_edge_r: float
    """Expected value in R from which a call is recommended, under the risk appetite."""
    size_multiple: float
    """Multiple of a call's size factor, under the risk appetite."""
    watchlist: tuple[Watched, ...]
    saved_calls: tuple[Saved, ...]


def get_preferences(context: ToolContext, part: Part = "all") -> PreferencesResult:
    """The person's preferences: risk appetite, exclusions, horizons, default size, watchlist and saved calls.

    Args:
        context: The turn's context.
        part: Which part was asked for.
    """
    own = context.preferences
    taste = TASTES[own.risk_appetite]
    return PreferencesResult(
        part=part,
        preferences=own,
        least_edge_r=ActionRule().least_edge_r * taste.edge_multiple,
        size_multiple=taste.size_multiple,
        watchlist=() if part == "saved_calls" else tuple(_watched(context, symbol) for symbol in own.watchlist),
        saved_calls=() if part == "watchlist" else tuple(_saved(context, call) for call in own.saved_calls),
    )


def _watched(context: ToolContext, symbol: str) -> Watched:
    try:
        quote = get_quote(context.bars, symbol, context.asof)
    except DeskmateError:  # no longer known here, or not yet priced on that day: it stays on the list
        return Watched(symbol=symbol)
    return Watched(
        symbol=symbol,
        currency=quote.currency,
        last=quote.last,
        change_percent=quote.change_percent,
        at=quote.at,
        freshness=quote.freshness,
    )


def _saved(context: ToolContext, call: SavedCall) -> Saved:
    shown = context.account.blotter.signals.get(call.call_id)
    saved = Saved(symbol=call.symbol, session=call.session, call_id=call.call_id, saved_at=call.saved_at)
    if shown is None:
        return saved
    scored = context.account.blotter.scored.get(call.call_id)
    return saved.model_copy(
        update={
            "strategy": shown.strategy,
            "direction": shown.direction,
            "probability": shown.probability,
            "entry": shown.entry,
            "target": shown.target,
            "stop": shown.stop,
            "horizon_sessions": shown.horizon,
            "outcome": None if scored is None else scored.outcome,
        }
    )


def offer_preference(context: ToolContext, change: Change) -> Offer:
    """Offer to change one of the person's preferences. The person's own words do it.

    Args:
        context: The turn's context.
        change: What would change; one offer for each change.
    """
    whole = _whole(context, settled(change, context.preferences))
    changed(context.preferences, whole)  # what cannot be made is not offered
    offer = Offer(act="set_preference", subject=CHANGE.dump_json(whole).decode(), text=to_say(whole))
    context.offers.append(offer)
    return offer


def _whole(context: ToolContext, change: Change) -> Change:
    """The change checked against what this desk knows, a saved call with its record.

    Raises:
        BadInput: a symbol or strategy is not known, a mode not connected, or there is no call to save.
    """
    match change:
        case StrategiesChange():
            _known_strategies(change)
        case DefaultModeChange():
            return _connected(context, change)
        case WatchlistChange(action="add"):
            for symbol in change.symbols:
                if context.instrument(symbol) is None:
                    raise BadInput(f"{symbol} is not known here, so it cannot be watched.")
        case WatchlistChange(action="remove"):
            missing = [symbol for symbol in change.symbols if symbol not in context.preferences.watchlist]
            if missing:
                raise BadInput(f"{listed(missing)} is not on your watchlist.")
        case SavedCallsChange(action="save"):
            return _with_call(context, change)
        case SavedCallsChange(action="forget"):
            if change.symbol not in {call.symbol for call in context.preferences.saved_calls}:
                raise BadInput(f"No call on {change.symbol} is saved.")
        case _:
            pass
    return change


def _known_strategies(change: StrategiesChange) -> None:
    known = [strategy.name for strategy in STRATEGIES]
    for name in change.strategies:
        if name not in known:
            named = listed([spoken(each) for each in known])
            raise BadInput(f"There is no strategy “{spoken(name)}”.", fix=f"There are {named}.")


def _connected(context: ToolContext, change: DefaultModeChange) -> DefaultModeChange:
    here = context.account.mode
    if change.mode is here or (change.mode is Mode.PAPER and here is Mode.VIRTUAL):
        return DefaultModeChange(mode=here)
    raise BadInput(f"No {change.mode.value} account is connected, so it cannot be your default.")


def _with_call(context: ToolContext, change: SavedCallsChange) -> SavedCallsChange:
    if change.symbol is None or context.instrument(change.symbol) is None:
        raise BadInput("Which call?", fix="Say for example: save the AAPL call.")
    signal = context.signals.analyze(change.symbol, context.asof)
    if signal.leading is None:
        raise BadInput(f"There is no call on {change.symbol} to save: no strategy is active.")
    context.shown(signal)  # written down before its outcome, like every call a person keeps
    call = SavedCall(
        call_id=signal.call_id,
        symbol=change.symbol,
        session=signal.session,
        saved_at=context.account.clock(),
    )
    return change.model_copy(update={"call": call})
