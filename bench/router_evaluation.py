"""How well messages are read: the evaluation set against the reader, whole conversations and the consent reader.

Utterances go through the reader alone. Dialogues go through whole conversations on a desk of their own, so that what a
turn *did* is measured, not what was read. Replies go through `consent.read_reply`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import quantile
from bench.router_sets import Dialogue, Effect, Half, Label, Reply, Slots, Utterance, dialogues, replies, utterances

HELD = {"AAPL": (40, "170"), "AMZN": (60, "125"), "NVDA": (30, "400"), "META": (20, "280")}
"""What the person of the set owns: symbol to quantity and price paid."""


TODAY = date(2023, 8, 31)
"""The day on which the set's people speak."""


@dataclass(frozen=True)
class Miss:
    """One thing read otherwise than labelled."""

    kind: str
    author: str
    text: str
    wanted: str
    got: str


@dataclass
class Scores:
    """Counts of one half; shares are worked out from them."""

    half: str
    total: Counter[str] = field(default_factory=Counter[str])
    right: Counter[str] = field(default_factory=Counter[str])
    intents: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    subs: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    authors: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    slot: Counter[str] = field(default_factory=Counter[str])
    """`tp`, `fp`, `fn` of single slots, over first requests."""
    clarify: Counter[str] = field(default_factory=Counter[str])
    """`tp`, `fp`, `fn`, `tn` of asking back."""
    consent: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    """Labelled verdict to verdicts read."""
    read_ms: list[float] = field(default_factory=list[float])
    turn_ms: list[float] = field(default_factory=list[float])
    misses: list[Miss] = field(default_factory=list[Miss])

    def count(self, what: str, right: bool) -> bool:
        """Count one case of `what`; hands `right` back."""
        self.total[what] += 1
        self.right[what] += right
        return right

    def share(self, what: str) -> float:
        """The share that was right, 0 to 1; 0 where there was none."""
        return self.right[what] / self.total[what] if self.total[what] else 0.0

    def figures(self) -> dict[str, object]:
        """As one JSON object."""
        return {
            "half": self.half,
            **{what: {"n": self.total[what], "right": round(self.share(what), 4)} for what in self.total},
            "intents": {
                k: {"n": c["n"], "right": round(c["right"] / c["n"], 4)} for k, c in sorted(self.intents.items())
            },
            "subs": {k: {"n": c["n"], "right": round(c["right"] / c["n"], 4)} for k, c in sorted(self.subs.items())},
            "authors": {k: dict(c) for k, c in sorted(self.authors.items())},
            "slot_f1": round(f1(self.slot), 4),
            "clarify": {
                "precision": round(precision(self.clarify), 4),
                "recall": round(recall(self.clarify), 4),
                **dict(self.clarify),
            },
            "consent": {k: dict(c) for k, c in sorted(self.consent.items())},
            "false_confirmations": sum(c["confirm"] for k, c in self.consent.items() if k != "confirm"),
            "read_ms": spread(self.read_ms),
            "turn_ms": spread(self.turn_ms),
        }


def precision(counts: Counter[str]) -> float:
    """tp / (tp + fp)."""
    return counts["tp"] / max(1, counts["tp"] + counts["fp"])


def recall(counts: Counter[str]) -> float:
    """tp / (tp + fn)."""
    return counts["tp"] / max(1, counts["tp"] + counts["fn"])


def f1(counts: Counter[str]) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * counts["tp"] / max(1, 2 * counts["tp"] + counts["fp"] + counts["fn"])


