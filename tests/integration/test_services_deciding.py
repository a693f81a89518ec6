"""Decisions, legal dates and children: people record them with evidence, and what follows in the ladder goes on."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.audit import audit
from outreach.db.tables import (
    AttemptRow,
    EvidencePayloadRow,
    EvidenceRow,
    HouseholdRow,
    PauseRow,
    TaskRow,
)
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


def asked(build: Build) -> tuple[World, Home]:
    """Make a case in which a commission is asked to decide."""
    world = care_world(build)
    [home] = owing(world)
    world.live(day(0), day(3))
    assert [task.detail["step"] for task in world.tasks(TaskRow.kind == "decision")] == ["panel"]
    return world, home


def decide(world: World, home: Home, **values: Any) -> None:
    given = {"step": "panel", "outcome": "go_on", "reason": "Er is geen hulp nodig.", "reference": "Verslag 12"}
    fields = {**given, "decided_on": day(2), **values}
    actions.record_decision(world.runtime, world.actor, world.case(home).id, **fields)


WRONG: tuple[dict[str, Any], ...] = (
    {"outcome": "decided"},
    {"reason": " "},
    {"reference": ""},
    {"decided_on": None},
    {"decided_on": day(30)},
    {"step": "letter"},
    {"step": "after_panel"},
)


def test_a_decision_needs_its_option_reason_and_document(lite: Build) -> None:
    world, home = asked(lite)
    for values in WRONG:
        with pytest.raises(Refused):
            decide(world, home, **values)
    assert world.attempts(AttemptRow.kind == "decision") == []


def test_nothing_decides_by_itself_and_a_decision_lets_the_ladder_go_on(build: Build) -> None:
    world, home = asked(build)
    [task] = world.tasks(TaskRow.kind == "decision")
    with pytest.raises(Refused):
        actions.complete_task(world.runtime, world.actor, task.id, "done")
    world.live(day(4), day(6))
    assert ("after_panel", "letter") not in world.sent(home)
    decide(world, home)
    assert world.tasks(TaskRow.kind == "decision") == []
    world.live(day(7), day(10))
    assert world.sent(home)[-1] == ("after_panel", "letter")
    [row] = world.attempts(AttemptRow.kind == "decision")
    assert (row.channel, row.state, row.outcome, row.sent_at) == ("office", "done", "go_on", None)
    report = audit(world.runtime.db.engine)
    assert {name: kind.count for name, kind in report.violations.items() if kind.count} == {}


def test_the_evidence_of_a_decision_names_who_what_and_the_document(lite: Build) -> None:
    world, home = asked(lite)
    decide(world, home, outcome="chance")
    with world.runtime.db.read() as session:
        statement = select(EvidenceRow, EvidencePayloadRow.body).join(
            EvidencePayloadRow, EvidencePayloadRow.evidence_id == EvidenceRow.id
        )
        found = session.execute(statement.where(EvidenceRow.kind == "decision")).one()
    payload = json.loads(found.body)
    assert found.EvidenceRow.attempt_id == world.attempts(AttemptRow.kind == "decision")[0].id
    assert (payload["decided_by"], payload["outcome"], payload["reference"]) == ("commission", "chance", "Verslag 12")
    world.live(day(4), day(10))
    assert ("after_panel", "letter") not in world.sent(home), "the other outcome does not follow"
    with pytest.raises(Refused):
        decide(world, home)


def eviction(world: World, home: Home, on: date) -> None:
    case_id = world.case(home).id
    actions.set_date(world.runtime, world.actor, case_id, name="eviction", on=on, evidence="Brief deurwaarder")


def kinds(world: World) -> set[str]:
    return {task.kind for task in world.tasks()} & {"eviction_near", "household_check", "inform_partner"}


def test_an_eviction_that_comes_near_alerts_checks_the_household_and_informs_the_partner(build: Build) -> None:
    world = care_world(build, eviction_alert_days=10)
    [home] = owing(world)
    morning(world, 0)
    eviction(world, home, day(20))
    assert kinds(world) == set()
    morning(world, 9)
    assert kinds(world) == set()
    morning(world, 10)
    morning(world, 13)
    assert kinds(world) == {"eviction_near", "household_check", "inform_partner"}
    assert world.tasks()[0].kind == "eviction_near", "it stands on top"
    [tell] = world.tasks(TaskRow.kind == "inform_partner")
    assert tell.detail["parties"][0]["person"] == "Tim de Vries"
    case_id = world.case(home).id
    actions.record_household(world.runtime, world.actor, case_id, children="yes", source="Basisregistratie", on=day(13))
    assert kinds(world) == {"eviction_near", "inform_partner"}
    [household] = world.rows(HouseholdRow)
    assert (household.children, household.children_source) == (True, "Basisregistratie")
    actions.clear_date(world.runtime, world.actor, case_id, name="eviction", reason="Er is betaald.")
    assert (kinds(world), world.case(home).dates) == (set(), {})


def test_an_eviction_within_days_alerts_at_once(lite: Build) -> None:
    world = care_world(lite)
    [home] = owing(world)
    morning(world, 0)
    eviction(world, home, day(5))
    assert kinds(world) == {"eviction_near", "household_check", "inform_partner"}


def test_a_legal_date_needs_its_name_evidence_and_a_day_that_can_be(lite: Build) -> None:
    world = care_world(lite)
    [home] = owing(world)
    morning(world, 0)
    for values in ({"name": "feest"}, {"evidence": " "}, {"name": "judgment", "on": day(9)}):
        fields = {"name": "eviction", "on": day(30), "evidence": "Brief", **values}
        with pytest.raises(Refused):
            actions.set_date(world.runtime, world.actor, world.case(home).id, **fields)
    assert world.case(home).dates == {}


def test_a_child_that_is_found_stops_contact_and_alerts_the_owner(lite: Build) -> None:
    world = care_world(lite)
    [home] = owing(world)
    morning(world, 0)
    case_id = world.case(home).id
    actions.report_child(world.runtime, world.actor, case_id, note="Een kind van vier, alleen thuis.")
    [pause] = world.rows(PauseRow)
    [task] = world.tasks(TaskRow.kind == "crisis")
    assert (pause.reason, pause.until_on, task.priority) == ("child_found", None, 0)
    world.live(day(1), day(4))
    assert world.sent(home) == []


def test_an_eviction_is_not_planned_in_the_past(lite: Build) -> None:
    world, home = asked(lite)
    with pytest.raises(Refused, match="verleden"):
        actions.set_date(
            world.runtime, world.actor, world.case(home).id, name="eviction", on=day(-1), evidence="Aanzegging 5"
        )
