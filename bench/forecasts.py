"""`deskmate bench forecast-…`: the served forecaster beside darts' own prediction, on one model trained for a moment.

The model has the shipped one's shape; its weights do not matter for time. Both sides answer the same bars, in turn.
"""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.measure import Measured, measure
from models.forecast import HORIZONS, History, history, market_on, market_returns
from models.forecast_windows import Scaler, series, windows
from models.tft import GRAPH, Tft, columns

SYMBOLS = 50


@dataclass(frozen=True)
class Pair:
    """The same weights in darts and in the served graph."""

    darts: Any
    served: Tft
    scaler: Scaler
    histories: tuple[History, ...]


def forecast_one() -> Measured:
    """One symbol from bars to quantiles, nothing remembered, beside `TFTModel.predict` on ready series."""
    pair = _pair()
    fresh = iter(_variants(pair.histories[0], 500))
    given = _as_series(pair, pair.histories[0])
    return measure(
        "forecast, one symbol",
        lambda: pair.served.forecast(next(fresh)),
        n=60,
        bound="at least 10 x faster than TFTModel.predict: ratio <= 0.10",
        peer="TFTModel.predict, quantiles",
        against=lambda: _predict(pair, given),
    )


def forecast_many() -> Measured:
    """Fifty symbols together, nothing remembered."""
    pair = _pair()
    fresh = zip(*(iter(_variants(one, 40)) for one in pair.histories), strict=True)
    return measure(
        f"forecast, {SYMBOLS} symbols",
        lambda: pair.served.forecasts(next(fresh)),
        n=30,
        bound="<= 100 ms",
    )


def forecast_again() -> Measured:
    """One symbol asked a second time: answered from memory."""
    pair = _pair()
    return measure("forecast, remembered", lambda: pair.served.forecast(pair.histories[0]), n=500)


def forecast_agreement() -> Measured:
    """How far served quantiles lie from `TFTModel.predict` on the same windows; the figure stands in the bound."""
    pair = _pair()
    far = max(
        float(np.abs(pair.served.scaled(_window(pair, one))[0] - _predict(pair, _as_series(pair, one))).max())
        for one in pair.histories[:10]
    )
    if far > 1e-4:
        raise RuntimeError(f"the served quantiles are {far} from darts' own")
    return measure(
        "forecast, agreement",
        lambda: pair.served.scaled(_window(pair, pair.histories[0])),
        n=100,
        bound=f"within 1e-4 of torch: {far:.1e}",
    )


def forecast_load() -> Measured:
    """The shipped model, from digests to a ready session."""
    from models.registry import Registry
    from models.tft import open_tft

    return measure("forecast model, load", lambda: open_tft(Registry()), n=10, bound="<= 1 s with the sentiment model")


@cache
def _pair() -> Pair:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from models.training.forecast import Market
        from models.training.tft import Recipe, export, train

        histories = tuple(_walk(seed) for seed in range(SYMBOLS))
        market = Market(histories[:4])
        origins = market.origins()
        scaler = Scaler.fitted(market.covariates(origins))
        rows, answers = market.windows(origins, scaler), market.answers(origins)
        model = train(rows, answers, rows, answers, Recipe(epochs=1), lambda *_: None)
        with tempfile.TemporaryDirectory() as folder:
            export(model, Path(folder) / GRAPH)
            return Pair(model, _served(Path(folder) / GRAPH, scaler), scaler, histories)


def _served(graph: Path, scaler: Scaler) -> Tft:
    import onnxruntime

    from models.registry import ModelCard

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    card = ModelCard(name="tft", kind="forecast", version="0", files={}, licence="", trained_on="")
    return Tft(onnxruntime.InferenceSession(str(graph), options), scaler, card)


def _walk(seed: int) -> History:
    chance = np.random.default_rng(seed)
    days = np.busday_offset("2020-01-01", np.arange(400), roll="forward")
    close = 100 * np.exp(np.cumsum(0.015 * chance.standard_normal(400)))
    known = market_returns([(days, close)])
    return history(f"S{seed}", days, close * 1.01, close * 0.99, close, close * 1e4, market_on(days, known))


def _variants(of: History, count: int) -> list[History]:
    """The same history a little dearer each time, so that no answer is remembered."""
    return [replace(of, close=of.close * scale, high=of.high * scale) for scale in 1 + 1e-6 * np.arange(1, count + 1)]


def _window(pair: Pair, of: History) -> Any:
    return windows(of, series(of), np.array([len(of) - 1]), pair.scaler)


def _as_series(pair: Pair, of: History) -> dict[str, Any]:
    from darts import TimeSeries

    past, covariates, calendar, ahead = (column[0] for column in columns(_window(pair, of)))
    return {
        "series": TimeSeries.from_values(past),
        "past_covariates": TimeSeries.from_values(covariates),
        "future_covariates": TimeSeries.from_values(np.concatenate([calendar, ahead])),
    }


def _predict(pair: Pair, given: dict[str, Any]) -> np.ndarray:
    """darts' own quantiles of the scaled return, of shape (horizons, levels)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = pair.darts.predict(
            n=len(HORIZONS), predict_likelihood_parameters=True, verbose=False, show_warnings=False, **given
        )
    return answer.values()
