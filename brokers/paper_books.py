"""The rows of the simulated exchange's books: accounts, orders, fills, positions, movements. See `paper_store.py`.

A `Books` lives inside one transaction. What it hands out are frozen records; `put_*`, `add_*`, `insert_*` and
`update_*` write. Decimals are text; days and instants are ISO 8601.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from brokers.paper_matching import Working
from brokers.vocabulary import BrokerOrder, Fill, Finite, Order, OrderState, Position, Side, StorageError, Value

_OPEN_STATES = "('working', 'partly_filled')"

RESTORE = "Restore the file from a copy, or move it away to start with empty books."

T = TypeVar("T")
_Cell = str | int | None


class Movement(Value):
    """What changed cash or shares without a trade."""

    account: str
    session: date
    kind: str
    """deposit | opening | split | cash_in_lieu | dividend."""
    symbol: str = ""
    amount: Finite = Decimal(0)
    """Cash in (positive) or out, in the account's currency."""
    quantity: Finite = Decimal(0)
    """Shares in (positive) or out."""
    price: Finite | None = None
    """Cost a share of an opening position."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account. `epoch` counts its resets: rows of earlier epochs stay in the file and are not part of its books."""

    name: str
    epoch: int
    open: bool
    currency: str
    cash: Decimal
    session: date
    active_on: date | None
    """The session of the latest thing that must not be undone; the clock never goes back before it."""
    sequence: int
    """Counts ids given out; never reset."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order with what the exchange remembers of it. `order` is in today's terms, after splits and dividends."""

    order: Order
    broker_order_id: str
    epoch: int
    state: OrderState
    submitted_at: datetime
    session: date
    filled: Decimal = Decimal(0)
    notional: Decimal = Decimal(0)
    """Sum of quantity x price over its fills."""
    commission: Decimal = Decimal(0)
    reason: str = ""
    parent: str | None = None
    """The entry that an attached target or stop belongs to; such a child only ever reduces a position."""
    working: Working = field(default_factory=Working)

    @property
    def id(self) -> str:
        """The client order id."""
        return self.order.client_order_id

    @property
    def remaining(self) -> Decimal:
        """Quantity that can still fill."""
        return self.order.quantity - self.filled if self.state.is_open else Decimal(0)

    def shown(self) -> BrokerOrder:
        """The order as the port shows it."""
        return BrokerOrder(
            order=self.order,
            broker_order_id=self.broker_order_id,
            state=self.state,
            filled=self.filled,
            average_price=self.notional / self.filled if self.filled else None,
            reason=self.reason,
            submitted_at=self.submitted_at,
        )


