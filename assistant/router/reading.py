# ruff: noqa: E501  (a pattern reads better whole)
"""Reading a message: text and context in, requests and an updated context out. Pure, total and bounded.

The way of a message: `text` cleans and cuts, `canon` writes one canonical line, `clauses` cuts it into requests, `clause`
reads each (how it is meant, its slots, its sub-intent from `cues`), `followups` uses the conversation, `clarify` asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.router.canon import Canon, Canonizer
from assistant.router.clarify import question_for
from assistant.router.clause import parse_clause
from assistant.router.clauses import clauses_of
from assistant.router.followups import answer, follow_up, referred, refuses, revision, strip_correction
from assistant.router.judge import Judge, shipped
from assistant.router.lexicon import words
from assistant.router.parsed import Parsed
from assistant.router.symbols import Gazetteer
from assistant.router.text import prepare
from assistant.router.values import Context, OpenTicket, Reading, Request
from brokers.vocabulary import Instrument

__all__ = ["Context", "OpenTicket", "Reader", "Reading", "Request"]

_ABOUT_SYMBOL = frozenset(words("""
    quote history_stat news_sentiment forecast option_chain analyze_symbol explain_signal buy sell short
    close_position option_strategy what_if compare_symbols compare_history
"""))  # fmt: skip
_TAKES_PRONOUN = re.compile(r"\b(?:it|its|that|this|that one|this one|the stock|the position|them|they)\b")
_AMBIGUOUS = re.compile(r"\bvol\b")


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
        canon = self._canonizer.write(prepared)
        requests = self._requests(canon, context, today)
        return Reading(tuple(requests), _after(context, requests), (*prepared.notes, *canon.why))

    def _requests(self, canon: Canon, context: Context, today: date) -> list[Request]:
        line = canon.line
        if not re.search(r"\w", line):
            return [
                Request(
                    "general", "help", clarify=True, question="What would you like to know?", why=("nothing to read",)
                )
            ]
        single = self._single(line, canon, context, today)
        if single is not None:
            return [_asked(single, context, canon, "")]
        core, corrected = strip_correction(line)
        parsed = [parse_clause(clause, canon, today, self._judge) for clause in clauses_of(core if corrected else line)]
        return _resolved(_kept(parsed), canon, context)

    def _single(self, line: str, canon: Canon, context: Context, today: date) -> Request | None:
        """A message that only makes sense with what went before."""
        if context.pending is not None:
            if refuses(line):
                return Request("trade_execution", "cancel_order", why=("drops the request we asked about",))
            completed = answer(line, canon, context, today)
            if completed is not None:
                return completed
        core, corrected = strip_correction(line)
        if len(clauses_of(core)) > 1:
            return None
        if context.tickets:
            changed = revision(core, corrected, canon, context, today, self._judge)
            if changed is not None:
                return changed
        return follow_up(core, canon, context, today)


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
        carried = tuple(said) or carried
        asked = _asked(request, context, canon, item.condition)
        if not any((r.sub, r.slots, r.act) == (asked.sub, asked.slots, asked.act) for r in requests):
            requests.append(asked)
    return requests or [Request("general", "greeting", why=("a greeting",))]


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
    return _dropping(request, context) if sub == "cancel_order" else request


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
    pending = next((r for r in requests if r.clarify and r.missing), None)
    updated = replace(context, pending=pending)
    for request in requests:
        if request.intent == "general" or request.sub == "cancel_order":
            continue
        said = request.effective()
        symbols = tuple(_list(said.get("symbols")))
        updated = replace(
            updated, intent=request.intent, sub=request.sub, slots=said,
            symbols=symbols or updated.symbols, side=str(said.get("side", updated.side)), quantity=said.get("quantity", updated.quantity),
            window=str(request.slots.get("window", updated.window)), listed=symbols if len(symbols) > 1 else updated.listed,
        )  # fmt: skip
    return updated


def _list(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
