"""The words around which company names are read: names that are also plain words, and what gives them away."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ACRONYMS = _words("""
    ai all am api ar ceo cfo coo cto cpi esg etf eu eps ev evs fda fed fomc fx gdp hr imf ipo irs it llc nato
    nft no nyse on opec or pc pce pe pm ppi pr q1 q2 q3 q4 sec so tv uk un us usa usd vr yoy ytd gap best love
""")  # fmt: skip
"""Written in capitals for other reasons than being a ticker: these need a $ or their exchange."""

WORDY = _words("""
    target gap block match best general chase square unity snap box chart rocket shell unit ball dollar key
    regions first fox gates crown carnival marathon pool progressive travelers discover southern dominion
    southwest delta coach eagle sun sea zoom slack opera paramount universal royal public republic waste united
    national standard state street sprout lucid nova trade fair ready news hope energy transfer gold silver life
    time century citizens
""")  # fmt: skip
"""Names of companies that are plain words far more often: they need something that companies do beside them."""

JOINED = _words("""
    owned backed led style like based parent maker run made exclusive supplier branded only
""")  # fmt: skip
"""What may follow a name after a hyphen: "Apple-backed", but not "meta-analysis"."""

NOT_AFTER: Mapping[str, frozenset[str]] = {
    "apple": _words("""
        pie pies juice cider orchard orchards tree trees harvest harvests crop crops sauce grower growers
        farmer farmers farm farms picking crumble tart tarts turnover butter blossom blossoms strudel
        vinegar hospitality bank records leisure rush seed seeds fritter
    """),
    "amazon": _words("""
        rainforest river basin jungle forest forests deforestation tribe tribes tribal delta parrot parrots
        fires wildfires drought region biome summit indigenous
    """),
    "alphabet": _words("""
        soup song book books letters city of
    """),
    "meta": _words("""
        analysis analyses data description tag tags physics game gaming level materials financial narrative
        study review
    """),
    "target": _words("""
        hospitality price prices date dates range audience hit missed rate zone of for
    """),
    "gap": _words("""
        between in year years widens narrows grows closes up down of analysis insurance
    """),
    "visa": _words("""
        application applications program programme ban bans rule rules holder holders requirement
        requirements fee fees waiver waivers applicants free policy backlog restrictions
    """),
}  # fmt: skip
"""Name → words that, right after it, show that it means the other thing."""
NOT_BEFORE: Mapping[str, frozenset[str]] = {
    "apple": _words("""
        big adam's candy pine caramel toffee crab baked rotten an
    """),
    "alphabet": _words("""
        the phonetic cyrillic latin greek roman
    """),
    "target": _words("""
        price inflation sales growth earnings profit production delivery emissions takeover rate its a the
        revenue on off new climate margin their this that buyout acquisition moving soft easy fed's bank's
        policy 2%
    """),
    "gap": _words("""
        the a gender pay wage funding trade budget skills price wealth income generation valuation this that
        output digital attainment
    """),
    "visa": _words("""
        a the work student tourist h-1b h1b travel entry golden digital his her their no
    """),
    "google": _words("""
        to just can
    """),
}  # fmt: skip
"""Name → the same, right before it."""
ELSEWHERE: Mapping[str, re.Pattern[str]] = {
    "apple": re.compile(r"\b(?:orchards?|fruits?|cider|bak(?:e|ing|ed)|recipes?|harvest|growers?)\b", re.IGNORECASE),
    "amazon": re.compile(r"\b(?:rainforest|deforestation|brazil(?:ian)?|indigenous|peru|jungle)\b", re.IGNORECASE),
    "alphabet": re.compile(r"\b(?:letters|cyrillic|kindergarten|spelling)\b", re.IGNORECASE),
    "meta": re.compile(r"\b(?:patients|clinical|trials?|cochrane)\b", re.IGNORECASE),
}
"""What the rest of a headline says when a name means the other thing."""
DOES = re.compile(
    r"^(?:'s|’s)?\s*(?:\((?:[A-Z]+\s*:\s*)?[A-Z.]{1,6}\)\s*)?(?:stock|shares?|earnings|revenues?|profits?|sales|results|"
    r"ceo|cfo|chief|board|guidance|dividend|buyback|investors?|employees|workers|stores?|executives?|reports?|beats?|"
    r"tops|misses|raises|cuts|lowers|posts|says|said|unveils|launches|announces|sues|sued|acquires?|buys|sells|hires|"
    r"names|appoints|settles|expects|forecasts|warns|recalls|plans|files|opens|closes|inc|corp|jumps|surges|falls|drops|"
    r"slides|rises|gains|soars|plunges|slumps|rallies|tumbles|climbs|to (?:buy|acquire|sell|cut|raise|launch|open|"
    r"close|report|pay|lay|hire|invest|settle|acquire|spin|expand))\b",
    re.IGNORECASE,
)
"""What companies do or have, right after their name."""
ABOUT = re.compile(r"\b(?:shares|stock|earnings|retailer|upgrades?|downgrades?|analysts?)\b", re.IGNORECASE)
"""What a headline about a listed company says somewhere."""
