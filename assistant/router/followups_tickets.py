# ruff: noqa: E501  (a pattern reads better whole)
"""What a message does to the open ticket: changes it, drops it, or leaves it alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.router.canon import Canon
from assistant.router.followups_pieces import Piece, piece_of
from assistant.router.followups_pointing import symbols_on
from assistant.router.followups_words import ASKS, core_of
from assistant.router.frames import frame_of, strip_filler
from assistant.router.slots_stat import statistic_in
from assistant.router.values import Context, OpenTicket, Order, Request

_SIZES = ("quantity", "notional_usd", "pct_equity")
_PRICES = ("limit_price", "stop_price", "trail")
_PRICES_OF = {"market": (), "limit": ("limit_price",), "stop": ("stop_price",), "stop_limit": ("limit_price", "stop_price"), "trailing": ("trail",)}  # fmt: skip
_WISH = re.compile(
    r"^(?:could|can|would|will) (?:you|we|i)\b(?! (?:buy|sell|short|tell|show|explain|recommend|suggest))|^(?:how|what) about\b(?= .*\d| (?:a |the )?(?:limit|market|stop|half)| (?:gtc|good))|^(?:shall|may|can) (?:we|i) (?:make|change|set|have|use)\b|^(?:do|is it possible to) (?:\d|make|change)"
)
"""A change asked for as a question."""
_WONDERS = re.compile(
    r"^(?:should|what if|why|does|did|is|are|was|has|have|who|where|when|which|do (?:i|you|we))\b|\bwhat if\b"
)
_INSTEAD = re.compile(r"\b(?:instead|rather|i meant?|meant|not (?:buy|sell|short|\$[A-Z]+))\b")
_OTHER_CHANGE = re.compile(
    r"^(?:make|change|switch|swap|use|try) (?:it |that |this |the (?:symbol|stock|ticker|order) )?(?:to |for |in ?to |with )?(?:the |some )?(?:\$[A-Z])"
)
_OTHER_SYMBOL = re.compile(
    r"(?:, ?)?\b(?:and )?(?:not|rather than|instead of|no longer|over) (?:the |in )?\$[A-Z][A-Z0-9.\-]*(?: 1| one)?(?=$| ?[,.]| but\b)(?: but\b)?"
)
"""A symbol that is said not to be meant, beside the one that is."""
_ONCE_MORE = re.compile(
    r"(?:buy|sell|short|get|grab|dump|close|exit|cover|unload) (?:it|them|that|this|those|these|\$[A-Z][A-Z0-9.\-]*)(?: all| both)?(?= )"
)
"""The order's own verb again, about the same thing: "sell it on the close", "buy them at 180"."""
_DROP = r"(?:cancel|forget|drop|scrap|kill|scratch|withdraw|bin|discard|abandon|remove|delete|never ?mind|call off|pull|ditch|leave|void|nix|stop|reject|decline|skip|undo|lose)"
_TICKET_WORD = r"(?:it|that|this|them|one|1|all|the|my|open|pending|order|ticket|trade|idea|buy|sell|short|sale|purchase|close|spread|thing|whole thing|whole|off|be|alone|about|for|to|now|then|please|thanks|thank you|again|after all|altogether|entirely|completely|instead|\$[A-Z][A-Z0-9.\-]*|[,.!]|$)"
_DROPS = re.compile(
    rf"(?:^|[ ,.])(?<!not )(?<!never )(?:{_DROP}|call)(?: {_TICKET_WORD})+[ .!]*$|(?:^|[ ,.]){_DROP}[ .!]*$"
    r"|\b(?:rather not|changed? my mind|lost my nerve|no deal|not any ?more|not going ahead|call it off)[ .!]*$"
    rf"|\b(?:do not|not|never) (?:want to |want |wish to )?(?:do|send|place|submit|execute|go ahead|go through|release|confirm|buy|sell|short)(?: (?:with|{_TICKET_WORD}))*[ .!]*$|\bdo not[ .!]*$"
)
_WHAT_WOULD_IT = re.compile(
    r"\b(?:what|how(?: much)?) (?:would|will|does|might|could) (?:that|it|this|(?:the|that|this|my) (?:order|trade|ticket|buy|sale|short|purchase)) (?:\w+ )?(?:do to|mean for|affect|change|leave|hit|use up)\b(?! if)"
)
_WORKING = re.compile(
    r"\b(?:working|resting|live|sent|filled|broker)\b|\b(?:condition|target|take-profit|stop-loss|limit|gtc|halt|trading|mode)\b"
)


