"""How the router's two tables are made: `python -m bench.router_training` (`--score` cross-validates by author).

`judge`: sub-intent of a clause; texts are `bench/router/train/*.tsv` (sub-intent, tab, text) and the single requests of
the dev half. `seams`: whether a new request begins at a seam; a text that makes one request has no such seam, with a
remark beside it or without, and a pair of texts put together has one. The test half is never opened. The fit is convex;
the pairs are drawn with a fixed seed.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.router.canon import Canonizer
from assistant.router.subs import INTENT_OF, TALK, TRADES
from assistant.router.symbols import Gazetteer
from assistant.router.text import prepare
from bench.router_sets import FOLDER, utterances
from brokers.feeds.sample.read import read_sample

OUT = Path(__file__).parent.parent / "assistant" / "router" / "data"
JUDGE_STRENGTH, SEAM_STRENGTH = 0.5, 0.3
"""Inverse of the L2 penalty; the best of .1 .2 .3 .5 1 2 under `--score`."""
LEAST = 2
"""A feature must stand in this many texts."""
SEED = 3
JOINTS = (
    *(" and ", " and ", " , ", " , ", " . ", " . ", " ; ", " then ", " and then ", " plus ", " & ", " , and "),
    *(" , then ", " also ", " , also ", " and also ", " followed by ", " as well as ", " but ", " n ", " . also "),
    *(" . then ", " . and ", " ? ", " ? and ", " ? ", " "),
)
"""What people put between two requests, as often as they seem to."""


_ONE_SYMBOL = re.compile(r"(?<!\$)\$[A-Z][A-Z.]*\b(?!.*\$[A-Z])")


@dataclass(frozen=True)
class Example:
    """A text that makes one request, as its canonical line."""

    author: str
    sub: str
    line: str


@cache
def _canonizer() -> Canonizer:
    return Canonizer(Gazetteer(read_sample().instruments))


@cache
def examples() -> tuple[Example, ...]:
    """Every single-request text."""
    texts = [(u.author, u.first.sub, u.text) for u in utterances("dev") if not u.also]
    for path in sorted((FOLDER / "train").glob("*.tsv")):
        for row in path.read_text(encoding="utf-8").splitlines():
            sub, _, text = row.partition("\t")
            if sub in INTENT_OF and text:
                texts.append((path.stem, sub, text))
    return tuple(Example(author, sub, _canonizer().write(prepare(text)).line) for author, sub, text in texts)


@cache
def _talk() -> list[str]:
    """Words of an order that order nothing, as canonical lines."""
    path = FOLDER / "train" / "talk.txt"
    return [_canonizer().write(prepare(text)).line for text in path.read_text(encoding="utf-8").splitlines() if text]


@cache
def _remarks() -> list[tuple[str, str]]:
    """What people say before or after a request that is none, as canonical lines."""
    path = FOLDER / "train" / "remarks.txt"
    rows = [row.partition("\t") for row in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    return [(where, re.sub(r"[ .!,]+$", "", _canonizer().write(prepare(text)).line)) for where, _, text in rows if text]


@cache
def features_of(line: str) -> tuple[str, ...]:
    """The judge's features of a line, worked out once."""
    from assistant.router.judge import features

    return tuple(features(line))


