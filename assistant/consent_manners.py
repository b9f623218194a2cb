# ruff: noqa: E501  (a pattern reads better whole)
"""Formal, polite and roundabout wording put plainly: "I should be obliged if you would send it" is "please send it".

Every change keeps the meaning and leaves what decides, the verb and the order, to be read like any other reply. A whole
clause that only approves or muses ("my instructions are unchanged") becomes one mark, which is never a yes by itself.
"""

from __future__ import annotations

import re

__all__ = ["put_plainly"]

_SENT = {"sent": "send", "placed": "place", "submitted": "submit", "executed": "execute", "transmitted": "transmit", "lodged": "lodge"}  # fmt: skip
_SENT_WORDS = "|".join(_SENT)
_TRADED = {"bought": "buy", "purchased": "buy", "sold": "sell", "shorted": "short"}
_TRADED_WORDS = "|".join(_TRADED)
_WARRANT = (
    r"(?:authority|authori[sz]ation|instructions?|leave|blessing|permission|consent|go ahead|ok|okay|approval|assent)"
)
_CLEARED = r"(?:approved|authori[sz]ed|confirmed|cleared|accepted|good to go)"
_MAY_GO = rf"(?:(?:may|can|is to|are to|is free to) (?:(?:now )?proceed|go ahead|go out|go in|be (?:{_SENT_WORDS}))|should be (?:{_SENT_WORDS})|(?<!\bit )(?<!\bthat )is a go)"
_GOOD = r"(?:is (?:(?:perfectly|quite|entirely|all|just) )?(?:in (?:perfectly )?good (?:form|order|shape)|in order|correct|right|fine|good|satisfactory|acceptable))"

_THING = r"(?:it|this|that|(?:the|that|this) (?:[a-z]+ )?(?:order|stop|trade|ticket|buy|sell|sale|short))"
_ENDS = r"(?:,? (?:please|pls|now|for me))?\s*(?:$|[,.;!])"

_LED = r"(?:(?:ok|okay|yes|yeah|yep|yup|sure|now|please|well|and|so) )*"
_SIDED = r"(?:buy|sell|short|purchase) (?:(?:the|all|my) )*\d"
"""An order told with its size."""

_DO = r"(?= (?:please |now |just )?(?:go|go short|proceed|send|place|submit|execute|transmit|release|lodge|confirm|approve|buy|sell|short|purchase|put|do)\b)"
"""A verb follows: what is asked for is an act, not "the order"."""