def supposed(line: str, context: Context) -> Request | None:
    """ "what would that do to my risk?" beside an open ticket asks about the order on it."""
    if not context.tickets or not _WHAT_WOULD_IT.search(line) or symbols_on(line):
        return None
    ticket = context.tickets[-1]
    slots: dict[str, object] = {"symbols": [ticket.symbol], "side": ticket.side, "quantity": int(ticket.quantity)}
    statistic = statistic_in(line, frozenset(("var", "beta", "margin", "max_loss", "concentration", "weight")))
    if statistic:
        slots["statistic"] = statistic
    return Request("risk_assessment", "what_if", slots, why=(f"what the open ticket {ticket.id} would do",))


def dropped(line: str, canon: Canon, context: Context) -> Request | None:
    """The open ticket given up, or None where `line` says nothing of the kind."""
    if not context.tickets or ASKS.match(core_of(line)) or line.rstrip().endswith("?"):
        return None
    if not _DROPS.search(line.rstrip(" ,.!")) or _WORKING.search(line) or re.search(r"\d", line):
        return None
    named = [t for t in context.tickets if t.symbol in canon.symbols]
    if canon.symbols and not named:
        return None
    ticket = (named or list(context.tickets))[-1]
    why = (f"the open ticket {ticket.id} is not wanted",)
    slots: dict[str, object] = {"symbols": [ticket.symbol]} if named else {}
    return Request("trade_execution", "cancel_order", slots, ticket=ticket.id, why=why)


def revision(line: str, corrected: bool, canon: Canon, context: Context, today: date) -> Request | None:
    """The change that `line` makes to the open ticket, or None when it does not speak of one."""
    ticket = _ticket(line, canon, context)
    if ticket is None:
        return None
    line = re.sub(rf"\b(?:ticket |order )?{re.escape(ticket.id.lower())}\b", "", line)
    found = _change(line, corrected, canon, standing(ticket, context), today)
    if found is None:
        return None
    return replace(found, revise=True, ticket=ticket.id, why=(*found.why, f"changes the open ticket {ticket.id}"))


def again(line: str, corrected: bool, canon: Canon, refused: Order, today: date) -> Request | None:
    """The order that was refused, asked for once more with the change that `line` makes to it."""
    found = _change(line, corrected, canon, refused, today)
    if found is None:
        return None
    recommended = found.use_recommended or (refused.recommended and not any(name in found.slots for name in _SIZES))
    return replace(found, use_recommended=recommended, why=(*found.why, "changes the order that was refused"))


def _change(line: str, corrected: bool, canon: Canon, order: Order, today: date) -> Request | None:
    core = _OTHER_SYMBOL.sub("", core_of(line)).strip(" ,")
    instead = _INSTEAD.search(line) is not None
    asking = bool(ASKS.match(core) or line.rstrip().endswith("?") or re.match(r"(?:how|what) about\b", core))
    if (asking and not _WISH.match(core)) or _WONDERS.search(core):
        return None
    piece = piece_of(core, canon, today, order)
    other = [symbol for symbol in symbols_on(core) if [symbol] != order.slots.get("symbols")]
    return _revised(piece, other, order) if _changes(core, piece, other, order, corrected or instead) else None


