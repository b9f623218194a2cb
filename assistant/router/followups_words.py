# ruff: noqa: E501  (a pattern reads better whole)
"""Small words around what is meant: what leads a message in, what trails after it, what takes something back."""

from __future__ import annotations

import re

from assistant.router.lexicon import words

_INTERJECTION = r"(?:u+gh+|a+r+gh+|eh|e+r+m*|u+m+|u+h+|a+h+|aw+|o+f|oops|lol|haha|jk|whoa|yikes|man|dang|damn|dude|mate|bro|sec|hey|h+m+)"
CORRECTION = re.compile(
    rf"^(?:(?:{_INTERJECTION}|no|nope|nah|naw?|wait|actually|sorry|hold on|hang on|oops|whoops|hmm?|i mean(?:t)?(?: to say)?|correction|scratch that|rather|on (?:second thou?ghts?|reflection)|not (?:buy|sell|short|that|\d+)(?= ,)|let us|ok|well|oh|my mistake|my bad|typo|edit|instead|1 more thing|one more thing|better|but|thinking about it|come to think of it)(?![a-z']) ?[,.!:;-]* ?)+"
)
_TAKES_BACK = re.compile(
    rf"^(?:(?:{_INTERJECTION}|ok|well|oh|but|,)(?![a-z']) ?)*(?:no|nope|nah|naw?|wait|actually|sorry|hold on|hang on|oops|whoops|i mean|correction|scratch|rather|on second|on reflection|not|my mistake|my bad|typo|edit|instead|thinking about|come to think)\b"
)
ASKS = re.compile(
    r"^(?:what|why|how|when|where|which|who|is|are|does|did|has|have|was|were|should|will|do (?:i|you|we)|am|show|list|tell|explain|compare)\b"
)
"""A message that wants to know something."""
_LEAD = re.compile(
    r"^(?:(?:and|so|ok|okay|then|well|now|also|please|kindly|just|fine|right|alright|good|great|thanks|thank you|cheers|hmm?|yes|but|actually|perhaps|maybe|or|deskmate)(?![a-z']) ?[,.!:-]* ?)+"
)
_TAIL = re.compile(
    r"(?:[ ,.!?]+(?:please|then|tho|though|thanks|thank you|cheers|mate|ok|okay|btw|by the way|now|again|too|as well|if you (?:can|would|do not mind))?)+$"
)


def strip_correction(line: str) -> tuple[str, bool]:
    """The line without its "no wait," in front, and whether there was one that takes something back."""
    match = CORRECTION.match(line)
    if match is None:
        return line, False
    rest = line[match.end() :].strip()
    return (rest, bool(_TAKES_BACK.match(line))) if re.search(r"\w", rest) else (line, False)


def core_of(line: str) -> str:
    """The line without the small words before and after what is meant."""
    core = re.sub(r"\s*[.!?]+$", "", line).strip()
    shorter = _LEAD.sub("", core)
    shorter = _TAIL.sub("", f"{shorter} ").strip() or shorter
    return shorter.strip() or core


def leftover(rest: str, glue: frozenset[str]) -> list[str]:
    """The words of a scanned line that are neither tags nor symbols nor `glue`."""
    plain = re.sub(r"<\w+>|\$[A-Z][A-Z0-9.\-]*", " ", rest)
    return [word for word in re.findall(r"[a-z0-9$][\w'.%/\-]*", plain) if word not in glue]


SMALL = frozenset(words("""
    and what how about of for on in over with at to by its it that this 's s the a an please too also now then again but instead
    rather though tho ok so or as well is i me you there here today versus against just only same thing question during from well
    during hmm hm um uh right and yes 1 one ones that's tell give
"""))  # fmt: skip
"""Words that ask nothing of their own: beside them a symbol, a window or a figure is still only a piece of a request."""

AGAIN = SMALL | frozenset(words("""
    could can would may might have get see show do does did run look like want wanted need know repeat let us we figures figure numbers
    number stats statistics check another one more time once all exactly same do ran make
"""))  # fmt: skip
"""The same, where the message says "the same" or "again"."""
