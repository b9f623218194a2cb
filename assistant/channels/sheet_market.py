"""The sheets of the market's results: a quote, a statistic, a stretch of history, symbols side by side."""

from __future__ import annotations

from assistant.channels.sheet import Column, Figure, Kind, Sheet, Table, cell, row
from tools.catalogue_market import QuotesResult
from tools.market.compare import CompareResult
from tools.market.history import HistoryResult
from tools.market.quote import QuoteResult
from tools.market.statistics import Statistic, StatisticResult

SIGNED = frozenset(
    {
        Statistic.CHANGE,
        Statistic.RETURN,
        Statistic.RELATIVE_RETURN,
        Statistic.MOMENTUM,
        Statistic.DRAWDOWN,
        Statistic.WORST_DAY,
    }
)
"""Statistics whose per cents are gains or losses."""


def quote(value: QuoteResult) -> Sheet:
    """Bid, ask and last with the session they belong to."""
    change = None if value.change_percent is None else cell(value.change_percent)
    return Sheet(
        title=titled(value.symbol, value.name),
        currency=value.currency,
        source=f"{value.freshness.value} · {value.source}",
        as_of=value.at.isoformat(),
        figures=(
            Figure("Last", cell(value.last), Kind.PRICE, value.currency),
            Figure("On the day", change, Kind.SIGNED_PERCENT, f"previous close {value.previous_close}"),
            Figure("Bid", cell(value.bid), Kind.PRICE, "modelled around the close" if value.spread_modelled else ""),
            Figure("Ask", cell(value.ask), Kind.PRICE, "modelled around the close" if value.spread_modelled else ""),
            Figure("Open", cell(value.open), Kind.PRICE),
            Figure("High", cell(value.high), Kind.PRICE),
            Figure("Low", cell(value.low), Kind.PRICE),
            Figure("Volume", value.volume, Kind.COUNT, "shares"),
        ),
    )


def quotes(value: QuotesResult) -> Sheet:
    """One quote in full, or several side by side."""
    if len(value.rows) == 1:
        return quote(value.rows[0])
    columns: tuple[Column, ...] = (
        ("Symbol", Kind.TEXT),
        ("Last", Kind.PRICE),
        ("On the day", Kind.SIGNED_PERCENT),
        ("Bid", Kind.PRICE),
        ("Ask", Kind.PRICE),
        ("Volume", Kind.COUNT),
        ("Source", Kind.TEXT),
    )
    rows = tuple(
        row(
            one.symbol,
            one.last,
            one.change_percent,
            one.bid,
            one.ask,
            one.volume,
            f"{one.freshness.value} · {one.source}",
        )
        for one in value.rows
    )
    return Sheet(title="Quotes", as_of=value.as_of.isoformat(), tables=(Table("", columns, rows),))


def statistic(value: StatisticResult) -> Sheet:
    """A statistic with its window and method."""
    versus = f" against {value.versus}" if value.versus else ""
    return Sheet(
        title=f"{titled(value.symbol, value.name)}: {value.statistic.value.replace('_', ' ')}{versus}",
        source=f"{value.freshness.value} · {value.source} · {value.sessions} sessions",
        as_of=value.end.isoformat(),
        figures=tuple(
            Figure(
                one.name[:1].upper() + one.name[1:],
                cell(one.value),
                _kind(one.unit, signed=value.statistic in SIGNED),
                " ".join(part for part in (_unit(one.unit), one.on.isoformat() if one.on else "") if part),
            )
            for one in value.figures
        ),
        remarks=(value.method, *value.notes),
    )


def history(value: HistoryResult) -> Sheet:
    """Closes as a line, with the change over the window."""
    last = value.points[-1] if value.points else None
    return Sheet(
        title=titled(value.symbol, value.name),
        currency=value.currency,
        source=f"{value.freshness.value} · {value.source} · {len(value.points)} sessions",
        as_of=value.end.isoformat(),
        figures=(
            Figure("Close", None if last is None else cell(last.close), Kind.PRICE, value.currency),
            Figure("Change", cell(value.change_percent), Kind.SIGNED_PERCENT, "dividends not counted"),
        ),
        line=tuple((point.session.isoformat(), f"{point.close:f}") for point in value.points),
        remarks=value.notes,
    )


def compare(value: CompareResult) -> Sheet:
    """Symbols side by side over their common window, best return first."""
    columns: tuple[Column, ...] = (
        ("Symbol", Kind.TEXT),
        ("Return", Kind.SIGNED_PERCENT),
        ("Price change", Kind.SIGNED_PERCENT),
        ("Volatility", Kind.PERCENT),
        ("Drawdown", Kind.SIGNED_PERCENT),
        ("Correlation", Kind.COUNT),
        ("Close", Kind.PRICE),
    )
    place = {symbol: index for index, symbol in enumerate(value.ranking)}
    rows = tuple(
        row(
            one.symbol,
            one.return_percent,
            one.change_percent,
            one.volatility_percent,
            one.drawdown_percent,
            one.correlation,
            one.close,
        )
        for one in sorted(value.rows, key=lambda one: place.get(one.symbol, len(place)))
    )
    return Sheet(
        title="Side by side",
        source=f"{value.sessions} sessions from {value.start.isoformat()}",
        as_of=value.end.isoformat(),
        tables=(Table("", columns, rows),),
        remarks=value.notes,
    )


def titled(symbol: str, name: str) -> str:
    """A symbol with its name, where it has one."""
    return f"{symbol} · {name}" if name and name != symbol else symbol


def _kind(unit: str, *, signed: bool) -> Kind:
    if unit == "%":
        return Kind.SIGNED_PERCENT if signed else Kind.PERCENT
    return Kind.PRICE if _is_currency(unit) else Kind.COUNT


def _unit(unit: str) -> str:
    return "" if unit == "%" else unit


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()
