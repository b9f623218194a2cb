"""What is forecast from: bad bars dropped, gaps cut, too little refused with a reason; the rules without training."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.baselines import Empirical, Ewma, empirical
from models.forecast import HORIZONS, LEAST_BARS, Forecaster, NoForecast, market_on, market_returns
from models.forecast_windows import MEMORY, outcomes, series
from models.quantiles import LEVELS
from tests.support.forecasts import history_of, random_history
from tests.tools.signals.markets import head, walk


def test_ten_bars_are_refused_with_the_number_that_is_needed():
    """Nobody can say anything about a symbol listed two weeks ago, and the answer says how much is missing."""
    with pytest.raises(NoForecast, match=rf"10 sessions are known, and a forecast needs {LEAST_BARS}"):
        history_of(walk(1, 10))


def test_a_year_without_bars_cuts_off_what_came_before():
    """Prices from before a long gap are another series: with enough after it they are left out, else it is refused."""
    bars = walk(1, 900)
    late = bars.sessions.copy()
    late[400:] += 365
    assert len(history_of(replace(bars, sessions=late))) == 500
    late = bars.sessions.copy()
    late[800:] += 365
    with pytest.raises(NoForecast, match="since the gap that ended on"):
        history_of(replace(bars, sessions=late))


def test_bars_that_are_no_price_are_dropped_and_counted():
    """NaN, zero and repeated days never reach a model; when they leave too little, the reason names how many."""
    bars = walk(1, 400)
    close = bars.close.copy()
    close[[50, 390, 399]] = [np.nan, 0.0, np.inf]
    kept = history_of(replace(bars, close=close))
    assert len(kept) == 397
    assert kept.last_bar == bars.session(398)
    close[100:] = np.nan
    with pytest.raises(NoForecast, match=r"\(301 could not be read\)"):
        history_of(replace(bars, close=close))


def test_highs_and_volumes_that_cannot_be_read_fall_back():
    """A bad high or volume costs that figure, not the bar."""
    bars = walk(1, 400)
    broken = replace(bars, high=bars.high.copy(), volume=bars.volume.copy())
    broken.high[10], broken.volume[10] = np.nan, -5
    kept = history_of(broken)
    assert kept.high[10] == kept.close[10]
    assert kept.volume[10] == 0
    assert np.isfinite(series(kept).covariates).all()


def test_a_price_that_stands_still_is_refused():
    """Without any movement there is no volatility to scale by."""
    bars = walk(1, 400)
    with pytest.raises(NoForecast, match="has not moved"):
        history_of(replace(bars, close=np.full(400, 100.0), high=np.full(400, 100.0), low=np.full(400, 100.0)))


def test_the_market_is_the_mean_of_who_traded():
    """Two symbols with different first days: the mean counts those with a bar that day; unknown days are 0."""
    days = np.arange("2020-01-01", "2020-01-05", dtype="datetime64[D]")
    known = market_returns([(days, np.exp([0.0, 0.1, 0.1, 0.4])), (days[1:], np.exp([0.0, 0.2, np.nan]))])
    assert np.allclose(known[1], [0.1, 0.1, 0.3])
    assert np.allclose(market_on(np.array(["2020-01-03", "2021-01-01"], dtype="datetime64[D]"), known), [0.1, 0.0])


def test_windows_and_rules_rest_on_nothing_later():
    """Appending bars changes no earlier row, and a long history gives the same last window as its tail."""
    whole = random_history(5, 600)
    part = history_of(head(walk(5, 600), 450))
    assert np.array_equal(series(whole).covariates[300:450], series(part).covariates[300:])
    tail, full = series(part.tail(MEMORY)), series(part)
    assert np.allclose(tail.covariates[-60:], full.covariates[-60:], atol=1e-5)
    assert np.allclose(tail.past[-60:], full.past[-60:], atol=1e-5)
    early = empirical(part.close, np.array([420]), 20)
    assert np.array_equal(early, empirical(whole.close, np.array([420]), 20))


@pytest.mark.parametrize("rule", [Empirical(), Ewma()], ids=lambda rule: rule.name)
def test_a_rule_answers_every_horizon_in_order(rule: Forecaster):
    """The port's promises: one forecast a horizon, rising quantiles at the agreed levels, odds inside (0, 1)."""
    given = random_history(2, 700)
    answers = rule.forecast(given)
    assert [each.horizon_sessions for each in answers] == list(HORIZONS)
    for each in answers:
        assert tuple(each.quantiles) == LEVELS
        assert list(each.quantiles.values()) == sorted(each.quantiles.values())
        assert 0 < each.p_up < 1
        assert each.last_bar == given.last_bar
        assert each.trained_through is None
    assert answers[0].expected_move < answers[1].expected_move < answers[2].expected_move


def test_the_empirical_rule_holds_what_it_promises():
    """On a steady walk about nine in ten outcomes fall between its outer quantiles."""
    given = random_history(9, 2500)
    origins = np.arange(600, len(given) - 5, 3)
    rows, outcome = empirical(given.close, origins, 5), outcomes(given.close, 5)[origins]
    assert 0.84 < ((outcome >= rows[:, 0]) & (outcome <= rows[:, -1])).mean() < 0.95


def test_a_history_knows_its_last_day_and_names_its_content():
    """The digest changes with any figure, and not with how the array was made."""
    one, same, other = random_history(1), random_history(1), random_history(2)
    assert one.digest() == same.digest() != other.digest()
    assert isinstance(one.last_bar, date)
