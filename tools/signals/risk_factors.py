"""What argues for less size: each factor measured against a threshold, with its multiple of size.

The multiples of all factors found are multiplied, but never below `RiskRule.smallest`. An input that is None is not
known, and what is not known adds no factor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite, prod

from brokers.vocabulary import BadInput
from tools.signals.bars import FloatArray
from tools.signals.calls import Direction
from tools.signals.regime import RegimeRule, Trend
from tools.signals.signal import RiskFactor

EARNINGS = "earnings"


@dataclass(frozen=True, slots=True)
class RiskRule:
    """Every threshold, and beside it the multiple of size on its far side; multiples are in (0, 1]."""

    elevated_rank: float = RegimeRule().elevated
    """Share of the trailing year's volatility readings below the current one, from which it is elevated."""
    elevated_size: float = 0.75
    extreme_rank: float = RegimeRule().extreme
    extreme_size: float = 0.5625
    thin_volume: float = 0.5
    """Below this multiple of the usual volume, trading is thin."""
    thin_size: float = 0.75
    volume_length: int = 20
    """Sessions whose mean volume is the usual one."""
    trend_size: float = 0.75
    disagreement_size: float = 0.75
    earnings_size: float = 0.5
    """A gap at an announcement can pass the stop."""
    wide_spread: float = 0.002
    """Above this share of the price between bid and ask, half of it at entry and half at exit, trading is dear."""
    spread_size: float = 0.75
    opposed_tone: float = 0.3
    """From this news tone (0 to 1) against the call, sentiment is against it."""
    sentiment_size: float = 0.75
    crowded_share: float = 0.8
    """Above this share of the market's active calls betting the same way, the direction is crowded."""
    least_crowd: int = 5
    """With fewer active calls nothing is crowded."""
    crowded_size: float = 0.75
    smallest: float = 0.25
    """Multiples multiply, but not below this."""


@dataclass(frozen=True, slots=True)
class UpcomingEvent:
    """Something announced for a day."""

    kind: str
    """earnings | dividend | split; only earnings argue for less size."""
    day: date
    known_at: datetime
    """When the day became known; aware."""


@dataclass(frozen=True, slots=True)
class RiskInputs:
    """What is known of a call at `asof`, after the close of `session`. Raises `BadInput` for what cannot be."""

    direction: Direction
    session: date
    asof: datetime
    """Aware; events that became known later do not count."""
    horizon_end: date
    """Last session in which the call can resolve."""
    trend: Trend = Trend.SIDEWAYS
    volatility_rank: float | None = None
    """Share (0-1) of the trailing year's volatility readings below the current one."""
    volume_ratio: float | None = None
    """Volume of `session` over the usual one; see `volume_ratio`."""
    against: tuple[str, ...] = ()
    """Active strategies that bet the other way."""
    events: tuple[UpcomingEvent, ...] = ()
    spread: float | None = None
    """(ask - bid) / mid."""
    tone: float | None = None
    """How the news reads, -1 to 1."""
    active_calls: int = 0
    """Active calls in the market, this one among them."""
    same_way_calls: int = 0
    """How many of those bet in this call's direction."""

    def __post_init__(self) -> None:
        _check("volatility rank", self.volatility_rank, 0, 1)
        _check("volume ratio", self.volume_ratio, 0)
        _check("spread", self.spread, 0)
        _check("tone", self.tone, -1, 1)
        _check("number of calls the same way", self.same_way_calls, 0, self.active_calls)
        if self.horizon_end < self.session:
            raise BadInput(f"A horizon that ends on {self.horizon_end} is over on {self.session}.")
        if any(at.tzinfo is None for at in (self.asof, *(event.known_at for event in self.events))):
            raise BadInput("An instant without a time zone cannot be compared.", fix="Give instants in UTC.")


def risk_factors(inputs: RiskInputs, rule: RiskRule | None = None) -> tuple[RiskFactor, ...]:
    """What argues for less size, in a fixed order."""
    rule = rule or RiskRule()
    return (
        *_volatility(inputs, rule),
        *_thin_volume(inputs, rule),
        *_trend_against(inputs, rule),
        *_disagreement(inputs, rule),
        *_earnings_ahead(inputs, rule),
        *_wide_spread(inputs, rule),
        *_sentiment_against(inputs, rule),
        *_crowded(inputs, rule),
    )


def size_factor(factors: Sequence[RiskFactor], rule: RiskRule | None = None) -> float:
    """Product of the factors' multiples, not below `smallest`; 1 without any."""
    return max(prod((factor.size_factor for factor in factors), start=1.0), (rule or RiskRule()).smallest)


def size_told(factors: Sequence[RiskFactor], rule: RiskRule | None = None) -> str:
    """`size_factor` and its reasons in words, in whole per cent; the floor is named where it holds."""
    if not factors:
        return "full size: nothing argues for less"
    rule = rule or RiskRule()
    size = size_factor(factors, rule)
    reasons = [f"{_REASONS.get(factor.name, factor.name)} (×{factor.size_factor:g})" for factor in factors]
    told = f"{', '.join(reasons[:-1])} and {reasons[-1]}" if len(reasons) > 1 else reasons[0]
    product = size_factor(factors, RiskRule(smallest=0.0))
    floor = f"; together ×{product:.2g}, but never below ×{rule.smallest:g}" if product < rule.smallest else ""
    return f"reduce size by {100 * (1 - size):.0f} % because {told}{floor}"


