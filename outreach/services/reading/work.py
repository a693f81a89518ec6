"""Today's work: open tasks in the order of what is lost if they wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import AreaRow, AttemptRow, CaseRow, InboundRow, TaskRow
from outreach.services.reading.heads import CaseHead, case_heads

PAGE_SIZE = 60


@dataclass(frozen=True, kw_only=True)
class WorkFilter:
    """Which tasks: of a kind, team, area or user; None is all. `until` (UTC) leaves later tasks out."""

    until: datetime
    kind: str | None = None
    team_id: int | None = None
    area_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One task with the case that it is about; `message` is what `sender` wrote, when it is about that."""

    task_id: int
    kind: str
    priority: int
    due_at: datetime
    detail: Mapping[str, Any]
    attempt_id: int | None
    inbound_id: int | None
    channel: str | None
    message: str | None
    sender: str | None
    head: CaseHead | None


@dataclass(frozen=True, kw_only=True)
class Work:
    """One page of today's work, with the number of open tasks per kind under the other filters."""

    items: tuple[WorkItem, ...]
    counts: Mapping[str, int]
    total: int


def read_work(session: Session, scope: Scope, wanted: WorkFilter, day: date, page: int = 1) -> Work:
    """Return one page of open tasks, ordered by priority and then by hour."""
    per_kind: Any = _narrowed(select(TaskRow.kind, func.count()), scope, wanted).group_by(TaskRow.kind)
    counts: dict[str, int] = dict(session.execute(per_kind).all())
    statement: Any = _narrowed(select(TaskRow), scope, wanted)
    if wanted.kind:
        statement = statement.where(TaskRow.kind == wanted.kind)
    statement = statement.order_by(TaskRow.priority, TaskRow.due_at, TaskRow.id)
    rows = session.scalars(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return Work(
        items=_items(session, scope, rows, day),
        counts=counts,
        total=counts.get(wanted.kind, 0) if wanted.kind else sum(counts.values()),
    )


def case_tasks(session: Session, scope: Scope, case_id: int, day: date) -> tuple[WorkItem, ...]:
    """Return the open tasks of a case."""
    statement: Any = scope.select(TaskRow).where(TaskRow.case_id == case_id, TaskRow.state == "open")
    rows = session.scalars(statement.order_by(TaskRow.priority, TaskRow.due_at)).all()
    return _items(session, scope, rows, day)


def find_task(session: Session, scope: Scope, task_id: int) -> TaskRow | None:
    """Return an open task that this scope may see."""
    return session.scalar(scope.select(TaskRow).where(TaskRow.id == task_id, TaskRow.state == "open"))


def _narrowed(statement: Any, scope: Scope, wanted: WorkFilter) -> Any:
    narrowed: Any = scope.narrow(statement, TaskRow).where(TaskRow.state == "open", TaskRow.due_at < wanted.until)
    if wanted.area_id:
        narrowed = narrowed.where(TaskRow.area_id == wanted.area_id)
    if wanted.team_id:
        narrowed = narrowed.where(TaskRow.area_id.in_(select(AreaRow.id).where(AreaRow.team_id == wanted.team_id)))
    if wanted.user_id:
        owned = select(CaseRow.id).where(CaseRow.owner_id == wanted.user_id)
        narrowed = narrowed.where((TaskRow.assigned_to_id == wanted.user_id) | TaskRow.case_id.in_(owned))
    return narrowed


def _items(session: Session, scope: Scope, rows: Any, day: date) -> tuple[WorkItem, ...]:
    heads = case_heads(session, scope, {row.case_id for row in rows if row.case_id}, day)
    channels = _values(session, AttemptRow, AttemptRow.channel, {row.attempt_id for row in rows})
    messages = _values(session, InboundRow, InboundRow.text, {row.inbound_id for row in rows})
    senders = _values(session, InboundRow, InboundRow.sender, {row.inbound_id for row in rows})
    return tuple(
        WorkItem(
            task_id=row.id,
            kind=row.kind,
            priority=row.priority,
            due_at=row.due_at,
            detail=row.detail,
            attempt_id=row.attempt_id,
            inbound_id=row.inbound_id,
            channel=channels.get(row.attempt_id),
            message=messages.get(row.inbound_id),
            sender=senders.get(row.inbound_id),
            head=heads.get(row.case_id),
        )
        for row in rows
    )


def _values(session: Session, table: Any, column: Any, ids: set[int | None]) -> dict[int | None, str]:
    statement: Any = select(table.id, column).where(table.id.in_({each for each in ids if each is not None}))
    return dict(session.execute(statement).all())
