"""Many workers at once, actions beside them, and one lease: never above the pressure, never twice, never stuck."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from outreach.audit import audit
from outreach.db.tables import AttemptRow, CaseRow, DayRunRow, PressureReservationRow, TalkRow
from outreach.services.actions import log_talk
from outreach.services.policy import load_policy
from outreach.services.sending import send_due
from outreach.worker.leases import hold_lease
from outreach.worker.ticking import LEASE, LEASE_SECONDS, Worker
from tests.support.crashing import in_a_process
from tests.support.worlds import CALENDAR, FIRST_DAY, Build, World, building, open_runtime

WORKERS = 8


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def at_nine(world: World) -> datetime:
    return world.at(FIRST_DAY, 9)


def send_apart(url: str, data_dir: Path, landlord_id: int, now: datetime) -> None:
    """Send what is due, as another machine would."""
    runtime, _ = open_runtime(url, data_dir, now=now)
    with runtime.db.read() as session:
        policy = load_policy(session, landlord_id)
    send_due(runtime, policy, now)
    runtime.db.dispose()


def fifty_due_rows(build: Build) -> World:
    """Make a household with ten cases and five due rows each."""
    world = build()
    first = world.home()
    for home in (first, *(world.home(household_of=first) for _ in range(9))):
        world.owe(home)
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    [planned] = world.attempts(AttemptRow.state == "planned")[:1]
    cases = world.rows(CaseRow)
    columns = {
        name: getattr(planned, name)
        for name in (column.key for column in AttemptRow.__mapper__.columns)
        if name != "id"
    }
    with world.runtime.db.write() as session:
        for row in session.query(AttemptRow).all():
            session.delete(row)
        session.flush()
        for case in cases:
            for number in range(1, 6):
                key = f"{case.id}:1:robocall:{number}:{first.person_id}"
                values = columns | {
                    "case_id": case.id,
                    "key": key,
                    "moment": key,
                    "attempt": number,
                    "step": "robocall",
                    "due_at": CALENDAR.utc(FIRST_DAY),
                }
                session.add(AttemptRow(**values))
    return world


def test_eight_workers_never_pass_the_budget_of_one_household(build: Build) -> None:
    world = fifty_due_rows(build)
    assert len(world.attempts(AttemptRow.state == "planned")) == 50
    url = world.runtime.db.engine.url.render_as_string(hide_password=False)
    now, data_dir = at_nine(world), world.runtime.settings.data_dir
    world.runtime.db.dispose()
    start = Barrier(WORKERS)
    ends: list[int] = []

    def work() -> None:
        start.wait()
        ends.append(in_a_process(send_apart, url, data_dir, world.landlord_id, now))

    threads = [Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [0] * WORKERS
    assert len(world.attempts(AttemptRow.sent_at.is_not(None))) == 1
    assert [row.slot for row in world.rows(PressureReservationRow)] == [1]
    assert len(world.provider_keys()) == 1
    assert Counter(row.state for row in world.attempts())["planned"] == 49


def test_actions_beside_a_sending_worker_never_wait_for_each_other_for_ever(build: Build) -> None:
    world = build()
    homes = [world.home() for _ in range(12)]
    for home in homes:
        world.owe(home)
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 7, 30)
    now, policy, errors = at_nine(world), world.policy, []

    def talk() -> None:
        try:
            for case in world.rows(CaseRow):
                log_talk(world.runtime, world.actor, case.id, at=None, channel="call", note="gesproken")
        except Exception as error:
            errors.append(error)

    def send() -> None:
        try:
            for _ in range(4):
                send_due(world.runtime, policy, now)
        except Exception as error:
            errors.append(error)

    threads = [Thread(target=each) for each in (talk, send, send)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(world.rows(TalkRow)) == 12
    assert all(count == 1 for count in Counter(world.provider_keys()).values())
    assert audit(world.runtime.db.engine).violations["twice"].count == 0


def test_of_two_workers_with_one_lease_one_ticks(build: Build) -> None:
    world = build()
    now = at_nine(world)
    assert hold_lease(world.runtime.db, LEASE, "first", now, LEASE_SECONDS)
    assert not hold_lease(world.runtime.db, LEASE, "second", now + timedelta(seconds=LEASE_SECONDS - 1), LEASE_SECONDS)
    assert hold_lease(world.runtime.db, LEASE, "first", now + timedelta(seconds=60), LEASE_SECONDS)
    assert hold_lease(world.runtime.db, LEASE, "second", now + timedelta(seconds=60 + LEASE_SECONDS), LEASE_SECONDS)


def test_a_worker_without_the_lease_does_nothing(build: Build) -> None:
    world = build()
    world.owe(world.home())
    world.deliver(FIRST_DAY)
    now = at_nine(world)
    hold_lease(world.runtime.db, LEASE, "somebody else", now, LEASE_SECONDS)
    Worker(world.runtime).run_once()
    assert world.rows(DayRunRow) == []
    world.clock.set(now + timedelta(seconds=LEASE_SECONDS))
    Worker(world.runtime).run_once()
    assert [row.day for row in world.rows(DayRunRow)] == [FIRST_DAY]
    assert world.sent() == [("reminder", "sms")]
