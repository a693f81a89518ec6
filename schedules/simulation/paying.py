"""How simulated tenants pay: the rent each month, by themselves, what they promised, instalments of a plan."""

from datetime import date, datetime, time, timedelta

from schedules.facts import PlanState
from schedules.simulation.stage import Home, Stage

PAYDAY = 25
"""The day of an instalment (the default payday of the product's own settings)."""

PROMISED_FROM, PROMISED_WITHIN = 2, 11
EARLY = time(0, 5)


def first_of_next(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def rent_due(home: Home, at: datetime, stage: Stage) -> None:
    """Charge the rent of a month; let it be paid at once, later, or not, and the next month be charged."""
    due_on = stage.calendar.day_of(at)
    home.account.charge(due_on, home.tenancy.rent_cents)
    stage.note(home, at, "charged", home.tenancy.rent_cents)
    stage.plan(stage.calendar.utc(first_of_next(due_on), EARLY), home, rent_due, stage)
    if not _misses(home, stage, due_on):
        stage.note(home, at, "paid", home.account.pay_item(due_on))
        _catch_up(home, at, stage, due_on)
        return
    paid_on = _late_day(home, stage, due_on)
    if paid_on is not None:
        stage.plan(stage.booked(paid_on), home, late_rent, stage, due_on)
    stage.look_soon(home, stage.calendar.utc(due_on + timedelta(days=1)))


def _catch_up(home: Home, at: datetime, stage: Stage, due_on: date) -> None:
    """Let a tenant who is behind pay a month more, by himself."""
    behind = home.account.items and home.plan is not PlanState.ACTIVE
    if behind and stage.happens(stage.figures["arrears.catches_up"], home.key, due_on, "catches_up"):
        days = stage.draw(28, home.key, due_on, "catch_up_on")
        stage.plan(stage.booked(due_on + timedelta(days=days)), home, _one_month, stage)


def _one_month(home: Home, at: datetime, stage: Stage) -> None:
    _booked(home, at, stage, home.account.pay(home.tenancy.rent_cents))


def _misses(home: Home, stage: Stage, due_on: date) -> bool:
    if home.help_accepted:
        return not stage.happens(stage.figures["help.keeps"], home.key, due_on, "keeps")
    if home.plan is PlanState.ACTIVE:
        return not stage.happens(home.habits.keeps, home.key, due_on, "keeps")
    return stage.happens(home.habits.misses, home.key, due_on, "misses")


def _late_day(home: Home, stage: Stage, due_on: date) -> date | None:
    """Return the day on which a missed rent comes without any contact, None when it does not."""
    if home.plan is PlanState.ACTIVE or home.help_accepted:
        return due_on + timedelta(days=stage.figures["plan.rent_late"])
    habits = home.habits
    if not stage.happens(habits.by_himself, home.key, due_on, "by_himself"):
        return None
    late = stage.draw(habits.late_to - habits.late_from, home.key, due_on, "late")
    return due_on + timedelta(days=habits.late_from + late)


def late_rent(home: Home, at: datetime, stage: Stage, due_on: date) -> None:
    """Book a rent that came late."""
    _booked(home, at, stage, home.account.pay_item(due_on))


def pays(home: Home, at: datetime, stage: Stage) -> None:
    """Book a payment because of a contact: everything, or one month when it is more than a tenant can find at once."""
    months = len(home.account.items)
    all_at_once = months <= stage.figures["arrears.pays_all_up_to"]
    cents = home.account.open_cents if all_at_once else home.tenancy.rent_cents
    _booked(home, at, stage, home.account.pay(cents))


def _booked(home: Home, at: datetime, stage: Stage, cents: int) -> None:
    if cents == 0:
        return
    stage.note(home, at, "paid", cents)
    if home.case is not None:
        home.case.paid_in_part = True
    if home.promise_until is not None and home.account.open_cents == 0:
        home.promise_until = None
    stage.look_soon(home, at)


def promise(home: Home, at: datetime, stage: Stage, key: str) -> None:
    """Let a tenant promise to pay by a day; it is kept or broken there."""
    if home.plan in {PlanState.ACTIVE, PlanState.REQUESTED}:
        return
    days = PROMISED_FROM + stage.draw(PROMISED_WITHIN, home.key, key, "promised_on")
    until = stage.calendar.day_of(at) + timedelta(days=days)
    home.promise_until, home.household.promised_at = until, at
    stage.note(home, at, "promised")
    stage.tally.counts[("promises", "made")] += 1
    stage.plan(stage.booked(until), home, promised_day, stage, until, key)


def promised_day(home: Home, at: datetime, stage: Stage, until: date, key: str) -> None:
    """Keep a promise, or look at it again when its grace is over."""
    if home.promise_until != until:
        return
    if stage.happens(home.habits.keeps, home.key, key, "promise"):
        stage.tally.counts[("promises", "kept")] += 1
        _booked(home, at, stage, home.account.pay(home.account.open_cents))
        home.promise_until = None
        return
    grace = stage.setting.settings.promise_grace_working_days
    over = stage.calendar.add_working_days(until, grace) + timedelta(days=1)
    stage.plan(stage.morning(over), home, broken_promise, stage, until, key)


def broken_promise(home: Home, at: datetime, stage: Stage, until: date, key: str) -> None:
    """Count a broken promise and let a colleague call about it."""
    if home.promise_until != until or home.case is None:
        return
    stage.tally.counts[("promises", "broken")] += 1
    stage.look_soon(home, at)
    stage.call_back(home, at, f"{key}:broken", stage.figures["talk.answers_after_broken"])


def agree_plan(home: Home, at: datetime, stage: Stage) -> None:
    """Agree on instalments for all that is open, from the next payday."""
    if home.plan is PlanState.ACTIVE or home.account.open_cents == 0:
        return
    today = stage.calendar.day_of(at)
    home.plan, home.promise_until = PlanState.ACTIVE, None
    home.plan_number += 1
    home.plan_cents = home.account.open_cents
    stage.tally.add("plans", home.block)
    stage.note(home, at, "plan_begins")
    first_on = today.replace(day=PAYDAY)
    first_on = first_on if today.day < PAYDAY else first_of_next(today).replace(day=PAYDAY)
    stage.plan(stage.booked(first_on), home, instalment, stage, home.plan_number, first_on)
    stage.look_soon(home, at)


def instalment(home: Home, at: datetime, stage: Stage, number: int, due_on: date) -> None:
    """Pay an instalment, or miss it: then the plan breaks after the days of tolerance."""
    if home.plan is not PlanState.ACTIVE or home.plan_number != number:
        return
    keeps = stage.figures["help.keeps"] if home.help_accepted else home.habits.keeps
    if not stage.happens(keeps, home.key, due_on, "instalment"):
        stage.plan(at + timedelta(days=stage.figures["plan.tolerance"]), home, broken_plan, stage, number)
        return
    cents = home.account.pay(min(_capacity(home, stage), home.plan_cents))
    home.plan_cents -= cents
    if home.plan_cents <= 0 or home.account.open_cents == 0:
        end_plan(home, at, stage)
    else:
        again = first_of_next(due_on).replace(day=PAYDAY)
        stage.plan(stage.booked(again), home, instalment, stage, number, again)
    _booked(home, at, stage, cents)


def _capacity(home: Home, stage: Stage) -> int:
    """Return what a tenant can repay a month: around the mean of the figures, in steps of a quarter."""
    steps = 2 + stage.draw(5, home.key, home.plan_number, "capacity")
    return max(100, stage.figures["plan.capacity"] * steps // 4)


def end_plan(home: Home, at: datetime, stage: Stage) -> None:
    """End a plan that was kept."""
    stage.note(home, at, "plan_ends")
    home.plan = PlanState.KEPT
    stage.tally.add("plans_kept", home.block)


def broken_plan(home: Home, at: datetime, stage: Stage, number: int) -> None:
    """Break a plan of which an instalment did not come, and let a colleague call about it."""
    if home.plan is not PlanState.ACTIVE or home.plan_number != number:
        return
    home.plan = PlanState.BROKEN
    stage.note(home, at, "plan_ends")
    stage.tally.add("plans_broken", home.block)
    stage.look_soon(home, at)
    stage.call_back(home, at, f"plan{number}:broken", stage.figures["talk.answers_after_broken"])
