"""The accounts of all persons: opening, seeding, resetting, limits, the clock, halting, and the parts that serve each.

Accounts live in the ledger as events. The simulated exchange keeps its own books of them; `ensure` brings
those into being from the ledger's events, so that a crash between the two only delays it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from brokers.feeds.port import MarketFeed
from brokers.port import BrokerSends
from brokers.vocabulary import BadInput, Freshness, Mode, Refused, Unavailable, Value
from storage.ledger import Ledger
from tools.execution.blotter import Blotter
from tools.execution.coordinator import Coordinator, Lock, Step
from tools.execution.journal import (
    AccountOpened,
    Clock,
    ClockMoved,
    Fact,
    Halted,
    Journal,
    LimitsSet,
    NoticeDue,
    NoticeTold,
    Opening,
    Resumed,
)
from tools.execution.reconciliation import Movements, Reconciler
from tools.portfolio.account import LedgeredAccount
from tools.portfolio.books import Books
from tools.risk.limits import Ceiling, Limits
from tools.risk.profiles import Profile, starting_limits

PREFIX = "account:"
START_BEFORE_END = 60
"""Sessions before the last bar of the sample market at which a new account's replay clock starts."""


class Moved(Value):
    """What happened while an account's clock moved."""

    before: date
    session: date
    sessions: int
    fills: int
    dividends: Decimal
    ended: int
    """Orders that expired or were cancelled by the exchange."""
    at_end: bool


class Exchange(Protocol):
    """The simulated exchange's own side: accounts and the replay clock."""

    def has(self, account: str) -> int:
        """How many times the account was opened there; 0 when it never was."""
        ...

    def check(self, opened: AccountOpened) -> None:
        """Raise `BadInput` for what no account can start with, before anything is written."""
        ...

    def open(self, opened: AccountOpened, session: date) -> None:
        """Open, or open afresh, the account's books."""
        ...

    def session(self, account: str) -> date:
        """Where its clock stands."""
        ...

    def floor(self, account: str) -> date | None:
        """The last session in which anything happened; the clock never goes back behind it."""
        ...

    def advance(self, account: str, to: date) -> Moved:
        """Step the clock forward, matching resting orders on every bar in between."""
        ...

    def rewind(self, account: str, to: date) -> None:
        """Take the clock back."""
        ...


@dataclass(frozen=True)
class AccountParts:
    """One account and what serves it."""

    account: LedgeredAccount
    journal: Journal
    reconciler: Reconciler
    coordinator: Coordinator


