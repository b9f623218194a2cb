"""The page's front door: foreign hosts, foreign pages and foreign links stay outside."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from assistant.channels.web_door import Door, local_document, origins, policy

PAGE = """<!doctype html><html><head>
<link rel="preconnect" href="https://fonts.example.com" />
<link
  href="https://fonts.example.com/css" rel="stylesheet" />
<meta property="og:image" content="https://cdn.example.com/x.png">
<link rel="icon" href="/favicon" /><link rel="stylesheet" href="/public/desk.css">
<script>const global = globalThis;</script><script src="/assets/index.js"></script>
</head><body></body></html>"""

SERVED = origins("127.0.0.1", 8000)


async def page(_request: Request) -> Response:
    return HTMLResponse(PAGE * 20)


async def words(_request: Request) -> Response:
    return PlainTextResponse("done")


async def live(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def door() -> Door:
    """A door before an application that compresses, as Chainlit's does."""
    inner = Starlette(
        routes=[Route("/", page), Route("/act", words, methods=["POST"]), WebSocketRoute("/ws", live)],
    )
    inner.add_middleware(GZipMiddleware, minimum_size=1)
    return Door(inner, SERVED)


def ask(method: str, path: str, **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=door())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(send())


def knock(origin: str | None, host: str = "127.0.0.1:8000") -> str:
    """What a socket from a page of `origin` is first answered with."""
    answers: list[MutableMapping[str, Any]] = []
    headers = [(b"host", host.encode())] + ([] if origin is None else [(b"origin", origin.encode())])

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    scope = {"type": "websocket", "path": "/ws", "headers": headers, "query_string": b"", "subprotocols": []}
    asyncio.run(door()(scope, receive, send))
    return str(answers[0]["type"])


@pytest.mark.parametrize("origin", SERVED)
def test_the_desks_own_pages_may_post_and_open_sockets(origin: str) -> None:
    """127.0.0.1 and localhost are the same desk, whichever was typed."""
    assert ask("POST", "/act", origin=origin).text == "done"
    assert knock(origin) == "websocket.accept"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:8001",
        "https://127.0.0.1:8000",
        "null",
        "http://127.0.0.1:8000.evil.example",
    ],
)
def test_another_page_can_neither_post_nor_open_a_socket(origin: str) -> None:
    """Chainlit's socket takes any origin: without the door another page in the browser could type "confirm" here."""
    assert ask("POST", "/act", origin=origin).status_code == 403
    assert knock(origin) == "websocket.close"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:80", ""])
def test_a_foreign_name_that_resolves_here_is_refused(host: str) -> None:
    """DNS rebinding: the browser believes it talks to its own site, and only the Host header tells."""
    assert ask("GET", "/", host=host).status_code == 403
    assert knock(None, host) == "websocket.close"


def test_a_document_links_to_no_other_host_and_keeps_its_own_links() -> None:
    """The page must work without internet, and must not tell a font host that it was opened."""
    html = local_document(PAGE)
    assert not re.search(r"https?://", html)
    for kept in ('href="/favicon"', 'href="/public/desk.css"', 'src="/assets/index.js"'):
        assert kept in html


def test_a_document_goes_out_whole_under_a_policy_that_names_its_inline_scripts_by_hash() -> None:
    """No inline script runs but the page's own: each is allowed by its hash, and `unsafe-inline` is never given."""
    answer = ask("GET", "/", accept="text/html", **{"accept-encoding": "gzip"})
    assert answer.text == local_document(PAGE * 20)
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    digest = base64.b64encode(hashlib.sha256(b"const global = globalThis;").digest()).decode()
    assert f"'sha256-{digest}'" in rules["script-src"]
    assert "unsafe-inline" not in rules["script-src"]
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"


def test_every_answer_carries_the_policy_even_what_is_not_a_document() -> None:
    """A file opened on its own is a page too: it gets the policy without any inline script."""
    answer = ask("POST", "/act")
    assert answer.headers["content-security-policy"] == policy()
    assert answer.headers["x-content-type-options"] == "nosniff"
