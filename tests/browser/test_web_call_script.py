"""The robocall in real Chromium: readable by everybody, in both directions of writing, and it plays."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from outreach.services.call_preview import speech_engine
from outreach.web.app import create_app
from tests.support.builders import PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser
PLAYS = """audio => new Promise(done => {
  audio.addEventListener('loadedmetadata', () => done(audio.duration));
  audio.addEventListener('error', () => done(0));
  audio.load();
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    runtime = console_runtime(tmp_path_factory.mktemp("call"))
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="ruben", role="policy", name="Ruben Smit")
    with live(create_app(runtime)) as url:
        yield url
    runtime.db.dispose()


def test_a_call_is_looked_at_and_heard(phone_page: Page, address: str) -> None:
    page = phone_page
    page.goto(f"{address}/inloggen")
    page.get_by_label("Gebruikersnaam").fill("ruben")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.goto(f"{address}/teksten/belcomputer/robocall_arrears")
    expect(page.get_by_role("heading", name="1. De telefoon wordt opgenomen")).to_be_visible()
    page.evaluate(axe_source())
    assert page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Arabisch").click()
    expect(page.locator("#greeting p[dir=rtl]").first).to_be_visible()
    if speech_engine() is not None:
        assert page.locator("#greeting audio").first.evaluate(PLAYS) > 2
