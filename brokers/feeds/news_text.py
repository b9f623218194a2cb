"""A stranger's text as plain text: markup stripped, invisible and direction-changing characters gone, size capped.

Everything that news brings in passes through here before it is stored, so that nothing later has to know where it came
from. What is shown or handed to a model is still a stranger's text: `text:untrusted`.
"""

from __future__ import annotations

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser

MARKUP_CAP = 20_000
"""Characters of markup that are parsed: deep nesting costs a parser the square of this."""
_BLOCKS = "p,br,div,li,tr,td,th,h1,h2,h3,h4,h5,h6,blockquote,section,article,figcaption"
_UNSPOKEN = ["script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "select"]
_BROKEN = re.compile("[\ud800-\udfff]")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")
"""Letters and marks that draw nothing: words could hide between them."""
_MOST_MARKS = 3
"""Combining marks in a row that are kept; towers of them paint over other lines."""


def plain_text(text: str, cap: int) -> str:
    """`text` without markup, on one line, at most `cap` characters; cut at a word, with an ellipsis."""
    text = text[: max(MARKUP_CAP, 2 * cap)]
    if "<" in text or "&" in text:
        text = stripped(text[:MARKUP_CAP])
    return shortened(" ".join(harmless(text).split()), cap)


def stripped(markup: str) -> str:
    """What a browser would show of `markup`; scripts, styles and comments are no text."""
    tree = LexborHTMLParser(markup)
    for node in tree.css(_BLOCKS):
        node.insert_after(" ")
    tree.strip_tags(_UNSPOKEN)
    return tree.body.text() if tree.body is not None else ""


def harmless(text: str) -> str:
    """`text` in composed form without control, format (bidirectional, zero-width, tags) and variation characters.

    Every kind of space becomes a plain one; lone surrogates and unassigned characters the replacement character.
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MOST_MARKS:
            continue
        kept.append(_safe(character, category))
    return "".join(kept)


def shortened(text: str, cap: int) -> str:
    """`text` cut to `cap` characters at the end of a word."""
    if len(text) <= cap:
        return text
    cut = text[: cap - 1]
    whole = cut.rpartition(" ")[0]
    return f"{whole if len(whole) > cap // 2 else cut}…"


def decoded(data: bytes) -> str:
    """Bytes as text: what a byte-order mark says, else UTF-8. What UTF-8 cannot read is left as lone surrogates.

    Guessing another encoding would turn a wrong guess into believable nonsense; `readable` tells the broken rows apart.
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace" if encoding == "utf-16" else "surrogateescape")
    return data.decode("utf-8", errors="surrogateescape")


def readable(text: str) -> bool:
    """False when the text holds bytes that could not be decoded."""
    return _BROKEN.search(text) is None


def _safe(character: str, category: str) -> str:
    if character in _BLANK or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""
    match category:
        case "Cf":
            return ""
        case "Cc" | "Zl" | "Zp" | "Zs":
            return " "
        case "Cs" | "Co" | "Cn":
            return "\N{REPLACEMENT CHARACTER}"
        case _:
            return character
