"""A served desk and a browser in front of it: what the browser tests and the screenshots share."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

START = 90.0
"""Longest wait for the server, in seconds."""

ANSWER = 15_000
"""Longest wait for anything on the page, in milliseconds."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """`deskmate web` on a free port with this home, for as long as the block lasts; gives the page's address."""
    command = [str(Path(sys.executable).with_name("deskmate")), "web", "--home", str(home), "--port", str(free_port())]
    log = home / "web.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        yield printed_address(process, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def printed_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address that the starting server prints; fails with what it said where it ends or takes too long."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        for word in log.read_text().split():
            if word.startswith("http://"):
                return word
        time.sleep(0.1)
    raise AssertionError(f"deskmate web did not start:\n{log.read_text()}")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """One open page, with everything it asked the network for and every complaint of its console."""

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])
    dialogs: list[str] = field(default_factory=list[str])

    def say(self, text: str) -> None:
        """Type a message and wait until its turn is over."""
        before = self.page.locator("[data-step-type=user_message]").count()
        self.page.locator("#chat-input").fill(text)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("[data-step-type=user_message]")).to_have_count(before + 1, timeout=ANSWER)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is being answered."""
        expect(self.page.locator("#stop-button")).to_have_count(0, timeout=ANSWER)
        self.page.wait_for_timeout(150)

    def tickets(self, status: str | None = None) -> Locator:
        """The ticket cards on the page, all of them or those with one status."""
        chosen = "" if status is None else f"[data-status={status}]"
        return self.page.locator(f"article.dm-ticket{chosen}")

    def card(self, title: str) -> Locator:
        """The newest card with this title."""
        return self.page.locator(f"article[aria-label='{title}']").last

    def snap(self, file: Path) -> None:
        """Write what the window shows to a PNG file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file)


def profile(browser: Browser, *, width: int = 1280, height: int = 860, theme: str = "light") -> BrowserContext:
    """A fresh browser profile with a window of this size, whose owner chose this theme."""
    made = browser.new_context(viewport={"width": width, "height": height})
    made.add_init_script(f"localStorage.setItem('vite-ui-theme', '{theme}')")
    return made


def visit(context: BrowserContext, address: str) -> Visit:
    """Open the page in a new tab, which is a conversation of its own, and wait until its header is there."""
    page = context.new_page()
    made = Visit(page, address)

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            made.foreign.append(request.url)

    page.on("request", asked)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    page.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: (made.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    expect(page.locator("#desk-bar .desk-equity")).to_be_visible(timeout=ANSWER)
    return made
