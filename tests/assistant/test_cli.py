"""The command line: light to start, JSON exactly as promised, and a sentence instead of a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.test_journey import deskmate


def failed(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The message of a command that must fail without a traceback."""
    assert done.returncode == code, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def test_the_command_loads_no_heavy_library_before_it_is_needed():
    """`deskmate --help` is instant: nothing but typer and small modules is imported."""
    heavy = ("torch", "darts", "transformers", "sklearn", "chainlit", "pydantic", "pandas", "duckdb", "pydantic_ai")
    probe = f"import sys, assistant.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_serving_a_turn_imports_no_training_library(home: Path):
    """The desk itself runs without torch, darts, transformers, sklearn or chainlit."""
    probe = (
        "import sys; from pathlib import Path; from assistant.settings import load; from assistant.desk import Desk; "
        f"d = Desk.open(load(Path({str(home)!r}))); d.account('local'); d.close(); "
        "print([m for m in ('torch', 'darts', 'transformers', 'sklearn', 'chainlit') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path):
    """A folder that is a file, or lies under one, cannot be a home."""
    (tmp_path / "file").write_text("x")
    message = failed(deskmate(tmp_path / "file" / "home", "ask", "hello"))
    assert "--home" in message


def test_a_broken_settings_file_names_the_key(home: Path):
    """Bad TOML, an unknown key and a wrong value are each named, with the file to mend."""
    for text, word in (
        ("model = [", "TOML"),
        ("colour = 1", "colour"),
        ('[trading]\nopening_cash = "much"', "opening_cash"),
    ):
        (home / "deskmate.toml").write_text(text)
        assert word in failed(deskmate(home, "ask", "hello"))


def test_a_corrupt_or_newer_ledger_is_named_and_left_as_it_is(home: Path):
    """Nothing is repaired behind the person's back."""
    path = home / "ledger.sqlite"
    path.write_bytes(b"this is not a ledger" * 500)
    before = path.read_bytes()
    assert "damaged" in failed(deskmate(home, "ask", "hello"))
    assert path.read_bytes() == before


def test_bad_usage_leaves_with_two(home: Path):
    """Exit codes: 2 is for what was typed wrong."""
    failed(deskmate(home, "ask"), 2)
    failed(deskmate(home, "ask", "--stdin", "hello"), 2)
    failed(deskmate(home, "limits", "set"), 2)


def test_an_order_that_cannot_be_is_refused_or_asked_about_and_makes_no_ticket(home: Path):
    """gate:closed - a number that is none never becomes a quantity, an unknown name never a symbol."""
    said = ("buy -5", "buy 1e309", "buy ٣ AAPL", "buy 10 ZZZQ", "ZZZQ price", "buy nan AAPL", "buy 0 AAPL")
    done = deskmate(home, "ask", "--json", "--stdin", stdin="\n".join(said))
    assert "Traceback" not in done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(said)
    for line, answer in zip(said, answers, strict=True):
        assert answer["ticket"] is None, line
        assert answer["text"], line
        assert not answer["order_sent"], line


@pytest.mark.parametrize("said", ["buy -5", "buy 10 ZZZQ"])
def test_what_is_refused_leaves_with_one(home: Path, said: str):
    """Exit codes: 1 for what was understood and not done."""
    assert deskmate(home, "ask", said).returncode == 1


def test_binary_and_huge_input_spoils_one_line_only(home: Path):
    """A megabyte, control characters and broken UTF-8 each get an answer; the next line is read as if nothing was."""
    command = [str(Path(sys.executable).parent / "deskmate"), "ask", "--json", "--stdin", "--home", str(home)]
    lines = b"\xff\xfe\x00\x01\x02\n" + b"a" * 1_000_000 + b"\n" + b"AAPL price\n"
    done = subprocess.run(command, input=lines, capture_output=True, timeout=120, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 3
    assert answers[2]["sub"] == "quote"
    assert b"Traceback" not in done.stderr


def test_limits_are_versioned_and_bound_by_the_operators_ceiling(home: Path):
    """Every version of the limits is a ledger event; the tighter of document and ceiling applies."""
    (home / "deskmate.toml").write_text("[ceiling]\nmax_order_quantity = 25\n")
    shown = json.loads(deskmate(home, "limits", "show", "--json").stdout)
    assert (shown["version"], shown["max_order_quantity"]) == (1, "25")
    changed = json.loads(deskmate(home, "limits", "set", "max_position_percent=5", "--json").stdout)
    assert (changed["version"], changed["max_position_percent"]) == (2, "5")
    assert "no" in failed(deskmate(home, "limits", "set", "max_fun=5")).lower()
    refused = json.loads(deskmate(home, "ask", "--json", "buy 26 NVDA").stdout)
    assert "order_quantity" in {reason["control"] for reason in refused["refusal"]["reasons"]}
    kinds = [json.loads(x)["kind"] for x in deskmate(home, "ledger", "show", "--json").stdout.splitlines()]
    assert kinds.count("limits.set") == 2


def test_accounts_are_opened_seeded_listed_and_reset(home: Path):
    """An account and its seeds are events; a reset starts it afresh and keeps its history."""
    opened = deskmate(home, "account", "open", "--name", "IRA", "--cash", "5000", "--position", "AAPL=10@150", "--json")
    assert json.loads(opened.stdout)["account"] == "IRA", opened.stderr
    assert "** 10 at 150.00" in deskmate(home, "ask", "positions").stdout
    failed(deskmate(home, "account", "open", "--name", "IRA", "--cash", "1"))
    failed(deskmate(home, "account", "open", "--name", "X", "--cash", "nan"))
    failed(deskmate(home, "account", "open", "--name", "X", "--cash", "1", "--position", "ZZZQ=1@1"))
    assert deskmate(home, "account", "reset", "--name", "IRA", "--yes").returncode == 0
    assert "** 10 at 150.00" in deskmate(home, "ask", "positions").stdout


def test_consent_can_be_tried_without_a_desk(home: Path):
    """The dry run of the interface: tickets and a reply in, a verdict out."""
    ticket = {
        "id": "K7Q2",
        "side": "buy",
        "symbol": "AAPL",
        "quantity": 40,
        "order_type": "market",
        "limit_price": None,
        "tif": "DAY",
        "recommended_quantity": 22,
    }
    lines = [
        json.dumps({"tickets": [ticket], "reply": reply}) for reply in ("yes", "no", "yes but 50", "what's my risk?")
    ]
    command = [str(Path(sys.executable).parent / "deskmate"), "consent", "--json", "--stdin"]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, timeout=60, check=True)
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == [
        "confirm",
        "cancel",
        "revise",
        "unrelated",
    ]


def test_imported_bars_hide_the_sample_and_bad_rows_are_told(home: Path, tmp_path: Path):
    """The person's own history replaces the sample market; rows that cannot be right are named, never used."""
    rows = ["symbol,date,open,high,low,close,volume"]
    rows += [f"TEST,2024-01-{day:02},10,11,9,10.5,1000" for day in (2, 3, 4, 5, 8, 9, 10, 11, 12)]
    rows.append("TEST,2024-01-16,10,9,11,10.5,1000")
    (tmp_path / "bars.csv").write_text("\n".join(rows))
    report = json.loads(deskmate(home, "import", "bars", str(tmp_path / "bars.csv"), "--json").stdout)
    assert (report["accepted"], sum(report["reasons"].values())) == (9, 1)
    known = deskmate(home, "ask", "AAPL price")
    assert "TEST" in known.stdout


def test_the_doctor_checks_every_part(home: Path):
    """`doctor` says what is well, and leaves with 1 when something is not."""
    done = deskmate(home, "doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert all(json.loads(line)["ok"] for line in done.stdout.splitlines())
    (home / "ledger.sqlite").write_bytes(b"broken" * 1000)
    assert deskmate(home, "doctor").returncode == 1
