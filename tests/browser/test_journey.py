"""The whole way in a real browser: from the empty page to a filled order, against `deskmate web` as it ships."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.served import ANSWER, CHROMIUM, Visit, chromium, profile, served, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]

ARTIFACTS = Path(__file__).parents[1] / ".artifacts"

HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script>[click](javascript:alert(3)) ![](http://192.0.2.1/x.png)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("home")) as url:
        yield url


@pytest.fixture(scope="module")
def window(browser: Browser) -> BrowserContext:
    return profile(browser)


@pytest.fixture
def here(window: BrowserContext, address: str) -> Iterator[Visit]:
    opened = visit(window, address)
    yield opened
    opened.page.close()
    assert opened.foreign == [], "the page called another host"
    assert opened.dialogs == [], "something on the page ran as a script"
    assert opened.complaints == []


def test_a_person_goes_from_a_question_to_a_filled_order_and_sees_it_in_the_book(here: Visit) -> None:
    """The journey everything else grows on; each step is what a person would click or type, in one conversation."""
    page = here.page
    expect(page.locator("#desk-bar .desk-mode")).to_have_text("VIRTUAL")
    expect(page.locator("#desk-bar .desk-data")).to_contain_text("sample")
    here.snap(ARTIFACTS / "journey-1-start.png")

    page.locator("#starters button", has_text="What can you do?").click()
    expect(page.locator("[data-step-type=assistant_message]").first).to_contain_text("buy", timeout=ANSWER)
    here.settle()

    here.say("how does AAPL look?")
    here.snap(ARTIFACTS / "journey-2-signal.png")
    here.say("buy 40")
    first = here.tickets("proposed")
    expect(first).to_have_count(1)
    expect(first).to_contain_text(re.compile(r"buy\s+40\s+AAPL", re.IGNORECASE))
    for said in (
        "simulated exchange",
        "Expected price",
        "Commission",
        "Most it can lose",
        "Recommended size",
        "sample",
    ):
        expect(first).to_contain_text(said)
    old = first.get_attribute("data-ticket")
    here.snap(ARTIFACTS / "journey-3-ticket.png")

    here.say("use your recommended size instead")
    replaced = page.locator(f"article[data-ticket='{old}']")
    expect(replaced).to_have_attribute("data-status", "void")
    expect(replaced.locator("button")).to_have_count(0)
    fresh = here.tickets("proposed")
    expect(fresh).to_have_count(1)
    here.snap(ARTIFACTS / "journey-4-revised.png")

    fresh.locator("button.dm-confirm").click()
    filled = here.tickets("filled")
    expect(filled).to_have_count(1, timeout=ANSWER)
    expect(filled.locator(".dm-ending")).to_contain_text("Filled")
    expect(filled.locator("button")).to_have_count(0)
    here.settle()
    here.snap(ARTIFACTS / "journey-5-filled.png")

    here.say("show my positions and cash")
    expect(here.card("Positions")).to_contain_text("AAPL")
    expect(here.card("Cash")).to_contain_text("Available")
    here.snap(ARTIFACTS / "journey-6-book.png")


def test_a_double_click_and_a_repeated_request_send_once(here: Visit) -> None:
    """A double click, and a click repeated behind the page's back, must not become a second order."""
    page = here.page
    here.say("buy 3 NVDA")
    ticket = here.tickets("proposed").last
    number, digest = ticket.get_attribute("data-ticket"), ticket.locator(".dm-digest").get_attribute("title")
    with page.expect_request("**/project/action") as sent:
        ticket.locator("button.dm-confirm").dblclick()
    expect(page.locator(f"article[data-ticket='{number}']")).to_have_attribute("data-status", "filled", timeout=ANSWER)
    assert digest is not None
    again = page.evaluate(
        "([url, body]) => fetch(url, {method: 'POST', headers: {'content-type': 'application/json'}, body})"
        ".then(answer => answer.status)",
        [sent.value.url, sent.value.post_data],
    )
    assert again == 200
    here.settle()
    here.say("show my positions")
    expect(here.card("Positions").locator("tr", has_text="NVDA").locator("td").nth(1)).to_have_text("3")


def test_cancel_makes_the_card_dead_and_sends_nothing(here: Visit) -> None:
    """The other button of the card: dropped is dropped, and the person sees that nothing went out."""
    here.say("buy 5 GOOG")
    number = here.tickets("proposed").last.get_attribute("data-ticket")
    here.tickets("proposed").last.locator("button.dm-cancel").click()
    card = here.page.locator(f"article[data-ticket='{number}']")
    expect(card.locator(".dm-ending")).to_contain_text("nothing was filled", timeout=ANSWER)
    expect(card.locator("button")).to_have_count(0)


def test_a_refused_order_shows_its_reasons_and_an_alternative_that_becomes_a_ticket(here: Visit) -> None:
    """A refusal is a card of its own with a way on, never a ticket with buttons."""
    here.say("buy 5000 NFLX")
    refusal = here.page.locator("article.dm-refusal")
    expect(refusal).to_be_visible()
    assert refusal.locator("[data-control]").count() >= 1
    expect(here.tickets("proposed")).to_have_count(0)
    here.snap(ARTIFACTS / "refusal.png")
    refusal.locator("button").click()
    expect(here.tickets("proposed")).to_have_count(1, timeout=ANSWER)


def test_markup_in_a_message_stays_text(here: Visit) -> None:
    """What a person types, and what comes back of it, is shown and never run; no image of it is fetched."""
    here.say(HOSTILE)
    expect(here.page.locator("[data-step-type=user_message]").last).to_contain_text("<script>alert(2)</script>")
    assert here.page.locator("#root img[src*='192.0.2.1'], #root [onerror], #root a[href^='javascript']").count() == 0
    here.snap(ARTIFACTS / "markup.png")


def test_a_click_the_page_did_not_offer_releases_nothing(here: Visit) -> None:
    """A forged action names a real ticket with another digest, and adds fields of its own: none of it is believed."""
    page = here.page
    here.say("buy 2 AMZN")
    ticket = here.tickets("proposed").last
    number = ticket.get_attribute("data-ticket")
    forged: list[str] = []
    page.route(
        "**/project/action",
        lambda route: (
            forged.append(route.request.url),
            route.continue_(
                post_data=re.sub(
                    r'"digest":"[0-9a-f]+"', f'"digest":"{"0" * 64}","person":"owner"', route.request.post_data or ""
                )
            ),
        ),
    )
    ticket.locator("button.dm-confirm").click()
    page.wait_for_timeout(600)
    here.settle()
    assert forged
    expect(page.locator(f"article[data-ticket='{number}']")).not_to_have_attribute("data-status", "filled")
    page.unroute("**/project/action")


def test_the_page_fits_a_phone_in_the_dark(browser: Browser, address: str) -> None:
    """A phone shows the account, the mode and the whole ticket without sideways scrolling."""
    phone = visit(profile(browser, width=390, height=844, theme="dark"), address)
    phone.say("buy 4 AMZN")
    expect(phone.tickets("proposed").locator("button.dm-confirm")).to_be_in_viewport()
    expect(phone.page.locator("#desk-bar .desk-mode")).to_be_in_viewport()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.snap(ARTIFACTS / "phone.png")
    phone.page.context.close()
    assert phone.foreign == []
