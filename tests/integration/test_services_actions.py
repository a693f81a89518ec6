"""What staff do in a case: its effect, its evidence, its next step; and bad input changes nothing."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.audit import audit
from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    EvidenceRow,
    InboundRow,
    PauseRow,
    PaymentPlanRow,
    PersonRow,
    PressureReservationRow,
    PromiseRow,
    RepresentationRow,
    TalkRow,
    TaskRow,
)
from outreach.domain.plans import PlanError
from outreach.services import actions
from outreach.services.acting import Refused
from tests.support.worlds import FIRST_DAY, Home, World, building

NEXT = FIRST_DAY + timedelta(days=1)
TODAY = FIRST_DAY


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord with one reminded tenant, at 18:00."""
    with building(migrated_url, tmp_path) as build:
        made = build()
        made.owe(made.home())
        made.live(FIRST_DAY)
        yield made
        report = audit(made.runtime.db.engine)
        assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
        assert report.integrity["chains"].count == 0


def home_of(world: World) -> Home:
    return world.homes[0]


def case_of(world: World) -> CaseRow:
    return world.case(home_of(world))


def codes(world: World, kind: str = "waiting") -> set[str]:
    return {why["code"] for step in case_of(world).decision[kind] for why in step["why"]}


def facts(world: World) -> list[str]:
    return [row.kind for row in world.rows(EvidenceRow)]


def state_of(world: World) -> tuple[Any, ...]:
    """Give what may not change when something is refused."""
    case = case_of(world)
    tables = (AttemptRow, PauseRow, PromiseRow, PaymentPlanRow, TaskRow, TalkRow, RepresentationRow, EvidenceRow)
    return (case.state, case.flags, case.grounds, case.cause, *(len(world.rows(table)) for table in tables))


ACTIONS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "a talk in the future": (actions.log_talk, {"at": "tomorrow", "channel": "call", "note": ""}),
    "a pause without a reason": (actions.pause_case, {"reason": " ", "until_on": TODAY + timedelta(days=9)}),
    "a pause without an end": (actions.pause_case, {"reason": "help", "until_on": None}),
    "a pause in the past": (actions.pause_case, {"reason": "help", "until_on": TODAY}),
    "a pause of a year": (actions.pause_case, {"reason": "help", "until_on": TODAY + timedelta(days=365)}),
    "a pause that is not there": (actions.resume_case, {"pause_id": 99, "reason": "klaar"}),
    "a promise in the past": (actions.note_promise, {"promised_on": TODAY - timedelta(days=1)}),
    "a promise of nothing": (actions.note_promise, {"promised_on": TODAY, "amount_cents": 0}),
    "a call back in the past": (actions.request_call_back, {"at": "yesterday"}),
    "a step that is not there": (actions.move_step, {"step": "dagvaarding", "skipped": True, "reason": "nee"}),
    "a step moved without a reason": (actions.move_step, {"step": "visit", "skipped": True, "reason": ""}),
    "a step moved to today": (actions.move_step, {"step": "visit", "not_before": TODAY, "reason": "ja"}),
    "an unknown cause": (actions.set_cause, {"cause": "lui"}),
    "a ground without a note": (actions.set_ground, {"ground": "worry", "note": ""}),
    "closing without a reason": (actions.close_case, {"reason": ""}),
    "a plan above capacity": (
        actions.agree_plan,
        {"month_cents": 9000, "first_on": TODAY + timedelta(days=20), "capacity_cents": 5000},
    ),
    "a plan of nothing": (actions.agree_plan, {"month_cents": 0, "first_on": TODAY + timedelta(days=20)}),
    "a plan from yesterday": (actions.agree_plan, {"month_cents": 5000, "first_on": TODAY - timedelta(days=1)}),
    "a plan of twelve years": (actions.agree_plan, {"month_cents": 400, "first_on": TODAY + timedelta(days=20)}),
    "ending no plan": (actions.end_plan, {"plan_id": 99, "reason": "klaar"}),
    "a payment of nothing": (actions.mark_paid, {"amount_cents": 0, "occurred_on": TODAY}),
    "a payment tomorrow": (actions.mark_paid, {"amount_cents": 100, "occurred_on": TODAY + timedelta(days=1)}),
    "a number that is none": (actions.add_contact_point, {"person_id": 1, "kind": "phone", "value": "12"}),
    "a mail address that is none": (actions.add_contact_point, {"person_id": 1, "kind": "email", "value": "a@b"}),
    "a number for a stranger": (actions.add_contact_point, {"person_id": 999, "kind": "phone", "value": "0612345678"}),
    "an unknown contact point": (actions.mark_contact_point, {"contact_point_id": 99, "state": "wrong", "reason": ""}),
    "a representative without a number": (
        actions.set_representative,
        {"person_id": 1, "name": "B. Wind", "kind": "curator", "phone": "", "email": "", "from_on": TODAY},
    ),
    "a language that nobody knows": (actions.set_language, {"person_id": 1, "language": "xx"}),
    "a language of a stranger": (actions.set_language, {"person_id": 99, "language": "pl"}),
    "an unknown life event": (actions.log_life_event, {"kind": "wedding", "occurred_on": TODAY}),
}


