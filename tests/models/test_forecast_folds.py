"""Out-of-fold forecasts on disk: found by symbol and day, and never by a model that knew the day."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.forecast import HORIZONS
from models.forecast_folds import FOLDS, FoldRows, Folds, joined, open_folds, rows_of
from models.quantiles import normal_points, p_up
from models.registry import CARD, ModelCard, ModelUnavailable, Registry, digest_of
from tests.support.forecasts import trained, write_bars
from tests.tools.signals.markets import walk

DAY = np.datetime64("2020-01-06", "D")


def rows(symbols: list[str], days: list[int], said: list[float], through: list[int]) -> FoldRows:
    """Rows with one probability at every horizon; days count from `DAY`."""
    return FoldRows(
        np.array(symbols, dtype=np.str_),
        DAY + np.array(days, dtype=np.int64),
        np.repeat(np.array(said, dtype=np.float32)[:, None], len(HORIZONS), axis=1),
        DAY + np.array(through, dtype=np.int64),
    )


def test_rows_are_found_by_symbol_and_day_after_saving(tmp_path: Path) -> None:
    """In whatever order they were written; a day or a symbol without a row is NaN."""
    rows(["B", "A", "A"], [1, 3, 1], [0.25, 0.75, 0.5], [0, 2, 0]).save(tmp_path / FOLDS)
    folds = Folds.load(tmp_path / FOLDS)
    found = folds.p_up("A", DAY + np.arange(5))
    assert found.shape == (5, len(HORIZONS))
    np.testing.assert_array_equal(found[:, 0], [np.nan, 0.5, np.nan, 0.75, np.nan])
    assert folds.p_up("B", DAY + np.arange(2))[1].tolist() == [0.25] * 3
    assert np.isnan(folds.p_up("C", DAY + np.arange(2))).all()
    assert folds.refused == 0


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1, width=32)), unique_by=lambda one: one[0]),
    st.lists(st.integers(-10, 10), min_size=31, max_size=31),
)
def test_no_row_whose_model_knew_its_day_is_ever_read(said: list[tuple[int, float]], lead: list[int]) -> None:
    """A row counts exactly if the last session its model knew lies before its day."""
    days = [day for day, _ in said]
    through = [day - lead[day] for day in days]
    folds = Folds(rows(["A"] * len(said), days, [value for _, value in said], through))
    found = folds.p_up("A", DAY + np.arange(31))[:, 0]
    for day, value in said:
        assert (found[day] == np.float32(value)) if lead[day] > 0 else np.isnan(found[day])
    assert folds.refused == sum(lead[day] <= 0 for day in days)
    assert np.isfinite(found).sum() == len(said) - folds.refused


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, 1.1])
def test_what_is_no_probability_is_refused(value: float) -> None:
    """It is left out and counted."""
    folds = Folds(rows(["A", "A"], [1, 2], [value, 0.5], [0, 0]))
    assert folds.refused == 1
    assert np.isnan(folds.p_up("A", DAY + np.arange(2))).all()


def test_one_day_twice_and_columns_that_differ_are_no_folds() -> None:
    """Which of two rows would speak cannot be left to chance."""
    with pytest.raises(ValueError, match="twice"):
        Folds(rows(["A", "A"], [1, 1], [0.5, 0.6], [0, 0]))
    with pytest.raises(ValueError, match="length"):
        Folds(rows(["A"], [1, 2], [0.5, 0.6], [0, 0]))


def test_a_fold_says_the_probability_its_quantiles_hold() -> None:
    """The same reading of quantiles as a forecast's own; folds follow one another."""
    quantiles = np.stack([np.tile(np.array(normal_points()) + shift, (len(HORIZONS), 1)) for shift in (-1.0, 0.5)])
    one = rows_of(np.array(["A", "B"]), np.array([DAY, DAY]), quantiles, DAY - 1)
    assert one.p_up[1, 0] == np.float32(p_up(quantiles[1, 0]))
    assert one.p_up[0, 0] < 0.5 < one.p_up[1, 0]
    both = joined([one, rows_of(np.array(["A"]), np.array([DAY + 5]), quantiles[:1], DAY + 1)])
    assert both.made_through.tolist() == [(DAY - 1).item(), (DAY - 1).item(), (DAY + 1).item()]
    assert Folds(both).refused == 0


def test_what_a_home_lacks_or_damaged_is_said_with_the_command(tmp_path: Path) -> None:
    """The shipped forecaster has no such rows; a file that is no file of rows is refused."""
    with pytest.raises(ModelUnavailable) as missing:
        open_folds(Registry(home=tmp_path))
    assert "deskmate train forecast" in missing.value.fix
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / FOLDS).write_bytes(b"PK\x03\x04 not an archive")
    card = ModelCard(
        name="tft", kind="forecast", version="1", licence="", trained_on="", files={FOLDS: digest_of(folder / FOLDS)}
    )
    registry = Registry(home=tmp_path)
    registry.add(card, folder)
    with pytest.raises(ModelUnavailable) as damaged:
        open_folds(registry)
    assert "again" in damaged.value.fix


def test_training_keeps_what_each_fold_said_of_every_day(tmp_path: Path) -> None:
    """End to end, small: rows of each symbol from the first fold to the last bar, all made before their day."""
    one, two = walk(1, 1100, "AAA"), walk(2, 1100, "BBB")
    write_bars(tmp_path / "bars.npz", one, two)
    done = trained(tmp_path, "--through", "2018-12-31")
    assert done.returncode == 0, done.stdout + done.stderr
    card = ModelCard.model_validate_json((tmp_path / "tft" / CARD).read_bytes())
    assert FOLDS in card.files
    home = Registry(home=tmp_path / "home")
    home.add(card, tmp_path / "tft")
    folds = open_folds(home)
    assert folds.refused == 0
    assert folds.digest == card.files[FOLDS]
    for bars in (one, two):
        said = folds.p_up(bars.symbol, bars.sessions)
        there = np.isfinite(said[:, 0])
        begin = int(np.argmax(there))
        assert there[begin:].all()
        assert 182 < begin < 800
        assert ((said[begin:] > 0) & (said[begin:] < 1)).all()
    assert json.loads(done.stdout.splitlines()[-1])["stage"] == "done"
    with np.load(tmp_path / "tft" / FOLDS) as stored:
        assert len(np.unique(stored["made_through"])) == 2
