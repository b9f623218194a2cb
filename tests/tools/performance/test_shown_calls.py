"""Shown calls: written before their outcome, scored as the bars tell it, and what the record says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.desk import Desk
from brokers.feeds.replay import ReplayFeed
from brokers.vocabulary import BadInput, CorporateAction, Unavailable
from storage.history import BarColumns
from storage.ledger import NewEvent
from storage.market import MarketStore
from storage.market_import import MarketWriter
from tests.support.clock import WallClock
from tests.support.desks import make_desk
from tests.support.market import HOURS, NOW, row
from tests.support.market import table as bar_table
from tests.support.shown import (
    assert_as_the_table_says,
    context_of,
    kinds,
    row_of,
    scored_ids,
    session_of,
    show,
    written,
)
from tools.execution.accounts import AccountParts
from tools.execution.journal import Journal, SignalShown
from tools.performance.call_ledger import score, score_open, write_down
from tools.performance.measures import calibration_error
from tools.performance.shown_calls import LEAST_FOR_CALIBRATION, ShownScores, shown_record, shown_scores
from tools.signals.calls import Direction
from tools.signals.engine import SignalEngine
from tools.signals.signal import Signal
from tools.signals.table import CallTable


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose market and signals the tests only read."""
    made = make_desk(tmp_path_factory.mktemp("market"), WallClock())
    yield made
    made.close()


@pytest.fixture(scope="module")
def table(market: Desk) -> CallTable:
    """Every call of the sample market, with what became of it."""
    return market.signals.table(end(market))


def end(desk: Desk) -> datetime:
    """The last close of the data."""
    return desk.feed.calendar.close_of(desk.feed.calendar.last())


def day_of(session: date) -> int:
    """A date in days since 1970, as a table has it."""
    return int(np.datetime64(session, "D").astype(np.int64))


def signal_now(desk: Desk, parts: AccountParts, symbol: str = "AAPL") -> Signal:
    """The signal of a symbol on the account's market clock."""
    return desk.signals.analyze(symbol, parts.account.market_now())


def scores(desk: Desk, parts: AccountParts, asof: datetime | None = None) -> ShownScores:
    """The record of the account on its market clock, or as of another instant."""
    asof = asof or parts.account.market_now()
    return shown_scores(parts.account.blotter.refresh(), desk.feed, desk.feed.calendar, asof)


def test_a_shown_call_is_written_once_with_all_that_it_said(desk: Desk, parts: AccountParts):
    """ledger:append - under the id of the fused call, on the market clock that it was made at, with its terms."""
    signal, now = signal_now(desk, parts), parts.account.market_now()
    for _ in range(2):
        write_down(signal, now, parts.account, parts.journal)
    (event,) = [event for event in desk.ledger.read("account:V1") if event.kind == SignalShown.KIND]
    fact = parts.account.blotter.refresh().signals[signal.call_id]
    call = signal.leading
    assert call is not None
    assert (event.schema_version, event.market_at, fact.made_at) == (2, now, now)
    assert (fact.symbol, fact.session, fact.strategy) == ("AAPL", signal.session, call.strategy)
    assert (fact.direction, fact.horizon, fact.entry) == (signal.direction, call.horizon_sessions, call.entry)
    assert (fact.target, fact.stop) == (call.targets[0], call.stop)
    assert (fact.probability, fact.base_rate) == (signal.probability, signal.base_rate)
    assert fact.confidence_breakdown == signal.confidence_breakdown.model_dump()
    assert (fact.version, fact.source, fact.freshness) == (signal.version, signal.source, "sample")


def test_a_signal_without_a_direction_is_no_call(desk: Desk, parts: AccountParts, market: Desk, table: CallTable):
    """There is nothing to come true."""
    called = set(zip(table.symbol.tolist(), table.day.tolist(), strict=True))
    aapl = table.symbols.index("AAPL")
    quiet = next(
        session_of(day)
        for day in np.unique(table.day)[::-1].tolist()
        if (aapl, day) not in called and day < day_of(date(2023, 6, 1))
    )
    desk.accounts.move("V1", quiet)
    signal = market.signals.analyze("AAPL", parts.account.market_now())
    assert (signal.direction, signal.session) == (Direction.NONE, quiet)
    write_down(signal, parts.account.market_now(), parts.account, parts.journal)
    assert kinds(desk) == []


