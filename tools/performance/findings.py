"""What an evaluation found, in plain sentences chosen by its figures: praise only where an interval allows it."""

from __future__ import annotations

from tools.performance.bootstrap import Estimate
from tools.performance.evaluation import TRADED, Evaluation
from tools.performance.scores import Bin


def percent(share: float) -> str:
    """A share as per cent with one decimal."""
    return f"{100 * share:.1f} %"


def within_percent(estimate: Estimate) -> str:
    """A share's interval; words where there is none."""
    if estimate.low is None or estimate.high is None:
        return "[no interval]"
    return f"[{percent(estimate.low)}, {percent(estimate.high)}]"


def told(estimate: Estimate, digits: int) -> str:
    """A signed figure with its interval; words where there is none."""
    if estimate.low is None or estimate.high is None:
        return f"{_signed(estimate.value, digits)} [no interval]"
    bounds = f"{_signed(estimate.low, digits)}, {_signed(estimate.high, digits)}"
    return f"{_signed(estimate.value, digits)} [{bounds}]"


def _signed(value: float, digits: int) -> str:
    """A figure with its sign; what rounds to nothing has none."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"


def findings(found: Evaluation) -> tuple[str, ...]:
    """The sentences, most important first."""
    lines = [_span(found), _calibration(found), _against_base(found), _ranking(found)]
    lines += [_sources(found), *_zero_weights(found), _by_chance(found), _returns(found)]
    return tuple(line for line in lines if line)


def _span(found: Evaluation) -> str:
    symbols = "1 symbol" if len(found.symbols) == 1 else f"{len(found.symbols)} symbols"
    calls = found.overall.calls
    sentence = (
        f"{calls:,} resolved call{'s' if calls != 1 else ''} of {symbols}, made from {found.since} to {found.until}; "
        "each is judged by the probability and the base rate as they were known after the close of its day."
    )
    if found.overall.hit_rate.low is None:
        sentence += " The span is too short for intervals: nothing below can be told from chance."
    return sentence


def _calibration(found: Evaluation) -> str:
    whole, bins, chance = found.overall, found.calibration.bins, found.calibration.by_chance
    average = (
        f"It said {percent(whole.probability)} on average and {percent(whole.hit_rate.value)} came true "
        f"{within_percent(whole.hit_rate)}, against a base rate of {percent(whole.base_rate)}"
    )
    if chance is None or chance.high is None:
        return f"{average}; there are too few weeks to say whether its percentages hold."
    if whole.over_said.below_zero:
        average += ": it promised too much"
    if whole.over_said.above_zero:
        average += ": it promised too little"
    fitting = sum(one.fits is True for one in bins)
    holds = found.calibration.error <= chance.high
    beyond = "no more than chance alone would" if holds else "more than chance alone would"
    return (
        f"Its percentages miss by {percent(found.calibration.error)} on average, {beyond} {within_percent(chance)}; in "
        f"{fitting} of {len(bins)} groups of rising probability what was said lies within what happened. "
        f"{_said(bins[0])}. {_said(bins[-1])}. {average}."
    )


def _said(one: Bin) -> str:
    return f"Where it said {percent(one.said)}, {percent(one.happened.value)} came true {within_percent(one.happened)}"


def _against_base(found: Evaluation) -> str:
    whole = found.overall
    saved = whole.log_loss_saved
    figures = (
        f"log loss {whole.log_loss:.4f} against {whole.log_loss_base:.4f} of the base rate, {told(saved, 4)} saved "
        f"a call; Brier score {whole.brier:.4f} against {whole.brier_base:.4f}, {told(whole.brier_saved, 4)} saved"
    )
    if not whole.differing:
        return (
            "Its probabilities are the base rate and nothing else, for no source has earned a weight: "
            f"log loss {whole.log_loss:.4f}, Brier score {whole.brier:.4f}."
        )
    if whole.differing < whole.calls:
        figures += f" (all calls, of which {whole.differing:,} were given another probability than the base rate)"
    if saved.above_zero:
        return f"Its probabilities are better than the base rate alone: {figures}."
    if saved.below_zero:
        return f"Its probabilities are worse than the base rate alone: {figures}."
    return f"Its probabilities cannot be told from the base rate alone: {figures}."


def _ranking(found: Evaluation) -> str:
    mean, months = found.correlation.mean, len(found.correlation.months)
    if mean is None:
        return (
            "Whether calls it thought more of came true more often cannot be told: no month has calls enough whose "
            "probabilities differ from the base rate."
        )
    t = "" if found.correlation.t is None else f", t {found.correlation.t:.1f}"
    figures = f"mean rank correlation within a month {told(mean, 3)} over {months} month{'s' if months != 1 else ''}{t}"
    if mean.above_zero:
        return f"Calls it thought more of came true more often: {figures}."
    if mean.below_zero:
        return f"Calls it thought more of came true less often: {figures}."
    return f"Whether calls it thought more of came true more often cannot be told: {figures}."


def _sources(found: Evaluation) -> str:
    helps = [one for one in found.sources if one.log_loss_saved.above_zero]
    hurts = [one for one in found.sources if one.log_loss_saved.below_zero]
    rest = [one.name for one in found.sources if not one.note and one not in helps and one not in hurts]
    parts = [f"{one.name} saves {told(one.log_loss_saved, 4)} of log loss a call" for one in helps]
    parts += [f"{one.name} makes log loss worse, {told(one.log_loss_saved, 4)} saved a call" for one in hurts]
    parts += [f"what {_and(rest)} {'adds' if len(rest) == 1 else 'add'} cannot be told from nothing"] if rest else []
    notes = dict.fromkeys(one.note for one in found.sources if one.note)
    mute = [f"nothing from {_and([one.name for one in found.sources if one.note == note])} ({note})" for note in notes]
    return f"Taken away one by one: {'; '.join([*parts, *mute])}."


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _zero_weights(found: Evaluation) -> list[str]:
    last = max((one.day for one in found.weights), default=None)
    zero = [f"{one.source} ({one.why})" for one in found.weights if one.day == last and one.weight == 0]
    return [f"Weight zero in the fit of {last}: {'; '.join(zero)}."] if zero else []


def _by_chance(found: Evaluation) -> str:
    judged = [one.skill.log_loss_saved for one in found.groups if one.skill.log_loss_saved.low is not None]
    if not judged:
        return ""
    better, worse = sum(one.above_zero for one in judged), sum(one.below_zero for one in judged)
    return (
        f"Of {len(judged)} groups by strategy, direction, regime, year and horizon, {better} beat the base rate and "
        f"{worse} lost to it by more than their interval; chance alone would make about {len(judged) / 40:.1f} of each."
    )


def _returns(found: Evaluation) -> str:
    if not found.returns:
        return ""
    parts = [
        f"{one.name} made {told(one.mean_r, 3)} R on average "
        f"({one.calls:,} calls, {percent(one.paid.value)} with a profit)"
        for one in found.returns
    ]
    if not any(one.name == TRADED for one in found.returns):
        parts.append("the action rule would have traded none")
    return (
        f"Second to all that, after a round trip of {100 * found.round_trip_cost:.2f} % of the price: "
        f"{'; '.join(parts)}. That is before slippage beyond it, and of calls that overlap: it is no account's result."
    )
