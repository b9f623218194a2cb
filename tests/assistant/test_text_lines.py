"""Lines of texts on stdin: answered as they come, each judged alone, none too long."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant import text_lines
from assistant.text_lines import texts_of
from brokers.vocabulary import BadInput


class Pieces:
    """A stream that gives one piece a call, as a pipe does."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = list(pieces)

    def read1(self, size: int = -1, /) -> bytes:
        """The next piece."""
        return self._pieces.pop(0) if self._pieces else b""


def said(pieces: Sequence[bytes]) -> list[list[str]]:
    """The batches, errors as their words."""
    return [[text if isinstance(text, str) else f"! {text}" for text in batch] for batch in texts_of(Pieces(pieces))]


def line(text: str) -> bytes:
    """One line as a caller writes it."""
    return json.dumps({"text": text}).encode() + b"\n"


def test_whole_lines_are_given_as_soon_as_they_are_there():
    """A caller that waits for each answer must not wait for ever."""
    assert said([line("a") + line("b")[:5], line("b")[5:], b'{"text": "c"}']) == [["a", "b"][:1], ["b"], ["c"]]


def test_a_bad_line_is_told_and_the_rest_goes_on():
    """Wrong encodings, no JSON, no text: each is named by its number."""
    bad = b'\xff\xfe\n{"text"\n{"text": 5}\n[1]\n\n' + line("good")
    assert said([bad]) == [
        ["! Line 1 is not UTF-8.", "! Line 2 is not JSON.", "! Line 3 has no text.", "! Line 4 has no text.", "good"]
    ]


def test_a_line_that_never_ends_is_refused_once_and_skipped(monkeypatch):
    """Memory stays bounded; what follows the line is read."""
    monkeypatch.setattr(text_lines, "LINE_CAP", 100)
    found = [text for batch in texts_of(Pieces([b"x" * 80] * 6 + [b"x\n" + line("after")])) for text in batch]
    assert [isinstance(text, BadInput) for text in found] == [True, False]
    assert found[1] == "after"
