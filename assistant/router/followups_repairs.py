# ruff: noqa: E501  (a pattern reads better whole)
"""What a speaker mends while speaking: a question begun and put better, a tag at the end, a wish dressed as a question.

The line is written as it was meant before anything is read, so that nobody else has to know of slips of the tongue.
"""

from __future__ import annotations

import re

from assistant.router.scan import SYMBOL

_TAG = re.compile(
    r"(?<=\w) ?, ?(?:(?:would|will|could|can|will not|can not) you(?: (?:please|mate|kindly))?|if you would|if you do not mind|will ya|yeah|eh|right|huh|innit)(?P<end>[ ?.!]*)$"
)
"""A tag that only makes an order polite: "sell 5, would you"."""
_ORDER_START = re.compile(
    r"(?:\w+ ){0,3}?(?:buy|sell|short|close|cancel|get|grab|dump|trim|make|put|set|change|move|raise|lower)\b"
)
_ASKING = r"(?:what|how|which|when|where|who|is|was|did|does|has)"
_REPAIR = re.compile(
    rf"^(?P<first>.*\b{_ASKING}\b.*?)[ .,-]+(?:sorry|no wait|wait no|i mean|i meant|or rather|scratch that|correction)(?: ,)? (?P<second>{_ASKING}\b.*)$"
)
"""A question put once more, better: only the second one was meant."""
TERMS = {
    "trailing stop": r"\btrailing[- ]stops?\b", "stop limit": r"\bstop[- ]limits?(?: orders?)?\b", "stop-loss": r"\bstop[- ]loss(?:es)?(?: orders?)?\b",
    "limit order": r"\blimit orders?\b", "stop order": r"\b(?:stop orders?|stops)\b", "protective put": r"\bprotective puts?\b",
    "covered call": r"\bcovered calls?\b", "collar": r"\bcollars?\b", "straddle": r"\bstraddles?\b", "iron condor": r"\biron condors?\b",
    "bull call spread": r"\bbull call spreads?\b", "bear put spread": r"\bbear put spreads?\b",
}  # fmt: skip
"""Kinds of order that can be spoken of in general, longest first."""
_ONE_OF_THOSE = re.compile(
    rf"\b(?:(?:one|1) (?:of (?:those|these|them)|like that)|(?<=have )(?:one|1)|(?<=put )(?:one|1)|(?<=set )(?:one|1)|(?<=get )(?:one|1)|(?<=want )(?:one|1))(?= (?:on|for|with|at)\b| {SYMBOL}| ?,)"
)
_KIND = r"(?:(?:a|an|the|my|some) )?(?:\d+(?:\.\d+)?% )?(?:trailing stop|stop-loss|stop limit|stop order|limit order|protective put|covered call|collar|stop)\b"
_WISHED = re.compile(
    rf"(?P<lead>^|^.*?[.,!] )(?:and |so |ok |then )*(?:can|could|may|might) (?:i|we|you) (?:please |just |maybe )*(?:have|get|put|place|set|use|add|do|give me) (?P<what>{_KIND}.* (?:on|for|under|behind|below) (?:my |the |all )*(?:{SYMBOL}|shares|position).*\d.*|{_KIND}.*\d.* (?:on|for|under|behind|below) (?:my |the |all )*(?:{SYMBOL}|shares|position).*)$"
)
"""A protective order asked for as a question; with a distance or a price it is no talk about orders in general."""


def mended(line: str) -> str:
    """The canonical line as it was meant."""
    tag = _TAG.search(line)
    if tag is not None and _ORDER_START.match(line):
        line = line[: tag.start()] + (" ." if "." in tag["end"] else "")
    repaired = _REPAIR.match(line)
    if repaired is None:
        return line
    second, named = repaired["second"], re.findall(SYMBOL, repaired["first"])
    if named and not re.search(SYMBOL, second):
        second = re.sub(r"\b(?:it|they|that one|this one)\b", lambda _: str(named[-1]), second, count=1)
    return second


def with_term(line: str, term: str) -> str:
    """ "can i have one of those on my shares, 3% behind" as the order it wishes for."""
    if term:
        line = _ONE_OF_THOSE.sub(f"a {term}", line, count=1)
    wished = _WISHED.match(line)
    if wished is None:
        return line
    return f"{wished['lead']}put {wished['what']}".rstrip(" ?")


def term_in(line: str) -> str:
    """The kind of order a line speaks of, or ""."""
    return next((term for term, pattern in TERMS.items() if re.search(pattern, line)), "")
