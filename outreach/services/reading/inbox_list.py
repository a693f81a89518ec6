"""The list of the inbox: one row per household or unknown sender, what is lost if it waits on top.

All in one statement over replies and failed messages, so that paging and counts hold for any number of them. What was
snoozed wakes when a reply came after it was read, and always for a crisis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, not_, null, or_, select, union_all
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import AttemptRow, CaseRow, ConversationRow, InboundRow, TaskRow, UserRow
from outreach.services.conversation_steps import URGENT
from outreach.services.reading.attempts import person_names
from outreach.services.reading.heads import CaseHead, case_heads
from outreach.services.reading.inbox_search import Sought, like, matches, seek
from outreach.services.undelivered import failed_messages

PAGE_SIZE = 40
VIEWS = ("", "mine", "free", "waiting", "undelivered", "unread", "snoozed", "all")
"""Which conversations: "" is everything that does not sleep."""

LONGEST_QUERY = 100


@dataclass(frozen=True, kw_only=True)
class InboxFilter:
    """What to show: `view` is one of VIEWS; `user_id` is who looks, for his own conversations."""

    user_id: int | None
    view: str = ""
    channel: str | None = None
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One row of the list. `since` is when what waits came in; `inbound_id` is None when only we wrote."""

    key: str
    household_id: int | None
    inbound_id: int | None
    sender: str
    person: str | None
    text: str
    channel: str
    intent: str | None
    last_at: datetime
    since: datetime | None
    waiting: int
    urgent: bool
    undelivered: bool
    unread: bool
    snoozed_until: datetime | None
    assigned_id: int | None
    assigned: str | None
    head: CaseHead | None


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """One page of conversations, the number of them in this view, and the number per view."""

    items: tuple[Conversation, ...]
    total: int
    counts: Mapping[str, int]


