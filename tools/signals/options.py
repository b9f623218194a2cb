"""Which option strategy expresses a call, read off the table of `option_table`: pure functions of the call's values."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log

from brokers.vocabulary import BadInput, Value
from tools.signals.calls import Direction
from tools.signals.option_table import CELLS, LEAST_WEAK, LEGS, SHARES, TABLE, Conviction, LegIdea, OptionStrategy
from tools.signals.regime import Volatility

NOTE = (
    "Strikes, expiry date and prices are chosen from an option chain; until one is loaded, this idea cannot become a "
    "ticket."
)
SAME_STRIKE = "Both options have the strike of the one that is sold."

ROOM_DAYS = 7
"""Calendar days from the horizon to the earliest expiry: holidays fit in, and the last week's decay is avoided."""
WINDOW_DAYS = 35
"""Length of the expiry window in calendar days: third Fridays are at most this far apart, so one is always in it."""


class OptionIdea(Value):
    """A strategy that fits a call. No strike, price or contract: those come with an option chain."""

    name: OptionStrategy
    legs: tuple[LegIdea, ...]
    days_to_expiry: tuple[int, int]
    """Calendar days from the call's session (lowest, highest); the lowest lies after the call's horizon."""
    why: str
    """The row of the table that chose it, with the values."""
    needs_position: bool
    """True where shares must be held."""
    note: str
    """What is missing before it can become a ticket."""


class Fit(Value):
    """Whether one named strategy expresses a call."""

    fits: bool
    reason: str
    better: OptionStrategy | None = None
    """What the table puts first instead; None where the strategy is first or nothing fits."""


_VIEWS: Mapping[Direction, str] = {
    Direction.LONG: "a rise",
    Direction.SHORT: "a fall",
    Direction.NEUTRAL: "a narrow range",
    Direction.VOLATILE: "a large move either way",
}


def idea_for(
    direction: Direction,
    probability: float,
    base_rate: float,
    volatility: Volatility,
    horizon_sessions: int,
    held: bool = False,
) -> OptionIdea | None:
    """The strategy that expresses a call best, or None where there is no call, no conviction, or nothing fits.

    `held`: at least one contract's worth of the shares is held. Raises `BadInput` for a probability or base rate
    outside of (0, 1) and for a horizon below one session.
    """
    return next(iter(_ideas(direction, probability, base_rate, volatility, horizon_sessions, held)), None)


def alternatives(
    direction: Direction,
    probability: float,
    base_rate: float,
    volatility: Volatility,
    horizon_sessions: int,
    held: bool = False,
) -> tuple[OptionIdea, ...]:
    """The other strategies that express the same call, best first; arguments and errors as of `idea_for`."""
    return _ideas(direction, probability, base_rate, volatility, horizon_sessions, held)[1:]


def fits(
    name: str,
    direction: Direction,
    probability: float,
    base_rate: float,
    volatility: Volatility,
    held: bool = False,
) -> Fit:
    """Whether one strategy expresses a call, at its conviction and volatility, and why.

    Raises `BadInput` for a name that is no `OptionStrategy`, and as `idea_for` does.
    """
    strategy = _named(name)
    gain = _gain(probability, base_rate)
    if direction is Direction.NONE:
        return Fit(fits=False, reason="No strategy is active, so there is no call that options could express.")
    row = CELLS.get((direction, Conviction.of(gain), volatility))
    fitting = row.strategies(held) if row else ()
    best = next(iter(fitting), None)
    words = strategy.words.capitalize()
    state = _state(gain, probability, base_rate, volatility)
    if row and strategy in fitting:
        better = None if strategy is best else best
        first = f", though {better.words} comes first" if better else ""
        reason = f"{words} expresses {_VIEWS[direction]} at {state}{first}: {row.because}."
        return Fit(fits=True, reason=reason, better=better)
    if not _expresses(strategy, direction):
        views = " or ".join(view for way, view in _VIEWS.items() if _expresses(strategy, way))
        reason = f"{words} expresses {views}, and this call expects {_VIEWS[direction]}."
    elif _needs_position(strategy) and not held:
        reason = f"{words} needs shares that are held, and none are."
    elif row is None:
        reason = f"The call has {state}; less than {LEAST_WEAK} log-odds is no reason for an option strategy."
    else:
        reason = f"{words} does not fit {state}: {row.because}."
    return Fit(fits=False, reason=reason, better=best)


