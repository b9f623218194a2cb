# ruff: noqa: E501  (a pattern reads better whole)
"""The words a reply to a ticket is read with: assent, refusal, and everything that takes an assent back."""

from __future__ import annotations

import re


def words(text: str) -> tuple[str, ...]:
    """The words of a text, to keep long lists readable."""
    return tuple(text.split())


LONGEST = 160
"""A longer reply is no plain yes; it is never read as a confirmation."""

ASSENT = frozenset(words("""
    yes y yeah yep yup yea ya aye ok okay k kk sure confirm confirming execute approve accept agreed affirmative
    absolutely definitely certainly proceed submit place send release yessir yas yess yesss okey oki okie lgtm
    roger
"""))  # fmt: skip
"""Words that are a yes on their own."""

WEAK = frozenset(["ok", "okay", "k", "kk", "okey", "oki", "okie", "sure", "roger"])
"""A yes when alone; beside a mere "thanks" or "cool" only an acknowledgement."""

REACTIONS = frozenset(words("""
    thanks thank thx ty cool great nice good awesome perfect fine alright well looks
"""))  # fmt: skip
"""Words that react without deciding."""

ASSENT_PHRASES = re.compile(
    r"\b(?:go ahead|go for it|do it|do that|let us do (?:it|this|that)|let's do (?:it|this|that)|lets do (?:it|this|that)|let's go(?: ahead)?|lets go|send it|place it|submit it|execute it|release it|ship it|"
    r"make it so|fire away|sounds good|looks good|good to go|i confirm|i approve|i accept|i agree|i'm in|im in|"
    r"pull the trigger|put it through|put it in|book it|of course|by all means|yes please|place the (?:order|trade)|send the order|send it off|run it|do this|please do|works for me|fine by me|fine with me)\b(?! (?:not|never))"
    r"|^(?:(?:yes|ok|okay|yep|yeah|sure) ?[,.!]? ?)?(?:go(?: go)*|confirmed|approved|accepted)\b(?! (?:to|by|for|with|my|at))"
)
"""Phrases that are a yes."""

HARMLESS = frozenset(words("""
    please pls plz thanks thank you thx ty the this that it its order ticket trade an now right away immediately
    just ahead do for and my i we us exactly as shown above proposed stated written listed described displayed
    good looks fine great perfect nice cool awesome alright deskmate sir mate buddy friend shares share
    contracts order's then well oh absolutely very much let lets let's one
"""))  # fmt: skip
"""Words that change nothing beside a yes."""

DANGLING = frozenset(words("""
    and for my i we as an just the with let lets let's of
"""))  # fmt: skip
"""A reply that ends in one of these was not finished."""

PLAIN_REFUSAL = re.compile(
    r"(?:oh |um |hmm |well |sorry |please )*(?:no )?(?:i (?:do not|don't|dont) think so|absolutely not|definitely not|certainly not|no way|not today|hell no|please no|rather not|i'd rather not|i would rather not|not a chance|of course not|"
    r"better not|no thanks?|no thank you|not this time|not now|i'd say no|on second thoughts?,? no|wait no|actually no|no wait|no stop|stop stop|wait stop|wait cancel(?: it| that)?|hold on cancel(?: it| that)?|let's not|lets not|let us not)(?: thanks| thank you| please| sorry)*"
)
"""Refusals that hold a word which would otherwise make a reply unclear."""

REFUSAL = re.compile(
    r"\b(?:no(?! (?:problem|worries|doubt|issue|question|changes?\b|rush))|nope|nah|nay|cancel(?:led|ling)?|don't|dont|do not|never ?mind|forget (?:it|that|about it|this|the order)|drop (?:it|that|this|the order)|stop(?! (?:at|loss|limit|price|order|of)\b)(?! \$?\d)|abort|reject(?:ed)?|"
    r"decline(?:d)?|discard|scrap(?: (?:it|that|this))?|kill (?:it|that|this)|refuse|negative|not (?:interested|anymore|now|this one|doing (?:it|this|that)|going ahead)|i changed my mind|changed my mind|i'll pass|ill pass|pass|"
    r"call it off|back out|leave it|skip (?:it|this)|bin it|withdraw|void|n)\b|^hell no|^no$"
)
"""A refusal: cancelling is always safe, so this is read widely."""

REFUSAL_HARMLESS = HARMLESS | frozenset(words("""
    it that this the order ticket trade thanks thank you sorry want to buy sell do don't i'm im actually really
    yes ok okay sure please anymore after all wait hold changed my mind not way ever go ahead through with too
    risky expensive much bad idea way yeah hmm
"""))  # fmt: skip

