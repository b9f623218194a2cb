# ruff: noqa: E501  (a table reads better whole)
"""The words a reply to a ticket is made of, each with the part it plays. A word that stands nowhere here is not understood."""

from __future__ import annotations

from enum import StrEnum

from assistant.consent_spelling import LONGEST, as_numbers, spelt_assent, words

__all__ = ["ANSWERS", "ASSENT", "HARMLESS", "LONGEST", "PHRASES", "PUBLIC", "Part", "as_numbers", "spelt_assent"]


class Part(StrEnum):
    """The part a word plays. One letter each, so that a reply's parts can be matched with a pattern."""

    YES = "Y"
    NOD = "y"
    """A yes when alone; beside a mere "thanks" or "cool" only an acknowledgement."""
    VERB = "v"
    """Sends when it has the order as its object: "work it", "do the google buy"."""
    OBJECT = "o"
    THE = "d"
    AN = "a"
    DULL = "e"
    GLAD = "r"
    """Reacts without deciding."""
    FACT = "F"
    SIDE = "S"
    OFF = "W"
    """A fact that is not the ticket's."""
    NO = "N"
    DROP = "X"
    """Refuses when it has the order as its object: "lose the nvda sell"."""
    DONT = "D"
    NOT = "Z"
    CHANGE = "C"
    FIGURE = "p"
    """A part of the order named without its value: "the price"."""
    BUT = "B"
    IF = "I"
    HEDGE = "H"
    ASK = "Q"
    TOLD = "T"
    DONE = "P"
    """ "Confirmed": said alone a yes, otherwise a report."""
    BREAK = "|"
    STRANGE = "U"


