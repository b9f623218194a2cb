"""Indicators as their authors wrote them down, one bar at a time: what the strategies' formulas are checked against."""

from __future__ import annotations

from math import sqrt


def mean(values):
    return sum(values) / len(values)


def average(values, bar, length):
    """Of the last `length` values up to `bar`."""
    return mean(values[bar - length + 1 : bar + 1])


def deviation(values, bar, length):
    """Population standard deviation of the last `length` values."""
    middle = average(values, bar, length)
    return sqrt(mean([(v - middle) ** 2 for v in values[bar - length + 1 : bar + 1]]))


def true_ranges(high, low, close):
    """The first bar has none."""
    return [None] + [max(high[t], close[t - 1]) - min(low[t], close[t - 1]) for t in range(1, len(close))]


def wilder(values, length):
    """A mean of the first `length` values (the one at 0 is None) and then (n - 1) / n of itself."""
    found = [None] * len(values)
    found[length] = mean(values[1 : length + 1])
    for t in range(length + 1, len(values)):
        found[t] = (found[t - 1] * (length - 1) + values[t]) / length
    return found


def atr(high, low, close, length):
    return wilder(true_ranges(high, low, close), length)


def rsi(close, length):
    moves = [None] + [close[t] - close[t - 1] for t in range(1, len(close))]
    up = wilder([None] + [max(m, 0) for m in moves[1:]], length)
    down = wilder([None] + [max(-m, 0) for m in moves[1:]], length)
    return [None if u is None else 100 * u / (u + d) for u, d in zip(up, down, strict=True)]


def ema(values, length, first=0):
    found = [None] * len(values)
    found[first + length - 1] = mean(values[first : first + length])
    for t in range(first + length, len(values)):
        found[t] = found[t - 1] + 2 / (length + 1) * (values[t] - found[t - 1])
    return found


def macd_histogram(close, fast, slow, signal):
    quick, late = ema(close, fast), ema(close, slow)
    line = [None if b is None else a - b for a, b in zip(quick, late, strict=True)]
    smooth = ema(line, signal, slow - 1)
    return [None if b is None else a - b for a, b in zip(line, smooth, strict=True)]


def adx(high, low, close, length):
    """(ADX, +DI, -DI) by Wilder's steps; the seed's weight is gone after some hundred bars."""
    plus, minus = [None], [None]
    for t in range(1, len(close)):
        up, down = high[t] - high[t - 1], low[t - 1] - low[t]
        plus.append(up if up > down and up > 0 else 0.0)
        minus.append(down if down > up and down > 0 else 0.0)
    span = wilder(true_ranges(high, low, close), length)
    rises = [None if r is None else 100 * p / r for p, r in zip(wilder(plus, length), span, strict=True)]
    falls = [None if r is None else 100 * m / r for m, r in zip(wilder(minus, length), span, strict=True)]
    spread = [None if u is None else 100 * abs(u - d) / (u + d) for u, d in zip(rises, falls, strict=True)]
    smooth = [None] * length + wilder(spread[length - 1 :], length)[1:]
    return [None] * (len(close) - len(smooth)) + smooth, rises, falls


def rank(values, bar, length, least):
    """Share of the up to `length` known values before `bar` that lie below its own; None with fewer than `least`."""
    before = [v for v in values[max(0, bar - length) : bar] if v is not None]
    if values[bar] is None or len(before) < least:
        return None
    return sum(v < values[bar] for v in before) / len(before)
