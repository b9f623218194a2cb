# ruff: noqa: E501  (a pattern reads better whole)
"""An answer to our question completes the request that was asked about; a plain no drops it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.router.canon import Canon
from assistant.router.clause_orders import parse_fragment
from assistant.router.followups_pointing import referred, symbols_on
from assistant.router.followups_words import ASKS, core_of
from assistant.router.scan import Scan, number
from assistant.router.slots_dates import take_expiry
from assistant.router.slots_options import take_strikes
from assistant.router.slots_stat import mode_in, statistic_in
from assistant.router.values import Context, Request

_LONGEST = 12
"""Words of an answer; what is longer is a message of its own."""

_ORDER_SLOTS = ("quantity", "notional_usd", "pct_equity", "limit_price", "stop_price", "trail", "tif", "order_type", "take_profit", "stop_loss")  # fmt: skip
_SIZES = frozenset(("quantity", "notional_usd", "pct_equity"))
_REFUSES = re.compile(
    r"^(?:(?:no|nope|nah|actually|sorry|ok|oh|well|on (?:second thoughts?|reflection)|then|i|would|rather|not|[,.!]) ?)*"
    r"(?:no(?:pe)?|nah|not now|rather not|never ?mind|cancel|forget|drop|stop|scrap|skip|leave|nothing|none|neither|no thank(?:s| you)|do not bother|changed? my mind)"
    r"(?: (?:it|that|this|about|the|order|trade|whole thing|please|thanks|then|all|alone|be|,|\.|for now|of them|cancel|forget|drop|leave|scrap|skip|kill|i|rather|not|would))*[ .!]*$"
)
_RECOMMENDED = re.compile(
    r"\b(?:recommend\w*|suggest\w*|(?:you|u) (?:decide|choose|pick)|your (?:size|call|choice|pick)|up to you|whatever you (?:think|like))\b"
)
_AT_ONCE = re.compile(
    r"\b(?:now|market|right away|immediately|straight away|at once|(?:forget|drop|skip|ignore|without|no|lose|never mind|scrap) (?:the |that |any )?condition)\b"
)
_NO_CONDITION = re.compile(
    r"\b(?:forget|drop|skip|ignore|without|no|lose|never mind|scrap) (?:the |that |any )?condition\b[ ,.]*"
)
_FALLS = re.compile(r"\b(?:los\w+|fall\w*|drop\w*|below|under|down|declin\w+|breaks?|crash\w*|dip\w*|slid\w+)\b")
_RISES = re.compile(r"\b(?:ris\w+|above|over|up|break\w*|gain\w*|climb\w*|rall\w+|jump\w*)\b")


@dataclass
class _Answer:
    """What an answer gives; `whole` where it completes the request without naming a slot."""

    slots: dict[str, object] = field(default_factory=dict[str, object])
    resolved: dict[str, object] = field(default_factory=dict[str, object])
    recommended: bool = False
    whole: bool = False
    bad: str = ""


def refuses(line: str) -> bool:
    """True for a plain "no", "never mind", "I'd rather not, cancel it" in answer to a question of ours."""
    return bool(_REFUSES.match(line))


def answer(line: str, canon: Canon, context: Context, today: date) -> Request | None:
    """The pending request completed by `line`; None when `line` is not an answer to our question."""
    pending = context.pending
    if pending is None or not pending.missing or len(line.split()) > _LONGEST:
        return None
    text = core_of(line)
    if ASKS.match(text) or re.search(r"\b(?:my|news|forecast|positions?|cash)\b", text):
        return None
    slot = pending.missing[0]
    got = _given(slot, text, canon, context, today, pending)
    if got is None:
        return None
    slots = {**pending.slots, **got.slots}
    resolved = {**{k: v for k, v in pending.resolved.items() if k not in got.slots}, **got.resolved}
    sub = str(got.slots["side"]) if slot == "side" else pending.sub
    return replace(
        pending, sub=sub, slots=slots, resolved=resolved, clarify=False, question="", missing=(), bad=got.bad,
        use_recommended=pending.use_recommended or got.recommended, why=(*pending.why, f"'{text}' answers the question about {slot}"),
    )  # fmt: skip


def _given(slot: str, text: str, canon: Canon, context: Context, today: date, pending: Request) -> _Answer | None:
    if slot in ("symbols", "side", "mode", "meaning"):
        word = _word_for(slot, text, canon, context)
        extra = _order_slots("", text, canon, today, pending) if slot == "symbols" and word else {}
        return _Answer({**extra, "statistic" if slot == "meaning" else slot: word}) if word else None
    if slot in ("strikes", "expiry"):
        return _of_contract(slot, text, today)
    if slot == "quantity" and _RECOMMENDED.search(text):
        return _Answer(recommended=True)
    if canon.symbols and set(canon.symbols) != set(_symbols(pending)):
        return None
    at_once = slot == "condition" and _AT_ONCE.search(text) is not None
    text = _NO_CONDITION.sub("", text) if at_once else text
    parsed = parse_fragment(_priced(slot, text, pending), canon, today, _side(pending))
    got = {k: v for k, v in parsed.slots.items() if k in _ORDER_SLOTS}
    if at_once:
        return _Answer(got, whole=True, bad=parsed.bad)
    if slot == "quantity" and not _SIZES & got.keys() and not parsed.bad:
        return None
    return _Answer(got, bad=parsed.bad) if got or parsed.bad else None


def _order_slots(slot: str, text: str, canon: Canon, today: date, pending: Request) -> dict[str, object]:
    parsed = parse_fragment(_priced(slot, text, pending), canon, today, _side(pending))
    return {k: v for k, v in parsed.slots.items() if k in _ORDER_SLOTS and k not in pending.slots}


def _of_contract(slot: str, text: str, today: date) -> _Answer | None:
    scan = Scan(text, today)
    bare = re.fullmatch(r"(?:the )?\$?(\d+(?:\.\d+)?)(?: strike)?", text)
    if slot == "strikes" and bare:
        return _Answer({"strikes": [number(bare[1])]})
    take_expiry(scan)
    if slot == "strikes":
        take_strikes(scan)
    return _Answer(scan.slots, dict(scan.resolved)) if slot in scan.slots else None


def _side(pending: Request) -> str:
    return str(pending.effective().get("side") or ("sell" if pending.sub == "close_position" else "buy"))


def _word_for(slot: str, text: str, canon: Canon, context: Context) -> object:
    """The one word that answers a question about a symbol, a side, a mode or a meaning."""
    if slot == "symbols":
        return [s for s in symbols_on(text) if s not in canon.near] or list(referred(text, context))
    if slot == "side":
        side = re.search(r"\b(buy|sell|short)\b", text)
        return side[1] if side else ""
    return mode_in(text) if slot == "mode" else statistic_in(text)


def _priced(slot: str, text: str, pending: Request) -> str:
    """A bare number as what was asked for: a price, a trail; in place of a condition the stop or limit it spoke of."""
    bare = re.fullmatch(r"(?:at |@ |say |around |about |if it hits |when it hits )?(\$?-?\d[\d.]*%?)", text)
    if bare is None:
        return text
    words = {"limit_price": "limit at", "stop_price": "stop at", "trail": "trailing"}.get(slot, "")
    if slot == "condition":
        against = _FALLS if _side(pending) != "buy" else _RISES
        words = "stop order at" if against.search(pending.question) else "limit at"
    return f"{words} {bare[1]}".strip()


def _symbols(request: Request) -> list[str]:
    value = request.effective().get("symbols")
    return [str(v) for v in value] if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
