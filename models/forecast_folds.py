"""What forecasters said out of fold: P(up) of every symbol and day by a model that had seen nothing of that day.

`folds.npz` beside the record, written when the forecaster is trained: the time is walked forward in folds, and each
fold's days are forecast by a model trained on what was resolved before the fold began. One row is one symbol and day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.forecast import HORIZONS, Days
from models.quantiles import Floats, p_up
from models.registry import ModelUnavailable, Registry
from models.tft import NAME

FOLDS = "folds.npz"


@dataclass(frozen=True, slots=True, eq=False)
class FoldRows:
    """Out-of-fold forecasts as columns of equal length."""

    symbols: NDArray[np.str_]
    days: Days
    """The session at whose close the forecast was made."""
    p_up: NDArray[np.float32]
    """Shape (rows, `HORIZONS`): probability that the close is higher so many sessions later."""
    made_through: Days
    """The last session that the row's model knew anything of; always before `days`."""

    def save(self, path: Path) -> None:
        """Write the rows as one file of arrays."""
        np.savez_compressed(
            path,
            allow_pickle=False,
            symbols=self.symbols,
            days=_numbers(self.days),
            p_up=self.p_up,
            made_through=_numbers(self.made_through),
            horizons=np.array(HORIZONS, dtype=np.int32),
        )


class Folds:
    """Out-of-fold forecasts by symbol and day. A row whose model was not made before its day is not among them."""

    def __init__(self, rows: FoldRows, digest: str = "") -> None:
        """Keep the rows that may be used, by symbol and day.

        Raises:
            ValueError: the columns differ in length, or one symbol has one day twice.
        """
        count = len(rows.symbols)
        if not len(rows.days) == len(rows.made_through) == count or rows.p_up.shape != (count, len(HORIZONS)):
            raise ValueError("its columns differ in length")
        said = rows.p_up.astype(np.float64)
        usable = (rows.made_through < rows.days) & np.all((said >= 0) & (said <= 1), axis=1)
        self.digest = digest
        """Names the content: the file's SHA-256."""
        self.refused = int(count - usable.sum())
        """Rows left out because their model knew their day, or because they hold no probability."""
        order = np.flatnonzero(usable)[np.lexsort((rows.days[usable], rows.symbols[usable]))]
        self._symbols, self._days, self._said = rows.symbols[order], rows.days[order], said[order]
        if np.any((self._symbols[1:] == self._symbols[:-1]) & (self._days[1:] == self._days[:-1])):
            raise ValueError("a symbol has one day twice")

    @classmethod
    def load(cls, path: Path, digest: str = "") -> Folds:
        """Read what `FoldRows.save` wrote. Raises `OSError`, `KeyError`, `ValueError` or `BadZipFile` otherwise."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if tuple(stored["horizons"].tolist()) != HORIZONS:
                raise ValueError("it answers for other horizons")
            rows = FoldRows(
                stored["symbols"].astype(np.str_),
                stored["days"].astype("datetime64[D]"),
                stored["p_up"].astype(np.float32),
                stored["made_through"].astype("datetime64[D]"),
            )
        return cls(rows, digest)

    def p_up(self, symbol: str, sessions: Days) -> Floats:
        """Shape (sessions, `HORIZONS`): P(up) at each of `sessions`; NaN where there is no row."""
        found = np.full((len(sessions), len(HORIZONS)), np.nan)
        place = self._places.get(symbol)
        if place is None:
            return found
        days, said = self._days[place], self._said[place]
        row = np.minimum(np.searchsorted(days, sessions), len(days) - 1)
        there = days[row] == sessions
        found[there] = said[row[there]]
        return found

    @cached_property
    def _places(self) -> dict[str, slice]:
        """Where each symbol's rows stand."""
        names, starts = np.unique(self._symbols, return_index=True)
        ends = [*starts.tolist(), len(self._symbols)][1:]
        return {str(name): slice(int(start), int(end)) for name, start, end in zip(names, starts, ends, strict=True)}


def rows_of(symbols: NDArray[np.str_], days: Days, quantiles: Floats, made_through: np.datetime64) -> FoldRows:
    """The rows of one fold; `quantiles` of the cumulative log return have the shape (rows, horizons, levels)."""
    said = np.array([[p_up(one) for one in row] for row in quantiles], dtype=np.float32).reshape(-1, len(HORIZONS))
    through = np.full(len(days), made_through).astype("datetime64[D]")
    return FoldRows(symbols, days.astype("datetime64[D]"), said, through)


def joined(parts: Sequence[FoldRows]) -> FoldRows:
    """The rows of several folds."""
    return FoldRows(
        np.concatenate([part.symbols for part in parts]),
        np.concatenate([part.days for part in parts]),
        np.concatenate([part.p_up for part in parts]),
        np.concatenate([part.made_through for part in parts]),
    )


def open_folds(registry: Registry) -> Folds:
    """The out-of-fold forecasts that the registry's forecaster was trained with.

    Raises:
        ModelUnavailable: there is no forecaster, it came without such rows, or a file is not what its card says.
    """
    folder, card = registry.folder(NAME), registry.card(NAME)
    if FOLDS not in card.files:
        raise ModelUnavailable(
            f"The model {NAME} came without out-of-fold forecasts.", fix="Make them: `deskmate train forecast`."
        )
    try:
        return Folds.load(folder / FOLDS, card.files[FOLDS])
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise ModelUnavailable(
            f"The out-of-fold forecasts of {NAME} cannot be read ({type(error).__name__}: {error})."[:200],
            fix="Make them again: `deskmate train forecast`.",
        ) from error


def _numbers(days: Days) -> NDArray[np.int32]:
    return days.astype("datetime64[D]").astype(np.int32)
