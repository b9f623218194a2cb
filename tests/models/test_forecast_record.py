"""Who speaks: only what was resolved before counts, and a better mean must be better by more than its error."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from models.forecast import HORIZONS
from models.forecast_record import LEAST_DAYS, NAMES, Record, Rows, by_day, joined, standard_error
from models.quantiles import LEVELS, normal_points

LATER = date(2030, 1, 1)


def rows(gain: float, noise: float = 0.01, count: int = 1000, seed: int = 1) -> Rows:
    """A record in which `tft` is better than both rules by `gain` on average."""
    chance = np.random.default_rng(seed)
    days = np.busday_offset("2015-01-05", np.arange(count))
    base = 0.01 + np.abs(chance.normal(0, noise, count))
    luck = chance.normal(0, noise, count)
    loss = np.stack([base, base, base - gain + luck - luck.mean()], axis=1)
    inside = np.full((count, 3), 0.9)
    return Rows(days, np.busday_offset(days, 20), np.full(count, 6), loss, inside, inside)


def record(of: Rows) -> Record:
    return Record(dict.fromkeys(HORIZONS, of))


def test_a_clear_gain_makes_the_model_speak_and_says_by_how_much():
    """More than one standard error better: the more complex one wins."""
    choice = record(rows(0.003)).choose(5, LATER)
    assert choice.model == "tft"
    assert "tft beats empirical by" in choice.why
    assert "1,000 days resolved" in choice.why


@pytest.mark.parametrize("gain", [0.0, -0.003])
def test_without_a_clear_gain_the_simplest_stays(gain: float):
    """Equal or worse is no reason to prefer what is harder to explain."""
    assert record(rows(gain)).choose(5, LATER).model == "empirical"


def test_a_gain_within_its_own_error_is_not_enough():
    """The mean alone is better here; the blocks show that chance does as much."""
    noisy = rows(0.001, noise=0.05, count=400, seed=3)
    gain = noisy.loss[:, 0] - noisy.loss[:, 2]
    assert 0 < gain.mean() < standard_error(gain, block=40)
    assert record(noisy).choose(20, LATER).model == "empirical"


def test_what_resolves_later_decides_nothing():
    """At an instant inside the record only rows resolved before it count, whatever comes after."""
    good, bad = rows(0.003, count=600), rows(-0.003, count=600)
    both = joined([good, Rows(good.days + 1000, good.resolved + 1000, *_rest(bad))])
    inside = (good.resolved[-1] + 1).item()
    assert record(both).choose(5, inside).why == record(good).choose(5, inside).why
    assert both.before(good.resolved[0].item()).days.size == 0


def _rest(of: Rows) -> tuple[np.ndarray, ...]:
    return of.symbols, of.loss, of.wide, of.narrow


def test_too_short_a_record_leaves_the_simplest():
    """A few lucky weeks choose nobody."""
    short = record(rows(0.005, count=LEAST_DAYS - 1))
    choice = short.choose(1, LATER)
    assert choice.model == "empirical"
    assert f"only {LEAST_DAYS - 1} scored days" in choice.why


def test_who_cannot_answer_does_not_speak():
    """With the model missing the rules decide between themselves."""
    choice = record(rows(0.003)).choose(5, LATER, ("empirical", "ewma"))
    assert choice.model == "empirical"
    assert "tft" not in choice.why


def test_neighbouring_days_that_move_together_widen_the_error():
    """Twenty-day outcomes overlap: drawn as single days they would look far more certain than they are."""
    chance = np.random.default_rng(5)
    smooth = np.convolve(chance.standard_normal(2000), np.ones(20) / 20, mode="valid")
    assert standard_error(smooth, block=40) > 3 * standard_error(smooth, block=1)
    assert standard_error(smooth, block=40) == standard_error(smooth, block=40)


def test_rows_are_means_over_symbols_and_survive_the_file(tmp_path: Path):
    """One row a day, coverage counted where the outcome fell, the same after saving and loading."""
    days = np.array(["2020-01-02", "2020-01-02", "2020-01-03"], dtype="datetime64[D]")
    quantiles = np.tile(normal_points(), (3, 1)) * 0.01
    made = by_day(days, days + 7, [quantiles] * len(NAMES), np.array([0.0, 0.5, 0.0]))
    assert made.symbols.tolist() == [2, 1]
    assert made.wide[:, 0].tolist() == [0.5, 1.0]
    record(made).save(tmp_path / "record.npz")
    scores = Record.load(tmp_path / "record.npz").scores(LATER)
    assert [score.model for score in scores[:3]] == list(NAMES)
    assert scores[0].days == 2
    assert scores[0].coverage_90 == 0.75
    assert len(LEVELS) == quantiles.shape[1]
