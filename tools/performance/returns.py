"""Profit and loss of the calls after costs, in stop distances (R): a second look, after the probabilities."""

from __future__ import annotations

import numpy as np

from brokers.vocabulary import Value
from tools.performance.bootstrap import Blocks, Estimate, estimates
from tools.signals.bars import BoolArray, FloatArray, IntArray
from tools.signals.calibration import LEAST_RESOLVED
from tools.signals.decision import ActionRule
from tools.signals.table import CallTable
from tools.signals.track_record import SHRINK


class Returns(Value):
    """What some calls made, each as one trade of one R of its own; trades that overlap are all counted."""

    name: str
    calls: int
    mean_r: Estimate
    """After the round trip's cost."""
    cost_r: float
    """Mean cost of a round trip."""
    paid: Estimate
    """Share of calls with a profit after costs."""
    total_r: float


def costs(table: CallTable, rule: ActionRule) -> FloatArray:
    """Round-trip cost of each call in R: a share of the entry price over the stop distance."""
    return rule.round_trip_cost * table.entry / np.abs(table.entry - table.stop)


def with_result(table: CallTable) -> BoolArray:
    """Resolved calls with a stop and a result in R: those of a direction, long or short."""
    return table.resolved & np.isfinite(table.result) & np.isin(table.direction, (1, -1))


def net(table: CallTable, rule: ActionRule) -> FloatArray:
    """Result of each call after costs, in R; NaN where it has none."""
    return np.where(with_result(table), table.result - costs(table, rule), np.nan)


def would_trade(table: CallTable, rule: ActionRule) -> BoolArray:
    """Calls whose expected value reaches the rule's edge, by calls of the table resolved before each; see `decision`.

    Expected gain and loss are the means of the calls of that strategy and direction that came true and that failed,
    each with `SHRINK` pseudo-calls of 1 R, and at least `LEAST_RESOLVED` of them must be resolved. The record behind a
    live decision also knows calls that were not the leading one.
    """
    (gain, loss), known = np.ones((2, len(table))), np.zeros(len(table), dtype=np.int64)
    kind = table.strategy * 8 + table.direction
    done = with_result(table)
    for one in np.unique(kind[done]):
        mine = kind == one
        gain[mine], loss[mine], known[mine] = _expected(table.where(mine & done), table.day[mine])
    reward = np.abs(table.target - table.entry) / np.abs(table.entry - table.stop)
    value = table.probability * gain * reward - (1 - table.probability) * loss - costs(table, rule)
    return np.isin(table.direction, (1, -1)) & (known >= LEAST_RESOLVED) & (value >= rule.least_edge_r)


def _expected(done: CallTable, day: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Mean gain and mean loss of calls resolved before each day, shrunk, and how many there were."""
    order = np.argsort(done.resolved_day, kind="stable")
    n = np.searchsorted(done.resolved_day[order], day, side="left")
    outcome, result = done.outcome[order], done.result[order]

    def mean(chosen: BoolArray, values: FloatArray) -> FloatArray:
        total = np.concatenate([[0.0], np.cumsum(np.where(chosen, values, 0.0))])[n]
        return (total + SHRINK) / (np.concatenate([[0], np.cumsum(chosen)])[n] + SHRINK)

    return mean(outcome == 1, result), mean(outcome == 0, -result), n


def returns(name: str, table: CallTable, chosen: BoolArray, rule: ActionRule, horizon: int) -> Returns | None:
    """What the chosen calls that have a result made; None where none has. `horizon` as `scores.longest` gives it."""
    rows = chosen & with_result(table)
    if not rows.any():
        return None
    made = net(table, rule)[rows]
    columns = np.column_stack([made, made > 0]).astype(np.float64)
    mean, paid = estimates(Blocks.weekly(table.day[rows], horizon), columns)
    return Returns(
        name=name,
        calls=len(made),
        mean_r=mean,
        cost_r=float(costs(table, rule)[rows].mean()),
        paid=paid,
        total_r=float(made.sum()),
    )
