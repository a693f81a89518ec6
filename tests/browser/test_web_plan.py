"""A plan on the page of its case in real Chromium: approve what waits, change it, and read what comes next."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from outreach.db.tables import PaymentPlanRow, UserRow
from outreach.domain.landlord_settings import PlanPolicy
from outreach.web.app import create_app
from tests.support.builders import PASSWORD, hashed_password
from tests.support.console import live
from tests.support.first_day import copy_of, live_first_day
from tests.support.tools import axe_source
from tests.support.worlds import FIRST_DAY, World

pytestmark = pytest.mark.browser

NEXT = FIRST_DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def first_day(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A landlord with one tenant in arrears who was reminded."""
    folder = tmp_path_factory.mktemp("first_day")
    return live_first_day(sqlite_template, folder, 65000, plan=PlanPolicy()), folder


@pytest.fixture
def office(first_day: tuple[World, Path], tmp_path: Path) -> Iterator[tuple[World, str]]:
    """A tenant who offered 60 euro a month: longer than the machine agrees; with the address of the case."""
    world = copy_of(*first_day, tmp_path)
    with world.runtime.db.write() as session:
        session.execute(update(UserRow).values(password_hash=hashed_password()))
    world.deliver(NEXT)
    for minute, text in enumerate(("regeling", "60 per maand", "nee")):
        world.at(NEXT, 10, minute * 10)
        world.reply(world.homes[0].phone, text)
        world.tick(NEXT, 10, minute * 10 + 1)
    with live(create_app(world.runtime)) as url:
        yield world, f"{url}/dossiers/{world.case(world.homes[0]).id}"
    world.runtime.db.dispose()


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Gebruikersnaam").fill("anna")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.goto(address)


def found_by_axe(page: Page) -> list[str]:
    page.evaluate(axe_source())
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


def test_a_proposal_is_approved_with_one_click_and_changed_later(desktop_page: Page, office: tuple[World, str]) -> None:
    page, (world, address) = desktop_page, office
    sign_in(page, address)
    panel = page.get_by_role("region", name="Betalingsregeling")
    expect(panel).to_contain_text("11 keer € 60,00, de laatste keer € 50,00")
    expect(panel).to_contain_text("U beslist: de regeling duurt langer dan u automatisch toestaat.")
    assert found_by_axe(page) == []
    panel.get_by_role("button", name="Voorstel goedkeuren").click()
    expect(page.get_by_text("De regeling loopt. De huurder krijgt de afspraak op schrift.")).to_be_visible()
    expect(panel.get_by_role("row")).to_have_count(12)
    expect(panel).to_contain_text("Volgende termijn: maandag 26 oktober, € 60,00.")
    panel.get_by_text("Bedrag of datum wijzigen").click()
    panel.get_by_label("Bedrag per maand").first.fill("70,00")
    panel.get_by_role("button", name="Regeling wijzigen").click()
    expect(panel.get_by_role("alert")).to_contain_text("hoger dan wat de huurder kan missen")
    panel.get_by_label("Nieuwe afloscapaciteit per maand").fill("70")
    panel.get_by_role("button", name="Regeling wijzigen").click()
    expect(page.get_by_text("De regeling is gewijzigd.")).to_be_visible()
    expect(page.get_by_text("Regeling: nog 10 keer € 70,00, vanaf maandag 26 oktober")).to_be_visible()
    expect(panel.get_by_role("row")).to_have_count(11)
    assert found_by_axe(page) == []
    assert world.rows(PaymentPlanRow)[0].month_cents == 7000


def test_on_a_phone_the_plan_fits_and_a_refusal_asks_why(phone_page: Page, office: tuple[World, str]) -> None:
    page, (world, address) = phone_page, office
    sign_in(page, address)
    panel = page.get_by_role("region", name="Betalingsregeling")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    panel.get_by_text("Regeling weigeren").click()
    panel.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("Vul dit in").or_(page.get_by_text("Vul een reden in")).first).to_be_visible()
    panel.get_by_label("Waarom").fill("De huurder belt eerst met schuldhulp.")
    panel.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("Waarom de regeling is geweigerd")).to_be_visible()
    expect(page.get_by_text("De huurder belt eerst met schuldhulp.")).to_be_visible()
    assert world.rows(PaymentPlanRow)[0].state == "refused"
