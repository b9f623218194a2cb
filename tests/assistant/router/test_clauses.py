# ruff: noqa: E501  (a table reads better a row a line)
"""A message is cut where a new request begins, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.router.clauses import clauses_of
from assistant.router.judge import features, shipped
from assistant.router.linear import Linear
from assistant.router.reading import Context, Reader
from assistant.router.subs import INTENT_OF, TALK


@pytest.mark.parametrize(
    ("line", "clauses"),
    [
        ("price and news for $AAPL", ["price", "news for $AAPL"]),
        ("quote $GOOG and tell me my buying power", ["quote $GOOG", "tell me my buying power"]),
        ("sell 10 $NVDA then show my cash", ["sell 10 $NVDA", "show my cash"]),
        ("buy 10 $AAPL and 20 $META", ["buy 10 $AAPL", "buy 20 $META"]),
        ("news on $META and $NFLX since monday", ["news on $META and $NFLX since monday"]),
        ("how did $AAPL do between january and march 2022", ["how did $AAPL do between january and march 2022"]),
        ("if it breaks below 178 , then sell 20 $AAPL", ["if it breaks below 178 , then sell 20 $AAPL"]),
        ("what if i bought 20 $NVDA , how is my beta", ["what if i bought 20 $NVDA , how is my beta"]),
        ("buy 5 $NVDA , stop-loss 462 , take-profit 540", ["buy 5 $NVDA , stop-loss 462 , take-profit 540"]),
    ],
)  # fmt: skip
def test_a_line_is_cut_where_a_request_begins(line: str, clauses: list[str]) -> None:
    """Lists, conditions, windows and brackets stay whole."""
    assert clauses_of(line) == clauses


def test_it_in_a_second_request_is_the_symbol_of_the_first(reader: Reader, today: date) -> None:
    """Said in one breath, both are about the same share."""
    reading = reader.read("what's nvda at and how does it look?", Context(), today)
    assert [(r.sub, r.effective()["symbols"]) for r in reading.requests] == [("quote", ["NVDA"]), ("analyze_symbol", ["NVDA"])]  # fmt: skip


def test_how_sure_are_you_after_a_forecast_is_about_the_forecast(reader: Reader, today: date) -> None:
    """Elsewhere it is about the signal."""
    after = reader.read("forecast nvda for next week", Context(), today).context
    assert reader.read("how sure are you?", after, today).requests[0].resolved["about"] == "forecast"
    signal = reader.read("how does nvda look", Context(), today).context
    assert "about" not in reader.read("how sure are you?", signal, today).requests[0].resolved


def test_the_shipped_table_knows_every_sub_intent_and_nothing_else() -> None:
    """A sub-intent without a column could never be chosen."""
    assert set(Linear.shipped("judge").classes) == {*INTENT_OF, TALK}
    assert Linear.shipped("seams").classes == ("no", "yes")


@pytest.mark.parametrize("without", [["buy"], ["buy", "sell", "short", "close_position", "option_strategy"]])
def test_what_is_ruled_out_is_never_chosen(without: list[str]) -> None:
    """The table chooses among what the rules leave, however loudly its features speak."""
    line = "buy 10 $AAPL at 180"
    assert shipped().judge(line).sub == "buy"
    assert shipped().judge(line, without=without).sub not in without
    assert shipped().judge(line, only=["what_if", "analyze_symbol"]).sub in ("what_if", "analyze_symbol")


def test_symbols_numbers_and_dates_are_told_apart_by_kind_alone() -> None:
    """What is learnt of one symbol holds for all of them."""
    assert features("buy 10 $AAPL at 180.50") == features("buy 25 $NVDA at 431.20")
