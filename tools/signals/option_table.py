"""The option strategies, their legs, and the table from direction x conviction x volatility to those that fit.

Conviction is what the call adds to its base rate, in log-odds: logit(probability) - logit(base rate).

| log-odds | odds against the base rate | conviction |
|---|---|---|
| below 0.05 | less than 1.05 times | none: no idea |
| from 0.05 | 1.05 times | weak |
| from 0.2 | 1.22 times | moderate |
| from 0.5 | 1.65 times | strong |

Three principles fill `TABLE`. Buy premium where volatility is low, sell it where it is high, and spread one against
the other where it is extreme or unknown (Natenberg, Option Volatility and Pricing; McMillan, Options as a Strategic
Investment). The weaker the conviction, the less the idea may need a large move. Held shares turn a bullish strategy
into its equivalent by put-call parity: a long call into a protective put, a bull call spread into a collar, a cash
secured put into a covered call; under a bearish call the same three shield the shares. A loss without a limit is never
an idea.

Deltas follow Cboe's strategy benchmarks where one states them: iron condor 0.20 and 0.05 (CNDR), covered call 0.30
(BXMD); the collar (CLL) and the protective put (PPUT) there are 5 % out of the money, here delta 0.30. The others are
this project's choice: at the money 0.50, outright options 0.60, a spread's or strangle's far strikes 0.25.

Volatility is that of past returns against the symbol's own year. It stands in for implied volatility, which only an
option chain can tell; the two can differ, most of all before earnings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from brokers.vocabulary import Value
from tools.signals.calls import Direction
from tools.signals.regime import Volatility

LEAST_WEAK, LEAST_MODERATE, LEAST_STRONG = 0.05, 0.2, 0.5
"""Log-odds over the base rate from which conviction has each name."""


class OptionStrategy(StrEnum):
    """Every strategy that has a name."""

    BULL_CALL_SPREAD = "bull_call_spread"
    BEAR_PUT_SPREAD = "bear_put_spread"
    IRON_CONDOR = "iron_condor"
    COVERED_CALL = "covered_call"
    CASH_SECURED_PUT = "cash_secured_put"
    PROTECTIVE_PUT = "protective_put"
    LONG_CALL = "long_call"
    LONG_PUT = "long_put"
    STRADDLE = "straddle"
    STRANGLE = "strangle"
    CALENDAR = "calendar"
    COLLAR = "collar"

    @property
    def words(self) -> str:
        """The name in prose, with its article."""
        return f"{'an' if self[0] in 'aeiou' else 'a'} {self.replace('_', ' ')}"


class Conviction(StrEnum):
    """How much more likely than its base rate a call is; the steps are the module's table."""

    NONE = "no"
    WEAK = "weak"
    MODERATE = "moderate"
    STRONG = "strong"

    @classmethod
    def of(cls, gain: float) -> Conviction:
        """The step that a gain over the base rate, in log-odds, reaches."""
        for least, step in ((LEAST_STRONG, cls.STRONG), (LEAST_MODERATE, cls.MODERATE), (LEAST_WEAK, cls.WEAK)):
            if gain >= least:
                return step
        return cls.NONE


class LegIdea(Value):
    """One leg, by delta instead of strike."""

    action: Literal["buy", "sell"]
    right: Literal["call", "put", "stock"]
    target_delta: Annotated[float, Field(gt=0, lt=1)] | None
    """Absolute delta of the option; None for the shares, which are those already held."""
    ratio: Annotated[int, Field(ge=1)] = 1
    """Contracts; for shares, as many as one contract delivers."""
    days_to_expiry: tuple[int, int] | None = None
    """Calendar days (lowest, highest), where they differ from the idea's: the far leg of a calendar."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: for a direction, at any of these convictions and volatilities, these strategies, best first."""

    direction: Direction
    convictions: tuple[Conviction, ...]
    volatilities: tuple[Volatility, ...]
    without_shares: tuple[OptionStrategy, ...]
    with_shares: tuple[OptionStrategy, ...]
    """Tried before `without_shares` where shares are held."""
    because: str

    def strategies(self, held: bool) -> tuple[OptionStrategy, ...]:
        """Every strategy of the row, best first; none that needs shares unless they are held."""
        return (*self.with_shares, *self.without_shares) if held else self.without_shares


