# ruff: noqa: E501  (a pattern reads better whole)
"""A reply as the parts its words play: yes, no, change, condition, fact…; and which of them hold once their neighbours are seen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.consent_facts import Facts
from assistant.consent_spelling import spelt_assent, words
from assistant.consent_words import PHRASES, Part

_TOKEN = re.compile(r"[A-Z]+|[a-z]+(?:'[a-z]+)*|[.,!;:()/]+|-{1,2}|\S[\ufe0f\U0001f3fb-\U0001f3ff]?")
_KINDLY = frozenset("👍👌✅🙏🚀🙂😊😀💪🔥🎯✔💯")
_LONGEST_PHRASE = max(len(phrase) for phrase in PHRASES)
_UNFINISHED = frozenset(words("and for my i we an a just the with of at as so to but your our in on like"))


_LOOSE = (Part.DULL, Part.THE, Part.AN, Part.BUT, Part.STRANGE)


@dataclass(frozen=True)
class Piece:
    """A word or phrase with the part it plays."""

    part: Part
    text: str


def pieces_of(facts: Facts) -> tuple[Piece, ...]:
    """The pieces of a reply whose facts are marked, each with the part it plays among the others."""
    return _settle(_tag(_TOKEN.findall(_without_one(facts.marked))))


def letters(pieces: tuple[Piece, ...]) -> str:
    """One letter a piece, to be matched with a pattern."""
    return "".join(piece.part.value for piece in pieces)


def _without_one(marked: str) -> str:
    """ "The apple one" names the apple; and "looks good to me" is no more than "looks good"."""
    marked = re.sub(r"\b(the|this|that) one (?:with|at)(?: the)? ((?:QUANTITY|PRICE|TYPE)\b)", r"\1 \2 order", marked)
    marked = re.sub(r"\b(the|this|that) one ((?:QUANTITY|PRICE)\b)", r"\1 \2 order", marked)
    marked = re.sub(r"\b(the|this|that)((?: (?:[A-Z]+|order))*) one\b", r"\1\2 order", marked)
    marked = re.sub(r"\b(SYMBOL)((?: [A-Z]+)*) (?:one|thing)\b", r"\1\2 order", marked)
    marked = re.sub(r"\b(this|that) thing\b", r"\1", marked)
    return re.sub(r"\b(good|right|fine|great|correct|ok|okay|perfect) to me\b", r"\1", marked)


def _tag(tokens: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    while at < len(tokens):
        for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
            part = PHRASES.get(tuple(tokens[at : at + length]))
            if part is not None:
                pieces.append(Piece(part, " ".join(tokens[at : at + length])))
                at += length
                break
        else:
            pieces.append(Piece(_alone(tokens[at]), tokens[at]))
            at += 1
    return pieces


def _alone(word: str) -> Part:
    """The part of a token that no phrase holds: a mark, a stop, a slip of the finger, or something not understood."""
    if word.isupper():
        return {"WRONG": Part.OFF, "SIDE": Part.SIDE}.get(word, Part.FACT)
    if word == "no":
        return Part.NO
    if re.fullmatch(r"[.,!;:()/-]+", word):
        return Part.BREAK
    if word[0] in _KINDLY:
        return Part.DULL
    return Part.YES if spelt_assent(word) else Part.STRANGE


def _settle(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Decide the parts that hang on their neighbours: an object, the edge of a clause, what a "not" stands before."""
    row = "".join(piece.part.value for piece in pieces)
    settled: list[Piece] = []
    skip = 0
    for at, piece in enumerate(pieces):
        if skip:
            skip -= 1
            continue
        if piece.text == ":" and re.fullmatch(r"[dearo]+", row[:at]):
            settled.append(Piece(Part.TOLD, "a speaker's name"))
            continue
        clause = row[at + 1 :].split("|", 1)[0]
        before = row[:at].rsplit("|", 1)[-1]
        if settled and settled[-1].text == "CODE" and piece.part is Part.DONE:
            before = before[:-1]  # "M3XD confirmed" says which, not who
        part, skip = _in_place(piece, before, clause)
        settled.append(Piece(part, piece.text))
    told = len(settled) > 1 and settled[-1].text in ("in", "on") and settled[-2].part is Part.FACT  # "put the stop in"
    if settled and not told and settled[-1].part in _LOOSE and settled[-1].text.split()[-1] in _UNFINISHED:
        settled.append(Piece(Part.HEDGE, f"{settled[-1].text} …"))
    return tuple(settled)


def _in_place(piece: Piece, before: str, after: str) -> tuple[Part, int]:
    """The part that a piece plays between what its clause holds before and after it, and how many pieces it swallows."""
    match piece.part:
        case Part.DONE:
            plain = re.fullmatch(r"[Yyre]*", before) and re.fullmatch(r"[YyredaoFSv]*", after)
            return (Part.YES if plain and "i" not in piece.text.split() else Part.TOLD), 0
        case Part.NO if piece.text == "no":
            edge = not before.strip("yYreH") or not after.strip("re")
            return (Part.NO if edge else Part.NOT), 0
        case Part.DONT:
            refused = re.match(r"[eo]*[YyvSF]o?", after)
            if refused:
                return Part.NO, refused.end()
            return (Part.NOT if after.strip("e") else Part.NO), 0
        case Part.NOT:
            return (Part.CHANGE if re.match(r"[dae]*[FSW]", after) else Part.NOT), 0
        case Part.DROP:
            return _dropped(piece, after)
        case Part.VERB:
            if re.match(r"[da]*[oFS]|e?[YS]", after):
                return Part.YES, 0
            return (Part.DULL if re.match(r"[daeo]*W", after) else Part.STRANGE), 0
        case Part.GLAD:
            return (Part.STRANGE if before.endswith("d") else Part.GLAD), 0
        case Part.AN:
            return (Part.DULL if re.match(r"[Wp]|[FS]+e*[oFS]", after) else Part.STRANGE), 0
        case _:
            return piece.part, 0


def _dropped(piece: Piece, after: str) -> tuple[Part, int]:
    """ "Drop the price to 130" changes, "drop the apple buy" refuses, "drop" alone is not understood unless it is "cancel"."""
    held = re.match(r"[daeoFSr]*", after)
    length = 0 if held is None else held.end()
    if re.match(r"[daeoFS]*[pW]", after) and not piece.text.startswith(("cancel", "abort", "withdraw")):
        return Part.CHANGE, 0
    if re.match(r"[dae]*[oFS]", after):
        return Part.NO, length
    bare = piece.text.startswith(
        ("can", "stop", "abort", "scrap", "scratch", "kill", "drop", "pass", "void", "withdraw")
    )
    return (
        Part.NO
        if bare and (not after.strip("dae") or after[0] in "INHCWBDTZ" or piece.text != "stop")
        else Part.STRANGE
    ), 0
