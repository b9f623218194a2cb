"""Draws the pictures of the documentation anew, from the page as it ships: `python -m tests.browser.screenshots`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.browser.served import ANSWER, CHROMIUM, Visit, chromium, profile, served, visit

SHELF = Path(__file__).parents[2] / "docs" / "screenshots"

DESK = (1280, 900)
PHONE = (390, 844)
EVERY = ("start", "signal", "why", "news", "forecast", "what-if", "ticket", "filled", "positions", "refusal")
SOME = ("signal", "forecast", "ticket")

PICTURES = {
    "desk-light": (DESK, "light", EVERY),
    "desk-dark": (DESK, "dark", SOME),
    "phone-light": (PHONE, "light", SOME),
    "phone-dark": (PHONE, "dark", ("signal", "ticket", "positions")),
}
"""Name → window, theme, and the stages of the conversation that are kept."""


def main() -> int:
    """Write every picture; 1 where there is no Chromium."""
    if CHROMIUM is None:
        print("There is no Chromium on this machine. Install it (Debian: apt install chromium).", file=sys.stderr)
        return 1
    with chromium() as browser:
        for name, (size, theme, stages) in PICTURES.items():
            # Each conversation has a home of its own: the orders of one would count in the limits of the next.
            with tempfile.TemporaryDirectory() as home, served(Path(home)) as address:
                window = profile(browser, width=size[0], height=size[1], theme=theme)
                for stage in converse(visit(window, address)):
                    if stage in stages:
                        window.pages[0].screenshot(path=SHELF / f"{name}-{stage}.png")
                window.close()
    shutil.copyfile(SHELF / "desk-light-ticket.png", SHELF / "desk.png")  # the picture of the README
    evaluation("reliability.png")
    return 0


def evaluation(picture: str) -> None:
    """Score the signals of the sample market and keep one picture of the report."""
    deskmate = Path(sys.executable).with_name("deskmate")
    with tempfile.TemporaryDirectory() as home:
        report = Path(home) / "report"
        command = [deskmate, "evaluate", "--home", home, "--report", report]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        shutil.copyfile(report / picture, SHELF / picture)


def converse(here: Visit) -> Iterator[str]:
    """Take the conversation from stage to stage; each name is given when the page rests there."""
    yield rested(here, "start")
    here.say("how does AAPL look?")
    yield rested(here, "signal", card="Signal for AAPL")
    here.say("why?")
    yield rested(here, "why", card="Signal for AAPL")
    here.say("what's the news on apple and how does it read?")
    yield rested(here, "news")
    here.say("forecast aapl for next week")
    yield rested(here, "forecast")
    here.say("what would buying 40 do to my risk?")
    yield rested(here, "what-if")
    here.say("buy 40")
    yield rested(here, "ticket")
    here.tickets("proposed").last.locator("button.dm-confirm").click()
    here.tickets("filled").last.wait_for(timeout=ANSWER)
    here.settle()
    yield rested(here, "filled")
    here.say("show my positions and cash")
    yield rested(here, "positions")
    here.say("buy 5000 NFLX")
    yield rested(here, "refusal")


def rested(here: Visit, stage: str, card: str = "") -> str:
    """Let what moves come to rest; `card` is brought to the top where an answer is longer than the window."""
    here.page.wait_for_timeout(700)
    if card:
        here.card(card).evaluate("card => card.scrollIntoView()")
        here.page.wait_for_timeout(300)
    return stage


if __name__ == "__main__":
    sys.exit(main())