def _row(
    direction: Direction, convictions: str, volatilities: str, without_shares: str, with_shares: str, because: str
) -> TableRow:
    return TableRow(
        direction,
        tuple(map(Conviction, convictions.split())),
        tuple(map(Volatility, volatilities.split())),
        tuple(map(OptionStrategy, without_shares.split())),
        tuple(map(OptionStrategy, with_shares.split())),
        because,
    )


_UP, _DOWN, _STILL, _MOVING = Direction.LONG, Direction.SHORT, Direction.NEUTRAL, Direction.VOLATILE
_UNKNOWN_COST = "whether options are dear is unknown, so one that is sold pays for part of the one that is bought"
_WIDE = "moves are wide and options tend to be dear, so the loss is limited and one is sold against the one bought"

# fmt: off
TABLE: tuple[TableRow, ...] = (
    _row(_UP, "strong", "low normal", "long_call bull_call_spread", "protective_put collar",
         "options are not dear, so one is bought outright, and no move is too large for it"),
    _row(_UP, "moderate", "low normal", "bull_call_spread long_call", "collar protective_put",
         "the gain beyond the far strike is sold to make the outlay smaller"),
    _row(_UP, "moderate strong", "unknown", "bull_call_spread long_call", "collar protective_put", _UNKNOWN_COST),
    _row(_UP, "strong", "elevated", "bull_call_spread cash_secured_put", "collar covered_call",
         "options tend to be dear, so one is sold against the one bought"),
    _row(_UP, "moderate", "elevated", "cash_secured_put bull_call_spread", "covered_call collar",
         "options tend to be dear, so premium is sold, which asks for no large rise"),
    _row(_UP, "moderate strong", "extreme", "bull_call_spread", "collar", _WIDE),
    _row(_UP, "weak", "unknown low", "bull_call_spread", "collar protective_put",
         "a slight edge is worth only a small outlay, and there is no dear premium to sell"),
    _row(_UP, "weak", "normal elevated", "cash_secured_put bull_call_spread", "covered_call collar",
         "a slight edge is better paid by premium, which is kept without any rise"),
    _row(_UP, "weak", "extreme", "", "collar",
         "a slight edge does not pay for moves this wide; only shares that are held are worth fencing in"),

    _row(_DOWN, "strong", "low normal", "long_put bear_put_spread", "protective_put collar",
         "options are not dear, so one is bought outright, and no move is too large for it"),
    _row(_DOWN, "moderate", "low normal", "bear_put_spread long_put", "collar protective_put",
         "the gain beyond the far strike is sold to make the outlay smaller"),
    _row(_DOWN, "moderate strong", "unknown", "bear_put_spread long_put", "collar protective_put", _UNKNOWN_COST),
    _row(_DOWN, "moderate strong", "elevated extreme", "bear_put_spread", "collar", _WIDE),
    _row(_DOWN, "weak", "unknown low normal", "bear_put_spread", "collar protective_put",
         "a slight edge is worth only a small outlay"),
    _row(_DOWN, "weak", "elevated", "", "covered_call collar",
         "a slight edge does not pay for dear options; only against held shares can premium be sold with a limit"),
    _row(_DOWN, "weak", "extreme", "", "collar",
         "a slight edge does not pay for moves this wide; only shares that are held are worth fencing in"),

    _row(_STILL, "weak moderate strong", "low", "calendar iron_condor", "",
         "options are not dear, so time is earned with a position that a rise of volatility would help"),
    _row(_STILL, "weak", "normal", "calendar iron_condor", "covered_call",
         "with a slight edge no more than the outlay should be at stake"),
    _row(_STILL, "moderate strong", "normal", "iron_condor calendar", "covered_call",
         "the range pays premium on both of its sides, with a limited loss"),
    _row(_STILL, "moderate strong", "elevated extreme", "iron_condor", "covered_call",
         "options tend to be dear, so they are sold on both sides, with a limited loss"),
    _row(_STILL, "weak", "elevated", "iron_condor", "covered_call",
         "options tend to be dear, so they are sold on both sides, with a limited loss"),
    _row(_STILL, "moderate strong", "unknown", "iron_condor calendar", "covered_call",
         "whether options are dear is unknown, so each one sold has one bought behind it"),
    _row(_STILL, "weak", "unknown extreme", "", "",
         "a slight edge does not pay for selling options whose moves are wide or unknown"),

    _row(_MOVING, "moderate strong", "low", "straddle strangle", "",
         "options are not dear, and at the money the gain begins soonest"),
    _row(_MOVING, "strong", "normal", "straddle strangle", "",
         "options are not dear, and at the money the gain begins soonest"),
    _row(_MOVING, "weak", "low", "strangle straddle", "",
         "options are not dear, but a slight edge is worth only a small outlay"),
    _row(_MOVING, "moderate", "normal", "strangle straddle", "",
         "a large move is expected, but the outlay should be small"),
    _row(_MOVING, "moderate strong", "unknown", "strangle straddle", "",
         "whether options are dear is unknown, so the smaller outlay comes first"),
    _row(_MOVING, "strong", "elevated extreme", "strangle", "",
         "options tend to be dear, so only the smaller outlay is worth it"),
    _row(_MOVING, "moderate", "elevated extreme", "", "",
         "options tend to be dear, and the large move is already paid for"),
    _row(_MOVING, "weak", "unknown normal elevated extreme", "", "",
         "a slight edge does not pay for two options that are not cheap"),
)
# fmt: on
"""Every row; together they name each direction, conviction (but none) and volatility exactly once."""