def test_bad_input_is_refused_in_two_languages_and_changes_nothing(world: World) -> None:
    ahead = {"tomorrow": timedelta(days=1), "yesterday": -timedelta(days=1)}
    before = state_of(world)
    for name, (action, values) in ACTIONS.items():
        given = {key: world.clock() + ahead[value] if value in ahead else value for key, value in values.items()}
        with pytest.raises(PlanError if name == "a plan of twelve years" else Refused) as refused:
            action(world.runtime, world.actor, case_of(world).id, **given)
        assert refused.value.text_nl != refused.value.text_en, name
        assert state_of(world) == before, name


def test_a_language_is_recorded_with_what_it_was(world: World) -> None:
    person_id = home_of(world).person_id
    actions.set_language(world.runtime, world.actor, case_of(world).id, person_id=person_id, language="pl")
    [person] = [row for row in world.rows(PersonRow) if row.id == person_id]
    [noted] = [row for row in world.rows(EvidenceRow) if row.kind == "language_set"]
    assert person.language == "pl"
    assert noted.case_id == case_of(world).id


def test_a_talk_reaches_rests_and_is_evidence(world: World) -> None:
    actions.log_talk(world.runtime, world.actor, case_of(world).id, at=None, channel="call", note="x", cause="benefit")
    case = case_of(world)
    assert (case.reached_at, case.cause) == (world.clock(), "benefit")
    assert facts(world).count("talk") == 1
    world.live(NEXT, NEXT + timedelta(days=2))
    assert world.sent() == [("reminder", "sms")]


def test_a_pause_stops_and_resuming_starts_again(world: World) -> None:
    case_id = case_of(world).id
    until = NEXT + timedelta(days=30)
    actions.pause_case(world.runtime, world.actor, case_id, reason="illness", until_on=until)
    assert "paused_until" in codes(world) or case_of(world).decision["due"] == []
    [pause] = world.rows(PauseRow)
    actions.resume_case(world.runtime, world.actor, case_id, pause_id=pause.id, reason="beter")
    assert world.rows(PauseRow)[0].end_reason == "beter"
    assert [kind for kind in facts(world) if kind in ("paused", "resumed")] == ["paused", "resumed"]


def test_a_death_that_staff_hear_of_stops_and_can_be_resumed_from(world: World) -> None:
    case_id = case_of(world).id
    actions.log_life_event(world.runtime, world.actor, case_id, kind="bereaved", occurred_on=TODAY)
    [pause] = world.rows(PauseRow)
    assert (pause.reason, pause.until_on, case_of(world).flags) == ("bereaved", None, ["bereaved"])
    actions.resume_case(world.runtime, world.actor, case_id, pause_id=pause.id, reason="gesproken")
    assert case_of(world).flags == []


def test_paid_in_full_closes_and_paid_in_part_does_not(world: World) -> None:
    case_id = case_of(world).id
    actions.mark_paid(world.runtime, world.actor, case_id, amount_cents=20000, occurred_on=TODAY)
    assert case_of(world).state == "open"
    world.clock.set(world.clock() + timedelta(minutes=1))
    actions.mark_paid(world.runtime, world.actor, case_id, amount_cents=45000, occurred_on=TODAY)
    assert (case_of(world).state, case_of(world).close_reason) == ("closed", "paid")
    with pytest.raises(Refused):
        actions.note_promise(world.runtime, world.actor, case_id, promised_on=TODAY)


def test_a_skipped_step_is_not_done(world: World) -> None:
    actions.move_step(world.runtime, world.actor, case_of(world).id, step="robocall", skipped=True, reason="doof")
    assert "step_moved" in facts(world)
    world.live(NEXT + timedelta(days=3), NEXT + timedelta(days=5))
    assert "robocall" not in {step for step, _ in world.sent()}


def test_a_new_number_is_used_and_closes_the_task(world: World) -> None:
    world.at(TODAY, 19)
    world.reply(home_of(world).phone, "verkeerd nummer")
    assert [task.kind for task in world.tasks()] == ["failed_delivery"]
    case_id = case_of(world).id
    actions.add_contact_point(
        world.runtime, world.actor, case_id, person_id=home_of(world).person_id, kind="phone", value="06 1234 5678"
    )
    assert world.tasks() == []


def test_a_representative_takes_the_place_of_the_tenant(world: World) -> None:
    actions.set_representative(
        world.runtime,
        world.actor,
        case_of(world).id,
        person_id=home_of(world).person_id,
        name="Bewind BV",
        kind="bewindvoerder",
        phone="06 8765 4321",
        email="",
        from_on=TODAY,
    )
    world.live(NEXT, NEXT + timedelta(days=6))
    later = world.attempts(AttemptRow.sent_at > world.at(NEXT, 0) - timedelta(days=9), AttemptRow.step != "reminder")
    assert home_of(world).person_id not in {row.addressee_id for row in later}


