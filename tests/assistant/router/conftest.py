"""A small market to read against."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.router.reading import Reader
from brokers.vocabulary import Instrument

NAMES = {
    "AAPL": "Apple Inc.",
    "AMZN": "Amazon.com, Inc.",
    "META": "Meta Platforms, Inc.",
    "NFLX": "Netflix, Inc.",
    "NVDA": "NVIDIA Corporation",
    "GOOG": "Alphabet Inc.",
    "MSFT": "Microsoft Corporation",
}


@pytest.fixture(scope="session", name="reader")
def _reader() -> Reader:
    return Reader([Instrument(symbol=symbol, name=name) for symbol, name in NAMES.items()])


@pytest.fixture(scope="session", name="today")
def _today() -> date:
    return date(2023, 6, 28)
