"""Messages that did not arrive and that nobody did anything about."""

from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from outreach.db.tables import AttemptRow, TaskRow
from outreach.services.acting import Acting
from outreach.services.tasks import PRIORITY, close_tasks

MESSAGES = ("sms", "whatsapp", "email", "letter", "robocall")
ARRIVING = ("sent", "done")
TASK = "failed_delivery"


def failed_messages(landlord_id: int) -> tuple[Any, ...]:
    """Give the conditions on AttemptRow: it failed, no later message went to the household, and nobody acted on it.

    Somebody acted on it when a task of the case about a failed delivery was done after it.
    """
    later, task = aliased(AttemptRow), aliased(TaskRow)
    went_later = exists().where(
        later.household_id == AttemptRow.household_id,
        later.sent_at > func.coalesce(AttemptRow.sent_at, AttemptRow.due_at),
        later.state.in_(ARRIVING),
        later.channel.in_(MESSAGES),
    )
    dealt_with = exists().where(
        task.landlord_id == landlord_id,
        task.case_id == AttemptRow.case_id,
        task.kind == TASK,
        task.state == "done",
        task.done_at >= func.coalesce(AttemptRow.outcome_at, AttemptRow.due_at),
    )
    return AttemptRow.state == "failed", AttemptRow.channel.in_(MESSAGES), ~went_later, ~dealt_with


def settle_failures(acting: Acting) -> None:
    """Note that a person dealt with the messages of a household that did not arrive."""
    failed = select(AttemptRow).where(
        AttemptRow.household_id == acting.case.household_id, *failed_messages(acting.case.landlord_id)
    )
    rows = list(acting.session.scalars(failed))
    cases = {acting.case.id, *(row.case_id for row in rows)}
    mine = TaskRow.case_id.in_(cases), TaskRow.kind == TASK
    close_tasks(acting.session, acting.now, "handled", *mine, user_id=acting.actor.user_id)
    for row in rows:
        key = f"dealt_with:{row.key}:{row.tries}"[:200]
        acting.session.add(
            TaskRow(
                landlord_id=row.landlord_id,
                area_id=acting.case.area_id,
                case_id=row.case_id,
                attempt_id=row.id,
                key=key,
                kind=TASK,
                state="done",
                due_at=acting.now,
                priority=PRIORITY[TASK],
                detail={"channel": row.channel, "why": row.outcome or ""},
                done_at=acting.now,
                done_by_id=acting.actor.user_id,
                outcome="handled",
            )
        )
