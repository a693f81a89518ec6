"""Promises over random worlds: tenants who pay, answer, refuse and vanish; then the audit counts violations."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from channels.contract import Outbound
from channels.sandbox import SimulatedEvent
from outreach.audit import audit
from outreach.db.tables import AttemptRow, CaseRow, PauseRow, PaymentPlanRow
from outreach.services import actions
from outreach.services.acting import Refused
from tests.support.worlds import CALENDAR, FIRST_DAY, World, building, make_world

WORDS = (
    "REGELING",
    "50 per maand",
    "JA",
    "STOP",
    "BETAALD",
    "BEL MIJ",
    "ik betaal vrijdag",
    "hulp",
    "wat is dit?",
    "verkeerd nummer",
    "ik ben het er niet mee eens",
    "START",
)
FEW = ((7, 30), (10, 0), (14, 0), (18, 0), (19, 30))


def dice(*parts: object) -> int:
    """Throw a number that is the same for the same parts."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:4])


def answering(seed: int) -> object:
    """Make tenants who answer one message in two, a few minutes before a tick."""

    def respond(message: Outbound) -> Sequence[SimulatedEvent]:
        thrown = dice(seed, message.key)
        if message.channel == "letter":
            return [SimulatedEvent(kind="receipt", outcome="posted", delay_minutes=60)]
        if message.channel == "robocall":
            outcome = ("no_answer", "voicemail", "menu_1", "menu_2", "menu_9", "busy")[thrown % 6]
            return [SimulatedEvent(kind="call", outcome=outcome, delay_minutes=2, repeats=thrown % 2)]
        receipt = SimulatedEvent(kind="receipt", outcome="delivered", delay_minutes=1, repeats=1)
        if thrown % 2:
            return [receipt]
        return [receipt, SimulatedEvent(kind="reply", text=WORDS[thrown // 2 % len(WORDS)], delay_minutes=235)]

    return respond


def meddle(world: World, seed: int, moment: datetime) -> None:
    """Let the books and the staff do something to some of the cases."""
    for case in world.rows(CaseRow, CaseRow.state == "open"):
        home = next(each for each in world.homes if each.tenancy_id == case.tenancy_id)
        match dice(seed, moment, case.number) % 60:
            case 0:
                world.pay(home)
            case 1:
                actions.log_talk(world.runtime, world.actor, case.id, at=None, channel="call", note="")
            case 2:
                until = CALENDAR.day_of(moment) + timedelta(days=4)
                actions.pause_case(world.runtime, world.actor, case.id, reason="illness", until_on=until)
            case 3:
                until = CALENDAR.day_of(moment) + timedelta(days=3)
                actions.note_promise(world.runtime, world.actor, case.id, promised_on=until)
            case 4:
                world.pay(home, left_cents=9000)
    for row in world.attempts(AttemptRow.state == "claimed", AttemptRow.kind == "call"):
        if dice(seed, moment, row.key) % 2:
            outcome = ("no_answer", "talked", "voicemail")[dice(seed, row.key) % 3]
            try:
                actions.record_call(world.runtime, world.actor, row.id, outcome)
            except Refused:
                continue


def live(world: World, seed: int, days: int, undelivered: date | None = None) -> None:
    """Live through days in which everybody does something."""
    for ahead in range(days):
        day = FIRST_DAY + timedelta(days=ahead)
        if CALENDAR.is_working_day(day) and day != undelivered:
            world.deliver(day)
        for hour, minute in FEW:
            meddle(world, seed, world.at(day, hour, minute))
            world.tick(day, hour, minute)


@pytest.mark.parametrize("seed", [2, 4])
def test_no_promise_is_broken_in_a_random_world(migrated_url: str, tmp_path: Path, seed: int) -> None:
    world = make_world(migrated_url, tmp_path, respond=answering(seed))  # type: ignore[arg-type]
    try:
        for number in range(8):
            home = world.home(email=number % 3 != 0)
            world.owe(home, 20000 + number * 9000, due_on=date(2026, 9, 1) if number % 2 else date(2026, 10, 1))
            world.permit(home, "whatsapp")
        second = world.home(household_of=world.homes[0])
        world.owe(second, 30000)
        live(world, seed, 9)
        sent = world.attempts(AttemptRow.sent_at.is_not(None))
        report = audit(world.runtime.db.engine)
        assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
        assert report.integrity["chains"].count == 0
        assert max(Counter(world.provider_keys()).values()) == 1
        assert len(sent) > 8, "the world did something"
        assert {row.channel for row in sent} >= {"sms", "robocall", "letter"}
        assert world.rows(PauseRow)
        assert world.rows(PaymentPlanRow)
    finally:
        world.runtime.db.dispose()


def test_old_books_stop_collection_and_new_ones_start_it(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build()
        world.owe(world.home())
        world.deliver(date(2026, 10, 2))
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=1), delivered=False)
        assert world.sent() == []
        codes = {why["code"] for step in world.case(world.homes[0]).decision["waiting"] for why in step["why"]}
        assert "stale_ledger" in codes
        world.live(FIRST_DAY + timedelta(days=2))
        assert world.sent() == [("reminder", "sms")]


def test_two_cases_of_one_household_share_one_budget(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build()
        first = world.home()
        for home in (first, world.home(household_of=first), world.home(household_of=first)):
            world.owe(home)
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=3))
        days = Counter(CALENDAR.day_of(row.sent_at) for row in world.attempts() if row.sent_at)
        assert max(days.values()) == 1
        assert sum(days.values()) == 2
