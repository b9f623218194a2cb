"""What the price may do next: every forecaster's quantiles, and the one whose record says that it should speak.

Each horizon has its own speaker, chosen on what was forecast and resolved before the instant asked about. Where the
trained model cannot answer (missing, damaged, or trained on later data) the better one of the two rules stands in, and
the result says so in `degraded`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

import numpy as np

from brokers.vocabulary import BadInput, Finite, Freshness, Instant, Unavailable, Value
from models.baselines import Empirical, Ewma
from models.forecast import HORIZONS, Days, Forecast, History, NoForecast, history, market_on, market_returns
from models.forecast_record import NAMES, Record, Score
from models.forecast_windows import outcomes
from models.quantiles import Floats
from models.registry import ModelUnavailable, Registry
from models.tft import Tft, open_record, open_tft
from tools.market.horizons import horizon_of
from tools.market.source import Market, known_columns, known_instrument, price, rounded
from tools.signals.bars import BarColumns

LOOK_BACK = 800
"""Bars a forecast rests on at most; the base rate rests on all."""
_RULES = (Empirical(), Ewma())
RECENT = 40
"""Closes shown before the forecast."""


class QuantilePoint(Value):
    """One quantile of the close at a horizon."""

    level: float
    """0 to 1: the share of outcomes expected at or below."""
    log_return: float
    """Cumulative, from the last known close."""
    return_percent: Finite
    price: Finite


class ClosePoint(Value):
    """One known close."""

    session: date
    close: Finite


class Opinion(Value):
    """One forecaster at one horizon, with its record; every forecaster that can answer is heard."""

    model: str
    p_up: float
    expected_move_percent: Finite
    low_percent: Finite
    """The 5 % quantile of the return."""
    median_percent: Finite
    high_percent: Finite
    """The 95 % quantile of the return."""
    pinball_bp: float | None = None
    """Walk-forward mean pinball loss, in basis points; None before anything was resolved."""
    coverage_90: float | None = None
    """Walk-forward share (0 to 1) of outcomes inside the central 90 %."""
    scored_days: int = 0


class HorizonForecast(Value):
    """What is forecast for the close some sessions after the last known one."""

    sessions: int
    model: str
    """Who speaks."""
    why: str
    """Why this one, on what was resolved before."""
    p_up: float
    """Probability (0 to 1) of a higher close."""
    base_rate: float
    """Share (0 to 1) of the symbol's own past stretches of this length that ended higher."""
    base_n: int
    expected_move_percent: Finite
    """Mean size of the move, whichever way."""
    quantiles: tuple[QuantilePoint, ...]
    opinions: tuple[Opinion, ...]


class ForecastResult(Value):
    """The forecast of one symbol over every horizon; returns are price returns, without dividends."""

    symbol: str
    name: str = ""
    as_of: Instant
    last_bar: date
    last_close: Finite
    currency: str
    source: str
    freshness: Freshness
    asked_sessions: int | None = None
    """The horizon asked about; None where none was named."""
    horizons: tuple[HorizonForecast, ...]
    recent: tuple[ClosePoint, ...]
    """The last known closes, oldest first."""
    trained_through: Instant | None = None
    """The last instant the trained model's data knew; None where it did not answer."""
    notes: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    """What could not answer, and what stood in for it."""

    def asked(self) -> HorizonForecast:
        """The horizon asked about, else five sessions."""
        wanted = self.asked_sessions or HORIZONS[1]
        return min(self.horizons, key=lambda each: abs(each.sessions - wanted))


class Forecasts(Protocol):
    """Forecasts of known symbols, as of an instant and never later."""

    def forecast(self, symbol: str, asof: datetime, horizon: str | None = None) -> ForecastResult:
        """One symbol over every horizon; `horizon` in words says which one was asked about."""
        ...


