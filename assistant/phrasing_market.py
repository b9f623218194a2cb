"""Plain sentences about markets."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.phrasing_words import percent, price, signed_percent
from tools.catalogue_market import QuotesResult, RegimeResult
from tools.market.compare import CompareResult
from tools.market.history import HistoryResult
from tools.market.quote import QuoteResult
from tools.market.statistic_kinds import Figure
from tools.market.statistics import StatisticResult
from tools.signals.regime import RegimeChange, Trend


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
        f"**{value.symbol}** is in {'an' if regime.trend is Trend.UP else 'a'} {regime.trend.value} trend with "
        f"{regime.volatility.value} volatility{level} since {regime.since}.{_changes(value.changes[:_TOLD_CHANGES])}"
    )


_TOLD_CHANGES = 2


def _changes(changes: Sequence[RegimeChange]) -> str:
    """The last changes of state, newest first, as one sentence; "" where there was none."""
    told = "; ".join(f"{_change(one)} on {one.session}" for one in changes)
    return f" Last {'change' if len(changes) == 1 else 'changes'}: {told}." if told else ""


def _change(one: RegimeChange) -> str:
    said: list[str] = []
    if one.trend is not one.trend_before:
        said.append(f"trend from {one.trend_before.value} to {one.trend.value}")
    if one.volatility is not one.volatility_before:
        said.append(f"volatility from {one.volatility_before.value} to {one.volatility.value}")
    return " and ".join(said)
