"""Sentences by grammar: thousands of labelled lines about results, orders, ratings and markets, from `phrases.toml`."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from models.sentiment import LABELS, Label

PHRASES = Path(__file__).with_name("phrases.toml")
SHARES: dict[Label, float] = {"positive": 0.36, "negative": 0.28, "neutral": 0.36}
"""Which part of the sentences has which tone."""
_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SOUNDS = (
    "al",
    "nor",
    "vik",
    "tel",
    "ra",
    "mo",
    "ska",
    "fin",
    "ter",
    "ven",
    "or",
    "pol",
    "tan",
    "kem",
    "lu",
    "sto",
    "ba",
    "ri",
    "met",
    "ko",
    "dan",
    "ex",
    "sil",
    "gra",
    "hel",
    "tro",
    "ner",
    "wes",
    "pri",
    "max",
    "zen",
    "cap",
    "omni",
)
_ENDS = (
    "ia",
    "co",
    "on",
    "is",
    "tech",
    "sson",
    "nen",
    "max",
    "ex",
    "ium",
    "a",
    "o",
    "ar",
    "ix",
    "soft",
    "pharma",
    "bank",
    " Energy",
    " Foods",
    " Motors",
    " Steel",
    " Capital",
    " Media",
    " Pharma",
    " Systems",
    " Industries",
    "",
)
_FIRST = (
    "Anna",
    "Mikko",
    "James",
    "Priya",
    "Lars",
    "Elena",
    "David",
    "Sari",
    "Juha",
    "Maria",
    "Rahul",
    "Susan",
    "Peter",
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November")
_MONEY = (
    "EUR {} mn", "EUR {} million", "EUR{}m", "{} million euros", "€{} million", "${} million", "${}M", "USD {} mn",
    "${} billion", "SEK {} mn", "GBP {} m", "£{}m", "Rs {} crore", "EUR {} bn", "{} mln euro", "$ {} mn",
    "NOK {} million", "US${} million", "INR {} crore", "{} billion yen",
)  # fmt: skip


@cache
def phrases() -> dict[str, Any]:
    """The rules as written in `phrases.toml`."""
    return tomllib.loads(PHRASES.read_text(encoding="utf-8"))


class Writer:
    """Expands rules; one writer remembers the two figures that a sentence compares."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._rules: dict[str, Sequence[str]] = phrases()["rules"]
        self._low = self._high = self._any = 1.0
        self._form = _MONEY[0]

    def line(self, rule: str) -> str:
        """One sentence of a rule, with fresh figures."""
        chance = self._chance
        self._low = round(chance.choice((1, 10, 100)) * chance.uniform(0.3, 9.0), chance.choice((0, 1, 1, 2)))
        self._low = self._low or 1.2
        self._high = round(self._low * chance.uniform(1.03, 2.4) + 0.1, 1)
        self._form = chance.choice(_MONEY)
        text = self._expand(rule)
        text = re.sub(r"\s+([,.?])", r"\1", " ".join(text.split()))
        return self._finish(text)

    def _expand(self, rule: str) -> str:
        while found := _CHOICE.search(rule):
            rule = rule[: found.start()] + self._chance.choice(found[1].split("|")) + rule[found.end() :]
        return _SLOT.sub(lambda found: self._slot(found[1]), rule)

    def _slot(self, name: str) -> str:
        if name in self._rules:
            return self._expand(self._chance.choice(self._rules[name]))
        return self._made(name)

    def _made(self, name: str) -> str:
        chance = self._chance
        match name:
            case "low" | "high" | "any":
                value = {"low": self._low, "high": self._high}.get(name, round(chance.uniform(0.5, 900), 1))
                return self._form.format(f"{value:,.1f}" if value % 1 else f"{value:,.0f}")
            case "pct":
                return chance.choice(("{} %", "{}%", "{}%", "{} percent", "{} per cent", "{} pct")).format(
                    round(chance.uniform(0.2, 45), chance.choice((0, 1))) or 3
                )
            case "n":
                sizes = (chance.randint(11, 99), chance.randint(1, 90) * 10, chance.randint(1, 40) * 100)
                return f"{chance.choice(sizes):,}"
            case "n2":
                return str(chance.randint(2, 40))
            case "q":
                return str(chance.randint(1, 3))
            case "big":
                return f"{chance.randint(1_000_000, 400_000_000):,}"
            case "px" | "ps" | "psl":
                return chance.choice(("EUR {}", "${}", "{} euros", "Rs {}", "{}p")).format(
                    round(chance.uniform(0.1, 90), 2)
                )
            case "year":
                return str(chance.randint(2009, 2030))
            case "day":
                return f"{chance.randint(1, 28)} {chance.choice(_MONTHS)}" + chance.choice(
                    ("", f" {chance.randint(2006, 2022)}")
                )
            case "ticker":
                return "$" + "".join(chance.choices("ABCDEFGHIKLMNOPRSTUVWXYZ", k=chance.randint(2, 4)))
            case "person":
                return f"{chance.choice(_FIRST)} {self._name()}"
            case "name":
                return self._name()
            case _:
                raise KeyError(name)

    def _name(self) -> str:
        chance = self._chance
        return "".join(chance.choices(_SOUNDS, k=chance.randint(1, 2))).capitalize() + chance.choice(_ENDS)

    def _finish(self, text: str) -> str:
        text = text[:1].upper() + text[1:]
        style = self._chance.random()
        if style < 0.35:
            return text + " ."[self._chance.randint(0, 1) :]
        if style < 0.45:
            return f"{self._slot('the').capitalize()} said {text[:1].lower() + text[1:]}."
        if style < 0.5:
            return f"{self._chance.choice(('UPDATE 1-', 'BRIEF-', 'Update: ', ''))}{text}"
        return text


def sentences(count: int, seed: int) -> list[tuple[str, int]]:
    """`count` distinct sentences with the index of their label; the rules of a tone share its part evenly."""
    writer, chance = Writer(seed), random.Random(seed)
    made: dict[str, int] = {}
    for tone, share in SHARES.items():
        rules: Sequence[str] = phrases()[tone]
        wanted = len(made) + round(count * share)
        while len(made) < wanted:
            made.setdefault(writer.line(chance.choice(rules)), LABELS.index(tone))
    found = list(made.items())
    chance.shuffle(found)
    return found
