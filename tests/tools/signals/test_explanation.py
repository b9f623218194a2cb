"""Explanations: facts carry their source and day, and a price said to change the call does change it."""

from dataclasses import replace

import numpy as np

from tests.tools.signals.markets import COLUMNS, record_of, walk, weekdays


def continued(bars, bar, close, volume):
    """The bars up to `bar` and one more that trades at `close` only."""
    values = {name: getattr(bars, name)[: bar + 2].copy() for name in COLUMNS}
    for name in ("open", "high", "low", "close", "adjusted_close"):
        values[name][-1] = close
    values["volume"][-1] = volume
    values["sessions"] = weekdays(bar + 2)
    return replace(bars, **values)


def word_after(bars, bar, close, strategy):
    """What a strategy says after one more bar at `close` on busy volume."""
    more = continued(bars, bar, close, 1e8)
    record = record_of(more)
    return next(c for c in record.calls(record.histories["AAA"], bar + 1) if c.strategy == strategy)


def test_a_price_named_as_a_turning_point_turns_the_call():
    """Each level is solved from a formula; beyond it the strategy must say something else the next day."""
    bars = walk(40, 900)
    record = record_of(bars)
    one = record.histories["AAA"]
    turned = dict.fromkeys(("trend", "momentum", "breakout"), 0)
    for bar in range(210, 899, 9):
        signal = record.signal(one, bar)
        for flip in signal.flips:
            beyond = flip.level * (1.0005 if flip.side == "at or above" else 0.9995)
            if "breakout" in flip.effect:
                wanted = "long" if flip.side == "at or above" else "short"
                assert word_after(bars, bar, beyond, "breakout").direction == wanted
                turned["breakout"] += 1
            elif signal.leading and "the bet" in flip.effect:
                assert signal.direction.sign == 0
            elif signal.leading and "a close there" in flip.effect and flip.distance_percent:
                after = word_after(bars, bar, beyond, signal.leading.strategy)
                assert after.direction != signal.leading.direction
                turned[signal.leading.strategy] = turned.get(signal.leading.strategy, 0) + 1
    assert min(turned.values()) > 5


def test_flips_are_nearest_first_and_on_the_side_they_say():
    """The nearest one is what a person watches."""
    record = record_of(walk(41, 700))
    one = record.histories["AAA"]
    for bar in range(300, 700, 20):
        signal = record.signal(one, bar)
        distances = [abs(flip.distance_percent) for flip in signal.flips]
        assert distances == sorted(distances)
        for flip in signal.flips:
            assert (flip.level > signal.last_price) == (flip.side == "at or above")
        if signal.leading:
            assert signal.leading.stop in [flip.level for flip in signal.flips]


def test_facts_name_value_unit_source_and_day_and_agree_with_the_signal():
    """A renderer or a language model may say nothing that is not here."""
    bars = walk(42, 900)
    record = record_of(bars)
    one = record.histories["AAA"]
    bar = next(b for b in range(899, 300, -1) if record.signal(one, b).direction.sign)
    signal = record.signal(one, bar)
    told = {fact.claim: fact for fact in signal.facts}
    assert all(fact.as_of == signal.session and fact.source and fact.unit for fact in signal.facts)
    assert told["last close"].value == signal.last_price
    assert told["share of earlier calls of this strategy and direction that came true"].value == signal.base_rate
    assert told["probability that the call comes true"].value == signal.probability
    assert told["expected value after costs"].value == signal.expected_value_r
    assert told["probability from which the rule would act"].value == signal.needed_probability
    average = next(
        f for c in signal.strategies if c.strategy == "trend" for f in c.facts if f.claim == "20-session average"
    )
    assert average.value == round(float(np.mean(bars.close[bar - 19 : bar + 1])), 4)


def test_prices_in_facts_are_in_the_quotes_of_the_day():
    """An average on the dividend-adjusted scale would not be found on any chart of that day."""
    plain, paying = walk(43, 500), walk(43, 500, dividend_every=60)
    record = record_of(paying)
    calls = record.calls(record.histories["AAA"], 499)
    average = next(f for c in calls for f in c.facts if f.claim == "50-session average")
    assert average.unit == "price"
    assert abs(float(average.value) / plain.close[450:].mean() - 1) < 0.02
    assert record.histories["AAA"].series.close[-1] > 1.05 * paying.close[-1]
