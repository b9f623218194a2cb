"""What kind of news an item is, how new it is, how far it departs from the symbol's own tone, and how long it matters.

Deterministic and explained: every figure comes with the reason for it. Novelty and surprise look only at what was known
before the item itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from brokers.vocabulary import Value
from storage.news_stories import normalised

When = TypeVar("When")


class Event(StrEnum):
    """What a piece of news is about."""

    EARNINGS = "earnings"
    GUIDANCE = "guidance"
    MERGER = "M&A"
    LEGAL = "legal"
    ANALYST = "analyst"
    PRODUCT = "product"
    MACRO = "macro"
    OTHER = "other"


HALF_LIFE: Mapping[Event, float] = {
    Event.EARNINGS: 5,
    Event.GUIDANCE: 7,
    Event.MERGER: 10,
    Event.LEGAL: 10,
    Event.ANALYST: 3,
    Event.PRODUCT: 5,
    Event.MACRO: 2,
    Event.OTHER: 2,
}
"""Days after which a kind of news counts half. Set by judgement, not fitted."""

LOOK_BACK = timedelta(days=30)
"""How far back an item is compared with the symbol's earlier ones."""
FEWEST = 3
"""Earlier items that a surprise needs: fewer make no tone to depart from."""
LEAST_SPREAD = 0.25
"""Spread of tone below which a departure is not divided by it: two equal tones are no certainty."""


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_EVENTS: tuple[tuple[Event, re.Pattern[str]], ...] = (
    (
        Event.ANALYST,
        _pattern(
            r"upgrade[sd]?|downgrade[sd]?|price targets?|analysts?|initiat(?:es|ed) (?:coverage|at)|overweight|"
            r"underweight|outperform|underperform|(?:buy|sell|hold|neutral) rating|reiterates?|brokers?"
        ),
    ),
    (
        Event.MERGER,
        _pattern(
            r"acquir(?:es?|ed|ing)|acquisitions?|mergers?|merges?|buyouts?|takeovers?|to buy|agrees to buy|bid for|"
            r"divest\w*|spin[- ]?offs?|stake in|joint venture"
        ),
    ),
    (
        Event.LEGAL,
        _pattern(
            r"lawsuits?|sues?|sued|suing|antitrust|court|judge|jury|fined?|fines|probe[sd]?|investigat\w+|regulators?|"
            r"settle[sd]?|settlement|subpoena\w*|patent|class action|privacy (?:case|complaint)|appeals?|ruling|charges"
        ),
    ),
    (
        Event.GUIDANCE,
        _pattern(
            r"guidance|outlook|forecasts?|sees (?:revenue|sales|profit|margin)|profit warning|warns|expects|"
            r"(?:raises|lowers|cuts|lifts|trims) (?:\w+ ){0,3}(?:view|targets?|estimate)"
        ),
    ),
    (
        Event.EARNINGS,
        _pattern(
            r"earnings|quarterly|quarter|results|eps|profits?|revenues?|net income|beats? (?:\w+ )?estimates|"
            r"misses (?:\w+ )?estimates|margins?|subscribers?|same-store sales"
        ),
    ),
    (
        Event.PRODUCT,
        _pattern(
            r"launch(?:es|ed)?|unveil(?:s|ed)?|introduces?|rolls? out|releases?|product|devices?|chips?|phones?|"
            r"headset|software|service|features?|app|recalls?|outage|platform|model|series|tool|tests?|pilots?|supply|"
            r"suppliers?"
        ),
    ),
    (
        Event.MACRO,
        _pattern(
            r"fed|federal reserve|inflation|cpi|rate (?:hikes?|cuts?)|interest rates?|jobs report|payrolls|gdp|"
            r"recession|tariffs?|treasury|yields?|central bank|debt ceiling|opec|consumer spending"
        ),
    ),
)
"""Tried in this order: an analyst's note on earnings is the analyst's."""


