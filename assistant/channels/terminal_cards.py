"""Typed tool results as panels and tables.

Any pydantic value has a picture: scalars as a two-column list, sequences of values as tables, values inside values as
lists under their own heading. A type that deserves better registers a picture of its own in `PICTURES`.
Nothing here decides, computes or rounds a figure a person acts on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from pydantic import BaseModel
from rich import box
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from assistant.channels.terminal_text import one_line, scalar, words

ROWS_SHOWN = 30
"""Rows of a table before the rest is counted instead of shown."""

DEPTH_SHOWN = 4
"""Levels of values inside values before a branch is shown as its bare text."""

_SUFFIXES = ("Result", "View", "Report", "Card")


def frame(title: str, body: RenderableType, *, plain: bool, style: str = "cyan") -> RenderableType:
    """`body` under `title`: a panel on a terminal, a heading with indented lines where output is plain."""
    if plain:
        return Group(Styled(f"{title}:"), Padding(body, (0, 0, 0, 2)))
    return Panel(body, title=Styled(title), title_align="left", border_style=style, box=box.ROUNDED)


def pairs(rows: Sequence[tuple[str, RenderableType]]) -> Table:
    """Labels and values, one pair a line."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True, max_width=24, overflow="ellipsis")
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(Styled(label), Styled(value) if isinstance(value, str) else value)
    return grid


def card(tool: str, value: BaseModel, *, plain: bool, width: int) -> RenderableType:
    """The picture of one tool result, at most `width` columns wide."""
    inner = width - (2 if plain else 4)
    special = next((PICTURES[kind.__name__] for kind in type(value).__mro__ if kind.__name__ in PICTURES), None)
    body = special(value, inner) if special is not None else picture(value, inner)
    return frame(_title(tool, value), body, plain=plain)


def picture(value: BaseModel, width: int) -> RenderableType:
    """The general picture of any value."""
    return Group(*_parts(fields(value), width, depth=0))


def fields(value: BaseModel) -> dict[str, object]:
    """A value's own fields, in the order they are declared."""
    return {name: getattr(value, name) for name in type(value).model_fields}


def table(rows: Sequence[Mapping[str, object]], width: int) -> RenderableType:
    """Rows as a table; where its columns cannot stand side by side in `width`, as one list per row."""
    cells = [_flat(row) for row in rows[:ROWS_SHOWN]]
    names = [name for name in dict.fromkeys(name for row in cells for name in row) if _says_something(name, cells)]
    more = _more(len(rows))
    if sum(_column_width(name, cells) + 2 for name in names) > width:
        lists = [pairs([(words(name), row[name]) for name in names if row.get(name, "–") != "–"]) for row in cells]
        spaced = [part for one in lists for part in (one, Styled(""))]
        return Group(*spaced[:-1], *more)
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    for name in names:
        numeric = all(isinstance(row.get(name), int | float) or _figure(shown.get(name)) for row, shown in _both(rows, cells))
        grid.add_column(Styled(words(name)), justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        grid.add_row(*(Styled(row.get(name, "–")) for name in names))
    return Group(grid, *more)


def _parts(content: Mapping[str, object], width: int, depth: int) -> Iterator[RenderableType]:
    """Scalars first as one list, then each part that has parts of its own, under its heading."""
    simple = {name: shown for name, value in content.items() if (shown := scalar(value)) is not None}
    listed = [(words(name), shown) for name, shown in simple.items() if shown not in ("–", "")]
    if listed:
        yield pairs(listed)
    for name, value in content.items():
        if name not in simple:
            yield from _branch(name, value, width, depth)


def _branch(name: str, value: object, width: int, depth: int) -> Iterator[RenderableType]:
    rows = _rows(value)
    if rows is not None:
        yield Styled("")
        yield Styled(words(name), style="bold")
        yield table(rows, width)
        return
    content = _content(value)
    if not content:
        return
    yield Styled("")
    yield Styled(words(name), style="bold")
    if depth >= DEPTH_SHOWN:
        yield Styled(one_line(str(value)))
    else:
        yield Padding(Group(*_parts(content, width - 2, depth + 1)), (0, 0, 0, 2))


def _content(value: object) -> Mapping[str, object]:
    if isinstance(value, BaseModel):
        return fields(value)
    if isinstance(value, Mapping):
        return {str(key): part for key, part in cast("Mapping[object, object]", value).items()}
    if isinstance(value, tuple | list):
        return {str(place): part for place, part in enumerate(cast("Sequence[object]", value), start=1)}
    return {}


def _rows(value: object) -> list[Mapping[str, object]] | None:
    """A sequence made only of values or mappings, as rows."""
    if not isinstance(value, tuple | list) or not value:
        return None
    items = cast("Sequence[object]", value)
    if all(isinstance(item, BaseModel | Mapping) for item in items):
        return [_content(item) for item in items]
    return None


def _flat(row: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """One row's cells; a value inside a row lends it its fields, a deeper list is counted."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        shown = scalar(value)
        if shown is not None:
            cells[prefix + name] = shown
        elif isinstance(value, BaseModel | Mapping) and not prefix:
            cells |= _flat(_content(cast("object", value)), f"{name} ")
        else:
            cells[prefix + name] = f"{len(_content(cast('object', value)))} parts"
    return cells


def _says_something(name: str, cells: Sequence[Mapping[str, str]]) -> bool:
    return any(row.get(name, "–") not in ("–", "") for row in cells)


def _column_width(name: str, cells: Sequence[Mapping[str, str]]) -> int:
    return max(cell_len(words(name)), *(cell_len(row.get(name, "–")) for row in cells))


def _both(
    rows: Sequence[Mapping[str, object]], cells: Sequence[Mapping[str, str]]
) -> Iterator[tuple[Mapping[str, object], Mapping[str, str]]]:
    yield from zip(rows, cells, strict=False)


def _figure(shown: str | None) -> bool:
    return shown is None or shown == "–" or shown.lstrip("+-").replace(",", "").replace(".", "", 1).isdigit()


def _more(count: int) -> list[RenderableType]:
    return [Styled(f"… and {count - ROWS_SHOWN} more", style="dim")] if count > ROWS_SHOWN else []


def _title(tool: str, value: BaseModel) -> str:
    kind = type(value).__name__
    for suffix in _SUFFIXES:
        kind = kind.removesuffix(suffix) or kind
    named, called = words(kind), words(tool)
    return named if named == called or not called else f"{named} · {called}"


Picture = Callable[[BaseModel, int], RenderableType]
"""A special picture: a value and the columns it may use."""

PICTURES: dict[str, Picture] = {}
"""Special pictures by the value's class name, so that a picture never costs the import of the tool behind it."""
