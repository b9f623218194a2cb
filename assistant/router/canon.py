# ruff: noqa: E501  (a pattern reads better whole)
"""One canonical line for a message: lower case, short forms opened, typos mended, symbols as `$AAPL`, numbers plain.

Later steps are then regular expressions over one spelling of everything. Upper case letters occur only in symbols.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.router.lexicon import ACRONYMS, DOMAIN, FUNCTION_WORDS, NUMBER_WORDS, SCALES, SHORT_FORMS, english, words
from assistant.router.scan import SYMBOL
from assistant.router.symbols import Gazetteer
from assistant.router.text import Prepared, Token, lookalike

_DOMAIN = frozenset(DOMAIN)
_NUMBER = re.compile(r"^([-+−]?)([$€£]?)(\d[\d,]*(?:\.\d+)?|\.\d+)(k|m|mm|b|bn)?(%?)$")
_SCALE = {"k": 1_000, "m": 1_000_000, "mm": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_BEFORE_SYMBOL = frozenset(words("""
    versus price quote chart buy sell short cover dump sold bought purchase trim liquidate analyze compare
    shares of for on about my more
"""))  # fmt: skip
_BEFORE_KNOWN = _BEFORE_SYMBOL | frozenset(words("""
    in is does did has are and long hold holding own some grab get add close exit than or with check
"""))  # fmt: skip
_LOOSE = frozenset(["of", "for", "on", "about", "my", "more"])
_TRADE_TALK = frozenset(words("""
    price quote shares share stock buy sell short cover news forecast chart signal signals position chain calls
    puts options headlines sentiment add stop
"""))  # fmt: skip
_AFTER_SYMBOL = frozenset(words("""
    price quote ? chart news today shares stock calls puts call put doing looking .
"""))  # fmt: skip


@dataclass
class Canon:
    """The line and what was noticed while writing it."""

    line: str = ""
    symbols: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])
    near: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Unknown ticker to the known ones a slip away."""
    odd: list[str] = field(default_factory=list[str])
    """Words of look-alike characters, as plain capitals they resemble (never used as a value)."""
    odd_number: str = ""
    why: list[str] = field(default_factory=list[str])


def plain_number(token: str) -> str | None:
    """`1.5k` to `1500`, `$5,000` to `$5000`, `2%` to `2%`; None when `token` is not a number of that kind."""
    match = _NUMBER.match(token.lower())
    if match is None:
        return None
    sign, currency, digits, scale, percent = match.groups()
    if "," in digits and not re.match(r"^\d{1,3}(,\d{3})+(\.\d+)?$", digits):
        return None
    text = digits.replace(",", "")
    if scale:
        whole, _, part = text.partition(".")
        zeros = len(str(_SCALE[scale])) - 1
        text = (whole + part.ljust(zeros, "0")[:zeros] + ("." + part[zeros:] if len(part) > zeros else "")).lstrip(
            "0"
        ) or "0"
    return f"{'-' if sign in '-−' and sign else ''}{'$' if currency else ''}{text}{percent}"


