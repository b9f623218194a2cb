"""A stranger's text as a language model may see it: marked as data, and unable to end its own mark.

Fields that are marked `STRANGER` (headlines, bodies, the names feeds give themselves) are put between tags. The words
inside can still lie; they cannot pass for an instruction of ours, and no tool a model could call can do harm
(`model:no-hands`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from brokers.vocabulary import Stranger

OPEN, CLOSE = "<untrusted>", "</untrusted>"
_TAGS = str.maketrans({"<": "‹", ">": "›"})


def fenced(value: BaseModel) -> dict[str, Any]:
    """`value` as JSON, every text that a stranger wrote between tags it cannot write itself."""
    found: dict[str, Any] = {}
    for name, field in type(value).model_fields.items():
        part: object = getattr(value, name)
        marked = any(isinstance(mark, Stranger) for mark in field.metadata)
        found[name] = _marked(part) if marked else _walked(part)
    return found


def _walked(part: object) -> Any:
    match part:
        case BaseModel():
            return fenced(part)
        case str():
            return part
        case Mapping():
            return {str(key): _walked(item) for key, item in cast("Mapping[object, object]", part).items()}
        case list() | tuple():
            return [_walked(item) for item in cast("Sequence[object]", part)]
        case _:
            return to_jsonable_python(part)


def _marked(part: object) -> Any:
    match part:
        case str():
            return f"{OPEN}{part.translate(_TAGS)}{CLOSE}" if part else ""
        case list() | tuple():
            return [_marked(item) for item in cast("Sequence[object]", part)]
        case _:
            return _walked(part)
