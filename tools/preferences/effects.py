"""What preferences do to signals: which are listed, in which order, the action, its reason and the size factor.

They never touch a probability, its parts, a price or the record. The action rule of `tools.signals.decision` asks for
an expected value of at least `least_edge_r`; a risk appetite asks for a multiple of it:

| risk appetite | least expected value for buy or sell | size factor |
|---|---|---|
| conservative | x 2 | x 0.5 |
| moderate | x 1 | x 1 |
| aggressive | x 0.5 | x 1 |

A size factor never rises above 1, and what the rule waits on for another reason than its edge (too few resolved calls,
no directional call) waits under every appetite.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from types import MappingProxyType

from tools.preferences.preferences import Preferences, RiskAppetite
from tools.preferences.words import spoken
from tools.signals.calibration import LEAST_RESOLVED
from tools.signals.decision import ActionRule
from tools.signals.signal import Action, RankedSignals, Signal, UnavailableSignal


@dataclass(frozen=True, slots=True)
class Taste:
    """One row of the table above."""

    edge_multiple: float
    size_multiple: float


TASTES = MappingProxyType(
    {
        RiskAppetite.CONSERVATIVE: Taste(2.0, 0.5),
        RiskAppetite.MODERATE: Taste(1.0, 1.0),
        RiskAppetite.AGGRESSIVE: Taste(0.5, 1.0),
    }
)


def applied(signal: Signal, preferences: Preferences, rule: ActionRule | None = None) -> Signal:
    """The signal under the person's risk appetite: only `action`, `action_reason` and `size_factor` may differ."""
    appetite, rule = preferences.risk_appetite, rule or ActionRule()
    if appetite is RiskAppetite.MODERATE:
        return signal
    taste = TASTES[appetite]
    action, least = _action(signal, rule, taste), rule.least_edge_r * taste.edge_multiple
    reason = signal.action_reason
    if action is not signal.action:
        reason = f"{reason}; for your {appetite} risk appetite at least {least:g} R is wanted"
    size = min(signal.size_factor * taste.size_multiple, 1.0)
    return signal.model_copy(update={"action": action, "action_reason": reason, "size_factor": size})


def _action(signal: Signal, rule: ActionRule, taste: Taste) -> Action:
    value, leading = signal.expected_value_r, signal.leading
    if value is None or leading is None:
        return signal.action
    least = rule.least_edge_r * taste.edge_multiple
    if signal.action in (Action.BUY, Action.SELL):
        return signal.action if value >= least else Action.WAIT
    if signal.action is not Action.WAIT or leading.confidence_n < LEAST_RESOLVED or not leading.direction.sign:
        return signal.action
    if least <= value < rule.least_edge_r:  # above it the rule waits for another reason
        return Action.BUY if leading.direction.sign > 0 else Action.SELL
    return signal.action


def preferred(ranked: RankedSignals, preferences: Preferences, rule: ActionRule | None = None) -> RankedSignals:
    """The list as the person wants it: what they excluded is left out and named, the rest is judged and ordered anew.

    The order is that of the list (actions to take first, then expected value), a symbol of the watchlist before another
    of equal value.
    """
    kept: list[Signal] = []
    left_out: list[UnavailableSignal] = []
    for signal in ranked.signals:
        why = _unwanted(signal, preferences)
        if why:
            reason = f"The {signal.symbol} signal is left out, because {why}."
            left_out.append(UnavailableSignal(symbol=signal.symbol, reason=reason))
        else:
            kept.append(applied(signal, preferences, rule))
    watched = frozenset(preferences.watchlist)
    if watched or preferences.risk_appetite is not RiskAppetite.MODERATE:
        kept.sort(key=lambda signal: (*_rank(signal), signal.symbol not in watched))
    return ranked.model_copy(
        update={
            "rule": f"{ranked.rule}; your watchlist first on equal value" if watched else ranked.rule,
            "signals": tuple(kept),
            "unavailable": (*ranked.unavailable, *left_out),
        }
    )


def _unwanted(signal: Signal, preferences: Preferences) -> str:
    """Why the person does not want to see it, or ""."""
    if signal.symbol in preferences.excluded_symbols:
        return f"you excluded {signal.symbol}"
    leading = signal.leading
    if leading is None:
        return ""
    if leading.strategy in preferences.excluded_strategies:
        return f"you excluded {spoken(leading.strategy)} calls"
    if preferences.horizons is not None and not preferences.horizons.admits(leading.horizon_sessions):
        return (
            f"its horizon is {leading.horizon_sessions} sessions and you want only those {preferences.horizons.words}"
        )
    return ""


def _rank(signal: Signal) -> tuple[bool, float]:
    value = signal.expected_value_r
    return signal.action not in (Action.BUY, Action.SELL), inf if value is None else -value
