"""A process that is killed at any point, and run again at the same moment: nothing twice, nothing lost, same end."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from channels.contract import NotTaken, Unsure
from channels.sandbox import SandboxFaults
from outreach.audit import audit
from outreach.db.tables import AttemptRow, EvidenceRow, PressureReservationRow, SandboxMessageRow, TaskRow
from outreach.services.senders import LONGEST_OFFER, may_be_sending, this_sender
from outreach.services.sending import recover
from tests.support.crashing import POINTS, in_a_process, play
from tests.support.worlds import CALENDAR, FIRST_DAY, Build, World, building

MOMENTS = [CALENDAR.utc(FIRST_DAY, moment) for moment in (time(7, 30), time(9), time(9, 30))]


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


@pytest.fixture
def world(build: Build) -> World:
    """A landlord with five tenants who are due for a first reminder."""
    made = build()
    for number in range(5):
        made.owe(made.home(mobile=number != 3))
    made.deliver(FIRST_DAY)
    return made


def run(world: World, point: str, moments: list[datetime]) -> int:
    """Tick in a process of its own and give how it ended."""
    url = world.runtime.db.engine.url.render_as_string(hide_password=False)
    world.runtime.db.dispose()
    return in_a_process(play, url, world.runtime.settings.data_dir, world.landlord_id, moments, point)


def end_of(world: World) -> dict[str, Any]:
    """Give what a day came to, without the numbers that a database deals out."""
    attempts = [(row.key, row.state, row.sent_at, row.text) for row in world.attempts()]
    facts = Counter((row.case_id, row.kind) for row in world.rows(EvidenceRow))
    rooms = sorted((row.household_id, row.day, row.slot, row.moment) for row in world.rows(PressureReservationRow))
    return {"attempts": sorted(attempts), "facts": facts, "rooms": rooms, "taken": sorted(world.provider_keys())}


@pytest.mark.parametrize("point", POINTS)
def test_killed_and_run_again_ends_the_same(world: World, point: str) -> None:
    ended = run(world, point, MOMENTS)
    assert ended == (0 if point == "never" else -signal.SIGKILL)
    assert run(world, "never", MOMENTS) == 0
    end = end_of(world)
    assert len(end["taken"]) == 5
    assert [state for _, state, _, _ in end["attempts"]] == ["sent"] * 5
    assert [at for _, _, at, _ in end["attempts"]] == [MOMENTS[1]] * 5
    assert {kind: count for (_, kind), count in end["facts"].items() if kind == "sent"} == {"sent": 1}
    assert len(end["rooms"]) == 5
    assert world.tasks() == []
    report = audit(world.runtime.db.engine)
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
    assert report.integrity["chains"].count == 0


def test_a_message_that_is_on_its_way_is_not_asked_after() -> None:
    now = MOMENTS[1]
    assert may_be_sending(this_sender(), now, now)
    assert not may_be_sending(this_sender(), now, now + LONGEST_OFFER)
    assert not may_be_sending("", now, now), "an uncertain answer is asked after at once"
    assert may_be_sending("another-machine:12:abcd", now, now)
    machine, pid, _ = this_sender().split(":")
    assert not may_be_sending(f"{machine}:{pid}:earlier", now, now), "an earlier process with our number"


def test_an_uncertain_answer_is_asked_after_and_sent_once(build: Build) -> None:
    key, lost = "1:1:reminder:1:1", "2:1:reminder:1:2"
    faults = SandboxFaults(uncertain=frozenset({key}), lost=frozenset({lost}))
    world = build(faults=faults)
    for _ in range(2):
        world.owe(world.home())
    world.deliver(FIRST_DAY)
    first = world.tick(FIRST_DAY, 9)
    assert {row.key for row in world.attempts()} == {key, lost}
    assert first.counts["uncertain"] == 2
    second = world.tick(FIRST_DAY, 9, 1)
    assert second.counts["offered_again"] == 1
    assert {row.state for row in world.attempts()} == {"sent"}
    assert sorted(world.provider_keys()) == sorted([key, lost])


class _Doubting:
    """A provider that cannot say whether it took a message."""

    name = provider = "doubting"

    def ask(self, message: Any) -> Unsure | NotTaken:
        return Unsure(key=message.key, detail="no record of the last hour")


def test_what_nobody_knows_becomes_a_task_and_is_never_sent_again(build: Build) -> None:
    world = build(faults=SandboxFaults(lost=frozenset({"1:1:reminder:1:1"})))
    world.owe(world.home())
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 9)
    doubting: Any = _Doubting()
    unsure = type(world.runtime)(**{**vars(world.runtime), "channels": {"sms": doubting}})
    recover(unsure, world.policy, world.at(FIRST_DAY, 9, 1))
    world.tick(FIRST_DAY, 9, 30)
    assert [row.state for row in world.attempts(AttemptRow.step == "reminder")] == ["unknown"]
    assert [task.kind for task in world.tasks(TaskRow.kind == "unknown_send")] == ["unknown_send"]
    assert world.rows(SandboxMessageRow) == []


def test_an_absent_channel_is_not_taken_for_a_certain_no(build: Build) -> None:
    world = build(faults=SandboxFaults(lost=frozenset({"1:1:reminder:1:1"})))
    world.owe(world.home())
    world.deliver(FIRST_DAY)
    world.tick(FIRST_DAY, 9)
    without = type(world.runtime)(**{**vars(world.runtime), "channels": {}})
    recover(without, world.policy, world.at(FIRST_DAY, 9, 1))
    assert [row.state for row in world.attempts()] == ["unknown"]
