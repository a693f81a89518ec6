"""What a ladder can still see of a case: which facts its rungs ask for, and for how long an age matters."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schedules.ladder import (
    AfterOutcome,
    DayOfMonth,
    DaysAfterDue,
    DaysAfterStep,
    DaysFromDate,
    Gap,
    Ladder,
    MonthsInArrears,
    Number,
    OnlyIf,
    Step,
    StepKind,
)
from schedules.proof.outcomes import conditions_of
from schedules.settings import PolicySettings

HEAVY = frozenset({"bailiff", "court"})
"""Targets that make it heavier for the tenant; what may go before them is law (rules.md 5, 41)."""

SIGNAL = "municipality"
A_MONTH = 31


class Wait(NamedTuple):
    """A step that counts days from the end of another; `even_refused` when its being refused is an end too."""

    place: int
    days: int
    even_refused: bool


@dataclass(frozen=True)
class Sight:
    """What the steps of one ladder ask for, worked out once per proof."""

    ladder: Ladder
    settings: PolicySettings
    start: date
    steps: tuple[Step, ...]
    place: dict[str, int]
    followers: tuple[tuple[int, ...], ...]
    outcomes_named: tuple[frozenset[str], ...]
    waits: tuple[tuple[Wait, ...], ...]
    due_days: tuple[int, ...]
    rests: tuple[int, ...]
    dates: tuple[frozenset[str], ...]
    conditions: tuple[OnlyIf, ...]
    conditional: tuple[tuple[OnlyIf, ...], ...]
    channels: tuple[frozenset[str], ...]
    needs_signal: frozenset[int]
    heavy: frozenset[int]
    sees_reached: bool
    sees_referrals: bool
    counts_contacts: bool

    def value(self, number: Number) -> int:
        """Return a number or its filling; an open gap counts as nothing."""
        if not isinstance(number, Gap):
            return number
        filled = self.settings.fills.get(number.name)
        return int(filled) if filled is not None and not isinstance(filled, str) else 0


def sight_of(ladder: Ladder, settings: PolicySettings, start: date) -> Sight:
    """Work out what a ladder can see."""
    steps = ladder.steps
    place = {step.key: number for number, step in enumerate(steps)}
    conditions = tuple(conditions_of(ladder))
    slack_days = sum(_value(each.days, settings) for each in ladder.slack)
    followers, named = _followers(ladder, place), _outcomes_named(ladder, place)
    return Sight(
        ladder=ladder,
        settings=settings,
        start=start,
        steps=steps,
        place=place,
        followers=followers,
        outcomes_named=named,
        waits=_waits(ladder, settings, place),
        due_days=tuple(_due_days(step, settings) + slack_days for step in steps),
        rests=tuple(_value(step.pause_days or 0, settings) for step in steps),
        dates=tuple(_dates(step) for step in steps),
        conditions=conditions,
        conditional=tuple((step.only_if, step.not_if) for step in steps),
        channels=tuple(_channels(step, settings) for step in steps),
        needs_signal=frozenset(n for n, step in enumerate(steps) if step.target in {SIGNAL, *HEAVY} or step.needs),
        heavy=frozenset(n for n, step in enumerate(steps) if step.target in {SIGNAL, *HEAVY}),
        sees_reached="ever_reached" in _unless(steps) or any(c.reached or c.not_reached for c in conditions),
        sees_referrals="referral_accepted" in _unless(steps)
        or any(c.referral for c in conditions)
        or _on_referral(ladder),
        counts_contacts=any(c.not_reached for c in conditions),
    )


def _value(number: Number, settings: PolicySettings) -> int:
    if not isinstance(number, Gap):
        return number
    filled = settings.fills.get(number.name)
    return filled if isinstance(filled, int) else 0


def _unless(steps: Iterable[Step]) -> frozenset[str]:
    return frozenset(name for step in steps for name in step.unless)


def _on_referral(ladder: Ladder) -> bool:
    referrals = {step.key for step in ladder.steps if step.kind is StepKind.REFERRAL}
    clocks = (clock for step in ladder.steps for clock in step.clocks)
    return any(isinstance(clock, AfterOutcome) and clock.step in referrals for clock in clocks)


def _channels(step: Step, settings: PolicySettings) -> frozenset[str]:
    found = (settings.fills.get(entry.name) if isinstance(entry, Gap) else entry for entry in step.channels)
    return frozenset(str(entry) for entry in found if entry is not None)


def _followers(ladder: Ladder, place: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    """Return per step which steps wait for it or ask for it."""
    found: dict[int, set[int]] = defaultdict(set)
    for number, step in enumerate(ladder.steps):
        for named in _referred(step):
            if named in place:
                found[place[named]].add(number)
    return tuple(tuple(sorted(found[number])) for number in range(len(ladder.steps)))


def _referred(step: Step) -> set[str]:
    found = {clock.step for clock in step.clocks if isinstance(clock, DaysAfterStep | AfterOutcome)}
    found |= set(step.needs_steps)
    found |= {each.outcome.step for each in (step.only_if, step.not_if) if each.outcome is not None}
    return found


def _outcomes_named(ladder: Ladder, place: dict[str, int]) -> tuple[frozenset[str], ...]:
    found: list[set[str]] = [set() for _ in ladder.steps]
    for step in ladder.steps:
        for clock in step.clocks:
            if isinstance(clock, AfterOutcome) and clock.step in place:
                found[place[clock.step]] |= clock.outcomes
    for condition in conditions_of(ladder):
        if condition.outcome is not None and condition.outcome.step in place:
            found[place[condition.outcome.step]] |= condition.outcome.outcomes
    return tuple(frozenset(each) for each in found)


def _waits(ladder: Ladder, settings: PolicySettings, place: dict[str, int]) -> tuple[tuple[Wait, ...], ...]:
    """Return per step who counts days from its end, and whether its being refused counts as an end."""
    found: list[list[Wait]] = [[] for _ in ladder.steps]
    for number, step in enumerate(ladder.steps):
        for clock in step.clocks:
            if isinstance(clock, DaysAfterStep) and clock.step in place:
                wait = Wait(number, _value(clock.days, settings), "refused" in clock.even_if)
                found[place[clock.step]].append(wait)
            elif isinstance(clock, AfterOutcome) and clock.step in place:
                found[place[clock.step]].append(Wait(number, 0, False))
    return tuple(tuple(each) for each in found)


def _dates(step: Step) -> frozenset[str]:
    named = {clock.date for clock in step.clocks if isinstance(clock, DaysFromDate)}
    return frozenset(named.union(*((c.date_known | c.date_unknown) for c in (step.only_if, step.not_if))))


def _due_days(step: Step, settings: PolicySettings) -> int:
    days = [0]
    for clock in step.clocks:
        match clock:
            case DaysAfterDue():
                days.append(_value(clock.days, settings))
            case MonthsInArrears():
                days.append(_value(clock.months, settings) * A_MONTH)
            case DayOfMonth():
                days.append(2 * A_MONTH)
            case DaysFromDate():
                days.append(max(0, _value(clock.days, settings)))
            case _:
                pass
    for condition in (step.only_if, step.not_if):
        for number in (condition.months_at_least, condition.months_below):
            days.append(_value(number, settings) * A_MONTH if number is not None else 0)
    return max(days)
