"""A last chance is proposed, agreed, reviewed and ended by people; while it runs collection is paused."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.audit import audit
from outreach.db.tables import (
    EvidenceRow,
    PauseRow,
    TaskRow,
    TrajectoryConditionRow,
    TrajectoryReviewRow,
    TrajectoryRow,
)
from outreach.services import actions, trajectories, trajectory_moves, trajectory_reviews
from outreach.services.acting import Refused
from tests.support.care import TRAJECTORY_TEXT, care_world, day, morning, owing, put_in_force
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


def opened(build: Build) -> tuple[World, Home]:
    world = care_world(build)
    [home] = owing(world)
    morning(world, 0)
    return world, home


def propose(world: World, home: Home, **values: Any) -> int:
    fields = {"name": "kans", "opening": "asked", "why": "De huurder wil graag blijven.", **values}
    return trajectories.propose(world.runtime, world.actor, world.case(home).id, **fields)


def start(world: World, trajectory_id: int, **values: Any) -> None:
    fields = {"agreement": "addendum", "agreed_on": day(0), "started_on": day(0), "evidence": "Addendum 7", **values}
    trajectory_moves.start(world.runtime, world.actor, trajectory_id, **fields)


def running(build: Build) -> tuple[World, Home, int]:
    world, home = opened(build)
    trajectory_id = propose(world, home)
    start(world, trajectory_id, judgment_on=date(2026, 1, 15))
    return world, home, trajectory_id


def end(world: World, trajectory_id: int, verdict: str, evidence: str = "Verslag") -> None:
    trajectory_moves.end(world.runtime, world.actor, trajectory_id, verdict=verdict, evidence=evidence)


def state(world: World) -> str:
    [row] = world.rows(TrajectoryRow)
    return str(row.state)


def test_a_proposal_needs_an_opening_that_holds_and_a_reason(lite: Build) -> None:
    world, home = opened(lite)
    for values in ({"name": "onbekend"}, {"opening": "judgment"}, {"opening": "niets"}, {"why": " "}):
        with pytest.raises(Refused):
            propose(world, home, **values)
    assert world.rows(TrajectoryRow) == []


def test_an_open_gap_of_the_source_blocks_a_proposal(lite: Build) -> None:
    world, home = opened(lite)
    gap = "gaps:\n  - {name: kans_maanden, example: 12, title: {nl: Hoe lang het duurt, en: How long it lasts}}\n"
    text = TRAJECTORY_TEXT.replace("max_months: 12", "max_months: ~kans_maanden") + gap
    put_in_force(world, "trajectory", "kans", text)
    with pytest.raises(Refused, match="Hoe lang het duurt"):
        propose(world, home)
    world.change_settings(fills={"kans_maanden": 12})
    assert propose(world, home)


def test_a_judgment_in_the_case_opens_it_by_the_facts(lite: Build) -> None:
    world, home = opened(lite)
    case_id = world.case(home).id
    actions.set_date(world.runtime, world.actor, case_id, name="judgment", on=day(0), evidence="Vonnis 1")
    propose(world, home, opening="judgment")
    [row] = world.rows(TrajectoryRow)
    assert (row.state, row.judgment_on, row.partner_person) == ("proposed", day(0), "Tim de Vries")
    with pytest.raises(Refused):
        propose(world, home)


def test_a_start_pauses_collection_and_lays_down_the_reviews_and_the_end(build: Build) -> None:
    world, home, _trajectory_id = running(build)
    [row] = world.rows(TrajectoryRow)
    assert (row.state, row.ends_on, row.agreement) == ("running", date(2027, 10, 6), "addendum")
    assert [review.due_on for review in world.rows(TrajectoryReviewRow)] == [
        date(2027, 1, 6),
        date(2027, 4, 6),
        date(2027, 7, 6),
        date(2027, 10, 6),
    ]
    [pause] = world.rows(PauseRow)
    assert (pause.reason, pause.until_on, pause.condition) == ("trajectory", None, "Begeleiding aanvaard")
    world.live(day(1), day(6))
    assert world.sent(home) == []
    with pytest.raises(Refused):
        actions.resume_case(world.runtime, world.actor, world.case(home).id, pause_id=pause.id, reason="toch")
    assert audit(world.runtime.db.engine).violations["while_paused"].count == 0


def test_reviews_warnings_and_the_end_become_tasks_of_the_owner(build: Build) -> None:
    world, _home, trajectory_id = running(build)
    morning(world, 92)
    [task] = world.tasks(TaskRow.kind == "trajectory_review")
    assert (task.detail["title"]["nl"], task.assigned_to_id) == ("Evaluatie", world.rows(TrajectoryRow)[0].owner_id)
    morning(world, 93)
    assert len(world.rows(TaskRow, TaskRow.kind == "trajectory_review")) == 1
    review = world.rows(TrajectoryReviewRow)[0]
    trajectory_reviews.hold_review(world.runtime, world.actor, review.id, verdict="on_track", text="Het gaat goed.")
    assert world.tasks(TaskRow.kind == "trajectory_review") == []
    with pytest.raises(Refused):
        trajectory_reviews.hold_review(world.runtime, world.actor, review.id, verdict="worry", text="Nog eens.")
    morning(world, 104)
    [warned] = world.tasks(TaskRow.kind == "trajectory_review")
    assert warned.detail["warning"]["nl"] == "Het vonnis verloopt"
    morning(world, 366)
    assert [task.detail["trajectory"] for task in world.tasks(TaskRow.kind == "trajectory_end")] == [trajectory_id]
    assert state(world) == "running", "nothing completes by itself"


def test_a_verdict_has_its_evidence_and_one_that_is_not_met_asks_for_a_talk(lite: Build) -> None:
    world, _home, trajectory_id = running(lite)

    def say(verdict: str, evidence: str = "Verslag van de begeleider", condition: str = "guidance") -> None:
        trajectory_reviews.give_verdict(
            world.runtime,
            world.actor,
            trajectory_id,
            condition=condition,
            verdict=verdict,
            on=day(0),
            evidence=evidence,
        )

    say("met")
    assert world.tasks(TaskRow.kind == "trajectory_review") == []
    say("not_met")
    [task] = world.tasks(TaskRow.kind == "trajectory_review")
    assert task.detail["failed"]["nl"] == "Begeleiding aanvaard"
    for wrong in ({"verdict": "misschien"}, {"verdict": "met", "evidence": ""}, {"verdict": "met", "condition": "x"}):
        with pytest.raises(Refused):
            say(**wrong)
    assert [row.verdict for row in world.rows(TrajectoryConditionRow)] == ["met", "not_met"]
    assert state(world) == "running"


def test_a_trajectory_is_completed_after_its_shortest_time_with_evidence(lite: Build) -> None:
    world, _home, trajectory_id = running(lite)
    with pytest.raises(Refused):
        end(world, trajectory_id, "done")
    world.at(day(190), 10)
    with pytest.raises(Refused):
        end(world, trajectory_id, "done", evidence=" ")
    end(world, trajectory_id, "done")
    [pause] = world.rows(PauseRow)
    assert (state(world), pause.end_reason) == ("completed", "trajectory_completed")
    assert "trajectory_ended" in [row.kind for row in world.rows(EvidenceRow)]
    with pytest.raises(Refused):
        end(world, trajectory_id, "quit")


def test_a_case_that_is_paid_meanwhile_stays_open_until_the_trajectory_ends(lite: Build) -> None:
    world, home, trajectory_id = running(lite)
    world.at(day(20), 9)
    world.pay(home)
    morning(world, 92)
    assert (world.case(home).state, len(world.tasks(TaskRow.kind == "trajectory_review"))) == ("open", 1)
    world.owe(home, due_on=date(2027, 1, 1))
    morning(world, 100)
    assert world.sent(home) == [], "new arrears are talked about, not collected"
    world.pay(home)
    end(world, trajectory_id, "paid")
    assert (world.case(home).state, world.case(home).close_reason) == ("closed", "paid")


@pytest.mark.parametrize(("verdict", "after", "asked"), [("paid", "flipped", 0), ("quit", "stopped", 1)])
def test_it_flips_back_or_stops_so_that_the_eviction_resumes_by_a_person(
    lite: Build, verdict: str, after: str, asked: int
) -> None:
    world, home, trajectory_id = running(lite)
    world.at(day(1), 9)
    end(world, trajectory_id, verdict)
    assert (state(world), len(world.tasks(TaskRow.kind == "trajectory_end"))) == (after, asked)
    world.live(day(2), day(4))
    assert world.sent(home)[0] == ("letter", "letter")


def test_a_refused_offer_is_made_again_later(lite: Build) -> None:
    world, home = opened(lite)
    trajectory_id = propose(world, home)
    trajectories.refuse(world.runtime, world.actor, trajectory_id, reason="De huurder durft niet.")
    assert (state(world), [task.kind for task in world.tasks(TaskRow.kind == "offer_again")]) == (
        "refused",
        ["offer_again"],
    )
    with pytest.raises(Refused):
        start(world, trajectory_id)
    trajectories.propose_again(world.runtime, world.actor, trajectory_id, reason="Na een gesprek toch.")
    start(world, trajectory_id)
    assert state(world) == "running"
