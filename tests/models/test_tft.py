"""The trained model: what is served is what darts would say; later data, damage and pickles are refused."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brokers.vocabulary import BadInput
from models.forecast import HORIZONS, NoForecast
from models.forecast_windows import INPUT, MEMORY, Scaler, last_windows, series, windows
from models.quantiles import LEVELS
from models.registry import ModelUnavailable, Registry
from models.tft import GRAPH, Tft, columns, open_record, open_tft
from tests.support.forecasts import history_of, random_history, trained, write_bars
from tests.tools.signals.markets import walk


@pytest.fixture(scope="module")
def shipped() -> Tft:
    """The model that comes with the project."""
    return open_tft(Registry())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A model trained in seconds by the real process on two walks, and what the process said."""
    folder = tmp_path_factory.mktemp("training")
    write_bars(folder / "bars.npz", walk(1, 1100, "AAA"), walk(2, 1100, "BBB"), walk(3, 30, "NEW"))
    done = trained(folder, "--through", "2018-12-31", "--data", "two walks")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_training_tells_its_progress_and_its_scores(small: tuple[Path, list[dict[str, Any]]]):
    """Every line is one object with where it stands; the last one carries the scores of all three forecasters."""
    _, told = small
    done = [line["done"] for line in told]
    assert done == sorted(done)
    assert told[-1]["stage"] == "done"
    assert told[-1]["done"] == told[-1]["total"]
    assert {f"{name}, {h} sessions: pinball, bp" for name in ("tft", "ewma", "empirical") for h in HORIZONS} <= set(
        told[-1]["scores"]
    )


def test_a_trained_model_can_be_kept_and_served(small: tuple[Path, list[dict[str, Any]]], tmp_path: Path):
    """From the training's folder through the registry into a home, and answers from there; the card says from what."""
    folder, _ = small
    card = open_tft(Registry(folder, None)).card
    registry = Registry(home=tmp_path)
    registry.add(card, folder / "tft")
    served = open_tft(registry)
    assert served.card.trained_through is not None
    assert served.card.trained_through.date().isoformat() <= "2018-12-31"
    assert "NEW" not in served.card.trained_on
    answers = served.forecast(random_history(4, 1400))
    assert [each.horizon_sessions for each in answers] == list(HORIZONS)
    assert all(list(each.quantiles.values()) == sorted(each.quantiles.values()) for each in answers)
    assert open_record(registry).scores(answers[0].last_bar)


@pytest.mark.slow
def test_the_same_seed_and_bars_give_the_same_model(small: tuple[Path, list[dict[str, Any]]], tmp_path: Path):
    """Reproducible to the byte of every answer: a second training gives the same quantiles."""
    folder, _ = small
    (tmp_path / "bars.npz").write_bytes((folder / "bars.npz").read_bytes())
    done = trained(tmp_path, "--through", "2018-12-31")
    assert done.returncode == 0, done.stdout + done.stderr
    given = random_history(4, 1400)
    one, two = (open_tft(Registry(place, None)).forecast(given) for place in (folder, tmp_path))
    assert [each.quantiles for each in one] == [each.quantiles for each in two]


def test_too_few_bars_to_train_on_end_with_a_sentence(tmp_path: Path):
    """A year of bars makes no forecaster; the process says so as an object and fails."""
    write_bars(tmp_path / "bars.npz", walk(1, 400))
    done = trained(tmp_path)
    assert done.returncode == 1
    said = json.loads(done.stdout.strip().splitlines()[-1])
    assert "are needed" in said["error"]
    assert said["fix"]


