"""What every test shares. No test may reach a network beyond this machine, and no language model by accident."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from assistant.desk import Desk
    from tests.support.clock import WallClock
    from tools.execution.accounts import AccountParts


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the home of whoever runs it."""
    monkeypatch.setenv("DESKMATE_HOME", str(tmp_path / "home"))
    for name in ("DESKMATE_MODEL", "DESKMATE_API_KEY", "DESKMATE_BASE_URL", "DESKMATE_PERSON"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def seeded_market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market file with the sample market in it, made once: every home starts from a copy."""
    from datetime import UTC, datetime

    from assistant.market import open_market
    from assistant.settings import load

    settings = load(tmp_path_factory.mktemp("seed"))
    open_market(settings, datetime(2026, 1, 5, tzinfo=UTC))
    return settings.market_file


@pytest.fixture(scope="session")
def tiny_classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small BERT with three labels, trained once a run."""
    from tests.support.tiny_bert import train_tiny

    return train_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def home(tmp_path: Path, seeded_market: Path) -> Path:
    """A fresh home folder, with the sample market already in its store."""
    made = tmp_path / "home"
    made.mkdir(exist_ok=True)
    shutil.copy(seeded_market, made / seeded_market.name)
    return made


@pytest.fixture
def clock() -> WallClock:
    """A wall clock that the test moves."""
    from tests.support.clock import WallClock

    return WallClock()


@pytest.fixture
def desk(home: Path, clock: WallClock) -> Iterator[Desk]:
    """A desk over real stores in a fresh home."""
    from pydantic_ai import models

    from tests.support.desks import make_desk

    models.ALLOW_MODEL_REQUESTS = False
    made = make_desk(home, clock)
    yield made
    made.close()


@pytest.fixture
def parts(desk: Desk) -> AccountParts:
    """The first person's account, opened with the settings' cash."""
    return desk.account("local")
