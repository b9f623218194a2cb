"""A person's preferences, and every change of them as a value of its own.

A change says what the person wants in full ("exclude TSLA"); `changed` is the one function that applies it. It is what
a tool may offer, what a person's own words are compared with, and what the ledger keeps.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self, assert_never

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from brokers.vocabulary import BadInput, Finite, Instant, Mode, Value

MOST_SYMBOLS = 100
MOST_SAVED = 500
MOST_SESSIONS = 250

Ticker = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9.\-]{0,11}$")]
"""A ticker in capitals."""
Tickers = Annotated[tuple[Ticker, ...], Field(min_length=1, max_length=MOST_SYMBOLS)]
StrategyName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]


class RiskAppetite(StrEnum):
    """How much edge a call must have before it is recommended, and how large; see `effects`."""

    CONSERVATIVE = "conservative"
    MODERATE = "moderate"
    AGGRESSIVE = "aggressive"


class Horizons(Value):
    """The horizons of calls that are shown, in sessions; None is no bound on that side."""

    shortest: int | None = Field(default=None, ge=1, le=MOST_SESSIONS)
    longest: int | None = Field(default=None, ge=1, le=MOST_SESSIONS)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.shortest is not None and self.longest is not None and self.shortest > self.longest:
            raise ValueError("the shortest horizon is longer than the longest")
        return self

    def admits(self, sessions: int) -> bool:
        """True where a call over `sessions` is wanted."""
        return (self.shortest or 1) <= sessions and (self.longest is None or sessions <= self.longest)

    @property
    def words(self) -> str:
        """As a person says it: "up to 10 days"."""
        if self.shortest is None:
            return f"up to {self.longest} days"
        if self.longest is None:
            return f"of at least {self.shortest} days"
        return f"between {self.shortest} and {self.longest} days"


class DefaultSize(Value):
    """What an order without a size means: exactly one of units, money in the account's currency, per cent of equity."""

    shares: int | None = Field(default=None, ge=1, le=1_000_000_000)
    notional_usd: Finite | None = Field(default=None, gt=0, le=1_000_000_000)
    pct_equity: Finite | None = Field(default=None, gt=0, le=100)
    """2 means 2 %."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(value is not None for value in (self.shares, self.notional_usd, self.pct_equity)) != 1:
            raise ValueError("a default size is one of shares, notional_usd and pct_equity")
        return self

    @property
    def words(self) -> str:
        """As a person says it: "50 shares", "$5000", "2%"."""
        if self.shares is not None:
            return f"{self.shares} shares" if self.shares > 1 else "1 share"
        return f"${self.notional_usd:f}" if self.notional_usd is not None else f"{self.pct_equity:f}%"


class SavedCall(Value):
    """A call the person wants to find again; `call_id` is the one it was written down with when it was shown."""

    call_id: str
    symbol: Ticker
    session: date
    saved_at: Instant


class Preferences(Value):
    """Everything a person prefers. The default is a person who said nothing."""

    risk_appetite: RiskAppetite = RiskAppetite.MODERATE
    excluded_strategies: tuple[StrategyName, ...] = ()
    excluded_symbols: tuple[Ticker, ...] = ()
    horizons: Horizons | None = None
    default_size: DefaultSize | None = None
    """For orders to buy or short that name no size."""
    default_mode: Mode | None = None
    language: Literal["english"] = "english"
    """Answers are written in English only."""
    watchlist: tuple[Ticker, ...] = ()
    """In the order they were added."""
    saved_calls: tuple[SavedCall, ...] = ()


class RiskAppetiteChange(Value):
    """Another risk appetite: named, or one step `higher` or `lower` than now."""

    kind: Literal["risk_appetite"] = "risk_appetite"
    value: RiskAppetite | Literal["higher", "lower"]


class StrategiesChange(Value):
    """Leave the calls of strategies out of lists of signals, or let them in again."""

    kind: Literal["strategies"] = "strategies"
    action: Literal["exclude", "include"]
    strategies: Annotated[tuple[StrategyName, ...], Field(min_length=1, max_length=40)]


class SymbolsChange(Value):
    """Leave symbols out of lists of signals, or let them in again."""

    kind: Literal["symbols"] = "symbols"
    action: Literal["exclude", "include"]
    symbols: Tickers


class HorizonsChange(Value):
    """Show only calls of these horizons; None for all."""

    kind: Literal["horizons"] = "horizons"
    horizons: Horizons | None


class DefaultSizeChange(Value):
    """What an order without a size means; None to be asked again."""

    kind: Literal["default_size"] = "default_size"
    size: DefaultSize | None


class DefaultModeChange(Value):
    """The mode orders are meant for unless another is said."""

    kind: Literal["default_mode"] = "default_mode"
    mode: Mode


class LanguageChange(Value):
    """The language of answers, by its English name in lower case."""

    kind: Literal["language"] = "language"
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,20}$")]


class WatchlistChange(Value):
    """Put symbols on the watchlist, take them off, or clear it (no symbols)."""

    kind: Literal["watchlist"] = "watchlist"
    action: Literal["add", "remove", "clear"]
    symbols: Annotated[tuple[Ticker, ...], Field(max_length=MOST_SYMBOLS)] = ()


class SavedCallsChange(Value):
    """Save the current call on a symbol, forget what was saved on it, or clear all (no symbol)."""

    kind: Literal["saved_calls"] = "saved_calls"
    action: Literal["save", "forget", "clear"]
    symbol: Ticker | None = None
    call: SavedCall | None = None
    """The call itself: looked up when a save is offered, never said by anybody."""


class ResetChange(Value):
    """Forget every preference, the watchlist and the saved calls."""

    kind: Literal["reset"] = "reset"


class UndoChange(Value):
    """Set back the last change."""

    kind: Literal["undo"] = "undo"


Change = (
    RiskAppetiteChange
    | StrategiesChange
    | SymbolsChange
    | HorizonsChange
    | DefaultSizeChange
    | DefaultModeChange
    | LanguageChange
    | WatchlistChange
    | SavedCallsChange
    | ResetChange
    | UndoChange
)
"""One change of a person's preferences."""