def test_a_call_is_not_written_once_the_clock_has_moved_past_it(desk: Desk, parts: AccountParts):
    """time:asof - what is written after its outcome may be known is refused, so that it is not shown either."""
    signal, then = signal_now(desk, parts), parts.account.market_now()
    desk.advance("V1", 1)
    with pytest.raises(Unavailable, match="clock moved"):
        write_down(signal, then, parts.account, parts.journal)
    assert kinds(desk) == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_call_is_scored_as_the_table_of_calls_scores_it(market: Desk, table: CallTable, data: st.DataObject):
    """Any call of ten years, to the last bit: outcome, reason, session and result are the table's own."""
    row = data.draw(st.integers(0, len(table) - 1))
    calendar = market.feed.calendar
    assert_as_the_table_says(score(written(table, row, calendar), market.feed, calendar, end(market)), table, row)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_outcome_is_known_from_its_close_on_and_never_before(market: Desk, table: CallTable, data: st.DataObject):
    """time:asof - the same score to the last bit whether or not later bars are known, and none a moment earlier."""
    row = data.draw(st.sampled_from(np.flatnonzero(table.resolved & (table.day > day_of(date(2022, 1, 3)))).tolist()))
    calendar = market.feed.calendar
    call = written(table, row, calendar)
    last = score(call, market.feed, calendar, end(market))
    assert last is not None
    assert last.known_at == calendar.close_of(last.resolved) > call.made_at
    assert score(call, market.feed, calendar, last.known_at) == last
    assert score(call, market.feed, calendar, last.known_at - timedelta(seconds=1)) is None


def test_a_call_over_a_split_is_scored_in_the_prices_of_its_day(market: Desk, tmp_path: Path):
    """A split divides the levels that were written down with the prices; the outcome is that of the whole history."""
    bars = market.feed.columns("AAPL", end(market)).head(500)
    sessions, split = bars.sessions.tolist(), bars.sessions.tolist()[400]
    as_traded = [
        row(day, close * (4 if day < split else 1), volume=volume)
        for day, close, volume in zip(sessions, bars.close.tolist(), bars.volume.tolist(), strict=True)
    ]
    writer = MarketWriter(tmp_path / "market.duckdb", HOURS)
    writer.import_actions([CorporateAction(symbol="ABC", session=split, ratio=Decimal(4))], source="events.csv")
    writer.import_bars(bar_table(as_traded), source="bars.csv", now=NOW)
    feed = ReplayFeed(MarketStore(writer.path))
    engine, asof = SignalEngine(feed), feed.calendar.close_of(sessions[-1])
    table = engine.table(asof)
    seen: set[int] = set()
    for session in sessions[370:400]:
        signal = engine.analyze("ABC", feed.calendar.close_of(session))
        if signal.leading is None:
            continue
        place = row_of(table, "ABC", session)
        assert signal.leading.entry == pytest.approx(4 * table.entry[place])
        call = written(table, place, feed.calendar).model_copy(
            update={"target": signal.leading.targets[0], "stop": signal.leading.stop}
        )
        scored = score(call, feed, feed.calendar, asof)
        assert scored is not None
        assert (scored.outcome, scored.resolved) == (table.outcome[place], session_of(int(table.resolved_day[place])))
        result = table.result[place]
        assert scored.result_r == (pytest.approx(result, abs=1e-3) if np.isfinite(result) else None)
        if scored.resolved >= split:
            seen.add(scored.outcome)
    assert seen == {0, 1}


