"""The main journey in real Chromium, at the desk and on the phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from outreach.web.app import create_app
from tests.support.builders import PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser

PAGES = ("/vandaag", "/dossiers", "/dossiers/1", "/dossiers/2", "/postvak-in", "/postvak-uit", "/zoeken?q=a", "/menu")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Yield the address of a console with three cases."""
    runtime = console_runtime(tmp_path)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user()
        builder.make_delivery()
        for name in ("Yilmaz", "de Boer", "Jansen"):
            person = builder.make_person(family_name=name)
            point = builder.make_contact_point(person)
            case = builder.make_case(tenancy=builder.make_tenancy(person=person))
            builder.make_attempt(case, person, outcome="delivered", state="done", sent_to=point.value)
            call = builder.make_attempt(case, person, channel="call", kind="call", state="claimed", step="call")
            call.sent_at = None
            builder.make_task(case, kind="call", attempt_id=call.id)
        builder.make_task(case, kind="call_back", priority=20, detail={"text": "Liever na vier uur"})
    with live(create_app(runtime)) as url:
        yield url
    runtime.db.dispose()


def sign_in(page: Page, address: str) -> None:
    """Sign in as the collections worker."""
    page.goto(address)
    page.get_by_label("Gebruikersnaam").fill("anna")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()


def test_a_morning_at_the_desk(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    rows = page.locator(".work__item")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("Terugbellen")
    row = page.locator(".work__item", has_text="Yilmaz")
    row.get_by_text("Afhandelen").click()
    row.get_by_role("button", name="Niet opgenomen").click()
    expect(page.get_by_role("status")).to_contain_text("Vastgelegd: niet opgenomen")
    expect(page.locator(".work__item", has_text="Yilmaz")).to_have_count(0)

    page.get_by_role("link", name="A. de Boer").click()
    page.locator("summary", has_text="Betaalt op een datum").click()
    form = page.locator("#belofte")
    form.get_by_role("button", name="Vastleggen").click()
    expect(form.get_by_text("Vul dit in.")).to_be_visible()
    form.get_by_label("Betaalt op").fill("2026-11-27")
    form.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("status")).to_contain_text("De belofte is vastgelegd")
    expect(page.get_by_text("Belofte: betaalt op vrijdag 27 november")).to_be_visible()

    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="What does the tenant say?")).to_be_visible()


def test_search_and_answer_as_the_tenant(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.keyboard.press("/")
    page.keyboard.type("jansen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A. Jansen", level=1)).to_be_visible()
    page.get_by_role("link", name="Postvak uit").first.click()
    message = page.locator(".sent__item").first
    message.get_by_text("Antwoord als huurder").click()
    message.get_by_label("Wat antwoordt de huurder?").fill("BEL MIJ")
    message.get_by_role("button", name="Versturen als huurder").click()
    expect(page.locator(".bubble--in").first).to_have_text("BEL MIJ")


def test_the_phone_shows_every_page_within_its_width(phone_page: Page, address: str) -> None:
    sign_in(phone_page, address)
    for path in PAGES:
        phone_page.goto(address + path)
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390, path
    phone_page.goto(address + "/vandaag")
    phone_page.get_by_role("link", name="Meer").click()
    expect(phone_page.get_by_role("heading", name="Menu", level=1)).to_be_visible()


def test_pages_keep_the_rules_of_accessibility(desktop_page: Page, address: str) -> None:
    page = desktop_page
    page.goto(address)
    faults = _faults(page, "/inloggen")
    sign_in(page, address)
    for path in PAGES:
        page.goto(address + path)
        faults += _faults(page, path)
    assert not faults, "\n".join(faults)


def _faults(page: Page, path: str) -> list[str]:
    page.evaluate(axe_source())
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    return [f"{path}: {each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"][:3]]
