"""Whether each step can come due at all: explored again for what was not seen, with the facts that it asks for."""

from collections.abc import Iterator

from schedules.ladder import AfterOutcome, DaysAfterStep, DaysFromDate, OnlyIf, Step
from schedules.proof.explorer import FACT, Exploration, Explorer
from schedules.proof.outside_case import OTHER_LANGUAGES
from schedules.proof.sight import Sight
from schedules.proof.state import State
from schedules.proof.watcher import Nobody

FIRST_TRIES = 1_500


def unreachable(explorer: Explorer, found: Exploration) -> Iterator[str]:
    """Yield the steps that came due on no path, not even with every fact that they and their roads ask for."""
    came_due = set(found.came_due)
    for step in explorer.ladder.steps:
        if step.key in came_due:
            continue
        came_due |= _try(explorer, step)
        if step.key not in came_due:
            yield step.key


def _try(explorer: Explorer, step: Step) -> set[str]:
    """Explore from a case with the facts that a step asks for, known from the start, and one surprise more."""
    again = Explorer(
        explorer.ladder,
        explorer.settings,
        explorer.calendar,
        explorer.carrier.environment,
        explorer.start,
        [Nobody()],
    )
    root = again.first()
    for key in _asked_for(step, explorer.sight):
        fact = again.facts.get(key)
        if fact is not None and fact.applies(root.facts):
            root = again.strike(root, fact, bound_to_come=True)
    found = again.run(State(root.facts, root.now, root.marks, root.trace, act=again.first().act), FACT, 0, FIRST_TRIES)
    return found.came_due


def _asked_for(step: Step, sight: Sight) -> Iterator[str]:
    seen: set[str] = set()
    queue = [step]
    while queue:
        one = queue.pop()
        if one.key in seen:
            continue
        seen.add(one.key)
        yield from _facts_of(one, sight)
        before = {clock.step for clock in one.clocks if isinstance(clock, DaysAfterStep | AfterOutcome)}
        before |= set(one.needs_steps)
        queue.extend(sight.steps[sight.place[key]] for key in sorted(before) if key in sight.place)


def _facts_of(step: Step, sight: Sight) -> Iterator[str]:
    for clock in step.clocks:
        if isinstance(clock, DaysFromDate):
            yield f"date:{clock.date}"
    if "ground" in step.needs:
        yield "ground:worry"
    yield from _facts_of_condition(step.only_if, sight)
    not_for = step.only_if.not_language | step.not_if.language
    if "nl" in not_for:
        yield from (f"language:{each}" for each in OTHER_LANGUAGES if each not in not_for)


def _facts_of_condition(asked: OnlyIf, sight: Sight) -> Iterator[str]:
    yield from (f"flag:{each}" for each in sorted(asked.flag)[:1])
    yield from (f"ground:{each}" for each in sorted(asked.ground)[:1])
    yield from (f"cause:{each}" for each in sorted(asked.cause)[:1])
    yield from (f"language:{each}" for each in sorted(asked.language)[:1])
    yield from (f"area:{each}" for each in sorted(asked.area)[:1])
    yield from (f"date:{each}" for each in sorted(asked.date_known)[:1])
    if "refused" in asked.help:
        yield "help_refused"
    if asked.amount_below is not None:
        yield f"owes:{sight.value(asked.amount_below)}"
    if asked.paid_in_part:
        yield "paid_in_part"
