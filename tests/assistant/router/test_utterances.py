"""Single messages: what is read from each of a varied table of them, written before the cues were tuned."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.router.reading import Context, Reader

TRADES = {"buy", "sell", "short", "close_position", "option_strategy"}


def _table() -> list[list[str]]:
    lines = (Path(__file__).parent / "utterances.txt").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split(" | ")] for line in lines if line and not line.startswith("#")]
    return [row + [""] * (4 - len(row)) for row in rows]


@pytest.mark.parametrize(("text", "subs", "slots", "flag"), _table())
def test_a_message_is_read_as_meant(text: str, subs: str, slots: str, flag: str, reader: Reader, today: date) -> None:
    """The sub-intents in order, the first one's slots exactly, and whether it asks back or refuses a value."""
    requests = reader.read(text, Context(), today).requests
    if subs:
        assert "+".join(r.sub for r in requests) == subs
    if slots.startswith("{"):
        assert dict(requests[0].slots) == json.loads(slots)
    assert requests[0].clarify == ("?" in flag), requests[0].question
    assert bool(requests[0].bad) == ("!" in flag), requests[0].bad
