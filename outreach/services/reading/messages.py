"""Replies as they came in, and the outbox as the tenants see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import AttemptRow, CaseRow, InboundRow, TaskRow
from outreach.services.reading.attempts import AttemptView, attempt_views, person_names
from outreach.services.reading.heads import CaseHead, case_heads
from outreach.services.reading.inbox_list import key_of_inbound

PAGE_SIZE = 40
SENT_CHANNELS = ("sms", "whatsapp", "email", "letter", "robocall", "card")


@dataclass(frozen=True, kw_only=True)
class InboundView:
    """A reply as it came in and as it was understood; `confidence` in percent."""

    inbound_id: int
    case_id: int | None
    channel: str
    sender: str
    person: str | None
    text: str
    received_at: datetime
    intent: str | None
    confidence: int | None
    understood: Mapping[str, Any]
    effect: Mapping[str, Any]
    state: str
    task_kind: str | None
    head: CaseHead | None
    media: tuple[str, ...] = ()
    task_why: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutboxFilter:
    """Which messages; `start` and `end` are UTC, half open."""

    start: datetime
    end: datetime
    channel: str | None = None
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outbox:
    """One page of what went out, with the number per channel."""

    items: tuple[tuple[AttemptView, CaseHead | None], ...]
    counts: Mapping[str, int]
    total: int


def read_replies(
    session: Session, scope: Scope, keys: Any, channel: str | None, day: date, most: int, *, waiting: bool = False
) -> tuple[InboundView, ...]:
    """Return the replies of the conversations whose keys a statement selects, those that wait for a person first."""
    statement: Any = _inbound(select(InboundRow), scope).outerjoin(CaseRow, CaseRow.id == InboundRow.case_id)
    statement = statement.where(key_of_inbound().in_(keys))
    if waiting:
        statement = statement.where(InboundRow.state == "waiting")
    if channel:
        statement = statement.where(InboundRow.channel == channel)
    ordered = statement.order_by(InboundRow.state != "waiting", InboundRow.received_at.desc(), InboundRow.id.desc())
    return inbound_views(session, scope, list(session.scalars(ordered.limit(most))), day)


def read_outbox(session: Session, scope: Scope, wanted: OutboxFilter, day: date, page: int) -> Outbox:
    """Return what went out between two moments, newest first."""
    per_channel: Any = _sent(select(AttemptRow.channel, func.count()), scope, wanted).group_by(AttemptRow.channel)
    counts = dict(session.execute(per_channel).all())
    statement: Any = _sent(select(AttemptRow), scope, wanted)
    if wanted.channel:
        statement = statement.where(AttemptRow.channel == wanted.channel)
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(AttemptRow.sent_at.desc(), AttemptRow.id.desc())
    rows = list(session.scalars(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    heads = case_heads(session, scope, {row.case_id for row in rows}, day)
    views = attempt_views(session, rows)
    return Outbox(items=tuple((view, heads.get(view.case_id)) for view in views), counts=counts, total=total)


def last_sent_at(session: Session, scope: Scope) -> datetime | None:
    """Return when the last message went out."""
    statement: Any = scope.narrow(select(func.max(AttemptRow.sent_at)), AttemptRow)
    found: datetime | None = session.scalar(statement.where(AttemptRow.channel.in_(SENT_CHANNELS)))
    return found


def _inbound(statement: Any, scope: Scope) -> Any:
    narrowed: Any = scope.narrow(statement, InboundRow)
    if scope.area_ids is None:
        return narrowed
    return narrowed.where(InboundRow.case_id.in_(scope.narrow(select(CaseRow.id), CaseRow)))


def _sent(statement: Any, scope: Scope, wanted: OutboxFilter) -> Any:
    narrowed: Any = scope.narrow(statement, AttemptRow).where(
        AttemptRow.sent_at >= wanted.start, AttemptRow.sent_at < wanted.end, AttemptRow.channel.in_(SENT_CHANNELS)
    )
    if scope.area_ids is not None:
        narrowed = narrowed.where(AttemptRow.case_id.in_(scope.narrow(select(CaseRow.id), CaseRow)))
    return narrowed.where(AttemptRow.state == wanted.state) if wanted.state else narrowed


def inbound_views(session: Session, scope: Scope, rows: list[InboundRow], day: date) -> tuple[InboundView, ...]:
    """Make the views of replies in the same order, with who wrote, their case, and the task that waits."""
    names = person_names(session, {row.person_id for row in rows})
    heads = case_heads(session, scope, {row.case_id for row in rows if row.case_id}, day)
    open_tasks: Any = select(TaskRow.inbound_id, TaskRow.kind, TaskRow.detail).where(
        TaskRow.inbound_id.in_([row.id for row in rows]), TaskRow.state == "open"
    )
    tasks = {inbound_id: (kind, detail.get("why")) for inbound_id, kind, detail in session.execute(open_tasks)}
    return tuple(
        InboundView(
            inbound_id=row.id,
            case_id=row.case_id,
            channel=row.channel,
            sender=row.sender,
            person=names.get(row.person_id) if row.person_id else None,
            text=row.text,
            received_at=row.received_at,
            intent=row.intent,
            confidence=row.confidence,
            understood=row.understood,
            effect=row.effect,
            state=row.state,
            task_kind=tasks.get(row.id, (None, None))[0],
            task_why=tasks.get(row.id, (None, None))[1],
            head=heads.get(row.case_id) if row.case_id else None,
            media=tuple(each for each in row.media or () if each.startswith(("https://", "http://"))),
        )
        for row in rows
    )
