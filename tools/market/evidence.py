"""Evidence for signals from news and forecasts: one row a bar, each from what was known at that bar's close.

Headlines are read once: their scores are kept in the home. A model must read a text the same whatever is read beside
it, or what came later would move what came before; the classifiers here read each by itself.
P(up) is what a forecaster said out of fold where such rows are kept, else how often such stretches rose before.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Protocol

import numpy as np

from brokers.vocabulary import DeskmateError
from models.forecast_folds import Folds
from models.registry import ModelUnavailable, Registry
from models.sentiment import SentimentModel
from storage.news_scores import text_key
from tools.market.news_history import FOREVER, Instants, NewsHistory, SymbolNews, impact_at, instant, tone_at
from tools.signals.bars import Bars, BoolArray, FloatArray
from tools.signals.evidence import FORECAST_SESSIONS, Evidence

BATCH = 256
"""Headlines between two times that scores are kept and progress is told."""
TOGETHER = 32
"""Headlines handed to the model at once; it reads each by itself, on all cores."""
MOST_IN_A_TURN = 200
"""Headlines that are read while somebody waits for an answer, about a second; where there are more, none is."""
STRETCHES = 500
"""Resolved stretches that a base rate rests on; the last ones."""
FEWEST_STRETCHES = 60
PRIOR = 20
"""Stretches' worth of an even chance that a base rate begins with."""
OUT_OF_FOLD = "tft out of fold"
BASE_RATE = f"base rate of the last {STRETCHES} stretches"
_SAMPLE = "news: sample news measures nothing, so it is no evidence. `deskmate import news FILE` brings your own."


Progress = Callable[[int, int], None]
"""Hears how many of how many headlines the model has read."""


class KeptScores(Protocol):
    """Where scores are kept by the model's name, its version and the key of the text."""

    def known(self, model: str, version: str, texts: Sequence[bytes]) -> dict[bytes, float]:
        """The scores kept of those texts."""
        ...

    def keep(self, model: str, version: str, scores: Mapping[bytes, float]) -> None:
        """Keep more of them."""
        ...


def model_version(registry: Registry, name: str) -> str:
    """Names the files that answer as the model `name`: a person's own, or the shipped ones where those cannot be used.

    Raises:
        ModelUnavailable: there is no such model.
    """
    try:
        registry.folder(name)
        card = registry.card(name)
    except ModelUnavailable:
        card = registry.shipped_only().card(name)
    files = (f"{file} {digest}" for file, digest in sorted(card.files.items()))
    return sha256("\n".join([card.version, *files]).encode()).hexdigest()


