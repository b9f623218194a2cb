"""`deskmate evaluate`: scores of the signals over the store's history, on the real command and the sample market."""

from __future__ import annotations

import csv
import json
from math import fsum, log
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant.cli import app
from brokers.vocabulary import BadInput, Unavailable
from tests.acceptance.test_journey import deskmate
from tools.performance.calls_file import COLUMNS
from tools.signals.table import TERMS

LATER = ("resolved_at", "exit_reason", "outcome")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def import_walk(home: Path, sessions: int, symbols: tuple[str, ...]) -> None:
    """A home that knows a random walk of some symbols and no sample market."""
    chance = np.random.default_rng(11)
    days = np.busday_offset("2021-01-04", np.arange(sessions))
    lines = ["symbol,date,open,high,low,close,volume"]
    for symbol in symbols:
        close = np.round(100 * np.exp(np.cumsum(0.02 * chance.standard_normal(sessions))), 2)
        for day, price in zip(days.tolist(), close.tolist(), strict=True):
            lines.append(f"{symbol},{day},{price},{price * 1.02:.2f},{price * 0.98:.2f},{price},1000000")
    home.mkdir(exist_ok=True)
    (home / "bars.csv").write_text("\n".join(lines) + "\n")
    done = deskmate(home, "import", "bars", str(home / "bars.csv"))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory, seeded_market: Path) -> tuple[Path, dict[str, object], str]:
    """One evaluation of the whole sample market with --json: its home, its object, and what it told."""
    import shutil

    home = tmp_path_factory.mktemp("evaluate") / "home"
    home.mkdir()
    shutil.copy(seeded_market, home / seeded_market.name)
    done = deskmate(home, "evaluate", "--json", "--calls", str(home / "calls.csv"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    return home, json.loads(done.stdout), done.stderr


def test_the_sample_market_is_scored_and_a_report_is_written(evaluated: tuple[Path, dict, str]):
    home, found, told = evaluated
    folder = home / "reports" / f"evaluate-{found['asof']}"
    assert str(folder / "report.md") in told
    assert {one.name for one in folder.iterdir()} >= {"report.md", "reliability.png", "by_year.png", "sources.png"}
    assert f"{found['overall']['calls']:,} resolved calls" in (folder / "report.md").read_text()
    assert found["overall"]["hit_rate"]["low"] < found["overall"]["hit_rate"]["value"]
    assert [one["name"] for one in found["sources"]][-1] == "all but technical"


def test_the_scores_are_what_anybody_gets_from_the_file_of_calls(evaluated: tuple[Path, dict, str]):
    """Brier score, log loss, calibration error and hit rate, reckoned again from the CSV alone."""
    home, found, _ = evaluated
    rows = rows_of(home / "calls.csv")
    assert tuple(rows[0]) == COLUMNS
    done = [row for row in rows if row["outcome"]]
    assert (len(done), len(rows) - len(done)) == (found["overall"]["calls"], found["open_calls"])
    p = np.array([float(row["probability"]) for row in done])
    base = np.array([float(row["base_rate"]) for row in done])
    y = np.array([int(row["outcome"]) for row in done])
    assert np.mean((p - y) ** 2) == pytest.approx(found["overall"]["brier"])
    assert np.mean((base - y) ** 2) == pytest.approx(found["overall"]["brier_base"])
    assert -np.mean(np.where(y, np.log(p), np.log(1 - p))) == pytest.approx(found["overall"]["log_loss"])
    assert y.mean() == pytest.approx(found["overall"]["hit_rate"]["value"])
    groups = np.array_split(np.argsort(p, kind="stable"), 15)
    error = sum(abs(p[group].mean() - y[group].mean()) * len(group) for group in groups) / len(p)
    assert error == pytest.approx(found["calibration"]["error"])


def test_every_row_sums_has_its_own_name_and_is_made_at_a_close(evaluated: tuple[Path, dict, str]):
    home, _, _ = evaluated
    rows = rows_of(home / "calls.csv")
    for row in rows:
        p = float(row["probability"])
        assert 0.01 <= p <= 0.99
        assert abs(fsum(float(row[term]) for term in TERMS) - log(p / (1 - p))) <= 1e-9
        assert row["made_at"][:10] == row["asof"]
        assert row["made_at"].endswith(("20:00:00Z", "21:00:00Z", "17:00:00Z", "18:00:00Z"))
    assert len({row["call_id"] for row in rows}) == len(rows)
    assert [(row["asof"], row["symbol"]) for row in rows] == sorted((row["asof"], row["symbol"]) for row in rows)


def test_calls_up_to_a_day_are_the_same_when_nothing_later_is_known(evaluated: tuple[Path, dict, str], tmp_path: Path):
    """time:asof - every row, to the last digit, but for the fate of calls that were open then."""
    home, _, _ = evaluated
    whole = rows_of(home / "calls.csv")
    done = deskmate(home, "evaluate", "--asof", "2015-05-15", "--calls", str(tmp_path / "then.csv"))
    assert done.returncode == 0, done.stderr
    then = rows_of(tmp_path / "then.csv")
    assert then[-1]["asof"] == "2015-05-15"
    assert any(not row["outcome"] for row in then)
    for early, late in zip(then, whole, strict=False):
        assert early == (late if early["outcome"] else {**late, **dict.fromkeys(LATER, "")})


def test_people_read_sentences_and_a_table(evaluated: tuple[Path, dict, str], tmp_path: Path):
    home, _, _ = evaluated
    done = deskmate(
        home, "evaluate", "--since", "2014-01-01", "--until", "2014-12-31", "--asof", "2015-05-15", "--report",
        str(tmp_path / "mine"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "made from 2014-01-02 to 2014-12-31" in done.stdout
    assert "log loss saved [95 %]" in done.stdout
    assert "year      2014" in done.stdout
    assert "year      2015" not in done.stdout
    assert (tmp_path / "mine" / "report.md").exists()
    assert done.stderr.strip() == f"The report is {tmp_path / 'mine' / 'report.md'}."


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--since", "soon"), "is not a date"),
        (("--since", "2015-01-02", "--until", "2014-01-02"), "--until"),
        (("--asof", "1999-01-04"), "starts on"),
        (("--asof", "2013-01-20"), "nothing to evaluate"),
        (("--asof", "2015-01-20", "--since", "2015-02-01"), "in that time"),
    ],
)
def test_what_cannot_be_evaluated_is_a_sentence(evaluated: tuple[Path, dict, str], options: tuple[str, ...], word: str):
    home, _, _ = evaluated
    done = CliRunner().invoke(app, ["evaluate", *options, "--home", str(home)])
    assert isinstance(done.exception, BadInput | Unavailable)
    assert word in done.exception.sentence()
    assert not done.stdout


def test_an_own_history_that_is_too_short_is_a_sentence(tmp_path: Path):
    import_walk(tmp_path / "home", 20, ("AAA",))
    done = deskmate(tmp_path / "home", "evaluate")
    assert done.returncode == 1
    assert "nothing to evaluate" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_own_symbol_over_one_year_is_scored(tmp_path: Path):
    import_walk(tmp_path / "home", 250, ("AAA",))
    done = deskmate(tmp_path / "home", "evaluate", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["symbols"] == ["AAA"]


@pytest.mark.parametrize("name", ["router", "sentiment"])
def test_the_other_evaluations_are_still_there(name: str):
    done = CliRunner().invoke(app, ["evaluate", name, "--help"])
    assert done.exit_code == 0
    assert f"evaluate {name}" in done.stdout
