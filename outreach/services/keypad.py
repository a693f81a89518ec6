"""What a key on the robocall's menu does (rules.md, sociaal_incasso: a keypad menu to a live employee)."""

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, TalkRow, TaskRow
from outreach.runtime import Runtime
from outreach.services import plans
from outreach.services.actor import TENANT
from outreach.services.call_backs import call_back_at
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy
from outreach.services.receipts import withdraw
from outreach.services.tasks import add_task, close_tasks

TASKS = {"menu_1": "call_back", "menu_2": "plan_request", "menu_3": "call_back", "menu_4": "help"}
NO_MORE = "menu_9"
TALKED = "talked"
CHOICES = frozenset({*TASKS, "menu_6", "menu_7"})
"""Keys by which the tenant says something; another language and hearing it again are none."""


def press(
    runtime: Runtime,
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    row: AttemptRow,
    key: str,
    at: datetime,
    now: datetime,
) -> None:
    """Do what a key asks: 1 and 3 a call, 2 a plan, 4 help, 9 no more robocalls; any other outcome asks nothing.

    A colleague who took the call (`talked`, after key 1) need not call back.
    """
    if key == TALKED:
        close_tasks(session, now, TALKED, TaskRow.key == _task_key(row, "menu_1"), TaskRow.attempt_id == row.id)
    elif key == NO_MORE or key in CHOICES:
        _do(runtime, session, book, policy, row, key, at, now)


def _task_key(row: AttemptRow, key: str) -> str:
    return f"keypad:{row.key}:{key}"


def _do(
    runtime: Runtime,
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    row: AttemptRow,
    key: str,
    at: datetime,
    now: datetime,
) -> None:
    case = session.get_one(CaseRow, row.case_id)
    if key == NO_MORE:
        day = runtime.calendar.day_of(at)
        withdraw(session, row, "robocall", "keypad", "toets 9", at, now, day)
        book.note("permission", TENANT, {"channel": "robocall", "status": "withdrawn"}, case_id=case.id)
        return
    session.add(
        TalkRow(
            landlord_id=row.landlord_id,
            case_id=case.id,
            person_id=row.addressee_id,
            channel="robocall",
            at=at,
            known_at=now,
            note=key,
        )
    )
    if key == "menu_2":
        plans.request_plan(session, book, case, "keypad", TENANT)
    kind = TASKS.get(key)
    if kind is not None:
        add_task(
            session,
            landlord_id=row.landlord_id,
            kind=kind,
            key=_task_key(row, key),
            due_at=call_back_at(runtime, policy, now),
            case=case,
            attempt_id=row.id,
            detail={"key": key},
        )
