# ruff: noqa: E501  (a table reads better a row a line)
"""What a question names: the window, the statistic, the mode, the order, the symbols."""

from __future__ import annotations

import pytest

from assistant.router.slots_dates import take_window
from assistant.router.slots_stat import mode_in, order_ref_in, statistic_in
from tests.assistant.router.slots_reading import canonical, clause, symbols

WINDOWS = [
    ("how did aapl do last 30 days", "last 30 days"), ("nvda return ytd", "ytd"), ("aapl year to date", "year to date"),
    ("amzn volatility in q3 2022", "q3 2022"), ("meta since march", "since march"), ("headlines on nflx since monday", "since monday"),
    ("goog drawdown between jan and june 2022", "jan and june 2022"), ("from march to june 2023", "march to june 2023"),
    ("volume over the past six weeks", "past six weeks"), ("where do you expect apple over the next two weeks", "next two weeks"),
    ("forecast apple, next 30 days", "next 30 days"), ("nvda forecast for next month", "next month"), ("higher over the next 5 sessions?", "next 5 sessions"),
    ("where did aapl close on 16 march 2020", "16 march 2020"), ("aapl on the 3rd of january 2022", "3rd of january 2022"),
    ("best close in 2021", "2021"), ("return in the first half of 2022", "first half of 2022"), ("high over the last 52 weeks", "last 52 weeks"),
    ("52 week high", "52 week"), ("moved today", "today"), ("correlation over the last couple of months", "last couple of months"),
    ("in the last 20 trading days", "last 20 trading days"), ("nflx 6m momentum", "6m"), ("aapl 30d volatility", "30d"), ("50-day sma", "50-day"),
    ("how is meta this quarter so far", "this quarter"), ("amzn last frday", "last friday"), ("settle on aug 18", "aug 18"), ("in july", "july"),
    ("since the start of the year", "since the start of the year"), ("volume on 2023-08-14", "2023-08-14"), ("over the past five days", "past five days"),
    ("since last thursday", "since last thursday"), ("aapl in the past year", "past year"), ("two weeks ago", "2 weeks ago"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "window"), WINDOWS)
def test_a_window_is_the_persons_words(text: str, window: str) -> None:
    """Trimmed, typos mended, without a leading preposition or article."""
    scan = clause(text)
    take_window(scan)
    assert scan.slots.get("window") == window


@pytest.mark.parametrize(
    "text",
    ["a day order", "my daily pnl", "my last 3 trades", "1 day var", "buy 10 aapl at 2020.50", "what are your best ideas this morning", "the market drops overnight", "calls on aapl", "i may buy some"],
)  # fmt: skip
def test_no_window_is_made_up(text: str) -> None:
    """Words of time that are not a stretch of it, numbers that count something else."""
    scan = clause(text)
    take_window(scan)
    assert "window" not in scan.slots


def test_a_range_between_two_months_has_its_dates() -> None:
    """The leading word is trimmed from the slot and still understood."""
    scan = clause("goog between jan and june 2022")
    take_window(scan)
    assert scan.resolved["window"] == ["2022-01-01", "2022-06-30"]


STATISTICS = [
    ("what did aapl settle at", "close"), ("where did nflx finish", "close"), ("aapl high and low", "high_low"), ("52 week range of nvda", "high_low"),
    ("nvda net change", "change"), ("which returned more", "return"), ("how did goog do relative to the market", "relative_return"),
    ("how much has google beaten or lagged the market by", "relative_return"), ("did meta outperform", "relative_return"),
    ("the lowest nflx has closed", "lowest_close"), ("lowest amazon closed at", "lowest_close"), ("highest close meta printed", "highest_close"),
    ("META's ugliest single day", "worst_day"), ("biggest one-day drop in meta", "worst_day"), ("netflix's single worst session", "worst_day"),
    ("how many green days did google put up", "up_days"), ("the 200-day average for spy", "moving_average"), ("realized vol on nvda", "volatility"),
    ("which swung hardest", "volatility"), ("how closely have meta and goog moved together", "correlation"), ("how many meta shares changed hands", "volume"),
    ("how many shares of alphabet traded", "volume"), ("how many shares a day does aapl trade on average", "average_volume"),
    ("on an average day, how many amazon shares change hands", "average_volume"), ("how wide is the market on it", "bid_ask"), ("bid/ask on nvda", "bid_ask"),
    ("how large a move do the options on netflix imply", "expected_move"), ("how big a move are the options pricing into goog", "expected_move"),
    ("oi on the meta 300 calls", "open_interest"), ("average entry price on my meta shares", "average_cost"), ("how much of my portfolio is nvda", "weight"),
    ("what did i realize today", "realized"), ("realised profit", "realized"), ("what share of my trades made money", "win_rate"),
    ("when i win, how much do i win on average, compared with when i lose", "avg_win_loss"), ("average winner versus average loser", "avg_win_loss"),
    ("how much of the total risk comes from nvidia", "risk_contribution"), ("too many eggs in one basket?", "concentration"),
    ("how much am i allowed to lose in one day", "daily_loss"), ("how much could i lose at most", "max_loss"), ("book greeks", "greeks"),
    ("what would have to happen for you to change your mind", ""), ("google calls 30 dte 25 delta", ""), ("do a bull call spread", ""),
    ("is the iv high or no", "implied_vol"), ("is it high or low risk", ""), ("unrealized profit", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "statistic"), STATISTICS)
def test_the_statistic_asked_for_is_known_by_many_names(text: str, statistic: str) -> None:
    """And not by words that only resemble one."""
    assert statistic_in(clause(text).line) == statistic


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gimme spy and tsla prices", ["SPY", "TSLA"]), ("how did appel do", ["AAPL"]), ("wheres aplle trading rn", ["AAPL"]), ("msft 330 puts", ["MSFT"]),
        ("nflx relative to spy", ["NFLX", "SPY"]), ("netflx's news", ["NFLX"]), ("$tsla and facebook", ["TSLA", "META"]), ("scoop up 50 amazons", ["AMZN"]),
        ("heyyy", []), ("drops 15 pct", []), ("september 22nd", []), ("explain OCO to me", []), ("gm", []), ("aapl 30d vol", ["AAPL"]), ("i spy an opening", []),
    ],
)  # fmt: skip
def test_symbols_come_from_tickers_names_and_slips(text: str, found: list[str]) -> None:
    """Well-known tickers count though the market does not list them; everyday words do not."""
    assert symbols(text) == found


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("has order 7F31 been filled", "7F31"),
        ("withdraw order 7720", "7720"),
        ("kill M3XD", "M3XD"),
        ("cancel my 30 day order", ""),
    ],
)
def test_an_order_is_referred_to_by_its_code(text: str, ref: str) -> None:
    """Whatever letter or digit the code begins with."""
    assert order_ref_in(canonical(text)) == ref


@pytest.mark.parametrize(
    ("text", "mode"),
    [("paper first from now on", "paper_first"), ("try it on paper first", "paper_first"), ("switch to paper", "paper"), ("go live with real money", "live"), ("use the simulator", "virtual")],
)  # fmt: skip
def test_a_mode_is_named_in_many_ways(text: str, mode: str) -> None:
    """Paper first is neither paper nor live."""
    assert mode_in(canonical(text)) == mode
