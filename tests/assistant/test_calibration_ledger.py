"""In conversation: what is shown is written down, a move scores it and says so, and a crash loses nothing."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from pathlib import Path

import pytest

from assistant.desk import Desk
from assistant.phrasing_shown import phrase_shown
from assistant.settings import load
from storage.ledger import Ledger
from tests.assistant.test_conversation import answer
from tests.support.clock import WallClock
from tests.support.desks import make_desk, propose, take_notices, ticket, yes
from tests.support.shown import advance_and_die, context_of, kinds, row_of, scored_ids
from tools.execution.accounts import AccountParts
from tools.performance.call_ledger import write_down
from tools.performance.shown_calls import shown_record

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.support.desks"])

PAST_EVERY_HORIZON = 25


def show_all(desk: Desk, parts: AccountParts) -> None:
    """Write every symbol's call down on the market clock."""
    now = parts.account.market_now()
    for instrument in desk.feed.instruments():
        write_down(desk.signals.analyze(instrument.symbol, now), now, parts.account, parts.journal)


def test_asked_for_shown_scored_and_told(desk: Desk, parts: AccountParts):
    """number:traced - the calls of a list are scored by the move past their horizon, whose answer counts them."""
    talk = desk.conversation("local", "s1")
    answer(talk, "show me the signals")
    answer(talk, "show me the signals")
    shown = parts.account.blotter.refresh().signals
    assert kinds(desk) == ["signal.shown"] * len(shown)
    assert len(shown) > 1
    moved = answer(talk, f"advance {PAST_EVERY_HORIZON} days")
    table = desk.signals.table(parts.account.market_now())
    rows = [row_of(table, call.symbol, call.session) for call in shown.values()]
    true = int((table.outcome[rows] == 1).sum())
    assert f" {len(shown)} of your shown calls resolved: {true or 'none'} came true." in moved.text
    scored = parts.account.blotter.refresh().scored
    assert [scored[one].outcome for one in shown] == table.outcome[rows].tolist()
    again = answer(talk, "advance 5 days")
    assert "resolved" not in again.text
    assert len(scored_ids(desk)) == len(shown)
    assert desk.ledger.verify().intact


def test_a_move_that_decides_nothing_says_nothing_of_calls(desk: Desk):
    """Silence where no call was shown."""
    assert "resolved" not in desk.advance(desk.account("local").account.name, 5)


def test_a_view_of_an_earlier_day_neither_writes_nor_scores(desk: Desk, parts: AccountParts):
    """time:asof - it can be looked at, and its record knows nothing of later."""
    show_all(desk, parts)
    shown_on = parts.account.session()
    desk.advance("V1", PAST_EVERY_HORIZON)
    parts.coordinator.release(yes(ticket(propose(desk, parts, quantity="1"))))
    before = kinds(desk)
    desk.look_as_of(desk.feed.calendar.offset(shown_on, 1))
    talk = desk.conversation("local", "s2")
    answer(talk, "analyze AAPL")
    assert kinds(desk) == before
    view = context_of(desk, parts, desk.feed.calendar.close_of(shown_on))
    told = shown_record(view)
    assert (told.shown, told.scored) == (len(parts.account.blotter.signals), 0)


def test_a_clock_that_is_set_back_scores_nothing_and_hides_what_came_later(desk: Desk, parts: AccountParts):
    """time:asof - calls shown later are not in the record of the earlier day, and are scored once in all."""
    start = parts.account.session()
    desk.advance("V1", 10)
    show_all(desk, parts)
    shown = len(kinds(desk))
    desk.look_as_of(start)
    desk.conversation("local", "s1")
    assert parts.account.session() == start
    record = shown_record(context_of(desk, parts))
    assert (record.shown, kinds(desk).count("signal.scored")) == (0, 0)
    desk.advance("V1", 10 + PAST_EVERY_HORIZON)
    assert len(scored_ids(desk)) == len(set(scored_ids(desk))) == shown


