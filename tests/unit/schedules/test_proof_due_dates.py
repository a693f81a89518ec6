"""A promise must hold whatever the month: holidays fall elsewhere."""

from dataclasses import replace
from datetime import date

import pytest

from schedules.calendar import Calendar, load_law
from schedules.proof import ProofEnvironment, Status, prove
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())
START = date(2026, 12, 1)
KEY = "handed_to_person_in_time"


def finding(days: int) -> tuple[Status, str]:
    promises = {"handed_to_person_within_days": days, "attempts": 3, "channels": 2}
    ladder = replace(load_shipped("standaard"), promises=promises)
    proof = prove(ladder, PolicySettings(), CALENDAR, ProofEnvironment(), START, 0, spare=0, only={KEY})
    found = proof.findings[0]
    return found.status, found.why.nl if found.why else ""


def test_a_promise_that_only_ascension_day_breaks_is_refuted_with_its_due_date() -> None:
    """The early signal of day 35 falls on 6 May 2027 and waits until Monday 10 May."""
    assert finding(40) == (Status.PROVEN, "")
    status, why = finding(36)
    assert status is Status.REFUTED and "donderdag 1 april 2027" in why and "dag 36" in why