def spread(values: list[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds."""
    return {f"p{q}": round(quantile(values, q / 100), 3) for q in (50, 95, 99)} if values else {}


def same(wanted: object, got: object) -> bool:
    """Equal as labels: words without their case and articles, numbers by value, lists in order."""
    if isinstance(wanted, str) and isinstance(got, str):
        return _trimmed(wanted) == _trimmed(got)
    if isinstance(wanted, list) and isinstance(got, list | tuple):
        ours, theirs = list[object](wanted), list[object](got)  # pyright: ignore[reportUnknownArgumentType]
        return len(ours) == len(theirs) and all(same(a, b) for a, b in zip(ours, theirs, strict=True))
    return wanted == got


def _trimmed(words: str) -> str:
    text = " ".join(words.lower().replace("-", " ").split())
    for lead in ("in ", "over ", "for ", "on ", "during ", "the "):
        text = text.removeprefix(lead)
    return text


def slots_equal(wanted: Slots, got: Slots) -> bool:
    """Exactly the labelled slots, each with the labelled value."""
    return wanted.keys() == got.keys() and all(same(wanted[name], got[name]) for name in wanted)


def _told(sub: str, slots: Slots, rest: Iterable[str] = (), mark: str = "") -> str:
    return f"{'+'.join((sub, *rest))} {dict(sorted(slots.items()))}{mark}"


def score_utterances(scores: Scores, cases: list[Utterance]) -> None:
    """Each utterance alone, as the first thing said to someone who holds the set's positions."""
    from assistant.router.reading import Context, Reader
    from assistant.turn import shown_slots
    from brokers.feeds.sample.read import read_sample

    reader = Reader(read_sample().instruments)
    context = Context(positions=tuple(HELD))
    reader.read("price of apple", context, TODAY)
    for case in cases:
        started = time.perf_counter()
        reading = reader.read(case.text, context, TODAY)
        scores.read_ms.append((time.perf_counter() - started) * 1000)
        first, *more = reading.requests
        got = shown_slots(first)
        rest = [request.sub for request in more]
        right = {
            "intent": scores.count("intent", first.intent == case.first.intent),
            "sub": scores.count("sub", first.sub == case.first.sub),
            "slots": scores.count("slots", slots_equal(case.first.slots, got)),
            "also": scores.count("also", rest == [label.sub for label in case.also]),
            "clarify": scores.count("clarify", first.clarify == case.clarify),
        }
        _count_slots(scores.slot, case.first.slots, got)
        scores.clarify[("tp" if case.clarify else "fp") if first.clarify else ("fn" if case.clarify else "tn")] += 1
        for table, key, what in ((scores.intents, case.first.intent, "intent"), (scores.subs, case.first.sub, "sub")):
            table[key]["n"] += 1
            table[key]["right"] += right[what]
        scores.authors[case.author].update(n=1, **{what: int(value) for what, value in right.items()})
        wrong = [what for what, value in right.items() if not value]
        scores.count("whole", not wrong)
        if wrong:
            wanted = _told(case.first.sub, case.first.slots, (a.sub for a in case.also), " ?" if case.clarify else "")
            was = _told(first.sub, got, rest, f" ? {first.question}" if first.clarify else "")
            scores.misses.append(Miss(",".join(wrong), case.author, case.text, wanted, was))


def _count_slots(counts: Counter[str], wanted: Slots, got: Slots) -> None:
    for name in wanted.keys() | got.keys():
        if name in wanted and name in got and same(wanted[name], got[name]):
            counts["tp"] += 1
            continue
        counts["fn"] += name in wanted
        counts["fp"] += name in got


def score_dialogues(scores: Scores, cases: list[Dialogue]) -> None:
    """Whole conversations, each on an account of its own; a turn is right when its effect, request and slots are."""
    from assistant.desk import Desk
    from assistant.settings import load

    with TemporaryDirectory() as home, asyncio.Runner() as runner:
        desk = Desk.open(load(Path(home)))
        desk.look_as_of(TODAY)
        try:
            for number, case in enumerate(cases):
                runner.run(_talk(desk, number, case, scores))
        finally:
            desk.close()


async def _talk(desk: object, number: int, case: Dialogue, scores: Scores) -> None:
    from assistant.desk import Desk
    from assistant.events import Answered
    from tools.execution.journal import Opening
    from tools.risk.profiles import Profile

    assert isinstance(desk, Desk)
    person = f"person{number}"
    held = [Opening(symbol=s, quantity=Decimal(q), price=Decimal(p)) for s, (q, p) in HELD.items()]
    desk.accounts.open(f"D{number}", person, Decimal(100_000), Profile("moderate"), held)
    conversation = desk.conversation(person, "s")
    before: list[str] = []
    for turn in case.turns:
        open_before = {ticket.id for ticket in conversation.open_tickets()}
        async for event in conversation.say(turn.said, channel="bench"):
            if isinstance(event, Answered):
                answer = event.answer
                scores.turn_ms.append(answer.ms)
                open_after = {ticket.id for ticket in conversation.open_tickets()}
                refused = answer.refusal is not None
                got = _effect(answer.order_sent, answer.clarify, refused, open_before, open_after)
                _score_turn(
                    scores, case.author, turn.said, turn.effect, turn.label, got, answer.sub, answer.slots, before
                )
        before.append(turn.said)


def _effect(sent: bool, clarify: bool, refused: bool, before: set[str], after: set[str]) -> Effect:
    if sent:
        return "send"
    if clarify:
        return "ask"
    if after - before or refused:
        return "revise" if before and (before - after or refused) else "propose"
    return "drop" if before - after else "answer"


def _score_turn(
    scores: Scores,
    author: str,
    said: str,
    effect: Effect,
    label: Label,
    got: Effect,
    sub: str,
    slots: Slots,
    before: list[str],
) -> None:
    free = effect in ("send", "drop")
    right = scores.count("turn effect", got == effect)
    whole = scores.count("turn", right and (free or (sub == label.sub and slots_equal(label.slots, slots))))
    if not whole:
        kind = "turn effect" if not right else "turn"
        wanted = f"{effect}: {_told(label.sub, label.slots)}"
        scores.misses.append(
            Miss(kind, author, " | ".join([*before[-3:], said]), wanted, f"{got}: {_told(sub, slots)}")
        )


def score_replies(scores: Scores, cases: list[Reply]) -> None:
    """Each reply against the tickets that stand open."""
    from assistant.consent import TicketView, read_reply

    for case in cases:
        got = read_reply(case.text, [TicketView.model_validate(ticket) for ticket in case.tickets])
        scores.consent[case.verdict][got.verdict] += 1
        right = got.verdict == case.verdict
        named = case.verdict not in ("confirm", "revise", "cancel") or case.ticket is None or got.ticket == case.ticket
        if not scores.count("reply", right and named):
            which = "/".join(str(ticket["id"]) for ticket in case.tickets)
            wanted, was = f"{case.verdict} {case.ticket}", f"{got.verdict} {got.ticket}: {got.why}"
            scores.misses.append(Miss("reply", case.author, f"[{which}] {case.text}", wanted, was))


def evaluate(half: Half) -> Scores:
    """Score one half of the set, all three kinds."""
    scores = Scores(half)
    score_utterances(scores, utterances(half))
    score_dialogues(scores, dialogues(half))
    score_replies(scores, replies(half))
    return scores


VERDICTS = ("confirm", "cancel", "revise", "ambiguous", "unrelated")
