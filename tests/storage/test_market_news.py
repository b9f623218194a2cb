"""News in the market store: known when it was known, each story once, and every bad row with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.feeds.news_files import RawNews
from brokers.feeds.sample.read import news_version, read_sample_news
from brokers.vocabulary import BadInput, NewsItem
from storage.market_file import rewritten, signature_of
from storage.market_news import MarketNews, Story
from storage.market_news_import import NewsReason, NewsWriter
from storage.news_stories import leads, normalised
from tests.support.market import sample_store

NOW = datetime(2023, 6, 28, 12, tzinfo=UTC)
MORNING = datetime(2023, 6, 26, 9, tzinfo=UTC)


def raw(headline: str, hours: float = 0, source: str = "Wire", **more: object) -> RawNews:
    fields: dict[str, object] = {"line": 1, "published_at": MORNING + timedelta(hours=hours), "symbols": ("AAPL",)}
    return RawNews(headline=headline, source=source, **{**fields, **more})  # pyright: ignore[reportArgumentType]


def store(folder: Path, *rows: RawNews) -> MarketNews:
    path = folder / "market.duckdb"
    NewsWriter(path).import_news(rows, source="news.jsonl", now=NOW)
    return MarketNews(path)


def headlines(stories: list[Story] | tuple[Story, ...]) -> list[str]:
    return [story.item.headline for story in stories]


def test_no_read_shows_what_was_not_known_yet(tmp_path: Path) -> None:
    """time:asof - an item is seen from its own instant on, and not a microsecond earlier."""
    news = store(tmp_path, raw("Apple one"), raw("Nvidia two", 3, known_at=MORNING + timedelta(hours=5)))
    seen = {hours: headlines(list(news.stories(MORNING + timedelta(hours=hours)))) for hours in (-1, 0, 4, 5)}
    assert seen == {-1: [], 0: ["Apple one"], 4: ["Apple one"], 5: ["Apple one", "Nvidia two"]}
    assert news.stories(MORNING - timedelta(microseconds=1)) == []
    assert headlines(list(news.stories(NOW, MORNING + timedelta(hours=1)))) == ["Nvidia two"]
    with pytest.raises(BadInput):
        news.stories(datetime(2023, 6, 26))  # noqa: DTZ001


def test_the_same_story_from_two_feeds_counts_once(tmp_path: Path) -> None:
    """However it is dressed up; and who else told it is known only from when they did."""
    news = store(
        tmp_path,
        raw("Apple raises dividend by 4% as sales grow", 0, "Wire", symbols=("AAPL",)),
        raw("UPDATE 1-Apple raises dividend by 4% as sales grow - Reuters", 2, "Ledger", symbols=("AAPL", "NVDA")),
        raw("APPLE RAISES ITS DIVIDEND BY 4%, AS SALES GROW", 3, "Herald", symbols=()),
    )
    (early,) = news.stories(MORNING + timedelta(hours=1))
    (late,) = news.stories(NOW)
    assert (early.item.source, early.also, early.item.symbols) == ("Wire", (), ("AAPL",))
    assert (late.item.source, late.also, late.item.symbols) == ("Wire", ("Ledger", "Herald"), ("AAPL", "NVDA"))
    assert len(news.items(NOW)) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nvidia shares rise after quarterly earnings report", "Nvidia shares fall after quarterly earnings report"),
        ("Apple to cut 100 jobs in its retail stores", "Apple to cut 1,000 jobs in its retail stores"),
        ("Goldman sees big gains ahead for Nvidia chip sales", "Barclays sees big gains ahead for Nvidia chip sales"),
        ("Apple says it will not delay the new headset", "Apple says it will delay the new headset"),
        ("Apple reports earnings", "Netflix reports earnings"),
        ("Apple opens a store", "Court rules on browser choice"),
    ],
)
def test_headlines_that_say_something_else_stay_two_stories(tmp_path: Path, one: str, other: str) -> None:
    """Losing the one that says the opposite would be worse than counting one twice."""
    symbols = {"symbols": ()}
    assert len(store(tmp_path, raw(one, **symbols), raw(other, 1, "Ledger", **symbols)).stories(NOW)) == 2


def test_the_same_words_days_later_or_about_others_are_another_story(tmp_path: Path) -> None:
    """ "Shares slip" is no repetition of last week's; nor is it when other companies are tagged."""
    rows = [raw("Shares slip on rate worries", -24 * 30), raw("Shares slip on rate worries", 0, "B")]
    other = raw("Shares slip on rate worries", 1, "C", symbols=("NVDA",))
    assert len(store(tmp_path, *rows, other).stories(NOW)) == 3


