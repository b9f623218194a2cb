"""The offline router as a pydantic-ai model: what was read becomes tool calls, what came back becomes plain sentences.

It goes through the very same run, tools and wrappers as a language model; it only chooses without one.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import cast

from pydantic import BaseModel
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from assistant.phrasing import phrase
from assistant.router.preferences import UNREAD
from assistant.router.preferences import plan as preference_plan
from assistant.router.values import Reading, Request
from tools.market.horizons import looks_back

Call = tuple[str, dict[str, object]]
"""A tool's name and its arguments."""

NAME = "router"

NOT_YET = {
    "option_chain": "Option chains are not part of this version.",
    "option_strategy": "Option strategies are not part of this version; stock orders are.",
    "off_topic": "That is outside what a trading desk can answer. Ask about symbols, signals, your book or an order.",
    "greeting": "Hello. Ask about a symbol, your positions or your risk, or say what you would like to trade.",
    "preferences": UNREAD,
}
"""What is said where no tool exists: said plainly instead of answered badly."""


def router_model(reading: Reading) -> FunctionModel:
    """The router for one turn that was read already."""
    calls, said = planned(reading)

    async def stream(messages: list[ModelMessage], _: AgentInfo) -> AsyncIterator[str | DeltaToolCalls]:
        returned = _returned(messages)
        if calls and not returned:
            yield {
                index: DeltaToolCall(name=name, json_args=json.dumps(args), tool_call_id=f"router-{index}")
                for index, (name, args) in enumerate(calls)
            }
            return
        for piece in _pieces(returned, said):
            yield piece

    def whole(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        returned = _returned(messages)
        if calls and not returned:
            return ModelResponse(
                parts=[ToolCallPart(name, args, tool_call_id=f"router-{i}") for i, (name, args) in enumerate(calls)]
            )
        return ModelResponse(parts=[TextPart("".join(_pieces(returned, said)))])

    return FunctionModel(whole, stream_function=stream, model_name=NAME)


def _returned(messages: list[ModelMessage]) -> list[tuple[str, object]]:
    last = messages[-1]
    if not isinstance(last, ModelRequest):
        return []
    found: list[tuple[str, object]] = []
    for part in last.parts:
        if isinstance(part, ToolReturnPart):
            found.append((part.tool_name, part.content))
        elif part.part_kind == "retry-prompt":
            found.append((part.tool_name or "", "I can't use one of those numbers or words. Say it another way."))
    return found


def _pieces(returned: list[tuple[str, object]], said: list[str]) -> list[str]:
    """The answer, a paragraph at a time: what needed no tool first, then what each tool returned."""
    paragraphs = [*said]
    paragraphs += [phrase(value) if isinstance(value, BaseModel) else str(value) for _, value in returned]
    full = [paragraph for paragraph in paragraphs if paragraph]
    if not full and returned:
        return [" "]  # an offered act: the conversation says what came of it
    if not full:
        full = ["I could not read what to do. Ask “what can you do?” for examples."]
    return [paragraph if index == 0 else f"\n\n{paragraph}" for index, paragraph in enumerate(full)]


def planned(reading: Reading) -> tuple[list[Call], list[str]]:
    """The tool calls a reading asks for, in order, and what is said without one."""
    calls: list[Call] = []
    said: list[str] = []
    for request in reading.requests:
        if request.clarify:
            said.append(request.question)
            continue
        if request.act == "resume":
            said.append("Trading is resumed outside chat only, on purpose: run `deskmate resume`.")
            continue
        if request.bad:
            said.append(f"I can't use that: {request.bad}.")
            continue
        if "default_size" in request.resolved:
            said.append(f"No size was said, so this is for your default size: {request.resolved['default_size']}.")
        calls.extend(call for call in _plan(request) if call not in calls)
        if not _plan(request):
            said.append(NOT_YET.get(request.sub, "That is not part of this version."))
    return calls, said


def _plan(request: Request) -> list[Call]:
    if request.act:
        return _act(request)
    plan = _PLANS.get(request.sub)
    return plan(request) if plan is not None else []


def _symbols(request: Request) -> list[str]:
    found = cast("list[str]", request.slots.get("symbols") or request.resolved.get("symbols") or [])
    return [str(symbol) for symbol in found]


def _each(tool: str) -> Callable[[Request], list[Call]]:
    """One call for every symbol named."""
    return lambda request: [(tool, {"symbol": symbol}) for symbol in _symbols(request)]


def _plain(tool: str, **fixed: object) -> Callable[[Request], list[Call]]:
    """One call without arguments of the person's."""
    return lambda _: [(tool, dict(fixed))]


def _quotes(request: Request) -> list[Call]:
    return [("get_quotes", {"symbols": _symbols(request)})]


def _window(request: Request) -> dict[str, object]:
    """The window: its resolved dates, which a follow-up inherits too, else the words."""
    window = request.resolved.get("window")
    if isinstance(window, list | tuple):
        start, end = cast("list[str]", window)
        return {"window": f"{start} to {end}"}
    words = request.slots.get("window")
    return {} if words is None else {"window": str(words)}


def _statistic(request: Request) -> list[Call]:
    statistic = request.slots.get("statistic") or request.resolved.get("statistic") or "return"
    symbols = _symbols(request)
    if statistic in ("correlation", "relative_return") and len(symbols) > 1:
        return [
            ("get_statistic", {"symbol": symbols[0], "statistic": statistic, "other": symbols[1], **_window(request)})
        ]
    return [("get_statistic", {"symbol": symbol, "statistic": statistic, **_window(request)}) for symbol in symbols]


def _explanation(request: Request) -> list[Call]:
    """Why a signal says what it says; after a forecast, the forecast with its own record."""
    if request.resolved.get("about") == "forecast":
        return _forecast(request)
    return _each("signal_flips" if request.resolved.get("about") == "change" else "explain_signal")(request)


def _analysis(request: Request) -> list[Call]:
    """One signal a symbol, held against the option strategy that was named."""
    strategy = _said(request, "strategy")
    more = {} if strategy is None else {"strategy": str(strategy)}
    return [("analyze_symbol", {"symbol": symbol, **more}) for symbol in _symbols(request)]


def _record(request: Request) -> list[Call]:
    """How calls did, those of a symbol, those the person was shown, or all; or what a source of evidence is worth."""
    if request.resolved.get("about") == "shown":
        return [("shown_record", {})]
    if request.resolved.get("about") == "sources":
        source = request.resolved.get("source")
        return [("signal_sources", {} if source is None else {"source": source})]
    return _each("signal_record")(request) or [("signal_record", {})]


def _forecast(request: Request) -> list[Call]:
    """One forecast a symbol; the horizon stays in the person's words: it lies ahead, a window behind."""
    words = str(request.slots.get("window") or "")
    horizon = {"horizon": words} if words and not looks_back(words) else {}
    return [("get_forecast", {"symbol": symbol, **horizon}) for symbol in _symbols(request)]


def _news(request: Request) -> list[Call]:
    return [("get_news", {"symbol": symbol, **_window(request)}) for symbol in _symbols(request)]


def _compare(request: Request) -> list[Call]:
    return [("compare_symbols", {"symbols": _symbols(request), **_window(request)})]


def _what_if(request: Request) -> list[Call]:
    symbols = _symbols(request)
    if not symbols:
        return [("get_risk", {})]
    args: dict[str, object] = {"symbol": symbols[0], "side": _said(request, "side") or "buy"}
    quantity = _said(request, "quantity")
    return [("what_if", args if quantity is None else {**args, "quantity": str(quantity)})]


def _said(request: Request, slot: str) -> object:
    """A slot as said, else as inherited."""
    found = request.slots.get(slot)
    return request.resolved.get(slot) if found is None else found


_ORDER_SLOTS = {
    "notional_usd": "notional",
    "pct_equity": "percent_of_equity",
    "order_type": "order_type",
    "limit_price": "limit_price",
    "stop_price": "stop_price",
    "tif": "tif",
    "take_profit": "take_profit",
    "stop_loss": "stop_loss",
}


def _order_args(request: Request) -> dict[str, object]:
    args: dict[str, object] = {}
    for slot, name in _ORDER_SLOTS.items():
        value = _said(request, slot)
        if value is not None:
            args[name] = str(value)
    trail = _said(request, "trail")
    if trail is not None:
        text = str(trail)
        args["trail_percent" if text.endswith("%") else "trail"] = text.rstrip("%")
    quantity = _said(request, "quantity")
    if request.use_recommended:
        args["quantity"] = "recommended"
    elif quantity is not None and "notional" not in args and "percent_of_equity" not in args:
        args["quantity"] = str(quantity)
    return args


def _order(request: Request) -> list[Call]:
    if request.revise:
        args = _order_args(request)
        side = request.slots.get("side")
        changed = {"symbol": str(symbols[0])} if (symbols := _symbols(request)) and "symbols" in request.slots else {}
        return [
            ("revise_order", {"ticket": request.ticket, **changed, **args, **({} if side is None else {"side": side})})
        ]
    side = "close" if request.sub == "close_position" else str(_said(request, "side") or request.sub)
    return [("propose_order", {"symbol": symbol, "side": side, **_order_args(request)}) for symbol in _symbols(request)]


def _cancel(request: Request) -> list[Call]:
    return [("offer_cancel", {"ticket": str(request.slots.get("order_ref") or "")})]


def _mode(request: Request) -> list[Call]:
    return [("offer_mode", {"mode": str(request.slots.get("mode") or "virtual")})]


def _act(request: Request) -> list[Call]:
    if request.act == "next_day":
        return [("offer_next_session", {"sessions": request.resolved.get("sessions", 1)})]
    if request.act == "halt":
        return [("offer_halt", {})]
    return []


def _help(request: Request) -> list[Call]:
    return [("help", {"topic": " ".join(_symbols(request)) or ""})]


_PLANS: dict[str, Callable[[Request], list[Call]]] = {
    "list_signals": _plain("list_signals"),
    "analyze_symbol": _analysis,
    "explain_signal": _explanation,
    "compare_history": _record,
    "quote": _quotes,
    "history_stat": _statistic,
    "forecast": _forecast,
    "news_sentiment": _news,
    "regime": _each("get_regime"),
    "compare_symbols": _compare,
    "positions": _plain("get_positions"),
    "cash": _plain("get_cash"),
    "pnl": _plain("get_pnl"),
    "orders": _plain("list_orders"),
    "performance": _plain("get_performance"),
    "sync": _plain("sync_books"),
    "portfolio_risk": _plain("get_risk"),
    "what_if": _what_if,
    "limits": _plain("get_limits"),
    "stress": _plain("stress_test"),
    "buy": _order,
    "sell": _order,
    "short": _order,
    "close_position": _order,
    "cancel_order": _cancel,
    "change_mode": _mode,
    "help": _help,
    "health": _plain("health"),
    "preferences": preference_plan,
}
"""Sub-intent → the tool calls it means. A sub-intent that is missing here is answered from `NOT_YET`."""
