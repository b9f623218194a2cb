"""What a text's tone is: one port that every sentiment model serves, and the value it answers with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from pydantic import Field

from brokers.vocabulary import Value

Label = Literal["positive", "neutral", "negative"]
LABELS: tuple[Label, ...] = ("positive", "neutral", "negative")


class Sentiment(Value):
    """The tone of one text, as one model reads it."""

    label: Label
    probabilities: Mapping[Label, float]
    """Calibrated probability (0 to 1) of each label; they sum to 1."""
    score: float = Field(ge=-1, le=1)
    """p(positive) - p(negative)."""
    model: str
    """The name of the model that read it."""


class SentimentModel(Protocol):
    """Reads the tone of texts. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """The model's name in the registry."""
        ...

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        """One answer a text, in order. Texts are cut at the model's cap."""
        ...
