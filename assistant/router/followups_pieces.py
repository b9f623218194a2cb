# ruff: noqa: E501  (a pattern reads better whole)
"""A piece of an order said about the order that stands: "30 not 40", "move the target up to 198", "then 185 would be better".

People name the part they change, or only its new value; what they say is brought into the words of an order first, with the
standing order telling a price from a size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import cast

from assistant.router.canon import Canon
from assistant.router.clause_orders import parse_fragment
from assistant.router.followups_words import leftover
from assistant.router.lexicon import words
from assistant.router.parsed import Parsed
from assistant.router.scan import Scan
from assistant.router.slots_dates import take_expiry
from assistant.router.slots_options import take_strikes
from assistant.router.values import Order

_N = r"\$?\d+(?:\.\d+)?%?"
_CHANGE_VERB = r"(?:make|move|raise|lower|bump|set|change|put|bring|adjust|push|drop|increase|decrease|tighten|widen|loosen|cut|shift|pull|reduce|trim|cap|take|lift|nudge|up|scale|get|modify|amend|update|keep|have|use|edit|switch)"
_PART = r"(?:limit|stop-loss|stop|target|take-profit|trailing stop|trail|price|quantity|size)"
_REJECTED = re.compile(
    rf"(?:, ?)?\b(?:and )?(?:rather than|instead of|not(?: at)?|no longer|over) (?:a |the |for |at )?(?P<old>{_N})(?: (?:shares?|contracts?|lots?))?(?! ?(?:shares?|contracts?))(?: but\b)?|\bfrom (?P<from>{_N})(?= to\b)"
)
"""The old value, said beside the new one."""
_NOT_SIDE = re.compile(
    r"(?:, ?)?\b(?:not(?: to| a)?|instead of|rather than) (?:buy|sell|short)(?:ing)?\b(?: (?:it|them|that))?"
)
_SET = (
    (rf"\b{_CHANGE_VERB} (?:the |my |that |its |a )?(?P<w>{_PART})(?: (?:price|order|loss))?(?: (?:it|up|down|back|in|out|over))*(?: (?:to|at|by|be|is|of))* (?=(?:\$?\d|<))", r"\g<w> at "),
    (rf"\b(?P<w>{_PART})(?: (?:price|order|loss))?(?: (?:should|would|could|can|to|be|is|of|at|up|down|set|moved|rather))* (?=\$?\d)", r"\g<w> at "),
    (rf"\b(?P<n>{_N}) (?:for|as|on) (?:the |a |my )?(?P<w>limit|stop-loss|stop|target|take-profit|trail)\b", r"\g<w> at \g<n>"),
    (rf"\b{_CHANGE_VERB} (?:(?:it|that|this|them|the|my|order|ticket|back|down|up|number|of|shares|buy|sell|sale|short|purchase|position|trade|\$[A-Z]\S*) ?)*(?:to|at|by) (?=\$?\d+(?:\.\d+)?%?(?: shares| contracts)?\b)", ""),
    (r"\btrail(?:ing)?(?: it| stop)? (?:at|by|of) ", "trailing "),
    (r"\btrail at ", "trailing "),
    (r"\b(?:make|turn|change|switch|set|have|convert) (?:it|that|this|them|(?:the|that|this|my) (?:order|ticket|buy|sell|1|one))(?: order| ticket)?(?: in| in ?to| to| as)? (?:a |an )?stop(?! limit|-)(?: order)?(?: (?:at|of|to))?\b", "stop order at"),
    (rf"\b(?P<n>{_N}) (?:a|per|each|apiece) ?(?:share|piece)?\b", r"at \g<n>"),
    (r"\b(?:quantity|size) at (?=\d)", ""),
)  # fmt: skip
"""The words of a change, as the words of an order."""
_SIDE_NOUN = re.compile(r"\b(?:the|that|this|my|on|a|open|\$[A-Z]\S*) (?:buy|sell|short|sale|purchase)\b(?! \d)")
_LONE = re.compile(
    r"(?:^|(?<= ))(?P<n>\d+(?:\.\d+)?)(?= |$)(?! ?(?:shares?|contracts?|lots?|units?|calls?|puts?|more|less|extra|additional|fewer|dte|delta|days?|weeks?|months?|%|percent|dollars|bucks|of\b|in total))"
)
_PLACED = re.compile(
    r"(?:^|(?<=[^a-z]))(?:at|@|limit|stop|stop-loss|target|take-profit|trailing|order at|for|market|worth|under|below|above|over|than|strikes?|/|-|<\w+>|to) $"
)

GLUE = frozenset(words("""
    it that this these them they the a an order orders ticket trade one ones and or but with at to of on for in by as so then ok okay
    make made change changed set put use using keep keeping leave left have has had want wanted like prefer take give go going let us do
    place send work attach add include raise lower move bump increase decrease adjust modify amend update edit switch turn cut reduce trim
    bring push drop shift lift tighten widen turn convert could can would will should may might you i we me my mine your be is was are
    please instead rather better best enough fine good great nice well sure right sorry actually no not nope nah wait only just maybe
    perhaps also too even more less fewer shares share contracts contract lots lot units spread strike strikes expiry price limit stop
    target level up down now today meant mean said say try how about what same again there here from into over though tho if thanks
    thank cheers still think thinking guess suppose let's need needs needed happy bit little lower higher cheaper please kindly total
    all alright deal that's it's i'd than s version size quantity amount number trailing trail type time force tif hm hmm um uh ah oh
    order's instruction working resting run live stay until after all safer first second buy sell short sale purchase call it's rest
    calls puts call put date expiring expiration go-to something around about roughly maximum most max bid offer yes ye yeah position
    which way round other let fill filled stand stands valid execute executed mind ha sec close closing exit trade moment minute think hold on hang remember forgot forget while at's 1
    cap called than dollar dollars bucks cents
