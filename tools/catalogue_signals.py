"""Tools that tell signals: one, all of them, why, how such calls did, and what every source of evidence is worth.

A signal is told as the person asking should read it: their preferences and what they hold may change the action and the
size, never the probability, its terms or a price.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

from brokers.vocabulary import Unavailable, Value
from tools.context import ToolContext
from tools.market.quote import get_quote
from tools.preferences.effects import applied, preferred
from tools.preferences.preferences import Preferences
from tools.signals.calls import StrategyCall
from tools.signals.decision import for_holder
from tools.signals.engine import PastCall, SignalEngine
from tools.signals.option_table import OptionStrategy
from tools.signals.options import Fit, fits, idea_for
from tools.signals.risk_factors import size_factor, size_told
from tools.signals.signal import Action, Likeness, RankedSignals, Scores, Signal, Source, StrategyScore

CONTRACT_SHARES = 100
"""Shares one option contract stands for: fewer that are held cover none."""

ENDED = 5
"""Past calls of the same kind that are told one by one."""


class AskedStrategy(Value):
    """An option strategy the person named, held against the call."""

    strategy: OptionStrategy
    fit: Fit


class SignalReport(Value):
    """One signal as the person should read it."""

    signal: Signal
    held: Decimal
    """Shares of the symbol in the account; negative for a short position."""
    size: str
    """What argues for less size, in words and with its numbers."""
    like: Likeness | None
    """How calls that were given about the same probability did; None without a direction."""
    asked: AskedStrategy | None = None


class SourceWorth(Value):
    """What one source of evidence was worth at a fit; see `tools.signals.fusion`."""

    source: Source
    weight: float
    gain: float | None
    """Mean log loss saved per call by adding the source to the base rate, walk-forward; None before it is scored."""
    error: float | None
    """Standard error of the gain."""
    months: int
    """Months of resolved calls behind the gain."""
    why: str


class SourcesResult(Value):
    """The fit in force: the worth of every source, and the calibrator."""

    asof: date
    fitted_on: date
    """Calls made on or after this day use it; it rests on calls resolved before."""
    resolved: int
    """Calls it rests on."""
    sources: tuple[SourceWorth, ...]
    calibrator: str
    calibrator_why: str
    version: str
    asked: Source | None = None
    """The one source asked about; None for all."""


class SignalExplanation(SignalReport):
    """A signal, asked why: with what its sources are worth, the record of its kind, and its last calls."""

    kind: StrategyScore | None
    """Every resolved call that the same strategy led in the same direction, on all symbols."""
    record: tuple[PastCall, ...]
    """The strategy's last calls on this symbol, newest first, older than any that is still open."""
    sources: SourcesResult


class SignalFlips(SignalReport):
    """A signal, asked what would change it: the prices are in it, beside what its sources are worth."""

    sources: SourcesResult


class RecordResult(Value):
    """How earlier calls did: of all strategies, and those like the symbol's signal now."""

    symbol: str
    """Empty where all symbols were asked about together."""
    strategy: str
    scores: Scores
    like: Likeness | None = None
    probability: float | None = None
    """Of the symbol's signal now: what `like` is about."""
    kind: StrategyScore | None = None
    calls: tuple[PastCall, ...]
    """The strategy's last calls on the symbol, newest first, older than any that is still open."""
    still_open: int = 0


def analyze_symbol(context: ToolContext, symbol: str, strategy: OptionStrategy | None = None) -> SignalReport:
    """The signal of one symbol: direction, entry, targets, stop, horizon, probability and what it is made of.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
        strategy: An option strategy to hold against the call: does it express it, and which would be better?
    """
    signal, held = _read(context, symbol)
    asked = None
    if strategy is not None:
        volatility, covered = signal.regime.volatility, held >= CONTRACT_SHARES
        fit = fits(strategy, signal.direction, signal.probability, signal.base_rate, volatility, covered)
        asked = AskedStrategy(strategy=strategy, fit=fit)
    return SignalReport(
        signal=signal, held=held, size=size_words(signal), like=context.signals.like(signal, context.asof), asked=asked
    )


def list_signals(context: ToolContext) -> RankedSignals:
    """The signals of every known symbol, best first.

    Args:
        context: The turn's context.
    """
    ranked = context.signals.rank([instrument.symbol for instrument in context.feed.instruments()], context.asof)
    ranked = read_by(preferred(ranked, context.preferences), _holdings(context))
    for signal in ranked.signals:
        context.shown(signal)
    return ranked


def explain_signal(context: ToolContext, symbol: str) -> SignalExplanation:
    """Why a signal says what it says: its facts, its terms, its risks, what its sources are worth, and its record.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
    """
    signal, held = _read(context, symbol)
    record: tuple[PastCall, ...] = ()
    kind = None
    if signal.leading is not None:
        record = _ended(context, signal.leading)[0]
        kind = _kind(signal, context.signals.scores(context.asof))
    return SignalExplanation(
        signal=signal,
        held=held,
        size=size_words(signal),
        like=context.signals.like(signal, context.asof),
        kind=kind,
        record=record,
        sources=signal_sources(context),
    )


def signal_flips(context: ToolContext, symbol: str) -> SignalFlips:
    """What would change a signal: the nearest prices, the probability it would take to act, and what sources may say.

    Args:
        context: The turn's context.
        symbol: Ticker, e.g. AAPL.
    """
    signal, held = _read(context, symbol)
    like = context.signals.like(signal, context.asof)
    return SignalFlips(signal=signal, held=held, size=size_words(signal), like=like, sources=signal_sources(context))


