"""Component checks: each is a function that says what is well or raises what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from brokers.vocabulary import DeskmateError, Value


class CheckResult(Value):
    """What one check found."""

    name: str
    ok: bool
    text: str
    fix: str = ""


def checked(checks: Mapping[str, Callable[[], str]]) -> list[CheckResult]:
    """Run every check, in order; one that fails does not stop the next."""
    found: list[CheckResult] = []
    for name, check in checks.items():
        try:
            found.append(CheckResult(name=name, ok=True, text=check()))
        except DeskmateError as error:
            found.append(CheckResult(name=name, ok=False, text=str(error), fix=error.fix))
    return found
