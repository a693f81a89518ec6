"""The early signal goes only with evidence for a to d, no refusal and an agreement; else the case says what lacks."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.audit import audit
from outreach.db.tables import AttemptRow, DocumentRow, PartnerRow, PermissionRow, ReferralRow
from tests.support.worlds import FIRST_DAY, Build, Home, World, building

DUE = date(2026, 8, 1)
"""So long overdue that every clock of the ladder has come but the one after the written reminder."""


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def opened(build: Build) -> tuple[World, Home]:
    """Make a case that is decided on, and nothing done yet."""
    world = build()
    home = world.home()
    world.owe(home, due_on=DUE)
    world.live(FIRST_DAY)
    return world, home


def contact(
    world: World, home: Home, *, step: str, channel: str, template: str | None, outcome: str | None, number: int = 1
) -> None:
    """Record a contact that was made a month ago."""
    case = world.case(home)
    document = world.rows(DocumentRow)[0].id
    at = world.clock() - timedelta(days=30)
    key = f"{case.id}:1:{step}:{number}:{home.person_id}"
    world.add(
        AttemptRow(
            landlord_id=world.landlord_id,
            case_id=case.id,
            household_id=home.household_id,
            ladder_run=1,
            step=step,
            attempt=number,
            addressee_id=home.person_id,
            channel=channel,
            kind={"letter": "message"}.get(channel, channel),
            purpose="collection",
            template=template,
            key=key,
            moment=key,
            state="done",
            due_at=at,
            claimed_at=at,
            sent_at=at,
            sent_to="post",
            text="tekst",
            outcome=outcome,
            ladder_version_id=document,
            law_version_id=document,
            settings_version_id=document,
            b1_passed=True,
        )
    )


def effort(world: World, home: Home) -> None:
    contact(world, home, step="call", channel="call", template="call_talk", outcome="no_answer")


def reminded(world: World, home: Home) -> None:
    contact(world, home, step="reminder_help", channel="letter", template="reminder_help", outcome="posted")


def why_no_signal(world: World, home: Home) -> set[str]:
    """Decide again tomorrow and give the reasons on the case why no signal was sent."""
    day = FIRST_DAY + timedelta(days=1)
    world.deliver(day)
    world.tick(day, 10)
    assert world.rows(ReferralRow, ReferralRow.partner_kind == "municipality") == []
    decision = world.case(home).decision
    steps = [*decision["refused"], *decision["waiting"]]
    return {why["code"] for step in steps if step["step"] == "early_signal" for why in step["why"]}


def test_without_a_visit_or_call_condition_a_lacks(build: Build) -> None:
    world, home = opened(build)
    reminded(world, home)
    assert why_no_signal(world, home) == {"signal_needs_contact_effort"}


def test_without_an_agreement_nothing_is_reported(build: Build) -> None:
    world, home = opened(build)
    reminded(world, home)
    effort(world, home)
    with world.runtime.db.write() as session:
        for partner in session.query(PartnerRow).filter_by(kind="municipality"):
            partner.agreement_from = FIRST_DAY + timedelta(days=30)
    assert why_no_signal(world, home) == {"signal_needs_agreement"}


def test_a_refusal_stops_the_signal(build: Build) -> None:
    world, home = opened(build)
    reminded(world, home)
    effort(world, home)
    world.add(
        PermissionRow(
            landlord_id=world.landlord_id,
            person_id=home.person_id,
            subject="share",
            partner_kind="municipality",
            status="refused",
            ground="signal_refusal",
            occurred_on=FIRST_DAY,
            known_at=world.clock(),
        )
    )
    assert why_no_signal(world, home) == {"signal_refused_by_tenant"}


def test_without_the_letter_b_c_and_d_lack(build: Build) -> None:
    world, home = opened(build)
    contact(world, home, step="reminder_help", channel="letter", template="contact_request", outcome="posted")
    effort(world, home)
    assert why_no_signal(world, home) == {
        "signal_needs_debt_help",
        "signal_needs_written_reminder",
        "signal_needs_offer",
    }


def test_a_tenant_says_no_to_the_signal_by_reply(build: Build) -> None:
    world, home = opened(build)
    reminded(world, home)
    effort(world, home)
    world.at(FIRST_DAY, 19)
    world.reply(home.phone, "Ik wil niet dat u mijn gegevens doorgeeft aan de gemeente")
    rows = world.rows(PermissionRow, PermissionRow.subject == "share")
    assert [(row.partner_kind, row.status) for row in rows] == [("municipality", "refused")]
    assert "signal_refused_by_tenant" in why_no_signal(world, home)


def test_complete_evidence_makes_the_signal_with_its_dossier(build: Build) -> None:
    world, home = opened(build)
    reminded(world, home)
    effort(world, home)
    day = FIRST_DAY + timedelta(days=1)
    world.deliver(day)
    world.tick(day, 10)
    world.tick(day, 10, 30)
    [signal] = world.rows(ReferralRow, ReferralRow.partner_kind == "municipality")
    conditions = signal.dossier["conditions"]
    assert {letter: found["met"] for letter, found in conditions.items()} == dict.fromkeys("abcd", True)
    calls = [each["channel"] for each in conditions["a"]["evidence"]]
    letters = [each["channel"] for each in conditions["d"]["evidence"]]
    assert (calls, letters) == (["call"], ["letter"])
    assert signal.feedback_due_on == day + timedelta(days=28)
    assert signal.dossier["agreement"]["from"] == "2026-01-01"
    assert audit(world.runtime.db.engine).integrity["signals"].count == 0
