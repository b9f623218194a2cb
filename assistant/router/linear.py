"""A fitted linear classifier over binary features: a small table of weights, read with numpy alone.

Multinomial logistic regression (Cox 1958), weights in eight-bit steps; made by `python -m bench.router_training`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Choice:
    """A class with its probability (0 to 1) among those allowed, the next one, and the features that spoke for it."""

    name: str
    probability: float
    runner_up: str
    loudest: tuple[str, ...]


class Linear:
    """One row of weights per feature, one column per class."""

    def __init__(
        self, classes: Sequence[str], names: Sequence[str], weights: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> None:
        self.classes = tuple(classes)
        self._rows = {name: row for row, name in enumerate(names)}
        self._weights = weights
        self._bias = bias

    @classmethod
    def shipped(cls, name: str) -> Linear:
        """The table that ships with the router under `name`.

        Raises:
            FileNotFoundError: the package was built without its data.
        """
        with (files(__package__ or __name__) / "data" / f"{name}.npz").open("rb") as file:
            table = np.load(file, allow_pickle=False)
            weights = table["weights"].astype(np.float32) * table["scale"].astype(np.float32)
            classes, names = str(table["classes"]).split("\n"), str(table["features"]).split("\n")
            return cls(classes, names, weights, table["bias"].astype(np.float32))

    def choose(self, features: Sequence[str], without: Collection[str] = (), only: Collection[str] = ()) -> Choice:
        """The likeliest class, leaving out those `without`, among `only` where given."""
        known = [name for name in features if name in self._rows]
        rows = [self._rows[name] for name in known]
        scores = self._bias + (self._weights[rows].sum(axis=0) if rows else np.float32(0))
        allowed = [at for at, name in enumerate(self.classes) if name not in without and (not only or name in only)]
        order = sorted(allowed, key=lambda at: -float(scores[at]))
        best, second = order[0], order[min(1, len(order) - 1)]
        spread = np.exp(scores[order] - scores[best])
        loud = sorted(zip(self._weights[rows, best].tolist(), known, strict=True), reverse=True)[:3] if rows else []
        return Choice(
            self.classes[best], float(1 / spread.sum()), self.classes[second], tuple(name for _, name in loud)
        )
