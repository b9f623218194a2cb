"""Which picture the page shows for a value, and the plain JSON that picture is drawn from.

A picture is a custom element: a file `public/elements/NAME.jsx` and its properties. Properties come from typed
values alone (decimals as strings, instants in ISO 8601), and are drawn as text, so no value can carry markup.
A value without a picture of its own is shown as a table of its facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import BaseModel

from assistant.events import Card, Failed, Notice, RefusalView
from tools.execution.ticket import TicketStatus, TicketView

Props = dict[str, object]


@dataclass(frozen=True)
class Picture:
    """A custom element: the name of its file and the JSON it is drawn from."""

    name: str
    props: Props


def of_ticket(ticket: TicketView, *, armed: bool = False) -> Picture:
    """The order ticket; `armed` once the first of two deliberate clicks was made (live mode)."""
    return Picture("TicketCard", {**_json(ticket), "armed": armed})


def of_refusal(refusal: RefusalView) -> Picture:
    """A refused order: its reasons and the nearest order that would pass."""
    return Picture("RefusalCard", _json(refusal))


def of_notice(event: Notice | Failed) -> Picture:
    """A line beside the answer: information, a warning, or what could not be done and what to do next."""
    match event:
        case Notice():
            return Picture("NoticeBar", {"level": event.level, "text": event.text, "fix": ""})
        case Failed():
            return Picture("NoticeBar", {"level": "error", "text": event.text, "fix": event.fix})


def of_card(card: Card) -> Picture:
    """The picture of a tool's result, chosen by the type of its value."""
    return Picture("FactsTable", facts(card.value))


def superseded(props: Mapping[str, object], by: str) -> Props:
    """A ticket's properties once a revision replaced it."""
    if props.get("status") != TicketStatus.PROPOSED.value:
        return dict(props)
    return {**props, "status": TicketStatus.VOID.value, "why": f"Replaced by ticket {by}."}


def facts(value: BaseModel) -> Props:
    """Any value as a title, labelled facts and tables: `{"title", "rows": [[label, value]], "tables": [...]}`."""
    rows: list[list[object]] = []
    tables: list[Props] = []
    for name, field in _json(value).items():
        match field:
            case None | "" | [] | {}:
                continue
            case dict():
                inner = cast("dict[str, object]", field)
                rows.extend([f"{label(name)}, {label(key).lower()}", _plain(part)] for key, part in inner.items())
            case list() if _is_records(cast("list[object]", field)):
                tables.append(_table(label(name), cast("list[dict[str, object]]", field)))
            case _:
                rows.append([label(name), _plain(field)])
    return {"title": title(value), "rows": rows, "tables": tables}


def title(value: BaseModel) -> str:
    """A value's type as a heading: `PnlResult` is "Pnl"."""
    words = re.sub(r"(Result|Report|View)$", "", type(value).__name__)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).capitalize()


def label(name: str) -> str:
    """A field's name as a label: `average_cost` is "Average cost"."""
    return name.replace("_", " ").capitalize()


def _json(value: BaseModel) -> Props:
    return value.model_dump(mode="json")


def _is_records(items: Sequence[object]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)


def _table(heading: str, records: Sequence[Mapping[str, object]]) -> Props:
    columns = [name for name in records[0] if any(record.get(name) not in (None, "", []) for record in records)]
    return {
        "title": heading,
        "columns": [label(name) for name in columns],
        "rows": [[_plain(record.get(name)) for name in columns] for record in records],
    }


def _plain(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(_plain(item)) for item in cast("list[object]", value))
        case dict():
            return ", ".join(f"{key} {_plain(item)}" for key, item in cast("dict[str, object]", value).items())
        case _:
            return value
