"""Histories of all symbols, their common record and the walk over their calls, for one version of the data.

Everything here is a pure function of bars and evidence, so a signal for a bar in the middle is the one given then.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import blake2b

import numpy as np

from tools.signals import explanation
from tools.signals.calls import Direction, Invalidation, StrategyCall, call_id
from tools.signals.decision import ActionRule, decide
from tools.signals.evidence import Evidence
from tools.signals.fusion import FusionRule
from tools.signals.history import PRICE_DIGITS, SymbolHistory, Trades
from tools.signals.options import idea_for
from tools.signals.risk_factors import RiskInputs, RiskRule, risk_factors, size_factor, volume_ratio
from tools.signals.said import Said
from tools.signals.signal import Signal, Source
from tools.signals.strategies import Parameters
from tools.signals.track_record import Confidence, TrackRecord
from tools.signals.walk import Fitted, Progress, Rows, Walk, rows_at, walk

ALGORITHM = "2"
"""Raised by hand when code other than the parameters changes what a call says."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a person could set of how signals are made."""

    parameters: Parameters = field(default_factory=Parameters)
    action: ActionRule = field(default_factory=ActionRule)
    fusion: FusionRule = field(default_factory=FusionRule)
    risk: RiskRule = field(default_factory=RiskRule)
    refits: tuple[date, ...] = ()
    """Days, beside the first of each quarter, on which weights and calibrator are fitted again."""

    def version(self) -> str:
        """Names the algorithm and every number in it."""
        numbers = repr((sorted(asdict(self.parameters).items()), sorted(asdict(self.fusion).items(), key=repr)))
        return f"signals-{ALGORITHM}-{blake2b(numbers.encode(), digest_size=4).hexdigest()}"


