"""Fusion: evidence from many sources added up in log-odds, each source with a weight fitted on what came before.

    logit(p) = base + w_technical x_technical + w_sentiment x_sentiment + ... + calibration

base = logit(base rate of the leading strategy's family). The x are what each source says in favour of the call, NaN
where it says nothing; such a term is exactly 0. A source is admitted only if, walk-forward, adding it alone to the base
rate has saved more log loss than `least_errors` standard errors of that saving; otherwise its weight is exactly 0. The
weights of those admitted are fitted together by ridge logistic regression (Le Cessie and van Houwelingen 1992) with the
base as offset: minimise sum of log loss + sum of (w / deviation)^2 / 2, the log loss scaled to the worth of overlapping
calls. A weight stays within [0, 1]: evidence is never turned round and never counted more than once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.forecast_record import standard_error
from tools.signals.bars import BoolArray, FloatArray, IntArray
from tools.signals.evidence import FORECAST_SESSIONS, Evidence
from tools.signals.signal import Source
from tools.signals.table import SourceWeight

LEAST, MOST = 0.01, 0.99
"""A shown probability stays within these."""
SOURCES: tuple[Source, ...] = tuple(Source)
_STEPS = 25
_DIGITS = 6
"""Decimals of a weight: fewer than what the order of a sum could change."""


@dataclass(frozen=True, slots=True)
class FusionRule:
    """Every number of the fusion."""

    deviation: Mapping[Source, float] = field(
        default_factory=lambda: {
            Source.TECHNICAL: 0.5,
            Source.SENTIMENT: 0.5,
            Source.FORECAST: 0.5,
            Source.NEWS: 0.5,
            Source.REGIME: 0.3,
        }
    )
    """Prior standard deviation of each weight around 0: how far the fit may go before evidence must carry it."""
    least_months: int = 12
    """Months of resolved calls without which no source is admitted."""
    least_errors: float = 3.0
    """Standard errors by which the gain of a source must be above 0: it is tested again every quarter, and what seems
    to help for a while in one market is what fails in the next."""
    block_months: int = 3
    """Months drawn together by the bootstrap: calls of neighbouring months overlap."""


def logits(probability: FloatArray) -> FloatArray:
    """log(p / (1 - p)) of probabilities in (0, 1)."""
    return np.log(probability / (1 - probability))


def sigmoids(log_odds: FloatArray) -> FloatArray:
    """The probabilities of log-odds, without overflow at either end."""
    small = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1 / (1 + small), small / (1 + small))


def log_losses(log_odds: FloatArray, outcome: FloatArray) -> FloatArray:
    """-log of the probability given to what came true, one a call."""
    return np.logaddexp(0.0, np.where(outcome > 0.5, -log_odds, log_odds))


def beside(evidence: Evidence, bars: IntArray, sign: FloatArray, horizon: IntArray) -> dict[Source, FloatArray]:
    """What sentiment, forecast and news say in favour of calls at `bars`; NaN where they say nothing.

    sentiment = sign * tone * weight / (weight + 1); forecast = sign * logit(P(up)) at the longest horizon not beyond
    the call's own; news = sign * impact. A call that bets on no direction (sign 0) hears none of them.
    """
    toward = np.where(sign == 0, np.nan, sign)
    weight = evidence.tone_weight[bars]
    reach = np.maximum(np.searchsorted(FORECAST_SESSIONS, horizon, side="right") - 1, 0)
    up = np.clip(evidence.p_up[bars, reach], 0.05, 0.95)
    return {
        Source.SENTIMENT: toward * evidence.tone[bars] * weight / (weight + 1),
        Source.FORECAST: toward * logits(up),
        Source.NEWS: toward * evidence.impact[bars],
    }


def ridge(offset: FloatArray, evidence: FloatArray, outcome: FloatArray, worth: float, tau: FloatArray) -> FloatArray:
    """Weights of `evidence` (calls, sources; 0 where nothing was said), by Newton's method from 0.

    `worth` scales the log loss: what one of the overlapping calls is worth. `tau` are the prior deviations.
    """
    weights = np.zeros(len(tau))
    precision = np.asarray(1 / tau**2, dtype=np.float64)
    for _ in range(_STEPS):
        # Sums, not matrix products: a linear-algebra library's threads cost more than so few columns are worth.
        p = sigmoids(offset + (evidence * weights).sum(axis=1))
        missed = np.asarray((evidence * (p - outcome)[:, None]).sum(axis=0), dtype=np.float64)
        slope = worth * missed + precision * weights
        bent: FloatArray = np.einsum("ij,ik->jk", evidence * (p * (1 - p))[:, None], evidence)
        curve = worth * bent + np.diag(precision)
        step = np.asarray(np.linalg.solve(curve, slope), dtype=np.float64)
        weights -= step
        if np.abs(step).max() < 1e-10:
            break
    return np.round(np.clip(weights, 0.0, 1.0), _DIGITS)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The calls resolved before a boundary, in the order of the table."""

    offset: FloatArray
    """logit(base rate), as it was said."""
    evidence: FloatArray
    """Shape (calls, sources); 0 where a source said nothing."""
    spoke: BoolArray
    """Which sources said something, of the same shape."""
    outcome: FloatArray
    worth: float
    """Independent calls over calls."""
    month: IntArray
    """Month of each call, counted from 1970."""
    gain: FloatArray
    """Log loss that each source alone saved on each call, with the weight it had then; NaN where it had none or said
    nothing; of the shape of `evidence`."""