class Forecasting:
    """The forecasters over one market. The trained model is opened at first use."""

    def __init__(self, market: Market, registry: Registry) -> None:
        self._market, self._registry = market, registry

    def forecast(self, symbol: str, asof: datetime, horizon: str | None = None) -> ForecastResult:
        """One symbol over every horizon.

        Raises:
            BadInput: the symbol is not known, or `horizon` cannot be read or lies too far ahead.
            Unavailable: there are too few bars to forecast from; the message says why.
        """
        sessions, note = horizon_of(horizon, asof.date())
        known = {symbol: self._history(symbol, asof, self._market_returns(asof))}
        return self._answered(known, asof, sessions, note)[0]

    def forecasts(
        self, symbols: Sequence[str], asof: datetime, horizon: str | None = None
    ) -> tuple[tuple[ForecastResult, ...], tuple[str, ...]]:
        """Several symbols together, and why the others have none. Raises `BadInput` for a bad `horizon`."""
        sessions, note = horizon_of(horizon, asof.date())
        market = self._market_returns(asof)
        known: dict[str, History] = {}
        missing: list[str] = []
        for symbol in dict.fromkeys(symbols):
            try:
                known[symbol] = self._history(symbol, asof, market)
            except (BadInput, Unavailable) as error:
                missing.append(error.sentence())
        return self._answered(known, asof, sessions, note) if known else (), tuple(missing)

    def scores(self, asof: datetime) -> tuple[Score, ...]:
        """Every forecaster's walk-forward record at every horizon, over what was resolved before `asof`."""
        return () if isinstance(self._record, str) else self._record.scores(asof.date())

    @cached_property
    def _tft(self) -> Tft | str:
        """The trained model, or why there is none."""
        try:
            return open_tft(self._registry)
        except ModelUnavailable as error:
            return error.sentence()

    @cached_property
    def _record(self) -> Record | str:
        try:
            return open_record(self._registry)
        except ModelUnavailable as error:
            return error.sentence()

    def _market_returns(self, asof: datetime) -> tuple[Days, Floats]:
        columns = (self._market.columns(symbol, asof) for symbol in self._market.symbols(asof))
        return market_returns([(each.sessions[-LOOK_BACK:], each.close[-LOOK_BACK:]) for each in columns])

    def _history(self, symbol: str, asof: datetime, market: tuple[Days, Floats]) -> History:
        columns = known_columns(self._market, symbol, asof)
        cut = slice(-LOOK_BACK, None)
        days = columns.sessions[cut]
        high, low, close, volume = columns.high[cut], columns.low[cut], columns.close[cut], columns.volume[cut]
        return history(columns.symbol, days, high, low, close, volume, market_on(days, market))

    def _answered(
        self, known: Mapping[str, History], asof: datetime, sessions: int | None, note: str
    ) -> tuple[ForecastResult, ...]:
        """The results of histories fit to forecast from."""
        learned, missing = self._learned(known, asof)
        results: list[ForecastResult] = []
        for symbol, given in known.items():
            said = {rule.name: rule.forecast(given) for rule in _RULES} | learned.get(symbol, {})
            columns = self._market.columns(symbol, asof)
            horizons = tuple(self._horizon(place, said, columns, asof) for place in range(len(HORIZONS)))
            instrument = known_instrument(self._market, symbol)
            trained = said["tft"][0].trained_through if "tft" in said else None
            speakers = list(dict.fromkeys(each.model for each in horizons))
            stand = f"{' and '.join(speakers)} stand{'s' if len(speakers) == 1 else ''} in."
            results.append(
                ForecastResult(
                    symbol=instrument.symbol,
                    name=instrument.name,
                    as_of=asof,
                    last_bar=given.last_bar,
                    last_close=price(float(given.close[-1])),
                    currency=instrument.currency,
                    source=columns.source,
                    freshness=Freshness(str(columns.freshness)),
                    asked_sessions=sessions,
                    horizons=horizons,
                    recent=_recent(given),
                    trained_through=trained,
                    notes=tuple(part for part in (note, *_stale(given, asof)) if part),
                    degraded=(f"forecast: {missing} {stand}",) if missing else (),
                )
            )
        return tuple(results)

    def _learned(
        self, known: Mapping[str, History], asof: datetime
    ) -> tuple[dict[str, dict[str, tuple[Forecast, ...]]], str]:
        """What the trained model says of each symbol, and why it says nothing where it does not."""
        model = self._tft
        if isinstance(model, str):
            return {}, model
        try:
            model.card.require_unseen(asof)
            answers = model.forecasts(list(known.values()))
        except (ModelUnavailable, NoForecast) as error:
            return {}, error.sentence()
        return {symbol: {model.name: answer} for symbol, answer in zip(known, answers, strict=True)}, ""

    def _horizon(
        self, place: int, said: Mapping[str, tuple[Forecast, ...]], columns: BarColumns, asof: datetime
    ) -> HorizonForecast:
        sessions = HORIZONS[place]
        able = [name for name in NAMES if name in said]
        if isinstance(self._record, str):
            model, why = able[0], f"the simplest: {self._record}"
        else:
            choice = self._record.choose(sessions, asof.date(), tuple(able))
            model, why = choice.model, choice.why
        speaks = said[model][place]
        past = outcomes(columns.close, sessions)
        past = past[np.isfinite(past)]
        scores = {each.model: each for each in self.scores(asof) if each.horizon_sessions == sessions}
        close = float(columns.close[-1])
        return HorizonForecast(
            sessions=sessions,
            model=model,
            why=why,
            p_up=round(speaks.p_up, 4),
            base_rate=round(float((past > 0).mean()), 4) if len(past) else 0.5,
            base_n=len(past),
            expected_move_percent=_percent(speaks.expected_move),
            quantiles=tuple(
                QuantilePoint(
                    level=level,
                    log_return=round(value, 6),
                    return_percent=_percent(value),
                    price=price(close * float(np.exp(value))),
                )
                for level, value in speaks.quantiles.items()
            ),
            opinions=tuple(_opinion(said[name][place], scores.get(name)) for name in able),
        )


def _recent(given: History) -> tuple[ClosePoint, ...]:
    days, closes = given.sessions[-RECENT:].tolist(), given.close[-RECENT:].tolist()
    return tuple(ClosePoint(session=day, close=price(close)) for day, close in zip(days, closes, strict=True))


def _opinion(of: Forecast, score: Score | None) -> Opinion:
    return Opinion(
        model=of.model,
        p_up=round(of.p_up, 4),
        expected_move_percent=_percent(of.expected_move),
        low_percent=_percent(of.quantiles[0.05]),
        median_percent=_percent(of.quantiles[0.5]),
        high_percent=_percent(of.quantiles[0.95]),
        pinball_bp=None if score is None else score.pinball_bp,
        coverage_90=None if score is None else score.coverage_90,
        scored_days=0 if score is None else score.days,
    )


def _percent(log_return: float) -> Finite:
    """A log return as per cent of the price."""
    return rounded(100 * float(np.expm1(log_return)), 2)


def _stale(given: History, asof: datetime) -> list[str]:
    """Said where the last bar is not of the day asked about."""
    days = (asof.date() - given.last_bar).days
    return [f"The last bar is of {given.last_bar}, {days} days before."] if days > 5 else []
