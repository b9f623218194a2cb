"""How a sentiment model is scored: accuracy, macro-F1, calibration error, and the temperature that calibrates it."""

from __future__ import annotations

from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

BINS = 15


def accuracy(predicted: Ints, truth: Ints) -> float:
    """Share that is right."""
    return float((predicted == truth).mean())


def macro_f1(predicted: Ints, truth: Ints, classes: int = 3) -> float:
    """The mean over classes of the harmonic mean of precision and recall."""
    scores: list[float] = []
    for label in range(classes):
        right = int(((predicted == label) & (truth == label)).sum())
        named = int((predicted == label).sum()) + int((truth == label).sum())
        scores.append(2 * right / named if named else 0.0)
    return float(np.mean(scores))


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities of logits divided by a temperature."""
    scaled = logits / temperature
    spread = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return spread / spread.sum(axis=1, keepdims=True)


def calibration_error(probabilities: Floats, truth: Ints) -> float:
    """Expected calibration error (Guo et al. 2017): mean gap of confidence and accuracy over 15 equal bins."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return float(
        sum(
            (place == at).mean() * abs(right[place == at].mean() - confidence[place == at].mean())
            for at in range(BINS)
            if (place == at).any()
        )
    )


def fitted_temperature(logits: Floats, truth: Ints) -> float:
    """The temperature with the smallest log loss, by golden-section search on its logarithm."""

    def loss(log_temperature: float) -> float:
        chosen = softmax(logits, float(np.exp(log_temperature)))[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    low, high, golden = -2.5, 2.5, (np.sqrt(5) - 1) / 2
    for _ in range(60):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return float(np.exp((low + high) / 2))
