"""Trajectories, once a day and set by set: a review that is due, an end that comes, and a warning are tasks."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, TrajectoryReviewRow, TrajectoryRow
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy
from outreach.services.tasks import NewTask, add_tasks
from outreach.services.trajectories import definition_of
from outreach.services.trajectory_reviews import review_key
from schedules.trajectory_clocks import TrajectoryState, warnings_for

Running = tuple[ColumnElement[bool], ...]


def watch_trajectories(session: Session, policy: Policy, book: EvidenceBook, today: date) -> Counter[str]:
    """Give the owner of every running trajectory what is due; nothing of it completes by itself."""
    running = (
        TrajectoryRow.landlord_id == policy.landlord_id,
        TrajectoryRow.state == TrajectoryState.RUNNING.value,
        CaseRow.state == "open",
    )
    return Counter(
        trajectory_reviews=add_tasks(session, _reviews(session, running, book, today)),
        trajectory_ends=add_tasks(session, _ends(session, running, policy, book, today)),
    )


def _reviews(session: Session, running: Running, book: EvidenceBook, today: date) -> list[NewTask]:
    statement = (
        select(TrajectoryReviewRow, TrajectoryRow, CaseRow)
        .join(TrajectoryRow, TrajectoryRow.id == TrajectoryReviewRow.trajectory_id)
        .join(CaseRow, CaseRow.id == TrajectoryRow.case_id)
        .where(*running, TrajectoryReviewRow.held_at.is_(None), TrajectoryReviewRow.due_on <= today)
        .order_by(TrajectoryReviewRow.id)
    )
    return [
        _task(
            "trajectory_review",
            review_key(review.id),
            row,
            case,
            book,
            {"title": review.title, "due_on": review.due_on.isoformat()},
        )
        for review, row, case in session.execute(statement)
    ]


def _ends(session: Session, running: Running, policy: Policy, book: EvidenceBook, today: date) -> list[NewTask]:
    """Make the tasks of trajectories that are over, and of dated warnings that have come."""
    statement = select(TrajectoryRow, CaseRow).join(CaseRow, CaseRow.id == TrajectoryRow.case_id).where(*running)
    tasks = []
    for row, case in session.execute(statement.order_by(TrajectoryRow.id)):
        if row.ends_on is not None and row.ends_on <= today:
            detail = {"ends_on": row.ends_on.isoformat()}
            tasks.append(_task("trajectory_end", f"trajectory_end:{row.id}", row, case, book, detail))
        for key, title in _come(session, row, policy, today):
            name = f"trajectory_warning:{row.id}:{key}"
            tasks.append(_task("trajectory_review", name, row, case, book, {"warning": title}))
    return tasks


def _task(
    kind: str, key: str, row: TrajectoryRow, case: CaseRow, book: EvidenceBook, detail: Mapping[str, Any]
) -> NewTask:
    more = {"trajectory": row.id, **detail}
    return NewTask(kind=kind, key=key, case=case, due_at=book.now, detail=more, user_id=row.owner_id)


def _come(session: Session, row: TrajectoryRow, policy: Policy, today: date) -> list[tuple[str, dict[str, str]]]:
    if row.started_on is None:
        return []
    found = warnings_for(definition_of(session, row), row.started_on, row.judgment_on, policy.settings.fills)
    return [(each.key, dict(each.title)) for each in found if each.on is not None and each.on <= today]
