"""Indicators agree with their formulas written out, and none of them sees tomorrow."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import head, walk
from tools.signals import indicators

BARS = walk(11, 400)
CLOSE, HIGH, LOW = BARS.close, BARS.high, BARS.low


def every(bars):
    """All indicators of one market by name."""
    high, low, close = bars.high, bars.low, bars.close
    move, band = indicators.adx(high, low, close, 14), indicators.bollinger(close, 20, 2.0)
    channel, lines = indicators.donchian(high, low, 20), indicators.macd(close, 12, 26, 9)
    volatility = indicators.volatility(close, 20)
    return {
        "sma": indicators.sma(close, 20),
        "ema": indicators.ema(close, 20),
        "atr": indicators.atr(high, low, close, 14),
        "rsi": indicators.rsi(close, 14),
        "roc": indicators.roc(close, 20),
        "volatility": volatility,
        "rank": indicators.trailing_rank(volatility, 252, 60),
        **{f"adx.{name}": value for name, value in move._asdict().items()},
        **{f"macd.{name}": value for name, value in lines._asdict().items()},
        **{f"band.{name}": value for name, value in band._asdict().items()},
        **{f"channel.{name}": value for name, value in channel._asdict().items()},
    }


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 399))
def test_no_indicator_changes_when_later_bars_are_cut_off(seed, count):
    """time:asof - to the last bit, for every indicator and any cut."""
    bars = walk(seed, 400)
    whole, cut = every(bars), every(head(bars, count))
    for name, values in whole.items():
        assert len(values) == 400
        assert cut[name].tobytes() == values[:count].tobytes(), name


def test_averages_match_their_formulas():
    """SMA is the plain mean; EMA starts from it and moves by 2 / (n + 1)."""
    sma, ema = indicators.sma(CLOSE, 20), indicators.ema(CLOSE, 20)
    expected = CLOSE[:20].mean()
    for bar in range(19, 400):
        np.testing.assert_allclose(sma[bar], CLOSE[bar - 19 : bar + 1].mean(), rtol=1e-10)
        if bar > 19:
            expected += 2 / 21 * (CLOSE[bar] - expected)
        np.testing.assert_allclose(ema[bar], expected, rtol=1e-10)
    assert np.isnan(sma[:19]).all()


def test_the_channel_leaves_out_the_current_bar():
    """With the current bar inside, no close could ever break out."""
    channel = indicators.donchian(HIGH, LOW, 20)
    for bar in range(20, 400):
        assert channel.upper[bar] == HIGH[bar - 20 : bar].max()
        assert channel.lower[bar] == LOW[bar - 20 : bar].min()
    assert np.isnan(channel.upper[:20]).all()


def test_bands_change_and_volatility_match_their_formulas():
    """Bollinger uses the population deviation; the change is in per cent; volatility is annual."""
    band, change = indicators.bollinger(CLOSE, 20, 2.0), indicators.roc(CLOSE, 20)
    volatility = indicators.volatility(CLOSE, 20)
    returns = CLOSE[1:] / CLOSE[:-1] - 1
    for bar in range(40, 400, 7):
        window = CLOSE[bar - 19 : bar + 1]
        np.testing.assert_allclose(band.upper[bar], window.mean() + 2 * window.std(), rtol=1e-9)
        np.testing.assert_allclose(change[bar], 100 * (CLOSE[bar] / CLOSE[bar - 20] - 1), rtol=1e-10)
        expected = 100 * np.sqrt(252) * returns[bar - 20 : bar].std()
        np.testing.assert_allclose(volatility[bar], expected, rtol=1e-6)


def test_strength_and_true_range_match_wilders_smoothing():
    """RSI and ATR start from a plain mean and then keep (n - 1) / n of themselves."""
    rsi, atr = indicators.rsi(CLOSE, 14), indicators.atr(HIGH, LOW, CLOSE, 14)
    move = np.diff(CLOSE)
    before = CLOSE[:-1]
    ranges = np.maximum(HIGH[1:], before) - np.minimum(LOW[1:], before)
    up, down, smooth = move[:14].clip(0).mean(), (-move[:14]).clip(0).mean(), ranges[:14].mean()
    for bar in range(14, 400):
        if bar > 14:
            up = (13 * up + max(move[bar - 1], 0)) / 14
            down = (13 * down + max(-move[bar - 1], 0)) / 14
            smooth = (13 * smooth + ranges[bar - 1]) / 14
        np.testing.assert_allclose(rsi[bar], 100 * up / (up + down), rtol=1e-9)
        np.testing.assert_allclose(atr[bar], smooth, rtol=1e-9)


def test_the_trailing_rank_counts_earlier_values_below():
    """A rank that included the current value, or later ones, would not be causal or would never reach 0."""
    values = np.array([np.nan, 3.0, 1.0, 2.0, 5.0, 0.5])
    rank = indicators.trailing_rank(values, 3, 2)
    np.testing.assert_array_equal(rank, [np.nan, np.nan, np.nan, 0.5, 1.0, 0.0])
