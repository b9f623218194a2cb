"""Short wordings of what a signal holds, the same in prose, on the page and on a terminal; no figure of their own."""

from __future__ import annotations

from assistant.phrasing_words import count, listed, percent, price
from tools.catalogue_signals import SourceWorth
from tools.signals.calls import Direction
from tools.signals.option_table import LegIdea, OptionStrategy
from tools.signals.options import Fit, OptionIdea
from tools.signals.signal import Likeness, Signal, Source, StrategyScore


def spoken(name: str) -> str:
    """A name as it is said: "mean_reversion" is "mean reversion"."""
    return name.replace("_", " ")


def is_range(signal: Signal) -> bool:
    """True for a bet on a range: its stop and its target are breakevens, and no price on the way decides it."""
    return signal.direction in (Direction.NEUTRAL, Direction.VOLATILE)


def levels_words(signal: Signal) -> str:
    """Entry, targets and stop, or the two breakevens, with the horizon; "" without a call."""
    call = signal.leading
    if call is None:
        return ""
    sessions = count(call.horizon_sessions, "session")
    if is_range(signal) and call.stop is not None and call.targets:
        inside = "between" if signal.direction is Direction.NEUTRAL else "outside of"
        return f"a bet on a close in {sessions} {inside} the breakevens {price(call.stop)} and {price(call.targets[0])}"
    noun = "target" if len(call.targets) == 1 else "targets"
    stop = "no stop" if call.stop is None else f"stop {price(call.stop)}"
    return (
        f"entry {price(call.entry)}, {noun} {listed([price(one) for one in call.targets])}, {stop}, within {sessions}"
    )


def meaning_words(signal: Signal) -> str:
    """What the probability is the probability of."""
    match signal.direction:
        case Direction.NEUTRAL:
            return "the close at the horizon lies between the breakevens"
        case Direction.VOLATILE:
            return "the close at the horizon lies outside of the breakevens"
        case _:
            return "the first target trades before the stop and in time"


def is_moved(signal: Signal) -> bool:
    """True where any term moves the probability away from its base rate."""
    return any(number for name, number in signal.confidence_breakdown.model_dump().items() if name != "base")


NO_WEIGHT = "no source has earned a weight yet"


def base_clause(signal: Signal) -> str:
    """What goes on after the probability, with its comma: the base rate of such calls, or that it is that and why.

    Such calls are those of the same strategy and direction; their rate is drawn towards that of all calls, so it is not
    to the digit the share that came true.
    """
    if is_moved(signal):
        return f"; the base rate of such calls is {percent(100 * signal.base_rate)}"
    weighed = any(note.weight for note in signal.sources)
    why = "no source that has a weight moves it" if weighed else NO_WEIGHT
    if signal.leading is None or not signal.leading.confidence_n:
        return f", which is the rate of all calls, for no such call is resolved yet; {why}"
    return f", which is how often such calls came true, drawn towards the rate of all calls; {why}"


def terms_words(signal: Signal) -> str:
    """The terms that are not zero, base first, as a sentence; "" where nothing moves the base rate."""
    terms = signal.confidence_breakdown.model_dump()
    moved = [f"{name} {number:+.2f}" for name, number in terms.items() if number and name != "base"]
    base = f"base {signal.confidence_breakdown.base:+.2f}"
    return f"In log-odds: {', '.join([base, *moved])}." if moved else ""


def weightless_words(signal: Signal) -> str:
    """The sources that say something and weigh nothing, with the reason; "" where there is none."""
    reasons: dict[str, list[str]] = {}
    for note in signal.sources:
        if note.evidence is not None and note.weight == 0:
            reasons.setdefault(note.why, []).append(note.source.value)
    return "; ".join(f"{listed(names)} ({why})" for why, names in reasons.items())


def silent_words(signal: Signal) -> str:
    """The sources without evidence; "" where every one speaks."""
    return listed([source.value for source in signal.missing]) if signal.missing else ""


def likeness_words(like: Likeness) -> str:
    """What calls of about this probability said, and what came of them."""
    if like.came_true is None:
        return f"none within {percent(100 * like.within)} of this probability is resolved yet"
    low, high = like.interval or (like.came_true, like.came_true)
    return (
        f"said {percent(100 * like.said)}, came true {percent(100 * like.came_true)} "
        f"[{100 * low:.1f}–{100 * high:.1f} %], n = {like.calls:,}"
    )


def record_words(score: StrategyScore) -> str:
    """How the resolved calls of one strategy and direction did, beside the base rate's score."""
    result = "" if score.mean_result_r is None else f", {score.mean_result_r:+.2f} R on average before costs"
    return (
        f"{spoken(score.strategy)} {score.direction.value}: {percent(100 * score.hit_rate)} of {score.calls:,} calls "
        f"came true{result}; Brier {score.brier:.4f} (base rate {score.brier_base:.4f})"
    )


def needed_words(signal: Signal) -> str:
    """The probability now beside that from which the rule would act; "" where the rule asks for none."""
    if signal.needed_probability is None:
        return ""
    return (
        f"The rule acts from a probability of {percent(100 * signal.needed_probability)}; it is "
        f"{percent(100 * signal.probability)} now."
    )


def worth_words(one: SourceWorth) -> str:
    """What a source is worth: its weight, and what adding it did to the log loss of later calls."""
    weight = "weight zero" if one.weight == 0 else f"weight {one.weight:.2f}"
    if one.gain is None or one.error is None:
        return f"{weight}, {one.why}{_ONLY_OWN if one.source in _READ and 'said nothing' in one.why else ''}"
    # A saving is a fall of the log loss: the sign is that of the change a person would see.
    change = f"{-one.gain:+.4f} ± {one.error:.4f} over {count(one.months, 'month')}"
    return f"{weight}, {one.why}: it changed log loss by {change}"


_READ = (Source.SENTIMENT, Source.NEWS)
_ONLY_OWN = " (only news of your own is evidence; `deskmate import news FILE` brings it)"


def idea_words(idea: OptionIdea) -> str:
    """An option idea with its legs and its window, and that it has no prices."""
    legs = ", ".join(_leg(leg) for leg in idea.legs)
    low, high = idea.days_to_expiry
    return f"{spoken(idea.name)} ({legs}; {low} to {high} days to expiry). It has no prices yet. {idea.note}"


def _leg(leg: LegIdea) -> str:
    if leg.right == "stock":
        return "the shares that are held"
    delta = "" if leg.target_delta is None else f" at delta {leg.target_delta:.2f}"
    days = "" if leg.days_to_expiry is None else f" with {leg.days_to_expiry[0]} to {leg.days_to_expiry[1]} days"
    several = "" if leg.ratio == 1 else f"{leg.ratio} "
    return f"{leg.action} {several}{leg.right}{delta}{days}"


def fit_words(strategy: OptionStrategy, fit: Fit) -> str:
    """Whether a strategy that was asked about expresses the call, and which would do it better."""
    better = f" Better: {fit.better.words}." if fit.better is not None and not fit.fits else ""
    verdict = "fits the signal" if fit.fits else "does not fit the signal"
    return f"**{spoken(strategy).capitalize()}** {verdict}. {fit.reason}{better}"
