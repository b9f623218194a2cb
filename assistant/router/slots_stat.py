# ruff: noqa: E501  (a pattern reads better whole)
"""Which statistic a clause asks for, which mode it names, which order it refers to."""

from __future__ import annotations

import re

from assistant.router.scan import compiled

STATISTICS = (
    ("iv_rank", r"\b(?:iv|implied vol(?:atility)?) (?:rank|percentile)\b|\bivr\b"),
    ("expected_move", r"\b(?:expected|implied) (?:\w+ )?moves?\b|\bhow (?:much|far) .*expected to move|\b(?:move|swing)\b.*\b(?:imply|implies|implying|implied|pricing|priced)\b|\b(?:options?|straddles?) (?:market )?(?:\S+ )*?(?:imply\w*|implies|pric(?:e|es|ed|ing)(?: in)?) .*\b(?:move|swing)\b|\bpriced in(?:to)? .*\bmove\b"),
    ("implied_vol", r"\b(?:implied vol(?:atility)?|iv|ivol)\b"),
    ("open_interest", r"\bopen interest\b"),
    ("bid_ask", r"\bbid[ /-]*(?:and |or |vs |versus )?(?:the )?(?:ask|offer)\b|\bbid\b|\bask price\b|\b(?<!call )(?<!put )(?<!calendar )(?<!debit )(?<!credit )(?<!time )(?<!vertical )spread\b(?!s? (?:on|in|for|bet))|\bhow wide\b"),
    ("highest_close", r"\bhighest (?:\S+ ){0,4}?(?:clos\w*|finish\w*|settle\w*)|\b(?:peak|best|max(?:imum)?|top) close\b|\bclos\w+ (?:high(?:est)?|peak)\b|\bclos\w* .*\bhighest\b"),
    ("lowest_close", r"\blowest (?:\S+ ){0,4}?(?:clos\w*|finish\w*|settle\w*)|\b(?:worst|min(?:imum)?|bottom) close\b|\bclos\w+ low(?:est)?\b|\bclos\w* .*\blowest\b"),
    ("worst_day", r"\b(?:worst|ugliest|nastiest|roughest|bloodiest|most painful|biggest (?:down|losing|red|drop|fall|loss)|largest (?:down|drop|fall|loss|one[- ]day))\b.*\b(?:day|session|drop|fall)\b|\b(?:biggest|largest|worst|steepest) (?:(?:one|1|single)[- ](?:day|session) )?(?:drop|fall|loss|decline|slide)\b"),
    ("up_days", r"\b(?:up|green|positive|winning|gaining) (?:days|sessions|closes)\b|\bhow (?:often|many (?:days|times|sessions)) .*\b(?:up|gain\w*|rise|rose|higher|green)\b"),
    ("daily_loss", r"\bdaily loss\b|\bloss (?:limit|allowance) (?:for |to)?(?:today|day|the day)\b|\blost today\b|how much (?:more )?can i (?:still )?lose|\blose (?:in|per|on) (?:a|an|1|one|any|each|the|1 single|a single) (?:\w+ )?(?:day|session)\b|\blose (?:today|each day|daily)\b"),
    ("moving_average", r"\bmoving averages?\b|(?:<win>|\b\d+[- ]day) average\b(?! (?:daily |trading )*(?:volume|true|price|return|range))"),
    ("momentum", r"\bmomentum\b"),
    ("drawdown", r"\bdraw ?downs?\b|\bpeak[- ]to[- ]trough\b"),
    ("correlation", r"\bcorrelat\w+|\b(?:mov(?:e|ed|ing)|trade[ds]?) (?:closely )?(?:together|in (?:step|tandem|lockstep))\b"),
    ("average_volume", r"\b(?:average|mean|typical|usual|normal)(?: daily)?(?: trading| share)* volume\b|\badv\b|\bvolume average\b|\b(?:average|typical|normal|usual) (?:day|session)\b.*\b(?:shares|volume|change hands|trade[ds]?)\b|\bhow many (?:\S+ )?shares (?:a|per|each) day\b|\bshares\b.*\b(?:trade[ds]?|change[ds]? hands|turn(?:s|ed)? over)\b.*\b(?:on average|average|daily|typically|usually|(?:a|per|each) day)\b|\bvolume\b.*\bon average\b|\bdaily (?:\w+ )?volume\b(?=.*\b(?:average|over|last|past))"),
    ("volume", r"\bvolumes?\b|\bshares?\b.*\b(?:traded|trade|change[ds]? hands|turned over)\b|\bturnover\b"),
    ("volatility", r"\bvolatil\w+|\bstandard deviation\b|\bhow (?:jumpy|choppy|wild|bumpy)\b|\b(?:reali[sz]ed|historical|hist|rv|actual|30[- ]day) vol\b|\bswung (?:the )?(?:hardest|most)\b|\bswings (?:the )?(?:hardest|most)\b"),
    ("relative_return", r"\b(?:relative (?:return|performance|strength)|relative to|outperform\w*|outpac\w+|underperform\w*|beat(?:en|ing|s)?|(?:versus|against) (?:the )?(?:market|index|benchmark|s&p)|lag(?:s|ged|ging)?\b|ahead of the market|behind the market)"),
    ("high_low", r"\bhighs? (?:and|&|/|or) (?:the )?lows?\b(?! (?:vol|risk))|\b(?:52|day|week|daily|weekly)[- ]?(?:week )?(?:range|high|low)\b|\b(?<!true )(?:trading |price )?range\b(?! resources)|\b(?:the|its|<win>|year|month|intraday|session|hit a|set a) (?:new )?(?:highs?|lows?)\b(?! (?:conf|vol|prob|risk|beta|side|or\b))|\b(?:high|low)s? (?:of|for|on|in) (?:the |<win>|\$[A-Z])|\b\$?[A-Z]+ (?:high|low)s?\b(?! (?:conf|vol|prob|risk|beta|or\b))"),
    ("average_cost", r"\baverage(?:d)? (?:cost|price|entry)\b|\bcost basis\b|\bbreak ?even\b|\bwhat did i pay\b|\b(?:did|have) i pa(?:y|id)\b|\bentry (?:price|level)\b|\bmy (?:\S+ )?basis\b|\bavg (?:cost|price)\b|\bper share cost\b"),
    ("win_rate", r"\bwin(?:ning|ner)?s?[- ]?(?:rate|ratio|percent\w*)\b|\bhit[- ]?(?:rate|ratio)\b|\bbatting average\b|\bsuccess rate\b|\bstrike rate\b|\bhow often (?:do|did|am|was|have|are) (?:i|you|my|your)\b|\b(?:percent(?:age)?|share|fraction|proportion|part|many) of (?:my |your |the )?(?:winners|wins|trades|calls|signals)\b"),
    ("avg_win_loss", r"\baverage (?:\w+ )?(?:win\w*|loss\w*|loser\w*|gain)\b|\bwin/loss\b|\bprofit factor\b|\bpayoff ratio\b|\b(?:win|make|gain)\b.*\bon average\b.*\b(?:lose|loss)\b|\b(?:winners?|wins) (?:versus|against|compared (?:to|with)) .*\b(?:losers?|losses)\b|\btypical (?:win|loss|winner|loser)\b"),
    ("sharpe", r"\bsharpe\b|\brisk[- ]adjusted\b"),
    ("var", r"\bvar\b|\bvalue[- ]at[- ]risk\b|\bcvar\b|\bexpected shortfall\b"),
    ("beta", r"\bbetas?\b"),
    ("theta", r"\btheta\b|\btime decay\b"),
    ("greeks", r"\bgreeks\b|(?<!\d )(?<!\d-)\bdeltas?\b(?! (?:calls?|puts?))|\bgamma\b|\bvega\b"),
    ("sector_exposure", r"\bsectors?\b|\bhow much tech\b|\bindustr(?:y|ies)\b|\b(?:tech|technology) (?:exposure|heavy)\b|\bexposed (?:am i )?to tech\b"),
    ("risk_contribution", r"\brisk contribut\w+\b|\bcontribut\w+ .*\brisk\b|\briskiest\b|\bmost (?:of (?:my|the) )?(?:\w+ )?risk\b|\brisk\b.*\b(?:comes?(?! off)|coming|stems?|due to|attributable)\b(?: (?:from|to))?|\brisk (?:is|are) (?:from|in|due to)\b|\bdriv(?:es|ing) (?:most of )?(?:my|the) risk\b"),
    ("concentration", r"\bconcentrat\w+|\bdiversif\w+|\btoo (?:much|heavy) (?:in|of)\b|\beggs in\b|\boverweight\b|\b(?:biggest|largest|top) (?:position|holding)\b"),
    ("weight", r"\bweight(?:s|ing)?\b|\bhow (?:big|large) is my\b|\bhow much of my (?:money|portfolio|account|book|capital) is\b|\bwhat (?:percent|percentage|share|part|fraction|%|portion|proportion) of (?:my|the) (?!trades|calls|signals)\b|\ballocation\b"),
    ("margin", r"\bmargin\b"),
    ("max_loss", r"\bmax(?:imum)? (?:possible )?loss\b|\bmost (?:i|we|that) (?:can|could|would) (?:be )?los[et]\b|\bworst[- ]case\b|\blose at (?:most|worst)\b|\bmost (?:at risk|i stand to lose)\b"),
    ("realized", r"(?<!un)\breali[sz](?:ed?|ing)\b(?! (?:that|nobody|no 1|it|this|i|you|how|volatil\w*|vol)\b)|\bbooked\b|\block(?:ed)? in\b|\bbanked\b"),
    ("return", r"\b(?:returns?|returned|returning|performance|performed|perform|gained|gain|lost|made)\b(?! (?:calls|you|a call|the call|(?:\S+ )?trades))|\bhow (?:did|has|have) \$[A-Z]\S* (?:done|do|doing|perform\w*|fare\w*)\b|\bwhat did \$\S+ do\b"),
    ("change", r"\bchange[ds]?\b(?! (?:your|ur|my|his) mind|(?: \w+)? hands| (?:my|the|to|in) )|\bmov(?:e|ed)\b|\bup or down\b|\bhow much (?:is|did|has)\b.*\b(?:up|down|move|drop\w*|fall\w*|ris\w+|rose|fell)\b"),
    ("close", r"\bclos(?:e|ed|es|ing)(?: price| at)?\b|\bfinish(?:ed)?\b|\bsettl(?:e[ds]?|ing|ement)\b|\bend(?:ed)? (?:the day )?at\b|\bprice\b(?=.*<win>)|<win>.*\bprice\b"),
)  # fmt: skip
"""Ordered: the first that matches is the statistic asked for."""