def test_scores_are_written_once_in_order_and_the_ledger_holds(desk: Desk, parts: AccountParts, table: CallTable):
    """ledger:append - advancing twice over the same calls scores each once, by the session it was known."""
    rows = np.flatnonzero((table.day >= day_of(date(2023, 5, 1))) & (table.day <= day_of(date(2023, 6, 26)))).tolist()
    show(parts, [written(table, row, desk.feed.calendar) for row in rows])
    first = score_open(parts.account, parts.journal, desk.feed)
    assert first
    assert score_open(parts.account, parts.journal, desk.feed) == ()
    desk.advance("V1", 20)
    assert score_open(parts.account, parts.journal, desk.feed) == ()
    scored = parts.account.blotter.refresh().scored
    ids = scored_ids(desk)
    assert len(ids) == len(set(ids)) > len(first)
    order = [(scored[one].known_at, parts.account.blotter.signals[one].made_at) for one in ids]
    assert order[: len(first)] == sorted(order[: len(first)])
    assert order[len(first) :] == sorted(order[len(first) :])
    for place in rows:
        assert_as_the_table_says(scored.get(written(table, place, desk.feed.calendar).call_id), table, place)
    assert desk.ledger.verify().intact


def test_two_processes_score_a_call_once(desk: Desk, parts: AccountParts, table: CallTable):
    """One writes between the other's decision and its write: the other decides anew and finds nothing left."""
    wall, first_scored = WallClock(), list[int]()
    other = make_desk(desk.settings.home, wall)
    late = other.accounts.parts("V1")
    rows = np.flatnonzero(table.day == day_of(date(2023, 5, 2))).tolist()
    show(parts, [written(table, row, desk.feed.calendar) for row in rows])

    def clock() -> datetime:
        """Read when the late one has decided and is about to write."""
        if not first_scored:
            first_scored.append(len(score_open(parts.account, parts.journal, desk.feed)))
        return wall()

    try:
        assert score_open(late.account, Journal(other.ledger, "V1", clock), other.feed) == ()
    finally:
        other.close()
    assert first_scored == [len(rows)]
    assert len(scored_ids(desk)) == len(rows)
    assert desk.ledger.verify().intact


OLD = {
    "call_id": "4WY5RKS3DD", "symbol": "AAPL", "strategy": "trend", "direction": "long", "probability": 0.51,
    "base_rate": 0.48, "entry": 187.2, "target": 195.03, "stop": 181.09, "horizon": 20,
    "asof": "2023-06-27T20:00:00Z",
}  # fmt: skip


def test_a_call_written_under_the_old_schema_is_read_and_scored(desk: Desk, parts: AccountParts):
    """ledger:append - the session is that of its close; what it did not keep is empty, and it gets its score."""
    at = datetime(2023, 6, 27, 20, tzinfo=UTC)
    desk.ledger.append("account:V1", [NewEvent("signal.shown", 1, OLD)], wall_at=at, market_at=at)
    fact = parts.account.blotter.refresh().signals["4WY5RKS3DD"]
    assert (fact.session, fact.made_at, fact.direction) == (date(2023, 6, 27), at, Direction.LONG)
    assert (fact.confidence_breakdown, fact.version) == (None, "")
    desk.advance("V1", 25)
    assert scored_ids(desk) == ["4WY5RKS3DD"]
    assert desk.ledger.verify().intact


def test_the_record_is_made_of_the_scores_known_at_its_instant(desk: Desk, parts: AccountParts, table: CallTable):
    """time:asof - figures are those of the table's rows; as of an earlier close they hold no later call or outcome."""
    rows = np.flatnonzero((table.day >= day_of(date(2023, 1, 3))) & (table.day <= day_of(date(2023, 6, 21))))
    show(parts, [written(table, row, desk.feed.calendar) for row in rows.tolist()])
    score_open(parts.account, parts.journal, desk.feed)
    for session in (date(2023, 3, 1), date(2023, 4, 14), parts.account.session()):
        day = day_of(session)
        told = scores(desk, parts, desk.feed.calendar.close_of(session))
        made = rows[table.day[rows] <= day]
        done = made[table.resolved_day[made] <= day]
        p, base, y = table.probability[done], table.base_rate[done], table.outcome[done].astype(float)
        assert (told.shown, told.scored, told.open) == (len(made), len(done), len(made) - len(done))
        assert told.hit_rate == pytest.approx(y.mean())
        assert told.said == pytest.approx(p.mean())
        assert told.base_rate == pytest.approx(base.mean())
        assert told.brier == pytest.approx(((p - y) ** 2).mean())
        assert told.brier_saved == pytest.approx(((base - y) ** 2).mean() - ((p - y) ** 2).mean())
        assert sum(one.scored for one in told.by_strategy) == told.scored
        assert all(row.made_at <= told.as_of for row in told.rows)
        assert all(row.resolved is None or row.resolved <= session for row in told.rows)
        if len(done) >= LEAST_FOR_CALIBRATION:
            in_rows = {row.call_id: (row.probability, row.outcome) for row in told.rows if row.outcome is not None}
            assert told.calibration_note == ""
            if len(in_rows) == len(done):
                said, came = np.array(list(in_rows.values()), dtype=float).T
                assert told.calibration_error == pytest.approx(calibration_error(said, came))
        else:
            assert told.calibration_error is None
            assert f"there are {len(done)}" in told.calibration_note


