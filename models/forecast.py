"""One port for every forecaster: bars known now to quantiles of what the price does next.

A forecast is about the **cumulative** log return from the last known close to the close `h` sessions later; dividends
are not part of it. A history is judged before anybody forecasts from it: what cannot be read is dropped, what came
before a long gap is left out, and what is then too short is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import Instant, Unavailable, Value
from models.quantiles import LEVELS, Floats, expected_move, monotone, p_up

HORIZONS: tuple[int, ...] = (1, 5, 20)
"""Sessions ahead that are forecast."""
LEAST_BARS = 250
"""Sessions without a long gap that a forecast needs: about a year."""
LONGEST_GAP = 14
"""Calendar days between two bars after which what came before is no longer the same series."""
FLAT = 1e-6
"""Daily volatility at or below which a price counts as not moving."""

Days = NDArray[np.datetime64]


class NoForecast(Unavailable):
    """A history that nothing can be forecast from, with the reason."""


class Forecast(Value):
    """What one forecaster says about one horizon."""

    symbol: str
    horizon_sessions: int
    quantiles: Mapping[float, float]
    """Level (0 to 1) → cumulative log return from the last known close, rising."""
    p_up: float
    """Probability (0 to 1) that the close is higher then."""
    expected_move: float
    """Mean size of the cumulative log return, whichever way."""
    model: str
    last_bar: date
    trained_through: Instant | None = None
    """The last instant that any row the model was trained on knew; None for a rule without training."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """One symbol's bars known at an instant, oldest first; every array has the same length. Made by `history`."""

    symbol: str
    sessions: Days
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    market: Floats
    """Log return of the market in each session; 0 where it is not known."""

    def __len__(self) -> int:
        return len(self.close)

    @property
    def last_bar(self) -> date:
        """The session of the last bar."""
        return self.sessions[-1].item()

    def tail(self, count: int) -> History:
        """The last `count` bars."""
        cut = slice(-count, None)
        return History(
            self.symbol,
            self.sessions[cut],
            self.high[cut],
            self.low[cut],
            self.close[cut],
            self.volume[cut],
            self.market[cut],
        )

    def digest(self) -> str:
        """Names the content: two histories with the same bars have the same digest."""
        digest = sha256(self.symbol.encode())
        for column in (self.high, self.low, self.close, self.volume, self.market):
            digest.update(np.ascontiguousarray(column, dtype=np.float64).tobytes())
        digest.update(self.sessions.astype("datetime64[D]").astype(np.int64).tobytes())
        return digest.hexdigest()


class Forecaster(Protocol):
    """Forecasts one history over every horizon."""

    @property
    def name(self) -> str:
        """What the forecaster is called."""
        ...

    def forecast(self, history: History) -> tuple[Forecast, ...]:
        """One forecast a horizon, nearest first. Raises `NoForecast`."""
        ...


def history(
    symbol: str, sessions: Days, high: Floats, low: Floats, close: Floats, volume: Floats, market: Floats
) -> History:
    """Bars fit to forecast from: unreadable rows dropped, nothing before the last long gap.

    Raises:
        NoForecast: fewer than `LEAST_BARS` are left, or the price does not move; the message says why.
    """
    days = sessions.astype("datetime64[D]")
    kept = np.isfinite(close) & (close > 0)
    kept[1:] &= np.diff(days.astype(np.int64)) > 0
    days, close = days[kept], np.asarray(close, dtype=np.float64)[kept]
    gaps = np.flatnonzero(np.diff(days.astype(np.int64)) > LONGEST_GAP)
    start = int(gaps[-1]) + 1 if len(gaps) else 0
    if len(close) - start < LEAST_BARS:
        raise NoForecast(_too_short(symbol, days, start, len(kept) - int(kept.sum())))
    high, low, volume, market = (
        np.asarray(column, dtype=np.float64)[kept][start:] for column in (high, low, volume, market)
    )
    days, close = days[start:], close[start:]
    if np.std(np.diff(np.log(close[-LEAST_BARS:]))) <= FLAT:
        raise NoForecast(f"{symbol} cannot be forecast: its price has not moved for {LEAST_BARS} sessions.")
    return History(
        symbol,
        days,
        np.where(np.isfinite(high) & (high >= close), high, close),
        np.where(np.isfinite(low) & (low > 0) & (low <= close), low, close),
        close,
        np.where(np.isfinite(volume) & (volume > 0), volume, 0.0),
        np.where(np.isfinite(market), market, 0.0),
    )


def market_returns(parts: Sequence[tuple[Days, Floats]]) -> tuple[Days, Floats]:
    """The mean daily log return over all symbols with a bar in a session and one before it; sessions in order."""
    days = [sessions[1:].astype("datetime64[D]") for sessions, _ in parts if len(sessions) > 1]
    if not days:
        return np.array([], dtype="datetime64[D]"), np.array([])
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.concatenate([np.diff(np.log(close)) for sessions, close in parts if len(sessions) > 1])
    every, known = np.concatenate(days), np.isfinite(moves)
    unique, place = np.unique(every[known], return_inverse=True)
    return unique, np.bincount(place, weights=moves[known], minlength=len(unique)) / np.maximum(
        np.bincount(place, minlength=len(unique)), 1
    )


def market_on(sessions: Days, known: tuple[Days, Floats]) -> Floats:
    """The market's return in each of `sessions`; 0 where it is not known."""
    days, returns = known
    if not len(days):
        return np.zeros(len(sessions))
    wanted = sessions.astype("datetime64[D]")
    place = np.minimum(np.searchsorted(days, wanted), len(days) - 1)
    return np.where(days[place] == wanted, returns[place], 0.0)


def _too_short(symbol: str, days: Days, start: int, dropped: int) -> str:
    count = len(days) - start
    said = f"{symbol} cannot be forecast: {count} sessions are known"
    if start:
        said += f" since the gap that ended on {days[start]}"
    if dropped:
        said += f" ({dropped} could not be read)"
    return f"{said}, and a forecast needs {LEAST_BARS}."


def as_forecasts(
    of: History, quantiles: Floats, model: str, trained_through: Instant | None = None
) -> tuple[Forecast, ...]:
    """Forecasts from cumulative log returns of shape (horizons, levels); crossed quantiles are put in order.

    Raises:
        NoForecast: a quantile is not a finite number.
    """
    if not np.isfinite(quantiles).all():
        raise NoForecast(f"{of.symbol} cannot be forecast: {model} gave a figure that is not finite.")
    made: list[Forecast] = []
    for horizon, row in zip(HORIZONS, monotone(quantiles), strict=True):
        made.append(
            Forecast(
                symbol=of.symbol,
                horizon_sessions=horizon,
                quantiles=dict(zip(LEVELS, row.tolist(), strict=True)),
                p_up=p_up(row),
                expected_move=expected_move(row),
                model=model,
                last_bar=of.last_bar,
                trained_through=trained_through,
            )
        )
    return tuple(made)