_MODES = (
    (
        "paper_first",
        r"\bpaper[- ]first\b|\bfirst (?:on|in) paper\b|\bpaper then live\b|\btry .*(?:paper|virtual) first\b",
    ),
    ("virtual", r"\b(?:virtual|simulat(?:ed|ion|or)|sandbox|demo|practice|fake money|play money|sim)\b"),
    ("paper", r"\bpaper\b"),
    ("live", r"\b(?:live|real money|for real|real trading|real account)\b"),
)


def statistic_in(line: str, among: frozenset[str] | None = None) -> str:
    """The statistic a line asks for, or ""; `among` leaves out those that do not belong to what is asked."""
    wanted = ((name, pattern) for name, pattern in STATISTICS if among is None or name in among)
    return next((name for name, pattern in wanted if compiled(pattern).search(line)), "")


def mode_in(line: str) -> str:
    """The trading mode a line names, or ""."""
    return next((name for name, pattern in _MODES if re.search(pattern, line)), "")


def order_ref_in(line: str) -> str:
    """An order or ticket code on the line, e.g. "k7q2" as "K7Q2", or "last"/"all"."""
    match = re.search(r"(?:order|ticket|number|#|no\.?|cancel)\s*#?\s*(?P<r>(?=[a-z0-9]*\d)[a-z0-9]{3,12})\b", line)
    if match:
        return match["r"].upper()
    match = re.search(r"(?<![\w$<])(?P<r>(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{4,8})(?!\w)", line)
    return (
        match["r"].upper()
        if match and not re.fullmatch(r"\d+(?:st|nd|rd|th|k|m|d|y|dte|x)|q[1-4]\d*", match["r"])
        else ""
    )
