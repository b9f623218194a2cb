# ruff: noqa: E501  (a pattern reads better whole)
"""The page a clause's slots are read from: each reader takes what it understands and leaves a tag in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache

SYMBOL = r"\$[A-Z][A-Z0-9.\-]*"
"""A symbol on a canonical line."""

NUM = r"\d+(?:\.\d+)?|\.\d+"
"""A plain number."""

PRICE = rf"(?P<p>-?\$?(?:{NUM})|<oddnum>|\d+e[-+]?\d+|nan|inf(?:inity)?)(?![\d%]|\.\d| ?%| percent)(?: (?:dollars|bucks|usd))?"
"""A price, or something that stands where one should and is refused."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern compiled once: there are more of them than the `re` module's own cache holds."""
    return re.compile(pattern)


@dataclass
class Scan:
    """One clause while it is being read."""

    line: str
    today: date
    slots: dict[str, object] = field(default_factory=dict[str, object])
    resolved: dict[str, object] = field(default_factory=dict[str, object])
    why: list[str] = field(default_factory=list[str])
    bad: str = ""
    condition: str = ""
    """A condition that no order type covers, in the person's words."""

    def take(self, pattern: str, tag: str) -> re.Match[str] | None:
        """Find `pattern`, put `<tag>` in its place, and hand back the match."""
        match = compiled(pattern).search(self.line)
        if match is not None:
            self.line = " ".join(f"{self.line[: match.start()]} <{tag}> {self.line[match.end() :]}".split())
        return match

    def refuse(self, slot: str, literal: str, need: str) -> None:
        """Note a value that was said and cannot be used; the first one counts."""
        self.bad = self.bad or f"{slot}: '{literal}' is not {need}"

    def price(self, slot: str, literal: str) -> None:
        """Put a positive price in `slot`, or refuse it."""
        text = literal.replace("$", "")
        if re.fullmatch(NUM, text) and float(text) > 0:
            self.slots[slot] = number(text)
        else:
            self.refuse(slot, literal, "a positive price")


def number(text: str) -> int | float:
    """`"40"` to 40, `"131.50"` to 131.5: whole numbers stay whole."""
    value = float(text)
    return int(value) if value.is_integer() else value
