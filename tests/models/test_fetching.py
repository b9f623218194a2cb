"""Fetching a classifier: a folder becomes a served int8 model, and what could run code never loads."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from brokers.vocabulary import BadInput, Refused
from models.fetching import judged, label_order, tokenizer_of
from models.registry import Registry
from models.serving import open_sentiment


def silent(_: str) -> None:
    """Nobody watches."""


def copied(source: Path, to: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(source, to)
    return to


def config_of(folder: Path, **change: object) -> None:
    """Change entries of config.json; None takes an entry out."""
    config = json.loads((folder / "config.json").read_text()) | change
    (folder / "config.json").write_text(json.dumps({key: value for key, value in config.items() if value is not None}))


@pytest.fixture(scope="module")
def fetched(tiny_classifier: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the small classifier was fetched."""
    from models.training.fetch import fetch

    home = tmp_path_factory.mktemp("fetched")
    fetch(Registry(home / "none", home), home, "finbert", source=str(tiny_classifier), labels="", tell=silent)
    return home


def test_a_local_folder_is_fetched_exported_verified_and_served(fetched: Path, tiny_classifier: Path) -> None:
    """The whole way on a small BERT: vocab.txt to tokenizer, safetensors to int8 ONNX, labels by their meaning."""
    registry = Registry(fetched / "none", fetched)
    card = registry.card("finbert")
    assert card.scores["agreement"] >= 0.99
    assert card.scores["bits"] == 8
    assert card.fallback == "compact-sentiment"
    assert "weights SHA-256" in card.note
    opened = open_sentiment(registry)
    assert opened.degraded == ()
    lines = ["Net sales rose to EUR 12 mn", "The firm downgraded to sell at UBS", "Trading begins on 3 May"]
    found = opened.model.score(lines)
    assert [one.model for one in found] == ["finbert"] * 3
    assert [one.label for one in found] == _in_torch(tiny_classifier, lines)


def _in_torch(folder: Path, lines: list[str]) -> list[str]:
    import torch
    from tokenizers import Tokenizer
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = Tokenizer.from_str(tokenizer_of(folder))
    labels: list[str] = []
    for line in lines:
        with torch.inference_mode():
            logits = model(input_ids=torch.tensor([tokenizer.encode(line).ids])).logits
        labels.append(model.config.id2label[int(np.argmax(logits.numpy()))])
    return labels