def test_the_graph_says_what_darts_itself_predicts(tmp_path: Path):
    """Serving rebuilds darts' inputs with numpy: on the same windows both give the same quantiles within 1e-4."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from models.training.forecast import Market
        from models.training.tft import Recipe, ask, export, train

        market = Market([random_history(seed, 500, f"S{seed}") for seed in range(2)])
        origins = market.origins()
        scaler = Scaler.fitted(market.covariates(origins))
        rows, answers = market.windows(origins, scaler), market.answers(origins)
        model = train(rows, answers, rows, answers, Recipe(epochs=1), lambda *_: None)
        export(model, tmp_path / GRAPH)
        given = random_history(7, 300)
        cut = windows(given, series(given), np.array([len(given) - 1, 250]), scaler)
        by_darts = np.stack([_predicted(model, [column[place] for column in columns(cut)]) for place in range(2)])
        served = _served(tmp_path / GRAPH, scaler).scaled(cut)
        own = ask(model, cut)
        last = _served(tmp_path / GRAPH, scaler).scaled(last_windows([given], [series(given)], scaler))
    assert served.shape == (2, len(HORIZONS), len(LEVELS))
    assert np.abs(served - by_darts).max() < 1e-4
    assert np.abs(served - own).max() < 1e-4
    assert np.abs(last[0] - by_darts[0]).max() < 1e-4


def _predicted(model: Any, given: list[np.ndarray]) -> np.ndarray:
    """What `TFTModel.predict` answers for one window handed over as series."""
    from darts import TimeSeries

    past, covariates, calendar, ahead = given
    answer = model.predict(
        n=len(HORIZONS),
        series=TimeSeries.from_values(past),
        past_covariates=TimeSeries.from_values(covariates),
        future_covariates=TimeSeries.from_values(np.concatenate([calendar, ahead])),
        predict_likelihood_parameters=True,
        verbose=False,
        show_warnings=False,
    )
    return answer.values()


def _served(graph: Path, scaler: Scaler) -> Tft:
    import onnxruntime

    from models.registry import ModelCard

    card = ModelCard(name="tft", kind="forecast", version="0", files={}, licence="", trained_on="")
    return Tft(onnxruntime.InferenceSession(str(graph)), scaler, card)


def test_the_shipped_model_leaves_the_default_replay_after_its_training(shipped: Tft):
    """A new account starts 60 sessions before the end of the sample market: the model must not have seen that."""
    assert shipped.card.trained_through is not None
    assert shipped.card.trained_through.date().isoformat() < "2023-01-01"
    assert (Registry().folder("tft") / GRAPH).stat().st_size < 5_000_000


def test_many_symbols_together_say_what_each_says_alone(shipped: Tft):
    """Batching is for speed only; and the same bars are answered from memory."""
    given = [_recent(seed) for seed in range(5)]
    together = shipped.forecasts(given)
    alone = Tft(shipped._session, shipped._scaler, shipped.card)  # pyright: ignore[reportPrivateUsage]
    for one, answers in zip(given, together, strict=True):
        for left, right in zip(alone.forecast(one), answers, strict=True):
            assert left.quantiles == pytest.approx(right.quantiles, abs=1e-6)
    assert shipped.forecast(given[0]) is together[0]


def _recent(seed: int) -> Any:
    """A walk whose last bar lies after the shipped model's training."""
    return history_of(walk(seed, 2300, f"S{seed}"))


def test_bars_from_inside_the_training_data_are_refused(shipped: Tft):
    """Whoever asks: what the model was trained on is not forecast."""
    with pytest.raises(ModelUnavailable, match="trained on later data"):
        shipped.forecast(random_history(1, 500))
    with pytest.raises(NoForecast, match=f"needs {MEMORY} sessions"):
        shipped.forecast(_recent(1).tail(INPUT))


def test_a_damaged_or_missing_file_is_refused_with_the_command_that_mends_it(tmp_path: Path):
    """One changed byte, a missing file and a file that is no model: each is named, none is loaded."""
    own = _copied(tmp_path)
    (own / GRAPH).write_bytes(b"\x80\x04" + (own / GRAPH).read_bytes()[2:])
    with pytest.raises(ModelUnavailable, match="SHA-256") as refused:
        open_tft(Registry(home=tmp_path))
    assert "deskmate train forecast" in refused.value.fix
    (own / GRAPH).unlink()
    with pytest.raises(ModelUnavailable, match="missing"):
        open_tft(Registry(home=tmp_path))


def test_a_file_that_is_no_graph_is_refused_even_with_the_right_digest(tmp_path: Path):
    """A pickle under the graph's name is data that cannot be read, never code that is run."""
    import pickle

    from models.registry import digest_of

    own = _copied(tmp_path)
    (own / GRAPH).write_bytes(pickle.dumps({"weights": [1, 2, 3]}))
    card = json.loads((own / "card.json").read_text())
    card["files"][GRAPH] = digest_of(own / GRAPH)
    (own / "card.json").write_text(json.dumps(card))
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        open_tft(Registry(home=tmp_path))


def _copied(home: Path) -> Path:
    """The shipped model as a person's own."""
    registry = Registry(home=home)
    return registry.add(registry.card("tft"), registry.folder("tft"))


def test_serving_imports_no_training_library():
    """onnxruntime and numpy alone: a forecast never loads torch, darts or pandas."""
    probe = (
        "import sys; from models.registry import Registry; from models.tft import open_tft; open_tft(Registry()); "
        "print([m for m in ('torch', 'darts', 'transformers', 'sklearn', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_bars_that_nobody_can_be_trained_on_are_named(tmp_path: Path):
    """A file in which every symbol is too short is bad input, not an empty market."""
    from models.training.forecast import read_bars

    write_bars(tmp_path / "bars.npz", walk(1, 20))
    with pytest.raises(BadInput, match="No symbol"):
        read_bars(tmp_path / "bars.npz")