_SAID = ["apple", "cuts", "raises", "prices", "outlook", "5", "10", "shares", "not", "Wire"]
_WORDS = st.lists(st.sampled_from(_SAID), min_size=1, max_size=6)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_WORDS, st.integers(0, 96)), max_size=12), st.integers(0, 12))
def test_stories_known_at_an_instant_do_not_depend_on_what_came_later(
    told: list[tuple[list[str], int]], count: int
) -> None:
    """time:asof - grouping a prefix of the items is the prefix of grouping them all."""
    items = [
        NewsItem(
            id=str(place),
            source="W",
            published_at=MORNING + timedelta(hours=hours),
            known_at=MORNING + timedelta(hours=hours),
            headline=" ".join(words),
        )
        for place, (words, hours) in enumerate(sorted(told, key=lambda one: one[1]))
    ]
    assert leads(items[:count]) == leads(items)[:count]


def test_news_that_comes_in_while_the_store_is_read_is_grouped_as_if_it_had_been_there(tmp_path: Path) -> None:
    """Feeds add at the end all day; an import may also add in the middle."""
    news = store(tmp_path, raw("Apple raises dividend by 4%", 2))
    for headline, hours in (("Apple raises its dividend by 4%", 5), ("Apple raises dividend by 4%", 1), ("Nvidia", 0)):
        assert news.stories(NOW)
        NewsWriter(news.path).import_news([raw(headline, hours, f"At {hours}")], source=str(hours), now=NOW)
        assert news.stories(NOW) == MarketNews(news.path).stories(NOW)
    assert [(story.item.source, story.also) for story in news.stories(NOW)] == [
        ("At 0", ()),
        ("At 1", ("Wire", "At 5")),
    ]


def test_importing_again_changes_nothing_at_all(tmp_path: Path) -> None:
    """Idempotent: the file is not even written again."""
    rows = [raw("Apple one"), raw("Nvidia two", 1), raw("Apple one"), raw("Apple one", symbols=("META",))]
    rows += [raw("From tomorrow", 72, line=5), raw("", line=6)]
    news = store(tmp_path, *rows)
    before = signature_of(news.path)
    report = NewsWriter(news.path).import_news(rows, source="news.jsonl", now=NOW)
    assert (report.rows, report.accepted, report.unchanged, report.quarantined) == (6, 4, 4, 2)
    assert signature_of(news.path) == before
    assert [story.item.symbols for story in news.stories(NOW)] == [("AAPL", "META"), ("AAPL",)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (raw("From tomorrow", 72), NewsReason.FUTURE),
        (raw("No time", published_at=None), NewsReason.NO_TIME),
        (raw("Long ago", published_at=datetime(1800, 1, 1, tzinfo=UTC)), NewsReason.TOO_OLD),
        (raw("Known before", known_at=MORNING - timedelta(days=1)), NewsReason.KNOWN_EARLY),
        (raw(""), NewsReason.NO_HEADLINE),
        (raw("x" * 1001), NewsReason.TOO_LONG),
        (raw("No source", source=""), NewsReason.NO_SOURCE),
        (raw("Broken", problem="it is not UTF-8 text"), "it is not UTF-8 text"),
    ],
)
def test_a_row_that_cannot_be_right_is_kept_apart_with_its_reason(tmp_path: Path, row: RawNews, reason: str) -> None:
    """Never dropped in silence, never used; the rest goes on."""
    path = tmp_path / "market.duckdb"
    report = NewsWriter(path).import_news([row, raw("Fine")], source="news.jsonl", now=NOW)
    assert (report.rows, report.accepted, report.reasons) == (2, 1, {reason: 1})
    news = MarketNews(path)
    assert headlines(list(news.stories(NOW + timedelta(days=30)))) == ["Fine"]
    (kept,) = news.quarantined()
    assert (kept.source, kept.line, kept.reason) == ("news.jsonl", 1, reason)