def signal_record(context: ToolContext, symbol: str | None = None) -> RecordResult:
    """How calls like a symbol's did before, walk-forward, beside the base rate.

    Args:
        context: The turn's context.
        symbol: Ticker; all symbols together if absent.
    """
    scores = context.signals.scores(context.asof)
    if symbol is None:
        return RecordResult(symbol="", strategy="", scores=scores, calls=())
    signal = context.signals.analyze(_known(context, symbol), context.asof)
    if signal.leading is None:
        return RecordResult(symbol=signal.symbol, strategy="", scores=scores, calls=())
    calls, still_open = _ended(context, signal.leading)
    return RecordResult(
        symbol=signal.symbol,
        strategy=signal.leading.strategy,
        scores=scores,
        like=context.signals.like(signal, context.asof),
        probability=signal.probability,
        kind=_kind(signal, scores),
        calls=calls,
        still_open=still_open,
    )


def signal_sources(context: ToolContext, source: Source | None = None) -> SourcesResult:
    """What every source of evidence is worth: its weight, what adding it saved on later calls, and the calibrator.

    Args:
        context: The turn's context.
        source: The one asked about; all if absent.
    """
    return fit_in_force(context.signals, context.asof, source)


def fit_in_force(signals: SignalEngine, asof: datetime, asked: Source | None = None) -> SourcesResult:
    """The fit that calls at `asof` are made with. Raises `Unavailable` where nothing was fitted yet."""
    fit = next(iter(signals.fits(asof)[::-1]), None)
    if fit is None:
        raise Unavailable("The weights are unavailable, because nothing is fitted yet.", fix="Import more bars.")
    return SourcesResult(
        asof=asof.date(),
        fitted_on=fit.day,
        resolved=fit.resolved,
        sources=tuple(
            SourceWorth(
                source=one.source,
                weight=one.weight,
                gain=one.gain if isfinite(one.gain) else None,
                error=one.error if isfinite(one.error) else None,
                months=one.months,
                why=one.why,
            )
            for one in fit.weights
        ),
        calibrator=fit.calibrator,
        calibrator_why=fit.calibrator_why,
        version=fit.version,
        asked=asked,
    )


def read_by(ranked: RankedSignals, held: Mapping[str, Decimal]) -> RankedSignals:
    """The list as somebody with these holdings should read it: what they should reduce comes first."""
    signals = [_for(signal, held.get(signal.symbol, Decimal(0))) for signal in ranked.signals]
    if all(signal.action is not Action.REDUCE for signal in signals):
        return ranked.model_copy(update={"signals": tuple(signals)})
    signals.sort(key=lambda signal: signal.action is not Action.REDUCE)
    return ranked.model_copy(
        update={"rule": f"holdings to reduce first, then {ranked.rule}", "signals": tuple(signals)}
    )


def read_one(signal: Signal, preferences: Preferences, held: Decimal) -> Signal:
    """One signal under a person's preferences and holding."""
    return _for(applied(signal, preferences), held)


def size_words(signal: Signal) -> str:
    """`size_told`, with what the person's risk appetite adds to it."""
    told = size_told(signal.risk_factors)
    if signal.size_factor == size_factor(signal.risk_factors):
        return told
    return f"{told}; your risk appetite makes it ×{signal.size_factor:g} of the full size in all"


def _read(context: ToolContext, symbol: str) -> tuple[Signal, Decimal]:
    """The signal as the person should read it, written down as shown, and how much of the symbol is held."""
    ticker = _known(context, symbol)
    held = _holdings(context).get(ticker, Decimal(0))
    signal = read_one(context.signals.analyze(ticker, context.asof), context.preferences, held)
    context.shown(signal)
    return signal, held


def _for(signal: Signal, held: Decimal) -> Signal:
    read = for_holder(signal, float(held))
    call = read.leading
    if call is None or held < CONTRACT_SHARES:
        return read
    # Shares that are held let an option strategy cover itself with them.
    idea = idea_for(
        read.direction, read.probability, read.base_rate, read.regime.volatility, call.horizon_sessions, held=True
    )
    return read.model_copy(update={"option": idea})


def _holdings(context: ToolContext) -> Mapping[str, Decimal]:
    """Shares held by symbol; none in a view of the past, for the book has no past."""
    if context.asof != context.account.market_now():
        return {}
    return {position.symbol: position.quantity for position in context.account.positions()}


def _kind(signal: Signal, scores: Scores) -> StrategyScore | None:
    call = signal.leading
    wanted = None if call is None else (call.strategy, call.direction)
    return next((one for one in scores.by_strategy if (one.strategy, one.direction) == wanted), None)


def _ended(context: ToolContext, call: StrategyCall) -> tuple[tuple[PastCall, ...], int]:
    """The last few calls of the same strategy on the symbol of which all have ended, and how many newer ones have not.

    Those that are newer than the oldest open one are left out: among them only the quick ones have ended.
    """
    limit = call.horizon_sessions + ENDED  # one a session at most, and none is open for longer than its horizon
    calls = context.signals.past_calls(call.symbol, context.asof, call.strategy, limit)
    still_open = [place for place, one in enumerate(calls) if one.outcome is None]
    first = still_open[-1] + 1 if still_open else 0
    return calls[first : first + ENDED], len(still_open)


def _known(context: ToolContext, symbol: str) -> str:
    """The ticker of a known symbol. Raises `BadInput` that names what is known otherwise."""
    return get_quote(context.bars, symbol.strip().upper(), context.asof).symbol
