"""Every kind of change of preferences, for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from brokers.vocabulary import Mode
from tools.preferences.preferences import (
    Change,
    DefaultModeChange,
    DefaultSize,
    DefaultSizeChange,
    Horizons,
    HorizonsChange,
    LanguageChange,
    ResetChange,
    RiskAppetite,
    RiskAppetiteChange,
    SavedCall,
    SavedCallsChange,
    StrategiesChange,
    SymbolsChange,
    UndoChange,
    WatchlistChange,
)

SYMBOLS = ("AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA")
STRATEGIES = ("trend", "momentum", "mean_reversion", "breakout")
SAVED_AT = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)

tickers = st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=3, unique=True).map(tuple)
sizes = st.one_of(
    st.builds(DefaultSize, shares=st.integers(1, 10_000)),
    st.builds(DefaultSize, notional_usd=st.integers(1, 100_000).map(Decimal)),
    st.builds(DefaultSize, pct_equity=st.integers(1, 1000).map(lambda tenths: Decimal(tenths) / 10)),
)


@st.composite
def horizons(draw: st.DrawFn) -> Horizons:
    """Bounded on one side or both."""
    low, high = sorted((draw(st.integers(1, 250)), draw(st.integers(1, 250))))
    return draw(st.sampled_from([Horizons(shortest=low), Horizons(longest=high), Horizons(shortest=low, longest=high)]))


wishes: st.SearchStrategy[Change] = st.one_of(
    st.builds(RiskAppetiteChange, value=st.sampled_from([*RiskAppetite, "higher", "lower"])),
    st.builds(
        StrategiesChange,
        action=st.sampled_from(["exclude", "include"]),
        strategies=st.lists(st.sampled_from(STRATEGIES), min_size=1, max_size=2, unique=True).map(tuple),
    ),
    st.builds(SymbolsChange, action=st.sampled_from(["exclude", "include"]), symbols=tickers),
    st.builds(HorizonsChange, horizons=st.none() | horizons()),
    st.builds(DefaultSizeChange, size=st.none() | sizes),
    st.builds(DefaultModeChange, mode=st.sampled_from(Mode)),
    st.builds(LanguageChange, language=st.just("english")),
    st.builds(WatchlistChange, action=st.sampled_from(["add", "remove"]), symbols=tickers),
    st.just(WatchlistChange(action="clear")),
    st.builds(SavedCallsChange, action=st.sampled_from(["save", "forget"]), symbol=st.sampled_from(SYMBOLS)),
    st.just(SavedCallsChange(action="clear")),
    st.just(ResetChange()),
)
"""What a person can ask for, but an undo."""


def with_call(wish: Change) -> Change:
    """A wish to save as a tool completes it: with the call's own record."""
    if not isinstance(wish, SavedCallsChange) or wish.action != "save" or wish.symbol is None:
        return wish
    call = SavedCall(call_id=f"{wish.symbol}CALL", symbol=wish.symbol, session=date(2023, 6, 27), saved_at=SAVED_AT)
    return wish.model_copy(update={"call": call})


changes = wishes.map(with_call)
"""What can be made of them."""
changes_and_undos: st.SearchStrategy[Change] = st.one_of(changes, st.just(UndoChange()))
