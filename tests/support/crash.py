"""A desk in a process of its own, killed at a named step, or at any moment, of releasing an order."""

from __future__ import annotations

import os
import signal
from pathlib import Path

STEPS = ("confirmed", "intended", "sending", "paper:before-commit", "paper:after-commit", "answered", "folded", "never")
"""Every step a release passes, in order, and none."""


def release_one(home: str, seed: int, step: str, started: str) -> None:
    """Propose and release one order on `home`; SIGKILL this very process on passing `step`."""
    from tests.support.clock import WallClock
    from tests.support.desks import make_desk, propose, ticket, yes

    def die(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = WallClock()
    clock.pass_(minutes=10 * seed)
    desk = make_desk(Path(home), clock, step=die, seed=seed)
    parts = desk.account("local")
    symbol = ("AAPL", "NVDA", "META")[seed % 3]
    held = sum(position.quantity for position in parts.account.positions() if position.symbol == symbol)
    # Buy a few at a time, and close the position once it has grown: entries and exits are both interrupted.
    side, quantity = ("close", "all") if held >= 12 else ("buy", str(1 + seed % 5))
    offered = ticket(propose(desk, parts, symbol=symbol, side=side, quantity=quantity))
    Path(started).write_text(offered.id)
    parts.coordinator.release(yes(offered))
    desk.close()
