# ruff: noqa: E501  (a pattern reads better whole)
"""Options: named strategies, strikes, and the other words that make a clause about options."""

from __future__ import annotations

import re

from assistant.router.scan import NUM, SYMBOL, Scan, compiled, number

_STRATEGIES = (
    (r"\b(?:iron condors?|condors?)\b", "iron_condor"),
    (
        r"\b(?:bull(?:ish)? call(?: debit)?(?: spreads?)?|call debit spreads?|bull call|debit call spreads?)\b",
        "bull_call_spread",
    ),
    (
        r"\b(?:bear(?:ish)? put(?: debit)?(?: spreads?)?|put debit spreads?|bear put|debit put spreads?)\b",
        "bear_put_spread",
    ),
    (
        r"\b(?:covered calls?|buy[- ]?writes?|(?:write|sell|selling|writing) (?:some )?calls? (?:against|on) my(?: shares)?)\b",
        "covered_call",
    ),
    (r"\b(?:cash[- ]secured puts?|csps?|secured puts?)\b", "cash_secured_put"),
    (r"\b(?:protective puts?|married puts?|puts? to protect|insurance puts?)\b", "protective_put"),
    (r"\bcollars?\b", "collar"),
    (r"\bstraddles?\b", "straddle"),
    (r"\bstrangles?\b", "strangle"),
    (r"\b(?:calendars?(?: spreads?)?|time spreads?|calendar call spreads?)\b", "calendar"),
    (r"\blong calls?\b", "long_call"),
    (r"\blong puts?\b", "long_put"),
    (r"(?<!bear )(?<!bearish )(?<!credit )\bcall spreads?\b", "bull_call_spread"),
    (r"(?<!bull )(?<!bullish )(?<!credit )\bput spreads?\b", "bear_put_spread"),
)
OPTION_WORDS = re.compile(
    r"\b(?:calls?|puts?|options?|strikes?|straddles?|strangles?|condors?|covered calls?|spreads? (?:on|in)|call spreads?|put spreads?|verticals?|"
    r"collars?|calendars?|dte|expir\w+|atm|otm|itm|delta|chain|leaps|iv|implied|csps?|\d+(?:\.\d+)? ?[cp]|butterfl\w+|credit spreads?|expected move|open interest|option contracts?|(?:bull|bear) (?:call|put))\b"
)
_STRIKES = (
    rf"(?P<a>(?:{NUM})-(?:{NUM})) ?deltas?\b",
    rf"(?P<d>{NUM}) ?-?deltas?\b",
    rf"(?P<o>(?:{NUM})) ?(?:%|percent) ?(?P<k>otm|itm|out of the money|in the money)",
    r"\b(?P<m>atm|at[- ]the[- ]money|otm|itm)\b",
    rf"(?<![\w./<])\$?(?P<l>(?:{NUM})(?: ?/ ?\$?(?:{NUM})){{1,3}})(?![\w/])",
    rf"(?<![\w./<])\$?(?P<r>(?:{NUM})(?: ?- ?\$?(?:{NUM}))) (?:calls?|puts?|call|put|spread|strikes?)",
    rf"(?<![\w./<])\$?(?P<c2>{NUM})(?= \$[A-Z]\S* (?:calls?|puts?)\b)",
    rf"\bstrikes?(?: (?:of|at|price|is|:))* \$?(?P<s>{NUM})(?: (?:and|,|/|by) \$?(?P<s2>{NUM}))?",
    rf"(?<![\w./<])\$?(?P<c>{NUM})[- ]?(?:strike|calls?\b|puts?\b|c\b|p\b)",
)


_NOT_OPTIONS = re.compile(
    rf"(?<!\d )(?<!\ba )(?<!\bthe )(?<!\bbuy )(?<!\blong )(?<!\bshort )(?<!protective )(?<!secured )(?<!delta )(?<!strike )(?<!otm )(?<!atm )(?<!\bbear )"
    rf"\bput (?:up|in|on|it|them|me|my|the|an?|down|some|all|{SYMBOL}|\$?\d[\d.]*%?|together|out|money|aside|half|this|that|one|more|about|around|everything|us|to|stop\S*|limits?|trailing|protective stop|target|<\w+>)(?![\w-])"
    r"|\b(?:your|ur|you|his|last|past|previous|that|this|good|bad|similar|earnings|conference|margin|phone|right|wrong|on the) (?:[a-z]+ |\$\S+ )?calls?\b"
    r"|\bcalls? (?:me|it|like|you|about|again|back|of the day)\b|\bwhat are my options\b"
)
"""Words that look like options and are not: "put it on", "your NVDA call" (a signal), "on the earnings call"."""


