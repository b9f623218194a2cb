"""Which sub-intent a clause speaks for: one linear model over its words, its cues and how it is meant.

The model is a multinomial logistic regression (Cox 1958) over binary features: words and word pairs of the canonical line
(symbols, numbers and windows as tags), the hand-written cues of `cues.py` that fire, and what `frames.py` read. It was
fitted on labelled texts by `python -m bench.router_training` and ships as a small table; `--explain` shows the features
that spoke loudest. Which sub-intents are *allowed* is never the model's to say: that is `clause.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant.router.cues import ALL_CUES
from assistant.router.frames import frame_of, strip_filler

_TAGS = (
    (re.compile(r"\$[A-Z][A-Z0-9.\-]*"), "<sym>"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}"), "<date>"),
    (re.compile(r"\b(?:19|20)\d\d\b"), "<year>"),
    (re.compile(r"\$\d+(?:\.\d+)?"), "<money>"),
    (re.compile(r"\d+(?:\.\d+)?%"), "<pct>"),
    (re.compile(r"\b\d+\.\d+\b"), "<price>"),
    (re.compile(r"\b\d+\b"), "<n>"),
    (re.compile(r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\b(?!\.)"), "<month>"),
    (re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri)(?:day)?\b"), "<weekday>"),
)
_MINE = re.compile(r"\b(?:my|mine|our|i|me|we)\b")


@dataclass(frozen=True)
class Judged:
    """A sub-intent with its probability (0 to 1) among those allowed, and the features that spoke for it."""

    intent: str
    sub: str
    probability: float
    words: tuple[str, ...]
    runner_up: str = ""


def tagged(line: str) -> str:
    """A canonical line with symbols, numbers and dates as tags, so that what is learnt holds for all of them."""
    for pattern, tag in _TAGS:
        line = pattern.sub(tag, line)
    return " ".join(line.split())


def features(line: str) -> list[str]:
    """The binary features of one canonical clause."""
    core = strip_filler(line)
    words = re.findall(r"<\w+>|[a-z'&\-]+|\?", tagged(core))
    ends = ["^", *words, "$"]
    found = {f"w:{word}" for word in words}
    found.update(f"b:{a} {b}" for a, b in zip(ends, ends[1:], strict=False))
    found.update(f"s:{a} _ {c}" for a, c in zip(ends, ends[2:], strict=False))
    found.update(f"t:{a} {b} {c}" for a, b, c in zip(ends, ends[1:], ends[2:], strict=False))
    found.update(f"c:{number}" for number, cue in enumerate(ALL_CUES) if cue.pattern.search(core))
    frame = frame_of(line)
    found.update((f"f:{frame.kind}", f"f:{frame.kind} {frame.sub}"))
    symbols = len(set(re.findall(r"\$[A-Z][A-Z0-9.\-]*", line)))
    found.update((f"n:symbols {min(symbols, 2)}", f"n:words {min(len(words), 12) // 3}"))
    mine = "mine" if _MINE.search(core) else "not mine"
    found.update((f"m:{mine}", f"m:{mine} {min(symbols, 2)}"))
    return sorted(found)


class Judge:
    """The fitted table: one row of weights per feature, one column per sub-intent."""

    def __init__(
        self, subs: Sequence[tuple[str, str]], names: Sequence[str], weights: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> None:
        self._subs = list(subs)
        self._rows = {name: row for row, name in enumerate(names)}
        self._weights = weights
        self._bias = bias

    def judge(self, line: str, without: Collection[str] = (), only: Collection[str] = ()) -> Judged:
        """The likeliest sub-intent of a canonical clause, leaving out those `without`, among `only` where given."""
        known = [name for name in features(line) if name in self._rows]
        rows = [self._rows[name] for name in known]
        scores = self._bias + (self._weights[rows].sum(axis=0) if rows else 0.0)
        allowed = [at for at, (_, sub) in enumerate(self._subs) if sub not in without and (not only or sub in only)]
        order = sorted(allowed, key=lambda at: -float(scores[at]))
        spread = np.exp(scores[order] - scores[order[0]])
        best = order[0]
        loud = sorted(zip(self._weights[rows, best].tolist(), known, strict=True), reverse=True)[:3] if rows else []
        intent, sub = self._subs[best]
        return Judged(
            intent, sub, float(1 / spread.sum()), tuple(_spoken(name) for _, name in loud), self._subs[order[-1 if len(order) < 2 else 1]][1]
        )


def _spoken(name: str) -> str:
    """A feature as a person can read it."""
    kind, _, rest = name.partition(":")
    return f"cue for {ALL_CUES[int(rest)].sub}" if kind == "c" else rest


def _words_of(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if line)


@cache
def shipped() -> Judge:
    """The table that ships with the router.

    Raises:
        FileNotFoundError: the package was built without its data.
    """
    folder = files(__package__ or __name__) / "data"
    with (folder / "judge.npz").open("rb") as file:
        table = np.load(file, allow_pickle=False)
        subs = [tuple(line.split(" ")) for line in _words_of(str(table["subs"]))]
        names = list(_words_of(str(table["features"])))
        weights = table["weights"].astype(np.float32) * table["scale"].astype(np.float32)
        return Judge([(intent, sub) for intent, sub in subs], names, weights, table["bias"].astype(np.float32))
