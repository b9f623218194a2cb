# ruff: noqa: E501  (a pattern reads better whole)
"""Sentences that state or ask for a preference: a small grammar over the canonical clause, read whole or not at all.

What it reads stands in `Request.resolved`: "preference" (a change, as JSON), "part" (what is to be shown), "pointing" (the
change is about "it") and "own_words" (the message says it and nothing that quotes, reports or supposes it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import cast

from pydantic import ValidationError

from assistant.router.frames import frame_of, strip_filler
from assistant.router.parsed import Parsed
from assistant.router.scan import SYMBOL
from assistant.router.values import Context, Reading, Request
from tools.context import Offer
from tools.preferences.preferences import CHANGE, Preferences, same_wish

UNREAD = (
    "I did not read that as a preference I keep. Which one do you mean? For example: “I'm conservative”, “exclude TSLA”, "
    "“never show me momentum calls”, “only horizons up to 10 days”, “my default size is 50 shares”, “put NVDA on my "
    "watchlist”, “what are my preferences?”."
)

LONGEST = 400
"""Characters of a clause beyond which it states no preference."""

Body = dict[str, object]
_Builder = Callable[[re.Match[str]], Body]

_TAIL = re.compile(
    r"(?: ,)?(?: (?:please|thanks|thank you|now|from (?:now|here) on(?:wards?)?|henceforth|in (?:the )?future|going forward|(?:,|and)? ?(?:remember that|(?:bear|keep) that in mind|note (?:it|that)|take that into account)|for later|any ?more|ever|at all|by default|unless i say otherwise))+$"
)
_HEAD = re.compile(r"^(?:from (?:now|here) on|in future|remember(?: that)?|note(?: that)?|fyi|by default) ?,? ")
_LIST = rf"(?P<symbols>{SYMBOL}(?:(?: ?,)?(?: (?:and|or|&|plus))? {SYMBOL})*)"
_IT = r"(?P<it>it|that|this|them|these|those|both|that one|this one)"
_THESE = rf"(?:{_LIST}|{_IT})"
_MY = r"(?:(?:my|the|our) )?"
_WATCHLIST = rf"{_MY}(?:watch ?-?list|list of favou?rites|favou?rites(?: list)?)"
_CALL = r"(?:calls?|signals?|ideas?|trades?|setups?|picks?|strategy|strategies)"
_NAMED = rf"(?P<strategies>[a-z]+(?:[ -][a-z]+)?(?: {_CALL})?(?: (?:and|or) [a-z]+(?:[ -][a-z]+)?){{0,9}})"
_LEVELS = {
    "conservative": "conservative", "cautious": "conservative", "careful": "conservative", "prudent": "conservative",
    "risk-averse": "conservative", "risk averse": "conservative", "defensive": "conservative", "low": "conservative",
    "moderate": "moderate", "balanced": "moderate", "medium": "moderate", "neutral": "moderate", "normal": "moderate",
    "aggressive": "aggressive", "bold": "aggressive", "high": "aggressive",
    "lower": "lower", "higher": "higher",
}  # fmt: skip
_LEVEL = "|".join(sorted(_LEVELS, key=len, reverse=True))
_RISK = r"risk(?: appetite| tolerance| profile| level| setting)?"
_WHO = r"(?:(?:investor|trader|person|guy|side|mode|one)(?: s)?)"
_SIZE = r"(?P<size>\$(?P<dollars>\d+(?:\.\d+)?)|(?P<percent>\d+(?:\.\d+)?) ?(?:%|percent)(?: of (?:my )?(?:equity|account|capital|portfolio|book))?|(?P<money>\d+(?:\.\d+)?) (?:dollars|usd|bucks)|(?P<shares>\d+)(?: (?:shares?|units))?)"
_DAYS = r"(?:trading )?(?P<unit>days?|sessions?|weeks?)"
_SUBJECT = rf"(?:{_MY}(?:holding |time )?(?:horizons?|{_CALL}|holding periods?)(?: with)?(?: (?:a |an )?(?:holding |time )?(?:horizons?))?)"
_LANGUAGE = r"(?P<language>english|german|french|spanish|italian|portuguese|dutch|polish|turkish|russian|chinese|mandarin|japanese|korean|arabic|hindi|swedish|danish|norwegian|finnish|greek|czech)"


def _symbols(match: re.Match[str]) -> list[str]:
    return [symbol.removeprefix("$") for symbol in re.findall(SYMBOL, match.groupdict().get("symbols") or "")]


def _about(kind: str, action: str) -> _Builder:
    """A change about symbols, named or pointed at."""

    def build(match: re.Match[str]) -> Body:
        named = _symbols(match)
        return {"kind": kind, "action": action, **({"symbols": named} if named else {})}

    return build


def _call(action: str) -> _Builder:
    def build(match: re.Match[str]) -> Body:
        named = _symbols(match)
        return {"kind": "saved_calls", "action": action, **({"symbol": named[0]} if named else {})}

    return build


def _strategies(action: str) -> _Builder:
    def build(match: re.Match[str]) -> Body:
        names = re.split(r" (?:and|or) ", re.sub(rf" {_CALL}\b", "", match["strategies"]))
        return {"kind": "strategies", "action": action, "strategies": [re.sub("[ -]", "_", name) for name in names]}

    return build


def _appetite(match: re.Match[str]) -> Body:
    level, degree = _LEVELS[match["level"]], match.groupdict().get("degree") or ""
    if degree in ("more", "less"):
        up = (level == "aggressive") is (degree == "more")
        level = level if level == "moderate" else "higher" if up else "lower"
    return {"kind": "risk_appetite", "value": level}


def _horizons(match: re.Match[str]) -> Body:
    got = match.groupdict()
    sessions = 5 if (got["unit"] or "").startswith("week") else 1
    low, high = got.get("low"), got.get("high")
    strict = bool(
        re.search(
            r"\b(?:under|below|less than|shorter than|over|longer than|more than|above)\b",
            match[0]
            .replace("no longer than", "")
            .replace("not longer than", "")
            .replace("no more than", "")
            .replace("no shorter than", "")
            .replace("no less than", ""),
        )
    )
    return {
        "kind": "horizons",
        "horizons": {
            "shortest": None if low is None else int(low) * sessions + strict,
            "longest": None if high is None else int(high) * sessions - strict,
        },
    }  # fmt: skip


def _size(match: re.Match[str]) -> Body:
    got = match.groupdict()
    money = got["dollars"] or got["money"]
    size: Body = (
        {"notional_usd": money}
        if money
        else {"pct_equity": got["percent"]}
        if got["percent"]
        else {"shares": int(got["shares"])}
    )
    return {"kind": "default_size", "size": size}  # fmt: skip


def _just(**body: object) -> _Builder:
    return lambda _: dict(body)


def _language(match: re.Match[str]) -> Body:
    return {"kind": "language", "language": match["language"]}


def _mode(match: re.Match[str]) -> Body:
    return {"kind": "default_mode", "mode": match["mode"].replace("-", "_").replace(" ", "_")}


def _rules(*rules: tuple[str, _Builder]) -> tuple[tuple[re.Pattern[str], _Builder], ...]:
    return tuple((re.compile(pattern), build) for pattern, build in rules)


_FEWER = r"(?:up to|at most|no (?:longer|more) than|not longer than|within|under|below|less than|shorter than|of (?:up to|at most)|max(?:imum)?(?: of)?)"
_LONGER = r"(?:at least|no (?:shorter|less) than|over|above|longer than|more than|of at least|min(?:imum)?(?: of)?)"
_ONLY = r"(?:(?:only|just)(?: (?:show|give|suggest|want|offer|i want))?(?: me)?|(?:show|give|suggest|offer)(?: me)? only|i only want(?: to see)?|i want only|limit|keep|restrict)"
_NEVER = r"(?:never|do not(?: ever)?|no longer|please do not)(?: want to (?:see|be shown|be offered|get)| (?:show|suggest|offer|recommend|give|include|bring|propose))(?: me| to me)?(?: any)?|(?:stop (?:showing|suggesting|offering|recommending|giving)(?: me)?(?: any)?)|no more|i (?:never want to (?:see|be shown|be offered)|do not want(?: to (?:see|be shown|be offered))?)(?: any)?"
_OUT = (
    r"(?: (?:from|of|out of) (?:your |my |the )?(?:suggestions?|lists?|signals?|ideas|recommendations|results|calls))"
)

CHANGES = _rules(
    (rf"(?:i am|treat me as|consider me|see me as|set me(?: up)? (?:as|to)|make (?:me|it|yourself)|be|go|become|change me to)(?: being)? ?(?:a |an |a bit |of a )*(?P<degree>more|less|very|quite|rather|pretty)? ?(?:a |an )?(?P<level>(?!low|high|neutral|normal)(?:{_LEVEL}))(?: {_WHO})?", _appetite),
    (rf"(?:set me(?: up)? (?:as|to|with|for) (?:a |an )?)(?P<level>{_LEVEL}) {_RISK}", _appetite),
    (rf"(?:(?:set|change|make|put|keep|turn|switch|dial|raise|lower|increase|reduce) )?{_MY}{_RISK}(?: ?:| is| to| as| at| in| down to| up to| should be)*(?: (?P<degree>more|less))? (?P<level>{_LEVEL})", _appetite),
    (rf"(?:raise|increase) {_MY}risk (?:appetite|tolerance|profile|level|setting)", _just(kind="risk_appetite", value="higher")),
    (rf"(?:lower|reduce|decrease) {_MY}risk (?:appetite|tolerance|profile|level|setting)", _just(kind="risk_appetite", value="lower")),
    (rf"(?:put|add|place|stick|include|save|keep) {_THESE}(?: too| as well)? (?:on|to|onto|in|into) {_WATCHLIST}(?: too| as well)?", _about("watchlist", "add")),
    (rf"watchlist (?:add )?{_LIST}", _about("watchlist", "add")),
    (rf"(?:remove|take|delete|drop|strike|get|cross) {_THESE}(?: (?:from|off|off of|out of|of)) {_WATCHLIST}", _about("watchlist", "remove")),
    (rf"(?:clear|empty|wipe|delete) {_WATCHLIST}", _just(kind="watchlist", action="clear")),
    (rf"(?:save|bookmark|store|remember) (?:(?:(?:this|that|the)(?: last)? )?{_LIST}|(?:this|that|the)(?: last)?) (?:call|signal|idea|setup)", _call("save")),
    (rf"(?:save|bookmark|store|remember) (?:the |a )?(?:call|signal|idea|setup) (?:on|for|in) (?:{_LIST}|it)", _call("save")),
    (rf"(?:forget|delete|remove|unsave|drop) (?:the |my |that )?saved {_LIST} (?:call|signal)s?", _call("forget")),
    (rf"(?:forget|delete|remove|unsave) (?:the |my )?saved (?:call|signal)s? (?:on|for) {_LIST}", _call("forget")),
    (r"(?:forget|delete|clear|remove|wipe)(?: all)?(?: of)? (?:my|the) saved (?:calls|signals)", _just(kind="saved_calls", action="clear")),
    (rf"(?:{_ONLY} )?{_SUBJECT}(?: are| is| to| should be)? {_FEWER} (?P<high>\d{{1,3}}) {_DAYS}(?: horizons?| long)?", _horizons),
    (rf"(?:{_ONLY} )?{_SUBJECT}(?: are| is| to| should be)? {_LONGER} (?P<low>\d{{1,3}}) {_DAYS}(?: horizons?| long)?", _horizons),
    (rf"(?:{_ONLY} )?{_SUBJECT}(?: are| is| to| should be)? (?:between|from|of)? ?(?P<low>\d{{1,3}}) (?:and|to) (?P<high>\d{{1,3}}) {_DAYS}", _horizons),
    (r"(?:show (?:me )?)?(?:any|all|every) horizons?(?: (?:again|is fine|are fine))|no horizon limits?|(?:remove|drop|clear|forget) (?:my |the )?horizons?(?: (?:limit|preference)s?)?", _just(kind="horizons", horizons=None)),
    (rf"(?:(?:set|make|change|put|use|have) )?(?:my |the |a )?default (?:(?:order|trade|position) )?(?:size|quantity|amount)(?: (?:is|to|at|of|should be|as)| ?:| ?=)* {_SIZE}(?: (?:an|per|each|a) (?:order|trade))?(?: when i do not say)?", _size),
    (rf"(?:make|set) {_SIZE} my default(?: (?:order|trade|position))?(?: (?:size|quantity|amount))?", _size),
    (r"(?:no|clear|forget|remove|delete|drop) (?:my |the )?default (?:(?:order|trade|position) )?(?:size|quantity|amount)(?: again)?", _just(kind="default_size", size=None)),
    (r"(?:always (?:use|trade (?:in|on|with)?|stay (?:in|on|with))|default to|(?:(?:set|make) )?(?:my )?default (?:mode|account)(?: is| to)?|stay (?:in|on) (?=\w+(?: mode)? always)) ?(?:the |my )?(?P<mode>virtual|paper[- ]first|paper|live)(?: (?:mode|account|trading|money))*(?: always)?", _mode),
    (rf"(?:answer|reply|talk|speak|write|respond|chat)(?: to)?(?: me)?(?: back)?(?: in)?(?: plain)? {_LANGUAGE}(?: to me)?", _language),
    (rf"(?:(?:switch|change|set) )?(?:my |the |your )?language(?: ?:| to| is)? {_LANGUAGE}", _language),
    (r"(?:forget|reset|clear|delete|erase|wipe)(?: all)?(?: of)? (?:my|the) (?:preferences|settings|defaults)", _just(kind="reset")),
    (r"(?:undo|revert|take back|roll back) (?:my |the |that )?(?:last |latest )?(?:preferences?|settings?)(?: change)?|preferences? undo", _just(kind="undo")),
    (r"undo(?: (?:that|it|this|the last change|my last change))?", _just(kind="undo", bare=True)),
    (rf"(?:{_NEVER}|exclude|leave out|hide|skip) (?:{_CALL} (?:on|for|in|about) )?{_LIST}(?: {_CALL})?(?: to me)?{_OUT}?(?: again)?", _about("symbols", "exclude")),
    (rf"(?:leave|keep) {_THESE} out{_OUT}?", _about("symbols", "exclude")),
    (rf"(?:exclude|blacklist) {_THESE}{_OUT}?", _about("symbols", "exclude")),
    (rf"(?:(?:i )?(?:never|do not(?: ever)?)(?: want to)? trade) {_LIST}(?: again)?", _about("symbols", "exclude")),
    (rf"include {_THESE} again", _about("symbols", "include")),
    (rf"(?:stop excluding|no longer exclude|do not exclude|unhide|unban|allow) {_LIST}(?: again)?", _about("symbols", "include")),
    (rf"(?:{_NEVER}|exclude|leave out|hide) {_NAMED} {_CALL}{_OUT}?(?: again| to me)?", _strategies("exclude")),
    (rf"(?:show me|include|allow|bring back|give me) {_NAMED} {_CALL} again", _strategies("include")),
    (rf"(?:stop excluding|no longer exclude) {_NAMED} {_CALL}", _strategies("include")),
)  # fmt: skip
"""Sentence → the change it asks for. A clause that no pattern covers whole asks for none."""

_SHOW = r"(?:show|list|see|display|tell|give|read|what (?:is|are)|what do i have|which [a-z]+ are)(?: me)?(?: all)?(?: of)?(?: (?:on|in))?"
SHOWS = (
    (re.compile(rf"(?:{_SHOW} )?{_WATCHLIST}"), "watchlist"),
    (re.compile(rf"(?:{_SHOW} )?(?:my|the) saved (?:calls|signals|ideas)"), "saved_calls"),
    (re.compile(rf"(?:{_SHOW} )?(?:(?:my|the) )?(?:(?:current|saved|stored) )?(?:preferences|settings|defaults)|what (?:preferences|settings|risk profile) (?:do you have|have you)(?: got)?(?: me)?(?: (?:saved|stored|kept|down))?(?: (?:for|of|about) me| for| as)?"), "all"),
)  # fmt: skip

_STATED = re.compile(
    r"(?:i|fyi|at my age|as|being)\b.*?(?: ,| so| and)(?: so| please)*(?: i would like you to)? (?P<wish>(?:set|put|dial) (?:my|me) .+|treat me as .+)"
)
_NOT_OWN = re.compile(
    r"[\"“”`<>{}|=\[\]\\]| : |\b(?:says?|said|sa(?:id|ying)|told|tells?|writes?|wrote|written|reads?|headlines?|news|tweets?|articles?|emails?|system|assistant|somebody|someone|if|unless|when|suppose\w*|imagine|maybe|perhaps|might|joking|kidding|joke|not sure|whether|should)\b"
)
_ASKED_POLITELY = re.compile(r"^(?:please |hey |ok |so )*(?:can|could|would|will) (?:you|we)\b")


def _core(line: str) -> str:
    """The clause without its end mark, words of courtesy, and a reason given before the wish."""
    core = re.sub(r"[\s?!.,]+$", "", line).strip()
    core = _TAIL.sub("", _HEAD.sub("", core)).strip() or core
    stated = _STATED.fullmatch(core)
    # A reason that trades is no reason: "sell my NVDA, treat me as conservative" stays an order.
    return core if stated is None or frame_of(core).sub else stated["wish"]


def read_preference(parsed: Parsed, line: str, whole: str) -> bool:
    """Read `line`, a clause of the canonical message `whole`, as a preference; False where it is none."""
    if len(line) > LONGEST:
        return False
    line = whole if whole == f"no {line}" else line  # "no default size" is no correction of what went before
    core, part, found = "", "", None
    for core in dict.fromkeys(
        (_core(strip_filler(line)), _core(line))
    ):  # "make me a…" is filler, "make me aggressive" not
        part = next((part for pattern, part in SHOWS if pattern.fullmatch(core)), "")
        found = next(((m, build) for pattern, build in CHANGES if (m := pattern.fullmatch(core))), None)
        if part or found is not None:
            break
    if not part and (found is None or ("?" in line and not _ASKED_POLITELY.match(line))):
        return False
    parsed.intent, parsed.sub = "general", "preferences"
    if part or found is None:
        parsed.resolved["part"] = part
        parsed.why.append("asks what is preferred")
        return True
    _take(parsed, found[1](found[0]), found[0], alone=_same(core, whole) or not _reported(whole))
    return True


def _take(parsed: Parsed, body: Body, match: re.Match[str], *, alone: bool) -> None:
    """Keep the change that was read; one that needs a symbol and names none points at what was spoken of."""
    if body.pop("bare", False):
        parsed.resolved["bare_undo"] = True
    needs = {"watchlist": "symbols", "symbols": "symbols", "saved_calls": "symbol"}.get(str(body["kind"]))
    pointing = needs is not None and needs not in body and body.get("action") != "clear"
    if pointing:
        parsed.resolved["pointing"] = match.groupdict().get("it") or "it"
    else:
        try:
            body = cast(Body, CHANGE.dump_python(CHANGE.validate_python(body), mode="json"))
        except ValidationError:
            parsed.bad = f"“{match[0]}” is out of range"
            return
    parsed.resolved["preference"] = body
    parsed.resolved["own_words"] = alone
    parsed.why.append(f"states a preference: {str(body['kind']).replace('_', ' ')}")


def _same(line: str, whole: str) -> bool:
    return line.strip(" .!?,") == whole.strip(" .!?,")


def _reported(whole: str) -> bool:
    """True where the message round a clause quotes, reports or supposes: then the clause is not the person's wish."""
    return bool(_NOT_OWN.search(whole)) or frame_of(whole).kind in ("reported", "third_party", "hypothetical")


