"""Histories and small models for forecasts: walks made on purpose, and a model that takes seconds to train."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from models.forecast import History, history, market_on, market_returns
from tests.tools.signals.markets import walk
from tools.signals.bars import Bars


def history_of(bars: Bars, market: tuple[np.ndarray, np.ndarray] | None = None) -> History:
    """The history of a market's bars, its own returns standing for the market's where none is given."""
    known = market or market_returns([(bars.sessions, bars.close)])
    return history(
        bars.symbol,
        bars.sessions,
        bars.high,
        bars.low,
        bars.close,
        bars.volume,
        market_on(bars.sessions, known),
    )


def random_history(seed: int = 1, bars: int = 400, symbol: str = "AAA") -> History:
    """A random walk fit to forecast from."""
    return history_of(walk(seed, bars, symbol))


def write_bars(path: Path, *bars: Bars) -> None:
    """A file of bars as the training process takes it."""
    names = ("sessions", "high", "low", "close", "volume")
    np.savez_compressed(path, **{f"{one.symbol}.{name}": getattr(one, name) for one in bars for name in names})


def trained(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the training process, small."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, "-W", "ignore", "-m", "models.training.forecast", "--bars", str(folder / "bars.npz")]
    command += ["--out", str(folder / "tft"), "--folds", "1", "--epochs", "1", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
