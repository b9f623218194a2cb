"""The one signal a symbol has: the values a tool returns, a card shows and a ledger keeps. Plain JSON, units told."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from math import fsum
from typing import Literal

from brokers.vocabulary import Value
from tools.signals.calls import Direction, Fact, StrategyCall
from tools.signals.options import OptionIdea
from tools.signals.regime import Regime


class Source(StrEnum):
    """Where evidence comes from."""

    TECHNICAL = "technical"
    SENTIMENT = "sentiment"
    FORECAST = "forecast"
    NEWS = "news"
    REGIME = "regime"


class Parts(Value):
    """Additive terms of the shown probability, in log-odds; a missing source's term is exactly 0."""

    base: float
    """logit(base rate)."""
    technical: float = 0.0
    sentiment: float = 0.0
    forecast: float = 0.0
    news: float = 0.0
    regime: float = 0.0
    calibration: float = 0.0
    """The step from the fused to the shown log-odds."""

    @property
    def total(self) -> float:
        """Sum of all terms: the log-odds of the shown probability."""
        return fsum(self.model_dump().values())


class SourceNote(Value):
    """What one source says of a call, and what that is worth."""

    source: Source
    evidence: float | None
    """In favour of the call if positive, in the source's own units; None where it says nothing."""
    weight: float
    """Fitted on calls resolved earlier; 0 for a source that added nothing."""
    term: float
    """evidence * weight: what it adds to the log-odds."""
    why: str
    """Why it has this weight, in words."""


class Action(StrEnum):
    """What the documented rule recommends; see `decision`."""

    BUY = "buy"
    SELL = "sell"
    """Sell what is held or, where allowed, sell short."""
    REDUCE = "reduce"
    WAIT = "wait"
    AVOID = "avoid"


class RiskFactor(Value):
    """Something that argues for less size: what was measured, against which threshold, and its multiple of size."""

    name: str
    claim: str
    value: float
    threshold: float
    unit: str
    size_factor: float


class Flip(Value):
    """A price at which the call, and with it the action, would change; in the instrument's currency."""

    level: float
    side: Literal["at or below", "at or above"]
    effect: str
    distance_percent: float
    """From the last close; negative below it."""


class Signal(Value):
    """All evidence on one symbol after the close of `session`, as one direction and one calibrated probability.

    With direction `none` no strategy is active: `probability` is then the base rate of all calls, a fact about the
    market and not about this symbol, `leading` is None, and the action is to wait. A neutral or volatile call has its
    lower breakeven as `stop` and its upper one as the only target.
    """

    call_id: str
    """Stable for (symbol, session, version): what "this one" refers to."""
    symbol: str
    session: date
    last_price: float
    """Close of `session`, in the instrument's currency."""
    direction: Direction
    probability: float
    """P(the leading call comes true), in [0.01, 0.99]: that its first target trades before its stop and within its
    horizon; of a neutral (volatile) call, that the close at the horizon lies inside (outside) of its breakevens."""
    confidence_breakdown: Parts
    missing: tuple[Source, ...]
    """Sources that said nothing; their terms are exactly 0."""
    sources: tuple[SourceNote, ...]
    """Every source, in the order of `Source`."""
    calibration: str
    """Which calibrator made the last step, and why that one."""
    base_rate: float
    """Share of earlier calls of the leading strategy and direction that came true, shrunk to that of all strategies."""
    base_n: int
    """Calls resolved before `session`, all strategies and symbols."""
    option: OptionIdea | None
    """The option strategy that expresses the call; it has no legs or prices until a chain is known."""
    leading: StrategyCall | None
    """The call whose entry, targets, stop and horizon the signal stands for."""
    strategies: tuple[StrategyCall, ...]
    """Every strategy's word, active or not."""
    action: Action
    action_reason: str
    """The rule's inequality with its numbers."""
    expected_value_r: float | None
    """probability * expected gain - (1 - probability) * expected loss - costs, in stop distances (R)."""
    reward_to_risk: float | None
    """Distance of the first target over distance of the stop, from the entry."""
    expected_loss_r: float | None
    """Mean loss of the failed calls of the leading kind (a time-out loses less than the stop), in R."""
    cost_r: float | None
    """Modelled round-trip cost in R."""
    needed_probability: float | None
    """The probability from which the rule would act on the leading call."""
    size_factor: float
    """Product of the risk factors' multiples, for whoever sizes a position."""
    regime: Regime
    facts: tuple[Fact, ...]
    risk_factors: tuple[RiskFactor, ...]
    flips: tuple[Flip, ...]
    """Nearest first."""
    source: str
    freshness: str
    version: str


class UnavailableSignal(Value):
    """A symbol that has no signal, and why."""

    symbol: str
    reason: str
    """A sentence: "The X signal is unavailable, because ..."."""


class RankedSignals(Value):
    """Signals, best first."""

    rule: str
    """The order, in words."""
    signals: tuple[Signal, ...]
    unavailable: tuple[UnavailableSignal, ...]


class Likeness(Value):
    """How resolved calls did that were given about the same probability as one now."""

    calls: int
    said: float
    """Their mean probability."""
    came_true: float | None
    """Share that came true; None without any."""
    interval: tuple[float, float] | None
    """95 % Wilson interval, overlapping calls counted as the fewer independent ones they are worth."""
    within: float
    """How far from the probability asked about theirs were at most."""


class StrategyScore(Value):
    """Walk-forward record of the calls that one strategy led in one direction."""

    strategy: str
    direction: Direction
    calls: int
    """Resolved calls."""
    independent_calls: float
    """What the overlapping calls are worth."""
    hit_rate: float
    mean_result_r: float | None
    """Mean profit or loss in R, before costs; None for bets on a range, which have no stop."""
    brier: float
    """Of the probability each call had when it was made."""
    brier_base: float
    """Of the base rate as it was when each call was made."""


class Scores(Value):
    """Walk-forward scores over every resolved call; each probability knew only what was resolved before its session."""

    asof: date
    symbols: tuple[str, ...]
    calls: int
    hit_rate: float
    brier: float
    brier_base: float
    by_strategy: tuple[StrategyScore, ...]
    weights: tuple[SourceNote, ...]
    """What each source is worth at the last fit; `evidence` and `term` belong to no call and are empty."""
    version: str
