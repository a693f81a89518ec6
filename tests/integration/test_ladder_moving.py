"""Running cases move to another version of their ladder: nothing that was done is lost, reset or done again."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from outreach.audit import audit
from outreach.db.scope import Scope
from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    EvidenceRow,
    LadderMoveRow,
    PauseRow,
    PromiseRow,
    StepMoveRow,
    TaskRow,
)
from outreach.services import actions
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.decisions import decision_data
from outreach.services.facts import load_cases
from outreach.services.ladder_effects import effects_of, together, unknown_steps
from outreach.services.ladder_groups import chosen, running_groups
from outreach.services.ladder_moving import Moved, move_cases
from outreach.services.planning import without_planned
from outreach.services.policy import ladder_of
from schedules.engine import decide
from tests.support.crashing import die, in_a_process
from tests.support.versions import keep, later, other_text, renamed, several, step_of, without
from tests.support.worlds import CALENDAR, FIRST_DAY, Build, Home, World, building, open_runtime

pytestmark = pytest.mark.integration

WHY = "Nieuw beleid van het bestuur"
MIDDAY = time(12)
SATURDAY = date(2026, 10, 10)


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def reminded(build: Build, homes: int = 2) -> World:
    """A landlord whose tenants had the reminder of day 5; on Saturday a robocall is planned for Monday 9:00."""
    world = build()
    for _ in range(homes):
        world.owe(world.home())
    world.live(FIRST_DAY)
    for ahead in range(1, (SATURDAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=ahead)
        if day < SATURDAY:
            world.deliver(day)
        world.tick(day, 7, 30)
    return world


def move(world: World, to: int, mapping: dict[str, str | None] | None = None, **values: Any) -> Moved:
    ids = [case.id for case in world.rows(CaseRow)]
    return move_cases(
        world.runtime, world.actor, world.landlord_id, ids, to, mapping=mapping or {}, reason=WHY, **values
    )


def decided(world: World, home: Home) -> dict[str, Any]:
    """What the engine says of a case now, without the moments that planned rows hold."""
    case = world.case(home)
    with world.runtime.db.read() as session:
        now = world.clock()
        loaded = load_cases(session, [case], CALENDAR.day_of(now), now)[0]
        ladder = ladder_of(session, world.policy, case.ladder_version_id)
        facts = without_planned(loaded.facts)
        data = decision_data(decide(ladder, facts, world.policy.engine, CALENDAR, now))
    for step in data["due"]:
        del step["attempt"]
    return data


def steps(world: World, *states: str) -> list[str]:
    return sorted(row.step for row in world.attempts(AttemptRow.state.in_(states)))


def test_a_renamed_step_that_was_done_counts_and_does_not_go_again(build: Build) -> None:
    world = reminded(build)
    before = {home.tenancy_id: decided(world, home) for home in world.homes}
    new = keep(world, other_text(renamed("reminder", "first_message")))
    assert move(world, new, {"reminder": "first_message"}) == Moved(moved=2, left=0)
    for home in world.homes:
        found = decided(world, home)
        assert [step["step"] for step in found["due"]] == ["robocall"]
        assert found["due"][0]["due_at"] == before[home.tenancy_id]["due"][0]["due_at"]
        assert found["stage"] == before[home.tenancy_id]["stage"]
    world.live(SATURDAY, SATURDAY + timedelta(days=5))
    done = Counter(row.step for row in world.attempts(AttemptRow.sent_at.is_not(None)))
    assert done["reminder"] == 2
    assert "first_message" not in done
    assert done["robocall"] >= 2


def test_a_step_that_does_not_count_is_an_explicit_choice_and_stays_in_the_record(build: Build) -> None:
    world = reminded(build, homes=1)
    new = keep(world, other_text(renamed("reminder", "first_message")))
    with pytest.raises(Refused, match="reminder"):
        move(world, new)
    with pytest.raises(Refused, match="kan niet tellen als early_signal"):
        move(world, new, {"reminder": "early_signal"})
    with pytest.raises(Refused, match="waarom"):
        move_cases(world.runtime, world.actor, world.landlord_id, [1], new, mapping={}, reason=" ")
    assert world.rows(LadderMoveRow) == []
    move(world, new, {"reminder": None})
    case = world.case(world.homes[0])
    assert [step["step"] for step in case.decision["due"]] == ["first_message"]
    assert [(row.step, row.state) for row in world.attempts(AttemptRow.sent_at.is_not(None))] == [("reminder", "sent")]
    with world.runtime.db.read() as session:
        loaded = load_cases(session, [case], FIRST_DAY, world.clock())[0]
    assert len([each for each in loaded.facts.attempts if each.state == "sent"]) == 1, "the contact itself still holds"
    made = loaded.facts.attempts[0]
    assert (made.step, made.channel) == ("before:reminder", "sms")


def test_what_was_planned_for_a_step_that_goes_is_dropped_with_the_reason(build: Build) -> None:
    world = reminded(build, homes=1)
    assert steps(world, "planned") == ["robocall"]
    new = keep(world, other_text(without("robocall", "reminder")))
    move(world, new)
    (dropped,) = world.attempts(AttemptRow.state == "dropped")
    assert (dropped.step, dropped.dropped_reason["why"][0]["code"]) == ("robocall", "step_left_ladder")
    assert steps(world, "planned") == ["contact_request"]


def in_the_evening(data: dict[str, Any]) -> None:
    """Let the robocall begin in the evening."""
    step_of(data, "robocall")["attempts"]["day_parts"] = ["evening", "morning", "afternoon"]


def test_a_planned_step_gets_its_new_moment_and_its_old_one_back(build: Build) -> None:
    world = reminded(build, homes=1)
    old_version = world.case(world.homes[0]).ladder_version_id
    before, due = decided(world, world.homes[0]), world.attempts(AttemptRow.state == "planned")[0].due_at
    new = keep(world, other_text(in_the_evening))
    move(world, new)
    (row,) = world.attempts(AttemptRow.state == "planned")
    assert due == CALENDAR.utc(date(2026, 10, 12), time(9))
    assert row.due_at == CALENDAR.utc(date(2026, 10, 12), time(17, 30))
    assert row.ladder_version_id == new
    move(world, keep(world, other_text(later("robocall", 6))))
    assert world.attempts(AttemptRow.state == "planned") == []
    assert world.case(world.homes[0]).decision["waiting"][0]["step"] == "robocall"
    move(world, old_version)
    (row,) = world.attempts(AttemptRow.state == "planned")
    assert row.due_at == due
    assert decided(world, world.homes[0]) == before
    assert [each.to_version_id for each in world.rows(LadderMoveRow)][::2] == [new, old_version]


def test_every_move_is_in_the_evidence_of_its_case_and_the_audit_finds_nothing(build: Build) -> None:
    world = reminded(build)
    new = keep(world, other_text(later("robocall", 2)))
    assert move(world, new) == Moved(moved=2, left=0)
    assert move(world, new) == Moved(moved=0, left=2), "asked again, nothing happens"
    facts = world.rows(EvidenceRow, EvidenceRow.kind == "ladder_moved")
    assert sorted(fact.case_id for fact in facts) == sorted(case.id for case in world.rows(CaseRow))
    assert {fact.actor for fact in facts} == {"Anna Visser"}
    world.live(SATURDAY, SATURDAY + timedelta(days=6))
    report = audit(world.runtime.db.engine)
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
    assert report.integrity["chains"].count == 0


def test_a_decision_that_the_new_version_lost_is_taken_back_and_asked_again_after_a_move_back(build: Build) -> None:
    world = build()
    world.owe(world.home(), due_on=FIRST_DAY - timedelta(days=70))
    world.live(FIRST_DAY)
    old = world.rows(CaseRow)[0].ladder_version_id
    asked = TaskRow.kind == "decision"
    assert [task.detail["step"] for task in world.tasks(asked)] == ["overleg"]
    lost = keep(world, other_text(without_decision))
    move(world, lost)
    assert world.tasks(asked) == []
    move(world, old)
    assert [task.detail["step"] for task in world.tasks(asked)] == ["overleg"]
    assert len(world.rows(TaskRow, asked)) == 1


def without_decision(data: dict[str, Any]) -> None:
    """Leave the consultation out, with what follows from it."""
    data["steps"] = [step for step in data["steps"] if step["key"] not in ("overleg", "help_again")]


def test_pauses_promises_and_skipped_steps_stay(build: Build) -> None:
    world = reminded(build, homes=3)
    paused, promised, skipped = (world.case(home) for home in world.homes)
    until = FIRST_DAY + timedelta(days=9)
    actions.pause_case(world.runtime, world.actor, paused.id, reason="illness", until_on=until)
    actions.note_promise(world.runtime, world.actor, promised.id, promised_on=until)
    actions.move_step(world.runtime, world.actor, skipped.id, step="robocall", skipped=True, reason="Belt liever zelf")
    new = keep(world, other_text(several(renamed("robocall", "machine_call"), later("visit", 1))))
    move(world, new, {"robocall": "machine_call"})
    assert [row.ended_at for row in world.rows(PauseRow)] == [None]
    assert [row.state for row in world.rows(PromiseRow)] == ["open"]
    assert [row.step for row in world.rows(StepMoveRow)] == ["robocall"]
    found = [world.case(home).decision for home in world.homes]
    assert {why["code"] for step in found[0]["waiting"] for why in step["why"]} >= {"paused_until"}
    assert {why["code"] for step in found[1]["waiting"] for why in step["why"]} >= {"promise_open"}
    refused = {step["step"]: [why["code"] for why in step["why"]] for step in found[2]["refused"]}
    assert refused["machine_call"] == ["skipped_by_person"]


def test_what_would_change_is_what_changes(build: Build) -> None:
    world = reminded(build)
    world.live(SATURDAY, SATURDAY + timedelta(days=3))
    ids = [case.id for case in world.rows(CaseRow)]
    new = keep(world, other_text(several(without("robocall", "reminder"), later("contact_request", 3))))
    mapping = {"robocall": None}
    with world.runtime.db.read() as session:
        target = ladder_of(session, world.policy, new)
        assert unknown_steps(world.runtime, session, ids, target, new) == Counter({"robocall": 2})
        found = together(effects_of(world.runtime, session, world.policy, {"all": ids}, new, mapping).values())
    assert (found.cases, found.unchanged) == (2, 0)
    assert found.gone == Counter({"robocall": 2})
    move(world, new, mapping)
    for example in found.examples:
        (case,) = world.rows(CaseRow, CaseRow.number == example.number)
        due = min(case.decision["due"], key=lambda step: step["due_at"])
        assert example.after is not None and example.after.at is not None
        assert (due["step"], due["due_at"]) == (example.after.step, example.after.at.isoformat())
        assert case.stage == example.stage_after


def test_groups_tell_where_cases_stand(build: Build) -> None:
    world = reminded(build, homes=3)
    actions.pause_case(
        world.runtime, world.actor, world.case(world.homes[0]).id, reason="illness", until_on=date(2026, 12, 1)
    )
    with world.runtime.db.read() as session:
        scope = Scope(landlord_id=world.landlord_id)
        groups = running_groups(session, scope, "standaard", FIRST_DAY)
        assert running_groups(session, scope, "standaard", FIRST_DAY, area="elders") == ()
    found = {(group.stage, group.hold): len(group.case_ids) for group in groups}
    assert found == {("reminder", "none"): 2, ("reminder", "paused"): 1}
    free = next(group for group in groups if group.hold == "none")
    assert chosen(groups, [free.key]) == [world.case(home).id for home in world.homes[1:]]


def _move_and_die(url: str, folder: Path, landlord_id: int, ids: list[int], to: int, point: str) -> None:
    runtime, _clock = open_runtime(url, folder, now=CALENDAR.utc(SATURDAY, MIDDAY))
    actor = Actor(label="Anna Visser")

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO ladder_move"):
            die()

    if point == "inside":
        event.listen(runtime.db.engine, "after_cursor_execute", look)
    stop = (lambda _done, _total: die()) if point == "between" else None
    move_cases(runtime, actor, landlord_id, ids, to, mapping={}, reason=WHY, progress=stop, chunk=2)


@pytest.mark.parametrize(("point", "first"), [("inside", 0), ("between", 2)])
def test_killed_during_a_move_every_case_is_on_one_version_and_it_goes_on(build: Build, point: str, first: int) -> None:
    world = reminded(build, homes=5)
    old = world.rows(CaseRow)[0].ladder_version_id
    new = keep(world, other_text(later("visit", 3)))
    ids = [case.id for case in world.rows(CaseRow)]
    url = world.runtime.db.engine.url.render_as_string(hide_password=False)
    world.runtime.db.dispose()
    folder = world.runtime.settings.data_dir
    ended = in_a_process(_move_and_die, url, folder, world.landlord_id, ids, new, point)
    assert ended == -signal.SIGKILL
    on = Counter(case.ladder_version_id for case in world.rows(CaseRow))
    assert on == Counter({old: 5 - first, **({new: first} if first else {})})
    planned = {row.case_id: row.ladder_version_id for row in world.attempts(AttemptRow.state == "planned")}
    assert planned == {case.id: case.ladder_version_id for case in world.rows(CaseRow)}
    assert len(world.rows(LadderMoveRow)) == first
    assert move(world, new).moved == 5 - first
    assert {case.ladder_version_id for case in world.rows(CaseRow)} == {new}
    assert len(world.rows(LadderMoveRow)) == 5
