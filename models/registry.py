"""Which learned models there are: name, version, digests, licence, training data, and what stands in for them.

A model is a folder with a `card.json` beside its files. Two places hold such folders: `models/shipped/` came with the
project, `HOME/models/` is what a person fetched or trained; the second goes before the first. No file is used before
its SHA-256 equals the one on the card, and a format that can run code when it is loaded (a pickle) cannot be on a card.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from brokers.vocabulary import Instant, Unavailable, Value

CARD = "card.json"
SHIPPED = Path(__file__).parent / "shipped"
HOME_FOLDER = "models"
SAFE_KINDS = frozenset({".onnx", ".json", ".txt", ".safetensors", ".npz", ".npy", ".md", ".csv"})
"""File kinds that hold data only; everything else, pickles above all, is refused."""
_CARD_CAP = 1 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9.\-]{0,63}")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._\-]{0,127}")
_DIGEST = re.compile(r"[0-9a-f]{64}")

Kind = Literal["sentiment", "forecast"]


class ModelUnavailable(Unavailable):
    """A model is missing, is not what its card says, or was trained on later data than it is asked about."""


class ModelCard(Value):
    """What is known about a model; `card.json` beside its files."""

    name: str
    kind: Kind
    version: str
    files: Mapping[str, str]
    """File name → SHA-256 in hexadecimal."""
    licence: str
    trained_on: str
    """The data, in words."""
    trained_through: Instant | None = None
    """The last instant that any training row knew; None where no row carries a date."""
    scores: Mapping[str, float] = Field(default_factory=dict[str, float])
    fallback: str = ""
    """The model that stands in where this one cannot be used; empty where there is none."""
    note: str = ""
    mend: str = ""
    """The command that makes or brings the files again."""

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("a model's name has small letters, digits, dots and dashes")
        return name

    @field_validator("files")
    @classmethod
    def _safe(cls, named: Mapping[str, str]) -> Mapping[str, str]:
        for name, digest in named.items():
            if not _FILE.fullmatch(name) or name == CARD:
                raise ValueError(f"{name!r} is no file name for a model")
            if Path(name).suffix not in SAFE_KINDS:
                raise ValueError(f"{name} may run code when it is loaded: only {', '.join(sorted(SAFE_KINDS))}")
            if not _DIGEST.fullmatch(digest):
                raise ValueError(f"the digest of {name} is not a SHA-256")
        return named

    def require_unseen(self, asof: datetime) -> None:
        """Refuse an instant that lies inside what the model was trained on: it would tell what it already knew.

        Raises:
            ModelUnavailable: `asof` is not after `trained_through`.
        """
        if self.trained_through is not None and asof <= self.trained_through:
            raise ModelUnavailable(
                f"{self.name} is unavailable at {asof:%Y-%m-%d}: trained on later data "
                f"(through {self.trained_through:%Y-%m-%d})."
            )


class Verified(Value):
    """What a check of one model's files came to."""

    name: str
    version: str = ""
    ok: bool
    shipped: bool
    reason: str = ""
    fix: str = ""


