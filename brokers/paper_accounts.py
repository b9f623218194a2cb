"""Opening, clearing and auditing the simulated exchange's accounts, and the report of a step of their clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from brokers.feeds.port import Calendar, MarketFeed
from brokers.paper_books import AccountRow, Books, Movement
from brokers.paper_venue import Venue
from brokers.vocabulary import BadInput, CorporateAction, Fill, Position, Value

Opening = tuple[str, Decimal, Decimal]
"""A position an account starts with: symbol, signed quantity, cost a share."""
_MOST = Decimal(10) ** 15
_NAME_LENGTH = 64


class AdvanceReport(Value):
    """What happened while an account's clock was stepped."""

    account: str
    started: date
    """The session the account stood at before."""
    session: date
    """The session it stands at now."""
    sessions: tuple[date, ...] = ()
    """Every session stepped into, in order."""
    fills: tuple[Fill, ...] = ()
    actions: tuple[CorporateAction, ...] = ()
    movements: tuple[Movement, ...] = ()
    ended: tuple[str, ...] = ()
    """Client order ids that expired or were cancelled by the exchange."""
    at_end: bool = False
    """True when the data holds no later session: the replay has come to its end."""


def session_of(calendar: Calendar, day: date) -> date:
    """The last session on or before `day`. Raises `BadInput` when the data starts later."""
    session = calendar.on_or_before(day)
    if session is None:
        raise BadInput(f"The data starts on {calendar.first()}.", fix="Choose that day or a later one.")
    return session


def check_opening(feed: MarketFeed, name: str, cash: Decimal, positions: Sequence[Opening], currency: str) -> None:
    """Raise `BadInput` for what no account can start with."""
    if not name.strip() or not name.isprintable() or len(name) > _NAME_LENGTH:
        raise BadInput(f"An account name is 1 to {_NAME_LENGTH} printable characters.")
    if not cash.is_finite() or not 0 <= cash <= _MOST:
        raise BadInput("The opening cash must be a number from 0 to 10^15.")
    if len({symbol for symbol, _, _ in positions}) != len(positions):
        raise BadInput("An opening position is named twice.", fix="Give each symbol once.")
    for symbol, quantity, price in positions:
        instrument = feed.instrument(symbol)
        if instrument is None:
            raise BadInput(f"{symbol} is not known here.", fix="Leave it out, or import its bars first.")
        if instrument.currency != currency:
            raise BadInput(f"{symbol} trades in {instrument.currency}, the account is in {currency}.")
        if not quantity.is_finite() or not 0 < abs(quantity) <= _MOST or quantity % instrument.lot:
            raise BadInput(f"The opening quantity of {symbol} must be a multiple of {instrument.lot}, not zero.")
        if not price.is_finite() or not 0 < price <= _MOST:
            raise BadInput(f"The opening cost of {symbol} must be above zero.")


def found(books: Books, row: AccountRow, positions: Sequence[Opening]) -> None:
    """Write a new account, its deposit and its opening positions (which cost it nothing)."""
    books.put_account(row)
    books.add_movement(Movement(account=row.name, session=row.session, kind="deposit", amount=row.cash), row.epoch)
    for symbol, quantity, price in positions:
        books.put_position(Position(account=row.name, symbol=symbol, quantity=quantity, average_cost=price))
        opening = Movement(
            account=row.name, session=row.session, kind="opening", symbol=symbol, quantity=quantity, price=price
        )
        books.add_movement(opening, row.epoch)


def clear(venue: Venue, reason: str) -> AccountRow:
    """Cancel an account's open orders and forget its positions; returns its row as it stands."""
    for row in venue.open_orders():
        venue.end(row, reason)
    venue.books.clear_positions(venue.account.name)
    return venue.account


def adds_up(books: Books, account: AccountRow) -> bool:
    """True when cash and shares are exactly what movements and fills add up to. Reads every row of the account."""
    books.orders(account)
    movements, fills = books.movements(account), books.fills(account)
    cash = sum((movement.amount for movement in movements), Decimal(0))
    cash -= sum((fill.side.sign * fill.quantity * fill.price + fill.commission for fill in fills), Decimal(0))
    changes = [(movement.symbol, movement.quantity) for movement in movements]
    changes += [(fill.symbol, fill.side.sign * fill.quantity) for fill in fills]
    shares: dict[str, Decimal] = {}
    for symbol, quantity in changes:
        shares[symbol] = shares.get(symbol, Decimal(0)) + quantity
    held = {position.symbol: position.quantity for position in books.positions(account.name)}
    return cash == account.cash and {symbol: quantity for symbol, quantity in shares.items() if quantity} == held
