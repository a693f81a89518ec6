"""The case tells what staff recorded: decisions with their reason, dates, features, grounds, notes of tasks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from outreach.db.tables import ReferralRow, TaskRow, UserRow
from outreach.services import actions
from outreach.web.app import create_app
from tests.support.builders import hashed_password
from tests.support.care import care_world, day, owing
from tests.support.console import Visitor
from tests.support.worlds import Home, World, building

pytestmark = pytest.mark.integration


@pytest.fixture
def case(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[tuple[World, Home, Visitor]]:
    """Yield a case in which a decision is asked, and who reads it."""
    with building(migrated_sqlite_url, tmp_path) as build:
        world = care_world(build)
        [home] = owing(world)
        world.live(day(0), day(3))
        with world.runtime.db.write() as session:
            session.execute(update(UserRow).values(role="worker", password_hash=hashed_password()))
        visitor = Visitor(create_app(world.runtime))
        visitor.sign_in()
        yield world, home, visitor


def test_a_decision_stands_in_the_case_once_with_who_took_it_why_and_its_document(
    case: tuple[World, Home, Visitor],
) -> None:
    world, home, visitor = case
    address = f"/dossiers/{world.case(home).id}"
    visitor.get(address)
    visitor.post(
        f"{address}/besluit/panel",
        outcome="go_on",
        reason="Er is geen hulp nodig.",
        reference="Verslag 12",
        decided_on=day(2).isoformat(),
    )
    page = visitor.get(address)
    story = page[page.index('id="tijdlijn"') :]
    assert story.count("Besluit: Commissie") == 1
    assert "Verder" in story and "Er is geen hulp nodig." in story and "Verslag 12" in story
    assert "go on" not in story and "go_on" not in story


def test_what_was_recorded_is_told_in_words(case: tuple[World, Home, Visitor]) -> None:
    world, home, visitor = case
    act, case_id = (world.runtime, world.actor), world.case(home).id
    actions.set_date(*act, case_id, name="summons", on=day(1), evidence="Exploot 7")
    actions.set_ground(*act, case_id, ground="neglect", note="Veel vuil in de gang.")
    actions.record_household(*act, case_id, children="yes", source="de buurvrouw", on=day(1))
    actions.refuse_help(*act, case_id, note="Wil eerst zelf kijken.")
    page = visitor.get(f"/dossiers/{case_id}")
    for words in (
        "Dagvaarding: woensdag 7 oktober",
        "Exploot 7",
        "Grond: Verwaarlozing",
        "Veel vuil in de gang.",
        "Kinderen: ja (de buurvrouw)",
        "De huurder wil nu geen hulp",
        "Wil eerst zelf kijken.",
    ):
        assert words in page


def test_a_note_typed_with_a_task_is_not_lost(case: tuple[World, Home, Visitor]) -> None:
    world, home, visitor = case
    [referral] = world.rows(ReferralRow)
    actions.referral_feedback(world.runtime, world.actor, referral.id, state="rejected", reason="too_light")
    [task] = world.tasks(TaskRow.kind == "referral_rejected")
    visitor.get("/vandaag")
    visitor.post(f"/taken/{task.id}", outcome="done", note="Wijkteam gebeld, zij komen toch.")
    assert "Wijkteam gebeld, zij komen toch." in visitor.get(f"/dossiers/{world.case(home).id}")


def test_what_is_planned_stands_in_the_case_once_and_its_empty_plan_says_so(case: tuple[World, Home, Visitor]) -> None:
    world, home, visitor = case
    address = f"/dossiers/{world.case(home).id}"
    assert "Er staat niets gepland." not in visitor.get(address)
    actions.record_decision(
        world.runtime, world.actor, world.case(home).id, step="panel", outcome="chance", reason="Hulp.",
        reference="Verslag 12", decided_on=day(2),
    )  # fmt: skip
    world.live(day(4), day(4))
    assert "Er staat niets gepland." in visitor.get(address)
