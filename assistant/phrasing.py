"""Plain sentences from typed results: what the offline router says, and what stands in for a model that failed.

Every figure comes straight from the value it is phrased from, so each traces to what a tool returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import BaseModel

from assistant.phrasing_book import (
    phrase_cash,
    phrase_limits,
    phrase_orders,
    phrase_performance,
    phrase_pnl,
    phrase_positions,
    phrase_risk,
    phrase_stress,
    phrase_what_if,
)
from assistant.phrasing_forecast import phrase_forecast
from assistant.phrasing_market import (
    phrase_compare,
    phrase_history,
    phrase_quotes,
    phrase_regime,
    phrase_statistic,
)
from assistant.phrasing_news import phrase_news
from assistant.phrasing_preferences import phrase_preferences
from assistant.phrasing_shown import phrase_shown
from assistant.phrasing_signals import (
    phrase_explanation,
    phrase_flips,
    phrase_ranked,
    phrase_record,
    phrase_report,
    phrase_sources,
)
from assistant.phrasing_words import amount, price
from tools.catalogue_account import HealthResult, HelpResult, LimitsResult, RiskResult, StressResult, WhatIfResult
from tools.catalogue_market import QuotesResult, RegimeResult
from tools.catalogue_preferences import PreferencesResult
from tools.catalogue_signals import RecordResult, SignalExplanation, SignalFlips, SignalReport, SourcesResult
from tools.context import Offer
from tools.execution.proposer import Proposal
from tools.execution.refusal import RefusalView
from tools.execution.release import Released
from tools.execution.ticket import TicketStatus, TicketView
from tools.market.compare import CompareResult
from tools.market.forecast import ForecastResult
from tools.market.history import HistoryResult
from tools.market.news import NewsResult
from tools.market.statistics import StatisticResult
from tools.performance.account import PerformanceResult
from tools.performance.shown_calls import ShownScores
from tools.portfolio.results import CashResult, OrdersResult, PnlResult, PositionsResult, SyncResult
from tools.signals.signal import RankedSignals


def phrase_all(values: Sequence[tuple[str, BaseModel]]) -> str:
    """Every result of a turn, a paragraph each."""
    return "\n\n".join(said for _, value in values if (said := phrase(value)))


def phrase(value: BaseModel) -> str:  # one arm per kind of result, each a single call
    """One result in plain sentences."""
    match value:
        case QuotesResult():
            return phrase_quotes(value)
        case StatisticResult():
            return phrase_statistic(value)
        case HistoryResult():
            return phrase_history(value)
        case CompareResult():
            return phrase_compare(value)
        case RegimeResult():
            return phrase_regime(value)
        case NewsResult():
            return phrase_news(value)
        case ForecastResult():
            return phrase_forecast(value)
        case SignalExplanation():
            return phrase_explanation(value)
        case SignalFlips():
            return phrase_flips(value)
        case SignalReport():
            return phrase_report(value)
        case RankedSignals():
            return phrase_ranked(value)
        case RecordResult():
            return phrase_record(value)
        case ShownScores():
            return phrase_shown(value)
        case SourcesResult():
            return phrase_sources(value)
        case Proposal():
            return phrase_proposal(value)
        case Offer():
            return ""  # the conversation says what came of it
        case _:
            return _book(value)


def _book(value: BaseModel) -> str:
    match value:
        case PositionsResult():
            return phrase_positions(value)
        case CashResult():
            return phrase_cash(value)
        case PnlResult():
            return phrase_pnl(value)
        case OrdersResult():
            return phrase_orders(value)
        case PerformanceResult():
            return phrase_performance(value)
        case SyncResult():
            return _sync(value)
        case RiskResult():
            return phrase_risk(value)
        case WhatIfResult():
            return phrase_what_if(value)
        case LimitsResult():
            return phrase_limits(value)
        case PreferencesResult():
            return phrase_preferences(value)
        case StressResult():
            return phrase_stress(value)
        case HelpResult():
            return _help(value)
        case HealthResult():
            return _health(value)
        case _:
            return ""


def _sync(value: SyncResult) -> str:
    if value.differences:
        return f"Ledger and broker differ, so new orders are refused: {'; '.join(value.differences)}."
    return f"Ledger and broker agree on every position, the cash and {value.fills} fills of {value.account}."


def _help(value: HelpResult) -> str:
    lines = [f"- **{subject}**: {' · '.join(f'“{say}”' for say in examples)}" for subject, examples in value.examples]
    return (
        "I read signals, markets, your positions and your risk, and prepare sized orders. "
        "I never send one: an order leaves only when you confirm its ticket. Try:\n\n" + "\n".join(lines)
    )


def _health(value: HealthResult) -> str:
    books = "the ledger and the broker agree" if value.reconciled else f"NOT reconciled: {'; '.join(value.differences)}"
    missing = f" Degraded: {', '.join(value.degraded)}." if value.degraded else " Nothing is degraded."
    return f"{value.account}: {books}. Data reaches to {value.data_through:%Y-%m-%d}. {value.data_note}{missing}"


def phrase_proposal(value: Proposal) -> str:
    """A new ticket, or the refusal with the order that would pass."""
    if value.refusal is not None:
        return " ".join(said for said in (value.note, phrase_refusal(value.refusal)) if said)
    if value.ticket is None:
        return ""
    ticket = value.ticket
    lead = (
        f"Ticket **{ticket.id}** takes the place of {value.replaced.id}"
        if value.replaced
        else f"Ticket **{ticket.id}**"
    )
    said = [
        f"{lead}: {order_words(ticket)}, about {amount(ticket.notional)} "
        f"plus {amount(ticket.expected_commission)} commission, on {ticket.account} ({ticket.mode.value}).",
        f"Quote {price(ticket.bid)} / {price(ticket.ask)} of {ticket.quoted_at:%Y-%m-%d} ({ticket.quote_freshness}).",
    ]
    if ticket.fill_now < ticket.quantity and ticket.order_type.value == "market":
        said.append(f"{ticket.fill_now} fill at once; the rest waits for the next session.")
    if not ticket.reducing:
        said.append(_recommended(ticket))
    if value.note:
        said.append(value.note)
    said.append("Say “confirm” to release exactly this, or “cancel”.")
    return " ".join(said)


def _recommended(ticket: TicketView) -> str:
    if ticket.recommended_quantity is None:
        return ""
    if ticket.recommended_quantity == ticket.quantity:
        return f"That is the recommended size ({ticket.sizing})."
    return f"The recommended size is {ticket.recommended_quantity:,} ({ticket.sizing})."


def order_words(ticket: TicketView) -> str:
    """An order in a trader's words: "buy 40 AAPL limit 187.20 DAY, target 200"."""
    words = [ticket.side.value, f"{ticket.quantity:,}", ticket.symbol, ticket.order_type.value.replace("_", "-")]
    if ticket.stop_price is not None:
        words.append(f"stop {price(ticket.stop_price)}")
    if ticket.limit_price is not None:
        words.append(price(ticket.limit_price))
    if ticket.trail is not None:
        words.append(f"trail {ticket.trail}")
    words.append(ticket.tif.value)
    attached = [f"{child['kind'].replace('_', ' ')} {child['price']}" for child in ticket.attached]
    return ", ".join([" ".join(words), *attached])


