"""A case in which nothing is planned and nobody is busy comes back to a person, and is asked about once a month."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from outreach.db.tables import ReferralRow, TaskRow
from outreach.services import actions
from outreach.services.acting import Refused
from tests.support.care import care_world, day, morning, owing
from tests.support.worlds import Build, Home, World, building

pytestmark = pytest.mark.integration


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


@pytest.fixture
def lite(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on SQLite, for what asks nothing of the database that others do not ask of both."""
    with building(migrated_sqlite_url, tmp_path) as made:
        yield made


def at_rest(build: Build) -> tuple[World, Home]:
    """Make a case whose partner said no and whose commission chose a way that no step of the ladder follows."""
    world = care_world(build)
    [home] = owing(world)
    world.live(day(0), day(3))
    [referral] = world.rows(ReferralRow)
    actions.referral_feedback(world.runtime, world.actor, referral.id, state="rejected", reason="too_light")
    [rejected] = world.tasks(TaskRow.kind == "referral_rejected")
    actions.complete_task(world.runtime, world.actor, rejected.id, "done")
    actions.record_decision(
        world.runtime, world.actor, world.case(home).id, step="panel", outcome="chance", reason="Wij zoeken hulp.",
        reference="Verslag 12", decided_on=day(2),
    )  # fmt: skip
    return world, home


def asked(world: World) -> list[str]:
    return [task.key for task in world.rows(TaskRow) if task.kind == "how_on"]


def test_a_case_that_rests_with_nobody_is_asked_about_after_two_quiet_weeks(build: Build) -> None:
    world, _home = at_rest(build)
    for ahead in (6, 14, 17):
        morning(world, ahead)
        assert asked(world) == [], "it is quiet for less than two weeks"
    morning(world, 20)
    morning(world, 21)
    assert len(asked(world)) == 1


def test_who_answered_is_asked_again_next_month_and_not_sooner(lite: Build) -> None:
    world, _home = at_rest(lite)
    morning(world, 20)
    [task] = world.tasks(TaskRow.kind == "how_on")
    actions.complete_task(world.runtime, world.actor, task.id, "no_answer", "Niet opgenomen.")
    with pytest.raises(Refused):
        actions.complete_task(world.runtime, world.actor, task.id, "no_answer")
    morning(world, 28)
    assert len(asked(world)) == 1
    morning(world, 41)
    assert len(asked(world)) == 2


def test_a_promise_that_stands_has_the_case(lite: Build) -> None:
    world, home = at_rest(lite)
    case_id, on = world.case(home).id, day(40)
    actions.note_promise(world.runtime, world.actor, case_id, promised_on=on)
    morning(world, 20)
    assert asked(world) == []


def test_a_child_that_was_found_does_not_hide_a_case_for_ever(lite: Build) -> None:
    world, home = at_rest(lite)
    actions.report_child(world.runtime, world.actor, world.case(home).id, note="Een kind deed alleen open.")
    [crisis] = world.tasks(TaskRow.kind == "crisis")
    with pytest.raises(Refused):
        actions.complete_task(world.runtime, world.actor, crisis.id, "not_needed")
    actions.complete_task(world.runtime, world.actor, crisis.id, "done", "De huisarts is er.")
    morning(world, 20)
    assert len(asked(world)) == 1


def test_a_pause_with_an_end_is_watched_by_its_end(lite: Build) -> None:
    world, home = at_rest(lite)
    until = day(0) + timedelta(days=60)
    actions.pause_case(world.runtime, world.actor, world.case(home).id, reason="illness", until_on=until, note="Ziek.")
    morning(world, 20)
    assert asked(world) == []
