"""The engine: identical under truncation, honest about nothing, and fast by remembering only what is still true."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.vocabulary import BadInput, Unavailable
from tests.tools.signals.markets import Market, close_of, from_closes, head, record_of, sample_bars, walk
from tools.signals.calls import Direction
from tools.signals.engine import SignalEngine
from tools.signals.signal import Action, RankedSignals, Signal


def assert_unchanged_by_the_future(markets, whole, symbol, bar):
    """Signal and calls at `bar` from the whole history equal those from a source that ends there."""
    one = whole.histories[symbol]
    then = SignalEngine(Market(*markets)).analyze(symbol, close_of(one.bars.session(bar)))
    now = whole.signal(one, bar)
    assert then.model_dump_json() == now.model_dump_json()
    assert then.strategies == whole.calls(one, bar)


WALKS = [walk(seed, 700, f"S{seed}", dividend_every=63 * (seed % 2)) for seed in range(3)]
WHOLE = record_of(*WALKS)


@settings(max_examples=40, deadline=None)
@given(bar=st.integers(59, 699), symbol=st.sampled_from(["S0", "S1", "S2"]))
def test_cutting_off_the_future_leaves_every_signal_identical_to_the_byte(bar, symbol):
    """time:asof for the whole engine: levels, confidences, probability, facts and flips."""
    assert_unchanged_by_the_future(WALKS, WHOLE, symbol, bar)


@settings(max_examples=15, deadline=None)
@given(bar=st.integers(100, 690), later=st.integers(0, 10**6))
def test_another_future_leaves_every_signal_identical_to_the_byte(bar, later):
    """Cutting off might be special; a different continuation with a dividend must not matter either."""
    other = walk(later, 700, "S0")
    columns = {}
    for name in ("open", "high", "low", "close", "volume"):
        columns[name] = np.concatenate([getattr(WALKS[0], name)[: bar + 1], getattr(other, name)[bar + 1 :]])
    adjusted = WALKS[0].adjusted_close * 0.97
    adjusted[bar + 1 :] = columns["close"][bar + 1 :]
    changed = record_of(replace(WALKS[0], adjusted_close=adjusted, **columns), *WALKS[1:])
    one, same = changed.histories["S0"], WHOLE.histories["S0"]
    assert changed.signal(one, bar).model_dump_json() == WHOLE.signal(same, bar).model_dump_json()


@pytest.fixture(scope="module")
def sample():
    """The shipped market and its record."""
    markets = sample_bars()
    return markets, record_of(*markets)


def test_real_history_passes_the_same_test(sample):
    """Real prices carry float32 noise, gaps and dividends that a walk does not."""
    markets, whole = sample
    chance = np.random.default_rng(20)
    for symbol in sorted(whole.histories):
        bar = int(chance.integers(59, len(whole.histories[symbol].bars)))
        assert_unchanged_by_the_future(markets, whole, symbol, bar)


def test_on_real_history_the_probability_is_no_worse_than_the_base_rate(sample):
    """A probability that lost to the base rate out of sample should not be shown at all."""
    markets, _ = sample
    engine = SignalEngine(Market(*markets))
    scores = engine.scores(close_of(markets[0].session(-1)))
    assert scores.calls == sum(score.calls for score in scores.by_strategy) > 1000
    assert 0 < scores.hit_rate < 1
    assert scores.brier <= scores.brier_base + 0.0005


def test_every_signal_of_a_year_adds_up(sample):
    """Real breakdowns, not made-up ones, sum to the shown log-odds; missing sources are zero."""
    for symbol, one in sample[1].histories.items():
        for bar in range(len(one.bars) - 250, len(one.bars), 10):
            signal = sample[1].signal(one, bar)
            assert signal.symbol == symbol
            assert signal.confidence_breakdown.total == pytest.approx(
                log(signal.probability / (1 - signal.probability)), abs=1e-9
            )
            assert all(getattr(signal.confidence_breakdown, source.value) == 0.0 for source in signal.missing)
            assert (signal.leading is None) == (signal.direction is Direction.NONE)
            if signal.leading:
                assert signal.leading in signal.strategies
                assert signal.leading.direction is signal.direction
            else:
                assert signal.action is Action.WAIT


LAST = close_of(WALKS[0].session(-1))


def test_a_signal_survives_json():
    """Tools return it, the ledger keeps it: nothing may be lost or turn into something else."""
    ranked = SignalEngine(Market(*WALKS)).rank(["S0", "S1", "S2"], LAST)
    assert RankedSignals.model_validate_json(ranked.model_dump_json()) == ranked
    for signal in ranked.signals:
        assert Signal.model_validate_json(signal.model_dump_json()) == signal


def test_ids_are_stable_and_differ_by_symbol_strategy_and_session():
    """A ticket that refers to a call must find that call again."""
    engine = SignalEngine(Market(*WALKS))
    signals = [engine.analyze(symbol, close_of(WALKS[0].session(bar))) for symbol in ("S0", "S1") for bar in (-2, -1)]
    ids = [signal.call_id for signal in signals] + [call.call_id for s in signals for call in s.strategies]
    assert len(set(ids)) == len(ids)
    assert SignalEngine(Market(*WALKS)).analyze("S1", LAST).call_id == signals[-1].call_id


def test_the_same_bars_are_answered_from_memory_and_corrected_ones_are_not():
    """Speed comes from remembering; a correction must not be answered from the old bars."""
    market = Market(*WALKS)
    engine = SignalEngine(market)
    first = engine.analyze("S0", LAST)
    assert engine.analyze("S0", LAST) is first
    corrected = head(WALKS[1], 700)
    corrected.close[300] *= 1.001
    corrected.high[300] *= 1.002
    market.known["S1"] = corrected
    again = engine.analyze("S0", LAST)
    assert again is not first
    assert again == SignalEngine(market).analyze("S0", LAST)


def test_the_ranking_puts_actions_first_and_lists_what_has_no_signal():
    """One bad symbol must not cost a person the others."""
    ranked = SignalEngine(Market(*WALKS)).rank(["S2", "NOPE", "S0", "S1", "S0"], LAST)
    keys = [
        (
            s.action not in (Action.BUY, Action.SELL),
            -(-np.inf if s.expected_value_r is None else s.expected_value_r),
            s.symbol,
        )
        for s in ranked.signals
    ]
    assert keys == sorted(keys)
    assert sorted(s.symbol for s in ranked.signals) == ["S0", "S1", "S2"]
    assert [u.symbol for u in ranked.unavailable] == ["NOPE"]


@pytest.mark.parametrize(
    ("bars", "reason"),
    [
        (head(walk(30, 59, "X"), 59), "it has 59 bars and 60 are needed"),
        (head(walk(30, 1, "X"), 1), "it has 1 bars and 60 are needed"),
        (from_closes(np.full(100, 20.0), "X", spread=0.0), "its price has not moved in 60 sessions"),
    ],
    ids=["too few", "one bar", "all equal"],
)
def test_a_signal_made_of_nothing_is_unavailable_and_says_why(bars, reason):
    """A number would be believed."""
    with pytest.raises(Unavailable, match=f"The X signal is unavailable, because {reason}"):
        SignalEngine(Market(bars)).analyze("X", close_of(bars.session(-1)))


def test_a_symbol_that_stopped_trading_has_no_signal_of_its_last_day():
    """A halted or delisted symbol must not be offered at an old price."""
    halted = head(walk(31, 700, "X"), 650)
    with pytest.raises(Unavailable, match=rf"no bar on {WALKS[0].session(-1)}; its last one is {halted.session(-1)}"):
        SignalEngine(Market(*WALKS, halted)).analyze("X", LAST)


def test_no_data_and_unknown_symbols_are_refused_in_words():
    """Before the first bar there is no market; an unknown symbol is the source's own error."""
    engine = SignalEngine(Market(*WALKS))
    with pytest.raises(Unavailable, match="no bar is known yet"):
        engine.analyze("S0", close_of(WALKS[0].session(0)).replace(year=2001))
    with pytest.raises(BadInput, match="NOPE"):
        engine.analyze("NOPE", LAST)
    with pytest.raises(Unavailable, match="no call is resolved yet"):
        engine.scores(close_of(WALKS[0].session(20)))


