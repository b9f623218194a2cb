"""The web channel: lays the page out in the home folder, binds to loopback, and serves it until stopped.

The page itself is `app.py` (Chainlit), which finds the desk it talks to on the server's own state.
Chainlit reads its folder once, when it is first imported, so it is imported here and not before.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.channels.web_door import Door, origins
from brokers.vocabulary import Refused, StorageError, Unavailable

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")

PROJECT = Path(__file__).resolve().parents[2]
"""Where `app.py`, `public/`, `.chainlit/` and `chainlit.md` are: the checkout, or the installed package's folder."""

LARGEST_MESSAGE = 4_000_000
"""Bytes of one message on the socket; past it Chainlit drops the connection, so a large paste must fit under it."""


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the web chat on `http://host:port` until interrupted; port 0 takes any free one.

    Raises `Refused` for an address other than loopback, `Unavailable` when the port cannot be had and
    `StorageError` when the home folder cannot be written; also whatever opening the desk raises.
    """
    with listen(host, port) as listener:
        root = lay_out(settings.home / "web")
        # Imported late: a port in use or a closed folder is said at once, before anything heavy is loaded.
        from assistant.desk import Desk

        desk = Desk.open(settings)
        desk.feeds.watch()
        try:
            run(desk, root, listener)
        finally:
            desk.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to loopback `host`:`port`. Raises `Refused` or `Unavailable` with what to do next."""
    if host not in LOOPBACK:
        raise Refused(
            f"The web page has no sign-in yet, so it listens on this machine only, not on {host}.",
            fix="Leave --host out, and reach it from elsewhere through a tunnel, such as ssh -L.",
        )
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen()
    except (OSError, OverflowError) as error:
        made.close()
        raise Unavailable(
            f"Port {port} on {host} cannot be used: {getattr(error, 'strerror', None) or error}.",
            fix=f"Stop what is using it, or choose another: `make run PORT={_other(port)}`"
            f" or `deskmate web --port {_other(port)}`.",
        ) from error
    return made


def _other(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001


def lay_out(root: Path) -> Path:
    """Copy the page's files into `root`, where Chainlit also keeps its own; the checkout stays clean.

    Raises `StorageError` when the folder cannot be written.
    """
    try:
        shutil.rmtree(root / "public", ignore_errors=True)
        shutil.copytree(PROJECT / "public", root / "public")
        shutil.copytree(PROJECT / ".chainlit", root / ".chainlit", dirs_exist_ok=True)
        # Named for the one language the page has, which is where Chainlit looks first.
        shutil.copyfile(PROJECT / "chainlit.md", root / "chainlit_en-US.md")
    except OSError as error:
        raise StorageError(
            f"The web page cannot be laid out in {root}: {error.strerror or error}.",
            fix="Choose a home folder that can be written: `deskmate web --home DIR`.",
        ) from error
    return root


def run(desk: Desk, root: Path, listener: socket.socket) -> None:
    """Serve `desk` on the bound socket from the folder `root` until interrupted."""
    host, port = listener.getsockname()[:2]
    served = origins(host, port)
    os.environ["CHAINLIT_APP_ROOT"] = str(root)
    # A library below Chainlit reports its use unless told not to; nothing leaves this machine unasked.
    os.environ["TRACELOOP_TELEMETRY"] = "false"
    from chainlit.config import config, load_module

    config.run.host, config.run.port, config.run.headless = host, port, True
    # The cross-origin rules are fixed when the server module is imported, so they are set before it.
    config.project.allow_origins = list(served)
    from chainlit.server import app as server
    from chainlit.server import sio

    sio.eio.max_http_buffer_size = LARGEST_MESSAGE
    server.state.desk = desk
    target = str(PROJECT / "app.py")
    config.run.module_name = target
    load_module(target)
    print(f"Deskmate is at {served[0]} (Ctrl-C stops it)", file=sys.stderr, flush=True)
    asyncio.run(_serve(Door(server, served), listener))


async def _serve(door: Door, listener: socket.socket) -> None:
    import uvicorn

    chosen = uvicorn.Config(
        door,
        log_level="error",
        access_log=False,
        lifespan="on",
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=3,
    )
    await uvicorn.Server(chosen).serve(sockets=[listener])
