# ruff: noqa: E501  (a pattern reads better whole)
"""Questions about how signals are made that no slot holds: what a source is worth, and what would change a call."""

from __future__ import annotations

import re

from assistant.router.parsed import Parsed

_NAMES = {
    "sentiment": "sentiment", "tone": "sentiment", "finbert": "sentiment",
    "news": "news", "news impact": "news", "headlines": "news",
    "forecast": "forecast", "forecasts": "forecast", "forecaster": "forecast", "tft": "forecast",
    "technicals": "technical", "technical": "technical", "technical analysis": "technical", "indicators": "technical",
    "regime": "regime", "regimes": "regime",
}  # fmt: skip
_SOURCE = rf"(?:the |your |any )?(?P<source>{'|'.join(sorted(map(re.escape, _NAMES), key=len, reverse=True))})(?: source| evidence| analysis| model| data)?"
_ALL = r"(?:(?:any of )?(?:the |your )?(?:sources|signals' sources|kinds of evidence|evidence sources|inputs))"
_HELP = r"(?:help|matter|work|add (?:anything|something|any value|value)|improve (?:anything|the signals?|your signals?|calls|the calls|your calls)|make (?:a|any) difference|count|do anything|earn its keep)"
_WEIGHT = r"(?:weight|weigh|importance)"
_TAIL = r"(?: at all| really| even| in (?:the|your) (?:signals?|calls|fusion)| for (?:the|your) (?:signals?|calls)| any)*[ ?!.]*$"
_ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?:so |and |but )?(?:does|do|did) {_SOURCE} (?:really |actually |even |ever )?{_HELP}{_TAIL}",
        rf"^(?:so |and |but )?is {_SOURCE} (?:any (?:good|use|help)|worth anything|useful|helpful|helping){_TAIL}",
        rf"^(?:how much|how) (?:do|does|are) (?:you |is )?{_WEIGHT} {_SOURCE}{_TAIL}",
        rf"^(?:how much|what) weight (?:do you give|do you put on|does|has|is on)(?: to)? {_SOURCE}(?: have| get| carry)?{_TAIL}",
        rf"^(?:which|what)(?: of (?:the|your))? (?:sources?|kinds? of evidence|evidence|inputs?) (?:really |actually )?(?:helps?|matters?|works?|counts?|add (?:anything|value)|adds (?:anything|value)){_TAIL}",
        rf"^(?:do|does) {_ALL} {_HELP}{_TAIL}",
        r"^(?:show(?: me)?|what are|list|tell me) (?:the |your )?(?:source |fusion |signal )?weights(?: of (?:the|your) sources| of (?:the|your) signals?)?[ ?!.]*$",
    )
)
_CHANGE = re.compile(
    r"\b(?:what|which|when|where|how)\b.*\b(?:change (?:your|its|the|that|this|my)? ?(?:mind|view|call|signal|opinion|recommendation|it|that|this)|flip|invalidat\w+|prove (?:you|it|this|that) wrong|turn (?:you )?(?:bullish|bearish))\b"
)


def read_sources(parsed: Parsed, line: str) -> bool:
    """Read a question about the worth of one source of evidence, or of all; True where it is one.

    A question that names a symbol is about that symbol's own news or forecast and is left alone.
    """
    if "symbols" in parsed.slots:
        return False
    found = next((match for pattern in _ASKS if (match := pattern.search(line)) is not None), None)
    if found is None:
        return False
    parsed.intent, parsed.sub = "signal_analysis", "compare_history"
    parsed.resolved["about"] = "sources"
    name = found.groupdict().get("source")
    if name is not None:
        parsed.resolved["source"] = _NAMES[name]
    parsed.why.append("asks what evidence is worth")
    return True


def read_change(parsed: Parsed, line: str) -> None:
    """Mark a question about a signal's reasons that asks what would change it."""
    if parsed.sub == "explain_signal" and _CHANGE.search(line):
        parsed.resolved["about"] = "change"
        parsed.why.append("asks what would change it")
