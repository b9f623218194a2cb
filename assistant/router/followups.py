"""How a message stands to what went before, decided before anything is read on its own.

One small table, in order: it answers our question, drops the open ticket, changes the open ticket, or repeats the last
request with something exchanged. What none of them takes is a new subject, read as if it opened the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assistant.router.canon import Canon
from assistant.router.followups_answers import answer, refuses
from assistant.router.followups_exchange import exchanged
from assistant.router.followups_supposed import taken_up
from assistant.router.followups_tickets import again, dropped, revision, supposed
from assistant.router.followups_words import strip_correction
from assistant.router.values import Context, Request


@dataclass(frozen=True)
class Said:
    """One message against its conversation."""

    canon: Canon
    context: Context
    today: date

    @property
    def line(self) -> str:
        """The canonical line."""
        return self.canon.line


def related(said: Said) -> Request | None:
    """The request that only makes sense with what went before, or None for a new subject."""
    return next((found for relation in RELATIONS if (found := relation(said)) is not None), None)


def changed(clause: str, said: Said) -> Request | None:
    """The change that a clause makes to the open ticket, or to the order that was just refused."""
    core, corrected = strip_correction(clause)
    if said.context.tickets:
        return revision(core, corrected, said.canon, said.context, said.today)
    refused = said.context.refused
    return None if refused is None else again(core, corrected, said.canon, refused, said.today)


def _answers(said: Said) -> Request | None:
    if said.context.pending is None:
        return None
    if refuses(said.line) and not said.context.tickets:
        return Request("trade_execution", "cancel_order", why=("drops the request we asked about",))
    core, _ = strip_correction(said.line)
    return answer(core, said.canon, said.context, said.today)


def _drops(said: Said) -> Request | None:
    return dropped(said.line, said.canon, said.context)


def _supposes(said: Said) -> Request | None:
    """What the open order would do; right after "what if I buy 10" a number asks about another number."""
    if (found := supposed(said.line, said.context)) is not None:
        return found
    if re.search(r"\b(?:instead|rather)\b", said.line) and said.context.tickets:
        return None
    asks = said.line.rstrip().endswith("?") or re.match(r"(?:and |or )?(?:the )?same\b|and with\b", said.line)
    return _repeats(said) if said.context.sub == "what_if" and asks else None


def _changes(said: Said) -> Request | None:
    return changed(said.line, said)


def _takes_up(said: Said) -> Request | None:
    return taken_up(said.line, said.context)


def _repeats(said: Said) -> Request | None:
    core, _ = strip_correction(said.line)
    return exchanged(core, said.canon, said.context, said.today)


RELATIONS: tuple[Callable[[Said], Request | None], ...] = (_answers, _drops, _supposes, _takes_up, _changes, _repeats)
"""In this order: what we asked for comes first, then what stands open, then what was last spoken of."""
