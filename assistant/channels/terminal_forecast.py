"""A forecast as a fan of block characters: the last closes as dots, then the bands of outcomes opening ahead."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text as Styled

from assistant.channels.sheet_forecast import BANDS
from tools.market.forecast import ForecastResult

ROWS = 12
SHADES = "░▒▓"
"""From the widest band to the narrowest."""
MEDIAN, CLOSE = "━", "•"
LEAST_WIDTH = 40
"""Columns below which a fan says nothing."""

Edges = tuple[float, ...]
"""Low and high of every band, then the median: prices."""


def fan(value: ForecastResult, width: int) -> list[RenderableType]:
    """The chart in at most `width` columns; nothing where that is too narrow."""
    if width < LEAST_WIDTH:
        return []
    label = max(len(f"{float(point.close):,.2f}") for point in value.recent) + 2
    room = min(width, 100) - label
    ahead = room // 2
    steps = _columns(value, ahead)
    closes = [float(point.close) for point in value.recent][-(room - ahead) :]
    prices = [*closes, *(edge for edges in steps for edge in edges)]
    low, high = min(prices), max(prices)
    grid = [_row(place, closes, steps, low, high) for place in reversed(range(ROWS))]
    named = {0: high, ROWS // 2: (low + high) / 2, ROWS - 1: low}
    lines: list[RenderableType] = [
        Styled(f"{f'{named[place]:,.2f}' if place in named else '':>{label - 1}} ").append_text(line)
        for place, line in enumerate(grid)
    ]
    return [*lines, Styled(" " * label + _axis(value, len(closes), ahead), style="dim"), _legend()]


def _columns(value: ForecastResult, count: int) -> list[Edges]:
    """The bands at each of `count` columns, the root of time between two horizons being even."""
    close = float(value.last_close)
    known: list[tuple[float, Edges]] = [(0.0, (close,) * (2 * len(BANDS) + 1))]
    for each in value.horizons:
        prices = {point.level: float(point.price) for point in each.quantiles}
        edges = (*(prices[level] for band in BANDS for level in band), prices[0.5])
        known.append((each.sessions**0.5, edges))
    farthest = known[-1][0]
    return [_between(known, farthest * ((place + 1) / count) ** 0.5) for place in range(count)]


def _between(known: Sequence[tuple[float, Edges]], at: float) -> Edges:
    place = min(bisect_right([reach for reach, _ in known], at), len(known) - 1)
    (left, first), (right, second) = known[place - 1], known[place]
    share = (at - left) / (right - left)
    return tuple(a + share * (b - a) for a, b in zip(first, second, strict=True))


def _row(place: int, closes: Sequence[float], steps: Sequence[Edges], low: float, high: float) -> Styled:
    """One line of the grid, `place` counted from the bottom."""
    size = (high - low) / ROWS or 1.0
    floor = low + place * size

    def holds(price: float) -> bool:
        return min(ROWS - 1, int((price - low) / size)) == place

    line = Styled("".join(CLOSE if holds(close) else " " for close in closes), style="cyan")
    for edges in steps:
        if holds(edges[-1]):
            line.append(MEDIAN, style="bold green")
            continue
        inside = sum(edges[2 * band] < floor + size and edges[2 * band + 1] > floor for band in range(len(BANDS)))
        line.append(SHADES[inside - 1] if inside else " ", style="green")
    return line


def _axis(value: ForecastResult, before: int, ahead: int) -> str:
    """The horizons under their columns; the last close stands where the fan opens."""
    line = [" "] * (before + ahead + 4)
    farthest = value.horizons[-1].sessions
    for each in value.horizons:
        text = f"+{each.sessions}"
        end = before + max(2, round(ahead * each.sessions / farthest))
        line[end - len(text) : end] = text
    first = value.recent[-before].session.isoformat()
    line[: len(first)] = first
    return "".join(line).rstrip()


def _legend() -> Styled:
    shares = (f"{round(100 * (high - low))} %" for low, high in BANDS)
    shown = "  ".join(f"{shade} {share}" for shade, share in zip(SHADES, shares, strict=True))
    return Styled(f"{CLOSE} close  {MEDIAN} median  {shown} of outcomes; + sessions ahead", style="dim")
