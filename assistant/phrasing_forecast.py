"""Plain sentences about forecasts: how likely, how far, between which prices, and who says so."""

from __future__ import annotations

from assistant.phrasing_words import percent, price, signed_percent
from tools.market.forecast import ForecastResult, HorizonForecast, Opinion


def phrase_forecast(value: ForecastResult) -> str:
    """The horizon asked about first, the others in a line each, then who speaks and what is missing."""
    first = value.asked()
    others = [each for each in value.horizons if each.sessions != first.sessions]
    lines = "\n".join(f"- {_sessions(each)}: {_short(each)}" for each in others)
    low, high = first.quantiles[0], first.quantiles[-1]
    missing = f" {' '.join(part[:1].upper() + part[1:] for part in value.degraded)}" if value.degraded else ""
    notes = f" {' '.join(value.notes)}" if value.notes else ""
    return (
        f"**{value.symbol}** {price(value.last_close)}, {_sessions(first)} ahead: higher in "
        f"**{percent(100 * first.p_up)}** of cases (it was in {percent(100 * first.base_rate)} of its own "
        f"{first.base_n:,} past stretches), with a 90 % range of {price(low.price)} to {price(high.price)} "
        f"({signed_percent(low.return_percent)} to {signed_percent(high.return_percent)}) and an average move of "
        f"{percent(first.expected_move_percent)} either way.{notes}{missing}\n{lines}\n\n"
        f"{_who(first)} ({value.freshness.value}, close of {value.last_bar}; price returns, without dividends.)"
    )


def _sessions(of: HorizonForecast) -> str:
    return f"{of.sessions} session{'s' if of.sessions > 1 else ''}"


def _short(of: HorizonForecast) -> str:
    low, high = of.quantiles[0], of.quantiles[-1]
    return (
        f"higher in {percent(100 * of.p_up)}, 90 % range {price(low.price)} to {price(high.price)}, "
        f"average move {percent(of.expected_move_percent)} ({of.model})"
    )


def _who(of: HorizonForecast) -> str:
    spoken = next(each for each in of.opinions if each.model == of.model)
    sure = ""
    if spoken.coverage_90 is not None:
        inside = percent(100 * spoken.coverage_90)
        sure = f" On {spoken.scored_days:,} scored days, {inside} of outcomes fell inside its 90 % range."
    heard = "; ".join(_opinion(each) for each in of.opinions if each.model != of.model)
    also = f" The others say: {heard}." if heard else ""
    return f"The model is **{of.model}**: {of.why}.{sure}{also}"


def _opinion(of: Opinion) -> str:
    return (
        f"{of.model} {percent(100 * of.p_up)} up, {signed_percent(of.low_percent)} to {signed_percent(of.high_percent)}"
    )
