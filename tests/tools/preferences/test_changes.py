"""Changes of preferences as values: what they do, and that their words and JSON are theirs alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from brokers.vocabulary import BadInput
from tests.tools.preferences.wishes import changes, wishes, with_call
from tools.preferences.preferences import (
    CHANGE,
    MOST_SYMBOLS,
    Change,
    DefaultSize,
    Horizons,
    LanguageChange,
    Preferences,
    ResetChange,
    RiskAppetite,
    RiskAppetiteChange,
    WatchlistChange,
    changed,
    same_wish,
    settled,
)
from tools.preferences.words import to_say


def after(*made: Change) -> Preferences:
    """A person who made these changes, one after the other."""
    now = Preferences()
    for change in made:
        now = changed(now, change)
    return now


@given(st.lists(changes, max_size=12), changes)
def test_a_change_made_twice_changes_nothing_the_second_time(before: list[Change], change: Change):
    once = after(*before, settled(change, after(*before)))
    assert changed(once, settled(change, after(*before))) == once


@given(st.lists(changes, max_size=12))
def test_whatever_is_changed_the_lists_keep_their_order_and_no_item_twice(made: list[Change]):
    now = after(*made)
    for items in (now.watchlist, now.excluded_symbols, now.excluded_strategies, now.saved_calls):
        assert len(items) == len(set(items))
    assert Preferences.model_validate_json(now.model_dump_json()) == now


@given(changes)
def test_a_change_reads_back_from_json_as_itself(change: Change):
    assert CHANGE.validate_json(CHANGE.dump_json(change)) == change


@given(wishes, wishes, st.lists(changes, max_size=3))
def test_two_changes_of_other_words_are_two_wishes(one: Change, other: Change, before: list[Change]):
    now = after(*before)
    assert same_wish(one, with_call(one), now)
    if same_wish(one, with_call(other), now):
        assert to_say(settled(one, now)) == to_say(settled(other, now))


@given(st.lists(changes, max_size=12))
def test_a_reset_leaves_what_a_new_person_has(made: list[Change]):
    assert changed(after(*made), ResetChange()) == Preferences()


def test_more_and_less_go_one_step_and_stop_at_the_ends():
    more, less = RiskAppetiteChange(value="higher"), RiskAppetiteChange(value="lower")
    assert after(more).risk_appetite is RiskAppetite.AGGRESSIVE
    assert after(more, more).risk_appetite is RiskAppetite.AGGRESSIVE
    assert after(less).risk_appetite is RiskAppetite.CONSERVATIVE
    assert after(less, less, more).risk_appetite is RiskAppetite.MODERATE


def test_no_language_but_english_is_pretended():
    with pytest.raises(BadInput, match="English only"):
        changed(Preferences(), LanguageChange(language="german"))


def test_a_watchlist_has_a_bound():
    full = changed(Preferences(), WatchlistChange(action="add", symbols=tuple(f"S{n}" for n in range(MOST_SYMBOLS))))
    with pytest.raises(BadInput):
        changed(full, WatchlistChange(action="add", symbols=("ONEMORE",)))


@pytest.mark.parametrize(
    "size",
    [{}, {"shares": 0}, {"pct_equity": "101"}, {"notional_usd": "NaN"}, {"shares": 5, "pct_equity": "2"}],
)
def test_a_default_size_is_exactly_one_possible_amount(size: dict[str, object]):
    with pytest.raises(ValidationError):
        DefaultSize.model_validate(size)


def test_horizons_admit_their_bounds_and_nothing_beyond():
    wanted = Horizons(shortest=5, longest=10)
    assert [n for n in range(1, 20) if wanted.admits(n)] == [5, 6, 7, 8, 9, 10]
    with pytest.raises(ValidationError):
        Horizons(shortest=10, longest=5)
