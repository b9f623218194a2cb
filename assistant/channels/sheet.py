"""A sheet: what most results look like on the page, as headed figures and tables with a kind for every value.

The kind says how the page writes a value (`public/elements/FiguresCard.jsx`); a sheet holds no formatted text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import cast

from pydantic import BaseModel


class Kind(StrEnum):
    """How a value is written."""

    MONEY = "money"
    """An amount in the sheet's currency, to the cent."""
    SIGNED = "signed"
    """The same, with its sign and the colour of a gain or a loss."""
    PRICE = "price"
    """Every digit that counts."""
    PERCENT = "percent"
    """A number already in per cent."""
    SIGNED_PERCENT = "signed_percent"
    """The same, with its sign and colour."""
    SHARE = "share"
    """A fraction between 0 and 1, as per cent."""
    COUNT = "count"
    INSTANT = "instant"
    TEXT = "text"
    AUTO = "auto"
    """By what the value looks like."""


Cell = str | int | float | bool | None
Column = tuple[str, Kind]
Given = Decimal | datetime | str | int | float | bool | None


@dataclass(frozen=True)
class Figure:
    """One headed figure; None is shown as not known."""

    name: str
    value: Cell
    kind: Kind = Kind.TEXT
    note: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of values under headed columns; `empty` is said where there are no rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""


@dataclass(frozen=True)
class Change:
    """One figure before and after; all rows of a comparison stand under the same two headings."""

    name: str
    before: Cell
    after: Cell
    kind: Kind
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A titled result with where it comes from (`source`), its figures, tables and remarks."""

    title: str
    currency: str = "USD"
    source: str = ""
    as_of: str = ""
    figures: tuple[Figure, ...] = ()
    changes: tuple[Change, ...] = ()
    line: tuple[tuple[str, str], ...] = ()
    """(session, price) pairs to draw as a line, oldest first."""
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()

    def props(self) -> dict[str, object]:
        """The sheet as plain JSON."""
        return asdict(self)


def cell(value: Given) -> Cell:
    """A value as JSON carries it: decimals and instants as text, nothing rounded."""
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat()
        case StrEnum():
            return value.value
        case _:
            return value


def row(*values: Given) -> tuple[Cell, ...]:
    """A table's row."""
    return tuple(cell(value) for value in values)


def of_value(value: BaseModel) -> Sheet:
    """Any value as a sheet: single fields as figures, lists of records as tables, what is empty left out."""
    figures: list[Figure] = []
    tables: list[Table] = []
    for name, part in cast("dict[str, object]", value.model_dump(mode="json")).items():
        match part:
            case None | "" | [] | {}:
                continue
            case dict():
                inner = cast("dict[str, object]", part)
                figures.extend(
                    Figure(f"{label(name)}, {label(key).lower()}", plain(item), Kind.AUTO)
                    for key, item in inner.items()
                )
            case list() if all(isinstance(item, dict) for item in cast("list[object]", part)):
                tables.append(_records(label(name), cast("list[dict[str, object]]", part)))
            case _:
                figures.append(Figure(label(name), plain(part), Kind.AUTO))
    return Sheet(title=heading(value), figures=tuple(figures), tables=tuple(tables))


def heading(value: BaseModel) -> str:
    """A value's type as a heading: `LimitsUse` is "Limits use"."""
    words = re.sub(r"(?<!^)(Result|Report|View)$", "", type(value).__name__)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).capitalize()


def label(name: str) -> str:
    """A field's name as a label: `average_cost` is "Average cost"."""
    return name.replace("_", " ").capitalize()


def plain(value: object) -> Cell:
    """A JSON value as one cell."""
    match value:
        case None | str() | bool() | int() | float():
            return value
        case list():
            return ", ".join(str(plain(item)) for item in cast("list[object]", value))
        case dict():
            parts = cast("dict[str, object]", value).items()
            return ", ".join(f"{label(key).lower()} {plain(item)}" for key, item in parts if item not in (None, "", []))
        case _:
            return str(value)


def _records(title: str, records: Sequence[Mapping[str, object]]) -> Table:
    names = [name for name in records[0] if any(record.get(name) not in (None, "", []) for record in records)]
    return Table(
        title=title,
        columns=tuple((label(name), Kind.AUTO) for name in names),
        rows=tuple(tuple(plain(record.get(name)) for name in names) for record in records),
    )