class Canonizer:
    """Writes canonical lines against one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._english = english()

    def write(self, prepared: Prepared) -> Canon:
        """The canonical line of a prepared message."""
        out = Canon()
        tokens = prepared.tokens
        words: list[str] = []
        at = 0
        while at < len(tokens):
            taken, text = self._phrase(tokens, at, prepared.shouting, out)
            if not taken:
                taken, text = 1, self._word(tokens, at, prepared.shouting, words, out)
            if text:
                words.extend(text.split())
            at += taken
        line = re.sub(r"\bstop[ -]?loss(?:es)?\b", "stop-loss", _counted(_numbers_in_words(" ".join(words))))
        line = re.sub(rf"^by (?=\d+ (?:shares|{SYMBOL}))", "buy ", line)
        out.line = re.sub(r"\btake[ -]?profit\b", "take-profit", line)
        out.symbols = list(dict.fromkeys(re.findall(r"\$([A-Z][A-Z0-9.\-]*)", out.line)))
        return out

    def _phrase(self, tokens: tuple[Token, ...], at: int, shouting: bool, out: Canon) -> tuple[int, str]:
        """The longest company name starting here."""
        for size in range(min(self._gazetteer.longest_name, len(tokens) - at), 0, -1):
            part = tokens[at : at + size]
            if any(t.odd for t in part):
                continue
            phrase = " ".join(t.low for t in part).replace(" '", "'")
            if size == 1 and (phrase in ACRONYMS or (self._gazetteer.ticker(phrase) and not shouting)):
                continue
            symbol = self._gazetteer.name(phrase)
            if symbol:
                if phrase.upper() != symbol:
                    out.why.append(f"'{phrase}' names {symbol}")
                return size, f"${symbol}"
        return 0, ""

    def _word(self, tokens: tuple[Token, ...], at: int, shouting: bool, before: list[str], out: Canon) -> str:
        token = tokens[at]
        if token.odd:
            return self._odd(token, out)
        low = token.low
        if token.raw.startswith("$") and token.raw[1:2].isalpha():
            return self._cashtag(token.raw[1:], out)
        if low[0].isdigit() and _months(low, before, tokens[at + 1 :]):
            return low
        number = plain_number(low)
        if number is not None:
            money = low.endswith("k") and number[0].isdigit() and _of_money(tokens[at + 1 :])
            return f"${number}" if money else number
        glued = _GLUED.match(low)
        if glued is not None:
            return f"{SHORT_FORMS.get(glued[1], glued[1])} {glued[2]}"
        if low[0].isdigit() or (low[0] in "-+$" and len(low) > 1):
            return low
        bare = low.removesuffix("'s") if low.endswith("'s") else low
        symbol = self._known_ticker(token, bare, shouting, before, tokens[at + 1 :])
        if symbol:
            return f"${symbol}"
        if low in SHORT_FORMS:
            return SHORT_FORMS[low]
        if bare in self._english or bare in _DOMAIN or bare in ACRONYMS or bare in NUMBER_WORDS or not bare.isascii():
            return self._shouted_unknown(token, bare, shouting, out) or bare
        return self._strange(token, bare, shouting, before, tokens[at + 1 :], out)

    def _odd(self, token: Token, out: Canon) -> str:
        if any(c.isdigit() or c.isnumeric() for c in token.raw) and not any(c.isalpha() for c in token.raw):
            out.odd_number = out.odd_number or token.raw
            return "<oddnum>"
        out.odd.append(lookalike(token.raw))
        return "<odd>"

    def _cashtag(self, word: str, out: Canon) -> str:
        symbol = self._gazetteer.ticker(word.removesuffix("'s"))
        return f"${symbol}" if symbol else self._unknown(word, out)

    def _unknown(self, word: str, out: Canon) -> str:
        symbol = word.upper()
        near = self._gazetteer.near_tickers(symbol)
        if near:
            out.near[symbol] = near
        out.unknown.append(symbol)
        out.why.append(f"'{word}' looks like a ticker that is not known")
        return f"${symbol}"

    def _known_ticker(
        self, token: Token, bare: str, shouting: bool, before: list[str], after: tuple[Token, ...]
    ) -> str | None:
        symbol = self._gazetteer.ticker(bare)
        if symbol is None:
            return None
        if bare in FUNCTION_WORDS or bare in ACRONYMS or bare in _DOMAIN or bare in SHORT_FORMS or len(bare) == 1:
            capital = token.raw.isupper() and not shouting and len(bare) > 1
            return symbol if capital and (before or not after) else None
        if (
            bare not in self._english
            or (token.raw.isupper() and not shouting)
            or (self._gazetteer.always(bare) and not (before and before[-1] == "i"))
        ):
            return symbol
        follows = before and (before[-1] in _BEFORE_KNOWN or before[-1][0].isdigit() or before[-1] in ("half", "all"))
        precedes = bool(after) and SHORT_FORMS.get(after[0].low, after[0].low) in _AFTER_SYMBOL
        alone = not before and all(not t.raw[0].isalnum() for t in after)
        return symbol if follows or alone or (precedes and not before) else None

    def _shouted_unknown(self, token: Token, bare: str, shouting: bool, out: Canon) -> str | None:
        """An English word typed in capitals amid lower case is meant as a ticker, unless it is a known word of the trade."""
        if shouting or not token.raw.isupper() or not 2 <= len(bare) <= 5:
            return None
        if bare in ACRONYMS or bare in _DOMAIN or bare in FUNCTION_WORDS or bare in NUMBER_WORDS or len(bare) < 3:
            return None
        return self._unknown(bare, out)

    def _strange(
        self, token: Token, bare: str, shouting: bool, before: list[str], after: tuple[Token, ...], out: Canon
    ) -> str:
        plain = self._squeezed(bare)
        if plain:
            return plain
        name = self._gazetteer.near_name(bare)
        if name:
            out.why.append(f"'{bare}' read as {name}")
            return f"${name}"
        capital = token.raw.isupper() and not shouting and 2 <= len(bare) <= 5 and bare.replace(".", "").isalpha()
        if not capital:
            mended = mend(bare)
            if mended:
                out.why.append(f"'{bare}' read as '{mended}'")
                return mended
        if capital or self._in_symbol_place(bare, before, after):
            return self._unknown(bare, out)
        near = self._gazetteer.near_tickers(bare) if len(bare) >= 4 else ()
        return self._unknown(bare, out) if near else bare

    def _squeezed(self, bare: str) -> str:
        """A word with letters drawn out, as it is written: "heyyy" is "hey", "pleeease" is "please"; "" when it is none."""
        for kept in (r"\1\1", r"\1"):
            plain = _DRAWN_OUT.sub(kept, bare)
            if plain != bare and (plain in self._english or plain in SHORT_FORMS):
                return SHORT_FORMS.get(plain, plain)
        return ""

    @staticmethod
    def _in_symbol_place(bare: str, before: list[str], after: tuple[Token, ...]) -> bool:
        if not bare.isalpha() or not 2 <= len(bare) <= 5:
            return False
        follows = bool(before) and (before[-1] in _BEFORE_SYMBOL or before[-1][0].isdigit())
        if follows and before[-1] in _LOOSE:
            follows = any(word in _TRADE_TALK for word in before)
        precedes = bool(after) and SHORT_FORMS.get(after[0].low, after[0].low) in _AFTER_SYMBOL
        return follows or (not before and (precedes or not after))


_MEASURED = frozenset(words("""
    return returns performance volatility vol drawdown high low highs range momentum chart correlation beta sharpe change average
