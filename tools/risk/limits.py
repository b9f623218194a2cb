"""The limits document: typed, versioned, one per person and account.

`deskmate.toml` holds only the operator's `Ceiling` and the profile that a new account starts with; the tighter of
document and ceiling applies. A change is classified field by field: tightening may take effect at once, loosening
needs the person outside chat. Percentages are plain per cents: `5` means 5 %.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationError

from brokers.vocabulary import BadInput, Finite, Value


def _as_span(value: object) -> object:
    """Read plain seconds, as a number or as text; what is something else is left for pydantic to judge."""
    if isinstance(value, str):
        try:
            return timedelta(seconds=float(value))
        except (ValueError, OverflowError):
            return value
    return value


def _seconds(value: timedelta) -> str:
    return f"{Decimal(value // timedelta(microseconds=1)).scaleb(-6).normalize():f}"


Percent = Annotated[Finite, Field(ge=0)]
"""Per cent, zero or more."""

Amount = Annotated[Finite, Field(ge=0)]
"""Money in the account's currency, or units; zero or more."""

Span = Annotated[timedelta, BeforeValidator(_as_span), PlainSerializer(_seconds), Field(ge=timedelta(0))]
"""A length of time, written in JSON as seconds in a string."""


class Limits(Value):
    """What an account may do. `version` grows by one with every change; a ticket names the one it was made under."""

    version: int = Field(ge=1)
    """Number of this document; 1 is the profile the account started with."""
    max_quote_age: Span
    """Oldest quote and oldest mark that may be traded on, seconds on the market clock."""
    price_collar_percent: Percent
    """Furthest the price an order may pay or get can be on the costly side of the mid, per cent of the mid."""
    passive_collar_percent: Percent
    """Furthest a resting limit, a trigger or a trail can be on the harmless side, per cent; beyond is a slip."""
    max_order_notional: Amount
    """Largest value of one order, in the account's currency."""
    max_order_quantity: Amount
    """Largest quantity of one order, in units."""
    max_position_percent: Percent
    """Largest position in one instrument once everything that works has filled, per cent of equity."""
    max_gross_exposure_percent: Percent
    """Largest sum of absolute positions once everything that works has filled, per cent of equity."""
    initial_margin_percent: Annotated[Finite, Field(gt=0, le=1000)]
    """Own funds needed for a position, per cent of its value: 100 is a cash account, 50 is Regulation T."""
    cost_buffer_percent: Percent
    """Reserved on top of an order's value for slippage and commission, per cent."""
    duplicate_window: Span
    """How long the same order may not be given twice, seconds on the wall clock."""
    max_orders_per_minute: int = Field(ge=0)
    """Orders a person may release in any 60 seconds of the wall clock."""
    max_daily_loss_percent: Percent
    """Loss since the session began, open positions at their marks, after which only reducing orders pass, per cent."""
    risk_per_trade_percent: Percent
    """What one trade may lose at its stop, per cent of equity; sets the recommended size."""
    allow_short: bool
    """Whether short positions may be opened."""

    def to_json(self) -> str:
        """The document as canonical JSON: sorted keys, decimals and seconds as strings."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Limits:
        """Read a document. Raises `BadInput` naming the field when it is not one, or has unknown keys."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise _unreadable(error) from error


class Ceiling(Value):
    """The operator's ceiling: the fields of `Limits` but its version, each optional; None sets no ceiling."""

    max_quote_age: Span | None = None
    """See `Limits.max_quote_age`."""
    price_collar_percent: Percent | None = None
    """See `Limits.price_collar_percent`."""
    passive_collar_percent: Percent | None = None
    """See `Limits.passive_collar_percent`."""
    max_order_notional: Amount | None = None
    """See `Limits.max_order_notional`."""
    max_order_quantity: Amount | None = None
    """See `Limits.max_order_quantity`."""
    max_position_percent: Percent | None = None
    """See `Limits.max_position_percent`."""
    max_gross_exposure_percent: Percent | None = None
    """See `Limits.max_gross_exposure_percent`."""
    initial_margin_percent: Annotated[Finite, Field(gt=0, le=1000)] | None = None
    """See `Limits.initial_margin_percent`; a higher requirement is the tighter one."""
    cost_buffer_percent: Percent | None = None
    """See `Limits.cost_buffer_percent`; a higher reserve is the tighter one."""
    duplicate_window: Span | None = None
    """See `Limits.duplicate_window`; a longer window is the tighter one."""
    max_orders_per_minute: Annotated[int, Field(ge=0)] | None = None
    """See `Limits.max_orders_per_minute`."""
    max_daily_loss_percent: Percent | None = None
    """See `Limits.max_daily_loss_percent`."""
    risk_per_trade_percent: Percent | None = None
    """See `Limits.risk_per_trade_percent`."""
    allow_short: bool | None = None
    """See `Limits.allow_short`; False forbids."""


