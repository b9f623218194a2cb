"""The terminal over real pipes: what a person types, what reaches the conversation, what is printed."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from assistant.channels.terminal import run
from assistant.channels.terminal_input import PipeLines
from assistant.events import (
    Confirm,
    Dismiss,
    Failed,
    Notice,
    OrderRefused,
    Progress,
    Text,
    TicketOffered,
    ToolDone,
    ToolStarted,
)
from brokers.vocabulary import Mode, Unavailable
from tests.support.clock import WallClock
from tests.support.talks import ScriptedTalk, make_header, make_ticket
from tools.execution.refusal import AlternativeView, RefusalView
from tools.risk.reasons import Reason

HOME = Path("unused")


def chat(talk: ScriptedTalk, typed: str | bytes, width: int = 80) -> str:
    """Type `typed` into a real pipe and return everything printed."""
    given_bytes = typed.encode() if isinstance(typed, str) else typed
    reads, writes = os.pipe()
    os.write(writes, given_bytes)
    os.close(writes)
    printed = io.StringIO()
    console = Console(file=printed, width=width, force_terminal=False)
    try:
        code = asyncio.run(run(talk, home=HOME, console=console, lines=PipeLines(reads), clock=WallClock()))
    finally:
        os.close(reads)
    assert code == 0
    return printed.getvalue()


def flat(printed: str) -> str:
    """What was printed without its line breaks."""
    return " ".join(printed.split())


def test_an_answer_streams_as_words_with_its_tool_calls_and_their_time():
    """The person sees what was looked up and how long it took, then the prose its pieces join to."""
    talk = ScriptedTalk(
        [
            ToolStarted(call_id="1", name="quote", args={"symbol": "AAPL", "asof": None}),
            ToolDone(call_id="1", name="quote", ok=True, ms=3.14),
            Text(text="AAPL cl"),
            Text(text="osed at **187.20**.\n\n- up"),
            Text(text=" on the day"),
        ]
    )
    printed = chat(talk, "AAPL price\n")
    assert talk.said == [("AAPL price", "terminal")]
    assert "· quote AAPL 3.1 ms\nAAPL closed at 187.20.\n\n• up on the day\n" in printed


def test_nothing_printed_to_a_pipe_holds_an_escape_code_or_passes_eighty_columns():
    """Scripts and screen readers read plain lines; a long answer and a whole ticket stay within the width."""
    talk = ScriptedTalk(
        [Text(text="word " * 200), Progress(label="reading", done=1, total=2), TicketOffered(ticket=make_ticket())]
    )
    printed = chat(talk, "hello\n/status\n/help\n")
    assert "\x1b" not in printed
    assert max(len(line) for line in printed.splitlines()) <= 80


def test_a_ticket_is_shown_with_everything_a_yes_releases():
    """`consent:exact`: the screen shows the ticket's own figures, not a summary of them."""
    ticket = make_ticket()
    printed = flat(chat(ScriptedTalk([TicketOffered(ticket=ticket)]), "buy 40\n"))
    for part in (
        "Ticket K7Q2 · VIRTUAL",
        "BUY 40 AAPL limit 187.20 DAY",
        "account V1 (virtual)",
        "bid 187.15 / ask 187.19",
        "2023-06-28 20:00 UTC, sample market, sample",
        "187.19 a unit, commission 1.00",
        "40 of 40",
        "notional 7,488.00",
        "286.00",
        "stop loss 180.05",
        "22 (not this size)",
        "2026-01-05 15:05 UTC, in 5 min 00 s",
        ticket.digest[:16],
        "[c]onfirm / [x] cancel",
    ):
        assert part in printed


def test_c_releases_exactly_the_ticket_on_the_screen():
    """`consent:person`: the key press is the terminal's own act, bound to the digest that was shown."""
    ticket = make_ticket()
    talk = ScriptedTalk([TicketOffered(ticket=ticket)])
    printed = chat(talk, "buy 40\nc\n")
    assert talk.acts == [Confirm(ticket="K7Q2", digest=ticket.digest, channel="terminal")]
    assert [text for text, _ in talk.said] == ["buy 40"]
    assert "Ticket K7Q2 filled: BUY 40 AAPL" in printed


