# ruff: noqa: E501  (a pattern reads better whole)
"""Reading a message: text and context in, requests and an updated context out. Pure, total and bounded.

The way of a message: `text` cleans and cuts, `canon` writes one canonical line, `clauses` cuts it into requests, `clause`
reads each (how it is meant, its slots, its sub-intent from `judge`), `followups` uses the conversation, `clarify` asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.router.canon import Canon, Canonizer
from assistant.router.clarify import question_for
from assistant.router.clause import TRADES, parse_clause
from assistant.router.clauses import clauses_of
from assistant.router.followups import Said, changed, related
from assistant.router.followups_pointing import completed, pointed, referred, symbols_on, with_symbol
from assistant.router.followups_repairs import mended, term_in, with_term
from assistant.router.followups_words import strip_correction
from assistant.router.judge import Judge, shipped
from assistant.router.lexicon import words
from assistant.router.parsed import Parsed
from assistant.router.symbols import Gazetteer
from assistant.router.text import prepare
from assistant.router.values import Context, OpenTicket, Order, Reading, Request
from brokers.vocabulary import Instrument

__all__ = ["Context", "OpenTicket", "Reader", "Reading", "Request"]

_ABOUT_SYMBOL = frozenset(words("""
    quote history_stat news_sentiment forecast option_chain analyze_symbol explain_signal buy sell short
    close_position option_strategy what_if compare_symbols compare_history
"""))  # fmt: skip
_WAITS = frozenset(("quantity", "limit_price", "stop_price", "trail"))
"""A question about a number outlives a question of the person's own: the number that then comes answers it."""
_ORDERS_KEPT = 8
_TAKES_PRONOUN = re.compile(r"\b(?:it|its|that|this|that one|this one|the stock|the position|them|they)\b")
_AMBIGUOUS = re.compile(r"(?<!implied )(?<!historical )(?<!reali[sz]ed )(?<!hist )(?<!actual )\bvol\b")
_QUESTION_SEAM = re.compile(
    r"( ?,? (?:and |then |but |also )+)(?=(?:tell|show|give|check|list|what|how|why|when|where|is|am|do i)\b)"
)
_CONDITION_DROPPED = re.compile(
    r"\b(?:forget|drop|skip|ignore|never mind|scrap|lose) (?:the |that |any )?(?:condition|signal|trigger)\b"
)


class Reader:
    """Reads messages against one set of instruments. Holds no conversation: the context is passed in and handed back."""

    def __init__(self, instruments: Sequence[Instrument], judge: Judge | None = None) -> None:
        self._canonizer = Canonizer(Gazetteer(instruments))
        self._judge = judge or shipped()

    def read(self, text: str, context: Context, today: date) -> Reading:
        """What `text` asks for on `today`, given what was said before. Never raises, whatever the text.

        At least one request comes back; the context handed back is what the next message should be read with, to which
        the caller adds open tickets, positions and the symbols it listed.
        """
        prepared = prepare(text)
        canon = pointed(_meant(self._canonizer.write(prepared), context), context)
        requests = self._requests(canon, context, today)
        if prepared.cut:
            requests = [_unsaid(request) for request in requests]
        after = replace(_after(context, requests), term=term_in(canon.line) or context.term)
        return Reading(tuple(requests), after, (*prepared.notes, *canon.why))

    def _requests(self, canon: Canon, context: Context, today: date) -> list[Request]:
        line = canon.line
        if not re.search(r"\w", line):
            return [
                Request(
                    "general", "help", clarify=True, question="What would you like to know?", why=("nothing to read",)
                )
            ]
        core, corrected = strip_correction(line)
        said = Said(canon, context, today)
        found = related(said)
        if found is not None:
            return [_asked(found, context, canon, "")]
        clauses = _apart(_without_condition(clauses_of(core if corrected else line), context), said)
        clauses = _pointing_back(clauses)
        revised = next((r for r in (changed(clause, said) for clause in clauses) if r is not None), None)
        if revised is not None and len(clauses) > 1:
            clauses = [clause for clause in clauses if changed(clause, said) is None]
        parsed = [parse_clause(completed(clause, context), canon, today, self._judge) for clause in clauses]
        if revised is None:
            return _resolved(_kept(parsed), canon, context)
        return [_asked(revised, context, canon, ""), *_resolved(_kept(parsed), canon, context)]


def _pointing_back(clauses: list[str]) -> list[str]:
    """Clauses whose "it" is the one symbol named before it in the same message."""
    found: list[str] = []
    spoken = ""
    for clause in clauses:
        named = symbols_on(clause)
        found.append(with_symbol(clause, spoken) if spoken and not named else clause)
        spoken = named[0] if len(named) == 1 else "" if named else spoken
    return found


