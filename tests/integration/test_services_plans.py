"""Promises and plans through time: reminded, kept, broken; thanks go out, also when the case is closed."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.db.tables import InstalmentRow, PaymentPlanRow, PromiseRow
from outreach.services.actions import agree_plan, note_promise
from tests.support.worlds import FIRST_DAY, Home, World, building

NEXT = FIRST_DAY + timedelta(days=1)


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord with one reminded tenant; many days, so on SQLite alone."""
    with building(migrated_sqlite_url, tmp_path) as build:
        made = build()
        made.owe(made.home())
        made.live(FIRST_DAY)
        yield made


def home_of(world: World) -> Home:
    return world.homes[0]


def morning(world: World, day: date) -> None:
    """Do a day's follow-up and send what is due."""
    world.deliver(day)
    world.tick(day, 7, 30)
    world.tick(day, 9)
    world.tick(day, 13)


def planned(world: World, first_on: date, month_cents: int = 32500) -> int:
    world.at(NEXT, 10)
    return agree_plan(
        world.runtime, world.actor, world.case(home_of(world)).id, month_cents=month_cents, first_on=first_on
    )


def test_a_reminder_before_a_sunday_is_not_skipped(world: World) -> None:
    planned(world, date(2026, 10, 14))
    for day in (date(2026, 10, 12), date(2026, 10, 13)):
        morning(world, day)
    reminders = [row for row in world.attempts() if row.template == "plan_reminder" and row.sent_at]
    assert len(reminders) == 1, "three days before is a Sunday: reminded on Monday, and once"
    assert "14 oktober" in (reminders[0].text or "")


def test_a_kept_plan_is_thanked_although_the_case_closes(world: World) -> None:
    planned(world, date(2026, 10, 14))
    world.at(date(2026, 10, 14), 6)
    world.pay(home_of(world))
    for day in (date(2026, 10, 14), date(2026, 10, 15)):
        morning(world, day)
    assert world.rows(PaymentPlanRow)[0].state == "kept"
    assert {row.state for row in world.rows(InstalmentRow)} == {"paid"}
    assert world.case(home_of(world)).close_reason == "paid"
    assert world.templates().count("plan_thanks") == 1


def test_a_broken_plan_prompts_contact_and_a_task(world: World) -> None:
    planned(world, date(2026, 10, 14))
    for day in (date(2026, 10, 16), date(2026, 10, 17)):
        morning(world, day)
        assert world.rows(PaymentPlanRow)[0].state == "active", "three days of grace"
    morning(world, date(2026, 10, 19))
    morning(world, date(2026, 10, 20))
    assert world.rows(PaymentPlanRow)[0].state == "missed"
    assert [row.state for row in world.rows(InstalmentRow)] == ["late", "open"]
    assert [task.kind for task in world.tasks()] == ["broken_plan"]
    assert world.templates().count("plan_broken") == 1


def test_one_instalment_in_time_keeps_the_plan(world: World) -> None:
    planned(world, date(2026, 10, 14))
    world.at(date(2026, 10, 14), 6)
    world.pay(home_of(world), left_cents=32500)
    for day in (date(2026, 10, 15), date(2026, 10, 20)):
        morning(world, day)
    assert world.rows(PaymentPlanRow)[0].state == "active"
    assert [row.state for row in world.rows(InstalmentRow)] == ["paid", "open"]


@pytest.mark.parametrize(("pays", "state"), [(True, "kept"), (False, "broken")])
def test_a_promise_is_kept_or_broken_after_its_grace(world: World, pays: bool, state: str) -> None:
    world.at(NEXT, 10)
    note_promise(world.runtime, world.actor, world.case(home_of(world)).id, promised_on=date(2026, 10, 9))
    morning(world, date(2026, 10, 10))
    assert world.rows(PromiseRow)[0].state == "open"
    world.at(date(2026, 10, 12), 6)
    if pays:
        world.pay(home_of(world))
    morning(world, date(2026, 10, 12))
    morning(world, date(2026, 10, 13))
    assert world.rows(PromiseRow)[0].state == state
    assert [task.kind for task in world.tasks()] == ([] if pays else ["broken_promise"])
