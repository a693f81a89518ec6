"""One fact from outside: what it does to a case, when it may strike, and what it brings later."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from schedules.calendar import Calendar
from schedules.facts import CaseFacts
from schedules.proof.model import Sentence
from schedules.proof.sight import Sight

MONDAY, FRIDAY, SUNDAY = 0, 4, 6
PROMISE_DAYS = 7
PAUSE_DAYS = 42
PLAN_ASKED_DAYS = 7
PLAN_DAYS = 35
REPLY_DAYS = 7
REPLY_HANDLED = "reply_handled"
FLAG_DAYS = 42
EVICTION_DAYS = 21
HELD_FLAGS = ("dispute", "bereaved", "deceased", "moratorium", "child_found")
"""Flags under which nothing of the collection may go, whatever the settings say (rules.md 8, 18)."""

Apply = Callable[[CaseFacts, datetime, date], CaseFacts]


@dataclass(frozen=True, kw_only=True)
class OutsideFact:
    """One kind of fact: `then` are the facts that follow it, one of each per path, after so many days.

    `when` is always, opening (before anything happened), or about_to_go (just before it would be felt, by
    `step` or `channel`). `holds` says that time passes through no fault of the ladder.
    """

    key: str
    text: Sentence
    apply: Apply
    applies: Callable[[CaseFacts], bool] = lambda facts: True
    when: str = "always"
    then: tuple[tuple[int, str], ...] = ()
    holds: bool = False
    loses: bool = False
    step: str | None = None
    channel: str | None = None


def a_fact(key: str, nl: str, en: str, apply: Apply, **values: object) -> OutsideFact:
    """Make a fact of its texts, what it does, and the fields that differ from the usual."""
    return OutsideFact(key=key, text=Sentence(nl=nl, en=en), apply=apply, **values)  # type: ignore[arg-type]


def flagged(flag: str) -> Apply:
    """Set a flag."""
    return lambda facts, now, today: replace(facts, flags=facts.flags | {flag})


def unflagged(flag: str) -> Apply:
    """Take a flag away."""
    return lambda facts, now, today: replace(facts, flags=facts.flags - {flag})


def has_no(flag: str) -> Callable[[CaseFacts], bool]:
    """Say whether a case has no such flag."""
    return lambda facts: flag not in facts.flags


def morning_after(calendar: Calendar, now: datetime, days: int) -> datetime:
    """Return half past seven on the civil day that is so many days later: when the day is decided."""
    return calendar.utc(calendar.day_of(now) + timedelta(days=days), time(7, 30))


def amounts(sight: Sight) -> frozenset[int]:
    """Return the amounts (cents) that the ladder asks for and that lie above the landlord's own minimum."""
    numbers = (n for c in sight.conditions for n in (c.amount_at_least, c.amount_below) if n is not None)
    floor = sight.settings.minimum_amount_cents
    return frozenset(value for value in map(sight.value, numbers) if value - 1 >= floor)


def next_weekday(day: date, weekday: int) -> date:
    """Return the first such weekday (0 is Monday) on or after a day: what lasts ends on one, to keep states few."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def promised_on(day: date) -> date:
    """Return the Friday by which a tenant promises on a civil day to pay."""
    return next_weekday(day + timedelta(days=PROMISE_DAYS), FRIDAY)


def over_at(calendar: Calendar, now: datetime, days: int) -> datetime:
    """Return the first Monday morning at least so many days later: when what lasts is over."""
    return calendar.utc(next_weekday(calendar.day_of(now) + timedelta(days=days), MONDAY), time(7, 30))
