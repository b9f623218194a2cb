"""Words and figures made safe and readable for a terminal.

Everything a screen shows passes through `clean`: names, news, broker messages and model prose are data, and an
escape sequence or a right-to-left override inside them must not redraw what a person is about to confirm.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Styled

_MARKS = re.compile(r"(\*\*|`)")
_BULLET = re.compile(r"^[-*•]$")
_NUMBERED = re.compile(r"^\d{1,2}[.)]$")
_HEADING = re.compile(r"^#{1,6}$")


def clean(text: str) -> str:
    """`text` without control, format (bidirectional, zero-width) and surrogate characters; newlines are kept.

    Tabs and every other kind of space become a plain one, lone surrogates the replacement character.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(character) for character in text)


def _safe(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return " "
    match unicodedata.category(character):
        case "Cc" | "Cf":
            return ""
        case "Cs" | "Co" | "Cn":
            return "\N{REPLACEMENT CHARACTER}"
        case "Zl" | "Zp" | "Zs":
            return " "
        case _:
            return character


def one_line(text: str) -> str:
    """`clean(text)` with every run of white space made one space: for cells, titles and status lines."""
    return " ".join(clean(text).split())


def number(value: Decimal | float | int) -> str:
    """A figure with thousands separated.

    Decimals keep every place they were given up to four (six below 1), so that money is never rounded to look
    better than it is; floats, which only ever are statistics, show five significant digits.
    """
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.5g}" if abs(value) < 1e5 else f"{value:,.2f}"
    if not value.is_finite():
        return str(value)
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    shown = f"{value:,.{min(places, 4 if abs(value) >= 1 else 6)}f}"
    if "." not in shown:
        return shown
    whole, fraction = shown.split(".")
    return f"{whole}.{fraction[:2]}{fraction[2:].rstrip('0')}"


def signed(value: Decimal | float | int) -> str:
    """`number` with its sign always shown."""
    return f"+{number(value)}" if value > 0 else number(value)


def instant(at: datetime) -> str:
    """A UTC instant to the minute, seconds only where there are any."""
    utc = at.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S UTC" if utc.second else "%Y-%m-%d %H:%M UTC")


def brief(value: object) -> str:
    """A tool's argument in a word or two; empty where there is nothing to say."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal() | int() | float():
            return number(value)
        case list() | tuple():
            return ", ".join(brief(part) for part in cast("Sequence[object]", value))
        case _:
            return one_line(str(value))


class Prose:
    """Markdown prose printed word by word as it arrives, wrapped, with a hanging indent for lists.

    Only what survives a stream is read: bold, code, headings and bullets. Everything else is shown as written.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._word = ""
        self._column = 0
        self._indent = 0
        self._gap = False
        self._heading = False
        self._bold = False
        self._code = False

    @property
    def mid_line(self) -> bool:
        """True while the current line has something on it or a word is waiting."""
        return self._column > 0 or bool(self._word)

    def feed(self, piece: str) -> None:
        """Print what `piece` completes; the unfinished last word waits for more."""
        for character in clean(piece):
            if character == "\n":
                self._flush()
                self._new_line()
            elif character == " ":
                self._flush()
                self._gap = self._column > 0
            else:
                self._word += character

    def close(self) -> None:
        """Print the waiting word and end the line."""
        self._flush()
        if self._column:
            self._new_line()
        self._bold = self._code = False

    def _new_line(self) -> None:
        self._write(Styled("\n"))
        self._column = self._indent = 0
        self._gap = self._heading = False

    def _flush(self) -> None:
        if not self._word:
            return
        word, self._word = self._word, ""
        if self._column == 0 and self._opens_line(word):
            return
        shown = self._styled(word)
        width = cell_len(shown.plain)
        if self._column and self._column + self._gap + width > self._console.width:
            self._write(Styled("\n" + " " * self._indent))
            self._column = self._indent
        elif self._gap:
            shown = Styled(" ") + shown
            width += 1
        self._gap = False
        self._write(shown)
        self._column += width

    def _opens_line(self, word: str) -> bool:
        """A list mark or heading at the start of a line: printed or swallowed here."""
        if _HEADING.match(word):
            self._heading = True
            return True
        if _BULLET.match(word) or _NUMBERED.match(word):
            mark = "•" if _BULLET.match(word) else word
            self._write(Styled(mark))
            self._column = cell_len(mark)
            self._indent = self._column + 1
            return True
        return False

    def _styled(self, word: str) -> Styled:
        shown = Styled()
        for part in _MARKS.split(word):
            if part == "**" and not self._code:
                self._bold = not self._bold
            elif part == "`":
                self._code = not self._code
            elif part:
                shown.append(part, "cyan" if self._code else "bold" if self._bold or self._heading else "")
        return shown

    def _write(self, text: Styled) -> None:
        self._console.print(text, end="", soft_wrap=True, highlight=False)