def phrase_refusal(value: RefusalView) -> str:
    """Why an order was refused and what would pass."""
    reasons = "\n".join(f"- {reason.text} (`{reason.control}`)" for reason in value.reasons)
    where = "when it was about to be sent; the consent is spent" if value.stage == "send" else "and no ticket was made"
    said = f"The gate refused {value.side.value} {value.quantity} {value.symbol} {where}:\n{reasons}"
    nearest = value.alternative
    if nearest is None:
        return f"{said}\n\nNo size of this order passes."
    return f"{said}\n\nWhat would pass: **{nearest.words()}** — say it to have it prepared."


_ENDED = {
    TicketStatus.VOID: "is void",
    TicketStatus.EXPIRED: "has expired",
    TicketStatus.CANCELLED: "was cancelled",
    TicketStatus.REJECTED: "was rejected by the broker",
}


def phrase_released(value: Released) -> str:
    """What came of a consent."""
    if value.refusal is not None:
        return phrase_refusal(value.refusal)
    ticket = value.ticket
    name = f"{ticket.side.value} {ticket.quantity:,} {ticket.symbol}"
    match ticket.status:
        case TicketStatus.FILLED:
            charged = amount(ticket.commission or Decimal(0))
            return f"Filled: {name} at {_average(ticket)}, commission {charged} ({ticket.id})."
        case TicketStatus.PARTLY_FILLED:
            return (
                f"Sent: {name}. {ticket.filled:,} filled at {_average(ticket)}, "
                f"{ticket.quantity - ticket.filled:,} still working ({ticket.id})."
            )
        case TicketStatus.WORKING:
            return f"Sent and working: {order_words(ticket)} ({ticket.id})."
        case TicketStatus.UNKNOWN:
            return (
                f"Ticket {ticket.id} ({name}) may or may not be at the broker: {ticket.why}. Its capital stays "
                "reserved and nothing is sent again until the broker's books say."
            )
        case status:
            why = f": {ticket.why}" if ticket.why else ""
            return f"Ticket {ticket.id} ({name}) {_ENDED.get(status, status.value)}{why}. Nothing was sent."


def _average(ticket: TicketView) -> str:
    return "no price" if ticket.average_price is None else price(ticket.average_price)
