# ruff: noqa: E501  (a pattern reads better whole)
"""The gazetteer: tickers, company names and what people call them, with careful near misses.

An unknown ticker stays what it is so that a tool can refuse it. Ordinary English words never become symbols by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.router.lexicon import DOMAIN, FUNCTION_WORDS, english, words
from brokers.vocabulary import Instrument

WELL_KNOWN: Mapping[str, tuple[str, ...]] = {
    "AAPL": ("apple", "appl", "aple"), "MSFT": ("microsoft", "msoft", "micro soft", "mister softy"),
    "GOOG": ("google", "alphabet", "googl", "goog"), "AMZN": ("amazon", "amzon", "amazn"),
    "META": ("facebook", "meta platforms", "instagram", "fb"), "NVDA": ("nvidia", "nvda", "envidia", "nvdia", "nvidea"),
    "NFLX": ("netflix", "net flix"), "TSLA": ("tesla",), "IBM": ("international business machines", "big blue"),
    "SPY": ("s&p 500 etf", "s&p", "s&p 500", "s&p500", "sp500", "sp 500", "spx", "the spiders"),
    "QQQ": ("nasdaq 100", "nasdaq-100", "the qs", "nasdaq"), "IWM": ("russell 2000", "russell", "small caps"),
    "DIA": ("dow jones", "the dow", "djia"), "BAC": ("bank of america", "bofa"), "AIG": ("american international group",),
    "JPM": ("jpmorgan", "jp morgan", "jpmorgan chase", "j.p. morgan"), "WMT": ("walmart", "wal-mart"), "DIS": ("disney", "walt disney"),
    "XOM": ("exxon", "exxon mobil", "exxonmobil"), "CVX": ("chevron",), "KO": ("coca cola", "coca-cola", "coke"),
    "PEP": ("pepsi", "pepsico"), "JNJ": ("johnson & johnson", "johnson and johnson", "j&j"), "PFE": ("pfizer",),
    "MRK": ("merck",), "LLY": ("eli lilly", "lilly"), "UNH": ("unitedhealth", "united health"), "PG": ("procter & gamble", "procter and gamble", "p&g"),
    "HD": ("home depot",), "BBY": ("best buy",), "GE": ("general electric",), "AMD": ("advanced micro devices",), "INTC": ("intel",),
    "RRC": ("range resources",), "CSCO": ("cisco",), "ORCL": ("oracle",), "CRM": ("salesforce",), "ADBE": ("adobe",),
    "PYPL": ("paypal",), "BA": ("boeing",), "F": ("ford motor", "ford"), "GM": ("general motors",), "BRK.B": ("berkshire", "berkshire hathaway"),
    "V": ("visa inc",), "MA": ("mastercard",), "NKE": ("nike",), "SBUX": ("starbucks",), "MCD": ("mcdonalds", "mcdonald's"), "T": ("at&t",),
    "VZ": ("verizon",), "GME": ("gamestop", "game stop"), "PLTR": ("palantir",), "UBER": ("uber",), "COIN": ("coinbase",), "BABA": ("alibaba",),
}  # fmt: skip
"""Names that people use for large companies and index funds; the market's own names and aliases are added to these."""

_LEGAL = re.compile(
    r"\b(incorporated|inc|corp|corporation|company|co|ltd|limited|plc|platforms|holdings?|group|n\.?v|s\.?a|class [a-c]|"
    r"common stock|\.com|the|trust|etf|motors?|stores?)\b\.?"
)
_SAME = {"FB": "META", "META": "FB", "GOOG": "GOOGL", "GOOGL": "GOOG", "BRK.B": "BRK-B", "BRK-B": "BRK.B"}
"""Tickers that stand for one another where a market knows only one of them."""

_TICKER_FIRST = frozenset(words("spy meta gme qqq"))
"""Well-known tickers that are also words and that people who trade nearly always mean as tickers."""

_EVERYDAY = frozenset(words("""
    target gap block match best general chase square unity snap box chart rocket shell visa unit
"""))  # fmt: skip
"""One-word company names that are far more often plain words; their tickers or full names are needed."""


