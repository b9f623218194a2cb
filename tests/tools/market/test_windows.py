"""A person's words for a stretch of time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.market.windows import BEGINNING, resolve_window

TODAY = date(2023, 9, 21)
"""A Thursday."""

PERIODS = {
    "ytd": ("2023-01-01", "2023-09-21"),
    "year to date": ("2023-01-01", "2023-09-21"),
    "this year": ("2023-01-01", "2023-09-21"),
    "mtd": ("2023-09-01", "2023-09-21"),
    "this week": ("2023-09-18", "2023-09-21"),
    "q3 2022": ("2022-07-01", "2022-09-30"),
    "2022 Q3": ("2022-07-01", "2022-09-30"),
    "q3": ("2023-07-01", "2023-09-21"),
    "q4": ("2022-10-01", "2022-12-31"),
    "third quarter of 2022": ("2022-07-01", "2022-09-30"),
    "the first half of 2021": ("2021-01-01", "2021-06-30"),
    "h2 2020": ("2020-07-01", "2020-12-31"),
    "march 2020": ("2020-03-01", "2020-03-31"),
    "in Feb 2020": ("2020-02-01", "2020-02-29"),
    "2020-02": ("2020-02-01", "2020-02-29"),
    "december": ("2022-12-01", "2022-12-31"),
    "since march": ("2023-03-01", "2023-09-21"),
    "since 2020": ("2020-01-01", "2023-09-21"),
    "2022": ("2022-01-01", "2022-12-31"),
    "last week": ("2023-09-11", "2023-09-17"),
    "last month": ("2023-08-01", "2023-08-31"),
    "last quarter": ("2023-04-01", "2023-06-30"),
    "last year": ("2022-01-01", "2022-12-31"),
    "yesterday": ("2023-09-20", "2023-09-20"),
    "today": ("2023-09-21", "2023-09-21"),
    "march 5, 2020": ("2020-03-05", "2020-03-05"),
    "5th of march 2020": ("2020-03-05", "2020-03-05"),
    "on 2020-03-05": ("2020-03-05", "2020-03-05"),
    "3 months ago": ("2023-06-21", "2023-06-21"),
    "from January to March 2020": ("2020-01-01", "2020-03-31"),
    "between march and june 2020": ("2020-03-01", "2020-06-30"),
    "2019 to 2021": ("2019-01-01", "2021-12-31"),
    "all time": (str(BEGINNING), "2023-09-21"),
    "since inception": (str(BEGINNING), "2023-09-21"),
}
ROLLING = {
    "last 30 days": ("2023-08-22", "2023-09-21"),
    "the past 3 months": ("2023-06-21", "2023-09-21"),
    "52 weeks": ("2022-09-22", "2023-09-21"),
    "52-week": ("2022-09-22", "2023-09-21"),
    "past year": ("2022-09-21", "2023-09-21"),
    "1y": ("2022-09-21", "2023-09-21"),
    "6m": ("2023-03-21", "2023-09-21"),
    "30d": ("2023-08-22", "2023-09-21"),
    "in the last two weeks": ("2023-09-07", "2023-09-21"),
    "a month": ("2023-08-21", "2023-09-21"),
    "last 2 quarters": ("2023-03-21", "2023-09-21"),
    "since 3 january 2022": ("2022-01-03", "2023-09-21"),
    "jan 3 2022 to feb 10 2022": ("2022-01-03", "2022-02-10"),
}


@pytest.mark.parametrize(("words", "days"), PERIODS.items())
def test_a_named_period_is_measured_from_the_close_before_it(words: str, days: tuple[str, str]) -> None:
    """Performance in a quarter starts at the end of the quarter before."""
    window = resolve_window(words, TODAY)
    assert window is not None
    assert (str(window.start), str(window.end), window.period) == (*days, True)


@pytest.mark.parametrize(("words", "days"), ROLLING.items())
def test_a_rolling_window_is_measured_from_its_first_day(words: str, days: tuple[str, str]) -> None:
    """The last 30 days are the change on the close of 30 days ago."""
    window = resolve_window(words, TODAY)
    assert window is not None
    assert (str(window.start), str(window.end), window.period) == (*days, False)


@pytest.mark.parametrize(("words", "count"), [("last 20 sessions", 20), ("30 trading days", 30), ("last session", 1)])
def test_sessions_are_counted_by_whoever_knows_them(words: str, count: int) -> None:
    """Words alone cannot know the holidays; the count is handed on."""
    window = resolve_window(words, TODAY)
    assert window is not None
    assert (window.sessions, window.end) == (count, TODAY)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "banana",
        "next week",
        "tomorrow",
        "31 feb 2020",
        "2030",
        "9999 years",
        "0 days",
        "q5 2022",
        "third half",
        "AAPL",
    ],
)
def test_what_cannot_be_read_or_lies_ahead_is_none(words: str) -> None:
    """Then the assistant asks back instead of guessing."""
    assert resolve_window(words, TODAY) is None


def test_months_go_back_to_the_last_day_there_is() -> None:
    """One month before 31 March is the end of February."""
    window = resolve_window("1 month", date(2023, 3, 31))
    assert window is not None
    assert window.start == date(2023, 2, 28)


_PIECES = (
    "last",
    "past",
    "since",
    "from",
    "to",
    "between",
    "and",
    "of",
    "the",
    "this",
    "q1",
    "2020",
    "2022",
    "march",
    "31",
)
_MORE_PIECES = ("5th", "days", "weeks", "m", "3", "999", "half", "ytd", "first", "quarter", "ago", "-")
_WORDS = st.lists(st.sampled_from(_PIECES + _MORE_PIECES), max_size=6).map(" ".join)


@given(words=st.one_of(st.text(max_size=40), _WORDS), today=st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_any_words_give_days_that_are_over_or_nothing(words: str, today: date) -> None:
    """Whatever is typed: no error, and never a day after today."""
    window = resolve_window(words, today)
    assert window is None or window.start <= window.end <= today
