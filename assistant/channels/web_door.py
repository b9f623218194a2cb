"""The page's front door: who may knock (Host and Origin), and what the page may load (no other host, ever).

Chainlit accepts a socket from any origin, so without this door any web page open in the same browser
could speak to a desk on loopback and type "confirm" into it. Three rules stand in front of every request:

- Host must be one of the addresses served: a foreign name that resolves here (DNS rebinding) is refused;
- Origin, where a browser sends one, must be one of the origins served: sockets and posts from other pages are refused;
- documents go out without links to other hosts, and with a Content-Security-Policy that allows none.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOREIGN_LINK = re.compile(r"<link\b[^>]*href=\"https?://[^>]*>", re.IGNORECASE)
_FOREIGN_META = re.compile(r"<meta\b[^>]*content=\"https?://[^>]*>", re.IGNORECASE)
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.IGNORECASE | re.DOTALL)

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def origins(host: str, port: int) -> tuple[str, ...]:
    """The origins a browser may use for a desk that listens on loopback `host`:`port`, the served one first."""
    shown = f"[{host}]" if ":" in host else host
    names = dict.fromkeys((shown, "127.0.0.1", "localhost"))
    return tuple(f"http://{name}:{port}" for name in names)


def local_document(html: str) -> str:
    """The page without anything that would make a browser call another host."""
    return _FOREIGN_META.sub("", _FOREIGN_LINK.sub("", html))


def policy(inline_scripts: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of a response that holds exactly these inline scripts.

    `unsafe-eval` is what Chainlit's element runner needs to evaluate our own JSX, which `script-src 'self'`
    confines to this host; inline scripts are allowed by their hash alone. Inline styles carry React's widths.
    """
    hashes = "".join(
        f" 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in inline_scripts
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval'{hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Door:
    """An ASGI application in front of `app`, which answers only for `served` origins."""

    def __init__(self, app: ASGIApp, served: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(served)
        self._hosts = frozenset(origin.partition("://")[2] for origin in served)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, refused where Host or Origin is not ours."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._welcome(headers):
            await _refuse(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            document = "text/html" in headers.get("accept", "")
            inner = _uncompressed(scope) if document else scope
            await self._app(inner, receive, _Dressed(send))

    def _welcome(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return headers.get("host", "") in self._hosts and (origin is None or origin in self._origins)


def _uncompressed(scope: Scope) -> Scope:
    # A document is rewritten on its way out, so the inner application must not compress it.
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "This page may not use the desk."})
        return
    said = PlainTextResponse(
        "This address or page may not use the desk. Open the address that Deskmate printed.\n", 403
    )
    await said(scope, receive, send)


class _Dressed:
    """A `send` that adds the house's headers, and rewrites documents (held back until they are whole)."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in FIXED_HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = policy()
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._document(self._start)
            return
        await self._send(message)

    async def _document(self, start: Message) -> None:
        html = local_document(self._body.decode())
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = policy(_INLINE_SCRIPT.findall(html))
        headers["Cache-Control"] = "no-store"
        body = html.encode()
        headers["Content-Length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
