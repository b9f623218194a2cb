"""The keyboard side of the terminal, through prompt_toolkit's own pipe input: keys in, messages and acts out."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.base import PipeInput
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from assistant.channels.terminal import run
from assistant.channels.terminal_input import HISTORY, PromptLines, open_history
from assistant.events import Header, Text, TicketOffered
from tests.support.clock import WallClock
from tests.support.talks import Beat, ScriptedTalk, make_ticket

WORDS = ("AAPL", "AMZN", "show my positions")


class _Typist(ScriptedTalk):
    """Types the next keys each time the terminal is about to ask for a line."""

    def __init__(self, keyboard: PipeInput, keys: Sequence[str], *turns: Sequence[Beat]) -> None:
        super().__init__(*turns)
        self._keyboard = keyboard
        self._keys = list(keys)

    def header(self) -> Header:
        """Called once before every prompt."""
        self._keyboard.send_text(self._keys.pop(0) if self._keys else "\x04")
        return super().header()


def chat(home: Path, keys: Sequence[str], *turns: Sequence[Beat]) -> tuple[_Typist, str]:
    """Press `keys`, a string per prompt, then Ctrl-D; return the conversation and what was printed."""
    printed = io.StringIO()
    console = Console(file=printed, width=80, force_terminal=True, color_system=None)
    with create_pipe_input() as keyboard:
        talk = _Typist(keyboard, keys, *turns)
        history, problem = open_history(home)
        assert problem == ""
        lines = PromptLines(history, complete=lambda: WORDS, input=keyboard, output=DummyOutput())
        code = asyncio.run(run(talk, home=home, console=console, lines=lines, clock=WallClock()))
    assert code == 0
    return talk, printed.getvalue()


def said(talk: ScriptedTalk) -> list[str]:
    """The messages that reached the conversation."""
    return [text for text, _ in talk.said]


def test_tab_completes_a_symbol_in_any_case_and_a_command_of_several_words(home: Path):
    """Symbols at the word, commands at the line, at once: an Enter right behind Tab sends what the screen shows."""
    talk, _ = chat(home, ["how does aap\t look?\r", "show my\t\r"])
    assert said(talk) == ["how does AAPL look?", "show my positions"]


def test_alt_enter_starts_a_new_line_of_the_same_message(home: Path):
    """A message may have several lines; only Enter sends it."""
    talk, _ = chat(home, ["first\x1b\rsecond\r"])
    assert said(talk) == ["first\nsecond"]


def test_ctrl_c_drops_the_line_and_ctrl_d_leaves(home: Path):
    """What was typed before Ctrl-C is gone; the program is not."""
    talk, printed = chat(home, ["never sent\x03", "sent\r"])
    assert said(talk) == ["sent"]
    assert "Ctrl-D or quit leaves." in printed


def test_keys_pressed_before_a_ticket_was_on_the_screen_release_nothing(home: Path):
    """`consent:person`: a `c` typed ahead of the answer was not a yes to what the answer turned out to be."""
    turn = [TicketOffered(ticket=make_ticket())]
    talk, printed = chat(home, ["buy 40\rc\r"], turn)
    assert "BUY 40 AAPL" in printed
    assert talk.acts == []


def test_keys_pressed_once_the_ticket_is_on_the_screen_release_it(home: Path):
    """The same keys, after the person could read it."""
    talk, _ = chat(home, ["buy 40\r", "c\r"], [TicketOffered(ticket=make_ticket())])
    assert [act.ticket for act in talk.acts] == ["K7Q2"]


def test_keys_typed_ahead_of_an_ordinary_answer_are_kept(home: Path):
    """Only a ticket makes what was typed before it void; a fast typist loses nothing else."""
    talk, _ = chat(home, ["one\rtwo\r"], [Text(text="first")], [Text(text="second")])
    assert said(talk) == ["one", "two"]


def test_the_history_is_the_owners_alone_and_holds_no_key_presses(home: Path):
    """What a person asks about their money is private, and no arrow key brings back a `c`."""
    chat(home, ["my secret question\r", "c\r", "x K7Q2\r"])
    kept = home / HISTORY
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [line for line in kept.read_text().splitlines() if line.startswith("+")] == ["+my secret question"]


def test_a_history_readable_by_others_is_closed_to_them(home: Path):
    """A file made by an older version or a careless copy is tightened, not trusted."""
    home.mkdir(parents=True, exist_ok=True)
    (home / HISTORY).write_text("")
    (home / HISTORY).chmod(0o644)
    open_history(home)
    assert (home / HISTORY).stat().st_mode & 0o777 == 0o600


def test_a_history_that_is_a_link_elsewhere_is_not_followed(home: Path, tmp_path: Path):
    """Nothing a person types is appended to a file that a link in the home points at."""
    home.mkdir(parents=True, exist_ok=True)
    (tmp_path / "elsewhere").write_text("")
    (home / HISTORY).symlink_to(tmp_path / "elsewhere")
    _, problem = open_history(home)
    assert "is not kept" in problem


def test_a_home_that_cannot_be_written_keeps_the_history_in_memory(tmp_path: Path):
    """The chat works on, and says what is lost."""
    (tmp_path / "file").write_text("")
    _, problem = open_history(tmp_path / "file" / "home")
    assert "is not kept" in problem
