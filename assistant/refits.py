"""Days on which a person asked for weights and calibrator to be fitted again, kept in `signal_refits.json` of the home.

They stand beside the first day of each quarter. A day is only ever added, and only the day the replay stands at: a day
of the past would give calls that were already shown other weights.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from brokers.vocabulary import BadInput
from storage.locks import FileLocks

NAME = "signal_refits.json"
_DAYS = TypeAdapter(tuple[date, ...])


def refits(home: Path) -> tuple[date, ...]:
    """The days asked for, oldest first; none where the file is missing. Raises `BadInput` for what cannot be read."""
    path = home / NAME
    try:
        return tuple(sorted(set(_DAYS.validate_json(path.read_bytes()))))
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        raise BadInput(
            f"{path} cannot be read as a list of days.", fix='Write it as ["2023-06-27"], or move it away.'
        ) from error


def ask_refit(home: Path, day: date, locks: FileLocks) -> tuple[date, ...]:
    """Add a day and return all of them; the file is replaced whole, so that a reader never sees half of it.

    Raises `BadInput` for a day before the last one that was asked for.
    """
    with locks(NAME):
        days = refits(home)
        if days and day < days[-1]:
            raise BadInput(
                f"A refit was asked for on {days[-1]} already, which is later.",
                fix="Refit where the replay stands at that day or later.",
            )
        asked = tuple(sorted({*days, day}))
        beside = home / f".{NAME}.{os.getpid()}"
        with beside.open("w") as file:
            json.dump([one.isoformat() for one in asked], file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(home / NAME)
    return asked
