"""The evaluation set by independent authors: what it holds, and that the reader does not fall behind."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.router.subs import INTENT_OF
from bench.router_sets import HALVES, Half, dialogues, replies, utterances

LEAST = {"intent": 0.97, "sub": 0.93, "slots": 0.90, "turn effect": 0.85}
"""Shares that must be right on the half nobody tuned on. A ratchet: it goes up, never down."""


def test_the_set_is_large_and_its_halves_share_no_author() -> None:
    """What is tuned on must not teach what is scored."""
    assert sum(len(utterances(half)) for half in HALVES) >= 800
    assert sum(len(dialogues(half)) for half in HALVES) >= 60
    assert sum(len(replies(half)) for half in HALVES) >= 300
    authors = [{case.author for kind in (utterances, dialogues, replies) for case in kind(half)} for half in HALVES]
    assert not authors[0] & authors[1]


@pytest.mark.parametrize("half", HALVES)
def test_every_sub_intent_is_asked_for_in_both_halves(half: Half) -> None:
    """A sub-intent nobody asks for is a sub-intent nobody measured."""
    assert {case.first.sub for case in utterances(half)} == set(INTENT_OF)


def test_the_half_nobody_tuned_on_is_read_as_well_as_before() -> None:
    """`deskmate evaluate router` scores messages, dialogues and replies; no reply confirms what it does not mean."""
    result = CliRunner().invoke(app, ["evaluate", "router", "--half", "test", "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["false_confirmations"] == 0
    assert {what: figures[what]["right"] >= least for what, least in LEAST.items()} == dict.fromkeys(LEAST, True), (
        figures
    )
