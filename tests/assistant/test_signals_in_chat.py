"""Signals as a person meets them: the questions they ask in chat, and what terminal, page and command line show."""

from __future__ import annotations

import asyncio
import io
import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from rich.console import Console

from assistant.channels.terminal_cards import card as drawn
from assistant.channels.web_cards import of_card, sheet
from assistant.desk import Desk
from assistant.events import Answer, Answered, Card
from assistant.phrasing import phrase
from assistant.refits import NAME, ask_refit, refits
from assistant.router.model import planned
from assistant.router.values import Context
from assistant.signal_words import NO_WEIGHT, base_clause
from brokers.vocabulary import BadInput
from storage.locks import FileLocks
from tests.acceptance.test_journey import deskmate
from tests.support.clock import WallClock
from tools.catalogue_market import RegimeResult
from tools.catalogue_signals import (
    RecordResult,
    SignalExplanation,
    SignalFlips,
    SignalReport,
    SourcesResult,
    read_by,
    size_words,
)
from tools.performance.shown_calls import ShownScores
from tools.signals.calls import Direction
from tools.signals.options import fits, idea_for
from tools.signals.signal import Action, Likeness, RankedSignals, Signal, Source

TODAY = date(2023, 6, 27)
RANGE_DAY = date(2022, 12, 2)
"""A session of the sample market on which AAPL is called neutral."""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory, seeded_market: Path) -> Iterator[Desk]:
    """A desk on a fresh home that no test of this file trades at."""
    from tests.support.desks import make_desk

    home = tmp_path_factory.mktemp("calm")
    shutil.copy(seeded_market, home / seeded_market.name)
    made = make_desk(home, WallClock())
    yield made
    made.close()


def said(desk: Desk, *lines: str, session: str = "s1") -> tuple[Answer, BaseModel]:
    """The answer to the last line, and the value of the last tool that was called."""

    async def run() -> tuple[Answer, BaseModel]:
        answer: Answer | None = None
        value: BaseModel | None = None
        for line in lines:
            async for event in desk.conversation("local", session).say(line, channel="test"):
                if isinstance(event, Card):
                    value = event.value
                elif isinstance(event, Answered):
                    answer = event.answer
        assert answer is not None
        assert value is not None, answer.text
        return answer, value

    return asyncio.run(run())


def printed(value: BaseModel, width: int = 80) -> str:
    """The panel of a value on a terminal of `width` columns."""
    file = io.StringIO()
    picture = drawn(value, plain=False, width=width)
    assert picture is not None
    Console(file=file, width=width, force_terminal=False).print(picture, highlight=False)
    return file.getvalue()


def figures(value: object) -> Iterator[float]:
    """Every number in a JSON value, those written within its texts among them."""
    match value:
        case bool() | None:
            return
        case int() | float():
            yield float(value)
        case str():
            for found in re.findall(r"\d[\d,]*(?:\.\d+)?", value):
                yield float(found.replace(",", ""))
        case list():
            for item in cast("list[object]", value):
                yield from figures(item)
        case dict():
            for item in cast("dict[str, object]", value).values():
                yield from figures(item)
        case _:
            raise AssertionError(value)


def untraced(text: str, value: BaseModel) -> list[str]:
    """Numbers of a text that no number of the value comes to when it is written with as many places."""
    known = [number for each in figures(value.model_dump(mode="json")) for number in (abs(each), 100 * abs(each))]
    missing: list[str] = []
    for written in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
        places = len(written.partition(".")[2])
        number = float(written.replace(",", ""))
        if not any(abs(one - number) <= 0.5 * 10**-places + 1e-9 for one in known):
            missing.append(written)
    return missing


def moved(signal: Signal, by: float) -> Signal:
    """The signal as it would be if technical evidence moved its log-odds by `by`; everything still adds up."""
    parts = signal.confidence_breakdown.model_copy(update={"technical": by, "calibration": -by / 10})
    probability = 1 / (1 + math.exp(-parts.total))
    notes = tuple(
        note.model_copy(update={"evidence": 2 * by, "weight": 0.5, "term": by}) if note.source == "technical" else note
        for note in signal.sources
    )
    horizon = 20 if signal.leading is None else signal.leading.horizon_sessions
    idea = idea_for(signal.direction, probability, signal.base_rate, signal.regime.volatility, horizon)
    changed = {"confidence_breakdown": parts, "probability": probability, "sources": notes, "option": idea}
    return signal.model_copy(update=changed)


