"""How a refused order looks from outside: every reason, and the nearest order that would pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from brokers.vocabulary import Finite, Mode, OrderType, Side, TimeInForce, Value
from tools.risk.reasons import Reason, plain
from tools.risk.state import Draft


class AlternativeView(Value):
    """The nearest order that passes the gate, in the shape of a ticket."""

    side: Side
    symbol: str
    quantity: int
    order_type: OrderType
    limit_price: Finite | None
    stop_price: Finite | None
    trail: str | None
    tif: TimeInForce
    attached: tuple[dict[str, str], ...]
    """Attached children, as in a ticket."""
    mode: Mode
    account: str

    def words(self) -> str:
        """The order as a person would say it, whole, so that saying it prepares exactly this."""
        said = [self.side.value, str(self.quantity), self.symbol]
        said += [f"stop {self.stop_price}"] if self.stop_price is not None else []
        said += [f"limit {self.limit_price}"] if self.limit_price is not None else []
        said += [f"trailing {self.trail}"] if self.trail is not None else []
        said += [self.tif.value] if self.tif is not TimeInForce.DAY else []
        said += [f"{child['kind'].replace('_', ' ')} {child['price']}" for child in self.attached]
        return " ".join(said)


class RefusalView(Value):
    """A refused order, at the proposal or at the send."""

    stage: Literal["proposal", "send"]
    symbol: str
    side: Side
    quantity: str
    reasons: tuple[Reason, ...]
    alternative: AlternativeView | None


def trail_words(draft: Draft) -> str | None:
    """A trailing distance as the public interface writes it: "1.50" or "2%"."""
    if draft.trail_percent is not None:
        return f"{draft.trail_percent.normalize():f}%"
    return None if draft.trail is None else str(draft.trail)


def attached_children(draft: Draft) -> tuple[dict[str, str], ...]:
    """Attached target and stop as the public interface writes them."""
    prices = (("take_profit", draft.take_profit), ("stop_loss", draft.stop_loss))
    return tuple({"kind": kind, "price": str(price)} for kind, price in prices if price is not None)


def refusal(
    stage: Literal["proposal", "send"], draft: Draft, reasons: Sequence[Reason], alternative: Draft | None
) -> RefusalView:
    """The refusal of `draft` as a person sees it."""
    nearest = None
    if alternative is not None:
        nearest = AlternativeView(
            side=alternative.side,
            symbol=alternative.symbol,
            quantity=int(alternative.quantity),
            order_type=alternative.order_type,
            limit_price=alternative.limit_price,
            stop_price=alternative.stop_price,
            trail=trail_words(alternative),
            tif=alternative.tif,
            attached=attached_children(alternative),
            mode=alternative.mode,
            account=alternative.account,
        )
    return RefusalView(
        stage=stage,
        symbol=draft.symbol,
        side=draft.side,
        quantity=plain(draft.quantity),
        reasons=tuple(reasons),
        alternative=nearest,
    )
