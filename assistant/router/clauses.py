# ruff: noqa: E501  (a pattern reads better whole)
"""Cutting a message into the things it asks for, in order.

Wherever a new request could begin there is a seam: a full stop, a comma, an "and", a verb of trade in the middle. A fitted
table over what stands on either side says whether one begins there; "buy 10 A and 20 B" is cut by rule.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.router.frames import BUY, CLOSE, SELL, SHORT, frame_of, strip_filler
from assistant.router.linear import Linear
from assistant.router.scan import SYMBOL
from assistant.router.tags import tagged

MOST_CLAUSES = 6
MOST_SEAMS = 24
"""No message of a person has more places where a request could begin; what lies behind them stays in one piece."""
_TOPIC_WORD = (
    r"(?:cash|balance|buying power|pnl|p and l|profit and loss|positions?|holdings|book|orders?|fills|performance|risk|exposure|news|headlines|forecast|sentiment|price|prices|quote|limits|"
    r"beta|var|theta|greeks|sharpe|win rate|volume|volatility|signals?|ideas|setups|regime|drawdown|portfolio|recommendations?|outlook|track record|chain|equity|account|concentration|margin|implied volatility|iv|iv rank|value at risk|win rate|dividends?|sectors?|sentiment|expected move|open interest)"
)
_TOPIC = re.compile(
    rf"^(?:(?:my|the|our|its|current|present|open|any|some|todays?|latest|working|trade|option|total|remaining|full|day's|daily|book|portfolio|account|market|implied|new|{SYMBOL}) )*(?:{SYMBOL} )?{_TOPIC_WORD}"
    rf"(?: (?:of|for|on|in|about|at) (?:my |the )?(?:{SYMBOL}|book|account|portfolio|it))?(?: (?:too|as well|after|afterwards|please|now|today|left|overall|remaining|right now|again|<\w+>))*[ ?.!]*$"
)
"""A noun phrase that asks to see what it names."""
_ORDER_VERB = rf"(?:{CLOSE}|{SHORT}|{BUY}|{SELL})"
SEAM = re.compile(
    r"\s*(?:"
    r"(?P<hard>[.;!?]+(?= |$)|\n)"
    r"|(?P<soft>(?:, )?\b(?:and then|and also|and after that|(?<=, )after that|after which|followed by|as well as|along with|together with|then|and|also|plus|but|n|while|separately|with)\b(?: also| then| please)?|[,:&+]|(?<= )-(?= ))"
    r"|(?P<none>(?<=[a-zA-Z0-9%] )(?=(?:buy|sell|short|close|cancel|dump|show|what|how|tell|give)\b))"
    r")\s*"
)
_ASKS_OR_TELLS = re.compile(
    rf"^(?:{_ORDER_VERB}|(?:show|tell|give|list|check|compare|explain|analy[sz]e|cancel|switch|go (?:live|to paper|virtual|paper)|what|how|why|where|when|which|who|is|are|am|do|does|did|has|have|was|were|will|should|would|could|can|"
    r"run|pull|remind|set|put|place|forecast|predict|sync|resync|halt|step|advance|stress|quote|let me (?:know|see)|see|display|update|refresh|kill|scratch|drop|withdraw|suppose|imagine|what if|if|any|anything|"
    r"write|open|close|trail|protect|define|describe|report|summari[sz]e|price|get|take|add|trim|reload|read|bring|limit|short|any)\b)"
)
_LIMB = re.compile(
    rf"^(?:and |with |at |a |my |the |your |set |put |for |just |only |no |not |on |to |day|good|gtc|stop|stop-loss|target|take-profit|limit|trail|market|order|expir\w+|strikes?|{SYMBOL}|<\w+>|\$?[\d.]+%?|shares?|contracts?|calls?|puts?|buy|sell|price|or better|otm|atm|delta|dte|please|thanks|max|tops?|half|all|of|it|in|one|each|leave|keep|that|this|working|open|till?|until|cancelled|order| )+[ ?.!]*$"
)
"""A piece of an order or of a list: prices, sizes, strikes, symbols, and nothing that makes a request."""
_MORE_SHARES = re.compile(
    rf"^(?:another |also )?(?:\d+|half|all|\d+%)(?: (?:shares|of|my|shares of))* {SYMBOL}(?: (?:at|limit|market|please|too)\b.*)?[ .!]*$"
)
_STATEMENT = re.compile(
    r"^(?:i|we|he|she|they|you|it|this|that|there|these|those|my|our|your|his|her|people|somebody|someone|everyone|everybody|nothing|no|not|never|because|since|as|so|sorry|forgive|thanks?|cheers|hi|hello|hey|morning|good|just|fyi)\b"
)

_WANTED = re.compile(
    r"^(?:i|we) (?:just |only |simply |really |also )*(?:wonder|want|need|would|am (?:curious|wondering|after|looking|interested|thinking)|wish|was wondering|am asking|fancy|could|do not (?:want|need) (?:that|the|this)|(?:bought|sold|got|shorted|covered|already|have)\b)"
)
_SHOWN = re.compile(
    r"^(?:(?:then|also|and|please|thereafter|afterwards) |, )*(?:(?:tell|show|give) (?:me|us)|let me (?:see|know)|check|list|report|what (?:is|are)|how (?:is|are)) (?=\S)"
)
_PAIRED = re.compile(r"\b(?:compare|between|difference|correlat\w+|versus|both|either)\b[^,]*$")
_NAMES_END = re.compile(rf"{SYMBOL}(?: 's)?$")
_NAMES_START = re.compile(rf"(?:the )?{SYMBOL}")
_LISTS = re.compile(r"\s*(?:and|n|&|,|\+|, and|versus|or)\s*")
_OPEN_CONDITION = re.compile(
    r"(?:and |so |ok |then |but |only )*(?:if|when|once|as soon as|unless|the moment|provided|in case|should(?= (?:\$\S+|it|price|the)\b))\b"
    r"(?!.*\?)"
)
_FROM = re.compile(r"\b(?:between|from)(?: \S+){1,3}$")
_IF_I = re.compile(r"(?:and |so |ok )*(?:if|were|had|should) (?:i|we)\b")
_ABOUT_IT = re.compile(
    r"(?:how (?:does|do|is) (?:it|they) (?:look|looking|shaping)|what is (?:its|the) (?:price|forecast|outlook|news|beta|volume|drawdown)|where is it (?:trading|at|going|headed)|should i (?:buy|sell|short|own|hold) it)\b"
)
_SUPPOSED = re.compile(
    r"\b(?:what if|if (?:i|we)|suppose|imagine|say (?:i|we)|hypothetically|were i to|assuming)\b.*\d|\b(?:what if|suppose|imagine|hypothetically)\b"
)
_RISK_OF_IT = re.compile(
    r"(?:and )?(?:what|how|where|would|does|do|show|effect|impact|tell)?\b(?! (?:is|are) my (?:limits|cash))[^.]*\b(?:risk|var|beta|concentration|concentrated|exposure|greeks|margin|diversified|drawdown|max loss|picture)\b"
)


def seams(line: str) -> list[re.Match[str]]:
    """Where a new request could begin."""
    found: list[re.Match[str]] = []
    for match in SEAM.finditer(line):
        after_another = bool(found) and match.start() <= found[-1].end()
        if line[: match.start()].strip() and line[match.end() :].strip(" ?.!,") and not after_another:
            found.append(match)
        if len(found) == MOST_SEAMS:
            break
    return found


def requests(piece: str) -> bool:
    """True where a piece makes a request of its own."""
    core = strip_filler(piece)
    if _TOPIC.match(core) or _MORE_SHARES.match(core):
        return True
    if re.match(r"(?:buy|sell|short|limit|any)\b", core) and _LIMB.match(core) and not re.search(rf"\d|{SYMBOL}", core):
        return False
    if _ASKS_OR_TELLS.match(core):
        return True
    if _STATEMENT.match(core):
        return bool(_WANTED.match(core))
    return not _LIMB.match(core) and len(core.split()) > 2


def seam_features(left: str, seam: str, right: str) -> list[str]:
    """The binary features of a seam between the piece before it and the piece after it."""
    before, after = tagged(strip_filler(left)).split(), tagged(strip_filler(right)).split()
    raw = tagged(right).split()
    mark = "".join(seam.split()) or "none"
    ours, theirs = frame_of(left), frame_of(right)
    shape = _shape(after, right)
    found = {
        f"mark:{mark}", f"shape:{shape}", f"mark+shape:{mark} {shape}", f"left shape:{_shape(before, left)}",
        f"shapes:{_shape(before, left)} {shape}", f"frames:{ours.kind} {ours.sub} {theirs.kind} {theirs.sub}",
        f"kinds:{ours.kind} {theirs.kind}", f"left symbol:{'$' in left}", f"right symbol:{bool(re.search(SYMBOL, right))}",
        f"symbols:{bool(re.search(SYMBOL, left))} {bool(re.search(SYMBOL, right))}",
        f"right words:{min(len(after), 9) // 2}", f"left words:{min(len(before), 12) // 3}",
    }  # fmt: skip
    for name, words in (("right", after), ("raw", raw)):
        found.update(f"{name}{size}:{' '.join(words[:size])}" for size in (1, 2, 3) if len(words) >= size)
    found.update(f"left{size}:{' '.join(before[:size])}" for size in (1, 2) if len(before) >= size)
    found.update(f"end{size}:{' '.join(before[-size:])}" for size in (1, 2) if len(before) >= size)
    found.update(f"in right:{word}" for word in after[:8])
    found.update((f"mark+right:{mark} {' '.join(after[:1])}", f"mark+raw:{mark} {' '.join(raw[:1])}"))
    found.add(f"pair:{' '.join(before[:1])} {' '.join(after[:1])}")
    return sorted(found)


def _shape(words: list[str], piece: str) -> str:
    core = strip_filler(piece)
    if not words:
        return "empty"
    if _MORE_SHARES.match(core):
        return "more shares"
    if _LIMB.match(core):
        return "limb"
    if _TOPIC.match(core):
        return "topic"
    if _ASKS_OR_TELLS.match(core):
        return "asks or tells"
    if _STATEMENT.match(core):
        return "wanted" if _WANTED.match(core) else "statement"
    return "other"


def _by_rule(left: str, seam: str, right: str) -> bool | None:
    """Whether a request begins, where a rule knows; None leaves it to the table."""
    more = _MORE_SHARES.match(right)
    if _NAMES_END.search(left) and _NAMES_START.match(right) and _LISTS.fullmatch(seam) and not more:
        return False  # a list of symbols
    if _FROM.search(left) or (_IF_I.match(left) and seam.strip() in ("", ",")):
        return False  # "between january and march", "if i sell all of it what is my cash"
    core = strip_filler(right)
    if _OPEN_CONDITION.match(left) and not frame_of(left).sub:
        return False  # "if it breaks 180, ..."
    if _SUPPOSED.search(left) and _RISK_OF_IT.match(core):
        return False  # "what if i bought 20, how is my beta"
    if _ABOUT_IT.match(core) and re.search(SYMBOL, left):
        return True  # "what is it at and how does it look"
    shown = _SHOWN.sub("", core)
    if _TOPIC.match(shown) and (_TOPIC.match(_SHOWN.sub("", strip_filler(left))) or (shown != core and requests(left))):
        return not _PAIRED.search(left)  # "price and news", "... and tell me my cash"
    return True if more and re.search(rf"{_ORDER_VERB}\b.*{SYMBOL}", left) else None


class Cutter:
    """Cuts canonical lines at the seams where a new request begins."""

    def __init__(self, table: Linear) -> None:
        self._table = table

    def cut(self, line: str) -> list[str]:
        """The clauses of a canonical line; a question keeps its mark at the end as ` ?`."""
        found = seams(line)
        pieces: list[str] = []
        start = 0
        for number, match in enumerate(found):
            until = found[number + 1].start() if number + 1 < len(found) else len(line)
            left, right = line[start : match.start()].strip(), line[match.end() : until].strip()
            if left and right and self._begins(left, match[0], right):
                pieces.append(left + (" ?" if "?" in match[0] else ""))
                start = match.end()
        pieces.append(line[start:].strip())
        return _carried([p for p in pieces if p.strip(" ,?.!&+:;")])[:MOST_CLAUSES]

    def _begins(self, left: str, seam: str, right: str) -> bool:
        ruled = _by_rule(left, seam, right)
        if ruled is not None:
            return ruled
        return self._table.choose(seam_features(left, seam, right)).name == "yes"


def _carried(pieces: list[str]) -> list[str]:
    """ "buy 10 A and 20 B" gives the second its verb."""
    out: list[str] = []
    for piece in pieces:
        if out and _MORE_SHARES.match(piece):
            verb = re.search(rf"\b({_ORDER_VERB})\b", out[-1])
            piece = f"{verb[1]} {piece}" if verb else piece
        out.append(piece)
    return out


@cache
def shipped() -> Cutter:
    """The cutter that ships with the router."""
    return Cutter(Linear.shipped("seams"))


def clauses_of(line: str) -> list[str]:
    """The clauses of a canonical line."""
    return shipped().cut(line)
