# ruff: noqa: E501  (a pattern reads better whole)
"""The language's small words: short forms and what they stand for, the domain's vocabulary, acronyms that are no tickers.

Pure data and one loader. Nothing here decides; `text.py` and `symbols.py` do.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def words(text: str) -> tuple[str, ...]:
    """The words of a text, to keep long lists readable."""
    return tuple(text.split())


SHORT_FORMS: dict[str, str] = {
    # contractions, with and without the apostrophe
    "what's": "what is", "whats": "what is", "wats": "what is", "wat's": "what is", "wut": "what", "wat": "what",
    "how's": "how is", "hows": "how is", "where's": "where is", "wheres": "where is", "who's": "who is",
    "that's": "that is", "thats": "that is", "it's": "it is", "there's": "there is", "here's": "here is",
    "i'm": "i am", "im": "i am", "i'd": "i would", "i'll": "i will", "i've": "i have", "ive": "i have",
    "don't": "do not", "dont": "do not", "doesn't": "does not", "doesnt": "does not", "didn't": "did not",
    "didnt": "did not", "won't": "will not", "wont": "will not", "can't": "can not", "cant": "can not",
    "cannot": "can not", "isn't": "is not", "isnt": "is not", "aren't": "are not", "shouldn't": "should not",
    "shouldnt": "should not", "wouldn't": "would not", "wouldnt": "would not", "couldn't": "could not",
    "let's": "let us", "lets": "let us", "you're": "you are", "we're": "we are", "they're": "they are",
    "what're": "what are", "how're": "how are", "why's": "why is", "whys": "why is",
    "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to", "gotta": "have to",
    "u": "you", "ur": "your", "r": "are", "y'all": "you", "ya": "you", "da": "the", "abt": "about", "bout": "about",
    "pls": "please", "plz": "please", "thx": "thanks", "ty": "thanks", "ta": "thanks", "rn": "right now", "asap": "now",
    "tmrw": "tomorrow", "tmr": "tomorrow", "yday": "yesterday", "b4": "before", "bc": "because", "cuz": "because",
    "w/": "with", "w": "with", "w/o": "without", "vs.": "versus", "vs": "versus", "v": "versus",
    # trading shorthand
    "pos": "positions", "posn": "positions", "posns": "positions", "poss": "positions", "px": "price",
    "prc": "price", "qty": "quantity", "avg": "average", "mkt": "market", "lmt": "limit", "lim": "limit", "stp": "stop",
    "stk": "stock", "shs": "shares", "shrs": "shares", "shr": "shares", "sh": "shares", "cts": "contracts",
    "bal": "balance", "bp": "buying power", "p&l": "pnl", "p/l": "pnl", "p&ls": "pnl", "pl": "pnl", "p/n/l": "pnl",
    "p.l": "pnl", "dd": "drawdown", "perf": "performance", "recs": "recommendations", "rec": "recommendation",
    "sigs": "signals", "sig": "signal", "acct": "account", "acc": "account", "pf": "portfolio", "port": "portfolio",
    "opt": "option", "opts": "options", "exp": "expiry", "corr": "correlation", "stdev": "volatility",
    "fwd": "forward", "info": "information", "sl": "stop-loss", "tp": "take-profit", "eod": "end of day", "eoy": "end of year",
    "yr": "year", "yrs": "years", "mo": "month", "mos": "months", "wk": "week", "wks": "weeks", "hrs": "hours",
    "jan.": "jan", "feb.": "feb", "rn?": "right now", "mtm": "pnl", "fcst": "forecast", "vola": "volatility",
    "ema": "moving average", "sma": "moving average", "ma": "moving average", "dma": "day moving average",
    "bps": "basis points", "yolo": "buy", "cop": "buy", "copped": "bought", "flog": "sell", "flogging": "selling", "flogged": "sold", "gtfo": "get out", "wtf": "what", "wdyt": "what do you think",
    "stoploss": "stop-loss", "takeprofit": "take-profit", "stop loss": "stop-loss", "take profit": "take-profit",
    "stop-limit": "stop limit", "good-till-cancelled": "gtc", "good-til-cancelled": "gtc", "moc": "moc",
    "sel": "sell", "sll": "sell", "byu": "buy", "buyy": "buy", "bui": "buy", "hw": "how", "hv": "have", "shld": "should", "cld": "could", "wld": "would", "thru": "through", "til": "until",
    "till": "until", "lookin": "looking", "doin": "doing", "goin": "going", "buyin": "buying", "sellin": "selling",
    "n": "and", "em": "them", "kno": "know", "shd": "should", "shud": "should", "wud": "would", "cud": "could",
    "y": "why", "bot": "bought", "whens": "when is", "whos": "who is", "ill": "i will",
    "alredy": "already", "cxl": "cancel", "cncl": "cancel", "pct": "percent", "prcnt": "percent", "gm": "good morning",
    "oi": "open interest", "tht": "that", "wnt": "want", "dnt": "do not", "gud": "good", "wen": "when",
    "tmw": "tomorrow", "ystd": "yesterday", "hiya": "hello", "gn": "good night",
    "puttin": "putting", "breakin": "breaking", "droppin": "dropping", "gettin": "getting", "movin": "moving",
    "holdin": "holding", "tradin": "trading", "tellin": "telling", "thinkin": "thinking", "comin": "coming",
}  # fmt: skip
"""Lower-case short form to the words it stands for."""

DOMAIN = tuple(words("""
    buy sell short cover close dump purchase trim reduce exit liquidate flatten unload offload acquire
    accumulate price quote bid ask spread last trading chart history historical return returns performance high
    low open volume volatility drawdown correlation momentum moving average sharpe beta theta gamma delta vega
    greeks implied expected open interest rank earnings dividend headline headlines news sentiment bullish
    bearish forecast predict prediction outlook regime market markets compare comparison versus better worse
    strongest weakest signal signals recommendation recommendations recommend idea ideas setup setups analysis
    analyze analyse opinion explain reason reasons reasoning rationale confidence strategy strategies accuracy
    similar position positions portfolio holdings holding balance cash buying power equity account exposure
    profit loss pnl realized unrealized realised unrealised orders order working pending executed filled fills
    sync synchronize reconcile risk riskiest value var stress scenario crash limit limits maximum margin
    concentration sector diversified hedge concentrated contribution what-if afford impact shares share
    contracts contract stock stocks option options call calls put puts strike strikes expiry expiration straddle
    strangle condor calendar collar covered protective secured bull bear credit debit vertical chain stop
    stop-loss take-profit trailing trail target cancel cancelled remove delete withdraw drop change switch mode
    paper live virtual simulated real money today tomorrow yesterday week month quarter year weeks months
    quarters years days session sessions since between january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday recommended
    recommendation size sizing quantity half everything entire whole percent double twice please thanks hello
    morning help health status system working halt resume pause preferences settings currency conservative
    aggressive moderate notify notification what when where which would should could about looking doing going
    happen happened happens think show tell list give instead actually rather again same next advance step
    forward
