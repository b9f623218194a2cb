"""Sentiment as served: what texts come to, what is kept, what stands in, and what is never imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.cleaning import TEXT_CAP, cleaned
from models.evaluation import evaluate
from models.labelled import read_labelled
from models.registry import SHIPPED, ModelUnavailable, Registry
from models.scoring import calibration_error, fitted_temperature, macro_f1, softmax
from models.sentiment import LABELS, Label
from models.serving import COMPACT, CachedSentiment, open_sentiment
from tests.models.test_registry import made

PLAIN = {
    "Operating profit rose to EUR 13 mn from EUR 9 mn a year earlier": "positive",
    "Company shares plunge after profit warning": "negative",
    "The annual general meeting will be held in Helsinki on 12 April": "neutral",
    "JPMorgan upgrades Apple to overweight": "positive",
    "The group will lay off 300 employees due to weak demand": "negative",
}


class Counting:
    """A classifier that says the same of every text and remembers what it was asked."""

    labels: tuple[Label, ...] = ("negative", "positive", "neutral")

    def __init__(self) -> None:
        self.asked: list[str] = []

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Mostly positive, in an order of its own."""
        self.asked += texts
        return np.tile([0.1, 0.7, 0.2], (len(texts), 1))


@pytest.fixture(scope="module")
def compact() -> CachedSentiment:
    """The model that ships with the project."""
    opened = open_sentiment(Registry(), COMPACT)
    assert isinstance(opened.model, CachedSentiment)
    return opened.model


def test_plain_sentences_are_read_as_a_person_reads_them(compact: CachedSentiment) -> None:
    """The shipped model itself, on sentences nobody would argue about."""
    found = compact.score(list(PLAIN))
    assert {text: one.label for text, one in zip(PLAIN, found, strict=True)} == PLAIN
    for one in found:
        assert sum(one.probabilities.values()) == pytest.approx(1)
        assert one.score == pytest.approx(one.probabilities["positive"] - one.probabilities["negative"])
        assert one.model == COMPACT


def test_the_shipped_model_is_small_carded_and_verified() -> None:
    """At most 25 MB, its digests right, its licence and its training told."""
    registry = Registry()
    card = registry.card(COMPACT)
    folder = registry.folder(COMPACT)
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 25_000_000
    assert {path.name for path in folder.iterdir()} == {*card.files, "card.json"}
    assert card.licence
    assert "Twitter" in card.trained_on
    assert "PhraseBank" not in card.trained_on


def test_outputs_are_read_by_their_labels_not_by_their_place() -> None:
    """A model may list negative first; reading it by place would turn the tone round."""
    (found,) = CachedSentiment("small", Counting()).score(["Profit rose"])
    assert found.label == "positive"
    assert found.probabilities == {"positive": 0.7, "neutral": 0.2, "negative": 0.1}
    assert found.score == pytest.approx(0.6)


def test_a_text_is_read_once_and_kept_by_what_it_says() -> None:
    """The same headline from two feeds, or twice in one call, costs one reading; order is kept."""
    classifier = Counting()
    model = CachedSentiment("small", classifier)
    assert len(model.score(["A rises", "B falls", "A rises"])) == 3
    model.score(["B falls"])
    assert classifier.asked == ["A rises", "B falls"]


def test_the_least_recently_asked_text_is_forgotten_first() -> None:
    """The memory of a process that runs for months stays bounded."""
    classifier = Counting()
    model = CachedSentiment("small", classifier, keep=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        model.score([text])
    assert classifier.asked == ["a", "b", "c", "b"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "https://t.co/abc", "$$$ !!!", "\ud800"])
def test_a_text_that_says_nothing_is_neutral_and_asks_no_model(text: str) -> None:
    """Nothing said is no opinion; the model would make one up."""
    classifier = Counting()
    (found,) = CachedSentiment("small", classifier).score([text])
    assert (found.label, found.score, classifier.asked) == ("neutral", 0.0, [])


def test_a_text_of_ten_megabytes_is_cut_and_read(compact: CachedSentiment) -> None:
    """A hostile headline costs what its beginning costs."""
    (found,) = compact.score(["Net profit rose sharply. " + "x" * 10_000_000])
    assert found.label == "positive"
    assert len(cleaned("word " * 1_000_000)) <= TEXT_CAP


def test_hostile_characters_do_not_stop_the_rest(compact: CachedSentiment) -> None:
    """Lone surrogates, controls, another script: each text has its answer."""
    texts = [
        "\ud800\udfff profit \x00 rose",
        "利益が増加した",
        "\u202eprofit fell\u202c",
        "&lt;b&gt;Sales rose&lt;/b&gt;",
        "🚀" * 500,
    ]
    assert len(compact.score(texts)) == len(texts)


def test_texts_are_cleaned_as_in_training() -> None:
    """Tickers in front, addresses, marks and cut-off dots go; what is said stays."""
    assert cleaned("$AAPL $MSFT - Apple &amp; co rise https://t.co/x…") == "Apple & co rise"
    assert cleaned("Sold  $TSLA,\n#stocks @home…") == "Sold TSLA, stocks home"
    assert cleaned("$5 million order") == "$5 million order"


