"""How forecasters did, walk-forward: the record that decides who speaks.

One row is one origin day and horizon: each forecaster's mean pinball loss over the symbols, and the share of outcomes
inside its central 90 % and 40 %. A row counts at `t` only once its outcome was known before `t`. The simplest one
speaks unless another one's mean loss is lower by more than one block-bootstrap standard error: outcomes of neighbouring
origins overlap, and drawing blocks of days keeps that in the error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import Value
from models.forecast import HORIZONS, Days
from models.quantiles import LEVELS, Floats, pinball

NAMES = ("empirical", "ewma", "tft")
"""Simplest first."""
LEAST_DAYS = 250
"""Resolved origin days without which the record decides nothing."""
DRAWS = 400
KEPT = 256
"""Days whose answers are remembered: every symbol asks the same of a day."""
_SEED = 20
_WIDE = (LEVELS.index(0.05), LEVELS.index(0.95))
_NARROW = (LEVELS.index(0.3), LEVELS.index(0.7))
_COLUMNS = ("days", "resolved", "symbols", "loss", "wide", "narrow")


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The record of one horizon, one row an origin day, oldest first."""

    days: Days
    resolved: Days
    """The session at whose close the outcome was known."""
    symbols: NDArray[np.int64]
    """How many symbols the row is the mean of."""
    loss: Floats
    """Mean pinball loss of the cumulative log return, of shape (days, NAMES)."""
    wide: Floats
    """Share of outcomes inside the central 90 %, of the same shape."""
    narrow: Floats
    """Share of outcomes inside the central 40 %, of the same shape."""

    def before(self, asof: date) -> Rows:
        """The rows whose outcome was known before `asof`."""
        known = self.resolved < np.datetime64(asof, "D")
        return Rows(*(getattr(self, name)[known] for name in _COLUMNS))


class Score(Value):
    """One forecaster at one horizon over the folds resolved by then."""

    model: str
    horizon_sessions: int
    pinball_bp: float
    """Mean pinball loss, in basis points of the log return. Lower is better."""
    coverage_90: float
    """Share (0 to 1) of outcomes inside the central 90 %."""
    coverage_40: float
    """Share (0 to 1) of outcomes inside the central 40 %."""
    days: int
    """Origin days scored."""


class Choice(Value):
    """Who speaks at one horizon, and why."""

    model: str
    why: str


class Record:
    """The record of every horizon."""

    def __init__(self, rows: Mapping[int, Rows]) -> None:
        self._rows = dict(rows)
        self.scores = lru_cache(KEPT)(self._scores)
        self.choose = lru_cache(KEPT)(self._choose)

    def _scores(self, asof: date) -> tuple[Score, ...]:
        """Every forecaster at every horizon, over the rows resolved before `asof`; empty where there are none."""
        return tuple(
            Score(
                model=name,
                horizon_sessions=horizon,
                pinball_bp=round(float(rows.loss[:, place].mean()) * 1e4, 2),
                coverage_90=round(float(rows.wide[:, place].mean()), 4),
                coverage_40=round(float(rows.narrow[:, place].mean()), 4),
                days=len(rows.days),
            )
            for horizon in HORIZONS
            if len((rows := self._rows[horizon].before(asof)).days)
            for place, name in enumerate(NAMES)
        )

    def _choose(self, horizon: int, asof: date, able: tuple[str, ...] = NAMES) -> Choice:
        """Who of those `able` to answer speaks at `asof`."""
        rows = self._rows[horizon].before(asof)
        ranked = [name for name in NAMES if name in able]
        if len(rows.days) < LEAST_DAYS:
            why = f"the simplest: only {len(rows.days)} scored days were resolved before {asof}"
            return Choice(model=ranked[0], why=why)
        best, why = ranked[0], ""
        for name in ranked[1:]:
            gain = rows.loss[:, NAMES.index(best)] - rows.loss[:, NAMES.index(name)]
            error = standard_error(gain, block=max(10, 2 * horizon))
            told = f"{gain.mean() * 1e4:+.2f} bp of pinball loss, standard error {error * 1e4:.2f}"
            if gain.mean() > error:
                best, why = name, f"{name} beats {best} by {told}"
            else:
                why = f"{best} stays: {name} gains {told}" if not why else f"{why}; {name} gains {told}"
        return Choice(
            model=best, why=f"{why or 'no other can answer'} ({len(rows.days):,} days resolved before {asof})"
        )

    def save(self, path: Path) -> None:
        """Write the record as one file of arrays."""
        columns = {
            f"{name}.{horizon}": _stored(getattr(rows, name))
            for horizon, rows in self._rows.items()
            for name in _COLUMNS
        }
        np.savez_compressed(path, allow_pickle=False, **columns)

    @classmethod
    def load(cls, path: Path) -> Record:
        """Read what `save` wrote. Raises `OSError`, `KeyError` or `ValueError` for anything else."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                {
                    horizon: Rows(
                        stored[f"days.{horizon}"].astype("datetime64[D]"),
                        stored[f"resolved.{horizon}"].astype("datetime64[D]"),
                        stored[f"symbols.{horizon}"].astype(np.int64),
                        *(stored[f"{name}.{horizon}"].astype(np.float64) for name in ("loss", "wide", "narrow")),
                    )
                    for horizon in HORIZONS
                }
            )


def by_day(days: Days, resolved: Days, quantiles: Sequence[Floats], outcome: Floats) -> Rows:
    """Rows out of one entry a symbol and day; `quantiles` holds the forecasts of each of `NAMES`."""
    unique, place = np.unique(days, return_inverse=True)
    count = np.bincount(place)

    def mean(values: Floats) -> Floats:
        return np.bincount(place, weights=values) / count

    last = np.full(len(unique), np.datetime64("1970-01-01", "D"))
    np.maximum.at(last, place, resolved)
    return Rows(
        unique,
        last,
        count.astype(np.int64),
        np.stack([mean(pinball(rows, outcome)) for rows in quantiles], axis=1),
        np.stack([mean(_inside(rows, outcome, _WIDE)) for rows in quantiles], axis=1),
        np.stack([mean(_inside(rows, outcome, _NARROW)) for rows in quantiles], axis=1),
    )


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of folds that follow one another."""
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS))


def standard_error(values: Floats, *, block: int) -> float:
    """The standard error of a mean of serially dependent values, by drawing whole blocks (always the same draws)."""
    count = len(values)
    size = min(block, count)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means = (sums[size:] - sums[:-size]) / size
    drawn = np.random.default_rng(_SEED).integers(0, len(means), size=(DRAWS, -(-count // size)))
    return float(means[drawn].mean(axis=1).std(ddof=1))


def _inside(quantiles: Floats, outcome: Floats, ends: tuple[int, int]) -> Floats:
    low, high = quantiles[:, ends[0]], quantiles[:, ends[1]]
    return ((outcome >= low) & (outcome <= high)).astype(np.float64)


def _stored(column: NDArray[np.generic]) -> NDArray[np.generic]:
    """Days as plain numbers, figures as float32: a file that holds nothing but numbers."""
    if column.dtype.kind == "M":
        return column.astype("datetime64[D]").astype(np.int32)
    return column.astype(np.int32) if column.dtype.kind == "i" else column.astype(np.float32)
