"""The walk: every call adds up, rests on what was resolved before it, and hears only what has earned a hearing."""

from dataclasses import fields
from datetime import date, timedelta
from functools import cache
from math import fsum, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.signals.markets import head, histories_of, record_of, sample_bars, walk
from tools.signals.evidence import Evidence
from tools.signals.history import NOT_YET
from tools.signals.market_record import Rules
from tools.signals.outcomes import REASONS, ExitReason
from tools.signals.signal import Source
from tools.signals.table import TERMS
from tools.signals.track_record import TrackRecord, together
from tools.signals.walk import boundaries, rows_at

WALKS = [walk(seed, 900, f"S{seed}", dividend_every=63 * (seed % 2)) for seed in range(4)]
LATER = {"outcome", "reason", "resolved_day", "result"}
"""Columns that may change after the call: what became of it."""
OTHER = {"symbols", "strategies", "fits"}


def table_of(*bars, **given):
    """Every call of some bars."""
    return record_of(*bars, **given).walked.table


@cache
def whole():
    """Every call of the four walks."""
    return table_of(*WALKS)


@cache
def sample():
    """Every call of the shipped market."""
    return table_of(*sample_bars())


@pytest.mark.parametrize("table", [whole, sample])
def test_the_terms_of_every_call_sum_to_its_shown_log_odds(table):
    """All of them, not a sample of them."""
    calls = table()
    assert len(calls) > 1000
    for terms, shown in zip(calls.terms.tolist(), calls.probability.tolist(), strict=True):
        assert abs(fsum(terms) - log(shown / (1 - shown))) < 1e-9
        assert 0.01 <= shown <= 0.99


def test_a_source_without_evidence_adds_exactly_nothing():
    """To the last bit, whatever its weight."""
    silent = np.isnan(whole().evidence)
    assert silent.any()
    assert (whole().terms[:, 1:-1][silent] == 0.0).all()


@settings(max_examples=25, deadline=None)
@given(cut=st.integers(70, 899))
def test_cutting_off_the_future_leaves_every_earlier_call_identical_to_the_byte(cut):
    """time:asof for the walk: levels, evidence, terms, probabilities, base rates, fits and their versions."""
    ends = table_of(*(head(one, cut) for one in WALKS))
    assert_same_until_the_end(ends, whole())


@settings(max_examples=10, deadline=None)
@given(cut=st.integers(400, 899), later=st.integers(1000, 10**6))
def test_another_future_leaves_every_earlier_call_identical_to_the_byte(cut, later):
    """What comes after T may be anything, also a symbol that only begins then."""
    futures = [walk(later + place, 900, one.symbol) for place, one in enumerate(WALKS)]
    joined = [continued(one, other, cut) for one, other in zip(WALKS, futures, strict=True)]
    ends = table_of(*(head(one, cut) for one in WALKS))
    assert_same_until_the_end(ends, table_of(*joined))


def continued(bars, other, cut):
    """The first `cut` bars of one walk, then another one from where the first one stood."""
    values = {}
    for name in ("open", "high", "low", "close"):
        scale = bars.close[cut - 1] / other.close[cut - 1]
        values[name] = np.concatenate([getattr(bars, name)[:cut], getattr(other, name)[cut:] * scale])
    factor = (bars.adjusted_close / bars.close)[:cut]
    adjusted = values["close"].copy()
    adjusted[:cut] *= factor / factor[-1] * 0.98
    volume = np.concatenate([bars.volume[:cut], other.volume[cut:]])
    return type(bars)(bars.symbol, bars.sessions, **values, adjusted_close=adjusted, volume=volume, source=bars.source,
                      freshness=bars.freshness)  # fmt: skip


def assert_same_until_the_end(ends, longer):
    """Every column of the shorter table is the beginning of the longer one's."""
    n = len(ends)
    assert n > 0
    assert (longer.day[:n] == ends.day).all()
    for field in fields(ends):
        if field.name not in LATER | OTHER:
            assert getattr(longer, field.name)[:n].tobytes() == getattr(ends, field.name).tobytes(), field.name
    known = ends.resolved_day != NOT_YET
    for name in sorted(LATER):
        assert getattr(longer, name)[:n][known].tobytes() == getattr(ends, name)[known].tobytes(), name
    assert repr(longer.fits[: len(ends.fits)]) == repr(ends.fits)


@settings(max_examples=30, deadline=None)
@given(row=st.integers(0, 10**6))
def test_base_rates_and_fits_count_only_calls_resolved_before_the_session(row):
    """Counted by hand over every strategy's calls."""
    calls, record = whole(), TrackRecord(histories_of(*WALKS))
    row %= len(calls)
    fit = calls.fits[calls.fit[row]]
    start = (fit.day - date(1970, 1, 1)).days
    assert start <= calls.day[row]
    assert fit.resolved == int((calls.resolved_day < start).sum())
    resolved = sum(
        int((trades.resolved_day < calls.day[row]).sum()) for one in histories_of(*WALKS) for trades in one.trades
    )
    assert record.overall(calls.day[row : row + 1])[1].n[0] == resolved


