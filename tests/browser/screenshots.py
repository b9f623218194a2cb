"""Draws the pictures of the documentation anew, from the page as it ships: `python -m tests.browser.screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.served import ANSWER, CHROMIUM, Visit, chromium, served, visit

SHELF = Path(__file__).parents[2] / "docs" / "screenshots"

PHONE = (390, 844)
DESK = (1280, 900)


def main() -> int:
    """Write every picture; 1 where there is no Chromium."""
    if CHROMIUM is None:
        print("There is no Chromium on this machine. Install it (Debian: apt install chromium).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as address, chromium() as browser:
        for theme in ("light", "dark"):
            for name, size in (("desk", DESK), ("phone", PHONE)):
                draw(browser, address, f"{name}-{theme}", size, theme)
    # The picture of the README.
    (SHELF / "desk.png").write_bytes((SHELF / "desk-light-ticket.png").read_bytes())
    return 0


def draw(browser: Browser, address: str, name: str, size: tuple[int, int], theme: str) -> None:
    """One conversation at one size and theme, a picture at each stage."""
    here = visit(browser, address, width=size[0], height=size[1], theme=theme)
    snap(here, f"{name}-start")
    for stage, text in (
        ("signal", "how does AAPL look?"),
        ("what-if", "what would buying 40 do to my risk?"),
        ("ticket", "buy 40"),
    ):
        here.say(text)
        snap(here, f"{name}-{stage}")
    here.tickets("proposed").last.locator("button.dm-confirm").click()
    here.tickets("filled").last.wait_for(timeout=ANSWER)
    here.settle()
    snap(here, f"{name}-filled")
    here.say("show my positions and cash")
    snap(here, f"{name}-positions")
    here.say("buy 5000 NFLX")
    snap(here, f"{name}-refusal")
    here.page.context.close()


def snap(here: Visit, name: str) -> None:
    """Let what moves come to rest, then take the picture."""
    here.page.wait_for_timeout(600)
    here.snap(SHELF / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
