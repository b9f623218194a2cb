"""Trains the forecaster: `python -m models.training.forecast --bars BARS.npz --out FOLDER [--through DATE] [--seed N]`.

Runs in a process of its own and prints one JSON object a line: `{"stage", "done", "total", …}` while it works,
`{"stage": "done", "scores": …}` at the end, `{"error", "fix"}` where it cannot be done. BARS holds, for every symbol,
`SYMBOL.sessions`, `.high`, `.low`, `.close` and `.volume`. FOLDER gets graph, constants, record, folds and card.

Nothing after `--through` is trained on. The time up to it is walked forward in folds: each is forecast by a model that
saw only what was resolved before the fold began, and so is what comes after `--through`. Between training and held-out
origins lie as many sessions as the longest horizon, so that no outcome reaches over. What each of these models said of
every symbol and day, those of unknown outcome too, is kept as out-of-fold forecasts unless told `--no-walk-forward`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from brokers.vocabulary import BadInput, DeskmateError
from models import baselines, forecast_folds
from models.forecast import HORIZONS, Days, History, NoForecast, history, market_on, market_returns
from models.forecast_folds import FOLDS as FOLDS_FILE
from models.forecast_folds import FoldRows
from models.forecast_record import NAMES, Record, Rows, by_day, joined
from models.forecast_windows import MEMORY, Scaler, Series, Single, Windows, outcomes, series, stacked, windows
from models.quantiles import LEVELS, Floats, monotone
from models.registry import CARD, ModelCard, digest_of
from models.tft import CONSTANTS, GRAPH, NAME, RECORD

if TYPE_CHECKING:
    from darts.models import TFTModel

    from models.training.tft import Recipe

FOLDS = 4
FIRST_SHARE = 0.4
"""Share of the days before the first fold begins."""
HELD_SHARE = 0.15
"""Share of a fold's training days that early stopping is decided on: the last ones."""
LEAST_DAYS = 756
"""Origin days a training needs: three years."""
ANSWER_CLIP = 10.0
"""Standard deviations beyond which an outcome counts as that many."""

Tell = Callable[[dict[str, object]], None]


@dataclass(frozen=True, slots=True, eq=False)
class Origins:
    """Origins of every symbol, as columns of equal length."""

    symbol: NDArray[np.int64]
    """Place of the symbol in the list of histories."""
    bar: NDArray[np.int64]
    day: Days
    resolved: Days
    """The session at which the longest horizon's outcome is known; NaT where it is not known yet."""

    def where(self, chosen: NDArray[np.bool_]) -> Origins:
        """The chosen ones."""
        return Origins(self.symbol[chosen], self.bar[chosen], self.day[chosen], self.resolved[chosen])


class Market:
    """The histories that are trained on, with everything windows and outcomes are cut from."""

    def __init__(self, histories: Sequence[History]) -> None:
        self.histories = tuple(histories)
        self.rows: tuple[Series, ...] = tuple(series(each) for each in histories)

    def origins(self) -> Origins:
        """All origins whose longest outcome is known, by symbol and then by day."""
        every = self.every_origin()
        return every.where(~np.isnat(every.resolved))

    def every_origin(self) -> Origins:
        """All origins, by symbol and then by day, up to the last bar of each."""
        last = HORIZONS[-1]
        bars = [np.arange(MEMORY, len(each)) for each in self.histories]
        ends = [np.concatenate([each.sessions, np.full(last, np.datetime64("NaT", "D"))]) for each in self.histories]
        return Origins(
            np.repeat(np.arange(len(bars)), [len(each) for each in bars]),
            np.concatenate(bars),
            np.concatenate([each.sessions[bar] for each, bar in zip(self.histories, bars, strict=True)]),
            np.concatenate([end[bar + last] for end, bar in zip(ends, bars, strict=True)]),
        )

    def windows(self, origins: Origins, scaler: Scaler) -> Windows:
        """The windows of some origins, in their order (which goes by symbol)."""
        return stacked([windows(self.histories[at], self.rows[at], bars, scaler) for at, bars in self._split(origins)])

    def sigma(self, origins: Origins) -> Floats:
        """The daily volatility known at each origin."""
        return np.concatenate([self.rows[at].sigma[bars] for at, bars in self._split(origins)])

    def covariates(self, origins: Origins) -> Single:
        """The unscaled covariates at each origin."""
        return np.concatenate([self.rows[at].covariates[bars] for at, bars in self._split(origins)])

    def outcome(self, origins: Origins, horizon: int) -> Floats:
        """The cumulative log return after each origin."""
        return np.concatenate([outcomes(self.histories[at].close, horizon)[bars] for at, bars in self._split(origins)])

    def resolved(self, origins: Origins, horizon: int) -> Days:
        """The session at which each outcome is known."""
        return np.concatenate([self.histories[at].sessions[bars + horizon] for at, bars in self._split(origins)])

    def empirical(self, origins: Origins, horizon: int) -> Floats:
        """What the empirical quantiles said at each origin."""
        return np.concatenate(
            [baselines.empirical(self.histories[at].close, bars, horizon) for at, bars in self._split(origins)]
        )

    def answers(self, origins: Origins) -> Single:
        """The scaled outcomes, of shape (origins, horizons, 1)."""
        sigma = self.sigma(origins)
        scaled = [self.outcome(origins, horizon) / (sigma * np.sqrt(horizon)) for horizon in HORIZONS]
        return np.clip(np.stack(scaled, axis=1), -ANSWER_CLIP, ANSWER_CLIP)[..., None].astype(np.float32)

    def _split(self, origins: Origins) -> list[tuple[int, NDArray[np.int64]]]:
        return [(int(at), origins.bar[origins.symbol == at]) for at in np.unique(origins.symbol)]