"""))  # fmt: skip
"""Words a typo may be mended to."""

ACRONYMS = frozenset(words("""
    etf etfs rsi macd ema sma atr adx vwap obv var cvar es gtc day opg moc ioc fok iv hv atm otm itm dte ytd mtd
    qtd yoy qoq pnl usd eur gbp jpy chf eps ceo cfo pe roi roe ipo sec fed fomc cpi gdp ai ok okay api ibkr ib
    tws tft csv json sql llm nyse nasdaq est pst utc am pm faq ath atl hod lod eod eow eom eoy dca fifo lifo hft
    dd tp sl bid ask buy sell asap fyi imo tbh lol omg idk tldr btw rn diy esg reit spac ah bps n/a na max min
    id no yes q1 q2 q3 q4 us uk eu jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur
    thurs fri sat sun intraday premarket nan inf infinity overnight uptrend downtrend backtest ticker tickers
    watchlist vol oco ex hv otc pls thx hi wow etc ie eg vs usa irs tax ira mid
"""))  # fmt: skip
"""Upper-case words that are not unknown tickers, in lower case."""

FUNCTION_WORDS = frozenset(words("""
    a i an the of in on at to for from by with without and or but not no nor so as if then than that this these
    those it its is are was were be been am do does did have has had will would can could shall should may might
    must me my mine we us our you your he she they them their what which who whom whose when where why how all
    any some each every both few more most other another such only own same too very just also now here there
    out up down off over under again once ever never always about into through during before after above below
    between because until while ok okay yes no yeah nope hi hey hello please thanks one two three ten go get got
    see say said tell show give take make let want need like know think look use new old good bad big small day
    open low high all key cost real fast well nice next love life play two
"""))  # fmt: skip
"""English words too common to be a ticker unless written with a dollar sign."""

NUMBER_WORDS: dict[str, int] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
"""Cardinals below a hundred."""

SCALES: dict[str, int] = {"hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000, "dozen": 12}
"""Words that multiply."""


@cache
def english() -> frozenset[str]:
    """Some 35,000 common English words of at most ten letters, lower case (SCOWL level 35, notice beside the file)."""
    return frozenset((files(__package__ or __name__) / "data" / "words.txt").read_text(encoding="ascii").split())
