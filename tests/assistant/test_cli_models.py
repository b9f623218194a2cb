"""The models' commands: JSON as promised, a broken model told with what mends it, training that says how it went."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from models.registry import SHIPPED
from models.serving import COMPACT
from tests.acceptance.test_journey import deskmate


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """What was printed, a JSON object a line."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_lines_on_stdin_are_answered_one_by_one(tmp_path: Path):
    """The promised form: label, probabilities, score and model; a bad line is an error in its place."""
    lines = [json.dumps({"text": "Net profit rose by 20 %"}), "not json", json.dumps({"text": "Shares plunge on loss"})]
    done = deskmate(tmp_path, "sentiment", "--json", "--stdin", stdin="\n".join(lines))
    first, second, third = rows(done)
    assert set(first) == {"label", "probabilities", "score", "model"}
    assert set(first["probabilities"]) == {"positive", "neutral", "negative"}
    assert (first["label"], third["label"], first["model"]) == ("positive", "negative", COMPACT)
    assert second == {"error": "Line 2 is not JSON."}
    assert done.returncode == 1


def test_a_spoilt_model_is_listed_bad_announced_and_stood_in_for(tmp_path: Path):
    """verify names the command that mends it; sentiment says who read instead."""
    own = tmp_path / "models" / COMPACT
    shutil.copytree(SHIPPED / COMPACT, own)
    (own / "model.onnx").write_bytes(b"spoilt")
    verified = deskmate(tmp_path, "models", "verify", "--json")
    assert verified.returncode == 1
    (bad,) = [row for row in rows(verified) if not row["ok"]]
    assert bad["name"] == COMPACT
    assert "deskmate" in bad["fix"]
    read = deskmate(tmp_path, "sentiment", "--json", "Net profit rose by 20 %")
    assert rows(read)[0]["label"] == "positive"
    assert "SHA-256" in rows(read)[0]["degraded"][0]


def test_a_folder_without_a_model_is_refused_in_a_sentence(tmp_path: Path):
    """No traceback for what is foreseen."""
    done = deskmate(tmp_path, "models", "fetch", "finbert", "--from", str(tmp_path))
    assert done.returncode == 1
    assert "config.json" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def base(tiny_classifier: Path, tmp_path: Path) -> Path:
    """The small BERT as something to start from: its tokenizer in the one form that training reads."""
    from models.fetching import tokenizer_of

    folder = tmp_path / "base"
    shutil.copytree(tiny_classifier, folder)
    (folder / "tokenizer.json").write_text(tokenizer_of(folder), encoding="utf-8")
    return folder


def test_training_keeps_the_new_model_only_where_it_reads_no_worse(base: Path, tmp_path: Path):
    """A few steps from a tiny model cannot beat the shipped one: scored side by side, told, not kept unless forced."""
    from models.sentiment import LABELS
    from models.training.grammar import sentences

    names = {"positive": 1, "neutral": 2, "negative": 0}
    data = tmp_path / "mine.csv"
    lines = [f'"{text.replace(chr(34), "")}",{names[LABELS[label]]}' for text, label in sentences(300, seed=21)]
    data.write_text("text,label\n" + "\n".join(lines), encoding="utf-8")
    home = tmp_path / "home"
    asked = ["train", "sentiment", "--data", str(data), "--base", str(base), "--share", "0.02", "--json"]
    (told,) = rows(deskmate(home, *asked))
    assert told["kept"] is False
    assert {one["data"] for one in told["scores"]} == {"held-out"} == {one["data"] for one in told["beside"]}
    assert not (home / "models").exists()
    (told,) = rows(deskmate(home, *asked, "--force"))
    assert told["kept"] is True
    assert rows(deskmate(home, "sentiment", "--json", "Profit rose"))[0]["model"] == COMPACT
