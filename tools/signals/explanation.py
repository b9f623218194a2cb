"""What a signal rests on and what would change it, as facts that plain code or a language model writes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tools.signals.bars import FloatArray
from tools.signals.calls import Direction, Fact, StrategyCall
from tools.signals.decision import Decision
from tools.signals.history import PRICE_DIGITS, SymbolHistory
from tools.signals.regime import Regime
from tools.signals.said import Said
from tools.signals.signal import Flip
from tools.signals.strategies import Parameters
from tools.signals.track_record import Confidence

READING_DIGITS = 4


def readings(one: SymbolHistory, strategy: int, bar: int) -> tuple[Fact, ...]:
    """The indicators a strategy looked at, as they stood after the close of `bar`; prices as quoted then."""
    found: list[Fact] = []
    for reading in one.trades[strategy].play.readings:
        value = float(reading.values[bar])
        if not np.isfinite(value):
            continue
        price = reading.unit == "price"
        found.append(
            Fact(
                claim=reading.name,
                value=round(value / float(one.series.factor[bar]) if price else value, READING_DIGITS),
                unit="price" if price else reading.unit,
                source=f"{one.trades[strategy].strategy.name} on {one.bars.source} bars",
                as_of=one.bars.session(bar),
            )
        )
    return tuple(found)


def facts(
    one: SymbolHistory,
    bar: int,
    said: Said,
    leading: StrategyCall | None,
    record: Confidence | None,
    resolved: int,
    symbols: int,
    decision: Decision,
    regime: Regime,
) -> tuple[Fact, ...]:
    """The statements behind a signal, in the order a person would ask for them."""
    day, bars = one.bars.session(bar), f"{one.bars.source} bars"

    def fact(claim: str, value: float | int | str, unit: str, source: str) -> Fact:
        return Fact(claim=claim, value=value, unit=unit, source=source, as_of=day)

    found = [
        fact("last close", round(float(one.bars.close[bar]), PRICE_DIGITS), "price", bars),
        fact(
            "share of earlier calls of this strategy and direction that came true",
            said.base_rate,
            "probability",
            "track record",
        ),
        fact("earlier calls resolved, all strategies", resolved, "calls", "track record"),
        fact("symbols in the track record", symbols, "symbols", "track record"),
        fact("trend", regime.trend.value, "state", "regime rule"),
        fact("volatility", regime.volatility.value, "state", "regime rule"),
    ]
    if regime.annual_volatility is not None:
        found.append(fact("annualised 20-session volatility", regime.annual_volatility, "%", bars))
    if leading is not None and record is not None:
        found += [
            fact(f"record of {leading.strategy} calls this way", record.value, "probability", "track record"),
            fact(f"resolved {leading.strategy} calls this way", record.n, "calls", "track record"),
            fact("probability that the call comes true", said.probability, "probability", "fusion"),
        ]
        found += [
            fact(f"{note.source.value} evidence for the call", note.evidence, "evidence", f"weight {note.weight:g}")
            for note in said.sources
            if note.evidence is not None
        ]
    if decision.expected_value is not None and decision.needed is not None:
        found += [
            fact("expected value after costs", decision.expected_value, "R (stop distances)", "action rule"),
            fact("probability from which the rule would act", decision.needed, "probability", "action rule"),
        ]
    return tuple(found)


def flips(one: SymbolHistory, bar: int, leading: StrategyCall | None, p: Parameters) -> tuple[Flip, ...]:
    """Prices that would end the leading call or begin another, nearest to the last close first.

    The stop is any trade; the other levels are the *next* close at which the strategy's own condition turns, solved
    from its formula.
    """
    last = float(one.bars.close[bar])
    factor = float(one.series.factor[bar])
    direction = leading.direction if leading else Direction.NONE
    found: list[Flip] = []

    def add(level: float, above: bool, effect: str) -> None:
        quoted = round(level, PRICE_DIGITS)
        # A level the price has passed already cannot be what changes the call.
        if not np.isfinite(quoted) or quoted <= 0 or (quoted > last) != above:
            return
        side = "at or above" if above else "at or below"
        found.append(Flip(level=quoted, side=side, effect=effect, distance_percent=100 * (quoted / last - 1)))

    if leading and leading.stop is not None and direction.sign == 0:
        inside = direction is Direction.NEUTRAL
        effect = f"a close there in {leading.horizon_sessions} sessions {'loses' if inside else 'wins'} the bet"
        add(leading.stop, False, effect)
        add(leading.targets[0], True, effect)
    elif leading and leading.stop is not None:
        against_up = direction is Direction.SHORT
        add(leading.stop, against_up, "the stop trades and the call has failed")
        for level, effect in _turning_levels(leading.strategy, direction, one.series.close[: bar + 1], p):
            add(level / factor, against_up, effect)
    high, low = one.series.high[: bar + 1], one.series.low[: bar + 1]
    busy = f"on {p.breakout_volume_ratio:g} times the usual volume"
    if direction is not Direction.LONG:
        add(float(high[-p.breakout_length :].max()) / factor, True, f"a close there {busy} is a breakout up")
    if direction is not Direction.SHORT:
        add(float(low[-p.breakout_length :].min()) / factor, False, f"a close there {busy} is a breakout down")
    return tuple(sorted(found, key=lambda flip: abs(flip.distance_percent)))


def _turning_levels(
    strategy: str, direction: Direction, close: FloatArray, p: Parameters
) -> Iterator[tuple[float, str]]:
    """Next closes at which a strategy's condition stops holding, on the `Series` scale."""
    if strategy == "trend":
        yield from _trend_levels(close, p)
    elif strategy == "momentum" and len(close) >= p.momentum_roc_length:
        word = "rise" if direction is Direction.LONG else "fall"
        yield (
            float(close[-p.momentum_roc_length]),
            f"a close there ends the {p.momentum_roc_length}-session {word} that momentum needs",
        )


def _trend_levels(close: FloatArray, p: Parameters) -> Iterator[tuple[float, str]]:
    """Where the next close crosses the slow average, and where it makes the averages cross.

    With F and S the sums of the last fast - 1 and slow - 1 closes: c = (S + c) / slow gives c = S / (slow - 1);
    (F + c) / fast = (S + c) / slow gives c = (S / slow - F / fast) / (1 / fast - 1 / slow).
    """
    fast, slow = p.trend_fast, p.trend_slow
    if len(close) < slow:
        return
    fast_sum, slow_sum = float(close[-(fast - 1) :].sum()), float(close[-(slow - 1) :].sum())
    yield slow_sum / (slow - 1), f"a close there is beyond the {slow}-session average"
    yield (
        (slow_sum / slow - fast_sum / fast) / (1 / fast - 1 / slow),
        f"a close there makes the {fast}- and {slow}-session averages cross",
    )


def against(calls: Sequence[StrategyCall], direction: Direction) -> tuple[str, ...]:
    """Names of the active strategies that bet against a direction."""
    return tuple(call.strategy for call in calls if call.direction.sign * direction.sign < 0)