"""))  # fmt: skip
"""Words around a change that change nothing themselves."""


@dataclass
class Piece:
    """What a piece of an order holds."""

    parsed: Parsed
    side: str = ""
    """Another side than the order's, where one was said."""
    times: float = 0.0
    step: int = 0
    plain: bool = False
    """Nothing is left over beside it: the message is a piece and nothing else."""

    @property
    def empty(self) -> bool:
        """True where it says nothing about an order."""
        said = self.parsed.slots.keys() - {"symbols"}
        return not (said or self.side or self.times or self.step or self.parsed.bad or self.parsed.use_recommended)


def piece_of(core: str, canon: Canon, today: date, order: Order) -> Piece:
    """Read `core` as a change of `order`."""
    side = _side_of(order)
    line = re.sub(r"\b(mak|rais|mov|chang|reduc|increas|decreas|us|leav)ing\b", r"\1e", core)
    line = re.sub(r"\b(lower|bump|add|attach|keep|set|cut|trim|put)t?ing\b", r"\1", line)
    line = _NOT_SIDE.sub("", line)
    line, old = _without_old(line)
    line = _in_order_words(line, order, old)
    scale, step, line = _scaled(line, side)
    options: dict[str, object] = {}
    if order.sub == "option_strategy":
        scan = Scan(line, today)
        take_expiry(scan)
        take_strikes(scan)
        options, line = scan.slots, scan.line
    parsed = parse_fragment(line, canon, today, side)
    parsed.slots.update({k: v for k, v in options.items() if k in ("expiry", "strikes")})
    nouns = _SIDE_NOUN.sub(" ", parsed.rest)
    sides = re.findall(r"\b(buy|sell|short)\b", nouns)
    other = sides[-1] if sides and order.sub != "option_strategy" else ""
    piece = Piece(parsed, other if other != side else "", scale, step)
    piece.plain = not leftover(re.sub(r"\bstop-loss\b|\btake-profit\b", "", parsed.rest), GLUE)
    return piece


def _side_of(order: Order) -> str:
    return {"close_position": "sell"}.get(order.sub, order.sub)


