"""Every rule of the house has a test that names it."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.rules import RULES

TESTS = Path(__file__).parent


def named() -> dict[str, set[str]]:
    """Rule id → the tests whose docstrings name it."""
    found: dict[str, set[str]] = {rule: set() for rule in RULES}
    for path in TESTS.rglob("test_*.py"):
        if path == Path(__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                text = ast.get_docstring(node) or ""
                for rule in RULES:
                    if rule in text:
                        found[rule].add(f"{path.name}::{node.name}")
    return found


def test_every_rule_of_the_house_is_named_by_a_test():
    """A rule that no test names is only a wish."""
    assert [rule for rule, tests in named().items() if not tests] == []
