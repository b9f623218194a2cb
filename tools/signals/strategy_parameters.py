"""Every number the strategies use, in one table that a version is made from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b

MIN_BARS = 60
"""Bars a symbol needs before any strategy speaks of it."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Lengths and horizons in sessions; stop distances in average true ranges.

    The stops of the directional strategies are 0.55 to 0.56 times the root of their horizon.
    """

    atr_length: int = 14
    target_multiples: tuple[float, ...] = (1.0, 2.0)
    """Distances of the targets in stop distances (R)."""

    trend_fast: int = 20
    trend_slow: int = 50
    trend_adx_length: int = 14
    trend_adx_least: float = 20.0
    trend_stop: float = 2.5
    trend_horizon: int = 20

    momentum_rsi_length: int = 14
    momentum_rsi_margin: float = 5.0
    """Distance of RSI from 50 that counts."""
    momentum_macd: tuple[int, int, int] = (12, 26, 9)
    momentum_roc_length: int = 20
    momentum_stop: float = 1.75
    momentum_horizon: int = 10

    reversion_band_length: int = 20
    reversion_band_width: float = 2.0
    reversion_band_share: float = 0.1
    """Outer share of the band (per cent b) that counts as stretched."""
    reversion_rsi_length: int = 2
    reversion_rsi_margin: float = 40.0
    """Distance of RSI from 50 that counts: 40 means below 10 or above 90."""
    reversion_trend_length: int = 200
    reversion_stop: float = 1.25
    reversion_horizon: int = 5

    breakout_length: int = 20
    breakout_volume_ratio: float = 1.2
    """Volume over the mean of the preceding `breakout_length` sessions."""
    breakout_stop: float = 2.5
    breakout_horizon: int = 20

    squeeze_length: int = 20
    squeeze_ratio: float = 1.5
    """Average true ranges that two standard deviations must stay below; see `indicators.squeeze`."""

    contraction_range: int = 20
    """Sessions whose high and low make the range that a close must leave."""
    contraction_stop: float = 1.75
    contraction_horizon: int = 10

    gap_least: float = 0.5
    """Average true ranges that count as a gap."""
    gap_volume_length: int = 20
    gap_volume_ratio: float = 1.5
    """Volume over the mean of the preceding `gap_volume_length` sessions."""
    gap_stop: float = 1.75
    gap_horizon: int = 10

    relative_length: int = 63
    """A quarter of a year."""
    relative_slope: int = 10
    """Sessions over which the ratio's average must rise."""
    relative_return_least: float = 0.01
    """Relative return that counts: what is less is a tracking difference, not strength."""
    relative_year: int = 252
    relative_least: int = 60
    """Earlier relative returns needed for a rank."""
    relative_rank_share: float = 0.2
    """Outer share of the trailing year's relative returns that counts."""
    relative_stop: float = 2.5
    relative_horizon: int = 20

    condor_rank_least: float = 0.75
    """Volatility rank from which options are dear: where `RegimeRule` begins to call it elevated."""
    condor_width: float = 1.0
    """Breakevens in standard deviations of the move to the horizon: a normal ends within one 68 % of the time."""
    condor_horizon: int = 20

    straddle_rank_most: float = 0.25
    """Volatility rank below which options are cheap: what `RegimeRule` calls low."""
    straddle_width: float = 0.8
    """As `condor_width`: about sqrt(2 / pi), a normal's expected absolute move, which is what a straddle costs."""
    straddle_horizon: int = 20

    def digest(self) -> str:
        """Eight hexadecimal characters that change with any parameter."""
        return blake2b(repr(sorted(asdict(self).items())).encode(), digest_size=4).hexdigest()