def test_x_drops_the_ticket_on_the_screen():
    """Dropping needs no second act: nothing leaves."""
    talk = ScriptedTalk([TicketOffered(ticket=make_ticket())])
    chat(talk, "buy 40\n X \n")
    assert talk.acts == [Dismiss(ticket="K7Q2", channel="terminal")]


@pytest.mark.parametrize(("key", "verb"), [("c", "confirm"), ("x", "cancel"), ("C", "confirm"), ("c K7Q2", "confirm")])
def test_a_key_without_an_open_ticket_says_so_and_reaches_nobody(key: str, verb: str):
    """A press that means nothing is neither swallowed nor read as a question about Citigroup."""
    talk = ScriptedTalk()
    printed = chat(talk, f"{key}\n")
    assert "There is no open ticket" in printed
    assert f"nothing to {verb}" in printed
    assert (talk.said, talk.acts) == ([], [])


def test_with_several_open_a_bare_key_asks_which():
    """Which of two orders a `c` means is never guessed."""
    first, second = make_ticket(), make_ticket("M3PX", symbol="MSFT")
    talk = ScriptedTalk(tickets=[first, second])
    printed = flat(chat(talk, "c\nx\n"))
    assert "Several tickets are open: K7Q2 (BUY 40 AAPL" in printed
    assert "Say which: c K7Q2." in printed
    assert "Say which: x K7Q2." in printed
    assert talk.acts == []


def test_a_code_says_which_of_several_is_meant():
    """The code is read in any case; the other ticket stays open and is told of at the end."""
    first, second = make_ticket(), make_ticket("M3PX", symbol="MSFT")
    talk = ScriptedTalk(tickets=[first, second])
    printed = chat(talk, "c m3px\n")
    assert talk.acts == [Confirm(ticket="M3PX", digest=second.digest, channel="terminal")]
    assert "Ticket K7Q2 (BUY 40 AAPL" in printed.splitlines()[-2] + printed.splitlines()[-1]


def test_an_unknown_code_releases_nothing():
    """A mistyped code must not fall back to the only open ticket."""
    talk = ScriptedTalk(tickets=[make_ticket()])
    assert "There is no open ticket K7Q3; open: K7Q2" in flat(chat(talk, "c K7Q3\n"))
    assert talk.acts == []


def test_a_ticket_not_shown_here_is_shown_before_a_key_can_release_it():
    """A ticket made on another channel after this one started was never on this screen."""
    talk = ScriptedTalk([])

    async def elsewhere() -> None:
        talk.tickets["K7Q2"] = make_ticket()

    talk._turns[0] = [elsewhere, Text(text="done")]  # pyright: ignore[reportPrivateUsage]
    printed = chat(talk, "hello\nc\n")
    assert "BUY 40 AAPL" in printed
    assert "had not been shown here yet" in flat(printed)
    assert talk.acts == []


def test_after_it_was_shown_the_second_press_releases_it():
    """The other half of the rule above: it is a delay, not a dead end."""
    talk = ScriptedTalk([])

    async def elsewhere() -> None:
        talk.tickets["K7Q2"] = make_ticket()

    talk._turns[0] = [elsewhere]  # pyright: ignore[reportPrivateUsage]
    chat(talk, "hello\nc\nc\n")
    assert [act.ticket for act in talk.acts] == ["K7Q2"]


def test_a_ticket_that_changed_since_it_was_shown_is_not_released():
    """`consent:exact`: the same code over other bytes is another ticket."""
    talk = ScriptedTalk([], tickets=[make_ticket()])

    async def swapped() -> None:
        talk.tickets["K7Q2"] = make_ticket(quantity=4000)

    talk._turns[0] = [swapped]  # pyright: ignore[reportPrivateUsage]
    printed = chat(talk, "hello\nc\n")
    assert talk.acts == []
    assert "BUY 4,000 AAPL" in printed


