"""What signals need of market data: bars as columns, cleaned, and put on one consistent scale without looking ahead.

`BarColumns` and `BarSource` are Protocols, so that any store with objects of this shape can be handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
"""float64, one element a bar."""
SessionArray = NDArray[np.datetime64]
"""datetime64[D], strictly increasing."""
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
DirectionArray = NDArray[np.int8]
"""+1 long, -1 short, 0 none, one element a bar."""

SMALLEST_DIVIDEND = 1e-4
"""Share of the price below which a step of the adjustment factor is the vendor's rounding, not a dividend."""
LEAST_STEP = 0.2
"""A step of the adjustment factor below this, or above its inverse, is an error of the vendor's: no company pays out
four fifths of its price in one day."""
FACTOR_DIGITS = 6
"""Decimals that a step of the adjustment factor is rounded to, so that a vendor's restatement leaves it unchanged."""


class BarColumns(Protocol):
    """The bars of one symbol known at an instant, oldest first; every array has the same length.

    Open, high, low and close are split-adjusted prices in the instrument's currency; `adjusted_close` is adjusted for
    dividends too; volume is in shares.
    """

    @property
    def symbol(self) -> str: ...  # noqa: D102 - told by the class
    @property
    def sessions(self) -> SessionArray: ...  # noqa: D102
    @property
    def open(self) -> FloatArray: ...  # noqa: D102
    @property
    def high(self) -> FloatArray: ...  # noqa: D102
    @property
    def low(self) -> FloatArray: ...  # noqa: D102
    @property
    def close(self) -> FloatArray: ...  # noqa: D102
    @property
    def adjusted_close(self) -> FloatArray: ...  # noqa: D102
    @property
    def volume(self) -> FloatArray: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def freshness(self) -> str: ...  # noqa: D102


class BarSource(Protocol):
    """Where bars come from. Nothing later than `asof` is ever visible."""

    def columns(self, symbol: str, asof: datetime) -> BarColumns:
        """Bars of `symbol` known at `asof`, of length 0 where there are none.

        Raises `DeskmateError` for a symbol the source does not know.
        """
        ...

    def symbols(self, asof: datetime) -> Sequence[str]:
        """Every symbol with a bar known at `asof`; their calls together make the track record."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Prices of one symbol on one total-return scale anchored at the *first* bar.

    `price = quoted price * factor`. The factor of a bar rests on earlier bars alone, so whatever dividends come later,
    the history up to a bar is the same to the last bit; dividing by `factor[t]` gives what bar t's own quotes say,
    which equals rebasing a vendor's factor to 1 at t (f_i / f_t).
    """

    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    factor: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Cleaned bars of one symbol, oldest first; see `BarColumns` for units."""

    symbol: str
    sessions: SessionArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    adjusted_close: FloatArray
    volume: FloatArray
    source: str = ""
    freshness: str = ""

    @classmethod
    def of(cls, columns: BarColumns) -> Self:
        """Bars without the rows no price can be read from: not finite, not positive, high < low, out of order.

        Whether a row is kept depends on that row and earlier ones only.
        """
        prices = np.stack([columns.open, columns.high, columns.low, columns.close]).astype(np.float64)
        sessions = columns.sessions.astype("datetime64[D]")
        keep = np.all(np.isfinite(prices) & (prices > 0), axis=0) & (prices[1] >= prices[2])
        days = np.where(keep, sessions.astype(np.int64), np.iinfo(np.int64).min)
        keep[1:] &= days[1:] > np.maximum.accumulate(days)[:-1]
        volume = np.asarray(columns.volume, dtype=np.float64)
        adjusted = np.asarray(columns.adjusted_close, dtype=np.float64)
        o, h, low, c = prices[:, keep]
        return cls(
            columns.symbol,
            sessions[keep],
            o,
            h,
            low,
            c,
            adjusted[keep],
            np.where(np.isfinite(volume) & (volume > 0), volume, 0.0)[keep],
            columns.source,
            str(columns.freshness),
        )

    def __len__(self) -> int:
        return len(self.close)

    def session(self, bar: int) -> date:
        """The session of one bar."""
        return self.sessions[bar].item()

    def series(self) -> Series:
        """Prices on the total-return scale that indicators are computed on."""
        factor = causal_factor(self.close, self.adjusted_close)
        return Series(
            self.open * factor, self.high * factor, self.low * factor, self.close * factor, self.volume, factor
        )


def fingerprint(columns: BarColumns) -> str:
    """Digest of every value; the data version that caches are keyed by."""
    # SHA-256 has its own instructions on today's processors: half the time of BLAKE2 here, and this runs at every call.
    hasher = sha256(f"{columns.symbol}|{columns.source}|{columns.freshness}".encode())
    hasher.update(columns.sessions.tobytes())
    for array in (columns.open, columns.high, columns.low, columns.close, columns.adjusted_close, columns.volume):
        hasher.update(array.tobytes())
    return hasher.hexdigest()


def causal_factor(close: FloatArray, adjusted_close: FloatArray) -> FloatArray:
    """Total-return factor anchored at 1 on the first bar: the running product of the steps of `adjusted_close / close`.

    A vendor restates all earlier adjusted closes at every dividend, by one common multiple, which cancels in the steps.
    A missing adjusted close counts as no dividend. Each dividend's step is rounded so that the restatement's own
    floating-point noise cannot reach an indicator.
    """
    usable = np.isfinite(adjusted_close) & (adjusted_close > 0)
    last_usable = np.maximum.accumulate(np.where(usable, np.arange(len(close)), -1))
    ratio = np.where(usable, adjusted_close, close) / close
    known = np.where(last_usable >= 0, ratio[np.maximum(last_usable, 0)], np.nan)
    steps = np.ones(len(close))
    if len(close) > 1:
        steps[1:] = known[1:] / known[:-1]
    impossible = ~np.isfinite(steps) | (steps < LEAST_STEP) | (steps > 1 / LEAST_STEP)
    steps[impossible | (np.abs(steps - 1) < SMALLEST_DIVIDEND)] = 1.0
    return np.cumprod(np.round(steps, FACTOR_DIGITS), dtype=np.float64)
