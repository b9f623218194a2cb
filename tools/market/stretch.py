"""Which bars a window covers, and the bar that a change over it is measured from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import Unavailable
from tools.market.windows import Window
from tools.signals.bars import BarColumns


@dataclass(frozen=True)
class Stretch:
    """Rows `first` to `last` (both included) of one symbol's bars; `base` is where a change is measured from."""

    columns: BarColumns
    first: int
    last: int
    base: int
    """`first - 1`, or `first` where the window is measured from its own first close or nothing lies before it."""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.last - self.first + 1

    def of(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """The column within the window."""
        return column[self.first : self.last + 1]

    def from_base(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """The column from the base on: one value more than there are moves."""
        return column[self.base : self.last + 1]

    def session(self, row: int) -> date:
        """The session of one row of the columns."""
        return self.columns.sessions[row].item()


def stretch(columns: BarColumns, window: Window | None, default: int) -> Stretch:
    """The rows of `window`, or the last `default` sessions. `columns` holds at least one bar.

    A window is clamped to the data, and the notes say so. A window without a session (a weekend) means the last session
    before its end. Raises `Unavailable` when the data begins after the window's end.
    """
    if window is None:
        return _last(columns, len(columns.close) - 1, default)
    sessions = columns.sessions
    last = int(np.searchsorted(sessions, np.datetime64(window.end, "D"), side="right")) - 1
    if last < 0:
        begins = sessions[0].item()
        raise Unavailable(f"{columns.symbol} is unavailable up to {window.end}, because its data begins on {begins}.")
    if window.sessions is not None:
        return _last(columns, last, window.sessions)
    first = int(np.searchsorted(sessions, np.datetime64(window.start, "D")))
    if first > last:
        day: date = sessions[last].item()
        return Stretch(columns, last, last, max(last - 1, 0), (f"No session then: the last one before it is {day}.",))
    own = not window.period and sessions[first].item() == window.start and first < last
    base = first if own else max(first - 1, 0)
    return Stretch(columns, first, last, base, _notes(columns, window, first))


def _last(columns: BarColumns, last: int, count: int) -> Stretch:
    first = max(last - count + 1, 0)
    notes: tuple[str, ...] = ()
    if last + 1 < count:
        notes = (f"Only {last + 1} of {count} sessions are on record.",)
    return Stretch(columns, first, last, max(first - 1, 0), notes)


def _notes(columns: BarColumns, window: Window, first: int) -> tuple[str, ...]:
    begins: date = columns.sessions[0].item()
    ends: date = columns.sessions[-1].item()
    notes: list[str] = []
    if first == 0 and (begins - window.start).days > 4:  # more than a long weekend: data is missing
        notes.append(f"The data begins on {begins}.")
    if (window.end - ends).days > 4:
        notes.append(f"The data known then ends on {ends}.")
    return tuple(notes)


def matching(here: Stretch, columns: BarColumns) -> Stretch:
    """The same sessions of another symbol. Raises `Unavailable` when it did not trade on every one of them."""
    wanted = here.columns.sessions[here.base : here.last + 1]
    base = int(np.searchsorted(columns.sessions, np.datetime64(here.session(here.base), "D")))
    found = columns.sessions[base : base + len(wanted)]
    if not np.array_equal(found, wanted):
        names = f"{here.columns.symbol} and {columns.symbol}"
        days = f"{here.session(here.base)} to {here.session(here.last)}"
        raise Unavailable(f"Comparing {names} is unavailable, because they lack common sessions in {days}.")
    return Stretch(columns, base + here.first - here.base, base + here.last - here.base, base)
