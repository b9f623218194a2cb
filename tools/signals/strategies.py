"""The named technical strategies: each a small pure function from prices to a direction at every bar."""

from __future__ import annotations

from tools.signals.play import Context, Play, Reading, Strategy
from tools.signals.strategies_directional import (
    breakout,
    contraction,
    gap,
    mean_reversion,
    momentum,
    relative_strength,
    trend,
)
from tools.signals.strategies_range import iron_condor, straddle
from tools.signals.strategy_parameters import MIN_BARS, Parameters

__all__ = ["MIN_BARS", "STRATEGIES", "Context", "Parameters", "Play", "Reading", "Strategy"]

STRATEGIES: tuple[Strategy, ...] = (
    Strategy("trend", "Trend following", trend),
    Strategy("momentum", "Momentum", momentum),
    Strategy("mean_reversion", "Mean reversion", mean_reversion),
    Strategy("breakout", "Breakout", breakout),
    Strategy("contraction", "Volatility contraction", contraction),
    Strategy("gap", "Opening gap", gap),
    Strategy("relative_strength", "Relative strength", relative_strength),
    Strategy("iron_condor", "Iron condor", iron_condor),
    Strategy("straddle", "Straddle", straddle),
)
"""Every strategy, in the order they are shown: first those with a direction, then those that bet on the range."""