def test_before_fifty_resolved_calls_the_probability_is_the_base_rate():
    """There is nothing to weigh or calibrate with, and the fit says so."""
    early = whole().where(np.isin(whole().fit, [i for i, fit in enumerate(whole().fits) if fit.resolved < 50]))
    assert len(early) > 0
    assert early.probability == pytest.approx(early.base_rate)
    assert {whole().fits[i].calibrator for i in early.fit} == {"base rate"}


def knowing(one, chance, share):
    """Evidence whose news tone knows the call's outcome in a `share` of cases: what no source can, for a test alone."""
    calls = whole()
    rows = np.flatnonzero(calls.symbol == calls.symbols.index(one.symbol))
    tone = np.full(len(one), np.nan)
    side = np.where(calls.outcome[rows] == 1, 1, -1) * np.where(
        np.abs(calls.direction[rows]) == 1, calls.direction[rows], 1
    )
    honest = chance.random(len(rows)) < share
    tone[calls.bar[rows]] = np.where(honest, side, chance.choice([-1, 1], len(rows))) * 0.8
    nothing = Evidence.none(len(one))
    return Evidence(tone, np.where(np.isfinite(tone), 1.0, np.nan), nothing.impact, nothing.p_up)


@pytest.mark.parametrize(("share", "heard"), [(0.7, True), (0.0, False)])
def test_a_source_that_knows_is_heard_and_one_that_guesses_is_not(share, heard):
    """Noise gets weight exactly zero at every fit; knowledge improves the calls made after it was admitted."""
    chance = np.random.default_rng(11)
    calls = table_of(*WALKS, evidence={one.symbol: knowing(one, chance, share) for one in WALKS})
    weights = [{w.source: w.weight for w in fit.weights}[Source.SENTIMENT] for fit in calls.fits]
    assert (weights[-1] > 0.2) is heard
    if not heard:
        assert set(weights) == {0.0}
        return
    assert weights[0] == 0.0
    after = calls.where(calls.resolved & (np.array(weights)[calls.fit] > 0))
    assert ((after.probability - after.outcome) ** 2).mean() < ((after.base_rate - after.outcome) ** 2).mean() - 0.01


def test_a_walk_without_a_source_does_not_hear_it():
    """Ablation changes the terms of that source alone, and what rests on them."""
    chance = np.random.default_rng(12)
    record = record_of(*WALKS, evidence={one.symbol: knowing(one, chance, 0.7) for one in WALKS})
    without = record.walk(frozenset({Source.SENTIMENT})).table
    assert (without.terms[:, TERMS.index("sentiment")] == 0.0).all()
    assert (record.walked.table.terms[:, TERMS.index("sentiment")] != 0.0).any()


def test_a_refit_changes_nothing_before_its_day():
    """A person may ask for a fit today; yesterday's calls stand."""
    day = WALKS[0].session(500) + timedelta(days=1)
    again = table_of(*WALKS, rules=Rules(refits=(day,)))
    assert day in [fit.day for fit in again.fits]
    before = again.day < (day - date(1970, 1, 1)).days
    assert again.probability[before].tobytes() == whole().probability[before].tobytes()


@given(first=st.dates(date(1990, 1, 1), date(2030, 1, 1)), days=st.integers(0, 3000))
def test_boundaries_are_the_first_day_and_every_quarter_after_it(first, days):
    """In order, each once, none after the end."""
    last = first + timedelta(days=days)
    found = boundaries(first, last, (last, first, last + timedelta(days=1)))
    assert found[0] == first
    assert list(found) == sorted(set(found))
    assert all(day <= last for day in found)
    assert all((day.month % 3, day.day) == (1, 1) for day in found[1:] if day != last)


def test_outcomes_in_the_table_are_those_of_the_leading_strategys_calls():
    """And the reason agrees with the outcome."""
    calls = whole().where(whole().resolved)
    directed = np.abs(calls.direction) == 1
    target = calls.reason == REASONS.index(ExitReason.TARGET)
    assert (calls.outcome[directed] == target[directed]).all()
    assert (calls.reason[~directed] == REASONS.index(ExitReason.EXPIRY)).all()
    assert np.isnan(calls.result[~directed]).all()
    assert np.isfinite(calls.result[directed]).all()


def test_a_bet_on_the_range_speaks_only_where_nobody_bets_on_a_direction():
    """And a direction that is chosen has at least as much technical evidence as the other."""
    one = histories_of(*WALKS)[0]
    rows = rows_at(one, TrackRecord(histories_of(*WALKS)), Evidence.none(len(one.bars)), np.arange(len(one.bars)))
    spoken = {bar: set() for bar in range(len(one.bars))}
    for trades in one.trades:
        for bar, code in zip(trades.at.tolist(), trades.direction.tolist(), strict=True):
            spoken[bar].add(code)
    assert set(rows.bar.tolist()) == {bar for bar, codes in spoken.items() if codes}
    for bar, code in zip(rows.bar.tolist(), rows.direction.tolist(), strict=True):
        assert code in spoken[bar]
        assert not (code in (2, 3) and spoken[bar] & {1, -1})
    assert {2, 3} & set(rows.direction.tolist())


def test_calls_made_together_are_worth_less_than_as_many_apart():
    """Ten symbols on one day are about three proofs."""
    worth = together(np.repeat([1, 2], [10, 1]))
    assert worth[:10].sum() == pytest.approx(10 / (1 + 9 * 0.25))
    assert worth[10] == 1.0
