"""A torch classifier to an int8 ONNX graph, and the proof that both read texts alike.

Dynamic quantisation keeps activations in floating point between layers; what is stored and multiplied is int8.
Quantising everything is tried first; where labels then differ too often, the word vectors or all of it stay in fp32.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from brokers.vocabulary import DeskmateError
from models.onnx_text import GRAPH, SERVING, Serving, TextClassifier

OPSET = 17
AGREEMENT = 0.99
"""Least share of texts that the exported graph must label as the original does."""

Logits = NDArray[np.float64]


class ExportFailed(DeskmateError):
    """A model could not be exported so that it reads texts as the original does."""


@contextmanager
def quiet() -> Generator[None]:
    """Without the exporters' own remarks on how they will change."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


class Plain(nn.Module):
    """A transformers classifier as a function of tensors to logits."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Logits in the order of the model's own labels."""
        return self.model(input_ids=input_ids, attention_mask=attention_mask).logits


def to_onnx(module: nn.Module, path: Path) -> None:
    """Write a module of (input_ids, attention_mask) → logits as an fp32 graph with free batch and length."""
    tokens = torch.tensor([[2, 5, 6, 3], [2, 7, 3, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    free = {0: "batch", 1: "length"}
    with quiet(), torch.inference_mode():
        torch.onnx.export(
            module.eval(),
            (tokens, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_axes={"input_ids": free, "attention_mask": free, "logits": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )


def quantised(graph: Path, to: Path, operators: Sequence[str]) -> None:
    """Write `graph` with the weights of these operators as int8, one scale a column."""
    tools: Any = import_module("onnxruntime.quantization")
    with quiet():
        tools.quantize_dynamic(
            graph, to, weight_type=tools.QuantType.QInt8, per_channel=True, op_types_to_quantize=list(operators)
        )


def exported(
    module: nn.Module,
    folder: Path,
    serving: Serving,
    *,
    texts: Sequence[str],
    original: Callable[[Sequence[str]], Logits],
    least: float = AGREEMENT,
) -> dict[str, float]:
    """Write `model.onnx` and `serving.json` into `folder`, where `tokenizer.json` is; tells how far it agrees.

    Raises:
        ExportFailed: even the fp32 graph labels fewer than `least` of the texts as the original does.
    """
    (folder / SERVING).write_text(serving.model_dump_json(indent=1) + "\n", encoding="utf-8")
    whole = folder / "whole.onnx"
    to_onnx(module, whole)
    wanted = original(texts)
    agreed = 0.0
    try:
        for bits, operators in ((8.0, ("MatMul", "Gather")), (8.0, ("MatMul",)), (32.0, ())):
            if operators:
                quantised(whole, folder / GRAPH, operators)
            else:
                (folder / GRAPH).write_bytes(whole.read_bytes())
            found = TextClassifier(folder).logits(texts)
            agreed = float((found.argmax(1) == wanted.argmax(1)).mean())
            if agreed >= least:
                return {"agreement": agreed, "bits": bits, "largest_difference": float(np.abs(found - wanted).max())}
    finally:
        whole.unlink(missing_ok=True)
    raise ExportFailed(f"The export agrees with the original on {agreed:.1%} of the texts; {least:.0%} are needed.")
