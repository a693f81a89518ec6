"""Personal contact before the bailiff is a visit or a talk by voice, not a reply or a pressed key (rules.md 41)."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from schedules.calendar import Calendar, load_law
from schedules.case_view import CaseView
from schedules.conditions import refusals
from schedules.facts import CaseFacts, ReferralFact, SignalEvidence
from schedules.loader import load_preset
from schedules.settings import PolicySettings

pytestmark = pytest.mark.unit

CALENDAR = Calendar(load_law())
NOW = CALENDAR.utc(date(2026, 12, 8), time(10))
SIGNALLED = CaseFacts(
    opened_on=date(2026, 9, 2),
    amount_cents=200000,
    oldest_due_on=date(2026, 9, 1),
    months=3,
    signal=SignalEvidence(
        personal_contact_effort=True, pointed_to_debt_help=True, written_reminder=True, offered_to_pass_on=True
    ),
    referrals=(ReferralFact(step="signal", target="municipality", state="sent", at=NOW - timedelta(days=9)),),
)


def codes(facts: CaseFacts) -> list[str]:
    ladder = load_preset("woongoed_zeist")
    step = ladder.step("deurwaarder")
    assert step is not None
    return [reason.code for reason in refusals(step, CaseView(ladder, facts, PolicySettings(), CALENDAR, NOW))]


def test_a_reply_is_no_personal_contact() -> None:
    replied = replace(SIGNALLED, talk_at=NOW - timedelta(days=2))
    assert "needs_personal_contact" in codes(replied)


def test_a_talk_by_voice_is_personal_contact() -> None:
    spoken = replace(SIGNALLED, talk_at=NOW - timedelta(days=2), spoken_at=NOW - timedelta(days=2))
    assert "needs_personal_contact" not in codes(spoken)
