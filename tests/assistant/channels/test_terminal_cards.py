"""Figures, tables, prose and tool results as text: nothing lost, nothing wider than the screen."""

from __future__ import annotations

import asyncio
import io
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text as Styled

from assistant.channels.sheet import Change, Figure, Kind, Sheet, Table
from assistant.channels.terminal import run
from assistant.channels.terminal_cards import card, drawn, spelled
from assistant.channels.terminal_input import PipeLines
from assistant.channels.terminal_layout import ROWS_SHOWN, sparkline, table
from assistant.channels.terminal_text import Prose, clean, number
from assistant.channels.terminal_tickets import status_line
from brokers.vocabulary import Value
from tests.support.talks import make_header

if TYPE_CHECKING:
    from assistant.desk import Desk

MONEY = st.decimals(-(10**12), 10**12, places=2, allow_nan=False)
WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)


def printed(what: RenderableType | None, width: int = 80) -> str:
    """What a console of `width` columns prints."""
    file = io.StringIO()
    assert what is not None
    Console(file=file, width=width, force_terminal=False).print(what, highlight=False)
    return file.getvalue()


@given(st.decimals(-(10**15), 10**15, places=4, allow_nan=False))
def test_a_decimal_is_never_rounded_within_four_places(value: Decimal):
    """Money on the screen is the money in the value."""
    assert Decimal(number(value).replace(",", "")) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("7488.00"), "7,488.00"),
        (Decimal(40), "40"),
        (Decimal("187.2000"), "187.20"),
        (Decimal("187.2045"), "187.2045"),
        (Decimal("0.000125"), "0.000125"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("1E+3"), "1,000"),
        (Decimal("NaN"), "NaN"),
        (0.19211, "0.19211"),
        (12_345_678.9, "12,345,678.90"),
        (1_000, "1,000"),
    ],
)
def test_figures_are_written_for_a_person(value: Decimal | float, shown: str):
    """Grouped, with the places they carry."""
    assert number(value) == shown


@given(st.text())
def test_cleaned_text_holds_nothing_a_terminal_acts_on(text: str):
    """`text:untrusted`: no control, format or surrogate character survives, and what is harmless is kept as it is."""
    shown = clean(text)
    assert all(character == "\n" or character.isprintable() for character in shown)
    assert clean(shown) == shown


@given(st.lists(st.text(max_size=30)), st.integers(20, 80))
def test_prose_reads_the_same_however_its_pieces_were_cut(pieces: list[str], width: int):
    """A model's pieces end anywhere, also inside a word or a bold mark."""

    def told(cut: list[str]) -> str:
        file = io.StringIO()
        prose = Prose(Console(file=file, width=width, force_terminal=False))
        for piece in cut:
            prose.feed(piece)
        prose.close()
        return file.getvalue()

    assert told(pieces) == told(list("".join(pieces)))


@given(st.lists(WORDS, max_size=60), st.integers(20, 80))
def test_prose_is_wrapped_between_words_and_loses_none(words: list[str], width: int):
    """Every word arrives whole, in order, within the width."""
    file = io.StringIO()
    prose = Prose(Console(file=file, width=width, force_terminal=False))
    prose.feed(" ".join(words))
    prose.close()
    assert file.getvalue().split() == words
    assert all(len(line) <= width for line in file.getvalue().splitlines())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 9).flatmap(
        lambda columns: st.tuples(
            st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=columns, max_size=columns),
            st.lists(st.lists(WORDS, min_size=columns, max_size=columns), min_size=1, max_size=6),
        )
    ),
    st.integers(40, 120),
)
def test_a_table_fits_its_width_and_breaks_no_cell(content: tuple[list[str], list[list[str]]], width: int):
    """Where columns cannot stand side by side each row becomes a list; a figure is never cut in two."""
    headers, rows = content
    shown = printed(table(headers, rows, width), width)
    assert all(cell_len(line) <= width for line in shown.splitlines())
    assert all(cell in shown for row in rows for cell in row)


def test_a_crowded_table_wraps_its_headers_and_keeps_every_figure():
    """Nine columns of a position in eighty: seen once with its last column cut."""
    headers = ["Symbol", "Quantity", "Value", "Open P&L", "in per cent", "Weight", "Price", "Average cost", "Today"]
    row = ["AAPL", "41", "7710.46", "-3.64", "-0.05 %", "7.71 %", "188.06", "188.1488", "+114.39"]
    shown = printed(table(headers, [row], 76), 76)
    assert shown.splitlines()[-1].split("  ")[-1].strip() == "+114.39"
    assert "Today" in shown


def test_a_long_table_says_how_many_rows_it_does_not_show():
    """Left-out rows are counted, not swallowed."""
    rows = [[f"S{place}"] for place in range(ROWS_SHOWN + 7)]
    assert "… and 7 more" in printed(table(["symbol"], rows, 80))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=300), st.integers(2, 100))
def test_a_sparkline_fits_and_stands_highest_where_the_value_does(values: list[float], width: int):
    """The last column is the last value; a column at the top is the highest shown."""
    line = sparkline(values, width)
    assert len(line) == min(width, len(values))
    if len(values) <= width and max(values) > min(values):
        assert line[values.index(max(values))] == "█"
        assert line[values.index(min(values))] == "▁"


