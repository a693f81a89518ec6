"""The tenant's page in real Chromium: from the link in an SMS to a plan, in three languages, also without script."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from messages.page_texts import PageTexts, page_texts
from outreach.db.tables import AttemptRow, InboundRow, InstalmentRow, PaymentPlanRow
from outreach.web.app import create_app
from tests.support.console import live
from tests.support.tenant_page import Kept, in_arrears, keeping_world, link_for
from tests.support.tools import axe_source
from tests.support.worlds import FIRST_DAY, SETTINGS, World

pytestmark = pytest.mark.browser
SMALL = ViewportSize(width=360, height=740)
LARGE = ViewportSize(width=1440, height=900)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASKS = {"nl": "regeling", "tr": "taksit", "ar": "تقسيط"}


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, str]]:
    """Serve the pages of a landlord who writes three languages at his public address, once for all tests."""
    settings = replace(SETTINGS, languages=("nl", "en", "tr", "ar"))
    folder = tmp_path_factory.mktemp("page")
    with keeping_world(sqlite_template, folder, with_home=False, settings=settings) as kept:
        made = kept.world
        with live(create_app(made.runtime)) as url:
            made.runtime = replace(made.runtime, settings=replace(made.runtime.settings, public_url=url))
            yield kept, url


@pytest.fixture
def world(served: tuple[Kept, str]) -> tuple[World, str]:
    """Give the landlord as he was at the beginning, and his address."""
    return served[0].again(), served[1]


def link_in_sms(world: World, language: str) -> str:
    """Let a tenant ask for a plan by SMS, and give the link in the answer that he gets."""
    home = in_arrears(world, language=language)
    world.reply(home.phone, "regeling")
    world.tick(FIRST_DAY, 10, 5)
    [answer] = world.attempts(AttemptRow.template == "answer_plan_ask", AttemptRow.state == "sent")
    found = re.search(r"http://\S+/r/[0-9A-Z]{12}", answer.text or "")
    assert found is not None and answer.language == language
    return found.group()


def opened(page: Page, link: str, t: PageTexts) -> None:
    page.goto(link)
    expect(page.locator("html")).to_have_attribute("dir", t.direction)
    page.get_by_label(t.say("ask_year")).fill("1985")
    page.get_by_role("button", name=t.say("next")).click()
    expect(page.get_by_text(t.say("choose"))).to_be_visible()


@pytest.mark.parametrize("language", ["nl", "tr", "ar"])
def test_from_the_link_in_an_sms_to_a_plan_with_the_slider(
    phone_page: Page, world: tuple[World, str], language: str
) -> None:
    page, t = phone_page, page_texts(language)
    page.set_viewport_size(SMALL)
    opened(page, link_in_sms(world[0], language), t)
    page.locator("summary").click()
    checked(page, "begin")
    page.get_by_role("link", name=t.say("do_plan")).click()
    slider = page.get_by_role("slider")
    expect(slider).to_be_visible()
    expect(page.locator("#lees")).to_be_hidden()
    checked(page, "plan")
    slider.focus()
    slider.press("End")
    expect(page.locator("#uitleg")).to_contain_text(t.money(40000))
    page.get_by_label(t.say("plan_other")).fill("60")
    page.get_by_role("button", name=t.say("next")).click()
    expect(page.locator(".dates li").first).to_contain_text(t.money(6000))
    page.get_by_role("link", name=t.say("confirm_other")).click()
    slider.press("Home")
    expect(page.locator("#uitleg")).to_contain_text(t.money(3500))
    for _ in range(9):
        slider.press("ArrowUp")
    expect(page.locator("#uitleg")).to_contain_text(t.money(8000))
    assert t.money(8000) in (slider.get_attribute("aria-valuetext") or "")
    page.get_by_role("button", name=t.say("next")).click()
    expect(page.get_by_role("heading", name=t.say("confirm_title"))).to_be_visible()
    expect(page.locator(".dates li")).to_have_count(5)
    checked(page, "bevestigen")
    page.get_by_label(t.say("debts_no"), exact=True).check()
    page.get_by_role("button", name=t.say("confirm_yes")).click()
    expect(page.get_by_role("status")).to_have_text(t.say("ok_plan"))
    expect(page.get_by_role("heading", name=t.say("plan_now"))).to_be_visible()
    checked(page, "afgesproken")
    [plan] = world[0].rows(PaymentPlanRow)
    assert (plan.state, plan.month_cents) == ("active", 8000)
    assert sum(row.amount_cents for row in world[0].rows(InstalmentRow)) == 40000
    world[0].tick(FIRST_DAY, 10, 30)
    [confirmation] = world[0].attempts(AttemptRow.template == "plan_confirmed")
    assert confirmation.state == "sent" and confirmation.language == language


def test_without_script_a_plan_and_a_mistake_beside_its_field(browser: Browser, world: tuple[World, str]) -> None:
    t = page_texts("nl")
    context = browser.new_context(java_script_enabled=False, viewport=SMALL)
    page = context.new_page()
    opened(page, link_in_sms(world[0], "nl"), t)
    assert page.get_by_role("button", name=t.say("read_aloud")).count() == 0
    page.get_by_role("link", name=t.say("do_plan")).click()
    assert page.get_by_role("slider").count() == 0
    page.get_by_role("button", name=t.say("next")).click()
    expect(page.get_by_text(t.say("amount_missing"))).to_be_visible()
    page.get_by_label(re.compile("€ 100 per maand")).check()
    page.get_by_role("button", name=t.say("next")).click()
    page.get_by_label(t.say("debts_no"), exact=True).check()
    page.get_by_role("button", name=t.say("confirm_yes")).click()
    expect(page.get_by_role("status")).to_have_text(t.say("ok_plan"))
    page.go_back()
    expect(page.get_by_text(t.say("choose"))).to_be_visible()
    expect(page.get_by_role("button", name="العربية")).to_be_hidden()
    page.get_by_text("اللغة").click()
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    context.close()


def test_by_keyboard_alone_and_what_was_typed_stays(desktop_page: Page, world: tuple[World, str]) -> None:
    page, t = desktop_page, page_texts("nl")
    home = in_arrears(world[0])
    page.goto(f"{world[1]}/r/{link_for(world[0], home)}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=t.say("skip"))).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("1985")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=t.say("do_message")).focus()
    page.keyboard.press("Enter")
    page.get_by_label(t.say("message_ask")).fill("Een lang verhaal")
    world[0].at(FIRST_DAY, 11)
    page.get_by_role("button", name=t.say("send")).click()
    expect(page.get_by_text(t.say("kept"))).to_be_visible()
    page.get_by_label(t.say("ask_year")).fill("1985")
    page.get_by_role("button", name=t.say("next")).click()
    expect(page.get_by_label(t.say("message_ask"))).to_have_value("Een lang verhaal")
    page.get_by_role("button", name=t.say("send")).click()
    expect(page.get_by_role("status")).to_have_text(t.say("ok_message"))
    assert [row.text for row in world[0].rows(InboundRow)] == ["Een lang verhaal"]


def test_every_other_page_fits_a_small_phone_and_keeps_the_rules_of_accessibility(
    phone_page: Page, world: tuple[World, str]
) -> None:
    page, (made, url), t = phone_page, world, page_texts("nl")
    page.set_viewport_size(SMALL)
    address = f"{url}/r/{link_for(made, in_arrears(made))}"
    for name in (f"{url}/r/AAAAAAAAAAAA", address):
        page.goto(name)
        checked(page, name)
    opened(page, address, t)
    for name in ("/bellen", "/betaald", "/hulp", "/bericht"):
        page.goto(address + name)
        checked(page, name)
    page.goto(f"{address}/hulp")
    page.get_by_role("button", name=t.say("help_send")).click()
    expect(page.get_by_text(t.say("help_missing"))).to_be_visible()
    checked(page, "fout")
    page.set_viewport_size(LARGE)
    for name in ("", "/plan"):
        page.goto(address + name)
        checked(page, name, width=LARGE["width"])
    page.set_viewport_size(SMALL)
    for own in ("Türkçe", "العربية"):
        page.goto(address)
        page.locator("summary").click()
        page.get_by_role("button", name=own).click()
        for name in ("/bellen", "/betaald", "/hulp", "/bericht"):
            page.goto(address + name)
            fits(page, name)


def fits(page: Page, name: str, width: int = SMALL["width"]) -> None:
    """Check that nothing scrolls sideways, and that targets are large."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    small = page.evaluate(
        "[...document.querySelectorAll('main a, button, summary, .option, input:not([type=hidden]):not([type=radio])')]"
        ".filter(each => each.offsetParent && (each.offsetHeight < 24 || each.offsetWidth < 24))"
        ".map(each => each.outerHTML)"
    )
    assert small == [], name


def checked(page: Page, name: str, width: int = SMALL["width"]) -> None:
    """Check that a page fits, and what axe finds."""
    fits(page, name, width)
    page.evaluate(axe_source())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    assert [(name, each["id"], each["nodes"][0]["html"][:140]) for each in found] == []
