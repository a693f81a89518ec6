"""The engines and the browser that the tests run on are real and fresh."""

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, text

from outreach.db.engine import make_engine
from outreach.db.migrate import differences
from tests.support.browser import DESKTOP, PHONE, watched_page
from tests.support.tools import axe_source

pytestmark = pytest.mark.house


@pytest.mark.parametrize("again", [1, 2])
def test_each_test_gets_an_empty_database(database_url: str, again: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mark (id integer)"))
        connection.execute(text("INSERT INTO mark VALUES (:again)"), {"again": again})
        assert connection.execute(text("SELECT id FROM mark")).scalars().all() == [again]
    engine.dispose()


@pytest.mark.browser
def test_pages_have_the_size_of_a_desk_and_of_a_phone(desktop_page: Page, phone_page: Page) -> None:
    for page, size in ((desktop_page, DESKTOP), (phone_page, PHONE)):
        page.set_content("<h1>Vandaag</h1>")
        assert page.get_by_role("heading").inner_text() == "Vandaag"
        assert page.evaluate("[screen.width, navigator.language]") == [size["width"], "nl-NL"]


@pytest.mark.parametrize("again", [1, 2])
def test_a_migrated_database_has_the_newest_schema(migrated_url: str, again: int) -> None:
    engine = make_engine(migrated_url)
    assert differences(engine) == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mark (id integer)"))
    engine.dispose()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<script>throw new Error('stuk')</script>", "stuk"),
        (
            "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\"><script>1</script>",
            "Content Security Policy",
        ),
    ],
)
def test_a_page_that_breaks_fails_its_test(browser: Browser, content: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint), watched_page(browser, viewport=DESKTOP, touch=False) as page:
        page.set_content(content)


@pytest.mark.browser
def test_the_accessibility_rules_find_a_picture_without_text(desktop_page: Page) -> None:
    desktop_page.set_content("<html lang='nl'><title>Proef</title><main><h1>Proef</h1><img src='data:,'></main></html>")
    desktop_page.evaluate(axe_source())
    found = desktop_page.evaluate("axe.run().then(result => result.violations.map(violation => violation.id))")
    assert found == ["image-alt"]
