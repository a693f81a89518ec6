"""When the clocks of a step come, as UTC moments; day-based clocks come at the start of a Dutch civil day."""

import calendar as months_of_a_year
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schedules.case_view import CaseView
from schedules.decisions import Reason
from schedules.ladder import (
    AfterOutcome,
    Clock,
    DayOfMonth,
    DaysAfterDue,
    DaysAfterStep,
    DaysFromDate,
    Gap,
    MonthsInArrears,
    Number,
    StepKind,
)


@dataclass(frozen=True, kw_only=True)
class StepEnd:
    """How another step ended (done, skipped, refused or no_channel) and when; both None while it goes on."""

    end: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Tick:
    """When a clock comes: a moment, or None while it hangs on a fact; `never` when it cannot come any more."""

    at: datetime | None
    why: Reason
    never: bool = False


EndOf = Callable[[str], StepEnd]


def tick(clock: Clock, view: CaseView, end_of: EndOf) -> Tick:
    """Return when one clock of a step comes."""
    match clock:
        case DaysAfterDue():
            return _days_after_due(clock, view)
        case DaysAfterStep():
            return _days_after_step(clock, view, end_of(clock.step))
        case MonthsInArrears():
            return _months(clock, view)
        case DayOfMonth():
            return _day_of_month(clock, view)
        case AfterOutcome():
            return _after_outcome(clock, view, end_of(clock.step))
        case DaysFromDate():
            return _from_date(clock, view)


def _open_gap(number: Number) -> Tick:
    name = number.name if isinstance(number, Gap) else str(number)
    return Tick(at=None, why=Reason(code="gap", params={"gap": name}), never=True)


def _start(view: CaseView, day: date) -> datetime:
    return view.calendar.utc(day)


def _days_after_due(clock: DaysAfterDue, view: CaseView) -> Tick:
    days, due_on = view.value(clock.days), view.facts.oldest_due_on
    if days is None:
        return _open_gap(clock.days)
    if due_on is None:
        return Tick(at=None, why=Reason(code="no_due_date"))
    why = Reason(code="days_after_due", params={"days": days, "due_on": due_on})
    return Tick(at=_start(view, due_on + timedelta(days=days)), why=why)


def _days_after_step(clock: DaysAfterStep, view: CaseView, ended: StepEnd) -> Tick:
    days = view.value(clock.days)
    if days is None:
        return _open_gap(clock.days)
    if ended.at is None or ended.end not in clock.even_if | {"done"}:
        return Tick(at=None, why=Reason(code="waits_for_step", params={"step": clock.step, "days": days}))
    day = view.calendar.day_of(ended.at) + timedelta(days=days)
    why = Reason(code="days_after_step", params={"days": days, "step": clock.step})
    return Tick(at=_start(view, day) if days else ended.at, why=why)


def _months(clock: MonthsInArrears, view: CaseView) -> Tick:
    months, due_on = view.value(clock.months), view.facts.oldest_due_on
    if months is None:
        return _open_gap(clock.months)
    why = Reason(code="months_in_arrears", params={"months": months, "now": view.facts.months})
    if due_on is None:
        return Tick(at=None, why=why)
    expected = _start(view, _months_later(due_on, months - 1) + timedelta(days=1))
    if view.facts.months >= months:
        return Tick(at=min(expected, view.now), why=why)
    return Tick(at=expected if expected > view.now else None, why=why)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = months_of_a_year.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _day_of_month(clock: DayOfMonth, view: CaseView) -> Tick:
    number, due_on = view.value(clock.day), view.facts.oldest_due_on
    if number is None:
        return _open_gap(clock.day)
    if due_on is None:
        return Tick(at=None, why=Reason(code="no_due_date"))
    this_month = _in_month(due_on, number)
    day = this_month if this_month >= due_on else _in_month(_months_later(due_on.replace(day=1), 1), number)
    return Tick(at=_start(view, day), why=Reason(code="day_of_month", params={"number": number, "day": day}))


def _in_month(day: date, number: int) -> date:
    return day.replace(day=min(number, months_of_a_year.monthrange(day.year, day.month)[1]))


def _after_outcome(clock: AfterOutcome, view: CaseView, ended: StepEnd) -> Tick:
    asked = view.ladder.step(clock.step)
    if asked is not None and asked.kind is StepKind.REFERRAL:
        return _after_answer(clock, view)
    fitting = [a for a in view.attempts_by_step.get(clock.step, ()) if a.outcome in clock.outcomes]
    if fitting:
        last = max(fitting, key=lambda attempt: attempt.at)
        why = Reason(code="after_outcome", params={"step": clock.step, "outcome": str(last.outcome)})
        return Tick(at=last.at, why=why)
    return Tick(at=ended.at, why=_waits_for_outcome(clock), never=ended.end is not None)


FINAL_ANSWERS = frozenset({"rejected", "closed", "stopped"})


def _after_answer(clock: AfterOutcome, view: CaseView) -> Tick:
    """Return when a partner gave one of these answers; it can never come after another final one."""
    made = [referral for referral in view.facts.referrals if referral.step == clock.step]
    fitting = [(r.answered_at or r.at, r.state) for r in made if r.state in clock.outcomes]
    if fitting:
        at, state = max(fitting)
        return Tick(at=at, why=Reason(code="after_outcome", params={"step": clock.step, "outcome": state}))
    never = bool(made) and all(referral.state in FINAL_ANSWERS for referral in made)
    return Tick(at=None, why=_waits_for_outcome(clock), never=never)


def _waits_for_outcome(clock: AfterOutcome) -> Reason:
    params = {"step": clock.step, "outcomes": " / ".join(sorted(clock.outcomes))}
    return Reason(code="waits_for_outcome", params=params)


def _from_date(clock: DaysFromDate, view: CaseView) -> Tick:
    days, known = view.value(clock.days), view.facts.dates.get(clock.date)
    if days is None:
        return _open_gap(clock.days)
    if known is None:
        return Tick(at=None, why=Reason(code="waits_for_date", params={"date": clock.date}))
    why = Reason(code="days_from_date", params={"days": days, "date": clock.date, "day": known})
    return Tick(at=_start(view, known + timedelta(days=days)), why=why)


def next_payday(day: date, payday: int) -> date:
    """Return the first payday on or after a civil day; 31 is the last day of a month."""
    this_month = _in_month(day, payday)
    return this_month if this_month >= day else _in_month(_months_later(day.replace(day=1), 1), payday)