TIGHTER_WHEN_HIGHER = frozenset({"initial_margin_percent", "cost_buffer_percent", "duplicate_window"})
"""Fields where more is stricter; for every other field less is."""

FIELDS = tuple(name for name in Limits.model_fields if name != "version")
"""The names a person may set."""

Setting = Decimal | timedelta | int | bool
"""What a field of `Limits` holds."""


class Direction(StrEnum):
    """Which way a change goes."""

    TIGHTENING = "tightening"
    LOOSENING = "loosening"


class Change(Value):
    """One field's change, written as in the JSON document."""

    field: str
    old: str
    new: str
    direction: Direction


def setting(limits: Limits | Ceiling, field: str) -> Setting | None:
    """The value of `field`; None where a ceiling does not speak of it. Raises `BadInput` for an unknown name."""
    if field not in FIELDS:
        raise _unknown(field)
    value: Setting | None = getattr(limits, field)
    return value


def is_tighter(field: str, new: Setting, old: Setting) -> bool:
    """True when `new` permits strictly less than `old` in `field`. Both hold that field's type."""
    before, after = _amount(old), _amount(new)
    return after > before if field in TIGHTER_WHEN_HIGHER else after < before


def _amount(value: Setting) -> Decimal:
    """A setting as a number: seconds for a length of time, 1 and 0 for yes and no."""
    return Decimal(_seconds(value)) if isinstance(value, timedelta) else Decimal(value)


def tighter(limits: Limits, ceiling: Ceiling) -> Limits:
    """The tighter of both in every field, under the document's own version."""
    update: dict[str, Setting] = {}
    for field in FIELDS:
        own, top = setting(limits, field), setting(ceiling, field)
        if own is not None and top is not None and is_tighter(field, top, own):
            update[field] = top
    return limits.model_copy(update=update) if update else limits


def changed(old: Limits, new: Limits) -> tuple[Change, ...]:
    """Every field that differs, each classified; the version is not a change."""
    before, after = _written(old), _written(new)
    changes: list[Change] = []
    for field in FIELDS:
        was, now = setting(old, field), setting(new, field)
        if was is None or now is None or was == now:
            continue
        direction = Direction.TIGHTENING if is_tighter(field, now, was) else Direction.LOOSENING
        changes.append(Change(field=field, old=before[field], new=after[field], direction=direction))
    return tuple(changes)


def loosens(changes: tuple[Change, ...]) -> bool:
    """True when any of the changes permits more than before."""
    return any(change.direction is Direction.LOOSENING for change in changes)


def amended(limits: Limits, settings: Mapping[str, str]) -> Limits:
    """The next version of the document with `settings` (field → text as a person types it) applied.

    Raises `BadInput` for an unknown field or a value that cannot be read. Whether the change may be made is the
    caller's to decide, with `changed` and `loosens`.
    """
    for field in settings:
        if field not in FIELDS:
            raise _unknown(field)
    try:
        return Limits.model_validate({**_written(limits), **settings, "version": limits.version + 1})
    except ValidationError as error:
        raise _unreadable(error) from error


def _written(limits: Limits) -> dict[str, str]:
    """Each field as text."""
    return {field: str(value) for field, value in limits.model_dump(mode="json").items()}


def _unknown(field: str) -> BadInput:
    return BadInput(f"There is no limit called {field!r}.", fix=f"Known limits: {', '.join(FIELDS)}.")


def _unreadable(error: ValidationError) -> BadInput:
    faults = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'document'}: {fault['msg']}" for fault in error.errors()
    )
    return BadInput(f"The limits cannot be read: {faults}.", fix=f"Known limits: {', '.join(FIELDS)}.")
