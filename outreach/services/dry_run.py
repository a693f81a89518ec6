"""A dry run: what would go at a moment, by the very code that sends, in a transaction that is rolled back."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow
from outreach.runtime import Runtime
from outreach.services.claiming import Wanted, claim_in
from outreach.services.policy import Policy
from outreach.services.reading.attempts import reasons
from schedules.decisions import Reason

MOST = 500
"""Rows in one dry run: SQLite's one writer is held while they are looked at."""


@dataclass(frozen=True, kw_only=True)
class DryRow:
    """One row that is due: it goes (or becomes a task), is moved to a moment, or is dropped for reasons."""

    attempt_id: int
    case_id: int
    case_number: str
    channel: str
    kind: str
    to: str
    template: str
    language: str
    subject: str | None
    text: str
    segments: int | None
    verdict: Literal["goes", "task", "moved", "dropped"]
    moved_to: datetime | None
    why: tuple[Reason, ...]


class _NotForReal(Exception):
    """Ends the transaction of a dry run."""


def dry_run(runtime: Runtime, policy: Policy, at: datetime, most: int = MOST) -> list[DryRow]:
    """Say of every row that is due at a moment what would become of it; changes nothing and sends nothing.

    Facts are those of now, also for a moment to come.
    """
    found: list[DryRow] = []
    try:
        with runtime.db.write() as session:
            _, rows = claim_in(runtime, session, policy, at, Counter(), Wanted(most=most))
            session.flush()
            found = _told(session, rows, at)
            raise _NotForReal
    except _NotForReal:
        return found


def _told(session: Session, rows: list[AttemptRow], at: datetime) -> list[DryRow]:
    ids = {row.case_id for row in rows}
    numbers = dict(session.execute(select(CaseRow.id, CaseRow.number).where(CaseRow.id.in_(ids))).all())
    return [
        DryRow(
            attempt_id=row.id,
            case_id=row.case_id,
            case_number=numbers[row.case_id],
            channel=row.channel,
            kind=row.kind,
            to=row.sent_to or "",
            template=row.template or "",
            language=str((row.carried or {}).get("language", row.language)),
            subject=row.subject,
            text=row.text or "",
            segments=row.segments,
            verdict=_verdict(row),
            moved_to=row.due_at if row.state == "planned" and row.due_at > at else None,
            why=reasons(row.dropped_reason) if row.state == "dropped" else (),
        )
        for row in rows
    ]


def _verdict(row: AttemptRow) -> Literal["goes", "task", "moved", "dropped"]:
    if row.state == "dropped":
        return "dropped"
    if row.state == "claimed":
        return "task" if row.kind in ("call", "visit") else "goes"
    return "moved"
