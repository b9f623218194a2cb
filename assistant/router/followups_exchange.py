# ruff: noqa: E501  (a pattern reads better whole)
"""The last request with something exchanged: "and meta?", "same but 50", "past month though", "worst day?", "news", "why?".

A piece without a verb, of nothing but a symbol, a window, a figure or a topic, is never a new subject when something stands
before it: what it names is exchanged, and the rest stays.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.router.canon import Canon
from assistant.router.clause_orders import parse_fragment
from assistant.router.followups_pieces import GLUE
from assistant.router.followups_pointing import symbols_on
from assistant.router.followups_supposed import about_ticket
from assistant.router.followups_words import AGAIN, SMALL, core_of, leftover
from assistant.router.frames import frame_of
from assistant.router.lexicon import words
from assistant.router.parsed import Parsed
from assistant.router.scan import Scan, compiled, number
from assistant.router.slots_dates import expiry_date, take_expiry, take_window, window_dates
from assistant.router.slots_options import take_strikes
from assistant.router.slots_stat import STATISTICS, statistic_in
from assistant.router.values import Context, Request

_INTENTS = {
    **dict.fromkeys(words("history_stat quote news_sentiment forecast regime option_chain compare_symbols"), "market_intelligence"),
    **dict.fromkeys(words("analyze_symbol explain_signal compare_history list_signals"), "signal_analysis"),
    **dict.fromkeys(words("positions cash pnl orders performance"), "portfolio_status"),
    **dict.fromkeys(words("portfolio_risk limits"), "risk_assessment"),
}  # fmt: skip
_FIGURES = {
    "history_stat": "close high_low change return relative_return highest_close lowest_close worst_day up_days moving_average momentum volatility drawdown correlation volume average_volume beta sharpe",
    "option_chain": "implied_vol iv_rank expected_move open_interest greeks theta volume bid_ask",
    "quote": "bid_ask", "positions": "average_cost weight", "pnl": "realized",
    "performance": "win_rate avg_win_loss sharpe drawdown return worst_day",
    "portfolio_risk": "var beta theta greeks concentration sector_exposure risk_contribution margin max_loss drawdown volatility correlation",
    "limits": "daily_loss", "compare_symbols": "return relative_return volatility drawdown correlation momentum volume average_volume beta sharpe change implied_vol",
    "what_if": "var beta margin max_loss concentration weight",
}  # fmt: skip
"""Which figures a request can be about. The first that knows a figure is its home."""
_MINE = re.compile(r"\b(?:my|mine|our|book|portfolio|account)\b")
_TOPICS = {
    "news_sentiment": "news headlines headline sentiment stories articles",
    "forecast": "forecast forecasts outlook prediction predictions projection",
    "quote": "price quote last",
    "option_chain": "chain options",
    "analyze_symbol": "analysis view verdict opinion recommendation setup",
    "explain_signal": "reasons reason reasoning rationale drivers",
    "compare_history": "record",
    "pnl": "pnl profit",
    "cash": "cash buying power balance",
    "positions": "positions holdings",
    "orders": "orders fills",
    "limits": "limits",
    "portfolio_risk": "risk exposure",
    "list_signals": "ideas setups signals",
}
_TOPIC_OF = {word: sub for sub, many in _TOPICS.items() for word in many.split()}
_TOPIC_GLUE = SMALL | frozenset(
    words("my our any some latest current open recent today's show me see check track option")
)
_WHY = re.compile(
    r"^(?:but |and |so |ok |, )*(?:why(?: (?:is that|that|so|not|exactly|do you (?:say|think) (?:that|so|it)|would you (?:say|think) (?:that|so)))?|how (?:come|so)|what makes you (?:say|think) (?:that|so)|(?:on )?what(?: is| are)? (?:the |your )?(?:grounds|reasons?|reasoning|rationale)|based on what|because|says who|for what reasons?|reasons?)(?: (?:tho|though|then|exactly|please))*[ ?.!]*$"
)
_WHICH = re.compile(
    r"\b(?:which|who)(?: (?:one|1|of (?:them|these|those|the (?:two|2))))?(?: of them)? (?:has|had|is|was|did|does|would|looks?|held|fell|rose|moved|paid|gained|lost)\b"
)
_SAME = re.compile(r"\b(?:same|again|repeat|ditto|likewise)\b")
_REPEAT = re.compile(
    r"(?:the )?(?:same|same again|again|do it again|repeat(?: that)?|1 more time|once more|same thing|refresh)"
)
_TAKES_SYMBOLS = frozenset(words("""
    quote history_stat news_sentiment forecast option_chain compare_symbols analyze_symbol explain_signal compare_history pnl positions
    what_if buy sell short close_position option_strategy
