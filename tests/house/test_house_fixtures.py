"""The engines and the browser that the tests run on are real and fresh."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.support.browser import DESKTOP, PHONE

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
