"""The sentiment models' speed: as served, in turn with torch on the same texts in the same process.

FinBERT's own weights are not on every machine, so a BERT of its size with weights by chance stands for it: how long
a matrix takes does not hang on what is in it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from bench.measure import Measured, measure

TOKENS = 64
_WORD = "profit "


@cache
def _large() -> tuple[Any, Path, tempfile.TemporaryDirectory[str]]:
    """A BERT of FinBERT's size in torch, a home where its int8 export is kept, and what holds that home."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    from models.onnx_text import GRAPH, SERVING, TOKENIZER, Serving
    from models.registry import ModelCard, Registry, digest_of
    from models.serving import COMPACT
    from models.training.export import Plain, quantised, to_onnx

    held = tempfile.TemporaryDirectory()
    home, made = Path(held.name) / "home", Path(held.name) / "made"
    made.mkdir()
    torch.manual_seed(0)
    torch.set_num_threads(2)
    model = BertForSequenceClassification(BertConfig(num_labels=3, attn_implementation="eager")).eval()
    to_onnx(Plain(model), made / "whole.onnx")
    quantised(made / "whole.onnx", made / GRAPH, ("MatMul", "Gather"))
    (made / TOKENIZER).write_bytes((Registry().folder(COMPACT) / TOKENIZER).read_bytes())
    (made / SERVING).write_text(Serving(labels=("positive", "negative", "neutral"), max_tokens=128).model_dump_json())
    card = ModelCard(
        name="finbert",
        kind="sentiment",
        version="by-chance",
        files={name: digest_of(made / name) for name in (GRAPH, TOKENIZER, SERVING)},
        licence="none",
        trained_on="nothing",
    )
    Registry(home=home).add(card, made)
    return model, home, held


def _in_torch(count: int) -> Callable[[], object]:
    import torch

    model = _large()[0]
    ids = torch.full((count, TOKENS), 5618)
    mask = torch.ones_like(ids)

    def run() -> object:
        with torch.inference_mode():
            return model(input_ids=ids, attention_mask=mask).logits

    return run


def _served(name: str, count: int, n: int, bound: str) -> Measured:
    from models.onnx_text import TextClassifier
    from models.registry import Registry

    classifier = TextClassifier(Registry(home=_large()[1]).folder(name))
    texts = [_WORD * (TOKENS - 2)] * count
    return measure(
        f"{name} int8, {count} x {TOKENS} tokens",
        lambda: classifier.probabilities(texts),
        n=n,
        bound=bound,
        peer="torch fp32, FinBERT's size",
        against=_in_torch(count),
        warm=2,
    )


def finbert_one() -> Measured:
    """A model of FinBERT's size as served, one text."""
    return _served("finbert", 1, 20, "ratio <= 0.25")


def finbert_batch() -> Measured:
    """A model of FinBERT's size as served, 32 texts."""
    return _served("finbert", 32, 5, "ratio <= 0.33")


def compact_one() -> Measured:
    """The model that ships with the project, one text."""
    return _served("compact-sentiment", 1, 20, "ratio <= 0.05")


def cached_headline() -> Measured:
    """A headline that was read before."""
    from models.registry import Registry
    from models.serving import COMPACT, open_sentiment

    model = open_sentiment(Registry(), COMPACT).model
    line = ["Operating profit rose to EUR 13 mn from EUR 9 mn a year earlier"]
    return measure("sentiment of a cached headline", lambda: model.score(line), n=5000, bound="p95 <= 0.1 ms")


def cold_load() -> Measured:
    """A process that opens FinBERT's size and the compact model and reads one text, less a bare Python start."""
    home = _large()[1]
    code = (
        "from pathlib import Path; from models.registry import Registry; "
        "from models.serving import open_sentiment; "
        f"r = Registry(home=Path({str(home)!r})); "
        "[open_sentiment(r, n).model.score(['Profit rose']) for n in ('finbert', 'compact-sentiment')]; "
        # Not getrusage: its peak is handed on from the process that started this one.
        "print(int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024)"
    )

    def run() -> str:
        return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    return measure("cold load, both models", run, n=5, bound=f"p50 <= 1000 ms; resident {run()} MB <= 600", warm=1)


MEASUREMENTS: dict[str, Callable[[], Measured]] = {
    "finbert-1": finbert_one,
    "finbert-32": finbert_batch,
    "compact": compact_one,
    "cached": cached_headline,
    "cold": cold_load,
}
