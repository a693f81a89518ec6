"""One conversation as staff see it: every message over all channels, talks and notes, and who is busy with it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import (
    AccessLogRow,
    AttemptRow,
    CaseRow,
    ConversationRow,
    EvidencePayloadRow,
    EvidenceRow,
    InboundRow,
    TalkRow,
    UserRow,
)
from outreach.services.conversation_steps import (
    MAY_TAKE,
    URGENT,
    Place,
    place_of_household,
    place_of_reply,
    replies_of,
)
from outreach.services.conversations import find_conversation
from outreach.services.hand_answers import last_by_hand
from outreach.services.reading.attempts import AttemptView, attempt_views
from outreach.services.reading.heads import CaseHead, case_heads
from outreach.services.reading.messages import InboundView, inbound_views
from outreach.services.undelivered import failed_messages

LINES = 60
"""How many messages of each kind a thread shows, the latest."""

BUSY = timedelta(minutes=10)
"""Who opened the conversation within this time may be busy with it."""

LOOKED_AT = "conversation:"
"""Begins what the access log keeps of who opened a conversation; its key follows."""

NOTED = ("conversation_handled", "conversation_assigned", "sender_linked")
FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a thread. kind: in, out, talk, or a fact of the record (NOTED); `failure` is a FailureCode."""

    at: datetime
    kind: str
    inbound: InboundView | None = None
    attempt: AttemptView | None = None
    text: str = ""
    by: str = ""
    channel: str = ""
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Looker:
    """A colleague who opened the conversation, and when last."""

    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConversationPage:
    """A conversation with its thread, oldest first. `current` is the reply that matters now.

    `open` are the replies that a person has to deal with: crisis and threat first, then the latest; of those that say
    the same only the latest.
    `seen` is the last answer by hand, 0 for none. `heads` are the household's cases that this scope sees, the open
    ones first; `replies` the rows, latest first.
    """

    place: Place
    lines: tuple[Line, ...]
    replies: tuple[InboundRow, ...]
    current: InboundView | None
    open: tuple[InboundView, ...]
    waiting: int
    urgent: bool
    undelivered: bool
    heads: tuple[CaseHead, ...]
    row: ConversationRow | None
    assigned: str | None
    lookers: tuple[Looker, ...]
    seen: int

    @property
    def head(self) -> CaseHead | None:
        """Return the case in which actions are done."""
        return self.heads[0] if self.heads else None

    @property
    def unread(self) -> bool:
        """Tell whether a reply came in that nobody read."""
        read = self.row.read_until if self.row else None
        return bool(self.replies) and (read is None or self.replies[0].received_at > read)


def find_place(
    session: Session, scope: Scope, *, inbound_id: int | None = None, household_id: int | None = None
) -> Place | None:
    """Return the conversation of a reply or a household, None when this scope may not see it."""
    if inbound_id is not None:
        row = session.scalar(scope.select(InboundRow).where(InboundRow.id == inbound_id))
        if row is None:
            return None
        place = place_of_reply(session, row)
    else:
        place = place_of_household(session, scope.landlord_id, household_id or 0)
        if place.case_id is None:
            return None
    return place if _may_see(session, scope, place) else None


def _may_see(session: Session, scope: Scope, place: Place) -> bool:
    if scope.area_ids is None:
        return True
    mine = scope.select(CaseRow).where(CaseRow.household_id == place.household_id)
    return session.scalar(mine.limit(1)) is not None


def read_conversation(
    session: Session, scope: Scope, place: Place, now: datetime, day: date, user_id: int | None
) -> ConversationPage:
    """Return a conversation for the page of a user; `day` is the civil day."""
    cases = _cases(session, scope, place)
    found = scope.select(InboundRow).where(InboundRow.id.in_(replies_of(place)))
    replies = list(session.scalars(found.order_by(InboundRow.received_at.desc(), InboundRow.id.desc()).limit(LINES)))
    views = inbound_views(session, scope, replies, day)
    opened = _open(views)
    lines = [Line(at=view.received_at, kind="in", inbound=view, channel=view.channel) for view in reversed(views)]
    if cases:
        lines += [*_sent(session, place), *_talks(session, cases), *_noted(session, place, cases)]
    heads = case_heads(session, scope, [case.id for case in cases], day)
    row = find_conversation(session, place.landlord_id, place.key)
    user = session.get(UserRow, row.assigned_user_id) if row and row.assigned_user_id else None
    by_hand = last_by_hand(session, place.household_id) if place.household_id is not None else None
    return ConversationPage(
        place=place,
        lines=tuple(sorted(lines, key=lambda line: line.at)[-2 * LINES :]),
        replies=tuple(replies),
        current=next(iter((*opened, *views)), None),
        open=opened,
        waiting=sum(view.state == "waiting" for view in views),
        urgent=any(_is_urgent(view) for view in views),
        undelivered=_undelivered(session, place),
        heads=tuple(heads[case.id] for case in cases if case.id in heads),
        row=row,
        assigned=user.name if user else None,
        lookers=_lookers(session, place, now, user_id),
        seen=by_hand.id if by_hand else 0,
    )


def _cases(session: Session, scope: Scope, place: Place) -> list[CaseRow]:
    if place.household_id is None:
        return []
    mine = scope.select(CaseRow).where(CaseRow.household_id == place.household_id)
    return list(session.scalars(mine.order_by((CaseRow.state == "open").desc(), CaseRow.id.desc())))


def _is_urgent(view: InboundView) -> bool:
    return view.task_kind == "crisis" or (view.state == "waiting" and view.intent in URGENT)


