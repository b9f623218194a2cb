"""One account on the simulated exchange, inside one transaction: taking an order, executing, attached children.

Executions change, together: the fill list, the order, the position at average cost, the cash, and the children.
An attached target or stop is an order of its own, `<parent>:target` and `<parent>:stop`, good till cancelled, which

- appears when the entry first fills and grows as the entry fills further,
- only ever reduces the position, and goes when there is nothing left to reduce,
- takes what it fills off its twin (one cancels other), and ends what was still open of the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from brokers.feeds.port import MarketFeed
from brokers.paper_books import AccountRow, Books, Movement, OrderRow
from brokers.paper_checks import CHILD_SUFFIXES, Situation, opening, reasons
from brokers.paper_costs import CostModel, Exposure
from brokers.paper_matching import Working, marketable
from brokers.vocabulary import Fill, Order, OrderState, OrderType, Position, Quote, Side, TimeInForce

Ids = Callable[[str, str, int], str]
"""(kind, account, number) → an id; kind is `O` for orders and `E` for executions."""
_ZERO = Decimal(0)
_COST_STEP = Decimal("0.00000001")


def settle(position: Position, side: Side, quantity: Decimal, price: Decimal, commission: Decimal) -> Position:
    """`position` after an execution, at average cost with commissions: opening parts carry them, closing parts do not.

    An execution through zero closes what there was and opens the rest at its own price, with its share of commission.
    """
    new = opening(side, quantity, position.quantity)
    held = position.quantity + side.sign * quantity
    if not new:
        return position.model_copy(update={"quantity": held, "average_cost": position.average_cost if held else _ZERO})
    kept = abs(position.quantity) if new == quantity else _ZERO
    cost = kept * position.average_cost + new * price + side.sign * commission * new / quantity
    average = (cost / (kept + new)).quantize(_COST_STEP)
    return position.model_copy(update={"quantity": held, "average_cost": average})


class Venue:
    """The exchange as one account meets it. Everything it does goes through `books`, nothing is kept after."""

    def __init__(self, books: Books, account: AccountRow, feed: MarketFeed, costs: CostModel, ids: Ids) -> None:
        self.books = books
        self.account = account
        self.feed = feed
        self.costs = costs
        self.session = account.session
        """The session that executions belong to; during a step, the one stepped into."""
        self.opens: dict[str, Decimal] = {}
        """Marks of the session stepped into, by symbol; empty while the account stands at a close."""
        self.grown: set[str] = set()
        """Children that appeared or grew since whoever matches last looked."""
        self._ids = ids

    @property
    def at(self) -> datetime:
        """The market clock: the official close of the session."""
        return self.feed.calendar.close_of(self.session)

    def accept(self, order: Order) -> OrderRow:
        """Take or reject `order` at the account's close; what the quote fills at once is filled."""
        symbol = order.instrument.symbol
        quote = self.quote(symbol)
        reason = next(reasons(order, self.situation(order)), None) or self._taken_id(order)
        row = OrderRow(
            order=order,
            broker_order_id=self._id("O"),
            epoch=self.account.epoch,
            state=OrderState.REJECTED if reason else OrderState.WORKING,
            submitted_at=self.at,
            session=self.session,
            reason=reason or "",
            working=Working(best=quote.last if quote and order.order_type is OrderType.TRAILING else None),
        )
        self.books.insert_order(row)
        if reason or quote is None:
            self.save()
            return row
        self.touch()
        reference = marketable(order, quote.bid, quote.ask)
        quantity = min(order.quantity, self.takeable(symbol))
        if reference is not None and quantity:
            row = self.execute(row, quantity, self.price(row, reference, quantity))
        self.save()
        return row

    def situation(self, order: Order) -> Situation:
        """What the checks look at."""
        symbol = order.instrument.symbol
        return Situation(
            instrument=self.feed.instrument(symbol),
            bar=self.feed.bar(symbol, self.session),
            quote=self.quote(symbol),
            currency=self.account.currency,
            position=self.books.position(self.account.name, symbol),
            free=self.excess() - self._reserved(),
            open_orders=self.open_orders(),
            costs=self.costs,
        )

    def quote(self, symbol: str) -> Quote | None:
        """The symbol's quote at the close the account stands at."""
        return self.feed.quote(symbol, self.feed.calendar.close_of(self.account.session))

    def open_orders(self, symbol: str | None = None) -> Sequence[OrderRow]:
        """Open orders as they arrived, of one symbol or of all."""
        rows = self.books.orders(self.account, open_only=True)
        return [row for row in rows if symbol is None or row.order.instrument.symbol == symbol]

    def takeable(self, symbol: str) -> Decimal:
        """What the account may still trade of the symbol in this session."""
        bar, instrument = self.feed.bar(symbol, self.session), self.feed.instrument(symbol)
        if bar is None or instrument is None:
            return _ZERO
        used = self.books.taken(self.account, symbol, self.session)
        return self.costs.takeable(bar.volume, used, instrument.lot)

    def price(self, row: OrderRow, reference: Decimal, quantity: Decimal, *, slips: bool = True) -> Decimal:
        """The price of `quantity` at `reference` in this session, on the tick and within the order's limit."""
        symbol = row.order.instrument.symbol
        bar, instrument = self.feed.bar(symbol, self.session), self.feed.instrument(symbol)
        tick = instrument.tick if instrument else row.order.instrument.tick
        volume = bar.volume if bar else 0
        return self.costs.price(
            row.order.side, reference, quantity, volume, tick, bound=row.order.limit_price, slips=slips
        )

    def execute(self, row: OrderRow, quantity: Decimal, price: Decimal) -> OrderRow:
        """Fill `quantity` of `row` at `price` and carry it through the books. Returns the order as it stands then."""
        order, side = row.order, row.order.side
        commission = self.costs.commission(quantity, before=row.filled, charged=row.commission)
        fill = Fill(
            execution_id=self._id("E"),
            client_order_id=row.id,
            account=self.account.name,
            symbol=order.instrument.symbol,
            side=side,
            quantity=quantity,
            price=price,
            commission=commission,
            at=self.at,
        )
        self.books.add_fill(fill, self.account.epoch, self.session)
        held = self.books.position(self.account.name, fill.symbol)
        self.books.put_position(settle(held, side, quantity, price, commission))
        self.account = replace(self.account, cash=self.account.cash - side.sign * quantity * price - commission)
        filled = row.filled + quantity
        row = replace(
            row,
            filled=filled,
            state=OrderState.FILLED if filled >= order.quantity else OrderState.PARTLY_FILLED,
            notional=row.notional + quantity * price,
            commission=row.commission + commission,
        )
        self.books.update_order(row)
        self.touch()
        if row.parent is None:
            self._attach(row, quantity)
        else:
            self._take_off_twin(row, quantity)
        self.drop_idle(fill.symbol)
        return row

    def end(self, row: OrderRow, reason: str) -> OrderRow:
        """Cancel what is open of `row`."""
        row = replace(row, state=OrderState.CANCELLED, reason=reason)
        self.books.update_order(row)
        self.touch()
        if row.parent is None:
            self.drop_idle(row.order.instrument.symbol)
        return row

    def reducible(self, row: OrderRow) -> Decimal | None:
        """What a sell or an attached child has left to reduce; None for orders that may open."""
        if row.parent is None and row.order.side is not Side.SELL:
            return None
        held = self.books.position(self.account.name, row.order.instrument.symbol).quantity
        return max(-row.order.side.sign * held, _ZERO)

    def affordable(self, row: OrderRow, quantity: Decimal, price: Decimal) -> bool:
        """True where the equity carries `quantity` at `price` now; closing is always allowed."""
        held = self.books.position(self.account.name, row.order.instrument.symbol).quantity
        new = opening(row.order.side, quantity, held)
        if not new or row.parent is not None:
            return True
        commission = self.costs.commission(quantity, before=row.filled, charged=row.commission)
        needed = self.costs.requirement(row.order.side, new, price) - self.costs.commission(new) + commission
        return needed <= self.excess()

    def excess(self) -> Decimal:
        """Equity that no position ties up, at the marks of the session."""
        held = self.books.positions(self.account.name)
        return self.costs.excess(self.account.cash, (Exposure(p.quantity, self._mark(p)) for p in held))

    def move(self, kind: str, symbol: str = "", *, amount: Decimal = _ZERO, quantity: Decimal = _ZERO) -> None:
        """Record cash or shares that came or went without a trade, and change the cash by it."""
        name = self.account.name
        movement = Movement(
            account=name, session=self.session, kind=kind, symbol=symbol, amount=amount, quantity=quantity
        )
        self.books.add_movement(movement, self.account.epoch)
        self.account = replace(self.account, cash=self.account.cash + amount)
        self.touch()

    def touch(self) -> None:
        """Something happened in this session that the clock must not go back behind."""
        self.account = replace(self.account, active_on=self.session)

    def save(self) -> None:
        """Write the account's own row."""
        self.books.put_account(self.account)

    def _id(self, kind: str) -> str:
        self.account = replace(self.account, sequence=self.account.sequence + 1)
        return self._ids(kind, self.account.name, self.account.sequence)

    def _taken_id(self, order: Order) -> str | None:
        if order.take_profit is None and order.stop_loss is None:
            return None
        taken = any(self.books.order(order.client_order_id + suffix) for suffix in CHILD_SUFFIXES)
        return "The ids of the attached orders are already in the books." if taken else None

    def _mark(self, position: Position) -> Decimal:
        if position.symbol in self.opens:
            return self.opens[position.symbol]
        quote = self.quote(position.symbol)
        return quote.last if quote else position.average_cost

    def _reserved(self) -> Decimal:
        """What the open orders that open positions would tie up, each at its own price or today's quote."""
        held = {p.symbol: p.quantity for p in self.books.positions(self.account.name)}
        total = _ZERO
        for row in self.open_orders():
            order, symbol = row.order, row.order.instrument.symbol
            if row.parent is not None or order.side is Side.SELL:
                continue
            quote = self.quote(symbol)
            price = order.limit_price or order.stop_price or row.working.best or (quote.ask if quote else _ZERO)
            new = opening(order.side, row.remaining, held.get(symbol, _ZERO))
            held[symbol] = held.get(symbol, _ZERO) + order.side.sign * row.remaining
            total += self.costs.requirement(order.side, new, price) if new else _ZERO
        return total

    def _attach(self, entry: OrderRow, quantity: Decimal) -> None:
        prices = (entry.order.take_profit, entry.order.stop_loss)
        for suffix, price in zip(CHILD_SUFFIXES, prices, strict=True):
            if price is None:
                continue
            child = self.books.order(entry.id + suffix)
            if child is None:
                self.books.insert_order(self._child(entry, suffix, price, quantity))
            elif child.state.is_open:
                self.books.update_order(_resized(child, child.order.quantity + quantity))
            self.grown.add(entry.id + suffix)

    def _child(self, entry: OrderRow, suffix: str, price: Decimal, quantity: Decimal) -> OrderRow:
        is_target = suffix == ":target"
        order = Order(
            client_order_id=entry.id + suffix,
            account=entry.order.account,
            instrument=entry.order.instrument,
            side=Side.SELL if entry.order.side is Side.BUY else Side.BUY,
            quantity=quantity,
            order_type=OrderType.LIMIT if is_target else OrderType.STOP,
            limit_price=price if is_target else None,
            stop_price=None if is_target else price,
            tif=TimeInForce.GTC,
        )
        return OrderRow(
            order=order,
            broker_order_id=self._id("O"),
            epoch=self.account.epoch,
            state=OrderState.WORKING,
            submitted_at=self.at,
            session=self.session,
            parent=entry.id,
        )

    def _take_off_twin(self, child: OrderRow, quantity: Decimal) -> None:
        entry = self.books.order(child.parent or "")
        if entry is not None and entry.state.is_open:
            self.end(entry, "Its attached target or stop was reached.")
        for suffix in CHILD_SUFFIXES:
            twin = self.books.order(f"{child.parent}{suffix}")
            if twin is None or twin.id == child.id or not twin.state.is_open:
                continue
            left = twin.order.quantity - quantity
            if left > twin.filled:
                self.books.update_order(_resized(twin, left))
            else:
                self.end(twin, "One cancels other: its twin filled.")

    def drop_idle(self, symbol: str) -> None:
        """Cancel children that have nothing left to reduce, unless their entry can still fill."""
        for row in self.open_orders(symbol):
            if row.parent is None or self.reducible(row):
                continue
            entry = self.books.order(row.parent)
            if entry is None or not entry.state.is_open:
                self.end(row, "Nothing is left to reduce.")


def _resized(row: OrderRow, quantity: Decimal) -> OrderRow:
    return replace(row, order=row.order.model_copy(update={"quantity": quantity}))
