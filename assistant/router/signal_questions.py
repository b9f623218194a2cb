# ruff: noqa: E501  (a pattern reads better whole)
"""Questions about signals that no slot holds: what a source is worth, how the shown calls did, what would change one."""

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

_CALLS = r"(?:calls?|signals?|ideas?|picks?|tips?|recommendations?)"
_TO_ME = r"(?:(?:that |which )?you(?:'ve| have)? (?:showed|shown|gave|given) (?:to )?me|(?:that |which )?(?:(?:were|was|have been) )?(?:shown|given) to me|(?:that )?(?:i|we) (?:was|were|have been) (?:shown|given))"
_SHOWN = rf"(?:(?:all |any |each )?(?:of )?(?:the |those |these |my )?(?:last |latest )?(?:{_CALLS} {_TO_ME}|shown {_CALLS}))"
_YOURS = rf"(?:{_SHOWN}|(?:all (?:of )?|any of )?your {_CALLS})"
_WELL = r"(?:right|wrong|correct|accurate|any good|good|worth anything|true)"
_WENT = r"(?:done|do|doing|fared?|faring|gone|go|going|performed|perform|(?:come|came) true|(?:turn|work|pan)(?:ed|ing)?(?: out)?|h[oe]ld up|been)"
_LEAD = r"^(?:(?:so|and|but|ok|well|then|now) )*"
_SO_FAR = r"(?: so far| in the end| then| yet| at all| really| until now| to date| after all)*[ ?!.]*$"
_JUDGES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_LEAD}how (?:well )?(?:have|did|are) {_YOURS} {_WENT}{_SO_FAR}",
        rf"{_LEAD}how (?:good|accurate|right|reliable) (?:have|are|were|was) {_SHOWN}(?: been)?{_SO_FAR}",
        rf"{_LEAD}(?:have|were|was) {_YOURS} (?:been )?{_WELL}{_SO_FAR}",
        rf"{_LEAD}(?:have|did) {_YOURS} (?:ever )?{_WENT}{_SO_FAR}",
        rf"{_LEAD}(?:which|how many|any|what) of {_YOURS} (?:have |were |was )?(?:{_WENT}|{_WELL}|failed|resolved){_SO_FAR}",
        rf"{_LEAD}what (?:became|has become|came|has come) of {_YOURS}{_SO_FAR}",
        rf"{_LEAD}(?:what (?:is|was) |show me |show |tell me |list )?(?:the )?(?:record|score|result|outcome|hit rate)s? of {_SHOWN}{_SO_FAR}",
        rf"{_LEAD}(?:how (?:often )?)?(?:were|have) you (?:ever )?(?:been )?(?:right|wrong|correct){_SO_FAR}",
    )
)
_SHOWN_TO_ME = re.compile(_SHOWN)


def read_sources(parsed: Parsed, line: str) -> bool:
    """Read a question about the worth of evidence, or how the calls shown to the person did; True where it is either.

    A question that names a symbol is about that symbol's own news, forecast or calls and is left alone.
    """
    if "symbols" in parsed.slots:
        return False
    if any(pattern.search(line) for pattern in _JUDGES):
        parsed.intent, parsed.sub = "signal_analysis", "compare_history"
        _of_the_shown(parsed)
        return True
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


def _of_the_shown(parsed: Parsed) -> None:
    parsed.resolved["about"] = "shown"
    parsed.why.append("asks how the shown calls did")


def read_change(parsed: Parsed, line: str) -> None:
    """Mark a question about a signal's reasons that asks what would change it, and one about the shown calls' record."""
    if parsed.sub == "compare_history" and "symbols" not in parsed.slots and _SHOWN_TO_ME.search(line):
        _of_the_shown(parsed)
    if parsed.sub == "explain_signal" and _CHANGE.search(line):
        parsed.resolved["about"] = "change"
        parsed.why.append("asks what would change it")
