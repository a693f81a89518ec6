"""The explorer: histories that it takes for the same are the same to the engine, and its judges judge by themselves."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import date, time

import pytest

from schedules.calendar import Calendar, load_law
from schedules.decisions import Decision
from schedules.engine import decide
from schedules.loader import load_preset
from schedules.proof.explorer import Explorer
from schedules.proof.properties.judged import Judged
from schedules.proof.properties.limits import NothingTwice, unlawful
from schedules.proof.properties.plain import first_unlawful
from schedules.proof.state import State
from schedules.proof.watcher import Going, Nobody
from schedules.settings import PolicySettings
from schedules.windows import WINDOWS, Span, Window
from tests.support.proofs import CALENDAR, DUE_ON, ENVIRONMENT

pytestmark = pytest.mark.unit

MERGED = 400
SETTINGS = PolicySettings()


class Noting(Explorer):
    """An explorer that keeps every state that it reaches, by its key."""

    reached: dict[Hashable, list[State]]

    def _reach(self, state: State) -> None:
        self.__dict__.setdefault("reached", defaultdict(list))[self.keys.key(state)].append(state)
        super()._reach(state)


def explorer_of(name: str, kind: type[Explorer] = Explorer) -> Explorer:
    return kind(load_preset(name), SETTINGS, CALENDAR, ENVIRONMENT, DUE_ON, [Nobody()])


def shape(decision: Decision, state: State) -> tuple[object, ...]:
    """Give what a decision says, with moments as they lie from now."""
    due = [(step.step, step.channel, step.due_at - state.now) for step in decision.due]
    waiting = [(step.step, step.until - state.now if step.until else None) for step in decision.waiting]
    refused = [(step.step, tuple(reason.code for reason in step.why)) for step in decision.refused]
    return due, waiting, refused, decision.end is not None


def merged_pairs(explorer: Noting) -> Iterator[tuple[State, State]]:
    for states in explorer.reached.values():
        for other in states[1:3]:
            yield states[0], other


def in_holidays(state: State) -> bool:
    """Say whether the days around Christmas are near: states that are whole weeks apart differ there."""
    day = CALENDAR.day_of(state.now)
    return date(2026, 12, 10) <= day <= date(2027, 1, 8) or day >= date(2027, 3, 10)


def test_histories_with_one_key_are_decided_alike() -> None:
    explorer = explorer_of("standaard", Noting)
    assert isinstance(explorer, Noting)
    explorer.run(explorer.first(), 2)
    compared = 0
    for one, other in merged_pairs(explorer):
        if in_holidays(one) or in_holidays(other):
            continue
        first, second = (decide(explorer.ladder, s.facts, SETTINGS, CALENDAR, s.now) for s in (one, other))
        assert shape(first, one) == shape(second, other)
        compared += 1
    assert compared >= MERGED


def test_the_explorer_goes_through_every_kind_of_fact() -> None:
    explorer = explorer_of("standaard", Noting)
    assert isinstance(explorer, Noting)
    explorer.run(explorer.first(), 2)
    told = {state.act.fact for states in explorer.reached.values() for state in states if state.act}
    assert set(explorer.facts) <= told | {"plan_kept"}


def test_a_night_or_a_sunday_is_unlawful_whatever_a_window_says() -> None:
    lawless = Calendar(load_law("law: nl\ntitle: {nl: niets, en: nothing}\nrules: []\n"))
    always = Window("always", tuple((Span(part="day", opens=time(0), closes=time(23, 59)),) for _ in range(7)))
    assert first_unlawful(always, lawless, date(2026, 12, 1)) is not None
    sundays = Window("sundays", tuple((Span(part="day", opens=time(9), closes=time(17)),) for _ in range(7)))
    why = first_unlawful(sundays, lawless, date(2026, 12, 1))
    assert why is not None and "zondag" in why.nl and "06-12-2026" in why.nl


def test_every_window_is_lawful_for_three_years() -> None:
    for window in WINDOWS.values():
        assert first_unlawful(window, CALENDAR, date(2026, 12, 1)) is None


def test_a_holiday_and_the_hour_the_clock_changes_are_judged_in_dutch_time() -> None:
    assert unlawful(CALENDAR.utc(date(2026, 12, 25), time(10)), CALENDAR) is not None
    assert unlawful(CALENDAR.utc(date(2027, 3, 29), time(10)), CALENDAR) is not None
    assert unlawful(CALENDAR.utc(date(2027, 3, 30), time(7)), CALENDAR) is None
    assert unlawful(CALENDAR.utc(date(2027, 3, 30), time(20)), CALENDAR) is not None


def test_a_step_that_had_finished_may_not_go_again() -> None:
    explorer = explorer_of("standaard")
    state = explorer.first()
    planned = next(
        each
        for each in decide(
            explorer.ladder,
            replace(state.facts, ledger_as_of=date(2026, 12, 7)),
            SETTINGS,
            CALENDAR,
            CALENDAR.utc(date(2026, 12, 7), time(10)),
        ).due
        if each.step == "reminder"
    )
    judged = Judged(explorer.ladder, SETTINGS, CALENDAR, explorer.sight, explorer.carrier)
    going = Going(
        step=explorer.sight.steps[0],
        place=0,
        planned=planned,
        at=planned.due_at,
        facts=state.facts,
        trace=state.trace,
        marks=state.marks,
    )
    assert NothingTwice(judged).going(going) is None
    done = state.marks[0]._replace(used=1, finished=DUE_ON.toordinal() + 5)
    assert NothingTwice(judged).going(replace(going, marks=(done, *state.marks[1:]))) is not None
