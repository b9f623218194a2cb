"""Labelled texts of a person's own: `text,label` as CSV, or `sentence@label` lines (UTF-8 or Latin-1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from brokers.vocabulary import BadInput
from models.cleaning import cleaned
from models.sentiment import LABELS, Label

NAMES: Mapping[str, Label] = {
    "positive": "positive", "pos": "positive", "bullish": "positive", "1": "positive",
    "neutral": "neutral", "neu": "neutral", "none": "neutral", "2": "neutral",
    "negative": "negative", "neg": "negative", "bearish": "negative", "0": "negative",
}  # fmt: skip
"""What a label may be called; the numbers are those of the Twitter set (0 bearish, 1 bullish, 2 neutral)."""
_TEXTS, _MARKS = ("text", "sentence", "headline", "title"), ("label", "sentiment")
CAP = 256 << 20


@dataclass(frozen=True)
class Row:
    """One labelled text."""

    text: str
    """As a model reads it."""
    label: int
    """The place of its label in `LABELS`."""
    said: str = ""
    """As it was given."""


def read_labelled(path: Path) -> list[Row]:
    """The rows of a file; what is empty or labelled otherwise is left out.

    Raises:
        BadInput: the file cannot be read or holds no labelled text.
    """
    try:
        if path.stat().st_size > CAP:
            raise BadInput(f"{path.name} is larger than {CAP >> 20} MB.")
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}).") from error
    pairs = _columns(text) if path.suffix.lower() == ".csv" else _lines(text)
    rows = [
        Row(clean, LABELS.index(NAMES[label]), said)
        for said, label in ((said, label.strip().lower()) for said, label in pairs)
        if label in NAMES and (clean := cleaned(said))
    ]
    if not rows:
        raise BadInput(
            f"{path.name} holds no labelled text.", fix="It needs the columns text,label or lines text@label."
        )
    return rows


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _columns(text: str) -> Iterator[tuple[str, str]]:
    try:
        for row in csv.DictReader(io.StringIO(text, newline="")):
            said = next((row[name] for name in _TEXTS if row.get(name)), "")
            yield said or "", next((row[name] for name in _MARKS if row.get(name)), "") or ""
    except csv.Error as error:
        raise BadInput(f"The CSV cannot be read ({error}).") from error


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        said, _, label = line.rpartition("@")
        yield said, label
