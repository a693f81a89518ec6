"""Which measures a text of a step may name: only those that are really possible from that step.

What counts, for a step S of a ladder. Steps are compared by the earliest day on which they can come when nobody pays
and nobody is reached; a step on a legal date comes after all that are not.

early_signal: the ladder refers to the municipality (Bgs article 2), and S is not earlier than a month or two before it.
bailiff: the ladder refers to the bailiff within a month after S (or did before S), and all that must come first has
had its day when S comes: the steps that the referral follows or needs, the early signal and a visit or talk. When the
ladder makes no early signal or no visit, law leaves nothing to name: the bailiff is not possible.
court: S waits for a summons, a judgment or an eviction, or follows the referral to the bailiff or the court.
eviction: S waits for a judgment or an eviction date: only a judge dissolves a lease (BW 7:231).
costs: S is the legal letter of BW 6:96 paragraph 6, or follows it.
"""

from collections.abc import Iterator, Mapping

from schedules.ladder import (
    AfterOutcome,
    Clock,
    DayOfMonth,
    DaysAfterDue,
    DaysAfterStep,
    DaysFromDate,
    Gap,
    Ladder,
    MonthsInArrears,
    Number,
    Step,
    StepKind,
    example_fills,
)
from schedules.purposes import Purpose

MEASURES = frozenset({"early_signal", "bailiff", "court", "eviction", "costs"})
DAYS_A_MONTH = 31
SIGNAL_WITHIN_DAYS = 2 * DAYS_A_MONTH
LEGAL_DATE = 10_000
"""The day that stands for "after a legal date": later than any other."""

_SIGNAL = "municipality"
_BEFORE_COURT = frozenset({"bailiff", "court"})
_PERSONAL = frozenset({StepKind.VISIT, StepKind.CALL})


def possible_measures(ladder: Ladder, step: Step, fills: Mapping[str, int | str] | None = None) -> frozenset[str]:
    """Return the measures that a text of this step may name; gaps without a fill take their marked example."""
    return frozenset(_possible(ladder, step, _days_of(ladder, fills or {})))


def measures_of_stage(ladder: Ladder, stage: str, fills: Mapping[str, int | str] | None = None) -> frozenset[str]:
    """Return what a text may name in at least one step of a stage. Raises KeyError for an unknown stage."""
    if stage not in {each.key for each in ladder.stages}:
        raise KeyError(stage)
    steps = (step for step in ladder.steps if step.stage == stage)
    return frozenset[str]().union(*(possible_measures(ladder, step, fills) for step in steps))


def _possible(ladder: Ladder, step: Step, days: Mapping[str, int]) -> Iterator[str]:
    here = days[step.key]
    signals = [days[each.key] for each in ladder.steps if each.target == _SIGNAL]
    if any(day - here <= SIGNAL_WITHIN_DAYS for day in signals):
        yield "early_signal"
    if any(_bailiff_is_near(ladder, each, here, days) for each in ladder.steps if each.target == "bailiff"):
        yield "bailiff"
    before = list(_followed(ladder, step))
    if _waits_for(step, {"summons", "judgment", "eviction"}) or any(each.target in _BEFORE_COURT for each in before):
        yield "court"
    if _waits_for(step, {"judgment", "eviction"}):
        yield "eviction"
    if any(each.purpose is Purpose.LEGAL and each.template for each in (step, *before)):
        yield "costs"


def _bailiff_is_near(ladder: Ladder, bailiff: Step, here: int, days: Mapping[str, int]) -> bool:
    if days[bailiff.key] - here > DAYS_A_MONTH:
        return False
    signals = [days[each.key] for each in ladder.steps if each.target == _SIGNAL]
    visits = [days[each.key] for each in ladder.steps if each.kind in _PERSONAL]
    first = [days[each.key] for each in _followed(ladder, bailiff)]
    return bool(signals and visits) and max(min(signals), min(visits), *first, 0) <= here


def _waits_for(step: Step, dates: set[str]) -> bool:
    return any(isinstance(clock, DaysFromDate) and clock.date in dates for clock in step.clocks)


def _followed(ladder: Ladder, step: Step) -> Iterator[Step]:
    """Yield every step that must have come before: by a clock or a need, and what those follow."""
    seen, left = {step.key}, [*_before(step)]
    while left:
        key = left.pop()
        found = ladder.step(key)
        if key in seen or found is None:
            continue
        seen.add(key)
        left += _before(found)
        yield found


def _before(step: Step) -> Iterator[str]:
    yield from step.needs_steps
    for clock in step.clocks:
        if isinstance(clock, DaysAfterStep | AfterOutcome):
            yield clock.step


def _days_of(ladder: Ladder, fills: Mapping[str, int | str]) -> dict[str, int]:
    """Give the earliest day of the last attempt of every step, counted from the oldest due date."""
    values = {**example_fills(ladder), **fills}
    found: dict[str, int] = {}
    for step in ladder.steps:
        _day(ladder, step, values, found)
    return found


def _day(ladder: Ladder, step: Step, values: Mapping[str, int | str], found: dict[str, int]) -> int:
    if step.key not in found:
        found[step.key] = LEGAL_DATE
        starts = [_start(ladder, clock, values, found) for clock in step.clocks]
        tries = _number(step.attempts.max, values) - 1
        found[step.key] = max(starts, default=0) + max(0, tries) * _number(step.attempts.gap_days, values)
    return found[step.key]


def _start(ladder: Ladder, clock: Clock, values: Mapping[str, int | str], found: dict[str, int]) -> int:
    if isinstance(clock, DaysAfterDue):
        return _number(clock.days, values)
    if isinstance(clock, MonthsInArrears):
        return max(0, _number(clock.months, values) - 1) * DAYS_A_MONTH + 1
    if isinstance(clock, DayOfMonth):
        return _number(clock.day, values) - 1
    if isinstance(clock, DaysFromDate):
        return LEGAL_DATE
    before = ladder.step(clock.step)
    day = _day(ladder, before, values, found) if before else LEGAL_DATE
    return day + (_number(clock.days, values) if isinstance(clock, DaysAfterStep) else 0)


def _number(value: Number, values: Mapping[str, int | str]) -> int:
    found = values.get(value.name, 0) if isinstance(value, Gap) else value
    return int(found)
