"""What the Temporal Fusion Transformer is shown of a history: the same numbers in training and in serving.

One window per origin `t`, the last known close:

* `past`: the last `INPUT` daily log returns, each divided by the volatility known the session before;
* `covariates`: volatility, range, volume, momentum and the market over the same sessions;
* `calendar`: weekday, place in the quarter, days without trading, and how far ahead, for the sessions of the window and
  for the days 1, 5 and 20 sessions after `t` (weekdays: exchange holidays are not counted);
* the answer is the cumulative log return to the close `h` sessions later, divided by `sigma(t) * sqrt(h)`.

Everything at `t` rests on bars up to `t`, and on no more than `MEMORY` of them: a longer history gives the same window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.forecast import HORIZONS, Days, History
from models.quantiles import Floats

Single = NDArray[np.float32]

INPUT = 60
"""Sessions a window looks back."""
DECAY = 0.94
"""Daily decay of the exponentially weighted variance (RiskMetrics)."""
REACH = 120
"""Sessions the weighted variance looks back; what is left out weighs less than a thousandth."""
MEMORY = INPUT + REACH + 2
"""Bars before and at `t` that its window depends on."""
COVARIATES = (
    "volatility",
    "volatility against its level",
    "range",
    "volume",
    "momentum",
    "market",
    "market volatility",
)
CALENDAR = ("weekday", "quarter, sine", "quarter, cosine", "days without trading", "how far ahead")
CLIP = 8.0
"""Standard deviations beyond which a return is only “very large”."""
_LEAST_SIGMA = 1e-4
_QUARTER = 365.25 / 4


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Everything a window is cut from, one row a bar."""

    returns: Floats
    """Daily log return; 0 for the first bar."""
    sigma: Floats
    """Daily volatility known at the close."""
    past: Single
    """Shape (bars, 1)."""
    covariates: Single
    """Shape (bars, len(COVARIATES)), before the scaler."""
    calendar: Single
    """Shape (bars, len(CALENDAR))."""


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of one or more origins, stacked; what darts calls each is in brackets."""

    past: Single
    """[past_target] (origins, INPUT, 1)"""
    covariates: Single
    """[past_covariates] (origins, INPUT, covariates)"""
    calendar: Single
    """[historic_future_covariates] (origins, INPUT, calendar)"""
    ahead: Single
    """[future_covariates] (origins, horizons, calendar)"""


@dataclass(frozen=True, slots=True)
class Scaler:
    """Mean and deviation of each past covariate over the training rows."""

    mean: tuple[float, ...]
    deviation: tuple[float, ...]

    @classmethod
    def fitted(cls, rows: Single) -> Scaler:
        """The scaler of rows of shape (rows, covariates)."""
        flat = rows.reshape(-1, rows.shape[-1]).astype(np.float64)
        deviation = np.maximum(flat.std(axis=0), 1e-3)
        return cls(
            tuple(round(float(value), 6) for value in flat.mean(axis=0)),
            tuple(round(float(value), 6) for value in deviation),
        )

    def scaled(self, rows: Single) -> Single:
        """Rows with mean 0 and deviation 1 over the training data, cut at `CLIP`."""
        mean, deviation = np.array(self.mean, dtype=np.float32), np.array(self.deviation, dtype=np.float32)
        return np.clip((rows - mean) / deviation, -CLIP, CLIP)


def series(of: History) -> Series:
    """The rows of a history."""
    returns = np.diff(np.log(of.close), prepend=np.log(of.close[0]))
    sigma = _volatility(returns)
    before = np.concatenate([sigma[:1], sigma[:-1]])
    level = np.sqrt(_mean(returns**2, REACH))
    market = _volatility(of.market)
    market_before = np.concatenate([market[:1], market[:-1]])
    span = np.log(of.high / of.low) / (1.67 * sigma)  # a random walk's mean range is about 1.67 deviations
    columns = (
        np.log(sigma),
        np.log(sigma / np.maximum(level, _LEAST_SIGMA)),
        np.log(np.maximum(span, 0.05)),
        np.log((of.volume + 1) / (_mean(of.volume, INPUT) + 1)),
        _sum(returns, 20) / (sigma * np.sqrt(20)),
        np.clip(of.market / market_before, -CLIP, CLIP),
        np.log(market),
    )
    days = of.sessions.astype(np.int64)
    idle = np.clip(np.diff(days, prepend=days[0] - 1) - 1, 0, 5)
    return Series(
        returns=returns,
        sigma=sigma,
        past=np.clip(returns / before, -CLIP, CLIP)[:, None].astype(np.float32),
        covariates=np.stack(columns, axis=1).astype(np.float32),
        calendar=_calendar(of.sessions, idle, 0),
    )


def windows(of: History, rows: Series, origins: NDArray[np.int64], scaler: Scaler) -> Windows:
    """The windows of some origins, each at least `INPUT` bars into the history."""
    reach = origins[:, None] + np.arange(1 - INPUT, 1)
    return Windows(
        past=rows.past[reach],
        covariates=scaler.scaled(rows.covariates)[reach],
        calendar=rows.calendar[reach],
        ahead=np.stack([_upcoming(of.sessions[origins], horizon) for horizon in HORIZONS], axis=1),
    )


def last_windows(histories: Sequence[History], rows: Sequence[Series], scaler: Scaler) -> Windows:
    """The windows of several histories at their last bars: what `windows` says of each, computed together."""
    return Windows(
        past=np.stack([each.past[-INPUT:] for each in rows]),
        covariates=scaler.scaled(np.stack([each.covariates[-INPUT:] for each in rows])),
        calendar=np.stack([each.calendar[-INPUT:] for each in rows]),
        ahead=np.stack([_after(each.last_bar) for each in histories]),
    )


def stacked(parts: Sequence[Windows]) -> Windows:
    """The windows of several histories after one another."""
    return Windows(
        np.concatenate([part.past for part in parts]),
        np.concatenate([part.covariates for part in parts]),
        np.concatenate([part.calendar for part in parts]),
        np.concatenate([part.ahead for part in parts]),
    )


def outcomes(close: Floats, horizon: int) -> Floats:
    """Cumulative log return from each close to the one `horizon` sessions later; NaN where that is not known."""
    logs = np.log(close)
    found = np.full(len(close), np.nan)
    if len(close) > horizon:
        found[:-horizon] = logs[horizon:] - logs[:-horizon]
    return found


@lru_cache(64)
def _after(day: date) -> Single:
    """The calendar rows ahead of one day, of shape (horizons, calendar)."""
    rows = np.concatenate([_upcoming(np.array([day], dtype="datetime64[D]"), horizon) for horizon in HORIZONS])
    rows.setflags(write=False)
    return rows


def _upcoming(origins: Days, horizon: int) -> Single:
    """The calendar row of the day `horizon` sessions after each origin."""
    last_weekday = np.busday_offset(origins, 0, roll="backward")
    target = np.busday_offset(last_weekday, horizon)
    idle = np.clip((target - origins).astype(np.int64) - horizon, 0, 5 + horizon) / max(1.0, horizon / 5)
    return _calendar(target, idle, np.log1p(horizon) / np.log1p(HORIZONS[-1]))


def _calendar(days: Days, idle: NDArray[np.generic], ahead: float) -> Single:
    numbers = days.astype(np.int64)
    weekday = ((numbers + 3) % 7 - 2) / 2  # 1970-01-01 was a Thursday; Wednesday is 0
    into_year = (days - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    turn = 2 * np.pi * into_year / _QUARTER
    columns = (weekday, np.sin(turn), np.cos(turn), idle.astype(np.float64) / 3, np.full(len(days), ahead))
    return np.stack(columns, axis=1).astype(np.float32)


def _volatility(returns: Floats) -> Floats:
    """Root of the exponentially weighted mean square of each return and the `REACH` - 1 before it."""
    weights = DECAY ** np.arange(REACH)
    count = len(returns)
    squares = np.convolve(np.square(returns), weights)[:count]
    total = np.cumsum(weights)[np.minimum(np.arange(count), REACH - 1)]
    return np.maximum(np.sqrt(np.maximum(squares, 0) / total), _LEAST_SIGMA)


def _sum(values: Floats, over: int) -> Floats:
    """The sum of each value and the `over` - 1 before it."""
    return np.convolve(values, np.ones(over))[: len(values)]


def _mean(values: Floats, over: int) -> Floats:
    """The mean of each value and up to `over` - 1 before it."""
    return _sum(values, over) / np.minimum(np.arange(1, len(values) + 1), over)