def _open(views: Sequence[InboundView]) -> tuple[InboundView, ...]:
    found: dict[str, InboundView] = {}
    for view in views:
        if view.state == "waiting" or _is_urgent(view):
            found.setdefault(view.intent or str(view.inbound_id), view)
    return tuple(sorted(found.values(), key=lambda view: not _is_urgent(view)))


def _sent(session: Session, place: Place) -> Iterator[Line]:
    """Yield what went out or was tried, and what is on its way."""
    mine = AttemptRow.household_id == place.household_id, AttemptRow.landlord_id == place.landlord_id
    statement = select(AttemptRow).where(
        *mine,
        AttemptRow.kind.in_(("message", "robocall", "letter", "card")),
        AttemptRow.text.is_not(None),
        AttemptRow.state.in_(("claimed", "sent", "done", FAILED, "unknown"))
        | (AttemptRow.step.like("answer:%") & (AttemptRow.state == "planned")),
    )
    rows = list(session.scalars(statement.order_by(AttemptRow.due_at.desc(), AttemptRow.id.desc()).limit(LINES)))
    why = _failures(session, [row.id for row in rows if row.state == FAILED])
    for row, view in zip(rows, attempt_views(session, rows), strict=True):
        by = str(row.why.get("by") or "")
        yield Line(
            at=view.at,
            kind="out",
            attempt=view,
            channel=view.channel,
            by=by,
            failure=why.get(row.id, view.outcome or ""),
        )


def _failures(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the failure code that the provider gave, by attempt."""
    statement = (
        select(EvidenceRow.attempt_id, EvidencePayloadRow.body)
        .join(EvidencePayloadRow, EvidencePayloadRow.evidence_id == EvidenceRow.id)
        .where(EvidenceRow.attempt_id.in_(ids), EvidenceRow.kind.in_(("outcome", "not_taken")))
        .order_by(EvidenceRow.id)
    )
    found: dict[int, str] = {}
    for attempt_id, body in session.execute(statement):
        values = json.loads(body) if body and attempt_id else {}
        if code := values.get("failure") or values.get("code"):
            found[attempt_id or 0] = str(code)
    return found


def _talks(session: Session, cases: Sequence[CaseRow]) -> Iterator[Line]:
    """Yield talks that staff noted, and keys that the tenant pressed."""
    users = _names(session, cases[0].landlord_id)
    talked = TalkRow.by_user_id.is_not(None) | (TalkRow.channel == "robocall")
    statement = select(TalkRow).where(TalkRow.case_id.in_([case.id for case in cases]), talked)
    for row in session.scalars(statement.order_by(TalkRow.at.desc()).limit(LINES)):
        yield Line(at=row.at, kind="talk", text=row.note, channel=row.channel, by=users.get(row.by_user_id or 0, ""))


def _noted(session: Session, place: Place, cases: Sequence[CaseRow]) -> Iterator[Line]:
    users = _names(session, place.landlord_id)
    statement = (
        select(EvidenceRow, EvidencePayloadRow.body)
        .join(EvidencePayloadRow, EvidencePayloadRow.evidence_id == EvidenceRow.id)
        .where(
            EvidenceRow.landlord_id == place.landlord_id,
            EvidenceRow.case_id.in_([case.id for case in cases]),
            EvidenceRow.kind.in_(NOTED),
        )
        .order_by(EvidenceRow.id.desc())
        .limit(LINES)
    )
    for row, body in session.execute(statement):
        values = json.loads(body) if body else {}
        text = str(values.get("note") or users.get(values.get("user") or 0, "") or values.get("sender") or "")
        yield Line(at=row.occurred_at, kind=row.kind, by=row.actor, text=text)


def _names(session: Session, landlord_id: int) -> Mapping[int, str]:
    return dict(session.execute(select(UserRow.id, UserRow.name).where(UserRow.landlord_id == landlord_id)).all())


def _undelivered(session: Session, place: Place) -> bool:
    failed = select(AttemptRow.id).where(
        AttemptRow.household_id == place.household_id, *failed_messages(place.landlord_id)
    )
    return place.household_id is not None and session.scalar(failed.limit(1)) is not None


def _lookers(session: Session, place: Place, now: datetime, user_id: int | None) -> tuple[Looker, ...]:
    """Return the colleagues who opened this conversation just now, the last first."""
    statement: Any = (
        select(UserRow.name, AccessLogRow.user_id, AccessLogRow.at)
        .join(UserRow, UserRow.id == AccessLogRow.user_id)
        .where(
            AccessLogRow.landlord_id == place.landlord_id,
            AccessLogRow.case_id == place.case_id if place.case_id else AccessLogRow.case_id.is_(None),
            AccessLogRow.what == looked_at(place),
            AccessLogRow.at > now - BUSY,
            AccessLogRow.user_id != (user_id or 0),
        )
        .order_by(AccessLogRow.at.desc())
    )
    found: dict[int, Looker] = {}
    for name, looker_id, at in session.execute(statement):
        found.setdefault(looker_id, Looker(name=name, at=at))
    return tuple(found.values())


def looked_at(place: Place) -> str:
    """Give what the access log says of a conversation that was opened."""
    return f"{LOOKED_AT}{place.key}"[:200]


def colleagues(session: Session, landlord_id: int) -> list[tuple[int, str]]:
    """List who may take a conversation up, by name."""
    statement = select(UserRow.id, UserRow.name).where(
        UserRow.landlord_id == landlord_id, UserRow.active, UserRow.role.in_(MAY_TAKE)
    )
    return [(user_id, name) for user_id, name in session.execute(statement.order_by(UserRow.name))]
