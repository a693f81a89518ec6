"""A ladder is worked out in the browser: the page follows how far it is by itself, and the result has no barriers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from outreach.web.app import create_app
from tests.support.builders import PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Yield the address of a console without tenants."""
    runtime = console_runtime(tmp_path)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="beleid", role="policy", name="Ruben")
    with live(create_app(runtime)) as found:
        yield found
    runtime.db.dispose()


def wait_for_pictures(page: Page) -> None:
    """Wait until every chart is drawn; the page's own policy forbids a script that waits."""
    drawn = "[...document.querySelectorAll('.chart__picture')].every((each) => each.naturalWidth > 0)"
    for _ in range(200):
        if page.evaluate(drawn):
            return
        page.wait_for_timeout(50)
    raise AssertionError("a chart was not drawn")


def test_a_policy_officer_works_a_ladder_out(address: str, desktop_page: Page) -> None:
    page = desktop_page
    page.goto(f"{address}/inloggen")
    page.fill("#username", "beleid")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "inloggen" not in url)
    page.goto(f"{address}/contactladders/standaard/doorrekenen")
    page.fill("[name=tenancies]", "200")
    page.fill("[name=months]", "2")
    page.get_by_role("button", name="Reken door").click()
    page.wait_for_selector("#cijfers")
    assert "geen voorspelling" in page.inner_text("main")
    wait_for_pictures(page)
    assert page.locator(".chart__picture").count() > 8
    page.locator(".chart__table summary").first.click()
    page.evaluate(axe_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert not found["violations"], json.dumps(found["violations"], indent=1)[:3000]
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
