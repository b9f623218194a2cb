"""Signals on demand: reads bars, keeps what it computed for as long as the bars stay the same, and ranks.

Importing this module loads TA-Lib.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from threading import RLock
from typing import Generic, TypeVar

import numpy as np

from brokers.vocabulary import DeskmateError, Unavailable, Value
from tools.signals.bars import Bars, BarSource, fingerprint
from tools.signals.calls import StrategyCall
from tools.signals.evidence import Evidence, EvidenceSource
from tools.signals.history import SymbolHistory, history
from tools.signals.market_record import MarketRecord, Rules
from tools.signals.outcomes import REASONS, UNRESOLVED, ExitReason
from tools.signals.regime import RegimeChange, RegimeRule, changes
from tools.signals.scores import likeness, scores
from tools.signals.signal import Action, Likeness, RankedSignals, Scores, Signal, Source, UnavailableSignal
from tools.signals.strategies import MIN_BARS
from tools.signals.surroundings import VIX, surroundings
from tools.signals.table import CallTable, Fit
from tools.signals.walk import Fitted, Progress, boundaries

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
    """Profit or loss in stop distances, before costs; None for a call without a stop."""


class SignalEngine:
    """Signals over a `BarSource`; safe to share between threads.

    A symbol's history is kept by the version of its bars and of what is around it, the market by the versions of all
    symbols and their evidence, a signal by the market. Fits rest on what came before the last boundary alone, and are
    kept by the content of that: a new bar makes new histories and a new record, but nothing is fitted again.
    """

    def __init__(
        self, source: BarSource, rules: Rules | None = None, evidence: EvidenceSource | None = None, *, keep: int = 1024
    ) -> None:
        self._source = source
        self._rules = rules or Rules()
        self._evidence = evidence
        self._bars = _Kept[tuple[str, str], Bars](keep)
        self._histories = _Kept[tuple[str, str, str], SymbolHistory](keep)
        self._heard = _Kept[tuple[str, str, str], Evidence](keep)
        self._fits = _Kept[str, Sequence[Fitted]](16)
        self._markets = _Kept[str, _Market](8)
        self._signals = _Kept[tuple[str, str], Signal](keep)
        self._lock = RLock()

    def analyze(self, symbol: str, asof: datetime) -> Signal:
        """The signal of one symbol from what is known at `asof`.

        Raises `Unavailable` with the reason where there is none, and what the source raises for an unknown symbol.
        """
        with self._lock:
            return self._signal(symbol, asof, self._market(asof))

    def rank(self, symbols: Sequence[str], asof: datetime) -> RankedSignals:
        """Signals of several symbols, best first; a symbol without one is listed with its reason."""
        signals: list[Signal] = []
        unavailable: list[UnavailableSignal] = []
        with self._lock:
            market = self._market(asof)
            for symbol in dict.fromkeys(symbols):
                try:
                    signals.append(self._signal(symbol, asof, market))
                except DeskmateError as error:
                    unavailable.append(UnavailableSignal(symbol=symbol, reason=str(error)))
        return RankedSignals(rule=RANKING, signals=tuple(sorted(signals, key=rank_key)), unavailable=tuple(unavailable))

    def past_calls(self, symbol: str, asof: datetime, strategy: str, limit: int = 20) -> tuple[PastCall, ...]:
        """The last `limit` calls of one strategy on one symbol before the last bar, newest first, with outcomes."""
        with self._lock:
            record = self._market(asof).record
            one = record.histories.get(symbol)
            for place, trades in enumerate(one.trades if one else ()):
                if one and trades.strategy.name == strategy:
                    rows = np.flatnonzero(trades.at < len(one.bars) - 1)[::-1][:limit]
                    return tuple(_past(record, one, place, int(row)) for row in rows)
        return ()

    def regime_changes(self, symbol: str, asof: datetime, limit: int) -> tuple[RegimeChange, ...]:
        """The last changes of a symbol's state known at `asof`, newest first; none for a symbol without calls."""
        with self._lock:
            one = self._market(asof).record.histories.get(symbol)
            return () if one is None else changes(one.bars, one.regimes)[::-1][:limit]

    def scores(self, asof: datetime) -> Scores:
        """Walk-forward scores over every symbol known at `asof`. Raises `Unavailable` before any call is resolved."""
        return scores(self.table(asof), asof.date())

    def like(self, signal: Signal, asof: datetime) -> Likeness | None:
        """How resolved calls that were given about the same probability did; None for a signal without a direction."""
        return None if signal.leading is None else likeness(self.table(asof), signal.probability)

    def table(
        self, asof: datetime, without: frozenset[Source] = frozenset(), progress: Progress | None = None
    ) -> CallTable:
        """Every call of every symbol known at `asof`; `without` leaves sources out, for comparison.

        Raises `Unavailable` where no bar is known.
        """
        with self._lock:
            record = self._market(asof).record
            return record.walk(without, progress).table if without else record.walked.table

    def fits(self, asof: datetime) -> tuple[Fit, ...]:
        """Everything that was fitted up to `asof`, oldest first."""
        with self._lock:
            return tuple(one.fit for one in self._market(asof).record.fitted)

    def _market(self, asof: datetime) -> _Market:
        """The calls of every symbol known at `asof`."""
        keyed = {symbol: self._known(symbol, asof) for symbol in sorted(self._source.symbols(asof))}
        keyed = {symbol: known for symbol, known in keyed.items() if len(known[0])}
        if not keyed:
            raise Unavailable("Signals are unavailable, because no bar is known yet.", fix="Import bars first.")
        heard = self._evidence
        versions = [
            f"{symbol}|{version}|{heard.version(symbol, asof) if heard else ''}"
            for symbol, (_, version) in keyed.items()
        ]
        key = _digest(*versions)
        return self._markets.get(key) or self._markets.put(key, self._made(key, keyed, asof))

    def _known(self, symbol: str, asof: datetime) -> tuple[Bars, str]:
        columns = self._source.columns(symbol, asof)
        version = fingerprint(columns)
        return self._bars.get((symbol, version)) or self._bars.put((symbol, version), Bars.of(columns)), version

    def _made(self, key: str, keyed: Mapping[str, tuple[Bars, str]], asof: datetime) -> _Market:
        around = surroundings([bars for bars, _ in keyed.values()])
        name = _digest(around.name, *(array.tobytes() for array in (around.level, around.vix)))
        histories: dict[str, SymbolHistory] = {}
        evidence: dict[str, Evidence] = {}
        for symbol, (bars, version) in keyed.items():
            if symbol in VIX:
                continue
            place = (symbol, version, name)
            histories[symbol] = self._histories.get(place) or self._histories.put(
                place, history(bars, self._rules.parameters, RegimeRule(), around)
            )
            if self._evidence is not None:
                place = (symbol, version, self._evidence.version(symbol, asof))
                evidence[symbol] = self._heard.get(place) or self._heard.put(place, self._evidence.evidence(bars, asof))
        if not histories:
            raise Unavailable("Signals are unavailable, because no bar of a symbol to trade is known yet.")
        last = max(one.bars.session(-1) for one in histories.values())
        suffix = "-partial" if any(one.partial for one in evidence.values()) else ""
        before = self._before(histories, evidence, last) + suffix
        fitted = self._fits.get(before) or ()
        record = MarketRecord(tuple(histories.values()), evidence, self._rules, fitted, suffix=suffix)
        self._fits.put(before, record.fitted)
        return _Market(key, record, last)

    def _before(self, histories: Mapping[str, SymbolHistory], evidence: Mapping[str, Evidence], last: date) -> str:
        """Names the content of everything before the last boundary: what the fits in force rest on."""
        first = min(one.bars.session(0) for one in histories.values())
        days = boundaries(first, last, self._rules.refits)
        parts: list[str | bytes] = [self._rules.version(), repr(days)]
        for symbol, one in histories.items():
            cut = int(np.searchsorted(one.bars.sessions, np.datetime64(days[-1], "D")))
            bars, heard = one.bars, evidence.get(symbol)
            columns = [bars.sessions, bars.open, bars.high, bars.low, bars.close, bars.adjusted_close, bars.volume]
            columns += [] if heard is None else [heard.tone, heard.tone_weight, heard.impact, heard.p_up]
            parts += [symbol, *(np.ascontiguousarray(column[:cut]).tobytes() for column in columns)]
        return _digest(*parts)

    def _signal(self, symbol: str, asof: datetime, market: _Market) -> Signal:
        kept = self._signals.get((market.key, symbol))
        if kept is None:
            one = market.record.histories.get(symbol)
            if one is None:
                self._source.columns(symbol, asof)  # an unknown symbol is refused in the source's own words
                raise _unavailable(symbol, "it is not traded" if symbol in VIX else "no bar of it is known yet")
            _refuse_nothing(one, market.last)
            kept = self._signals.put((market.key, symbol), market.record.signal(one, len(one.bars) - 1))
        return kept


