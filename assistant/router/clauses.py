# ruff: noqa: E501  (a pattern reads better whole)
"""Cutting a message into the things it asks for, in order.

A message is cut wherever a new request *could* begin, and put together again wherever a piece makes no request of its own:
a remark before or after it, one more slot of the same order, one more symbol of the same question.
"""

from __future__ import annotations

import re

from assistant.router.frames import BUY, CLOSE, FILLER, NEGATED, SELL, SHORT, strip_filler
from assistant.router.scan import SYMBOL

MOST_CLAUSES = 6

_HARD = re.compile(r"\s*(?:[.;!?:]+(?= |$)|\band then\b|\bthen\b(?! (?:live|i))|\bafter (?:that|which)\b|\bfollowed by\b|\bseparately\b|\n| - )\s*")
_SOFT = re.compile(r"\s*(?:, (?:and|plus|but|also|n)\b|,|\band also\b|\b(?:as well as|along with|together with)\b|\b(?:and|also|plus|but|n)\b|&|\+)\s*")
_TOPIC_WORD = (
    r"(?:cash|balance|buying power|pnl|p and l|profit and loss|positions?|holdings|book|orders?|fills|performance|risk|exposure|news|headlines|forecast|sentiment|price|prices|quote|limits|"
    r"beta|var|theta|greeks|sharpe|win rate|volume|volatility|signals?|ideas|setups|regime|drawdown|portfolio|recommendations?|outlook|track record|chain|equity|account|concentration|margin|implied volatility|iv|iv rank)"
)
_TOPIC = re.compile(
    rf"^(?:(?:my|the|our|its|current|open|any|some|todays?|latest|working|trade|option|total|remaining|full|day's|daily|{SYMBOL}) )*(?:{SYMBOL} )?{_TOPIC_WORD}"
    rf"(?: (?:of|for|on|in|about|at) (?:my |the )?(?:{SYMBOL}|book|account|portfolio|it))?(?: (?:too|as well|after|afterwards|please|now|today|left|overall|remaining|right now|again|<\w+>))*[ ?.!]*$"
)
"""A noun phrase that asks to see what it names."""
_ORDER_VERB = rf"(?:{CLOSE}|{SHORT}|{BUY}|{SELL})"
_ASKS_OR_TELLS = re.compile(
    rf"^(?:{_ORDER_VERB}|(?:show|tell|give|list|check|compare|explain|analy[sz]e|cancel|switch|go (?:live|to paper|virtual|paper)|what|how|why|where|when|which|who|is|are|am|do|does|did|has|have|was|were|will|should|would|could|can|"
    r"run|pull|remind|set|put|place|forecast|predict|sync|resync|halt|step|advance|stress|quote|let me (?:know|see)|see|display|update|refresh|kill|scratch|drop|withdraw|suppose|imagine|what if|if|any|anything|"
    r"write|open|close|trail|protect|define|describe|report|summari[sz]e|price|get|take|add|trim|reload|read|bring|limit|short|any)\b)"
)
_LIMB = re.compile(
    rf"^(?:and |with |at |a |my |the |your |set |put |for |just |only |no |not |on |to |day|good|gtc|stop|stop-loss|target|take-profit|limit|trail|market|order|expir\w+|strikes?|{SYMBOL}|<\w+>|\$?[\d.]+%?|shares?|contracts?|calls?|puts?|buy|sell|price|or better|otm|atm|delta|dte|please|thanks|max|tops?|half|all|of|it|in|one|each| )+[ ?.!]*$"
)
"""A piece of an order or of a list: prices, sizes, strikes, symbols, and nothing that makes a request."""
_BARE_SYMBOLS = re.compile(rf"^(?:{SYMBOL}|and|or|,|the|in|on|of|for|now|today|please|too|as well| )+[ ?.!]*$")
_MORE_SHARES = re.compile(rf"^(?:another |also )?(?:\d+|half|all|\d+%)(?: (?:shares|of|my|shares of))* {SYMBOL}[ .!]*$")
_STATEMENT = re.compile(
    r"^(?:i|we|he|she|they|you|it|this|that|there|these|those|my|our|your|his|her|people|somebody|someone|everyone|everybody|nothing|no|not|never|because|since|as|so|sorry|forgive|thanks?|cheers|hi|hello|hey|morning|good|just|fyi|<\w+>)\b"
)
_WANTED = re.compile(
    r"^(?:i|we) (?:just |only |simply |really |also )*(?:wonder|want|need|would|am (?:curious|wondering|after|looking|interested|thinking)|wish|was wondering|am asking|fancy|could|do not (?:want|need) (?:that|the|this)|(?:bought|sold|got|shorted|covered|already|have)\b)"
)
_OPEN_IF = re.compile(r"^(?:and |so |ok |then )*(?:if|when|once|as soon as|unless|should|suppose|say|assuming|imagine|in case|were)\b[^,]*$")
_PAIRED = re.compile(r"\b(?:compare|between|difference|correlat\w+|versus|both|either)\b[^,]*$")


def clauses_of(line: str) -> list[str]:
    """The clauses of a canonical line; a question keeps its mark at the end as ` ?`."""
    pieces: list[str] = []
    at = 0
    for match in _HARD.finditer(line):
        part = line[at : match.start()].strip()
        if part:
            mark = " ?" if "?" in match[0] else ""
            pieces.extend(_soft(part + mark))
        at = match.end()
    if line[at:].strip():
        pieces.extend(_soft(line[at:].strip()))
    return _together([p for p in pieces if p.strip(" ,?.!&+:;")])[:MOST_CLAUSES]


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


def _together(pieces: list[str]) -> list[str]:
    """Pieces that make no request joined to the one they belong to: a remark in front to the next, else to the one before."""
    found: list[str] = []
    waiting = ""
    for piece in pieces:
        if NEGATED.search(piece) and not requests(piece) and len(pieces) > 1:
            found.append(piece)
            continue
        if not requests(piece):
            if found and not NEGATED.search(found[-1]):
                found[-1] = f"{found[-1]} . {piece}"
            else:
                waiting = f"{waiting} {piece} .".strip()
            continue
        found.append(f"{waiting} {piece}".strip())
        waiting = ""
    if waiting:
        found.append(waiting.removesuffix(" ."))
    return found


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
    if _OPEN_IF.match(left) or _BARE_SYMBOLS.match(right):
        return False
    core = FILLER.sub("", left).strip()
    if not core and not re.search(r"\b(?:do not|never)\b", left):
        return False
    first = _SOFT.split(right, maxsplit=1)[0].strip()
    if _TOPIC.match(strip_filler(first)):
        return requests(left) and not _PAIRED.search(left)
    if _MORE_SHARES.match(right):
        return bool(re.search(rf"{_ORDER_VERB}\b.*{SYMBOL}", left))
    if _LIMB.match(first) or _PAIRED.search(left):
        return False
    return bool(_ASKS_OR_TELLS.match(strip_filler(right)))


def _carried(pieces: list[str]) -> list[str]:
    """"buy 10 A and 20 B" gives the second its verb."""
    out: list[str] = []
    for piece in pieces:
        if out and _MORE_SHARES.match(piece):
            verb = re.search(rf"\b({_ORDER_VERB})\b", out[-1])
            piece = f"{verb[1]} {piece}" if verb else piece
        out.append(piece)
    return out
