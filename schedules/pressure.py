"""Contact pressure: how much contact one household gets, over all channels, ladders, people and cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.calendar import Calendar
from schedules.decisions import Reason
from schedules.errors import NoMomentError


@dataclass(frozen=True, kw_only=True)
class PressureBudget:
    """The room that a household has: contacts per civil day, per rolling days, and rest in hours."""

    per_day: int = 1
    per_days: int = 2
    days: int = 7
    rest_after_talk_hours: int = 72
    rest_after_promise_hours: int = 72

    def __post_init__(self) -> None:
        if min(self.per_day, self.per_days, self.days) < 1:
            raise ValueError("a pressure budget leaves room for at least one contact")


@dataclass(frozen=True, kw_only=True)
class PressureFacts:
    """What weighs on a household: moments of contact (also reserved ones), last talk, last promise."""

    contacts: Sequence[datetime] = ()
    talk_at: datetime | None = None
    promised_at: datetime | None = None


def room(at: datetime, facts: PressureFacts, budget: PressureBudget, calendar: Calendar) -> Reason | None:
    """Say why a household has no room for a contact at a moment, None when it has.

    Counts civil days for `per_day` and the rolling stretch (t - days, t] for `per_days`, also for
    stretches that end at a later contact that is already reserved (rules.md 20).
    """
    rest = _rest(at, facts, budget)
    if rest is not None:
        return rest
    day = calendar.day_of(at)
    if sum(calendar.day_of(moment) == day for moment in facts.contacts) >= budget.per_day:
        return Reason(code="pressure_day", params={"limit": budget.per_day, "day": day})
    if _most_in_any_stretch(at, facts.contacts, budget) > budget.per_days:
        return Reason(code="pressure_days", params={"limit": budget.per_days, "days": budget.days})
    return None


def _rest(at: datetime, facts: PressureFacts, budget: PressureBudget) -> Reason | None:
    for code, since, hours in _rests(facts, budget):
        if since <= at < since + timedelta(hours=hours):
            until = since + timedelta(hours=hours)
            return Reason(code=code, params={"hours": hours, "until": until})
    return None


def _rests(facts: PressureFacts, budget: PressureBudget) -> Iterator[tuple[str, datetime, int]]:
    if facts.talk_at is not None:
        yield "rest_after_talk", facts.talk_at, budget.rest_after_talk_hours
    if facts.promised_at is not None:
        yield "rest_after_promise", facts.promised_at, budget.rest_after_promise_hours


def _most_in_any_stretch(at: datetime, contacts: Sequence[datetime], budget: PressureBudget) -> int:
    stretch = timedelta(days=budget.days)
    together = [*contacts, at]
    ends = [moment for moment in together if at <= moment < at + stretch]
    return max(sum(end - stretch < moment <= end for moment in together) for end in ends)


def find_room(at: datetime, facts: PressureFacts, budget: PressureBudget, calendar: Calendar) -> datetime | None:
    """Return the first moment not before `at` with room, None when there is none."""
    if room(at, facts, budget, calendar) is None:
        return at
    later = sorted({moment for moment in _openings(facts, budget, calendar) if moment > at})
    return next((moment for moment in later if room(moment, facts, budget, calendar) is None), None)


def next_room(at: datetime, facts: PressureFacts, budget: PressureBudget, calendar: Calendar) -> datetime:
    """Return the first moment not before `at` with room in the pressure; raise NoMomentError when none."""
    found = find_room(at, facts, budget, calendar)
    if found is None:
        raise NoMomentError(f"no room in the contact pressure after {at.isoformat()}")
    return found


def _openings(facts: PressureFacts, budget: PressureBudget, calendar: Calendar) -> Iterator[datetime]:
    for moment in facts.contacts:
        yield moment + timedelta(days=budget.days)
        yield calendar.utc(calendar.day_of(moment) + timedelta(days=1))
    for _, since, hours in _rests(facts, budget):
        yield since + timedelta(hours=hours)
