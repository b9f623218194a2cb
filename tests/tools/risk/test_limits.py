"""The limits document: typed, versioned, and never loosened by accident."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from brokers.vocabulary import BadInput
from tests.tools.risk.build import WIDE, limits
from tools.risk.limits import (
    FIELDS,
    Ceiling,
    Change,
    Direction,
    Limits,
    Setting,
    amended,
    changed,
    is_tighter,
    loosens,
    setting,
    tighter,
)
from tools.risk.profiles import Profile, starting_limits

MODERATE = starting_limits(Profile.MODERATE)
STRICTER: dict[str, str] = {
    "max_quote_age": "60",
    "price_collar_percent": "1",
    "passive_collar_percent": "10",
    "max_order_notional": "100",
    "max_order_quantity": "10",
    "max_position_percent": "1",
    "max_gross_exposure_percent": "5",
    "initial_margin_percent": "150",
    "cost_buffer_percent": "3",
    "duplicate_window": "600",
    "max_orders_per_minute": "1",
    "max_daily_loss_percent": "0.5",
    "risk_per_trade_percent": "0.1",
    "allow_short": "false",
}
"""For each limit, a value stricter than the moderate profile's, as a person would type it."""


@pytest.mark.parametrize("profile", Profile)
def test_a_document_comes_back_from_json_as_it_was(profile: Profile):
    """It lives in the ledger as text."""
    document = starting_limits(profile)
    assert Limits.from_json(document.to_json()) == document


def test_json_holds_decimals_and_seconds_as_strings():
    """Canonical: no float ever touches a limit."""
    written = json.loads(
        limits(max_quote_age=timedelta(milliseconds=1500), max_order_notional=Decimal("0.10")).to_json()
    )
    assert written["max_quote_age"] == "1.5"
    assert written["max_order_notional"] == "0.10"


def test_profiles_go_from_strict_to_loose_in_every_field():
    """A profile that is stricter in name is stricter in fact."""
    ordered = [starting_limits(profile) for profile in (Profile.CONSERVATIVE, Profile.MODERATE, Profile.AGGRESSIVE)]
    for strict, loose in pairwise(ordered):
        assert {change.direction for change in changed(strict, loose)} == {Direction.LOOSENING}


def test_unknown_keys_are_refused_by_name():
    """A misspelt limit that is silently ignored is no limit."""
    text = json.dumps({**json.loads(WIDE.to_json()), "max_positon_percent": "5"})
    with pytest.raises(BadInput, match="max_positon_percent"):
        Limits.from_json(text)
    with pytest.raises(BadInput, match="max_positon_percent") as refused:
        amended(WIDE, {"max_positon_percent": "5"})
    assert "max_position_percent" in refused.value.fix
    with pytest.raises(BadInput, match="version"):
        amended(WIDE, {"version": "7"})


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 1}', "null"])
def test_what_is_no_document_is_refused(text: str):
    """A broken document must not become default limits."""
    with pytest.raises(BadInput):
        Limits.from_json(text)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", ["", "NaN", "-1", "Infinity", "plenty"])
def test_a_value_that_is_no_limit_is_refused_with_the_fields_name(field: str, text: str):
    """NaN compares false with everything, so a NaN limit would let everything through."""
    with pytest.raises(BadInput, match=field):
        amended(WIDE, {field: text})


@pytest.mark.parametrize("field", FIELDS)
def test_each_change_is_classified_and_the_version_grows(field: str):
    """Loosening waits for the person outside chat; a wrong sign here would let it through."""
    strict = amended(MODERATE, {field: STRICTER[field]})
    assert strict.version == MODERATE.version + 1
    there, back = changed(MODERATE, strict), changed(strict, MODERATE)
    assert [(change.field, change.direction) for change in there] == [(field, Direction.TIGHTENING)]
    assert [(change.field, change.direction) for change in back] == [(field, Direction.LOOSENING)]
    assert not loosens(there)
    assert loosens(back)


def test_a_change_says_what_was_and_what_is():
    """The history shows both."""
    assert changed(MODERATE, amended(MODERATE, {"max_order_notional": "100"})) == (
        Change(field="max_order_notional", old="50000", new="100", direction=Direction.TIGHTENING),
    )


def test_the_same_document_has_no_changes():
    """A new version with nothing in it is not a change."""
    assert changed(MODERATE, MODERATE.model_copy(update={"version": 9})) == ()


@pytest.mark.parametrize("field", FIELDS)
def test_the_tighter_of_document_and_ceiling_applies(field: str):
    """In each field, whichever way round, and an absent ceiling changes nothing."""
    strict = amended(MODERATE, {field: STRICTER[field]})
    as_ceiling = {
        name: Ceiling.model_validate({field: setting(doc, field)})
        for name, doc in (("strict", strict), ("loose", MODERATE))
    }
    assert setting(tighter(MODERATE, as_ceiling["strict"]), field) == setting(strict, field)
    assert setting(tighter(strict, as_ceiling["loose"]), field) == setting(strict, field)
    assert tighter(strict, Ceiling()) == strict
    assert tighter(MODERATE, as_ceiling["strict"]).version == MODERATE.version


def test_the_ceiling_speaks_of_every_limit_and_of_nothing_else():
    """A limit added to one and forgotten in the other could not be capped."""
    assert tuple(Ceiling.model_fields) == FIELDS
    with pytest.raises(ValueError, match="max_everything"):
        Ceiling.model_validate({"max_everything": 1})


@pytest.mark.parametrize(
    ("field", "value"), [("max_order_notional", Decimal(5)), ("duplicate_window", timedelta(5)), ("allow_short", False)]
)
def test_an_equal_value_is_not_tighter(field: str, value: Setting):
    """Else an unchanged document would seem to have been tightened."""
    assert not is_tighter(field, value, value)


def test_an_unknown_field_has_no_setting():
    """Asked by a script or a person, it is a readable error."""
    with pytest.raises(BadInput, match="no limit called"):
        setting(WIDE, "nonsense")