"""))  # fmt: skip
_TAKES_WINDOW = frozenset(words("""
    history_stat compare_symbols performance news_sentiment forecast pnl regime orders list_signals compare_history
"""))  # fmt: skip
_TRADES = frozenset(words("buy sell short close_position option_strategy"))
_OF_ORDERS = frozenset(words("quantity notional_usd pct_equity limit_price stop_price trail tif order_type"))
_MORE = re.compile(
    r"(?:(?:tell|give|show) me |i want |let us (?:have|hear) )?(?:a (?:bit|little) |some |any )?(?:more|details?|the details)(?: (?:information|info|details?))? (?:on|about|of) (?:the )?\$([A-Z][A-Z0-9.\-]*)(?: (?:please|then))*"
)
_SUPERLATIVE = re.compile(
    r"\b(?:max(?:imum)?|biggest|largest|deepest|average|annuali[sz]ed|daily|total|overall|current)\b"
)
_GOES_ON = re.compile(r"(?:and |then |ok |, )*(?:now|then|and|also|plus|next|another)\b")
_IF_IT = re.compile(
    r"^(?:what )?if (?:it|that|this|i|we) (?:was|were|is|had|did|made it|used|took|only|just|went (?:for|with))(?: (?:only|just|about))* "
)
_LAST_PRICES = ("limit_price", "stop_price", "stop_loss", "take_profit")


def exchanged(line: str, canon: Canon, context: Context, today: date) -> Request | None:
    """The last request again with what `line` exchanges; None where `line` asks something of its own."""
    if not context.intent or canon.odd:
        return None
    if _WHY.match(line) and context.symbols and context.sub != "help":
        return Request("signal_analysis", "explain_signal", {}, {"symbols": [context.symbols[-1]]}, why=("asks why",))
    core = core_of(line)
    last = dict(context.slots)
    if _WHICH.search(line) and not symbols_on(line) and len(context.listed) > 1 and context.sub == "compare_symbols":
        return _compared(line, context, today)
    if _REPEAT.fullmatch(core):
        return Request(context.intent, context.sub, last, _dates(last, today), why=("the last request again",))
    if (more := _MORE.match(core)) is not None:
        return Request("signal_analysis", "analyze_symbol", {"symbols": [more[1]]}, why=("wants to hear more of it",))
    same = _SAME.search(line) is not None
    if same and not line.rstrip().endswith("?"):
        context = _of_the_order(core, context, canon, today)
    if context.sub in _TRADES or context.sub == "what_if":
        sized = _resized(line, core, same, canon, context, today)
        if sized is not None:
            return sized
    return _figure_or_symbol(core, line, same, context, today)


def _of_the_order(core: str, context: Context, canon: Canon, today: date) -> Context:
    """ "same in goog, 25, cap 136": the last order is meant, though its beta or the news was asked for since."""
    order = about_ticket(context)
    if order is None and context.sub not in _TRADES and context.orders:
        said = parse_fragment(core, canon, today, context.side or "buy").slots
        order = context.orders[-1] if said.keys() & _OF_ORDERS else None
    if order is None:
        return context
    return replace(context, intent="trade_execution", sub=order.sub, slots=dict(order.slots))


def _compared(line: str, context: Context, today: date) -> Request:
    """ "which one has the lower volatility?": the symbols just compared, by another figure."""
    scan = Scan(re.sub(r"\s*[?!.,]+\s*$", "", line), today)
    take_window(scan)
    statistic = statistic_in(scan.line, frozenset(_FIGURES["compare_symbols"].split()))
    slots: dict[str, object] = {**context.slots, "symbols": list(context.listed), **scan.slots}
    if statistic:
        slots["statistic"] = statistic
    return Request(
        "market_intelligence", "compare_symbols", slots, _dates(slots, today), why=("which of those compared",)
    )


def _resized(line: str, core: str, same: bool, canon: Canon, context: Context, today: date) -> Request | None:
    """ "same but 50", "and with 20 of netflix?", "now the same for meta": the last trade, real or supposed, changed."""
    last = dict(context.slots)
    supposed = context.sub == "what_if"
    lead = re.match(r"(?:and|or|but|what about|how about|make it|make that|try|with|for|say|now)\b", line)
    ordered = frame_of(core).kind == "order" and frame_of(core).sub not in ("", "unsided")
    lead = lead or (
        supposed
        and not ordered
        and re.match(r"(?:\d|only\b|just\b|half\b|double\b|twice\b|all\b|if\b|what if\b)", core)
    )
    goes_on = not same and context.sub in ("buy", "sell", "short") and _GOES_ON.match(line) is not None and not ordered
    if not (same or lead or goes_on) or (
        not (same or supposed or goes_on) and not re.match(r"(?:make|try|with|how about)", line)
    ):
        return None
    if re.match(r"(?:what|how) (?!about)|why|who|when|where", core):
        return None
    statistic = statistic_in(core) if supposed else ""
    core = _IF_IT.sub("", core) if supposed else core
    piece = re.sub(r"^(?:what about|how about)? ?(?:for|with|on|of) (?=\d)|^(?:what about|how about) ", "", core)
    parsed = parse_fragment(piece, canon, today, str(last.get("side", "buy")))
    if not (parsed.slots or parsed.bad) or leftover(_without(parsed.rest, statistic), GLUE | AGAIN):
        return None
    if goes_on:
        return _next_order(parsed, context)
    slots = dict(last)
    if parsed.slots.keys() & {"quantity", "notional_usd", "pct_equity"}:
        slots = {k: v for k, v in slots.items() if k not in ("quantity", "notional_usd", "pct_equity")}
    if "symbols" in parsed.slots and parsed.slots["symbols"] != last.get("symbols"):
        slots = {k: v for k, v in slots.items() if k not in _LAST_PRICES}
    slots.update(parsed.slots)
    if statistic in _FIGURES["what_if"].split():
        slots["statistic"] = statistic
    return Request(
        context.intent, context.sub, slots, bad=parsed.bad, why=(f"the last request ({context.sub}) again, changed",)
    )


def _next_order(parsed: Parsed, context: Context) -> Request | None:
    """ "now 12 of goog", right after an order, is another on the same side; of the last one's prices it takes none."""
    if not ("symbols" in parsed.slots and parsed.slots.keys() & {"quantity", "notional_usd", "pct_equity"}):
        return None
    slots = {**parsed.slots, "side": context.sub}
    return Request(context.intent, context.sub, slots, bad=parsed.bad, why=("another order on the same side",))


