"""What a reading is made of: the conversation's context, a request, and the reading of one message. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Slots = Mapping[str, object]
"""Slot name to value, in the vocabulary of the design page; a name is absent when nothing was said."""


@dataclass(frozen=True)
class OpenTicket:
    """A view of a ticket that waits for the person's answer; prices in the instrument's currency."""

    id: str
    side: str
    symbol: str
    quantity: Decimal
    order_type: str
    limit_price: Decimal | None = None
    tif: str = "DAY"
    recommended_quantity: Decimal | None = None
    sub: str = ""
    """The sub-intent that made it: buy, sell, short, close_position, option_strategy."""


@dataclass(frozen=True)
class Request:
    """One thing a person asked for.

    `slots` holds what was said (or completed by an answer to our question); `resolved` holds what was worked out
    beside it: inherited slots under their own names, `window` as [start, end] and `expiry` as ISO dates.
    """

    intent: str
    sub: str
    slots: dict[str, object] = field(default_factory=dict[str, object])
    resolved: dict[str, object] = field(default_factory=dict[str, object])
    clarify: bool = False
    question: str = ""
    """The one short question to ask back when `clarify` is set."""
    missing: tuple[str, ...] = ()
    """What the question asks for: slot names, or "confirm_symbol", "condition", "meaning"."""
    why: tuple[str, ...] = ()
    """What was read and why, for `--explain`."""
    bad: str = ""
    """A value that was said and cannot be used, e.g. "quantity: '-5' is not a positive whole number"."""
    act: str = ""
    """An act the person asks for: next_day, halt, resume (cancel_order and change_mode are sub-intents)."""
    hypothetical: bool = False
    revise: bool = False
    """The request changes the open ticket instead of making another."""
    use_recommended: bool = False
    ticket: str = ""
    """The id of the ticket that is revised or dropped."""

    def effective(self) -> dict[str, object]:
        """The slots with what was inherited beside them: what a tool should be called with."""
        inherited = {k: v for k, v in self.resolved.items() if k in INHERITABLE}
        return {**inherited, **self.slots}


INHERITABLE = ("symbols", "side", "quantity", "order_type", "limit_price", "stop_price", "tif", "strategy", "statistic")
"""Slots that a follow-up may take from what went before; they then stand in `resolved`."""


@dataclass(frozen=True)
class Context:
    """What the conversation so far gives a reader; immutable, the reader returns an updated one."""

    symbols: tuple[str, ...] = ()
    side: str = ""
    quantity: object = None
    window: str = ""
    intent: str = ""
    sub: str = ""
    slots: dict[str, object] = field(default_factory=dict[str, object])
    """The last request's effective slots, for "and meta?" and "same but 50"."""
    listed: tuple[str, ...] = ()
    """Symbols last shown, in their order, for "the second"."""
    tickets: tuple[OpenTicket, ...] = ()
    pending: Request | None = None
    """A request we asked a question about."""
    positions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What one message asks for, in order, and the context after it."""

    requests: tuple[Request, ...]
    context: Context
    notes: tuple[str, ...] = ()
    """What was noticed about the text itself: cut, lookalike characters, mended typos."""
