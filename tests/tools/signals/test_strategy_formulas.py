"""Every strategy's formula written out in plain arithmetic, bar by bar, against what the strategy says."""

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import pytest

from tests.tools.signals import plain
from tests.tools.signals.around import surroundings
from tests.tools.signals.markets import walk
from tools.signals.history import history
from tools.signals.regime import RegimeRule
from tools.signals.strategies import Parameters

SETTLED = 300
"""From here on nothing is left of where a smoothing began."""
BARS = 1500
SEEDS = (1, 2, 3)


def gapping(bars):
    """Every seventh session opens two per cent from the last close."""
    opened = bars.open.copy()
    opened[7::7] = bars.close[6:-1:7] * np.where(np.arange(len(opened[7::7])) % 2, 1.02, 0.98)
    return replace(bars, open=opened, high=np.maximum(bars.high, opened), low=np.minimum(bars.low, opened))


class Told:
    """One random walk with its index, and what each strategy said of it."""

    def __init__(self, seed):
        self.bars = gapping(walk(seed, BARS))
        self.around = surroundings(walk(seed + 1000, BARS, "INDEX"))
        self.index = self.around.level.tolist()
        self.open, self.high, self.low, self.close, self.volume = (
            getattr(self.bars, name).tolist() for name in ("open", "high", "low", "close", "volume")
        )
        known = history(self.bars, Parameters(), RegimeRule(), self.around)
        self.said = {trades.strategy.name: trades.play.directions for trades in known.trades}
        self.half = {trades.strategy.name: trades.play.stop_distance for trades in known.trades}


@pytest.fixture(scope="module", params=SEEDS)
def told(request):
    return Told(request.param)


def agrees(told, name, formula):
    """The formula gives the strategy's directions at every settled bar, and speaks at least once."""
    expected = [formula(t) for t in range(SETTLED, BARS)]
    np.testing.assert_array_equal(told.said[name][SETTLED:], expected)
    assert any(expected)


def test_trend(told):
    close = told.close
    strength, plus, minus = plain.adx(told.high, told.low, close, 14)

    def formula(t):
        fast, slow = plain.average(close, t, 20), plain.average(close, t, 50)
        if strength[t] < 20:
            return 0
        if fast > slow and plus[t] > minus[t] and close[t] > slow:
            return 1
        return -1 if fast < slow and plus[t] < minus[t] and close[t] < slow else 0

    agrees(told, "trend", formula)


def test_momentum(told):
    close = told.close
    strength, histogram = plain.rsi(close, 14), plain.macd_histogram(close, 12, 26, 9)

    def formula(t):
        if strength[t] > 55 and histogram[t] > 0 and close[t] > close[t - 20]:
            return 1
        return -1 if strength[t] < 45 and histogram[t] < 0 and close[t] < close[t - 20] else 0

    agrees(told, "momentum", formula)


def test_mean_reversion(told):
    close = told.close
    strength = plain.rsi(close, 2)

    def formula(t):
        reach = 2 * plain.deviation(close, t, 20)
        place = (close[t] - (plain.average(close, t, 20) - reach)) / (2 * reach)
        long_average = plain.average(close, t, 200)
        if strength[t] < 10 and place < 0.1 and close[t] > long_average:
            return 1
        return -1 if strength[t] > 90 and place > 0.9 and close[t] < long_average else 0

    agrees(told, "mean_reversion", formula)


def test_breakout(told):
    def formula(t):
        if told.volume[t] < 1.2 * plain.average(told.volume, t - 1, 20):
            return 0
        return outside(told, t)

    agrees(told, "breakout", formula)


def outside(told, t):
    """1 for a close above the 20 sessions before, -1 below them."""
    if told.close[t] > max(told.high[t - 20 : t]):
        return 1
    return -1 if told.close[t] < min(told.low[t - 20 : t]) else 0


def squeezes(told):
    """Whether 2 deviations of 20 closes are less than 1.5 average true ranges."""
    reach = plain.atr(told.high, told.low, told.close, 20)
    return [t >= 20 and 2 * plain.deviation(told.close, t, 20) < 1.5 * reach[t] for t in range(BARS)]


def test_contraction(told):
    tight = squeezes(told)

    def formula(t):
        return outside(told, t) if tight[t - 1] and outside(told, t - 1) == 0 else 0

    agrees(told, "contraction", formula)


def test_gap(told):
    reach = plain.atr(told.high, told.low, told.close, 14)

    def formula(t):
        if told.volume[t] < 1.5 * plain.average(told.volume, t - 1, 20):
            return 0
        least, before = 0.5 * reach[t - 1], told.close[t - 1]
        if told.open[t] - before >= least and told.close[t] - before >= least:
            return 1
        return -1 if before - told.open[t] >= least and before - told.close[t] >= least else 0

    agrees(told, "gap", formula)


def test_relative_strength(told):
    ratio = [log(c / i) for c, i in zip(told.close, told.index, strict=True)]
    relative = [None if t < 63 else ratio[t] - ratio[t - 63] for t in range(BARS)]

    def formula(t):
        average, before = plain.average(ratio, t, 63), plain.average(ratio, t - 10, 63)
        rank = plain.rank(relative, t, 252, 60)
        if ratio[t] > average > before and exp(relative[t]) >= 1.01 and rank > 0.8:
            return 1
        return -1 if ratio[t] < average < before and exp(-relative[t]) >= 1.01 and rank < 0.2 else 0

    agrees(told, "relative_strength", formula)


def volatilities(told):
    """Standard deviation of the last 20 daily returns."""
    returns = [None] + [told.close[t] / told.close[t - 1] - 1 for t in range(1, BARS)]
    return [None if t < 20 else plain.deviation(returns, t, 20) for t in range(BARS)]


def test_iron_condor(told):
    sigma, tight, close = volatilities(told), squeezes(told), told.close

    def formula(t):
        average, before = plain.average(close, t, 50), plain.average(close, t - 10, 50)
        sideways = not (close[t] > average > before or close[t] < average < before)
        return 2 if sideways and plain.rank(sigma, t, 252, 60) >= 0.75 and not tight[t] else 0

    agrees(told, "iron_condor", formula)
    width = [close[t] * sigma[t] * sqrt(20) for t in range(SETTLED, BARS)]
    np.testing.assert_allclose(told.half["iron_condor"][SETTLED:], width, rtol=1e-6)


def test_straddle(told):
    sigma, tight = volatilities(told), squeezes(told)
    agrees(told, "straddle", lambda t: 3 if plain.rank(sigma, t, 252, 60) < 0.25 and tight[t] else 0)
    width = [0.8 * told.close[t] * sigma[t] * sqrt(20) for t in range(SETTLED, BARS)]
    np.testing.assert_allclose(told.half["straddle"][SETTLED:], width, rtol=1e-6)