def _figure_or_symbol(core: str, line: str, same: bool, context: Context, today: date) -> Request | None:
    """A piece of nothing but symbols, a window, a figure or a topic."""
    frame = frame_of(core)
    if frame.kind == "order" and frame.sub:
        return None
    scan = Scan(re.sub(r"\s*[?!.,]+\s*$", "", line), today)
    symbols = symbols_on(scan.line)
    mine = _MINE.search(scan.line) is not None
    if context.sub == "option_chain":
        _contract(scan)
    else:
        take_window(scan)
    statistic = statistic_in(scan.line) or statistic_in(line)
    if statistic and context.sub != "option_chain" and statistic in _FIGURES["option_chain"].split():
        _contract(scan)
    rest = leftover(_without(scan.line, statistic), AGAIN if same else SMALL | {"my", "book", "portfolio", "account"})
    topic = _topic(rest)
    if rest and not topic:
        return None
    if topic and statistic and not mine:
        return None
    if topic:
        return _on_topic(topic, symbols, scan, context, today)
    if statistic:
        return _of_figure(statistic, symbols, mine, scan, context, today)
    if not (symbols or scan.slots):
        return None
    if context.sub in _TRADES:
        return _bare_symbol(symbols, scan) if re.match(r"(?:and|what about|how about)\b", line) else None
    return _with(context, symbols, scan, today)


def _contract(scan: Scan) -> None:
    """Strikes and expiries of a chain; a bare number is a strike."""
    take_expiry(scan)
    take_strikes(scan)
    if "strikes" not in scan.slots:
        bare = scan.take(r"\b(?:on |at |for )?(?:the )?(?P<n>\d+(?:\.\d+)?)(?: ?s| strikes?)?(?=$| )", "strike")
        if bare is not None:
            scan.slots["strikes"] = [number(bare["n"])]


def _without(line: str, statistic: str) -> str:
    """The line without the words that name the figure."""
    pattern = dict(STATISTICS).get(statistic)
    return line if pattern is None else _SUPERLATIVE.sub(" ", compiled(pattern).sub(" ", line))


def _topic(rest: list[str]) -> str:
    found = [_TOPIC_OF[word] for word in rest if word in _TOPIC_OF]
    others = [word for word in rest if word not in _TOPIC_OF and word not in _TOPIC_GLUE]
    return found[0] if found and not others and len(set(found)) == 1 else ""