def main(arguments: Sequence[str]) -> int:
    """Train as told on the command line."""
    options = _options(arguments)
    try:
        _can_export()
        market = read_bars(options.bars)
        train_forecaster(
            market,
            options.out,
            through=None if options.through is None else date.fromisoformat(options.through),
            folds=options.folds,
            change={"seed": options.seed, **({} if options.epochs is None else {"epochs": options.epochs})},
            data=options.data,
            tell=_print,
            walk_forward=options.walk_forward,
        )
    except (DeskmateError, ValueError) as error:
        _print({"error": str(error), "fix": getattr(error, "fix", "")})
        return 1
    return 0


def read_bars(path: Path) -> Market:
    """The histories in a file of bars that can be trained on; the others are left out.

    Raises:
        BadInput: there is none.
    """
    with np.load(path, allow_pickle=False) as stored:
        columns = {name: stored[name] for name in stored.files}
    symbols = sorted({name.rpartition(".")[0] for name in columns})
    days = {symbol: columns[f"{symbol}.sessions"].astype("datetime64[D]") for symbol in symbols}
    known = market_returns([(days[symbol], columns[f"{symbol}.close"]) for symbol in symbols])
    found: list[History] = []
    for symbol in symbols:
        high, low, close, volume = (columns[f"{symbol}.{name}"] for name in ("high", "low", "close", "volume"))
        try:
            found.append(history(symbol, days[symbol], high, low, close, volume, market_on(days[symbol], known)))
        except NoForecast:
            continue
    if not found:
        raise BadInput("No symbol has bars enough to train on.", fix="Import longer daily histories first.")
    return Market(found)


def train_forecaster(
    market: Market,
    out: Path,
    *,
    through: date | None,
    folds: int,
    change: Mapping[str, int],
    data: str,
    tell: Tell,
    walk_forward: bool = True,
) -> ModelCard:
    """Walk forward, train the final model, and write the graph, its constants, the record and the card into `out`.

    With `walk_forward` also what each fold's model said of every symbol and day, in `folds.npz`.

    Raises:
        BadInput: there are too few days up to `through`.
    """
    every = market.every_origin()
    everything = market.origins()
    cut = np.datetime64(through, "D") if through is not None else everything.resolved.max()
    known = everything.where(everything.resolved <= cut)
    days = np.unique(known.day)
    if len(days) < LEAST_DAYS:
        raise BadInput(
            f"{len(days)} days up to {cut} can be trained on, and {LEAST_DAYS} are needed.",
            fix="Import longer histories, or move --through.",
        )
    from models.training.tft import Recipe, export  # takes seconds: only once there is something to train on

    recipe = replace(Recipe(), **change)
    steps = _Steps(tell, (folds + 1) * recipe.epochs, recipe.epochs)
    starts = days[np.linspace(FIRST_SHARE * len(days), len(days), folds + 1).astype(int)[:-1]]
    ends = [*starts[1:], cut + 1]
    walked: list[_Walked] = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        steps.begin(f"fold {place} of {folds}, from {start}")
        past = known.where(known.resolved < start)
        inside = every.where((every.day >= start) & (every.day < end))
        walked.append(_walked(market, past, inside, *_trained(market, past, recipe, steps)))
    steps.begin(f"the model itself, through {cut}")
    model, scaler = _trained(market, known, recipe, steps)
    after = every.where(every.day > cut)
    if len(after.day):
        walked.append(_walked(market, known, after, model, scaler))
    record = Record({horizon: joined([part.scored[horizon] for part in walked if part.scored]) for horizon in HORIZONS})
    out.mkdir(parents=True, exist_ok=True)
    if walk_forward:
        forecast_folds.joined([part.said for part in walked]).save(out / FOLDS_FILE)
    export(model, out / GRAPH)
    record.save(out / RECORD)
    last = cast(date, np.max(known.resolved).item())
    constants = {"scaler": asdict(scaler), "horizons": HORIZONS, "levels": LEVELS, "recipe": asdict(recipe)}
    (out / CONSTANTS).write_text(json.dumps(constants, indent=1) + "\n", encoding="utf-8")
    files = (GRAPH, CONSTANTS, RECORD, *([FOLDS_FILE] if walk_forward else []))
    card = _card(market, {name: digest_of(out / name) for name in files}, record, last, data, recipe)
    (out / CARD).write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")
    tell({"stage": "done", "done": steps.total, "total": steps.total, "scores": dict(card.scores)})
    return card