class NewsImpact(Value):
    """What one item may mean for a symbol. `reasons` explains each figure, in order."""

    event: Event
    novelty: float
    """0 (told before) to 1 (nothing like it in the last 30 days)."""
    surprise: float | None
    """Tone less the symbol's own earlier tone, in units of its spread; None where there is nothing to compare."""
    half_life_days: float
    remaining: float
    """Share of its weight that is left by now: one half after a half-life."""
    reasons: tuple[str, ...]


class Earlier(Value):
    """One earlier item as an impact is judged against it."""

    known_at: datetime
    words: frozenset[str]
    score: float | None


def event_of(headline: str) -> tuple[Event, str]:
    """The kind of event a headline tells of, and the words that say so; (other, "") where none do."""
    for event, pattern in _EVENTS:
        found = pattern.search(headline)
        if found is not None:
            return event, found[0].lower()
    return Event.OTHER, ""


def words_of(headline: str, source: str = "") -> frozenset[str]:
    """The words that a headline is compared by."""
    return frozenset(word for word in normalised(headline, source).split() if len(word) > 2 or word.isdigit())


def most_alike(words: frozenset[str], earlier: Iterable[tuple[When, frozenset[str]]]) -> tuple[float, When | None]:
    """The largest share (0 to 1) of words in common with an earlier headline, and when that was, the last on a tie.

    `earlier` holds (when, words), oldest first.
    """
    most, when, count = 0.0, None, max(len(words), 1)
    for at, other in earlier:
        shared = len(words & other)
        share = shared / (count + len(other) - shared)
        if share >= most:
            most, when = share, at
    return most, when


def impact_of(
    headline: str,
    known_at: datetime,
    score: float | None,
    earlier: Sequence[Earlier],
    now: datetime,
) -> NewsImpact:
    """The impact at `now` of an item known at `known_at`, against the same symbol's earlier items, oldest first."""
    event, said = event_of(headline)
    before = [one for one in earlier if known_at - LOOK_BACK <= one.known_at < known_at]
    novelty, why_new = _novelty(words_of(headline), before)
    surprise, why_surprising = _surprise(score, before)
    half_life = HALF_LIFE[event]
    age = max((now - known_at) / timedelta(days=1), 0.0)
    remaining = 0.5 ** (age / half_life)
    kind = f"{event.value}: says “{said}”" if said else "other: no word of a known kind of event"
    lasting = f"{age:.1f} days old with a half-life of {half_life:g}: {remaining:.0%} left"
    return NewsImpact(
        event=event,
        novelty=round(novelty, 3),
        surprise=None if surprise is None else round(surprise, 2),
        half_life_days=half_life,
        remaining=round(remaining, 4),
        reasons=(kind, why_new, why_surprising, lasting),
    )


def _novelty(words: frozenset[str], before: Sequence[Earlier]) -> tuple[float, str]:
    most, when = most_alike(words, ((one.known_at, one.words) for one in before))
    if when is None:
        return 1.0, f"new: nothing on this symbol in the {LOOK_BACK.days} days before"
    return 1 - most, f"novelty {1 - most:.2f}: shares {most:.0%} of its words with an item of {when:%Y-%m-%d}"


def _surprise(score: float | None, before: Sequence[Earlier]) -> tuple[float | None, str]:
    scores = [one.score for one in before if one.score is not None]
    if score is None:
        return None, "no surprise is worked out without a tone"
    if len(scores) < FEWEST:
        return None, f"no surprise is worked out from {len(scores)} earlier items; it takes {FEWEST}"
    mean = sum(scores) / len(scores)
    spread = (sum((one - mean) ** 2 for one in scores) / len(scores)) ** 0.5
    surprise = (score - mean) / max(spread, LEAST_SPREAD)
    return surprise, f"surprise {surprise:+.1f}: tone {score:+.2f} against {mean:+.2f} of {len(scores)} earlier items"