_PLAIN: tuple[tuple[str, str], ...] = (
    (r"(?:^|(?<=[,.!] ))10-4(?=\s*(?:$|[,.!](?!\d)))", "roger"),
    (r"\bgo{3,}\b", "go"),
    (r"\brock (?:n|and|&) roll\b", "rock and roll"),
    (r"\b(?:oky|okey|oki|okie)[ -]?(?:doky|dokey|doki|dokie)\b", "okey dokey"),
    (r"\bthru\b", "through"),
    (r"\b(?:plese|plase|pleas|pelase|plaese|pleaes|pleae|pleease|peases)\b", "please"),
    (r"\bthank you (?:kindly|so much)\b", "thank you"),
    (r"\b(?P<d>the|all|yes|buy|sell|short) hundred\b", r"\g<d> 100"),
    (r"\bi (?:should|would) be (?:(?:much|most|very) )?(?:obliged|grateful|glad|pleased) if you (?:would|could)(?: please| kindly)?(?= [a-z])", "please"),
    (r"\bbe (?:so (?:kind|good) as to|(?:a|an) (?:good |dear |old )?(?:chap|fellow|sport|dear|lad|love|pal|angel) and)(?= [a-z])", "please"),
    (r"\bdo me (?:a|the) (?:favou?r|kindness) and(?= [a-z])", "please"),
    (rf"(?:^|(?<=[,.;!] )|(?<=so )|(?<=and ))(?:kindly|pray){_DO}", "please"),
    (rf"\b(?:i )?ask that (?P<o>it|they|this|that) be (?P<v>{_SENT_WORDS})\b", "please {v} it"),
    (r"\bi should like\b", "i would like"),
    (r"\b(?:i would like you to|feel free to|go right ahead and|let us(?= (?:pull the|make it (?:happen|so)|make this|buy|sell|short|lock|send|place|submit|execute|confirm|fire|get (?:it|this|that))\b))(?= [a-z])", "please"),
    (r"\bgo right ahead\b", "go ahead"),
    (r"\b(?:send|fire) (?P<o>it|this|that|them) on (?:its|their) way\b", r"send \g<o>"),
    (rf"\b(?:(?:get|put|send|pop|bang|lock|carry) (?P<o>{_THING}) (?:in|through)|(?:put|stick|slap) (?P<p>{_THING}) (?:in|on)|get (?P<q>{_THING}) (?:done|filled|placed|sent)|carry (?P<r>{_THING}) out)(?={_ENDS})", r"place \g<o>\g<p>\g<q>\g<r>"),
    (rf"\b(?:send|put|get|fire) er (?:in|through|off)(?={_ENDS})", "place it"),
    (rf"(?P<l>(?:^|[,.;!] ){_LED})set (?P<o>it|that|this)(?={_ENDS})", r"\g<l>place \g<o>"),
    (rf"\bmake (?=(?:the|this|that|my) (?:order|trade|sale|short|purchase|buy)(?: of (?:the )?\d|{_ENDS}))", "place "),
    (rf"\bgo on (?:with )?(?=(?:the|this|that|my) (?:[a-z]+ )?(?:order|trade|ticket|sale|sell|short|purchase|buy|stop){_ENDS})", "go ahead with "),
    (rf"(?P<l>(?:^|[,.;!] ){_LED})(?:(?:it|this|that|all|everything) )?(?:is )?(?:all )?(?P<g>ok|okay|fine) (?:for me|(?:from|on) my (?:side|end|part))(?={_ENDS})", r"\g<l>\g<g> by me"),
    (rf"(?P<l>(?:^|[,.;!] ){_LED})(?:(?:it|this|that|all|everything) )?(?:is )?(?:all )?good (?:from|on) my (?:side|end|part)(?={_ENDS})", r"\g<l>good by me"),
    (rf"\bi am (?:agree|agreed|in agreement)(?={_ENDS})", "i agree"),
    (rf"\bplease to(?! go\b(?! ahead|short))(?! put\b){_DO}", "please"),
    (rf"\b(?P<l>i )?confirm to (?={_SIDED})", r"\g<l>confirm "),
    (rf"(?P<l>^(?:yes|yep|yeah|yup|ok|okay|confirm(?:ed)?)[ ,.!]+(?:please[ ,]+)?)i want to (?={_SIDED})", r"\g<l>i would like to "),
    (rf"^i want to (?={_SIDED}[^?]*[ ,](?:yes|yep|confirm|go ahead)[.!]*$)", "i would like to "),
    (r"\b(?:(?:i am|we are) )?not (?P<v>buy|sell|short)ing\b", r"do not \g<v>"),
    (r"\bset (?=(?:the|that|this) stop\b(?! (?:price|at|to|limit|loss)))", "place "),
    (rf"(?:^|(?<=[,.;!] ))(?:(?:it|that) is a (?:firm |definite |big )?yes(?: from me)?|a (?:firm |definite |big )?yes from me)(?={_ENDS})|\b(?:my|the) (?:final )?answer is yes(?={_ENDS})", "yes"),
    (rf"\byou (?:have|got|have got) (?:the|my) (?:green light|yes)(?={_ENDS})|\b(?:consider|take) this (?:as )?my (?:approval|confirmation|consent|go ahead|yes)(?={_ENDS})|^this is my (?:approval|confirmation|consent|go ahead|yes)(?={_ENDS})|\bpermission to proceed(?: is)? granted(?={_ENDS})", "you have my approval"),
    (r"\bi (?:do )?(?:wish|do want)(?: to)\b", "i would like to"),
    (rf"\bi am (?:content|happy|glad|willing|pleased) for you to{_DO}", "please go ahead and"),
    (rf"\byou are (?:hereby )?(?:instructed |authori[sz]ed |cleared |free )?to{_DO}", "please go ahead and"),
    (rf"\bi (?:hereby |do |do hereby )?(?:instruct|direct|authori[sz]e) you to{_DO}", "please go ahead and"),
    (rf"\byou have my {_WARRANT} to{_DO}", "please go ahead and"),
    (rf"\byou have my (?!instructions?\b){_WARRANT}\b(?! [a-z])", "you have my approval"),
    (r"\bi (?:do |do hereby |hereby )(?=(?:confirm|approve|accept|authori[sz]e|consent|agree)\b)", "i "),
    (r"\bi (?:consent|assent)(?: to(?= (?:the|it|this|that)\b))?(?= (?:the|it|this|that)\b|[.!]*$)", "i approve"),
    (r"\bi am (?:satisfied|content) with\b(?=(?: \S+){1,3} and please)", "i am happy with"),
    (r"\b(?:pull the trigger|green light|full send|hit the button) (?:on|for|to)(?= [a-z\d])", "go ahead with"),
    (r"^(?P<l>(?:ok|okay|yes|yep|yeah),? )?go on the(?= [a-z]+ ?(?:,|\d|buy|sell|sale|short))", r"\g<l>go ahead with the"),
    (r"\bby way of (?=an?\b)", "as "),
    (rf"\b(?:is|are) to be (?P<t>{_TRADED_WORDS})(?: today| now)?\b", "MAY {t}"),
    (rf"\bto be (?P<t>{_TRADED_WORDS})(?: today| now)?\b", "{t}"),
    (rf"(?<!\byou )(?<!\bi )(?<!\bwe )\b(?:(?:{_GOOD}|is {_CLEARED}) and )?{_MAY_GO}(?: now)?(?=[ ,]*(?:please)?[ .!]*$)", "MAY"),
    (rf"\b(?:is|are) (?:hereby )?{_CLEARED}(?=[ .!]*$)", "MAYBE"),
    (r"\bat (?:the )?market today\b", "at the market"),
    (r"\bdo not (?:wish|want|care|intend|really want) to\b", "do not"),
    (r"(?<=\d) (?:even|flat)\b(?=[ .!]*$)", ""),
)  # fmt: skip


