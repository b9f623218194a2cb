"""From a probability to an action: a documented rule on expected value.

    expected value (R) = p * expected gain - (1 - p) * expected loss - costs

expected gain and loss = means of the calls on record that came true and that failed (entered at an open, a call gains
less than its distance to the target; a time-out loses less than the stop, a gap more); costs = a share of the entry
price over the stop distance.

| condition, first that holds | action |
|---|---|
| no active strategy | wait |
| a call that bets on a range, which only options express | wait |
| fewer than `LEAST_RESOLVED` resolved calls of the leading kind | wait |
| expected value >= `least_edge_r` | buy (long) or sell (short) |
| expected value < -`least_edge_r` | avoid |
| otherwise | wait |

Whoever holds the symbol is told `for_holder`: "avoid" on a holding in the call's own direction, and "wait" or "avoid"
while the call bets against the holding, become *reduce*.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.signals.calibration import LEAST_RESOLVED
from tools.signals.calls import Direction, StrategyCall
from tools.signals.signal import Action, Signal
from tools.signals.track_record import Confidence


@dataclass(frozen=True, slots=True)
class ActionRule:
    """Every number of the rule."""

    least_edge_r: float = 0.05
    round_trip_cost: float = 0.001
    """Commission, spread and slippage of entry and exit together, as a share of the entry price."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The action with the arithmetic behind it; values in R, None without a call."""

    action: Action
    reason: str
    expected_value: float | None = None
    reward: float | None = None
    loss: float | None = None
    cost: float | None = None
    needed: float | None = None
    """Probability at which the expected value reaches `least_edge_r`."""


def decide(probability: float, leading: StrategyCall | None, record: Confidence | None, rule: ActionRule) -> Decision:
    """Apply the rule to the leading call and the record of its kind."""
    if leading is None or leading.stop is None or record is None:
        return Decision(Action.WAIT, "no strategy is active")
    if leading.direction.sign == 0:
        return Decision(Action.WAIT, "a bet on a range is made with options, and no option chain is known to price it")
    risk = abs(leading.entry - leading.stop)
    reward = abs(leading.targets[0] - leading.entry) / risk
    gain, loss = record.gain * reward, record.loss
    cost = rule.round_trip_cost * leading.entry / risk
    p = probability
    value = p * gain - (1 - p) * loss - cost
    needed = (rule.least_edge_r + cost + loss) / (gain + loss)
    sum_told = f"{p:.3f} x {gain:.2f} R - {1 - p:.3f} x {loss:.2f} R - costs {cost:.2f} R = {value:+.2f} R"
    if record.n < LEAST_RESOLVED:
        action, reason = Action.WAIT, f"only {record.n} such calls are resolved, fewer than {LEAST_RESOLVED}"
    elif value >= rule.least_edge_r:
        action = Action.BUY if leading.direction is Direction.LONG else Action.SELL
        reason = f"{sum_told}, at least {rule.least_edge_r} R"
    elif value < -rule.least_edge_r:
        action, reason = Action.AVOID, f"{sum_told}, below -{rule.least_edge_r} R"
    else:
        action, reason = Action.WAIT, f"{sum_told}, within {rule.least_edge_r} R of nothing"
    return Decision(action, reason, value, reward, loss, cost, needed)


def for_holder(signal: Signal, held: float) -> Signal:
    """The signal as somebody who holds `held` shares (negative: short) should read it; only the action may change."""
    side = (held > 0) - (held < 0)
    along = signal.direction.sign * side
    weak = signal.action is Action.AVOID and along > 0
    against = signal.action in (Action.WAIT, Action.AVOID) and along < 0
    if not (weak or against):
        return signal
    why = "such calls lose on record" if weak else f"the call is {signal.direction.value}, against the holding"
    told = f"{held:,g} shares are held and {why}: {signal.action_reason}"
    return signal.model_copy(update={"action": Action.REDUCE, "action_reason": told})
