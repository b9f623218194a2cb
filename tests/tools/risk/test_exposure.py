"""Portfolio risk, what-if and the use of limits, against figures worked out independently."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest

from brokers.vocabulary import Side
from tests.tools.risk.build import draft, holding, limits, released, state, working
from tools.risk.exposure import FEWEST, portfolio_risk, what_if
from tools.risk.use import limits_use

CHANCE = random.Random(7)
PAST = {symbol: [CHANCE.gauss(0.0005, 0.015) for _ in range(300)] for symbol in ("AAA", "BBB")}
BOOK = state(cash=Decimal(50_000), holdings=(holding(100), holding(-200, "BBB", "50")))


def test_exposure_weights_and_concentration_add_up():
    """Long 10,000 and short 10,000 on 50,000 of equity."""
    risk = portfolio_risk(BOOK, PAST)
    assert (risk.equity, risk.gross, risk.net) == (50_000, 20_000, 0)
    assert (risk.gross_percent, risk.net_percent) == (40, 0)
    assert [(weight.symbol, weight.value, weight.percent) for weight in risk.weights] == [
        ("AAA", 10_000, 20),
        ("BBB", -10_000, -20),
    ]
    assert risk.concentration == Decimal("0.5")


def test_the_largest_weight_comes_first_whichever_way_it_leans():
    """A large short is a large position."""
    risk = portfolio_risk(state(holdings=(holding(1), holding(-5, "BBB"))), PAST)
    assert [weight.symbol for weight in risk.weights] == ["BBB", "AAA"]


def test_value_at_risk_agrees_with_an_independent_computation():
    """Window and confidence are stated; the figures are numpy's, over the common past."""
    shorter = {"AAA": PAST["AAA"], "BBB": PAST["BBB"][-250:]}
    tail = portfolio_risk(BOOK, shorter).tail
    assert tail is not None
    results = 10_000 * np.array(shorter["AAA"][-250:]) - 10_000 * np.array(shorter["BBB"])
    var = -np.percentile(results, 5)
    assert tail.n == 250
    assert "250 daily returns" in tail.method
    assert "95%" in tail.method
    assert float(tail.var) == pytest.approx(var, abs=0.01)
    assert float(tail.cvar) == pytest.approx(-results[results <= -var].mean(), abs=0.01)
    assert tail.var_percent == pytest.approx(var / 500)
    assert tail.cvar_percent >= tail.var_percent
    assert tail.volatility_percent == pytest.approx(results.std(ddof=1) / 500 * 252**0.5)


def test_a_portfolio_that_only_ever_gained_has_no_negative_value_at_risk():
    """A negative loss would read as a promise."""
    tail = portfolio_risk(state(holdings=(holding(1),)), {"AAA": [0.01 + i / 1e6 for i in range(100)]}).tail
    assert tail is not None
    assert (tail.var, tail.cvar, tail.var_percent) == (0, 0, 0)


@pytest.mark.parametrize(
    ("book", "past", "said"),
    [
        (state(), PAST, "nothing is held"),
        (state(holdings=(holding(1, "CCC"),)), PAST, "no history for CCC"),
        (state(holdings=(holding(1),)), {"AAA": [0.01] * (FEWEST - 1)}, f"{FEWEST} are needed"),
        (state(holdings=(holding(1),)), {"AAA": [float("nan")] * FEWEST}, "not finite"),
        (state(holdings=(holding(1, price=None),)), PAST, "no price"),
        (state(cash=Decimal(-200), holdings=(holding(1),)), PAST, "not above zero"),
    ],
    ids=["empty", "no history", "short history", "NaN", "no price", "no equity"],
)
def test_a_value_at_risk_that_cannot_be_given_says_why(book, past, said: str):
    """Nothing is faked: a figure over part of the portfolio would look like one over all of it."""
    risk = portfolio_risk(book, past)
    assert risk.tail is None
    assert any(said in note for note in risk.notes)


def test_what_is_owned_can_be_lost_and_a_short_has_no_bound():
    """The most a long book can lose is its value."""
    assert portfolio_risk(state(holdings=(holding(7),)), PAST).max_loss == 700
    risk = portfolio_risk(BOOK, PAST)
    assert risk.max_loss is None
    assert "without bound" in risk.notes[-1]


def test_what_if_shows_before_after_and_the_verdict():
    """Forty more at 100 is 4,000 more exposure, and cash pays for it."""
    result = what_if(draft(40), BOOK, PAST)
    assert result.after is not None
    assert result.verdict.passed
    assert (result.before.gross, result.after.gross) == (20_000, 24_000)
    assert (result.before.cash, result.after.cash) == (50_000, 46_000)
    assert result.after.equity == result.before.equity
    assert result.fill_price == 100


def test_what_if_of_a_refused_order_still_shows_what_it_would_do():
    """The question was what it would do, and the verdict stands beside it."""
    result = what_if(draft(400), state(limits=limits(max_position_percent=Decimal(10))), PAST)
    assert result.after is not None
    assert result.after.gross == 40_000
    assert result.verdict.alternative == draft(100)


def test_what_if_of_a_full_close_leaves_no_position():
    """And none of zero units either."""
    result = what_if(draft(100, Side.SELL), BOOK, PAST)
    assert result.after is not None
    assert [weight.symbol for weight in result.after.weights] == ["BBB"]
    assert result.after.cash == 60_000


def test_what_if_without_a_quote_has_no_after():
    """What cannot be priced is not guessed."""
    result = what_if(draft(1), BOOK.model_copy(update={"quote": None}), PAST)
    assert result.after is None
    assert not result.verdict.passed


def test_limits_use_counts_what_works_as_filled():
    """100 held and 50 working of AAA make 15 % of 100,000, three quarters of what is allowed."""
    book = state(
        cash=Decimal(90_000),
        day_start_equity=Decimal(102_000),
        holdings=(holding(100),),
        working=(working(50),),
        recent=(released(draft(), 10), released(draft(), 70)),
        limits=limits(
            max_position_percent=Decimal(20),
            max_gross_exposure_percent=Decimal(30),
            initial_margin_percent=Decimal(100),
            max_daily_loss_percent=Decimal(4),
            max_orders_per_minute=5,
        ),
    )
    rows = {row.field: (row.used, row.percent) for row in limits_use(book).rows}
    assert rows["max_position_percent"] == (15, 75)
    assert rows["max_gross_exposure_percent"] == (15, 50)
    assert rows["initial_margin_percent"] == (15, 15)
    assert rows["max_daily_loss_percent"] == (Decimal("1.9608"), 49)
    assert rows["max_orders_per_minute"] == (1, 20)
    assert rows["max_order_notional"] == (None, None)


def test_limits_use_lists_every_limit_that_has_a_figure():
    """A limit that is not shown cannot be watched."""
    numeric = {name for name, value in limits() if name not in ("version", "allow_short") and value is not None}
    assert {row.field for row in limits_use(state()).rows} == numeric


def test_limits_use_says_what_it_cannot_know():
    """A holding without a price leaves equity open."""
    rows = {row.field: row for row in limits_use(state(holdings=(holding(1, price=None),))).rows}
    assert rows["max_position_percent"].used is None
    assert "no price" in rows["max_position_percent"].note
