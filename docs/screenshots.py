"""Make the screenshots of README and handbook again: `make screenshots`.

It plays the sample, leaves the staff's work of the last two working days, and serves the real console with the clock
on Tuesday 8 September 2026, 10:00. Nothing in the pictures is drawn or filled in by hand.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import select

from channels.contract import Outbound
from channels.email_html import as_html
from messages.catalogue import load_catalogue
from messages.rendering import render
from messages.samples import sample_values
from outreach.config import Settings
from outreach.db.tables import CaseRow, DwellingRow, PauseRow, PersonRow, TalkRow, TenancyPartyRow, TenancyRow
from outreach.runtime import Runtime, make_runtime
from outreach.sample.clock import SimulatedClock
from outreach.sample.demo import DemoPlan, play
from outreach.sample.live import LiveSample
from outreach.sample.responder import SEED, sandbox_responder
from outreach.services.day import play_day
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import load_policy
from outreach.services.setup import create_landlord
from outreach.services.tenant_links import make_link
from outreach.web.app import create_app
from schedules.calendar import Calendar, load_law
from tests.support.browser import DESKTOP, FLAGS, PHONE, find_chromium
from tests.support.console import live
from tests.support.policies import Writer, build_city, build_families, build_small

IMAGES = Path(__file__).parent / "images"
LAST_PLAYED, TODAY = date(2026, 9, 3), date(2026, 9, 8)
MORNING, EVENING = time(10), time(20)
PLAN = DemoPlan(days=60, until=LAST_PLAYED, tenancies=2000, seed=SEED)
CSV = """Huurovereenkomst;Naam;Adres;Postcode;Plaats;Telefoon;E-mail;Vervaldatum;Openstaand
W-1001;mw. S. Voorbeeld;Kadeweg 12;1234 AB;Waterdam;;s.voorbeeld@example.org;01-09-2026;612,40
W-1002;dhr. T. Monster;Kadeweg 14;1234 AB;Waterdam;0900-1234;;01-08-2026;€ 1.208,00
W-1003;dhr. U. Proefman;Kadeweg 16;1234 AB;Waterdam;;;30-02-2026;540,00
"""
HARD_LETTER = """Geachte {name},

Middels dit schrijven berichten wij u dat u thans een bedrag van {amount} verschuldigd bent. Wij verzoeken u derhalve \
het bedrag terstond te voldoen, bij gebreke waarvan wij de vordering uit handen geven!

Hoogachtend,
{landlord}"""
PLAIN_LETTER = """Beste {name},

Sinds {since} staat er {amount} huur open. Wilt u dit betalen?

Lukt dat nu niet? Bel mij: {contact_phone}. Dan zoeken we samen een oplossing.

Met vriendelijke groet,
{contact_name}
{landlord}"""


def settings(folder: Path, name: str) -> Settings:
    """Give sandbox settings with a database of its own in a folder."""
    return Settings(data_dir=folder, database_url=f"sqlite:///{folder / name}", secret_key="screenshots" * 4)


def sample(folder: Path) -> tuple[Runtime, str]:
    """Play the sample up to 10 o'clock of the last day; give its runtime and the password of its users."""
    demo = play(settings(folder, "sample.sqlite3"), PLAN, nullcontext)
    demo.runtime.db.dispose()
    calendar = Calendar(load_law())
    clock = SimulatedClock(calendar.utc(LAST_PLAYED, EVENING))
    runtime = make_runtime(settings(folder, "sample.sqlite3"), clock=clock, respond=sandbox_responder(PLAN.seed))
    books = LiveSample(runtime)

    def deliver(moment: datetime) -> None:
        books.before_tick(demo.landlord_id, moment)

    for number in range(1, (TODAY - LAST_PLAYED).days + 1):
        day = LAST_PLAYED + timedelta(days=number)
        end = calendar.utc(day, MORNING if day == TODAY else EVENING)
        play_day(runtime, demo.landlord_id, day, end, clock.set, deliver)
    clock.set(calendar.utc(TODAY, MORNING))
    return runtime, demo.password


def own_landlord(folder: Path) -> tuple[Runtime, str]:
    """Make a landlord from nothing in a database of its own; give its runtime and the password of its admin."""
    runtime = make_runtime(
        settings(folder, "own.sqlite3"), clock=SimulatedClock(Calendar(load_law()).utc(TODAY, MORNING))
    )
    return runtime, create_landlord(runtime, "Wonen Waterdam").password


@contextmanager
def visit(browser: Browser, address: str, user: str, password: str, size: ViewportSize) -> Iterator[Page]:
    """Sign a user in with a browser of a size."""
    phone = size["width"] < 600
    context = browser.new_context(
        viewport=size,
        is_mobile=phone,
        has_touch=phone,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        base_url=address,
    )
    page = context.new_page()
    page.goto("/inloggen")
    page.get_by_label("Gebruikersnaam").fill(user)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_load_state()
    yield page
    context.close()


