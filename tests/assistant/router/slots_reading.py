"""Slots of one clause, read with the trade already known: what the judge and the cutter decide stays out of it."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from assistant.router.canon import Canonizer
from assistant.router.clause_orders import read_order, take_what_if
from assistant.router.frames import Frame
from assistant.router.parsed import Parsed
from assistant.router.scan import Scan
from assistant.router.symbols import Gazetteer
from assistant.router.text import prepare
from brokers.vocabulary import Instrument

TODAY = date(2023, 8, 31)
NAMES = {
    "AAPL": "Apple Inc.",
    "AMZN": "Amazon.com, Inc.",
    "META": "Meta Platforms, Inc.",
    "NFLX": "Netflix, Inc.",
    "NVDA": "NVIDIA Corporation",
    "GOOG": "Alphabet Inc.",
}


@cache
def _canonizer() -> Canonizer:
    return Canonizer(Gazetteer([Instrument(symbol=symbol, name=name) for symbol, name in NAMES.items()]))


def canonical(text: str) -> str:
    """The canonical line of a message."""
    return _canonizer().write(prepare(text)).line


def symbols(text: str) -> list[str]:
    """The symbols of a message, in the order named."""
    return _canonizer().write(prepare(text)).symbols


def clause(text: str) -> Scan:
    """A message as one clause, ready to be read from."""
    return Scan(re.sub(r"\s*[?!.,]+\s*$", "", canonical(text)), TODAY)


def order(text: str, sub: str) -> Scan:
    """The clause after its order on `sub` was read."""
    scan = clause(text)
    read_order(Parsed(line=scan.line, frame=Frame("order", "" if sub == "option_strategy" else sub, sub)), scan)
    return scan


def supposed(text: str, side: str) -> dict[str, object]:
    """The slots of a trade on `side` that is only thought about."""
    scan = clause(text)
    take_what_if(Parsed(line=scan.line), scan, side)
    return scan.slots
