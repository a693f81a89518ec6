"""The editor of ladders in real Chromium: a policy built from a plain description; keyboard, mouse, undo and files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from outreach.web.app import create_app
from tests.support.builders import PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.policies import Writer, build_small
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Yield the address of a console with a policy officer."""
    runtime = console_runtime(tmp_path)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="ruben", role="policy", name="Ruben Smit")
        builder.make_delivery()
        builder.make_case()
    with live(create_app(runtime)) as url:
        yield url
    runtime.db.dispose()


def sign_in(page: Page, address: str) -> None:
    """Sign in as the policy officer."""
    page.goto(f"{address}/inloggen")
    page.get_by_label("Gebruikersnaam").fill("ruben")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", name="Vandaag", exact=True)).to_be_visible()


def test_a_policy_is_built_from_its_description_and_proven(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    build_small(Writer(page))
    expect(page.get_by_text("Bewezen: niemand wordt vergeten")).to_be_visible(timeout=30_000)
    ride = page.get_by_role("complementary", name="Wat deze ladder doet")
    expect(ride.get_by_text("Vroegsignaal aan de gemeente").first).to_be_visible(timeout=30_000)
    titles = page.locator("[data-step] .rung__link").all_inner_texts()
    assert [title.strip() for title in titles] == [
        "Herinnering",
        "Brief met hulp",
        "Een medewerker belt",
        "Huisbezoek",
        "Kaartje aan de deur",
        "Vroegsignaal aan de gemeente",
        "Overleg over het vervolg",
        "Overdracht aan de deurwaarder",
        "Melding bij het meldpunt na de dagvaarding",
    ]
    Writer(page).open("Huisbezoek")
    assert not _faults(page)
    page.get_by_role("link", name="Bekijk en publiceer").click()
    page.get_by_label("Waarom verandert de ladder?").fill("Nieuw beleid")
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_text("Nieuwe dossiers beginnen hiermee")).to_be_visible(timeout=30_000)
    page.goto(f"{address}/contactladders")
    page.get_by_label("Standaard").select_option(label="Huurincasso Noorderhuis")
    page.locator("#wijken").get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("De keuze geldt voor nieuwe dossiers.").first).to_be_visible()


def test_keyboard_mouse_undo_and_files(desktop_page: Page, address: str, tmp_path: Path) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/contactladders/nieuw")
    page.keyboard.press("Tab")
    page.get_by_label("Hoe heet de ladder?").focus()
    page.keyboard.type("Met het toetsenbord")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Met het toetsenbord", level=1)
    expect(heading).to_be_visible()

    page.get_by_role("link", name="Stap toevoegen aan de fase 'Herinnering'").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#new-step")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_label("dagen na", exact=True).focus()
    page.get_by_role("radio", name="Een aantal dagen na de vervaldag").check()
    page.get_by_label("dagen na de vervaldag", exact=True).fill("drie")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vul een heel getal in.")).to_be_visible()
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-request")).to_have_count(0)
    page.get_by_label("dagen na de vervaldag", exact=True).fill("3")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Naam van de stap")).to_be_focused()

    wrong = page.locator("[data-error]").get_by_text("Vul een heel getal in.")
    days = page.get_by_role("textbox", name="dagen na de vervaldag")
    days.fill("binnenkort")
    page.keyboard.press("Tab")
    expect(wrong).to_be_visible()
    expect(days).to_have_attribute("aria-invalid", "true")
    days.fill("4")
    page.keyboard.press("Tab")
    expect(wrong).to_be_hidden()
    expect(page.locator("[data-day=herinnering] strong")).to_have_text("4")
    form = page.get_by_role("form", name="De stap 'Herinnering'")
    form.get_by_role("button", name="Klaar").press("Enter")
    step = page.get_by_role("link", name="Herinnering", exact=True)
    expect(step).to_be_focused()

    said = page.locator("#announce")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text("'Herinnering' staat nu op dag 5.")
    expect(step).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(said).to_have_text("'Herinnering' staat nu bij Contact zoeken, plaats 1.")
    page.keyboard.press("Control+z")
    expect(said).to_have_text("Ongedaan gemaakt: 'Herinnering' naar Contact zoeken, plaats 1.")
    page.keyboard.press("Control+y")
    expect(page.get_by_role("region", name="Contact zoeken").get_by_role("link", name="Herinnering")).to_be_visible()
    expect(said).to_have_text("Opnieuw gedaan: 'Herinnering' naar Contact zoeken, plaats 1.")
    page.get_by_role("button", name="'Herinnering' een dag later").press("Enter")
    expect(said).to_have_text("'Herinnering' staat nu op dag 6.")
    expect(page.get_by_role("button", name="'Herinnering' een dag later")).to_be_focused()

    _drag_bar(page, "herinnering", 14)
    expect(said).to_have_text("'Herinnering' staat nu op dag 20.")
    _drag_grip(page, "herinnering", "overleg")
    expect(page.get_by_role("region", name="Overleg").get_by_role("link", name="Herinnering")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Opslaan als bestand").click()
    path = tmp_path / "ladder.yaml"
    path.write_text(Path(download.value.path()).read_text("utf-8").replace("days_after_due: 20", "days_after_due: 33"))
    page.get_by_text("Vervangen door een bestand").click()
    page.get_by_label("Bestand van een contactladder").set_input_files(path)
    page.get_by_role("button", name="Inlezen").click()
    expect(page.locator("[data-day=herinnering] strong")).to_have_text("33")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("[data-day=herinnering] strong")).to_have_text("20")