def keep(page: Page, name: str) -> None:
    """Write what the window shows to the folder of images."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


def top(page: Page, selector: str) -> None:
    """Scroll until something stands at the top of the window, below the bar."""
    page.locator(selector).first.evaluate("item => scrollTo(0, item.getBoundingClientRect().top + scrollY - 140)")
    page.wait_for_timeout(400)


def worker_pictures(page: Page) -> None:
    """Show the morning of a collections worker: the list, an answer, a case, a talk."""
    page.goto("/vandaag")
    keep(page, "vandaag")
    page.goto("/postvak-in?state=waiting")
    keep(page, "postvak-in")
    page.locator("main a[href^='/postvak-in/']").last.click()
    keep(page, "bericht")
    page.goto("/postvak-uit?day=2026-09-07&channel=sms")
    message = page.locator(".sent__item", has_text="Antwoord als huurder").nth(2)
    message.get_by_text("Antwoord als huurder").click()
    message.get_by_label("Wat antwoordt de huurder?").fill("50 per maand")
    message.scroll_into_view_if_needed()
    keep(page, "postvak-uit")
    message.get_by_role("button", name="Versturen als huurder").click()
    page.wait_for_load_state()
    page.goto(page.url.partition("#")[0])
    keep(page, "dossier")
    page.locator("summary", has_text="Wil een regeling").click()
    keep(page, "regeling")
    page.goto("/meldingen")
    keep(page, "meldingen")
    page.goto("/meldingen/niet-gemeld")
    keep(page, "niet-gemeld")


def tenant_pictures(browser: Browser, runtime: Runtime, address: str) -> None:
    """Show the page of a tenant on his phone: what is open and what he can do, and a plan."""
    with runtime.db.write() as session:
        case = session.scalars(
            select(CaseRow)
            .join(TenancyPartyRow, TenancyPartyRow.tenancy_id == CaseRow.tenancy_id)
            .where(CaseRow.state == "open", CaseRow.id.not_in(select(PauseRow.case_id).union(select(TalkRow.case_id))))
            .order_by(CaseRow.id)
        ).first()
        assert case is not None
        person = session.scalars(
            select(PersonRow)
            .join(TenancyPartyRow, TenancyPartyRow.person_id == PersonRow.id)
            .where(TenancyPartyRow.tenancy_id == case.tenancy_id)
            .order_by(PersonRow.id)
        ).first()
        assert person is not None
        dwelling = session.get_one(DwellingRow, session.get_one(TenancyRow, case.tenancy_id).dwelling_id)
        book = EvidenceBook(session, case.landlord_id, runtime.clock())
        policy = load_policy(session, case.landlord_id)
        made = make_link(session, book, runtime, policy.settings, case, person.id)
        assert made is not None
        book.write()
        code, answer = made.code, str(person.born_on.year) if person.born_on else dwelling.postcode[:4]
    page = browser.new_context(viewport=PHONE, locale="nl-NL").new_page()
    page.goto(f"{address}/r/{code}")
    page.locator("main input[type=text], main input[inputmode]").first.fill(answer)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    keep(page, "huurderspagina")
    page.goto(f"{page.url.partition('?')[0].rstrip('/')}/plan")
    keep(page, "huurderspagina-regeling")
    page.context.close()


def policy_pictures(page: Page) -> None:
    """Show what a policy officer reads and sets."""
    page.goto("/contactladders/standaard")
    top(page, "h2:has-text('De ladder in dagen')")
    keep(page, "ladder")
    page.goto("/teksten")
    keep(page, "teksten")
    page.goto("/teksten/belcomputer/robocall_arrears")
    top(page, "#message")
    keep(page, "belcomputer")
    page.goto("/teksten/toets")
    page.locator("main textarea").fill("Indien u in gebreke blijft, zullen wij u dagvaarden. Betaal vandaag.")
    page.locator("main form button:visible").last.click()
    page.wait_for_load_state()
    keep(page, "toets")
    page.goto("/instellingen")
    keep(page, "instellingen")
    page.goto("/dagverslag")
    keep(page, "dagverslag")


def field_pictures(page: Page) -> None:
    """Show the phone of a field worker: the doors, one door, and its buttons."""
    page.goto("/huisbezoeken")
    keep(page, "huisbezoeken")
    page.locator("a.door").first.click()
    page.wait_for_load_state()
    keep(page, "deur")
    page.get_by_text("Signaal, toestemming of notitie").click()
    top(page, "#hoe-ging-het")
    keep(page, "deur-vastleggen")


def admin_pictures(page: Page, folder: Path) -> None:
    """Show an own landlord from nothing: what is needed, a file looked at first, the users."""
    page.goto("/start")
    keep(page, "start")
    path = folder / "openstaand.csv"
    path.write_text(CSV, encoding="utf-8")
    page.goto("/inlezen")
    page.locator("input[type=file]").first.set_input_files(path)
    page.get_by_role("button", name="Kijk wat dit bestand doet").click()
    page.wait_for_load_state()
    keep(page, "inlezen")
    page.goto("/instellingen/kanalen")
    keep(page, "kanalen")


def editor_pictures(page: Page) -> None:
    """Build the three policies of docs/editor.md on screen and show what comes of them."""
    page.goto("/contactladders/nieuw")
    keep(page, "editor-begin")
    writer = Writer(page)
    for build, name in ((build_small, "noorderhuis"), (build_city, "stadswonen"), (build_families, "de-brug")):
        build(writer)
        page.reload()
        page.get_by_text("Bewezen: niemand wordt vergeten").wait_for(timeout=60_000)
        page.locator("#side-proefrit .ride").wait_for(timeout=60_000)
        page.set_viewport_size({"width": DESKTOP["width"], "height": 1900})
        page.evaluate("scrollTo(0, 0)")
        keep(page, f"editor-{name}")
        page.set_viewport_size(DESKTOP)
    writer.open("Huisbezoek bij een gezin")
    top(page, "#stap-huisbezoek_bij_een_gezin")
    keep(page, "editor-stap")
    page.get_by_role("link", name="Huisbezoek bij een gezin", exact=True).click()
    page.get_by_role("link", name="Stap toevoegen aan de fase 'Hulp erbij'").click()
    page.locator("#new-step").wait_for()
    top(page, "#new-step")
    keep(page, "editor-nieuw")


def text_pictures(page: Page) -> None:
    """Take a hard letter in the editor of texts, and show what it says and what becomes of it."""
    page.goto("/teksten/reminder/bewerken?channel=letter&language=nl")
    body = page.get_by_role("textbox", name="Tekst")
    body.fill(HARD_LETTER)
    page.locator("#side").get_by_text("mag nog niet weg").wait_for()
    top(page, "#text-form")
    keep(page, "tekst-moeilijk")
    body.fill(PLAIN_LETTER)
    page.locator("#side").get_by_text("mag weg").wait_for()
    top(page, "#text-form")
    keep(page, "tekst-leesbaar")
    page.get_by_role("button", name="Verder naar in gebruik nemen").click()
    page.get_by_role("heading", name="Wat er verandert").wait_for()
    keep(page, "tekst-in-gebruik")
    page.goto("/teksten/reminder/bewerken?channel=sms&language=ar&naast=nl")
    top(page, "#preview-title")
    keep(page, "tekst-arabisch")


def unproven_picture(page: Page) -> None:
    """Show a ladder that is not right yet: what fails, and how it goes wrong."""
    Writer(page).begin("Alleen een herinnering", "nog niemand")
    Writer(page).add("Herinnering", "Herinnering", 5)
    page.get_by_role("button", name="Klaar").click()
    page.reload()
    page.get_by_text(re.compile("klop(t|pen) nog niet")).wait_for(timeout=60_000)
    page.evaluate("scrollTo(0, 0)")
    keep(page, "editor-klopt-niet")


def editor_on_the_phone(page: Page) -> None:
    """Show the editor at the width of a phone."""
    page.goto("/contactladders/standaard/bewerken")
    top(page, "[data-stage=contact]")
    keep(page, "editor-telefoon")


def mail_picture(browser: Browser) -> None:
    """Show a reminder as a mail program shows it, on a phone."""
    template = load_catalogue().get("reminder", "email", "nl")
    values = sample_values("typical", "nl")
    rendered = render(template, {name: values[name] for name in template.placeholders})
    message = Outbound(
        key="picture",
        channel="email",
        to="huurder@voorbeeld.example",
        sender="post@voorbeeld.example",
        text=rendered.text,
        subject=rendered.subject,
        at=datetime(2026, 9, 8, 8, tzinfo=UTC),
        sender_name="Wonen Voorbeeld",
    )
    page = browser.new_page(viewport=PHONE)
    page.set_content(as_html(message))
    page.screenshot(path=IMAGES / "e-mail.png")
    page.close()


def main() -> None:
    """Take all pictures; a folder as argument keeps the played sample for the next time."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        folder.mkdir(exist_ok=True)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        mail_picture(browser)
        runtime, password = sample(folder)
        runtime = replace(runtime, settings=replace(runtime.settings, public_url="https://huur.voorbeeld.example"))
        with live(create_app(runtime)) as address:
            with visit(browser, address, "bas", password, PHONE) as page:
                field_pictures(page)
            with visit(browser, address, "anouk", password, DESKTOP) as page:
                worker_pictures(page)
            tenant_pictures(browser, runtime, address)
            with visit(browser, address, "ruben", password, DESKTOP) as page:
                policy_pictures(page)
            with visit(browser, address, "admin", password, DESKTOP) as page:
                page.goto("/gebruikers")
                keep(page, "gebruikers")
        runtime.db.dispose()
        own, own_password = own_landlord(Path(scratch))
        with live(create_app(own)) as address, visit(browser, address, "admin", own_password, DESKTOP) as page:
            admin_pictures(page, Path(scratch))
            editor_pictures(page)
            unproven_picture(page)
            text_pictures(page)
        with live(create_app(own)) as address, visit(browser, address, "admin", own_password, PHONE) as page:
            editor_on_the_phone(page)
        own.db.dispose()
        browser.close()


if __name__ == "__main__":
    main()