def own_offers(text: str, reading: Reading, offers: Sequence[Offer], now: Preferences) -> dict[str, Offer]:
    """The offered changes that the person's own words of this turn ask for, exactly and in full, once each by their text.

    Args:
        text: the turn's raw text; one of several lines may hold what somebody else wrote, and asks for none.
        reading: what it was read as, on its own.
        offers: what tools offered in this turn.
        now: the preferences as the turn began.
    """
    asked = (
        []
        if "\n" in text.strip()
        else [
            CHANGE.validate_python(request.resolved["preference"])
            for request in reading.requests
            if request.resolved.get("own_words")
            and not (request.clarify or request.bad or "pointing" in request.resolved)
        ]
    )
    return {
        offer.text: offer
        for offer in offers
        if offer.act == "set_preference"
        and any(same_wish(wish, CHANGE.validate_json(offer.subject), now) for wish in asked)
    }


def plan(request: Request) -> list[tuple[str, dict[str, object]]]:
    """The tool call that a preference comes to; none where it was not read."""
    part, change = request.resolved.get("part"), request.resolved.get("preference")
    if part:
        return [("get_preferences", {} if part == "all" else {"part": part})]
    if change is None or "pointing" in request.resolved:
        return []
    return [("offer_preference", {"change": change})]


def completed(reading: Reading, preferences: Preferences, *, undoes: bool) -> Reading:
    """The reading with what the conversation and the person's preferences fill in.

    Args:
        reading: what the message says on its own.
        preferences: the person's.
        undoes: whether a bare "undo that" can only mean the last change of preferences.
    """
    requests = tuple(_sized(_pointed(each, reading.context, undoes), preferences) for each in reading.requests)
    if requests == reading.requests:
        return reading
    asked = next((request for request in requests if request.clarify and request.missing), None)
    return replace(reading, requests=requests, context=replace(reading.context, pending=asked))


