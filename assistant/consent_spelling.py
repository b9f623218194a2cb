# ruff: noqa: E501  (a table reads better whole)
"""How people write: numbers in words, contractions, slips of the finger. All of it before any word is given a meaning."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Literal


def words(text: str) -> tuple[str, ...]:
    """The words of a text, to keep long lists readable."""
    return tuple(text.split())


LONGEST = 160
"""A longer reply is no plain yes; it is never read as a confirmation."""


def unreadable(reply: str) -> tuple[Literal["unrelated", "ambiguous"], str] | None:
    """What keeps a text from being read as words at all."""
    if not reply.strip():
        return "unrelated", "nothing was said"
    if len(reply) > LONGEST or reply.count("\n") > 1:
        return "unrelated", "too long to be an answer to a ticket"
    if any(unicodedata.category(c) in ("Cf", "Cc", "Co", "Cn", "Cs") and c not in "\n\r\t" for c in reply):
        return "ambiguous", "hidden characters"
    if re.search(r"[<>{}\[\]|`\\=_]|^\s*(?:system|assistant|tool|user|role|admin)\b", reply, re.IGNORECASE):
        return "ambiguous", "looks like markup or another's message, which is never consent"
    if not any(c.isalnum() for c in reply):
        return "ambiguous", "no words"
    return None


_UNIT_WORDS = words("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
""")
_UNITS = {word: value for value, word in enumerate(_UNIT_WORDS)}
_TEN_WORDS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_TENS = {word: 10 * value for value, word in enumerate(_TEN_WORDS, start=2)}
_SPELT = re.compile(
    rf"\b(?:(?P<h>a|{'|'.join(_UNITS)}) hundred(?: and)?(?: |$))?(?:(?P<t>{'|'.join(_TENS)})(?:[- ](?P<o>{'|'.join(list(_UNITS)[1:10])}))?|(?P<u>{'|'.join(_UNITS)}))?\b"
)


def as_numbers(text: str) -> str:
    """Spelt numbers below a thousand as digits, so that "forty shares" is compared like "40 shares"."""

    def digits(match: re.Match[str]) -> str:
        if not match[0].strip():
            return match[0]
        hundreds = 0 if match["h"] is None else 100 * (1 if match["h"] == "a" else _UNITS[match["h"]])
        rest = (
            (_TENS[match["t"]] if match["t"] else 0)
            + (_UNITS[match["o"]] if match["o"] else 0)
            + (_UNITS[match["u"]] if match["u"] else 0)
        )
        if (
            match["h"] is None
            and match["u"] == "one"
            and not re.search(r"one (?:share|contract|hundred|thousand)", text)
        ):
            return match[0]
        return str(hundreds + rest) + (" " if match[0].endswith(" ") else "")

    return re.sub(
        r"(\d+) (?:hundred|thousand)\b",
        lambda m: str(int(m[1]) * (100 if "hundred" in m[0] else 1000)),
        _SPELT.sub(digits, text),
    )


_CONTRACTIONS = {
    "im": "i am", "ill": "i will", "ive": "i have", "thats": "that is", "lets": "let us", "let's": "let us", "dont": "do not",
    "don't": "do not", "cant": "can not", "can't": "can not", "cannot": "can not", "wont": "will not", "won't": "will not",
    "isnt": "is not", "isn't": "is not", "didnt": "did not", "doesnt": "does not", "youre": "you are", "u": "you", "ur": "your",
    "em": "them", "'em": "them", "w": "with", "tho": "though", "wanna": "want to", "gonna": "going to", "rn": "now",
    "whats": "what is", "hows": "how is", "nvm": "never mind", "nevermind": "never mind", "idk": "i do not know", "gtg": "good to go",
    "ain't": "is not", "aint": "is not", "would've": "would have", "couldnt": "could not", "wouldnt": "would not",
}  # fmt: skip
_ENDINGS = {"'m": " am", "'ll": " will", "'ve": " have", "'re": " are", "'d": " would", "n't": " not"}
_NAMED_IS = frozenset(words("it that this what how there here who where everything all he she"))


_MENDED = ("confirmed", "approved", "accepted", "authorized", "authorised", "ahead")
_OTHER_WORDS = frozenset(words("conformed accented"))


