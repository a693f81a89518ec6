"""A referral goes by its whole route: grounds, quota and queue, an owner, feedback clock by clock, alerts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from outreach.db.tables import CaseRow, EvidenceRow, PartnerRow, ReferralFeedbackRow, ReferralRow, TaskRow, UserRow
from outreach.services import actions
from outreach.services.acting import Refused
from tests.support.care import GROUNDS, QUOTA, care_world, day, morning, owing
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


def referrals(world: World) -> list[ReferralRow]:
    return list(world.rows(ReferralRow))


def states(world: World) -> list[str]:
    return [row.state for row in referrals(world)]


def flag(world: World, home: Home, name: str) -> None:
    with world.runtime.db.write() as session:
        case = session.get_one(CaseRow, world.case(home).id)
        case.flags = [*case.flags, name]


def why(world: World, home: Home) -> set[str]:
    decision = world.case(home).decision
    steps = [*decision["waiting"], *decision["refused"]]
    return {reason["code"] for step in steps if step["step"] == "report" for reason in step["why"]}


def test_a_missing_ground_is_a_task_that_names_it_and_the_ground_opens_the_route(lite: Build) -> None:
    world = care_world(lite, GROUNDS)
    [home] = owing(world)
    morning(world, 0)
    [task] = world.tasks(TaskRow.kind == "referral_held")
    missing = [each["params"]["ground"] for each in task.detail["why"] if each["code"] == "route_ground_missing"]
    assert (missing, task.detail["names"]["nl"]["worry"], states(world)) == (["worry", "neglect"], "Zorgen", [])
    case_id = world.case(home).id
    actions.set_ground(world.runtime, world.actor, case_id, ground="worry", note="Post ligt opgestapeld.")
    assert states(world) == [], "all grounds are needed"
    actions.set_ground(world.runtime, world.actor, case_id, ground="neglect", note="De tuin is verwilderd.")
    assert states(world) == ["sent"]
    assert world.tasks(TaskRow.kind == "referral_held") == []


def test_a_referral_has_an_owner_on_both_sides_and_a_day_for_every_clock_that_runs(lite: Build) -> None:
    world = care_world(lite)
    owing(world)
    morning(world, 0)
    [row] = referrals(world)
    [owner] = world.rows(UserRow)
    assert (row.owner_id, row.owner_name, row.dossier["fields"].keys()) == (owner.id, "Tim de Vries", {"name"})
    clocks = {clock.key: clock.due_on for clock in world.rows(ReferralFeedbackRow)}
    assert clocks == {"tussen": day(14), "terug": day(28), "kwartaal": None, "jaar": None}
    assert row.feedback_due_on == day(14)


def test_a_full_quota_queues_and_room_is_given_in_the_order_of_priority(build: Build) -> None:
    world = care_world(build, QUOTA)
    first, second, urgent = owing(world, 3)
    world.tick(day(0), 8)
    flag(world, urgent, "urgent")
    morning(world, 1)
    assert states(world) == ["sent", "queued", "queued"]
    morning(world, 2)
    assert [why(world, home) for home in (second, urgent)] == [{"waits_for_quota"}] * 2
    assert states(world) == ["sent", "queued", "queued"], "no room before the next month"
    morning(world, 27)
    found = {row.case_id: row for row in referrals(world)}
    released = found[world.case(urgent).id]
    assert (released.state, found[world.case(second).id].state) == ("sent", "queued")
    assert released.feedback_due_on == day(27 + 14) and released.dossier["made_on"] == day(27).isoformat()
    morning(world, 57)
    assert states(world) == ["sent", "sent", "sent"]
    assert {world.case(home).state for home in (first, second, urgent)} == {"open"}


def queued(world: World, number: int) -> list[Home]:
    """Make homes of which the first is referred and the others wait in the queue."""
    homes = owing(world, number)
    morning(world, 0)
    waiting = {row.case_id for row in referrals(world) if row.state == "queued"}
    return [home for home in homes if world.case(home).id in waiting]


def test_what_is_not_wanted_any_more_leaves_the_queue_unsent(build: Build) -> None:
    world = care_world(build, QUOTA)
    [waiting] = queued(world, 2)
    world.pay(waiting)
    morning(world, 27)
    assert states(world) == ["sent"]
    kinds = [row.kind for row in world.rows(EvidenceRow, EvidenceRow.case_id == world.case(waiting).id)]
    assert kinds[-1] in ("referral_left_queue", "case_closed") and "referral_left_queue" in kinds


def test_a_paused_case_keeps_its_place_and_lets_the_next_go(lite: Build) -> None:
    world = care_world(lite, QUOTA)
    first, second = queued(world, 3)
    actions.pause_case(world.runtime, world.actor, world.case(first).id, reason="illness", until_on=day(60))
    morning(world, 27)
    found = {row.case_id: row.state for row in referrals(world)}
    assert (found[world.case(first).id], found[world.case(second).id]) == ("queued", "sent")


def hear(world: World, state: str, **values: object) -> None:
    [row] = referrals(world)[:1]
    actions.referral_feedback(world.runtime, world.actor, row.id, state=state, **values)  # type: ignore[arg-type]


def test_feedback_is_heard_clock_by_clock_and_a_late_one_is_an_alarm(build: Build) -> None:
    world = care_world(build)
    owing(world)
    morning(world, 0)
    morning(world, 14)
    assert world.tasks(TaskRow.kind == "referral_overdue") == []
    morning(world, 15)
    [task] = world.tasks(TaskRow.kind == "referral_overdue")
    assert task.detail["title"]["nl"] == "Tussenmelding" and task.assigned_to_id == referrals(world)[0].owner_id
    morning(world, 16)
    assert len(world.rows(TaskRow, TaskRow.kind == "referral_overdue")) == 1, "one alarm per clock"
    hear(world, "going_on", text="Wij zijn bezig.")
    assert world.tasks(TaskRow.kind == "referral_overdue") == []
    assert (states(world), referrals(world)[0].feedback_due_on) == (["sent"], day(28))
    hear(world, "accepted")
    clocks = {clock.key: (clock.verdict, clock.due_on) for clock in world.rows(ReferralFeedbackRow)}
    assert clocks["terug"][0] == "accepted" and clocks["kwartaal"][1] == date(2027, 1, 21)
    assert world.rows(ReferralRow)[0].feedback_due_on == date(2027, 1, 21)


def test_an_earlier_clock_that_never_came_is_said_to_be_missed(lite: Build) -> None:
    world = care_world(lite)
    owing(world)
    morning(world, 0)
    hear(world, "accepted", clock="terug")
    assert [clock.verdict for clock in world.rows(ReferralFeedbackRow)] == ["missed", "accepted", None, None]


def test_a_rejection_asks_its_reason_and_comes_back_as_a_task(lite: Build) -> None:
    world = care_world(lite)
    owing(world)
    morning(world, 0)
    with pytest.raises(Refused):
        hear(world, "rejected")
    hear(world, "rejected", reason="too_light", text="Eerst zelf proberen.")
    [task] = world.tasks(TaskRow.kind == "referral_rejected")
    assert (task.detail["reason"], states(world)) == ("too_light", ["rejected"])
    morning(world, 40)
    assert world.tasks(TaskRow.kind == "referral_overdue") == [], "nothing is awaited of who said no"
    with pytest.raises(Refused):
        hear(world, "stopped")


def test_help_that_stops_alerts_every_party_of_the_household(build: Build) -> None:
    world = care_world(build)
    [home] = owing(world)
    second = world.home(household_of=home)
    world.owe(second, due_on=date(2026, 9, 1))
    morning(world, 0)
    first_id, second_id = world.case(home).id, world.case(second).id
    hear(world, "accepted")
    hear(world, "stopped", text="Geen contact meer.")
    tasks = world.tasks(TaskRow.kind == "help_stopped")
    assert {task.case_id for task in tasks} == {first_id, second_id}
    told = next(task for task in tasks if task.case_id == second_id)
    assert (told.detail["tell"], told.detail["tell_person"]) == ("meldpunt Voorbeeldstad", "Tim de Vries")


def test_refused_help_is_a_fact_and_is_offered_again_later(lite: Build) -> None:
    world = care_world(lite, offer_help_again_days=10)
    [home] = owing(world)
    morning(world, 0)
    hear(world, "accepted", help_said="refused")
    [task] = world.tasks(TaskRow.kind == "offer_again")
    assert world.runtime.calendar.day_of(task.due_at) == day(10)
    actions.refuse_help(world.runtime, world.actor, world.case(home).id, note="Ik red me wel.")
    assert world.case(home).flags == ["help_refused"]
    hear(world, "accepted", help_said="accepted")
    assert world.case(home).flags == []


def test_a_route_that_is_over_is_never_used(lite: Build) -> None:
    world = care_world(lite, "valid_to: 2026-02-01\n")
    owing(world)
    morning(world, 0)
    [task] = world.tasks(TaskRow.kind == "referral_held")
    assert [each["code"] for each in task.detail["why"]] == ["route_ended"]


def test_a_partner_without_a_route_keeps_its_own_fields_and_days(lite: Build) -> None:
    world = care_world(lite)
    with world.runtime.db.write() as session:
        partner = session.query(PartnerRow).filter_by(kind="meldpunt").one()
        partner.route, partner.fields, partner.feedback_days = None, ["name", "amount"], 9
    owing(world)
    morning(world, 0)
    [row] = referrals(world)
    assert (row.dossier["fields"].keys(), row.feedback_due_on) == ({"name", "amount"}, day(9))
