"""Evidence from news and forecasts: each row from what was known at its close, the same whatever came later."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.feeds.news_files import RawNews
from brokers.feeds.sample.read import news_version, read_sample_news
from brokers.vocabulary import Instrument, NewsItem, Unavailable
from models.forecast import HORIZONS
from models.forecast_folds import FoldRows, Folds
from models.registry import ModelUnavailable, Registry
from models.sentiment import Sentiment, SentimentModel
from storage.market_file import signature_of
from storage.market_news import MarketNews
from storage.market_news_import import NewsWriter
from storage.news_scores import NewsScores, text_key
from tests.support.market import HOURS
from tests.support.news import WordCount
from tests.tools.signals.markets import Market, close_of, walk
from tools.market.evidence import (
    BASE_RATE,
    BATCH,
    FEWEST_STRETCHES,
    OUT_OF_FOLD,
    PRIOR,
    STRETCHES,
    TOGETHER,
    HeadlineReader,
    MarketEvidence,
    base_rates,
    model_version,
)
from tools.market.news import HALF_LIFE_DAYS, NewsDesk, Weighed, tone_of
from tools.market.news_history import NewsHistory
from tools.market.news_impact import FEWEST, LOOK_BACK, impact_of
from tools.market.news_impact import Earlier as EarlierItem
from tools.market.news_impact import words_of as words
from tools.market.news_linking import Linker
from tools.signals.bars import Bars
from tools.signals.engine import SignalEngine
from tools.signals.evidence import Evidence
from tools.signals.market_record import Rules

APPLE = Instrument(symbol="AAPL", name="Apple Inc.")
NVIDIA = Instrument(symbol="NVDA", name="NVIDIA Corporation", aliases=("Nvidia",))
KNOWN = [APPLE, NVIDIA]
LONG_AGO: Mapping[str, date] = {"AAPL": date(2000, 1, 3), "NVDA": date(2000, 1, 3)}
CLOSES = HOURS.closes(date(2022, 11, 1), date(2023, 1, 31))
"""The Friday after Thanksgiving closes at 18:00 UTC, the other days at 20:00 or 21:00."""
DAYS = list(CLOSES)
NOW = datetime(2023, 6, 1, tzinfo=UTC)
COLUMNS = ("tone", "tone_weight", "impact", "p_up")


class Mixed:
    """A model whose score is in the text's digest: any value from -1 to 1, reproducible, and counted."""

    name = "mixed"

    def __init__(self, stop_after: int | None = None, odd: dict[str, float] | None = None) -> None:
        self.asked: list[str] = []
        self._stop_after, self._odd = stop_after, odd or {}

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        if self._stop_after is not None and len(self.asked) >= self._stop_after:
            raise ModelUnavailable("The model went away.", fix="Bring it back.")
        self.asked += texts
        return [Sentiment.model_construct(score=self._odd.get(text, score_of(text)), model=self.name) for text in texts]


def score_of(text: str) -> float:
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") / 2**31 - 1


def bars(days: Sequence[date] = DAYS, symbol: str = "AAPL", seed: int = 1) -> Bars:
    """Bars on those sessions; the first ones are the same for any number of days."""
    price = 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.02, len(days))))
    return Bars(symbol, np.array(days, dtype="datetime64[D]"), price, price, price, price, price, np.ones(len(days)))


def raw(headline: str, at: datetime, source: str = "Wire", symbols: tuple[str, ...] = (), line: int = 1) -> RawNews:
    return RawNews(line=line, headline=headline, source=source, published_at=at, symbols=symbols)


def no_folds() -> Folds:
    raise ModelUnavailable("There are no folds.", fix="Make them.")


class Home:
    """A folder with a market store and kept scores, as a desk puts evidence together."""

    def __init__(self, folder: Path, *rows: RawNews) -> None:
        self.folder = folder
        self.path = folder / "market.duckdb"
        if rows:
            self.bring(*rows)

    def bring(self, *rows: RawNews, now: datetime = NOW) -> None:
        NewsWriter(self.path).import_news(rows, source="news.jsonl", now=now)

    def evidence(
        self,
        model: Callable[[], SentimentModel] | SentimentModel | None = None,
        folds: Callable[[], Folds] = no_folds,
        progress: Callable[[int, int], None] | None = None,
        instruments: Callable[[], Sequence[Instrument]] = lambda: KNOWN,
        most: int | None = None,
        first_bar: Callable[[], Mapping[str, date]] = lambda: LONG_AGO,
    ) -> MarketEvidence:
        chosen = model or Mixed()
        kept = NewsScores(self.folder / "news_scores.sqlite")
        opened = chosen if callable(chosen) else lambda: chosen
        return MarketEvidence(
            NewsHistory(MarketNews(self.path), lambda: signature_of(self.path), instruments, first_bar),
            HeadlineReader(opened, lambda _: "1", kept, progress),
            folds,
            CLOSES.__getitem__,
            most,
        )