def test_threads_get_the_same_answers_as_one(compact: CachedSentiment) -> None:
    """The desk's channels share one model."""
    texts = [f"Sales of unit {number} rose by {number} %" for number in range(40)]
    alone = open_sentiment(Registry(), COMPACT).model.score(texts)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda part: compact.score(texts[part : part + 10]), range(0, 40, 10)))
    assert [one.label for part in together for one in part] == [one.label for one in alone]


def test_a_model_that_cannot_be_used_is_announced_and_replaced(tmp_path: Path) -> None:
    """A corrupt FinBERT must not stop the desk, and must not be passed over in silence."""
    made(tmp_path / "home" / "models", "finbert", fallback=COMPACT)
    (tmp_path / "home" / "models" / "finbert" / "model.onnx").write_bytes(b"corrupt")
    opened = open_sentiment(Registry(SHIPPED, tmp_path / "home"))
    assert opened.model.name == COMPACT
    (sentence,) = opened.degraded
    assert "finbert" in sentence
    assert "SHA-256" in sentence
    assert "deskmate models fetch finbert" in sentence


def test_a_graph_that_is_as_carded_but_no_model_is_announced_and_replaced(tmp_path: Path) -> None:
    """A digest says that a file is the one that was kept, not that it works."""
    made(tmp_path / "home" / "models", "finbert")
    opened = open_sentiment(Registry(SHIPPED, tmp_path / "home"))
    assert opened.model.name == COMPACT
    assert "cannot be" in opened.degraded[0]


def test_a_spoilt_model_of_ones_own_falls_back_to_the_shipped_one(tmp_path: Path) -> None:
    """Its own retraining hides the shipped model only while it works."""
    made(tmp_path / "home" / "models", COMPACT)
    opened = open_sentiment(Registry(SHIPPED, tmp_path / "home"))
    assert opened.model.name == COMPACT
    assert len(opened.degraded) == 1
    assert opened.model.score(["Profit rose"])[0].label == "positive"


def test_without_any_model_every_reason_is_told(tmp_path: Path) -> None:
    """No tone is invented where nothing can read."""
    with pytest.raises(ModelUnavailable, match="no model"):
        open_sentiment(Registry(tmp_path / "none", tmp_path / "home"))


def test_serving_imports_no_training_library() -> None:
    """torch alone costs a second and hundreds of megabytes."""
    probe = (
        "import sys; from models.registry import Registry; from models.serving import open_sentiment; "
        "open_sentiment(Registry()).model.score(['Profit rose']); "
        "print([m for m in ('torch', 'transformers', 'darts', 'sklearn', 'scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_labelled_files_are_read_in_both_forms(tmp_path: Path) -> None:
    """Words or numbers, UTF-8 or Latin-1, quoted line breaks; what has no label is left out."""
    (tmp_path / "a.csv").write_text('text,label\n"Profit\nrose",1\nFell,bearish\nOdd,9\n,1\n', encoding="utf-8")
    (tmp_path / "b.txt").write_bytes("Soci\xe9t\xe9 @home rose@positive\nno label here\n".encode("latin-1"))
    assert [(row.text, LABELS[row.label]) for row in read_labelled(tmp_path / "a.csv")] == [
        ("Profit rose", "positive"),
        ("Fell", "negative"),
    ]
    assert [(row.text, LABELS[row.label]) for row in read_labelled(tmp_path / "b.txt")] == [
        ("Société home rose", "positive")
    ]


def test_the_temperature_brings_confidence_to_frequency() -> None:
    """Logits three times too large, as an over-trained model gives them, are brought back to what is true of them."""
    chance = np.random.default_rng(1)
    logits = chance.normal(size=(6000, 3)) * 1.5
    truth = np.array([chance.choice(3, p=row) for row in softmax(logits)])
    temperature = fitted_temperature(logits * 3, truth)
    assert temperature == pytest.approx(3, rel=0.1)
    assert calibration_error(softmax(logits * 3), truth) > 0.1
    assert calibration_error(softmax(logits * 3, temperature), truth) < 0.03


def test_macro_f1_weighs_every_label_alike() -> None:
    """Worked by hand: F1 of 1/2, 2/3 and 0."""
    truth, predicted = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0])
    assert macro_f1(predicted, truth) == pytest.approx((0.5 + 0.8 + 0) / 3)


SETS = {
    "twitter_financial_news/valid.csv": (0.85, 0.80),
    "financial_phrasebank/Sentences_AllAgree.txt": (0.90, 0.87),
}


@pytest.mark.parametrize("name", list(SETS))
def test_the_shipped_model_keeps_its_scores(compact: CachedSentiment, name: str) -> None:
    """A new export or tokenizer must not cost accuracy unseen; the figures are those of the card, less a margin."""
    path = Path(__file__).parents[3] / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"the labelled texts are not here: shared/data/{name}")
    scores = evaluate(compact, read_labelled(path)[::4], path.stem)
    least_accuracy, least_f1 = SETS[name]
    assert scores.accuracy >= least_accuracy
    assert scores.macro_f1 >= least_f1
    assert scores.calibration_error <= 0.06
