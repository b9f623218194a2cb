"""How figures are written in prose: grouped money, plain prices, signed per cents, small lists."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def amount(value: Decimal) -> str:
    """Money with grouped thousands and cents: "12,345.60"; the minus sign leads."""
    return f"{value:,.2f}"


def signed(value: Decimal) -> str:
    """Money with its sign: "+12.30"."""
    return f"{value:+,.2f}"


def price(value: Decimal | float) -> str:
    """A price with two decimals, or as many as it carries beyond them: "187.20", "187.2045"."""
    if isinstance(value, float):
        return f"{value:,.2f}"
    text = f"{value:,f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def percent(value: Decimal | float, places: int = 1) -> str:
    """Per cents: "12.3 %"."""
    return f"{value:.{places}f} %"


def signed_percent(value: Decimal | float, places: int = 1) -> str:
    """Per cents with their sign: "+12.3 %"."""
    return f"{value:+.{places}f} %"


def count(number: int, noun: str) -> str:
    """ "1 session", "2 sessions"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "none"
