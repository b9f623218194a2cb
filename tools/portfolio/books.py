"""What the tools need of a broker in order to read: positions, orders, account, preview. Nothing here can send.

`brokers/port.py` is the whole port; this is the reading side as the tools see it, so that whatever a
language model can reach never comes near a sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from brokers.vocabulary import Account, BrokerOrder, Fill, Order, Position, Preview


class Books(Protocol):
    """A broker's own books."""

    def account(self, account: str) -> Account:
        """The account's own statement."""
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
        """True when the books could be read whole."""
        ...

    def preview(self, order: Order) -> Preview:
        """Expected price and cost of an order. Never transmits one."""
        ...
