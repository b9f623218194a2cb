"""The broker port: what every broker, simulated or real, must be able to do.

| member | paper | IBKR | needed |
|---|---|---|---|
| `send`, `cancel` | yes | yes | required; only `tools/execution/` holds them |
| `account`, `positions`, `orders`, `order`, `fills` | yes | yes | required: the reading side |
| `complete` | yes | yes | required: False while the books could not be read whole |
| `preview` | yes | yes | optional: raise `NotSupported`; the ticket then says so |
| attached target and stop | yes | yes | required, as broker-held children, one cancels other |
| replay clock (`advance`) | yes | no | only the simulated exchange, see `brokers/paper.py` |

The numbered acceptance cases that any broker passes are in `tests/acceptance/broker_cases.py`.

    BrokerError
    ├── NotConnected     nothing was sent
    ├── OrderRejected    the broker answered no; nothing works
    ├── OrderUnknown     the broker has no such order
    ├── SendUncertain    the call ended without an answer: the order may or may not be there
    └── NotSupported     an optional member this broker lacks
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from brokers.vocabulary import Account, BrokerOrder, DeskmateError, Fill, Order, Position, Preview


class BrokerError(DeskmateError):
    """Root of what can go wrong at a broker."""


class NotConnected(BrokerError):
    """No connection; nothing was sent."""


class OrderRejected(BrokerError):
    """The broker answered no."""


class OrderUnknown(BrokerError):
    """The broker's books hold no such order."""


class SendUncertain(BrokerError):
    """The call ended without an answer: the order may be live."""


class NotSupported(BrokerError):
    """An optional member that this broker lacks."""


class BrokerReads(Protocol):
    """The reading side: safe to call at any time, changes nothing."""

    name: str

    def account(self, account: str) -> Account:
        """The account's own statement. Raises `BrokerError` when it does not exist."""
        ...

    def positions(self, account: str) -> Sequence[Position]:
        """Non-zero positions, by symbol."""
        ...

    def orders(self, account: str, *, open_only: bool = False) -> Sequence[BrokerOrder]:
        """Orders in the order they arrived."""
        ...

    def order(self, client_order_id: str) -> BrokerOrder | None:
        """One order by our id; None means the books are complete and do not hold it."""
        ...

    def fills(self, account: str) -> Sequence[Fill]:
        """Every execution, oldest first."""
        ...

    def complete(self, account: str) -> bool:
        """True when the books could be read whole; False keeps the gate closed."""
        ...

    def preview(self, order: Order) -> Preview:
        """Expected price and cost. Never transmits an order."""
        ...


class BrokerSends(Protocol):
    """The sending side: held by the coordinator alone."""

    def send(self, order: Order) -> BrokerOrder:
        """Transmit once. A second call with the same `client_order_id` returns the first's state and sends nothing.

        Raises `OrderRejected` (the books show it rejected), `NotConnected` (nothing was sent) or `SendUncertain`.
        """
        ...

    def cancel(self, client_order_id: str) -> BrokerOrder:
        """Ask to cancel. Raises `OrderUnknown`; an order that is already done comes back as it is."""
        ...


class Broker(BrokerReads, BrokerSends, Protocol):
    """The whole port."""
