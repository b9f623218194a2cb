"""Killed at any point and started again: nothing lost, nothing repeated, every consent told about."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.desk import Desk
from tests.support.clock import WallClock
from tests.support.crash import STEPS, release_one
from tests.support.desks import make_desk, take_notices
from tools.execution.ticket import TicketStatus

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.support.desks"])

SETTLED = {TicketStatus.FILLED, TicketStatus.PARTLY_FILLED, TicketStatus.WORKING, TicketStatus.REFUSED}


def run_and_kill(home: Path, seed: int, step: str, after: float | None) -> bool:
    """One order in a process of its own, killed at `step` or `after` seconds. True: it was killed."""
    started = home.parent / f"started-{seed}"
    process = CONTEXT.Process(target=release_one, args=(str(home), seed, step, str(started)))
    process.start()
    if after is not None:
        while not started.exists() and process.is_alive():
            time.sleep(0.001)
        time.sleep(after)
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), f"seed {seed}, step {step}: exit {process.exitcode}"
    return process.exitcode != 0


def check(desk: Desk, seed: int, step: str) -> None:
    """What must hold after every restart."""
    where = f"seed {seed}, killed at {step}"
    parts = desk.account("local")
    blotter = parts.account.blotter.refresh()
    orders = desk.paper.orders("V1")
    ids = [order.order.client_order_id for order in orders]
    assert len(ids) == len(set(ids)), f"{where}: an order is at the broker twice"
    sent = {record.ticket.client_order_id for record in blotter.tickets.values() if record.order is not None}
    assert set(ids) <= sent, f"{where}: the broker holds an order the ledger never intended"
    assert {fill.execution_id for fill in desk.paper.fills("V1")} == set(blotter.fills), f"{where}: fills differ"
    assert parts.account.differences() == (), where
    for record in blotter.tickets.values():
        at_broker = record.ticket.client_order_id in ids
        if record.consent is not None:
            assert record.status in (SETTLED | {TicketStatus.VOID}), f"{where}: {record.status}"
            assert at_broker == (record.status not in (TicketStatus.VOID, TicketStatus.REFUSED)), where
        else:
            assert not at_broker, f"{where}: sent without consent"
    held = {position.symbol: position.quantity for position in parts.account.positions()}
    traded: dict[str, Decimal] = {}
    for record in blotter.tickets.values():
        symbol = record.ticket.symbol
        traded[symbol] = traded.get(symbol, Decimal(0)) + record.ticket.side.sign * record.filled
    assert held == {symbol: quantity for symbol, quantity in traded.items() if quantity}, where
    assert desk.ledger.verify().intact, where


def crash_runs(home: Path, count: int, seed: int) -> dict[str, int]:
    """`count` orders on one home, each killed somewhere; every step in turn, and random moments."""
    chance = random.Random(seed)
    killed: dict[str, int] = {}
    told: set[str] = set()
    for run in range(count):
        step = STEPS[run % len(STEPS)]
        after = chance.uniform(0, 0.06) if step == "never" else None
        name = step if after is None else "at random"
        killed[name] = killed.get(name, 0) + run_and_kill(home, run, step, after)
        clock = WallClock()
        clock.pass_(minutes=10 * run + 5)
        desk = make_desk(home, clock)
        try:
            check(desk, seed, f"{name} (run {run})")
            told.update(take_notices(desk))
            _every_interrupted_consent_was_told(desk, told)
        finally:
            desk.close()
    return killed


def _every_interrupted_consent_was_told(desk: Desk, told: set[str]) -> None:
    for record in desk.account("local").account.blotter.refresh().tickets.values():
        if record.status is TicketStatus.VOID and record.consent is not None:
            assert any(record.ticket.id in text for text in told), f"nobody was told about {record.ticket.id}"


def test_a_kill_at_every_step_of_an_order_loses_and_repeats_nothing(home: Path):
    """send:once - a sample of the large run, with a fresh seed that the failure message names."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    killed = crash_runs(home, 2 * len(STEPS), seed)
    assert all(killed[step] == 2 for step in STEPS if step != "never"), killed


@pytest.mark.slow
def test_two_hundred_kills_lose_and_repeat_nothing(home: Path):
    """send:once - the large run: kill -9 two hundred times over every step and at random moments."""
    killed = crash_runs(home, 224, seed=7)
    print(killed)
    assert sum(killed.values()) >= 200, killed
