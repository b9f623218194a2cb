"""What the page is given to draw: typed values as plain JSON, nothing rounded, nothing left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

import pytest
from pydantic import BaseModel

from assistant.channels.sheet import Kind
from assistant.channels.web import PROJECT
from assistant.channels.web_cards import Picture, of_card, of_notice, of_refusal, of_ticket, superseded
from assistant.events import Card, Failed, Notice
from brokers.vocabulary import Mode, OrderType, Side, TimeInForce
from tools.catalogue_account import HelpResult
from tools.context import Offer
from tools.execution.refusal import AlternativeView, RefusalView
from tools.execution.ticket import TicketStatus, TicketView
from tools.portfolio.results import PositionRow, PositionsResult
from tools.risk.reasons import Reason

AT = datetime(2023, 6, 27, 20, tzinfo=UTC)


def ticket(status: TicketStatus = TicketStatus.PROPOSED) -> TicketView:
    return TicketView(
        id="K7Q2",
        status=status,
        side=Side.BUY,
        symbol="AAPL",
        quantity=40,
        order_type=OrderType.LIMIT,
        limit_price=Decimal("187.20"),
        stop_price=None,
        trail=None,
        tif=TimeInForce.DAY,
        legs=(),
        attached=({"kind": "stop_loss", "price": "178.10"},),
        notional=Decimal("7488.00"),
        max_loss=Decimal("364.00"),
        recommended_quantity=22,
        mode=Mode.VIRTUAL,
        account="V1",
        digest="a" * 64,
        expires_at=AT,
        expected_price=Decimal("187.20"),
        expected_commission=Decimal("1.00"),
        fill_now=0,
        bid=Decimal("187.20"),
        ask=Decimal("187.28"),
        quoted_at=AT,
        quote_source="sample market",
        quote_freshness="sample",
        sizing="risk per trade",
        reducing=False,
        replaces=None,
    )


def positions() -> PositionsResult:
    row = PositionRow(
        symbol="AAPL",
        name="Apple",
        quantity=Decimal(22),
        average_cost=Decimal("187.3554"),
        price=Decimal("187.24"),
        value=Decimal("4119.28"),
        unrealized=Decimal("-2.54"),
        unrealized_percent=None,
        weight_percent=Decimal("4.12"),
        day_change=Decimal("60.50"),
    )
    return PositionsResult(
        account="V1",
        mode="virtual",
        currency="USD",
        as_of=AT,
        source="sample market",
        freshness="sample",
        rows=(row,),
        equity=Decimal("99997.46"),
        gross=Decimal("4119.28"),
    )


def refusal() -> RefusalView:
    return RefusalView(
        stage="proposal",
        symbol="AAPL",
        side=Side.BUY,
        quantity="500",
        reasons=(Reason(control="order_notional", text="too large", value="93655", limit="25000", unit="USD"),),
        alternative=AlternativeView(
            side=Side.BUY,
            symbol="AAPL",
            quantity=106,
            order_type=OrderType.MARKET,
            limit_price=None,
            stop_price=None,
            trail=None,
            tif=TimeInForce.DAY,
            attached=(),
            mode=Mode.VIRTUAL,
            account="V1",
        ),
    )


def test_a_ticket_reaches_the_page_field_for_field() -> None:
    """The card is drawn from the ticket's own bytes: what is released is what was on the screen."""
    drawn = of_ticket(ticket()).props
    assert {**drawn, "armed": None} == {**ticket().model_dump(mode="json"), "armed": None}
    assert drawn["limit_price"] == "187.20"


@pytest.mark.parametrize("status", list(TicketStatus))
def test_a_replaced_ticket_dies_on_the_page_unless_it_has_an_end_of_its_own(status: TicketStatus) -> None:
    """A revision makes the old card dead; one that filled in between must not be painted void."""
    shown = superseded(of_ticket(ticket(status)).props, "M3XY")
    assert shown["status"] == ("void" if status is TicketStatus.PROPOSED else status.value)


def test_a_refusal_carries_every_reason_and_the_order_that_would_pass() -> None:
    """A refusal without its figures or its way on would be a dead end."""
    drawn = of_refusal(refusal()).props
    assert drawn == refusal().model_dump(mode="json")


def test_amounts_keep_every_digit_and_what_is_unknown_stays_unknown() -> None:
    """Rounding belongs to the screen; a missing figure is shown as missing, not as zero."""
    picture = of_card(Card(tool="get_positions", value=positions()))
    assert picture is not None
    table = cast("list[dict[str, object]]", picture.props["tables"])[0]
    cells = dict(
        zip(
            [name for name, _ in cast("list[tuple[str, Kind]]", table["columns"])],
            cast("list[list[object]]", table["rows"])[0],
            strict=True,
        )
    )
    assert cells["Average cost"] == "187.3554"
    assert cells["Open P&L"] == "-2.54"
    assert cells["in per cent"] is None


def test_a_value_without_a_picture_of_its_own_is_shown_as_its_facts() -> None:
    """A new tool's result is on the page the day it exists."""

    class Part(BaseModel):
        symbol: str
        weight: Decimal

    class Brand(BaseModel):
        largest_part: str = "AAPL"
        empty: str = ""
        parts: tuple[Part, ...] = (Part(symbol="AAPL", weight=Decimal("0.5")),)

    picture = of_card(Card(tool="new", value=Brand()))
    assert picture is not None
    assert picture.props["title"] == "Brand"
    assert [(one["name"], one["value"]) for one in cast("list[dict[str, object]]", picture.props["figures"])] == [
        ("Largest part", "AAPL")
    ]
    assert cast("list[dict[str, object]]", picture.props["tables"])[0]["rows"] == (("AAPL", "0.5"),)


PICTURES = [
    of_ticket(ticket()),
    of_refusal(refusal()),
    of_notice(Notice(level="warning", text="x")),
    of_notice(Failed(text="x", fix="y")),
    of_card(Card(tool="help", value=HelpResult(topic="", examples=(("Orders", ("buy 40 AAPL",)),)))),
    of_card(Card(tool="get_positions", value=positions())),
]


@pytest.mark.parametrize("picture", PICTURES)
def test_every_picture_has_its_file_and_survives_the_way_to_the_browser(picture: Picture) -> None:
    """An element that is missing, or a property that is no JSON, would be a hole in the conversation."""
    assert (PROJECT / "public" / "elements" / f"{picture.name}.jsx").is_file()
    json.dumps(picture.props)


def test_what_a_tool_only_offers_has_no_card() -> None:
    """An offer is for the conversation to weigh; a card would look as if it were done."""
    assert of_card(Card(tool="offer_halt", value=Offer(act="halt", text="halt"))) is None


def test_every_kind_of_figure_has_a_writer_on_the_page() -> None:
    """The page writes an unknown kind by guesswork; a kind added here must be known there."""
    source = (PROJECT / "public" / "elements" / "FiguresCard.jsx").read_text()
    for kind in Kind:
        assert f"\n    {kind.value}:" in source or f"\n    {kind.value}," in source
