"""The Temporal Fusion Transformer itself: trained with darts, asked through darts, written as ONNX.

Only the training process ever loads this module: it imports torch and darts. The decoder's steps are not consecutive
sessions but the horizons: step `i` answers for the close `HORIZONS[i]` sessions after the origin, on the
cumulative return itself, because adding up quantiles of single sessions does not give a quantile of their sum.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from darts.models import TFTModel
from darts.utils.data import TorchTrainingDataset
from darts.utils.data.torch_datasets.utils import PLModuleInput, TorchTrainingSample
from darts.utils.likelihood_models import QuantileRegression
from pytorch_lightning import Callback, LightningModule, Trainer

from models.forecast import HORIZONS
from models.forecast_windows import CALENDAR, COVARIATES, INPUT, Single, Windows
from models.quantiles import LEVELS, Floats

_SHAPES = ((INPUT, 1), (INPUT, len(COVARIATES)), (INPUT, len(CALENDAR)), (len(HORIZONS), len(CALENDAR)))
"""Steps and widths of the four inputs."""

Told = Callable[[int, float, float], None]
"""Hears the epoch (from 1), the training loss and the validation loss."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained; the defaults made the shipped one."""

    seed: int = 7
    epochs: int = 15
    """Most epochs; early stopping usually ends before."""
    patience: int = 3
    """Epochs without a better validation loss before training stops."""
    hidden: int = 16
    heads: int = 4
    dropout: float = 0.2
    batch: int = 256
    rate: float = 1e-3
    stride: int = 2
    """Every how many sessions an origin is learned from: neighbouring windows are nearly the same."""


def train(rows: Windows, answers: Single, held: Windows, held_answers: Single, recipe: Recipe, told: Told) -> TFTModel:
    """A model fitted on `rows`, stopped by its loss on `held` and left as it was when that was least.

    `answers` are the scaled outcomes, of shape (origins, horizons, 1).
    """
    torch.set_num_threads(1)
    keeper = _Keeper(told, recipe.patience)
    model = TFTModel(
        input_chunk_length=INPUT,
        output_chunk_length=len(HORIZONS),
        hidden_size=recipe.hidden,
        lstm_layers=1,
        num_attention_heads=recipe.heads,
        dropout=recipe.dropout,
        hidden_continuous_size=8,
        batch_size=recipe.batch,
        n_epochs=recipe.epochs,
        optimizer_kwargs={"lr": recipe.rate},
        likelihood=QuantileRegression(list(LEVELS)),
        use_static_covariates=False,
        random_state=recipe.seed,
        pl_trainer_kwargs={**_quiet(), "callbacks": [keeper], "gradient_clip_val": 1.0},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit_from_dataset(_Rows(rows, answers), _Rows(held, held_answers), verbose=False)
    keeper.restore(_module(model))
    return model


def ask(model: TFTModel, rows: Windows, batch: int = 1024) -> Floats:
    """The model's own quantiles of the scaled return, of shape (origins, horizons, levels)."""
    wrapped = _Named(_module(model).eval())
    found: list[Floats] = []
    with torch.no_grad():
        for start in range(0, len(rows.past), batch):
            cut = [torch.from_numpy(column[start : start + batch]) for column in columns(rows)]
            found.append(wrapped(*cut).numpy().astype(np.float64))
    return np.concatenate(found)


def columns(rows: Windows) -> tuple[Single, ...]:
    """The four inputs in the order of the exported graph."""
    return rows.past, rows.covariates, rows.calendar, rows.ahead


def export(model: TFTModel, path: Path) -> None:
    """Write the model as an ONNX graph that takes any number of windows."""
    module = _module(model).eval()
    examples = tuple(torch.zeros((2, *shape)) for shape in _SHAPES)
    # The mask is the same for every window: a constant of one row broadcasts over any number of them.
    module.attention_mask = module.get_attention_mask_future(INPUT, len(HORIZONS), 1, torch.device("cpu"), False)
    module.batch_size_last = 2
    names = ["past", "covariates", "calendar", "ahead"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Named(module),
            examples,
            str(path),
            input_names=names,
            output_names=["quantiles"],
            dynamic_axes={name: {0: "windows"} for name in [*names, "quantiles"]},
            opset_version=17,
            dynamo=False,
        )
    module.batch_size_last = -1


def _quiet() -> dict[str, Any]:
    return {
        "accelerator": "cpu",
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "enable_checkpointing": False,
        "logger": False,
    }


def _module(model: TFTModel) -> Any:
    """The torch module behind a fitted model."""
    module: Any = model.model
    return module.to("cpu")


class _Rows(TorchTrainingDataset):
    """Windows and their answers as darts takes them, without cutting them out of a series first."""

    def __init__(self, rows: Windows, answers: Single) -> None:
        super().__init__()
        self._rows, self._answers = rows, answers

    def __len__(self) -> int:
        return len(self._answers)

    def __getitem__(self, index: int) -> TorchTrainingSample:
        rows = self._rows
        return TorchTrainingSample(
            past_target=rows.past[index],
            past_covariates=rows.covariates[index],
            historic_future_covariates=rows.calendar[index],
            future_covariates=rows.ahead[index],
            future_target=self._answers[index],
        )


class _Named(torch.nn.Module):
    """The model with four plain inputs and its quantiles as the one output."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module

    def forward(
        self, past: torch.Tensor, covariates: torch.Tensor, calendar: torch.Tensor, ahead: torch.Tensor
    ) -> torch.Tensor:
        """(windows, horizons, levels)."""
        given = PLModuleInput(
            past_target=past, past_covariates=covariates, historic_future_covariates=calendar, future_covariates=ahead
        )
        return self.module(given).prediction.squeeze(2)


class _Keeper(Callback):
    """Tells of every epoch, stops when the validation loss no longer falls, and keeps the best weights."""

    def __init__(self, told: Told, patience: int) -> None:
        self._told, self._patience = told, patience
        self._best, self._since, self._epoch = float("inf"), 0, 0
        self._weights: dict[str, torch.Tensor] = {}

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """An epoch is over, its validation included."""
        loss = float(trainer.callback_metrics["val_loss"])
        self._epoch += 1
        self._told(self._epoch, float(trainer.callback_metrics["train_loss"]), loss)
        if loss < self._best:
            self._best, self._since = loss, 0
            self._weights = {name: value.detach().clone() for name, value in pl_module.state_dict().items()}
        else:
            self._since += 1
        trainer.should_stop = self._since >= self._patience

    def restore(self, module: Any) -> None:
        """Put the best weights back."""
        module.load_state_dict(self._weights)
