"""Settings: `deskmate.toml` in the home folder, overridden by `DESKMATE_*` environment variables.

Frozen, typed, unknown keys refused, secrets masked. Everything has a default: an empty home works.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from brokers.vocabulary import DeskmateError, StorageError
from tools.risk.limits import Ceiling
from tools.risk.profiles import Profile

FILE = "deskmate.toml"
HOME_VARIABLE = "DESKMATE_HOME"
PREFIX = "DESKMATE_"


class SettingsError(DeskmateError):
    """The settings file or a `DESKMATE_*` variable cannot be used."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Market(_Section):
    """`[market]`"""

    sample: bool | None = None
    """Show the sample market. Unset: yes, until the first `deskmate import bars`."""


class Trading(_Section):
    """`[trading]`"""

    profile: Profile = Profile.MODERATE
    """The risk profile whose limits a new account starts with."""
    opening_cash: Decimal = Field(default=Decimal(100_000), gt=0, le=Decimal(10) ** 12)
    """Cash of an account that is opened by itself at first use."""
    ticket_lifetime: timedelta = Field(default=timedelta(minutes=5), gt=timedelta(0), le=timedelta(hours=12))
    """How long a ticket can be released, in seconds of the wall clock."""


class Models(_Section):
    """`[models]`"""

    turn_timeout: timedelta = Field(default=timedelta(seconds=25), gt=timedelta(0))
    """Longest a language model may take for one turn before plain code answers, in seconds."""
    tool_calls: int = Field(default=12, ge=1)
    """Most tool calls in one turn."""
    sentiment: str | None = None
    """The model that reads news. Unset: FinBERT where it was fetched, else the one that ships with the project."""


class News(_Section):
    """`[news]`"""

    feeds: tuple[str, ...] = Field(default=(), max_length=50)
    """Addresses of RSS and Atom feeds."""
    refresh: timedelta = Field(default=timedelta(minutes=15), ge=timedelta(minutes=1))
    """How often a running chat or page asks them, in seconds."""
    timeout: timedelta = Field(default=timedelta(seconds=15), gt=timedelta(0), le=timedelta(minutes=2))
    """Longest one feed may take from first to last byte, in seconds."""

    @field_validator("feeds")
    @classmethod
    def _addresses(cls, feeds: tuple[str, ...]) -> tuple[str, ...]:
        for url in feeds:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
                raise ValueError(f"“{url[:80]}” is no address of a feed: http:// or https://, without a password")
        return tuple(dict.fromkeys(feeds))


class Web(_Section):
    """`[web]`"""

    host: str = "127.0.0.1"
    """Address the page listens on; anything but loopback needs sign-in."""
    port: int = Field(default=8000, ge=1, le=65535)
    """Port the page listens on."""


class Settings(_Section):
    """All settings, with the home they belong to."""

    home: Path
    model: str = "router"
    """`router` | `openai:NAME` | `compatible:NAME` (with `base_url`) | `python:package.module:factory`."""
    base_url: str | None = None
    """Where a compatible server listens."""
    api_key: SecretStr | None = None
    """Key of the language model's provider; `DESKMATE_API_KEY` keeps it out of the file."""
    person: str = "local"
    """Who speaks where no sign-in says so."""
    market: Market = Market()
    trading: Trading = Trading()
    ceiling: Ceiling = Ceiling()
    """The operator's ceiling: no account's limits are looser than this."""
    models: Models = Models()
    news: News = News()
    web: Web = Web()

    @property
    def ledger_file(self) -> Path:
        """The event ledger."""
        return self.home / "ledger.sqlite"

    @property
    def market_file(self) -> Path:
        """The market store."""
        return self.home / "market.duckdb"

    @property
    def exchange_file(self) -> Path:
        """The simulated exchange's own books."""
        return self.home / "exchange.sqlite"

    @property
    def locks(self) -> Path:
        """Lock files of the accounts."""
        return self.home / "locks"


def default_home() -> Path:
    """`DESKMATE_HOME`, else `~/.deskmate`."""
    return Path(os.environ.get(HOME_VARIABLE) or Path.home() / ".deskmate")


def load(home: Path | None = None) -> Settings:
    """Read the settings of `home`, creating the folder when it is missing.

    Raises:
        SettingsError: the file cannot be read, or a key or value in it is wrong; the message names it.
        StorageError: the home folder cannot be created or written.
    """
    where = (home or default_home()).expanduser()
    _ready(where)
    values = _from_file(where / FILE)
    for name, value in _from_environment().items():
        values[name] = value
    try:
        return Settings.model_validate({**values, "home": where.resolve()})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or FILE
        if first["type"] == "extra_forbidden":
            raise SettingsError(
                f"{FILE}: there is no setting “{key}”.", fix=f"Remove or rename it in {where / FILE}."
            ) from error
        raise SettingsError(f"{FILE}: {key}: {first['msg']}.", fix=f"Mend it in {where / FILE}.") from error


def _ready(where: Path) -> None:
    try:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=where):
            pass
    except OSError as error:
        raise StorageError(
            f"The home folder {where} cannot be written ({error.strerror}).",
            fix="Choose another: --home DIR or DESKMATE_HOME.",
        ) from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not readable TOML: {error}.", fix="Mend or remove the file.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}).", fix="Check its permissions.") from error


def _from_environment() -> dict[str, str]:
    """`DESKMATE_MODEL`, `DESKMATE_BASE_URL`, `DESKMATE_API_KEY`, `DESKMATE_PERSON`: the top-level text settings."""
    names = ("model", "base_url", "api_key", "person")
    return {name: value for name in names if (value := os.environ.get(PREFIX + name.upper()))}
