"""Where lines come from: a person at a keyboard, or a pipe.

Both are the same small port, so the chat loop does not know which one it has.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import re
import sys
import termios
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input.base import Input
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output.base import Output

from brokers.vocabulary import DeskmateError

ACT = re.compile(r"^\s*([cCxX])(?:\s+([0-9A-Za-z]{4}))?\s*$")
"""`c` or `x`, alone or with a ticket's code: the terminal's own buttons."""

HISTORY = "chat-history"
"""The history's file name in the home folder."""


class Abandoned(DeskmateError):
    """The line being typed was dropped (Ctrl-C)."""


class Lines(Protocol):
    """A source of what a person types."""

    async def read(self, prompt: str, toolbar: str) -> str | None:
        """The next line or multi-line message; None at the end. Raises `Abandoned` where the person dropped it."""
        ...

    def forget(self) -> None:
        """Drop keys pressed before now: they were typed without having seen what is on the screen now."""
        ...

    def answering(self) -> contextlib.AbstractContextManager[None]:
        """Hold the keyboard while an answer is printed."""
        ...


class PromptLines:
    """A person at a keyboard: history, history search, completion, multi-line (Alt-Enter), a status bar."""

    def __init__(
        self,
        history: History,
        *,
        complete: Callable[[], Sequence[str]],
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        completer = Words(complete)
        self._session: PromptSession[str] = PromptSession(
            history=history,
            completer=completer,
            complete_while_typing=False,
            # Searching by what is typed so far and completing while typing exclude each other; Tab completes.
            enable_history_search=True,
            key_bindings=_keys(completer),
            prompt_continuation="… ",
            input=input,
            output=output,
        )

    async def read(self, prompt: str, toolbar: str) -> str | None:
        """See `Lines.read`."""
        try:
            return await self._session.prompt_async(prompt, bottom_toolbar=toolbar)
        except EOFError:
            return None
        except KeyboardInterrupt as error:
            # Left as it is, it would end the event loop rather than the line.
            raise Abandoned("Ctrl-D or quit leaves.") from error

    def forget(self) -> None:
        """See `Lines.forget`: both what prompt_toolkit holds and what waits in the terminal's own buffer."""
        clear_typeahead(self._session.input)
        with contextlib.suppress(termios.error, OSError, ValueError):
            termios.tcflush(self._session.input.fileno(), termios.TCIFLUSH)

    @contextlib.contextmanager
    def answering(self) -> Generator[None]:
        """Keys pressed while an answer is printed wait, unechoed, for the next prompt; Ctrl-C still interrupts."""
        try:
            descriptor = self._session.input.fileno()
            before = termios.tcgetattr(descriptor)
        except (termios.error, OSError, ValueError, NotImplementedError):
            yield
            return
        quiet = termios.tcgetattr(descriptor)
        quiet[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(descriptor, termios.TCSANOW, quiet)
        try:
            yield
        finally:
            termios.tcsetattr(descriptor, termios.TCSANOW, before)


class PipeLines:
    """Lines from a file descriptor: a pipe, a file, a socket.

    Bytes that are not UTF-8 become the replacement character.
    Reads happen in a daemon thread on the bare descriptor, so that waiting never keeps the program from ending.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._waiting = ""
        self._searched = 0
        self._ended = False

    async def read(self, prompt: str, toolbar: str) -> str | None:  # noqa: ARG002 - a pipe shows neither
        """See `Lines.read`."""
        while (end := self._waiting.find("\n", self._searched)) < 0:
            if self._ended:
                last, self._waiting = self._waiting, ""
                self._searched = 0
                return last or None
            self._searched = len(self._waiting)
            block = await self._block()
            self._ended = not block
            self._waiting += self._decoder.decode(block, final=self._ended)
        line, self._waiting = self._waiting[:end], self._waiting[end + 1 :]
        self._searched = 0
        return line.removesuffix("\r")

    def forget(self) -> None:
        """A script's lines are all written on purpose: nothing to drop."""

    def answering(self) -> contextlib.AbstractContextManager[None]:
        """Nothing to hold."""
        return contextlib.nullcontext()

    async def _block(self) -> bytes:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bytes] = loop.create_future()

        def settle(block: bytes) -> None:
            if not done.done():
                done.set_result(block)

        def wait() -> None:
            try:
                block = os.read(self._descriptor, 65536)
            except OSError:
                block = b""
            # The loop may be gone by the time a line arrives; then nobody waits for it.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, block)

        threading.Thread(target=wait, daemon=True, name="deskmate-stdin").start()
        return await done


class Words(Completer):
    """Completes the word before the cursor from symbols, commands and ticket ids, ignoring case."""

    def __init__(self, complete: Callable[[], Sequence[str]]) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Whole-line matches first (a command of several words), then matches of the last word."""
        line = document.text_before_cursor.lstrip()
        word = document.get_word_before_cursor(WORD=True)
        told: set[str] = set()
        for start in dict.fromkeys((line, word)):
            for known in self._complete() if start else ():
                if known.lower().startswith(start.lower()) and known not in told:
                    told.add(known)
                    yield Completion(known, start_position=-len(start))


def lines_of_process(home: Path, complete: Callable[[], Sequence[str]]) -> tuple[Lines, str]:
    """This process's keyboard or pipe, and a sentence on what could not be had (empty where all is well)."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return PipeLines(sys.stdin.fileno()), ""
    history, problem = open_history(home)
    return PromptLines(history, complete=complete), problem


class _Messages(FileHistory):
    """A history of messages; the terminal's own buttons are not kept, so that no arrow key brings one back."""

    def append_string(self, string: str) -> None:
        if not ACT.match(string):
            super().append_string(string)


def open_history(home: Path) -> tuple[History, str]:
    """The history kept in `home`, readable by its owner alone; in memory with the reason where it cannot be kept."""
    path = home / HISTORY
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except OSError as error:
        return InMemoryHistory(), f"What you type is not kept: {path} cannot be written ({error.strerror})."
    return _Messages(str(path)), ""


def _keys(completer: Completer) -> KeyBindings:
    keys = KeyBindings()

    def complete(event: KeyPressEvent) -> None:
        # The usual Tab completes a moment later; an Enter right behind it would send what the screen no longer shows.
        buffer = event.current_buffer
        found = list(completer.get_completions(buffer.document, CompleteEvent(completion_requested=True)))
        if len(found) == 1:
            buffer.apply_completion(found[0])
        elif buffer.complete_state is not None:
            buffer.complete_next()
        else:
            buffer.start_completion(insert_common_part=True)

    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    keys.add("escape", "enter")(new_line)
    keys.add("tab")(complete)
    return keys
