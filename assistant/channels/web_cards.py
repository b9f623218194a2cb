"""Which picture the page shows for a value, and the plain JSON that picture is drawn from.

A picture is a custom element: a file `public/elements/NAME.jsx` and its properties. Properties come from typed
values alone (decimals as strings, instants in ISO 8601), and are drawn as text, so no value can carry markup.
A value without a picture of its own is shown as a table of its facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from assistant.channels import (
    sheet_book,
    sheet_forecast,
    sheet_market,
    sheet_news,
    sheet_risk,
    sheet_shown,
    sheet_signals,
)
from assistant.channels.sheet import Sheet, of_value
from assistant.events import Card, Failed, Notice
from tools.catalogue_account import HealthResult, HelpResult, LimitsResult, RiskResult, StressResult, WhatIfResult
from tools.catalogue_market import QuotesResult, RegimeResult
from tools.catalogue_signals import RecordResult, SignalExplanation, SignalReport, SourcesResult
from tools.context import Offer
from tools.execution.refusal import RefusalView
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

Props = dict[str, object]


@dataclass(frozen=True)
class Picture:
    """A custom element: the name of its file and the JSON it is drawn from."""

    name: str
    props: Props


def of_ticket(ticket: TicketView, *, armed: bool = False) -> Picture:
    """The order ticket; `armed` once the first of two deliberate clicks was made (live mode)."""
    return Picture("TicketCard", {**_json(ticket), "armed": armed})


def of_refusal(refusal: RefusalView) -> Picture:
    """A refused order: its reasons and the nearest order that would pass."""
    return Picture("RefusalCard", _json(refusal))


def of_notice(event: Notice | Failed) -> Picture:
    """A line beside the answer: information, a warning, or what could not be done and what to do next."""
    match event:
        case Notice():
            return Picture("NoticeBar", {"level": event.level, "text": event.text, "fix": ""})
        case Failed():
            return Picture("NoticeBar", {"level": "error", "text": event.text, "fix": event.fix})


def of_card(card: Card) -> Picture | None:
    """The picture of a tool's result, chosen by the type of its value; None where the words alone say it."""
    match card.value:
        case Offer():
            return None
        case SignalExplanation():
            return Picture("SignalCard", sheet_signals.explained(card.value))
        case SignalReport():
            return Picture("SignalCard", sheet_signals.report(card.value))
        case ForecastResult():
            return Picture("ForecastCard", sheet_forecast.card(card.value))
        case HelpResult():
            return Picture("HelpCard", _json(card.value))
        case value:
            return Picture("FiguresCard", sheet(value).props())


def sheet(value: BaseModel) -> Sheet:
    """A result as headed figures and tables."""
    match value:
        case PositionsResult():
            return sheet_book.positions(value)
        case CashResult():
            return sheet_book.cash(value)
        case PnlResult():
            return sheet_book.pnl(value)
        case OrdersResult():
            return sheet_book.orders(value)
        case PerformanceResult():
            return sheet_book.performance(value)
        case SyncResult():
            return sheet_book.sync(value)
        case HealthResult():
            return sheet_book.health(value)
        case RiskResult():
            return sheet_risk.risk(value)
        case WhatIfResult():
            return sheet_risk.what_if(value)
        case LimitsResult():
            return sheet_risk.limits(value)
        case StressResult():
            return sheet_risk.stress(value)
        case QuotesResult():
            return sheet_market.quotes(value)
        case RecordResult():
            return sheet_signals.record(value)
        case ShownScores():
            return sheet_shown.shown(value)
        case SourcesResult():
            return sheet_signals.sources(value)
        case RegimeResult():
            return sheet_signals.regime(value)
        case StatisticResult():
            return sheet_market.statistic(value)
        case HistoryResult():
            return sheet_market.history(value)
        case NewsResult():
            return sheet_news.news(value)
        case ForecastResult():
            return sheet_forecast.forecast(value)
        case RankedSignals():
            return sheet_signals.ranked(value)
        case CompareResult():
            return sheet_market.compare(value)
        case _:
            return of_value(value)


def superseded(props: Mapping[str, object], by: str) -> Props:
    """A ticket's properties once a revision replaced it."""
    if props.get("status") != TicketStatus.PROPOSED.value:
        return dict(props)
    return {**props, "status": TicketStatus.VOID.value, "why": f"Replaced by ticket {by}."}


def _json(value: BaseModel) -> Props:
    return value.model_dump(mode="json")
