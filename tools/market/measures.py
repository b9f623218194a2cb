"""The arithmetic behind the statistics, on floats: returns, volatility, drawdown, correlation.

Each takes a `Stretch` and measures from its base. Where too few sessions are on record they raise `Unavailable`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import Unavailable
from tools.market.stretch import Stretch

YEAR = 252
"""Sessions in a year."""
Floats = NDArray[np.float64]


def with_moves(here: Stretch, least: int) -> Stretch:
    """`here` itself, if it holds at least that many moves from one close to the next. Raises `Unavailable`."""
    found = here.last - here.base
    if found < least:
        day = here.session(here.last)
        why = f"it needs {least + 1} closes and the window up to {day} holds {found + 1}"
        raise Unavailable(f"This figure of {here.columns.symbol} is unavailable, because {why}.")
    return here


def moves(here: Stretch, column: Floats) -> Floats:
    """Relative change of `column` from each session to the next, from the base on."""
    values = here.from_base(column)
    return values[1:] / values[:-1] - 1


def price_change(here: Stretch) -> float:
    """Last close / base close - 1."""
    return float(here.columns.close[here.last] / here.columns.close[here.base] - 1)


def total_return(here: Stretch) -> float:
    """The same on dividend-adjusted closes: dividends reinvested."""
    return float(here.columns.adjusted_close[here.last] / here.columns.adjusted_close[here.base] - 1)


def log_returns(here: Stretch) -> Floats:
    """Daily log returns on dividend-adjusted closes."""
    return np.log1p(moves(here, here.columns.adjusted_close))


def volatility(here: Stretch) -> float:
    """Sample standard deviation (n - 1) of daily log returns, times the root of 252: a share a year."""
    returns = log_returns(with_moves(here, 3))
    return float(np.std(returns, ddof=1) * YEAR**0.5)


def deepest_drawdown(here: Stretch) -> tuple[float, int, int]:
    """min(close / highest close so far - 1), with the rows of peak and trough; (0, last, last) if it never fell."""
    closes = here.from_base(here.columns.close)
    falls = closes / np.maximum.accumulate(closes) - 1
    trough = int(np.argmin(falls))
    if falls[trough] == 0:
        return 0.0, here.last, here.last
    return float(falls[trough]), here.base + int(np.argmax(closes[: trough + 1])), here.base + trough


def correlation(here: Stretch, there: Stretch) -> float:
    """Pearson correlation of the daily log returns of two symbols over the same sessions."""
    ours, theirs = log_returns(with_moves(here, 3)), log_returns(there)
    if not np.std(ours) or not np.std(theirs):
        raise Unavailable("A correlation is unavailable, because one of the prices did not move.")
    return float(np.clip(np.corrcoef(ours, theirs)[0, 1], -1, 1))