def standing(ticket: OpenTicket, context: Context) -> Order:
    """The order that is spoken of, in the words it was asked for with; where none fit the ticket, as the ticket says it.

    A change that the gate refused leaves the ticket as it was, but the person goes on from what they asked for.
    """
    refused = context.refused
    if refused is not None and refused.slots.get("symbols") == [ticket.symbol]:
        return refused
    for order in reversed(context.orders):
        said = order.slots
        sized = said.get("quantity")
        if (
            said.get("symbols") == [ticket.symbol]
            and (order.sub in (ticket.side, "option_strategy") or order.sub == "close_position")
            and str(said.get("order_type", "market")) == ticket.order_type
            and (not isinstance(sized, int) or sized == int(ticket.quantity))
            and str(said.get("tif", "DAY")) == ticket.tif
        ):
            return order
    slots: dict[str, object] = {"symbols": [ticket.symbol], "side": ticket.side, "quantity": int(ticket.quantity)}
    if ticket.order_type != "market":
        slots["order_type"] = ticket.order_type
    if ticket.tif != "DAY":
        slots["tif"] = ticket.tif
    for name in ("limit_price", "stop_price", "take_profit", "stop_loss"):
        price = getattr(ticket, name)
        if price is not None:
            slots[name] = float(price)
    if ticket.trail:
        slots["trail"] = ticket.trail if ticket.trail.endswith("%") else float(ticket.trail)
    return Order(ticket.sub or ticket.side, slots)


def _ticket(line: str, canon: Canon, context: Context) -> OpenTicket | None:
    """The ticket that is spoken of: by its code, its symbol, else the latest."""
    for ticket in reversed(context.tickets):
        if re.search(rf"\b{re.escape(ticket.id.lower())}\b", line):
            return ticket
    named = [t for t in context.tickets if t.symbol in canon.symbols]
    return (named or list(context.tickets) or [None])[-1]


def _changes(core: str, piece: Piece, other: list[str], order: Order, corrected: bool) -> bool:
    """True where the piece speaks of the standing order, not of another one."""
    frame = frame_of(core)
    if frame.kind in ("hypothetical", "advice", "third_party", "reported") or piece.parsed.condition:
        return False
    if other:
        change = corrected or _OTHER_CHANGE.match(core) is not None
        own = frame.kind == "order" and bool(frame.sub) and not corrected
        return piece.plain and change and not own and len(other) == 1
    if piece.empty or ((piece.times or piece.step) and not isinstance(order.slots.get("quantity"), int)):
        return False
    orders = re.match(r"(?:buy|sell|short|get|grab|purchase|dump|close|exit|cover|unload)\b", strip_filler(core))
    if orders is None or corrected:
        return piece.plain or bool(piece.parsed.use_recommended)
    sized = piece.step or piece.times or any(name in piece.parsed.slots for name in _SIZES)
    sized = sized or (piece.plain and _ONCE_MORE.match(strip_filler(core)))
    return bool(
        frame.sub == order.sub and not piece.side and sized and not re.search(r"\b(?:another|more|also)\b", core)
    )


def _revised(piece: Piece, other: list[str], order: Order) -> Request:
    """The whole order as it stands after the change."""
    said = {k: v for k, v in piece.parsed.slots.items() if k != "symbols"}
    slots = dict(order.slots)
    sub = piece.side or order.sub
    size = slots.get("quantity")
    if (piece.times or piece.step) and isinstance(size, int):
        said["quantity"] = max(int(size * (piece.times or 1)) + piece.step, 1)
    if piece.parsed.use_recommended or any(name in said for name in _SIZES):
        slots = {k: v for k, v in slots.items() if k not in _SIZES}
    if other or piece.side:
        slots = {k: v for k, v in slots.items() if k not in ("take_profit", "stop_loss")}
    if other:
        slots = {**{k: v for k, v in slots.items() if k not in _PRICES}, "symbols": other}
    if piece.side:
        slots["side"] = piece.side
    if "order_type" in said:
        kept = _PRICES_OF.get(str(said["order_type"]), _PRICES)
        slots = {k: v for k, v in slots.items() if k not in _PRICES or k in kept}
    elif "trail" in said:
        slots["order_type"] = "trailing"
    slots.update(said)
    if sub in ("close_position", "option_strategy"):
        slots.pop("side", None)
    parsed = piece.parsed
    sized = parsed.use_recommended or any(name in slots for name in _SIZES)
    resolved = {**({} if sized else order.implied), **parsed.resolved}
    return Request(
        "trade_execution", sub, slots, resolved, bad=parsed.bad, use_recommended=parsed.use_recommended, why=tuple(parsed.why)
    )  # fmt: skip
