"""A text classifier as served: an ONNX graph through onnxruntime, a tokenizer.json, and how to read its outputs.

Imports neither torch nor transformers. The folder holds `model.onnx`, `tokenizer.json` and `serving.json`, all of them
verified by the registry before they are opened here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from brokers.vocabulary import Value
from models.registry import ModelUnavailable
from models.sentiment import Label

GRAPH, TOKENIZER, SERVING = "model.onnx", "tokenizer.json", "serving.json"
_THREADS = min(2, os.cpu_count() or 1)

Probabilities = NDArray[np.float64]


class Serving(Value):
    """How a graph's outputs are read; `serving.json`."""

    labels: tuple[Label, ...] = Field(min_length=3, max_length=3)
    """The meaning of the outputs, in their order."""
    temperature: float = Field(default=1.0, gt=0)
    """Divides the logits: fitted on held-out texts so that probabilities are frequencies; 1 where none was fitted."""
    max_tokens: int = Field(default=96, ge=8, le=512)
    """Tokens of a text that are read."""
    pad: int = Field(default=0, ge=0)
    """The id that fills short texts up."""


class TextClassifier:
    """Texts in, calibrated probabilities out, in the order of `labels`. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        onnxruntime: Any = import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        # Threads that spin answer a third sooner; between two runs they would take the cores from the rest of a desk.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        options.log_severity_level = 3
        try:
            self.serving = Serving.model_validate_json((folder / SERVING).read_bytes())
            # By path: handed over as bytes, a graph of FinBERT's size takes 0.2 s longer to open.
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = Tokenizer.from_file(str(folder / TOKENIZER))
        except (OSError, ValidationError) as error:
            raise ModelUnavailable(f"The model in {folder.name} cannot be read.") from error
        except Exception as error:  # onnxruntime and tokenizers share no error class of their own
            raise ModelUnavailable(f"The model in {folder.name} cannot be opened ({str(error)[:120]}).") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.serving.max_tokens)
        self._inputs: set[str] = {given.name for given in self._session.get_inputs()}

    @property
    def labels(self) -> tuple[Label, ...]:
        """The meaning of the outputs, in their order."""
        return self.serving.labels

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row a text, as the graph says it.

        Every text goes through the graph by itself: an int8 graph scales its activations over all it is given, so that
        a text's answer would hang on what was read beside it. Side by side on the cores that is no slower.
        """
        ids: list[list[int]] = [encoded.ids for encoded in self._tokenizer.encode_batch(list(texts))]
        if len(ids) < 2:
            rows = [self._run(row) for row in ids]
        else:
            with ThreadPoolExecutor(_THREADS) as threads:
                rows = list(threads.map(self._run, ids))
        return np.stack(rows) if rows else np.zeros((0, len(self.labels)))

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Calibrated probabilities, one row a text."""
        scaled = self.logits(texts) / self.serving.temperature
        spread = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return spread / spread.sum(axis=1, keepdims=True)

    def _run(self, ids: Sequence[int]) -> NDArray[np.float64]:
        tokens = np.array([ids], dtype=np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
        (logits,) = self._session.run(None, {name: value for name, value in feed.items() if name in self._inputs})
        return np.asarray(logits, dtype=np.float64)[0]
