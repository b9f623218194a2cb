"""Desks for tests: real stores in a temporary home, a wall clock the test moves, and chance that repeats."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from assistant.desk import Desk
from assistant.settings import load
from tools.execution.accounts import AccountParts
from tools.execution.coordinator import Step
from tools.execution.proposer import Proposal, Proposer
from tools.execution.release import Consent
from tools.execution.request import OrderRequest
from tools.execution.stops import SignalStops
from tools.execution.ticket import TicketView


def _no_step(name: str) -> None:
    pass


def make_desk(home: Path, clock: Callable[[], datetime], *, step: Step = _no_step, seed: int = 0) -> Desk:
    """A desk on `home` with the given clock; ticket ids repeat with `seed`."""
    chance = random.Random(seed)
    desk = Desk(load(home), clock=clock, choose=chance.choice, step=step)
    desk.settle()
    return desk


def proposer(desk: Desk, parts: AccountParts, conversation: str = "s1") -> Proposer:
    """The ticket maker that a conversation's tools hold."""
    return Proposer(
        parts.account,
        parts.journal,
        conversation=conversation,
        stops=SignalStops(desk.signals, desk.feed),
        lifetime=desk.settings.trading.ticket_lifetime,
        choose=random.choice,
    )


def propose(
    desk: Desk,
    parts: AccountParts,
    symbol: str = "AAPL",
    side: str = "buy",
    quantity: str | None = "40",
    **more: object,
) -> Proposal:
    """A proposal for `quantity` of `symbol`."""
    request = OrderRequest.model_validate({"symbol": symbol, "side": side, "quantity": quantity, **more})
    return proposer(desk, parts).propose(request)


def ticket(proposal: Proposal) -> TicketView:
    """The ticket of a proposal that must have passed."""
    assert proposal.ticket is not None, proposal.refusal
    return proposal.ticket


def yes(to: TicketView, person: str = "local", **change: object) -> Consent:
    """A click on exactly that ticket."""
    consent = Consent(ticket=to.id, digest=to.digest, person=person, channel="test", how="click")
    return consent.model_copy(update=change)


def take_notices(desk: Desk, account: str = "V1") -> tuple[str, ...]:
    """What the person has not been told yet; told by taking it."""
    due = desk.accounts.notices(account)
    if due:
        desk.accounts.told(account, due[-1][0])
    return tuple(text for _, text in due)
