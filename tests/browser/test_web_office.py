"""The office pages and the doors in a real browser: three taps on a phone, no side scrolling, no barriers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from outreach.db.tables import AttemptRow
from outreach.runtime import Runtime
from outreach.web.app import create_app
from tests.support.builders import NOW, PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser

PAGES = (
    "/huisbezoeken",
    "/bellijst",
    "/meldingen",
    "/meldingen/niet-gemeld",
    "/contactladders",
    "/contactladders/standaard",
    "/contactladders/woongoed_zeist",
    "/routes/drechtsteden_spoor_2",
    "/teksten",
    "/teksten/reminder?channel=letter",
    "/teksten/toets",
    "/inlezen",
    "/instellingen",
    "/instellingen/wijken",
    "/instellingen/kanalen",
    "/partners",
    "/partners/nieuw",
    "/gebruikers",
    "/wachtwoord",
    "/start",
    "/dagverslag",
)


@dataclass(frozen=True)
class Office:
    """A served console with one door to knock on."""

    address: str
    runtime: Runtime
    visit_id: int

    def enter(self, page: Page) -> None:
        """Sign in as the administrator."""
        page.goto(f"{self.address}/inloggen")
        page.fill("#username", "baas")
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/vandaag")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Yield a served console."""
    runtime = console_runtime(tmp_path)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="baas", role="admin", name="Bo Baas")
        builder.make_delivery()
        person = builder.make_person(family_name="Yilmaz", initials="F.")
        case = builder.make_case(tenancy=builder.make_tenancy(person=person), flags=["care_avoiding"])
        visit = builder.make_attempt(
            case, person, channel="visit", kind="visit", state="claimed", sent_at=None, claimed_at=NOW, text="Luister."
        )
        builder.make_task(case, kind="visit", attempt_id=visit.id)
    with live(create_app(runtime)) as address:
        yield Office(address, runtime, visit.id)
    runtime.db.dispose()


def test_three_taps_record_a_visit(office: Office, phone_page: Page) -> None:
    office.enter(phone_page)
    phone_page.goto(f"{office.address}/huisbezoeken")
    phone_page.tap("a.door")
    phone_page.tap("text=Hoe ging het?")
    phone_page.tap("text=Niet thuis, kaartje in de bus")
    phone_page.wait_for_url("**/huisbezoeken")
    assert "met kaartje" in phone_page.inner_text("[role=status]")
    with office.runtime.db.read() as session:
        assert session.scalar(select(AttemptRow.outcome).where(AttemptRow.id == office.visit_id)) == "not_home"


def test_the_buttons_at_the_door_are_large(office: Office, phone_page: Page) -> None:
    office.enter(phone_page)
    phone_page.goto(f"{office.address}/huisbezoeken/{office.visit_id}")
    sizes = [button.bounding_box() for button in phone_page.query_selector_all(".door-buttons button")]
    assert len(sizes) == 7
    assert all(size and size["height"] >= 48 and size["width"] >= 250 for size in sizes)


def test_no_page_scrolls_sideways_on_a_phone(office: Office, phone_page: Page) -> None:
    office.enter(phone_page)
    for path in (*PAGES, f"/huisbezoeken/{office.visit_id}"):
        phone_page.goto(office.address + path)
        assert phone_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_no_page_has_a_barrier(office: Office, desktop_page: Page) -> None:
    office.enter(desktop_page)
    source = axe_source()
    found: dict[str, list[str]] = {}
    for path in (*PAGES, f"/huisbezoeken/{office.visit_id}"):
        desktop_page.goto(office.address + path)
        desktop_page.evaluate(source)
        result = desktop_page.evaluate("axe.run()")
        wrong = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]
        if wrong:
            found[path] = wrong
    assert not found, json.dumps(found, indent=1)