def test_past_calls_come_newest_first_with_what_became_of_them():
    """How calls like this did before is told from calls, each as it was worded then."""
    found = SignalEngine(Market(*WALKS)).past_calls("S0", LAST, "trend", limit=30)
    sessions = [past.call.session for past in found]
    assert len(found) == 30
    assert sessions == sorted(sessions, reverse=True)
    assert sessions[0] < WALKS[0].session(-1)
    assert any(past.outcome is None for past in found)
    for past in found:
        if past.outcome is not None and past.resolved is not None:
            assert past.resolved > past.call.session
            assert past.outcome == (past.exit_reason == "target")
    assert SignalEngine(Market(*WALKS)).past_calls("S0", LAST, "astrology") == ()


def test_a_new_bar_is_answered_without_fitting_again_and_as_if_fitted_again():
    """Fits rest on what came before the last boundary: a bar after it changes none of them."""
    market = Market(*WALKS)
    engine, fresh = SignalEngine(market), SignalEngine(market)
    before, after = (close_of(WALKS[0].session(bar)) for bar in (-2, -1))
    engine.analyze("S0", before)
    found = engine.analyze("S0", after)
    assert engine.fits(after) is not None
    assert found.model_dump_json() == fresh.analyze("S0", after).model_dump_json()
    assert [repr(fit) for fit in engine.fits(after)] == [repr(fit) for fit in fresh.fits(after)]


def test_a_correction_before_the_last_boundary_is_fitted_again():
    """Kept fits must not outlive what they rest on."""
    market = Market(*WALKS)
    engine = SignalEngine(market)
    first = engine.analyze("S0", LAST)
    corrected = head(WALKS[1], 700)
    for name in ("open", "high", "low", "close", "adjusted_close"):
        getattr(corrected, name)[200:230] *= 1.2
    market.known["S1"] = corrected
    assert engine.analyze("S0", LAST) == SignalEngine(market).analyze("S0", LAST)
    assert repr(engine.fits(LAST)) == repr(SignalEngine(market).fits(LAST))
    assert engine.analyze("S0", LAST) is not first


def test_calls_given_about_the_same_probability_tell_how_such_calls_did():
    """Counted by hand in the table."""
    engine = SignalEngine(Market(*WALKS))
    signal = next(s for s in engine.rank(["S0", "S1", "S2"], LAST).signals if s.leading)
    found, table = engine.like(signal, LAST), engine.table(LAST)
    near = table.where(table.resolved & (np.abs(table.probability - signal.probability) <= 0.025))
    assert found is not None
    assert (found.calls, found.came_true) == (len(near), pytest.approx(near.outcome.mean()))
    assert found.interval is not None
    assert found.interval[0] < near.outcome.mean() < found.interval[1]


def test_the_index_of_fear_is_surroundings_and_no_symbol_to_trade():
    """The VIX has bars but no calls, and its level is known to every regime."""
    vix = replace(walk(50, 700, "VIX"), symbol="VIX")
    engine = SignalEngine(Market(*WALKS, vix))
    assert engine.analyze("S0", LAST).regime.vix == pytest.approx(vix.close[-1])
    assert "VIX" not in engine.table(LAST).symbols
    with pytest.raises(Unavailable, match="it is not traded"):
        engine.analyze("VIX", LAST)
