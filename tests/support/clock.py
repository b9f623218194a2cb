"""A wall clock that a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class WallClock:
    """A wall clock that stands still until the test moves it."""

    def __init__(self, at: datetime = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        """Let time pass, e.g. `minutes=6`."""
        self.at += timedelta(**span)