CHANGE: TypeAdapter[Change] = TypeAdapter(Annotated[Change, Field(discriminator="kind")])
"""Reads a change from JSON and writes it."""

_STEPS = tuple(RiskAppetite)


def settled(change: Change, now: Preferences) -> Change:
    """The change with what it leaves to the present filled in: "more aggressive" becomes the appetite it comes to."""
    if not isinstance(change, RiskAppetiteChange) or isinstance(change.value, RiskAppetite):
        return change
    step = _STEPS.index(now.risk_appetite) + (1 if change.value == "higher" else -1)
    return RiskAppetiteChange(value=_STEPS[min(max(step, 0), len(_STEPS) - 1)])


def same_wish(asked: Change, offered: Change, now: Preferences) -> bool:
    """True where `offered` is exactly what `asked` asks for; a saved call's own record is nobody's to say."""
    bare = offered.model_copy(update={"call": None}) if isinstance(offered, SavedCallsChange) else offered
    return settled(asked, now) == settled(bare, now)


def changed(now: Preferences, change: Change) -> Preferences:
    """The preferences after `change`. An `undo` needs the record of changes and leaves them as they are here.

    Raises:
        BadInput: a list would grow beyond its bound, or the language is not offered.
    """
    return now.model_copy(update=_update(now, settled(change, now)))


def _update(now: Preferences, change: Change) -> dict[str, object]:  # one arm per kind of change, each a line or two
    match change:
        case RiskAppetiteChange():
            return {"risk_appetite": change.value}
        case StrategiesChange():
            return {"excluded_strategies": _listed(now.excluded_strategies, change.strategies, change.action)}
        case SymbolsChange():
            return {"excluded_symbols": _listed(now.excluded_symbols, change.symbols, change.action)}
        case HorizonsChange():
            none = change.horizons is None or change.horizons == Horizons()
            return {"horizons": None if none else change.horizons}
        case DefaultSizeChange():
            return {"default_size": change.size}
        case DefaultModeChange():
            return {"default_mode": change.mode}
        case LanguageChange():
            if change.language != "english":
                other = change.language.capitalize()
                raise BadInput(f"Answers are written in English only, so the language stays English and not {other}.")
            return {"language": "english"}
        case WatchlistChange():
            return {"watchlist": _listed(now.watchlist, change.symbols, change.action)}
        case SavedCallsChange():
            return {"saved_calls": _saved(now.saved_calls, change)}
        case ResetChange():
            return {name: getattr(Preferences(), name) for name in Preferences.model_fields}
        case UndoChange():
            return {}
        case _:
            assert_never(change)


def _listed(now: tuple[str, ...], named: tuple[str, ...], action: str) -> tuple[str, ...]:
    if action == "clear":
        return ()
    if action in ("remove", "include"):
        return tuple(item for item in now if item not in named)
    listed = tuple(dict.fromkeys((*now, *named)))
    if len(listed) > MOST_SYMBOLS:
        raise BadInput(f"A list holds at most {MOST_SYMBOLS}.", fix="Take something off it first.")
    return listed


def _saved(now: tuple[SavedCall, ...], change: SavedCallsChange) -> tuple[SavedCall, ...]:
    if change.action == "clear":
        return ()
    if change.action == "forget":
        return tuple(call for call in now if call.symbol != change.symbol)
    if change.call is None or any(call.call_id == change.call.call_id for call in now):
        return now
    if len(now) >= MOST_SAVED:
        raise BadInput(f"At most {MOST_SAVED} calls are saved.", fix="Forget some of them first.")
    return (*now, change.call)
