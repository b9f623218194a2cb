"""From a judged folder to a served model: weights, ONNX, int8, the check that labels agree, the card. Imports torch."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from brokers.vocabulary import BadInput, Refused
from models.cleaning import cleaned
from models.fetching import FINBERT_HUB, LICENCES, SAFE, Source, downloaded, judged, tokenizer_of
from models.onnx_text import GRAPH, SERVING, TOKENIZER, Serving
from models.registry import HOME_FOLDER, ModelCard, Registry, digest_of
from models.training.export import Plain, exported, quiet
from models.training.grammar import sentences

CHECKED = 600
"""Texts that the exported model is compared on."""

Tell = Callable[[str], None]


def fetch(registry: Registry, home: Path, name: str, *, source: str, labels: str, tell: Tell) -> ModelCard:
    """Make a served model of a folder or a repository of the hub, and keep it under `name`.

    Raises:
        BadInput: the source cannot be used; the message says why and what to do.
        Refused: its weights could run code.
        ExportFailed: int8 and fp32 both label texts otherwise than the original.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder, revision = Path(source).expanduser(), ""
        if not folder.is_dir():
            if source.count("/") != 1 or source.startswith((".", "/", "~")):
                raise BadInput(f"There is no folder {source[:200]}.")
            tell(f"Fetching {source} from the model hub…")
            folder, revision = downloaded(source, Path(scratch) / "hub")
        found = judged(folder, labels)
        staged = Path(scratch) / "staged"
        model = _loaded(found, staged, tell)
        made = Path(scratch) / "made"
        made.mkdir()
        check = _made(model, found, made, tell)
        card = _card(name, source, revision, found, made, check)
        registry.add(card, made)
        _kept(staged, home / HOME_FOLDER / "sources" / name)
    return card


def _loaded(source: Source, staged: Path, tell: Tell) -> Any:
    """The classifier in torch, from safetensors in a folder of our own that holds nothing else to load."""
    transformers: Any = import_module("transformers")
    staged.mkdir(parents=True)
    shutil.copyfile(source.folder / "config.json", staged / "config.json")
    if source.is_pickle:
        tell("Rewriting pytorch_model.bin as safetensors (weights only, no code is run)…")
        _rewritten(source.weights, staged / SAFE)
    else:
        shutil.copyfile(source.weights, staged / SAFE)
    tell("Loading the model…")
    try:
        with quiet():
            model, report = transformers.AutoModelForSequenceClassification.from_pretrained(
                staged, local_files_only=True, use_safetensors=True, trust_remote_code=False, output_loading_info=True,
                attn_implementation="eager", dtype=torch.float32,
            )  # fmt: skip
    except Exception as error:  # transformers raises whatever its parts raise
        raise BadInput(f"transformers cannot load the model ({type(error).__name__}: {str(error)[:160]}).") from error
    absent = sorted(report["missing_keys"]) + sorted(str(key) for key in report.get("mismatched_keys", ()))
    if absent:
        raise BadInput(
            f"The weights lack {absent[0]} ({len(absent)} in all): this is no fine-tuned classifier.",
            fix="Give the folder of the classifier, not of the model it was made from.",
        )
    return model.eval()


def _rewritten(pickle: Path, to: Path) -> None:
    tools: Any = import_module("safetensors.torch")
    try:
        state = torch.load(pickle, map_location="cpu", weights_only=True)
        plain = {str(name): value.contiguous().clone() for name, value in state.items()}
        tools.save_file(plain, to, metadata={"format": "pt"})
    except Exception as error:  # an unpickler raises anything
        raise Refused(
            f"{pickle.name} holds more than weights and is refused ({type(error).__name__}).",
            fix=f"Get the model as {SAFE}.",
        ) from error


def _made(model: Any, source: Source, made: Path, tell: Tell) -> dict[str, float]:
    from tokenizers import Tokenizer

    (made / TOKENIZER).write_text(tokenizer_of(source.folder), encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(made / TOKENIZER))
    pad = int(getattr(model.config, "pad_token_id", 0) or 0)
    longest = min(128, int(getattr(model.config, "max_position_embeddings", 130)) - 2)
    if tokenizer.get_vocab_size() > model.config.vocab_size:
        raise BadInput("The tokenizer has more words than the model: they do not belong together.")
    serving = Serving(labels=source.labels, max_tokens=longest, pad=pad)
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    tell("Exporting to ONNX, quantising to int8 and comparing labels…")
    texts = [cleaned(text) for text, _ in sentences(CHECKED, seed=11)]
    return exported(
        Plain(model), made, serving, texts=texts, original=lambda given: _logits(model, tokenizer, given, pad)
    )


def _logits(model: Any, tokenizer: Any, texts: Sequence[str], pad: int) -> NDArray[np.float64]:
    rows: list[NDArray[np.float64]] = []
    with torch.inference_mode():
        for start in range(0, len(texts), 32):
            ids = [encoded.ids for encoded in tokenizer.encode_batch(list(texts[start : start + 32]))]
            width = max(len(row) for row in ids)
            tokens = torch.tensor([[*row, *[pad] * (width - len(row))] for row in ids])
            mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])
            rows.append(model(input_ids=tokens, attention_mask=mask).logits.double().numpy())
    return np.concatenate(rows)


def _card(name: str, source: str, revision: str, found: Source, made: Path, check: dict[str, float]) -> ModelCard:
    where = source if revision else f"the folder {Path(source).name}"
    return ModelCard(
        name=name,
        kind="sentiment",
        version=revision[:12] or found.digest[:12],
        files={file: digest_of(made / file) for file in (GRAPH, TOKENIZER, SERVING)},
        licence=LICENCES.get(source, "as its authors say"),
        trained_on="Financial PhraseBank and a financial corpus, by its authors"
        if source == FINBERT_HUB
        else "not told",
        scores={key: round(value, 6) for key, value in check.items()},
        fallback="compact-sentiment",
        note=f"From {where}{f' at revision {revision}' if revision else ''}; weights SHA-256 {found.digest}. "
        "Probabilities are the model's own: no temperature was fitted.",
        mend=f"deskmate models fetch {name} --from {source}",
    )


def _kept(staged: Path, to: Path) -> None:
    """Keep the safetensors beside the served models, so that the export can be made again without the hub."""
    if to.exists():
        shutil.rmtree(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(staged, to)