def _meaning(template: str, match: re.Match[str]) -> str:
    """The plain words for what was matched; a participle turns into its verb."""
    groups = match.groupdict()
    return template.format(v=_SENT.get(groups.get("v") or "", ""), t=_TRADED.get(groups.get("t") or "", ""))


_RULES = tuple((re.compile(pattern), plain) for pattern, plain in _PLAIN)

_IT = r"(?:it|this|that|all of it|everything|all|the (?:order|ticket|trade|draft|numbers|terms|details)|this one|that one)"
_MINE = r"(?:exactly )?(?:my (?:instructions?|wishes|intentions?|order)|what i (?:want|wanted|asked for|said|meant|instructed))"
_NONE = r"(?:fault|problem|issue|objection|complaint|quarrel|question|note|reservation|quibble|argument)s?"
_REMARKS = (
    rf"{_IT} (?:reflects|matches|states|captures|is) {_MINE}",
    rf"{_IT} (?:(?:is|are) (?:(?:quite|perfectly|entirely|exactly|all|just) )?(?:in (?:perfectly )?good (?:form|order)|in order|accurate|satisfactory|acceptable|as (?:instructed|agreed|intended|discussed|it should be|i want it|i wanted it))|stands)",
    r"let it stand|(?:it|this|that|everything) (?:works|matches|adds up|will do)(?: nicely)?|(?:it |this |that )?looks (?:spot on|in order)|all clear|sounds like a plan|all good here",
    r"all (?:ok|okay|correct)|(?:all |everything )?is (?:all )?(?:right|ok|okay|fine|good|correct|perfect)",
    r"(?:the )?(?:price|size|quantity|level|limit|numbers|terms) (?:is|are|looks?) (?:right|fine|good|ok|okay|correct|great)|happy with the (?:terms|numbers|price|size)",
    r"i (?:do )?want (?:it|this|that)|(?:(?:it|that) is )?my final answer|final answer|why not",
    r"no (?:need|reason) to change (?:it|anything|a thing)|do not change (?:it|anything|a thing)|no notes|alrighty|grand",
    rf"(?:i )?(?:can )?(?:find|see|have) no {_NONE}(?: (?:with|in|to) {_IT})?",
    rf"no {_NONE} (?:with|to|about|in) {_IT}|no {_NONE} (?:from|on) (?:me|my side|my end)",
    rf"(?:i )?can not (?:argue|complain|quarrel|fault|object)(?: (?:with|about|to))?(?: {_IT})?",
    rf"i can live with {_IT}|i am (?:(?:quite|perfectly|entirely) )?(?:satisfied|content) with {_IT}",
    r"(?:quite|just|exactly) (?:right|so)|jolly good|spot on|bang on|right you are|(?:good|fair|close) enough(?: for me)?|sweet|splendid|capital|brilliant|beautiful|beauty",
    r"without (?:reservation|hesitation|delay|further ado)|there is a good (?:chap|fellow|man|lad)|bob(?: is)? your uncle",
)
"""Approves, so that it fits beside a plain yes: "without reservation, yes"."""
_NOTICES = (
    r"my (?:instructions?|mind|decision|intentions?) (?:is|are) (?:unchanged|made up|clear|final|firm|the same)",
    rf"i have (?:double |already )?(?:read|checked|reviewed|gone over|looked over|looked at) {_IT}(?: (?:carefully|twice|through|over))*",
    r"i am (?:good|ready|comfortable|sold)|ready(?: to go)?|i (?:accept|understand) the risks?|righto|righty ho|right then",
    rf"(?:i )?(?:have )?been (?:waitin|waiting) (?:on|for) {_IT}(?: all (?:day|week|morning))?",
    r"you got it|got it|understood|noted|signed(?: off)?|signed and sealed|sealed|all set|ta|magic|legend|nothing (?:alarming|wrong|to worry about)(?: (?:there|here|in it|with it))?",
)  # fmt: skip
"""Takes note, so that a mere "yes" beside it may only answer: "yes, got it"."""
_REMARK, _NOTICE = (re.compile("|".join(f"(?:{one})" for one in many)) for many in (_REMARKS, _NOTICES))
_OPENER = re.compile(r"(?:right|done|go on)(?=[,.!;])|right(?= (?:send|place|submit|execute|confirm|go)\b)")
_ACT = r"(?:please|pls|go|send|place|submit|execute|do (?:it|this|that)|yes)\b"
_SEAM = re.compile(rf"(\s*[,.;!:]+(?:\s+|$)|\s+--?\s+|\s+(?:so|and)\s+(?={_ACT})|(?<! not)\s+(?={_ACT}))")
_LEADING = re.compile(r"(?:(?:ok|okay|yes|yeah|yep|well|and|so) )*")


def put_plainly(text: str) -> str:
    """A plain text with its manners taken out; a clause that is a mere remark becomes REMARK, one that takes note NOTICE."""
    for pattern, plain in _RULES:
        if "{" in plain:
            text = pattern.sub(lambda match, plain=plain: _meaning(plain, match), text)
        else:
            text = pattern.sub(plain, text)
    text = _OPENER.sub("NOTICE", text, count=1) if _OPENER.match(text) else text
    return "".join(_as_remark(clause) for clause in _SEAM.split(text))


def _as_remark(clause: str) -> str:
    led = _LEADING.match(clause)
    start = led.end() if led else 0
    said = clause[start:].strip()
    if _REMARK.fullmatch(said):
        return f"{clause[:start]}REMARK"
    return f"{clause[:start]}NOTICE" if _NOTICE.fullmatch(said) else clause