@pytest.mark.parametrize("typed", ["buy aapl 40", "BUY 40 AAPL", "k7q2", "  Buy  AAPL  40 "])
def test_in_live_mode_c_and_the_order_or_its_code_release_it(typed: str):
    """`model:no-hands`: real money takes two deliberate acts, the second naming what is released."""
    ticket = make_ticket(mode=Mode.LIVE)
    talk = ScriptedTalk(tickets=[ticket], header=make_header(mode="live"))
    printed = chat(talk, f"c\n{typed}\n")
    assert talk.acts == [Confirm(ticket="K7Q2", digest=ticket.digest, channel="terminal")]
    assert "REAL MONEY" in printed


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.sampled_from(["c", "yes", "", "buy 40", "buy 41 aapl", "sell 40 aapl", "c k7q2", "K7Q2 now"]), st.text()
    )
)
def test_in_live_mode_nothing_else_releases_it(typed: str):
    """A second press of the same key, a plain yes or anything else leaves the ticket open and is sent nowhere."""
    first_line = typed.replace("\r", "").split("\n")[0]
    accepted = first_line.lower().replace(",", "").split()
    if accepted in (["buy", "aapl", "40"], ["buy", "40", "aapl"], ["k7q2"]):
        return
    talk = ScriptedTalk(tickets=[make_ticket(mode=Mode.LIVE)], header=make_header(mode="live"))
    printed = chat(talk, f"c\n{first_line}\n".encode("utf-8", "replace"))
    assert (talk.acts, talk.said) == ([], [])
    assert "Not released" in printed


def test_a_refusal_shows_every_reason_and_what_would_pass():
    """A refusal that hides its second reason sends the person round twice."""
    refusal = RefusalView(
        stage="proposal",
        symbol="AAPL",
        side="buy",  # pyright: ignore[reportArgumentType]
        quantity="4000",
        reasons=(
            Reason(control="position_percent", text="position 74 % > 20 %", value="74", limit="20", unit="% of equity"),
            Reason(control="buying_power", text="not enough cash"),
        ),
        alternative=AlternativeView.model_validate(
            {
                "side": "buy",
                "symbol": "AAPL",
                "quantity": 106,
                "order_type": "market",
                "limit_price": None,
                "stop_price": None,
                "trail": None,
                "tif": "DAY",
                "attached": [],
                "mode": "virtual",
                "account": "V1",
            }
        ),
    )
    printed = flat(chat(ScriptedTalk([OrderRefused(refusal=refusal)]), "buy 4000\n"))
    assert "BUY 4000 AAPL refused at the proposal: nothing was sent" in printed
    assert "• position 74 % > 20 % position_percent · this order: 74 · limit: 20 (% of equity)" in printed
    assert "• not enough cash buying_power" in printed
    assert "What would pass: BUY 106 AAPL market DAY" in printed
    assert "Say “buy 106 AAPL”." in printed


HOSTILE = "[bold red]x[/]\x1b[2J\x1b]0;t\x07\u202e\u2066\u200b\x9b31m\ud800[link=http://a]y[/link]"


def test_markup_and_control_characters_in_what_others_wrote_are_shown_as_text():
    """`text:untrusted`: a symbol's name or a broker's message must not repaint the ticket beside it."""
    ticket = make_ticket(
        symbol=HOSTILE.replace("\ud800", ""), sizing=HOSTILE.replace("\ud800", ""), account="[red]V1[/red]"
    )
    talk = ScriptedTalk(
        [
            Text(text=HOSTILE),
            Notice(level="warning", text=HOSTILE),
            Failed(text=HOSTILE, fix=HOSTILE),
            ToolStarted(call_id="1", name=HOSTILE, args={"a": HOSTILE}),
            ToolDone(call_id="1", name=HOSTILE, ok=False, ms=1.0),
            TicketOffered(ticket=ticket),
        ],
        header=make_header(account=HOSTILE.replace("\ud800", "")),
    )
    printed = chat(talk, "hello\n/status\n")
    assert not set(printed) & set("\x1b\x07\x9b\u202e\u2066\u200b\ud800")
    assert printed.count("[bold red]x[/]") >= 6
    assert "[red]V1[/red]" in printed


def test_an_error_is_a_sentence_with_its_fix_and_the_chat_goes_on():
    """No traceback, and the next line is taken."""
    talk = ScriptedTalk([Unavailable("The feed is silent.", fix="Wait a minute.")], [Text(text="here again")])
    printed = chat(talk, "one\ntwo\n")
    assert "The feed is silent. Wait a minute." in printed
    assert "here again" in printed


def test_the_standing_is_told_at_the_start_and_an_unknown_one_is_said():
    """`degrade:say`: where the header cannot be had, the chat works on and says so."""
    assert "VIRTUAL V1 · 100,012.30 · day +12.30 · gate open · 2023-06-28 close, sample" in chat(ScriptedTalk(), "")
    talk = ScriptedTalk([Text(text="still here")], header=Unavailable("The books cannot be read."))
    printed = chat(talk, "hello\n")
    assert "The books cannot be read." in printed
    assert "still here" in printed


