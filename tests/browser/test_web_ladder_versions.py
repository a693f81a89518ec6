"""Publishing and moving in a real browser: by keyboard and labels, no barriers, nothing wider than a phone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from outreach.db.tables import CaseRow, UserRow
from outreach.services.actor import Actor
from outreach.services.ladder_drafts import Done, save_draft
from outreach.web.app import create_app
from schedules.ladder import example_fills
from schedules.ladder_file import ladder_data, write_ladder
from schedules.shipped import load_shipped, shipped_text
from tests.support.browser import PHONE
from tests.support.builders import PASSWORD, hashed_password
from tests.support.console import live
from tests.support.tools import axe_source
from tests.support.versions import Data, step_of
from tests.support.worlds import FIRST_DAY, World, building

pytestmark = pytest.mark.browser

NAME = "woongoed_zeist_met_bodem"


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord on a ladder of a source with the floor, with two running cases and a draft of a policy officer."""
    with building(migrated_sqlite_url, tmp_path) as build:
        made = build()
        made.change_settings(fills=dict(example_fills(load_shipped(NAME))), default_ladder=NAME)
        for _ in range(2):
            made.owe(made.home())
        made.live(FIRST_DAY)
        user = UserRow(
            landlord_id=made.landlord_id,
            username="ruben",
            name="Ruben",
            role="policy",
            password_hash=hashed_password(),
            created_at=made.clock(),
        )
        made.add(user)
        actor = Actor(label="Ruben", user_id=user.id)
        save_draft(made.runtime, actor, made.landlord_id, NAME, 0, changed(), Done(what="imported"))
        yield made


def changed() -> str:
    """The ladder with its first step under another key and a visit a day later."""
    data: Data = ladder_data(shipped_text(NAME))
    first = data["steps"][0]["key"]
    text = write_ladder(data).replace(f"step: {first}", "step: eerste_bericht")
    data = ladder_data(text)
    step_of(data, first)["key"] = "eerste_bericht"
    return write_ladder(data)


def barriers(page: Page) -> list[str]:
    page.evaluate(axe_source())
    found = page.evaluate("axe.run()")["violations"]
    return [f"{page.url} {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def fits(page: Page) -> bool:
    page.set_viewport_size(PHONE)
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    return fitting


def test_a_draft_is_published_and_its_cases_are_moved(world: World, desktop_page: Page) -> None:
    page, wrong, wide = desktop_page, [], []

    def look() -> None:
        wrong.extend(barriers(page))
        wide.extend([] if fits(page) else [page.url])

    with live(create_app(world.runtime)) as address:
        page.goto(f"{address}/inloggen")
        page.get_by_label("Gebruikersnaam").fill("ruben")
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/vandaag")
        page.goto(f"{address}/contactladders/{NAME}")
        look()
        page.get_by_role("link", name="Bekijk en publiceer").click()
        page.locator(".work-table").wait_for()
        look()
        page.get_by_label("Waarom verandert de ladder?").fill("Vriendelijker begin")
        page.get_by_role("button", name="Publiceren").click()
        page.wait_for_url("**/versies")
        look()
        page.get_by_role("link", name="Dossiers verplaatsen").first.click()
        page.locator("input[name=groep]").first.wait_for()
        for box in page.locator("input[name=groep]").all():
            box.check()
        page.get_by_role("button", name="Laat zien wat er verandert").click()
        page.get_by_text("2 dossiers gekozen").wait_for()
        look()
        page.get_by_label("Waarom verplaatst u deze dossiers?").fill("Iedereen gelijk")
        page.get_by_role("button", name="Verplaats 2 dossiers").click()
        page.get_by_text("2 dossiers verplaatst").wait_for()
        page.goto(f"{address}/contactladders/{NAME}/afdrukken")
        look()
    assert not wrong, json.dumps(wrong, indent=1)
    assert not wide
    in_force = world.policy.ladder_version_ids[NAME]
    assert {case.ladder_version_id for case in world.rows(CaseRow)} == {in_force}
