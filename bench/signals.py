"""The signal engine's speed: a signal with all sources, many of them, one more bar, and a whole evaluation."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.indicators import prices
from bench.measure import Measured, measure

if TYPE_CHECKING:
    from tools.signals.bars import Bars
    from tools.signals.market_record import MarketRecord

_COLUMNS = ("sessions", "open", "high", "low", "close", "adjusted_close", "volume")


class _Held:
    """A `BarSource` over bars in memory, of which one symbol may be given another number of bars than the rest."""

    def __init__(self, bars: Sequence[Bars], symbol: str) -> None:
        self._bars = {one.symbol: one for one in bars}
        self._symbol = symbol
        self.count = len(bars[0]) - 60
        self._others = {name: _head(one, self.count) for name, one in self._bars.items()}

    def columns(self, symbol: str, asof: datetime) -> Bars:  # noqa: ARG002 - the port's own signature
        """The bars that are known now."""
        return _head(self._bars[symbol], self.count) if symbol == self._symbol else self._others[symbol]

    def symbols(self, asof: datetime) -> Sequence[str]:  # noqa: ARG002
        """Every symbol."""
        return list(self._bars)


def _head(bars: Bars, count: int) -> Bars:
    return replace(bars, **{name: getattr(bars, name)[:count] for name in _COLUMNS})


def _market() -> list[Bars]:
    """The market that ships with the project."""
    from brokers.feeds.sample.read import read_sample
    from tools.signals.bars import Bars

    table = read_sample().bars
    symbols, days = np.array(table.symbol), np.array(table.session, dtype="datetime64[D]")
    values = {
        name: np.asarray(getattr(table, name)) for name in ("open", "high", "low", "close", "adj_close", "volume")
    }
    found: list[Bars] = []
    for symbol in sorted(set(table.symbol)):
        rows = np.flatnonzero(symbols == symbol)
        rows = rows[np.argsort(days[rows])]
        found.append(Bars(symbol, days[rows], *(column[rows] for column in values.values()), "sample", "sample"))
    return found


def _record(bars: Sequence[Bars]) -> MarketRecord:
    """Calls and fits of some bars, with every source that bars alone can give."""
    from tools.market.evidence import base_rates
    from tools.signals.evidence import Evidence
    from tools.signals.history import history
    from tools.signals.market_record import MarketRecord, Rules
    from tools.signals.regime import RegimeRule
    from tools.signals.strategies import Parameters
    from tools.signals.surroundings import surroundings

    around = surroundings(bars)
    histories = [history(one, Parameters(), RegimeRule(), around) for one in bars]
    # News stands at every bar: the time does not hang on what it says.
    ones = {one.symbol: np.full(len(one), 0.1) for one in bars}
    evidence = {
        one.symbol: Evidence(ones[one.symbol], ones[one.symbol], ones[one.symbol], base_rates(one.close))
        for one in bars
    }
    made = MarketRecord(histories, evidence, Rules())
    _ = made.walked
    return made


def one_signal() -> Measured:
    """One symbol, all sources, computed anew on a warm market."""
    bars = _market()
    record = _record(bars)
    one = record.histories[bars[0].symbol]
    return measure("signal, all sources", lambda: record.signal(one, len(one.bars) - 1), n=200, bound="p95 <= 20 ms")


def many_signals() -> Measured:
    """Fifty symbols on a warm market, each computed anew."""
    bars = [replace(prices(seed, 1250), symbol=f"S{seed:02d}") for seed in range(50)]
    record = _record(bars)

    def run() -> None:
        for one in record.histories.values():
            record.signal(one, len(one.bars) - 1)

    return measure("signals of 50 symbols", run, n=10, bound="p95 <= 500 ms", warm=1)


def one_more_bar() -> Measured:
    """One symbol gets a bar: its signal beside the same from nothing."""
    from tools.signals.engine import SignalEngine

    bars = _market()
    symbol = bars[0].symbol
    source = _Held(bars, symbol)
    asof = datetime.combine(bars[0].session(-1), time(21), UTC)
    engine = SignalEngine(source)
    # Every update must be one that the engine has not seen: the next bar of a history that grows.
    counts = iter(range(len(bars[0]) - 59, len(bars[0])))

    def update() -> None:
        source.count = next(counts)
        engine.analyze(symbol, asof)

    return measure(
        "one more bar of one symbol",
        update,
        n=15,
        bound="ratio <= 0.05",
        peer="everything from nothing",
        against=lambda: SignalEngine(source).analyze(symbol, asof),
    )


def evaluation() -> Measured:
    """`deskmate evaluate` over six symbols and ten years as a whole process, with report and pictures."""

    def run() -> None:
        with tempfile.TemporaryDirectory() as home:
            command = [sys.executable, "-c", "from assistant.cli import main; main()", "evaluate", "--json"]
            subprocess.run([*command, "--home", str(Path(home) / "home")], check=True, capture_output=True)

    return measure("evaluate, 6 symbols x 10 years", run, n=2, bound="p95 <= 60000 ms", warm=0)


MEASUREMENTS: dict[str, Callable[[], Measured]] = {
    "signal-all": one_signal,
    "signal-50": many_signals,
    "signal-bar": one_more_bar,
    "evaluate": evaluation,
}
