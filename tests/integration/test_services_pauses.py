"""A pause by a route holds on its conditions: one that fails, or its end, is a task for a person, never a demand."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.audit import audit
from outreach.db.tables import AttemptRow, CaseRow, PauseRow, ReferralRow, TaskRow
from outreach.services import actions
from outreach.services.acting import Refused
from tests.support.care import PAUSE, care_world, day, morning, owing
from tests.support.worlds import FIRST_DAY, Build, Home, World, building

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


def helped(build: Build) -> tuple[World, Home]:
    """Make a case whose partner said on the first day that help was accepted."""
    world = care_world(build, PAUSE)
    [home] = owing(world)
    morning(world, 0)
    [row] = world.rows(ReferralRow)
    actions.referral_feedback(world.runtime, world.actor, row.id, state="accepted", help_said="accepted")
    return world, home


def sent_since(world: World, on: date) -> list[str]:
    start = world.runtime.calendar.utc(on)
    return [row.step for row in world.attempts(AttemptRow.sent_at >= start)]


def test_help_accepted_pauses_by_the_rule_of_the_route_for_nine_months_at_most(lite: Build) -> None:
    world, _home = helped(lite)
    [pause] = world.rows(PauseRow)
    assert (pause.reason, pause.until_on) == ("help_accepted", day(0) + timedelta(days=273))
    assert [each["key"] for each in pause.conditions] == ["rent", "help", "request"]


def test_rent_that_is_not_paid_asks_a_person_to_resume_and_sends_nothing(build: Build) -> None:
    world, home = helped(build)
    world.owe(home, due_on=date(2026, 11, 1))
    morning(world, 27)
    assert world.tasks(TaskRow.kind == "resume") == [], "within the days of grace"
    morning(world, 30)
    [task] = world.tasks(TaskRow.kind == "resume")
    assert [each["nl"] for each in task.detail["failed"]] == ["De huur wordt betaald"]
    world.live(day(31), day(34))
    assert sent_since(world, day(1)) == []
    [pause] = world.rows(PauseRow)
    assert (pause.ended_at, len(world.rows(TaskRow, TaskRow.kind == "resume"))) == (None, 1)
    actions.resume_case(world.runtime, world.actor, world.case(home).id, pause_id=pause.id, reason="Niet betaald.")
    world.live(day(35), day(36))
    assert sent_since(world, day(35)) == ["letter"]
    assert audit(world.runtime.db.engine).violations["while_paused"].count == 0


def test_rent_of_before_the_pause_is_no_failure(lite: Build) -> None:
    world, home = helped(lite)
    world.owe(home, due_on=date(2026, 10, 1))
    morning(world, 30)
    assert world.tasks(TaskRow.kind == "resume") == []


def test_help_that_stops_asks_to_resume_and_the_pause_stays(lite: Build) -> None:
    world, _home = helped(lite)
    [row] = world.rows(ReferralRow)
    actions.referral_feedback(world.runtime, world.actor, row.id, state="stopped", text="Komt niet opdagen.")
    assert [task.detail["failed"][0]["en"] for task in world.tasks(TaskRow.kind == "resume")] == ["The help goes on"]
    assert world.rows(PauseRow)[0].ended_at is None


def test_what_no_record_can_tell_is_asked_each_month_and_a_no_asks_to_resume(lite: Build) -> None:
    world, home = helped(lite)
    case_id = world.case(home).id
    morning(world, 30)
    [task] = world.tasks(TaskRow.kind == "pause_check")
    assert task.detail["keys"] == ["request"]
    [pause] = world.rows(PauseRow)

    def say(holds: str) -> None:
        actions.say_condition(
            world.runtime,
            world.actor,
            case_id,
            pause_id=pause.id,
            condition="request",
            holds=holds,
            evidence="Mail van de schuldhulp",
        )

    say("yes")
    assert world.tasks(TaskRow.kind == "pause_check") == []
    morning(world, 50)
    assert world.tasks(TaskRow.kind == "pause_check") == [], "said three weeks ago"
    say("no")
    assert len(world.tasks(TaskRow.kind == "resume")) == 1
    with pytest.raises(Refused):
        say("misschien")


def test_an_end_that_comes_is_a_task_and_contact_waits_until_it_is_done(build: Build) -> None:
    world, home = helped(build)
    with world.runtime.db.write() as session:
        session.query(PauseRow).one().until_on = day(7)
    world.live(day(7), day(9))
    [pause] = world.rows(PauseRow)
    [task] = world.tasks(TaskRow.kind == "resume")
    assert (pause.end_reason, sent_since(world, day(1))) == ("end_date", [])
    waiting = world.case(home).decision["waiting"]
    assert {why["params"].get("reason") for step in waiting for why in step["why"] if why["code"] == "paused"} == {
        "resume_asked"
    }
    actions.complete_task(world.runtime, world.actor, task.id, "done", "De hulp is klaar.")
    world.live(day(10), day(10))
    assert sent_since(world, day(10)) == ["letter"]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_pause_of_staff_that_ends_by_itself_is_no_demand_on_that_day(lite: Build, length: int) -> None:
    world = care_world(lite)
    [home] = owing(world)
    morning(world, 0)
    end = FIRST_DAY + timedelta(days=1 + length)
    actions.pause_case(world.runtime, world.actor, world.case(home).id, reason="illness", until_on=end)
    world.live(day(1), end)
    assert sent_since(world, day(1)) == []
    assert len(world.tasks(TaskRow.kind == "resume")) == 1
    world.live(end + timedelta(days=1), end + timedelta(days=4))
    assert sent_since(world, end) == ["letter"]


def test_the_end_counts_from_the_feedback_that_the_route_names(lite: Build) -> None:
    text = PAUSE.replace("help_accepted", "referral_sent").replace(
        "max_months: 9", "max_days: 60\n  counts_from: terug"
    )
    world = care_world(lite, text)
    owing(world)
    morning(world, 0)
    [pause] = world.rows(PauseRow)
    assert (pause.reason, pause.until_on) == ("partner", day(275))
    world.at(day(20), 11)
    [row] = world.rows(ReferralRow)
    actions.referral_feedback(world.runtime, world.actor, row.id, state="accepted", clock="terug")
    assert world.rows(PauseRow)[0].until_on == day(80)


def test_a_tenant_who_asked_for_debt_help_is_paused_by_a_route_that_says_so(lite: Build) -> None:
    world = care_world(lite, PAUSE.replace("when: help_accepted", "when: debt_help_asked"))
    owing(world)
    morning(world, 0)
    [row] = world.rows(ReferralRow)
    actions.referral_feedback(world.runtime, world.actor, row.id, state="accepted", help_said="accepted")
    assert world.rows(PauseRow) == []
    actions.referral_feedback(world.runtime, world.actor, row.id, state="going_on", help_said="asked")
    assert [pause.reason for pause in world.rows(PauseRow)] == ["debt_help_asked"]
    assert world.rows(CaseRow)[0].state == "open"
