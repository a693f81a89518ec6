"""The editor of texts in real Chromium: the verdict while typing, plain words by mouse and keyboard, two people."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from outreach.web.app import create_app
from tests.support.browser import DESKTOP, watched_page
from tests.support.builders import PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser

PHONE = ViewportSize(width=375, height=800)
LETTER = "/teksten/reminder/bewerken?channel=letter&language=nl"
HARD = """Geachte {name},

U heeft derhalve middels dit schrijven een bedrag van {amount} te voldoen!

{contact_name}, {landlord}, {contact_phone}"""
KIND = """Beste {name},

Sinds {since} staat er {amount} huur open. Wilt u dit betalen? Lukt dat nu niet? Bel mij. Dan help ik u.

{contact_name}, {landlord}, {contact_phone}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a console with two policy officers: one live app for the module."""
    runtime = console_runtime(tmp_path_factory.mktemp("texts"))
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="ruben", role="policy", name="Ruben Smit")
        builder.make_user(username="mia", role="policy", name="Mia de Wit")
        builder.make_delivery()
        builder.make_case()
    with live(create_app(runtime)) as url:
        yield url
    runtime.db.dispose()


def sign_in(page: Page, address: str, name: str = "ruben") -> None:
    """Sign in as a policy officer."""
    page.goto(f"{address}/inloggen")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()


def score(page: Page) -> float:
    """Return the score that the page shows."""
    return float(page.locator("#side meter").get_attribute("value") or "0")


def faults(page: Page) -> list[str]:
    """Return what axe finds."""
    page.evaluate(axe_source())
    found: list[str] = page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
    return found


def test_a_hard_letter_becomes_plain_by_mouse_and_goes_in_use(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/teksten")
    page.get_by_role("link", name="Herinnering", exact=True).click()
    page.get_by_role("link", name="Bewerk deze tekst").click()
    page.goto(address + LETTER)
    body, side = page.get_by_role("textbox", name="Tekst"), page.locator("#side")
    body.fill("")
    body.press_sequentially(HARD.split("\n\n")[1], delay=5)
    expect(page.locator("#marks .under--stop", has_text="middels")).to_have_count(1)
    body.fill(HARD)
    expect(side.get_by_text("mag nog niet weg")).to_be_visible()
    expect(page.locator("#marks .under--stop", has_text="!")).to_have_count(1)
    before = score(page)
    side.get_by_role("button", name="met", exact=True).click()
    expect(body).to_have_value(HARD.replace("middels", "met"))
    expect(body).to_be_focused()
    expect(page.locator("#marks .under", has_text="middels")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(body).to_have_value(HARD)
    page.keyboard.press("Control+y")
    expect(body).to_have_value(HARD.replace("middels", "met"))
    body.fill(KIND)
    expect(side.get_by_text("mag weg")).to_be_visible()
    assert score(page) > before
    assert faults(page) == []
    page.get_by_role("button", name="Verder naar in gebruik nemen").click()
    expect(page.get_by_role("heading", name="Wat er verandert")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Waarom verandert de tekst?").fill("Korter en vriendelijker")
    page.get_by_role("button", name="In gebruik nemen").click()
    expect(page.get_by_text("Wat vanaf nu weggaat heeft deze tekst.")).to_be_visible()


def test_with_the_keyboard_alone_and_what_a_screen_reader_hears(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/teksten/second_reminder/bewerken?channel=letter&language=nl")
    body = page.get_by_role("textbox", name="Tekst")
    expect(body).to_have_accessible_description(re.compile("F8: naar de volgende opmerking"))
    body.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(HARD)
    said = page.locator("#said")
    assert said.get_attribute("aria-live") == "polite"
    expect(said).to_contain_text("moet anders")
    page.keyboard.press("Control+Home")
    chosen = "() => getSelection().toString()"
    seen = []
    for _turn in range(4):
        page.keyboard.press("F8")
        seen.append(page.evaluate(chosen))
        if seen[-1] == "middels":
            break
    assert "middels" in seen
    expect(said).to_contain_text("middels")
    page.keyboard.press("Shift+F8")
    assert page.evaluate(chosen) == seen[-2]
    page.keyboard.press("F8")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("button", name="met", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(body).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Enter")
    expect(body).to_have_value(HARD.replace("middels", "met"))
    expect(body).to_be_focused()


def test_typing_goes_on_while_the_answer_comes_and_the_caret_stays(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/teksten/toets?channel=letter")
    body = page.get_by_role("textbox", name="Tekst")
    body.fill("Beste huurder,\n\nBel ons.")
    body.evaluate("field => field.setSelectionRange(6, 6)")
    body.press_sequentially("lieve ", delay=120)
    expect(body).to_have_value("Beste lieve huurder,\n\nBel ons.")
    assert body.evaluate("field => field.selectionStart") == 12
    page.get_by_label("Voeg een veld in").select_option("contact_phone")
    expect(body).to_have_value("Beste lieve {contact_phone}huurder,\n\nBel ons.")
    body.fill("Beste {naam}, bel ons.")
    expect(page.locator("#side").get_by_text("{naam} kennen wij niet")).to_be_visible()
    expect(page.locator("#marks .under--stop")).to_have_text("{naam}")


def test_arabic_reads_from_right_to_left_beside_the_dutch(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/teksten/reminder/bewerken?channel=sms&language=ar&naast=nl")
    body = page.get_by_role("textbox", name="Tekst")
    assert body.evaluate("field => getComputedStyle(field).direction") == "rtl"
    assert body.evaluate("field => field.closest('[lang]').lang") == "ar"
    expect(page.locator("#side").get_by_text("indicatie", exact=True)).to_be_visible()
    expect(page.locator(".beside [lang=ar][dir=rtl]").first).to_be_visible()
    expect(page.locator(".beside [lang=nl]").first).to_contain_text("Beste")
    expect(page.locator("#preview [dir=rtl]").first).to_be_visible()
    assert faults(page) == []


def test_without_javascript_a_text_is_checked_mended_and_kept(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    sign_in(page, address)
    page.goto(f"{address}/teksten/third_reminder/bewerken?channel=letter&language=nl")
    body = page.get_by_label("Tekst", exact=True)
    body.fill(HARD)
    page.get_by_role("button", name="Toets", exact=True).click()
    page.get_by_role("button", name="met", exact=True).click()
    expect(page.get_by_label("Tekst", exact=True)).to_have_value(HARD.replace("middels", "met"))
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_text("Bewaard. Het is een concept")).to_be_visible()
    context.close()


def test_it_fits_a_phone(browser: Browser, address: str) -> None:
    with watched_page(browser, viewport=PHONE, touch=True) as page:
        sign_in(page, address)
        for path in (
            "/teksten",
            LETTER,
            "/teksten/toets",
            "/teksten/nieuw",
            "/teksten/reminder/versies?channel=letter",
        ):
            page.goto(address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        page.goto(address + LETTER)
        page.get_by_role("textbox", name="Tekst").fill(HARD)
        expect(page.locator("#side").get_by_text("mag nog niet weg")).to_be_visible()
        page.get_by_role("button", name="met", exact=True).tap()
        expect(page.get_by_role("textbox", name="Tekst")).to_have_value(HARD.replace("middels", "met"))
        assert faults(page) == []


def test_a_rule_is_set_aside_only_by_two_people(browser: Browser, address: str) -> None:
    text = KIND.replace("Dan help ik u.", "Dan help ik u. Wij kijken middels een gesprek wat lukt.")
    with watched_page(browser, viewport=DESKTOP, touch=False) as page:
        sign_in(page, address)
        page.goto(f"{address}/teksten/reminder_help/bewerken?channel=letter&language=nl")
        page.get_by_role("textbox", name="Tekst").fill(text)
        page.get_by_role("button", name="Verder naar in gebruik nemen").click()
        page.get_by_label("Waarom verandert de tekst?").fill("Gesprek genoemd")
        page.get_by_role("group", name="Regels die hier niet hoeven te gelden").get_by_role("checkbox").first.check()
        page.get_by_label("Waarom hoeft dat hier niet?").fill("Zo staat het in de afspraak met de gemeente")
        page.get_by_role("button", name="Vraag een collega").click()
        expect(page.get_by_text("U hebt dit zelf voorgesteld.")).to_be_visible()
        proposal = page.url
    with watched_page(browser, viewport=DESKTOP, touch=False) as page:
        sign_in(page, address, "mia")
        page.goto(f"{address}/teksten")
        page.get_by_role("link", name="Voorstel:").click()
        assert page.url == proposal
        expect(page.get_by_text("Zo staat het in de afspraak met de gemeente")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Goedkeuren en in gebruik nemen").click()
        expect(page.get_by_text("tweede persoon: Mia de Wit")).to_be_visible()
