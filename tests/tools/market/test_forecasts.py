"""The forecast tool over the sample market: who speaks, what stands in, what is refused; nothing looks ahead."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from brokers.feeds.replay import ReplayFeed
from brokers.vocabulary import BadInput, Unavailable
from models.forecast import HORIZONS, LEAST_BARS, NoForecast
from models.forecast_record import NAMES
from models.quantiles import LEVELS
from models.registry import Registry
from storage.history import BarColumns
from tests.support.market import END, sample_store
from tests.tools.signals.markets import Market as Bars
from tests.tools.signals.markets import walk
from tools.market.forecast import Forecasting, Forecasts
from tools.market.horizons import horizon_of

TODAY = date(2023, 6, 27)
"""A Tuesday."""
BEFORE = datetime(2021, 6, 30, 20, tzinfo=UTC)
"""Inside the shipped model's training data."""
AT = datetime(2023, 6, 27, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> ReplayFeed[BarColumns]:
    return ReplayFeed(sample_store(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def forecasts(feed: ReplayFeed[BarColumns]) -> Forecasting:
    return Forecasting(feed, Registry())


def test_every_horizon_has_a_speaker_with_its_reason(forecasts: Forecasting):
    """All three forecasters are heard at every horizon; the one that speaks is one of them and says why."""
    port: Forecasts = forecasts
    result = port.forecast("NVDA", AT, "next week")
    assert [each.sessions for each in result.horizons] == list(HORIZONS)
    assert result.asked().sessions == 5
    assert result.last_bar == TODAY
    assert result.trained_through is not None
    assert result.trained_through < AT
    assert not result.degraded
    for each in result.horizons:
        assert [one.model for one in each.opinions] == list(NAMES)
        assert each.model in NAMES
        assert "days resolved before 2023-06-27" in each.why
        assert [one.level for one in each.quantiles] == list(LEVELS)
        prices = [one.price for one in each.quantiles]
        assert prices == sorted(prices)
        assert 0 < each.p_up < 1
        assert 0.4 < each.base_rate < 0.75
        assert each.quantiles[0].price < result.last_close < each.quantiles[-1].price


def test_inside_the_training_data_a_rule_stands_in_and_says_so(forecasts: Forecasting):
    """Asked about a day the model was trained on, it is silent: the answer is a rule's and is marked as such."""
    result = forecasts.forecast("AAPL", BEFORE)
    assert result.trained_through is None
    assert {each.model for each in result.horizons} <= {"empirical", "ewma"}
    assert all("tft" not in [one.model for one in each.opinions] for each in result.horizons)
    (said,) = result.degraded
    assert "trained on later data (through 2021-12-31)" in said
    assert said.endswith(("stands in.", "stand in."))


def test_the_last_day_of_training_is_inside_and_the_next_is_not(forecasts: Forecasting, feed: ReplayFeed[BarColumns]):
    """The border itself: at the last instant that training knew the model is silent, one session later it speaks."""
    last = feed.calendar.close_of(date(2021, 12, 31))
    assert forecasts.forecast("AAPL", last).degraded
    assert not forecasts.forecast("AAPL", feed.calendar.close_of(date(2022, 1, 3))).degraded


def test_a_forecast_rests_on_nothing_later(feed: ReplayFeed[BarColumns]):
    """A market that ends today gives the same forecast as one that goes on for months."""
    names = ("sessions", "open", "high", "low", "close", "adjusted_close", "volume")

    class Cut:
        """The same market with every bar after `AT` torn out."""

        instrument, instruments = feed.instrument, feed.instruments
        quote, symbols = feed.quote, feed.symbols

        def columns(self, symbol: str, asof: datetime) -> BarColumns:
            known = feed.columns(symbol, min(asof, AT))
            return replace(known, **{name: getattr(known, name).copy() for name in names})

    whole = Forecasting(feed, Registry()).forecast("META", AT)
    assert Forecasting(Cut(), Registry()).forecast("META", AT) == whole
    assert Forecasting(Cut(), Registry()).forecast("META", AT) != Forecasting(feed, Registry()).forecast("META", END)


def test_the_same_question_is_the_same_answer_together_or_alone(forecasts: Forecasting, feed: ReplayFeed[BarColumns]):
    """Several symbols at once say what each says alone; the unknown is named and the rest goes on."""
    results, missing = forecasts.forecasts(["AAPL", "NOPE", "GOOG"], AT)
    assert [result.symbol for result in results] == ["AAPL", "GOOG"]
    assert "NOPE" in missing[0]
    alone = Forecasting(feed, Registry()).forecast("GOOG", AT)
    assert float(alone.asked().quantiles[0].price) == pytest.approx(
        float(results[1].asked().quantiles[0].price), abs=0.02
    )


@pytest.mark.parametrize("damage", ["missing", "changed", "card"])
def test_a_damaged_model_is_named_with_the_command_that_mends_it(
    feed: ReplayFeed[BarColumns], tmp_path: Path, damage: str
):
    """No file is used that is not what its card says; the simplest rule answers, and the answer says both."""
    registry = Registry(home=tmp_path)
    own = registry.add(registry.card("tft"), registry.folder("tft"))
    graph = own / "tft.onnx"
    if damage == "missing":
        graph.unlink()
    elif damage == "changed":
        graph.write_bytes(graph.read_bytes()[:-1] + b"\x00")
    else:
        (own / "card.json").write_text(json.dumps({"name": "tft"}))
    result = Forecasting(feed, registry).forecast("AAPL", AT)
    assert {each.model for each in result.horizons} == {"empirical"}
    assert "deskmate train forecast" in result.degraded[0]
    assert "empirical stands in" in result.degraded[0]


class Walks(Bars):
    """Synthetic bars as a market that knows its instruments."""

    def instrument(self, symbol: str):
        from brokers.vocabulary import Instrument

        return Instrument(symbol=symbol) if symbol in self.known else None

    def instruments(self):
        return [self.instrument(symbol) for symbol in self.known]

    def quote(self, symbol: str, asof: datetime):
        return None


def test_too_few_bars_and_a_year_of_gaps_are_refused_and_the_rest_goes_on():
    """One bad series is a sentence; the others are forecast."""
    gone = walk(3, 900, "GAP")
    late = gone.sessions.copy()
    late[800:] += 400
    market = Walks(walk(1, 10, "NEW"), walk(2, 900, "AAA"), replace(gone, sessions=late))
    at = datetime(2021, 12, 31, 21, tzinfo=UTC)
    asked = Forecasting(market, Registry(Path("nowhere"), None))
    with pytest.raises(NoForecast, match=f"a forecast needs {LEAST_BARS}"):
        asked.forecast("NEW", at)
    results, missing = asked.forecasts(["NEW", "AAA", "GAP"], at)
    assert [result.symbol for result in results] == ["AAA"]
    assert "10 sessions" in missing[0]
    assert "since the gap that ended on" in missing[1]
    assert "days before" in results[0].notes[0]


def test_a_symbol_without_bars_yet_is_unavailable(forecasts: Forecasting):
    """Before the first bar there is nothing to forecast from."""
    with pytest.raises(Unavailable):
        forecasts.forecast("AAPL", datetime(2012, 1, 3, 21, tzinfo=UTC))


@pytest.mark.parametrize(
    ("words", "sessions"),
    [
        ("tomorrow", 1), ("next week", 5), ("this week", 5), ("5 days", 5), ("next 5 trading days", 5), ("5d", 5),
        ("a week", 5), ("two weeks", 5), ("next month", 20), ("one month", 20), ("3 weeks", 20), ("20 sessions", 20),
        ("a couple of days", 1), ("next few days", 5), ("by friday", 5), ("wednesday", 1), ("2023-07-04", 5),
        ("fortnight", 20), ("20", 20), ("next 20 days", 20), ("end of july", 20), ("june", 5),
    ],
)  # fmt: skip
def test_horizons_in_words(words: str, sessions: int):
    """What a person says is put to the nearest horizon that is forecast, by ratio."""
    nearest, note = horizon_of(words, TODAY)
    if words in ("two weeks", "fortnight"):
        assert nearest in (5, 20)
        assert "10 sessions" in note
    else:
        assert nearest == sessions


@pytest.mark.parametrize("words", ["next year", "6 months", "next quarter", "300 days", "december", "by may"])
def test_what_lies_too_far_ahead_is_refused(words: str):
    """Twenty sessions' forecast is no answer about a year."""
    with pytest.raises(BadInput, match="Forecasts reach 20 sessions"):
        horizon_of(words, TODAY)


@pytest.mark.parametrize(
    "words", ["blue", "last year", "last 30 days", "5 days ago", "since may", "2020-01-01", "2023-02-31", "yesterday"]
)
def test_what_is_no_time_to_come_is_refused(words: str):
    """The past and nonsense are not horizons."""
    with pytest.raises(BadInput):
        horizon_of(words, TODAY)


def test_no_horizon_named_asks_for_all():
    """Silence is not a horizon: every one is shown, five sessions first."""
    assert horizon_of(None, TODAY) == (None, "")
    assert horizon_of("  ", TODAY) == (None, "")
    assert np.isfinite(HORIZONS).all()
