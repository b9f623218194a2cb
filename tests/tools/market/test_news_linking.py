"""Headlines are linked to companies, not to fruit, forests, price targets or gaps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brokers.feeds.sample.read import read_sample, read_sample_news
from brokers.vocabulary import Instrument
from tests.support.news import told
from tools.market.news_linking import Linker

OTHERS = (
    Instrument(symbol="TGT", name="Target Corporation", aliases=("Target",)),
    Instrument(symbol="GPS", name="The Gap, Inc."),
    Instrument(symbol="V", name="Visa Inc."),
    Instrument(symbol="IT", name="Gartner, Inc."),
    Instrument(symbol="BRK.B", name="Berkshire Hathaway Inc. (class B)"),
)


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker([*read_sample().instruments, *OTHERS])


@pytest.mark.parametrize(
    ("headline", "symbols"),
    [
        ("Apple unveils new headset", "AAPL"),
        ("Apple's stores in the Big Apple", "AAPL"),
        ("APPLE SHARES JUMP ON EARNINGS", "AAPL"),
        ("Amazon to open warehouse in Brazil", "AMZN"),
        ("Meta-owned app adds channels", "META"),
        ("Facebook parent Meta Platforms sued", "META"),
        ("Alphabet (NASDAQ: GOOG) reports", "GOOG"),
        ("google fined in europe", "GOOG"),
        ("$nvda to the moon", "NVDA"),
        ("NVDA, AAPL lead tech rally", "NVDA AAPL"),
        ("Price Target Raised for Nvidia to $500", "NVDA"),
        ("Target beats estimates as shoppers return", "TGT"),
        ("Retailers Target, Walmart fall after downgrade", "TGT"),
        ("Gap shares jump on turnaround", "GPS"),
        ("Visa to buy fintech firm", "V"),
        ("IT spending to grow, Gartner says", "IT"),
        ("Berkshire Hathaway trims stake in Apple", "BRK.B AAPL"),
        ("Apple, Nvidia gain; Amazon and Netflix flat", "AAPL NVDA AMZN NFLX"),
    ],
)
def test_companies_are_found(linker: Linker, headline: str, symbols: str) -> None:
    """By ticker, by name, by former name, whatever the capitals."""
    assert [hit.symbol for hit in linker.found(headline)] == symbols.split()


@pytest.mark.parametrize(
    "headline",
    [
        "Apple pie sales rise before Thanksgiving",
        "Grandma's apple pie wins",
        "Apple prices fall as orchards overflow",
        "Apple Hospitality REIT declares dividend",
        "Amazon rainforest fires worsen",
        "Fires spread across the Amazon in Brazil",
        "A meta-analysis of diet studies",
        "Meta analysis finds link",
        "Fed misses inflation target",
        "Target hit as rates rise",
        "Target Price Cut",
        "Gap widens between rich and poor",
        "THE GAP BETWEEN RICH AND POOR",
        "Mind the Gap: bonds and stocks diverge",
        "Gender pay gap narrows",
        "Visa application backlog grows",
        "US visa rules change",
        "IT spending to grow",
        "Growth gap (IT) stays",
        "alphabet soup recalled",
        "How to google your symptoms",
        "Pineapple juice",
        "",
    ],
)
def test_words_that_are_names_elsewhere_are_not(linker: Linker, headline: str) -> None:
    """In doubt nothing is linked: another company's news would be worse than none."""
    assert linker.found(headline) == []


def test_relevance_is_what_the_headline_is_about(linker: Linker) -> None:
    """The subject counts whole, a second name less, a mere tag or mention in the text less again; a round-up half."""
    item = told("Apple sues Nvidia", symbols=("META",), body="Amazon was not asked.").item
    assert {one.symbol: one.relevance for one in linker.mentions(item)} == {
        "AAPL": 0.5, "NVDA": 0.4, "META": 0.3, "AMZN": 0.2,
    }  # fmt: skip
    (only,) = linker.mentions(told("Shares slip", symbols=("NVDA",)).item)
    assert (only.relevance, only.how) == (0.9, "tagged by its source")


def test_every_tag_of_the_sample_news_is_found_in_its_headline_too(linker: Linker) -> None:
    """The sample's tags and the linker agree, so that untagged feeds are linked as well as tagged files."""
    for row in read_sample_news():
        assert set(row.symbols) <= {hit.symbol for hit in linker.found(row.headline)}, row.headline


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    """Strangers write anything; only known symbols ever come out, each once."""
    found = [hit.symbol for hit in Linker(OTHERS).found(text)]
    assert len(found) == len(set(found))
    assert set(found) <= {instrument.symbol for instrument in OTHERS}
