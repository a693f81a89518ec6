"""Help and law in real Chromium: feedback, a pause whose condition fails, a decision, a last chance with its review."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from outreach.db.tables import UserRow
from outreach.web.app import create_app
from tests.support.builders import PASSWORD, hashed_password
from tests.support.care import PAUSE, care_world, day, morning, owing
from tests.support.console import live
from tests.support.tools import axe_source
from tests.support.worlds import Home, World, building

pytestmark = pytest.mark.browser


@dataclass(frozen=True, kw_only=True)
class Office:
    """A world with one referred case, and the console over it."""

    world: World
    home: Home
    url: str


@pytest.fixture
def office(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """Yield a console on a world whose partner works by the small route."""
    with building(migrated_sqlite_url, tmp_path) as build:
        world = care_world(build, PAUSE)
        [home] = owing(world)
        with world.runtime.db.write() as session:
            session.execute(update(UserRow).values(password_hash=hashed_password()))
        morning(world, 0)
        with live(create_app(world.runtime)) as url:
            yield Office(world=world, home=home, url=url)


def sign_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Gebruikersnaam").fill("anna")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()


def test_feedback_pauses_and_a_condition_that_fails_asks_to_resume(desktop_page: Page, office: Office) -> None:
    page = desktop_page
    sign_in(page, office.url)
    page.get_by_role("link", name="Meldingen").first.click()
    page.get_by_role("link", name="A. Bakker1").click()
    expect(page.get_by_text("Tussenmelding").first).to_be_visible()
    page.get_by_label("Wat liet de partner weten?").select_option("accepted")
    page.get_by_label("Wat zegt de huurder over hulp?").select_option("accepted")
    page.get_by_role("button", name="Terugmelding vastleggen").click()
    expect(page.get_by_text("Stilgezet door deze melding")).to_be_visible()

    office.world.owe(office.home, due_on=date(2026, 11, 1))
    morning(office.world, 30)
    page.goto(f"{office.url}/vandaag")
    row = page.locator(".work__item", has_text="Hervatten?")
    expect(row).to_contain_text("Klopt niet meer: De huur wordt betaald.")
    row.get_by_role("link", name="A. Bakker1").click()
    expect(page.get_by_role("alert").filter(has_text="De huur wordt betaald")).to_contain_text("klopt niet meer")
    page.locator("summary", has_text="Weer beginnen").click()
    page.locator("#hervatten").get_by_label("Waarom weer beginnen").fill("De huur kwam niet.")
    page.locator("#hervatten").get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("status")).to_contain_text("Het dossier loopt weer")


def test_a_decision_and_a_last_chance_with_its_review(desktop_page: Page, office: Office) -> None:
    page, world = desktop_page, office.world
    world.live(day(1), day(3))
    sign_in(page, office.url)
    page.get_by_role("link", name="Besluit vastleggen").click()
    page.get_by_role("button", name="Besluit vastleggen").click()
    expect(page.get_by_text("Vul dit in.").first).to_be_visible()
    decision = page.locator("form.decision")
    decision.get_by_label("Wat is er besloten?").select_option("chance")
    decision.get_by_label("Waarom").fill("Er is hulp.")
    decision.get_by_label("Kenmerk van het stuk").fill("Verslag 12")
    decision.get_by_label("Besloten op").fill("2026-10-08")
    page.get_by_role("button", name="Besluit vastleggen").click()
    expect(page.get_by_text("Besluit: Commissie")).to_be_visible()

    page.locator("summary", has_text="Laatste kans voorstellen").click()
    form = page.locator("#traject")
    form.get_by_label("Welk traject, en waarom nu").select_option("kans:asked")
    form.get_by_label("Waarom past dit bij deze huurder?").fill("De huurder wil blijven.")
    form.get_by_role("button", name="Voorstellen").click()
    page.get_by_role("link", name="Proefkans").click()
    page.locator("summary", has_text="Afspraak vastleggen en starten").click()
    start = page.locator("#starten")
    start.get_by_label("Welke afspraak is getekend").select_option("addendum")
    start.get_by_label("Waar ligt het bewijs").fill("Addendum 7")
    start.get_by_role("button", name="Starten").click()
    expect(page.get_by_role("heading", name="Evaluaties")).to_be_visible()

    morning(world, 98)
    page.goto(f"{office.url}/vandaag")
    row = page.locator(".work__item", has_text="Evaluatie van een traject")
    row.get_by_role("link", name="Bekijken").click()
    page.locator("summary", has_text="Evaluatie vastleggen").click()
    review = page.locator("#evaluatie")
    review.get_by_label("Hoe gaat het?").select_option("on_track")
    review.get_by_label("Wat is er besproken?").fill("De huur komt elke maand.")
    review.get_by_role("button", name="Vastleggen").click()
    expect(page.locator(".clocks__item").first).to_contain_text("gaat goed")


def test_the_pages_fit_a_phone_and_keep_the_rules_of_accessibility(phone_page: Page, office: Office) -> None:
    page, world = phone_page, office.world
    world.live(day(1), day(3))
    sign_in(page, office.url)
    for path in ("/meldingen", "/meldingen/1", "/dossiers/1", "/trajecten", "/partners", "/vandaag"):
        page.goto(office.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        page.evaluate(axe_source())
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")["violations"]
        assert [(path, each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
