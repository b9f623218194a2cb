"""Histories of all symbols and their common track record, for one version of the data: signals and scores in one place.

Everything here is a pure function of the bars, so a signal for a bar in the middle is the one that was given then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tools.signals import decision, explanation
from tools.signals.calls import Direction, Invalidation, StrategyCall, call_id
from tools.signals.decision import ActionRule
from tools.signals.fusion import Fused, Voice, fuse
from tools.signals.history import PRICE_DIGITS, SymbolHistory, Trades
from tools.signals.signal import Scores, Signal, StrategyScore
from tools.signals.strategies import Parameters
from tools.signals.track_record import Confidence, TrackRecord

ALGORITHM = "1"
"""Raised by hand when code other than the parameters changes what a call says."""


class MarketRecord:
    """The calls of some symbols with their common record."""

    def __init__(self, histories: Sequence[SymbolHistory], parameters: Parameters, rule: ActionRule) -> None:
        self.histories: Mapping[str, SymbolHistory] = {one.bars.symbol: one for one in histories if len(one.bars)}
        self.version = f"signals-{ALGORITHM}-{parameters.digest()}"
        self._parameters, self._rule = parameters, rule
        self._record = TrackRecord(tuple(self.histories.values()), parameters)

    def calls(self, one: SymbolHistory, bar: int) -> tuple[StrategyCall, ...]:
        """What every strategy said after the close of `bar`, in the order of `STRATEGIES`."""
        return tuple(self._call(one, place, bar)[0] for place in range(len(one.trades)))

    def signal(self, one: SymbolHistory, bar: int) -> Signal:
        """The fused signal after the close of `bar`."""
        spoken = [self._call(one, place, bar) for place in range(len(one.trades))]
        calls = tuple(call for call, _ in spoken)
        voices = [Voice(call.strategy, call.direction.sign, found) for call, found in spoken if found]
        fused, base_rate, base_n = self._fused(one, bar, voices)
        leading = next((c for c in calls if fused.leading and c.strategy == fused.leading.strategy), None)
        chosen = decision.decide(fused, leading, self._rule)
        regime = one.regimes.at(one.bars, bar)
        opposed = explanation.against(calls, fused.direction)
        factors = decision.risk_factors(one, bar, fused.direction, opposed, regime, self._rule)
        session = one.bars.session(bar)
        symbols = sum(other.bars.session(0) < session for other in self.histories.values())
        return Signal(
            call_id=call_id(one.bars.symbol, "fused", session, self.version),
            symbol=one.bars.symbol,
            session=session,
            last_price=round(float(one.bars.close[bar]), PRICE_DIGITS),
            direction=Direction.of(fused.direction),
            probability=fused.probability,
            parts=fused.parts,
            missing=fused.missing,
            base_rate=base_rate,
            base_n=base_n,
            leading=leading,
            strategies=calls,
            action=chosen.action,
            action_reason=chosen.reason,
            expected_value_r=chosen.expected_value,
            reward_to_risk=chosen.reward,
            expected_loss_r=chosen.loss,
            cost_r=chosen.cost,
            size_factor=decision.size_factor(factors, self._rule),
            regime=regime,
            facts=explanation.facts(one, bar, fused, base_n, symbols, chosen, regime),
            risk_factors=factors,
            flips=explanation.flips(one, bar, leading, self._parameters),
            source=one.bars.source,
            freshness=one.bars.freshness,
            version=self.version,
        )

    def fused(self, one: SymbolHistory, bar: int) -> Fused:
        """The fusion alone, without the words around it: for scoring many bars."""
        day = int(one.bars.sessions[bar].astype(np.int64))
        voices: list[Voice] = []
        for trades in one.trades:
            place = trades.index(bar)
            if place is not None:
                sign = int(trades.direction[place])
                name = trades.strategy.name
                voices.append(Voice(name, sign, self._record.confidence(name, sign, day)))
        return self._fused(one, bar, voices)[0]

    def scores(self) -> Scores:
        """Walk-forward scores of every call resolved so far. At least one call must be resolved."""
        kinds = [self._kind(name, sign) for name, sign in self._record.kinds()]
        known = [kind for kind in kinds if kind is not None]
        n = sum(kind.calls for kind in known)

        def mean(name: str) -> float:
            return sum(float(getattr(kind, name)) * kind.calls for kind in known) / n

        return Scores(
            asof=max(one.bars.session(-1) for one in self.histories.values()),
            symbols=tuple(sorted(self.histories)),
            calls=n,
            hit_rate=mean("hit_rate"),
            brier=mean("brier"),
            brier_base=mean("brier_base"),
            by_strategy=tuple(known),
            version=self.version,
        )

    def _kind(self, name: str, sign: int) -> StrategyScore | None:
        parts = [
            (trades, (trades.direction == sign) & (trades.outcomes.outcome >= 0))
            for one in self.histories.values()
            for trades in one.trades
            if trades.strategy.name == name
        ]
        day = np.concatenate([trades.day[which] for trades, which in parts])
        if not len(day):
            return None
        won = np.concatenate([trades.outcomes.outcome[which] for trades, which in parts]).astype(np.float64)
        result = np.concatenate([trades.outcomes.result[which] for trades, which in parts])
        base, _ = self._record.base(day)
        said = self._record.confidences(name, sign, day)
        return StrategyScore(
            strategy=name,
            direction=Direction.of(sign),
            calls=len(day),
            independent_calls=float(sum(trades.weight[which].sum() for trades, which in parts)),
            hit_rate=float(won.mean()),
            mean_result_r=float(result.mean()),
            brier=float(((said - won) ** 2).mean()),
            brier_base=float(((base - won) ** 2).mean()),
        )

    def _fused(self, one: SymbolHistory, bar: int, voices: Sequence[Voice]) -> tuple[Fused, float, int]:
        base, rates = self._record.base(one.bars.sessions[bar : bar + 1].astype(np.int64))
        return fuse(float(base[0]), voices), float(base[0]), int(rates.n[0])

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
            base_rate=float(self._record.base(day)[0][0]),
            facts=explanation.readings(one, place, bar),
            version=self.version,
        )
        if at is None:
            return base, None
        found = self._record.confidence(trades.strategy.name, int(trades.direction[at]), int(day[0]))
        return _with_levels(base, trades, at, found), found


def _with_levels(base: StrategyCall, trades: Trades, at: int, found: Confidence) -> StrategyCall:
    """The call with its direction, barriers and confidence filled in."""
    direction, stop = Direction.of(int(trades.direction[at])), float(trades.stop[at])
    below = direction is Direction.LONG
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