def judge_cases(found: Sequence[Example]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Features and sub-intents; talk that orders nothing is a class beside them."""
    talk = _talk()
    read = [features_of(example.line) for example in found] + [features_of(line) for line in talk]
    return read, [example.sub for example in found] + [TALK] * len(talk)


def seam_cases(found: Sequence[Example]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Features and "yes" or "no" of every seam in single texts and in pairs put together."""
    from assistant.router.clauses import seam_features, seams

    chance = random.Random(SEED)
    read: list[tuple[str, ...]] = []
    begins: list[str] = []

    def note(line: str, joint: int) -> None:
        start = 0
        matches = seams(line)
        for number, match in enumerate(matches):
            until = matches[number + 1].start() if number + 1 < len(matches) else len(line)
            left, right = line[start : match.start()].strip(), line[match.end() : until].strip()
            if not left or not right:
                continue
            here = match.start() <= joint <= match.end() if joint >= 0 else False
            read.append(tuple(seam_features(left, match[0], right)))
            begins.append("yes" if here else "no")
            if here:
                start = match.end()

    remarks = _remarks()
    short = [e for e in found if len(e.line.split()) <= 14 and e.sub not in ("greeting", "off_topic")]
    for example in found:
        note(example.line, -1)
        if remarks and chance.random() < 0.5:
            where, remark = chance.choice(remarks)
            mark = chance.choice((" . ", " . ", " , ", " ; ", " - ", " : " if where == "before" else " . "))
            bare = re.sub(r"[ .!,]+$", "", example.line)
            note(f"{remark}{mark}{bare}" if where == "before" else f"{bare}{mark}{remark}", -1)
        first, second = chance.choice(short), chance.choice(short)
        if first.sub == second.sub and first.sub not in TRADES:
            continue
        mark = chance.choice(JOINTS)
        left = re.sub(r"[ ?.!,]+$", "", first.line)
        if mark == " " and not re.match(r"(?:buy|sell|short|close|cancel|show|what|how|tell|give)\b", second.line):
            mark = " and "
        follows = second.line
        if chance.random() < 0.3 and _ONE_SYMBOL.search(left):
            follows = _ONE_SYMBOL.sub("it", follows)
        note(f"{left}{mark}{follows}", len(left) + len(mark) // 2)
    return read, begins


def fit(
    read: Sequence[tuple[str, ...]], labels: Sequence[str], strength: float
) -> tuple[list[str], list[str], Any, Any]:
    """Classes, feature names, weights (features x classes) and bias."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(name for names in read for name in names)
    names = sorted(name for name, count in counts.items() if count >= LEAST)
    at = {name: column for column, name in enumerate(names)}
    pairs = [(row, at[name]) for row, found in enumerate(read) for name in found if name in at]
    rows, columns = zip(*pairs, strict=True)
    table = csr_matrix((np.ones(len(pairs), dtype=np.float32), (rows, columns)), shape=(len(read), len(names)))
    model = LogisticRegression(C=strength, max_iter=300, class_weight="balanced")
    model.fit(table, list(labels))
    classes = [str(each) for each in model.classes_]
    if len(classes) == 2:  # one row of weights stands for both
        weights = np.stack([-model.coef_[0] / 2, model.coef_[0] / 2], axis=1)
        return classes, names, weights, np.array([-model.intercept_[0] / 2, model.intercept_[0] / 2])
    return classes, names, model.coef_.T, model.intercept_


def score(found: Sequence[Example]) -> None:
    """Fit on all authors but one, read the one: what a new author may expect."""
    from assistant.router.linear import Linear

    for name, cases, strength in (("judge", judge_cases, JUDGE_STRENGTH), ("seams", seam_cases, SEAM_STRENGTH)):
        total = right = 0
        for author in sorted({e.author for e in found}):
            table = Linear(*fit(*cases([e for e in found if e.author != author]), strength))
            read, labels = cases([e for e in found if e.author == author])
            hits = [table.choose(names).name == label for names, label in zip(read, labels, strict=True)]
            total, right = total + len(hits), right + sum(hits)
            print(f"{name} {author:<12} {sum(hits) / len(hits):.3f} of {len(hits)}", flush=True)
        print(f"{name} {'all':<12} {right / total:.3f} of {total}")


def write(found: Sequence[Example]) -> None:
    """Fit on everything and write the tables, weights as eight-bit steps."""
    import numpy as np

    for name, cases, strength in (("judge", judge_cases, JUDGE_STRENGTH), ("seams", seam_cases, SEAM_STRENGTH)):
        read, labels = cases(found)
        classes, names, weights, bias = fit(read, labels, strength)
        step = np.abs(weights).max(axis=0) / 127
        np.savez_compressed(
            OUT / f"{name}.npz",
            classes="\n".join(classes),
            features="\n".join(names),
            weights=np.round(weights / step).astype(np.int8),
            scale=step.astype(np.float32),
            bias=bias.astype(np.float32),
        )
        size = (OUT / f"{name}.npz").stat().st_size / 1024
        print(f"{name}: {len(read)} cases, {len(names)} features, {size:.0f} KiB", flush=True)


if __name__ == "__main__":
    score(examples()) if "--score" in sys.argv else write(examples())