def alone(known: Known, rule: FusionRule) -> FloatArray:
    """The weight each source would have if it were the only one."""
    found = np.zeros(len(SOURCES))
    for place, source in enumerate(SOURCES):
        spoke = known.spoke[:, place]
        if spoke.any():
            column = known.evidence[spoke, place : place + 1]
            tau = np.array([rule.deviation[source]])
            found[place] = ridge(known.offset[spoke], column, known.outcome[spoke], known.worth, tau)[0]
    return found


def weigh(known: Known, rule: FusionRule, allowed: Sequence[Source]) -> tuple[SourceWeight, ...]:
    """The weight of every source, in the order of `SOURCES`; those not `allowed` are left out."""
    judged = [_judged(known, place, rule) for place in range(len(SOURCES))]
    admitted = [place for place, (_, _, _, why) in enumerate(judged) if why == _ADMITTED and SOURCES[place] in allowed]
    weights = np.zeros(len(SOURCES))
    if admitted:
        tau = np.array([rule.deviation[SOURCES[place]] for place in admitted])
        weights[admitted] = ridge(known.offset, known.evidence[:, admitted], known.outcome, known.worth, tau)
    return tuple(
        SourceWeight(
            source=source,
            weight=float(weights[place]),
            gain=gain,
            error=error,
            months=months,
            why=why if source in allowed else "left out of this walk",
        )
        for place, (source, (gain, error, months, why)) in enumerate(zip(SOURCES, judged, strict=True))
    )


_ADMITTED = "adding it saved log loss on later calls"


def _judged(known: Known, place: int, rule: FusionRule) -> tuple[float, float, int, str]:
    """Mean gain, its standard error, the months behind them, and the verdict on one source."""
    if not known.spoke[:, place].any():
        return float("nan"), float("nan"), 0, "it has said nothing yet"
    gains = known.gain[:, place]
    scored = np.isfinite(gains)
    months, which = np.unique(known.month[scored], return_inverse=True)
    if len(months) < rule.least_months:
        return float("nan"), float("nan"), len(months), f"only {len(months)} of {rule.least_months} months are scored"
    monthly = np.bincount(which, weights=gains[scored]) / np.bincount(which)
    gain, error = float(monthly.mean()), standard_error(monthly, block=rule.block_months)
    if gain > rule.least_errors * error:
        return gain, error, len(months), _ADMITTED
    return gain, error, len(months), "adding it has not saved log loss on later calls beyond chance"
