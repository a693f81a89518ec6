"""A plan through the months: paid in part or early, missed, caught up, repaired once, broken, kept; and by staff."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.audit import audit
from outreach.cli.plan_commands import plan_group
from outreach.db.tables import AttemptRow, EvidenceRow, InstalmentRow, LedgerEntryRow, LedgerItemRow, PaymentPlanRow
from outreach.domain.landlord_settings import PlanPolicy
from outreach.services.acting import Refused
from outreach.services.actions import agree_plan, close_case, end_plan
from outreach.services.plan_actions import change_plan, offer_plan_repair, repair_plan
from tests.support.first_day import copy_of, live_first_day
from tests.support.worlds import FIRST_DAY, Home, World

NEXT = FIRST_DAY + timedelta(days=1)
DEBT = 65000
MONTH = 20000
DATES = [date(2026, 10, 26), date(2026, 11, 26), date(2026, 12, 26), date(2027, 1, 26)]


@pytest.fixture(scope="module")
def first_day(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A landlord with one tenant in arrears who was reminded."""
    folder = tmp_path_factory.mktemp("first_day")
    return live_first_day(sqlite_template, folder, DEBT, plan=PlanPolicy()), folder


@pytest.fixture
def world(first_day: tuple[World, Path], tmp_path: Path) -> Iterator[World]:
    """A plan of 200 euro a month that was agreed the next day; audited at the end of the test."""
    made = copy_of(*first_day, tmp_path)
    made.deliver(NEXT)
    made.at(NEXT, 10)
    agree_plan(made.runtime, made.actor, case_id(made), month_cents=MONTH, first_on=DATES[0], capacity_cents=MONTH)
    made.tick(NEXT, 10, 1)
    yield made
    report = audit(made.runtime.db.engine)
    made.runtime.db.dispose()
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}


def home_of(world: World) -> Home:
    return world.homes[0]


def case_id(world: World) -> int:
    return int(world.case(home_of(world)).id)


def plan_of(world: World) -> PaymentPlanRow:
    return world.rows(PaymentPlanRow)[-1]  # type: ignore[no-any-return]


def counted(world: World) -> list[InstalmentRow]:
    rows = [row for row in world.rows(InstalmentRow) if row.state != "replaced"]
    assert sum(row.amount_cents for row in rows) == DEBT
    return sorted(rows, key=lambda row: (row.due_on, row.number))


def morning(world: World, day: date, left_cents: int | None = None) -> None:
    """Do a day's follow-up and send what is due; `left_cents` is what the books say is still open."""
    if left_cents is not None:
        world.at(day, 6)
        world.pay(home_of(world), left_cents=left_cents)
    world.deliver(day)
    for hour, minute in ((7, 30), (9, 0), (13, 0)):
        world.tick(day, hour, minute)


def say(world: World, day: date, text: str, hour: int = 14) -> None:
    world.at(day, hour)
    world.reply(home_of(world).phone, text)
    world.tick(day, hour, 1)


def count(world: World, template: str) -> int:
    return world.templates().count(template)


def missed(world: World) -> date:
    """Live until contact was made about the first instalment; gives that day."""
    day = DATES[0] + timedelta(days=4)
    morning(world, day)
    assert (plan_of(world).state, count(world, "plan_broken")) == ("missed", 1)
    return day


def offered(world: World) -> date:
    """Live until the repair was offered; gives that day."""
    missed(world)
    day = DATES[0] + timedelta(days=7)
    morning(world, day)
    assert (plan_of(world).state, count(world, "plan_repair")) == ("repair_offered", 1)
    return day


def test_what_staff_agree_is_confirmed_in_writing(world: World) -> None:
    assert world.templates()[-1] == "plan_confirmed"
    assert "50,00" in (world.attempts(AttemptRow.template == "plan_confirmed")[0].text or "")


def test_paid_in_part_is_kept_to_the_cent(world: World) -> None:
    morning(world, DATES[0], DEBT - 12345)
    assert [(row.paid_cents, row.state) for row in counted(world)][:2] == [(12345, "open"), (0, "open")]
    morning(world, DATES[0] + timedelta(days=1), DEBT - 20000)
    assert [row.state for row in counted(world)] == ["paid", "open", "open", "open"]


def test_who_pays_more_has_fewer_instalments_left(world: World) -> None:
    morning(world, DATES[0], DEBT - 30000)
    assert [row.paid_cents for row in counted(world)] == [20000, 0, 5000, 5000]
    assert [row.state for row in counted(world)] == ["paid", "open", "open", "paid"]


def test_a_payment_that_is_taken_back_is_owed_again(world: World) -> None:
    morning(world, DATES[0], DEBT - 20000)
    morning(world, DATES[0] + timedelta(days=2), DEBT)
    assert [row.state for row in counted(world)] == ["late", "open", "open", "open"]


