"""How a measurement is taken: timings in milliseconds, summarised; a peer timed in turn with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One row of the report."""

    name: str
    p50_ms: float
    p95_ms: float
    p99_ms: float
    n: int
    bound: str = ""
    """The figure the project promises, in words."""
    peer: str = ""
    ratio: float | None = None
    """Median of ours over median of the peer's."""

    def row(self) -> dict[str, object]:
        """As one JSON object."""
        return {
            "name": self.name,
            "p50_ms": round(self.p50_ms, 4),
            "p95_ms": round(self.p95_ms, 4),
            "p99_ms": round(self.p99_ms, 4),
            "n": self.n,
            "bound": self.bound,
            "peer": self.peer,
            "ratio": None if self.ratio is None else round(self.ratio, 2),
        }


def quantile(values: Sequence[float], q: float) -> float:
    """The smallest value with at least a share `q` of all at or below it."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(q * len(ordered)) - 1))]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def measure(
    name: str,
    work: Callable[[], object],
    *,
    n: int,
    bound: str = "",
    peer: str = "",
    against: Callable[[], object] | None = None,
    warm: int = 3,
) -> Measured:
    """Time `work` `n` times after `warm` calls, in turn with `against` where a peer is named."""
    for _ in range(warm):
        work()
        if against is not None:
            against()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(n):
        ours.append(timed(work))
        if against is not None:
            theirs.append(timed(against))
    ratio = quantile(ours, 0.5) / quantile(theirs, 0.5) if theirs else None
    return Measured(name, quantile(ours, 0.5), quantile(ours, 0.95), quantile(ours, 0.99), n, bound, peer, ratio)
