"""Signals on demand: reads bars, keeps what it computed for as long as the bars stay the same, and ranks.

Importing this module loads TA-Lib.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime
from threading import RLock
from typing import Generic, TypeVar

import numpy as np

from brokers.vocabulary import DeskmateError, Unavailable, Value
from tools.signals.bars import Bars, BarSource, fingerprint
from tools.signals.calls import StrategyCall
from tools.signals.decision import ActionRule
from tools.signals.history import SymbolHistory, history
from tools.signals.market_record import MarketRecord
from tools.signals.outcomes import REASONS, UNRESOLVED, ExitReason
from tools.signals.regime import RegimeRule
from tools.signals.signal import Action, RankedSignals, Scores, Signal, UnavailableSignal
from tools.signals.strategies import MIN_BARS, Parameters

Key = TypeVar("Key")
Item = TypeVar("Item")

RANKING = "actions to take first, then by expected value in R, then by symbol"


class PastCall(Value):
    """A call with what became of it."""

    call: StrategyCall
    outcome: int | None
    """1 the first target traded first and in time, 0 not, None while open."""
    exit_reason: ExitReason | None
    resolved: date | None
    """Session at whose close the outcome was known."""
    exit_price: float | None
    result_r: float | None
    """Profit or loss in stop distances, before costs."""


class SignalEngine:
    """Signals over a `BarSource`; safe to share between threads.

    A symbol's history is kept by (symbol, data version), the market's record by the versions of all its symbols, a
    signal by both; the last session is part of the version. A new bar therefore replaces one symbol's history alone.
    """

    def __init__(
        self,
        source: BarSource,
        parameters: Parameters | None = None,
        action_rule: ActionRule | None = None,
        *,
        keep: int = 1024,
    ) -> None:
        self._source = source
        self._parameters = parameters or Parameters()
        self._rule = action_rule or ActionRule()
        self._histories = _Kept[tuple[str, str], SymbolHistory](keep)
        self._markets = _Kept[tuple[str, ...], MarketRecord](8)
        self._signals = _Kept[tuple[tuple[str, ...], str, str], Signal](keep)
        self._lock = RLock()

    def analyze(self, symbol: str, asof: datetime) -> Signal:
        """The signal of one symbol from what is known at `asof`.

        Raises `Unavailable` with the reason where there is none, and what the source raises for an unknown symbol.
        """
        with self._lock:
            key, market, last = self._market(asof)
            return self._signal(symbol, asof, key, market, last)

    def rank(self, symbols: Sequence[str], asof: datetime) -> RankedSignals:
        """Signals of several symbols, best first; a symbol without one is listed with its reason."""
        signals: list[Signal] = []
        unavailable: list[UnavailableSignal] = []
        with self._lock:
            key, market, last = self._market(asof)
            for symbol in dict.fromkeys(symbols):
                try:
                    signals.append(self._signal(symbol, asof, key, market, last))
                except DeskmateError as error:
                    unavailable.append(UnavailableSignal(symbol=symbol, reason=str(error)))
        return RankedSignals(
            rule=RANKING, signals=tuple(sorted(signals, key=_rank_key)), unavailable=tuple(unavailable)
        )

    def past_calls(self, symbol: str, asof: datetime, strategy: str, limit: int = 20) -> tuple[PastCall, ...]:
        """The last `limit` calls of one strategy on one symbol before the last bar, newest first, with outcomes."""
        with self._lock:
            _, market, _ = self._market(asof)
            one, _ = self._history(symbol, asof)
            for place, trades in enumerate(one.trades):
                if trades.strategy.name == strategy:
                    rows = np.flatnonzero(trades.at < len(one.bars) - 1)[::-1][:limit]
                    return tuple(self._past(market, one, place, int(row)) for row in rows)
        return ()

    def scores(self, asof: datetime) -> Scores:
        """Walk-forward scores over every symbol known at `asof`. Raises `Unavailable` before any call is resolved."""
        with self._lock:
            _, market, _ = self._market(asof)
            if not any((t.outcomes.outcome >= 0).any() for one in market.histories.values() for t in one.trades):
                raise Unavailable("The scores are unavailable, because no call is resolved yet.")
            return market.scores()

    def _past(self, market: MarketRecord, one: SymbolHistory, place: int, row: int) -> PastCall:
        trades = one.trades[place]
        outcomes = trades.outcomes
        call = market.calls(one, int(trades.at[row]))[place]
        if outcomes.outcome[row] == UNRESOLVED:
            return PastCall(call=call, outcome=None, exit_reason=None, resolved=None, exit_price=None, result_r=None)
        return PastCall(
            call=call,
            outcome=int(outcomes.outcome[row]),
            exit_reason=REASONS[int(outcomes.reason[row])],
            resolved=one.bars.session(int(outcomes.resolved[row])),
            exit_price=float(outcomes.exit_price[row]),
            result_r=float(outcomes.result[row]),
        )

    def _history(self, symbol: str, asof: datetime) -> tuple[SymbolHistory, str]:
        columns = self._source.columns(symbol, asof)
        version = fingerprint(columns)
        kept = self._histories.get((symbol, version))
        if kept is None:
            bars = Bars.of(columns)
            if not len(bars):
                raise _unavailable(symbol, "no bar of it is known yet")
            kept = self._histories.put((symbol, version), history(bars, self._parameters, RegimeRule()))
        return kept, version

    def _market(self, asof: datetime) -> tuple[tuple[str, ...], MarketRecord, date]:
        """The record over every symbol known at `asof`, its key, and the last session any of them has."""
        found: list[SymbolHistory] = []
        key: list[str] = []
        for symbol in sorted(self._source.symbols(asof)):
            try:
                one, version = self._history(symbol, asof)
            except Unavailable:
                continue  # a symbol without usable bars has no calls to record
            found.append(one)
            key += [symbol, version]
        if not found:
            raise Unavailable("Signals are unavailable, because no bar is known yet.", fix="Import bars first.")
        market = self._markets.get(tuple(key)) or self._markets.put(
            tuple(key), MarketRecord(found, self._parameters, self._rule)
        )
        return tuple(key), market, max(one.bars.session(-1) for one in found)

    def _signal(self, symbol: str, asof: datetime, key: tuple[str, ...], market: MarketRecord, last: date) -> Signal:
        # A symbol of the market was read a moment ago, and its version is part of the key.
        recorded = market.histories.get(symbol)
        one, version = (recorded, "") if recorded else self._history(symbol, asof)
        kept = self._signals.get((key, symbol, version))
        if kept is None:
            _refuse_nothing(one, last)
            kept = self._signals.put((key, symbol, version), market.signal(one, len(one.bars) - 1))
        return kept


def _refuse_nothing(one: SymbolHistory, last: date) -> None:
    """Raise `Unavailable` where a number would be made of nothing."""
    bars = one.bars
    if bars.session(-1) < last:
        raise _unavailable(bars.symbol, f"it has no bar on {last}; its last one is {bars.session(-1)}")
    if len(bars) < MIN_BARS:
        raise _unavailable(bars.symbol, f"it has {len(bars)} bars and {MIN_BARS} are needed")
    if np.ptp(bars.close[-MIN_BARS:]) == 0 and np.all(bars.high[-MIN_BARS:] == bars.low[-MIN_BARS:]):
        raise _unavailable(bars.symbol, f"its price has not moved in {MIN_BARS} sessions")


def _unavailable(symbol: str, reason: str) -> Unavailable:
    return Unavailable(f"The {symbol} signal is unavailable, because {reason}.")


def _rank_key(signal: Signal) -> tuple[bool, float, str]:
    acts = signal.action in (Action.BUY, Action.SELL)
    value = signal.expected_value_r if signal.expected_value_r is not None else -np.inf
    return not acts, -value, signal.symbol


class _Kept(Generic[Key, Item]):
    """The most recently used items, at most `limit` of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: OrderedDict[Key, Item] = OrderedDict()

    def get(self, key: Key) -> Item | None:
        if key in self._items:
            self._items.move_to_end(key)
        return self._items.get(key)

    def put(self, key: Key, item: Item) -> Item:
        self._items[key] = item
        if len(self._items) > self._limit:
            self._items.popitem(last=False)
        return item
