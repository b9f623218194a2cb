"""Bars: what is not a price never gets in, and dividends never reach back in time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import head, walk
from tools.signals.bars import Bars, causal_factor, fingerprint


@pytest.mark.parametrize(
    ("column", "value"),
    [("close", np.nan), ("open", 0.0), ("low", -1.0), ("high", np.inf), ("high", 0.01)],
)
def test_a_row_that_holds_no_price_is_left_out(column, value):
    """An indicator would carry one NaN or zero through every later bar."""
    bars = walk(1, 30)
    getattr(bars, column)[7] = value
    cleaned = Bars.of(bars)
    assert len(cleaned) == 29
    assert bars.sessions[7] not in cleaned.sessions


def test_a_repeated_or_earlier_session_is_left_out():
    """The first row of a session stands; what comes late must not rewrite it."""
    bars = walk(2, 30)
    bars.sessions[10] = bars.sessions[9]
    bars.sessions[20] = bars.sessions[3]
    cleaned = Bars.of(bars)
    assert len(cleaned) == 28
    assert np.all(np.diff(cleaned.sessions.astype(int)) > 0)


def test_a_volume_that_is_no_number_counts_as_none_traded():
    """Prices remain usable without a volume; a breakout then simply has no confirmation."""
    bars = walk(3, 20)
    bars.volume[4] = np.nan
    assert Bars.of(bars).volume[4] == 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), ex_date=st.integers(2, 119), dividend=st.floats(0.0005, 0.2))
def test_a_later_dividend_leaves_earlier_consistent_prices_unchanged_to_the_bit(seed, ex_date, dividend):
    """A vendor restates every earlier adjusted close; a signal of that time must not notice."""
    bars = walk(seed, 120, dividend_every=50)
    restated = bars.adjusted_close.copy()
    restated[:ex_date] *= 1 - dividend
    before = bars.series()
    after = replace(bars, adjusted_close=restated).series()
    for name in ("open", "high", "low", "close", "factor"):
        assert getattr(before, name)[:ex_date].tobytes() == getattr(after, name)[:ex_date].tobytes()
    assert after.factor[ex_date] > before.factor[ex_date]


def test_the_factor_equals_the_vendors_rebased_to_one_at_the_bar():
    """The scale is anchored at the first bar, yet relative to any bar it is f_i / f_t."""
    bars = walk(4, 300, dividend_every=60)
    vendor = bars.adjusted_close / bars.close
    factor = causal_factor(bars.close, bars.adjusted_close)
    for bar in (10, 61, 150, 299):
        np.testing.assert_allclose(factor[:bar] / factor[bar], vendor[:bar] / vendor[bar], rtol=1e-5)


def test_missing_adjusted_closes_count_as_no_dividend():
    """One hole in a vendor's column must not show as a jump in price."""
    bars = walk(5, 100, dividend_every=40)
    whole = causal_factor(bars.close, bars.adjusted_close)
    holed = bars.adjusted_close.copy()
    holed[[0, 20, 21, 70]] = np.nan
    np.testing.assert_array_equal(causal_factor(bars.close, holed), whole)
    np.testing.assert_array_equal(causal_factor(bars.close, np.full(100, np.nan)), np.ones(100))


def test_the_fingerprint_changes_with_any_value():
    """Caches are keyed by it: a corrected bar must not be answered from the old one."""
    bars = walk(6, 50)
    assert fingerprint(bars) == fingerprint(head(bars, 50))
    seen = {fingerprint(bars), fingerprint(head(bars, 49)), fingerprint(replace(bars, source="other"))}
    for name in ("open", "high", "low", "close", "adjusted_close", "volume"):
        changed = head(bars, 50)
        getattr(changed, name)[25] *= 1 + 1e-15 * 4
        seen.add(fingerprint(changed))
    assert len(seen) == 9


def test_an_impossible_step_of_the_adjusted_close_is_an_error_and_no_dividend():
    """A vendor's 0.000001 beside a close of 50 must not turn every later price into nothing."""
    close = np.full(100, 50.0)
    adjusted = close.copy()
    adjusted[40:] = 1e-6
    adjusted[70:] = 50.0
    assert (causal_factor(close, adjusted) == 1.0).all()
