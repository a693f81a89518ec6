"""A robocall that nobody answers is tried again at another part of the day and on another weekday."""

from datetime import date, datetime, time, timedelta

import pytest

from schedules.calendar import Calendar, load_law, to_local
from schedules.engine import decide
from schedules.facts import AttemptFact, AttemptState, CaseFacts
from schedules.ladder import Ladder
from schedules.ladder_file import write_ladder
from schedules.loader import parse_ladder
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped
from tests.support.proofs import changed, standard

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())


def tried(ladder: Ladder) -> list[datetime]:
    """Live day by day without an answer; give the local moments of the robocalls."""
    attempts: list[AttemptFact] = []
    first = date(2026, 11, 2)
    for ahead in range(40):
        day = first + timedelta(days=ahead)
        facts = CaseFacts(
            opened_on=first,
            amount_cents=65000,
            oldest_due_on=date(2026, 11, 1),
            months=1,
            attempts=tuple(attempts),
            channels=frozenset({"sms", "email", "letter", "robocall", "call", "visit"}),
            ledger_as_of=day,
            household_contacts=tuple(each.at for each in attempts if each.at is not None),
        )
        found = decide(ladder, facts, PolicySettings(), CALENDAR, CALENDAR.utc(day, time(7, 30)))
        for step in found.due:
            if CALENDAR.day_of(step.due_at) == day and step.channel is not None:
                outcome = "no_answer" if step.kind == "robocall" else "delivered"
                attempts.append(
                    AttemptFact(
                        step=step.step,
                        attempt=step.attempt,
                        channel=step.channel,
                        state=AttemptState.DONE,
                        at=step.due_at,
                        outcome=outcome,
                    )
                )
    return [to_local(each.at) for each in attempts if each.channel == "robocall" and each.at is not None]


def part_of(at: datetime) -> str:
    return "morning" if at.hour < 12 else "afternoon" if at.hour < 17 else "evening"


def test_a_robocall_of_the_standard_ladder_is_tried_at_every_part_of_the_day() -> None:
    moments = tried(load_shipped("standaard"))
    assert [part_of(at) for at in moments] == ["morning", "evening", "afternoon"]
    assert len({at.date() for at in moments}) == 3


def test_a_ladder_can_ask_for_other_weekdays_too() -> None:
    attempts = {"max": 3, "gap_days": 2, "day_parts": ["morning", "evening", "afternoon"], "other_weekday": True}
    moments = tried(parse_ladder(write_ladder(standard(changed("robocall", attempts=attempts)))))
    assert [part_of(at) for at in moments] == ["morning", "evening", "afternoon"]
    assert len({at.weekday() for at in moments}) == 3
