"""The last check: go, move or drop, and always why."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from schedules.calendar import Calendar, load_law
from schedules.decisions import Recheck, Verdict
from schedules.engine import recheck
from schedules.facts import CaseFacts, DueAttempt, PlanState
from schedules.loader import load_preset
from schedules.purposes import Purpose
from schedules.rehearsal import first_facts
from schedules.settings import PolicySettings

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())
LADDER = load_preset("standaard")
SETTINGS = PolicySettings()
TUESDAY = date(2026, 11, 24)


def at(clock: time, day: date = TUESDAY) -> datetime:
    return CALENDAR.utc(day, clock)


def check(
    step: str | None = "reminder", clock: time = time(10), due: dict[str, Any] | None = None, **facts: Any
) -> Recheck:
    attempt: dict[str, Any] = {
        "step": step or "answer",
        "attempt": 1,
        "channel": "sms",
        "purpose": Purpose.COLLECTION,
        "due_at": at(time(9)),
        "expires_at": at(time(0), TUESDAY + timedelta(days=6)),
    }
    known: CaseFacts = replace(first_facts(date(2026, 11, 1), 65000), **({"ledger_as_of": TUESDAY} | facts))
    found = LADDER.step(step) if step else None
    return recheck(known, DueAttempt(**attempt | (due or {})), found, SETTINGS, CALENDAR, at(clock))


def codes(answer: Recheck) -> list[str]:
    return [reason.code for reason in answer.why]


def test_what_still_stands_goes() -> None:
    assert check().verdict is Verdict.GO


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"amount_cents": 0}, "paid"),
        ({"plan": PlanState.ACTIVE}, "plan_active"),
        ({"promise_until": date(2026, 11, 27)}, "promise_open"),
        ({"channels": frozenset({"email"}), "blocked_channels": {"sms": "opted_out"}}, "channel_blocked"),
        ({"steps_skipped": frozenset({"reminder"})}, "skipped_by_person"),
    ],
)
def test_what_has_lost_its_reason_is_dropped(facts: dict[str, Any], code: str) -> None:
    answer = check(**facts)
    assert answer.verdict is Verdict.DROP and code in codes(answer)


@pytest.mark.parametrize(
    ("facts", "clock", "code", "moved_to"),
    [
        ({}, time(19, 30), "outside_window", at(time(9), date(2026, 11, 25))),
        ({}, time(21), "outside_legal_hours", at(time(9), date(2026, 11, 25))),
        ({"household_contacts": (at(time(9)),)}, time(10), "pressure_day", at(time(9), date(2026, 11, 25))),
        ({"busy_talk": True}, time(10), "busy_talk", at(time(9), date(2026, 11, 25))),
        ({"ledger_as_of": date(2026, 11, 20)}, time(10), "stale_ledger", at(time(9), date(2026, 11, 25))),
        ({"pause_reason": "hulp", "pause_until": date(2026, 11, 26)}, time(10), "paused_until",
         at(time(9), date(2026, 11, 27))),
        ({"talk_at": at(time(9), date(2026, 11, 23))}, time(10), "rest_after_talk", at(time(9), date(2026, 11, 26))),
    ],
)  # fmt: skip
def test_what_comes_at_the_wrong_moment_moves(
    facts: dict[str, Any], clock: time, code: str, moved_to: datetime
) -> None:
    answer = check(clock=clock, **facts)
    assert (answer.verdict, answer.move_to) == (Verdict.MOVE, moved_to)
    assert code in codes(answer)


def test_a_move_past_the_end_is_a_drop() -> None:
    answer = check(pause_reason="hulp", pause_until=date(2026, 12, 20))
    assert answer.verdict is Verdict.DROP and "expires_before" in codes(answer)


def test_too_late_is_dropped_and_too_early_waits() -> None:
    assert codes(check(due={"expires_at": at(time(9, 30))})) == ["expired"]
    early = check(due={"due_at": at(time(11))})
    assert (early.verdict, early.move_to) == (Verdict.MOVE, at(time(11)))


def test_an_answer_goes_within_ten_minutes_at_any_hour_and_else_in_hours() -> None:
    due = {"purpose": Purpose.ANSWER, "answers_message_at": at(time(21, 50)), "due_at": at(time(21, 50))}
    answers: dict[str, Any] = {"step": None, "amount_cents": 0, "pause_reason": "hulp"}
    assert check(clock=time(22), due=due, **answers).verdict is Verdict.GO
    late = check(clock=time(22, 1), due=due, **answers)
    assert (late.verdict, late.move_to) == (Verdict.MOVE, at(time(9), date(2026, 11, 25)))


def test_a_plan_reminder_passes_pause_and_pressure_but_not_the_hours() -> None:
    due = {"purpose": Purpose.PLAN}
    facts: dict[str, Any] = {"pause_reason": "hulp", "household_contacts": (at(time(9)),), "plan": PlanState.ACTIVE}
    assert check(None, due=due, **facts).verdict is Verdict.GO
    assert check(None, clock=time(21), due=due, **facts).verdict is Verdict.MOVE
    assert check(None, due=due, amount_cents=0).verdict is Verdict.DROP


def test_reached_in_the_meantime_drops_the_next_try() -> None:
    due = {"channel": "robocall"}
    assert check("robocall", due=due).verdict is Verdict.GO
    assert codes(check("robocall", due=due, reached_at=at(time(8)))) == ["reached"]


def test_a_card_goes_with_its_visit() -> None:
    due = {"channel": "card"}
    assert check("card", clock=time(19, 30), due=due, household_contacts=(at(time(19, 30)),)).verdict is Verdict.GO
    assert check("card", due=due, busy_talk=True).verdict is Verdict.DROP


def test_the_signal_is_checked_again_before_it_goes() -> None:
    due = {"channel": "municipality", "purpose": Purpose.LEGAL, "expires_at": None}
    assert "signal_needs_written_reminder" in codes(check("early_signal", due=due))