def test_a_clock_moved_by_asof_scores_and_tells_at_the_next_look(desk: Desk, parts: AccountParts):
    """degrade:say - where no answer can say it, a notice does, once."""
    show_all(desk, parts)
    desk.look_as_of(desk.feed.calendar.offset(parts.account.session(), PAST_EVERY_HORIZON))
    desk.conversation("local", "s1")
    assert [notice for notice in take_notices(desk) if "resolved" in notice]
    desk.settle()
    assert take_notices(desk) == ()


def test_a_reset_scores_nothing_and_starts_the_record_afresh(desk: Desk, parts: AccountParts):
    """What was shown before stays in the ledger; the account's record begins again."""
    show_all(desk, parts)
    shown = len(kinds(desk))
    desk.accounts.reset("V1")
    assert kinds(desk) == ["signal.shown"] * shown
    assert shown_record(context_of(desk, parts)).shown == 0
    desk.advance("V1", PAST_EVERY_HORIZON)
    assert scored_ids(desk) == []


def test_killed_at_any_write_of_a_move_every_call_is_scored_once(home: Path, tmp_path: Path):
    """ledger:append - kill -9 at each write between showing and scoring: the next start scores what is left, once."""
    first = make_desk(home, WallClock())
    show_all(first, first.account("local"))
    shown = sorted(first.account("local").account.blotter.refresh().signals)
    first.close()
    survived, left_open = False, 0
    for reading in range(1, 20):
        copy = tmp_path / f"killed-{reading}"
        shutil.copytree(home, copy)
        process = CONTEXT.Process(target=advance_and_die, args=(str(copy), reading, PAST_EVERY_HORIZON))
        process.start()
        process.join(120)
        assert process.exitcode in (0, -signal.SIGKILL), f"killed at write {reading}: exit {process.exitcode}"
        survived = process.exitcode == 0
        left_open += not _scored_before_a_start(copy)
        desk = make_desk(copy, WallClock())
        try:
            desk.advance("V1", PAST_EVERY_HORIZON)  # where the kill came before the clock itself moved
            assert sorted(scored_ids(desk)) == shown, f"killed at write {reading}"
            assert desk.ledger.verify().intact
        finally:
            desk.close()
        if survived:
            break
    assert survived
    assert left_open > 0


def _scored_before_a_start(home: Path) -> bool:
    with Ledger(load(home).ledger_file) as ledger:
        return any(event.kind == "signal.scored" for event in ledger.read("account:V1"))


def test_a_crash_between_move_and_scoring_is_made_good_at_the_next_start(home: Path):
    """ledger:append - the clock moved and nothing was scored: the next start does it, and the person is told."""
    first = make_desk(home, WallClock())
    show_all(first, first.account("local"))
    first.accounts.move("V1", first.feed.calendar.offset(first.account("local").account.session(), PAST_EVERY_HORIZON))
    assert scored_ids(first) == []
    first.close()
    second = make_desk(home, WallClock())
    try:
        assert sorted(scored_ids(second)) == sorted(second.account("local").account.blotter.refresh().signals)
        assert any("of your shown calls resolved" in notice for notice in take_notices(second))
    finally:
        second.close()


@pytest.mark.parametrize("sessions", [0, 5, PAST_EVERY_HORIZON])
def test_the_record_in_words_says_its_own_figures(desk: Desk, parts: AccountParts, sessions: int):
    """number:traced - counts, rates and every row come from the value."""
    show_all(desk, parts)
    if sessions:
        desk.advance("V1", sessions)
    value = shown_record(context_of(desk, parts))
    text = phrase_shown(value)
    assert f"{value.shown} calls" in text
    assert f"{value.scored} resolved, {value.open} still open" in text
    assert value.hit_rate is None or f"{100 * value.hit_rate:.1f} % came true" in text
    assert all(f"**{row.symbol}**" in text for row in value.rows)
    assert value.note in text


def test_without_a_shown_call_the_words_say_so(desk: Desk, parts: AccountParts):
    """No figure is made of nothing."""
    empty = phrase_shown(shown_record(context_of(desk, parts)))
    assert empty.startswith("No call has been shown on V1 yet, so there is nothing to judge.")
    assert "%" not in empty
