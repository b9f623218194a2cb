"""A small BERT that the tests train themselves."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def words_of(texts: list[str], count: int = 700) -> list[str]:
    """A WordPiece vocabulary: marks, single characters, and the commonest words."""
    common = Counter(word for text in texts for word in re.findall(r"[a-z]+|[^a-z\s]", text.lower()))
    characters = "abcdefghijklmnopqrstuvwxyz0123456789"
    known = [*MARKS, *characters, *(f"##{char}" for char in characters)]
    return known + [word for word, _ in common.most_common(count) if word not in set(known)]


def train_tiny(folder: Path) -> Path:
    """A small BERT with three labels, trained for seconds, as a folder that `save_pretrained` and a vocab.txt make."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    from models.fetching import tokenizer_of
    from models.training.grammar import sentences

    rows = sentences(1600, seed=5)
    words = words_of([text for text, _ in rows])
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    tokenizer = _tokenizer(tokenizer_of(folder))
    torch.set_num_threads(1)  # threads that wait for one another cost more than they bring at this size
    torch.manual_seed(3)
    # The outputs stand in another order than the project's, so that a fixed order would be found out.
    config = BertConfig(
        vocab_size=len(words), hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96,
        max_position_embeddings=80, id2label={0: "neutral", 1: "negative", 2: "positive"},
        label2id={"neutral": 0, "negative": 1, "positive": 2}, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    model = BertForSequenceClassification(config).train()
    place = torch.tensor([2, 0, 1])  # positive, neutral, negative → outputs
    tokenizer.enable_padding(pad_id=0)
    encoded = tokenizer.encode_batch([text for text, _ in rows])
    ids = torch.tensor([one.ids for one in encoded])
    mask = torch.tensor([one.attention_mask for one in encoded])
    labels = place[torch.tensor([label for _, label in rows])]
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for step in range(75):
        part = torch.arange(step * 64, step * 64 + 64) % len(rows)
        loss = model(input_ids=ids[part], attention_mask=mask[part], labels=labels[part]).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval().save_pretrained(folder)
    return folder


def _tokenizer(text: str) -> Any:
    from tokenizers import Tokenizer

    made = Tokenizer.from_str(text)
    made.enable_truncation(78)
    return made
