"""The eleven-line conversation, through the real command, as a script would drive it."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

LINES = (
    "what can you do",
    "how does AAPL look?",
    "why?",
    "what would buying 40 do to my risk?",
    "buy 40",
    "use your recommended size instead",
    "yes, execute with your recommended sizing",
    "show my positions and cash",
    "sell half",
    "confirm",
    "how did I do?",
)

ANSWER = {
    "session", "user", "text", "intent", "sub", "clarify", "slots", "resolved", "also", "tools", "ticket", "refusal",
    "order_sent", "engine", "degraded", "read_ms", "ms",
}  # fmt: skip
TICKET = {
    "id", "status", "side", "symbol", "quantity", "order_type", "limit_price", "stop_price", "trail", "tif", "legs",
    "attached", "notional", "max_loss", "recommended_quantity", "mode", "account", "digest", "expires_at",
}  # fmt: skip


def deskmate(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The installed command on `home`."""
    command = [str(Path(sys.executable).parent / "deskmate"), *arguments, "--home", str(home)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=120, check=False)


def test_the_eleven_lines_send_an_order_on_exactly_the_two_confirming_ones(home: Path):
    """consent:person - talk, questions, proposals and revisions send nothing; the two yeses send one order each."""
    done = deskmate(home, "ask", "--json", "--stdin", stdin="\n".join(LINES))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(LINES)
    assert [answer["order_sent"] for answer in answers] == [line in ("confirm", LINES[6]) for line in LINES]
    assert all(set(answer) == ANSWER for answer in answers)
    assert all(set(answer["ticket"]) == TICKET for answer in answers if answer["ticket"])
    assert [(answer["intent"], answer["sub"]) for answer in answers] == [
        ("general", "help"),
        ("signal_analysis", "analyze_symbol"),
        ("signal_analysis", "explain_signal"),
        ("risk_assessment", "what_if"),
        ("trade_execution", "buy"),
        ("trade_execution", "buy"),
        ("trade_execution", "buy"),
        ("portfolio_status", "positions"),
        ("trade_execution", "sell"),
        ("trade_execution", "sell"),
        ("portfolio_status", "performance"),
    ]
    first, revised, bought, sold = (
        answers[4]["ticket"],
        answers[5]["ticket"],
        answers[6]["ticket"],
        answers[9]["ticket"],
    )
    assert first["quantity"] == 40
    assert revised["quantity"] == first["recommended_quantity"]
    assert (bought["id"], bought["digest"], bought["status"]) == (revised["id"], revised["digest"], "filled")
    assert sold["quantity"] == revised["quantity"] // 2
    assert sold["status"] == "filled"
    verified = deskmate(home, "ledger", "verify")
    assert verified.returncode == 0, verified.stderr


def test_the_book_after_the_conversation_adds_up_to_the_cent(home: Path):
    """number:traced - cash, position and realized result follow from the two fills alone."""
    deskmate(home, "ask", "--json", "--stdin", stdin="\n".join(LINES))
    shown = [json.loads(line) for line in deskmate(home, "ledger", "show", "--json").stdout.splitlines()]
    fills = [event["body"]["fill"] for event in shown if event["kind"] == "fill.recorded"]
    cash = Decimal(100_000)
    for fill in fills:
        sign = 1 if fill["side"] == "buy" else -1
        cash -= sign * Decimal(fill["quantity"]) * Decimal(fill["price"]) + Decimal(fill["commission"])
    listed = json.loads(deskmate(home, "account", "list", "--json").stdout)
    assert Decimal(listed["cash"]) == cash
    held = sum(Decimal(f["quantity"]) * (1 if f["side"] == "buy" else -1) for f in fills)
    assert f"** {held:f} at " in deskmate(home, "ask", "positions").stdout


def test_a_conversation_goes_on_in_another_process(home: Path):
    """A session is in the ledger: `ask` in a new process knows what “it” is and which ticket is open."""
    deskmate(home, "ask", "how does NVDA look?")
    offered = json.loads(deskmate(home, "ask", "--json", "buy 5").stdout)["ticket"]
    assert (offered["symbol"], offered["quantity"]) == ("NVDA", 5)
    confirmed = json.loads(deskmate(home, "ask", "--json", "yes").stdout)
    assert confirmed["order_sent"]
    assert confirmed["ticket"]["id"] == offered["id"]


def test_a_reset_session_has_no_open_ticket_and_no_memory_but_keeps_its_account(home: Path):
    """The interface's `reset`: a yes after it confirms nothing."""
    lines = [
        json.dumps({"text": "buy 5 NVDA", "session": "a"}),
        json.dumps({"text": "yes", "session": "a", "reset": True}),
        json.dumps({"text": "buy 5 NVDA", "session": "a"}),
        json.dumps({"text": "yes", "session": "b"}),
        json.dumps({"text": "yes", "session": "a"}),
    ]
    answers = [
        json.loads(x) for x in deskmate(home, "ask", "--json", "--stdin", stdin="\n".join(lines)).stdout.splitlines()
    ]
    assert [answer["order_sent"] for answer in answers] == [False, False, False, False, True]
    assert answers[4]["ticket"]["account"] == answers[0]["ticket"]["account"]