def _meant(canon: Canon, context: Context) -> Canon:
    """The line without slips of the tongue, and with the kind of order that "one of those" stands for."""
    line = with_term(mended(canon.line), context.term)
    return canon if line == canon.line else replace(canon, line=line, symbols=symbols_on(line))


def _apart(clauses: list[str], said: Said) -> list[str]:
    """A change of the open ticket and the question said in one breath, as two: "make it 30 and tell me my cash"."""
    found: list[str] = []
    for clause in clauses:
        left, seam, right = (*_QUESTION_SEAM.split(clause, maxsplit=1), "", "")[:3]
        both = bool(seam) and changed(left, said) is not None
        found.extend((left, right) if both else (clause,))
    return found


def _without_condition(clauses: list[str], context: Context) -> list[str]:
    """An order that follows "forget the condition" stands for itself; the condition was never more than our question."""
    if context.pending is None or len(clauses) < 2:
        return clauses
    return [clause for clause in clauses if not _CONDITION_DROPPED.search(clause)] or clauses


def _kept(parsed: list[Parsed]) -> list[Parsed]:
    """Refused trades are dropped where something else is asked; a clause that says nothing is dropped beside one that does."""
    some = [p for p in parsed if p.frame.kind != "negated"] or parsed
    telling = [p for p in some if p.sub not in ("greeting", "off_topic")]
    kept = telling or some[:1]
    negated = next((p for p in parsed if p.frame.kind == "negated" and p.frame.sub), None)
    if negated is not None:
        for p in kept:
            if p.sub == "portfolio_risk" and p is not negated:
                p.sub, p.slots = (
                    "what_if",
                    {
                        **negated.slots,
                        **p.slots,
                        "side": "sell" if negated.frame.sub == "close_position" else negated.frame.sub,
                    },
                )
                p.why.append("the risk of the trade that is not wanted yet")
    return kept


def _resolved(parsed: list[Parsed], canon: Canon, context: Context) -> list[Request]:
    requests: list[Request] = []
    shared = [s for p in parsed for s in _list(p.slots.get("symbols"))]
    carried = context.symbols
    for item in parsed:
        request = _request(item, context, canon)
        if item.intent == "general" and item.sub == "greeting" and len(parsed) > 1:
            continue
        if request.sub in _ABOUT_SYMBOL and "symbols" not in request.slots:
            request = _with_symbols(request, item, shared if len(parsed) > 1 else [], carried, context, canon)
        said = _list(request.effective().get("symbols"))
        request = _of_the_forecast(_of_the_chain(request, context), context)
        carried = tuple(said) or carried
        asked = _asked(request, context, canon, item.condition)
        if not any((r.sub, r.slots, r.act) == (asked.sub, asked.slots, asked.act) for r in requests):
            requests.append(asked)
    return requests or [Request("general", "greeting", why=("a greeting",))]


def _unsaid(request: Request) -> Request:
    """A request of a message that was not read to its end: an order may be taken back there, so it asks."""
    if request.intent != "trade_execution" or request.clarify:
        return request
    return replace(request, clarify=True, question="That is too long to take an order from. Say the order by itself.")


def _of_the_forecast(request: Request, context: Context) -> Request:
    """ "how sure are you" after a forecast is about the forecast, not about a signal."""
    if request.sub != "explain_signal" or context.sub != "forecast" or "symbols" in request.slots:
        return request
    return replace(request, resolved={**request.resolved, "about": "forecast"})


def _of_the_chain(request: Request, context: Context) -> Request:
    """A strategy on the chain just looked at is for its expiry, unless another was said."""
    expiry = context.slots.get("expiry") if context.sub == "option_chain" else None
    same = _list(request.effective().get("symbols")) == _list(context.slots.get("symbols"))
    if request.sub != "option_strategy" or expiry is None or "expiry" in request.slots or not same:
        return request
    return replace(request, slots={**request.slots, "expiry": expiry})


def _request(item: Parsed, context: Context, canon: Canon) -> Request:
    intent, sub, why = item.intent, item.sub, list(item.why)
    if item.unwanted:
        return _not_wanted(context, why)
    if canon.odd and intent == "general":
        intent, sub = "market_intelligence", "quote"
        why.append("a word that may be a symbol alone is a quote")
    resolved = dict(item.resolved)
    hypothetical = item.frame.kind == "hypothetical"
    request = Request(
        intent,
        sub,
        dict(item.slots),
        resolved,
        why=tuple(why),
        bad=item.bad,
        act=item.act,
        hypothetical=hypothetical,
        use_recommended=item.use_recommended,
    )
    resting = re.search(r"\b(?:working|resting)\b", item.line)
    return _dropping(request, context) if sub == "cancel_order" and not resting else request


