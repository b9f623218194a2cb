"""What a click on a card may say, and when it takes two."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel, Field

DELIBERATE = 0.6
"""Seconds after the first click on a live ticket in which a second one is a double click, not a decision."""


class Click(BaseModel, extra="ignore", frozen=True):
    """What a card's button may tell us: which ticket, and the digest of what was on the screen. All else is ignored."""

    ticket: str = Field(max_length=16)
    digest: str = Field(default="", max_length=128)


@dataclass
class SecondAct:
    """Counts the clicks on live tickets: real money takes two deliberate acts on exactly the same ticket."""

    first: dict[Click, float] = field(default_factory=dict[Click, float])
    """When a ticket was clicked first, in seconds of a monotonic clock."""

    def is_due(self, click: Click, now: float) -> bool:
        """True where `click` is not yet the second act: it only arms the ticket, and releases nothing."""
        if now - self.first.setdefault(click, now) < DELIBERATE:
            return True
        del self.first[click]
        return False
