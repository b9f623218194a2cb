"""`deskmate bench`: every measurement, or those named."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import indicators as indicator_speed
from bench import models as model_speed
from bench import signals as signal_speed
from bench.forecasts import forecast_again, forecast_agreement, forecast_load, forecast_many, forecast_one
from bench.measure import Measured, measure

HEAVY = ("torch", "darts", "transformers", "sklearn", "chainlit")


def help_start() -> Measured:
    """`deskmate --help` as a whole process, beside a process that only imports typer."""
    here = [
        sys.executable,
        "-c",
        "import sys; sys.argv = ['deskmate', '--help']; from assistant.cli import main; main()",
    ]
    peer = [sys.executable, "-c", "import typer"]

    def run(command: list[str]) -> None:
        subprocess.run(command, check=False, capture_output=True)

    probe = f"import sys, assistant.cli; print([m for m in {HEAVY} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True).stdout.strip()
    return measure(
        "deskmate --help",
        lambda: run(here),
        n=10,
        bound=f"p95 <= 500 ms; heavy modules loaded: {loaded}",
        peer="python -c 'import typer'",
        against=lambda: run(peer),
    )


def router_turn() -> Measured:
    """A whole turn with one tool through the offline router, on real stores, beside a bare pydantic-ai run."""
    from pydantic_ai import Agent
    from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
    from pydantic_ai.models.function import FunctionModel

    from assistant.desk import Desk
    from assistant.settings import load

    bare: Agent[None, str] = Agent(
        FunctionModel(
            lambda messages, _: ModelResponse(
                parts=[TextPart("done") if len(messages) > 1 else ToolCallPart("answer", {})]
            )
        )
    )
    bare.tool_plain(_answer)
    with tempfile.TemporaryDirectory() as home:
        desk = Desk.open(load(Path(home)))
        conversation = desk.conversation("bench", "s1")

        async def turn() -> None:
            async for _ in conversation.say("AAPL price", channel="bench"):
                pass

        with asyncio.Runner() as runner:
            measured = measure(
                "router turn, one tool",
                lambda: runner.run(turn()),
                n=200,
                bound="p95 <= 50 ms",
                peer="bare pydantic-ai run, one tool",
                against=lambda: runner.run(bare.run("price")),
            )
        desk.close()
    return measured


def _answer() -> str:
    """A tool that does nothing."""
    return "188.06"


def ledger_commit() -> Measured:
    """One synced append, beside a bare SQLite insert with the same durability."""
    from storage.ledger import Ledger, NewEvent

    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.sqlite")
        bare = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE t (body TEXT)")
        event = NewEvent("bench", 1, {"text": "x" * 500})
        now = datetime.now(UTC)
        measured = measure(
            "ledger commit",
            lambda: ledger.append("bench", [event], wall_at=now),
            n=1000,
            bound="p99 <= 5 ms",
            peer="bare SQLite insert, WAL, synchronous=FULL",
            against=lambda: bare.execute("INSERT INTO t VALUES (?)", ("x" * 500,)),
        )
        ledger.close()
        bare.close()
    return measured


def gate() -> Measured:
    """One order through all controls, on a state with positions and working orders."""
    from bench.state import bench_draft, bench_state
    from tools.risk.gate import judge

    draft, state = bench_draft(), bench_state()
    verdict = judge(draft, state)
    if not verdict.passed:
        raise RuntimeError(f"the measured order must pass: {verdict.reasons}")
    return measure("risk gate, one order", lambda: judge(draft, state), n=5000, bound="p99 <= 0.5 ms")


def signal() -> Measured:
    """One symbol's signal, warm, beside bare TA-Lib averages of the same closes."""
    import talib

    from assistant.market import open_market
    from assistant.settings import load
    from tools.signals.engine import SignalEngine

    with tempfile.TemporaryDirectory() as home:
        feed = open_market(load(Path(home)), datetime.now(UTC))
        asof = feed.calendar.close_of(feed.calendar.last())
        engine = SignalEngine(feed)
        closes = feed.columns("AAPL", asof).close
        return measure(
            "signal of one symbol, warm",
            lambda: engine.analyze("AAPL", asof),
            n=500,
            bound="p95 <= 20 ms",
            peer="two TA-Lib averages of the same closes",
            against=lambda: (talib.SMA(closes, 20), talib.SMA(closes, 50)),
        )


MEASUREMENTS: dict[str, Callable[[], Measured]] = {
    "help": help_start,
    "turn": router_turn,
    "ledger": ledger_commit,
    "gate": gate,
    "signal": signal,
    **signal_speed.MEASUREMENTS,
    **indicator_speed.MEASUREMENTS,
    **model_speed.MEASUREMENTS,
    "forecast-one": forecast_one,
    "forecast-many": forecast_many,
    "forecast-again": forecast_again,
    "forecast-agreement": forecast_agreement,
    "forecast-load": forecast_load,
}


def run(names: list[str], *, as_json: bool) -> None:
    """Run the measurements named (all otherwise) and print a row each."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        from brokers.vocabulary import BadInput

        raise BadInput(f"There is no measurement {unknown[0]}.", fix=f"There are: {', '.join(MEASUREMENTS)}.")
    for name in names or MEASUREMENTS:
        measured = MEASUREMENTS[name]()
        if as_json:
            print(json.dumps(measured.row()), flush=True)
            continue
        peer = "" if measured.ratio is None else f"  {measured.ratio:.2f} x {measured.peer}"
        print(
            f"{measured.name:28} p50 {measured.p50_ms:8.3f}  p95 {measured.p95_ms:8.3f}  p99 {measured.p99_ms:8.3f} ms"
            f"  n={measured.n}  ({measured.bound}){peer}",
            flush=True,
        )
