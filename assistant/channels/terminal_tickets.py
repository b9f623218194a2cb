"""Tickets, refusals and the standing of the account, drawn for a terminal.

A ticket panel shows the ticket's own figures and nothing worked out anew: what is on the screen is what a yes releases.
The mode is always told in words, never by colour alone.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from rich.console import Group, RenderableType
from rich.text import Text as Styled

from assistant.channels.terminal_layout import Pair, frame, pairs
from assistant.channels.terminal_text import instant, number, one_line, signed
from assistant.events import Header
from brokers.vocabulary import Leg, Mode
from tools.execution.refusal import AlternativeView, RefusalView
from tools.execution.ticket import TicketStatus, TicketView
from tools.risk.reasons import Reason

_GOOD = frozenset({TicketStatus.FILLED, TicketStatus.WORKING, TicketStatus.PARTLY_FILLED})
_BAD = frozenset({TicketStatus.REJECTED, TicketStatus.REFUSED, TicketStatus.UNKNOWN, TicketStatus.VOID})


def order_words(order: TicketView | AlternativeView) -> str:
    """The order in one line: "BUY 40 AAPL limit 187.20 DAY"."""
    told = [order.side.value.upper(), number(order.quantity), one_line(order.symbol)]
    told.append(order.order_type.value.replace("_", "-"))
    # One price needs no name: "limit 187.20", "stop 180.00"; two are told apart: "stop-limit 180.00 then 179.50".
    told.append(" then ".join(number(price) for price in (order.stop_price, order.limit_price) if price is not None))
    told.append(f"by {one_line(order.trail)}" if order.trail is not None else "")
    told.append(order.tif.value)
    return " ".join(part for part in told if part)


def ticket_panel(ticket: TicketView, now: datetime, *, alone: bool, plain: bool) -> RenderableType:
    """The whole ticket, with the keys that release or drop it while it is open.

    `now` is the wall clock; `alone` is True while no other ticket is open, when no code has to be typed.
    """
    live = ticket.mode is Mode.LIVE
    title = f"Ticket {one_line(ticket.id)} · {ticket.mode.value.upper()}{' · REAL MONEY' if live else ''}"
    body = Group(
        Styled(order_words(ticket), style="bold"),
        Styled(""),
        pairs(_ticket_rows(ticket, now)),
        Styled(""),
        _keys(ticket, alone=alone, live=live),
    )
    return frame(title, body, plain=plain, style="bold red" if live else "yellow")


def _ticket_rows(ticket: TicketView, now: datetime) -> list[Pair]:
    rows: list[Pair] = [
        ("account", f"{one_line(ticket.account)} ({ticket.mode.value})"),
        *((f"leg {place}", _leg(leg)) for place, leg in enumerate(ticket.legs, start=1)),
        ("quote", f"bid {number(ticket.bid)} / ask {number(ticket.ask)}"),
        ("quoted", f"{instant(ticket.quoted_at)}, {one_line(ticket.quote_source)}, {one_line(ticket.quote_freshness)}"),
        ("expected", f"{number(ticket.expected_price)} a unit, commission {number(ticket.expected_commission)}"),
        ("fills now", f"{number(ticket.fill_now)} of {number(ticket.quantity)}"),
        ("notional", number(ticket.notional)),
        ("most it can lose", "no stop bounds it" if ticket.max_loss is None else number(ticket.max_loss)),
        *((one_line(child.get("kind", "")).replace("_", " "), _price(child.get("price"))) for child in ticket.attached),
    ]
    if ticket.recommended_quantity is not None:
        differs = ticket.recommended_quantity != ticket.quantity
        rows.append(("recommended", f"{number(ticket.recommended_quantity)}{' (not this size)' if differs else ''}"))
    if ticket.sizing:
        rows.append(("sizing", one_line(ticket.sizing)))
    if ticket.reducing:
        rows.append(("effect", "only reduces the position"))
    if ticket.replaces:
        rows.append(("replaces", f"{one_line(ticket.replaces)}, which is void"))
    rows.append(("expires", f"{instant(ticket.expires_at)}, {_left(ticket.expires_at, now)}"))
    rows.append(("digest", ticket.digest[:16]))
    return rows


def _keys(ticket: TicketView, *, alone: bool, live: bool) -> Styled:
    if ticket.status is not TicketStatus.PROPOSED:
        return Styled(f"{ticket.status.value.replace('_', ' ')}: nothing to confirm", style="dim")
    then = " (then type the order or its code)" if live else ""
    if alone:
        return Styled(f"[c]onfirm{then} / [x] cancel", style="bold")
    code = one_line(ticket.id)
    return Styled(f"several are open: c {code} confirms{then} / x {code} cancels", style="bold")


def _leg(leg: Leg) -> str:
    parts = (leg.action.value, str(leg.ratio), one_line(leg.symbol), leg.expiry, leg.strike, leg.right)
    return " ".join(number(part) if isinstance(part, Decimal) else str(part) for part in parts if part is not None)


def _left(expires_at: datetime, now: datetime) -> str:
    seconds = int((expires_at - now).total_seconds())
    if seconds <= 0:
        return "expired"
    minutes, seconds = divmod(seconds, 60)
    return f"in {minutes} min {seconds:02d} s" if minutes else f"in {seconds} s"


def standing_line(ticket: TicketView) -> Styled:
    """One line on what became of a ticket."""
    style = "green" if ticket.status in _GOOD else "red" if ticket.status in _BAD else "yellow"
    said = f"Ticket {one_line(ticket.id)} {ticket.status.value.replace('_', ' ')}: {order_words(ticket)}"
    if ticket.filled:
        said += f"; {number(ticket.filled)} filled"
        said += "" if ticket.average_price is None else f" at {number(ticket.average_price)}"
        said += "" if ticket.commission is None else f", commission {number(ticket.commission)}"
    if ticket.why:
        said += f". {one_line(ticket.why)}"
    return Styled(said, style=style)


def refusal_panel(refusal: RefusalView, *, plain: bool) -> RenderableType:
    """Every reason, the figures behind each, and the nearest order that would pass."""
    parts: list[RenderableType] = []
    for reason in refusal.reasons:
        parts.append(Styled(f"• {one_line(reason.text)}"))
        parts.append(Styled(f"  {_figures(reason)}", style="dim"))
    parts += [Styled(""), _alternative(refusal.alternative)]
    asked = f"{refusal.side.value.upper()} {one_line(refusal.quantity)} {one_line(refusal.symbol)}"
    title = f"{asked} refused at the {refusal.stage}: nothing was sent"
    return frame(title, Group(*parts), plain=plain, style="red")


def _figures(reason: Reason) -> str:
    unit = one_line(reason.unit)
    told = [one_line(reason.control)]
    told += [f"this order: {_price(reason.value)}"] if reason.value else []
    told += [f"limit: {_price(reason.limit)}"] if reason.limit else []
    return " · ".join(told) + (f" ({unit})" if unit and len(told) > 1 else "")


def _alternative(nearest: AlternativeView | None) -> Styled:
    if nearest is None:
        return Styled("No size of this order would pass.")
    line = Styled(f"What would pass: {order_words(nearest)}", style="bold")
    return line.append(f"\nSay “{one_line(nearest.words())}”.", style="not bold dim")


def _price(value: object) -> str:
    """A figure given as text, as a figure; anything else as it is."""
    try:
        return number(Decimal(str(value)))
    except InvalidOperation:
        return one_line(str(value))


def status_line(header: Header, width: int) -> str:
    """The account's standing in at most `width` columns: shorter words first, then the least important parts dropped.

    The mode is never dropped; the gate, where it is not open, goes last before it.
    """
    currency = one_line(header.currency)
    place = f"{header.mode.upper()} {one_line(header.account)}"
    day, gate = f"day {signed(header.day_pnl)}", f"gate {one_line(header.gate)}"
    data = f"{one_line(header.data_as_of)}, {one_line(header.freshness)}"
    missing = f"without {', '.join(one_line(part) for part in header.degraded)}" if header.degraded else ""
    long = [place, f"equity {number(header.equity)} {currency}", day, gate, f"data {data}", missing]
    short = [place, number(header.equity), day, gate, data, "degraded" if missing else ""]
    # Which part goes first when even the short words are too many: data, degraded, day, equity, gate.
    shorter = [[part for at, part in enumerate(short) if at not in (4, 5, 2, 1, 3)[:drop]] for drop in range(6)]
    for parts in (long, short, *shorter):
        line = " · ".join(part for part in parts if part)
        if len(line) <= width:
            return line
    return place[: max(width - 1, 0)] + "…"


def status_rows(header: Header) -> list[Pair]:
    """Everything the header says, one pair a line."""
    currency = one_line(header.currency)
    rows: list[Pair] = [
        ("person", one_line(header.person)),
        ("account", f"{one_line(header.account)} ({one_line(header.mode)})"),
        ("equity", f"{number(header.equity)} {currency}"),
        ("cash", f"{number(header.cash)} {currency}"),
        ("day's profit and loss", f"{signed(header.day_pnl)} {currency}"),
        ("gate", one_line(header.gate)),
        ("data", f"{one_line(header.data_as_of)}, {one_line(header.freshness)}"),
    ]
    if header.market_note:
        rows.append(("market", one_line(header.market_note)))
    if header.degraded:
        rows.append(("degraded", ", ".join(one_line(part) for part in header.degraded)))
    return rows