def volume_ratio(volume: FloatArray, rule: RiskRule | None = None) -> float | None:
    """Last volume over the mean of the last `volume_length`, itself among them.

    `volume`: shape (sessions,), in shares, oldest first, ending with the session asked about. 0 where nothing was
    traded in all of them, None without a session.
    """
    recent = volume[-(rule or RiskRule()).volume_length :]
    if not len(recent):
        return None
    usual = float(recent.mean())
    return float(recent[-1]) / usual if usual > 0 else 0.0


_REASONS: Mapping[str, str] = {
    "elevated volatility": "volatility is elevated",
    "extreme volatility": "volatility is extreme",
    "thin volume": "volume is thin",
    "trend against": "the trend runs against the call",
    "strategies disagree": "strategies disagree",
    "earnings ahead": "earnings fall within the horizon",
    "wide spread": "the spread is wide",
    "sentiment against": "the news reads against the call",
    "crowded direction": "most calls bet the same way",
}


def _volatility(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    rank = inputs.volatility_rank
    if rank is None or rank < rule.elevated_rank:
        return
    extreme = rank >= rule.extreme_rank
    yield RiskFactor(
        name="extreme volatility" if extreme else "elevated volatility",
        claim="20-session volatility is high within the trailing year",
        value=rank,
        threshold=rule.extreme_rank if extreme else rule.elevated_rank,
        unit="share of the year below it",
        size_factor=rule.extreme_size if extreme else rule.elevated_size,
    )


def _thin_volume(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    if inputs.volume_ratio is not None and inputs.volume_ratio < rule.thin_volume:
        yield RiskFactor(
            name="thin volume",
            claim=f"volume over its {rule.volume_length}-session mean is low",
            value=inputs.volume_ratio,
            threshold=rule.thin_volume,
            unit="times",
            size_factor=rule.thin_size,
        )


def _trend_against(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    trend = {Trend.UP: 1, Trend.DOWN: -1}.get(inputs.trend, 0)
    if inputs.direction.sign * trend < 0:
        yield RiskFactor(
            name="trend against",
            claim=f"the trend is {inputs.trend}, the call bets the other way",
            value=float(trend),
            threshold=0.0,
            unit="sign of the trend",
            size_factor=rule.trend_size,
        )


def _disagreement(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    if inputs.against:
        verb = "bets" if len(inputs.against) == 1 else "bet"
        yield RiskFactor(
            name="strategies disagree",
            claim=f"{' and '.join(inputs.against)} {verb} the other way",
            value=float(len(inputs.against)),
            threshold=0.0,
            unit="strategies",
            size_factor=rule.disagreement_size,
        )


def _earnings_ahead(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    # A day is announced without its hour: earnings on the session's own day may still follow its close.
    days = [
        event.day
        for event in inputs.events
        if event.kind == EARNINGS
        and event.known_at <= inputs.asof
        and inputs.session <= event.day <= inputs.horizon_end
    ]
    if days:
        yield RiskFactor(
            name="earnings ahead",
            claim=f"earnings are due on {min(days)}, before the call's horizon ends on {inputs.horizon_end}",
            value=float((min(days) - inputs.session).days),
            threshold=float((inputs.horizon_end - inputs.session).days),
            unit="calendar days ahead",
            size_factor=rule.earnings_size,
        )


def _wide_spread(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    if inputs.spread is not None and inputs.spread > rule.wide_spread:
        yield RiskFactor(
            name="wide spread",
            claim="bid and ask are far apart",
            value=inputs.spread,
            threshold=rule.wide_spread,
            unit="share of the price",
            size_factor=rule.spread_size,
        )


def _sentiment_against(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    if inputs.tone is not None and -inputs.direction.sign * inputs.tone >= rule.opposed_tone:
        yield RiskFactor(
            name="sentiment against",
            claim=f"the news reads {'badly' if inputs.tone < 0 else 'well'}, the call bets the other way",
            value=inputs.tone,
            threshold=-inputs.direction.sign * rule.opposed_tone,
            unit="tone, -1 to 1",
            size_factor=rule.sentiment_size,
        )


def _crowded(inputs: RiskInputs, rule: RiskRule) -> Iterator[RiskFactor]:
    if inputs.direction is Direction.NONE or inputs.active_calls < max(rule.least_crowd, 1):
        return
    share = inputs.same_way_calls / inputs.active_calls
    if share > rule.crowded_share:
        yield RiskFactor(
            name="crowded direction",
            claim=f"{inputs.same_way_calls} of the market's {inputs.active_calls} active calls bet the same way",
            value=share,
            threshold=rule.crowded_share,
            unit="share of active calls",
            size_factor=rule.crowded_size,
        )


def _check(told: str, value: float | None, least: float, most: float | None = None) -> None:
    """Raise `BadInput` unless the value is unknown, or finite and within its bounds."""
    if value is not None and not (isfinite(value) and least <= value and (most is None or value <= most)):
        bounds = f"{least} to {most}" if most is not None else f"{least} or more"
        raise BadInput(f"A {told} of {value} cannot be.", fix=f"Give {bounds}, or None where it is not known.")