CELLS: Mapping[tuple[Direction, Conviction, Volatility], TableRow] = {
    (row.direction, conviction, volatility): row
    for row in TABLE
    for conviction in row.convictions
    for volatility in row.volatilities
}
"""Each cell of the table."""


def _leg(action: Literal["buy", "sell"], right: Literal["call", "put"], delta: float) -> LegIdea:
    return LegIdea(action=action, right=right, target_delta=delta)


SHARES = LegIdea(action="buy", right="stock", target_delta=None)

LEGS: Mapping[OptionStrategy, tuple[LegIdea, ...]] = {
    OptionStrategy.BULL_CALL_SPREAD: (_leg("buy", "call", 0.5), _leg("sell", "call", 0.25)),
    OptionStrategy.BEAR_PUT_SPREAD: (_leg("buy", "put", 0.5), _leg("sell", "put", 0.25)),
    OptionStrategy.IRON_CONDOR: (
        _leg("buy", "put", 0.05),
        _leg("sell", "put", 0.2),
        _leg("sell", "call", 0.2),
        _leg("buy", "call", 0.05),
    ),
    OptionStrategy.COVERED_CALL: (SHARES, _leg("sell", "call", 0.3)),
    OptionStrategy.CASH_SECURED_PUT: (_leg("sell", "put", 0.3),),
    OptionStrategy.PROTECTIVE_PUT: (SHARES, _leg("buy", "put", 0.3)),
    OptionStrategy.LONG_CALL: (_leg("buy", "call", 0.6),),
    OptionStrategy.LONG_PUT: (_leg("buy", "put", 0.6),),
    OptionStrategy.STRADDLE: (_leg("buy", "call", 0.5), _leg("buy", "put", 0.5)),
    OptionStrategy.STRANGLE: (_leg("buy", "put", 0.25), _leg("buy", "call", 0.25)),
    OptionStrategy.CALENDAR: (_leg("sell", "call", 0.5), _leg("buy", "call", 0.5)),
    OptionStrategy.COLLAR: (SHARES, _leg("buy", "put", 0.3), _leg("sell", "call", 0.3)),
}
