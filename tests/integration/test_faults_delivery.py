"""What can go wrong on the way: kills at any point, a provider that is down, a full disk, a clock that jumps."""

import random
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from channels.sandbox import Outage, SandboxFaults
from outreach.audit import audit
from outreach.db.tables import AttemptRow, EvidenceRow, PressureReservationRow, SenderRow
from outreach.services import sending
from outreach.services.policy import Policy
from tests.support.crashing import die, in_a_process
from tests.support.worlds import CALENDAR, FIRST_DAY, Build, World, building

pytestmark = pytest.mark.integration
KILLS = {"sqlite": 60, "postgresql": 200}
NINE = CALENDAR.utc(FIRST_DAY, time(9))
LATEST_POINT = 55


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def decided(build: Build, homes: int, **values: object) -> World:
    """Make so many tenants whose first reminder is planned for today."""
    world = build(**values)
    for _ in range(homes):
        world.owe(world.home())
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    return world


def send_and_die(world: World, policy: Policy, point: int, batch: int) -> None:
    """Ask after what was left and send a small batch, until the given statement, commit or rollback."""
    engine = world.runtime.db.engine
    engine.dispose(close=False)
    left = [point]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            die()

    for name in ("before_cursor_execute", "commit", "rollback"):
        event.listen(engine, name, count)
    sending.BATCH = batch
    sending.recover(world.runtime, policy, NINE)
    sending.send_batch(world.runtime, policy, NINE, Counter())


def senders(world: World) -> list[SenderRow]:
    """Give the pace of every sender."""
    with world.runtime.db.read() as session:
        return list(session.scalars(select(SenderRow)))


def assert_each_once(world: World, homes: int) -> None:
    """Every tenant got one message, which is on record once, in one room of the pressure."""
    taken = Counter(world.provider_keys())
    assert len(taken) == homes and set(taken.values()) == {1}
    assert Counter(row.state for row in world.attempts()) == {"sent": homes}
    sent = Counter(row.attempt_id for row in world.rows(EvidenceRow, EvidenceRow.kind == "sent"))
    assert len(sent) == homes and set(sent.values()) == {1}
    assert len(world.rows(PressureReservationRow)) == homes
    assert world.tasks() == []
    report = audit(world.runtime.db.engine)
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
    assert report.integrity["chains"].count == 0


def test_killed_again_and_again_at_any_point(build: Build) -> None:
    dialect = build().runtime.db.engine.dialect.name
    kills, chance = KILLS[dialect], random.Random(5)
    homes = kills
    world = decided(build, homes, slug="tweede")
    policy = world.policy
    world.runtime.db.dispose()
    died = 0
    for _ in range(6 * kills):
        if died == kills:
            break
        point, batch = chance.randint(1, LATEST_POINT), chance.choice((1, 1, 2))
        ended = in_a_process(send_and_die, world, policy, point, batch)
        assert ended in (0, -signal.SIGKILL)
        died += ended != 0
    assert died == kills, "too few of the runs were killed: the messages ran out"
    sending.recover(world.runtime, world.policy, world.at(FIRST_DAY, 9))
    sending.send_due(world.runtime, world.policy, world.at(FIRST_DAY, 9))
    assert_each_once(world, homes)


def test_a_provider_that_is_down_for_a_day_gets_everything_the_day_after(build: Build) -> None:
    down = Outage(start=NINE - timedelta(hours=1), end=NINE + timedelta(hours=23))
    world = decided(build, 6, faults=SandboxFaults(outages=(down,)))
    for ahead in (0, 1):
        day = FIRST_DAY + timedelta(days=ahead)
        for hour in range(8, 21):
            for minute in (0, 20, 40):
                world.tick(day, hour, minute)
        world.deliver(day + timedelta(days=1))
    rows = world.attempts(AttemptRow.step == "reminder")
    assert Counter(world.provider_keys()) == {row.key: 1 for row in rows}
    assert {row.state for row in rows} == {"sent"}
    assert all(row.sent_at is not None and row.sent_at >= down.end for row in rows)
    assert max(row.tries for row in rows) <= 12
    [sender] = senders(world)
    assert (sender.failures, sender.shut_until) == (0, None)


