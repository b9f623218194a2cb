# ruff: noqa: E501  (a pattern reads better whole)
"""Cutting a message into the things it asks for, in order."""

from __future__ import annotations

import re

from assistant.router.frames import _BUY, _CLOSE, _SELL, _SHORT, FILLER  # pyright: ignore[reportPrivateUsage]
from assistant.router.scan import SYMBOL

MOST_CLAUSES = 6
_TOPIC = (
    r"(?:my |the |our |its |current |open |any |some |todays? |latest )*(?:cash|balance|buying power|pnl|positions?|holdings|orders?|performance|risk|exposure|news|headlines|"
    r"forecast|sentiment|price|quote|limits|beta|var|volume|volatility|signals?|regime|drawdown|portfolio|recommendations?|outlook|track record|option chain|equity|account)"
)
_VERB = (
    rf"(?:{_CLOSE}|{_SHORT}|{_BUY}|{_SELL}|show|tell|give|list|check|compare|explain|analy[sz]e|cancel|switch|go (?:live|to paper|virtual)|what|how|why|where|when|which|who|is|are|do i|does|did|will|should|can (?:you|i)|"
    r"could you|run|pull up|remind|set|put|forecast|predict|sync|halt|step|advance|stress|quote|let me know|see|display|update|refresh)"
)
_START = re.compile(
    rf"(?:(?:then|also|please|now|just|first|after that|afterwards|finally|could you|can you|and|next) )*(?:{_VERB})\b"
)
_NOUNS = re.compile(
    rf"^(?:{_TOPIC})(?: (?:of|for|on|in) {SYMBOL})?(?: too| as well| after| afterwards| please| now| today)*[ ?.!]*$"
)
_MORE_SHARES = re.compile(rf"^(?:another |also )?(?:\d+|half|all|\d+%)(?: (?:shares|of|my|shares of))* {SYMBOL}")
_HARD = re.compile(r"\s*(?:[.;!?]+(?= |$)|\band then\b|\bthen\b(?! (?:live|i))|\bafter that\b|\n)\s*")
_SOFT = re.compile(r"\s*(?:, and\b|,|\band also\b|\band\b|\balso\b|\bplus\b|\bbut\b|&|\+)\s*")


def clauses_of(line: str) -> list[str]:
    """The clauses of a canonical line; a question keeps its mark at the end as ` ?`."""
    found: list[str] = []
    at = 0
    for match in _HARD.finditer(line):
        part = line[at : match.start()].strip()
        if part:
            found.extend(_soft(part + (" ?" if "?" in match[0] else "")))
        at = match.end()
    if line[at:].strip():
        found.extend(_soft(line[at:].strip()))
    return _joined([c for c in found if c.strip(" ,?.!&+")])[:MOST_CLAUSES]


def _joined(parts: list[str]) -> list[str]:
    """Clauses with greetings and lone fillers dropped when something else is said."""
    if len(parts) < 2:
        return parts
    kept = [
        p
        for p in parts
        if not re.fullmatch(
            r"(?:hi|hey|hello|thanks|thank you|please|ok|okay|yes|no|yo|good morning|morning|great|cool|thanks a lot|cheers|right|sure|well|so|oh|hmm|um|sorry|wait|hold on|actually)[ ,?!]*",
            p,
        )
    ]
    return kept or parts[:1]


def _soft(part: str) -> list[str]:
    pieces: list[str] = []
    left_at = 0
    for match in _SOFT.finditer(part):
        left, right = part[left_at : match.start()].strip(), part[match.end() :].strip()
        if left and right and _splits(left, right):
            pieces.append(left)
            left_at = match.end()
    pieces.append(part[left_at:].strip())
    return _carried([p for p in pieces if p])


def _splits(left: str, right: str) -> bool:
    if re.match(r"(?:if|when|once|as soon as|unless|should)\b", left) and not re.search(r",", left):
        return False
    core = FILLER.sub("", left).strip()
    if not core and not re.search(r"\b(?:do not|never)\b", left):
        return False
    if _NOUNS.match(right):
        return bool(
            _NOUNS.match(
                FILLER.sub(
                    "",
                    re.sub(
                        r"^(?:show|tell|give|list|check|what is|what are|how is|display|see|pull up|get)\b(?: me)?",
                        "",
                        core,
                    ).strip(),
                )
                + ""
            )
            or re.search(rf"\b{_TOPIC}$|\b(?:news|price|quote) (?:of|for|on) {SYMBOL}$", left)
        )
    if re.match(r"(?:at|with|for|stop|target|limit|take-profit|stop-loss)\b", right):
        return False
    if _MORE_SHARES.match(right):
        return bool(re.search(rf"(?:{_BUY}|{_SELL}|{_SHORT})\b.*{SYMBOL}", left))
    if re.search(r"\b(?:what if|suppose|if i|if we|compare|between|difference)\b[^,]*$", left) and not re.match(
        r"(?:what|how|show|tell|give|why)\b", right
    ):
        return False
    return bool(_START.match(right))


def _carried(pieces: list[str]) -> list[str]:
    """ "buy 10 A and 20 B" gives the second its verb; "show my positions and cash" its "show"."""
    out: list[str] = []
    for piece in pieces:
        if out and _MORE_SHARES.match(piece):
            verb = re.search(rf"\b({_BUY}|{_SELL}|{_SHORT})\b", out[-1])
            piece = f"{verb[1]} {piece}" if verb else piece
        elif out and _NOUNS.match(piece):
            piece = f"show {piece}"
        out.append(piece)
    return out
