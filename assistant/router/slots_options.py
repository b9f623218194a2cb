# ruff: noqa: E501  (a pattern reads better whole)
"""Options: named strategies, strikes, and the other words that make a clause about options."""

from __future__ import annotations

import re

from assistant.router.scan import NUM, Scan, number

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
    (r"\bcall spreads?\b", "bull_call_spread"),
    (r"\bput spreads?\b", "bear_put_spread"),
)
OPTION_WORDS = re.compile(
    r"\b(?:calls?|puts?|options?|strikes?|straddles?|strangles?|condors?|covered|spreads? (?:on|in)|call spreads?|put spreads?|vertical|"
    r"collars?|calendars?|dte|expir\w+|atm|otm|itm|delta|chain|leaps|iv|implied|csps?)\b"
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


def about_options(line: str) -> bool:
    """True when a clause speaks of options; "your NVDA call" is a signal, not an option."""
    return bool(
        OPTION_WORDS.search(
            re.sub(
                r"\b(?:your|last|past|previous|that|this|good|bad) (?:[a-z]+ |\$\S+ )?calls?\b|\bcalls? (?:me|it)\b",
                "",
                line,
            )
        )
    )


def take_strategy(scan: Scan) -> None:
    """Read a named option strategy."""
    for pattern, name in _STRATEGIES:
        if re.search(pattern, scan.line):
            scan.take(pattern, "strategy")
            scan.slots["strategy"] = name
            return
    if re.search(r"\b(?:calls?|puts?)\b", scan.line) and re.search(
        r"\b(?:buy|get|grab|want|purchase|pick|add)\b", scan.line
    ):
        scan.slots["strategy"] = "long_call" if re.search(r"\bcalls?\b", scan.line) else "long_put"


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
    if found:
        numbers = sorted(v for v in found if isinstance(v, int | float))
        scan.slots["strikes"] = [*numbers, *(v for v in found if isinstance(v, str))]


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