def test_weights_kept_only_as_a_bin_are_read_without_running_code_and_written_back(
    tiny_classifier: Path, tmp_path: Path, fetched: Path
) -> None:
    """FinBERT's own repository has nothing else; once fetched it is safetensors for good."""
    import torch
    from safetensors.torch import load_file

    from models.training.fetch import fetch

    folder = copied(tiny_classifier, tmp_path / "bin")
    state = load_file(folder / "model.safetensors")
    torch.save(state, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    home = tmp_path / "home"
    fetch(Registry(home, home), home, "finbert", source=str(folder), labels="", tell=silent)
    written = load_file(home / "models" / "sources" / "finbert" / "model.safetensors")
    assert all(torch.equal(written[name], value) for name, value in state.items())
    texts = ["Operating profit fell by 12 %"]
    same = [open_sentiment(Registry(where, where)).model.score(texts) for where in (home, fetched)]
    assert same[0] == same[1]


class Harm:
    """Unpickling it creates a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return (open, (str(self.mark), "w"))


def test_a_bin_that_would_run_code_is_refused_and_runs_none(tiny_classifier: Path, tmp_path: Path) -> None:
    """The name of a weights file is no proof of what is inside."""
    from models.training.fetch import fetch

    folder = copied(tiny_classifier, tmp_path / "bad")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"weight": Harm(tmp_path / "ran")}))
    with pytest.raises(Refused, match="more than weights"):
        fetch(Registry(tmp_path, tmp_path), tmp_path, "finbert", source=str(folder), labels="", tell=silent)
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("name", ["model.pkl", "model.pt", "weights.ckpt", "model.joblib"])
def test_any_other_pickle_is_refused(tiny_classifier: Path, tmp_path: Path, name: str) -> None:
    """A pickle offered as a model is refused before anything is loaded."""
    folder = copied(tiny_classifier, tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / name)
    with pytest.raises(Refused, match="may run code"):
        judged(folder)


def test_code_that_comes_with_a_model_is_refused(tiny_classifier: Path, tmp_path: Path) -> None:
    """`auto_map` asks the loader to import Python from the folder."""
    folder = copied(tiny_classifier, tmp_path / "remote")
    config_of(folder, auto_map={"AutoModel": "modeling.Evil"})
    with pytest.raises(Refused, match="never run"):
        judged(folder)


def test_labels_without_a_meaning_are_asked_for(tiny_classifier: Path, tmp_path: Path) -> None:
    """LABEL_0 could be any of the three; guessing would turn good news into bad."""
    folder = copied(tiny_classifier, tmp_path / "unnamed")
    config_of(folder, id2label={"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}, label2id=None)
    with pytest.raises(BadInput, match="does not say") as asked:
        judged(folder)
    assert "--labels" in asked.value.fix
    assert judged(folder, "neutral,negative,positive").labels == ("neutral", "negative", "positive")


@pytest.mark.parametrize("given", ["positive,negative", "good,bad,neutral", "positive,positive,neutral", "0,1,2"])
def test_labels_that_are_not_the_three_are_refused(given: str) -> None:
    """Every label exactly once, by a name that has one meaning."""
    with pytest.raises(BadInput):
        label_order({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, given)


def test_labels_are_read_in_the_order_of_the_outputs() -> None:
    """A config may list them in any order and by a trader's words."""
    config = {"id2label": {"2": "Bullish", "0": "Bearish", "1": "Neutral"}}
    assert label_order(config) == ("negative", "neutral", "positive")


def test_a_model_with_other_outputs_is_refused(tiny_classifier: Path, tmp_path: Path) -> None:
    """Five stars are not three tones, whatever `--labels` says."""
    folder = copied(tiny_classifier, tmp_path / "stars")
    config_of(folder, id2label={str(stars): f"{stars} stars" for stars in range(5)})
    with pytest.raises(BadInput, match="5 outputs"):
        judged(folder, "positive,negative,neutral")


def test_weights_without_a_head_are_no_classifier(tiny_classifier: Path, tmp_path: Path) -> None:
    """transformers would fill a missing head with chance and go on."""
    from safetensors.torch import load_file, save_file

    from models.training.fetch import fetch

    folder = copied(tiny_classifier, tmp_path / "headless")
    state = {name: value for name, value in load_file(folder / "model.safetensors").items() if "classifier" not in name}
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BadInput, match="no fine-tuned classifier"):
        fetch(Registry(tmp_path, tmp_path), tmp_path, "finbert", source=str(folder), labels="", tell=silent)


@pytest.mark.parametrize("harm", ["no words", "no marks", "not json"])
def test_a_tokenizer_that_cannot_be_read_is_told(tiny_classifier: Path, tmp_path: Path, harm: str) -> None:
    """A wrong tokenizer gives answers that look right; better none."""
    folder = copied(tiny_classifier, tmp_path / "wordless")
    if harm == "no words":
        (folder / "vocab.txt").unlink()
    elif harm == "no marks":
        (folder / "vocab.txt").write_text("a\nb\n")
    else:
        (folder / "tokenizer.json").write_text("{")
    with pytest.raises(BadInput):
        tokenizer_of(folder)


def test_a_built_tokenizer_cuts_words_as_the_vocabulary_says(tiny_classifier: Path) -> None:
    """Lower case, accents off, marks at both ends: what BERT's own tokenizer does with these words."""
    from tokenizers import Tokenizer
    from transformers import BertTokenizerFast

    ours = Tokenizer.from_str(tokenizer_of(tiny_classifier))
    theirs = BertTokenizerFast(vocab=str(tiny_classifier / "vocab.txt"), do_lower_case=True)
    for text in ("Net SALES rose 12.5 %", "Société Générale's profit", "xyzzy — “quoted”"):
        assert ours.encode(text).ids == theirs(text)["input_ids"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A path with a typing error is no repository of the hub."""
    from models.training.fetch import fetch

    with pytest.raises(BadInput, match="There is no folder"):
        fetch(Registry(tmp_path, tmp_path), tmp_path, "finbert", source=str(tmp_path / "no"), labels="", tell=silent)
