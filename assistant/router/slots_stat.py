# ruff: noqa: E501  (a pattern reads better whole)
"""Which statistic a clause asks for, which mode it names, which order it refers to."""

from __future__ import annotations

import re

STATISTICS = (
    ("iv_rank", r"\b(?:iv|implied vol(?:atility)?) (?:rank|percentile)\b|\bivr\b"),
    ("expected_move", r"\b(?:expected|implied) move\b|how (?:much|far) .*expected to move"),
    ("implied_vol", r"\b(?:implied vol(?:atility)?|iv|ivol)\b"),
    ("open_interest", r"\bopen interest\b|\boi\b"),
    ("bid_ask", r"\bbid[ /-]*(?:and )?ask\b|\bbid\b|\bask price\b|\b(?:the )?spread\b(?!s? (?:on|in))|\bhow wide\b"),
    ("highest_close", r"\bhighest clos\w*|\b(?:peak|best|max(?:imum)?|top) close\b|\bclos\w+ high(?:est)?\b"),
    ("lowest_close", r"\blowest clos\w*|\b(?:worst|min(?:imum)?|bottom) close\b|\bclos\w+ low(?:est)?\b"),
    ("worst_day", r"\b(?:worst|biggest (?:down|losing|drop)|largest (?:down|drop|one[- ]day))\b.*\bday\b|\bworst (?:day|session|drop)\b|\b(?:biggest|largest|worst) (?:(?:one|1|single)[- ]day )?(?:drop|fall|loss)\b"),
    ("up_days", r"\b(?:up|green|positive|winning) (?:days|sessions)\b|how (?:often|many (?:days|times)) .*\b(?:up|gain\w*|rise|rose|higher)\b"),
    ("daily_loss", r"\bdaily loss\b|\bloss (?:limit|allowance) (?:for |to)?(?:today|day)\b|\blost today\b|how much (?:more )?can i (?:still )?lose"),
    ("moving_average", r"\bmoving averages?\b"),
    ("momentum", r"\bmomentum\b"),
    ("drawdown", r"\bdraw ?downs?\b|\bpeak[- ]to[- ]trough\b"),
    ("correlation", r"\bcorrelat\w+|\bmove together\b"),
    ("average_volume", r"\b(?:average|mean|typical|usual|normal)(?: daily)? (?:trading )?volume\b|\badv\b|\bvolume average\b"),
    ("volume", r"\bvolume\b|how many shares (?:traded|changed hands)"),
    ("volatility", r"\bvolatil\w+|\bstandard deviation\b|\bhow (?:jumpy|choppy|wild)\b"),
    ("relative_return", r"\b(?:relative (?:return|performance|strength)|outperform\w*|underperform\w*|beat(?:en|ing)?|versus the market|against the market|lag\w*)\b"),
    ("high_low", r"\bhighs? (?:and|&|/) (?:the )?lows?\b|\b(?:52|day|week|daily|weekly)[- ]?(?:week )?(?:range|high|low)\b|\b(?:trading )?range\b|\b(?:the |<win> )?(?:high|low)(?:s)?\b(?! (?:conf|vol|prob|risk|beta))|\bhigh of\b"),
    ("average_cost", r"\baverage (?:cost|price|entry)\b|\bcost basis\b|\bbreak ?even\b|\bwhat did i pay\b|\bentry price\b|\bmy basis\b"),
    ("win_rate", r"\bwin(?:ning)?[- ]?rate\b|\bhit[- ]?rate\b|\bbatting average\b|\bhow often (?:do|did|am|was) (?:i|you|my)\b|\bpercent(?:age)? (?:of )?(?:winners|wins)\b|\bwins\b"),
    ("avg_win_loss", r"\baverage (?:win\w*|loss|loser)\b|\bwin/loss\b|\bprofit factor\b|\bpayoff ratio\b"),
    ("sharpe", r"\bsharpe\b|\brisk[- ]adjusted\b"),
    ("var", r"\bvar\b|\bvalue[- ]at[- ]risk\b|\bcvar\b|\bexpected shortfall\b"),
    ("beta", r"\bbetas?\b"),
    ("theta", r"\btheta\b|\btime decay\b"),
    ("greeks", r"\bgreeks\b|\bdeltas?\b|\bgamma\b|\bvega\b"),
    ("sector_exposure", r"\bsectors?\b|\bhow much tech\b|\bindustry\b"),
    ("risk_contribution", r"\brisk contribution\b|\bcontribut\w+ .*\brisk\b|\briskiest\b|\bmost (?:of my )?risk\b|\brisk .*\b(?:come|coming) from\b"),
    ("concentration", r"\bconcentrat\w+|\bdiversif\w+|\btoo (?:much|heavy)\b|\ball my eggs\b|\boverweight\b|\b(?:biggest|largest|top) (?:position|holding)\b"),
    ("weight", r"\bweights?\b|\bhow (?:big|large) is my\b|\bhow much of my (?:money|portfolio|account|book|capital) is\b|\bwhat (?:percent|share|part|fraction|%|portion) of (?:my|the)\b|\ballocation\b"),
    ("margin", r"\bmargin\b"),
    ("max_loss", r"\bmax(?:imum)? loss\b|\bmost i (?:can|could) lose\b|\bworst[- ]case\b"),
    ("realized", r"\breali[sz]ed\b(?<!unrealized)|\bbooked\b|\block(?:ed)? in\b"),
    ("return", r"\b(?:returns?|performance|performed|perform|gained|gain|lost|made)\b|\bhow (?:did|has|have) \$[A-Z]\S* (?:done|do|doing|perform\w*|fare\w*)\b|\bwhat did \$\S+ do\b"),
    ("change", r"\bchange[ds]?\b|\bmov(?:e|ed)\b|\bup or down\b|\bhow much (?:is|did|has)\b.*\b(?:up|down|move|drop\w*|fall\w*|ris\w+|rose|fell)\b"),
    ("close", r"\bclos(?:e|ed|ing)(?: price| at)?\b|\bfinish(?:ed)?\b|\bend(?:ed)? (?:the day )?at\b|\bprice\b(?=.*<win>)|<win>.*\bprice\b"),
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


def statistic_in(line: str) -> str:
    """The statistic a line asks for, or ""."""
    return next((name for name, pattern in STATISTICS if re.search(pattern, line)), "")


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
