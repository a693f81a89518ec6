"""The inbox in a real browser: by keys alone, on a phone, with the verdict while typing, and without barriers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from channels.contract import Event
from outreach.db.tables import AttemptRow, ConversationRow, InboundRow
from outreach.runtime import Runtime
from outreach.services.receiving import receive_events
from outreach.services.saved_answers import seed_answers
from outreach.web.app import create_app
from tests.support.builders import NOW, PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser

QUESTION = "Waarom krijg ik deze brief? Kan iemand het uitleggen?"
GOOD = "Beste mevrouw, dank voor uw bericht. Ik bel u vandaag."
UNKNOWN = "+31612999766"


@dataclass(frozen=True)
class Served:
    """A served console with a crisis, a question, a message that failed, and a sender whom nobody knows."""

    address: str
    runtime: Runtime

    def enter(self, page: Page) -> None:
        """Sign in and open the inbox."""
        page.goto(f"{self.address}/inloggen")
        page.fill("#username", "anna")
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url("**/vandaag")
        page.goto(f"{self.address}/postvak-in")

    def states(self) -> list[str]:
        """Return the states of the replies."""
        with self.runtime.db.read() as session:
            return [row.state for row in session.scalars(select(InboundRow).order_by(InboundRow.id))]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    runtime = console_runtime(tmp_path)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        seed_answers(session, builder.landlord.id, NOW)
        builder.make_user(username="anna", name="Anna Visser")
        builder.make_delivery()
        for number, name in enumerate(("Yilmaz", "Jansen", "Smit"), start=1):
            person = builder.make_person(family_name=name)
            builder.make_contact_point(person, value=f"+3161234560{number}")
            case = builder.make_case(tenancy=builder.make_tenancy(person=person))
            failed = name == "Smit"
            state, outcome = ("failed", "undelivered") if failed else ("done", "delivered")
            builder.make_attempt(case, person, sent_to=f"+3161234560{number}", state=state, outcome=outcome)
    said = (("+31612345602", QUESTION), ("+31612345601", "ik wil niet meer leven"), (UNKNOWN, "Met Piet. BEL MIJ"))
    events = [
        Event(event_id=sender, provider="sandbox", channel="sms", kind="reply", at=NOW, text=text, sender=sender)
        for sender, text in said
    ]
    receive_events(runtime, events, NOW)
    with live(create_app(runtime)) as address:
        yield Served(address, runtime)
    runtime.db.dispose()


def barriers(page: Page) -> list[str]:
    """Return what axe finds, in short."""
    page.evaluate(axe_source())
    tags = json.dumps(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    found = page.evaluate(f"axe.run({{runOnly: {tags}}})")
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]


def test_a_morning_by_keys_alone(served: Served, desktop_page: Page) -> None:
    page = desktop_page
    served.enter(page)
    page.keyboard.press("j")
    expect(page.locator("[data-inbox-list] a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("A. Yilmaz")
    expect(page.get_by_role("alert")).to_contain_text("Bel nu")
    expect(page.locator(".thread__line--now")).to_be_in_viewport()
    page.keyboard.press("e")
    expect(page.locator("#handled-note")).to_be_focused()
    page.keyboard.type("Gebeld, de huisarts komt vandaag")
    page.keyboard.press("Enter")
    page.wait_for_url("**/postvak-in/huishouden/2")
    page.keyboard.press("r")
    expect(page.locator("#answer-text")).to_be_focused()
    page.keyboard.type("U dient onverwijld te betalen, e r s a j k ?")
    expect(page.locator("#answer-verdict")).to_contain_text("mag nog niet weg")
    page.fill("#answer-text", GOOD)
    expect(page.locator("#answer-verdict")).to_contain_text("mag weg")
    expect(page.locator("#answer-verdict")).to_contain_text("1 sms")
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_text("Uw antwoord gaat eruit.")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Morgen 9:00")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url("**/postvak-in#gesprek-h2")
    expect(page.locator("#gesprek-h2")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#inbox-search")).to_be_focused()
    page.keyboard.type("Smit")
    page.keyboard.press("Enter")
    expect(page.locator("[data-inbox-list] a")).to_have_count(1)
    assert served.states()[:2] == ["handled", "handled"]
    with served.runtime.db.read() as session:
        assert session.scalars(
            select(AttemptRow.text).where(AttemptRow.template.is_(None), AttemptRow.step != "")
        ).all()
        assert session.scalars(select(ConversationRow.assigned_user_id)).all()


def test_the_help_shows_the_keys_and_switches_them_off(served: Served, desktop_page: Page) -> None:
    page = desktop_page
    served.enter(page)
    page.keyboard.press("?")
    help_text = page.get_by_role("dialog")
    expect(help_text).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(help_text).to_be_hidden()
    page.get_by_role("button", name="Sneltoetsen").click()
    page.get_by_role("button", name="Zet de sneltoetsen uit").click()
    page.wait_for_load_state()
    page.locator("body").click(position={"x": 5, "y": 400})
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_suggestions_and_saved_answers_are_put_in_the_box(served: Served, desktop_page: Page) -> None:
    page = desktop_page
    promise = Event(
        event_id="later", provider="sandbox", channel="sms", kind="reply", at=NOW, text="ik betaal 5 januari 200 euro",
        sender="+31612345601",
    )  # fmt: skip
    receive_events(served.runtime, [promise], NOW)
    served.enter(page)
    page.get_by_role("link", name="A. Yilmaz").click()
    page.get_by_role("button", name="Neem over").click()
    assert "5 januari" in page.input_value("#answer-text")
    page.select_option("#saved", label="Sterkte")
    page.get_by_role("button", name="Voeg in").click()
    assert "Ik wens u veel sterkte" in page.input_value("#answer-text")
    assert page.url.endswith("/postvak-in/huishouden/1")


def test_no_barriers_and_no_side_scrolling(served: Served, desktop_page: Page, phone_page: Page) -> None:
    addresses = [
        "",
        "?state=undelivered",
        "/huishouden/1",
        "/huishouden/3",
        "/antwoorden",
        "/antwoorden/1",
        "/3?zoek=Jansen",
    ]
    found = {}
    for page in (desktop_page, phone_page):
        served.enter(page)
        for address in addresses:
            page.goto(f"{served.address}/postvak-in{address}")
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            if problems := [*barriers(page), *(["scrolls sideways"] if wide else [])]:
                found[address] = problems
    assert found == {}


def test_on_a_phone_an_unknown_sender_is_linked(served: Served, phone_page: Page) -> None:
    page = phone_page
    served.enter(page)
    page.get_by_role("link", name="06 12 99 97 66").tap()
    page.fill("#find-case", "Jansen")
    page.locator("#koppelen").get_by_role("button", name="Zoek").tap()
    page.get_by_role("radio").check()
    page.get_by_role("button", name="Koppel").tap()
    expect(page.locator("h1")).to_have_text("A. Jansen")
    expect(page.get_by_text("Gekoppeld. Het bericht telt nu mee")).to_be_visible()
