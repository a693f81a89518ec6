"""What was planned and will not be done: rows are dropped with their reason, cases are closed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, TaskRow
from outreach.services.actor import MACHINE
from outreach.services.decisions import reasons_data
from outreach.services.evidence import EvidenceBook
from outreach.services.facts import LoadedCase
from outreach.services.pressure import release
from outreach.services.tasks import close_tasks
from schedules.decisions import Reason
from schedules.ladder import Ladder

STAFF_KINDS = frozenset({"call", "visit"})

OUTLIVES = frozenset({"answer", "care"})
"""Purposes of what still goes when its case is closed: an answer to the tenant, thanks for a plan that was kept."""


def left_ladder(loaded: LoadedCase, ladder: Ladder, row: AttemptRow) -> bool:
    """Say whether an open row is of a step that the case's ladder lost when the case moved.

    What a person has in hand goes on as long as it counts as a step of the present ladder.
    """
    if row.state == "claimed":
        return row.kind in STAFF_KINDS and ladder.step(loaded.keys.of(row) or "") is None
    return ladder.step(row.step) is None or loaded.keys.of(row) != row.step


def left_a_trace(session: Session, row: AttemptRow) -> bool:
    """Say whether a planned row was offered or asked of staff before: then its number may not be used again."""
    if row.tries or row.claimed_by is not None:
        return True
    return row.kind in STAFF_KINDS and bool(session.scalar(select(TaskRow.id).where(TaskRow.attempt_id == row.id)))


def drop(session: Session, book: EvidenceBook, row: AttemptRow, why: Sequence[Reason]) -> None:
    """Drop a planned or claimed attempt, with its reason, its task and its room in the pressure."""
    close_tasks(session, book.now, "dropped", TaskRow.attempt_id == row.id)
    row.state = "dropped"
    row.dropped_reason = {"why": reasons_data(why)}
    release(session, row)
    payload = {"step": row.step, "attempt": row.attempt, "channel": row.channel, "why": row.dropped_reason["why"]}
    book.note("attempt_dropped", MACHINE, payload, case_id=row.case_id, attempt_id=row.id)


def close(session: Session, book: EvidenceBook, case: CaseRow, reason: str, now: datetime) -> None:
    """Close a case: no planned collection stays, no task stays open; answers and thanks still go."""
    case.state, case.closed_at, case.close_reason, case.next_at = "closed", now, reason, None
    rows = session.scalars(
        select(AttemptRow).where(AttemptRow.case_id == case.id, AttemptRow.state.in_(("planned", "claimed")))
    )
    for row in rows:
        if (row.state == "planned" and row.purpose not in OUTLIVES) or row.kind in STAFF_KINDS:
            drop(session, book, row, (Reason(code=reason),))
    close_tasks(session, now, "case_closed", TaskRow.case_id == case.id)
    book.note("case_closed", MACHINE, {"reason": reason}, case_id=case.id)
