"""The page Drukwerk in a real browser: no barriers, no side scrolling, a batch with the keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from channels.contract import Outbound
from outreach.config import Settings
from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import make_runtime
from outreach.services.letter_heads import paper_extra
from outreach.services.print_batches import make_batch, print_house
from outreach.web.app import create_app
from tests.support.builders import NOW, PASSWORD, Builder
from tests.support.console import MovableClock, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Yield a served console with a batch and a letter that waits."""
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'console.sqlite3'}",
        secret_key="test" * 8,
        mode="live",
        sending_enabled=True,
        print_dir=str(tmp_path / "print"),
    )
    runtime = make_runtime(settings, clock=MovableClock())
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="baas", role="admin", name="Bo Baas")
        builder.make_delivery()
        landlord_id = builder.landlord.id
    house = print_house(runtime)
    assert house is not None
    extra = paper_extra(LandlordSettings(sender_name="Wonen"), landlord_id, None, NOW.date())
    letter = Outbound(
        key="a",
        channel="letter",
        to="Kastanjelaan 1, 1234 AB Voorbeeldstad",
        sender="",
        name="mevrouw A.B.C. van der Zeer-Lange Dubbelenaam",
        text="Wilt u mij bellen?",
        at=NOW,
        extra=extra,
    )
    house.send([letter])
    make_batch(runtime, landlord_id, NOW)
    house.send([Outbound(**{**vars(letter), "key": "b"})])
    with live(create_app(runtime)) as served:
        yield served
    runtime.db.dispose()


def enter(page: Page, address: str) -> None:
    page.goto(f"{address}/inloggen")
    page.fill("#username", "baas")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/start")


def test_the_pages_have_no_barrier_and_fit_a_phone(address: str, phone_page: Page) -> None:
    enter(phone_page, address)
    source = axe_source()
    phone_page.goto(f"{address}/drukwerk")
    batch = phone_page.get_attribute("a.row-link", "href")
    for path in ("/drukwerk", batch):
        phone_page.goto(f"{address}{path}")
        assert phone_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        phone_page.evaluate(source)
        violations = phone_page.evaluate("axe.run()")["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:160]) for each in violations] == []


def test_a_batch_is_made_and_marked_as_sent(address: str, desktop_page: Page) -> None:
    enter(desktop_page, address)
    desktop_page.goto(f"{address}/drukwerk")
    desktop_page.get_by_role("button", name="Partij maken").press("Enter")
    desktop_page.wait_for_url("**/drukwerk/partij/*")
    with desktop_page.expect_download() as fetched:
        desktop_page.get_by_role("link", name="Brieven (PDF)").click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF")
    desktop_page.get_by_role("button", name="Verstuurd").press("Enter")
    desktop_page.wait_for_selector("text=Vastgelegd: deze partij is verstuurd.")
