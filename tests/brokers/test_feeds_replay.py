"""The replay feed: quotes modelled from bars, and the calendar of what there is data for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.feeds.port import MarketFeed
from brokers.feeds.replay import ReplayFeed, half_spread
from brokers.vocabulary import BadInput, Bar, Freshness, Unavailable
from storage.history import BarColumns
from storage.market import MarketStore
from storage.market_import import MarketWriter
from tests.support.market import END, HOURS, NOW, sample_store, sessions_from, steady, table

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> ReplayFeed[BarColumns]:
    return ReplayFeed(sample_store(tmp_path_factory.mktemp("home")))


def test_the_replay_feed_is_a_market_feed(feed: ReplayFeed[BarColumns]) -> None:
    """The port is what the rest of the product sees."""
    port: MarketFeed = feed
    assert [one.symbol for one in port.instruments()] == ["AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA"]
    assert port.instrument("TSLA") is None


@settings(max_examples=150, deadline=None)
@given(
    symbol=st.sampled_from(["AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA"]),
    asof=st.datetimes(datetime(2013, 1, 1), datetime(2023, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_quote_stands_at_the_last_known_close_between_bid_and_ask(
    feed: ReplayFeed[BarColumns], symbol: str, asof: datetime
) -> None:
    """On the grid of ticks, never from the future, at least a tick on either side."""
    quote, bars = feed.quote(symbol, asof), feed.bars(symbol, asof)
    assert (quote is None) == (not bars)
    if quote is None:
        return
    assert quote.at == feed.calendar.close_of(bars[-1].session) <= asof
    assert abs(quote.last - bars[-1].close) <= CENT / 2
    assert 0 < quote.bid < quote.last < quote.ask
    assert all(price % CENT == 0 for price in (quote.bid, quote.ask, quote.last))
    assert (quote.source, quote.freshness) == ("sample market", Freshness.SAMPLE)


def bars_with_range(spread: str) -> list[Bar]:
    half = Decimal(spread) / 2
    return [
        Bar(symbol="A", session=day, open=100, high=100 + half, low=100 - half, close=100, volume=1)  # pyright: ignore
        for day in sessions_from(date(2022, 1, 3), 30)
    ]


@pytest.mark.parametrize(("spread", "expected"), [("0", "0.01"), ("2", "0.01"), ("10", "0.05"), ("40", "0.2")])
def test_the_half_spread_is_half_a_per_cent_of_the_true_range_and_at_least_a_tick(spread: str, expected: str) -> None:
    """The stated model, by hand: 0.5 % of a range of 10 is 5 cents."""
    assert half_spread(bars_with_range(spread), CENT) == Decimal(expected)


def test_the_true_range_counts_the_gap_from_the_close_before() -> None:
    """A bar that opened far away is wide, however narrow it was itself."""
    bars = bars_with_range("0")
    moved = bars[-1].model_copy(update=dict.fromkeys(("open", "high", "low", "close"), Decimal(220)))
    assert half_spread([*bars[:-1], moved], CENT) == Decimal("0.005") * 120 / 20
    assert half_spread([moved], CENT) == CENT


def test_the_calendar_walks_over_every_session_that_has_data(feed: ReplayFeed[BarColumns]) -> None:
    """One step at a time, holidays skipped, and an end."""
    calendar = feed.calendar
    walked = [calendar.first()]
    while (day := calendar.next(walked[-1])) is not None:
        walked.append(day)
    assert walked == list(HOURS.closes(date(2013, 1, 2), date(2023, 9, 21)))
    assert walked[-1] == calendar.last()
    assert calendar.close_of(date(2022, 11, 25)) == datetime(2022, 11, 25, 18, tzinfo=UTC)


def test_offsets_are_clamped_to_the_data(feed: ReplayFeed[BarColumns]) -> None:
    """A replay starts 60 sessions before the last bar, and cannot leave the data."""
    calendar = feed.calendar
    assert calendar.offset(calendar.last(), -60) == date(2023, 6, 27)
    assert calendar.offset(calendar.last(), 5) == calendar.last()
    assert calendar.offset(calendar.first(), -5) == calendar.first()
    assert calendar.offset(date(2023, 9, 17), 1) == date(2023, 9, 18)
    assert calendar.offset(date(2023, 9, 17), 0) == calendar.on_or_before(date(2023, 9, 17)) == date(2023, 9, 15)
    assert calendar.on_or_before(date(2012, 12, 31)) is None
    with pytest.raises(BadInput, match="2023-09-17"):
        calendar.close_of(date(2023, 9, 17))


def test_matching_sees_one_session_and_what_takes_effect_before_it(feed: ReplayFeed[BarColumns]) -> None:
    """The simulated exchange steps by session, dividends on the day without them."""
    bar = feed.bar("AAPL", date(2023, 8, 11))
    assert bar is not None
    assert bar.session == date(2023, 8, 11)
    assert feed.bar("AAPL", date(2023, 8, 12)) is None
    assert [action.amount for action in feed.actions("AAPL", date(2023, 8, 11))] == [Decimal("0.24")]
    assert list(feed.actions("AAPL", date(2023, 8, 14))) == []


def test_an_imported_market_says_so(tmp_path: Path) -> None:
    """The source of a figure is shown beside it; "today" is then the last imported bar."""
    store = sample_store(tmp_path)
    feed = ReplayFeed(store)
    assert feed.calendar.last() == date(2023, 9, 21)
    rows = table(steady(date(2022, 1, 3), 30))
    MarketWriter(store.path, HOURS).import_bars(rows, source="imported from mine.csv", now=NOW)
    quote = feed.quote("ABC", END)
    assert quote is not None
    assert (quote.source, quote.freshness) == ("imported from mine.csv", Freshness.END_OF_DAY)
    assert feed.calendar.last() == sessions_from(date(2022, 1, 3), 30)[-1]
    assert feed.quote("AAPL", END) is None
    assert feed.quote("ABC", quote.at - timedelta(days=60)) is None


def test_without_data_the_calendar_is_unavailable(tmp_path: Path) -> None:
    """Nothing stands in for a market that is not there."""
    with pytest.raises(Unavailable):
        ReplayFeed(MarketStore(tmp_path / "none.duckdb")).calendar.first()
