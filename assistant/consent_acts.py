# ruff: noqa: E501  (a pattern reads better whole)
"""Acts that a person's own text asks for exactly: cancel a working order, change the mode, step the clock, halt, resume."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.consent_spelling import as_numbers
from assistant.consent_words import LONGEST


@dataclass(frozen=True)
class Act:
    """What a person's own text asks for exactly, beyond questions and tickets."""

    kind: Literal["cancel_order", "change_mode", "next_day", "halt", "resume"]
    mode: str = ""
    """For change_mode: virtual | paper | live | paper_first."""
    symbol: str = ""
    """For cancel_order: the symbol named, upper case."""
    order_ref: str = ""
    """For cancel_order: the code named, upper case."""
    every: bool = False
    """For cancel_order: all working orders."""
    sessions: int = 1
    """For next_day: how many sessions to step."""


_POLITE = re.compile(
    r"^(?:(?:please|ok(?:ay)?|now|yes|hey|deskmate|then|just|go ahead and|i want to|i want you to|i would like to|i'd like to|can you|could you|let's|lets|let us) ?,? ?)*|(?: (?:please|now|thanks|thank you|right now|immediately|for me))*[ .!]*$"
)
_MODE_NAMES = r"(?P<m>paper[- ]first|virtual|simulated|simulation|simulator|sandbox|paper|live|real money)"
_ACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("next_day", re.compile(r"(?:(?:go|step|move|advance|skip|jump|roll|forward) ?(?:to |ahead |forward |on |by )*)?(?:the )?(?:next (?:trading )?(?:day|session)|(?:a|one|1|(?P<n>\d{1,3})) (?:more )?(?:trading )?(?:days?|sessions?)(?: forward| ahead| on)?)")),
    ("halt", re.compile(r"(?:halt|pause|freeze|suspend|stop)(?: (?:all|my|the))* (?:trading|everything)|halt|emergency stop|kill switch")),
    ("resume", re.compile(r"(?:resume|unpause|restart|continue)(?: (?:all|my))* trading|resume")),
    ("change_mode", re.compile(rf"(?:(?:switch|change|go|move|set|put me|get me)(?: (?:me|mode|the mode|my mode|my account|back|over|trading|it))*(?: (?:to|into|in|on))? )?{_MODE_NAMES}(?: (?:mode|trading|account))?(?<!^live)(?<!^real money)")),
    ("cancel_order", re.compile(r"(?:cancel|withdraw|pull|kill|delete|remove) (?P<all>all|every|everything|all of)(?: (?:of|my|the|open|working|pending))*(?: orders?)?")),
    ("cancel_order", re.compile(r"(?:cancel|withdraw|pull|kill|delete|remove)(?: (?:my|the|that|this|working|open|pending|limit|stop|buy|sell|resting))*(?: \$?(?P<s>(?!order|my|the|it|that)[a-z][a-z.]{0,6}))?(?: (?:limit|stop|buy|sell|working|open))* orders?(?: (?:for|on|in) \$?(?P<s2>[a-z][a-z.]{0,6}))?(?: (?:number |id |#)?#?(?P<r>(?=[a-z0-9]*\d)[a-z0-9]{3,12}))?")),
    ("cancel_order", re.compile(r"(?:cancel|withdraw|pull|kill|delete|remove)(?: (?:my|the))?(?: (?:ticket|order|number))* #?(?P<r>(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{3,12})")),
)  # fmt: skip


def read_act(text: str) -> Act | None:
    """The act that a person's raw text asks for exactly, or None for anything more, less, doubtful or conditional."""
    if len(text) > LONGEST or not text.isascii() or "\n" in text.strip() or re.search(r"[?\"<>{}|`=]", text):
        return None
    core = as_numbers(" ".join(text.lower().split()))
    core = _POLITE.sub("", core).strip()
    for kind, pattern in _ACTS:
        match = pattern.fullmatch(core)
        if match is not None:
            return _act(kind, match)
    return None


def _act(kind: str, match: re.Match[str]) -> Act | None:
    got = {k: v for k, v in match.groupdict().items() if v}
    match kind:
        case "next_day":
            sessions = int(got.get("n", "1"))
            return Act("next_day", sessions=sessions) if sessions > 0 else None
        case "halt":
            return Act("halt")
        case "resume":
            return Act("resume")
        case "change_mode":
            mode = got["m"].replace("-", "_").replace(" ", "_")
            return Act(
                "change_mode",
                mode={
                    "simulated": "virtual",
                    "simulation": "virtual",
                    "simulator": "virtual",
                    "sandbox": "virtual",
                    "real_money": "live",
                }.get(mode, mode),
            )
        case _:
            return Act(
                "cancel_order",
                symbol=(got.get("s") or got.get("s2") or "").upper(),
                order_ref=got.get("r", "").upper(),
                every="all" in got,
            )
