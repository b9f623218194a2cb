"""Which bars of a file may be used. What may not is kept apart with its reason, never dropped and never used.

Rows are judged one by one first (numbers, range, session), then along each symbol's history (duplicates, order,
breaks). A break is a hole of more than `MAX_MISSING` sessions, or a move of more than `MAX_MOVE`-fold that no split on
record explains.
Rows on two sides of a break cannot be used as one history, so the longest unbroken run is kept (with bars already in
the store, the run that joins them) and the rest is quarantined; a lone spike thus loses only itself.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_MISSING = 5
"""Sessions a history may lack in a row; the closures of an exchange are no sessions and do not count."""
MAX_MOVE = 1.8
"""Largest believable ratio of two closes in a row, up or down, and of a bar's extremes to its open and close."""
LARGEST = 1e12
"""No price and no volume of a session reaches this."""
EARLIEST = date(1900, 1, 1)
_RUNS_TRIED = 8
"""A point may join any of the runs begun last; more would make a file of pure noise slow."""
_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.\-^=]{0,14}")


class Reason(StrEnum):
    """Why a row was quarantined, as shown."""

    UNREADABLE = "the symbol or the day cannot be read"
    NOT_A_NUMBER = "a price or the volume is missing, not a number or beyond belief"
    NOT_POSITIVE = "a price is zero or negative, or the volume is negative"
    HIGH_BELOW_LOW = "the high is below the low"
    OUTSIDE_RANGE = "the open or the close lies outside of low to high"
    NO_SESSION = "the exchange was closed that day"
    NOT_CLOSED = "the session had not closed yet"
    DUPLICATE = "the day was given before"
    OUT_OF_ORDER = "the day is out of order"
    CONFLICT = "it differs from the bar already stored for that day"
    GAP = "too many sessions are missing next to it"
    JUMP = "the price jumps and no split on record explains it"