def _mended(word: str) -> str:
    """A slip inside a participle of assent put right; its first and last letter must stand, so "approve" stays what it is."""
    if len(word) < 4 or word in _OTHER_WORDS:
        return word
    return next((r for r in _MENDED if (word[0], word[-1]) == (r[0], r[-1]) and one_slip(word, r)), word)


_TRADE_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\blmt\b"), "limit"),
    (re.compile(r"\bstp\b"), "stop"),
    (re.compile(r"\bmkt\b"), "market"),
    (re.compile(r"\bqty\b(?=[ :]*\d)"), "quantity"),
    (re.compile(r"(?<=\d) ?(?:pieces?|pcs?|qty)\b"), " shares"),
)
"""How tickets are abbreviated; a unit only right behind its number, for "in pieces" is no size."""


def _long(match: re.Match[str]) -> str:
    word = match[0]
    if word in _CONTRACTIONS:
        return _CONTRACTIONS[word]
    for ending, full in _ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending) + full
    if word.endswith("'s"):
        stem = word.removesuffix("'s")
        return f"{stem} is" if stem in _NAMED_IS else stem
    return _mended(word)


_WORD = re.compile(r"(?<!\w)'?[a-z]+(?:'[a-z]+)*(?!\w)")
_DOZENS = re.compile(r"\b(?:(?P<n>\d+)|an?|one) dozen\b")


def plain(reply: str) -> str:
    """The reply in lower case with one spelling for everything: "I'd like 'em" and "i would like them" are the same."""
    text = " ".join(reply.replace("\n", " , ").lower().replace("’", "'").replace("‘", "'").split())
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"\bw/ ?", "with ", re.sub(r"\b(?:and/or|either/or)\b", "or", text))
    text = as_numbers(_WORD.sub(_long, text))
    text = re.sub(r"(?<=\d) (?=[km]\b)", "", text)
    for pattern, full in _TRADE_WORDS:
        text = pattern.sub(full, text)
    text = _DOZENS.sub(lambda m: str(12 * int(m["n"] or 1)), text)
    text = re.sub(r"\b(?:a|one) thousand\b", "1000", text)
    text = re.sub(r"(?<=\d) (?:a|per|each|apiece) ?(?:share|contract|piece)?\b(?! \d)", " ", text)
    return re.sub(r"\b(?:an?|(?:a )?single) (?=(?:share|contract)\b)", "1 ", text)


_LONG_ASSENTS = ("confirm", "execute", "approve", "proceed", "submit", "accept", "transmit")
_SHORT_ASSENTS = ("yes", "yep", "yeah", "send", "place", "okay", "fire")
_NOT_SLIPS = frozenset(words("""
    confirms confirmed approved accepted executed executes approves submits accepts proceeds confirmer approver
    expect except executor summit conform accent transmits eyes sends places fires
"""))  # fmt: skip


def spelt_assent(word: str) -> bool:
    """True for a slip in a word of assent: one letter in a long one, two swapped or a vowel lost in a short one."""
    if len(word) < 2 or not word.isalpha() or not word.isascii() or word in _NOT_SLIPS:
        return False
    if len(word) >= 6 and any(one_slip(word, right) for right in _LONG_ASSENTS):
        return True
    return any(_swapped(word, right) or _shortened(word, right) or _stretched(word, right) for right in _SHORT_ASSENTS)


def one_slip(word: str, right: str) -> bool:
    """At most one letter changed, lost, added or swapped with its neighbour."""
    if abs(len(word) - len(right)) > 1 or word == right:
        return word == right
    if len(word) == len(right):
        return sum(a != b for a, b in zip(word, right, strict=True)) == 1 or _swapped(word, right)
    short, long = sorted((word, right), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _swapped(word: str, right: str) -> bool:
    return len(word) == len(right) and any(
        right[:i] + b + a + right[i + 2 :] == word for i, (a, b) in enumerate(pairwise(right)) if a != b
    )


def _shortened(word: str, right: str) -> bool:
    return any(right[:i] + right[i + 1 :] == word for i in range(1, len(right)) if right[i] in "aeiou")


def _stretched(word: str, right: str) -> bool:
    return len(word) > len(right) and word.rstrip(right[-1]) + right[-1] == right