@given(MONEY)
def test_money_gains_and_shares_are_spelled_by_their_kind(amount: Decimal):
    """The same figure as an amount, as a gain and in per cent is the same figure."""
    text = f"{amount:f}"
    assert Decimal(spelled(text, Kind.MONEY).plain.replace(",", "")) == amount
    assert Decimal(spelled(text, Kind.SIGNED).plain.replace(",", "")) == amount
    assert spelled(text, Kind.SIGNED).plain[0] in "+-"
    assert spelled(text, Kind.PERCENT).plain.endswith(" %")


def test_what_is_not_known_is_a_dash_and_words_are_never_taken_for_figures():
    """None is not zero; a yes is not 1."""
    assert spelled(None, Kind.MONEY).plain == "–"
    assert spelled(True, Kind.AUTO).plain == "True"
    assert spelled("2023-06-28T20:00:00+00:00", Kind.INSTANT).plain == "2023-06-28 20:00 UTC"
    assert spelled("[red]x[/]\x1b", Kind.TEXT) == Styled("[red]x[/]")


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_sheet_shows_every_part_within_the_width(plain: bool, width: int):
    """Figures with their notes, changes, a line, tables and remarks."""
    what = Sheet(
        title="Positions",
        source="V1 · sample",
        as_of="2023-06-28T20:00:00+00:00",
        figures=(Figure("Equity", "100000.00", Kind.MONEY, "all of it"), Figure("Return", "-1.5", Kind.SIGNED_PERCENT)),
        changes=(Change("Gross", "10", "25.5", Kind.PERCENT, "of equity"),),
        line=tuple((date(2023, 1, day).isoformat(), str(100 + day)) for day in range(1, 31)),
        tables=(
            Table("Held", (("Symbol", Kind.TEXT), ("Value", Kind.MONEY)), (("AAPL", "7488"), ("MSFT", None))),
            Table("Working", (("Ticket", Kind.TEXT),), (), empty="No working orders."),
        ),
        remarks=("Dividends are not counted.",),
    )
    shown = printed(drawn(what, plain=plain, width=width), width)
    assert all(cell_len(line) <= width for line in shown.splitlines())
    flat = " ".join(shown.replace("│", " ").split())
    for part in (
        "Positions (USD)",
        "V1 · sample · 2023-06-28 20:00 UTC",
        "Equity 100,000.00 all of it",
        "-1.5 %",
        "10 % 25.5 % of equity",
        "2023-01-01 101 to 2023-01-30 130; low 101 on 2023-01-01, high 130 on 2023-01-30",
        "AAPL 7,488.00",
        "MSFT –",
        "No working orders.",
        "Dividends are not counted.",
    ):
        assert part in flat


def test_any_value_has_a_picture():
    """A tool nobody drew a picture for is shown whole all the same."""

    class Inner(Value):
        symbol: str
        amount: Decimal

    class NewResult(Value):
        at: datetime
        rows: tuple[Inner, ...]

    value = NewResult(
        at=datetime(2023, 6, 28, 20, tzinfo=UTC), rows=(Inner(symbol="[b]X[/b]", amount=Decimal("1.25")),)
    )
    shown = printed(card(value, plain=False, width=80))
    assert "2023-06-28 20:00 UTC" in shown
    assert "[b]X[/b]" in shown
    assert "1.25" in shown


@given(st.integers(12, 200), MONEY)
def test_the_status_line_fits_and_always_tells_the_mode(width: int, equity: Decimal):
    """In any width, whatever the figures, the mode is there."""
    line = status_line(make_header(mode="live", equity=equity, degraded=("forecast",)), width)
    assert len(line) <= width
    assert line.startswith("LIVE")


def test_eighty_columns_hold_account_worth_gate_and_data():
    """What the page always shows, a terminal of the usual width does too."""
    line = status_line(make_header(equity=Decimal("1000012.30"), day_pnl=Decimal("-1234.56")), 80)
    assert line == "VIRTUAL V1 · 1,000,012.30 · day -1,234.56 · gate open · 2023-06-28 close, sample"


TOUR = (
    "what can you do",
    "how does AAPL look?",
    "why?",
    "best signals today",
    "AAPL price",
    "what did AAPL do last month",
    "compare AAPL and MSFT",
    "what would buying 40 AAPL do to my risk?",
    "buy 4000 AAPL",
    "buy 40 AAPL",
    "c",
    "c",
    "show my positions and cash",
    "what are my limits?",
    "what orders are working?",
    "how did I do?",
    "health",
)


def test_a_real_conversation_fits_eighty_columns_and_c_fills_the_order(desk: Desk):
    """The whole way, on real stores: questions, a refusal, a ticket, one key, the fill; then `c` finds nothing open."""
    reads, writes = os.pipe()
    os.write(writes, "".join(f"{line}\n" for line in TOUR).encode())
    os.close(writes)
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=False)
    conversation = desk.conversation("local", "terminal")
    asyncio.run(run(conversation, home=desk.settings.home, console=console, lines=PipeLines(reads), clock=desk.clock))
    os.close(reads)
    shown = file.getvalue()
    assert [line for line in shown.splitlines() if cell_len(line) > 80 or line != line.rstrip()] == []
    assert "\x1b" not in shown
    assert "refused at the proposal: nothing was sent" in shown
    assert "filled: BUY 40 AAPL market DAY; 40 filled at" in " ".join(shown.split())
    assert shown.count("There is no open ticket: nothing to confirm.") == 1
    assert desk.account("local").account.books.positions(desk.account("local").account.name)[0].quantity == 40
