# ruff: noqa: E501  (a pattern reads better whole)
"""How a clause is meant: an order, a hypothetical, advice wanted, a refusal to trade, a report. Only an order may order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.router.scan import SYMBOL

FILLER = re.compile(
    r"^(?:(?:please|kindly|ok(?:ay)?|so|hey|hi|hello|yo|(?:good )?(?:morning|afternoon|evening)(?= ,| \w+ )|then|also|and|now|just|well|alright|all right|right|great|cool|yes|yeah|yep|sure|fine|oh|um|uh|"
    r"deskmate|buddy|go ahead(?: and)?|(?:can|could|would|will) (?:you|we)(?: please)?|would you mind|you can|you may|i want (?:you )?to|i would like (?:you )?to|i would like|"
    r"i want|i need (?:you )?to|i need|let us|let me|i will|i am going to|i am gonna|time to|we should|help me(?: to)?|i would love to|"
    r"try (?:to|and)|prepare (?:an order to|a ticket to|to)|place (?:an |a )?(?:order|trade) (?:to|for)|put in (?:an |a )?(?:order|bid) (?:to|for)|set up (?:an )?order to|"
    r"enter (?:an )?order to|make (?:me )?(?:a|an)|ready to|i have to|maybe|,|\.|plus|but|instead|actually|next|first|after that|for me|today) ?)+"
)
_QTY = rf"(?:\d|half|all\b|everything|some\b|more\b|the rest|another|a (?:few|couple|bit|third|quarter)|<oddnum>|-\d|\$\d|nan\b|inf|{SYMBOL}|<odd>|it\b|that\b|them\b|these\b|those\b|this\b|the\b|my\b|our\b|shares?\b|stock\b|calls?\b|puts?\b|an? )"
BUY = rf"(?:buy(?! or\b)|buying(?! power)|purchase|acquire|accumulate|go long|long|nab|(?:need|want)(?= \d)|give me(?= \d+ (?:shares|\$))|scoop up|scoop|load up on|load up|snag|pick up|snap up|bid(?= (?:for |\$?\d))|grab(?= (?:me )?{_QTY})|invest|deploy|get(?= (?:me |us )?(?:\$?\d|some|more|another|a (?:few|couple)|{SYMBOL} ?$|long|into))|add(?= (?:me )?(?:{_QTY}|to))|take(?= (?:\d|a position|some(?! profit| off)))|put(?= (?:about |around )?\$?[\d.]+%? ?(?:dollars|bucks|percent)? ?(?:worth |of .*)?(?:in|into|on|to work)\b))"
SELL = r"(?:sell|selling|dump|unload|offload|trim|reduce(?! (?:my |the )?risk)|lighten(?: up)?(?: on)?|ditch|take (?:some )?profits? (?:on|in)|take some off|scale out of|cut(?= (?:my |\d|half|back))|shed|let go of|let(?= \d+ .*\bgo\b)|dispose of|part with|get shot of)"
SHORT = r"(?:short(?: sell)?|sell short|go short|shorting|bet against|open a short)"
CLOSE = rf"(?:close(?: out)?(?= (?:of |out )?(?:\d|half|all\b|everything|the\b|my\b|our\b|it\b|that\b|them\b|{SYMBOL}|position|<odd>|out))|exit|liquidate|flatten|out of(?= (?:my )?{SYMBOL})|get (?:me )?out(?: of)?|get rid of|cover|buy back|buy to cover|unwind|square off|square up|bail(?: out)?(?: of| on)?|cash out(?: of)?|sell out of|sell off|sell to close|drop(?= (?:my|all my) {SYMBOL}))"
_PARTS = re.compile(r"\s+[.;:,-]+\s+")
_STARTS = (("close_position", CLOSE), ("short", SHORT), ("buy", BUY), ("sell", SELL))
_INNER = rf"(?:^|[ ,])(?P<v>{{}})(?= (?:me |us |about |around |roughly |another |up to |only |just |like |at least )*(?:{_QTY}))"
HYPOTHETICAL = re.compile(
    r"\bwhat if\b|\bif (?:i|we) (?:\w+ ){0,2}?(?:buy|bought|sell|sold|add|added|short|shorted|get|got|put|close|closed|go|went|take|took|hold|held|trim|double|doubled|invest|invested|pick|grab|own|owned|were to|had|do|did|keep|dump|exit|cover|move)\b|\bwere i to\b|\bsuppos\w*|\bsay (?:i|we)\b|\bimagine\b|\bhypothetical\w*|\bassum(?:e|ing) (?:i|we)\b|\bwhat (?:would|will|does|do) .*\b(?:do to|mean for|happen|look like|cost)\b|"
    r"\bwhat happens (?:if|to|when)\b|\bcan i afford\b|\b(?:can|could|may) i (?:still |safely |even )?(?:buy|sell|short|add|get(?= (?:\$?\d|some|more|another|into))|hold|take(?= (?:\d|some|more|on))|purchase|go|put|trade|close)\b|\bam i allowed\b|\b(?:impact|effect) (?:of|on|if)\b|\bbefore i\b|\bwould (?:it|that|this|buying|selling|adding|\d+)\b|"
    r"\bthinking (?:of|about)\b|\bconsidering\b|\btempted\b|\bhow (?:much )?(?:risk|would|does|do|will)\b.*\b(?:buy|buying|add|adding|sell|selling|short|shorting|bought|added|sold)\b|\bwith \d+ more\b|\b(?:i )?(?:bought|sold|added|shorted)\b.*\bwhat would\b|\b(?:risk|cost|impact|effect|margin|exposure) (?:of|if|from|with|for) (?:\w+ )?(?:buying|selling|adding|shorting|holding|owning|trimming|closing)\b|\bdo i have (?:enough|the cash|room)\b|\bis there room\b|\bwhat would\b|\bhow would\b|\bwould i\b|\bshow me what\b.*\bwould\b|\bsimulate\b|\bpretend\b|\bwhat-if\b"
)
ADVICE = re.compile(
    rf"\bshould (?:i|we)\b|\bis (?:it|now|this|that)(?: still| really)? (?:a |an |the )?(?:\w+ )?(?:time|worth|smart|wise|idea|moment|buy|sell|short|safe)\b|\bworth (?:buying|selling|shorting|it|a)\b|\bwould you\b(?! (?:please|mind|kindly)) ?(?:buy|sell|short|own|hold)?(?!.*\b(?:for me|me|my|please)\b)|\bbuy or sell\b|\bdo you (?:like|think|recommend|believe)\b|\bwhat do you think\b|\b(?:is|are) {SYMBOL} (?:still )?(?:a|an) \w*\s?(?:buy|sell|short|hold)|\bgood (?:time|idea|entry|buy)\b|\bwhat (?:should|could|can|would) (?:i|we|you)\b|\bany (?:reason|point)\b|\bsell or hold\b|\bhold or sell\b"
)
NEGATED = re.compile(
    r"\b(?:do not|never|not going to|will not|would not|should not|can not|not to|no need to|without|rather than|instead of|not|stop(?= (?:buying|selling|shorting|trading|ordering|placing|adding))|avoid|hold off(?: on)?|refrain from|am not|no longer want to|no more|wait before|against)"
    r"(?: (?!show\b|tell\b|just\b|give\b|care\b|know\b|understand\b)[a-z']+){0,5}? (?:buy|buying|sell|selling|short|shorting|trade|trading|purchase|order|ordering|place|placing|execute|send|do anything|close|closing|dump|add|adding|get|do it|submit)\b"
)
REPORTED = re.compile(
    r"(?:^|[ ,])i (?:have |just |already |also |had )*(?:bought|sold|shorted|covered|closed|purchased|picked up|added|traded|got filled|exited|dumped|grabbed)\b(?!.*\?$)|\b(?:manually|by hand|elsewhere|at my other broker|on my phone|in tws|at (?:schwab|fidelity|robinhood|ibkr|etrade|my broker)|on (?:robinhood|schwab|fidelity|etrade|another platform))\b.*\b(?:bought|sold|shorted|traded|closed)\b|\b(?:bought|sold|shorted|traded|closed)\b.*\b(?:manually|by hand|elsewhere|at my other broker|on my phone|in tws|at (?:schwab|fidelity|robinhood|ibkr|etrade|my broker)|on (?:robinhood|schwab|fidelity|etrade|another platform))\b"
)
THIRD_PARTY = re.compile(
    r"\b(?:he|she|they|cramer|buffett|my (?:friend|wife|husband|brother|boss|dad|father|mom|mother|uncle|broker|advisor|neighbou?r|colleague|buddy|son|daughter)|everyone|everybody|people|analysts?|reddit|twitter|the (?:news|article|internet|guy|street|user|system|email)|somebody|someone|insiders?|goldman|hedge funds?|congress|pelosi|the ceo|it says|this says)"
    r"(?: \w+){0,4} (?:says?|said|tells?|told|recommends?|recommended|thinks?|bought|buys|sold|sells|is buying|are buying|is selling|are selling|wants?|keeps? saying|suggests?|buying|selling|shorting)\b|\brated? (?:a )?(?:buy|sell)\b|\b(?:buy|sell) rating\b|^system ?:|\btool result\b|\balready confirmed\b"
)
QUESTION = re.compile(
    r"^(?:and |but |so |ok |,|hey )*(?:what|which|why|how|when(?= (?:is|are|does|did|do|will|was|were|should|can|would|i)\b)|where|who|is|are|does|did|do(?! (?:a|an|the|\d+|it|that|this|some|me)\b)|am|has|have|was|were|should(?! (?:\$\S+|it|price|the (?:price|stock|share)) (?:ever )?(?:break|drop|fall|hit|trade|go|get|cross|close|reach|touch|dip|rise|come|run|slip|climb|pop))|any|can i|could i|may i|do i|(?:would|will)(?! you (?:please |mind )?(?:buy|sell|short|get me|close)))\b"
)
_HOW_TO = re.compile(
    r"^(?:so |and |ok |hey |,)*how (?:do|can|would|should|to) (?:i |you |we |one )?(?:place|buy|sell|short|cancel|trade|set|enter|open|close|use)\b(?! (?:look|much))"
)
_DISPLAY = re.compile(
    r"(?:pull (?:up|out)|bring up|look up|find|fetch|read(?: out| me| off)?|lay out|print|show|tell|give|list|explain|compare|check|display|run|analy[sz]e|see|calculate|estimate|walk|stress|forecast|let me know|look|remind|alert|notify|warn|ping|wake)\b"
)
_BARE_ORDER = re.compile(rf"\d+ (?:more )?(?:shares? )?(?:of )?(?:{SYMBOL}|shares?\b)(?! (?:day|week|month|year))")
_JUDGED = re.compile(
    r"\b(?:smart|wise|worth(?:while)?|good (?:idea|time|move)|bad (?:idea|time|move)|crazy|stupid|dumb|foolish|sensible)\b"
)
_NOUN_ORDER = re.compile(
    rf"(?:\b(?:limit|market|stop|stop limit|trailing)(?: order)? (?:to )?(?P<a>buy|sell|short)\b)|(?:\b(?P<b>buy|sell|short) (?:limit|market|stop|order)\b)|{SYMBOL} (?P<c>buy|sell|short) \d|(?:^|[ ,])(?P<d>buy|sell|short)(?:$| *[.,!]?$)|(?:\d+ {SYMBOL}|\d+ shares(?: of {SYMBOL})?|{SYMBOL})(?: ,)? (?P<e>buy|sell|short)\b"
)


@dataclass(frozen=True)
class Frame:
    """How the clause is meant, and which trade its verb names ("" where it names none)."""

    kind: str
    """order | hypothetical | advice | negated | reported | third_party | plain"""
    sub: str = ""
    """buy | sell | short | close_position"""
    verb: str = ""


def strip_filler(line: str) -> str:
    """The line without the polite words in front; a line of nothing else stays."""
    stripped = FILLER.sub("", line, count=1).strip()
    return stripped or line


def _verb(line: str, *, anywhere: bool) -> tuple[str, str]:
    core = strip_filler(line)
    for part in _PARTS.split(core) if anywhere else (core,):
        start = strip_filler(part)
        for sub, pattern in _STARTS:
            match = re.match(rf"(?P<v>{pattern})\b", start)
            if match is not None:
                return sub, match["v"]
    match = _NOUN_ORDER.search(core)
    if match is not None:
        side = next(v for v in match.groups() if v)
        return side, side
    if anywhere:
        for sub, pattern in _STARTS:
            match = re.search(_INNER.format(pattern), core)
            if match is not None:
                return sub, match["v"]
    return "", ""


def frame_of(line: str) -> Frame:
    """Read how `line` is meant. Order is the last thing it may be: every doubt comes first."""
    if _HOW_TO.search(line):
        return Frame("plain")
    supposed = HYPOTHETICAL.search(line)
    if supposed is None and REPORTED.search(line):
        return Frame("reported", *_verb(line, anywhere=True))
    if THIRD_PARTY.search(line):
        return Frame("third_party")
    negated = NEGATED.search(line)
    if negated is not None:
        return Frame("negated", *_verb(line[negated.start() :].split(" ", 1)[-1], anywhere=True))
    sub, verb = _verb(line, anywhere=True)
    if supposed is not None and not _JUDGED.search(line):
        return Frame("hypothetical", sub, verb)
    if supposed is not None or ADVICE.search(line):
        return Frame("advice", sub, verb)
    if QUESTION.search(strip_filler(line)) or QUESTION.search(line):
        return Frame("plain")
    if _DISPLAY.match(strip_filler(line)) and not re.match(r"give me \d", strip_filler(line)):
        return Frame(
            "hypothetical" if sub and verb.endswith("ing") else "plain", sub if verb.endswith("ing") else "", verb
        )
    if not sub and (bare := _BARE_ORDER.match(strip_filler(line))) is not None:
        wanted = re.search(r"\b(?:want|need|like|love|make me)\b", line[: line.find(bare[0])])
        return Frame("order", "buy" if wanted else "unsided", "i want" if wanted else "")
    return Frame("order" if sub else "plain", sub, verb)


_MACHINE = re.compile(
    r"[{}\[\]<>|=`\\\"“”]|\b(?:system|assistant|user|tool|role|function) ?(?:output|call|result)? ?:|^(?:#|/ /|//)"
)
_TAKEN_BACK = re.compile(
    r"(?:\b(?:not|no|kidding|joking|jk|lol|scratch that|forget it|never ?mind|nvm|do not|just kidding|by (?:accident|mistake)|was a (?:joke|test)|wrong window|only a test|do nothing|yes or no|thoughts|or not|am i crazy|which is better|who wins|is that right|right \?)[ .!?,;)]*)$"
)
_TOLD = re.compile(
    rf"{SYMBOL}(?: 's)? to (?:buy|sell|close|acquire|cut|short)\b|\b(?:headline|news|email|subject|tweet|button|manual|diary|poem|german|spanish|french|spell|translate|summari[sz]e|rot13|base64|decode|speaker|newsletter|rumou?r|insiders?|cramer|buffett|alexa|siri)\b"
    r"|^(?:[a-z' ]{2,30}) : (?!\$)|\b(?:test(?:ing)?|ignore (?:this|that)|disregard|spam|hypothetical|thought experiment|for the sake of|backtest|dream|wish(?! to)|someday|one day|part of me|maybe|perhaps|might|torn|regret|nearly|almost|used to|could have|should have|would have|thanks for|order history|status of|watchlist)\b"
    r"|\b(?:refuse|forbid|avoid|skip|no need|no circumstances|no reason|no sense|ain't|aint|not yet|rather die|no (?:buying|selling|shorting|trading)|instead of|other than|rather than|enough with)\b"
)
"""Words beside an order that make it something told, tried, wished, quoted or refused."""
_ORDER_COLON = re.compile(
    r"^(?:(?:ok|okay|please|new|next|my|the|an?|first|then|here is|one|market|limit|stop|order|trade|ticket|instruction|entry|swing|scalp|today|do this|go|so|also|bracket|buy|sell|short|exit|close|hedge|open|and) ?)+ : "
)


def talks(line: str) -> bool:
    """True where the words of an order order nothing: machine text, a quotation, a headline, a wish, something taken back."""
    if _MACHINE.search(re.sub(r"<odd(?:num)?>", "", line)) or _TAKEN_BACK.search(line):
        return True
    return bool(_TOLD.search(_ORDER_COLON.sub("", line)))


def asks(line: str) -> bool:
    """True where a clause asks or wants to be shown something: whatever it names, it orders nothing."""
    core = strip_filler(line)
    if QUESTION.search(core) or QUESTION.search(line) or _HOW_TO.search(line):
        return True
    return bool(_DISPLAY.match(core)) and not re.match(r"give me \d", core)