class HeadlineReader:
    """How headlines read, each by itself; what was read once takes no model time again.

    `model` gives the sentiment model or raises a `DeskmateError`, `version` names what answers under a model's name,
    `progress` hears how many of how many headlines the model has read. A model that is missing or stops on the way is
    asked again once there is more to read; what it read until then is kept.
    """

    def __init__(
        self,
        model: Callable[[], SentimentModel],
        version: Callable[[str], str],
        kept: KeptScores,
        progress: Progress | None = None,
    ) -> None:
        self._model, self._version, self._kept, self._progress = model, version, kept, progress
        self._scores: dict[str, float] = {}
        self._opened: tuple[SentimentModel, str] | None = None
        self._tried = (0, 0)
        """Generation and number of stories when the model was asked for last."""
        self._done = (0, 0)
        """Generation, and how many of its stories are read without a gap."""
        self._taken = (0, 0)
        """Generation, and how many of its stories kept scores were looked up for."""
        self._stopped = (0, 0)
        """Generation and number of stories up to which reading failed."""
        self._waiting = ((0, 0, 0, 0), 0)
        """How many headlines wait, and the state that was counted in."""
        self._problem = ""

    def identity(self, news: NewsHistory) -> str:
        """Names the model that reads, or says that there is none."""
        opened = self._open(news)
        return "no model" if opened is None else f"{opened[0].name} {opened[1]}"

    def read(self, news: NewsHistory, upto: int, most: int | None = None, progress: Progress | None = None) -> None:
        """Read the stories known by `upto` (microseconds since 1970) that are not read yet, oldest first.

        Kept scores are taken without a limit. Where more than `most` headlines need the model, none is read: how far
        reading got must not depend on how often somebody asked. `progress` hears how many of how many headlines the
        model has read.
        """
        known = bisect_right(news.linked_at, upto)
        stopped = self._stopped[1] if self._stopped[0] == news.generation else 0
        if known <= max(self._begin(news), stopped):
            return
        opened = self._open(news)
        if opened is None:
            return
        try:
            self._take(news, known, *opened)
            if most is None or self._count(news, known) <= most:
                self._read(self._unread(news, known), *opened, progress or self._progress)
            self._stopped, self._problem = (0, 0), ""
        except DeskmateError as error:
            self._stopped, self._problem = (news.generation, known), error.sentence()

    def missing(self, news: NewsHistory, upto: int) -> tuple[int, str]:
        """When the first story known by `upto` that is not read became known, and why; `FOREVER` where all are read."""
        begin, known = self._begin(news), bisect_right(news.linked_at, upto)
        if begin >= known:
            return FOREVER, ""
        if self._problem:
            return news.linked_at[begin], self._problem
        count = self._count(news, known)
        said = "headline is not read yet; `deskmate evaluate` reads it" if count == 1 else ""
        said = said or "headlines are not read yet; `deskmate evaluate` reads them all"
        return news.linked_at[begin], f"{count:,} {said}."

    def scores(self, headlines: Sequence[str]) -> FloatArray:
        """One score, -1 to 1, a headline; NaN where there is none."""
        return np.array([self._scores.get(each, math.nan) for each in headlines], dtype=np.float64)

    def _begin(self, news: NewsHistory) -> int:
        """How many stories are read before the first one that is not."""
        begin = self._done[1] if self._done[0] == news.generation else 0
        while begin < len(news.headlines) and news.headlines[begin] in self._scores:
            begin += 1
        self._done = (news.generation, begin)
        return begin

    def _unread(self, news: NewsHistory, known: int) -> list[str]:
        """The headlines of the first `known` stories that have no score, each once."""
        asked = news.headlines[self._begin(news) : known]
        return list(dict.fromkeys(each for each in asked if each not in self._scores))

    def _count(self, news: NewsHistory, known: int) -> int:
        """How many those are; counted once for every question of one state."""
        state = (news.generation, self._begin(news), known, len(self._scores))
        if self._waiting[0] != state:
            self._waiting = (state, len(self._unread(news, known)))
        return self._waiting[1]

    def _take(self, news: NewsHistory, known: int, model: SentimentModel, version: str) -> None:
        """Take what is kept of the first `known` stories, at least one of which has no score."""
        taken = self._taken[1] if self._taken[0] == news.generation else 0
        first = text_key(news.headlines[self._begin(news)])
        # All readers begin with the oldest: where that one is not kept since, no other process has read on.
        if known <= taken and not self._kept.known(model.name, version, [first]):
            return
        asked = {text_key(each): each for each in self._unread(news, max(known, taken))}
        kept = self._kept.known(model.name, version, list(asked))
        self._scores.update({asked[key]: score for key, score in kept.items()})
        self._taken = (news.generation, max(known, taken))

    def _open(self, news: NewsHistory) -> tuple[SentimentModel, str] | None:
        state = (news.generation, len(news.headlines))
        if self._opened is None and self._tried != state:
            self._tried = state
            try:
                model = self._model()
                self._opened, self._problem = (model, self._version(model.name)), ""
            except DeskmateError as error:
                self._problem = error.sentence()
        return self._opened

    def _read(self, unread: list[str], model: SentimentModel, version: str, progress: Progress | None) -> None:
        for start in range(0, len(unread), BATCH):
            batch = unread[start : start + BATCH]
            read: dict[str, float] = {}
            try:
                for first in range(0, len(batch), TOGETHER):
                    part = batch[first : first + TOGETHER]
                    read.update({each: one.score for each, one in zip(part, model.score(part), strict=True)})
            finally:
                self._keep(read, model.name, version)
            if progress is not None:
                progress(start + len(batch), len(unread))

    def _keep(self, read: Mapping[str, float], model: str, version: str) -> None:
        """Keep what was read. What is no number from -1 to 1 is no score; this process does not ask for it again."""
        good = {each: score for each, score in read.items() if math.isfinite(score) and abs(score) <= 1}
        if good:
            self._kept.keep(model, version, {text_key(each): score for each, score in good.items()})
        self._scores.update({each: good.get(each, math.nan) for each in read})


