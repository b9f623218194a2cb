"""The simulated exchange and its accounts: a broker that ships with the product, behind the same port as a real one.

**Clock.** Each account stands at the official close of a session, when that session's bar is known; the venue still
takes orders at that instant. `advance` steps it, session by session; `rewind` takes it back, never behind anything that
happened. Everything is stamped on this market clock.

**Orders.** A market order, or a limit order the quote already reaches, fills at once: at the ask or the bid, plus the
slippage and commission of `CostModel`, for at most a tenth of the session's volume. The rest, and every other order, is
matched on later bars (`paper_matching.py`). DAY works for the next session and then expires, GTC until cancelled, OPG
at the next open only, MOC at the next session's close only. Attached targets and stops: `paper_venue.py`; splits,
dividends and expiry: `paper_session.py`. The feed's corporate actions must be those its bars still show: a split that
the bars are already adjusted for must not be reported again.

**Money.** A cash account: what is bought is paid in full, a short sale ties up its proceeds and half their value more.
There are no margin calls and no interest. An opening order that the equity no longer carries when it could fill is
cancelled. Checks on arrival: `paper_checks.py`.

**Books.** An own SQLite file (`paper_store.py`), one transaction a call. A failed call changed nothing and is
`NotConnected` from `send`; only a commit that fails half-way is `SendUncertain`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType

from brokers.feeds.port import MarketFeed
from brokers.paper_accounts import AdvanceReport, Opening, adds_up, check_opening, clear, found, session_of
from brokers.paper_books import AccountRow, Books, Movement
from brokers.paper_checks import expected_price
from brokers.paper_costs import CostModel
from brokers.paper_matching import marketable
from brokers.paper_session import step as step_session
from brokers.paper_store import CommitFailed, PaperStore
from brokers.paper_venue import Ids, Venue
from brokers.port import BrokerError, NotConnected, OrderRejected, OrderUnknown, SendUncertain
from brokers.vocabulary import (
    Account,
    BrokerOrder,
    Fill,
    Mode,
    Order,
    OrderState,
    Position,
    Preview,
    Refused,
    StorageError,
)


def numbered(kind: str, account: str, number: int) -> str:
    """The usual ids: `V1-E000007`, the same in every replay of the same orders."""
    return f"{account}-{kind}{number:06d}"


def _no_step(point: str) -> None:
    """The usual hook: nothing happens at the named point."""


class PaperBroker:
    """The simulated exchange over one file and one market feed. Usable from several threads and processes.

    Args:
        path: The books; made where there are none.
        feed: Bars, quotes, corporate actions and the session calendar.
        step: Called with `paper:before-commit` and `paper:after-commit` around the commit of `send`, `cancel` and
            each session of `advance`, so that a test can end the process there.
        ids: Makes order and execution ids from (kind, account, number); must be unique.
        costs: Slippage, commission, volume share and margin.

    Raises:
        StorageError: The file is damaged, newer, locked or cannot be written.
    """

    name = "paper"

    def __init__(
        self,
        path: Path,
        feed: MarketFeed,
        *,
        step: Callable[[str], None] = _no_step,
        ids: Ids = numbered,
        costs: CostModel | None = None,
    ) -> None:
        self._store = PaperStore(path)
        self._feed = feed
        self._step = step
        self._ids = ids
        self.costs = costs or CostModel()

    def __enter__(self) -> PaperBroker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        self._store.close()

    # Accounts

    def open_account(
        self, name: str, cash: Decimal, session: date, positions: Sequence[Opening] = (), currency: str = "USD"
    ) -> Account:
        """Open an account standing at the close of `session` (or the last session before that day).

        Raises `BadInput` for a name, amount, day, symbol or currency that cannot be, `Refused` for a name in use.
        """
        with self._store.write() as books:
            if (earlier := books.account(name)) and earlier.open:
                raise Refused(f"There is already an account {name}.", fix="Choose another name, or reset it.")
            row = self._new(earlier, name, cash, session, positions, currency)
            found(books, row, positions)
            return self._statement(row)

    def reset_account(
        self, name: str, cash: Decimal, session: date, positions: Sequence[Opening] = (), currency: str = "USD"
    ) -> Account:
        """Start an account afresh. Its earlier orders keep their ids in the file and leave its books."""
        with self._store.write() as books:
            earlier = clear(self._venue(books, _required(books, name)), "The account was reset.")
            row = self._new(earlier, name, cash, session, positions, currency)
            found(books, row, positions)
            return self._statement(row)

    def check_opening(self, name: str, cash: Decimal, positions: Sequence[Opening], currency: str = "USD") -> None:
        """Raise `BadInput` for what no account can start with. Changes nothing."""
        check_opening(self._feed, name, cash, positions, currency)

    def close_account(self, name: str) -> None:
        """Close an account: its open orders are cancelled and it is no longer listed."""
        with self._store.write() as books:
            account = clear(self._venue(books, _required(books, name)), "The account was closed.")
            books.put_account(replace(account, open=False))

    def accounts(self) -> Sequence[Account]:
        """Every open account's statement, by name."""
        with self._store.read() as books:
            return [self._statement(row) for row in books.accounts()]

    def session(self, account: str) -> date:
        """The session whose close the account stands at. Raises `BrokerError` when there is no such account."""
        with self._store.read() as books:
            return _required(books, account).session

    def times_opened(self, account: str) -> int:
        """How often an account of that name was opened or reset here; 0 when it never was."""
        with self._store.read() as books:
            row = books.account(account)
            return row.epoch if row is not None else 0

    def active_on(self, account: str) -> date | None:
        """The last session in which anything happened in the account: its clock never goes back behind it."""
        with self._store.read() as books:
            return _required(books, account).active_on

    def movements(self, account: str) -> Sequence[Movement]:
        """Deposits, opening positions, dividends and splits, oldest first."""
        with self._store.read() as books:
            return books.movements(_required(books, account))

    # The clock

    def advance(self, account: str, to: date) -> AdvanceReport:
        """Step the account to `to` (or the last session before that day), one committed session at a time.

        Two processes that both advance to the same day step each session once between them; each reports its own
        part. Raises `Refused` when `to` lies before the account's session.
        """
        calendar = self._feed.calendar
        started = self.session(account)
        if to < started:
            raise Refused(f"{account} already stands at {started}.", fix="Advance to a later day, or rewind.")
        report = AdvanceReport(account=account, started=started, session=started)
        while True:
            following = calendar.next(report.session)
            if following is None or following > to:
                return report.model_copy(update={"at_end": following is None})
            report = self._advance_once(report, to)

    def rewind(self, account: str, to: date) -> Account:
        """Take the clock back to `to` (or the last session before that day).

        Raises `Refused` for a day after the account's session or before the last thing that happened in it, and
        `BadInput` for a day before the data starts.
        """
        with self._store.write() as books:
            row = _required(books, account)
            session = session_of(self._feed.calendar, to)
            if session > row.session:
                raise Refused(f"{account} stands at {row.session}, before {session}.", fix="Advance to it instead.")
            if row.active_on is not None and session < row.active_on:
                raise Refused(
                    f"{account} last traded or changed on {row.active_on}: its clock cannot go back to {session}.",
                    fix=f"Earlier days can be read, not traded. Choose {row.active_on} or later, or reset the account.",
                )
            row = replace(row, session=session)
            books.put_account(row)
            return self._statement(row)

    # The port: reading

    def account(self, account: str) -> Account:
        """The account's own statement. Raises `BrokerError` when it does not exist."""
        with self._store.read() as books:
            return self._statement(_required(books, account))

    def positions(self, account: str) -> Sequence[Position]:
        """Non-zero positions, by symbol."""
        with self._store.read() as books:
            return books.positions(_required(books, account).name)

    def orders(self, account: str, *, open_only: bool = False) -> Sequence[BrokerOrder]:
        """Orders in the order they arrived, attached children and rejected ones included."""
        with self._store.read() as books:
            return [row.shown() for row in books.orders(_required(books, account), open_only=open_only)]

    def order(self, client_order_id: str) -> BrokerOrder | None:
        """One order by our id, or None."""
        with self._store.read() as books:
            row = books.order(client_order_id)
            return row.shown() if row else None

    def fills(self, account: str) -> Sequence[Fill]:
        """Every execution, oldest first, as executed (a later split does not rewrite them)."""
        with self._store.read() as books:
            return books.fills(_required(books, account))

    def complete(self, account: str) -> bool:
        """True when every row can be read and cash and shares are exactly what fills and movements add up to."""
        try:
            with self._store.read() as books:
                row = books.account(account)
                return row is not None and row.open and adds_up(books, row)
        except StorageError:
            return False

    def preview(self, order: Order) -> Preview:
        """Expected price, commission of the whole order, and what would fill at once. Nothing is sent or recorded.

        Raises `OrderRejected` when the symbol has no price in this session, `BrokerError` without such an account.
        """
        with self._store.read() as books:
            venue = self._venue(books, _required(books, order.account))
            symbol = order.instrument.symbol
            bar, quote = self._feed.bar(symbol, venue.session), venue.quote(symbol)
            instrument = self._feed.instrument(symbol)
            if bar is None or quote is None or instrument is None:
                raise OrderRejected(f"{symbol} has no price in this session.")
            at_once = marketable(order, quote.bid, quote.ask) is not None
            fill_now = min(order.quantity, venue.takeable(symbol)) if at_once else Decimal(0)
            price = expected_price(order, quote, fill_now or order.quantity, bar.volume, instrument.tick, self.costs)
            return Preview(price=price, commission=self.costs.commission(order.quantity), fill_now=fill_now)

    # The port: sending

    def send(self, order: Order) -> BrokerOrder:
        """Take the order once; the same id again returns what the first send made of it and changes nothing.

        Raises `OrderRejected` (recorded, except where the account does not exist), `NotConnected` (nothing happened)
        or `SendUncertain` (the commit failed).
        """
        with _sending(), self._committed() as books:
            known = books.order(order.client_order_id)
            if known is not None:
                return known.shown()
            account = books.account(order.account)
            if account is None or not account.open:
                raise OrderRejected(f"There is no account {order.account}.", fix="Open it first.")
            sent = self._venue(books, account).accept(order)
        if sent.state is OrderState.REJECTED:
            raise OrderRejected(sent.reason)
        return sent.shown()

    def cancel(self, client_order_id: str) -> BrokerOrder:
        """Cancel what is open of an order; one that is done comes back as it is. Raises `OrderUnknown`."""
        with self._committed() as books:
            row = books.order(client_order_id)
            if row is None:
                raise OrderUnknown(f"There is no order {client_order_id}.")
            if not row.state.is_open:
                return row.shown()
            venue = self._venue(books, _required(books, row.order.account))
            row = venue.end(row, "Cancelled on request.")
            venue.save()
        return row.shown()

    # Inside

    @contextmanager
    def _committed(self) -> Generator[Books]:
        with self._store.write() as books:
            yield books
            self._step("paper:before-commit")
        self._step("paper:after-commit")

    def _advance_once(self, report: AdvanceReport, to: date) -> AdvanceReport:
        with self._committed() as books:
            row = _required(books, report.account)
            following = self._feed.calendar.next(row.session)
            if following is None or following > to:
                return report.model_copy(update={"session": row.session})
            was_open = [order.id for order in books.orders(row, open_only=True)]
            fills, movements = len(books.fills(row)), len(books.movements(row))
            actions = step_session(self._venue(books, row), following)
            ended = [name for name in was_open if (o := books.order(name)) and o.state is OrderState.CANCELLED]
            return report.model_copy(
                update={
                    "session": following,
                    "sessions": (*report.sessions, following),
                    "fills": (*report.fills, *books.fills(row)[fills:]),
                    "actions": (*report.actions, *actions),
                    "movements": (*report.movements, *books.movements(row)[movements:]),
                    "ended": (*report.ended, *ended),
                }
            )

    def _venue(self, books: Books, account: AccountRow) -> Venue:
        return Venue(books, account, self._feed, self.costs, self._ids)

    def _statement(self, row: AccountRow) -> Account:
        at = self._feed.calendar.close_of(row.session)
        return Account(account=row.name, mode=Mode.VIRTUAL, currency=row.currency, cash=row.cash, market_at=at)

    def _new(
        self,
        earlier: AccountRow | None,
        name: str,
        cash: Decimal,
        session: date,
        positions: Sequence[Opening],
        currency: str,
    ) -> AccountRow:
        check_opening(self._feed, name, cash, positions, currency)
        start = session_of(self._feed.calendar, session)
        return AccountRow(
            name=name,
            epoch=earlier.epoch + 1 if earlier else 1,
            open=True,
            currency=currency,
            cash=cash,
            session=start,
            # Shares are counted as of a day: the clock must not go back behind it and meet a split twice.
            active_on=start if positions else None,
            sequence=earlier.sequence if earlier else 0,
        )


def _required(books: Books, name: str) -> AccountRow:
    account = books.account(name)
    if account is None or not account.open:
        raise BrokerError(f"There is no account {name}.", fix="Open it first.")
    return account


@contextmanager
def _sending() -> Generator[None]:
    """Say of a failing store what the port asks: was anything sent?"""
    try:
        yield
    except CommitFailed as error:
        raise SendUncertain(str(error), fix="Read the order by its id before anything else.") from error
    except StorageError as error:
        raise NotConnected(f"Nothing was sent: {error}", fix=error.fix) from error