def option_words(line: str) -> str:
    """The line without the puts that are verbs and the calls that are signals."""
    return _NOT_OPTIONS.sub(" ", line)


def about_options(line: str) -> bool:
    """True when a clause speaks of options; "your NVDA call" is a signal, not an option."""
    return bool(OPTION_WORDS.search(option_words(line)))


def take_strategy(scan: Scan) -> None:
    """Read a named option strategy, legs that make one, or calls and puts that are bought."""
    for pattern, name in _STRATEGIES:
        if compiled(pattern).search(scan.line):
            scan.take(pattern, "strategy")
            scan.slots["strategy"] = name
            return
    words = option_words(scan.line)
    right = re.search(r"\b(call|put)s?\b", words)
    if right and compiled(_BOUGHT).search(words) and not _OTHER_SPREAD.search(words):
        scan.slots["strategy"] = f"long_{right[1]}"


def take_order_strategy(scan: Scan, whole: str) -> None:
    """Read the strategy of an order: legs bought and sold in the `whole` clause, a name, or calls and puts bought or sold."""
    if len(_LEG.findall(whole)) > 1:
        strategy = legs_strategy(whole)
        if strategy:
            scan.slots["strategy"] = strategy
        return
    take_strategy(scan)
    words = option_words(scan.line)
    right = re.search(r"\b(call|put)s?\b", words)
    if "strategy" in scan.slots or right is None or _OTHER_SPREAD.search(words):
        return
    if re.search(r"\b(?:sell|write|writing|selling|short)\b", words):
        owned = re.search(r"\bmy (?:\S+ ){0,3}(?:calls?|puts?)\b|\bto close\b|\bi (?:have|own|hold)\b", words)
        if not owned:
            scan.slots["strategy"] = "covered_call" if right[1] == "call" else "cash_secured_put"
        return
    scan.slots["strategy"] = f"long_{right[1]}"


_BOUGHT = r"\b(?:buy|buying|get|grab|want|purchase|pick|add|long|pay|paying|take)\b"
_OTHER_SPREAD = re.compile(r"\b(?:spreads?|vertical|credit|butterfl\w+|ratio|naked)\b")
"""Option trades that are none of the known strategies and must not pass for a bought call or put."""
_LEG = re.compile(
    rf"\b(?P<do>buy|long|sell|short|against|write) (?:an? |the |to open |\d+ (?:of the )?)?(?:{SYMBOL} )?\$?(?P<k>{NUM}) ?(?:strike )?(?P<r>call|put|c|p)s?\b"
)


def other_strategy(line: str) -> str:
    """The words of an option trade that is none of the known strategies: "bear call spread"; "" for none."""
    match = re.search(
        r"\b(?:bear call|bull put|(?:call|put) credit|credit|ratio|vertical|diagonal)\b(?: (?:call|put))?(?: spreads?)?|\bbutterfl\w+",
        line,
    )
    return match[0] if match else ""


def legs_strategy(line: str) -> str:
    """The strategy two spelt-out legs make: "buy the 190 put, sell the 180 put" is a bear put spread; "" for no known one."""
    legs = [(m["do"] in ("buy", "long"), float(m["k"]), m["r"][0]) for m in _LEG.finditer(line)]
    if len(legs) != 2:
        return ""
    (bought_a, strike_a, right_a), (bought_b, strike_b, right_b) = legs
    if bought_a and bought_b and right_a != right_b:
        return "straddle" if strike_a == strike_b else "strangle"
    if bought_a == bought_b or right_a != right_b:
        return ""
    bought, sold = (strike_a, strike_b) if bought_a else (strike_b, strike_a)
    if right_a == "c" and bought < sold:
        return "bull_call_spread"
    return "bear_put_spread" if right_a == "p" and bought > sold else ""


