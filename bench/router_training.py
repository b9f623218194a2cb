"""How the router's table of weights is made: `python -m bench.router_training` (add `--score` to cross-validate by author).

Texts: `bench/router/train/*.tsv` (sub-intent, tab, text) and the dev half's utterances; the test half is never opened.
Seedless: the fit is convex. Prints the accuracy on every author when fitted on all the others.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from bench.router_sets import FOLDER, SUBS, utterances

OUT = Path(__file__).parent.parent / "assistant" / "router" / "data" / "judge.npz"
STRENGTH = 0.5
"""Inverse of the L2 penalty; see `--score`."""
CUE_WEIGHT = 1.0
LEAST = 2
"""A feature must stand in this many texts."""

Example = tuple[str, str, str]
"""Author, sub-intent, canonical clause."""


def examples() -> list[Example]:
    """Every single-request text as its canonical line."""
    from assistant.router.canon import Canonizer
    from assistant.router.clauses import clauses_of
    from assistant.router.symbols import Gazetteer
    from assistant.router.text import prepare
    from brokers.feeds.sample.read import read_sample

    canonizer = Canonizer(Gazetteer(read_sample().instruments))
    texts = [(u.author, u.first.sub, u.text) for u in utterances("dev") if not u.also]
    for path in sorted((FOLDER / "train").glob("*.tsv")):
        for row in path.read_text(encoding="utf-8").splitlines():
            sub, _, text = row.partition("\t")
            if sub in SUBS and text:
                texts.append((path.stem, sub, text))
    found: list[Example] = []
    for author, sub, text in texts:
        line = canonizer.write(prepare(text)).line
        clauses = clauses_of(line)
        found.append((author, sub, clauses[0] if len(clauses) == 1 else line))
    return found


def fit(cases: list[Example]) -> tuple[list[str], list[str], np.ndarray, np.ndarray]:
    """Sub-intents, feature names, weights (features x subs) and bias."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    from assistant.router.judge import features

    read = [features(line) for _, _, line in cases]
    counts = Counter(name for names in read for name in names)
    names = sorted(name for name, count in counts.items() if count >= LEAST)
    at = {name: column for column, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, found in enumerate(read):
        for name in found:
            if name in at:
                rows.append(row)
                columns.append(at[name])
                values.append(1.0)
    table = csr_matrix((values, (rows, columns)), shape=(len(cases), len(names)))
    model = LogisticRegression(C=STRENGTH, max_iter=400, class_weight="balanced")
    model.fit(table, [sub for _, sub, _ in cases])
    return list(model.classes_), names, model.coef_.T, model.intercept_


def score(cases: list[Example]) -> None:
    """Fit on all authors but one, read the one: what a new author may expect."""
    from assistant.router.judge import Judge

    total = right = 0
    for author in sorted({a for a, _, _ in cases}):
        subs, names, weights, bias = fit([c for c in cases if c[0] != author])
        judge = Judge([(SUBS[s], s) for s in subs], names, weights, bias)
        held = [c for c in cases if c[0] == author]
        hits = [judge.judge(line).sub == sub for _, sub, line in held]
        total, right = total + len(hits), right + sum(hits)
        print(f"{author:<12} {sum(hits) / len(hits):.3f} of {len(hits)}")
    print(f"{'all':<12} {right / total:.3f} of {total}")


def write(cases: list[Example]) -> None:
    """Fit on everything and write the table, weights as eight-bit steps."""
    subs, names, weights, bias = fit(cases)
    step = np.abs(weights).max(axis=0) / 127
    np.savez_compressed(
        OUT,
        subs="\n".join(f"{SUBS[s]} {s}" for s in subs),
        features="\n".join(names),
        weights=np.round(weights / step).astype(np.int8),
        scale=step.astype(np.float32),
        bias=bias.astype(np.float32),
    )
    print(f"{len(cases)} texts, {len(names)} features, {OUT.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    found = examples()
    if "--score" in sys.argv:
        score(found)
    else:
        write(found)