def close(place: int) -> datetime:
    return CLOSES[DAYS[place]]


def row_bytes(found: Evidence, count: int) -> list[bytes]:
    return [getattr(found, name)[:count].tobytes() for name in COLUMNS]


_HEADLINES = (
    "Apple beats estimates on strong phones",
    "Apple beats estimates on strong phone sales",
    "Apple sued over patents in court",
    "Nvidia unveils a chip that Apple may use",
    "Analysts cut Apple to sell rating",
    "Store opens in Paris",
    "Nvidia and Apple agree on supply",
    "Apple outlook lowered by weak demand",
)
_moments = st.one_of(
    st.integers(0, 60 * 86400),
    st.tuples(st.integers(0, len(DAYS) - 1), st.integers(-1, 1)),  # around a close, to the second
)
_items = st.lists(
    st.tuples(
        st.sampled_from(_HEADLINES),
        st.integers(0, 4),
        _moments,
        st.sampled_from(("Wire", "Ledger", "Herald")),
        st.sampled_from(((), ("AAPL",), ("NVDA",), ("AAPL", "NVDA"), ("AAPL", "XX", "YY", "ZZ"))),
    ),
    min_size=1,
    max_size=40,
)
Drawn = tuple[str, int, int | tuple[int, int], str, tuple[str, ...]]


def rows_of(drawn: Sequence[Drawn]) -> list[RawNews]:
    """Distinct rows; a number in a headline makes it another story, its absence a retelling."""
    found: list[RawNews] = []
    for line, (headline, number, moment, source, symbols) in enumerate(drawn):
        at = close(moment[0]) + timedelta(seconds=moment[1]) if isinstance(moment, tuple) else close(0)
        at += timedelta(seconds=moment) if isinstance(moment, int) else timedelta()
        found.append(raw(f"{headline} {number}" if number else headline, at, source, symbols, line))
    return found


_checked = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def fresh(folder: Path, *rows: RawNews) -> Home:
    """A home of its own for each example."""
    return Home(folder / str(len(list(folder.iterdir()))), *rows)


@_checked
@given(_items, st.sampled_from(("AAPL", "NVDA")))
def test_tone_is_what_the_desk_would_have_said_at_each_close(tmp_path: Path, drawn: list[Drawn], symbol: str) -> None:
    """At every bar the mean and weight of `tone_of` over the last 30 days, as stories were known then."""
    home = fresh(tmp_path, *rows_of(drawn))
    found = home.evidence().evidence(bars(symbol=symbol), NOW)
    desk = NewsDesk(MarketNews(home.path), lambda: KNOWN, Mixed)
    for place, day in enumerate(DAYS):
        tone = desk.tone(symbol, CLOSES[day])
        if tone is None:
            assert np.isnan(found.tone[place])
            assert np.isnan(found.tone_weight[place])
        else:
            assert found.tone[place] == pytest.approx(tone.mean, abs=1e-4)
            assert found.tone_weight[place] == pytest.approx(tone.weight, abs=1e-4)


@_checked
@given(_items, st.integers(1, len(DAYS) - 1))
def test_rows_are_the_same_to_the_last_bit_whatever_came_later(tmp_path: Path, drawn: list[Drawn], count: int) -> None:
    """time:asof - with the items and bars after a close, or without them; and so is the version as of then."""
    cut = close(count - 1)
    rows = rows_of(drawn)
    whole = fresh(tmp_path, *rows)
    early = fresh(tmp_path, *[row for row in rows if row.published_at is not None and row.published_at <= cut])
    all_days, until_then = whole.evidence(), early.evidence()
    later, then = all_days.evidence(bars(), NOW), until_then.evidence(bars(DAYS[:count]), cut)
    assert row_bytes(later, count) == row_bytes(then, count)
    assert row_bytes(all_days.evidence(bars(DAYS[:count]), cut), count) == row_bytes(then, count)
    assert all_days.version("AAPL", cut) == until_then.version("AAPL", cut)