def test_a_shut_sender_keeps_its_messages_without_trying(build: Build) -> None:
    down = Outage(start=NINE - timedelta(hours=1), end=NINE + timedelta(hours=1))
    world = decided(build, 3, faults=SandboxFaults(outages=(down,)))
    first = world.tick(FIRST_DAY, 9)
    assert first.counts["failed_sms"] == 3
    [sender] = senders(world)
    assert sender.failures == 1 and sender.shut_until is not None
    assert timedelta(seconds=10) <= sender.shut_until - NINE <= timedelta(seconds=12)
    assert sender.reason.startswith("provider_down")
    assert sending.send_due(world.runtime, world.policy, NINE + timedelta(seconds=5)) == Counter()


def test_what_is_refused_for_days_fails_in_the_end(build: Build) -> None:
    down = Outage(start=NINE - timedelta(hours=1), end=NINE + timedelta(days=30))
    world = decided(build, 1, faults=SandboxFaults(outages=(down,)))
    [row] = world.attempts()
    with world.runtime.db.write() as session:
        session.get_one(AttemptRow, row.id).expires_at = None
    for days in range(8):
        if days:
            world.deliver(FIRST_DAY + timedelta(days=days))
        for hour in (9, 12, 15):
            at = CALENDAR.utc(FIRST_DAY + timedelta(days=days), time(hour))
            sending.send_due(world.runtime, world.policy, at)
    [ended] = world.attempts(AttemptRow.id == row.id)
    assert (ended.state, ended.outcome) == ("failed", "provider_down")
    assert ended.outcome_at is not None and ended.outcome_at - NINE >= timedelta(days=3)


def test_a_full_disk_loses_nothing_and_sends_nothing_twice(build: Build) -> None:
    world = decided(build, 40)
    engine = world.runtime.db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("a full disk is made by SQLite's own limit of pages")
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    room = [0]

    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + room[0]}")  # type: ignore[attr-defined]

    event.listen(engine, "connect", limit)
    full = 0
    for room[0] in (0, 2, 4, 8, 16, 24):
        engine.dispose()
        try:
            world.tick(FIRST_DAY, 9)
        except OperationalError as error:
            assert "full" in str(error)
            full += 1
    assert full > 0
    event.remove(engine, "connect", limit)
    engine.dispose()
    world.tick(FIRST_DAY, 9, 16)  # what this process may still be offering is asked after later
    world.tick(FIRST_DAY, 9, 17)
    assert_each_once(world, 40)


@pytest.mark.parametrize("seed", range(3))
def test_a_clock_that_jumps_sends_nothing_twice_and_nothing_outside_the_hours(build: Build, seed: int) -> None:
    world = decided(build, 5)
    chance, policy = random.Random(seed), world.policy
    jumps = [timedelta(minutes=chance.randint(-14 * 60, 40 * 60)) for _ in range(25)]
    for jump in (*jumps, timedelta()):
        sending.recover(world.runtime, policy, NINE + jump)
        sending.send_due(world.runtime, policy, NINE + jump)
    assert set(Counter(world.provider_keys()).values()) <= {1}
    for due_at in sorted({row.due_at for row in world.attempts(AttemptRow.state == "planned")}):
        sending.send_due(world.runtime, policy, due_at)
    assert Counter(world.provider_keys()) == {row.key: 1 for row in world.attempts(AttemptRow.state == "sent")}
    moments: Sequence[datetime] = [row.sent_at for row in world.attempts() if row.sent_at is not None]
    for moment in moments:
        local = CALENDAR.local(moment)
        assert CALENDAR.is_contact_day(local.date())
        assert time(8) <= local.time() < time(20)
