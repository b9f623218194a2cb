# ruff: noqa: E501  (a pattern reads better whole)
"""From a trade only thought about to an order: "alright, let's actually do that", "ok then, sell that half".

The answer to a what-if leaves a trade on the table. Words that take it up make it a ticket, never more: the ticket still
waits for a consent of its own.
"""

from __future__ import annotations

import re

from assistant.router.followups_pointing import symbols_on
from assistant.router.lexicon import words
from assistant.router.values import Context, Order, Request

_SIDES = {
    "buy": r"buy|get|grab|take|pick up|add|purchase|have", "sell": r"sell|dump|unload|trim|offload|cut|shed", "short": r"short",
}  # fmt: skip
_ANY = r"do|make|place|order|prepare|draw up|write up|set up|execute|book|enter|arrange|go (?:ahead )?(?:and do|for|with)|proceed with"
_LEAD = (
    r"(?:(?:and|so|ok|okay|then|well|now|right|alright|all right|fine|good|great|cool|yes|yeah|yep|sure|please|hmm?|oh|nice|perfect|sold|in that case|let us|let me|i will|i would like to|i want to|"
    r"can we|could we|you can|please|just|actually|really|maybe|go ahead and|,) ?)*"
)
_THAT = r"(?:it|that|this|so|them|those|these|that 1|the same|the lot|the (?:order|trade|deal|buy|sale|short|purchase)|that (?:order|trade|half|lot|many|much|amount|quarter|third)|(?:those|these|the|that|all) \d+(?: shares)?|(?:the )?(?:half|\d+)(?: of (?:it|them|those))?|\$[A-Z][A-Z0-9.\-]*|of|off|shares|all|half)"
_TAIL = r"(?: (?:then|now|please|for real|really|actually|today|as well|too|for me|in|up))*[ .!]*$"
_TAKEN_UP = re.compile(
    rf"^{_LEAD}(?:(?P<verb>{'|'.join((*_SIDES.values(), _ANY))})(?: {_THAT})+|go ahead|go for it|make it (?:so|happen|real)|i am (?:in|sold)){_TAIL}"
)
_NOT = re.compile(r"\b(?:not|never|if|unless|until|what|how|why|should|would|could i|or)\b")
_DETAILS = frozenset(words("symbols side quantity notional_usd pct_equity order_type limit_price stop_price trail tif strategy strikes expiry take_profit stop_loss"))  # fmt: skip


def taken_up(line: str, context: Context) -> Request | None:
    """The order that the last what-if spoke of, where `line` says to do it; None for anything else."""
    if context.sub != "what_if" or line.rstrip().endswith("?"):
        return None
    last = {name: value for name, value in context.slots.items() if name in _DETAILS}
    symbols, side = symbols_on(line), str(last.get("side", ""))
    if not side or "symbols" not in last or (symbols and symbols != last["symbols"]):
        return None
    parts = [part.strip() for part in re.split(r" ?[,.;!]+ (?=\w)", line)]
    told = next((m for at in range(len(parts)) if (m := _TAKEN_UP.match(" , ".join(parts[at:])))), None)
    if told is None or _NOT.search(told[0]):
        return None
    verb = told["verb"] or ""
    named = next((each for each, verbs in _SIDES.items() if re.fullmatch(verbs, verb)), side)
    counted = re.search(r"\b\d+\b", told[0])
    if named != side or (counted is not None and str(last.get("quantity")) != counted[0]):
        return None
    return Request("trade_execution", side, last, why=("takes up the trade that was only thought about",))


def about_ticket(context: Context) -> Order | None:
    """The order that the last what-if was asked about, where it had been asked for before."""
    last = context.slots
    if context.sub != "what_if" or not context.orders:
        return None
    order = context.orders[-1]
    same = all(order.slots.get(name) == last.get(name) for name in ("symbols", "quantity")) and order.sub == last.get(
        "side"
    )
    return order if same else None
