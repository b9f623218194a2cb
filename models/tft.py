"""The Temporal Fusion Transformer as it is served: onnxruntime and numpy, nothing of what it was trained with.

`open_tft` checks every file against the card before it is used. Answers are kept by the content of what was asked, so
that the same bars are never computed twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from pydantic import Field, ValidationError

from brokers.vocabulary import Value
from models.forecast import HORIZONS, Forecast, History, NoForecast, as_forecasts
from models.forecast_record import Record
from models.forecast_windows import COVARIATES, MEMORY, Scaler, Single, Windows, last_windows, series
from models.quantiles import LEVELS, Floats
from models.registry import ModelCard, ModelUnavailable, Registry

if TYPE_CHECKING:
    import onnxruntime

NAME = "tft"
GRAPH, CONSTANTS, RECORD = "tft.onnx", "constants.json", "record.npz"
INPUTS = ("past", "covariates", "calendar", "ahead")
"""The graph's inputs, in the order of `columns`."""
KEPT = 2048
"""Answers kept; the one not asked for longest goes first."""


class _Scaling(Value):
    mean: tuple[float, ...] = Field(min_length=len(COVARIATES), max_length=len(COVARIATES))
    deviation: tuple[float, ...] = Field(min_length=len(COVARIATES), max_length=len(COVARIATES))


class Constants(Value):
    """What the graph needs beside itself."""

    scaler: _Scaling
    horizons: tuple[int, ...]
    levels: tuple[float, ...]
    recipe: dict[str, float]
    """How the model was trained."""


class Tft:
    """Serves one exported model. Safe to call from several threads."""

    name = NAME

    def __init__(self, session: onnxruntime.InferenceSession, scaler: Scaler, card: ModelCard) -> None:
        self.card = card
        self._session, self._scaler = session, scaler
        self._kept: OrderedDict[str, tuple[Forecast, ...]] = OrderedDict()
        self._lock = Lock()

    def forecast(self, history: History) -> tuple[Forecast, ...]:
        """One forecast a horizon, nearest first.

        Raises:
            ModelUnavailable: the last bar lies within what the model was trained on.
            NoForecast: the model's answer is not finite.
        """
        return self.forecasts([history])[0]

    def forecasts(self, histories: Sequence[History]) -> tuple[tuple[Forecast, ...], ...]:
        """The forecasts of several symbols, in order; those not computed before go through the model together."""
        recent = [history.tail(MEMORY) for history in histories]
        keys = [each.digest() for each in recent]
        with self._lock:
            known = {key: self._kept[key] for key in keys if key in self._kept}
        new = {key: each for key, each in zip(keys, recent, strict=True) if key not in known}
        if new:
            known |= dict(zip(new, self._computed(list(new.values())), strict=True))
            self._keep(known)
        return tuple(known[key] for key in keys)

    def scaled(self, rows: Windows) -> Floats:
        """The graph's own answer: quantiles of the scaled return, of shape (windows, horizons, levels)."""
        given = dict(zip(INPUTS, columns(rows), strict=True))
        (answer,) = cast("list[Single]", self._session.run(None, given))
        return answer.astype(np.float64)

    def _computed(self, histories: Sequence[History]) -> list[tuple[Forecast, ...]]:
        for each in histories:
            self._unseen(each)
        rows = [series(each) for each in histories]
        answers = self.scaled(last_windows(histories, rows, self._scaler))
        spread = np.sqrt(np.array(HORIZONS))[:, None]
        return [
            as_forecasts(each, answer * row.sigma[-1] * spread, NAME, self.card.trained_through)
            for each, row, answer in zip(histories, rows, answers, strict=True)
        ]

    def _unseen(self, history: History) -> None:
        """Refuse a history that ends inside the training data, whoever asks."""
        known = self.card.trained_through
        if len(history) < MEMORY:
            raise NoForecast(f"{history.symbol} cannot be forecast: the model needs {MEMORY} sessions.")
        if known is not None and history.last_bar < known.date():
            raise ModelUnavailable(
                f"{NAME} is unavailable at {history.last_bar}: trained on later data (through {known.date()})."
            )

    def _keep(self, answers: dict[str, tuple[Forecast, ...]]) -> None:
        with self._lock:
            for key, answer in answers.items():
                self._kept[key] = answer
                self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def columns(rows: Windows) -> tuple[Single, ...]:
    """A model's inputs in the order of `INPUTS`."""
    return rows.past, rows.covariates, rows.calendar, rows.ahead


def open_tft(registry: Registry) -> Tft:
    """The model that the registry knows as `tft`.

    Raises:
        ModelUnavailable: it is missing, is not what its card says, or cannot be loaded; `fix` says what to do.
    """
    folder, card = registry.folder(NAME), registry.card(NAME)
    try:
        constants = Constants.model_validate_json((folder / CONSTANTS).read_bytes())
        if constants.horizons != HORIZONS or constants.levels != LEVELS:
            raise ValueError("it answers for other horizons or levels")
        session = _session(folder / GRAPH)
    except (OSError, ValidationError, ValueError, RuntimeError) as error:
        raise ModelUnavailable(f"The model {NAME} cannot be loaded ({_short(error)}).", fix=_fix(card)) from error
    return Tft(session, Scaler(constants.scaler.mean, constants.scaler.deviation), card)


def open_record(registry: Registry) -> Record:
    """How the forecasters did before, as the model's training wrote it down.

    Raises:
        ModelUnavailable: as `open_tft`.
    """
    folder, card = registry.folder(NAME), registry.card(NAME)
    try:
        return Record.load(folder / RECORD)
    except (OSError, KeyError, ValueError) as error:
        raise ModelUnavailable(f"The record of {NAME} cannot be read ({_short(error)}).", fix=_fix(card)) from error


def _session(graph: Path) -> onnxruntime.InferenceSession:
    import onnxruntime

    options = cast(Any, onnxruntime.SessionOptions())
    # So small a graph is slower on several threads, and they would spin while others work.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises classes of its own without a common root
        raise ValueError(_short(error)) from error


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:120]


def _fix(card: ModelCard) -> str:
    return f"Make it again: `{card.mend or 'deskmate train forecast'}`."