@_checked
@given(_items)
def test_impact_is_the_fading_sum_of_new_surprises(tmp_path: Path, drawn: list[Drawn]) -> None:
    """At every bar the sum, story by story, of surprise, novelty, relevance and what is left by then."""
    home = fresh(tmp_path, *[raw(*_told(one)) for one in rows_of(drawn)])
    found = home.evidence().evidence(bars(), NOW)
    stories = MarketNews(home.path).stories(NOW)
    linker = Linker(KNOWN)
    about = [
        (story.item, mention.relevance)
        for story in stories
        for mention in linker.mentions(story.item)
        if mention.symbol == "AAPL"
    ]
    earlier = [
        EarlierItem(known_at=item.known_at, words=words(item.headline, item.source), score=score_of(item.headline))
        for item, _ in about
    ]
    for place, day in enumerate(DAYS):
        at, total, told = CLOSES[day], 0.0, 0
        for item, relevance in about:
            score = score_of(item.headline)
            before = [one.score or 0.0 for one in earlier if _before(one.known_at, item.known_at)]
            if not at - timedelta(days=30) <= item.known_at <= at or len(before) < FEWEST:
                continue
            said = impact_of(item.headline, item.known_at, score, earlier, at)
            left = 2 ** (-((at - item.known_at) / timedelta(days=1)) / said.half_life_days)
            total += (score - sum(before) / len(before)) * said.novelty * relevance * left
            told += 1
        if told:
            assert found.impact[place] == pytest.approx(max(-1.0, min(1.0, total)), abs=0.02)
        else:
            assert np.isnan(found.impact[place])


def _told(row: RawNews) -> tuple[str, datetime]:
    """One source and no tags: so that a story is all about its symbol from its first telling on."""
    assert row.published_at is not None
    return row.headline, row.published_at


def _before(earlier: datetime, at: datetime) -> bool:
    return at - LOOK_BACK <= earlier < at


def test_an_item_counts_from_the_close_it_was_known_at(tmp_path: Path) -> None:
    """time:asof - at the close's own second it counts there, one second later from the next bar; early closes too."""
    short = DAYS.index(date(2022, 11, 25))
    assert close(short).hour == 18
    at = fresh(tmp_path, raw("Apple rises", close(short))).evidence().evidence(bars(), NOW)
    after = fresh(tmp_path, raw("Apple rises", close(short) + timedelta(seconds=1))).evidence().evidence(bars(), NOW)
    assert int(np.argmax(np.isfinite(at.tone))) == short
    assert int(np.argmax(np.isfinite(after.tone))) == short + 1


def test_a_story_is_evidence_for_thirty_days_and_then_there_is_none(tmp_path: Path) -> None:
    """No news is no evidence, not a neutral reading; and one story departs from nothing."""
    found = fresh(tmp_path, raw("Apple rises", close(3))).evidence().evidence(bars(), NOW)
    inside = [close(3) <= CLOSES[day] <= close(3) + timedelta(days=30) for day in DAYS]
    assert np.isfinite(found.tone).tolist() == inside
    assert np.isfinite(found.tone_weight).tolist() == inside
    assert np.isnan(found.impact).all()
    np.testing.assert_allclose(found.tone[inside], score_of("Apple rises"))
    assert found.tone_weight[3] == 1


def test_a_repetition_has_no_impact(tmp_path: Path) -> None:
    """The same words a week later change the tone, and move nothing."""
    base = [raw(f"Apple opens store number {n}", close(1) + timedelta(hours=n)) for n in range(4)]
    first = raw("Apple sued over patents", close(5))
    again = raw("Apple sued over patents", close(10), "Ledger")
    without, with_it = (fresh(tmp_path, *base, first, *more).evidence().evidence(bars(), NOW) for more in ([], [again]))
    np.testing.assert_array_equal(without.impact[:20], with_it.impact[:20])
    assert np.isfinite(without.impact[10:20]).all()
    assert without.tone[10] != with_it.tone[10]


