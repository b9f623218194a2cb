# ruff: noqa: E501  (a pattern reads better whole)
"""A clause after reading on its own, before the conversation is applied to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.router.frames import Frame

SIDES = {"buy": "buy", "sell": "sell", "short": "short", "close_position": "sell"}
RECOMMENDED = re.compile(
    r"\b(?:your|the|at|with|use|recommended|suggested|proposed)\b.*\b(?:recommend\w*|suggest\w*|propos\w*)\b.*\b(?:size|sizing|quantity|amount|number|one)\b|\b(?:recommended|suggested|your) (?:size|sizing|quantity|amount|position size)\b|\bsize it (?:for me|yourself)\b|\bwhat(?:ever)? you (?:recommend|suggest)(?:ed)?\b|\byour recommendation\b instead"
)


@dataclass
class Parsed:
    """A clause after reading, before context is applied."""

    line: str
    intent: str = ""
    sub: str = ""
    frame: Frame = field(default_factory=lambda: Frame("plain"))
    slots: dict[str, object] = field(default_factory=dict[str, object])
    resolved: dict[str, object] = field(default_factory=dict[str, object])
    why: list[str] = field(default_factory=list[str])
    bad: str = ""
    condition: str = ""
    act: str = ""
    use_recommended: bool = False
    unwanted: bool = False
    """It names a trade only to say that it shall not be."""
    rest: str = ""
    """The line with tags where slots were."""
