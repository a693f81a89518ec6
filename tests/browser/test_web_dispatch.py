"""Verzending and its dry run in a real browser: no barriers, and no side scrolling on a phone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from outreach.web.app import create_app
from tests.support.builders import NOW, PASSWORD, Builder
from tests.support.console import console_runtime, install, live
from tests.support.tools import axe_source

pytestmark = pytest.mark.browser
PAGES = ("/verzending", "/verzending/droogloop")


@pytest.fixture(params=["nothing waits", "a message waits"])
def address(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of a console in which nothing waits, or one message."""
    runtime = console_runtime(tmp_path)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="baas", role="admin", name="Bo Baas")
        builder.make_delivery()
        if request.param == "a message waits":
            person = builder.make_person(family_name="Yilmaz", initials="F.")
            case = builder.make_case(tenancy=builder.make_tenancy(person=person))
            builder.make_attempt(case, person, state="planned", sent_at=None, due_at=NOW - timedelta(hours=1))
    with live(create_app(runtime)) as served:
        yield served
    runtime.db.dispose()


def enter(page: Page, address: str) -> None:
    """Sign in as the administrator."""
    page.goto(f"{address}/inloggen")
    page.fill("#username", "baas")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(re.compile(r"/(vandaag|start)$"))


def test_the_pages_have_no_barrier_and_do_not_scroll_sideways(address: str, phone_page: Page) -> None:
    enter(phone_page, address)
    source = axe_source()
    for path in PAGES:
        answer = phone_page.goto(address + path)
        assert answer is not None and answer.ok
        assert phone_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        phone_page.evaluate(source)
        assert phone_page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == [], path