@dataclass(frozen=True)
class Near:
    """Known tickers or names one slip away from a word."""

    symbols: tuple[str, ...]
    how: str


class Gazetteer:
    """Looks up what a word or phrase names."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self.known: frozenset[str] = frozenset(i.symbol.upper() for i in instruments)
        self._names: dict[str, str] = {}
        for symbol, names in WELL_KNOWN.items():
            target = self._canonical(symbol)
            for name in names:
                self._names[name] = target
        for instrument in instruments:
            for name in (instrument.name, *instrument.aliases):
                self._add_name(name, instrument.symbol.upper())
        for symbol in self.known:
            self._names.pop(symbol.lower(), None)
        self._by_length = max((len(name.split()) for name in self._names), default=1)
        self._fuzzy_names = [
            n for n, s in self._names.items()
            if len(n) >= 5 and " " not in n and (n not in english() or (s in self.known and n not in _EVERYDAY))
        ]  # fmt: skip
        self._fuzzy_tickers = sorted(s for s in self.known if len(s) >= 3)

    def _canonical(self, symbol: str) -> str:
        other = _SAME.get(symbol, "")
        return other if symbol not in self.known and other in self.known else symbol

    def _add_name(self, name: str, symbol: str) -> None:
        full = " ".join(name.lower().replace(",", " ").replace(".com", "").split()).strip(" .")
        short = " ".join(_LEGAL.sub(" ", full).replace(".", " ").split())
        for form in (full, short):
            single = " " not in form
            if len(form) < 2 or (single and (form in _EVERYDAY or form in FUNCTION_WORDS or form in DOMAIN)):
                continue
            if form.upper() in self.known and form.upper() != symbol:
                continue
            self._names.setdefault(form, symbol) if form in self._names else self._names.update({form: symbol})

    @property
    def longest_name(self) -> int:
        """Words in the longest name, to bound a search."""
        return min(self._by_length, 5)

    def name(self, phrase: str) -> str | None:
        """The symbol a company name or alias (lower case, single spaces) stands for."""
        for form in (
            phrase,
            phrase.removesuffix("'s"),
            phrase.replace("'", ""),
            phrase.removesuffix("s") if len(phrase) > 5 else phrase,
        ):
            if form in self._names:
                return self._names[form]
        return None

    def ticker(self, word: str) -> str | None:
        """The known symbol that `word` spells (any case), or None."""
        symbol = word.upper()
        if symbol in self.known:
            return symbol
        if symbol.replace("/", ".") in self.known:
            return symbol.replace("/", ".")
        if symbol in WELL_KNOWN and len(symbol) >= 3 and (word.isupper() or self._plainly_ticker(word.lower())):
            return self._canonical(symbol)
        other = _SAME.get(symbol, "")
        return other if other in self.known else None

    @staticmethod
    def _plainly_ticker(word: str) -> bool:
        return word in _TICKER_FIRST or (word not in english() and word not in DOMAIN)

    def always(self, word: str) -> bool:
        """True for a ticker that needs no other sign of being one, although it is a word too."""
        return word in _TICKER_FIRST

    def near_name(self, word: str) -> str | None:
        """The company a misspelt lower-case word most likely names; None when far, short or an English word."""
        if len(word) < 5 or word in english():
            return None
        allowed = 1 if len(word) < 7 else 2
        found = process.extract(word, self._fuzzy_names, scorer=OSA.distance, score_cutoff=allowed, limit=3)
        best = {self._names[name] for name, distance, _ in found if distance == found[0][1]}
        return best.pop() if len(best) == 1 else None

    def near_tickers(self, word: str) -> tuple[str, ...]:
        """Known tickers one slip (a letter more, less, other or swapped) from `word`, nearest kind first."""
        symbol = word.upper()
        if not 3 <= len(symbol) <= 6:
            return ()
        found = process.extract(symbol, self._fuzzy_tickers, scorer=OSA.distance, score_cutoff=1, limit=4)
        return tuple(sorted(t for t, _, _ in found))
