"""Rules of the audit that a database cannot break, or that are about one text or one number."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from outreach.audit.pressure import contacts
from outreach.audit.reading import count_syllables, read, sentences
from outreach.audit.record import Limits, Sent, read_limits
from outreach.audit.twice import digests, judge_twice

pytestmark = pytest.mark.unit

NOON = datetime(2026, 9, 8, 10, tzinfo=UTC)


def a_sent(number: int = 1, **values: Any) -> Sent:
    row = {
        "id": number,
        "key": f"key-{number}",
        "landlord_id": 1,
        "case_id": 1,
        "case_number": "D1",
        "tenancy_id": 1,
        "household_id": 1,
        "ladder_run": 1,
        "step": f"step-{number}",
        "attempt": 1,
        "addressee_id": 1,
        "contact_point_id": 1,
        "channel": "sms",
        "purpose": "collection",
        "template": "reminder",
        "language": "nl",
        "moment": "moment",
        "claimed_at": NOON,
        "sent_at": NOON,
        "provider": "sandbox",
        "provider_ref": f"ref-{number}",
        "outcome": None,
        "answers_inbound_id": None,
        "received_at": None,
        "intent": None,
        "settings_version_id": 1,
        "b1_passed": True,
    }
    return Sent(**{**row, **values})


def test_the_same_try_twice_is_found_although_the_database_forbids_it() -> None:
    found = [each.code for each in judge_twice([a_sent(1, step="a"), a_sent(2, step="a")], {}) if each]
    assert found == ["same_try"]


@pytest.mark.parametrize(
    ("outcome", "hours", "channel", "purpose", "text", "expected"),
    [
        ("delivered", 23, "sms", "collection", "x", True),
        ("delivered", 24, "sms", "collection", "x", False),
        ("no_answer", 2, "robocall", "collection", "x", False),
        ("voicemail", 2, "robocall", "collection", "x", True),
        ("delivered", 2, "sms", "answer", "x", False),
        ("talked", 2, "call", "collection", "x", False),
        ("delivered", 2, "sms", "collection", "y", False),
    ],
)
def test_the_same_text_within_a_day(
    outcome: str, hours: int, channel: str, purpose: str, text: str, expected: bool
) -> None:
    later = NOON + timedelta(hours=hours)
    pair = [
        a_sent(1, outcome=outcome, channel=channel, purpose=purpose),
        a_sent(2, channel=channel, purpose=purpose, sent_at=later),
    ]
    found = list(judge_twice(pair, digests([(1, None, "x"), (2, None, text)])))
    assert [each is not None for each in found] == [False, expected]


def test_a_moment_is_one_contact_for_one_try_or_one_visit_with_its_card() -> None:
    joint = [a_sent(1, step="a"), a_sent(2, step="a", addressee_id=2)]
    door = [a_sent(3, channel="visit", moment="door"), a_sent(4, channel="card", moment="door")]
    again = [a_sent(5, step="a", attempt=2)]
    tomorrow = [a_sent(6, step="a", addressee_id=3, sent_at=NOON + timedelta(days=1))]
    assert [contact.first.id for contact in contacts([*joint, *door, *again, *tomorrow])] == [1, 3, 5, 6]


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("{}", Limits()),
        ("[]", Limits()),
        ("not json", Limits()),
        ('{"pressure": {"per_days": 3, "days": "7"}}', Limits(per_days=3)),
        ('{"stale_ledger_working_days": 2, "pressure": null}', Limits(stale_ledger_working_days=2)),
        ('{"stale_ledger_working_days": true}', Limits()),
    ],
)
def test_limits_come_from_the_settings_or_are_the_products(body: str, limits: Limits) -> None:
    assert read_limits(body) == limits


@pytest.mark.parametrize(
    ("word", "count"), [("huur", 1), ("bereiken", 3), ("geopend", 3), ("ideeën", 3), ("gemeente", 3), ("hm", 1)]
)
def test_syllables(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_sentences_know_lines_numbers_initials_and_abbreviations() -> None:
    text = "Beste mevrouw A. de Vries,\n\nEr staat € 1.234,50 open. Tel. 088 - 123 45 67\n[menu]\nToets 1. Dank u wel!"
    assert sentences(text) == [
        ("Beste mevrouw A de Vries,", False),
        ("Er staat € 1.234,50 open", True),
        (" Tel 088 - 123 45 67", False),
        ("Toets 1", True),
        (" Dank u wel", True),
    ]


def test_a_reading_counts_a_phone_number_as_one_word_and_scores_long_texts_only() -> None:
    short = read("Bel 088 123 45 67. Dank u wel.")
    assert (short.longest, short.mean, short.score) == (3, 2.5, None)
    long = read("Wilt u mij bellen? " * 13)
    assert long.score == pytest.approx(206.84 - 0.93 * 4 - 77 * 5 / 4)