NEGATION = re.compile(
    r"\b(?:don't|dont|do not|never|not|won't|can't|cannot) (?:\w+ )?(?:cancel|stop|abort|reject|drop|forget|kill|sure|certain|yet|ready|confirm(?:ed|ing)? yet|convinced|decided|quite)\b|(?<!do )\b(?:not|isn't|ain't|neither|hardly|unconfirm\w*|un-confirm|disagree|disapprove|without)\b(?! (?:interested|anymore|now|this one|doing|going ahead))"
)
"""A negation that is not a plain refusal."""

HEDGE = re.compile(
    r"\b(?:i guess|guess|maybe|may be|perhaps|probably|possibly|i think|think|i suppose|suppose|might|should|could|would|later|soon|tomorrow|tonight|next week|eventually|in a (?:bit|minute|moment|while|sec)|"
    r"kind of|kinda|sort of|sorta|hmm+|um+|uh+|er+|let me (?:think|check|see)|i'll think|unsure|wait|hold on|hang on|not yet|almost|nearly|whatever|i hope|hopefully|want to|wanna|going to|gonna|planning|consider\w*|leaning|tempted|yes and no|yes no|or not|or no|either|lol|haha|jk|kidding|joking)\b|\.\.\.|…"
)
"""Not said firmly, or not now."""

CONDITION = re.compile(
    r"\b(?:if|unless|when|once|provided|providing|assuming|as long as|so long as|after|before|until|till|only|subject to|in case|except|but|though|although|however|first|depending|whenever|as soon as|wait for|contingent|pending)\b"
)
"""Anything an assent may hang on."""

HARD_CONDITION = re.compile(
    r"\b(?:if|unless|when|once|provided|providing|assuming|as long as|so long as|after|before|until|till|subject to|in case|depending|whenever|as soon as|wait for|contingent)\b"
)
"""A condition for sure: whatever stands beside it, the reply is neither a yes nor a plain change."""

NOT_DONE = re.compile(
    r"\b(?:don't|dont|do not|never|not|won't|please don't) (?:\w+ )?(?:confirm|execute|send|submit|place|proceed|go ahead|go|do|approve|release|accept)\b"
)
"""An action refused: "do not send it"."""

QUESTION = re.compile(
    r"^(?:and |but |ok(?:ay)? |yes |so |hey |well |sure )?(?:what|why|how|when|where|which|who|is|are|does|did|can|could|would|will|should|shall|am|was|have|has|do (?:i|you|we|they))\b"
)

REPORTED = re.compile(
    r"\b(?:said|says?|told|tells|asked|wrote|replied|answered|already|he|she|they|my (?:wife|husband|boss|broker|friend|advisor|dad|mom|brother|sister|partner|son|daughter)|somebody|someone|everyone|the (?:user|system|person|bot|assistant|model|ai|customer|client)|was|were|has been|had|have been|pre-?approved|pre-?confirmed|ignore|pretend|override|developer|according|supposedly)\b"
)
"""Another's words, or the past: never this person's yes to this ticket."""

CHANGE = re.compile(
    r"\b(?:make (?:it|that)(?! so)|change|instead|rather(?! not)|reduce|increase|lower|raise|bump|double|halve|half|twice|less|fewer|more(?! than happy)|different|another|adjust|amend|modify|edit|revise|update|switch|swap|tighter|wider|cheaper|better price|smaller|bigger|larger|cut it|add (?:a|another|\d+)|use (?!it)|set (?:it|the|a)|with a|"
    r"stop[- ]?loss|take[- ]?profit|trailing|target|in two|split|part of|some of|a few|a couple|most of|everything|recommended|suggested)\b"
)
"""Asks for something other than the ticket."""

RECOMMENDED = re.compile(
    r"\b(?:with |at |using |use |in |for )?(?:the |your |its |my )?(?:recommended|suggested|recommendation|suggestion|proposed)(?: |-)?(?:position )?(?:size|sizing|quantity|amount|number|shares)?(?: of shares)?\b|\b(?:with |at |using )?your (?:size|sizing|quantity|number)\b"
)

SIDE_WORDS = (
    (re.compile(r"\b(?:short|sell short|short sell|shorting)\b"), "short"),
    (re.compile(r"\b(?:buy(?! it\b)|buying|purchase|long|bid)\b|\bbuy(?= it\b)"), "buy"),
    (re.compile(r"\b(?:sell(?! it\b)|selling|sale|dump|close)\b|\bsell(?= it\b)"), "sell"),
)