def test_each_date_is_reminded_of_once_with_what_is_still_lacking(world: World) -> None:
    morning(world, DATES[0] - timedelta(days=3), DEBT - 5000)
    morning(world, DATES[0] - timedelta(days=1))
    [sent] = world.attempts(AttemptRow.template == "plan_reminder")
    assert "150,00" in (sent.text or "")


def test_a_missed_instalment_that_comes_after_all_lets_the_plan_run_on(world: World) -> None:
    missed(world)
    morning(world, DATES[0] + timedelta(days=5), DEBT - 20000)
    assert plan_of(world).state == "active"
    assert [task.kind for task in world.tasks()] == []


def test_the_repair_is_offered_after_contact_and_a_yes_lets_the_plan_run(world: World) -> None:
    day = offered(world)
    say(world, day, "JA")
    plan = plan_of(world)
    assert (plan.state, plan.repairs, plan.asked) == ("active", 1, "")
    assert [(row.due_on, row.amount_cents) for row in counted(world)] == [
        (date(2026, 11, 26), 20000),
        (date(2026, 12, 26), 20000),
        (date(2027, 1, 26), 20000),
        (date(2027, 2, 26), 5000),
    ]
    assert world.templates()[-1] == "plan_confirmed"
    assert world.tasks() == []


def test_a_repaired_plan_that_breaks_again_goes_to_a_person_without_a_message(world: World) -> None:
    say(world, offered(world), "ja")
    morning(world, date(2026, 11, 30))
    assert (plan_of(world).state, count(world, "plan_broken"), count(world, "plan_repair")) == ("broken", 1, 1)
    [task] = [task for task in world.tasks() if task.kind == "broken_plan"]
    assert task.detail["repairs"] == 1


def test_no_to_the_repair_goes_to_a_person(world: World) -> None:
    say(world, offered(world), "nee")
    assert plan_of(world).state == "broken"
    assert {task.kind for task in world.tasks()} >= {"reply"}


def test_silence_on_the_repair_ends_the_plan_and_the_ladder_goes_on_where_it_was(world: World) -> None:
    day = offered(world)
    run = world.case(home_of(world)).ladder_run
    before = [step for step, _ in world.sent() if ":" not in step]
    assert before == ["reminder"]
    world.live(day + timedelta(days=14), day + timedelta(days=17))
    case = world.case(home_of(world))
    assert (plan_of(world).state, case.ladder_run) == ("broken", run)
    after = [step for step, _ in world.sent() if ":" not in step]
    assert len(after) > 1
    assert after.count("reminder") == 1, "not from the start"


def test_no_repair_is_offered_while_a_person_is_busy(world: World) -> None:
    day = missed(world)
    say(world, day, "BEL MIJ")
    morning(world, DATES[0] + timedelta(days=7))
    morning(world, DATES[0] + timedelta(days=9))
    assert (plan_of(world).state, count(world, "plan_repair")) == ("missed", 0)


def test_no_repair_is_offered_while_a_promise_runs(world: World) -> None:
    say(world, missed(world), "ik betaal volgende week vrijdag")
    morning(world, DATES[0] + timedelta(days=7))
    assert (plan_of(world).state, count(world, "plan_repair")) == ("missed", 0)


def test_a_case_that_staff_close_ends_its_plan(world: World) -> None:
    close_case(world.runtime, world.actor, case_id(world), reason="moved")
    morning(world, NEXT + timedelta(days=1))
    assert plan_of(world).state == "ended"


def test_nothing_is_collected_while_a_plan_is_missed_or_repaired(world: World) -> None:
    day = offered(world)
    morning(world, day + timedelta(days=1))
    assert [step for step, _ in world.sent() if ":" not in step] == ["reminder"]


def test_new_rent_that_is_missed_is_a_task_and_the_plan_goes_on(world: World) -> None:
    world.owe(home_of(world), 65000, date(2026, 11, 1))
    world.at(DATES[0], 6)
    pay_old(world, 20000)
    morning(world, date(2026, 11, 6))
    assert [(task.kind, task.detail["cents"]) for task in world.tasks()] == [("new_arrears", 65000)]
    assert plan_of(world).state == "active"
    assert [step for step, _ in world.sent() if ":" not in step] == ["reminder"], "nothing is collected"


def pay_old(world: World, cents: int) -> None:
    """Let the books know of a payment on the oldest item alone."""
    item = world.rows(LedgerItemRow)[0]
    world.add(
        LedgerEntryRow(
            landlord_id=world.landlord_id,
            tenancy_id=home_of(world).tenancy_id,
            item_id=item.id,
            open_cents=DEBT - cents,
            reason="payment",
            occurred_on=DATES[0],
            known_at=world.clock(),
        )
    )