def test_sample_news_is_no_evidence_and_the_note_says_why(tmp_path: Path) -> None:
    """It was written with hindsight; a person's own item ends that, and the version changes."""
    home = Home(tmp_path)
    NewsWriter(home.path).seed(read_sample_news(), version=news_version(), now=NOW)
    source = home.evidence()
    found = source.evidence(bars(), NOW)
    assert np.isnan(found.tone).all()
    assert np.isnan(found.impact).all()
    assert any("sample news measures nothing" in note for note in found.notes)
    before = source.version("AAPL", NOW)
    home.bring(raw("Apple rises", close(3)))
    assert source.version("AAPL", NOW) != before
    own = source.evidence(bars(), NOW)
    assert np.isfinite(own.tone[3])
    assert np.isnan(own.tone[:3]).all()
    assert not any("sample" in note for note in own.notes)


def test_the_version_follows_what_is_known_and_not_the_clock(tmp_path: Path) -> None:
    """An import changes it, of that symbol; time that brings nothing does not; a new instrument finds old news."""
    home = Home(tmp_path, raw("Apple rises", close(3)))
    known = [APPLE]
    source = home.evidence(instruments=lambda: list(known))
    early, first = source.version("AAPL", close(2)), source.version("AAPL", close(3))
    assert early != first
    assert {source.version("AAPL", close(place)) for place in range(3, 20)} == {first}
    home.bring(raw("Apple falls", close(8)))
    assert source.version("AAPL", close(7)) == first
    assert source.version("AAPL", close(8)) != first
    nothing = source.version("NVDA", NOW)
    home.bring(raw("Nvidia rises", close(9)))
    assert source.version("NVDA", NOW) == nothing
    known.append(NVIDIA)
    assert source.version("NVDA", NOW) != nothing


def test_headlines_are_read_once_alone_and_with_progress(tmp_path: Path) -> None:
    """A second process takes no model time; repeated words are one reading; the callback hears of every batch."""
    count = 2 * BATCH + 10
    rows = [raw(f"Apple item {n}", close(1) + timedelta(hours=n), line=n) for n in range(count)]
    home, model, heard = Home(tmp_path, *rows), Mixed(), list[tuple[int, int]]()
    first = home.evidence(model, progress=lambda done, total: heard.append((done, total))).evidence(bars(), NOW)
    assert len(model.asked) == len(set(model.asked)) == count
    assert heard == [(BATCH, count), (2 * BATCH, count), (count, count)]
    again = Mixed(stop_after=0)
    second = home.evidence(again, progress=lambda done, total: heard.append((done, total))).evidence(bars(), NOW)
    assert again.asked == []
    assert len(heard) == 3
    assert row_bytes(first, len(DAYS)) == row_bytes(second, len(DAYS))
    home.bring(raw("Apple item new", close(40)))
    third = Mixed()
    home.evidence(third).evidence(bars(), NOW)
    assert third.asked == ["Apple item new"]