def expiry_window(horizon_sessions: int) -> tuple[int, int]:
    """Calendar days to expiry (lowest, highest), counted from the call's session, that lie after its horizon.

    n sessions take w = n + ceil(n / 20) weekdays with their holidays, and w weekdays at most w + 2 ceil(w / 5) days;
    where holidays heap up, `ROOM_DAYS` holds them. Raises `BadInput` below one session.
    """
    if horizon_sessions < 1:
        raise BadInput(f"A horizon of {horizon_sessions} sessions is none.", fix="Give at least one session.")
    weekdays = horizon_sessions + ceil(horizon_sessions / 20)
    low = weekdays + 2 * ceil(weekdays / 5) + ROOM_DAYS
    return low, low + WINDOW_DAYS


def _ideas(
    direction: Direction,
    probability: float,
    base_rate: float,
    volatility: Volatility,
    horizon_sessions: int,
    held: bool,
) -> tuple[OptionIdea, ...]:
    gain, window = _gain(probability, base_rate), expiry_window(horizon_sessions)
    row = CELLS.get((direction, Conviction.of(gain), volatility))
    if row is None:
        return ()
    why = (
        f"{_VIEWS[direction]} is expected within {horizon_sessions} sessions, with "
        f"{_state(gain, probability, base_rate, volatility)}: {row.because}"
    )
    fitting = row.strategies(held)
    return tuple(_idea(strategy, fitting[0], window, why) for strategy in fitting)


def _idea(strategy: OptionStrategy, first: OptionStrategy, window: tuple[int, int], why: str) -> OptionIdea:
    behind = f" instead of {first.words}, which comes first" if strategy is not first else ""
    legs, note = LEGS[strategy], NOTE
    if strategy is OptionStrategy.CALENDAR:
        # Two windows that do not overlap: whichever days are chosen, the bought option outlives the sold one.
        low = window[1] + 1
        near, far = legs
        legs = near, far.model_copy(update={"days_to_expiry": (low, low + WINDOW_DAYS)})
        note = f"{SAME_STRIKE} {NOTE}"
    return OptionIdea(
        name=strategy,
        legs=legs,
        days_to_expiry=window,
        why=f"{strategy.words.capitalize()}{behind}: {why}.",
        needs_position=_needs_position(strategy),
        note=note,
    )


def _needs_position(strategy: OptionStrategy) -> bool:
    return SHARES in LEGS[strategy]


def _expresses(strategy: OptionStrategy, direction: Direction) -> bool:
    return any(row.direction is direction and strategy in row.strategies(held=True) for row in TABLE)


def _state(gain: float, probability: float, base_rate: float, volatility: Volatility) -> str:
    return (
        f"{Conviction.of(gain)} conviction ({probability:.3f} against a base rate of {base_rate:.3f}, {gain:+.2f} "
        f"log-odds) and {volatility} volatility of past returns"
    )


def _gain(probability: float, base_rate: float) -> float:
    for told, value in (("probability", probability), ("base rate", base_rate)):
        if not 0 < value < 1:
            raise BadInput(f"A {told} of {value} is none.", fix="Give a number between 0 and 1, both excluded.")
    return log(probability / (1 - probability)) - log(base_rate / (1 - base_rate))


def _named(name: str) -> OptionStrategy:
    try:
        return OptionStrategy(name)
    except ValueError:
        known = ", ".join(OptionStrategy)
        raise BadInput(f"{name!r} is no option strategy known here.", fix=f"Known are {known}.") from None