def test_the_editor_fits_a_phone(phone_page: Page, address: str) -> None:
    sign_in(phone_page, address)
    for path in ("?stap=visit", "?nieuw=contact", "/afspraken"):
        phone_page.goto(f"{address}/contactladders/standaard/bewerken{path}")
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert not _faults(phone_page), path


def _drag_bar(page: Page, key: str, days: int) -> None:
    track, bar = page.locator(f"svg[data-track={key}]"), page.locator(f"svg[data-track={key}] rect")
    bar.scroll_into_view_if_needed()
    box, line = bar.bounding_box(), track.bounding_box()
    assert box and line
    axis = int(track.get_attribute("data-axis") or 1)
    x, y = box["x"] + 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * line["width"] / axis, y, steps=4)
    page.mouse.up()


def _drag_grip(page: Page, key: str, goal: str) -> None:
    grip, target = page.locator(f"[data-grip={key}]"), page.locator(f"#rung-{goal}")
    start, end = grip.bounding_box(), target.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 8, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 5, steps=6)
    page.mouse.up()


def _faults(page: Page) -> list[str]:
    page.evaluate(axe_source())
    found = page.evaluate("axe.run()")
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"][:3]]


def test_what_is_wrong_with_a_new_step_takes_the_focus(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/contactladders/standaard/bewerken")
    page.get_by_role("link", name="Stap toevoegen aan de fase 'Contact zoeken'").click()
    new = page.get_by_role("form", name="Nieuwe stap")
    new.get_by_role("radio", name="Een medewerker belt", exact=True).check()
    new.get_by_label("dagen na de vervaldag", exact=True).fill("drie")
    new.get_by_role("button", name="Toevoegen").click()
    expect(new.get_by_text("Vul een heel getal in.")).to_be_in_viewport()
    expect(new.get_by_label("dagen na de vervaldag", exact=True)).to_be_focused()


def test_tabbing_on_to_a_button_does_not_press_it(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/contactladders/standaard/bewerken?stap=call")
    form = page.locator("#step-form")
    form.get_by_label("Nog een voorwaarde").last.select_option(label="de achterstand minstens dit bedrag is")
    form.get_by_role("button", name="Voorwaarde toevoegen").last.click()
    amount = form.get_by_role("textbox", name="de achterstand minstens dit bedrag is")
    amount.fill("honderd")
    amount.press("Tab")
    expect(form.get_by_text("Dit bedrag kunnen wij niet lezen.")).to_be_visible()
    amount.fill("100")
    amount.press("Tab")
    expect(page.locator("#announce")).to_contain_text("is bewaard")
    expect(amount).to_have_value("100")


def test_who_writes_at_the_same_time_is_told_where_it_is_seen(desktop_page: Page, address: str) -> None:
    page = desktop_page
    sign_in(page, address)
    page.goto(f"{address}/contactladders/standaard/bewerken?stap=reminder")
    other = page.context.new_page()
    other.goto(f"{address}/contactladders/standaard/bewerken")
    other.get_by_role("button", name="'Herinnering' een dag later", exact=True).press("Enter")
    expect(other.locator("#announce")).to_contain_text("staat nu op dag")
    page.get_by_label("Naam van de stap").fill("Eerste bericht")
    page.keyboard.press("Tab")
    expect(page.get_by_text("heeft deze ladder intussen veranderd").last).to_be_in_viewport()
    expect(page.get_by_label("Naam van de stap")).to_have_value("Herinnering")
