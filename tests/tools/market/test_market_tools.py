"""Quotes, statistics, history and comparisons over the sample market."""

from __future__ import annotations

import math
import statistics
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.feeds.replay import ReplayFeed
from brokers.vocabulary import BadInput, Bar, DeskmateError, Unavailable
from storage.history import BarColumns
from storage.market_import import MarketWriter
from tests.support.market import END, HOURS, NOW, row, sample_store, sessions_from, steady, table
from tools.market.compare import compare_symbols
from tools.market.history import get_history
from tools.market.quote import get_quote
from tools.market.source import Market
from tools.market.statistics import DEFAULT_SESSIONS, Statistic, StatisticResult, compute_statistic
from tools.market.windows import Window, resolve_window

Feed = ReplayFeed[BarColumns]
Q3 = Window(start=date(2022, 7, 1), end=date(2022, 9, 30), period=True)


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Feed:
    return ReplayFeed(sample_store(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def q3(feed: Feed) -> tuple[Bar, list[Bar]]:
    """Apple's last bar before the third quarter of 2022, and the bars of that quarter."""
    bars = feed.bars("AAPL", END)
    inside = [bar for bar in bars if Q3.start <= bar.session <= Q3.end]
    return next(bar for bar in reversed(bars) if bar.session < Q3.start), inside


def ask(feed: Feed, statistic: Statistic, window: Window | None = Q3, **more: str | int) -> StatisticResult:
    return compute_statistic(feed, "AAPL", statistic, END, window, **more)  # pyright: ignore[reportArgumentType]


def figure(result: StatisticResult, place: int = 0) -> float:
    return float(result.figures[place].value)


def returns(before: Bar, bars: list[Bar]) -> list[float]:
    """Daily log returns, dividends in, the slow way."""
    closes = [float(bar.adjusted_close or 0) for bar in (before, *bars)]
    return [math.log(closes[place] / closes[place - 1]) for place in range(1, len(closes))]


def test_the_feed_is_what_the_tools_need(feed: Feed) -> None:
    """The Protocol of the tools and the adapter fit without a cast."""
    market: Market = feed
    assert market.symbols(END)[0] == "AAPL"


def test_prices_of_a_window_are_those_of_its_bars(feed: Feed, q3: tuple[Bar, list[Bar]]) -> None:
    """Close, extremes and averages, each with the session it belongs to."""
    _, bars = q3
    cents = Decimal("0.01")
    close = ask(feed, Statistic.CLOSE)
    assert (close.figures[0].value, close.figures[0].on) == (bars[-1].close.quantize(cents), bars[-1].session)
    assert (close.start, close.end, close.sessions) == (date(2022, 7, 1), date(2022, 9, 30), len(bars))
    high, low = ask(feed, Statistic.HIGH_LOW).figures
    assert (high.value, low.value) == (
        max(bar.high for bar in bars).quantize(cents),
        min(bar.low for bar in bars).quantize(cents),
    )
    top = max(bars, key=lambda bar: bar.close)
    assert ask(feed, Statistic.HIGHEST_CLOSE).figures[0].on == top.session
    bottom = min(bars, key=lambda bar: bar.close)
    assert ask(feed, Statistic.LOWEST_CLOSE).figures[0].on == bottom.session
    assert figure(ask(feed, Statistic.MOVING_AVERAGE)) == pytest.approx(
        statistics.fmean(float(bar.close) for bar in bars), abs=0.01
    )
    assert figure(ask(feed, Statistic.VOLUME)) == bars[-1].volume
    assert figure(ask(feed, Statistic.AVERAGE_VOLUME)) == pytest.approx(
        statistics.fmean(bar.volume for bar in bars), abs=1
    )


def test_changes_of_a_period_are_measured_from_the_close_before_it(feed: Feed, q3: tuple[Bar, list[Bar]]) -> None:
    """And the answer says from which session."""
    before, bars = q3
    change = ask(feed, Statistic.CHANGE)
    expected = float(bars[-1].close / before.close - 1) * 100
    assert figure(change) == pytest.approx(expected, abs=0.005)
    assert change.measured_from == before.session
    assert figure(ask(feed, Statistic.MOMENTUM)) == figure(change)
    total = float((bars[-1].adjusted_close or 0) / (before.adjusted_close or 1) - 1) * 100
    assert figure(ask(feed, Statistic.RETURN)) == pytest.approx(total, abs=0.005)
    assert total > expected, "a dividend was paid in that quarter"


def test_a_rolling_window_is_measured_from_the_close_on_its_first_day(feed: Feed) -> None:
    """30 days before 21 September 2023 lies a session, whose close is the base."""
    change = ask(feed, Statistic.CHANGE, resolve_window("last 30 days", date(2023, 9, 21)))
    assert change.measured_from == date(2023, 8, 22)
    assert [str(one.value) for one in change.figures] == ["-1.86", "-3.30", "177.23", "173.93"]


def test_measures_of_risk_match_the_slow_way(feed: Feed, q3: tuple[Bar, list[Bar]]) -> None:
    """Volatility, drawdown, worst day, up days and correlation, computed again from the bars."""
    before, bars = q3
    daily = returns(before, bars)
    assert figure(ask(feed, Statistic.VOLATILITY)) == pytest.approx(
        statistics.stdev(daily) * math.sqrt(252) * 100, abs=0.005
    )
    closes = [float(bar.close) for bar in (before, *bars)]
    falls = [close / max(closes[: place + 1]) - 1 for place, close in enumerate(closes)]
    assert figure(ask(feed, Statistic.DRAWDOWN)) == pytest.approx(min(falls) * 100, abs=0.005)
    moves = [closes[place] / closes[place - 1] - 1 for place in range(1, len(closes))]
    worst = ask(feed, Statistic.WORST_DAY)
    assert figure(worst) == pytest.approx(min(moves) * 100, abs=0.005)
    assert worst.figures[0].on == bars[moves.index(min(moves))].session
    ups = ask(feed, Statistic.UP_DAYS)
    assert (figure(ups), figure(ups, 1)) == (sum(move > 0 for move in moves), sum(move < 0 for move in moves))
    others = [bar for bar in feed.bars("NVDA", END) if before.session <= bar.session <= Q3.end]
    expected = statistics.correlation(daily, returns(others[0], others[1:]))
    assert figure(ask(feed, Statistic.CORRELATION, other="NVDA")) == pytest.approx(expected, abs=0.005)


def test_a_relative_return_is_the_difference_of_two_returns(feed: Feed) -> None:
    """With a symbol, or with all the others in equal parts, and it says which."""
    own = ask(feed, Statistic.RETURN).figures[0].value
    other = compute_statistic(feed, "META", Statistic.RETURN, END, Q3).figures[0].value
    result = ask(feed, Statistic.RELATIVE_RETURN, other="META")
    assert abs(result.figures[0].value - (own - other)) <= Decimal("0.01")
    assert result.versus == "META"
    against_all = ask(feed, Statistic.RELATIVE_RETURN)
    assert against_all.versus is not None
    assert "AMZN, GOOG, META, NFLX, NVDA" in against_all.versus


@pytest.mark.parametrize("statistic", list(Statistic))
def test_every_statistic_answers_without_a_window(feed: Feed, statistic: Statistic) -> None:
    """Over its usual number of sessions, ending at the last one known."""
    result = ask(feed, statistic, None, **({"other": "NVDA"} if statistic is Statistic.CORRELATION else {}))
    assert result.sessions == DEFAULT_SESSIONS[statistic]
    assert result.end == date(2023, 9, 21)
    assert all(one.value.is_finite() for one in result.figures)


@settings(max_examples=60, deadline=None)
@given(
    statistic=st.sampled_from(list(Statistic)),
    asof=st.datetimes(datetime(2012, 12, 1), datetime(2024, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    start=st.dates(date(2012, 1, 1), date(2024, 12, 31)),
    end=st.dates(date(2012, 1, 1), date(2024, 12, 31)),
    period=st.booleans(),
)
def test_no_statistic_uses_a_bar_later_than_asof(
    feed: Feed, statistic: Statistic, asof: datetime, start: date, end: date, period: bool
) -> None:
    """time:asof - whatever the window, the answer ends at a session closed by then, or says why there is none."""
    window = Window(start=min(start, end), end=max(start, end), period=period)
    try:
        result = compute_statistic(feed, "AAPL", statistic, asof, window, other="NVDA")
    except Unavailable as error:
        result, why = None, str(error)
    else:
        why = ""
    if result is None:
        assert "because" in why
        return
    assert result.measured_from <= result.start <= result.end <= window.end
    assert feed.calendar.close_of(result.end) <= asof
    assert all(one.on is None or feed.calendar.close_of(one.on) <= asof for one in result.figures)


def test_a_window_beyond_the_data_is_clamped_and_said(feed: Feed) -> None:
    """Never a silent shorter window."""
    result = ask(feed, Statistic.RETURN, Window(start=date(2000, 1, 1), end=date(2023, 12, 31), period=True))
    assert (result.start, result.end) == (date(2013, 1, 2), date(2023, 9, 21))
    assert result.notes == ("The data begins on 2013-01-02.", "The data known then ends on 2023-09-21.")


def test_a_weekend_means_the_session_before_it(feed: Feed) -> None:
    """ "The close on Sunday" is Friday's, and the answer says so."""
    result = ask(feed, Statistic.CLOSE, resolve_window("2023-09-17", date(2023, 9, 21)))
    assert result.end == date(2023, 9, 15)
    assert "2023-09-15" in result.notes[0]


def test_a_moving_average_of_so_many_sessions_may_begin_before_the_window(feed: Feed) -> None:
    """The 200-day average in March ends in March."""
    result = ask(feed, Statistic.MOVING_AVERAGE, Q3, sessions=200)
    assert (result.sessions, result.end) == (200, date(2022, 9, 30))
    with pytest.raises(Unavailable, match="because only"):
        ask(feed, Statistic.MOVING_AVERAGE, resolve_window("march 2013", date(2023, 9, 21)), sessions=200)


@pytest.mark.parametrize(
    ("statistic", "window", "more"),
    [
        (Statistic.CLOSE, Window(start=date(2001, 1, 1), end=date(2001, 2, 1), period=True), {}),
        (Statistic.VOLATILITY, Window(start=date(2022, 7, 1), end=date(2022, 7, 1), period=True), {}),
        (Statistic.CHANGE, Window(start=date(2013, 1, 1), end=date(2013, 1, 2), period=True), {}),
        (Statistic.MOVING_AVERAGE, None, {"sessions": 5000}),
    ],
)
def test_too_little_data_is_unavailable_with_the_reason(
    feed: Feed, statistic: Statistic, window: Window | None, more: dict[str, int]
) -> None:
    """A number is never made of nothing."""
    with pytest.raises(Unavailable, match=r"unavailable.*because"):
        ask(feed, statistic, window, **more)


def test_questions_that_cannot_be_asked_say_what_is_missing(feed: Feed) -> None:
    """An unknown symbol names near ones; a correlation wants a second symbol."""
    with pytest.raises(BadInput) as caught:
        get_quote(feed, "APPL", END)
    assert "AAPL" in caught.value.fix
    for call in (
        lambda: ask(feed, Statistic.CORRELATION),
        lambda: ask(feed, Statistic.CORRELATION, other="TSLA"),
        lambda: ask(feed, Statistic.CLOSE, None, sessions=0),
        lambda: compare_symbols(feed, ["AAPL"], END),
        lambda: compare_symbols(feed, ["AAPL", "AAPL"], END),
    ):
        with pytest.raises(BadInput):
            call()


def test_before_its_first_bar_a_symbol_is_unavailable(feed: Feed) -> None:
    """Known by name, not yet by price."""
    for tool in (get_quote, get_history):
        with pytest.raises(Unavailable, match="no bar of it is known"):
            tool(feed, "AAPL", datetime(2013, 1, 2, 20, 59, tzinfo=UTC))


def test_a_quote_carries_the_day_and_the_change(feed: Feed) -> None:
    """The last close, what it was before, and that bid and ask are modelled."""
    quote = get_quote(feed, "AAPL", END)
    assert (str(quote.last), str(quote.previous_close), str(quote.change)) == ("173.93", "175.49", "-1.56")
    assert str(quote.change_percent) == "-0.89"
    assert quote.bid < quote.last < quote.ask
    assert quote.spread_modelled
    assert get_quote(feed, "AAPL", datetime(2013, 1, 2, 22, tzinfo=UTC)).change is None


def test_history_is_the_bars_of_the_window(feed: Feed, q3: tuple[Bar, list[Bar]]) -> None:
    """One point a session, oldest first."""
    _, bars = q3
    history = get_history(feed, "AAPL", END, Q3)
    assert [point.session for point in history.points] == [bar.session for bar in bars]
    assert all(
        abs(point.close - bar.close) <= Decimal("0.005") for point, bar in zip(history.points, bars, strict=True)
    )
    assert (history.start, history.end) == (bars[0].session, bars[-1].session)


def test_a_comparison_agrees_with_the_statistics_one_by_one(feed: Feed) -> None:
    """One definition of each figure, wherever it is shown."""
    result = compare_symbols(feed, ["AAPL", "NVDA", "META"], END, Q3)
    for one in result.rows:
        for statistic, shown in (
            (Statistic.CHANGE, one.change_percent),
            (Statistic.RETURN, one.return_percent),
            (Statistic.VOLATILITY, one.volatility_percent),
            (Statistic.DRAWDOWN, one.drawdown_percent),
        ):
            assert compute_statistic(feed, one.symbol, statistic, END, Q3).figures[0].value == shown
    best = max(result.rows, key=lambda one: one.return_percent)
    assert result.ranking[0] == best.symbol
    assert result.rows[0].correlation is None
    assert result.rows[1].correlation == ask(feed, Statistic.CORRELATION, other="NVDA").figures[0].value


def test_symbols_without_common_sessions_are_not_compared(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A missing session would shift one against the other without a sign; the rest still have a mean to beat."""
    folder = tmp_path_factory.mktemp("home")
    days = sessions_from(date(2022, 1, 3), 20)
    rows = [
        *steady(days[0], 20),
        *steady(days[0], 20, symbol="XYZ"),
        *(row(day, 9, "HOLE") for day in days[:5] + days[6:]),
    ]
    writer = MarketWriter(folder / "market.duckdb", HOURS)
    writer.import_bars(table(rows), source="mine.csv", now=NOW)
    feed = ReplayFeed(sample_store(folder))
    with pytest.raises(Unavailable, match="lack common sessions"):
        compare_symbols(feed, ["ABC", "HOLE"], END)
    relative = compute_statistic(feed, "ABC", Statistic.RELATIVE_RETURN, END, sessions=15)
    assert relative.versus == "the equal-weighted mean of XYZ"
    assert figure(relative) == 0


def test_a_price_that_never_moves_has_no_correlation(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Zero divided by zero is not shown as a number."""
    folder = tmp_path_factory.mktemp("home")
    days = sessions_from(date(2022, 1, 3), 20)
    rows = [row(day, 9, "FLAT") for day in days] + steady(days[0], 20)
    MarketWriter(folder / "market.duckdb", HOURS).import_bars(table(rows), source="mine.csv", now=NOW)
    feed = ReplayFeed(sample_store(folder))
    with pytest.raises(DeskmateError, match="did not move"):
        compute_statistic(feed, "FLAT", Statistic.CORRELATION, END, other="ABC")
    assert figure(compute_statistic(feed, "FLAT", Statistic.DRAWDOWN, END)) == 0
