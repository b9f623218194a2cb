"""Lines of `{"text": "…"}` as they arrive: read without waiting for more than there is, bounded, each judged alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Protocol

from brokers.vocabulary import BadInput

LINE_CAP = 32 << 20
"""Bytes of one line; what is longer is refused and skipped."""
_PIECE = 1 << 16


class Stream(Protocol):
    """Where bytes come from: `sys.stdin.buffer`, or bytes in memory."""

    def read1(self, size: int = -1, /) -> bytes:
        """What is there now, at most `size` bytes; empty at the end."""
        ...


def texts_of(stream: Stream) -> Iterator[list[str | BadInput]]:
    """Batches of texts, in order; a line that cannot be read is its error."""
    rest, number, skipping = bytearray(), 0, False
    while piece := stream.read1(_PIECE):
        rest += piece
        batch: list[str | BadInput] = []
        *lines, tail = bytes(rest).split(b"\n") if b"\n" in piece else [bytes(rest)]
        for line in lines:
            number += 1
            if not skipping and line.strip():
                batch.append(_text_of(line, number))
            skipping = False
        if len(tail) > LINE_CAP or (skipping and not lines):
            if not skipping:
                batch.append(BadInput(f"Line {number + 1} is longer than {LINE_CAP >> 20} MB."))
            skipping, tail = True, b""
        rest = bytearray(tail)
        if batch:
            yield batch
    if rest.strip() and not skipping:
        yield [_text_of(bytes(rest), number + 1)]


def _text_of(line: bytes, number: int) -> str | BadInput:
    try:
        value: object = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return BadInput(f"Line {number} is not UTF-8.")
    except (ValueError, RecursionError):
        return BadInput(f"Line {number} is not JSON.")
    match value:
        case {"text": str(text)}:
            return text
        case _:
            return BadInput(f"Line {number} has no text.", fix='Write {"text": "…"}.')
