"""Which sub-intent a clause speaks for: a fitted table over its words, its cues and how it is meant.

Features: words, pairs and triples of the canonical line (symbols, numbers and dates as tags), the hand-written cues of
`cues.py` that fire, and what `frames.py` read. Which sub-intents are *allowed* is for `clause.py` to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from assistant.router.cues import ALL_CUES
from assistant.router.frames import frame_of, strip_filler
from assistant.router.linear import Linear
from assistant.router.subs import INTENT_OF
from assistant.router.tags import tagged

_MINE = re.compile(r"\b(?:my|mine|our|i|me|we)\b")


@dataclass(frozen=True)
class Judged:
    """A sub-intent with its probability (0 to 1) among those allowed, and the features that spoke for it."""

    intent: str
    sub: str
    probability: float
    words: tuple[str, ...]
    runner_up: str = ""


def features(line: str) -> list[str]:
    """The binary features of one canonical clause."""
    core = strip_filler(line)
    words = re.findall(r"<\w+>|[a-z'&\-]+|[?:\"(){}\[\]<>=/#]", tagged(core))
    ends = ["^", *words, "$"]
    found = {f"w:{word}" for word in words}
    found.update(f"b:{a} {b}" for a, b in pairwise(ends))
    found.update(f"s:{a} _ {c}" for a, c in zip(ends, ends[2:], strict=False) if (a, c) != ("^", "$"))
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
    """Reads one clause against a fitted table."""

    def __init__(self, table: Linear) -> None:
        self._table = table

    def judge(self, line: str, without: Collection[str] = (), only: Collection[str] = ()) -> Judged:
        """The likeliest sub-intent of a canonical clause, leaving out those `without`, among `only` where given."""
        choice = self._table.choose(features(line), without, only)
        words = tuple(_spoken(name) for name in choice.loudest)
        return Judged(INTENT_OF.get(choice.name, "general"), choice.name, choice.probability, words, choice.runner_up)


def _spoken(name: str) -> str:
    """A feature as a person can read it."""
    kind, _, rest = name.partition(":")
    return f"cue for {ALL_CUES[int(rest)].sub}" if kind == "c" else rest


@cache
def shipped() -> Judge:
    """The judge that ships with the router."""
    return Judge(Linear.shipped("judge"))