def _pointed(request: Request, context: Context, undoes: bool) -> Request:
    if request.resolved.get("bare_undo") and not undoes:
        return replace(
            request, clarify=True, question="Undo what? Say “undo my last preference”, or “cancel” and a code."
        )
    word = request.resolved.get("pointing")
    if word is None:
        return request
    body = dict(cast(Mapping[str, object], request.resolved["preference"]))
    several = word in ("them", "these", "those", "both")
    meant = list(context.symbols) if several or len(context.symbols) == 1 else []
    if not meant or (body["kind"] == "saved_calls" and len(meant) > 1):
        what = "the call on which symbol" if body["kind"] == "saved_calls" else "which symbol"
        return replace(
            request, clarify=True, question=f"{what.capitalize()} do you mean? Say it with the symbol, e.g. AAPL."
        )
    body |= {"symbol": meant[0]} if body["kind"] == "saved_calls" else {"symbols": meant}
    resolved = {name: value for name, value in request.resolved.items() if name != "pointing"}
    return replace(request, resolved={**resolved, "preference": body})


_PRICES = {
    "limit": ("limit_price",),
    "stop": ("stop_price",),
    "stop_limit": ("limit_price", "stop_price"),
    "trailing": ("trail",),
}


def _sized(request: Request, preferences: Preferences) -> Request:
    """An order to buy or short that lacks nothing but its size, with the person's default size."""
    size = preferences.default_size
    if size is None or request.sub not in ("buy", "short") or request.missing != ("quantity",):
        return request
    said = request.effective()
    if any(price not in said for price in _PRICES.get(str(said.get("order_type", "")), ())):
        return request
    named: tuple[str, int | Decimal | None] = (
        ("quantity", size.shares) if size.shares is not None
        else ("notional_usd", size.notional_usd) if size.notional_usd is not None
        else ("pct_equity", size.pct_equity)
    )  # fmt: skip
    return replace(
        request,
        clarify=False,
        question="",
        missing=(),
        resolved={**request.resolved, named[0]: named[1], "default_size": size.words},
        why=(*request.why, f"your default size: {size.words}"),
    )