@dataclass(frozen=True, slots=True)
class _Market:
    """One version of everything known."""

    key: str
    record: MarketRecord
    last: date
    """The last session that any symbol has a bar of."""


def _past(record: MarketRecord, one: SymbolHistory, place: int, row: int) -> PastCall:
    trades = one.trades[place]
    outcomes = trades.outcomes
    call = record.calls(one, int(trades.at[row]))[place]
    if outcomes.outcome[row] == UNRESOLVED:
        return PastCall(call=call, outcome=None, exit_reason=None, resolved=None, exit_price=None, result_r=None)
    result = float(outcomes.result[row])
    return PastCall(
        call=call,
        outcome=int(outcomes.outcome[row]),
        exit_reason=REASONS[int(outcomes.reason[row])],
        resolved=one.bars.session(int(outcomes.resolved[row])),
        exit_price=float(outcomes.exit_price[row]),
        result_r=result if np.isfinite(result) else None,
    )


def _digest(*parts: str | bytes) -> str:
    hasher = sha256()
    for part in parts:
        hasher.update(part.encode() if isinstance(part, str) else part)
        hasher.update(b"|")
    return hasher.hexdigest()


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


def rank_key(signal: Signal) -> tuple[bool, float, str]:
    """The place of a signal among others: see `RANKING`."""
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
