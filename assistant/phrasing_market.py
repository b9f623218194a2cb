"""Plain sentences about markets and signals."""

from __future__ import annotations

from assistant.phrasing_words import listed, percent, price, signed_percent
from tools.catalogue_market import QuotesResult, RecordResult, RegimeResult, SignalExplanation
from tools.market.compare import CompareResult
from tools.market.history import HistoryResult
from tools.market.quote import QuoteResult
from tools.market.statistic_kinds import Figure
from tools.market.statistics import StatisticResult
from tools.signals.calls import Direction
from tools.signals.engine import PastCall
from tools.signals.signal import RankedSignals, Signal


def phrase_quotes(value: QuotesResult) -> str:
    """Quotes, a line each."""
    return "\n".join(_quote(row) for row in value.rows)


def _quote(row: QuoteResult) -> str:
    change = ""
    if row.change_percent is not None:
        change = f", {signed_percent(row.change_percent, 2)} on the day"
    spread = ", spread modelled" if row.spread_modelled else ""
    return (
        f"**{row.symbol}** {price(row.last)}{change} (bid {price(row.bid)}, ask {price(row.ask)}{spread}; "
        f"{row.freshness.value}, close of {row.session}). Range {price(row.low)} to {price(row.high)}, "
        f"volume {row.volume:,}."
    )


def phrase_statistic(value: StatisticResult) -> str:
    """A statistic with its window and method."""
    figures = "; ".join(_figure(figure) for figure in value.figures)
    versus = f" against {value.versus}" if value.versus else ""
    window = f"on {value.end}" if value.start == value.end else f"{value.start} to {value.end}"
    notes = f" {' '.join(value.notes)}" if value.notes else ""
    method = value.method.rstrip(".")
    return f"**{value.symbol}**{versus}, {window}: {figures}. ({method}; {value.freshness.value}.){notes}"


def _figure(figure: Figure) -> str:
    on = f" on {figure.on}" if figure.on is not None else ""
    shown = f"{figure.value:,f} {figure.unit}".strip()
    return f"{figure.name} {shown}{on}"


def phrase_history(value: HistoryResult) -> str:
    """Where a symbol came from and went."""
    first, last = value.points[0], value.points[-1]
    return (
        f"**{value.symbol}** went from {price(first.close)} ({value.start}) to {price(last.close)} ({value.end}), "
        f"{signed_percent(value.change_percent, 2)}, over {len(value.points)} sessions ({value.freshness.value})."
    )


def phrase_compare(value: CompareResult) -> str:
    """Symbols side by side, best first."""
    rows = {row.symbol: row for row in value.rows}
    lines = [
        f"- **{symbol}**: return {signed_percent(rows[symbol].return_percent, 2)}, "
        f"volatility {percent(rows[symbol].volatility_percent, 2)}, "
        f"worst fall {percent(rows[symbol].drawdown_percent, 2)}"
        for symbol in value.ranking
    ]
    return f"{value.start} to {value.end}, best return first:\n" + "\n".join(lines)


def phrase_regime(value: RegimeResult) -> str:
    """Trend and volatility state."""
    regime = value.regime
    level = "" if regime.annual_volatility is None else f" ({percent(regime.annual_volatility)} a year)"
    return (
        f"**{value.symbol}** is in a {regime.trend.value} trend with {regime.volatility.value} volatility{level} "
        f"since {regime.since}."
    )


def phrase_signal(value: Signal) -> str:
    """One signal: what it says, how often such calls came true, and what to do with it."""
    call = value.leading
    if call is None or value.direction is Direction.NONE:
        return (
            f"**{value.symbol}** {price(value.last_price)}: no strategy is active, so there is nothing to act on. "
            f"{_regime(value)} ({value.freshness}, close of {value.session})"
        )
    targets = listed([price(target) for target in call.targets])
    stop = "no stop" if call.stop is None else f"stop {price(call.stop)}"
    risks = f" Against it: {'; '.join(risk.claim for risk in value.risk_factors)}." if value.risk_factors else ""
    strategy = call.strategy.replace("_", " ")
    return (
        f"**{value.symbol}** {price(value.last_price)}: **{value.direction.value}** on {strategy}, "
        f"entry {price(call.entry)}, targets {targets}, {stop}, within {call.horizon_sessions} sessions. "
        f"The first target comes before the stop in {percent(100 * value.probability)} of such cases "
        f"(all calls: {percent(100 * value.base_rate)}, n = {value.base_n:,}). "
        f"Action: **{value.action.value}** — {value.action_reason}. {_regime(value)}{risks}{_missing(value)} "
        f"({value.freshness}, close of {value.session}; call {call.call_id})"
    )


