"""Frames, lists and tables that hold in any width, with or without boxes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from rich import box
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

ROWS_SHOWN = 30
"""Rows of a table before the rest is counted instead of shown."""

LABEL_WIDTH = 26

UNKNOWN = "–"

Pair = tuple[str, str | Styled]

BARS = "▁▂▃▄▅▆▇█"


def frame(title: str, body: RenderableType, *, plain: bool, style: str = "cyan") -> RenderableType:
    """`body` under `title`: a panel on a terminal, a heading with indented lines where output is plain."""
    if plain:
        return Group(Styled(f"{title}:"), Padding(body, (0, 0, 0, 2), expand=False))
    return Panel(body, title=Styled(title), title_align="left", border_style=style, box=box.ROUNDED)


def pairs(rows: Sequence[Pair]) -> Table:
    """Labels and values, one pair a line."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True, max_width=LABEL_WIDTH, overflow="ellipsis")
    grid.add_column(overflow="fold")
    for label, value in rows:
        grid.add_row(Styled(label), styled(value))
    return grid


def table(headers: Sequence[str], rows: Sequence[Sequence[str | Styled]], width: int) -> RenderableType:
    """Rows under headed columns; where they cannot stand side by side in `width`, one list per row.

    Columns that say nothing in any row are left out. Figures stand to the right.
    """
    shown = [[styled(cell) for cell in row] for row in rows[:ROWS_SHOWN]]
    told = [place for place in range(len(headers)) if any(row[place].plain not in ("", UNKNOWN) for row in shown)]
    more = [Styled(f"… and {len(rows) - ROWS_SHOWN} more", style="dim")] if len(rows) > ROWS_SHOWN else []
    least = {place: _least(headers[place], [row[place] for row in shown]) for place in told}
    # The box itself puts one column between two others.
    needed = sum(least.values()) + len(told) - 1
    if needed > width:
        lists = (pairs([(headers[place], row[place]) for place in told if row[place].plain]) for row in shown)
        spaced = list(chain.from_iterable((Styled(""), one) for one in lists))
        return Group(*spaced[1:], *more)
    gap = 1 if needed + len(told) - 1 <= width else 0
    whole = {place: max(least[place], cell_len(headers[place])) for place in told}
    # Left to itself a crowded table cuts its last column; it is told the width of every column instead.
    fits = sum(whole.values()) + (1 + gap) * (len(told) - 1) <= width
    widths = whole if fits else least
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
    for place in told:
        figures = all(_figure(row[place].plain) for row in shown)
        grid.add_column(Styled(headers[place]), justify="right" if figures else "left", width=widths[place])
    for row in shown:
        grid.add_row(*(row[place] for place in told))
    return Group(grid, *more)


def sparkline(values: Sequence[float], width: int) -> str:
    """The course of `values` in `width` columns or fewer: each column the last value of its stretch."""
    columns = min(width, len(values))
    if columns < 2:
        return ""
    picked = [values[(place + 1) * len(values) // columns - 1] for place in range(columns)]
    low, high = min(picked), max(picked)
    steps = len(BARS) - 1
    return "".join(BARS[round((value - low) / (high - low) * steps) if high > low else steps // 2] for value in picked)


def bar(share: float, width: int) -> str:
    """A bar of `share` (0 to 1) of `width` columns; never empty for what is not zero."""
    return "█" * (max(1, round(share * width)) if share else 0)


def styled(cell: str | Styled) -> Styled:
    """A cell as text; a string is shown as it is, never read as markup."""
    return Styled(cell) if isinstance(cell, str) else cell


def _least(header: str, cells: Sequence[Styled]) -> int:
    """The narrowest a column may be: no figure and no word of the header is ever broken."""
    header_words = (cell_len(word) for word in header.split())
    return max(chain(header_words, (cell_len(cell.plain) for cell in cells)), default=0)


def _figure(shown: str) -> bool:
    bare = shown.removesuffix("%").strip().lstrip("+-").replace(",", "").replace(".", "", 1)
    return bare in ("", UNKNOWN) or bare.isdigit()
