"""Sentiment models as a desk uses them: opened through the registry, cached by content, their stand-ins said aloud."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.cleaning import TEXT_CAP, cleaned
from models.registry import ModelUnavailable, Registry
from models.sentiment import LABELS, Label, Sentiment, SentimentModel

COMPACT = "compact-sentiment"
FINBERT = "finbert"
CACHED = 4096
"""Answers kept; the least recently asked goes first."""


class Classifier(Protocol):
    """What reads texts: `TextClassifier`, or a double of it."""

    @property
    def labels(self) -> tuple[Label, ...]:
        """The meaning of the columns."""
        ...

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row a text."""
        ...


class CachedSentiment:
    """A `SentimentModel` over a classifier; an answer is kept under the digest of its text."""

    def __init__(self, name: str, classifier: Classifier, keep: int = CACHED) -> None:
        self._name = name
        self._classifier = classifier
        self._keep = keep
        self._kept: OrderedDict[bytes, Sentiment] = OrderedDict()
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The model's name in the registry."""
        return self._name

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        """One answer a text, in order; only what was not asked before goes through the model."""
        keys = [_key(text) for text in texts]
        with self._lock:
            known = {key: self._kept[key] for key in keys if key in self._kept}
        unread = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if unread:
            known |= dict(zip(unread, self._read(list(unread.values())), strict=True))
        with self._lock:
            for key in keys:
                self._kept[key] = known[key]
                self._kept.move_to_end(key)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
        return [known[key] for key in keys]

    def _read(self, texts: Sequence[str]) -> list[Sentiment]:
        clean = [cleaned(text) for text in texts]
        spoken = [place for place, text in enumerate(clean) if any(char.isalnum() for char in text)]
        found = [self._silent() for _ in texts]
        if spoken:
            rows = self._classifier.probabilities([clean[place] for place in spoken])
            for place, row in zip(spoken, rows.tolist(), strict=True):
                found[place] = self._sentiment(row)
        return found

    def _sentiment(self, row: Sequence[float]) -> Sentiment:
        by_label = dict(zip(self._classifier.labels, row, strict=True))
        probabilities: dict[Label, float] = {label: by_label[label] for label in LABELS}
        return Sentiment(
            label=max(LABELS, key=lambda label: probabilities[label]),
            probabilities=probabilities,
            score=max(-1.0, min(1.0, probabilities["positive"] - probabilities["negative"])),
            model=self._name,
        )

    def _silent(self) -> Sentiment:
        """A text without a letter or digit says nothing: neutral, without asking the model."""
        return Sentiment(
            label="neutral",
            probabilities={"positive": 0.0, "neutral": 1.0, "negative": 0.0},
            score=0.0,
            model=self._name,
        )


def _key(text: str) -> bytes:
    return hashlib.sha256(text[: 2 * TEXT_CAP].encode("utf-8", errors="surrogatepass")).digest()


@dataclass(frozen=True)
class Opened:
    """A model that can be asked, and what is missing where it is not the one that was wanted."""

    model: SentimentModel
    degraded: tuple[str, ...] = ()
    """One sentence for each model that could not be used; to be said in every answer that used this one."""


def preferred(registry: Registry) -> str:
    """FinBERT where a person fetched it, else the compact model."""
    return FINBERT if any(card.name == FINBERT for card in registry.cards()) else COMPACT


def open_sentiment(registry: Registry, name: str | None = None) -> Opened:
    """Open a model, or what stands in for it: along the cards' fallbacks, then the shipped model of the same name.

    Raises:
        ModelUnavailable: neither the model nor any fallback can be used; every reason is told.
    """
    from models.onnx_text import TextClassifier

    wanted = name or preferred(registry)
    reasons: list[ModelUnavailable] = []
    for candidate, place in _chain(registry, wanted):
        try:
            classifier = TextClassifier(place.folder(candidate))
        except ModelUnavailable as error:
            reasons.append(error)
            continue
        return Opened(CachedSentiment(candidate, classifier), tuple(_said(reason, candidate) for reason in reasons))
    raise ModelUnavailable(" ".join(str(reason) for reason in reasons), fix=reasons[-1].fix) from reasons[-1]


def _chain(registry: Registry, wanted: str) -> list[tuple[str, Registry]]:
    shipped = registry.shipped_only()
    chain = [(wanted, registry)]
    fallback = next((card.fallback for card in registry.cards() if card.name == wanted), "") or COMPACT
    chain += [(fallback, registry), (fallback, shipped)]
    return list({(name, place is registry): (name, place) for name, place in chain}.values())


def _said(reason: ModelUnavailable, instead: str) -> str:
    return f"{reason.sentence()} {instead} read the texts instead."
