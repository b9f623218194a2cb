"""Clicks: what they may say, and that real money takes two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.channels.web_clicks import DELIBERATE, Click, SecondAct

CLICK = Click(ticket="K7Q2", digest="a" * 64)


def test_a_click_is_its_ticket_and_digest_and_nothing_else() -> None:
    """Whatever else a payload claims (a person, a quantity, a mode) is not even read."""
    click = Click.model_validate({"ticket": "K7Q2", "digest": "d", "person": "owner", "quantity": 9, "mode": "live"})
    assert click.model_dump() == {"ticket": "K7Q2", "digest": "d"}


@pytest.mark.parametrize("payload", [{}, {"ticket": None}, {"ticket": ["K7Q2"]}, {"ticket": "K" * 1000}, "K7Q2", None])
def test_a_payload_that_names_no_ticket_is_no_click(payload: object) -> None:
    """Forged or broken payloads end here, before anything is looked up."""
    with pytest.raises(ValidationError):
        Click.model_validate(payload)


def test_the_first_click_on_a_live_ticket_only_arms_it() -> None:
    """model:no-hands - in live mode a click needs a second deliberate act."""
    second = SecondAct()
    assert second.is_due(CLICK, 100.0)
    assert not second.is_due(CLICK, 102.0)


def test_a_double_click_is_one_act() -> None:
    """Two presses within a breath are one decision; the ticket stays armed for the real second one."""
    second = SecondAct()
    assert second.is_due(CLICK, 100.0)
    assert second.is_due(CLICK, 100.0 + DELIBERATE / 2)
    assert not second.is_due(CLICK, 101.0)


def test_a_second_click_on_another_digest_is_a_first_one() -> None:
    """What was armed is exactly what was on the screen: a ticket that reads differently starts again."""
    second = SecondAct()
    assert second.is_due(CLICK, 100.0)
    assert second.is_due(Click(ticket="K7Q2", digest="b" * 64), 105.0)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 5)), max_size=20))
def test_no_click_releases_without_an_earlier_one_on_the_same_ticket(steps: list[tuple[str, float]]) -> None:
    """Whatever the order and pace of clicks on two tickets, a release takes two of the same, well apart."""
    second, now, waiting = SecondAct(), 0.0, dict[str, float]()
    for name, pause in steps:
        now += pause
        if second.is_due(Click(ticket=name), now):
            waiting.setdefault(name, now)
        else:
            assert now - waiting.pop(name) >= DELIBERATE
