"""Why the gate says no, as data: the control, one sentence, the value and the limit it ran into."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from brokers.vocabulary import DeskmateError, Value

EXACT = 10
"""Decimals a printed figure may have before it is cut."""

LONGEST = 40
"""Digits before the point that are written out; past it a figure is written with an exponent."""


class Reason(Value):
    """One control's refusal. `value` and `limit` are decimal strings in `unit`, or empty where there is no figure."""

    control: str
    text: str
    value: str = ""
    limit: str = ""
    unit: str = ""


class CannotValue(DeskmateError):
    """A control lacks what it needs to value the order or the account; the gate reads it as a refusal."""


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros, cut after ten decimals; only the absurd keeps an exponent."""
    if not value.is_finite() or value.adjusted() > LONGEST:
        return f"{value:.6E}"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -EXACT:
        value = value.quantize(Decimal(1).scaleb(-EXACT), rounding=ROUND_HALF_EVEN)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Decimal, limit: Decimal) -> str:
    """`value` with as few decimals as still tell it from `limit`, so that no sentence reads "5 % > 5 %"."""
    for places in (1, 2, 4, 6):
        rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
        if rounded != limit or value == limit:
            return plain(rounded)
    return plain(value)


def spoken(figure: str) -> str:
    """A printed figure with its thousands grouped, for a sentence."""
    return f"{Decimal(figure):,f}"


def over(control: str, what: str, value: Decimal, limit: Decimal, unit: str) -> Reason:
    """The reason for a value above its limit; a per cent sign or a currency is written after both figures."""
    mark = " %" if unit.startswith("%") else f" {unit}" if unit.isupper() else ""
    text = f"{what} {spoken(shown(value, limit))}{mark} > {spoken(plain(limit))}{mark}"
    return Reason(control=control, text=text, value=plain(value), limit=plain(limit), unit=unit)
