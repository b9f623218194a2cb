"""News in text: the tone first, then two lines a story, its words always whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text as Styled

from assistant.channels.sheet import Sheet
from assistant.channels.terminal_layout import bar
from assistant.channels.terminal_text import one_line
from tools.market.news import NewsLine, NewsResult

_BAR_WIDTH = 8
_COLOURS = {"positive": "green", "negative": "red"}


def stories(value: NewsResult, remarks: Sequence[str]) -> tuple[RenderableType, ...]:
    """Every story shown, newest first, and the remarks under them."""
    lines = [line for row in value.rows for line in _story(row)]
    return (*([Styled("")] if lines else []), *lines, *(Styled(one_line(remark), style="dim") for remark in remarks))


def without_stories(what: Sheet) -> Sheet:
    """The sheet without its table, whose headlines are too long for columns, and what is said under it."""
    return replace(what, tables=tuple(table for table in what.tables if not table.rows), remarks=())


def _story(row: NewsLine) -> Iterator[Styled]:
    source = ", ".join((row.source, *row.also))
    head = Styled(f"{row.published_at:%Y-%m-%d} ")
    if row.score is not None:
        tone = Styled(f"{bar(abs(row.score), _BAR_WIDTH):<{_BAR_WIDTH}} {row.score:+.2f} {row.label:<8}")
        head.append_text(Styled(tone.plain, style=_COLOURS.get(row.label or "", "dim"))).append(" ")
    surprise = "" if row.impact.surprise is None else f" · surprise {row.impact.surprise:+.1f}"
    head.append(f"{row.impact.event.value} · novelty {row.impact.novelty:.2f}{surprise}", style="dim")
    yield head
    told = Styled(f"  {one_line(row.headline)}")
    yield told.append(f" ({one_line(source)}{', sample' if row.sample else ''})", style="dim")