def test_a_task_about_a_reply_handles_the_reply(world: World) -> None:
    world.at(TODAY, 19)
    world.reply(home_of(world).phone, "waarom is het zo duur?")
    [task] = world.tasks()
    assert world.rows(InboundRow)[0].state == "waiting"
    actions.complete_task(world.runtime, world.actor, task.id, "uitgelegd")
    assert world.rows(InboundRow)[0].state == "handled"
    with pytest.raises(Refused):
        actions.complete_task(world.runtime, world.actor, task.id, "nog eens")


def test_an_answer_by_hand_passes_the_same_check_as_every_text(world: World) -> None:
    world.at(TODAY, 20, 1)
    world.reply(home_of(world).phone, "waarom is het zo duur?")
    inbound = world.rows(InboundRow)[0]
    with pytest.raises(Refused) as refused:
        actions.answer_inbound(world.runtime, world.actor, inbound.id, "Betaal, anders volgt ontruiming.")
    assert refused.value.text_nl.startswith("Pas de tekst aan")
    assert world.rows(InboundRow)[0].state == "waiting"
    assert world.attempts(AttemptRow.template.is_(None)) == []


def test_an_answer_by_hand_waits_for_the_morning(world: World) -> None:
    world.at(TODAY, 21)
    world.reply(home_of(world).phone, "waarom is het zo duur?")
    world.at(TODAY, 21, 30)
    actions.answer_inbound(world.runtime, world.actor, world.rows(InboundRow)[0].id, "Ik leg het u graag uit. Anna")
    mine = world.attempts(AttemptRow.template.is_(None))
    assert [(row.state, row.text) for row in mine] == [("planned", "Ik leg het u graag uit. Anna")]
    world.deliver(NEXT)
    world.tick(NEXT, 9, 30)
    assert [row.state for row in world.attempts(AttemptRow.template.is_(None))] == ["sent"]


def visited(world: World) -> AttemptRow:
    """Bring the case to a visit that is on today's list."""
    world.change_settings(channels_off=("robocall", "sms", "whatsapp", "email", "letter", "call"))
    day = NEXT
    while not world.attempts(AttemptRow.kind == "visit", AttemptRow.state == "claimed"):
        world.deliver(day)
        world.tick(day, 7, 30)
        world.tick(day, 15)
        day += timedelta(days=1)
        assert day < NEXT + timedelta(days=40), case_of(world).decision
    return world.attempts(AttemptRow.kind == "visit")[-1]


def test_a_visit_sent_twice_by_the_phone_is_recorded_once_with_its_card(world: World) -> None:
    visit = visited(world)
    for _ in range(2):
        actions.record_visit(
            world.runtime,
            world.actor,
            visit.id,
            "not_home",
            card_left=True,
            client_id="c-1",
            signals=["loneliness"],
            consent_to_share=False,
        )
    [card] = world.attempts(AttemptRow.kind == "card")
    done = world.attempts(AttemptRow.id == visit.id)[0]
    assert (done.state, done.outcome, card.state, card.outcome) == ("done", "not_home", "done", "left")
    assert card.moment == done.moment
    assert [row.moment for row in world.rows(PressureReservationRow)].count(done.moment) == 1
    assert facts(world).count("made") == 2
    assert "650" not in (card.text or ""), "a card says nothing of money"
    with pytest.raises(Refused):
        actions.record_visit(world.runtime, world.actor, visit.id, "talked", client_id="c-2")


def test_a_visit_of_yesterday_that_is_told_this_morning_still_counts(world: World) -> None:
    visit = visited(world)
    day = world.clock().date() + timedelta(days=1)
    while not world.runtime.calendar.is_contact_day(day):
        day += timedelta(days=1)
    world.deliver(day)
    world.tick(day, 7, 31)
    world.at(day, 7, 45)
    actions.record_visit(world.runtime, world.actor, visit.id, "talked", note="gisteren gesproken")
    done = world.attempts(AttemptRow.id == visit.id)[0]
    assert (done.state, done.reached) == ("done", True)
    moments = [row.moment for row in world.rows(PressureReservationRow)]
    assert moments.count(done.moment) == 1


def test_a_visit_whose_reason_went_is_off_the_list_at_once(world: World) -> None:
    visit = visited(world)
    actions.mark_paid(world.runtime, world.actor, case_of(world).id, amount_cents=65000, occurred_on=date(2026, 10, 1))
    assert world.attempts(AttemptRow.id == visit.id)[0].state == "dropped"
    assert world.tasks() == []


def test_a_visit_left_over_while_the_tenant_waits_for_an_answer_does_not_break_the_morning(world: World) -> None:
    visit = visited(world)
    world.reply(home_of(world).phone, "wat moet ik doen?")
    day = world.clock().date() + timedelta(days=1)
    while not world.runtime.calendar.is_contact_day(day):
        day += timedelta(days=1)
    world.live(day)
    assert world.attempts(AttemptRow.id == visit.id)[0].state == "dropped"
    assert [task.kind for task in world.tasks()] == ["reply"]
