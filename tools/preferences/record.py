"""Preferences in the ledger: one stream per person, "preferences:PERSON", and the projection that reads on from it.

Two events: a change that was made, and the last change set back. An event of an older schema passes through the
upcasters of its kind; one of a newer version is refused, so that nothing is shown that the person had excluded.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from brokers.vocabulary import BadInput, Refused
from storage.ledger import Event, Ledger, VersionConflict
from tools.execution.journal import UPCASTERS, Clock, Fact, Upcaster, decode
from tools.preferences.preferences import Change, Preferences, UndoChange, changed, settled

TRIES = 5
"""Times a change is decided anew when another process was faster."""


class PreferenceChanged(Fact):
    """The person's own words, or their yes, changed a preference."""

    KIND = "preferences.set"
    change: Change
    channel: str


class PreferenceUndone(Fact):
    """The last change that still stood was set back."""

    KIND = "preferences.undone"
    channel: str


FACTS: Mapping[str, type[Fact]] = {fact.KIND: fact for fact in (PreferenceChanged, PreferenceUndone)}


def stream_of(person: str) -> str:
    """The stream of a person."""
    return f"preferences:{quote(person, safe='')}"


class PreferenceRecord:
    """One person's preferences as the ledger tells them."""

    def __init__(
        self, ledger: Ledger, person: str, clock: Clock, upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS
    ) -> None:
        self._ledger = ledger
        self._stream = stream_of(person)
        self._clock = clock
        self._upcasters = upcasters
        self._version = 0
        self._before: list[Preferences] = []
        self._now = Preferences()

    def current(self) -> Preferences:
        """The preferences as they stand, read on from the last event seen.

        Raises:
            UnknownEvent: the stream holds an event of a newer version.
        """
        for event in self._ledger.read(self._stream, after=self._version):
            if event.sequence > self._version:
                self._apply(event)
                self._version = event.sequence
        return self._now

    def change(self, change: Change, channel: str) -> tuple[Preferences, Preferences]:
        """Make `change` and return the preferences before and after it. What changes nothing is not written.

        Raises:
            BadInput: the change cannot be made, or there is none to undo.
            Refused: other processes kept changing the preferences meanwhile.
        """
        for _ in range(TRIES):
            before = self.current()
            fact = self._decided(before, change, channel)
            if fact is None:
                return before, before
            try:
                self._ledger.append(self._stream, [fact.written()], wall_at=self._clock(), expect=self._version)
            except VersionConflict:
                continue
            return before, self.current()
        raise Refused("Your preferences are being changed elsewhere.", fix="Say it again.")

    def _decided(self, now: Preferences, change: Change, channel: str) -> Fact | None:
        if isinstance(change, UndoChange):
            if not self._before:
                raise BadInput("There is no change of your preferences to undo.")
            return PreferenceUndone(channel=channel)
        wanted = settled(change, now)
        return None if changed(now, wanted) == now else PreferenceChanged(change=wanted, channel=channel)

    def _apply(self, event: Event) -> None:
        match decode(event, self._upcasters, FACTS):
            case PreferenceChanged() as fact:
                self._before.append(self._now)
                self._now = changed(self._now, fact.change)
            case PreferenceUndone():
                self._now = self._before.pop() if self._before else self._now
            case _:
                pass
