"""What preferences do to signals, and what they never touch."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.clock import WallClock
from tests.support.desks import make_desk
from tests.tools.preferences.wishes import STRATEGIES, SYMBOLS, changes
from tools.preferences.effects import applied, preferred
from tools.preferences.preferences import Change, Horizons, Preferences, RiskAppetite, changed
from tools.signals.calibration import LEAST_RESOLVED
from tools.signals.calls import Direction
from tools.signals.decision import ActionRule
from tools.signals.signal import Action, RankedSignals, Signal

EDGE = ActionRule().least_edge_r
CONSERVATIVE = Preferences(risk_appetite=RiskAppetite.CONSERVATIVE)
AGGRESSIVE = Preferences(risk_appetite=RiskAppetite.AGGRESSIVE)


@pytest.fixture(scope="session", name="real")
def _real(tmp_path_factory: pytest.TempPathFactory, seeded_market: Path) -> RankedSignals:
    """The list of the sample market, as the desk shows it to a new person."""
    home = tmp_path_factory.mktemp("effects")
    copy(seeded_market, home / seeded_market.name)
    desk = make_desk(home, WallClock())
    asof = desk.account("local").account.market_now()
    ranked = desk.signals.rank([instrument.symbol for instrument in desk.feed.instruments()], asof)
    desk.close()
    assert any(signal.leading is not None for signal in ranked.signals)
    return ranked


@pytest.fixture(scope="session", name="call")
def _call(real: RankedSignals) -> Signal:
    """A real signal with a long call that leads it."""
    return next(s for s in real.signals if s.leading is not None and s.direction.sign > 0)


def shaped(
    signal: Signal,
    value: float,
    *,
    action: Action | None = None,
    sign: int = 1,
    n: int = LEAST_RESOLVED,
    size: float = 1.0,
) -> Signal:
    """The signal with another expected value and the action the rule takes on it."""
    assert signal.leading is not None
    direction = Direction.LONG if sign > 0 else Direction.SHORT
    acts = Action.BUY if sign > 0 else Action.SELL
    ruled = acts if value >= EDGE and n >= LEAST_RESOLVED else Action.AVOID if value < -EDGE else Action.WAIT
    leading = signal.leading.model_copy(update={"confidence_n": n, "direction": direction})
    return signal.model_copy(
        update={
            "direction": direction,
            "leading": leading,
            "expected_value_r": value,
            "action": action or ruled,
            "size_factor": size,
        }
    )


def _after(made: list[Change]) -> Preferences:
    now = Preferences()
    for change in made:
        now = changed(now, change)
    return now


persons = st.lists(changes, max_size=8).map(_after)


@settings(deadline=None)
@given(persons, st.floats(-1, 1), st.sampled_from([1, -1]), st.integers(0, 200), st.floats(0.05, 1))
def test_only_action_reason_and_size_can_differ_and_the_probability_never(
    call: Signal, person: Preferences, value: float, sign: int, n: int, size: float
):
    signal = shaped(call, value, sign=sign, n=n, size=size)
    told = applied(signal, person)
    free = {"action", "action_reason", "size_factor"}
    assert told.model_dump(exclude=free) == signal.model_dump(exclude=free)
    assert told.probability == signal.probability
    assert 0 < told.size_factor <= signal.size_factor <= 1


@settings(deadline=None)
@given(persons, st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_the_list_keeps_every_probability_and_names_all_it_leaves_out(
    real: RankedSignals, person: Preferences, values: list[float]
):
    ranked = real.model_copy(
        update={
            "signals": tuple(
                signal if signal.leading is None else shaped(signal, value)
                for signal, value in zip(real.signals, values, strict=False)
            )
        }
    )
    told = preferred(ranked, person)
    before = {signal.symbol: signal.probability for signal in ranked.signals}
    assert all(before[signal.symbol] == signal.probability for signal in told.signals)
    shown = {signal.symbol for signal in told.signals} | {missing.symbol for missing in told.unavailable}
    assert shown == before.keys() | {missing.symbol for missing in ranked.unavailable}
    assert not {signal.symbol for signal in told.signals} & set(person.excluded_symbols)
    acts = [signal.action in (Action.BUY, Action.SELL) for signal in told.signals]
    if person.watchlist or person.risk_appetite is not RiskAppetite.MODERATE:
        assert acts == sorted(acts, reverse=True)


def test_who_said_nothing_gets_the_list_as_it_is(real: RankedSignals):
    assert preferred(real, Preferences()) == real


@pytest.mark.parametrize(
    ("value", "conservative", "moderate", "aggressive"),
    [
        (2 * EDGE, Action.BUY, Action.BUY, Action.BUY),
        (1.9 * EDGE, Action.WAIT, Action.BUY, Action.BUY),
        (EDGE, Action.WAIT, Action.BUY, Action.BUY),
        (0.6 * EDGE, Action.WAIT, Action.WAIT, Action.BUY),
        (0.4 * EDGE, Action.WAIT, Action.WAIT, Action.WAIT),
        (-2 * EDGE, Action.AVOID, Action.AVOID, Action.AVOID),
    ],
)
def test_the_table_of_appetites(call: Signal, value: float, conservative: Action, moderate: Action, aggressive: Action):
    signal = shaped(call, value)
    told = [applied(signal, person).action for person in (CONSERVATIVE, Preferences(), AGGRESSIVE)]
    assert told == [conservative, moderate, aggressive]
    sizes = [applied(signal, person).size_factor for person in (CONSERVATIVE, Preferences(), AGGRESSIVE)]
    assert sizes == [0.5, 1.0, 1.0]


def test_the_reason_says_that_the_appetite_decided(call: Signal):
    told = applied(shaped(call, EDGE), CONSERVATIVE)
    assert "conservative risk appetite at least 0.1 R" in told.action_reason


def test_a_bold_person_sells_short_where_the_call_is_short_and_waits_for_a_thin_record(call: Signal):
    assert applied(shaped(call, 0.6 * EDGE, sign=-1), AGGRESSIVE).action is Action.SELL
    assert applied(shaped(call, 0.6 * EDGE, n=LEAST_RESOLVED - 1), AGGRESSIVE).action is Action.WAIT
    # Above the rule's own edge it waits for a reason that is not the edge.
    assert applied(shaped(call, 3 * EDGE, action=Action.WAIT), AGGRESSIVE).action is Action.WAIT


def test_what_a_person_excluded_is_left_out_with_the_reason(real: RankedSignals, call: Signal):
    assert call.leading is not None
    for person, why in (
        (Preferences(excluded_symbols=(call.symbol,)), f"you excluded {call.symbol}"),
        (Preferences(excluded_strategies=(call.leading.strategy,)), "calls"),
        (Preferences(horizons=Horizons(longest=call.leading.horizon_sessions - 1)), "horizon"),
    ):
        told = preferred(real, person)
        assert call.symbol not in {signal.symbol for signal in told.signals}
        assert why in next(missing.reason for missing in told.unavailable if missing.symbol == call.symbol)


def test_a_signal_without_a_call_is_left_out_by_its_symbol_alone(real: RankedSignals, call: Signal):
    silent = call.model_copy(update={"leading": None, "direction": Direction.NONE, "action": Action.WAIT})
    ranked = real.model_copy(update={"signals": (silent,)})
    person = Preferences(excluded_strategies=STRATEGIES, horizons=Horizons(longest=1))
    assert preferred(ranked, person).signals == (silent,)
    assert preferred(ranked, Preferences(excluded_symbols=(silent.symbol,))).signals == ()


def test_the_watchlist_comes_first_among_equals_only(real: RankedSignals, call: Signal):
    def named(symbol: str, value: float) -> Signal:
        return shaped(call, value).model_copy(update={"symbol": symbol})

    low, high = SYMBOLS[0], SYMBOLS[5]
    ranked = real.model_copy(update={"signals": (named(low, 0.3), named(high, 0.3))})
    watching = Preferences(watchlist=(high,))
    assert [signal.symbol for signal in preferred(ranked, watching).signals] == [high, low]
    assert "watchlist" in preferred(ranked, watching).rule
    better = ranked.model_copy(update={"signals": (named(low, 0.31), named(high, 0.3))})
    assert [signal.symbol for signal in preferred(better, watching).signals] == [low, high]
