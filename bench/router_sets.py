"""The router's evaluation set as values: what was said, and how its author labelled it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from assistant.router.subs import INTENT_OF

FOLDER = Path(__file__).parent / "router"
HALVES = ("dev", "test")

Half = Literal["dev", "test"]
Slots = dict[str, object]
Effect = Literal["answer", "ask", "propose", "revise", "send", "drop"]


@dataclass(frozen=True)
class Label:
    """One request as labelled."""

    sub: str
    slots: Slots

    @property
    def intent(self) -> str:
        """The intent that the sub-intent belongs to."""
        return INTENT_OF[self.sub]


@dataclass(frozen=True)
class Utterance:
    """A message that opens a conversation."""

    author: str
    text: str
    first: Label
    also: tuple[Label, ...]
    clarify: bool


@dataclass(frozen=True)
class Turn:
    """One turn of a dialogue, with the effect it must have."""

    said: str
    label: Label
    effect: Effect


@dataclass(frozen=True)
class Dialogue:
    """Turns taken one after the other with one account."""

    author: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class Reply:
    """A reply to open tickets."""

    author: str
    tickets: tuple[dict[str, object], ...]
    text: str
    verdict: str
    ticket: str | None


def _rows(half: Half, kind: str) -> Iterator[tuple[str, dict[str, object]]]:
    for path in sorted((FOLDER / half).glob(f"{kind}-*.jsonl")):
        author = path.stem.partition("-")[2]
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield author, cast(dict[str, object], json.loads(line))


def _label(row: dict[str, object]) -> Label:
    return Label(str(row["sub"]), cast(Slots, row.get("slots") or {}))


def utterances(half: Half) -> list[Utterance]:
    """The utterances of one half."""
    return [
        Utterance(
            author,
            str(row["text"]),
            _label(row),
            tuple(_label(each) for each in cast(list[dict[str, object]], row.get("also") or [])),
            bool(row.get("clarify", False)),
        )
        for author, row in _rows(half, "utterances")
    ]


def dialogues(half: Half) -> list[Dialogue]:
    """The dialogues of one half."""
    return [
        Dialogue(
            author,
            tuple(
                Turn(str(turn["say"]), _label(turn), cast(Effect, turn["effect"]))
                for turn in cast(list[dict[str, object]], row["turns"])
            ),
        )
        for author, row in _rows(half, "dialogues")
    ]


def replies(half: Half) -> list[Reply]:
    """The replies of one half, each with the tickets that stand open."""
    known = {str(t["id"]): t for t in cast(list[dict[str, object]], json.loads((FOLDER / "tickets.json").read_text()))}
    return [
        Reply(
            author,
            tuple(known[str(ticket)] for ticket in cast(list[str], row["tickets"])),
            str(row["reply"]),
            str(row["verdict"]),
            cast("str | None", row.get("ticket")),
        )
        for author, row in _rows(half, "replies")
    ]