def _without_old(line: str) -> tuple[str, float | None]:
    match = _REJECTED.search(line)
    if match is None:
        return line, None
    rest = f"{line[: match.start()]} {line[match.end() :]}"
    if not re.search(r"\d", rest):
        return line, None
    old = (match["old"] or match["from"]).strip("$%")
    return " ".join(rest.strip(" ,").split()), float(old)


def _in_order_words(line: str, order: Order, old: float | None) -> str:
    for pattern, written in _SET:
        line = re.sub(pattern, written, line)
    kind = str(order.slots.get("order_type", "market"))
    line = re.sub(r"\bprice at (?=\$?\d)", "stop order at " if kind == "stop" else "limit at ", line)
    if kind in ("stop", "stop_limit") and "stop_loss" not in order.slots:
        line = re.sub(r"\bstop (?=(?:at )?\$?\d)", "stop order ", line)
    if order.sub == "option_strategy":
        return line
    if kind == "trailing" and not re.search(r"\btrail", line):
        line = re.sub(r"(?:^|(?<= ))(?=\d+(?:\.\d+)? ?(?:%|percent))", "trailing ", line, count=1)
    if "pct_equity" in order.slots and "quantity" not in order.slots:
        line = re.sub(r"(\d+(?:\.\d+)?) ?(?:%|percent)(?! of)", r"\1% of equity", line, count=1)
    lone = _LONE.search(line)
    if lone is None or len(re.findall(r"\d+(?:\.\d+)?", line)) > 1 or _PLACED.search(line[: lone.start()]):
        return line
    return f"{line[: lone.start()]}{_meant(float(lone['n']), lone['n'], order, old)}{line[lone.end() :]}"


_PRICES = {"limit_price": "limit at", "stop_price": "stop order at", "stop_loss": "stop-loss at", "take_profit": "target at", "trail": "trailing"}  # fmt: skip


def _meant(value: float, literal: str, order: Order, old: float | None) -> str:
    """A number without a word: the value it is said to replace tells what it is, else the one it is near to."""
    held = {name: float(cast("float", v)) for name, v in order.slots.items() if isinstance(v, int | float)}
    if old is not None:
        named = next((name for name in ("quantity", *_PRICES) if held.get(name) == old), "")
        if named:
            return f"{_PRICES[named]} {literal}" if named in _PRICES else literal
    amount = held.get("notional_usd")
    if amount is not None and 0.1 < value / amount < 10:
        return f"${literal} worth"
    price = next((name for name in ("limit_price", "stop_price") if name in held), "")
    if "." in literal and not price:
        return f"limit at {literal}"
    if not price:
        return literal
    size = held.get("quantity", 0.0)
    near_price = abs(value - held[price]) / held[price]
    near_size = abs(value - size) / size if size else 9.0
    return f"{_PRICES[price]} {literal}" if "." in literal or (near_price < 0.2 and near_price < near_size) else literal


def _scaled(line: str, side: str) -> tuple[float, int, str]:
    """Doubling, halving and "10 more": what it does to the size, and the line without it."""
    if re.search(r"\b(?:double|twice)\b", line):
        return 2.0, 0, re.sub(r"\b(?:double|twice)(?: (?:it|that|the|as|many|much|size|quantity|order|up))*", "", line)
    if re.search(r"\b(?:triple)\b", line):
        return 3.0, 0, re.sub(r"\btriple(?: (?:it|that|the|size|quantity|order))*", "", line)
    if re.search(r"\b(?:halve|half)\b", line) and (side != "sell" or re.search(r"\bhalve|half (?:that|it|as)\b", line)):
        return 0.5, 0, re.sub(r"\b(?:halve|half)(?: (?:of|it|that|the|as|many|much|size|quantity|order))*", "", line)
    more = re.search(r"\b(\d+) (more|extra|additional|less|fewer)\b(?: shares)?", line)
    if more is None:
        return 0.0, 0, line
    step = int(more[1]) * (1 if more[2] in ("more", "extra", "additional") else -1)
    return 0.0, step, f"{line[: more.start()]} {line[more.end() :]}"