class Registry:
    """The models of a home folder over those that ship with the project."""

    def __init__(self, shipped: Path = SHIPPED, home: Path | None = None) -> None:
        self._shipped = shipped
        self._own = None if home is None else home / HOME_FOLDER

    def cards(self) -> tuple[ModelCard, ...]:
        """The cards that can be read, in the order of names; a person's own model hides the shipped one of its name."""
        found: list[ModelCard] = []
        for name, folder in sorted(self._folders().items()):
            try:
                found.append(self._read(name, folder))
            except ModelUnavailable:
                continue
        return tuple(found)

    def card(self, name: str) -> ModelCard:
        """The card of one model.

        Raises:
            ModelUnavailable: there is no such model, or its card cannot be read.
        """
        return self._read(name, self._found(name))

    def folder(self, name: str) -> Path:
        """Where a model's files are, every digest checked.

        Raises:
            ModelUnavailable: the model or a file of it is missing or is not what the card says; `fix` mends it.
        """
        folder = self._found(name)
        card = self._read(name, folder)
        for file, digest in card.files.items():
            path = folder / file
            if not path.is_file():
                raise ModelUnavailable(f"The file {file} of the model {name} is missing.", fix=self._mend(name, card))
            if digest_of(path) != digest:
                raise ModelUnavailable(
                    f"The file {file} of the model {name} is not the one on its card (SHA-256 differs).",
                    fix=self._mend(name, card),
                )
        return folder

    def add(self, card: ModelCard, folder: Path) -> Path:
        """Copy the files on `card` out of `folder` to HOME/models/NAME, in one step; an older one is replaced.

        Raises:
            ModelUnavailable: there is no home, it cannot be written, or a file is missing or differs from the card.
        """
        if self._own is None:
            raise ModelUnavailable("There is no home folder to keep a model in.", fix="Give --home DIR.")
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._own, prefix=".new-") as made:
                fresh = Path(made) / card.name
                fresh.mkdir()
                for file, digest in card.files.items():
                    shutil.copyfile(folder / file, fresh / file)
                    if digest_of(fresh / file) != digest:
                        raise ModelUnavailable(f"{file} is not the one on the card of {card.name}.")
                (fresh / CARD).write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")
                kept = self._own / card.name
                if kept.exists():
                    os.rename(kept, Path(made) / "replaced")
                os.rename(fresh, kept)
        except OSError as error:
            raise ModelUnavailable(
                f"The model {card.name} cannot be kept ({error.strerror or error}).", fix=f"Check {self._own}."
            ) from error
        return self._own / card.name

    def verify(self) -> tuple[Verified, ...]:
        """Every model's files against their cards."""
        return tuple(self._verified(name) for name in sorted(self._folders()))

    def shipped_only(self) -> Registry:
        """The models that came with the project, as if no person had any."""
        return Registry(self._shipped)

    def is_shipped(self, name: str) -> bool:
        """True where the model that answers to `name` came with the project."""
        return self._found(name).parent == self._shipped

    def _verified(self, name: str) -> Verified:
        shipped = self.is_shipped(name)
        try:
            self.folder(name)
        except ModelUnavailable as error:
            return Verified(name=name, ok=False, shipped=shipped, reason=str(error), fix=error.fix)
        return Verified(name=name, version=self.card(name).version, ok=True, shipped=shipped)

    def _folders(self) -> dict[str, Path]:
        places = [self._shipped] if self._own is None else [self._shipped, self._own]
        return {folder.name: folder for place in places for folder in _models_in(place)}

    def _found(self, name: str) -> Path:
        folders = self._folders()
        if name not in folders:
            known = ", ".join(sorted(folders)) or "none"
            raise ModelUnavailable(
                f"There is no model {name[:64]} here (there are: {known}).", fix=f"Get it: {command_for(name)}."
            )
        return folders[name]

    def _read(self, name: str, folder: Path) -> ModelCard:
        path = folder / CARD
        try:
            with path.open("rb") as file:
                card = ModelCard.model_validate_json(file.read(_CARD_CAP))
        except (OSError, ValidationError) as error:
            raise ModelUnavailable(f"The card of the model {name} cannot be read.", fix=self._mend(name)) from error
        if card.name != name:
            raise ModelUnavailable(f"The folder {name} holds the card of {card.name}.", fix=self._mend(name))
        return card

    def _mend(self, name: str, card: ModelCard | None = None) -> str:
        if self.is_shipped(name):
            return f"Put the shipped files back: `git checkout -- models/shipped/{name}`, or install the project again."
        return f"Make it again: {f'`{card.mend}`' if card and card.mend else command_for(name)}."


def command_for(name: str) -> str:
    """The command that brings a model by its name."""
    if "forecast" in name or "tft" in name:
        return "`deskmate train forecast`"
    return f"`deskmate models fetch {name[:64]}`"


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _models_in(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from (entry for entry in place.iterdir() if (entry / CARD).is_file() and _NAME.fullmatch(entry.name))