class BarRows(Protocol):
    """Bars as given: columns of equal length in the file's order; NaN or None where a cell could not be read."""

    @property
    def symbol(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def session(self) -> Sequence[date | None]: ...  # noqa: D102
    @property
    def open(self) -> Floats: ...  # noqa: D102
    @property
    def high(self) -> Floats: ...  # noqa: D102
    @property
    def low(self) -> Floats: ...  # noqa: D102
    @property
    def close(self) -> Floats: ...  # noqa: D102
    @property
    def volume(self) -> Floats: ...  # noqa: D102
    @property
    def adj_close(self) -> Floats: ...  # noqa: D102


class Hours(Protocol):
    """When the exchange trades."""

    def closes(self, first: date, last: date) -> Mapping[date, datetime]:
        """Session → official close (UTC) within [first, last], in order."""
        ...

    def usual_close(self, day: date) -> datetime:
        """The close to assume on a day that is not a listed session."""
        ...


@dataclass(frozen=True)
class StoredBar:
    """What the store holds for one session of a symbol."""

    open: float
    high: float
    low: float
    close: float
    volume: int


Stored = Mapping[str, Mapping[date, StoredBar]]
Splits = Mapping[str, Mapping[date, float]]


@dataclass(frozen=True)
class Verdicts:
    """One verdict a row: a reason, or None where the row may be used."""

    reasons: Sequence[Reason | None]
    unchanged: frozenset[int]
    """Rows without a reason that the store already holds as they are."""
    closes_at: Mapping[date, datetime]
    """When each accepted session closed, which is when its bar became known."""
    unlisted: int
    """Accepted rows on days that the calendar does not list but that show volume."""


def judge(rows: BarRows, hours: Hours, now: datetime, stored: Stored, splits: Splits) -> Verdicts:
    """A verdict for every row. `now` decides which sessions have closed; `splits` are ratios by symbol and session."""
    reasons = _figures(rows)
    closes_at, unlisted = _sessions(rows, hours, now, reasons, [day for bars in stored.values() for day in bars])
    listed = sorted(day.toordinal() for day in closes_at)
    unchanged: set[int] = set()
    for symbol, indices in _by_symbol(rows, reasons).items():
        held = stored.get(symbol, {})
        fresh: list[int] = []
        for index in _in_order(rows, indices, reasons):
            bar = held.get(_day(rows, index))
            if bar is None:
                fresh.append(index)
            elif bar == _stored_form(rows, index):
                unchanged.add(index)
            else:
                reasons[index] = Reason.CONFLICT
        _breaks(_history(rows, fresh, held), splits.get(symbol, {}), listed, reasons)
    kept_unlisted = sum(reasons[index] is None for index in unlisted)
    return Verdicts(reasons, frozenset(unchanged), closes_at, kept_unlisted)


def _figures(rows: BarRows) -> list[Reason | None]:
    """What each row's own figures say; the first reason found stands."""
    prices = np.stack([rows.open, rows.high, rows.low, rows.close])
    body_top, body_bottom = np.maximum(rows.open, rows.close), np.minimum(rows.open, rows.close)
    reasons: list[Reason | None] = [None] * len(rows.symbol)
    with np.errstate(invalid="ignore", over="ignore"):
        tests: tuple[tuple[Reason, NDArray[np.bool_]], ...] = (
            (Reason.JUMP, (rows.high > MAX_MOVE * body_top) | (rows.low * MAX_MOVE < body_bottom)),
            (Reason.OUTSIDE_RANGE, (body_top > rows.high) | (body_bottom < rows.low)),
            (Reason.HIGH_BELOW_LOW, rows.high < rows.low),
            (Reason.NOT_POSITIVE, (prices <= 0).any(axis=0) | (rows.volume < 0) | (rows.adj_close <= 0)),
            (
                Reason.NOT_A_NUMBER,
                ~(np.abs(prices) < LARGEST).all(axis=0)
                | ~(np.abs(rows.volume) < LARGEST)
                | (rows.adj_close >= LARGEST),
            ),
        )
    for reason, failed in tests:  # later tests are the more basic ones and overwrite
        for index in np.flatnonzero(failed).tolist():
            reasons[index] = reason
    for index, (symbol, day) in enumerate(zip(rows.symbol, rows.session, strict=True)):
        if day is None or not _SYMBOL.fullmatch(symbol):
            reasons[index] = Reason.UNREADABLE
    return reasons


def _sessions(
    rows: BarRows, hours: Hours, now: datetime, reasons: list[Reason | None], held: Sequence[date]
) -> tuple[dict[date, datetime], list[int]]:
    """Mark rows of days without trading or not over yet; return the closes, and the rows on unlisted days.

    The closes span the days `held` as well, so that what is missing between them and the rows can be counted.

    A weekday that the calendar does not list counts as a session where the row shows volume: the calendar may be wrong.
    """
    today = now.date()
    days = {day for day in rows.session if day is not None and EARLIEST <= day <= today}.union(held)
    closes = dict(hours.closes(min(days), max(days))) if days else {}
    unlisted: list[int] = []
    extra: dict[date, datetime] = {}
    for index, day in enumerate(rows.session):
        if reasons[index] is not None or day is None:
            continue
        if day > today or closes.get(day, extra.get(day, now)) > now:
            reasons[index] = Reason.NOT_CLOSED
        elif day not in closes:
            if day < EARLIEST or day.weekday() >= 5 or rows.volume[index] <= 0:
                reasons[index] = Reason.NO_SESSION
            else:
                extra[day] = hours.usual_close(day)
                unlisted.append(index)
    return {**closes, **extra}, unlisted


def _by_symbol(rows: BarRows, reasons: Sequence[Reason | None]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for index, symbol in enumerate(rows.symbol):
        if reasons[index] is None:
            groups.setdefault(symbol, []).append(index)
    return groups


def _day(rows: BarRows, index: int) -> date:
    day = rows.session[index]
    if day is None:
        raise ValueError("a row without a day is quarantined before this")
    return day


def _in_order(rows: BarRows, indices: Sequence[int], reasons: list[Reason | None]) -> list[int]:
    """The rows of one symbol in rising order of days; repeated days and the fewest rows out of order are marked.

    A file that runs from the newest to the oldest is read backwards. Of a repeated day the first row given stands.
    """
    seen: set[date] = set()
    unique: list[int] = []
    for index in indices:
        day = _day(rows, index)
        if day in seen:
            reasons[index] = Reason.DUPLICATE
        else:
            seen.add(day)
            unique.append(index)
    days = [_day(rows, index).toordinal() for index in unique]
    if len(days) > 1 and all(later < earlier for earlier, later in pairwise(days)):
        return unique[::-1]
    rising = set(_longest_rising(days))
    for place, index in enumerate(unique):
        if place not in rising:
            reasons[index] = Reason.OUT_OF_ORDER
    return [index for place, index in enumerate(unique) if place in rising]


def _longest_rising(days: Sequence[int]) -> list[int]:
    """Places of one longest strictly rising subsequence (patience sorting, O(n log n))."""
    tops: list[int] = []
    top_places: list[int] = []
    before: list[int] = []
    for place, day in enumerate(days):
        pile = bisect_left(tops, day)
        before.append(top_places[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(day)
            top_places.append(place)
        else:
            tops[pile], top_places[pile] = day, place
    chain: list[int] = []
    place = top_places[-1] if top_places else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


def _stored_form(rows: BarRows, index: int) -> StoredBar:
    figures = (float(column[index]) for column in (rows.open, rows.high, rows.low, rows.close))
    return StoredBar(*figures, volume=round(float(rows.volume[index])))


@dataclass(frozen=True)
class _Point:
    day: date
    close: float
    index: int
    """The row, or -1 for a bar that the store already holds."""


@dataclass
class _Run:
    """Points that follow one another without a break."""

    points: list[_Point] = field(default_factory=list[_Point])
    why: Reason | None = None
    """The break that began it; None for the first."""

    @property
    def rank(self) -> tuple[int, int]:
        """Bars already stored count first, then length."""
        return sum(point.index < 0 for point in self.points), len(self.points)


def _history(rows: BarRows, fresh: Sequence[int], held: Mapping[date, StoredBar]) -> list[_Point]:
    if not fresh:
        return []
    points = [_Point(_day(rows, index), float(rows.close[index]), index) for index in fresh]
    points += [_Point(day, bar.close, -1) for day, bar in held.items()]
    return sorted(points, key=lambda point: point.day)


def _breaks(
    history: Sequence[_Point], splits: Mapping[date, float], listed: Sequence[int], reasons: list[Reason | None]
) -> None:
    """Mark the rows that do not belong to the run that is kept."""
    runs: list[_Run] = []
    for point in history:
        recent = sorted(runs[-_RUNS_TRIED:], key=lambda run: run.points[-1].day, reverse=True)
        broken = [(run, _break(run.points[-1], point, splits, listed)) for run in recent]
        home = next((run for run, why in broken if why is None), None)
        if home is None:
            home = _Run(why=broken[0][1] if broken else None)
            runs.append(home)
        home.points.append(point)
    if len(runs) < 2:
        return
    kept = max(reversed(runs), key=lambda run: run.rank)
    for run in runs:
        if run is not kept:
            for point in run.points:
                if point.index >= 0:
                    reasons[point.index] = run.why or kept.why


def _break(earlier: _Point, later: _Point, splits: Mapping[date, float], listed: Sequence[int]) -> Reason | None:
    missing = bisect_left(listed, later.day.toordinal()) - bisect_left(listed, earlier.day.toordinal()) - 1
    if missing > MAX_MISSING:
        return Reason.GAP
    move = math.log(later.close / earlier.close)
    split = math.log(math.prod(ratio for day, ratio in splits.items() if earlier.day < day <= later.day))
    # A split on record explains the jump that it makes; bars that were adjusted for it show none.
    return None if min(abs(move), abs(move + split)) <= math.log(MAX_MOVE) else Reason.JUMP
