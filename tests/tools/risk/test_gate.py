"""The gate as a whole: every reason, what they say, and the nearest order that passes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Context, Decimal, localcontext

import pytest

from brokers.vocabulary import Instrument, OrderType, Side
from tests.tools.risk.build import MARKET_NOW, draft, holding, limit, limits, quote, released, state, stop, working
from tools.risk.gate import judge
from tools.risk.reasons import Reason, shown
from tools.risk.state import Draft


def test_every_reason_is_given_with_its_figures():
    """A person who fixes one thing should not run into the next."""
    tight = limits(max_position_percent=Decimal(5), max_order_quantity=Decimal(50), max_orders_per_minute=0)
    assert judge(draft(73), state(limits=tight)).reasons == (
        Reason(control="order_quantity", text="quantity 73 > 50", value="73", limit="50", unit="units"),
        Reason(control="position_percent", text="position 7.3 % > 5 %", value="7.3", limit="5", unit="% of equity"),
        Reason(control="order_rate", text="orders in a minute 1 > 0", value="1", limit="0", unit="orders"),
    )


def test_without_an_account_nothing_passes():
    """Rule gate:closed."""
    verdict = judge(draft(), None)
    assert not verdict.passed
    assert [reason.control for reason in verdict.reasons] == ["account"]


def test_what_cannot_be_computed_is_refused_by_its_own_control_when_nothing_else_explains_it():
    """Rule gate:closed: a control that fails to answer has said no."""
    broken = state().model_copy(update={"day_start_equity": Decimal("NaN")})
    verdict = judge(draft(), broken)
    assert [reason.control for reason in verdict.reasons] == ["daily_loss"]
    assert "cannot be checked" in verdict.reasons[0].text


def test_the_callers_arithmetic_does_not_matter():
    """A context with traps off and two digits must neither let NaN through nor move a bound."""
    tight = state(limits=limits(max_order_notional=Decimal(7300)))
    with localcontext(Context(prec=2, traps=[])):
        assert judge(draft(73), tight).passed
        assert not judge(draft(74), tight).passed
        assert not judge(draft().model_copy(update={"quantity": Decimal("NaN")}), tight).passed


@pytest.mark.parametrize(
    ("value", "limit_", "text"),
    [("7.3", "5", "7.3"), ("5.004", "5", "5.004"), ("5.00000001", "5", "5.00000001"), ("1234.5", "5", "1234.5")],
)
def test_no_sentence_says_that_five_is_more_than_five(value: str, limit_: str, text: str):
    """Rounding for a person must not round the reason away."""
    assert shown(Decimal(value), Decimal(limit_)) == text


def test_the_alternative_is_the_largest_quantity():
    """10 % of 100,000 at 100 is 100 shares."""
    verdict = judge(draft(400), state(limits=limits(max_position_percent=Decimal(10))))
    assert verdict.alternative == draft(100)


def test_the_alternative_is_a_whole_number_of_lots():
    """105 shares fit; in lots of ten that is 100."""
    instrument = Instrument(symbol="AAA", lot=Decimal(10))
    tight = state(limits=limits(max_order_notional=Decimal(10_500)))
    verdict = judge(draft(405, instrument=instrument), tight)
    assert [reason.control for reason in verdict.reasons] == ["lot", "order_notional"]
    assert verdict.alternative == draft(100, instrument=instrument)


def test_selling_more_than_is_held_offers_what_is_held():
    """Less what already works on the way out."""
    book = state(holdings=(holding(100),), working=(working(30, Side.SELL),))
    assert judge(draft(150, Side.SELL), book).alternative == draft(70, Side.SELL)


@pytest.mark.parametrize(
    ("asked", "side", "passes"),
    [("120", Side.BUY, "105"), ("10", Side.BUY, "80"), ("80", Side.SELL, "95"), ("500", Side.SELL, "120")],
)
def test_a_limit_outside_the_collar_is_clamped_to_its_edge(asked: str, side: Side, passes: str):
    """Only the price was wrong, so only the price changes."""
    collars = limits(price_collar_percent=Decimal(5), passive_collar_percent=Decimal(20))
    verdict = judge(limit(asked, 10, side), state(limits=collars, holdings=(holding(100),)))
    assert [reason.control for reason in verdict.reasons] == ["price_collar"]
    assert verdict.alternative == limit(passes, 10, side)


def test_a_clamped_price_stays_on_the_tick_grid_inside_the_collar():
    """5 % over 100.01 is 105.0105, which no exchange takes."""
    book = state(limits=limits(price_collar_percent=Decimal(5)), quote=quote("100.01", "100.01"))
    assert judge(limit("120"), book).alternative == limit("105.01")


@pytest.mark.parametrize(("side", "passes"), [(Side.BUY, "99.99"), (Side.SELL, "100")])
def test_a_price_between_ticks_moves_to_the_side_that_costs_the_person_nothing(side: Side, passes: str):
    """A buyer never pays more than they said, a seller never gets less."""
    verdict = judge(limit("99.994", 10, side), state(holdings=(holding(100),)))
    assert verdict.alternative == limit(passes, 10, side)


def test_a_wrong_price_and_a_wrong_size_are_mended_together():
    """The nearest passing order may differ in both."""
    both = state(limits=limits(price_collar_percent=Decimal(5), max_order_notional=Decimal(10_500)))
    assert judge(limit("120", 500), both).alternative == limit("105", 100)


@pytest.mark.parametrize(
    "hopeless",
    [
        draft(400, instrument=None),
        draft(400, account="V2"),
        stop("99", 400),
        draft(-400),
        draft(400, side=Side.SELL),
    ],
    ids=["unknown symbol", "other account", "stop on the wrong side", "negative", "nothing to sell"],
)
def test_there_is_no_alternative_where_nothing_like_it_passes(hopeless: Draft):
    """An offer that would be refused again, or that nobody meant, is worse than none."""
    verdict = judge(hopeless, state(limits=limits(max_position_percent=Decimal(10))))
    assert not verdict.passed
    assert verdict.alternative is None


def test_a_duplicate_is_not_offered_one_share_smaller():
    """The control asks whether the person meant it twice; a different size does not answer that."""
    verdict = judge(draft(10), state(recent=(released(draft(10), 1),)))
    assert verdict.alternative is None


def test_the_search_steps_over_a_size_that_would_be_a_duplicate():
    """A released order of 250 lies on the way of the bisection and must not end it short of 400."""
    book = state(limits=limits(max_order_notional=Decimal(40_000)), recent=(released(draft(250), 1),))
    assert judge(draft(500), book).alternative == draft(400)


def test_the_search_can_be_left_out():
    """The send path needs the verdict alone."""
    tight = state(limits=limits(max_position_percent=Decimal(10)))
    verdict = judge(draft(400), tight, alternative=False)
    assert not verdict.passed
    assert verdict.alternative is None


@pytest.mark.parametrize("quantity", ["1E+999999", "1E+400", "1E-999999", "9" * 70])
def test_absurd_decimals_are_refused_in_short_sentences(quantity: str):
    """An exponent must cost neither time nor a page of zeros."""
    verdict = judge(draft(quantity), state())
    assert not verdict.passed
    assert max(len(reason.text) + len(reason.value) for reason in verdict.reasons) < 200


def test_a_sale_beyond_what_is_free_says_what_is_free_and_what_already_works():
    """Oversold by its working orders, nothing is left, never less than nothing."""
    oversold = state(holdings=(holding(100),), working=(working(130, Side.SELL),))
    assert judge(draft(10, Side.SELL), oversold).reasons == (
        Reason(
            control="side",
            text="sell 10 > 0 that can be closed (130 already in working orders)",
            value="10",
            limit="0",
            unit="units",
        ),
    )
    assert judge(draft(10, Side.SELL), state()).reasons[0].text == "sell 10 > 0 that can be closed"


def test_a_price_off_the_grid_is_told_in_its_currency():
    """The figures of a reason carry their unit; a symbol nobody knows has none."""
    unit = {"tick": "USD"}
    assert {r.control: r.unit for r in judge(limit("99.994"), state()).reasons} == unit
    unknown = judge(limit("99.994", instrument=None), state()).reasons
    assert {r.control: r.unit for r in unknown} == {"known_symbol": "", "tick": ""}


@pytest.mark.parametrize("cash", ["NaN", "Infinity"])
def test_books_without_a_finite_cash_are_named_as_the_cause(cash: str):
    """Rather than whichever control stumbles over it first."""
    verdict = judge(draft(), state().model_copy(update={"cash": Decimal(cash)}))
    assert "account" in {reason.control for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [(90, "90 s old > 60 s"), (150, "2.5 min old > 60 s"), (259_200, "3.0 days old > 60 s")],
)
def test_an_age_is_spoken_in_the_unit_a_person_would_use(seconds: int, spoken: str):
    """259200 seconds says nothing to anybody."""
    at = MARKET_NOW - timedelta(seconds=seconds)
    stale = state(quote=quote(at=at), limits=limits(max_quote_age=timedelta(seconds=60)))
    (reason,) = judge(draft(), stale).reasons
    assert reason.text == f"the quote is {spoken}"
    assert (reason.value, reason.limit, reason.unit) == (str(seconds), "60", "s")


def test_missing_funds_are_told_with_what_is_free():
    """What is needed includes the reserve for costs."""
    cash = limits(initial_margin_percent=Decimal(100), cost_buffer_percent=Decimal(1))
    (reason,) = judge(draft(1000), state(limits=cash), alternative=False).reasons
    assert reason.text == "needs 101,000 USD > 100,000 USD free"
    assert (reason.value, reason.limit, reason.unit) == ("101000", "100000", "USD")


def test_buying_back_too_much_says_what_is_left_to_buy_back():
    """Of 100 short, 40 are being bought back already."""
    book = state(holdings=(holding(-100),), working=(working(40),))
    verdict = judge(draft(61), book)
    assert verdict.reasons[0].text == "buy back 61 > 60 that can be closed (40 already in working orders)"
    assert verdict.alternative == draft(60)


def test_a_price_too_many_and_a_price_too_few_are_told_apart():
    """The person is told which."""
    assert judge(draft(limit_price=Decimal(100)), state()).reasons[0].text == "a market order has no limit price"
    bare = draft(order_type=OrderType.LIMIT)
    assert judge(bare, state()).reasons[0].text == "a limit order needs a limit price"


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (stop("99"), "stop 99 must be above the ask 100"),
        (stop("101", 10, Side.SELL), "stop 101 must be below the bid 100"),
        (draft(stop_loss=Decimal(101)), "stop loss 101 must be below the entry at 100"),
        (draft(take_profit=Decimal(99)), "take profit 99 must be above the entry at 100"),
        (draft(10, Side.SELL, stop_loss=Decimal(99)), "stop loss 99 must be above the entry at 100"),
        (draft(10, Side.SELL, take_profit=Decimal(101)), "take profit 101 must be below the entry at 100"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_price_on_the_wrong_side_is_told_which_side_is_right(order: Draft, text: str):
    """The sentence is the fix."""
    (reason,) = judge(order, state(holdings=(holding(100),))).reasons
    assert reason.text == text


@pytest.mark.parametrize("missing", [{"price": None}, {"price_at": None}], ids=str)
def test_a_holding_without_a_mark_is_named(missing: dict[str, None]):
    """The person can only act on it when they know which it is."""
    book = state(holdings=(holding(1, "BBB").model_copy(update=missing),))
    assert "BBB, which is held, has no price" in [reason.text for reason in judge(draft(), book).reasons]


@pytest.mark.parametrize("side", ["bid", "ask"])
def test_a_quote_with_a_side_that_is_not_a_number_is_named_as_the_cause(side: str):
    """Built around the types, it still gets no further."""
    book = state(quote=quote().model_copy(update={side: Decimal("NaN")}))
    assert [reason.control for reason in judge(draft(), book).reasons] == ["quote_age"]


def test_a_stop_limit_is_clamped_around_its_stop():
    """5 % over a stop of 110, not over a market of 100."""
    asked = stop("110").model_copy(update={"order_type": OrderType.STOP_LIMIT, "limit_price": Decimal(130)})
    verdict = judge(asked, state(limits=limits(price_collar_percent=Decimal(5))))
    assert verdict.alternative == asked.model_copy(update={"limit_price": Decimal("115.5")})
