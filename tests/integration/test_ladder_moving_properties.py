"""Over many random changes of a ladder: after a move nothing that was done goes again, and a move back restores it."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from outreach.audit import audit
from outreach.db.tables import AttemptRow, CaseRow
from outreach.services import actions
from outreach.services.decisions import decision_data
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.ladder_effects import unknown_steps
from outreach.services.ladder_moving import can_count_as, move_cases
from outreach.services.planning import without_planned
from outreach.services.policy import ladder_of
from outreach.services.step_keys import UNCOUNTED
from schedules.engine import decide
from schedules.facts import AttemptState
from schedules.ladder import Ladder
from tests.support.versions import Data, keep, later, other_text, renamed, several, step_of, without
from tests.support.worlds import CALENDAR, FIRST_DAY, Build, World, building

pytestmark = pytest.mark.integration

VERSIONS = 6
DAYS = 20
MADE = (AttemptState.SENT, AttemptState.DONE, AttemptState.FAILED, AttemptState.CLAIMED, AttemptState.UNKNOWN)


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def lived(build: Build) -> World:
    """Six tenants in different places of the ladder: early and late, paused, promised, talked, a step skipped."""
    world = build()
    for number in range(6):
        due_on = FIRST_DAY - timedelta(days=5 + 7 * (number % 3))
        world.owe(world.home(mobile=number != 4, email=number % 2 == 0), due_on=due_on)
    for ahead in range(DAYS):
        day = FIRST_DAY + timedelta(days=ahead)
        if CALENDAR.is_working_day(day):
            world.deliver(day)
        for hour, minute in ((7, 30), (10, 0), (18, 0)):
            world.tick(day, hour, minute)
        if ahead == 9:
            world.at(day, 18, 30)
            meddle(world)
    return world


def meddle(world: World) -> None:
    first, second, third, fourth, *_ = world.rows(CaseRow)
    today = CALENDAR.day_of(world.clock())
    actions.pause_case(world.runtime, world.actor, first.id, reason="illness", until_on=today + timedelta(days=60))
    actions.note_promise(world.runtime, world.actor, second.id, promised_on=today + timedelta(days=40))
    actions.log_talk(world.runtime, world.actor, third.id, at=None, channel="call", note="")
    actions.move_step(world.runtime, world.actor, fourth.id, step="visit", skipped=True, reason="Niet nodig")


CONTACTS = ("reminder", "robocall", "reminder_help", "contact_request", "call", "contact_letter")


def random_change(random: Random) -> Callable[[Data], None]:
    """One to three of: a step later, renamed, left out, tried more or less often, over other channels, or a new one."""

    def tried(key: str, most: int) -> Callable[[Data], None]:
        return lambda data: step_of(data, key).setdefault("attempts", {"max": 1}).update(max=most)

    def one(key: str) -> Callable[[Data], None]:
        match random.randrange(5):
            case 0:
                return later(key, random.randint(1, 9))
            case 1:
                return renamed(key, f"{key}_new")
            case 2 if key != "reminder":
                return without(key, "reminder" if key != "reminder_help" else "contact_request")
            case 3:
                return tried(key, random.randint(1, 4))
        return lambda data: data["steps"].insert(0, {**step_of(data, "reminder"), "key": f"extra_{key}"})

    return several(*(one(key) for key in random.sample(CONTACTS, random.randint(1, 3))))


def counting(random: Random, old: Ladder, new: Ladder, unknown: Counter[str]) -> dict[str, str | None]:
    """Let a step count as its new name where it has one, else as nothing or as some step of the same kind."""
    found: dict[str, str | None] = {}
    for key in unknown:
        fits = [step.key for step in new.steps if can_count_as(old.step(key), step)]
        named = f"{key}_new"
        found[key] = named if new.step(named) else random.choice([None, *fits])
    return found


def loaded(world: World) -> list[LoadedCase]:
    with world.runtime.db.read() as session:
        cases = list(world.rows(CaseRow))
        return load_cases(session, cases, CALENDAR.day_of(world.clock()), world.clock())


def state(world: World) -> dict[str, Any]:
    """What must not change by a move: contacts made, numbers, reached, room taken; and what the engine decides."""
    found: dict[str, Any] = {}
    for each in loaded(world):
        made = [attempt for attempt in each.facts.attempts if attempt.state in MADE]
        found[each.case.number] = {
            "made": len(made),
            "reached": (sum(attempt.reached for attempt in made), each.facts.reached_at),
            "room": each.facts.household_contacts,
            "held": (each.facts.pause_reason, each.facts.promise_until, each.facts.plan, each.facts.talk_at),
            "referrals": len(each.facts.referrals),
            "run": each.case.ladder_run,
        }
    return found


def decisions(world: World) -> dict[str, Any]:
    found = {}
    with world.runtime.db.read() as session:
        for each in loaded(world):
            ladder = ladder_of(session, world.policy, each.case.ladder_version_id)
            facts = without_planned(each.facts)
            data = decision_data(decide(ladder, facts, world.policy.engine, CALENDAR, world.clock()))
            for step in data["due"]:
                del step["attempt"]
            found[each.case.number] = data
    return found


def used(each: LoadedCase) -> Counter[str]:
    """How often each step of the present ladder counts as done."""
    facts = (attempt for attempt in each.facts.attempts if attempt.state in MADE and UNCOUNTED not in attempt.step)
    return Counter(attempt.step for attempt in facts)


@pytest.mark.parametrize("seed", [3])
def test_after_a_move_nothing_goes_again_and_a_move_back_restores_the_decision(build: Build, seed: int) -> None:
    world, random = lived(build), Random(seed)
    old_version = world.rows(CaseRow)[0].ladder_version_id
    old, before, decided = world.policy.ladders[old_version], state(world), decisions(world)
    assert sum(each["made"] for each in before.values()) > 20
    ids = [case.id for case in world.rows(CaseRow)]
    for _ in range(VERSIONS):
        version = keep(world, other_text(random_change(random)))
        with world.runtime.db.read() as session:
            new = ladder_of(session, world.policy, version)
            unknown = unknown_steps(world.runtime, session, ids, new, version)
        mapping = counting(random, old, new, unknown)
        expected = {each.case.id: expected_use(each, mapping) for each in loaded(world)}
        rows = contacts(world)
        move_cases(world.runtime, world.actor, world.landlord_id, ids, version, mapping=mapping, reason="Proef")
        assert state(world) == before
        for each in loaded(world):
            counts = used(each)
            assert counts == expected[each.case.id]
            for step in each.case.decision["due"]:
                known = new.step(step["step"])
                assert known is not None
                assert isinstance(known.attempts.max, int)
                assert counts[step["step"]] < known.attempts.max, (step, counts)
        move_cases(world.runtime, world.actor, world.landlord_id, ids, old_version, mapping={}, reason="Terug")
        assert state(world) == before
        assert decisions(world) == decided
        assert contacts(world) == rows
    report = audit(world.runtime.db.engine)
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
    assert report.integrity["chains"].count == 0


def expected_use(each: LoadedCase, mapping: dict[str, str | None]) -> Counter[str]:
    """What should count after the move, worked out by the mapping alone."""
    found: Counter[str] = Counter()
    for step, number in used(each).items():
        counts_as = mapping.get(step, step)
        if counts_as is not None:
            found[counts_as] += number
    return found


def contacts(world: World) -> list[tuple[Any, ...]]:
    """The rows of everything that was made."""
    rows = world.attempts(AttemptRow.sent_at.is_not(None))
    return [(row.key, row.state, row.outcome, row.reached, row.ladder_version_id) for row in rows]
