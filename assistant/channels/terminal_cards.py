"""Tool results as panels, tables and lines of text.

What a result shows is said once for every channel, as a `Sheet` (`web_cards.sheet`) that names a kind for every value;
here the kinds are spelled for a terminal. A signal has a picture of its own. Nothing is computed or decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text as Styled

from assistant.channels.sheet import Cell, Change, Figure, Kind, Sheet
from assistant.channels.terminal_forecast import fan
from assistant.channels.terminal_layout import UNKNOWN, Pair, frame, pairs, sparkline, table
from assistant.channels.terminal_news import stories, without_stories
from assistant.channels.terminal_signals import signal
from assistant.channels.terminal_text import instant, number, one_line, signed
from assistant.channels.web_cards import sheet
from tools.catalogue_account import HelpResult
from tools.catalogue_signals import SignalExplanation, SignalReport
from tools.context import Offer
from tools.market.forecast import ForecastResult
from tools.market.news import NewsResult

TEXT_WIDTH = 40
"""Columns a free text may fill before its row of figures is printed on lines of its own."""


def card(value: BaseModel, *, plain: bool, width: int) -> RenderableType | None:
    """The picture of one tool result, at most `width` columns wide; None where the words alone say it."""
    match value:
        case Offer() | HelpResult():
            return None
        case SignalExplanation():
            return signal(value, value.record, plain=plain, width=width)
        case SignalReport():
            return signal(value, (), plain=plain, width=width)
        case ForecastResult():
            return drawn(sheet(value), plain=plain, width=width, picture=fan(value, width - (2 if plain else 4)))
        case NewsResult():
            what = sheet(value)
            return drawn(without_stories(what), plain=plain, width=width, below=stories(value, what.remarks))
        case _:
            return drawn(sheet(value), plain=plain, width=width)


def drawn(
    what: Sheet,
    *,
    plain: bool,
    width: int,
    picture: Sequence[RenderableType] = (),
    below: Sequence[RenderableType] = (),
) -> RenderableType:
    """A sheet as one frame, under its picture where it has one, and over what stands below its figures."""
    currency = f" ({one_line(what.currency)})" if _has_money(what) else ""
    parts = (*picture, *_parts(what, width - (2 if plain else 4)), *below)
    return frame(one_line(what.title) + currency, Group(*parts), plain=plain)


def spelled(value: Cell, kind: Kind) -> Styled:
    """One value as its kind says."""
    if value is None or value == "":
        return Styled(UNKNOWN if value is None else "")
    figure = _decimal(value)
    if figure is None or kind in (Kind.TEXT, Kind.INSTANT):
        return Styled(_instant(str(value)) if kind in (Kind.INSTANT, Kind.AUTO) else one_line(str(value)))
    match kind:
        case Kind.MONEY:
            return Styled(f"{figure:,.2f}")
        case Kind.SIGNED:
            return Styled(f"{figure:+,.2f}", style=_colour(figure))
        case Kind.PERCENT:
            return Styled(f"{number(figure)} %")
        case Kind.SIGNED_PERCENT:
            return Styled(f"{signed(figure)} %", style=_colour(figure))
        case Kind.SHARE:
            return Styled(f"{figure * 100:.1f} %")
        case _:
            return Styled(number(figure))


def _parts(what: Sheet, width: int) -> Iterator[RenderableType]:
    told = " · ".join(part for part in (one_line(what.source), _instant(what.as_of)) if part)
    if told:
        yield Styled(told, style="dim")
    if what.figures:
        yield pairs([_pair(figure) for figure in what.figures])
    if what.changes:
        yield Styled("")
        yield _changes(what.changes, width)
    if what.line:
        yield from _line(what.line, width)
    for each in what.tables:
        yield Styled("")
        if each.title:
            yield Styled(one_line(each.title), style="bold")
        if not each.rows:
            yield Styled(one_line(each.empty), style="dim")
            continue
        rows = [[spelled(cell, kind) for cell, (_, kind) in zip(row, each.columns, strict=True)] for row in each.rows]
        yield table([one_line(header) for header, _ in each.columns], rows, width)
    for remark in what.remarks:
        yield Styled(one_line(remark), style="dim")


def _pair(figure: Figure) -> Pair:
    value = spelled(figure.value, figure.kind)
    note = one_line(figure.note)
    return one_line(figure.name), value.append(f" {note}", style="dim") if note else value


def _changes(changes: tuple[Change, ...], width: int) -> RenderableType:
    rows = [
        [
            one_line(one.name),
            spelled(one.before, one.kind),
            spelled(one.after, one.kind),
            Styled(one_line(one.note), "dim"),
        ]
        for one in changes
    ]
    if any(len(row[3]) > TEXT_WIDTH for row in rows):
        rows = [row[:3] for row in rows]
        return table(["", "Now", "After"], rows, width)
    return table(["", "Now", "After", ""], rows, width)


def _line(points: tuple[tuple[str, str], ...], width: int) -> Iterator[RenderableType]:
    values = [float(value) for _, value in points]
    drawn_line = sparkline(values, width)
    if not drawn_line:
        return
    low, high = min(points, key=lambda point: float(point[1])), max(points, key=lambda point: float(point[1]))
    yield Styled(drawn_line, style="cyan")
    told = f"{points[0][0]} {_figure(points[0][1])} to {points[-1][0]} {_figure(points[-1][1])}"
    yield Styled(f"{told}; low {_figure(low[1])} on {low[0]}, high {_figure(high[1])} on {high[0]}", style="dim")


def _figure(value: str) -> str:
    return spelled(value, Kind.PRICE).plain


def _decimal(value: Cell) -> Decimal | None:
    """The value as a figure; None for words (a yes or no is a word)."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() else None


def _instant(value: str) -> str:
    """An ISO date or instant for a person; any other text as it is."""
    try:
        return date.fromisoformat(value).isoformat() if len(value) == 10 else instant(datetime.fromisoformat(value))
    except ValueError:
        return one_line(value)


def _colour(figure: Decimal) -> str:
    return "green" if figure > 0 else "red" if figure < 0 else ""


def _has_money(what: Sheet) -> bool:
    kinds = {figure.kind for figure in what.figures} | {change.kind for change in what.changes}
    kinds |= {kind for each in what.tables for _, kind in each.columns}
    return bool(kinds & {Kind.MONEY, Kind.SIGNED})
