"""Forecasts in conversation, on the command line and as pictures: figures of one value, and what is missing is said."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from assistant.channels.terminal_cards import card as drawn
from assistant.channels.terminal_forecast import LEAST_WIDTH, fan
from assistant.channels.web_cards import of_card
from assistant.desk import Desk
from assistant.events import Card
from assistant.phrasing import phrase
from assistant.router.model import planned
from assistant.router.values import Context
from tests.acceptance.test_journey import deskmate
from tests.support.forecasts import write_bars
from tools.market.forecast import ForecastResult

AT = datetime(2023, 6, 27, 20, tzinfo=UTC)


@pytest.fixture
def result(desk: Desk) -> ForecastResult:
    return desk.forecasts.forecast("NVDA", AT, "next week")


@pytest.mark.parametrize(
    ("said", "horizon"),
    [("forecast nvda for next week", 5), ("will nvidia go up tomorrow?", 1), ("where is nvda headed", None)],
)
def test_a_question_about_what_comes_calls_the_forecast_tool(desk: Desk, said: str, horizon: int | None):
    """The router's plan names the symbol and hands the horizon over in the person's own words."""
    reading = desk.reader.read(said, Context(), date(2023, 6, 27))
    ((name, args),), _ = planned(reading)
    assert name == "get_forecast"
    assert args["symbol"] == "NVDA"
    answer = desk.forecasts.forecast("NVDA", AT, args.get("horizon"))  # pyright: ignore[reportArgumentType]
    assert answer.asked_sessions == horizon


def test_the_sentence_says_odds_range_model_and_base_rate(result: ForecastResult):
    """How likely, how far, who says so and how such cases did before stand in the answer."""
    said = phrase(result)
    asked = result.asked()
    assert f"{100 * asked.p_up:.1f}" in said
    assert "90 % range" in said
    assert f"The model is **{asked.model}**" in said
    assert f"{asked.base_n:,} past stretches" in said
    assert "scored days" in said


def test_a_stand_in_is_announced_in_words_and_in_the_answer(home: Path):
    """Asked inside the training data: the text, the JSON and `degraded` all say that the model is silent."""
    done = deskmate(home, "ask", "--json", "--asof", "2021-06-30", "forecast aapl")
    answer = json.loads(done.stdout)
    assert answer["sub"] == "forecast"
    assert any("trained on later data" in part for part in answer["degraded"])
    assert "ewma and empirical stand in." in answer["text"]
    assert [tool["name"] for tool in answer["tools"]] == ["get_forecast"]


@pytest.mark.parametrize("width", [30, LEAST_WIDTH, 60, 80, 120])
@pytest.mark.parametrize("plain", [True, False])
def test_the_terminal_picture_keeps_to_its_width(result: ForecastResult, width: int, plain: bool):
    """The fan opens to the right of the closes, and no line is wider than the window."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(drawn(result, plain=plain, width=width))
    lines = console.file.getvalue().splitlines()  # pyright: ignore[reportAttributeAccessIssue]
    assert max(len(line) for line in lines) <= width
    if width >= LEAST_WIDTH + 4:
        text = "\n".join(lines)
        assert {"░", "▒", "▓", "━", "•"} <= set(text)
        assert "+20" in text
    assert fan(result, LEAST_WIDTH - 1) == []


def test_the_page_picture_carries_the_fan_as_prices(result: ForecastResult):
    """Bands open from the last close, lie inside one another, and travel as text: nothing is rounded on the way."""
    picture = of_card(Card(tool="get_forecast", value=result))
    assert picture is not None
    assert picture.name == "ForecastCard"
    props = json.loads(json.dumps(picture.props))
    assert [step[0] for step in props["fan"]] == [0, 1, 5, 20]
    assert set(props["fan"][0][1:]) == {str(result.last_close)}
    for step in props["fan"][1:]:
        low90, high90, low60, high60, low20, high20, median = map(float, step[1:])
        assert low90 <= low60 <= low20 <= median <= high20 <= high60 <= high90
    assert props["recent"][-1][1] == str(result.last_close)
    assert props["bands"] == [90, 60, 20]


def test_forecasts_as_json_are_one_object_a_line(home: Path):
    """Quantiles per horizon, P(up), the model and the last bar, for every symbol named; the unknown goes to stderr."""
    done = deskmate(home, "forecast", "aapl", "NOPE", "goog", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["symbol"] for row in rows] == ["AAPL", "GOOG"]
    assert "NOPE" in done.stderr
    for row in rows:
        assert row["last_bar"] == "2023-06-27"
        for horizon in row["horizons"]:
            assert {"sessions", "model", "p_up", "quantiles", "base_rate"} <= horizon.keys()
            assert next(point["level"] for point in horizon["quantiles"]) == 0.05


def test_scores_of_every_forecaster_as_of_a_day(home: Path):
    """The table behind the choice, over what was resolved by then: three forecasters at three horizons."""
    rows = [json.loads(line) for line in deskmate(home, "forecast", "--scores", "--json").stdout.splitlines()]
    assert len(rows) == 9
    early = deskmate(home, "forecast", "--scores", "--json", "--asof", "2019-01-02").stdout.splitlines()
    assert json.loads(early[0])["days"] < rows[0]["days"]


def test_a_bad_horizon_and_an_unknown_symbol_are_sentences(home: Path):
    """Refused with what to say instead; no traceback."""
    far = deskmate(home, "forecast", "AAPL", "--horizon", "next year")
    assert far.returncode == 1
    assert "Forecasts reach 20 sessions" in far.stderr
    assert "Traceback" not in far.stderr
    assert deskmate(home, "forecast", "NOPE").returncode == 1


def test_training_on_ones_own_bars_ends_in_a_model_that_is_used(tmp_path: Path):
    """Import, train, ask: the person's own model answers after its cut-off, and its card says what it was made from."""
    import numpy as np

    from tests.tools.signals.markets import walk

    home = tmp_path / "own"
    bars = walk(1, 1100, "AAA")
    write_bars(tmp_path / "unused.npz", bars)
    rows = ["symbol,date,open,high,low,close,volume"]
    prices = np.round(np.stack([bars.open, bars.high, bars.low, bars.close], axis=1), 4)
    for day, (opened, high, low, close), volume in zip(bars.sessions, prices, bars.volume, strict=True):
        top, bottom = max(opened, high, low, close), min(opened, high, low, close)
        rows.append(f"AAA,{day},{opened},{top},{bottom},{close},{int(volume)}")
    (tmp_path / "bars.csv").write_text("\n".join(rows))
    assert deskmate(home, "import", "bars", str(tmp_path / "bars.csv")).returncode == 0
    made = deskmate(home, "train", "forecast", "--epochs", "1", "--folds", "1", "--json")
    assert made.returncode == 0, made.stderr
    card = json.loads(made.stdout.splitlines()[-1])
    assert card["name"] == "tft"
    assert "AAA" in card["trained_on"]
    row = json.loads(deskmate(home, "forecast", "AAA", "--json").stdout)
    assert row["trained_through"] == card["trained_through"]
    assert not row["degraded"]


def test_a_training_that_cannot_be_done_says_why(home: Path):
    """A cut-off before there is enough to learn from is refused in a sentence, and nothing is kept."""
    done = deskmate(home, "train", "forecast", "--through", "2014-06-30")
    assert done.returncode == 1
    assert "are needed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "models" / "tft").exists()