def test_one_signal_says_probability_base_rate_terms_record_action_and_size(calm: Desk):
    """The short answer holds everything a person needs to weigh it, and calls itself as of a close."""
    answer, value = said(calm, "how does AAPL look?")
    assert isinstance(value, SignalReport)
    signal, like = value.signal, value.like
    assert like is not None
    for expected in (
        f"**{100 * signal.probability:.1f} %**{base_clause(signal)}.",
        f"n = {like.calls:,}",
        f"Action: **{signal.action.value}** — {signal.action_reason}",
        value.size,
        f"({signal.freshness}, close of {TODAY}; call {signal.call_id})",
        "No evidence: ",
    ):
        assert expected in answer.text
    assert len(answer.text) < 1200


QUESTIONS = {
    "best signals today": RankedSignals,
    "should I take the aapl bull call spread?": SignalReport,
    "why is aapl long?": SignalExplanation,
    "why 56 %?": SignalExplanation,
    "why": SignalExplanation,
    "what would change your mind?": SignalFlips,
    "how did calls like this do before?": RecordResult,
    "how have your calls done?": ShownScores,
    "how good were the calls you showed me?": ShownScores,
    "were you right?": ShownScores,
    "how good are your calls?": RecordResult,
    "does sentiment help at all?": SourcesResult,
    "which sources help?": SourcesResult,
    "how much do you weigh the forecast?": SourcesResult,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_person_asks_of_a_signal_is_answered_and_every_number_is_the_tools(calm: Desk, question: str):
    """number:traced - the right tool answers, and no figure of the prose is missing from what it returned."""
    answer, value = said(calm, "how does AAPL look?", question, session=question)
    assert type(value) is QUESTIONS[question]
    assert not answer.clarify
    assert untraced(answer.text, value) == []
    assert printed(value)


def test_asking_whether_a_source_helps_needs_no_symbol_and_says_why_not(calm: Desk):
    """Nothing of the person's own was imported, so sentiment has said nothing; what was scored has gain and error."""
    answer, value = said(calm, "does sentiment help at all?", session="fresh")
    assert isinstance(value, SourcesResult)
    assert answer.text.startswith("Does sentiment help? No: weight zero, it has said nothing yet")
    assert "news of your own" in answer.text
    for one in value.sources:
        if one.gain is not None and one.error is not None:
            told = f"{-one.gain:+.4f} ± {one.error:.4f} over {one.months} months"
            assert told in answer.text


@pytest.mark.parametrize(
    "line",
    [
        "how did calls like this do?",
        "how good is your track record?",
        "how good are your calls?",
        "were you right about aapl?",
        "how did your short calls do",
    ],
)
def test_a_question_about_calls_in_general_is_not_about_those_that_were_shown(calm: Desk, line: str):
    """The walk-forward record answers it."""
    calls, _ = planned(calm.reader.read(line, Context(), TODAY))
    assert [name for name, _ in calls] == ["signal_record"]


@pytest.mark.parametrize(
    "line",
    [
        "so how did your calls do in the end?",
        "have your calls been any good so far",
        "how many of the calls i was shown came true?",
        "what became of the ideas you gave me?",
        "what's the hit rate of the calls you've shown me",
        "the calls you showed me last month, how did they do?",
        "did your calls work out?",
        "have you been right?",
        "were you wrong?",
        "show me the results of the shown calls",
    ],
)
def test_the_calls_that_were_shown_are_asked_about_in_many_ways(calm: Desk, line: str):
    """All are questions about the record of calls, and of them about the person's own."""
    (request,) = calm.reader.read(line, Context(), TODAY).requests
    assert (request.intent, request.sub) == ("signal_analysis", "compare_history")
    assert planned(calm.reader.read(line, Context(), TODAY))[0] == [("shown_record", {})]


@pytest.mark.parametrize("line", ["buy the calls you showed me", "what should i do with the calls you showed me"])
def test_a_wish_to_act_on_shown_calls_is_no_question_about_their_record(calm: Desk, line: str):
    """Naming the shown calls is not enough."""
    calls, _ = planned(calm.reader.read(line, Context(), TODAY))
    assert "shown_record" not in [name for name, _ in calls]


def test_before_any_call_is_shown_the_question_about_them_says_so(desk: Desk):
    """No figure is made of nothing, in words, on the page and on a terminal; then the first call shown is counted."""
    answer, value = said(desk, "were you right?")
    assert isinstance(value, ShownScores)
    assert "No call has been shown on V1 yet" in answer.text
    assert "No call has been shown yet." in printed(value)
    answer, value = said(desk, "how does AAPL look?", "were you right?")
    assert isinstance(value, ShownScores)
    assert "I have shown you 1 call" in answer.text
    assert "1 still open" in answer.text
    (calls,) = sheet(value).tables
    assert [row[1] for row in calls.rows] == ["AAPL"]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_what_became_of_shown_calls_is_a_card_and_sentences(desk: Desk, width: int):
    """Every resolved call stands in both with its result; the figures are those of the value."""
    answer, value = said(desk, "best signals today", "advance 25 days", "how did the calls you showed me turn out?")
    assert isinstance(value, ShownScores)
    assert value.scored == value.shown > 1
    assert untraced(answer.text, value) == []
    shown = printed(value, width)
    assert max(map(len, shown.splitlines())) <= width
    for row in value.rows:
        assert row.result_r is not None
        assert f"{row.result_r:+.2f} R" in answer.text
        assert row.symbol in shown
    names = {figure.name: figure.value for figure in sheet(value).figures}
    assert (names["Came true"], names["Base rate on average"]) == (value.hit_rate, value.base_rate)


def test_a_probability_that_nothing_moves_is_said_to_be_the_base_rate_once(report: SignalReport):
    """No defect: how often such calls came true, and that no source has earned a weight."""
    parts: dict[str, float] = dict.fromkeys((source.value for source in Source), 0.0)
    parts["calibration"] = 0.0
    signal = report.signal
    plain = signal.model_copy(
        update={
            "confidence_breakdown": signal.confidence_breakdown.model_copy(update=parts),
            "probability": signal.base_rate,
            "sources": tuple(note.model_copy(update={"weight": 0.0, "term": 0.0}) for note in signal.sources),
        }
    )
    text = phrase(report.model_copy(update={"signal": plain}))
    assert f"**{100 * signal.base_rate:.1f} %**, which is how often such calls came true" in text
    assert text.count(NO_WEIGHT) == 1
    assert "base rate" not in text
    assert "Weight zero" not in text
    other = moved(signal, 0.2)
    text = phrase(report.model_copy(update={"signal": other}))
    assert f"; the base rate of such calls is {100 * signal.base_rate:.1f} %." in text
    assert NO_WEIGHT not in text
    ranked = RankedSignals(rule="best first", signals=(plain, plain), unavailable=())
    assert phrase(ranked).count(NO_WEIGHT) == 1
    assert "base rate " not in phrase(ranked).partition(NO_WEIGHT)[0].partition("Each")[0]
    weighed = plain.model_copy(
        update={"sources": (plain.sources[0].model_copy(update={"weight": 0.3}), *plain.sources[1:])}
    )
    assert "no source that has a weight moves it" in base_clause(weighed)
    assert plain.leading is not None
    first = plain.model_copy(update={"leading": plain.leading.model_copy(update={"confidence_n": 0})})
    assert "no such call is resolved yet" in base_clause(first)


def test_the_regime_tells_its_last_two_changes_and_lists_them_all(calm: Desk):
    """Newest first; the newest is the session since which the state is unchanged."""
    answer, value = said(calm, "what regime is nvda in?", session="regime")
    assert isinstance(value, RegimeResult)
    newest, before = value.changes[:2]
    assert newest.session == value.regime.since > before.session
    assert f"on {newest.session}; " in answer.text
    assert f"on {before.session}." in answer.text
    assert str(value.changes[2].session) not in answer.text
    (table,) = sheet(value).tables
    assert [row[0] for row in table.rows] == [str(one.session) for one in value.changes]
    assert str(before.session) in printed(value)
    none = value.model_copy(update={"changes": ()})
    assert "Last change" not in phrase(none)
    assert "has not changed yet" in printed(none)


@pytest.mark.parametrize(
    "line",
    [
        "what's the news on aapl?",
        "how's the sentiment on nvda",
        "does the news on aapl look good?",
        "does the news help aapl?",
        "forecast aapl for next week",
        "is the news on nvda any good",
    ],
)
def test_a_question_about_a_symbols_own_news_or_forecast_is_not_about_the_sources(calm: Desk, line: str):
    """Only the general question is read as one about what evidence is worth."""
    reading = calm.reader.read(line, Context(), TODAY)
    assert "signal_sources" not in [name for name, _ in planned(reading)[0]]


def test_a_named_option_strategy_is_held_against_the_call(calm: Desk):
    """The verdict is that of the table, for this direction, conviction and volatility; what is better is named."""
    answer, value = said(calm, "should I take the aapl bull call spread?")
    assert isinstance(value, SignalReport)
    signal = value.signal
    fit = fits(
        "bull_call_spread", signal.direction, signal.probability, signal.base_rate, signal.regime.volatility, False
    )
    assert value.asked is not None
    assert value.asked.fit == fit
    assert fit.reason in answer.text
    assert answer.text.startswith(f"**Bull call spread** {'fits' if fit.fits else 'does not fit'} the signal")


def test_what_would_change_it_names_the_nearest_price_first_and_the_probability_needed(calm: Desk):
    """Flips in order of distance, then the inequality's own probability beside the one now."""
    answer, value = said(calm, "what would change your mind about aapl?")
    assert isinstance(value, SignalFlips)
    places = [answer.text.index(f"{flip.side} {flip.level:,.2f}") for flip in value.signal.flips]
    assert places == sorted(places)
    assert value.signal.needed_probability is not None
    assert f"from a probability of {100 * value.signal.needed_probability:.1f} %" in answer.text


def test_past_calls_are_told_with_their_outcomes(calm: Desk):
    """Newest first, none of them open: among the newest only the quick ones have ended, and those would flatter."""
    answer, value = said(calm, "how does AAPL look?", "how did calls like this do before?", session="past")
    assert isinstance(value, RecordResult)
    assert value.calls
    assert all(one.outcome is not None and one.resolved is not None for one in value.calls)
    history = calm.signals.past_calls("AAPL", calm.feed.calendar.close_of(TODAY), value.strategy, 60)
    undecided = [one.call.session for one in history if one.outcome is None]
    assert len(undecided) == value.still_open
    assert all(one.call.session < day for one in value.calls for day in undecided)
    for one in value.calls:
        assert f"- {one.call.session}: {one.call.direction.value} from" in answer.text
    assert f"still open ({value.still_open} are)" in answer.text or not value.still_open


@settings(max_examples=40, deadline=None)
@given(by=st.floats(-1.5, 1.5).filter(lambda by: abs(by) > 0.01))
def test_whatever_moves_a_signal_its_words_and_pictures_add_up(report: SignalReport, by: float):
    """number:traced - prose, page and terminal show the terms that are not zero, and each traces to the value."""
    signal = moved(report.signal, by)
    value = report.model_copy(update={"signal": signal})
    text = phrase(value)
    assert untraced(text, value) == []
    assert f"technical {by:+.2f}" in text
    assert math.isclose(
        signal.confidence_breakdown.total, math.log(signal.probability / (1 - signal.probability)), abs_tol=1e-9
    )
    if signal.option is not None:
        assert "It has no prices yet." in text
        assert signal.option.note in text
    picture = of_card(Card(tool="analyze_symbol", value=value))
    assert picture is not None
    props = json.loads(json.dumps(picture.props))
    assert math.isclose(
        math.fsum(props["confidence_breakdown"].values()),
        math.log(props["probability"] / (1 - props["probability"])),
        abs_tol=1e-9,
    )
    assert ("With options" in dict(props["notes"])) is (signal.option is not None)
    shown = printed(value)
    assert f"{by:+.2f}" in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.fixture(scope="module", name="report")
def _report(calm: Desk) -> SignalReport:
    value = said(calm, "how does AAPL look?", session="report")[1]
    assert isinstance(value, SignalReport)
    return value


@pytest.mark.parametrize("direction", [Direction.NEUTRAL, Direction.VOLATILE])
def test_a_bet_on_a_range_shows_two_breakevens_and_no_stop(calm: Desk, direction: Direction):
    """A real neutral call, and the same with its sides exchanged: neither has a stop or a target in words."""
    at = calm.feed.calendar.close_of(RANGE_DAY)
    signal = calm.signals.analyze("AAPL", at)
    assert signal.direction is Direction.NEUTRAL
    assert signal.leading is not None
    assert signal.leading.stop is not None
    leading = signal.leading.model_copy(update={"direction": direction})
    signal = signal.model_copy(update={"direction": direction, "leading": leading})
    value = SignalReport(
        signal=signal, held=Decimal(0), size=size_words(signal), like=calm.signals.like(signal, at), asked=None
    )
    inside = "between" if direction is Direction.NEUTRAL else "outside of"
    levels = f"{inside} the breakevens {leading.stop:,.2f} and {leading.targets[0]:,.2f}"
    for text in (phrase(value), " ".join(printed(value).replace("│", "").split())):
        assert levels in text
        assert "stop " not in text
    assert untraced(phrase(value), value) == []


def test_likeness_without_a_resolved_call_is_said_as_none(report: SignalReport):
    """No share is made up from nothing."""
    nothing = Likeness(calls=0, said=report.signal.probability, came_true=None, interval=None, within=0.025)
    value = report.model_copy(update={"like": nothing})
    assert "none within 2.5 % of this probability is resolved yet" in phrase(value)
    assert printed(value)


def test_every_signal_result_fits_a_narrow_terminal(calm: Desk):
    """Forty columns: nothing is cut, nothing is wider."""
    for line in (
        "how does AAPL look?",
        "why aapl?",
        "which sources help?",
        "how did aapl calls do before?",
        "nvda regime",
    ):
        _, value = said(calm, line, session="narrow")
        assert max(map(len, printed(value, 40).splitlines())) <= 40
        if isinstance(value, SourcesResult | RecordResult):
            assert sheet(value).title


def test_whoever_holds_what_a_call_bets_against_is_told_to_reduce_it(calm: Desk, home: Path):
    """In the answer, on the page and in JSON; the probability is the same as for anybody else."""
    at = calm.account("local").account.market_now()
    ranked = calm.signals.rank([one.symbol for one in calm.feed.instruments()], at)
    against = next(
        one for one in ranked.signals if one.direction is Direction.SHORT and one.action in (Action.WAIT, Action.AVOID)
    )
    symbol = against.symbol
    lines = [f"buy 5 {symbol}", "confirm", f"how does {symbol} look?", "best signals today"]
    done = deskmate(home, "ask", "--json", "--stdin", stdin="\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[1]["order_sent"], answers[1]["text"]
    assert "Action: **reduce** — 5 shares are held" in answers[2]["text"]
    assert f"{100 * against.probability:.1f} %" in answers[2]["text"]
    assert f"1. **{symbol}**: **reduce**" in answers[3]["text"]
    shown = [json.loads(line) for line in deskmate(home, "signals", "--json").stdout.splitlines()]
    assert shown[0]["symbol"] == symbol
    assert shown[0]["action"] == "reduce"
    assert math.isclose(shown[0]["probability"], against.probability)


@given(held=st.dictionaries(st.sampled_from(["AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA"]), st.integers(-300, 300)))
@settings(max_examples=60, deadline=None)
def test_a_holding_changes_no_probability_term_price_or_symbol(everything: RankedSignals, held: dict[str, int]):
    """Only the action with its reason and the option idea may differ; reductions come first."""
    read = read_by(everything, {symbol: Decimal(quantity) for symbol, quantity in held.items()})
    kept = {"action", "action_reason", "option"}
    before = {one.symbol: one.model_dump(exclude=kept) for one in everything.signals}
    assert {one.symbol: one.model_dump(exclude=kept) for one in read.signals} == before
    reducing = [one.action is Action.REDUCE for one in read.signals]
    assert reducing == sorted(reducing, reverse=True)
    for one in read.signals:
        assert one.action is not Action.REDUCE or held.get(one.symbol, 0) != 0


@pytest.fixture(scope="module", name="everything")
def _everything(calm: Desk) -> RankedSignals:
    at = calm.account("local").account.market_now()
    return calm.signals.rank([one.symbol for one in calm.feed.instruments()], at)


def test_signals_as_json_are_ranked_and_each_breakdown_adds_up(home: Path):
    """number:traced - the terms of every signal sum to the log-odds of its probability, and its sources say why."""
    lines = deskmate(home, "signals", "--json").stdout.splitlines()
    assert len(lines) == 6
    for line in lines:
        signal = json.loads(line)
        p = signal["probability"]
        assert math.isclose(math.fsum(signal["confidence_breakdown"].values()), math.log(p / (1 - p)), abs_tol=1e-9)
        for note in signal["sources"]:
            assert note["term"] == signal["confidence_breakdown"][note["source"]]
            assert note["why"]
            assert note["weight"] or not note["term"]


def test_the_table_of_signals_shows_probability_base_rate_and_action(home: Path):
    """What a person reads on the command line; a symbol nobody knows is named, and the rest still comes."""
    done = deskmate(home, "signals", "aapl", "nope")
    for expected in ("Probability", "Base rate", "Action", "AAPL", "NOPE"):
        assert expected in done.stdout
    assert done.returncode == 0
    assert "probability beside its base rate" in " ".join(deskmate(home, "signals", "--help").stdout.split())


def test_a_refit_is_asked_for_once_and_is_in_force_from_the_replay_day_on(home: Path):
    """The fit shown is that of the day; earlier days keep theirs, and the past cannot be refitted."""
    before = json.loads(deskmate(home, "train", "signals", "--json").stdout)
    after = json.loads(deskmate(home, "train", "signals", "--refit", "--json").stdout)
    assert before["fitted_on"] < after["fitted_on"] == str(TODAY)
    assert after["resolved"] > before["resolved"]
    assert json.loads((home / NAME).read_text()) == [str(TODAY)]
    earlier = json.loads(deskmate(home, "train", "signals", "--asof", "2023-06-26", "--json").stdout)
    assert (earlier["fitted_on"], earlier["version"]) == (before["fitted_on"], before["version"])
    refused = deskmate(home, "train", "signals", "--refit", "--asof", "2023-01-03")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "Weight" in deskmate(home, "train", "signals").stdout


@given(days=st.lists(st.dates(date(2013, 1, 1), date(2030, 1, 1)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_refits_only_ever_grow_towards_later_days(fresh: Callable[[], Path], days: list[date]):
    """What is read back is what was asked for, in order; a day before the last is refused and changes nothing."""
    home = fresh()
    locks = FileLocks(home / "locks")
    asked: list[date] = []
    for day in days:
        if asked and day < asked[-1]:
            with pytest.raises(BadInput):
                ask_refit(home, day, locks)
        else:
            ask_refit(home, day, locks)
            asked = sorted({*asked, day})
        assert list(refits(home)) == asked
    assert [one.name for one in home.iterdir() if one.name.startswith(".")] == []


@pytest.fixture(scope="module", name="fresh")
def _fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("refits")


@pytest.mark.parametrize("content", ["{", '["yesterday"]', "7"])
def test_a_refit_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: str):
    """Nothing is guessed from it."""
    (tmp_path / NAME).write_text(content)
    with pytest.raises(BadInput, match="cannot be read as a list of days"):
        refits(tmp_path)
