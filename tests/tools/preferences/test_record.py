"""Preferences in the ledger: the projection is the fold of the events, for one process and for two."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.vocabulary import BadInput
from storage.ledger import Ledger, NewEvent
from tests.support.clock import WallClock
from tests.tools.preferences.wishes import changes, changes_and_undos
from tools.execution.journal import UnknownEvent
from tools.preferences.preferences import (
    Change,
    DefaultSizeChange,
    Preferences,
    RiskAppetite,
    RiskAppetiteChange,
    SymbolsChange,
    UndoChange,
    WatchlistChange,
    changed,
    settled,
)
from tools.preferences.record import PreferenceChanged, PreferenceRecord, stream_of

slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(name="ledger")
def _ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def record(ledger: Ledger, person: str = "ann") -> PreferenceRecord:
    """What a process of its own knows of a person."""
    return PreferenceRecord(ledger, person, WallClock())


def make(own: PreferenceRecord, change: Change) -> None:
    """Make a change; nothing to undo is no change."""
    try:
        own.change(change, "test")
    except BadInput:
        assert isinstance(change, UndoChange)


@slow
@given(st.lists(changes_and_undos, max_size=10), st.data())
def test_the_projection_is_the_fold_of_the_changes_that_stand(ledger: Ledger, made: list[Change], data: st.DataObject):
    """ledger:append - whoever reads the stream, at once or bit by bit, comes to the same preferences."""
    person = f"p{ledger.verify().events}-{data.draw(st.integers(0, 9))}"
    own, other = record(ledger, person), record(ledger, person)
    states = [Preferences()]
    for change in made:
        make(data.draw(st.sampled_from([own, other])), change)
        if isinstance(change, UndoChange):
            states = states[:-1] or states
        elif (then := changed(states[-1], settled(change, states[-1]))) != states[-1]:
            states.append(then)
    assert own.current() == other.current() == record(ledger, person).current() == states[-1]
    assert ledger.verify().intact


@slow
@given(st.lists(changes, max_size=6), changes)
def test_an_undo_sets_back_exactly_the_last_change(ledger: Ledger, made: list[Change], last: Change):
    own = record(ledger, f"u{ledger.verify().events}")
    for change in made:
        own.change(change, "test")
    before, then = own.change(last, "test")
    if before != then:
        own.change(UndoChange(), "test")
    assert own.current() == before


def test_two_undos_go_back_two_changes_and_a_third_says_there_is_none(ledger: Ledger):
    own = record(ledger)
    own.change(SymbolsChange(action="exclude", symbols=("NVDA",)), "test")
    own.change(RiskAppetiteChange(value="lower"), "test")
    own.change(UndoChange(), "test")
    assert own.current() == Preferences(excluded_symbols=("NVDA",))
    own.change(UndoChange(), "test")
    assert own.current() == Preferences()
    with pytest.raises(BadInput, match="no change"):
        own.change(UndoChange(), "test")


def test_a_step_is_decided_on_what_another_process_left(ledger: Ledger):
    """Two processes agree: a relative wish is settled where it is written, and the ledger keeps what it came to."""
    own, other = record(ledger), record(ledger)
    own.current()
    other.change(RiskAppetiteChange(value="lower"), "test")
    own.change(RiskAppetiteChange(value="higher"), "test")
    assert own.current().risk_appetite is RiskAppetite.MODERATE
    written = [event.body["change"] for event in ledger.read(stream_of("ann"))]
    assert [change["value"] for change in written] == ["conservative", "moderate"]  # type: ignore[index]


def test_what_changes_nothing_is_not_written(ledger: Ledger):
    own = record(ledger)
    own.change(DefaultSizeChange(size=None), "test")
    own.change(WatchlistChange(action="remove", symbols=("NVDA",)), "test")
    assert ledger.version(stream_of("ann")) == 0


def test_people_share_no_stream_whatever_they_are_called(ledger: Ledger):
    """model:no-hands - one person's preferences are nobody else's."""
    record(ledger, "a/b").change(RiskAppetiteChange(value="lower"), "test")
    assert record(ledger, "a").current() == record(ledger, "a%2Fb").current() == Preferences()


@pytest.mark.parametrize(
    "event",
    [
        NewEvent("preferences.set", PreferenceChanged.SCHEMA + 1, {"change": {}, "channel": "x"}),
        NewEvent("preferences.merged", 1, {}),
        NewEvent("preferences.set", 1, {"change": {"kind": "risk_appetite", "value": "reckless"}, "channel": "x"}),
    ],
)
def test_an_event_that_cannot_be_read_is_refused_and_not_guessed(ledger: Ledger, event: NewEvent):
    """ledger:append - preferences of a newer version are not shown as if they were all of them."""
    own = record(ledger)
    own.change(SymbolsChange(action="exclude", symbols=("NVDA",)), "test")
    ledger.append(stream_of("ann"), [event], wall_at=WallClock()())
    for reader in (own, record(ledger)):
        with pytest.raises(UnknownEvent):
            reader.current()


def test_an_older_schema_is_read_through_its_upcaster(ledger: Ledger):
    old = NewEvent("preferences.set", 0, {"appetite": "conservative", "channel": "test"})
    ledger.append(stream_of("ann"), [old], wall_at=WallClock()())
    upcasters = {
        ("preferences.set", 0): lambda body: {
            "change": {"kind": "risk_appetite", "value": body["appetite"]},
            "channel": body["channel"],
        }
    }
    own = PreferenceRecord(ledger, "ann", WallClock(), upcasters)
    assert own.current().risk_appetite is RiskAppetite.CONSERVATIVE