_COUNTED = r"(?:contracts?|lots?|calls|puts|of the|(?:iron )?condors?|covered|bull|bear|long|cash|protective|married|(?:call|put) (?:debit |credit )?spreads?|spreads|straddles?|strangles?|collars?|calendars?|atm|otm|itm|at[- ]the[- ]money|call (?:option|contract)s?|put (?:option|contract)s?|option contracts?)"
_COUNTS = (
    r"(?<![\w.$/])(?<!/ )(?<!- )(?P<n>\d{1,4})(?= (?:more )?(?:contracts?|lots?)\b)",
    rf"^(?:.*?\b(?:buy|sell|get|open|grab|want|do|enter|purchase|write|add|long|short|give|on|pick|trade|take|need)\b)??(?: (?:me|us|up|to open|about|another))* ?(?P<n>\d{{1,3}})(?= (?:{_COUNTED}\b|of\b|{SYMBOL}|<|\d|\$\d|more\b|weekly|monthly|january|[a-z]+ \d+ (?:calls|puts))(?! ?(?:%|deltas?\b|dte\b|-)))",
    rf"(?<![\w.$/])(?<!/ )(?<!- )(?P<n>\d{{1,3}})(?= {_COUNTED}\b)",
    rf"(?<![\w.$/])(?P<n>\d{{1,3}})(?= {SYMBOL} \$?\d+(?:\.\d+)? ?(?:strike )?(?:calls?|puts?|c|p)\b)",
    r"(?:^|(?<=[ ,]))x ?(?P<n>\d{1,3})\b",
)
"""How many contracts: what is counted in lots, the number the order starts with, a number before what it counts."""


def take_contracts(scan: Scan) -> None:
    """Read how many contracts; a number above 100 right before calls or puts is a strike."""
    for pattern in _COUNTS:
        match = compiled(pattern).search(scan.line)
        if match is None:
            continue
        if int(match["n"]) > 100 and re.match(rf" (?:calls|puts|{SYMBOL} (?:calls|puts))", scan.line[match.end("n") :]):
            continue
        if int(match["n"]) == 0:
            continue
        scan.slots["quantity"] = int(match["n"])
        scan.line = scan.line[: match.start("n")] + "<qty>" + scan.line[match.end("n") :]
        return


def take_strikes(scan: Scan) -> None:
    """Read strikes: numbers low to high, "atm", "5% otm", "30 delta", "15-25 delta"."""
    found: list[object] = []
    scan.line = re.sub(r"(?<=\d) - (?=\d)", "-", scan.line)
    for _ in range(4):
        for pattern in _STRIKES:
            match = scan.take(pattern, "strike")
            if match is None:
                continue
            found.extend(_values(match))
            right = re.search(r"\b(call|put)s?$", match[0]) or re.search(r"(?<=\d)[- ]?([cp])$", match[0])
            if right:
                word = {"c": "call", "p": "put"}.get(right[1], right[1])
                scan.line = scan.line.replace("<strike>", f"<strike> {word}s", 1)
            break
        else:
            break
    found.extend(_bare(scan, found))
    if found:
        numbers = sorted({v for v in found if isinstance(v, int | float)})
        scan.slots["strikes"] = [*numbers, *dict.fromkeys(v for v in found if isinstance(v, str))]


_NAMED = re.compile(
    r"\b(?:spreads?|condors?|straddles?|strangles?|collars?|calendars?|(?:covered|secured|protective|married|long|bull|bear) (?:calls?|puts?)|csps?|buy[- ]?writes?)\b|<strike>"
)
_PRICED = r"(?<!limit )(?<!pay )(?<!for )(?<!trigger )(?<!stop )(?<!target )(?<!price )(?<!under )(?<!over )(?<!below )(?<!above )(?<!@ )(?<!than )(?<!credit )(?<!debit )(?<!to )(?<!shares )"


def _bare(scan: Scan, found: list[object]) -> list[object]:
    """Numbers that stand alone beside a named strategy: "the 450 and the 530", "190 195", "at 130" where no strike was named."""
    if not _NAMED.search(scan.line):
        return []
    priced = _PRICED + ("(?<!at )" if found else "")
    pattern = rf"(?<![\w.$<%-]){priced}\$?(?P<n>{NUM})(?![\w%]|\.\d| ?(?:%|percent|deltas?\b|dte\b|contracts?\b|lots?\b|shares?\b|days?\b|weeks?\b|dollars\b|bucks\b|of\b|more\b|worth\b|am\b|pm\b|or better|cost\b))"
    bare: list[object] = []
    while len(found) + len(bare) < 4 and (match := scan.take(pattern, "strike")) is not None:
        if float(match["n"]) < 1000000:
            bare.append(number(match["n"]))
    return bare


def _values(match: re.Match[str]) -> list[object]:
    got = {k: v for k, v in match.groupdict().items() if v}
    if "a" in got:
        return [f"{got['a']} delta"]
    if "d" in got:
        return [f"{got['d']} delta"]
    if "o" in got:
        return [f"{got['o']}% {'itm' if got['k'].startswith('i') else 'otm'}"]
    if "m" in got:
        return ["atm" if got["m"].startswith("at") else got["m"]]
    if "l" in got or "r" in got:
        return [number(n) for n in re.findall(NUM, got.get("l") or got["r"])]
    return [number(got[k]) for k in ("s", "s2", "c", "c2") if k in got]
