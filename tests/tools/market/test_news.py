"""A symbol's news and its tone: nothing later than asked, no news no evidence, newer and closer counts more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.vocabulary import Instrument, Unavailable
from models.sentiment import SentimentModel
from tests.support.news import AT, Shelf, Told, WordCount, told
from tools.market.news import HALF_LIFE_DAYS, MOST_SHOWN, NewsDesk, NewsSource, Weighed, tone_of
from tools.market.windows import Window

APPLE = Instrument(symbol="AAPL", name="Apple Inc.")
NVIDIA = Instrument(symbol="NVDA", name="NVIDIA Corporation", aliases=("Nvidia",))


def desk(*stories: Told, model: SentimentModel | None = None) -> NewsDesk:
    source: NewsSource = Shelf(*stories)
    return NewsDesk(source, lambda: [APPLE, NVIDIA], lambda: model or WordCount())


def weighed(score: float, days_ago: float, relevance: float = 1) -> Weighed:
    return Weighed(AT - timedelta(days=days_ago), score, relevance)


def test_no_news_is_no_evidence_and_not_a_neutral_tone() -> None:
    """A missing term must stay missing: a neutral one would pull a signal towards the middle."""
    result = desk(told("Nvidia rises")).news(APPLE, AT)
    assert (result.tone, result.stories, result.rows, result.model) == (None, 0, (), "")
    assert desk().tone("AAPL", AT) is None
    assert tone_of([], AT) is None
    flat = desk(told("Apple opens a store")).news(APPLE, AT).tone
    assert flat is not None
    assert (flat.mean, flat.count) == (0, 1)


def test_nothing_later_than_asked_is_seen() -> None:
    """time:asof - neither in the rows nor in the tone."""
    both = desk(told("Apple rises", 2), told("Apple falls", -1))
    result = both.news(APPLE, AT)
    assert [row.headline for row in result.rows] == ["Apple rises"]
    assert result.tone == desk(told("Apple rises", 2)).news(APPLE, AT).tone
    assert tone_of([weighed(1, -1)], AT) is None


def test_a_newer_story_and_a_closer_one_count_more() -> None:
    """Half after a half-life; and as much as it is about the symbol."""
    tone = tone_of([weighed(1, 0), weighed(-1, HALF_LIFE_DAYS)], AT)
    assert tone is not None
    assert tone.mean == pytest.approx(1 / 3, abs=1e-4)
    assert tone.weight == pytest.approx(1.5)
    close = tone_of([weighed(1, 0, 1.0), weighed(-1, 0, 0.25)], AT)
    assert close is not None
    assert close.mean == pytest.approx(0.6)
    assert close.dispersion == pytest.approx(0.8)


def test_stories_of_long_ago_still_have_a_tone_but_hardly_a_weight() -> None:
    """Weights are compared with each other, so they never all vanish; `weight` tells how little they are."""
    tone = tone_of([weighed(1, 20_000), weighed(1, 20_001)], AT)
    assert tone is not None
    assert (tone.mean, tone.weight) == (1, 0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 400), st.floats(0.1, 1)), min_size=1, max_size=20))
def test_a_tone_lies_between_its_scores(stories: list[tuple[float, float, float]]) -> None:
    """It is a mean, whatever the weights."""
    tone = tone_of([weighed(*one) for one in stories], AT)
    assert tone is not None
    scores = [score for score, _, _ in stories]
    assert min(scores) - 1e-3 <= tone.mean <= max(scores) + 1e-3
    assert 0 <= tone.dispersion <= 1.001
    assert tone.count == len(stories)


def test_a_result_counts_all_and_shows_the_newest() -> None:
    """The card is short; the tone rests on everything."""
    result = desk(*(told(f"Apple rises for the {n} time", n) for n in range(15))).news(APPLE, AT)
    assert (result.stories, len(result.rows), dict(result.labels)) == (15, MOST_SHOWN, {"positive": 15})
    assert [row.known_at for row in result.rows] == sorted((row.known_at for row in result.rows), reverse=True)
    assert result.tone is not None
    assert (result.tone.count, result.model) == (15, "word-count")


def test_a_window_is_read_as_of_its_end() -> None:
    """News of May as it stood at the end of May; earlier stories only make it more or less new."""
    shelf = desk(told("Apple falls", 60), told("Apple rises", 40), told("Apple falls again", 1))
    may = Window(start=date(2023, 5, 1), end=date(2023, 5, 31), period=True)
    result = shelf.news(APPLE, AT, may)
    assert [row.headline for row in result.rows] == ["Apple rises"]
    assert result.rows[0].impact.novelty < 1
    assert (result.start, result.end) == (may.start, may.end)
    early = shelf.news(APPLE, datetime(2023, 5, 2, tzinfo=UTC), may)
    assert (early.stories, early.end) == (0, date(2023, 5, 2))


def test_all_of_history_can_be_asked_for() -> None:
    """ "all time" starts before any calendar of ours would like to look further back."""
    ever = Window(start=date(1900, 1, 1), end=AT.date(), period=True)
    assert desk(told("Apple rises", 3000)).news(APPLE, AT, ever).stories == 1


def test_without_a_model_the_headlines_are_told_and_nothing_is_made_up() -> None:
    """degrade:say - no tone, no scores, the reason and what mends it."""

    def missing() -> SentimentModel:
        raise Unavailable("There is no sentiment model.", fix="Fetch one.")

    result = NewsDesk(Shelf(told("Apple rises")), lambda: [APPLE], missing).news(APPLE, AT)
    assert (result.tone, result.model, result.labels) == (None, "", {})
    assert (result.rows[0].score, result.rows[0].label, result.rows[0].impact.surprise) == (None, None, None)
    assert result.degraded == ("sentiment: There is no sentiment model. Fetch one. Headlines only.",)


def test_new_instruments_are_linked_without_a_restart() -> None:
    """A symbol that is imported later finds the news that was there before."""
    known = [NVIDIA]
    reader = NewsDesk(Shelf(told("Apple rises")), lambda: list(known), WordCount)
    assert reader.news(APPLE, AT).stories == 0
    known.append(APPLE)
    assert reader.news(APPLE, AT).stories == 1


def test_sample_stories_are_labelled_in_the_row_and_the_result() -> None:
    """Fiction says that it is, wherever it shows."""
    result = desk(told("Apple rises", sample=True)).news(APPLE, AT)
    assert (result.sample, result.rows[0].sample) == (True, True)
