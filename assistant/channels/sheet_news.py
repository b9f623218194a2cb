"""The sheet of a symbol's news: its tone, and a row for every story."""

from __future__ import annotations

from assistant.channels.sheet import Column, Figure, Kind, Sheet, Table, row
from assistant.channels.sheet_market import titled
from assistant.phrasing_news import SAMPLE, tone_words
from tools.market.news import NewsLine, NewsResult


def news(value: NewsResult) -> Sheet:
    """How a symbol's news reads, and the newest stories with what each may mean."""
    read_by = f"read by {value.model}" if value.model else ""
    return Sheet(
        title=f"{titled(value.symbol, value.name)}: news",
        source=" · ".join(part for part in ("sample" if value.sample else "", read_by) if part),
        as_of=value.as_of.isoformat(),
        figures=_figures(value),
        tables=(_stories(value),),
        remarks=(*_remarks(value), *value.degraded),
    )


def _figures(value: NewsResult) -> tuple[Figure, ...]:
    tone = value.tone
    window = f"{value.start} to {value.end}"
    if tone is None:
        return (Figure("Tone", "no evidence", Kind.TEXT, window), Figure("Stories", value.stories, Kind.COUNT))
    split = ", ".join(f"{value.labels.get(name, 0)} {name}" for name in ("positive", "neutral", "negative"))
    return (
        Figure("Tone", f"{tone.mean:+.2f}", Kind.TEXT, tone_words(tone)),
        Figure("Spread", f"{tone.dispersion:.2f}", Kind.TEXT, "standard deviation of the scores"),
        Figure("Stories", value.stories, Kind.COUNT, split),
        Figure("Window", window, Kind.TEXT),
    )


def _stories(value: NewsResult) -> Table:
    columns: tuple[Column, ...] = (
        ("Published", Kind.INSTANT),
        ("Reads", Kind.TEXT),
        ("Headline", Kind.TEXT),
        ("Source", Kind.TEXT),
        ("Event", Kind.TEXT),
        ("Novelty", Kind.TEXT),
        ("Surprise", Kind.TEXT),
    )
    rows = tuple(_row(one) for one in value.rows)
    return Table("Newest first", columns, tuple(rows), empty="No stories are known: no evidence either way.")


def _row(one: NewsLine) -> tuple[str | int | float | bool | None, ...]:
    surprise = one.impact.surprise
    source = ", ".join((one.source, *one.also))
    return row(
        one.published_at.date().isoformat(),
        "" if one.score is None else f"{one.label} {one.score:+.2f}",
        one.headline,
        f"{source} (sample)" if one.sample else source,
        one.impact.event.value,
        f"{one.impact.novelty:.2f}",
        "" if surprise is None else f"{surprise:+.1f}",
    )


def _remarks(value: NewsResult) -> tuple[str, ...]:
    if not value.stories:
        return ()
    said = [f"{SAMPLE[:1].upper()}{SAMPLE[1:]}."] if value.sample else []
    if value.tone is not None:
        said.append(
            f"Newer stories and those most about {value.symbol} count more; a story counts half after "
            f"{value.tone.half_life_days:g} days. Novelty 1 is a story unlike any of the 30 days before it; surprise "
            "is its tone against the symbol's own earlier tone, in spreads."
        )
    if value.stories > len(value.rows):
        said.append(f"{value.stories - len(value.rows)} earlier stories count in the tone and are not listed.")
    return tuple(said)
