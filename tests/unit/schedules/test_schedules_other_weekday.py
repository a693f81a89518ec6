"""Attempts that ask for another weekday: a day on which an attempt was dropped was not tried."""

from datetime import date, datetime, time

import pytest

from schedules.calendar import Calendar, load_law
from schedules.engine import decide
from schedules.facts import AttemptFact, AttemptState, CaseFacts
from schedules.ladder_file import write_ladder
from schedules.loader import parse_ladder
from schedules.settings import PolicySettings
from tests.support.proofs import added, standard, without

pytestmark = pytest.mark.unit

CALENDAR = Calendar(load_law())
MONDAY = date(2026, 12, 7)
ALL_BUT = ("reminder", "robocall", "reminder_help", "contact_request", "visit", "card", "contact_letter")
LADDER = parse_ladder(
    write_ladder(
        standard(
            without(*ALL_BUT, "call", "early_signal", "social_team", "meldpunt", "overleg", "help_again"),
            added(
                key="call",
                kind="call",
                template="call_talk",
                when={"days_after_due": 5},
                attempts={"max": 3, "gap_days": 1, "other_weekday": True},
            ),
        )
    )
)


def called(state: AttemptState, at: datetime) -> datetime:
    """Give when the next call is due on the Monday after an attempt that ended in a state."""
    attempt = AttemptFact(step="call", attempt=1, channel="call", state=state, at=at)
    facts = CaseFacts(
        opened_on=date(2026, 11, 2),
        amount_cents=65000,
        oldest_due_on=date(2026, 11, 1),
        months=2,
        attempts=(attempt,),
        channels=frozenset({"call"}),
        ledger_as_of=MONDAY,
    )
    due = decide(LADDER, facts, PolicySettings(), CALENDAR, CALENDAR.utc(MONDAY, time(7, 30))).due
    return next(step.due_at for step in due if step.step == "call")


def test_a_dropped_attempt_leaves_its_weekday_free() -> None:
    week_before = CALENDAR.utc(date(2026, 11, 30), time(10))
    assert CALENDAR.day_of(called(AttemptState.DONE, week_before)).weekday() == 1
    assert CALENDAR.day_of(called(AttemptState.DROPPED, week_before)) == MONDAY
