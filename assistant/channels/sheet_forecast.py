"""The picture of a forecast: a fan of prices ahead of the last closes, and every forecaster's figures beside it."""

from __future__ import annotations

from assistant.channels.sheet import Column, Figure, Kind, Sheet, Table, cell, row
from assistant.channels.sheet_market import titled
from tools.market.forecast import ForecastResult, HorizonForecast

BANDS = ((0.05, 0.95), (0.2, 0.8), (0.4, 0.6))
"""Central shares of the outcomes that are drawn, widest first, by their outer levels."""


def forecast(value: ForecastResult) -> Sheet:
    """The horizon asked about as figures, every horizon as a row, every forecaster as a row with its record."""
    asked = value.asked()
    low, high = asked.quantiles[0], asked.quantiles[-1]
    return Sheet(
        title=f"{titled(value.symbol, value.name)}: forecast",
        currency=value.currency,
        source=f"{value.freshness.value} · {value.source}",
        as_of=value.last_bar.isoformat(),
        figures=(
            Figure("Last close", cell(value.last_close), Kind.PRICE, value.currency),
            Figure(
                f"Higher in {_ahead(asked)}",
                cell(asked.p_up),
                Kind.SHARE,
                f"it was in {asked.base_rate:.0%} of {asked.base_n:,} past stretches",
            ),
            Figure("90 % of outcomes from", cell(low.price), Kind.PRICE, f"{low.return_percent:+} %"),
            Figure("to", cell(high.price), Kind.PRICE, f"{high.return_percent:+} %"),
            Figure("Average move", cell(asked.expected_move_percent), Kind.PERCENT, "either way"),
            Figure("Model", asked.model, Kind.TEXT, "" if value.trained_through is None else _trained(value)),
        ),
        tables=(_horizons(value), _forecasters(value)),
        remarks=(
            *value.degraded,
            *value.notes,
            *(f"{_ahead(each)}: {each.why}" for each in value.horizons),
            "Price returns, without dividends.",
        ),
    )


def card(value: ForecastResult) -> dict[str, object]:
    """What `public/elements/ForecastCard.jsx` is drawn from: the sheet, the last closes and the bands."""
    start = [0, *([cell(value.last_close)] * (2 * len(BANDS) + 1))]
    return {
        **forecast(value).props(),
        "recent": [[point.session.isoformat(), cell(point.close)] for point in value.recent],
        "fan": [start, *(_fan(each) for each in value.horizons)],
        "bands": [round(100 * (high - low)) for low, high in BANDS],
        "asked": value.asked().sessions,
    }


def _fan(of: HorizonForecast) -> list[object]:
    """Sessions ahead, then low and high of every band, then the median: prices as text."""
    prices = {point.level: cell(point.price) for point in of.quantiles}
    return [of.sessions, *(prices[level] for band in BANDS for level in band), prices[0.5]]


def _horizons(value: ForecastResult) -> Table:
    columns: tuple[Column, ...] = (
        ("Ahead", Kind.TEXT),
        ("Higher", Kind.SHARE),
        ("Was so far", Kind.SHARE),
        ("5 %", Kind.PRICE),
        ("Median", Kind.PRICE),
        ("95 %", Kind.PRICE),
        ("Move", Kind.PERCENT),
        ("Model", Kind.TEXT),
    )
    rows = [
        row(
            _ahead(each),
            each.p_up,
            each.base_rate,
            each.quantiles[0].price,
            each.quantiles[len(each.quantiles) // 2].price,
            each.quantiles[-1].price,
            each.expected_move_percent,
            each.model,
        )
        for each in value.horizons
    ]
    return Table("Every horizon", columns, tuple(rows))


def _forecasters(value: ForecastResult) -> Table:
    asked = value.asked()
    columns: tuple[Column, ...] = (
        ("Model", Kind.TEXT),
        ("Higher", Kind.SHARE),
        ("5 %", Kind.SIGNED_PERCENT),
        ("95 %", Kind.SIGNED_PERCENT),
        ("Pinball, bp", Kind.COUNT),
        ("In its 90 %", Kind.SHARE),
        ("Scored days", Kind.COUNT),
    )
    rows = [
        row(
            each.model,
            each.p_up,
            each.low_percent,
            each.high_percent,
            each.pinball_bp,
            each.coverage_90,
            each.scored_days,
        )
        for each in asked.opinions
    ]
    return Table(f"Who says what about {_ahead(asked)}, and how each did before", columns, tuple(rows))


def _ahead(of: HorizonForecast) -> str:
    return f"{of.sessions} session{'s' if of.sessions > 1 else ''}"


def _trained(value: ForecastResult) -> str:
    return f"trained through {value.trained_through:%Y-%m-%d}"
