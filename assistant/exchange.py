"""The simulated exchange as the tools want it: its accounts, its clock, and what it moved without a trade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from brokers.feeds.port import Calendar
from brokers.paper import PaperBroker
from brokers.paper_accounts import Opening
from tools.execution.accounts import Moved
from tools.execution.journal import AccountOpened
from tools.execution.reconciliation import BookMovement

_OPENING = ("deposit", "opening")
"""Movements that the ledger tells by `account.opened` already."""


class PaperExchange:
    """`tools.execution.accounts.Exchange` over the paper broker."""

    def __init__(self, paper: PaperBroker, calendar: Calendar) -> None:
        self._paper = paper
        self._calendar = calendar

    def has(self, account: str) -> int:
        """How many times the account was opened there; 0 when it never was."""
        return self._paper.times_opened(account)

    def check(self, opened: AccountOpened) -> None:
        """Raise `BadInput` for what no account can start with."""
        self._paper.check_opening(opened.account, opened.cash, _seeds(opened), opened.currency)

    def open(self, opened: AccountOpened, session: date) -> None:
        """Open, or open afresh, the account's books."""
        make = self._paper.reset_account if self.has(opened.account) else self._paper.open_account
        make(opened.account, opened.cash, session, _seeds(opened), opened.currency)

    def session(self, account: str) -> date:
        """Where its clock stands."""
        return self._paper.session(account)

    def floor(self, account: str) -> date | None:
        """The last session in which anything happened."""
        return self._paper.active_on(account)

    def advance(self, account: str, to: date) -> Moved:
        """Step the clock forward."""
        report = self._paper.advance(account, to)
        paid = sum((moved.amount for moved in report.movements if moved.kind == "dividend"), Decimal(0))
        return Moved(
            before=report.started,
            session=report.session,
            sessions=len(report.sessions),
            fills=len(report.fills),
            dividends=paid,
            ended=len(report.ended),
            at_end=report.at_end,
        )

    def rewind(self, account: str, to: date) -> None:
        """Take the clock back."""
        self._paper.rewind(account, to)

    def movements(self, account: str) -> Sequence[BookMovement]:
        """Dividends and splits of the account, numbered in the order the exchange booked them."""
        return [
            BookMovement(
                id=f"{account}-{index}",
                symbol=moved.symbol,
                what=moved.kind,
                quantity=moved.quantity,
                cash=moved.amount,
                at=self._calendar.close_of(moved.session),
            )
            for index, moved in enumerate(self._paper.movements(account))
            if moved.kind not in _OPENING
        ]


def _seeds(opened: AccountOpened) -> list[Opening]:
    return [(seed.symbol, seed.quantity, seed.price) for seed in opened.positions]