class Books:
    """The books inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def account(self, name: str) -> AccountRow | None:
        """One account, open or closed."""
        return self._one(_account, "SELECT * FROM accounts WHERE name = ?", name)

    def accounts(self) -> Sequence[AccountRow]:
        """Open accounts by name."""
        return self._all(_account, "SELECT * FROM accounts WHERE open = 1 ORDER BY name")

    def put_account(self, row: AccountRow) -> None:
        """Insert or replace an account."""
        active = row.active_on.isoformat() if row.active_on else None
        values = (row.name, row.epoch, row.open, row.currency, str(row.cash), row.session.isoformat(), active)
        self._db.execute("INSERT OR REPLACE INTO accounts VALUES (?,?,?,?,?,?,?,?)", (*values, row.sequence))

    def order(self, client_order_id: str) -> OrderRow | None:
        """One order of any account and epoch."""
        return self._one(_order, "SELECT * FROM orders WHERE client_order_id = ?", client_order_id)

    def orders(self, account: AccountRow, *, open_only: bool = False) -> Sequence[OrderRow]:
        """The account's orders as they arrived."""
        condition = f" AND state IN {_OPEN_STATES}" if open_only else ""
        sql = f"SELECT * FROM orders WHERE account = ? AND epoch = ?{condition} ORDER BY arrival"  # noqa: S608 - constants
        return self._all(_order, sql, account.name, account.epoch)

    def insert_order(self, row: OrderRow) -> None:
        """Add an order at the end of the queue."""
        (arrival,) = self._db.execute("SELECT COALESCE(MAX(arrival), 0) + 1 FROM orders").fetchone()
        self._insert(
            "orders",
            client_order_id=row.id,
            arrival=arrival,
            account=row.order.account,
            epoch=row.epoch,
            broker_order_id=row.broker_order_id,
            submitted_at=row.submitted_at.isoformat(),
            session=row.session.isoformat(),
            parent=row.parent,
            **_changing(row),
        )

    def update_order(self, row: OrderRow) -> None:
        """Write back an order that is already in the books."""
        values = _changing(row)
        assignments = ", ".join(f"{name} = ?" for name in values)
        sql = f"UPDATE orders SET {assignments} WHERE client_order_id = ?"  # noqa: S608 - names from this file
        self._db.execute(sql, (*values.values(), row.id))

    def fills(self, account: AccountRow) -> Sequence[Fill]:
        """The account's executions, oldest first."""
        sql = "SELECT * FROM fills WHERE account = ? AND epoch = ? ORDER BY number"
        return self._all(_fill, sql, account.name, account.epoch)

    def taken(self, account: AccountRow, symbol: str, session: date) -> Decimal:
        """Quantity the account traded of `symbol` in `session`, over every order."""
        sql = "SELECT quantity FROM fills WHERE account = ? AND epoch = ? AND session = ? AND symbol = ?"
        rows = self._db.execute(sql, (account.name, account.epoch, session.isoformat(), symbol)).fetchall()
        return sum((Decimal(str(quantity)) for (quantity,) in rows), Decimal(0))

    def add_fill(self, fill: Fill, epoch: int, session: date) -> None:
        """Add one execution."""
        self._insert(
            "fills",
            execution_id=fill.execution_id,
            client_order_id=fill.client_order_id,
            account=fill.account,
            epoch=epoch,
            symbol=fill.symbol,
            side=fill.side.value,
            quantity=str(fill.quantity),
            price=str(fill.price),
            commission=str(fill.commission),
            at=fill.at.isoformat(),
            session=session.isoformat(),
        )

    def positions(self, account: str) -> Sequence[Position]:
        """Non-zero positions by symbol."""
        return self._all(_position, "SELECT * FROM positions WHERE account = ? ORDER BY symbol", account)

    def position(self, account: str, symbol: str) -> Position:
        """One position, zero where there is none."""
        sql = "SELECT * FROM positions WHERE account = ? AND symbol = ?"
        none = Position(account=account, symbol=symbol, quantity=Decimal(0), average_cost=Decimal(0))
        return self._one(_position, sql, account, symbol) or none

    def put_position(self, position: Position) -> None:
        """Insert, replace or, at zero, remove a position."""
        self._db.execute("DELETE FROM positions WHERE account = ? AND symbol = ?", (position.account, position.symbol))
        if position.quantity:
            values = (position.account, position.symbol, str(position.quantity), str(position.average_cost))
            self._db.execute("INSERT INTO positions VALUES (?,?,?,?)", values)

    def clear_positions(self, account: str) -> None:
        """Forget the positions of an account that is reset or closed."""
        self._db.execute("DELETE FROM positions WHERE account = ?", (account,))

    def movements(self, account: AccountRow) -> Sequence[Movement]:
        """What changed cash or shares without a trade, oldest first."""
        sql = "SELECT * FROM movements WHERE account = ? AND epoch = ? ORDER BY number"
        return self._all(_movement, sql, account.name, account.epoch)

    def add_movement(self, movement: Movement, epoch: int) -> None:
        """Add one movement. Cash and positions are the caller's to change."""
        self._insert(
            "movements",
            account=movement.account,
            epoch=epoch,
            session=movement.session.isoformat(),
            kind=movement.kind,
            symbol=movement.symbol,
            amount=str(movement.amount),
            quantity=str(movement.quantity),
            price=_text(movement.price),
        )

    def _insert(self, table: str, **values: _Cell) -> None:
        places = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"  # noqa: S608 - names from this file
        self._db.execute(sql, tuple(values.values()))

    def _all(self, decode: Callable[[sqlite3.Row], T], sql: str, *values: str | int) -> Sequence[T]:
        rows: list[sqlite3.Row] = self._db.execute(sql, values).fetchall()
        try:
            return [decode(row) for row in rows]
        except (ValueError, ArithmeticError) as error:
            raise StorageError("The paper broker's books hold a row that cannot be read.", fix=RESTORE) from error

    def _one(self, decode: Callable[[sqlite3.Row], T], sql: str, *values: str | int) -> T | None:
        return next(iter(self._all(decode, sql, *values)), None)


def _changing(row: OrderRow) -> dict[str, _Cell]:
    """The columns of an order that change over its life."""
    return {
        "body": row.order.model_dump_json(),
        "state": row.state.value,
        "filled": str(row.filled),
        "notional": str(row.notional),
        "commission": str(row.commission),
        "reason": row.reason,
        "triggered": int(row.working.triggered),
        "best": _text(row.working.best),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _account(row: sqlite3.Row) -> AccountRow:
    return AccountRow(
        name=row["name"],
        epoch=row["epoch"],
        open=bool(row["open"]),
        currency=row["currency"],
        cash=Decimal(row["cash"]),
        session=date.fromisoformat(row["session"]),
        active_on=date.fromisoformat(row["active_on"]) if row["active_on"] else None,
        sequence=row["sequence"],
    )


def _order(row: sqlite3.Row) -> OrderRow:
    return OrderRow(
        order=Order.model_validate_json(row["body"]),
        broker_order_id=row["broker_order_id"],
        epoch=row["epoch"],
        state=OrderState(row["state"]),
        submitted_at=datetime.fromisoformat(row["submitted_at"]),
        session=date.fromisoformat(row["session"]),
        filled=Decimal(row["filled"]),
        notional=Decimal(row["notional"]),
        commission=Decimal(row["commission"]),
        reason=row["reason"],
        parent=row["parent"],
        working=Working(triggered=bool(row["triggered"]), best=_decimal(row["best"])),
    )


def _fill(row: sqlite3.Row) -> Fill:
    return Fill(
        execution_id=row["execution_id"],
        client_order_id=row["client_order_id"],
        account=row["account"],
        symbol=row["symbol"],
        side=Side(row["side"]),
        quantity=Decimal(row["quantity"]),
        price=Decimal(row["price"]),
        commission=Decimal(row["commission"]),
        at=datetime.fromisoformat(row["at"]),
    )


def _position(row: sqlite3.Row) -> Position:
    return Position(
        account=row["account"],
        symbol=row["symbol"],
        quantity=Decimal(row["quantity"]),
        average_cost=Decimal(row["average_cost"]),
    )


def _movement(row: sqlite3.Row) -> Movement:
    return Movement(
        account=row["account"],
        session=date.fromisoformat(row["session"]),
        kind=row["kind"],
        symbol=row["symbol"],
        amount=Decimal(row["amount"]),
        quantity=Decimal(row["quantity"]),
        price=_decimal(row["price"]),
    )