def test_a_model_that_stops_on_the_way_keeps_what_it_read(tmp_path: Path) -> None:
    """What it did not come to is no evidence, and said; the next process goes on from there."""
    rows = [raw(f"Apple item {n}", close(n // 4), line=n) for n in range(2 * TOGETHER)]
    home, half = Home(tmp_path, *rows), TOGETHER // 4
    source = home.evidence(Mixed(stop_after=TOGETHER))
    found = source.evidence(bars(), NOW)
    assert np.isfinite(found.tone[:half]).all()
    assert np.isnan(found.tone[half:]).all()
    assert found.partial
    assert any("The model went away." in note for note in found.notes)
    rest = Mixed()
    mended = home.evidence(rest)
    whole = mended.evidence(bars(), NOW)
    assert source.version("AAPL", NOW) != mended.version("AAPL", NOW)
    assert len(rest.asked) == TOGETHER
    assert row_bytes(found, half) == row_bytes(whole, half)
    assert np.isfinite(whole.tone[: 2 * half]).all()


def test_in_a_turn_new_headlines_are_read_all_or_none(tmp_path: Path) -> None:
    """Nobody waits ten minutes; asking again, in whatever process, does not change the answer; reading all does."""
    rows = [raw(f"{name} item {n}", close(n // 4), line=n) for n in range(12) for name in ("Apple", "Nvidia")]
    home, model = Home(tmp_path, *rows), Mixed()
    source, other = home.evidence(model, most=23), home.evidence(model, most=23)
    said = [one.version("AAPL", NOW) for one in (source, source, other, home.evidence(model, most=23))]
    said += [one.version("NVDA", NOW) and one.version("AAPL", NOW) for one in (source, other)]
    assert len(set(said)) == 1
    assert model.asked == []
    found = source.evidence(bars(), NOW)
    assert "24 headlines are not read yet; `deskmate evaluate` reads them all." in " ".join(found.notes)
    assert found.partial
    assert np.isnan([found.tone, found.tone_weight, found.impact]).all()
    heard: list[tuple[int, int]] = []
    source.read_all(NOW, lambda done, total: heard.append((done, total)))
    assert heard == [(24, 24)]
    assert len(model.asked) == len(set(model.asked)) == 24
    whole = source.evidence(bars(), NOW)
    assert np.isfinite(whole.tone[:6]).all()
    assert not whole.partial
    assert not any("not read yet" in note for note in whole.notes)
    assert other.version("AAPL", NOW) == source.version("AAPL", NOW) != said[0]  # another process sees what was read
    assert row_bytes(other.evidence(bars(), NOW), len(DAYS)) == row_bytes(whole, len(DAYS))


def test_kept_scores_do_not_use_up_the_limit(tmp_path: Path) -> None:
    """What was read before is taken whole; what is new is read if it is little, else missing from there on."""
    home = Home(tmp_path, *[raw(f"Apple item {n}", close(n // 4), line=n) for n in range(40)])
    home.evidence().read_all(NOW)
    home.bring(*[raw(f"Apple news {n}", close(15), line=n) for n in range(8)])
    much, little = home.evidence(Mixed(), most=7), home.evidence(Mixed(), most=8)
    much.version("AAPL", NOW)
    early = much.evidence(bars(), NOW)
    assert np.isfinite(early.tone[:15]).all()
    assert np.isnan(early.tone[15:]).all()
    assert "8 headlines are not read yet" in " ".join(early.notes)
    before = much.evidence(bars(DAYS[:15]), close(14))
    assert not before.partial
    assert row_bytes(before, 15) == row_bytes(early, 15)
    little.version("AAPL", NOW)
    whole = little.evidence(bars(), NOW)
    assert not whole.partial
    assert row_bytes(whole, 15) == row_bytes(early, 15)


@_checked
@given(_items, st.integers(0, 12), st.lists(st.sampled_from(("AAPL", "NVDA", "XX")), max_size=6))
def test_an_answer_does_not_depend_on_who_asked_before(
    tmp_path: Path, drawn: list[Drawn], most: int, asked: list[str]
) -> None:
    """Version and rows are the store's: the same for a first question and after any others, of one instant."""
    rows = rows_of(drawn)
    fresh_home, worn_home = fresh(tmp_path, *rows), fresh(tmp_path, *rows)
    for symbol in asked:
        worn_home.evidence(most=most).version(symbol, NOW)
    first, later = fresh_home.evidence(most=most), worn_home.evidence(most=most)
    for symbol in asked:
        later.version(symbol, NOW)
    assert first.version("AAPL", NOW) == later.version("AAPL", NOW)
    answers = [one.evidence(bars(), NOW) for one in (first, later)]
    assert row_bytes(answers[0], len(DAYS)) == row_bytes(answers[1], len(DAYS))
    assert (answers[0].notes, answers[0].partial) == (answers[1].notes, answers[1].partial)


@_checked
@given(_items, st.integers(1, len(DAYS) - 1))
def test_a_symbol_whose_bars_begin_later_changes_nothing_before(tmp_path: Path, drawn: list[Drawn], place: int) -> None:
    """time:asof - to the last bit: named in old news or not, known by now or not, missing among first bars or not."""
    home, until = fresh(tmp_path, *rows_of(drawn)), close(place)
    begins = {**LONG_AGO, "NVDA": DAYS[place]}
    with_it = home.evidence(first_bar=lambda: begins)
    alone = home.evidence(instruments=lambda: [APPLE], first_bar=lambda: begins)
    unborn = home.evidence(first_bar=lambda: {"AAPL": LONG_AGO["AAPL"]})
    expected = row_bytes(alone.evidence(bars(), NOW), place + 1)
    assert row_bytes(with_it.evidence(bars(), NOW), place + 1) == expected
    assert row_bytes(unborn.evidence(bars(), NOW), len(DAYS)) == row_bytes(alone.evidence(bars(), NOW), len(DAYS))
    assert with_it.version("AAPL", until) == alone.version("AAPL", until)


def test_another_symbol_counts_from_the_day_after_its_first_session(tmp_path: Path) -> None:
    """Second in a headline is less than its subject, once the subject trades; new first bars link everything again."""
    home = Home(tmp_path, *[raw(f"Nvidia sues Apple {n}", close(n), line=n) for n in (3, 8)])
    begins = {**LONG_AGO, "NVDA": DAYS[7]}
    source = home.evidence(first_bar=lambda: begins)
    found = source.evidence(bars(), NOW)
    assert found.tone_weight[3] == 1
    age = (close(8) - close(3)) / timedelta(days=1)
    assert found.tone_weight[8] == pytest.approx(0.8 + 2 ** (-age / HALF_LIFE_DAYS))
    begins["NVDA"] = DAYS[2]
    home.bring(raw("Store opens in Paris", close(9)))  # the store's state names its bars too
    assert source.evidence(bars(), NOW).tone_weight[3] == pytest.approx(0.8)


def test_a_signal_of_partial_evidence_does_not_pass_for_one_of_the_whole(tmp_path: Path) -> None:
    """Its version says so; once all is read, the same engine answers as one that never saw a part."""
    market = walk(1, 300, "AAPL")
    asof = close_of(market.session(-1))
    home = Home(tmp_path, *[raw(f"Apple item {n}", asof - timedelta(days=n), line=n) for n in range(3)])

    def engine() -> tuple[SignalEngine, MarketEvidence]:
        news = NewsHistory(MarketNews(home.path), lambda: 1, lambda: KNOWN, lambda: LONG_AGO)
        reader = HeadlineReader(Mixed, lambda _: "1", NewsScores(tmp_path / "news_scores.sqlite"))
        source = MarketEvidence(news, reader, no_folds, lambda day: close_of(day), 2)
        return SignalEngine(Market(market), evidence=source), source

    first, source = engine()
    part = first.analyze("AAPL", asof)
    assert {part.strategies[0].version} == {f"{Rules().version()}-partial"}
    assert "-partial" in part.version
    source.read_all(asof)
    whole = first.analyze("AAPL", asof)
    assert whole.strategies[0].version == Rules().version()
    assert "-partial" not in whole.version
    assert whole == engine()[0].analyze("AAPL", asof)


def test_without_a_model_there_is_no_evidence_from_news(tmp_path: Path) -> None:
    """It is said why, it costs nothing to ask again, and the version says that nobody reads."""
    asked: list[int] = []

    def missing() -> SentimentModel:
        asked.append(1)
        raise ModelUnavailable("There is no model.", fix="Fetch one.")

    home = Home(tmp_path, raw("Apple rises", close(3)))
    source = home.evidence(missing)
    version = source.version("AAPL", NOW)
    found = source.evidence(bars(), NOW)
    assert np.isnan(found.tone).all()
    assert np.isnan(found.impact).all()
    assert any("There is no model." in note for note in found.notes)
    assert source.version("AAPL", NOW) == version
    assert len(asked) == 1
    assert home.evidence().version("AAPL", NOW) != version


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 3.0])
def test_what_is_no_score_is_dropped_and_not_kept(tmp_path: Path, odd: float) -> None:
    """The other stories stand; the note counts what is left out; nothing of it is on disk."""
    rows = [raw("Apple odd", close(3)), raw("Apple even", close(4)), raw("Apple third", close(5))]
    home = Home(tmp_path, *rows)
    found = home.evidence(Mixed(odd={"Apple odd": odd})).evidence(bars(), NOW)
    assert np.isnan(found.tone[3])
    assert found.tone[4] == pytest.approx(score_of("Apple even"))
    assert any("1 stories were given no score" in note for note in found.notes)
    kept = NewsScores(tmp_path / "news_scores.sqlite").known("mixed", "1", [text_key(one.headline) for one in rows])
    assert text_key("Apple odd") not in kept
    assert len(kept) == 2


def test_an_item_of_the_future_never_counts(tmp_path: Path) -> None:
    """time:asof - neither one known after the last bar nor one that a store should have kept apart."""
    item = NewsItem(
        id="1", source="Wire", published_at=NOW, known_at=datetime(2999, 1, 1, tzinfo=UTC), headline="Apple rises"
    )

    class Future:
        def items(self, asof: datetime, since: datetime | None = None) -> Sequence[NewsItem]:
            return [item] if asof >= item.known_at else []

    model = Mixed()
    reader = HeadlineReader(lambda: model, lambda _: "1", NewsScores(tmp_path / "scores.sqlite"))
    news = NewsHistory(Future(), lambda: 1, lambda: KNOWN, lambda: LONG_AGO)
    source = MarketEvidence(news, reader, no_folds, CLOSES.__getitem__)
    found = source.evidence(bars(), NOW)
    assert np.isnan(found.tone).all()
    assert model.asked == []
    assert source.version("AAPL", NOW) == source.version("NVDA", NOW)


@settings(deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=700), st.integers(0, 10_000))
def test_a_base_rate_is_the_share_of_ended_stretches_that_rose(prices: list[int], seed: int) -> None:
    """Counted by hand at a random bar; equal closes did not rise; fewer than sixty say nothing."""
    closes = np.array(prices * (1 + seed % 3), dtype=np.float64)
    found = base_rates(closes)
    at = seed % len(closes)
    for place, sessions in enumerate(HORIZONS):
        ended = [closes[end] > closes[end - sessions] for end in range(sessions, at + 1)][-STRETCHES:]
        if len(ended) < FEWEST_STRETCHES:
            assert np.isnan(found[at, place])
        else:
            share = sum(ended) / len(ended)
            expected = (len(ended) * share + PRIOR * 0.5) / (len(ended) + PRIOR)
            assert found[at, place] == pytest.approx(expected, abs=1e-12)
    assert base_rates(closes[: at + 1]).tobytes() == found[: at + 1].tobytes()


def test_out_of_fold_rows_speak_where_there_are_any(tmp_path: Path) -> None:
    """The base rate stands on the other days; the last row's forecaster is named; refused rows are counted."""
    days = np.array(DAYS, dtype="datetime64[D]")
    count = len(days)
    walked = FoldRows(
        np.array(["AAPL"] * count),
        days,
        np.full((count, len(HORIZONS)), 0.625, dtype=np.float32),
        np.where(np.arange(count) == 5, days, days - 1),
    )
    source = Home(tmp_path).evidence(folds=lambda: Folds(walked, "digest"))
    found = source.evidence(bars(), NOW)
    assert np.isnan(found.p_up[5]).all()
    assert (np.delete(found.p_up, 5, axis=0) == 0.625).all()
    assert found.forecaster == OUT_OF_FOLD
    assert any("1 rows were refused" in note for note in found.notes)
    assert source.version("AAPL", NOW) == "digest"
    longer = bars([DAYS[0] + timedelta(days=n) for n in range(200)], "NVDA")
    other = source.evidence(longer, NOW)
    np.testing.assert_array_equal(other.p_up, base_rates(longer.close))
    assert other.forecaster == BASE_RATE


def test_without_folds_and_bars_nothing_is_made_up(tmp_path: Path) -> None:
    """Too short a history has no forecaster; no bars have no rows; the note names what stands in."""
    source = Home(tmp_path).evidence()
    found = source.evidence(bars(), NOW)
    assert found.forecaster == BASE_RATE or np.isnan(found.p_up[-1]).all()
    assert any("There are no folds." in note for note in found.notes)
    empty = source.evidence(bars([]), NOW)
    assert (len(empty.tone), empty.p_up.shape, empty.forecaster) == (0, (0, 3), "")


def test_the_models_version_is_its_files() -> None:
    """Two models differ; one that does not exist has none."""
    registry = Registry()
    assert model_version(registry, "compact-sentiment") != model_version(registry, "tft")
    with pytest.raises(Unavailable):
        model_version(registry, "nobody")


def test_words_that_are_counted_give_the_tone_by_hand(tmp_path: Path) -> None:
    """Two stories, one half-life apart: worked out on paper."""
    home = Home(tmp_path, raw("Apple rises", close(3)), raw("Apple falls", close(3) + timedelta(days=5)))
    at = DAYS.index((close(3) + timedelta(days=5)).date())
    found = home.evidence(WordCount()).evidence(bars(), NOW)
    expected = tone_of([Weighed(close(3), 0.8, 1.0), Weighed(close(3) + timedelta(days=5), -0.8, 1.0)], close(at))
    assert expected is not None
    assert found.tone[at] == pytest.approx(expected.mean, abs=1e-4)
    assert found.tone[at] == pytest.approx(-0.8 / 3, abs=1e-3)
