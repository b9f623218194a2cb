"""How well a served sentiment model reads labelled texts: accuracy, macro-F1, calibration error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brokers.vocabulary import Value
from models.labelled import Row
from models.scoring import accuracy, calibration_error, macro_f1
from models.sentiment import LABELS, SentimentModel


class SentimentScores(Value):
    """What a model came to on one set."""

    data: str
    model: str
    texts: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    """Expected calibration error over 15 bins."""
    confusion: tuple[tuple[int, ...], ...]
    """Rows: the given label, columns: the label read; both in the order positive, neutral, negative."""


def evaluate(model: SentimentModel, rows: Sequence[Row], data: str) -> SentimentScores:
    """Score a model on labelled texts, through what serves it."""
    found = model.score([row.said or row.text for row in rows])
    probabilities = np.array([[one.probabilities[label] for label in LABELS] for one in found])
    truth = np.array([row.label for row in rows])
    predicted = probabilities.argmax(axis=1)
    confusion = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    np.add.at(confusion, (truth, predicted), 1)
    return SentimentScores(
        data=data,
        model=model.name,
        texts=len(rows),
        accuracy=round(accuracy(predicted, truth), 4),
        macro_f1=round(macro_f1(predicted, truth), 4),
        calibration_error=round(calibration_error(probabilities, truth), 4),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
    )