def list_conversations(
    session: Session, scope: Scope, wanted: InboxFilter, now: datetime, day: date, page: int
) -> InboxPage:
    """Return one page of conversations: crisis, what waits, what did not arrive, unread, the rest by date."""
    rows = _rows(session, scope, wanted, now, day)
    views = _views(rows, wanted)
    counted = session.execute(select(*(func.sum(case((each, 1), else_=0)) for each in views.values()))).one()
    counts = {view: number or 0 for view, number in zip(views, counted, strict=True)}
    order = (rows.c.rank, case((rows.c.rank < 2, rows.c.since)), rows.c.last_at.desc(), rows.c.key)
    statement = select(rows).where(views[wanted.view]).order_by(*order)
    found = session.execute(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return InboxPage(items=_items(session, scope, found, day), total=counts[wanted.view], counts=counts)


def keys_of(session: Session, scope: Scope, wanted: InboxFilter, now: datetime, day: date) -> Any:
    """Select the keys of all conversations under a filter."""
    rows = _rows(session, scope, wanted, now, day)
    return select(rows.c.key).where(_views(rows, wanted)[wanted.view])


def next_waiting(
    session: Session, scope: Scope, user_id: int | None, now: datetime, day: date, not_key: str = ""
) -> Conversation | None:
    """Return the conversation that a person should open next, his own or nobody's; not the one that he leaves."""
    rows = _rows(session, scope, InboxFilter(user_id=user_id), now, day)
    statement = select(rows).where(
        rows.c.rank < 3,
        rows.c.key != not_key,
        or_(rows.c.assigned_id.is_(None), rows.c.assigned_id == user_id),
    )
    order = (rows.c.rank, case((rows.c.rank < 2, rows.c.since)), rows.c.last_at.desc(), rows.c.key)
    found = session.execute(statement.order_by(*order).limit(1)).all()
    return next(iter(_items(session, scope, found, day)), None)


def key_of_inbound() -> Any:
    """Give the key of a reply's conversation in SQL; joins on CaseRow."""
    sender = literal("sender:") + InboundRow.channel + ":" + InboundRow.sender
    return case(
        (CaseRow.household_id.is_not(None), _household_key(CaseRow.household_id)), else_=func.substr(sender, 1, 200)
    )


def _household_key(column: Any) -> Any:
    return literal("household:") + cast(column, String)


def _rows(session: Session, scope: Scope, wanted: InboxFilter, now: datetime, day: date) -> Any:
    """Make one row per conversation, with its rank."""
    arms = [_replies(scope, wanted.channel), _failures(scope, wanted.channel)]
    sought = seek(session, scope, wanted.query, day) if wanted.query else None
    if sought is not None:
        arms.append(_written(scope, sought.households, wanted.query))
    facts = union_all(*arms).subquery()
    waits = facts.c.waiting == 1
    urgent = facts.c.urgent == 1
    grouped = (
        select(
            facts.c.key,
            func.max(facts.c.household_id).label("household_id"),
            func.max(facts.c.case_id).label("case_id"),
            func.max(facts.c.at).label("last_at"),
            func.max(case((facts.c.inbound_id.is_not(None), facts.c.at))).label("replied_at"),
            func.max(facts.c.inbound_id).label("last_id"),
            func.max(case((waits, facts.c.inbound_id))).label("waiting_id"),
            func.max(case((urgent, facts.c.inbound_id))).label("urgent_id"),
            func.max(facts.c.attempt_id).label("attempt_id"),
            func.sum(facts.c.waiting).label("waiting"),
            func.max(facts.c.urgent).label("urgent"),
            func.max(facts.c.failed).label("failed"),
            func.min(case((waits, facts.c.at))).label("since"),
        )
        .group_by(facts.c.key)
        .subquery()
    )
    return _ranked(scope, grouped, wanted, sought, now)


def _ranked(scope: Scope, grouped: Any, wanted: InboxFilter, sought: Sought | None, now: datetime) -> Any:
    unread = and_(
        grouped.c.replied_at.is_not(None),
        or_(ConversationRow.read_until.is_(None), grouped.c.replied_at > ConversationRow.read_until),
    )
    asleep = and_(
        ConversationRow.snoozed_until.is_not(None),
        ConversationRow.snoozed_until > now,
        not_(unread),
        grouped.c.urgent == 0,
    )
    rank = case(
        (asleep, 5),
        (grouped.c.urgent == 1, 0),
        (grouped.c.waiting > 0, 1),
        (grouped.c.failed == 1, 2),
        (unread, 3),
        else_=4,
    )
    statement = (
        select(
            *grouped.c,
            case((unread, 1), else_=0).label("unread"),
            case((asleep, ConversationRow.snoozed_until)).label("snoozed_until"),
            ConversationRow.assigned_user_id.label("assigned_id"),
            UserRow.name.label("assigned"),
            rank.label("rank"),
        )
        .outerjoin(
            ConversationRow,
            and_(ConversationRow.landlord_id == scope.landlord_id, ConversationRow.key == grouped.c.key),
        )
        .outerjoin(UserRow, UserRow.id == ConversationRow.assigned_user_id)
    )
    if sought is not None:
        statement = statement.where(matches(scope, grouped, sought))
    return statement.subquery()


def _views(rows: Any, wanted: InboxFilter) -> dict[str, Any]:
    """Give the condition of every view."""
    awake = rows.c.rank < 5
    return {
        "": awake,
        "mine": and_(awake, rows.c.assigned_id == wanted.user_id),
        "free": and_(rows.c.rank < 4, rows.c.assigned_id.is_(None)),
        "waiting": rows.c.rank < 2,
        "undelivered": and_(awake, rows.c.failed == 1),
        "unread": and_(awake, rows.c.unread == 1),
        "snoozed": rows.c.rank == 5,
        "all": rows.c.rank <= 5,
    }


def _replies(scope: Scope, channel: str | None) -> Any:
    crisis = select(TaskRow.inbound_id).where(
        TaskRow.landlord_id == scope.landlord_id,
        TaskRow.kind == "crisis",
        TaskRow.state == "open",
        TaskRow.inbound_id.is_not(None),
    )
    waits = InboundRow.state == "waiting"
    urgent = or_(and_(waits, InboundRow.intent.in_(URGENT)), InboundRow.id.in_(crisis))
    statement: Any = select(
        key_of_inbound().label("key"),
        CaseRow.household_id.label("household_id"),
        InboundRow.case_id.label("case_id"),
        InboundRow.received_at.label("at"),
        InboundRow.id.label("inbound_id"),
        cast(null(), AttemptRow.id.type).label("attempt_id"),
        case((waits, 1), else_=0).label("waiting"),
        case((urgent, 1), else_=0).label("urgent"),
        literal(0).label("failed"),
    ).outerjoin(CaseRow, CaseRow.id == InboundRow.case_id)
    statement = scope.narrow(statement, InboundRow)
    if scope.area_ids is not None:
        statement = statement.where(CaseRow.area_id.in_(scope.area_ids))
    return statement.where(InboundRow.channel == channel) if channel else statement


def _failures(scope: Scope, channel: str | None) -> Any:
    statement = _of_attempts(scope, 1).where(*failed_messages(scope.landlord_id))
    return statement.where(AttemptRow.channel == channel) if channel else statement


def _written(scope: Scope, households: Sequence[int], query: str) -> Any:
    """Give the households that were found by name or by our own words, though they never answered."""
    sent: Any = _of_attempts(scope, 0).where(AttemptRow.sent_at.is_not(None), AttemptRow.text.is_not(None))
    return sent.where(or_(AttemptRow.household_id.in_(households), AttemptRow.text.ilike(like(query), escape="\\")))


def _of_attempts(scope: Scope, failed: int) -> Any:
    statement: Any = select(
        _household_key(AttemptRow.household_id).label("key"),
        AttemptRow.household_id.label("household_id"),
        AttemptRow.case_id.label("case_id"),
        func.coalesce(AttemptRow.sent_at, AttemptRow.due_at).label("at"),
        cast(null(), InboundRow.id.type).label("inbound_id"),
        AttemptRow.id.label("attempt_id"),
        literal(0).label("waiting"),
        literal(0).label("urgent"),
        literal(failed).label("failed"),
    ).join(CaseRow, CaseRow.id == AttemptRow.case_id)
    statement = scope.narrow(statement, AttemptRow)
    return statement if scope.area_ids is None else statement.where(CaseRow.area_id.in_(scope.area_ids))


def _items(session: Session, scope: Scope, rows: Sequence[Any], day: date) -> tuple[Conversation, ...]:
    shown = {row.key: row.urgent_id or row.waiting_id or row.last_id for row in rows}
    wanted = [each for each in shown.values() if each is not None]
    inbound = {row.id: row for row in session.scalars(select(InboundRow).where(InboundRow.id.in_(wanted)))}
    tried = [row.attempt_id for row in rows if row.attempt_id is not None]
    attempts = {row.id: row for row in session.scalars(select(AttemptRow).where(AttemptRow.id.in_(tried)))}
    people = [each.person_id for each in inbound.values()] + [each.addressee_id for each in attempts.values()]
    names = person_names(session, people)
    heads = case_heads(session, scope, {row.case_id for row in rows if row.case_id is not None}, day)
    return tuple(
        _item(row, inbound.get(shown[row.key] or 0), attempts.get(row.attempt_id or 0), names, heads.get(row.case_id))
        for row in rows
    )


def _item(
    row: Any, said: InboundRow | None, sent: AttemptRow | None, names: Mapping[int, str], head: CaseHead | None
) -> Conversation:
    person_id = said.person_id if said else (sent.addressee_id if sent else None)
    return Conversation(
        key=row.key,
        household_id=row.household_id,
        inbound_id=said.id if said else None,
        sender=said.sender if said else (sent.sent_to or "" if sent else ""),
        person=names.get(person_id) if person_id is not None else None,
        text=said.text if said else (sent.text or "" if sent else ""),
        channel=said.channel if said else (sent.channel if sent else ""),
        intent=said.intent if said else None,
        last_at=row.last_at,
        since=row.since,
        waiting=row.waiting,
        urgent=bool(row.urgent),
        undelivered=bool(row.failed),
        unread=bool(row.unread),
        snoozed_until=row.snoozed_until,
        assigned_id=row.assigned_id,
        assigned=row.assigned,
        head=head,
    )