def _regime(value: Signal) -> str:
    return f"Trend {value.regime.trend.value}, volatility {value.regime.volatility.value}."


def _missing(value: Signal) -> str:
    return f" No evidence from {listed([source.value for source in value.missing])}." if value.missing else ""


def phrase_ranked(value: RankedSignals) -> str:
    """Every signal, best first, a line each."""
    lines = [_ranked(place, signal) for place, signal in enumerate(value.signals, 1)]
    lines += [f"- {missing.reason}" for missing in value.unavailable]
    return f"Signals ({value.rule}):\n" + "\n".join(lines)


def _ranked(place: int, signal: Signal) -> str:
    if signal.leading is None:
        return f"{place}. **{signal.symbol}**: wait, no strategy is active"
    worth = "" if signal.expected_value_r is None else f", expected {signal.expected_value_r:+.2f} R"
    return (
        f"{place}. **{signal.symbol}**: {signal.action.value} ({signal.direction.value}, "
        f"{signal.leading.strategy.replace('_', ' ')}), {percent(100 * signal.probability)} "
        f"against {percent(100 * signal.base_rate)}{worth}"
    )


def phrase_explanation(value: SignalExplanation) -> str:
    """Why: the facts, the terms that add up, the record and what would change it."""
    signal = value.signal
    if signal.leading is None:
        return phrase_signal(signal)
    facts = "\n".join(
        f"- {fact.claim}: {_value(fact.value)} {_unit(fact.unit)}".rstrip() for fact in signal.leading.facts
    )
    terms = signal.parts.model_dump()
    sum_of = ", ".join(f"{name} {number:+.2f}" for name, number in terms.items() if number or name == "base")
    flips = "\n".join(
        f"- {price(flip.level)} or {flip.side.removeprefix('at or ')}: {flip.effect}" for flip in signal.flips[:3]
    )
    missing = _missing(signal).strip()
    return (
        f"**{signal.symbol}** is {signal.direction.value} because of "
        f"{signal.leading.strategy.replace('_', ' ')} at the close of {signal.session}:\n{facts}\n\n"
        f"The {percent(100 * signal.probability)} is the sum of these terms in log-odds: {sum_of}. {missing} "
        f"It rests on {signal.leading.confidence_basis}.{_lately(value.record)}\n\n"
        f"What would change it:\n{flips}"
    )


def _lately(record: tuple[PastCall, ...]) -> str:
    done = [call for call in record if call.outcome is not None]
    if not done:
        return ""
    hits = sum(1 for call in done if call.outcome == 1)
    return f" Of its last {len(done)} resolved calls on this symbol, {hits} reached the target."


def _value(value: float | int | str) -> str:
    return value if isinstance(value, str) else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _unit(unit: str) -> str:
    return "" if unit in ("price", "index 0-100", "state") else unit


def phrase_record(value: RecordResult) -> str:
    """How earlier calls did, beside the base rate."""
    scores = value.scores
    lines = [
        f"- {score.strategy.replace('_', ' ')} {score.direction.value}: {percent(100 * score.hit_rate)} of "
        f"{score.calls:,} calls, {score.mean_result_r:+.2f} R on average; Brier {score.brier:.4f} "
        f"(base rate {score.brier_base:.4f})"
        for score in scores.by_strategy
    ]
    return (
        f"Walk-forward to {scores.asof}, {scores.calls:,} resolved calls on {listed(list(scores.symbols))}: "
        f"{percent(100 * scores.hit_rate)} reached the first target before the stop. "
        f"Brier {scores.brier:.4f} against {scores.brier_base:.4f} for the base rate alone.\n" + "\n".join(lines)
    )