class MarketEvidence:
    """An `EvidenceSource` over the news of a store and the forecasts of a home; safe to share between threads.

    `folds` gives the out-of-fold forecasts or raises `ModelUnavailable`; it is asked once. `close_of` tells the
    official close of a session. No more than `most` new headlines are read for an answer, all of them or none;
    `read_all` reads every one.
    """

    def __init__(
        self,
        news: NewsHistory,
        reader: HeadlineReader,
        folds: Callable[[], Folds],
        close_of: Callable[[date], datetime],
        most: int | None = MOST_IN_A_TURN,
    ) -> None:
        self._news, self._reader, self._close_of = news, reader, close_of
        self._open_folds = folds
        self._most = most
        self._closes: dict[date, int] = {}
        self._lock = Lock()

    def version(self, symbol: str, asof: datetime) -> str:
        """Names the content of what `evidence` would answer. Raises `StorageError` where the store cannot be read."""
        with self._lock:
            self._news.follow()
            at = instant(asof)
            known = self._news.digest(symbol, at)
            folds = self._folds.digest if isinstance(self._folds, Folds) else ""
            if not known:
                return f"{folds}|sample" if self._news.sample_only else folds
            # Read before it is named: what is named must be what `evidence` then answers.
            self._reader.read(self._news, at, self._most)
            reads = self._reader.identity(self._news)
            unread, why = self._reader.missing(self._news, at)
            return f"{folds}|{known}|{reads}" + (f"|unread from {unread}: {why}" if why else "")

    def evidence(self, bars: Bars, asof: datetime) -> Evidence:
        """The evidence at every bar of one symbol. Raises `StorageError` where the store cannot be read."""
        with self._lock:
            self._news.follow()
            told = self._news.news(bars.symbol)
            tone, weight, impact = np.full((3, len(bars)), np.nan)
            notes, partial = [_SAMPLE] if self._news.sample_only else [], False
            if told is not None and len(bars):
                at = np.minimum(self._instants(bars), instant(asof))
                if told.since[0] <= at[-1]:
                    (tone, weight, impact), notes, partial = self._heard(told, at, instant(asof))
            p_up, forecaster, said = self._forecasts(bars)
            return Evidence(tone, weight, impact, p_up, forecaster, (*notes, *said), partial)

    def read_all(self, asof: datetime, progress: Progress | None = None) -> None:
        """Read every headline known at `asof`, however long it takes. Raises `StorageError`."""
        with self._lock:
            self._news.follow()
            self._reader.read(self._news, instant(asof), progress=progress)

    @cached_property
    def _folds(self) -> Folds | str:
        """The out-of-fold forecasts, or why there are none."""
        try:
            return self._open_folds()
        except ModelUnavailable as error:
            return error.sentence()

    def _instants(self, bars: Bars) -> Instants:
        """The close of every bar. A session's official close does not change, so it is asked for once."""
        days: list[date] = bars.sessions.astype("datetime64[D]").tolist()
        for day in days:
            if day not in self._closes:
                self._closes[day] = instant(self._close_of(day))
        return np.array([self._closes[day] for day in days], dtype=np.int64)

    def _heard(self, told: SymbolNews, at: Instants, asof: int) -> tuple[tuple[FloatArray, ...], list[str], bool]:
        """Tone, its weight and impact at the closes, what is missing of them, and whether some news is unread."""
        if self._most is None:
            self._reader.read(self._news, asof)  # with a limit, `version` has read, and named what it read
        stories: list[int] = told.story.tolist()
        scores = self._reader.scores([self._news.headlines[story] for story in stories])
        (tone, weight), impact = tone_at(told, scores, at), impact_at(told, scores, at)
        notes: list[str] = []
        unread, why = self._reader.missing(self._news, asof)
        partial = unread <= int(at[-1])
        if partial:
            # A mean of the stories that happened to be read would pass for the tone of all of them.
            for rows in (tone, weight, impact):
                rows[at >= unread] = np.nan
            day = datetime.fromtimestamp(unread / 1e6, UTC).date()
            notes.append(f"sentiment: {why} News from {day} on is no evidence.")
        read = (told.since <= at[-1]) & (told.since < unread) & (told.first == np.arange(len(scores)))
        lost = int(np.isnan(scores[read]).sum())
        if lost:
            notes.append(f"sentiment: {lost} stories were given no score and are left out.")
        return (tone, weight, impact), notes, partial

    def _forecasts(self, bars: Bars) -> tuple[FloatArray, str, tuple[str, ...]]:
        """P(up) at every bar, who says so at the last one, and what stands in for what."""
        rates, folds = base_rates(bars.close), self._folds
        if not len(bars):
            return rates, "", ()
        if not isinstance(folds, Folds):
            return rates, _named(rates, BASE_RATE), (f"forecast: the {BASE_RATE} stands in. {folds}",)
        walked = folds.p_up(bars.symbol, bars.sessions)
        there: BoolArray = np.all(np.isfinite(walked), axis=1)
        p_up = np.where(there[:, None], walked, rates)
        said = f"forecast: {OUT_OF_FOLD} on {int(there.sum())} of {len(bars)} bars, the {BASE_RATE} on the others."
        if folds.refused:
            said += f" {folds.refused} rows were refused: their model knew their day."
        return p_up, _named(p_up, OUT_OF_FOLD if there[-1] else BASE_RATE), (said,)


def base_rates(close: FloatArray) -> FloatArray:
    """Shape (bars, `FORECAST_SESSIONS`): how often the close was higher so many sessions later, as known at each bar.

    (rose + PRIOR / 2) / (n + PRIOR) over the last n <= `STRETCHES` stretches that had ended by then; NaN below
    `FEWEST_STRETCHES`.
    """
    return np.stack([_base_rate(close, sessions) for sessions in FORECAST_SESSIONS], axis=1)


def _base_rate(close: FloatArray, sessions: int) -> FloatArray:
    rose = np.concatenate([[0], np.cumsum(close[sessions:] > close[:-sessions], dtype=np.int64)])
    end = np.maximum(np.arange(len(close)) - sessions + 1, 0)
    begin = np.maximum(end - STRETCHES, 0)
    count = end - begin
    rate = (rose[end] - rose[begin] + PRIOR / 2) / (count + PRIOR)
    return np.where(count >= FEWEST_STRETCHES, rate, np.nan)


def _named(p_up: FloatArray, name: str) -> str:
    """The forecaster's name where it says anything at the last bar."""
    return name if np.isfinite(p_up[-1]).any() else ""