def test_a_file_of_which_nothing_can_be_used_changes_nothing(tmp_path: Path) -> None:
    """And says why."""
    path = tmp_path / "market.duckdb"
    with pytest.raises(BadInput, match="future"):
        NewsWriter(path).import_news([raw("Tomorrow", 72)], source="news.jsonl", now=NOW)
    assert signature_of(path) is None


def test_sample_news_is_marked_and_makes_room_for_a_persons_own(tmp_path: Path) -> None:
    """Fiction is not mixed with news; before the first own item is known, replays still show it."""
    path = sample_store(tmp_path).path
    writer = NewsWriter(path)
    writer.seed(read_sample_news(), version=news_version(), now=NOW + timedelta(days=1000))
    before = signature_of(path)
    writer.seed(read_sample_news(), version=news_version(), now=NOW + timedelta(days=1000))
    assert signature_of(path) == before
    news = MarketNews(path)
    shown = news.stories(NOW)
    assert len(shown) >= 90
    assert all(story.item.sample and story.item.source.startswith("Sample") for story in shown)
    assert MarketNews(path, show_sample=False).stories(NOW) == []
    writer.import_news([raw("Apple own")], source="mine.csv", now=NOW)
    assert headlines(list(news.stories(NOW))) == ["Apple own"]
    assert all(story.item.sample for story in news.stories(MORNING - timedelta(hours=1)))


def test_a_sample_of_at_least_120_headlines_ships_and_says_what_it_is() -> None:
    """It must not pass for news of real companies: nearly every headline says that it is made up."""
    rows = read_sample_news()
    words = ("sample", "fictional", "invented", "made-up", "pretend", "imaginary")
    plain = [row.headline for row in rows if not any(word in row.headline.lower() for word in words)]
    assert len(rows) >= 120
    assert len(plain) <= 5
    assert {symbol for row in rows for symbol in row.symbols} == {"AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA"}


def test_a_file_from_before_there_was_news_holds_none_and_takes_some(tmp_path: Path) -> None:
    """Homes that exist already are not made again."""
    path = sample_store(tmp_path).path
    with rewritten(path) as connection:
        connection.execute("DROP TABLE news")
        connection.execute("DROP TABLE news_quarantine")
    # The tables come back with the next write; make the file once more as it was.
    import duckdb

    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{path}' AS m")
        connection.execute("DROP TABLE IF EXISTS m.news")
        connection.execute("DROP TABLE IF EXISTS m.news_quarantine")
    news = MarketNews(path)
    assert (list(news.stories(NOW)), list(news.quarantined())) == ([], [])
    NewsWriter(path).import_news([raw("Apple one")], source="news.jsonl", now=NOW)
    assert headlines(list(news.stories(NOW))) == ["Apple one"]


def test_a_store_that_is_not_there_holds_no_news(tmp_path: Path) -> None:
    """No news is an answer, not a failure."""
    assert MarketNews(tmp_path / "none.duckdb").stories(NOW) == []


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_headline_can_be_normalised(headline: str) -> None:
    """Strangers write anything; what comes out is small letters and figures, and normal already."""
    assert normalised(normalised(headline)) == normalised(headline)