def _trained(market: Market, origins: Origins, recipe: Recipe, steps: _Steps) -> tuple[TFTModel, Scaler]:
    """A model that knows nothing beyond the outcomes of `origins`."""
    from models.training.tft import train

    days = np.unique(origins.day)
    border = days[int(len(days) * (1 - HELD_SHARE))]
    kept = origins.bar % recipe.stride == 0
    learned = origins.where(kept & (origins.resolved < border))
    held = origins.where(kept & (origins.day >= border))
    scaler = Scaler.fitted(market.covariates(learned))
    given = [(market.windows(part, scaler), market.answers(part)) for part in (learned, held)]
    return train(*given[0], *given[1], recipe, steps.epoch), scaler


@dataclass(frozen=True, slots=True, eq=False)
class _Walked:
    """One stretch of days as a model without knowledge of them forecast it."""

    scored: dict[int, Rows]
    """Horizon → every forecaster against what came; empty where nothing has come yet."""
    said: FoldRows
    """The model alone, on every day."""


def _walked(market: Market, past: Origins, origins: Origins, model: TFTModel, scaler: Scaler) -> _Walked:
    """What a model trained on `past` says at `origins`, which are all later, and how that turned out."""
    from models.training.tft import ask

    asked = monotone(ask(model, market.windows(origins, scaler)))
    asked *= market.sigma(origins)[:, None, None] * np.sqrt(HORIZONS)[:, None]
    names = np.array([each.symbol for each in market.histories])[origins.symbol]
    said = forecast_folds.rows_of(names, origins.day, asked, np.max(past.resolved))
    ended = ~np.isnat(origins.resolved)
    return _Walked(_scored(market, origins.where(ended), asked[ended]) if ended.any() else {}, said)


def _scored(market: Market, origins: Origins, asked: Floats) -> dict[int, Rows]:
    """What every forecaster said at `origins`, against what came; `asked` are the model's own quantiles."""
    sigma = market.sigma(origins)
    found: dict[int, Rows] = {}
    for place, horizon in enumerate(HORIZONS):
        said = {
            "empirical": market.empirical(origins, horizon),
            "ewma": baselines.ewma(sigma, horizon),
            "tft": asked[:, place],
        }
        outcome = market.outcome(origins, horizon)
        found[horizon] = by_day(origins.day, market.resolved(origins, horizon), [said[name] for name in NAMES], outcome)
    return found


def _card(market: Market, files: Mapping[str, str], record: Record, last: date, data: str, recipe: Recipe) -> ModelCard:
    symbols = ", ".join(each.symbol for each in market.histories[:12])
    scores = {
        f"{score.model}, {score.horizon_sessions} sessions: {name}": value
        for score in record.scores(date.max)
        for name, value in (("pinball, bp", score.pinball_bp), ("coverage of 90 %", score.coverage_90))
    }
    return ModelCard(
        name=NAME,
        kind="forecast",
        version=f"{last:%Y%m%d}-{recipe.seed}",
        files=files,
        licence="Apache-2.0",
        trained_on=f"{data}: daily bars of {symbols}, {min(each.sessions[0] for each in market.histories)} to {last}",
        trained_through=datetime.combine(last, time(21), UTC),
        scores=scores,
        fallback="ewma",
        note="Temporal Fusion Transformer (darts) on the cumulative log return 1, 5 and 20 sessions ahead. "
        "Scores are walk-forward: no model ever forecast what it was trained on. "
        f"Made with `deskmate train forecast --through {last} --seed {recipe.seed}`.",
        mend="deskmate train forecast",
    )


class _Steps:
    """Progress in epochs; a training that stops early moves on at once."""

    def __init__(self, tell: Tell, total: int, epochs: int) -> None:
        self._tell, self.total, self._epochs = tell, total, epochs
        self._stage, self._trainings = "", -1

    def begin(self, stage: str) -> None:
        """One more training starts."""
        self._stage = stage
        self._trainings += 1
        self._tell({"stage": stage, "done": self._trainings * self._epochs, "total": self.total})

    def epoch(self, number: int, loss: float, held: float) -> None:
        """An epoch is over."""
        done = self._trainings * self._epochs + number
        told = {"epoch": number, "loss": round(loss, 4), "held": round(held, 4)}
        self._tell({"stage": self._stage, "done": done, "total": self.total, **told})


def _can_export() -> None:
    """Raise `BadInput` before an hour of work whose result could not be written."""
    if find_spec("onnx") is None:
        raise BadInput("The package onnx is not installed, so no model can be written.", fix="pip install onnx.")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training.forecast")
    parser.add_argument("--bars", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--through")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--data", default="imported bars")
    parser.add_argument("--walk-forward", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args(arguments)


def _print(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
