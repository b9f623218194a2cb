"""Where a person's own classifier comes from: what of a folder may be read, its labels, its tokenizer.

Nothing here imports torch: a folder is judged before anything of it is loaded. `safetensors` is data. A
`pytorch_model.bin` is a pickle; it is read once with torch's weights-only reader, which runs no code, and written back
as safetensors. Every other pickle is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from brokers.vocabulary import BadInput, Refused
from models.labelled import NAMES
from models.registry import digest_of
from models.sentiment import LABELS, Label

SAFE, BIN = "model.safetensors", "pytorch_model.bin"
FINBERT_HUB = "ProsusAI/finbert"
PINNED = {FINBERT_HUB: "4556d13015211d73dccd3fdd39d39232506f3e43"}
"""Revisions that were looked at; another repository's current revision is looked up once and recorded."""
LICENCES = {FINBERT_HUB: "Apache-2.0 (weights); trained on Financial PhraseBank"}
WANTED = ("config.json", SAFE, BIN, "tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json")
CAP = 3 << 30
"""Bytes of weights that are read; a BERT of the large kind has 1.4 GB."""
_TEXT_CAP = 64 << 20
_PICKLES = {".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib", ".bin", ".h5", ".msgpack", ".npy", ".dill"}


@dataclass(frozen=True)
class Source:
    """A folder that may be read."""

    folder: Path
    weights: Path
    labels: tuple[Label, ...]
    digest: str
    """SHA-256 of the weights as they were found."""

    @property
    def is_pickle(self) -> bool:
        """True where the weights must be rewritten before they are used."""
        return self.weights.name == BIN


def judged(folder: Path, labels: str = "") -> Source:
    """What of a folder will be read.

    Raises:
        BadInput: it is no folder with a three-label classifier, or its labels have no meaning and none was given.
        Refused: its weights are of a kind that can run code.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.", fix="Give the folder with config.json and the weights.")
    config = _json_of(folder / "config.json")
    if "auto_map" in config:
        raise Refused("The model brings code of its own (auto_map in config.json), which is never run.")
    weights = _weights(folder)
    return Source(folder, weights, label_order(config, labels), digest_of(weights))


def _weights(folder: Path) -> Path:
    for name in (SAFE, BIN):
        path = folder / name
        if path.is_file():
            if path.stat().st_size > CAP:
                raise BadInput(f"{name} is larger than {CAP >> 30} GB.")
            return path
    others = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in _PICKLES)
    if others:
        raise Refused(
            f"{others[0]} may run code when it is loaded and is refused.",
            fix=f"Save the model as {SAFE} (`save_pretrained` does).",
        )
    raise BadInput(f"There are no weights in {folder}.", fix=f"It needs {SAFE} or {BIN}.")


def label_order(config: Mapping[str, Any], given: str = "") -> tuple[Label, ...]:
    """The meaning of the outputs, from `--labels` or the config.

    Raises:
        BadInput: not three labels, or none that can be understood.
    """
    named = cast(Mapping[str, Any], config.get("id2label") or {})
    spoken: Sequence[str]
    if given:
        spoken = [part.strip() for part in given.split(",")]
    else:
        spoken = [str(named[key]) for key in sorted(named, key=_number)]
    if not given and (not spoken or all(re.fullmatch(r"(?i)label_?\d+|\d+", label) for label in spoken)):
        raise BadInput(
            "The model's config does not say what its labels mean.",
            fix="Say it in the order of its outputs: --labels positive,negative,neutral (see its own page).",
        )
    found: list[Label | None] = [None if label.isdigit() else NAMES.get(label.lower()) for label in spoken]
    order: tuple[Label, ...] = tuple(label for label in found if label is not None)
    if len(found) != len(LABELS) or set(order) != set(LABELS):
        raise BadInput(
            f"The labels {', '.join(spoken)[:80]} are not positive, neutral and negative.",
            fix="Give a classifier with these three, or name them: --labels positive,negative,neutral.",
        )
    outputs = len(named) or int(config.get("num_labels") or len(LABELS))
    if outputs != len(LABELS):
        raise BadInput(f"The model has {outputs} outputs; three are needed.")
    return order


def _number(key: str) -> int:
    return int(key) if key.isdigit() else 0


def tokenizer_of(folder: Path) -> str:
    """The text of a `tokenizer.json`: the folder's own, or one built from the WordPiece words in `vocab.txt`.

    Raises:
        BadInput: there is neither, or it cannot be read.
    """
    from tokenizers import Tokenizer

    own = folder / "tokenizer.json"
    try:
        if own.is_file() and own.stat().st_size <= _TEXT_CAP:
            return Tokenizer.from_str(own.read_text(encoding="utf-8")).to_str()
        return _from_words(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The tokenizer in {folder} cannot be read.") from error
    except BadInput:
        raise
    except Exception as error:  # the library raises bare exceptions
        raise BadInput(f"The tokenizer in {folder} cannot be read ({str(error)[:80]}).") from error


def _from_words(folder: Path) -> str:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    path = folder / "vocab.txt"
    if not path.is_file() or path.stat().st_size > _TEXT_CAP:
        raise BadInput("The model has neither tokenizer.json nor vocab.txt.", fix="Put one of them beside its config.")
    words = {word: index for index, word in enumerate(path.read_text(encoding="utf-8").splitlines())}
    missing = [mark for mark in ("[UNK]", "[CLS]", "[SEP]", "[PAD]") if mark not in words]
    if missing:
        raise BadInput(f"vocab.txt has no {missing[0]}: it is not a WordPiece vocabulary.")
    config = folder / "tokenizer_config.json"
    says = _json_of(config) if config.is_file() else {}
    tokenizer = Tokenizer(models.WordPiece(vocab=words, unk_token="[UNK]", max_input_chars_per_word=100))  # noqa: S106
    made = cast(Any, tokenizer)
    made.normalizer = normalizers.BertNormalizer(
        lowercase=bool(says.get("do_lower_case", True)), strip_accents=says.get("strip_accents")
    )
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", words["[CLS]"]), ("[SEP]", words["[SEP]"])]
    )
    made.decoder = decoders.WordPiece()
    return tokenizer.to_str()


def _json_of(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _TEXT_CAP:
            raise BadInput(f"{path.name} is too large.")
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path.name} cannot be read in {path.parent}.") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path.name} is not a JSON object.")
    return cast(dict[str, Any], value)


def downloaded(repository: str, into: Path) -> tuple[Path, str]:
    """Bring the files of a repository on the model hub into `into`; returns them with the revision taken.

    Raises:
        BadInput: the hub cannot be reached or has no such repository.
    """
    hub: Any = import_module("huggingface_hub")
    try:
        api = hub.HfApi()
        revision = PINNED.get(repository) or str(api.model_info(repository, timeout=20).sha)
        there: set[str] = set(api.list_repo_files(repository, revision=revision))
        wanted = [name for name in WANTED if name in there and not (name == BIN and SAFE in there)]
        for name in wanted:
            hub.hf_hub_download(repository, name, revision=revision, local_dir=into)
    except Exception as error:  # the hub's client raises errors of several libraries
        raise BadInput(
            f"{repository[:80]} cannot be fetched from the model hub ({type(error).__name__}).",
            fix="Bring its files here another way and give the folder: --from DIR.",
        ) from error
    return into, revision
