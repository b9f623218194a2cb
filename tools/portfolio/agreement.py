"""Do the ledger and the broker's books agree? What events add up to, against what the books say."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from brokers.vocabulary import Position
from tools.execution.blotter import Blotter

ZERO = Decimal(0)
CENT = Decimal("0.01")


def differences(blotter: Blotter, positions: Sequence[Position], cash: Decimal) -> tuple[str, ...]:
    """What the ledger and the books do not agree on, in words; empty when they do.

    Args:
        blotter: the account's projection, up to date.
        positions: the broker's positions.
        cash: the broker's cash.
    """
    expected: dict[str, Decimal] = {}
    money = ZERO

    def count(symbol: str, quantity: Decimal) -> None:
        expected[symbol] = expected.get(symbol, ZERO) + quantity

    if blotter.opened is not None:
        money = blotter.opened.cash
        for opening in blotter.opened.positions:
            count(opening.symbol, opening.quantity)
    for fill in blotter.fills.values():
        count(fill.symbol, fill.side.sign * fill.quantity)
        money -= fill.side.sign * fill.quantity * fill.price + fill.commission
    for adjusted in blotter.adjustments.values():
        count(adjusted.symbol, adjusted.quantity)
        money += adjusted.cash
    held = {position.symbol: position.quantity for position in positions}
    found = [
        f"{symbol}: the ledger has {mine:f}, the broker {theirs:f}"
        for symbol in sorted(expected.keys() | held.keys())
        if (mine := expected.get(symbol, ZERO)) != (theirs := held.get(symbol, ZERO))
    ]
    if abs(money - cash) > CENT:
        found.append(f"cash: the ledger has {money:.2f}, the broker {cash:.2f}")
    return tuple(found)
