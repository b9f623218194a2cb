# ruff: noqa: E501  (a pattern reads better whole)
"""How much: shares, a part of the position, an amount of money, a share of equity. What cannot be a quantity is refused."""

from __future__ import annotations

import re

from assistant.router.scan import NUM, SYMBOL, Scan, number

_EQUITY = r"(?:my |the |our |total |of )*(?:equity|account|portfolio|capital|net worth|net liq|bankroll|book|funds|buying power|cash|money|nav|balance)"
_PARTS = (
    (r"\b(?:a )?half(?: (?:of|my|the|it|position))?\b|\b50 ?(?:%|percent)(?: of)?", "half"),
    (r"\b(?:a |one |1 )?quarter (?:of|my)\b|\b(?:a|1) quarter\b(?! (?:past|to))", "25%"),
    (r"\b(?:3|three)[- ]quarters?(?: of)?\b", "75%"),
    (r"\b(?:a |one |1 )?third of\b|\b(?:a|1) third\b", "33%"),
    (r"\b(?:two|2)[- ]thirds?(?: of)?\b", "67%"),
    (r"\b(?:all of|all my|all the(?! (?:time|way|same)\b)|all(?! (?:day|night|week|month|year|morning|afternoon|summer|winter|along|right|the time|the way|the same)\b)|everything|the (?:whole|entire) (?:thing|position|lot|holding|stake)|(?:the |my )(?:whole|entire|full)\b|(?:my )?(?:whole|entire) (?:position|holding|stake|lot)?|the rest|the lot|every (?:last )?share|100 ?(?:%|percent))\b", "all"),
)  # fmt: skip
_BAD = r"(?<!\w)(?P<q><oddnum>|-\s?\$?\d[\d.]*%?|\d+(?:\.\d+)?e[-+]?\d+|nan|inf|infinity|\d+(?!(?:st|nd|rd|th|d|w|y|m)(?!\w))[a-z]\w*|\d[\d,]*,\d*|0x\w+)(?!\w)"


def take_equity(scan: Scan) -> None:
    """Read "2% of equity" and "risk 1%"."""
    match = scan.take(rf"(?P<n>{NUM}) ?(?:%|percent|pct) (?:of )?{_EQUITY}\b", "pct") or scan.take(
        rf"\brisk(?:ing)? (?:about |around |only |up to )?(?P<n>{NUM}) ?(?:%|percent|pct)", "pct"
    )
    if match is not None:
        scan.slots["pct_equity"] = number(match["n"])


def take_notional(scan: Scan) -> None:
    """Read "$5000 worth", "5000 dollars of", "1000 bucks"."""
    match = (
        scan.take(rf"(?<![\w.$])(?P<n>{NUM}) worth(?: of)?", "usd")
        or scan.take(rf"(?P<n>\$(?:{NUM}))(?: (?:worth(?: of)?|of|in|into|on))?(?=$|\s)", "usd")
        or scan.take(rf"(?<![\w.$])(?P<n>{NUM}) (?:dollars|bucks|usd)(?: (?:worth(?: of)?|of|in|into))?", "usd")
    )
    if match is not None:
        value = number(match["n"].replace("$", ""))
        if value > 0:
            scan.slots["notional_usd"] = value
        else:
            scan.refuse("notional_usd", match["n"], "a positive amount")


def take_quantity(scan: Scan, *, parts: bool) -> None:
    """Read shares or contracts; `parts` also reads "half", "all", "25%" (of a position)."""
    bad = scan.take(_BAD, "qty")
    if bad is not None:
        scan.refuse(
            "quantity",
            bad["q"].replace("<oddnum>", str(scan.resolved.pop("odd_number", "?"))),
            "a positive whole number",
        )
        return
    if parts:
        for pattern, value in _PARTS:
            if scan.take(pattern, "qty"):
                scan.slots["quantity"] = value
                return
        match = scan.take(rf"(?P<n>{NUM}) ?(?:%|percent|pct)(?: of)?", "qty")
        if match is not None:
            value = number(match["n"])
            if 0 < value <= 100:
                scan.slots["quantity"] = "all" if value == 100 else f"{value}%"
            else:
                scan.refuse("quantity", f"{match['n']}%", "between 0% and 100%")
            return
    match = (
        scan.take(rf"(?<![\w.$/-])(?P<n>{NUM})(?: (?:more|extra|additional))? (?:shares?|contracts?|lots?|units?|stocks?|calls?|puts?|of (?:my |the |your )?{SYMBOL})(?! \d)", "qty")
        or scan.take(rf"\b(?:quantity|size|amount)(?: (?:of|is|to|=|:))* (?P<n>{NUM})(?![\w%])", "qty")
        or scan.take(rf"(?<![\w.$/<-])(?P<n>{NUM})(?![\w%.]| ?%|-)", "qty")
    )  # fmt: skip
    if match is not None:
        _whole(scan, match)


def _whole(scan: Scan, match: re.Match[str]) -> None:
    value = number(match["n"])
    kind = re.search(r"\b(call|put)s?\b", match[0])
    if kind:
        scan.line = scan.line.replace("<qty>", f"<qty> {kind[1]}s", 1)
    symbol = re.search(SYMBOL, match[0])
    if symbol:
        scan.line = scan.line.replace("<qty>", f"<qty> {symbol[0]}", 1)
    if isinstance(value, int) and value > 0 and len(match["n"]) <= 15:
        scan.slots["quantity"] = value
    else:
        scan.refuse("quantity", match["n"], "a positive whole number")
