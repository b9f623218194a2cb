"""The numbered broker cases, run over every broker there is."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from brokers.paper import PaperBroker
from brokers.vocabulary import Instrument, Quote
from tests.acceptance.broker_cases import CASES, Bench, Case
from tests.support.feed import FIRST, MemoryFeed


class PaperBench:
    """The simulated exchange over bars that are made as the case goes."""

    account = "V1"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._feed = MemoryFeed({"ACME": [("100", "101", "99", "100", 1_000_000)]}, sessions=10)
        self.instrument: Instrument = self._feed.instruments()[0]
        self.broker = PaperBroker(path, self._feed)
        self.broker.open_account(self.account, Decimal(100_000), FIRST)

    def quote(self) -> Quote:
        quote = self._feed.quote("ACME", self.broker.account(self.account).market_at)
        assert quote is not None
        return quote

    def move(self, low: Decimal, high: Decimal, *, opened: Decimal | None = None, volume: int = 1_000_000) -> None:
        first = min(max(self.quote().last if opened is None else opened, low), high)
        following = self._feed.calendar.next(self.broker.session(self.account))
        assert following is not None
        close = ((low + high) / 2).quantize(Decimal("0.01"))
        self._feed.add("ACME", following, (str(first), str(high), str(low), str(close), volume))
        self.broker.advance(self.account, following)

    def thin(self) -> Decimal:
        self.move(self.quote().last - 1, self.quote().last + 1, volume=70)
        return Decimal(7)

    def reopen(self) -> None:
        self.broker.close()
        self.broker = PaperBroker(self._path, self._feed)


@pytest.fixture(params=[PaperBench], ids=["paper"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = request.param(tmp_path / "paper.sqlite")
    yield made
    made.broker.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_any_broker_passes_the_numbered_case(bench: Bench, case: Case) -> None:
    """The port is a promise; this is what it says."""
    case(bench)


def test_the_cases_are_numbered_without_gaps_and_say_why() -> None:
    """A case that is skipped by a slip of its name would pass in silence."""
    assert [int(case.__name__[1:3]) for case in CASES] == list(range(1, len(CASES) + 1))
    assert all(inspect.getdoc(case) for case in CASES)
