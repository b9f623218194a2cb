"""The one question to ask back, where an order or a request lacks what only the person can say."""

from __future__ import annotations

from assistant.router.canon import Canon
from assistant.router.lexicon import words
from assistant.router.values import Context, Request

_NEEDS_SYMBOL = frozenset(words("""
    quote history_stat news_sentiment forecast option_chain compare_symbols analyze_symbol explain_signal buy
    sell short close_position option_strategy what_if
"""))  # fmt: skip
_SIZES = ("quantity", "notional_usd", "pct_equity")


def question_for(request: Request, context: Context, canon: Canon, condition: str) -> tuple[str, tuple[str, ...]]:
    """The question and what it asks for; ("", ()) when the request is whole. One question at a time."""
    said = request.effective()
    symbols = _list(said.get("symbols"))
    name = symbols[0] if len(symbols) == 1 else "it"
    if request.bad:
        return "", ()
    if canon.odd and not symbols:
        return f"That symbol has look-alike characters. Which one do you mean — {canon.odd[0]}?", ("symbols",)
    trade = request.intent == "trade_execution"
    for symbol in symbols:
        near = canon.near.get(symbol, ())
        if near and (trade or len(near) > 1):
            return f"I do not know {symbol}. Do you mean {' or '.join(near)}?", ("symbols",)
    if not symbols and request.sub in _NEEDS_SYMBOL:
        return _which_symbol(request, context), ("symbols",)
    if trade and condition:
        return f'I can watch a price, not "{condition}". At which price should it happen, or now?', ("condition",)
    if request.sub == "change_mode" and "mode" not in request.slots:
        return "Which mode: virtual, paper or live?", ("mode",)
    if not trade:
        return _of_reading(request, symbols)
    return _of_order(request, said, symbols, name)


def _of_reading(request: Request, symbols: list[str]) -> tuple[str, tuple[str, ...]]:
    if request.sub == "compare_symbols" and len(symbols) < 2 and request.slots.get("statistic") != "correlation":
        return f"Compare {symbols[0]} with which symbol?", ("symbols",)
    if request.sub == "what_if" and not any(k in request.effective() for k in _SIZES) and "risk" not in request.slots:
        return f"How many shares of {symbols[0]}?", ("quantity",)
    return "", ()


def _of_order(request: Request, said: dict[str, object], symbols: list[str], name: str) -> tuple[str, tuple[str, ...]]:
    sized = any(k in said for k in _SIZES) or request.use_recommended or request.revise
    if request.sub == "option_strategy":
        single = said.get("strategy") in ("long_call", "long_put")
        if single and "strikes" not in said:
            return "Which strike, e.g. at the money or 5% out of the money?", ("strikes",)
        if single and "expiry" not in said:
            return "Which expiry, e.g. next month or 45 days out?", ("expiry",)
        return "", ()
    if request.sub == "buy" and "side" not in said:
        return f"Buy or sell {said.get('quantity', '')} {name}?".replace("  ", " "), ("side",)
    if request.sub in ("buy", "sell", "short") and len(symbols) > 1:
        return f"One at a time: {' or '.join(symbols)}?", ("symbols",)
    if request.sub in ("buy", "sell", "short") and not sized:
        verb = "sell" if request.sub == "sell" else request.sub
        choices = "a number, half or all" if request.sub == "sell" else "a number, or the recommended size"
        return f"How many shares of {name} should I {verb} — {choices}?", ("quantity",)
    kind, prices = said.get("order_type"), said
    if kind in ("limit", "stop_limit") and "limit_price" not in prices:
        return "At which limit price?", ("limit_price",)
    if kind in ("stop", "stop_limit") and "stop_price" not in prices:
        return "At which stop price?", ("stop_price",)
    if kind == "trailing" and "trail" not in prices:
        return "Trail by how much, e.g. 5%?", ("trail",)
    return "", ()


def _which_symbol(request: Request, context: Context) -> str:
    if request.sub in ("sell", "close_position") and context.positions:
        return f"Which position: {', '.join(context.positions[:5])}?"
    choices = context.listed or context.symbols
    hint = f" — {', '.join(choices[:4])}" if choices else ", e.g. AAPL"
    verb = {"buy": "buy", "sell": "sell", "short": "short", "close_position": "close", "option_strategy": "trade"}.get(
        request.sub, "mean"
    )
    return f"Which symbol should I {verb}{hint}?" if verb != "mean" else f"Which symbol do you mean{hint}?"


def _list(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