TIF_WORDS = (
    (re.compile(r"\b(?:gtc|good till? cancell?ed|good until cancell?ed|until cancell?ed)\b"), "GTC"),
    (re.compile(r"\b(?:at the open|opg|on open|market on open)\b"), "OPG"),
    (re.compile(r"\b(?:at the close|moc|on close|market on close)\b"), "MOC"),
    (re.compile(r"\b(?:day order|day only|for the day|tif day|good for (?:the )?day)\b"), "DAY"),
)

ORDER_TYPES = (
    (re.compile(r"\bstop[- ]limit\b"), "stop_limit"),
    (re.compile(r"\btrailing(?: stop)?\b"), "trailing"),
    (re.compile(r"\b(?:at |as a |a )?(?:the )?market(?: order| price)?\b"), "market"),
    (re.compile(r"\b(?:as a |a )?limit(?: order| price)?\b"), "limit"),
    (re.compile(r"\b(?:as a |a )?stop(?: order)\b"), "stop"),
    (re.compile(r"\b(?:live|real money|for real)\b"), "live"),
    (re.compile(r"\b(?:on |in )?paper\b"), "paper"),
    (re.compile(r"\b(?:virtual|simulated|sandbox)\b"), "virtual"),
)

FOREIGN_YES = frozenset(
    ["sí", "si", "sí confirmo", "si confirmo", "confirmo", "confirmar", "de acuerdo", "vale", "adelante", "claro", "claro que sí", "hazlo", "sí por favor", "si por favor", "sí adelante", "dale", "ja", "jawohl", "ja bitte", "bestätigen", "bestätigt", "ich bestätige", "ja bestätigen", "einverstanden", "ausführen", "ja ausführen", "klar", "in ordnung", "ja gerne", "mach das", "los", "oui", "oui s'il vous plaît", "oui s'il te plaît", "d'accord", "je confirme", "oui je confirme", "confirmer", "confirme", "vas-y", "allez-y", "bien sûr", "oui vas-y", "oui allez-y", "oui merci", "sim", "sim por favor", "eu confirmo", "sim confirmo", "pode fazer", "pode enviar", "faça isso", "está bem", "com certeza", "tudo bem", "sim pode", "sì", "sì confermo", "si confermo", "confermo", "conferma", "va bene", "d'accordo", "certo", "procedi", "sì procedi", "sì grazie", "ok va bene", "esegui", "是", "是的", "好", "好的", "可以", "确认", "確認", "是的 确认", "确定", "同意", "行", "对", "没问题", "下单", "执行", "好 确认", "是 确认", "はい", "確認します", "お願いします", "はい お願いします", "はいお願いします", "確認", "承認", "承認します", "実行", "実行してください", "はい 確認します", "了解です", "オーケー", "ok です", "注文してください", "うん"]
)  # fmt: skip
FOREIGN_NO = frozenset(
    ["no gracias", "cancela", "cancelar", "cancélalo", "mejor no", "para nada", "olvídalo", "nein", "nein danke", "abbrechen", "stornieren", "nicht", "lieber nicht", "auf keinen fall", "nö", "ne", "nee", "non", "non merci", "annuler", "annule", "annulez", "surtout pas", "laisse tomber", "pas question", "j'annule", "não", "nao", "não obrigado", "não obrigada", "cancele", "de jeito nenhum", "esquece", "deixa pra lá", "no grazie", "annulla", "cancella", "lascia stare", "meglio di no", "lascia perdere", "不", "不要", "取消", "不是", "不行", "否", "不用", "算了", "不 取消", "别", "不好", "不同意", "拒绝", "いいえ", "やめて", "キャンセル", "キャンセルします", "取り消し", "やめます", "中止", "いや", "やめてください", "結構です", "キャンセルしてください"]
)  # fmt: skip

_LONG_ASSENTS = ("confirm", "execute", "approve", "proceed", "submit", "accept")


_NOT_SLIPS = frozenset(words("""
    confirms confirmed approved accepted executed executes approves submits accepts proceeds confirmer approver
    expect except executor
"""))  # fmt: skip


def spelt_assent(word: str) -> bool:
    """True for a slip of one letter (or two swapped) in a long word of assent, e.g. "comfirm", "confrim"."""
    if len(word) < 6 or not word.isalpha() or word in _NOT_SLIPS:
        return False
    return any(_one_slip(word, right) for right in _LONG_ASSENTS)


def _one_slip(word: str, right: str) -> bool:
    if abs(len(word) - len(right)) > 1 or word == right:
        return word == right
    if len(word) == len(right):
        off = [i for i, (a, b) in enumerate(zip(word, right, strict=True)) if a != b]
        swapped = (
            len(off) == 2 and off[1] == off[0] + 1 and word[off[0]] == right[off[1]] and word[off[1]] == right[off[0]]
        )
        return len(off) == 1 or swapped
    short, long = sorted((word, right), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


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
