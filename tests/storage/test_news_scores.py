"""Scores of headlines on disk: read once, by model and version, safe beside other processes, never silently wrong."""

from __future__ import annotations

import math
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.vocabulary import BadInput, StorageError
from storage.news_scores import FORMAT, NewsScores, text_key

_WRITER = """
import sys
from pathlib import Path
from storage.news_scores import NewsScores, text_key
store, who = NewsScores(Path(sys.argv[1])), sys.argv[2]
for part in range(20):
    store.keep("m", "1", {text_key(f"text {number}"): float(who) for number in range(part * 50, part * 50 + 50)})
"""


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(), st.floats(-1, 1), max_size=20), st.lists(st.text(), max_size=5))
def test_what_was_kept_comes_back_to_the_last_bit(tmp_path: Path, kept: dict[str, float], others: list[str]) -> None:
    """And a text that was never read is not among the answers."""
    path = tmp_path / "scores.sqlite"
    path.unlink(missing_ok=True)
    NewsScores(path).keep("m", "1", {text_key(text): score for text, score in kept.items()})
    found = NewsScores(path).known("m", "1", [text_key(text) for text in (*kept, *others)])
    assert found == {text_key(text): score for text, score in kept.items()}


def test_a_score_belongs_to_one_version_of_one_model(tmp_path: Path) -> None:
    """Another model, or another version of it, has not read the text."""
    store, key = NewsScores(tmp_path / "deep" / "scores.sqlite"), text_key("Apple rises")
    assert store.known("m", "1", [key]) == {}
    assert not store.path.exists()
    store.keep("m", "1", {key: 0.5})
    store.keep("m", "2", {key: -0.5})
    assert store.known("m", "1", [key]) == {key: 0.5}
    assert store.known("m", "2", [key]) == {key: -0.5}
    assert store.known("other", "1", [key]) == {}


def test_the_first_score_of_a_text_stands(tmp_path: Path) -> None:
    """Two processes that read one text agree on one score from then on."""
    store, key = NewsScores(tmp_path / "scores.sqlite"), text_key("Apple rises")
    store.keep("m", "1", {key: 0.5})
    store.keep("m", "1", {key: 0.25, text_key("more"): 0.1})
    assert store.known("m", "1", [key, text_key("more")]) == {key: 0.5, text_key("more"): 0.1}


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf, 1.5])
def test_what_is_no_score_is_refused_and_nothing_of_its_batch_is_kept(tmp_path: Path, score: float) -> None:
    """A number that no probability gives must not be found again as if a model had said it."""
    store = NewsScores(tmp_path / "scores.sqlite")
    with pytest.raises(BadInput):
        store.keep("m", "1", {text_key("good"): 0.5, text_key("bad"): score})
    assert store.known("m", "1", [text_key("good"), text_key("bad")]) == {}


def test_more_texts_than_one_statement_takes(tmp_path: Path) -> None:
    """Thousands are asked for at once."""
    store = NewsScores(tmp_path / "scores.sqlite")
    scores = {text_key(f"text {number}"): number / 5000 for number in range(3000)}
    store.keep("m", "1", scores)
    assert store.known("m", "1", list(scores)) == scores


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Four start on a file that is not there yet and all write the same texts: each is kept once, by one of them."""
    path = tmp_path / "scores.sqlite"
    command = [sys.executable, "-c", _WRITER, str(path)]
    writers = [subprocess.Popen([*command, str(who / 10)], stderr=subprocess.PIPE, text=True) for who in range(4)]
    said = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 4, said
    found = NewsScores(path).known("m", "1", [text_key(f"text {number}") for number in range(1000)])
    assert len(found) == 1000
    assert set(found.values()) <= {0.0, 0.1, 0.2, 0.3}


def test_a_file_that_is_something_else_is_said_with_what_to_do(tmp_path: Path) -> None:
    """Damaged, newer, or in a folder that is none."""
    path = tmp_path / "scores.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(StorageError) as damaged:
        NewsScores(path).known("m", "1", [text_key("a")])
    assert "Move" in damaged.value.fix
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as connection:
        connection.execute(f"PRAGMA user_version={FORMAT + 1}")
    with pytest.raises(StorageError, match="newer"):
        NewsScores(newer).keep("m", "1", {text_key("a"): 0.0})
    with pytest.raises(StorageError):
        NewsScores(path / "inside" / "scores.sqlite").keep("m", "1", {text_key("a"): 0.0})
