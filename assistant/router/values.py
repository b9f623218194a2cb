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
    stop_price: Decimal | None = None
    trail: str = ""
    """The trailing distance, e.g. "1.50" or "2%"."""
    take_profit: Decimal | None = None
    stop_loss: Decimal | None = None


@dataclass(frozen=True)
class Order:
    """A trade as the person asked for it: what a later "make it 50" changes, in the words' own terms ("half", GTC)."""

    sub: str
    slots: dict[str, object] = field(default_factory=dict[str, object])
    implied: dict[str, object] = field(default_factory=dict[str, object])
    """A size that only a rule implies: a protective stop is for the whole position."""
    recommended: bool = False
    """The desk's own size was asked for."""


@dataclass(frozen=True)
class Request:
    """One thing a person asked for.

    `slots` holds what was said, completed by an answer to our question, or taken over whole from the request that this
    one changes; `resolved` holds what was worked out beside it: slots filled in from what went before, under their own
    names, `window` as [start, end] and `expiry` as an ISO date.
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

    def shown(self) -> dict[str, object]:
        """What was said, and what was taken from what went before. A size that only a rule implies is neither."""
        shown = self.effective()
        if "quantity" not in self.slots and self.resolved.get("quantity") == "all":
            del shown["quantity"]
        return shown


INHERITABLE = ("symbols", "side", "quantity", "order_type", "limit_price", "stop_price", "tif", "strategy", "statistic")
"""Slots that may be filled in from what went before; they then stand in `resolved`."""


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
    """What the last request held, for "and meta?" and "same but 50"."""
    listed: tuple[str, ...] = ()
    """Symbols last shown, in their order, for "the second"."""
    spoken: tuple[str, ...] = ()
    """Symbols spoken of, the latest last, for "compare the two of them"."""
    term: str = ""
    """The kind of order last spoken of in general ("a trailing stop"), for "can I have one of those"."""
    orders: tuple[Order, ...] = ()
    """The last trades asked for, oldest first."""
    refused: Order | None = None
    """The last trade asked for, where it made no ticket: "make it 10 then" changes it though the gate refused it."""
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
