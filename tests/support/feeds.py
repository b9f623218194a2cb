"""A real server on this machine that plays feeds: well-behaved, slow, broken and hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Play = Callable[[BaseHTTPRequestHandler, Event], None]
"""Answers one request; the event is set when the test is over."""


class FeedServer:
    """Plays a script for each path, and remembers every request's headers."""

    def __init__(self, plays: Mapping[str, Play]) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.plays = dict(plays)
        self.over = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                with suppress(BrokenPipeError, ConnectionResetError):  # the reader had enough
                    outer.plays[self.path](self, outer.over)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(**plays: Play) -> Iterator[FeedServer]:
    """A server whose path `/name` plays `plays[name]`."""
    server = FeedServer({f"/{name}": play for name, play in plays.items()})
    try:
        yield server
    finally:
        server.close()


def sends(body: bytes, kind: str = "application/rss+xml", status: int = 200, **headers: str) -> Play:
    """Sends `body` at once."""

    def play(request: BaseHTTPRequestHandler, _: Event) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return play


def remembers(body: bytes, etag: str) -> Play:
    """Sends `body`, and 304 to who has it already."""

    def play(request: BaseHTTPRequestHandler, over: Event) -> None:
        if request.headers.get("If-None-Match") == etag:
            request.send_response(304)
            request.end_headers()
            return
        sends(body, ETag=etag)(request, over)

    return play


def hangs(request: BaseHTTPRequestHandler, over: Event) -> None:
    """Takes the request and says nothing."""
    over.wait(20)


def drips(request: BaseHTTPRequestHandler, over: Event) -> None:
    """Sends a byte now and then, for ever: no single wait is long."""
    request.send_response(200)
    request.send_header("Content-Type", "application/rss+xml")
    request.end_headers()
    while not over.wait(0.02):
        request.wfile.write(b" ")


def floods(request: BaseHTTPRequestHandler, over: Event) -> None:
    """Sends without end."""
    request.send_response(200)
    request.send_header("Content-Type", "application/rss+xml")
    request.end_headers()
    while not over.is_set():
        request.wfile.write(b"<item>" + b"x" * 65536)


def rss(*items: str, title: str = "Test Wire") -> bytes:
    """An RSS document of the items given as XML."""
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'
    ).encode()


def item(
    headline: str, at: str = "Mon, 26 Jun 2023 13:00:00 GMT", guid: str = "", body: str = "", tag: str = ""
) -> str:
    """One RSS item."""
    named = f"<guid>{guid}</guid>" if guid else ""
    dated = f"<pubDate>{at}</pubDate>" if at else ""
    tagged = f"<category>{tag}</category>" if tag else ""
    return f"<item>{named}<title>{headline}</title>{dated}{tagged}<description>{body}</description></item>"
