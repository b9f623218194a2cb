"""Serving the page: where it may listen, where its files go, and what it says when it cannot."""

from __future__ import annotations

import socket
import tomllib
from pathlib import Path

import pytest

from assistant.channels.web import PROJECT, lay_out, listen
from brokers.vocabulary import Refused, StorageError, Unavailable


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_any_address_but_loopback_is_refused_with_a_way_on(host: str) -> None:
    """There is no sign-in yet, so whoever reaches the page is the owner: it must not leave the machine."""
    with pytest.raises(Refused) as refused:
        listen(host, 0)
    assert "--host" in refused.value.fix


def test_a_port_in_use_is_named_with_the_two_ways_to_choose_another() -> None:
    """Bad input of the first command a person runs: a sentence, not a traceback."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Unavailable) as refused:
            listen("127.0.0.1", port)
    assert str(port) in str(refused.value)
    assert "PORT=" in refused.value.fix
    assert "--port" in refused.value.fix


@pytest.mark.parametrize("port", [-1, 65_536, 10**12])
def test_a_number_that_is_no_port_is_said_so(port: int) -> None:
    """The same sentence for what can never be a port."""
    with pytest.raises(Unavailable, match=str(port)):
        listen("127.0.0.1", port)


def test_port_zero_takes_a_free_one() -> None:
    """Two desks started at once must not race for a port."""
    with listen("127.0.0.1", 0) as one, listen("127.0.0.1", 0) as two:
        assert one.getsockname()[1] != two.getsockname()[1]


def test_the_pages_files_are_laid_out_in_the_home_and_replaced_by_the_next_start(tmp_path: Path) -> None:
    """Chainlit writes where it reads; the checkout stays as it is, and an upgrade leaves no old card behind."""
    root = lay_out(tmp_path / "web")
    stale = root / "public" / "elements" / "OldCard.jsx"
    stale.write_text("old")
    lay_out(root)
    laid = {file.relative_to(root / "public") for file in (root / "public").rglob("*") if file.is_file()}
    shipped = {file.relative_to(PROJECT / "public") for file in (PROJECT / "public").rglob("*") if file.is_file()}
    assert laid == shipped
    assert (root / ".chainlit" / "config.toml").is_file()


def test_a_home_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """A file where the folder should be stands for a disk that refuses, also when the tests run as root."""
    (tmp_path / "web").write_text("in the way")
    with pytest.raises(StorageError) as refused:
        lay_out(tmp_path / "web")
    assert "--home" in refused.value.fix


def test_the_page_is_shipped_closed() -> None:
    """Defaults of the framework that would open the page: HTML in messages, uploads, any origin, outside tools."""
    shipped = tomllib.loads((PROJECT / ".chainlit" / "config.toml").read_text())
    features = shipped["features"]
    assert features["unsafe_allow_html"] is False
    assert features["spontaneous_file_upload"]["enabled"] is False
    assert features["mcp"]["enabled"] is False
    assert features["audio"]["enabled"] is False
    assert all(
        origin.startswith(("http://127.0.0.1:", "http://localhost:")) for origin in shipped["project"]["allow_origins"]
    )
    assert shipped["project"]["user_session_timeout"] <= 24 * 3600
