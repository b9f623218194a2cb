# ruff: noqa: E501  (a pattern reads better whole)
"""The shapes that a plain yes can have. Words that are harmless one by one can still say something else together.

"Send it" and "them" are known words; "send it to them" is another order. So a reply whose words are all understood confirms only
if each of its clauses has one of the few shapes below: an assent, an act with the order as its object, the order told, a remark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.consent_parts import Piece
from assistant.consent_words import Part

__all__ = ["misshapen"]


def _all(table: str) -> frozenset[str]:
    return frozenset(" ".join(entry.split()) for entry in table.split("|"))


_CLOSING = _all("""
    looks good|sounds good|works for me|fine by me|fine with me|good by me|ok by me|okay by me|i am in|count me in|i agree|good to go|i am on board|it is a go|
    that is a go|green light|lgtm|happy to proceed|happy to confirm|happy to go ahead|permission granted
""")
"""Whole sentences that say yes: nothing follows them, and what stands before is the order or nothing."""
_WHOLE = _all(
    "so ordered|granted|full send|crack on|rock and roll|let us rock|full steam ahead|be my guest|thumbs up|lfg|make it official|sign me up"
)
"""A yes only as a clause of its own."""
_VERBS = _all("""
    confirm|confirming|execute|approve|accept|submit|place|send|release|transmit|fire|go with|authorize|authorise|i authorize|i authorise|hit|let us do
""")
_ACTS = _all(
    "go|go go|go go go|proceed|go ahead|go on then|let us go|let us go ahead|please do|make the trade|make this trade|run it|take it"
)
_MODIFIERS = _all("""
    please|pls|plz|plse|now|right away|right now|immediately|straight away|at once|asap|just|exactly|precisely|as|above|proposed|stated|written|listed|
    described|displayed|shown|planned|drafted|as is|as it is|deskmate|for me|for us|on my behalf|sir|maam|indeed|or better|after all|
    very|very much
