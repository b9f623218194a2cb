"""What a strategy says of one symbol on one session, as a value that a tool returns and a ledger keeps."""

from __future__ import annotations

from base64 import b32encode
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Literal

from brokers.vocabulary import Value


class Direction(StrEnum):
    """What a call bets on."""

    LONG = "long"
    SHORT = "short"
    NEUTRAL = "neutral"
    """The close at the horizon lies between two breakevens."""
    VOLATILE = "volatile"
    """The close at the horizon lies outside of two breakevens."""
    NONE = "none"

    @classmethod
    def of(cls, code: int) -> Direction:
        """The direction of a code: 1 long, -1 short, 2 neutral, 3 volatile, anything else none."""
        return _BY_CODE.get(code, cls.NONE)

    @property
    def code(self) -> int:
        """1 long, -1 short, 2 neutral, 3 volatile, 0 none: how columns hold it."""
        return _CODES[self]

    @property
    def sign(self) -> int:
        """Which way the price should go: +1 long, -1 short, 0 otherwise."""
        return {Direction.LONG: 1, Direction.SHORT: -1}.get(self, 0)


_CODES = {
    Direction.LONG: 1,
    Direction.SHORT: -1,
    Direction.NEUTRAL: 2,
    Direction.VOLATILE: 3,
    Direction.NONE: 0,
}
_BY_CODE = {code: direction for direction, code in _CODES.items()}


class Fact(Value):
    """One checkable statement: what was measured, its value and unit, where it comes from and as of which session."""

    claim: str
    value: float | int | str
    unit: str
    source: str
    as_of: date


class Invalidation(Value):
    """What proves a call wrong: a trade beyond `level`, or the close of `horizon_sessions` without the first target."""

    when: Literal["price at or below", "price at or above"]
    level: float
    horizon_sessions: int


class StrategyCall(Value):
    """One strategy on one symbol after the close of `session`. Prices are quoted prices in the instrument's currency.

    With direction `none` there is nothing to enter: no targets, no stop, and no confidence.
    """

    call_id: str
    """Stable for (symbol, strategy, session, version)."""
    symbol: str
    strategy: str
    direction: Direction
    session: date
    """The as-of session: nothing after its close is known to the call."""
    entry: float
    """The close the levels are set from; the order itself fills at the next session's open."""
    targets: tuple[float, ...] = ()
    """Nearest first; the first decides the outcome."""
    stop: float | None = None
    horizon_sessions: int
    confidence: float | None = None
    """P(first target before stop and in time), from the record; see `track_record`."""
    confidence_n: int = 0
    """Calls resolved before `session` that the confidence rests on."""
    confidence_interval: tuple[float, float] | None = None
    """95 % Wilson interval, with overlapping calls counted as the fewer independent ones they are worth."""
    confidence_basis: str = ""
    """What the confidence rests on, in words."""
    base_rate: float
    """The same probability over the calls of all strategies resolved before `session`."""
    invalidation: Invalidation | None = None
    facts: tuple[Fact, ...] = ()
    version: str


def call_id(symbol: str, strategy: str, session: date, version: str) -> str:
    """Ten characters (A-Z, 2-7) that name this call for ever, wherever and whenever it is computed."""
    digest = blake2b(f"{symbol}|{strategy}|{session.isoformat()}|{version}".encode(), digest_size=10).digest()
    return b32encode(digest).decode()[:10]