class Accounts:
    """All accounts of one ledger."""

    def __init__(
        self,
        ledger: Ledger,
        feed: MarketFeed,
        books: Books,
        broker: BrokerSends,
        exchange: Exchange,
        movements: Movements,
        lock: Lock,
        clock: Clock,
        ceiling: Ceiling,
        step: Step,
    ) -> None:
        self._ledger = ledger
        self._feed = feed
        self._books = books
        self._broker = broker
        self._exchange = exchange
        self._movements = movements
        self._lock = lock
        self._clock = clock
        self._ceiling = ceiling
        self._step = step
        self._parts: dict[str, AccountParts] = {}

    def names(self, person: str | None = None) -> list[str]:
        """Open accounts in the order they were first opened; those of one person where given."""
        found: list[str] = []
        for stream in self._ledger.streams(PREFIX):
            opened = self._get(stream.removeprefix(PREFIX)).account.blotter.refresh().opened
            if opened is not None and person in (None, opened.person):
                found.append(opened.account)
        return found

    def parts(self, name: str) -> AccountParts:
        """An account that exists.

        Raises:
            Unavailable: there is none of that name.
        """
        parts = self._get(name)
        if parts.account.blotter.refresh().opened is None:
            raise Unavailable(
                f"There is no account {name}.", fix="Open one: deskmate account open --name NAME --cash X."
            )
        return parts

    def default(self, person: str, cash: Decimal, profile: Profile) -> AccountParts:
        """The person's first account; opened with `cash` at first use."""
        with self._lock(f"person-{person}"):
            mine = self.names(person)
            if mine:
                return self.parts(mine[0])
            taken = set(self.names())
            number = next(number for number in range(1, len(taken) + 2) if f"V{number}" not in taken)
            return self.open(f"V{number}", person, cash, profile)

    def open(
        self, name: str, person: str, cash: Decimal, profile: Profile, positions: Sequence[Opening] = ()
    ) -> AccountParts:
        """Open a virtual account.

        Raises:
            BadInput: the name or a figure cannot be.
            Refused: the name is taken.
        """
        if not name or len(name) > 32 or not all(part.isascii() and (part.isalnum() or part in "-_") for part in name):
            raise BadInput("An account's name is 1 to 32 letters, digits, - or _.")
        if not cash.is_finite() or not 0 <= cash <= Decimal(10) ** 12:
            raise BadInput("The opening cash is an amount from 0 to 10^12.")
        parts = self._get(name)
        with self._lock(name):
            if parts.account.blotter.refresh().opened is not None:
                raise Refused(f"There is already an account {name}.", fix="Choose another name, or reset it.")
            fact = AccountOpened(
                account=name,
                person=person,
                mode=Mode.VIRTUAL,
                currency="USD",
                cash=cash,
                positions=tuple(positions),
                profile=profile.value,
            )
            self._exchange.check(fact)
            limits = LimitsSet(limits=starting_limits(profile), by=person, why=f"the {profile.value} profile")
            parts.journal.write(fact, limits, market_at=self.start(), expect=parts.account.blotter.version)
            self._ensure(parts.account)
        return parts

    def reset(self, name: str) -> AccountParts:
        """Start an account afresh with the cash, positions and limits it has; its history stays in the ledger."""
        parts = self.parts(name)
        with self._lock(name):
            blotter = parts.account.blotter.refresh()
            opened = blotter.opened
            if opened is None:
                raise Unavailable(f"There is no account {name}.")
            again = opened.model_copy(update={"generation": opened.generation + 1})
            kept: list[Fact] = [LimitsSet(limits=blotter.limits[-1], by=opened.person, why="kept at the reset")]
            if blotter.halted:  # only `deskmate resume` ends a halt
                kept.append(Halted(by=opened.person, channel="kept at the reset"))
            parts.journal.write(again, *kept, market_at=self.start(), expect=blotter.version)
            self._ensure(parts.account)
        return parts

    def ensure(self, name: str) -> None:
        """Bring the exchange's books of an account into being, settle what a crash left open, close what expired."""
        parts = self.parts(name)
        with self._lock(name):
            parts.reconciler.settle()
        parts.coordinator.expire()

    def move(self, name: str, to: date) -> Moved:
        """Move an account's replay clock to the close of `to` (or the last session before it).

        Raises:
            Refused: `to` lies before the last thing that happened in the account; it can be read, not traded.
        """
        parts = self.parts(name)
        with self._lock(name):
            before, started = parts.account.market_now(), self._exchange.session(name)
            if to < started:
                self._exchange.rewind(name, to)
                moved = Moved(
                    before=started, session=self._exchange.session(name), sessions=0, fills=0, dividends=Decimal(0),
                    ended=0, at_end=False,
                )  # fmt: skip
            else:
                moved = self._exchange.advance(name, to)
            after = parts.account.market_now()
            if after != before:
                parts.journal.write(ClockMoved(before=before, after=after), market_at=after)
            parts.reconciler.settle()
            if after != before:
                parts.coordinator.void_open("the market clock moved: it was priced at another session")
        return moved

    def floor(self, name: str) -> date | None:
        """The last session in which anything happened in the account."""
        return self._exchange.floor(name)

    def set_limits(self, name: str, limits: Limits, by: str, why: str) -> Limits:
        """Write the next version of an account's limits; tickets made under the old one become void.

        Raises:
            Refused: `limits` does not follow the newest version: somebody changed them first.
        """
        parts = self.parts(name)
        with self._lock(name):
            newest = parts.account.blotter.refresh().limits[-1].version
            if limits.version != newest + 1:
                raise Refused(f"The limits changed meanwhile: they stand at version {newest}.", fix="Set them again.")
            fact = LimitsSet(limits=limits, by=by, why=why)
            parts.journal.write(fact, market_at=parts.account.market_now())
            parts.coordinator.void_open("the limits changed")
        return limits

    def halt(self, name: str, by: str, channel: str) -> None:
        """Stop all but reducing orders, and make open tickets void."""
        parts = self.parts(name)
        with self._lock(name):  # an order on its way finishes first; none can start in between
            if not parts.account.blotter.refresh().halted:
                parts.journal.write(Halted(by=by, channel=channel), market_at=parts.account.market_now())
            parts.coordinator.void_open("trading was halted")

    def resume(self, name: str, by: str) -> None:
        """Trade again."""
        parts = self.parts(name)
        if parts.account.blotter.refresh().halted:
            parts.journal.write(Resumed(by=by), market_at=parts.account.market_now())

    def notices(self, name: str) -> list[tuple[int, str]]:
        """What the person has not been told yet: (number, text), oldest first."""
        return self.parts(name).account.blotter.refresh().untold()

    def due(self, name: str, text: str) -> None:
        """Keep something to tell the person the next time they look."""
        parts = self.parts(name)
        parts.journal.write(NoticeDue(text=text), market_at=parts.account.market_now())

    def told(self, name: str, up_to: int) -> None:
        """Every notice up to this number has reached the person."""
        parts = self.parts(name)
        parts.journal.write(NoticeTold(up_to=up_to), market_at=parts.account.market_now())

    def _ensure(self, account: LedgeredAccount) -> None:
        opened = account.blotter.refresh().opened
        if opened is not None and self._exchange.has(opened.account) < opened.generation:
            self._exchange.open(opened, self.start().date())

    def start(self) -> datetime:
        """The close at which a new account's clock starts: today, or so far back that the sample can be replayed."""
        calendar = self._feed.calendar
        today = calendar.close_of(calendar.last())
        quotes = (self._feed.quote(instrument.symbol, today) for instrument in self._feed.instruments())
        sample = any(quote is not None and quote.freshness is Freshness.SAMPLE for quote in quotes)
        return calendar.close_of(calendar.offset(calendar.last(), -START_BEFORE_END)) if sample else today

    def _get(self, name: str) -> AccountParts:
        if name not in self._parts:
            self._parts[name] = self._assembled(name)
        return self._parts[name]

    def _assembled(self, name: str) -> AccountParts:
        journal = Journal(self._ledger, name, self._clock)
        account = LedgeredAccount(Blotter(self._ledger, name), self._books, self._feed, self._clock, self._ceiling)
        reconciler = Reconciler(account, journal, self._movements, lambda: self._ensure(account))
        coordinator = Coordinator(account, journal, self._broker, reconciler, self._lock, self._step)
        return AccountParts(account=account, journal=journal, reconciler=reconciler, coordinator=coordinator)