""")
_UNITS = _all("shares|share|contracts|contract|stock|stocks|sh|shs|total|in total|the full|each|usd|dollars")
_PERSONS = _all("buddy|mate|pal|dude|man|bro|boss|chief|counsel|old chap|old boy")
_HAPPY = _all("i am happy with|i am good with|i am fine with|i am ok with|i am okay with|happy with|good with")
_PRONOUNS = _all("it|that|this|them|these|those|all of it|all of them")
_SINGLE = {
    "to": "t", "for": "f", "at": "a", "of": "o", "in": "i", "on": "n", "with": "h", "i": "w", "we": "w", "and": "c", "&": "c", "so": "c", "then": "c",
    "i would like": "L", "i would like to": "L", "you may": "U", "you can": "U", "hi": "g", "hey": "g", "hello": "g", "well": "e", "oh": "e", "ah": "e",
    "SIDE": "S", "QUANTITY": "Q", "SYMBOL": "M", "PRICE": "P", "TYPE": "T", "TIF": "l", "CODE": "C", "MAY": "K", "MAYBE": "B",
}  # fmt: skip
_STATES = re.compile(r"(?:it all |all |everything )?(?:looks|sounds|is|checks)\b(?! exactly what| what)")


def _letter(piece: Piece) -> str:
    """One letter a piece, finer than its part: which verbs take an object, which yes stands alone, which fact it is."""
    text = piece.text
    if text in _SINGLE:
        return _SINGLE[text]
    for held, letter in ((_CLOSING, "G"), (_MODIFIERS, "e"), (_UNITS, "u"), (_PERSONS, "b"), (_HAPPY, "H")):
        if text in held:
            return letter
    if text in _WHOLE:
        return "J"
    if text in _PRONOUNS:
        return "O"
    if piece.part is Part.OBJECT:
        return "N"
    if piece.part in (Part.THE, Part.AN):
        return "D"
    if piece.part is Part.BREAK:
        return "|"
    if piece.part is Part.NOD:
        return "y"
    if piece.part is Part.YES:
        return _assent(piece.text)
    if piece.part is Part.DULL and not text[0].isalpha():
        return "e"
    if text in ("a", "an"):
        return "D"
    return "k" if _STATES.match(text) else "r"


def _assent(text: str) -> str:
    if text in _VERBS or Piece(Part.YES, text) in _PLAIN_VERBS:
        return "V"
    if text in _ACTS or len(text.split()) > 1:
        return "A"
    return "y" if text[:1] in "yok" or text in _STANDING else "V"


_STANDING = _all(
    "sure|aye|agreed|affirmative|absolutely|definitely|certainly|confirmed|approved|accepted|authorized|authorised|cleared|roger|ys|eys"
)
_PLAIN_VERBS = frozenset(
    Piece(Part.YES, text)
    for text in _all(
        "go ahead and|go ahead and just|put in|put through|lock in|push through|fire off|send in|send off|send through|punch in|let us take"
    )
)

_ORDER = r"(?:(?:O|D?[SQMPTlCNu]|a(?=[DT]|P))(?:e*(?:[SQMPTlCNuD]|o(?=[DMOQuN])|a(?=[DTPN])|f(?=[DQMPNu])|n(?=D?T|Q[uM])|(?<=[PT])n(?=D?Q?M)|(?<=Ti)n(?=M)|(?<=T)i(?=n|$|\|)|(?<=S)D?O|(?<=[NQ])t(?=S)))*)"
"""The order told: its facts and what holds them together. A pronoun comes first or after "sell"; "google it" is no order."""
_TOLD = r"(?=D(?:[SMTN]|Q[uMSN]))"
"""After "on" or "for" comes the order: "on the short", not "on the 10"."""
_LEAD = r"(?:[yregkbG]|U|L)*w?e*"
_END = r"[erb]*"
_CLAUSE = re.compile(
    rf"(?:{_LEAD}|g*[yregkb]*)"
    rf"(?:y[ye]*(?:[tf]|n{_TOLD})?e*{_ORDER}?|{_ORDER}[ye]*[yVA]"
    rf"|V[Ve]*{_ORDER}?"
    rf"|{_ORDER}e*[KB](?:e*{_ORDER})?"
    rf"|J"
    rf"|A[yAe]*(?:(?:h|t|[nf]{_TOLD})?(?<!A[t])e*{_ORDER})?"
    rf"|L?t?e*{_ORDER}"
    rf"|(?:D?[SQM]*N|O)?e*[Gk]|D?(?:[QM]*S|Q|P)e*k|(?=[^|k]*[QPC]){_ORDER}k"
    rf"|He*(?:O|C|D?[SQTlMP]*N|Q[uMP]*|P)"
    rf")?{_END}"
)
_ACTIVE = re.compile(r"[gre]*(?:y|w?V|A|G|J|S|U|L)")


def misshapen(pieces: Sequence[Piece], kinds: Sequence[str]) -> str:
    """Why understood words still make no plain yes; "" where they do."""
    row = "".join(map(_letter, pieces))
    if any(said.count("Q") > 1 for said in row.split("|")):
        return "the size is said twice"
    if "g" in row.lstrip("|g"):
        return "a greeting after the yes"
    seams = [at for at, letter in enumerate(row) if letter in "c|"]
    for start, end in zip([-1, *seams], [*seams, len(row)], strict=True):
        clause = row[start + 1 : end]
        joined = start >= 0 and row[start] == "c" and row[:start].strip("|ceg")
        if joined and clause and not _ACTIVE.match(clause) and clause.strip("erb"):
            return "something is added to the yes"
        if joined and pieces[start].text == "then" and clause and _conditional(pieces[:start], row[:start]):
            return "a condition, perhaps"
        if "u" in clause and not re.search(r"[QSMNP]", clause):
            return "shares, but not the order's"
        if re.search(r"[KB]", clause) and start >= 0 and pieces[start].text in ("so", "then"):
            return "a conclusion, perhaps"
        if re.search(r"Ke*S", clause) and not re.search(r"Q.*M|M.*Q", clause):
            return "a trade of something, but not the order told"
        if "B" in clause and not re.match(r"[yregkb]*C", clause):
            return "tells of an approval, perhaps"
        if "K" in clause and not re.search(r"^[yregkb]*(?:C|[DO].*N|(?=.*Q)(?=.*M)|D.*M.*[ST]|D.*S.*M)", clause):
            return "something may go ahead, but not the order, perhaps"
        if not _CLAUSE.fullmatch(clause):
            return "the words are known, but together they say something else"
    return _odd_pair(pieces, row) or _too_little(pieces, row, kinds)


def _conditional(before: Sequence[Piece], row: str) -> bool:
    """ "All good then send it" may be a condition; "fine then, send it" is none."""
    told = [piece for piece in before if piece.part is not Part.BREAK]
    return not re.search(r"[yVAGS]", row) and told[-1].text not in ("fine", "alright", "all right", "very well", "well")


def _odd_pair(pieces: Sequence[Piece], row: str) -> str:
    """Two neighbours that mean another thing than each alone."""
    bare = r"(?=[erb|]|$)"
    for pattern, why in (
        (rf"(?:r|b)V{bare}", "a remark about something"),
        (r"b[ye]*[AVGH]|b(?=y)", "somebody else's yes, perhaps"),
        (r"[Dtfaoinh][VyAG]", "a yes that is part of something else"),
        (r"G[MQS]", "a remark about the symbol"),
        (r"[wULt]A", "going somewhere, perhaps"),
        (r"[SQPMTlC]e*k(?!.*[VA])", "a remark about a fact"),
        (r"[kr][MT]|(?<![QPC])Mk|gM|AM", "a remark about the symbol"),
    ):
        found = re.search(pattern, row)
        if found and not (pattern.startswith("[wULt]") and pieces[found.end() - 1].text not in ("go", "go go")):
            return why
    return ""


def _too_little(pieces: Sequence[Piece], row: str, kinds: Sequence[str]) -> str:
    """An "ok" beside a remark, or beside no more than a name, may only acknowledge; "oh yes" may only remember."""
    active = re.search(r"[VAGHLJKB]|y[nf]D", row) is not None
    asked = any(piece.text in ("please", "pls", "plz", "thanks") for piece in pieces)
    if any(piece.text in ("oh", "ah") for piece in pieces) and not (
        any(piece.text not in _STANDING for piece in pieces if piece.part is Part.YES) and (active or asked)
    ):
        return "surprise, perhaps, rather than a yes"
    if any(piece.text == "NOTICE" for piece in pieces) and not active:
        return "takes note, perhaps"
    mere = all(piece.part is not Part.YES for piece in pieces) and not active
    vague = not {"quantity", "price", "code"} & set(kinds) and not {"side", "symbol"} <= set(kinds)
    if mere and vague and (kinds or re.search(r"[rkbu]", row)):
        return "an acknowledgement, perhaps, rather than a yes"
    return ""