"""))  # fmt: skip


def _months(low: str, before: list[str], after: tuple[Token, ...]) -> bool:
    """True where "6m" is six months, not six million: after "last", or before what is measured over a window."""
    if not re.match(r"\d{1,2}m$", low):
        return False
    leads = bool(before) and before[-1] in ("last", "past", "over", "trailing", "the", "previous", "in")
    return leads or bool(after and after[0].low in _MEASURED)


_GLUED = re.compile(r"(tp|sl|lmt|stp|x)(\d+(?:\.\d+)?)$")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")


def _of_money(after: tuple[Token, ...]) -> bool:
    """True where thousands are of dollars: "8k of goog", "2k worth", "5k into meta"; "2k of my shares" is a count."""
    following = [t.low for t in after[:3]]
    return following[:1] in (["of"], ["worth"], ["into"], ["in"]) and not {"shares", "shs", "sh"} & set(following)


def mend(word: str) -> str | None:
    """The one word of the trade that `word` is a slip away from; None when it is too short, or two are as near."""
    if len(word) < 4 or not word.isalpha():
        return None
    allowed = 1 if len(word) < 7 else 2
    found = process.extract(word, DOMAIN, scorer=OSA.distance, score_cutoff=allowed, limit=4)
    best = {name for name, distance, _ in found if distance == found[0][1] and (len(name) >= 4)}
    if len(best) > 1:
        best = {name for name in best if name[0] == word[0]} or best
        best = {min(best, key=lambda n: (abs(len(n) - len(word)), n))}
    return best.pop() if best else None


_TENS = "twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
_UNIT = "|".join(NUMBER_WORDS)
_SCALE_WORD = "hundred|thousand|grand|million|dozen"
_SPELT = re.compile(
    rf"\b(?:(?P<couple>a couple(?: of)?|couple(?: of)?|a few|half a|a|\d+(?:\.\d+)?|(?:{_TENS})[- ](?:{_UNIT})|{_UNIT}) )"
    rf"(?P<scale>{_SCALE_WORD})\b(?: (?P<scale2>thousand|million))?"
    rf"(?:(?: and)? (?P<rest>(?:{_TENS})(?:[- ](?:{_UNIT}))?|{_UNIT})\b)?"
    rf"|\b(?:(?P<tens>{_TENS})[- ]?(?P<one>one|two|three|four|five|six|seven|eight|nine)?)\b"
    rf"|(?<!which )\b(?P<unit>{_UNIT})\b"
)
_TIME_UNIT = r"(?:trading )?(?:days?|sessions?|weeks?|months?|quarters?|years?)"
_NOT_COUNTED = re.compile(
    rf"\b(?:last|past|next|previous|prior|coming|trailing|this|these) (?:(?:{_TENS})[- ](?:{_UNIT})|{_UNIT}) {_TIME_UNIT}\b|"
    r"\b(?:place|put|set|enter|add) one (?=(?:at|on|under|below|in|for|around|near|with|against)\b)|"
    r"(?:that|this|which|any|no|the|every|first|second|third|fourth|last|former|latter|other|each|these|those|wrong|right|same|good|better|best|bad|worst|big|bigger|biggest|small|smaller|smallest|next|previous|new|newer|old|older|only|single|winning|losing) (?:one|two)\b|one (?:more|of|by)\b|number one"
)


def _numbers_in_words(line: str) -> str:
    """Spelt numbers as digits: "a couple hundred" 200, "twenty five" 25; "that one" is left alone."""
    kept: list[str] = []
    shielded = _NOT_COUNTED.sub(lambda m: kept.append(m.group(0)) or f"\x00{len(kept) - 1}\x00", line)
    counted = _SPELT.sub(_as_digits, shielded)
    return re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m.group(1))], counted)


_THINGS = rf"(?:more |extra |additional )?(?:{SYMBOL}|shares?|contracts?|lots?|calls?|puts?|units?|(?:call|put) spreads?|straddles?|strangles?|iron condors?|condors?|collars?)"
_A_COUPLE = re.compile(rf"\b(?:a )?(?:couple|pair)(?: of)? (?={_THINGS}|\d+ (?:{SYMBOL} )?(?:calls|puts))")
_TIMES = re.compile(rf"\b(\d+) ?x (?={_THINGS})|\bx (\d+)(?= {_THINGS})")


def _counted(line: str) -> str:
    """Small counts and multiples before what they count: "a couple puts" is 2 puts, "3 x $AAPL" is 3."""
    line = _A_COUPLE.sub("2 ", line)
    line = re.sub(r"\bhalf (?:a |of (?:a|1) )?(?=percent\b)", "0.5 ", line)
    line = re.sub(rf"\b(hundred|dozen) (?={_THINGS})", lambda m: f"{SCALES[m[1]]} ", line)
    return _TIMES.sub(lambda m: f"{m[1]} " if m[1] else m[2], line)


def _small(words: str) -> int:
    return sum(NUMBER_WORDS.get(w, 0) for w in words.replace("-", " ").split())


def _as_digits(match: re.Match[str]) -> str:
    if match["unit"]:
        return str(NUMBER_WORDS[match["unit"]])
    if match["tens"]:
        return str(NUMBER_WORDS[match["tens"]] + (NUMBER_WORDS[match["one"]] if match["one"] else 0))
    lead = match["couple"].removesuffix(" of")
    base = {"a couple": 2.0, "couple": 2.0, "a few": 3.0, "half a": 0.5, "a": 1.0}.get(lead)
    if base is None:
        base = float(lead) if lead[0].isdigit() else float(_small(lead))
    total = base * SCALES[match["scale"]] * (SCALES[match["scale2"]] if match["scale2"] else 1)
    total += _small(match["rest"]) if match["rest"] else 0
    return f"{'$' if match['scale'] == 'grand' else ''}{int(total)}"
