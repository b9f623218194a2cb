"""The market around a symbol: whatever begins later changes nothing of what was said before it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import COLUMNS, head, record_of, walk
from tools.signals.surroundings import LEAST_SYMBOLS, OF_ALL, surroundings

WALKS = [walk(seed, 500, f"S{seed}") for seed in range(4)]


def begins(bars, first):
    """The bars from `first` on."""
    return replace(bars, **{name: getattr(bars, name)[first:] for name in COLUMNS})


@settings(max_examples=20, deadline=None)
@given(
    symbols=st.integers(1, 4),
    late=st.lists(st.sampled_from(["SPY", "VOO", "^GSPC", "NEW"]), unique=True, max_size=3),
    first=st.integers(80, 480),
)
def test_an_index_or_a_symbol_that_begins_later_moves_nothing_before_it(symbols, late, first):
    """The index is chosen session by session; three symbols make a mean only where there are three."""
    early = WALKS[:symbols]
    later = [begins(walk(60 + place, 500, name), first) for place, name in enumerate(late)]
    then = surroundings([head(one, first) for one in early])
    now = surroundings([*early, *later])
    before = now.sessions < WALKS[0].sessions[first]
    assert now.sessions[before].tobytes() == then.sessions.tobytes()
    assert now.level[before].tobytes() == then.level.tobytes()


def test_calls_before_an_index_began_are_the_same_with_it_and_without_it():
    """The whole way from bars to probability, relative strength among the strategies."""
    first = 400
    then = record_of(*(head(one, first) for one in WALKS)).walked.table
    now = record_of(*WALKS, begins(walk(70, 500, "SPY"), first)).walked.table
    rows = now.where(now.day < int(WALKS[0].sessions[first].astype(np.int64)))
    assert len(rows) == len(then) > 100
    for name in ("strategy", "direction", "entry", "target", "stop", "base_rate", "probability", "terms"):
        assert getattr(rows, name).tobytes() == getattr(then, name).tobytes(), name


def test_the_index_moves_as_its_symbol_does_and_else_as_the_mean_of_all():
    """By hand, on sessions before and after the index begins."""
    spy = begins(walk(71, 500, "SPY"), 300)
    found = surroundings([*WALKS, spy])
    moves = np.diff(np.log(found.level))
    means = np.mean([np.diff(np.log(one.series().close)) for one in WALKS], axis=0)
    assert found.name == "SPY"
    assert moves[:299] == pytest.approx(means[1:300])
    assert moves[300:] == pytest.approx(np.diff(np.log(spy.series().close))[1:])


def test_two_symbols_have_no_mean_to_stand_out_from():
    """One would be compared with half of itself."""
    found = surroundings(WALKS[: LEAST_SYMBOLS - 1])
    assert (len(found.sessions), found.name) == (0, OF_ALL)
