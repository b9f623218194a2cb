"""Plain sentences about news: how it reads, on how many stories that rests, who read it, and what is missing."""

from __future__ import annotations

import re

from assistant.phrasing_words import listed
from tools.market.news import NewsLine, NewsResult, Tone

MOST_TOLD = 5
"""Stories told in prose; the card shows more."""
SAMPLE = "sample news: fiction, written for the sample market"
_ACTIVE = str.maketrans({"[": "(", "]": ")", "*": "∗", "`": "'", "<": "‹", ">": "›", "|": "¦", "#": "＃", "_": "-"})
_DIVIDED = 0.45
"""Spread from which stories that cancel out are called divided rather than flat."""


def phrase_news(value: NewsResult) -> str:
    """The tone and what it rests on, then the newest stories."""
    when = f"{value.start} to {value.end}"
    label = f" ({SAMPLE})" if value.sample else ""
    missing = f" {' '.join(part[:1].upper() + part[1:] for part in value.degraded)}" if value.degraded else ""
    if not value.stories:
        return (
            f"No news on **{value.symbol}** is known from {when}, so news gives no evidence either way: "
            f"that is not the same as neutral news.{missing}"
        )
    lines = "\n".join(_story(row) for row in value.rows[:MOST_TOLD])
    more = value.stories - min(len(value.rows), MOST_TOLD)
    rest = (
        f"\n\n{'One earlier story is' if more == 1 else f'{more:,} earlier stories are'} not told here."
        if more > 0
        else ""
    )
    return f"**{value.symbol}**, {_stories(value.stories)} from {when}{label}: {_reads(value)}{missing}\n{lines}{rest}"


def tone_words(tone: Tone) -> str:
    """A tone in words: "slightly positive", "divided", "neutral"."""
    size = abs(tone.mean)
    if size < 0.1:
        return "divided, with no clear direction" if tone.dispersion >= _DIVIDED else "neutral"
    way = "positive" if tone.mean > 0 else "negative"
    return f"slightly {way}" if size < 0.3 else way if size < 0.6 else f"strongly {way}"


def told(text: str) -> str:
    """A stranger's words inside prose (text:untrusted): nothing in them becomes markup or a link."""
    plain = text.translate(_ACTIVE).replace("://", ": //")
    return re.sub(r"\bwww\.", "www .", plain, flags=re.IGNORECASE)


def _reads(value: NewsResult) -> str:
    if value.tone is None:
        return "they could not be read for tone, so they give no evidence either way."
    labels = [f"{found} {name}" for name in ("positive", "neutral", "negative") if (found := value.labels.get(name, 0))]
    spread = f", spread {value.tone.dispersion:.2f}" if value.tone.count > 1 else ""
    return (
        f"they read **{tone_words(value.tone)}** ({value.tone.mean:+.2f} on a scale of -1 to +1{spread}); "
        f"{listed(labels)}. Newer stories and those most about {value.symbol} count more (half after "
        f"{value.tone.half_life_days:g} days). Read by {value.model}."
    )


def _story(row: NewsLine) -> str:
    also = f", also {listed([told(source) for source in row.also])}" if row.also else ""
    tone = "" if row.score is None else f"{row.label} {row.score:+.2f}, "
    surprise = "" if row.impact.surprise is None else f", surprise {row.impact.surprise:+.1f}"
    sample = ", sample" if row.sample else ""
    return (
        f"- {row.published_at:%Y-%m-%d} “{told(row.headline)}” ({told(row.source)}{also}{sample}): "
        f"{tone}{row.impact.event.value}, novelty {row.impact.novelty:.2f}{surprise}"
    )


def _stories(number: int) -> str:
    return "1 story" if number == 1 else f"{number:,} stories"