def test_without_a_call_or_a_score_nothing_is_claimed(desk: Desk, parts: AccountParts):
    """No figure is made of nothing."""
    empty = scores(desk, parts)
    assert (empty.shown, empty.hit_rate, empty.brier, empty.note) == (0, None, None, "No call has been shown yet.")
    write_down(signal_now(desk, parts), parts.account.market_now(), parts.account, parts.journal)
    waiting = scores(desk, parts)
    assert (waiting.shown, waiting.open, waiting.said) == (1, 1, None)
    assert waiting.rows[0].standing == f"0 of {waiting.rows[0].horizon_sessions} sessions have passed."


@dataclass(frozen=True)
class Ended:
    """The desk's bars, in which one symbol stops trading."""

    desk: Desk
    symbol: str
    bars: int

    def columns(self, symbol: str, asof: datetime) -> BarColumns:
        """Bars known at `asof`."""
        found = self.desk.feed.columns(symbol, asof)
        return found.head(min(self.bars, len(found.close))) if symbol == self.symbol else found

    def symbols(self, asof: datetime) -> list[str]:
        """Every symbol."""
        return list(self.desk.feed.symbols(asof))


def test_a_call_on_a_symbol_without_more_bars_stays_open_and_says_so(desk: Desk, parts: AccountParts):
    """degrade:say - nothing is scored that no bar decides."""
    write_down(signal_now(desk, parts), parts.account.market_now(), parts.account, parts.journal)
    bars = Ended(desk, "AAPL", len(desk.feed.columns("AAPL", parts.account.market_now()).close))
    desk.accounts.move("V1", desk.feed.calendar.offset(parts.account.session(), 30))
    assert score_open(parts.account, parts.journal, bars) == ()
    told = shown_scores(parts.account.blotter.refresh(), bars, desk.feed.calendar, parts.account.market_now())
    assert [row.standing for row in told.rows] == ["Stays open: AAPL has no bar after 2023-06-27."]


def test_a_call_on_a_symbol_that_is_gone_stays_open_and_says_so(desk: Desk, parts: AccountParts):
    """degrade:say - the reason is the source's own; the others are scored."""
    fact = SignalShown.model_validate(
        {**{name: value for name, value in OLD.items() if name != "asof"}, "symbol": "GONE", "call_id": "GONE000000",
         "session": "2023-06-27", "made_at": "2023-06-27T20:00:00Z", "confidence_breakdown": None, "version": "",
         "source": "", "freshness": ""}
    )  # fmt: skip
    show(parts, [fact])
    write_down(signal_now(desk, parts), parts.account.market_now(), parts.account, parts.journal)
    desk.advance("V1", 25)
    told = {row.symbol: row for row in scores(desk, parts).rows}
    assert told["GONE"].standing.startswith("Stays open: ")
    assert told["AAPL"].outcome is not None


def test_the_record_lists_as_many_calls_as_asked_for(desk: Desk, parts: AccountParts):
    """A number of rows that cannot be is refused."""
    context = context_of(desk, parts)
    for symbol in ("AAPL", "NVDA", "META"):
        context.shown(desk.signals.analyze(symbol, context.asof))
    told = shown_record(context, 2)
    assert (told.shown, len(told.rows)) == (3, 2)
    with pytest.raises(BadInput):
        shown_record(context, 0)
