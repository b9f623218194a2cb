"""The market store: nothing later than `asof` is visible, and several processes can use one file."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.feeds.sample.read import read_sample
from brokers.vocabulary import BadInput, CorporateAction, Freshness, Instrument, StorageError, Unavailable
from storage.market import MarketStore
from storage.market_file import rewritten
from storage.market_import import MarketWriter
from tests.support.market import END, HOURS, NOW, row, sample_store, sessions_from, steady, table

DAYS = sessions_from(date(2022, 1, 3), 60)
SPLIT, DIVIDEND = DAYS[20], DAYS[30]
_ANY_INSTANT = st.datetimes(datetime(2012, 12, 1), datetime(2024, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> MarketStore:
    return sample_store(tmp_path_factory.mktemp("home"))


def writer(folder: Path) -> MarketWriter:
    return MarketWriter(folder / "market.duckdb", HOURS)


def unadjusted(count: int) -> list[tuple[str, date, float, float, float, float, float]]:
    """Bars as traded, with a split of 4:1 in them."""
    return [row(day, 400.0 if day < SPLIT else 100.0 + step) for step, day in enumerate(DAYS[:count])]


def store_of_first(count: int, folder: Path) -> MarketStore:
    folder.mkdir()
    actions = [
        CorporateAction(symbol="ABC", session=SPLIT, ratio=Decimal(4)),
        CorporateAction(symbol="ABC", session=DIVIDEND, amount=Decimal("1.5")),
    ]
    writer(folder).import_actions(actions, source="events.csv")
    writer(folder).import_bars(table(unadjusted(count)), source="bars.csv", now=NOW)
    return MarketStore(folder / "market.duckdb")


@settings(max_examples=100, deadline=None)
@given(asof=_ANY_INSTANT)
def test_no_read_shows_anything_later_than_asof(sample: MarketStore, asof: datetime) -> None:
    """time:asof - a bar is known when its session closes, and not a moment earlier."""
    sessions, closes = sample.sessions(asof)
    assert all(close <= asof for close in closes)
    for symbol in ("AAPL", "NVDA"):
        bars, columns = sample.bars(symbol, asof), sample.columns(symbol, asof)
        assert [bar.session for bar in bars] == list(sessions) == columns.sessions.tolist()
        assert [float(bar.close) for bar in bars] == columns.close.tolist()
        assert (symbol in sample.symbols(asof)) == bool(bars)
        if bars:
            assert columns.adjusted_close[-1] == pytest.approx(columns.close[-1])
            assert sample.raw_bar(symbol, bars[-1].session, asof) == bars[-1]
            assert sample.raw_bar(symbol, bars[-1].session, closes[-1] - timedelta(microseconds=1)) is None
        for action in sample.actions(symbol, asof):
            assert HOURS.usual_close(action.session - timedelta(days=5)) < asof


@pytest.mark.parametrize("count", [5, 20, 21, 30, 31, 45])
def test_reads_at_an_instant_are_what_they_would_be_if_the_future_never_came(count: int, tmp_path: Path) -> None:
    """time:asof - also through splits and dividends: a later one must not rescale what was read before it."""
    whole, part = store_of_first(60, tmp_path / "whole"), store_of_first(count, tmp_path / "part")
    asof = HOURS.usual_close(DAYS[count - 1])
    now, then = whole.columns("ABC", asof), part.columns("ABC", asof)
    for name in ("open", "high", "low", "close", "volume"):
        assert np.array_equal(now.array(name), then.array(name))
    assert np.allclose(now.adjusted_close, then.adjusted_close, rtol=1e-12)
    prices = ("open", "high", "low", "close", "volume")
    assert [bar.model_dump(include=set(prices)) for bar in whole.bars("ABC", asof)] == [
        bar.model_dump(include=set(prices)) for bar in part.bars("ABC", asof)
    ]


def test_a_split_that_the_bars_show_is_applied_from_its_own_session_on(tmp_path: Path) -> None:
    """Before the split the quoted scale is the old one; from its session on, history is divided by four."""
    store = store_of_first(60, tmp_path / "home")
    before, after = HOURS.usual_close(DAYS[19]), HOURS.usual_close(SPLIT)
    assert store.columns("ABC", before).close.tolist() == [400.0] * 20
    assert store.columns("ABC", after).close.tolist() == [100.0] * 20 + [120.0]
    assert store.columns("ABC", after).volume[0] == 4000
    raw = store.raw_bar("ABC", DAYS[0], after)
    assert raw is not None
    assert raw.close == 400


def test_a_split_that_the_bars_were_adjusted_for_is_no_action(tmp_path: Path) -> None:
    """Else positions bought at adjusted prices would be multiplied by four for nothing."""
    mine = writer(tmp_path)
    mine.import_actions([CorporateAction(symbol="ABC", session=SPLIT, ratio=Decimal(4))], source="events.csv")
    mine.import_bars(table(steady(DAYS[0], 60)), source="bars.csv", now=NOW)
    store = MarketStore(mine.path)
    assert list(store.actions("ABC", NOW)) == []
    assert store.columns("ABC", NOW).close[0] == 100


def test_dividends_on_record_stand_in_for_missing_adjusted_closes(tmp_path: Path) -> None:
    """Total returns need them; the factor is 1 - dividend / close before it."""
    store = store_of_first(60, tmp_path / "home")
    columns = store.columns("ABC", NOW)
    expected = columns.close[29] * (1 - 1.5 / 129.0)
    assert columns.adjusted_close[29] == pytest.approx(expected)
    assert columns.adjusted_close[30] == columns.close[30]


def test_columns_of_the_cache_cannot_be_changed(sample: MarketStore) -> None:
    """They are shared by every reader in the process."""
    columns = sample.columns("AAPL", END)
    for array in (columns.close, columns.adjusted_close, columns.sessions):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_the_last_bars_only(sample: MarketStore) -> None:
    """A count takes from the end."""
    assert list(sample.bars("AAPL", END, 3)) == list(sample.bars("AAPL", END))[-3:]
    assert list(sample.bars("AAPL", END, 0)) == []


def test_an_instant_without_a_zone_is_refused(sample: MarketStore) -> None:
    """Nobody can say what is known at a naive instant."""
    with pytest.raises(BadInput, match="time zone"):
        sample.bars("AAPL", datetime(2023, 1, 1))  # noqa: DTZ001


def test_seeding_again_changes_nothing(tmp_path: Path) -> None:
    """Every start asks for it, so it must be free when the sample is there."""
    store = sample_store(tmp_path)
    before = store.path.stat().st_mtime_ns
    assert sample_store(tmp_path).symbols(END) == ["AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA"]
    assert store.path.stat().st_mtime_ns == before


def test_the_first_import_hides_the_sample_market(tmp_path: Path) -> None:
    """From then on "today" is the last imported bar."""
    store = sample_store(tmp_path)
    report = writer(tmp_path).import_bars(table(steady(DAYS[0], 10)), source="mine.csv", now=NOW)
    assert report.sample_hidden
    assert store.symbols(END) == ["ABC"]
    assert store.sessions(END)[0] == tuple(DAYS[:10])
    assert MarketStore(store.path, show_sample=True).symbols(END)[:2] == ["AAPL", "ABC"]


def test_an_import_may_keep_the_sample_market(tmp_path: Path) -> None:
    """Then an imported symbol stands alone: two adjustments of one history are never mixed."""
    store = sample_store(tmp_path)
    rows = table(steady(DAYS[0], 10, symbol="AAPL"))
    report = writer(tmp_path).import_bars(rows, source="mine.csv", now=NOW, keep_sample=True)
    assert not report.sample_hidden
    assert len(store.bars("AAPL", END)) == 10
    assert store.provenance("AAPL") == ("mine.csv", Freshness.END_OF_DAY)
    assert store.provenance("NVDA") == ("sample market", Freshness.SAMPLE)
    assert list(store.actions("AAPL", END)) == []
    apple = store.instrument("AAPL", END)
    assert apple is not None
    assert "Apple" in apple.aliases


def test_every_row_of_an_import_is_accounted_for(tmp_path: Path) -> None:
    """Accepted and quarantined add up, the same file again changes nothing, and the reasons can be read back."""
    rows = [*steady(DAYS[0], 20), row(DAYS[20], -5), row(DAYS[3], 100), row(None, 100)]
    mine = writer(tmp_path)
    for unchanged in (0, 20):
        report = mine.import_bars(table(rows), source="mine.csv", now=NOW)
        assert (report.rows, report.accepted, report.quarantined, report.unchanged) == (23, 20, 3, unchanged)
        assert sum(report.reasons.values()) == report.quarantined == len(report.examples)
    store = MarketStore(mine.path)
    assert len(store.bars("ABC", NOW)) == 20
    assert [line for _, line, *_ in store.quarantined()] == [21, 22, 23]


def test_stored_bars_are_corrected_only_on_purpose(tmp_path: Path) -> None:
    """Other figures for a stored day are a conflict, unless the import says it replaces."""
    mine = writer(tmp_path)
    mine.import_bars(table(steady(DAYS[0], 20)), source="mine.csv", now=NOW)
    corrected = table(steady(DAYS[0], 20, close=101))
    with pytest.raises(BadInput, match="differs"):
        mine.import_bars(corrected, source="mine.csv", now=NOW)
    assert mine.import_bars(corrected, source="mine.csv", now=NOW, replace=True).accepted == 20
    assert MarketStore(mine.path).columns("ABC", NOW).close[0] == 101


def test_an_import_of_nothing_usable_changes_nothing(tmp_path: Path) -> None:
    """In particular it does not hide the sample market behind an empty one."""
    store = sample_store(tmp_path)
    with pytest.raises(BadInput, match="Nothing of bad"):
        writer(tmp_path).import_bars(table([row(DAYS[0], -1)]), source="bad.csv", now=NOW)
    assert not store.hides_sample()
    assert len(store.symbols(END)) == 6


def test_instruments_can_be_described(tmp_path: Path) -> None:
    """An import's description wins over the sample's; a symbol nobody described is a plain stock."""
    store = sample_store(tmp_path)
    writer(tmp_path).import_instruments([Instrument(symbol="AAPL", name="My Apple")], source="names.csv")
    described = store.instrument("AAPL", END)
    assert described is not None
    assert described.name == "My Apple"
    assert store.instrument("AAPL", datetime(2013, 1, 2, 20, tzinfo=UTC)) is None
    assert store.instrument("NONE", END) is None


def test_another_process_can_import_while_this_one_reads(tmp_path: Path) -> None:
    """The web chat and a terminal share one home: a reader sees the import whole, without being told."""
    store = sample_store(tmp_path)
    assert len(store.bars("AAPL", END)) == 2699
    script = (
        "import sys; from pathlib import Path; from tests.support.market import *\n"
        "rows = table(steady(date(2022, 1, 3), 10))\n"
        "MarketWriter(Path(sys.argv[1]), HOURS).import_bars(rows, source='other', now=NOW, keep_sample=True)"
    )
    subprocess.run([sys.executable, "-c", script, str(store.path)], check=True, timeout=60)
    assert len(store.bars("ABC", END)) == 10
    assert len(store.bars("AAPL", END)) == 2699


def test_imports_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    """One writer waits for the other instead of overwriting it, while readers go on reading."""
    mine = writer(tmp_path)
    symbols = [f"S{number}" for number in range(6)]
    mine.import_bars(table(steady(DAYS[0], 5)), source="first", now=NOW)
    store = MarketStore(mine.path)

    def work(symbol: str) -> int:
        MarketWriter(mine.path, HOURS).import_bars(table(steady(DAYS[0], 5, symbol=symbol)), source=symbol, now=NOW)
        return len(store.bars(symbol, NOW)) + len(store.bars("ABC", NOW))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, symbols)) == [10] * 6
    assert store.symbols(NOW) == ["ABC", *symbols]


def test_a_write_that_fails_leaves_the_file_and_the_folder_as_they_were(tmp_path: Path) -> None:
    """Killed half way, the old file is still the file."""
    store = sample_store(tmp_path)
    content = store.path.read_bytes()
    with pytest.raises(duckdb.Error), rewritten(store.path) as connection:
        connection.execute("DELETE FROM bars; SELECT error('half way')")
    assert store.path.read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == [".market.duckdb.lock", "market.duckdb"]


def test_without_a_file_the_market_is_unavailable(tmp_path: Path) -> None:
    """Said with what to do about it."""
    with pytest.raises(Unavailable) as caught:
        MarketStore(tmp_path / "none.duckdb").bars("AAPL", END)
    assert "deskmate import bars" in caught.value.fix


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 20_000])
def test_a_corrupt_file_says_so(content: bytes, tmp_path: Path) -> None:
    """No traceback of a database, and nothing is overwritten by itself."""
    path = tmp_path / "market.duckdb"
    path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        MarketStore(path).bars("AAPL", END)
    assert "Move" in caught.value.fix
    with pytest.raises(StorageError):
        sample_store(tmp_path)
    assert path.read_bytes() == content


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """Reading it with an older schema in mind could be wrong without a sign."""
    store = sample_store(tmp_path)
    with duckdb.connect(str(store.path)) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(StorageError, match="newer") as caught:
        store.bars("AAPL", END)
    assert "Update" in caught.value.fix
    with pytest.raises(StorageError, match="newer"):
        writer(tmp_path).import_bars(table(steady(DAYS[0], 5)), source="x", now=NOW)


def test_a_home_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A file where the folder should be stands for every folder that refuses."""
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError) as caught:
        writer(tmp_path / "home").import_bars(table(steady(DAYS[0], 5)), source="x", now=NOW)
    assert "--home" in caught.value.fix


def test_the_shipped_sample_passes_the_quarantine_whole(tmp_path: Path) -> None:
    """The sample is judged like any import; not one of its rows is refused."""
    shipped = read_sample()
    report = writer(tmp_path).seed(shipped.bars, [], [], source="sample", version="1", now=NOW)
    assert report is not None
    assert (report.rows, report.accepted, report.quarantined, report.unlisted) == (16194, 16194, 0, 0)