@pytest.mark.parametrize(("answer", "task"), [("nee", None), ("ja", "help"), ("HULP", "help")])
def test_a_kept_plan_is_thanked_and_more_behind_it_is_asked(world: World, answer: str, task: str | None) -> None:
    day = date(2027, 1, 27)
    morning(world, day, 0)
    morning(world, day + timedelta(days=1))
    assert (plan_of(world).state, plan_of(world).asked) == ("kept", "more_behind")
    assert count(world, "plan_thanks") == 1
    before = len(world.sent())
    say(world, day + timedelta(days=1), answer)
    assert [each.kind for each in world.tasks()] == ([task] if task else [])
    assert len(world.sent()) - before == (1 if task else 0), "a no is followed by silence"


def test_staff_change_amount_and_date_and_what_was_paid_stays_paid(world: World) -> None:
    morning(world, DATES[0], DEBT - 12345)
    world.at(DATES[0], 14)
    change_plan(
        world.runtime, world.actor, case_id(world), plan_id=plan_of(world).id, month_cents=15000,
        next_on=date(2026, 11, 20),
    )  # fmt: skip
    world.tick(DATES[0], 14, 1)
    rows = counted(world)
    assert (rows[0].amount_cents, rows[0].state) == (12345, "paid")
    assert [row.amount_cents for row in rows[1:]] == [15000, 15000, 15000, 7655]
    assert [row.state for row in world.rows(InstalmentRow)].count("replaced") == 4
    assert count(world, "plan_confirmed") == 2
    morning(world, DATES[0] + timedelta(days=1))
    assert [row.paid_cents for row in counted(world)][:2] == [12345, 0]


def test_a_change_is_never_above_what_was_said_to_be_possible(world: World) -> None:
    with pytest.raises(Refused):
        change_plan(
            world.runtime, world.actor, case_id(world), plan_id=plan_of(world).id, month_cents=MONTH + 1,
            next_on=date(2026, 11, 20),
        )  # fmt: skip
    assert [row.state for row in world.rows(InstalmentRow)] == ["open"] * 4


def test_staff_offer_or_make_the_repair_themselves(world: World) -> None:
    day = missed(world)
    world.at(day, 15)
    offer_plan_repair(world.runtime, world.actor, case_id(world), plan_id=plan_of(world).id)
    assert plan_of(world).state == "repair_offered"
    with pytest.raises(Refused):
        offer_plan_repair(world.runtime, world.actor, case_id(world), plan_id=plan_of(world).id)
    repair_plan(world.runtime, world.actor, case_id(world), plan_id=plan_of(world).id)
    assert (plan_of(world).state, plan_of(world).repairs) == ("active", 1)
    kinds = [row.kind for row in world.rows(EvidenceRow)]
    assert {"plan_missed", "plan_repair_offered", "plan_repaired"} <= set(kinds)


def test_the_command_line_shows_a_plan_with_what_was_paid(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    morning(world, DATES[0], DEBT - 12345)
    monkeypatch.setenv("OUTREACH_DATABASE_URL", world.runtime.db.engine.url.render_as_string())
    monkeypatch.setenv("OUTREACH_DATA_DIR", str(tmp_path))
    listed = CliRunner().invoke(plan_group, ["list", "--state", "active", "--json"])
    [plan] = json.loads(listed.stdout)["plans"]
    assert (plan["paid_cents"], plan["count"], plan["next_on"]) == (12345, 4, "2026-10-26")
    shown = CliRunner().invoke(plan_group, ["show", str(plan["plan"]), "--json"])
    assert [each["amount_cents"] for each in json.loads(shown.stdout)["instalments"]] == [20000, 20000, 20000, 5000]
    assert "123,45" in CliRunner().invoke(plan_group, ["show", str(plan["plan"])]).stdout
    assert CliRunner().invoke(plan_group, ["show", "99"]).exit_code == 1


def test_a_plan_that_staff_end_lets_the_ladder_go_on(world: World) -> None:
    world.at(NEXT, 22)
    for cents in (15000, 10000):
        change_plan(
            world.runtime, world.actor, case_id(world), plan_id=plan_of(world).id, month_cents=cents, next_on=DATES[0]
        )
        world.at(NEXT, 22, 5)
    assert [row.state for row in world.attempts(AttemptRow.template == "plan_confirmed")] == [
        "sent", "dropped", "planned",
    ]  # fmt: skip
    end_plan(world.runtime, world.actor, case_id(world), plan_id=plan_of(world).id, reason="andere afspraak")
    assert world.attempts(AttemptRow.template == "plan_confirmed")[-1].state == "dropped", "nobody hears what is over"
    assert plan_of(world).state == "ended"
    assert "plan_active" not in str(world.case(home_of(world)).decision)


@pytest.mark.parametrize("stops", ["mijn man is dood", "ik maak er een einde aan"])
def test_nobody_is_asked_for_an_instalment_in_grief_or_danger(world: World, stops: str) -> None:
    say(world, NEXT, stops)
    morning(world, DATES[0] - timedelta(days=3))
    morning(world, DATES[0] + timedelta(days=4))
    assert (count(world, "plan_reminder"), count(world, "plan_broken"), plan_of(world).state) == (0, 0, "active")
    assert counted(world)[0].state == "late", "what is owed stays to be seen"
