"""What trading on the simulated exchange costs: slippage, commission, the share of volume, and what positions tie up.

A model, not a measurement, kept small so that it can be stated on one line beside a figure. `PaperBroker.preview`
and every fill go through the same three functions, so an estimate differs from a fill only by what the market did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from brokers.vocabulary import Side

_BASIS_POINT = Decimal("0.0001")
_CENT = Decimal("0.01")
_ZERO = Decimal(0)


def to_step(value: Decimal, step: Decimal, *, up: bool) -> Decimal:
    """`value` moved to a multiple of `step` (a tick or a lot), up or down. Both must be finite and `step` positive."""
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    return (value / step).to_integral_value(rounding=rounding) * step


def to_cents(amount: Decimal) -> Decimal:
    """An amount of money rounded half up to one hundredth."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One holding at its mark: signed quantity, price a unit."""

    quantity: Decimal
    mark: Decimal


@dataclass(frozen=True, slots=True)
class CostModel:
    """The constants of the simulated exchange. All are `Decimal`; bps are hundredths of a per cent.

    Slippage = price x (`base_bps` + `impact_bps` x share of the session's volume / `participation`): one basis point
    for a small order, eleven for one that takes the whole tenth of the volume. It is always against the person and
    never past a limit. Commission = `per_share` x quantity, at least `minimum` an order (not a fill).
    """

    base_bps: Decimal = Decimal(1)
    impact_bps: Decimal = Decimal(10)
    participation: Decimal = Decimal("0.10")
    """The most an account takes of one symbol's volume in one session, over all its orders."""
    per_share: Decimal = Decimal("0.005")
    minimum: Decimal = Decimal("1.00")
    long_requirement: Decimal = Decimal(1)
    """Equity a long position ties up, as a share of its value: 1 = a cash account, 0.5 = twice the buying power."""
    short_requirement: Decimal = Decimal("1.5")
    """Cash a short position ties up, as a share of its value: the sale's proceeds and half as much again
    (the initial requirement of Regulation T, 12 CFR 220.12)."""

    def slippage(self, reference: Decimal, quantity: Decimal, volume: int) -> Decimal:
        """Price concession a unit for `quantity` out of `volume`, unrounded, never negative."""
        share = min(quantity / volume, self.participation) if volume > 0 else self.participation
        return reference * _BASIS_POINT * (self.base_bps + self.impact_bps * share / self.participation)

    def price(
        self,
        side: Side,
        reference: Decimal,
        quantity: Decimal,
        volume: int,
        tick: Decimal,
        *,
        bound: Decimal | None = None,
        slips: bool = True,
    ) -> Decimal:
        """The fill price: `reference`, plus slippage where it `slips`, to the tick against the person.

        Never beyond the limit `bound`, never below one tick.
        """
        concession = self.slippage(reference, quantity, volume) if slips else Decimal(0)
        price = max(to_step(reference + side.sign * concession, tick, up=side is Side.BUY), tick)
        if bound is None:
            return price
        return min(price, bound) if side is Side.BUY else max(price, bound)

    def commission(self, quantity: Decimal, *, before: Decimal = _ZERO, charged: Decimal = _ZERO) -> Decimal:
        """Commission of a fill of `quantity`, when `before` of the same order had filled and cost `charged`."""
        total = to_cents(max((before + quantity) * self.per_share, self.minimum))
        return max(total - charged, _ZERO)

    def takeable(self, volume: int, used: Decimal, lot: Decimal) -> Decimal:
        """What the account may still take of a session's `volume`, having taken `used`, in whole lots."""
        return max(to_step(volume * self.participation - used, lot, up=False), _ZERO)

    def excess(self, cash: Decimal, holdings: Iterable[Exposure]) -> Decimal:
        """Equity that no position ties up: what new positions can be opened with. Negative after losses on margin.

        With the default rates this is cash less one and a half times the value of what is short.
        """
        free = cash
        for held in holdings:
            value = held.quantity * held.mark
            free += value - (value * self.long_requirement if value > 0 else -value * (self.short_requirement - 1))
        return free

    def requirement(self, side: Side, quantity: Decimal, price: Decimal) -> Decimal:
        """What opening `quantity` at `price` takes out of the excess, commission included."""
        rate = self.long_requirement if side is Side.BUY else self.short_requirement - 1
        return quantity * price * rate + self.commission(quantity)
