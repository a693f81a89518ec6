"""What came back of an attempt: outcomes, wrong numbers, reached."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.contract import FailureCode
from outreach.db.tables import AttemptRow, CaseRow, ContactPointRow, PermissionRow
from outreach.domain.outcomes import SAYS_MORE, outcome_rule
from outreach.services.actor import MACHINE, Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.tasks import add_task
from schedules.calendar import to_local

BARS: Mapping[FailureCode, str] = {
    FailureCode.INVALID_RECIPIENT: "wrong",
    FailureCode.UNREACHABLE: "unreachable",
    FailureCode.LANDLINE: "wrong",
}
"""What a failure says of the contact point. Others (a full queue, a refused text) say nothing of it."""


def blame(session: Session, row: AttemptRow, code: FailureCode, detail: str, now: datetime) -> None:
    """Draw from a failure what it says of the contact point or of the permission."""
    if code is FailureCode.OPTED_OUT:
        withdraw(session, row, row.channel, "provider", detail, now, now, to_local(now).date())
    elif code in BARS:
        mark_contact_point(session, row, BARS[code], str(code), now)


def apply_outcome(
    session: Session,
    book: EvidenceBook,
    row: AttemptRow,
    outcome: str,
    at: datetime,
    now: datetime,
    actor: Actor = MACHINE,
    detail: dict[str, Any] | None = None,
    failure: FailureCode | None = None,
) -> bool:
    """Put an outcome on an attempt; late and repeated receipts never undo a final one. Says whether it changed.

    `failure` is why a receipt is negative, when the provider says so.
    """
    rule, before = outcome_rule(row.channel, outcome), outcome_rule(row.channel, row.outcome or "")
    if row.outcome == outcome or (before.final and not _advances(row, outcome, at)):
        return False
    row.outcome, row.outcome_at = outcome, at
    if rule.final and row.state in ("sent", "claimed", "done"):
        row.state = "failed" if rule.failed else "done"
    if rule.reached:
        set_reached(session, row, at)
    if failure is not None and rule.failed:
        blame(session, row, failure, outcome, now)
    elif rule.bad_contact_point:
        mark_contact_point(session, row, "wrong", outcome, now)
    payload = {"channel": row.channel, "outcome": outcome, "reached": rule.reached, **(detail or {})}
    if failure is not None:
        payload["failure"] = str(failure)
    book.note("outcome", actor, payload, case_id=row.case_id, attempt_id=row.id, occurred_at=at)
    return True


COMES_BACK = frozenset({("letter", "returned"), ("email", "bounced")})
"""Failures that truly come after a good outcome; any other one is an old receipt that comes late."""


def _advances(row: AttemptRow, outcome: str, at: datetime) -> bool:
    if row.channel == "robocall":
        return outcome in SAYS_MORE.get(row.outcome or "", ())
    returned = (row.channel, outcome) in COMES_BACK and row.state != "failed"
    return returned and (row.outcome_at is None or at >= row.outcome_at)


def set_reached(session: Session, row: AttemptRow, at: datetime) -> None:
    """Note that there was two-way contact by this attempt."""
    row.reached = True
    case = session.get_one(CaseRow, row.case_id)
    if case.reached_at is None or case.reached_at < at:
        case.reached_at = at


def mark_contact_point(session: Session, row: AttemptRow, state: str, reason: str, now: datetime) -> None:
    """Mark the contact point of an attempt, and give a person the task to find a better one."""
    point = session.get(ContactPointRow, row.contact_point_id) if row.contact_point_id else None
    if point is None or point.state == state:
        return
    point.state, point.state_reason, point.state_known_at = state, reason, now
    add_task(
        session,
        landlord_id=row.landlord_id,
        kind="failed_delivery",
        key=f"failed:{point.id}:{row.key}",
        due_at=now,
        case=session.get_one(CaseRow, row.case_id),
        detail={"channel": row.channel, "value": point.value, "why": reason},
    )


def withdraw(
    session: Session, row: AttemptRow, channel: str, ground: str, evidence: str, at: datetime, now: datetime, day: Any
) -> None:
    """Record that a person wants no more of one channel on this contact point."""
    known = session.scalar(
        select(PermissionRow.status)
        .where(
            PermissionRow.person_id == row.addressee_id,
            PermissionRow.contact_point_id == row.contact_point_id,
            PermissionRow.channel == channel,
        )
        .order_by(PermissionRow.known_at.desc(), PermissionRow.id.desc())
        .limit(1)
    )
    if known == "withdrawn":
        return
    session.add(
        PermissionRow(
            landlord_id=row.landlord_id,
            person_id=row.addressee_id,
            contact_point_id=row.contact_point_id,
            channel=channel,
            status="withdrawn",
            ground=ground,
            evidence=evidence,
            occurred_on=day,
            known_at=now,
        )
    )
