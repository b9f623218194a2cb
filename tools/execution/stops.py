"""Where a recommended size's stop comes from: the signal's own, else twice the average true range from the quote."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from brokers.vocabulary import DeskmateError, Money, Side
from tools.execution.proposer import Stop
from tools.portfolio.account import LedgeredAccount
from tools.signals.bars import BarSource
from tools.signals.engine import SignalEngine
from tools.signals.indicators import atr
from tools.signals.strategies import Parameters

RANGES = 2
"""Average true ranges between entry and stop where no signal says (Wilder, "New Concepts", 1978, ch. 3)."""


class SignalStops:
    """`tools.execution.proposer.StopSource` over the signal engine."""

    def __init__(self, signals: SignalEngine, bars: BarSource) -> None:
        self._signals = signals
        self._bars = bars

    def __call__(self, account: LedgeredAccount, symbol: str, side: Side) -> Stop | None:
        """The stop of a trade in `symbol`, as of the account's market clock; None where bars do not suffice."""
        now = account.market_now()
        return self._from_signal(account, symbol, side, now) or self._from_range(account, symbol, side, now)

    def _from_signal(self, account: LedgeredAccount, symbol: str, side: Side, now: datetime) -> Stop | None:
        try:
            signal = self._signals.analyze(symbol, now)
        except DeskmateError:
            return None
        call = signal.leading
        if call is None or call.stop is None or call.direction.sign != side.sign:
            return None
        price = Money(amount=_to_tick(account, symbol, call.stop), currency=account.currency)
        return Stop(price=price, source=f"the {call.strategy} signal's stop", call_id=call.call_id)

    def _from_range(self, account: LedgeredAccount, symbol: str, side: Side, now: datetime) -> Stop | None:
        quote = account.quote(symbol)
        columns = self._bars.columns(symbol, now)
        length = Parameters().atr_length
        if quote is None or len(columns.close) <= length:
            return None
        reach = float(atr(columns.high, columns.low, columns.close, length)[-1])
        price = _to_tick(account, symbol, float(quote.last) - side.sign * RANGES * reach)
        if price <= 0:
            return None
        source = f"{RANGES} × the {length}-day average true range"
        return Stop(price=Money(amount=price, currency=account.currency), source=source)


def _to_tick(account: LedgeredAccount, symbol: str, price: float) -> Decimal:
    instrument = account.feed.instrument(symbol)
    tick = Decimal("0.01") if instrument is None else instrument.tick
    return (Decimal(repr(price)) / tick).quantize(Decimal(1), ROUND_HALF_EVEN) * tick
