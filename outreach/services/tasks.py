"""Tasks for people, in the order of what is lost if they wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, TaskRow
from outreach.services.conversations import keeper_of

PRIORITY: Mapping[str, int] = {
    "crisis": 0,
    "eviction_near": 2,
    "household_check": 4,
    "inform_partner": 6,
    "broken_promise": 10,
    "broken_plan": 12,
    "help_stopped": 14,
    "new_arrears": 16,
    "call_back": 20,
    "plan_request": 25,
    "reply": 30,
    "dispute": 32,
    "check_paid": 34,
    "check_representative": 35,
    "help": 36,
    "offer_again": 38,
    "failed_delivery": 40,
    "link_locked": 41,
    "unknown_send": 42,
    "trajectory_end": 43,
    "trajectory_review": 44,
    "referral_overdue": 45,
    "referral_rejected": 46,
    "referral_held": 47,
    "signal_refused": 48,
    "resume": 50,
    "pause_check": 52,
    "not_reached": 55,
    "how_on": 56,
    "text_refused": 58,
    "decision": 60,
    "call": 70,
    "visit": 75,
}
"""Lower comes first (design/people.md: ordered by what is lost if it waits)."""


def add_task(
    session: Session,
    *,
    landlord_id: int,
    kind: str,
    key: str,
    due_at: datetime,
    case: CaseRow | None = None,
    attempt_id: int | None = None,
    inbound_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Add a task once per key; say whether it is new. One about a reply goes to who has the conversation."""
    known = select(TaskRow.id).where(TaskRow.landlord_id == landlord_id, TaskRow.key == key)
    if session.scalar(known) is not None:
        return False
    keeper = keeper_of(session, case.household_id) if case and inbound_id else None
    session.add(
        TaskRow(
            landlord_id=landlord_id,
            area_id=case.area_id if case else None,
            case_id=case.id if case else None,
            attempt_id=attempt_id,
            inbound_id=inbound_id,
            key=key,
            kind=kind,
            due_at=due_at,
            priority=PRIORITY[kind],
            detail=dict(detail or {}),
            assigned_to_id=keeper or (case.owner_id if case else None),
        )
    )
    session.flush()
    return True


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task to add when its key is not known yet; `user_id` None gives it to the owner of the case."""

    kind: str
    key: str
    case: CaseRow
    due_at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    user_id: int | None = None
    attempt_id: int | None = None


def add_tasks(session: Session, tasks: Sequence[NewTask]) -> int:
    """Add each task whose key is new, with one question to the database; say how many were added."""
    keys = {task.key: task for task in tasks}
    if not keys:
        return 0
    landlord_id = tasks[0].case.landlord_id
    known = set(session.scalars(select(TaskRow.key).where(TaskRow.landlord_id == landlord_id, TaskRow.key.in_(keys))))
    new = [task for key, task in keys.items() if key not in known]
    session.add_all(
        TaskRow(
            landlord_id=landlord_id,
            area_id=task.case.area_id,
            case_id=task.case.id,
            attempt_id=task.attempt_id,
            key=task.key,
            kind=task.kind,
            due_at=task.due_at,
            priority=PRIORITY[task.kind],
            detail=dict(task.detail),
            assigned_to_id=task.user_id or task.case.owner_id,
        )
        for task in new
    )
    session.flush()
    return len(new)


def close_tasks(session: Session, now: datetime, outcome: str, *conditions: Any, user_id: int | None = None) -> None:
    """Close every open task that meets the conditions."""
    session.execute(
        update(TaskRow)
        .where(TaskRow.state == "open", *conditions)
        .values(state="done", done_at=now, outcome=outcome, done_by_id=user_id)
        .execution_options(synchronize_session=False)
    )
