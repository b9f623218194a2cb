"""The whole evaluation: which walks it takes, what it says when there is little, and a page that holds its figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from brokers.vocabulary import BadInput, Unavailable
from tests.tools.performance.tables import Engine, head, last_day, random_table
from tools.performance.evaluation import OTHERS, TRADED, Evaluation, choose, evaluate, walks
from tools.performance.findings import findings, percent, told
from tools.performance.report import markdown, write_report
from tools.signals.decision import ActionRule
from tools.signals.signal import Source
from tools.signals.table import CallTable

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ONLY_TECHNICAL = (1.0, 0.0, 0.0, 0.0, 0.0)


def evaluated(table: CallTable, since: date | None = None, until: date | None = None) -> Evaluation:
    known = walks(Engine(table), NOW)
    return evaluate(known, choose(known.full, since, until, ActionRule()), last_day(table))


def test_every_source_that_spoke_is_taken_away_once_and_technical_stands_alone():
    engine = Engine(random_table())
    seen: list[tuple[str, int, int]] = []
    walks(engine, NOW, lambda *told: seen.append(told))
    assert engine.walked == [
        frozenset(),
        frozenset({Source.TECHNICAL}),
        frozenset({Source.SENTIMENT}),
        frozenset({Source.REGIME}),
        frozenset(Source) - {Source.TECHNICAL},
    ]
    assert seen[0] == ("all sources", 1, 1)


def test_a_walk_that_could_not_differ_is_not_taken():
    engine = Engine(random_table(weights=ONLY_TECHNICAL))
    assert walks(engine, NOW).technical_only is None
    assert engine.walked == [frozenset(), frozenset({Source.TECHNICAL})]
    found = evaluated(engine.full)
    assert [(one.name, one.note) for one in found.sources][-1] == (OTHERS, "no other source moved a probability")


def test_the_sources_that_got_no_weight_are_said_with_their_reason():
    table = random_table()
    mute = table.evidence.copy()
    mute[:, tuple(Source).index(Source.NEWS)] = np.nan
    found = evaluated(replace(table, evidence=mute))
    notes = {one.name: one.note for one in found.sources}
    assert notes["news"] == "said nothing of any call"
    assert notes["forecast"] == "weight zero throughout"
    page = markdown(found)
    assert "forecast (it saved nothing out of sample)" in page
    assert [one.weight for one in found.weights if one.source == "forecast"] == [0.0] * len(table.fits)


def test_only_calls_of_the_time_asked_for_are_scored():
    table = random_table(sessions=600)
    found = evaluated(table, date(2016, 1, 1), date(2016, 6, 30))
    day = table.day.astype("datetime64[D]")
    rows = (day >= np.datetime64("2016-01-01")) & (day <= np.datetime64("2016-06-30")) & table.resolved
    assert found.overall.calls == int(rows.sum())
    assert (found.since, found.until) == (date(2016, 1, 1), date(2016, 6, 30))
    # The record behind the action rule starts with the first call: half a year in, it trades from the first day.
    assert any(one.name == TRADED for one in found.returns)


def test_what_was_scored_by_a_day_is_the_same_when_more_is_known():
    """Figures over calls resolved by a day do not depend on later data."""
    table = random_table(sessions=400)
    early = evaluated(head(table, 300))
    again = evaluated(head(replace(table, probability=np.where(table.bar < 300, table.probability, 0.5)), 300))
    assert early == again
    assert early == evaluated(head(table, 300))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (random_table().where(np.zeros(2000, dtype=np.bool_)), "no call was made"),
        (replace(random_table(), outcome=np.full(2000, -1, dtype=np.int8)), "none of 2000 calls is resolved"),
    ],
)
def test_nothing_resolved_is_a_sentence(table: CallTable, words: str):
    known = walks(Engine(table), NOW)
    with pytest.raises(Unavailable, match=words) as error:
        evaluate(known, choose(known.full, None, None, ActionRule()), date(2020, 1, 2))
    assert error.value.fix


def test_a_time_without_calls_is_a_sentence():
    with pytest.raises(Unavailable, match="in that time"):
        evaluated(random_table(), since=date(2029, 1, 1))


@pytest.mark.parametrize(("sessions", "symbols"), [(8, 1), (15, 1), (60, 1), (250, 1), (30, 4)])
def test_little_history_makes_a_report_without_intervals_it_cannot_have(tmp_path: Path, sessions: int, symbols: int):
    table = random_table(seed=4, sessions=sessions, symbols=symbols)
    known = walks(Engine(table), NOW)
    chosen = choose(known.full, None, None, ActionRule())
    assert table.resolved.any()
    found = evaluate(known, chosen, last_day(table))
    page = write_report(found, chosen, tmp_path / "report")
    assert Evaluation.model_validate_json(found.model_dump_json()) == found
    if sessions < 100:
        assert found.overall.hit_rate.low is None
        assert "too short for intervals" in page.read_text()


def test_the_page_holds_the_figures_and_its_pictures(tmp_path: Path):
    table = random_table(sessions=800)
    known = walks(Engine(table), NOW)
    chosen = choose(known.full, None, None, ActionRule())
    found = evaluate(known, chosen, last_day(table))
    page = write_report(found, chosen, tmp_path / "deep" / "report")
    text = page.read_text()
    assert f"{found.overall.calls:,} resolved calls" in text
    assert f"| Brier score | {found.overall.brier:.5f} | {found.overall.brier_base:.5f} |" in text
    assert told(found.overall.log_loss_saved, 5) in text
    assert percent(found.calibration.error) in text
    for one in found.groups:
        assert f"| {one.by}: {one.name} | {one.skill.calls:,} |" in text
    for one in found.sources:
        assert f"| {one.name} | {one.calls:,} | {told(one.log_loss_saved, 5)} |" in text
    pictures = sorted(one.name for one in page.parent.glob("*.png"))
    assert pictures == ["by_year.png", "reliability.png", "returns.png", "sources.png", "weights.png"]
    assert all(f"({name})" in text for name in pictures)
    assert all((page.parent / name).read_bytes().startswith(b"\x89PNG") for name in pictures)


def test_praise_needs_an_interval():
    """Better, worse and not to be told from nothing are each said where they are so."""
    good = evaluated(random_table(seed=1, sessions=800, skill=0.6))
    assert "better than the base rate alone" in " ".join(findings(good))
    table = random_table(seed=1, sessions=800)
    noise = np.random.default_rng(5).standard_normal(len(table))
    bad = evaluated(replace(table, probability=1 / (1 + np.exp(noise))))
    words = " ".join(findings(bad))
    assert "worse than the base rate alone" in words
    assert "more than chance alone would" in words.replace("no more than", "")
    rare = np.where(np.arange(len(table)) % 50 == 0, table.probability, table.base_rate)
    none = " ".join(findings(evaluated(replace(table, probability=rare))))
    assert "cannot be told from the base rate alone" in none
    assert "were given another probability than the base rate" in none


def test_a_probability_that_is_the_base_rate_to_the_last_bits_claims_nothing():
    """Rounding is no skill: nothing is saved or ranked."""
    table = random_table(sessions=400)
    found = evaluated(replace(table, probability=np.nextafter(table.base_rate, 1)))
    words = " ".join(findings(found))
    assert "are the base rate and nothing else" in words
    assert found.overall.log_loss_saved.value == found.overall.brier_saved.value == 0
    assert found.correlation.mean is None


def test_a_bias_is_said_with_its_way():
    assert "it promised too much" in " ".join(findings(evaluated(random_table(sessions=800, bias=0.6))))
    assert "it promised too little" in " ".join(findings(evaluated(random_table(sessions=800, bias=-0.6))))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    table = random_table()
    known = walks(Engine(table), NOW)
    chosen = choose(known.full, None, None, ActionRule())
    with pytest.raises(BadInput, match="report"):
        write_report(evaluate(known, chosen, last_day(table)), chosen, tmp_path / "file" / "report")
