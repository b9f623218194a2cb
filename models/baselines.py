"""What a forecast is measured against, and what stands in for it: two rules that need no training.

* `empirical`: the quantiles of what the price did over the last `WINDOWS` stretches of the same length.
* `ewma`: a normal distribution around no change, as wide as the weighted volatility of late times the root of time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.forecast import HORIZONS, Forecast, History, as_forecasts
from models.forecast_windows import MEMORY, outcomes, series
from models.quantiles import LEVELS, Floats, normal_points

WINDOWS = 500
"""Past stretches whose outcomes make the empirical quantiles: about two years."""


class Empirical:
    """The quantiles of the symbol's own past."""

    name = "empirical"

    def forecast(self, history: History) -> tuple[Forecast, ...]:
        """One forecast a horizon, from stretches that ended by the last bar."""
        last = len(history) - 1
        rows = [empirical(history.close, np.array([last]), horizon)[0] for horizon in HORIZONS]
        return as_forecasts(history, np.stack(rows), self.name)


class Ewma:
    """A normal distribution of the volatility of late."""

    name = "ewma"

    def forecast(self, history: History) -> tuple[Forecast, ...]:
        """One forecast a horizon."""
        sigma = series(history.tail(MEMORY)).sigma[-1:]
        return as_forecasts(history, np.stack([ewma(sigma, horizon)[0] for horizon in HORIZONS]), self.name)


def empirical(close: Floats, origins: NDArray[np.int64], horizon: int) -> Floats:
    """Quantiles at each origin, of shape (origins, levels); each rests on closes up to its origin."""
    moves = outcomes(close, horizon)
    found = np.empty((len(origins), len(LEVELS)))
    for place, origin in enumerate(origins.tolist()):
        ended = origin - horizon + 1  # the stretch that began at bar i has ended once i + horizon <= origin
        found[place] = np.quantile(moves[max(0, ended - WINDOWS) : ended], LEVELS)
    return found


def ewma(sigma: Floats, horizon: int) -> Floats:
    """Quantiles for each daily volatility, of shape (volatilities, levels)."""
    return np.outer(sigma * np.sqrt(horizon), normal_points())
