"""What a conversation emits. Channels only encode these: no channel decides, no event carries a screen's markup.

`Text` carries prose in plain Markdown as a language model writes it; every figure a person acts on
travels in a `Card`, a ticket or a refusal, as typed values.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, SerializeAsAny

from brokers.vocabulary import Finite, Value
from tools.execution.refusal import RefusalView
from tools.execution.ticket import TicketView


class Text(Value):
    """A piece of the answer's prose, in order; pieces join without a separator."""

    text: str


class ToolStarted(Value):
    """A tool was called."""

    call_id: str
    name: str
    args: dict[str, object]


class ToolDone(Value):
    """A tool came back."""

    call_id: str
    name: str
    ok: bool
    ms: float


class Card(Value):
    """A typed tool result worth showing. Channels choose a picture by the value's type."""

    tool: str
    value: SerializeAsAny[BaseModel]


class TicketOffered(Value):
    """A new ticket a person may release; `replaces` names the one it makes void."""

    ticket: TicketView


class TicketUpdated(Value):
    """A ticket's standing changed: consent spent, working, filled, cancelled, expired, void, unknown."""

    ticket: TicketView


class OrderRefused(Value):
    """The gate said no, at proposal or at send."""

    refusal: RefusalView


class Progress(Value):
    """Long work under way."""

    label: str
    done: int
    total: int


class Notice(Value):
    """Something the person should know that is not the answer itself."""

    level: Literal["info", "warning"]
    text: str


class Failed(Value):
    """The turn, or a part of it, could not be done; `fix` says what to do next."""

    text: str
    fix: str = ""


class ToolRecord(Value):
    """One tool call of a turn, as `deskmate ask --json` prints it."""

    name: str
    args: dict[str, object]
    ok: bool
    ms: float


class FurtherRequest(Value):
    """A further request read in a compound message."""

    intent: str
    sub: str
    slots: dict[str, object] = Field(default_factory=dict)


class Answer(Value):
    """A whole turn, in the shape of the public interface (`deskmate ask --json`)."""

    session: str
    user: str
    text: str
    intent: str
    sub: str
    clarify: bool
    slots: dict[str, object]
    resolved: dict[str, object]
    also: tuple[FurtherRequest, ...]
    tools: tuple[ToolRecord, ...]
    ticket: TicketView | None
    refusal: RefusalView | None
    order_sent: bool
    engine: str
    degraded: tuple[str, ...]
    read_ms: float
    ms: float
    explain: tuple[str, ...] = ()
    """What was read and why (`ask --explain`)."""


TICKET_FIELDS = frozenset(
    {
        "id", "status", "side", "symbol", "quantity", "order_type", "limit_price", "stop_price", "trail", "tif", "legs",
        "attached", "notional", "max_loss", "recommended_quantity", "mode", "account", "digest", "expires_at",
    }
)  # fmt: skip
"""What a ticket shows in the public interface; channels see the whole `TicketView`."""

REFUSAL_FIELDS = frozenset({"stage", "reasons", "alternative"})
"""What a refusal shows in the public interface."""


def public(answer: Answer, *, explain: bool = False) -> dict[str, object]:
    """The turn exactly as the public interface promises it, ready for JSON; `explain` adds what was read and why."""
    return answer.model_dump(
        mode="json",
        include={
            **{name: True for name in Answer.model_fields if name != "explain" or explain},
            "ticket": set(TICKET_FIELDS),
            "refusal": set(REFUSAL_FIELDS),
        },
    )


class Answered(Value):
    """The last event of every turn."""

    answer: Answer


class Header(Value):
    """What every channel always shows: whose account, which mode, what it is worth, how current the data is."""

    person: str
    account: str
    mode: str
    currency: str
    equity: Finite
    cash: Finite
    day_pnl: Finite
    gate: str
    """open | reducing | halted | closed, with the reason where it is not open."""
    data_as_of: str
    freshness: str
    market_note: str
    degraded: tuple[str, ...]


ConversationEvent = (
    Text
    | ToolStarted
    | ToolDone
    | Card
    | TicketOffered
    | TicketUpdated
    | OrderRefused
    | Progress
    | Notice
    | Failed
    | Answered
)


class Confirm(Value):
    """A person's own click: release exactly this ticket. The digest binds the click to what was on the screen."""

    ticket: str
    digest: str
    channel: str


class Dismiss(Value):
    """A person's own click: drop this open ticket."""

    ticket: str
    channel: str


Act = Confirm | Dismiss