def _not_wanted(context: Context, why: list[str]) -> Request:
    if context.tickets:
        return Request(
            "trade_execution", "cancel_order", ticket=context.tickets[-1].id, why=(*why, "the trade is not wanted")
        )
    return Request(
        "general",
        "help",
        clarify=True,
        question="Nothing is ordered. What would you like instead?",
        why=(*why, "a trade that is not wanted"),
    )


def _dropping(request: Request, context: Context) -> Request:
    ref = str(request.slots.get("order_ref", ""))
    for ticket in context.tickets:
        if ref == ticket.id.upper():
            return replace(request, ticket=ticket.id)
    symbols = _list(request.slots.get("symbols"))
    matching = [t for t in context.tickets if not symbols or t.symbol in symbols]
    return replace(request, ticket=matching[0].id) if len(matching) == 1 and not ref else request


def _with_symbols(
    request: Request, item: Parsed, shared: list[str], carried: tuple[str, ...], context: Context, canon: Canon
) -> Request:
    """Symbols that were not said: pointed at, from the same message, from before, or the only position."""
    if canon.odd:
        return request
    pointed = referred(item.line, context)
    source = "pointed at"
    if not pointed and shared:
        pointed, source = tuple(dict.fromkeys(shared)), "named in the same message"
    if not pointed and carried:
        pointed, source = carried, "from before"
        if len(carried) > 1 and request.sub not in ("compare_symbols", "history_stat", "quote", "news_sentiment"):
            pointed = () if request.intent == "trade_execution" else carried[:1]
    if not pointed and request.sub in ("sell", "close_position") and len(context.positions) == 1:
        pointed, source = context.positions, "the only position"
    if request.sub == "compare_history" and source == "from before" and not _TAKES_PRONOUN.search(item.line):
        return request
    if not pointed:
        return request
    resolved = {**request.resolved, "symbols": list(pointed)}
    return replace(request, resolved=resolved, why=(*request.why, f"{', '.join(pointed)} {source}"))


def _asked(request: Request, context: Context, canon: Canon, condition: str) -> Request:
    if request.act or request.clarify:
        return request
    if (
        _AMBIGUOUS.search(canon.line)
        and "statistic" not in request.slots
        and request.intent in ("market_intelligence", "general")
    ):
        question = "Volume, volatility or implied volatility?"
        said = dict(request.slots)
        return replace(
            request,
            intent="market_intelligence",
            sub="history_stat",
            slots=said,
            clarify=True,
            question=question,
            missing=("meaning",),
        )
    question, missing = question_for(request, context, canon, condition)
    return replace(request, clarify=True, question=question, missing=missing) if question else request


def _after(context: Context, requests: list[Request]) -> Context:
    """The context the next message is read with."""
    traded = any(r.intent == "trade_execution" for r in requests)
    pending = next((r for r in requests if r.clarify and r.missing), None)
    if pending is None and not traded and context.pending is not None and context.pending.missing[0] in _WAITS:
        pending = context.pending
    updated = replace(context, pending=pending, refused=None if traded else context.refused)
    for request in requests:
        if request.intent == "general" or request.sub == "cancel_order":
            continue
        said = request.effective()
        symbols = tuple(_list(said.get("symbols")))
        order = _order(request)
        updated = replace(
            updated, intent=request.intent, sub=request.sub, slots=request.shown(),
            symbols=symbols or updated.symbols, spoken=_spoken(updated.spoken, symbols), side=str(said.get("side", updated.side)), quantity=said.get("quantity", updated.quantity),
            window=str(request.slots.get("window", updated.window)), listed=symbols if len(symbols) > 1 else updated.listed,
            orders=(*updated.orders, order)[-_ORDERS_KEPT:] if request.sub in TRADES and not request.clarify else updated.orders,
        )  # fmt: skip
    return updated


def _spoken(before: tuple[str, ...], symbols: tuple[str, ...]) -> tuple[str, ...]:
    return (*(symbol for symbol in before if symbol not in symbols), *symbols)[-_ORDERS_KEPT:]


def _order(request: Request) -> Order:
    shown = request.shown()
    implied = {k: v for k, v in request.effective().items() if k not in shown}
    return Order(request.sub, shown, implied, request.use_recommended)


def _list(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
