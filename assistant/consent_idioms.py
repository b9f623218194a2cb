# ruff: noqa: E501  (a pattern reads better whole)
"""Known words that, said together, are no yes: trailing off, sneering, counting on something, telling of the past, speaking to others.

Asked only where everything else about a reply reads as a yes, so a pattern here can take a yes back and never make one.
"""

from __future__ import annotations

import re

__all__ = ["taken_back"]

_PERSON = r"(?:boss|chief|mate|buddy|pal|dude|man|bro)"
_ASSENTED = r"(?:confirmed|approved|accepted|authori[sz]ed|cleared|agreed)"

_IDIOMS: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:confirm|approve)\b[^.,;!]* is\b"
        r"|\b(?:confirm|approve|confirming) (?:that |to )?(?:we|you|i|all|me)\b|^(?:so |just |and )*to confirm\b|\bok(?:ay)? to\b"
        r"|\b(?:confirm|approve|accept|ok) (?:the |your )?(?:recommended|suggested|size|sizing|number|quantity)",
        "asks to check, perhaps",
    ),
    (r"\.\.|[,:;-]\s*$|(?<!very)[ ,]well[ .!]*$|\boh well\b", "not said to the end"),
    (
        r"\b(?P<w>yeah|sure|ja|so|well)[ ,]+(?P=w)\b|\b(?:oh|ah)[ ,]+(?:please[ ,]+)?(?:ok|okay|k|of course|absolutely|definitely|certainly|sure)\b"
        r"|\bsure,? (?:it|that|this|you|i)\b|\btake that\b|^[!/]+ ?[a-z]|\by (?!please|pls|plz|$)[a-z0-9]",
        "a sneer or a 'why', perhaps",
    ),
    (
        r"\b(?:for|as of) now\b|\bnow and then\b|\bso on\b|^(?:ok|okay|k|sure)[ ,]+(?:then[ ,]+)?that is it\b|\bthat is it then\b|\bthanks? (?:you )?for\b"
        r"|\bi (?:have )?checked it\b|\bon it\b|\bnow (?:the )?[a-z]+\.?$(?<!please)(?<!thanks)(?<!pls)|^(?:ok|okay|hey|hi),? google\b",
        "an acknowledgement, perhaps, rather than a yes",
    ),
    (
        rf"\b(?:i|we|you|deskmate|just|please|so|{_PERSON}|shares?|stocks?|contracts?) (?:just )?{_ASSENTED}\b",
        "tells what somebody did, or of the past",
    ),
    (
        rf"\b(?:send|submit|release|transmit|ship|route|put) (?:\w+ )*to (?:it\b|{_PERSON})|\b(?:to|with|for) (?:them|those|these)\b|\b(?:send|fire|authori[sz]e) (?:them|those|these)\b"
        rf"|\b(?:confirm|approve|agreed?|accept)(?: it| that| this)? with\b|\bfire {_PERSON}\b|\bsend (?:many )?thanks",
        "somebody else, perhaps",
    ),
    (
        r"\bmy (?:shares?|stocks?)\b.*\b(?:is|looks?)\b|\b(?:happy|fine|good|okay|ok) with my\b|\b(?:it|that|this) is (?:right|good|fine|correct) to\b"
        r"|\bagreed?[ ,]+(?:with )?(?:an? |long|short|it|that|this|very|all)",
        "a view of something, perhaps",
    ),
    (
        r"\bsmash (?:it|this|that|them)\b(?! (?:buy|sell|sale|short|order))|\bproceed to (?!buy|sell|short)|\b(?:my|your|our|confirm|approve|accept) limit\b(?! (?:order|buy|sell|sale))|\b(?:my|your|our) market\b(?! order)"
        r"|\b(?:in|on) order\b|\d ?[:/] ?\d|\b(?:order|ticket|number) #?\d+\s*(?:$|[,.!])|\btake \d+\s*(?:$|[,.!]|ok)",
        "something else than the order, perhaps",
    ),
    (r"\blong as\b|\bso long\b", "a condition, perhaps"),
    (r"\b(?:sell|selling) (?:all of (?:it|them)|the (?:lot|whole|full))", "more than the order, perhaps"),
    (
        r"(?:^|ok|okay|yes|please|go|[,.!]) ?stop (?:the |this |that |my )?(?:order|ticket|sale|sell)\b|^(?:ok|yes|go|sure)?[ ,]*stop\b(?! (?:sell|sale) \w| on [^.!]*\bsell\b)",
        "asks to stop, perhaps",
    ),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), why) for pattern, why in _IDIOMS)


def taken_back(text: str) -> str:
    """Why a plain text is no yes for all its words; "" where nothing takes it back."""
    return next((why for pattern, why in _PATTERNS if pattern.search(text)), "")
