"""What the market store refuses to use, and why."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.quarantine import MAX_MISSING, MAX_MOVE, Reason, StoredBar, Verdicts, judge
from tests.support.market import HOURS, NOW, Row, row, sessions_from, steady, table

DAYS = sessions_from(date(2022, 1, 3), 60)
NAN = math.nan


def verdicts(rows: list[Row], **known: dict[str, dict[date, StoredBar]]) -> Verdicts:
    return judge(table(rows), HOURS, NOW, known.get("stored", {}), known.get("splits", {}))


def reasons(rows: list[Row]) -> dict[int, Reason]:
    found = verdicts(rows).reasons
    return {index: reason for index, reason in enumerate(found) if reason is not None}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (("ABC", DAYS[5], NAN, 101, 99, 100, 10), Reason.NOT_A_NUMBER),
        (("ABC", DAYS[5], 100, math.inf, 99, 100, 10), Reason.NOT_A_NUMBER),
        (("ABC", DAYS[5], 100, 101, 99, 100, NAN), Reason.NOT_A_NUMBER),
        (("ABC", DAYS[5], 1e300, 1e308, 1e300, 1e300, 10), Reason.NOT_A_NUMBER),
        (("ABC", DAYS[5], 100, 101, 99, 100, 1e30), Reason.NOT_A_NUMBER),
        (("ABC", DAYS[5], 100, 101, 0, 100, 10), Reason.NOT_POSITIVE),
        (("ABC", DAYS[5], 100, 101, -99, 100, 10), Reason.NOT_POSITIVE),
        (("ABC", DAYS[5], 100, 101, 99, 100, -1), Reason.NOT_POSITIVE),
        (("ABC", DAYS[5], 100, 99, 101, 100, 10), Reason.HIGH_BELOW_LOW),
        (("ABC", DAYS[5], 102, 101, 99, 100, 10), Reason.OUTSIDE_RANGE),
        (("ABC", DAYS[5], 100, 101, 99, 98, 10), Reason.OUTSIDE_RANGE),
        (("ABC", DAYS[5], 100, 1000, 99, 100, 10), Reason.JUMP),
        (("ABC", DAYS[5], 1000, 1010, 990, 1000, 10), Reason.JUMP),
        (("ABC", date(2022, 1, 8), 100, 101, 99, 100, 10), Reason.NO_SESSION),
        (("ABC", date(2022, 1, 17), 100, 101, 99, 100, 0), Reason.NO_SESSION),
        (("ABC", date(1812, 1, 17), 100, 101, 99, 100, 10), Reason.NO_SESSION),
        (("ABC", date(9999, 1, 4), 100, 101, 99, 100, 10), Reason.NOT_CLOSED),
        (("ABC", DAYS[4], 100, 101, 99, 100, 10), Reason.DUPLICATE),
        (("ABC", DAYS[2], 100, 101, 99, 100, 10), Reason.DUPLICATE),
        (("ABC", None, 100, 101, 99, 100, 10), Reason.UNREADABLE),
        (("", DAYS[5], 100, 101, 99, 100, 10), Reason.UNREADABLE),
        (("<script>", DAYS[5], 100, 101, 99, 100, 10), Reason.UNREADABLE),
    ],
)
def test_a_bad_row_is_kept_apart_with_its_reason_and_takes_no_other_row_with_it(bad: Row, reason: Reason) -> None:
    """The rows around a bad one are good history and stay."""
    rows = [row(day, 100) for day in DAYS[:10]]
    rows[5] = bad
    assert reasons(rows) == {5: reason}


def test_a_row_out_of_order_is_the_only_one_to_go() -> None:
    """A misplaced row must not push out the many that follow it: the longest rising run stays."""
    rows = [row(day, 100) for day in DAYS[:10]]
    rows.insert(2, rows.pop(8))
    assert reasons(rows) == {2: Reason.OUT_OF_ORDER}


def test_a_file_from_the_newest_to_the_oldest_is_read_backwards() -> None:
    """Many vendors export that way; it is an order, not disorder."""
    assert reasons([row(day, 100) for day in reversed(DAYS[:10])]) == {}


def test_a_session_that_has_not_closed_yet_is_not_taken() -> None:
    """A bar of a running session is a partial one and would be wrong once the session closes."""
    rows = [row(DAYS[0], 100), row(DAYS[1], 100)]
    before_close = datetime(DAYS[1].year, DAYS[1].month, DAYS[1].day, 15, tzinfo=UTC)
    assert judge(table(rows), HOURS, before_close, {}, {}).reasons == [None, Reason.NOT_CLOSED]


def test_a_hole_in_the_history_keeps_the_longer_side() -> None:
    """Moves over a hole are no daily moves, so both sides cannot be used as one history."""
    rows = [row(day, 100) for day in DAYS[:5] + DAYS[5 + MAX_MISSING + 1 : 40]]
    assert reasons(rows) == dict.fromkeys(range(5), Reason.GAP)


def test_a_hole_as_long_as_allowed_is_no_hole() -> None:
    """The limit itself is within."""
    assert reasons([row(day, 100) for day in DAYS[:5] + DAYS[5 + MAX_MISSING : 40]]) == {}


def test_the_closure_of_an_exchange_is_no_hole() -> None:
    """New York was closed for four weekdays in September 2001: no session, nothing missing."""
    assert reasons([row(day, 100) for day in sessions_from(date(2001, 9, 4), 10)]) == {}


def test_an_unexplained_split_keeps_the_longer_side() -> None:
    """A fall by four on a split day is no loss; without the split on record neither side can be told to be right."""
    rows = [row(day, 400) for day in DAYS[:30]] + [row(day, 100) for day in DAYS[30:40]]
    assert reasons(rows) == dict.fromkeys(range(30, 40), Reason.JUMP)


@pytest.mark.parametrize("before", [400, 100], ids=["as traded", "already adjusted"])
def test_a_split_on_record_explains_its_jump_and_its_absence(before: float) -> None:
    """Vendors give both kinds of bars."""
    rows = [row(day, before) for day in DAYS[:30]] + [row(day, 100) for day in DAYS[30:40]]
    found = judge(table(rows), HOURS, NOW, {}, {"ABC": {DAYS[30]: 4.0}})
    assert not any(found.reasons)


def test_symbols_are_judged_apart() -> None:
    """Two symbols interleaved at different prices are two histories without a jump."""
    rows = [row(day, close, symbol) for day in DAYS[:10] for symbol, close in (("ABC", 100.0), ("XYZ", 9.0))]
    assert reasons(rows) == {}


def test_bars_already_stored_decide_which_side_of_a_break_is_kept() -> None:
    """An import must not turn what is in use into the odd one out, however long it is."""
    stored = {"ABC": {day: StoredBar(100, 101, 99, 100, 1000) for day in DAYS[:3]}}
    rows = [row(day, 500) for day in DAYS[3:40]]
    assert set(verdicts(rows, stored=stored).reasons) == {Reason.JUMP}


def test_earlier_history_may_be_added_later() -> None:
    """Bars before those stored join them when they fit."""
    stored = {"ABC": {day: StoredBar(100, 101, 99, 100, 1000) for day in DAYS[20:30]}}
    assert not any(verdicts([row(day, 100) for day in DAYS[:20]], stored=stored).reasons)


def test_a_stored_bar_is_not_overwritten() -> None:
    """The same figures again change nothing; other figures for the same day are a conflict."""
    stored = {"ABC": {DAYS[0]: StoredBar(100, 101, 99, 100, 1000), DAYS[1]: StoredBar(100, 101, 99, 100, 1000)}}
    found = verdicts([row(DAYS[0], 100), row(DAYS[1], 100.5)], stored=stored)
    assert found.unchanged == {0}
    assert found.reasons == [None, Reason.CONFLICT]


def test_a_weekday_the_calendar_does_not_list_counts_when_it_shows_volume() -> None:
    """The calendar can be wrong about a day on which people traded; it is counted, so that it can be said."""
    found = verdicts([row(date(2022, 1, 14), 100), row(date(2022, 1, 17), 100), row(date(2022, 1, 18), 100)])
    assert (found.reasons, found.unlisted) == ([None, None, None], 1)


_PRICE = st.one_of(st.floats(0.5, 400), st.sampled_from([NAN, math.inf, -1.0, 0.0, 1e308]))
_MESSY = st.tuples(
    st.sampled_from(["ABC", "XYZ", "a b"]),
    st.one_of(st.sampled_from(DAYS), st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.none()),
    _PRICE,
    _PRICE,
    _PRICE,
    _PRICE,
    _PRICE,
)
_PLAIN = st.builds(row, st.sampled_from(DAYS), st.floats(50, 200))


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.one_of(_PLAIN, _MESSY), max_size=40))
def test_whatever_comes_in_only_unbroken_rising_histories_come_out(rows: list[Row]) -> None:
    """Every row has a verdict, and what may be used is what signals rely on."""
    found = verdicts(rows).reasons
    assert len(found) == len(rows)
    for symbol in ("ABC", "XYZ", "a b"):
        kept = [one for one, reason in zip(rows, found, strict=True) if reason is None and one[0] == symbol]
        history = sorted(kept, key=lambda one: one[1] or date.min)
        assert kept in (history, history[::-1])
        for _, day, open_, high, low, close, volume in kept:
            assert day is not None
            assert day.weekday() < 5
            assert 0 < low <= min(open_, close) <= max(open_, close) <= high < math.inf
            assert 0 <= volume < math.inf
        for earlier, later in pairwise(history):
            assert earlier[1] != later[1]
            assert 1 / MAX_MOVE - 1e-9 <= later[5] / earlier[5] <= MAX_MOVE + 1e-9


@settings(max_examples=50, deadline=None)
@given(place=st.integers(1, 38), factor=st.sampled_from([0.01, 0.1, 0.25, 2.5, 10, 100]))
def test_a_spike_anywhere_inside_loses_only_itself(place: int, factor: float) -> None:
    """A slipped decimal point must not cost the history on either side of it."""
    rows = steady(DAYS[0], 40)
    symbol, day, open_, high, low, close, volume = rows[place]
    rows[place] = (symbol, day, open_ * factor, high * factor, low * factor, close * factor, volume)
    assert reasons(rows) == {place: Reason.JUMP}
