"""What a tenant hears back, and what his words do to his case, at once."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.audit import audit
from outreach.cli.hostile_texts import hostile_texts
from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    ContactPointRow,
    InboundRow,
    InstalmentRow,
    PauseRow,
    PaymentPlanRow,
    PermissionRow,
    PromiseRow,
    TalkRow,
)
from tests.support.worlds import CALENDAR, FIRST_DAY, Home, World, make_world

NEXT = FIRST_DAY + timedelta(days=1)


def _lived(url: str, data_dir: Path) -> Iterator[World]:
    """Make a landlord with one tenant in arrears who got the first reminder this morning; audit it at the end."""
    made = make_world(url, data_dir)
    made.owe(made.home())
    made.live(FIRST_DAY)
    yield made
    report = audit(made.runtime.db.engine)
    made.runtime.db.dispose()
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
    assert {name: kind.examples for name, kind in report.integrity.items() if kind.count} == {}


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord on each database, for one day."""
    yield from _lived(migrated_url, tmp_path)


@pytest.fixture
def long_world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord for many days, on SQLite alone: days cost time."""
    yield from _lived(migrated_sqlite_url, tmp_path)


def home_of(world: World) -> Home:
    return world.homes[0]


def say(world: World, text: str, *, minute: int = 0, hour: int = 10, day: date = NEXT) -> None:
    """Let the tenant write, and the worker tick a minute later."""
    if not world.rows(InboundRow) and day == NEXT:
        world.deliver(day)
    world.at(day, hour, minute)
    world.reply(home_of(world).phone, text)
    world.tick(day, hour, minute + 1)


def test_the_first_reminder_went_out_once(world: World) -> None:
    assert world.sent() == [("reminder", "sms")]
    text = world.attempts()[0].text or ""
    assert "650" in text
    assert "Anna Visser" in text


def test_regeling_is_asked_how_much_within_the_same_tick(world: World) -> None:
    say(world, "REGELING")
    assert world.templates()[-1] == "answer_plan_ask"
    [plan] = world.rows(PaymentPlanRow)
    assert plan.state == "requested"
    waiting = {step["step"]: step["why"][0]["code"] for step in world.case(home_of(world)).decision["waiting"]}
    assert "plan_requested" in waiting.values() or "robocall" in waiting


def test_fifty_a_month_is_proposed_and_yes_makes_the_plan_run(world: World) -> None:
    world.change_settings(plan=type(world.policy.settings.plan)(max_months=13))
    say(world, "REGELING")
    say(world, "50 per maand", minute=10)
    assert world.templates()[-1] == "answer_plan_debts"
    say(world, "NEE", minute=15)
    assert world.templates()[-1] == "answer_plan_proposed"
    [plan] = world.rows(PaymentPlanRow)
    assert (plan.state, plan.month_cents, plan.needs_person) == ("proposed", 5000, False)
    say(world, "JA", minute=20)
    [plan] = world.rows(PaymentPlanRow)
    instalments = world.rows(InstalmentRow)
    assert plan.state == "active"
    assert sum(row.amount_cents for row in instalments) == 65000
    assert len(instalments) == 13
    assert all(row.due_on > NEXT for row in instalments)
    assert world.templates()[-1] == "plan_confirmed"


def test_while_a_plan_runs_the_ladder_waits(long_world: World) -> None:
    long_world.change_settings(plan=type(long_world.policy.settings.plan)(max_months=13))
    for minute, text in ((0, "REGELING"), (10, "50 per maand"), (15, "NEE"), (20, "JA")):
        say(long_world, text, minute=minute)
    before = len(long_world.attempts(AttemptRow.purpose == "collection", AttemptRow.sent_at.is_not(None)))
    long_world.live(NEXT + timedelta(days=1), NEXT + timedelta(days=9))
    assert len(long_world.attempts(AttemptRow.purpose == "collection", AttemptRow.sent_at.is_not(None))) == before
    codes = {why["code"] for step in long_world.case(home_of(long_world)).decision["waiting"] for why in step["why"]}
    assert "plan_active" in codes


def test_too_little_a_month_goes_to_a_person(world: World) -> None:
    say(world, "REGELING")
    say(world, "10 per maand", minute=10)
    assert world.templates()[-1] == "answer_plan_to_staff"
    assert [task.kind for task in world.tasks()] == ["plan_request"]
    say(world, "JA", minute=20)
    assert world.rows(PaymentPlanRow)[0].state == "waiting", "only a person may agree to this"


def test_an_offer_after_payment_makes_no_plan(world: World) -> None:
    world.at(NEXT, 9, 30)
    world.pay(home_of(world))
    say(world, "50 per maand")
    assert world.rows(PaymentPlanRow) == []
    assert world.templates()[-1] == "answer_paid_seen"


def test_yes_after_payment_does_not_break_the_day(world: World) -> None:
    world.change_settings(plan=type(world.policy.settings.plan)(max_months=13))
    say(world, "REGELING")
    say(world, "50 per maand", minute=10)
    world.pay(home_of(world))
    say(world, "JA", minute=20)
    assert world.rows(InstalmentRow) == []
    assert world.rows(PaymentPlanRow)[0].state == "ended"
    assert world.templates()[-1] == "answer_paid_seen"


def test_call_me_becomes_a_task_in_office_hours(world: World) -> None:
    say(world, "BEL MIJ", hour=18)
    [task] = world.tasks()
    local = CALENDAR.local(task.due_at)
    assert task.kind == "call_back"
    assert (local.date(), local.hour, local.minute) == (NEXT + timedelta(days=1), 8, 30)
    last = world.attempts()[-1]
    assert last.template == "answer_call_me"
    assert "08:30" in (last.text or "")


@pytest.mark.parametrize(
    ("text", "said", "template"),
    [
        ("kunt u mij donderdag om 15.00 bellen", "2026-10-08 15:00", "answer_call_me"),
        ("bel me morgen om 10 uur", "2026-10-08 10:00", "answer_call_me"),
        ("kunt u mij zondag om 20 uur bellen?", "2026-10-12 08:30", "answer_call_me_later"),
    ],
)
def test_a_call_is_promised_at_the_day_and_hour_that_were_named(
    world: World, text: str, said: str, template: str
) -> None:
    say(world, "bel mij")
    say(world, text, hour=14)
    [task] = world.tasks()
    assert CALENDAR.local(task.due_at).strftime("%Y-%m-%d %H:%M") == said
    last = world.attempts()[-1]
    assert last.template == template
    assert said[-5:] in (last.text or "")


def test_at_night_nobody_promises_a_call_today_to_who_is_in_despair(world: World) -> None:
    say(world, "ik wil niet meer leven", hour=22)
    last = world.attempts()[-1]
    assert last.template == "answer_crisis_closed"
    assert "0800-0113" in (last.text or "") and "08:30" in (last.text or "") and "vandaag" not in (last.text or "")


def test_stop_withdraws_the_channel_confirms_once_and_the_ladder_goes_on_elsewhere(long_world: World) -> None:
    say(long_world, "STOP")
    say(long_world, "stop", minute=5)
    say(long_world, "STOP!", minute=9)
    [permission] = long_world.rows(PermissionRow)
    assert (permission.status, permission.channel, permission.ground) == ("withdrawn", "sms", "stop_reply")
    assert long_world.templates().count("answer_stop") == 1
    long_world.live(NEXT + timedelta(days=1), NEXT + timedelta(days=9))
    later = long_world.sent()[2:]
    assert later, "the ladder goes on"
    assert "sms" not in {channel for _, channel in later}


def test_paid_waits_for_the_books_and_asks_nothing(long_world: World) -> None:
    say(long_world, "BETAALD")
    assert long_world.templates()[-1] == "answer_paid"
    [promise] = long_world.rows(PromiseRow)
    assert (promise.source, promise.state) == ("says_paid", "open")
    long_world.live(NEXT + timedelta(days=1), NEXT + timedelta(days=3))
    assert long_world.sent()[2:] == []


def test_paid_that_is_in_the_books_is_thanked(world: World) -> None:
    world.at(NEXT, 9, 30)
    world.pay(home_of(world))
    say(world, "BETAALD")
    assert world.templates()[-1] == "answer_paid_seen"
    assert world.case(home_of(world)).close_reason == "paid"


def test_paid_with_a_small_rest_is_not_told_that_nothing_is_open(world: World) -> None:
    world.at(NEXT, 9, 30)
    world.pay(home_of(world), left_cents=1000)
    say(world, "BETAALD")
    assert "answer_paid_seen" not in world.templates()


def test_a_promise_with_a_day_keeps_the_ladder_silent_until_then(long_world: World) -> None:
    say(long_world, "ik betaal vrijdag")
    [promise] = long_world.rows(PromiseRow)
    assert promise.promised_on == date(2026, 10, 9)
    assert long_world.templates()[-1] == "promise_noted"
    long_world.live(NEXT + timedelta(days=1), date(2026, 10, 11))
    assert [step for step, _ in long_world.sent() if ":" not in step] == ["reminder"]


def test_wrong_number_ends_the_use_of_the_number(long_world: World) -> None:
    say(long_world, "verkeerd nummer")
    point = long_world.rows(ContactPointRow, ContactPointRow.value == home_of(long_world).phone)[0]
    assert point.state == "wrong"
    assert [task.kind for task in long_world.tasks()] == ["failed_delivery"]
    assert long_world.rows(TalkRow) == [], "a stranger who answers is no talk with the tenant"
    assert long_world.case(home_of(long_world)).reached_at is None
    long_world.live(NEXT + timedelta(days=1), NEXT + timedelta(days=9))
    assert not {"sms", "robocall", "whatsapp"} & {channel for _, channel in long_world.sent()[2:]}


@pytest.mark.parametrize(
    ("text", "template", "reason"),
    [
        ("mijn man is overleden", "answer_bereaved", "bereaved"),
        ("ik wil niet meer leven", "answer_crisis", "crisis"),
    ],
)
def test_death_and_despair_stop_collection_and_come_first(
    long_world: World, text: str, template: str, reason: str
) -> None:
    long_world.at(NEXT, 9)
    long_world.reply(home_of(long_world).phone, "hoe zit dit?")
    say(long_world, text)
    assert long_world.templates()[-1] == template
    assert [row.reason for row in long_world.rows(PauseRow)] == [reason]
    if reason == "crisis":
        assert long_world.tasks()[0].kind == "crisis"
    before = len(long_world.sent())
    long_world.live(NEXT + timedelta(days=1), NEXT + timedelta(days=10))
    assert len(long_world.sent()) == before


def test_an_unknown_number_goes_to_staff_and_hears_nothing(world: World) -> None:
    world.deliver(NEXT)
    world.at(NEXT, 10)
    world.reply("+31687654321", "Ik ben de buurman, hoeveel moet zij betalen?")
    world.tick(NEXT, 10, 1)
    [inbound] = world.rows(InboundRow)
    assert (inbound.case_id, inbound.person_id, inbound.state) == (None, None, "waiting")
    assert [task.kind for task in world.tasks()] == ["reply"]
    assert len(world.provider_keys()) == 1, "only this morning's reminder was ever sent"


def test_a_number_of_two_people_goes_to_staff_and_stop_still_holds(long_world: World) -> None:
    home, other = home_of(long_world), long_world.home()
    with long_world.runtime.db.write() as session:
        long_world.link_point(session, other.person_id, "mobile", home.phone)
    say(long_world, "BEL MIJ")
    assert [row.person_id for row in long_world.rows(InboundRow)] == [None]
    assert long_world.sent() == [("reminder", "sms")]
    say(long_world, "STOP", minute=10)
    long_world.owe(other)
    long_world.live(NEXT + timedelta(days=1), NEXT + timedelta(days=3))
    assert not [
        row for row in long_world.attempts(AttemptRow.sent_to == home.phone) if row.sent_at and row.channel == "sms"
    ][1:]


def test_stop_of_somebody_with_two_cases_counts_for_both(world: World) -> None:
    home = home_of(world)
    garage = world.home(household_of=home)
    world.owe(garage, 9000)
    world.live(NEXT)
    assert len([case for case in world.rows(CaseRow) if case.state == "open"]) == 2
    day = NEXT + timedelta(days=1)
    world.deliver(day)
    world.at(day, 10)
    world.reply(home.phone, "STOP")
    world.tick(day, 10, 1)
    assert [row.status for row in world.rows(PermissionRow)] == ["withdrawn"]


def test_a_reply_that_fits_two_cases_silences_both_until_a_person_answered(long_world: World) -> None:
    home = home_of(long_world)
    long_world.owe(long_world.home(household_of=home), 9000)
    long_world.live(NEXT)
    before = len(long_world.sent())
    day = NEXT + timedelta(days=1)
    long_world.at(day, 8)
    long_world.reply(home.phone, "bel mij aub")
    long_world.live(day, day + timedelta(days=8))
    assert len(long_world.sent()) == before


def test_two_answering_machines_stop_talking_to_each_other(world: World) -> None:
    for minute in range(0, 24, 2):
        say(world, "Ik ben er even niet. U krijgt zo snel mogelijk antwoord.", minute=minute)
    answers = [row for row in world.attempts(AttemptRow.purpose == "answer") if row.sent_at]
    assert len(answers) <= 4
    assert "reply" in {task.kind for task in world.tasks()}, "a person sees what the machine no longer answers"


def test_the_same_reply_twice_has_one_effect(world: World) -> None:
    world.deliver(NEXT)
    world.at(NEXT, 10)
    for _ in range(2):
        world.reply(home_of(world).phone, "REGELING", event_id="twice")
    world.tick(NEXT, 10, 1)
    assert len(world.rows(InboundRow)) == 1
    assert world.templates().count("answer_plan_ask") == 1


def test_a_refusal_that_the_provider_took_counts_whatever_its_words(world: World) -> None:
    world.deliver(NEXT)
    world.at(NEXT, 10)
    world.reply(home_of(world).phone, "UNSUBSCRIBE ME NOW", outcome="opted_out")
    with world.runtime.db.read() as session:
        assert session.scalar(select(PermissionRow.status)) == "withdrawn"


def test_hostile_texts_change_nothing_but_the_inbox(long_world: World) -> None:
    for at, text in enumerate(hostile_texts(36, random.Random(5))):
        say(long_world, text or " ", hour=9 + at // 12, minute=5 * (at % 12))
    assert not long_world.rows(PermissionRow) + long_world.rows(PauseRow) + long_world.rows(InstalmentRow)
    assert not long_world.rows(PromiseRow) + long_world.rows(PaymentPlanRow)
    answers = [row for row in long_world.attempts(AttemptRow.purpose == "answer") if row.sent_at]
    assert len(answers) <= 3, "at most one an hour"