class MarketRecord:
    """The calls of some symbols with their common record. `fitted` are fits known already, oldest first.

    `suffix` ends the version, where what is said must not pass for what the same rules say of whole evidence.
    """

    def __init__(
        self,
        histories: Sequence[SymbolHistory],
        evidence: Mapping[str, Evidence],
        rules: Rules,
        fitted: Sequence[Fitted] = (),
        *,
        suffix: str = "",
    ) -> None:
        self.histories: Mapping[str, SymbolHistory] = {one.bars.symbol: one for one in histories if len(one.bars)}
        self.version = rules.version() + suffix
        self.record = TrackRecord(tuple(self.histories.values()))
        self._evidence, self._rules, self._fitted = evidence, rules, fitted
        self._crowds: dict[date, Counter[int]] = {}

    @cached_property
    def walked(self) -> Walk:
        """Every call, with every source heard."""
        return self.walk()

    def walk(self, without: frozenset[Source] = frozenset(), progress: Progress | None = None) -> Walk:
        """Every call, without some sources."""
        return walk(
            tuple(self.histories.values()),
            self.record,
            self._evidence,
            self._rules.fusion,
            self.version,
            without=without,
            refits=self._rules.refits,
            progress=progress,
        )

    def in_force(self, session: date) -> Fitted:
        """The fit that calls of `session` are made with."""
        return next(one for one in reversed(self.fitted) if one.fit.day <= session)

    @property
    def fitted(self) -> Sequence[Fitted]:
        """Every fit, oldest first."""
        return self._fitted or self.walked.fitted

    def calls(self, one: SymbolHistory, bar: int) -> tuple[StrategyCall, ...]:
        """What every strategy said after the close of `bar`, in the order of `STRATEGIES`."""
        return tuple(self._call(one, place, bar)[0] for place in range(len(one.trades)))

    def signal(self, one: SymbolHistory, bar: int) -> Signal:
        """The fused signal after the close of `bar`."""
        session = one.bars.session(bar)
        fit = self.in_force(session)
        known = self._evidence.get(one.bars.symbol) or Evidence.none(len(one.bars))
        rows = rows_at(one, self.record, known, np.array([bar]))
        spoken = [self._call(one, place, bar) for place in range(len(one.trades))]
        calls = tuple(call for call, _ in spoken)
        leading, record = spoken[int(rows.strategy[0])] if len(rows.bar) else (None, None)
        said = Said.of(rows, fit, self._base(one, bar, rows))
        direction = Direction.NONE if leading is None else leading.direction
        chosen = decide(said.probability, leading, record, self._rules.action)
        regime = one.regimes.at(one.bars, bar)
        opposed = explanation.against(calls, direction)
        horizon = 0 if leading is None else leading.horizon_sessions
        factors = risk_factors(self._risks(one, bar, direction, horizon, opposed, known), self._rules.risk)
        resolved = int(self.record.overall(one.bars.sessions[bar : bar + 1].astype(np.int64))[1].n[0])
        symbols = sum(other.bars.session(0) < session for other in self.histories.values())
        return Signal(
            call_id=call_id(one.bars.symbol, "fused", session, fit.fit.version),
            symbol=one.bars.symbol,
            session=session,
            last_price=round(float(one.bars.close[bar]), PRICE_DIGITS),
            direction=direction,
            probability=said.probability,
            confidence_breakdown=said.parts,
            missing=tuple(note.source for note in said.sources if note.evidence is None),
            sources=said.sources,
            calibration=f"{fit.fit.calibrator}: {fit.fit.calibrator_why}; fitted on {fit.fit.day}",
            base_rate=said.base_rate,
            base_n=resolved,
            option=leading and idea_for(direction, said.probability, said.base_rate, regime.volatility, horizon),
            leading=leading,
            strategies=calls,
            action=chosen.action,
            action_reason=chosen.reason,
            expected_value_r=chosen.expected_value,
            reward_to_risk=chosen.reward,
            expected_loss_r=chosen.loss,
            cost_r=chosen.cost,
            needed_probability=chosen.needed,
            size_factor=size_factor(factors, self._rules.risk),
            regime=regime,
            facts=explanation.facts(one, bar, said, leading, record, resolved, symbols, chosen, regime),
            risk_factors=factors,
            flips=explanation.flips(one, bar, leading, self._rules.parameters),
            source=one.bars.source,
            freshness=one.bars.freshness,
            version=fit.fit.version,
        )

    def _base(self, one: SymbolHistory, bar: int, rows: Rows) -> float:
        if len(rows.bar):
            return float(rows.base_rate[0])
        return float(self.record.overall(one.bars.sessions[bar : bar + 1].astype(np.int64))[0][0])

    def _risks(
        self,
        one: SymbolHistory,
        bar: int,
        direction: Direction,
        horizon: int,
        opposed: tuple[str, ...],
        known: Evidence,
    ) -> RiskInputs:
        session = one.bars.session(bar)
        along, active = self._crowd(session, direction)
        tone = float(known.tone[bar])
        regime = one.regimes.at(one.bars, bar)
        return RiskInputs(
            direction=direction,
            session=session,
            asof=datetime.combine(session, time.max, UTC),
            horizon_end=session + timedelta(days=math.ceil(horizon * 7 / 5)),
            trend=regime.trend,
            volatility_rank=regime.volatility_rank,
            volume_ratio=volume_ratio(one.series.volume[: bar + 1], self._rules.risk),
            against=opposed,
            tone=tone if np.isfinite(tone) else None,
            active_calls=active,
            same_way_calls=along,
        )

    def _crowd(self, session: date, direction: Direction) -> tuple[int, int]:
        """How many of the market's calls of a session bet in a direction, and how many there are."""
        if session not in self._crowds:
            day = np.datetime64(session, "D")
            found: Counter[int] = Counter()
            for one in self.histories.values():
                bar = np.searchsorted(one.bars.sessions, day)
                if bar < len(one.bars) and one.bars.sessions[bar] == day:
                    nothing = Evidence.none(len(one.bars))
                    found.update(rows_at(one, self.record, nothing, np.array([bar])).direction.tolist())
            self._crowds[session] = found
        found = self._crowds[session]
        return found[direction.code], found.total()

    def _call(self, one: SymbolHistory, place: int, bar: int) -> tuple[StrategyCall, Confidence | None]:
        """One strategy's word after the close of `bar`, and its record where it calls."""
        trades = one.trades[place]
        at = trades.index(bar)
        session = one.bars.session(bar)
        day = one.bars.sessions[bar : bar + 1].astype(np.int64)
        base = StrategyCall(
            call_id=call_id(one.bars.symbol, trades.strategy.name, session, self.version),
            symbol=one.bars.symbol,
            strategy=trades.strategy.name,
            direction=Direction.NONE,
            session=session,
            entry=round(float(one.bars.close[bar]), PRICE_DIGITS),
            horizon_sessions=trades.play.horizon,
            base_rate=float(self.record.overall(day)[0][0]),
            facts=explanation.readings(one, place, bar),
            version=self.version,
        )
        if at is None:
            return base, None
        found = self.record.confidence(trades.strategy.name, int(trades.direction[at]), int(day[0]))
        return _with_levels(base, trades, at, found), found


def _with_levels(base: StrategyCall, trades: Trades, at: int, found: Confidence) -> StrategyCall:
    """The call with its direction, barriers and confidence filled in."""
    direction, stop = Direction.of(int(trades.direction[at])), float(trades.stop[at])
    below = direction is not Direction.SHORT
    return base.model_copy(
        update={
            "direction": direction,
            "targets": tuple(float(target) for target in trades.targets[:, at] if np.isfinite(target)),
            "stop": stop,
            "confidence": found.value,
            "confidence_n": found.n,
            "confidence_interval": (found.low, found.high),
            "confidence_basis": found.basis,
            "invalidation": Invalidation(
                when="price at or below" if below else "price at or above",
                level=stop,
                horizon_sessions=trades.play.horizon,
            ),
        }
    )
