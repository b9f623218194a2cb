# ruff: noqa: E501  (a pattern reads better whole)
"""What "it", "that one", "the second" and "the same period" stand for, written into the line.

A sentence with the symbol in place of the pronoun reads like any sentence that opens a conversation. It is written in only
where the grammar leaves no doubt: "make it 50", "cancel it" or "is it a bull market" speak of no symbol.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.router.canon import Canon
from assistant.router.scan import SYMBOL
from assistant.router.values import Context

_PLACES = {
    "first": 0, "1st": 0, "former": 0, "top": 0, "1": 0, "second": 1, "2nd": 1, "latter": 1, "other": 1, "2": 1,
    "third": 2, "3rd": 2, "3": 2, "fourth": 3, "4th": 3, "4": 3, "fifth": 4, "5th": 4, "5": 4,
}  # fmt: skip
_NOUN = r"(?:one|1|signal|idea|pick|name|stock|symbol|company|ticker)"
_ORDINAL = re.compile(
    rf"\b(?:the (?P<a>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th|former|latter)(?: {_NOUN})?|(?:the )?number (?P<b>[1-5])|the (?P<c>last|top|other) {_NOUN})\b"
    r"(?! (?:quarter|half|week|month|day|year|price|trade|time))"
)
_BOTH = re.compile(r"\b(?:both|the (?:two|2)(?: of them)?)\b(?! (?:weeks|days|months|years))")
_ALL = re.compile(r"\b(?:them all|all of (?:them|these)|these|those)\b")
_IT = r"(?:it|that one|this one|that stock|this stock|that name|this name|the stock|the shares)"
_AFTER_VERB = (
    r"(?:look(?:ing)?|trad(?:e|ing)|do(?:ing|ne)?(?! to\b)|been|have|ha[ds]|close[ds]?|closing|open(?:ed)?|go(?:ne|ing)?|move[ds]?|moving|fall(?:en|ing)?|drop(?:ped|ping)?|ris(?:e|en|ing)|gain(?:ed)?|lose|lost"
    r"|perform(?:ed|ing)?|compare[ds]?|cost|at|up|down|overvalued|undervalued|expensive|cheap|hit|reach(?:ed)?|far(?:e|ed|ing)|react(?:ed)?|hold(?:ing)? up|held up|swing|swung|pay|report|finish(?:ed)?|end(?:ed)?|start(?:ed)?|return(?:ed)?|sell(?:ing)? for|go(?:ing)? for|still a (?:buy|hold|sell)|a (?:buy|hold|sell))"
)
_OBJECT = (
    (rf"\b(?P<v>of|about|with|from|against|than|versus) (?:{_IT}|them)\b(?! all)", r"\g<v> {}"),
    (rf"\b(?P<v>on|in|for|at|to|into) {_IT}\b(?! (?:goes|comes|gets|falls|drops|rises|is|all)\b)", r"\g<v> {}"),
    (rf"\b(?P<v>buy|buying|sell|selling|short|shorting|cover|dump|trade|trading|own|hold|holding|like|close|exit|trim|analy[sz]e|check|quote|owning|drives|driving|behind|moves|moving|holding up) {_IT}\b", r"\g<v> {}"),
    (rf"\b(?P<v>is|was|has|had|did|does|will|would|can|could|should|is not|has not) (?:{_IT}) (?P<w>(?:\w+ly |still |currently |now |just )?{_AFTER_VERB})\b", r"\g<v> {} \g<w>"),
    (r"\b(?P<v>(?:own|have|hold|holding|got)) any\b(?= *(?:of (?:it|them|that)|already|yet|now|left|myself|at all|$|[?.,]))(?: of (?:it|them|that))?", r"\g<v> any {}"),
    (rf"^(?P<v>(?:and |so |ok |, )*(?:what|how) about) {_IT}(?= *[?.!]*$)", r"\g<v> {}"),
    (r"\bits (?!(?:been|a|an|the|not|too|own|fine|ok|okay|time|just|worth)\b)(?P<v>\w)", r"{} \g<v>"),
)  # fmt: skip
"""Where a pronoun speaks of a share, and what stands there with its symbol."""
_WHOLE_LINE_NOT = re.compile(r"\b(?:order|ticket|market)\b")
_SAME_TIME = re.compile(
    r"(?:\b(?:in|over|during|for|across|through|within) )?(?:\b(?:the|that|this) )?\b(?:very |exact )?same (?:period|window|timeframe|time frame|span|dates|stretch)\b|\b(?:in|over|during|for|across|through|within) (?:the |that |this |those )?(?:(?:very |exact )?same (?:period|window|time|stretch|timeframe|time frame|span|dates|days|weeks|months)|(?:period|window|stretch|timeframe|time frame|span|time)(?= *[?.!]*$))"
)


def pointed(canon: Canon, context: Context) -> Canon:
    """The line with symbols and windows in the place of the words that point at them."""
    line = canon.line
    if context.window and _SAME_TIME.search(line):
        line = _SAME_TIME.sub(f"over {context.window}", line, count=1)
    if canon.odd or canon.symbols:
        return replace(canon, line=line)
    ordinal = _ORDINAL.search(line)
    named = _ordinal(ordinal, context) if ordinal is not None else ""
    if ordinal is not None and named:
        line = f"{line[: ordinal.start()]}${named}{line[ordinal.end() :]}"
    elif len(context.symbols) == 1 and not (_BOTH.search(line) and len(context.spoken) > 1):
        line = with_symbol(line, context.symbols[0])
    symbols = list(dict.fromkeys(re.findall(r"\$([A-Z][A-Z0-9.\-]*)", line)))
    why = [f"{', '.join(symbols)} pointed at", *canon.why] if symbols else canon.why
    return replace(canon, line=line, symbols=symbols, why=why)


def with_symbol(line: str, symbol: str) -> str:
    """The line with the symbol written where a pronoun speaks of a share."""
    for pattern, written in _OBJECT:
        changed = re.sub(pattern, written.format(f"${symbol}"), line, count=1)
        if changed != line:
            return changed
    return line


def _ordinal(match: re.Match[str], context: Context) -> str:
    listed = context.listed or context.symbols
    word = match["a"] or match["b"] or match["c"]
    at = len(listed) - 1 if word == "last" else _PLACES[word]
    if word == "other" and len(listed) == 2:
        return next((symbol for symbol in listed if symbol not in context.symbols), listed[1])
    return listed[at] if 0 <= at < len(listed) else ""


def referred(line: str, context: Context) -> tuple[str, ...]:
    """The symbols that "the second", "both", "them" stand for."""
    listed = context.listed or context.symbols
    ordinal = _ORDINAL.search(line)
    if ordinal is not None and listed:
        found = _ordinal(ordinal, context)
        return (found,) if found else ()
    if _BOTH.search(line):
        return _two(context)
    if _ALL.search(line):
        return tuple(listed)
    if re.search(r"\b(?:them|they)\b", line) and len(context.symbols) > 1:
        return context.symbols
    return ()


def _two(context: Context) -> tuple[str, ...]:
    """The two of "both": of a list last shown, else the two last spoken of one after the other."""
    latest = context.spoken[-2:]
    listed = context.listed or context.symbols
    return listed[:2] if len(listed) > 1 and set(latest) <= set(listed) else latest


def symbols_on(line: str) -> list[str]:
    """The symbols a canonical line names, in order."""
    return list(dict.fromkeys(found.removeprefix("$") for found in re.findall(SYMBOL, line)))


def completed(line: str, context: Context) -> str:
    """An elliptical "what if i bought 40" with the symbol that was spoken of."""
    if len(context.symbols) != 1 or symbols_on(line):
        return line
    return _SUPPOSED.sub(rf"\g<0> of ${context.symbols[0]}", line, count=1)


_SUPPOSED = re.compile(
    r"\b(?:if i|if we|what about|would|suppose i|say i|were i to) (?:were to |would |were |only |just )?(?:buy|bought|buying|sell|sold|selling|add|added|adding|short|shorted|shorting|trim|trimmed|got|took|picked up) (?:another |about |only |just )?\d+(?: (?:more|shares))*(?![\d%$]| (?:of|%|percent|calls?|puts?|contracts?))"
)