def _on_topic(sub: str, symbols: list[str], scan: Scan, context: Context, today: date) -> Request | None:
    slots: dict[str, object] = {}
    if sub in _TAKES_WINDOW and "window" in scan.slots:
        slots["window"] = scan.slots["window"]
    resolved = _dates(slots, today)
    if symbols and sub in _TAKES_SYMBOLS:
        slots["symbols"] = symbols
    elif sub in _TAKES_SYMBOLS and sub not in ("pnl", "positions"):
        if not context.symbols:
            return None
        resolved["symbols"] = list(context.symbols)
    return Request(
        _INTENTS[sub], sub, slots, resolved, why=(f"asks for the {sub.replace('_', ' ')} of what was spoken of",)
    )


def _of_figure(
    statistic: str, symbols: list[str], mine: bool, scan: Scan, context: Context, today: date
) -> Request | None:
    """Another figure: of the same request where it knows the figure, else of the one that does."""
    sub = _home(statistic, context, mine=mine, named=bool(symbols))
    if not sub:
        return None
    if sub in _TAKES_SYMBOLS and sub != "positions" and not symbols and not context.symbols:
        return None
    slots: dict[str, object] = {}
    if sub in _TAKES_SYMBOLS:
        slots["symbols"] = symbols or list(context.symbols)
        if not slots["symbols"]:
            del slots["symbols"]
    if sub == context.sub or (sub in _TAKES_WINDOW and context.sub in ("compare_symbols", "history_stat")):
        slots = {**_kept(dict(context.slots), sub), **slots}
    if statistic in ("correlation", "relative_return") and len(symbols) == 1 and context.symbols:
        slots["symbols"] = list(dict.fromkeys((context.symbols[-1], *symbols)))
    slots = {**slots, **scan.slots, "statistic": statistic}
    return Request(
        _INTENTS.get(sub, context.intent), sub, slots, _dates(slots, today), why=(f"another figure: {statistic}",)
    )


def _home(statistic: str, context: Context, *, mine: bool, named: bool) -> str:
    homes = [
        sub for sub, many in _FIGURES.items() if statistic in many.split() and sub not in ("what_if", "compare_symbols")
    ]
    portfolio = [sub for sub in homes if sub in ("portfolio_risk", "performance", "limits")]
    if mine and portfolio:
        return context.sub if context.sub in portfolio else portfolio[0]
    if statistic in _FIGURES.get(context.sub, "").split() and not (
        named and context.sub in ("portfolio_risk", "performance")
    ):
        return context.sub
    return homes[0] if homes else ""


def _kept(last: dict[str, object], sub: str) -> dict[str, object]:
    allowed = ["symbols", "side", "quantity", *(["window"] if sub in _TAKES_WINDOW else [])]
    allowed += ["expiry", "strikes"] if sub == "option_chain" else []
    return {k: v for k, v in last.items() if k in allowed}


def _bare_symbol(symbols: list[str], scan: Scan) -> Request | None:
    """ "and meta?" after an order asks for its price: it is no order for META."""
    if not symbols or scan.slots:
        return None
    return Request(
        "market_intelligence", "quote", {"symbols": symbols}, why=("a symbol alone after an order is a quote",)
    )


def _with(context: Context, symbols: list[str], scan: Scan, today: date) -> Request:
    """The last request with another symbol or window."""
    last = dict(context.slots)
    intent, sub = context.intent, context.sub
    if symbols and sub == "compare_symbols" and len(symbols) == 1:
        symbols = [*[s for s in _listed(last) if s not in symbols][:1], *symbols]
    if symbols and sub == "list_signals":
        intent, sub, last = "signal_analysis", "analyze_symbol", {}
    elif symbols and sub not in _TAKES_SYMBOLS:
        intent, sub, last = "market_intelligence", "quote", {}
    if "window" in scan.slots and sub in ("quote", "analyze_symbol", "explain_signal"):
        intent, sub, last = "market_intelligence", "history_stat", {k: v for k, v in last.items() if k == "symbols"}
        if not symbols and "symbols" not in last:
            last["symbols"] = list(context.symbols)
    slots = {**last, **scan.slots, **({"symbols": symbols} if symbols else {})}
    return Request(
        intent, sub, slots, _dates(slots, today), why=(f"the last request ({context.sub}) with something exchanged",)
    )


def _dates(slots: dict[str, object], today: date) -> dict[str, object]:
    """The dates that a window and an expiry in words stand for."""
    found: dict[str, object] = {}
    window = slots.get("window")
    if isinstance(window, str) and (dates := window_dates(window, today)) is not None:
        found["window"] = [dates[0].isoformat(), dates[1].isoformat()]
    expiry = slots.get("expiry")
    if isinstance(expiry, str) and (day := expiry_date(expiry, today)) is not None:
        found["expiry"] = day.isoformat()
    return found


def _listed(slots: dict[str, object]) -> list[str]:
    value = slots.get("symbols")
    return [str(v) for v in value] if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
