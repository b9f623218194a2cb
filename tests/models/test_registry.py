"""The registry: what is not exactly what its card says is never used."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.registry import CARD, ModelCard, ModelUnavailable, Registry, digest_of


def made(place: Path, name: str = "small", content: bytes = b"weights", **more: object) -> ModelCard:
    """A model folder with one file and its card."""
    folder = place / name
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(content)
    card = ModelCard.model_validate(
        {
            "name": name,
            "kind": "sentiment",
            "version": "1",
            "files": {"model.onnx": digest_of(folder / "model.onnx")},
            "licence": "Apache-2.0",
            "trained_on": "texts",
            **more,
        }
    )
    (folder / CARD).write_text(card.model_dump_json(), encoding="utf-8")
    return card


def test_a_model_whose_files_are_as_carded_is_found(tmp_path: Path) -> None:
    """The plain case: the folder and the card that were written come back."""
    card = made(tmp_path / "shipped")
    registry = Registry(tmp_path / "shipped")
    assert registry.cards() == (card,)
    assert registry.folder("small") == tmp_path / "shipped" / "small"
    assert [result.ok for result in registry.verify()] == [True]


@pytest.mark.parametrize("harm", ["changed", "missing", "card"])
def test_a_file_that_is_not_the_one_on_the_card_is_refused_with_what_mends_it(tmp_path: Path, harm: str) -> None:
    """A corrupt or swapped file must never speak, and the person must know what to do."""
    made(tmp_path / "shipped")
    folder = tmp_path / "shipped" / "small"
    if harm == "changed":
        (folder / "model.onnx").write_bytes(b"Weights")
    elif harm == "missing":
        (folder / "model.onnx").unlink()
    else:
        (folder / CARD).write_text("{", encoding="utf-8")
    registry = Registry(tmp_path / "shipped")
    with pytest.raises(ModelUnavailable) as refused:
        registry.folder("small")
    assert "git checkout -- models/shipped/small" in refused.value.fix
    (result,) = registry.verify()
    assert (result.ok, result.reason, result.fix) == (False, str(refused.value), refused.value.fix)


def test_a_persons_own_model_goes_before_the_shipped_one_and_is_mended_by_its_own_command(tmp_path: Path) -> None:
    """Retraining replaces what answers without touching the project's files."""
    made(tmp_path / "shipped", content=b"theirs")
    own = made(tmp_path / "work", content=b"mine", version="2", mend="deskmate train sentiment --data mine.csv")
    registry = Registry(tmp_path / "shipped", tmp_path / "home")
    kept = registry.add(own, tmp_path / "work" / "small")
    assert registry.card("small").version == "2"
    assert not registry.is_shipped("small")
    assert registry.shipped_only().card("small").version == "1"
    (kept / "model.onnx").write_bytes(b"Mine")
    with pytest.raises(ModelUnavailable, match="SHA-256") as refused:
        registry.folder("small")
    assert "deskmate train sentiment --data mine.csv" in refused.value.fix


def test_adding_twice_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """A second training must not be mixed with the first one's files."""
    registry = Registry(tmp_path / "shipped", tmp_path / "home")
    for version, content in (("1", b"one"), ("2", b"two")):
        card = made(tmp_path / version, content=content, version=version)
        registry.add(card, tmp_path / version / "small")
    assert (registry.folder("small") / "model.onnx").read_bytes() == b"two"
    assert [entry.name for entry in (tmp_path / "home" / "models").iterdir()] == ["small"]


def test_a_file_that_differs_from_its_card_is_not_added(tmp_path: Path) -> None:
    """What is copied is checked after the copy; the model before it stays."""
    registry = Registry(tmp_path / "shipped", tmp_path / "home")
    card = made(tmp_path / "work")
    registry.add(card, tmp_path / "work" / "small")
    (tmp_path / "work" / "small" / "model.onnx").write_bytes(b"other")
    with pytest.raises(ModelUnavailable):
        registry.add(card, tmp_path / "work" / "small")
    assert (registry.folder("small") / "model.onnx").read_bytes() == b"weights"


@pytest.mark.parametrize("name", ["model.pkl", "model.pt", "pytorch_model.bin", "a.joblib", "../up.onnx", "card.json"])
def test_a_card_cannot_name_a_file_that_may_run_code_or_lie_elsewhere(tmp_path: Path, name: str) -> None:
    """Pickles run code when they are loaded; a path could leave the folder."""
    with pytest.raises(ValidationError):
        made(tmp_path, files={name: "0" * 64})


def test_a_missing_model_is_told_with_the_command_that_brings_it(tmp_path: Path) -> None:
    """Asked for FinBERT on a fresh machine, a person learns the one command that changes that."""
    with pytest.raises(ModelUnavailable) as refused:
        Registry(tmp_path / "shipped", tmp_path / "home").folder("finbert")
    assert "deskmate models fetch finbert" in refused.value.fix


def test_a_model_asked_about_what_it_was_trained_on_refuses(tmp_path: Path) -> None:
    """It would tell what it already knew; the day after, it may speak."""
    known = datetime(2023, 6, 30, 20, tzinfo=UTC)
    card = made(tmp_path, trained_through=known.isoformat())
    card.require_unseen(known + timedelta(seconds=1))
    with pytest.raises(ModelUnavailable, match="trained on later data"):
        card.require_unseen(known)


def test_a_card_of_another_name_is_refused(tmp_path: Path) -> None:
    """A folder copied under another name would answer for a model that it is not."""
    made(tmp_path, "small")
    (tmp_path / "small").rename(tmp_path / "large")
    with pytest.raises(ModelUnavailable, match="holds the card of small"):
        Registry(tmp_path).folder("large")


def test_an_unreadable_card_hides_nothing_else(tmp_path: Path) -> None:
    """One broken model must not take the list of the others with it."""
    made(tmp_path, "good")
    made(tmp_path, "ill")
    (tmp_path / "ill" / CARD).write_text(json.dumps({"name": "ill"}), encoding="utf-8")
    registry = Registry(tmp_path)
    assert [card.name for card in registry.cards()] == ["good"]
    assert {result.name: result.ok for result in registry.verify()} == {"good": True, "ill": False}