_TABLE: dict[Part, str] = {
    Part.YES: """
        yes|y|yeah|yep|yup|yea|ya|yah|yeh|yessir|yas|yess|yesss|yees|aye|confirm|confirming|execute|approve|accept|agreed|affirmative|absolutely|
        definitely|certainly|proceed|submit|place|send|release|transmit|lgtm|fire|go|go go|go go go|go ahead|go for it|go on then|go with|do it|do that|
        do this|let us do it|let us do this|let us do that|let us go|let us go ahead|let us roll|let us send it|let us place it|make it so|make it happen|
        get it done|make the trade|make this trade|let us get it done|let us get it|fire away|fire it|fire it off|fire it in|send it off|sounds good|looks good|good to go|i agree|i am in|count me in|pull the trigger|
        put it through|put it in|put it on|book it|of course|by all means|please do|works for me|fine by me|fine with me|good by me|ok by me|okay by me|
        ship it|run it|off it goes|off you go|hell yes|hell yeah|heck yes|heck yeah|you bet|sure thing|for sure|let it rip|let it fly|let her rip|rip it|
        you have my approval|you have my ok|you have my okay|you have my go ahead|you have my permission|you have my consent|you have my authorization|
        you have my authorisation|green light|it is a go|that is a go|consider it approved|consider it confirmed|i authorize|i authorise|authorize|
        authorise|lock it in|lock it|take it|have at it|hit it|hit the button|hit send|punch it|punch it in|work it|push it through|i am on board|
        i give my approval|i give my consent|i give my ok|happy to proceed|happy to confirm|happy to go ahead|go through with it|going ahead with it|
        proceed as planned|permission granted|doit|sendit|goahead|so ordered|granted|full send|crack on|rock and roll|let us rock|full steam ahead|send her|send er|let er rip|affirm|be my guest|thumbs up|lfg|make it official|let it go through|MAY|MAYBE""",
    Part.NOD: """
        ok|okay|k|kk|sure|okey|oki|okie|roger|indeed|i am happy with|i am good with|i am fine with|i am ok with|i am okay with|okidoki|okey dokey|aight""",
    Part.VERB: """
        do|run|work|take|go ahead and|go ahead and just|put|put in|put through|book|ship|enter|route|process|lock in|push|push through|launch|fill|trade|
        fire off|lodge|smash|dispatch|carry out|send in|send off|send through|punch in|let us do|let us take""",
    Part.OBJECT: "it|that|this|them|order|orders|ticket|trade|these|those|that one|this one|the one|the lot of it|the whole thing",
    Part.THE: "the|my|your|our",
    Part.AN: "a|an",
    Part.DULL: """
        please|pls|plz|plse|now|right away|right now|immediately|straight away|at once|asap|then|so|and|&|just|exactly|precisely|as|above|proposed|stated|written|
        listed|described|displayed|shown|planned|drafted|as is|as it is|deskmate|hi|hey|hello|well|oh|ah|i|we|to|for|with|on|at|of|in|for me|for us|
        on my behalf|shares|share|contracts|contract|stock|stocks|sh|shs|sir|maam|very|very much|indeed|no problem|no worries|no doubt|no issue|no issues|no question|
        no changes|no change|no rush|no objection|no objections|nothing to change|nothing to add|i would like|i would like to|what i would like|is exactly what i would like|is what i would like|is exactly what i want|is what i want|is exactly what i wanted|is exactly right|is right|is correct|is good|is fine|is perfect|is great|what i want|what i wanted|
        what i asked for|what i meant|that is right|that is correct|that is the one|that is the order|that is it|that is fine|that is good|that is great|that is perfect|
        that is what i want|it is right|it is correct|correct|happy with|good with|or better|after all|you may|you can|we are good|we are good to go|all good|very well|
        thank you very much|thanks very much|thanks a lot|many thanks|all of it|all of them|the full|i am sure|i am certain|
        i have checked it|i checked it|usd|dollars|each|total|in total""",
    Part.GLAD: """
        thanks|thank|thank you|thx|ty|cheers|cool|great|nice|good|awesome|perfect|fine|alright|all right|excellent|lovely|looks right|looks fine|looks great|
        looks correct|looks perfect|looks ok|looks okay|looks|sounds right|sounds fine|sounds great|sounds perfect|everything looks right|everything looks good|
        everything looks fine|everything looks great|everything looks correct|all looks good|all looks right|it all looks good|buddy|mate|pal|dude|man|bro|boss|chief|
        everything is correct|everything is right|everything is fine|everything checks out|it checks out|REMARK|NOTICE|counsel|old chap|old boy""",
    Part.NO: """
        nope|nah|nay|never mind|forget it|forget that|forget this|forget about it|forget about that|forget about this|i will pass|hard pass|no thanks|no thank you|
        no way|hell no|heck no|absolutely not|definitely not|certainly not|of course not|please no|not today|not now|not this time|not this one|not interested|
        not anymore|not any more|not doing it|not doing this|not doing that|not going ahead|not a chance|no chance|leave it|leave it out|leave that|let us not|
        i would rather not|rather not|better not|i do not think so|do not think so|i do not want it|i do not want this|i do not want that|do not want|
        changed my mind|change my mind|changing my mind|chnged my mind|i have changed my mind|thought better of it|i would rather keep|i will keep|i have thought better of it|so no|second thoughts|second thought|back out|backing out|
        call it off|let it go|i am out|no go|no deal|veto|denied|reject|rejected|decline|declined|refuse|negative|cancelled|canceled|cancelling|
        too risky|cold feet|take it off|pull it|pull out|stand down|no stop|skip it|skip this|skip that|lost my nerve|i have lost my nerve|losing my nerve|chickened out|bottled it|is to be withdrawn|is to be cancelled|is withdrawn|can go in the bin|goes in the bin|in the bin|do not bother|do not like it|do not like that|do not like this|not for me|not happening|n|no no|""",
    Part.DROP: "cancel|cancle|cancell|cancl|drop|kill|scrap|bin|lose|ditch|pull|axe|trash|nix|scratch|void|withdraw|delete|remove|discard|forget|skip|toss|junk|abandon|strike|stop|abort|pass|pass on|forget about|get rid of",
    Part.DONT: "do not|never|please do not|will not|not going to|did not",
    Part.NOT: """
        not|neither|nor|hardly|without|unconfirm|disagree|disapprove|can not|is not|are not|no idea|no clue|not yet|not sure|not certain|not quite|not so fast|not ready|not convinced""",
    Part.CHANGE: """
        make it|make that|make them|make the|make|change|chnge|chang|cahnge|instead|instead of|rather than|rather|reduce|increase|lower|raise|bump|knock|knock down|cover|bump up|double|halve|half|twice|less|fewer|more shares|different|
        adjust|amend|modify|edit|revise|switch|swap|tighter|wider|cheaper|better price|smaller|bigger|larger|cut|trim|set|set it|add|use|trailing|stop loss|take profit|in two|
        split|part of|some of|a few|a couple|a couple of|most of|tweak|shave|reprice|resize|scale|scale down|scale back|scale up|move|move it|up it|drop it to|bring|take it down|take it up|
        tighten|nudge|higher|quarter|third|triple|extend|prefer|i would prefer|i should prefer|convert|attach|ought to be|will suffice|suffice|let us say""",
    Part.FIGURE: "price|size|quantity|level|number|amount|qty|count|sizing",
    Part.BUT: "but|though|although|however|only|except|first|pending|or|same|same thing|same order|same trade|rest the same",
    Part.IF: """
        if|unless|when|once|provided|providing|assuming|as long as|so long as|after|before|until|till|til|subject to|in case|depending|whenever|as soon as|wait for|contingent|
        under|below|over|above the|while|because|since""",
    Part.HEDGE: """
        would rather|i would rather|i guess|guess|maybe|may be|perhaps|probably|possibly|think|i think|suppose|might|should|could|would|will|shall|later|soon|tomorrow|tonight|next week|next month|monday|
        tuesday|wednesday|thursday|friday|eventually|in a bit|in a minute|in a moment|in a while|in a sec|kind of|kinda|sort of|sorta|hmm|hm|hmmm|um|uh|er|umm|uhh|let me|unsure|wait|
        hold|hold on|hang on|hold off|almost|nearly|whatever|hope|hopefully|want to|going to|planning|consider|considering|leaning|tempted|yes and no|either|lol|haha|lmao|jk|kidding|
        joking|yeah right|as if|oh sure|oh yeah sure|oh yeah|oh great|oh wonderful|oh brilliant|oh perfect|oh lovely|yeah yeah|sure sure|whichever|whatever you say|if you say so|i dunno|dunno|seems|
        go on|go to|try|trying|about to|like to think|supposedly|i meant|i mean|apparently|i do not know|do not know|in principle|in theory""",
    Part.ASK: """
        what|why|how|where|which|who|whose|is it|is that|is this|is there|are you|are we|am i|are|does|did|can|confirm what|confirm who|send me|show me|tell me|explain|do you|do i|do we""",
    Part.TOLD: """
        said|says|say|told|tells|asked|wrote|replied|answered|already|he|she|they|friend|wife|husband|broker|somebody|someone|everyone|the user|was|were|has|have|had|
        been|ignore|pretend|override|according|yesterday|earlier|last week|last month|voted|votes""",
    Part.DONE: "confirmed|approved|accepted|authorized|authorised|cleared",
}

PHRASES: dict[tuple[str, ...], Part] = {
    words(phrase): part for part, phrases in _TABLE.items() for phrase in phrases.split("|") if phrase.strip()
}
"""Every phrase with the part it plays; the longest that fits is taken."""

PUBLIC = frozenset(words("""
    news congress senate house parliament fed ecb court judge jury board shareholders headline headlines article cnbc bloomberg
    reuters wsj analyst analysts twitter reddit poll voters government opec regulators regulator union president white minister
"""))  # fmt: skip
"""Speakers who are never speaking to this desk."""

ANSWERS = frozenset(words("confirm confirming approve accept execute proceed yes yep yeah yup"))
"""Words that speak of a yes even inside a question."""

ASSENT = frozenset(p[0] for p, part in PHRASES.items() if len(p) == 1 and part in (Part.YES, Part.NOD))
"""Words that are a yes on their own."""

HARMLESS = frozenset(
    p[0]
    for p, part in PHRASES.items()
    if len(p) == 1 and part in (Part.DULL, Part.GLAD, Part.OBJECT, Part.THE, Part.AN, Part.VERB)
)
"""Words that change nothing beside a yes."""