def test_notices_and_open_tickets_are_shown_before_the_first_line():
    """What a crash left open is the first thing a person sees, and each notice is told once."""
    notice = Notice(level="warning", text="Ticket M3PX is void.")
    printed = chat(ScriptedTalk(tickets=[make_ticket()], notices=[notice]), "/tickets\n")
    assert printed.count("Ticket M3PX is void.") == 1
    assert printed.index("Ticket K7Q2") < printed.index("Ticket M3PX is void.")


@pytest.mark.parametrize("leave", ["quit\nnever\n", "EXIT\nnever\n", "/quit\nnever\n", ""])
def test_quit_and_the_end_of_input_leave(leave: str):
    """Nothing after it is read; the exit code is 0 (asserted by `chat`)."""
    talk = ScriptedTalk()
    chat(talk, leave)
    assert talk.said == []


def test_a_mistyped_command_is_answered_with_the_commands_there_are():
    """A word behind a slash is meant for the terminal; a path or a sentence is not."""
    talk = ScriptedTalk([])
    printed = flat(chat(talk, "/tick\n/ what\n"))
    assert "There is no command /tick; there are /help, /status, /tickets, /quit." in printed
    assert [text for text, _ in talk.said] == ["/ what"]


def test_blank_lines_reach_nobody():
    """An empty Enter is never a message and never a yes."""
    talk = ScriptedTalk(tickets=[make_ticket()])
    chat(talk, "\n   \n\t\n\r\n")
    assert (talk.said, talk.acts) == ([], [])


def test_interrupting_an_answer_stops_it_and_not_the_program():
    """Ctrl-C while an answer never ends: its stream is closed, the next line is answered."""
    closed: list[bool] = []

    async def hang() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    talk = ScriptedTalk([Text(text="so far"), hang, Text(text="never")], [Text(text="next answer")])
    printed = chat(talk, "one\ntwo\n")
    assert closed == [True]
    assert "so far" in printed
    assert "Stopped." in printed
    assert "never" not in printed
    assert "next answer" in printed


def test_interrupting_a_release_does_not_pretend_to_call_it_back():
    """Once the key was pressed the order may be out: Ctrl-C says so and the outcome is still shown."""

    async def pressed() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.05)

    talk = ScriptedTalk(tickets=[make_ticket()], before_act=pressed)
    printed = chat(talk, "c\n")
    assert talk.acted == talk.acts != []
    assert "does not call it back" in printed
    assert "Ticket K7Q2 filled" in printed


def test_interrupting_an_idle_pipe_leaves():
    """With nothing to stop and no keyboard, Ctrl-C ends the program cleanly."""
    reads, writes = os.pipe()
    console = Console(file=io.StringIO(), width=80, force_terminal=False)

    async def idle() -> int:
        running = asyncio.ensure_future(run(ScriptedTalk(), home=HOME, console=console, lines=PipeLines(reads)))
        await asyncio.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)
        return await asyncio.wait_for(running, 5)

    assert asyncio.run(idle()) == 0
    os.close(writes)
    os.close(reads)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), min_size=1)),
    st.integers(1, 7),
    st.booleans(),
)
def test_a_pipe_gives_the_lines_that_were_written_however_they_were_cut(lines: list[str], cut: int, ended: bool):
    """Multi-byte characters and lines may arrive in any pieces; the last line needs no newline."""
    written = ("\n".join(lines) + ("\n" if ended and lines else "")).encode()

    async def read() -> list[str]:
        reads, writes = os.pipe()
        source, found = PipeLines(reads), list[str]()

        async def write() -> None:
            for start in range(0, len(written), cut):
                os.write(writes, written[start : start + cut])
                await asyncio.sleep(0)
            os.close(writes)

        writing = asyncio.ensure_future(write())
        while (line := await source.read("", "")) is not None:
            found.append(line)
        await writing
        os.close(reads)
        return found

    assert asyncio.run(read()) == lines


def test_bytes_that_are_no_text_are_passed_on_as_replacement_characters():
    """A binary file piped in by mistake is for the conversation to refuse, not a traceback here."""
    talk = ScriptedTalk()
    chat(talk, b"\xff\xfe\x00 buy\r\n")
    assert talk.said == [("\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\x00 buy", "terminal")]
