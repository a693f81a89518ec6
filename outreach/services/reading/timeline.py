"""What happened in a case, newest first: attempts, replies, talks, payments, promises, plans, pauses, referrals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    DocumentRow,
    InboundRow,
    LadderMoveRow,
    LedgerEntryRow,
    LifeEventRow,
    PartnerRow,
    PauseRow,
    PaymentPlanRow,
    PaymentRow,
    PromiseRow,
    ReferralFeedbackRow,
    ReferralRow,
    StepMoveRow,
    TalkRow,
    TaskRow,
    TrajectoryReviewRow,
    TrajectoryRow,
    UserRow,
)
from outreach.services.reading.attempts import AttemptView, attempt_views
from outreach.services.reading.noted import read_noted
from outreach.services.trajectories import definition_of

MIDDAY = time(12)
DECISION = "decision"
BOOKED_AS_PAYMENT = frozenset({"payment", "marked_paid"})


@dataclass(frozen=True, kw_only=True)
class TimelineEvent:
    """One thing that happened. `kind` says which fields are filled; `values` holds the rest by name."""

    at: datetime
    kind: str
    code: str | None = None
    note: str = ""
    by: str | None = None
    amount_cents: int | None = None
    attempt: AttemptView | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def read_timeline(session: Session, case: CaseRow) -> tuple[TimelineEvent, ...]:
    """Return everything that happened in a case, newest first."""
    users = dict(session.execute(select(UserRow.id, UserRow.name).where(UserRow.landlord_id == case.landlord_id)).all())
    found = [event for reader in READERS for event in reader(session, case, users)]
    return tuple(sorted(found, key=lambda event: (event.at, event.kind), reverse=True))


Users = Mapping[int, str]
Events = Iterator[TimelineEvent]


def _rows(session: Session, table: Any, case: CaseRow) -> list[Any]:
    statement: Any = select(table).where(table.case_id == case.id).order_by(table.id)
    return list(session.scalars(statement))


def _by(users: Users, user_id: int | None) -> str | None:
    return users.get(user_id) if user_id is not None else None


def _attempts(session: Session, case: CaseRow, users: Users) -> Events:
    rows = [row for row in _rows(session, AttemptRow, case) if row.state not in ("planned", "claimed")]
    for view in attempt_views(session, rows):
        if view.kind != DECISION:
            yield TimelineEvent(at=view.at, kind="attempt", code=view.result or view.state, attempt=view)


def _noted(session: Session, case: CaseRow, users: Users) -> Events:
    """Tell what staff recorded, a decision with who took it and why."""
    names = dict(
        session.execute(select(UserRow.username, UserRow.name).where(UserRow.landlord_id == case.landlord_id)).all()
    )
    for fact in read_noted(session, case):
        kind, code = (DECISION, fact.values["outcome"]) if fact.kind == DECISION else ("noted", fact.kind)
        by = names.get(fact.by, fact.by)
        yield TimelineEvent(at=fact.at, kind=kind, code=code, note=fact.note, by=by, values=fact.values)


def _inbound(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, InboundRow, case):
        values = {"inbound_id": row.id, "channel": row.channel, "state": row.state, "confidence": row.confidence}
        yield TimelineEvent(at=row.received_at, kind="inbound", code=row.intent, note=row.text, values=values)


def _talks(session: Session, case: CaseRow, users: Users) -> Events:
    """Tell of talks; what a tenant did on his page stands there in his own words."""
    for row in _rows(session, TalkRow, case):
        if row.channel != "page":
            by = _by(users, row.by_user_id)
            yield TimelineEvent(at=row.at, kind="talk", code=row.channel, note=row.note, by=by)


def _payments(session: Session, case: CaseRow, users: Users) -> Events:
    statement: Any = select(PaymentRow).where(
        PaymentRow.tenancy_id == case.tenancy_id, PaymentRow.occurred_on >= case.opened_on
    )
    for row in session.scalars(statement):
        values = {"known_at": row.known_at}
        yield TimelineEvent(
            at=_midday(row.occurred_on), kind="payment", code=row.source, amount_cents=row.amount_cents, values=values
        )


def _deliveries(session: Session, case: CaseRow, users: Users) -> Events:
    """Tell what came off and what came on by each delivery: the books say it, no single payment does."""
    statement: Any = (
        select(LedgerEntryRow)
        .where(LedgerEntryRow.tenancy_id == case.tenancy_id)
        .order_by(LedgerEntryRow.known_at, LedgerEntryRow.id)
    )
    open_cents: dict[int, int] = {}
    changes: dict[datetime, tuple[int, int]] = {}
    for row in session.scalars(statement):
        change = row.open_cents - open_cents.get(row.item_id, 0)
        open_cents[row.item_id] = row.open_cents
        if row.reason not in BOOKED_AS_PAYMENT:
            off, on = changes.get(row.known_at, (0, 0))
            changes[row.known_at] = (off - min(change, 0), on + max(change, 0))
    for at, (off, on) in changes.items():
        if off:
            yield TimelineEvent(at=at, kind="came_off", amount_cents=off)
        if on and at > case.opened_at:
            yield TimelineEvent(at=at, kind="came_on", amount_cents=on)


def _promises(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, PromiseRow, case):
        values = {"on": row.promised_on}
        yield TimelineEvent(
            at=row.made_at, kind="promise", code=row.state, amount_cents=row.amount_cents, values=values
        )


def _plans(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, PaymentPlanRow, case):
        yield TimelineEvent(at=row.requested_at, kind="plan_requested", code=row.state, amount_cents=row.month_cents)
        if row.agreed_at:
            yield TimelineEvent(at=row.agreed_at, kind="plan_agreed", amount_cents=row.month_cents)
        if row.ended_at:
            yield TimelineEvent(at=row.ended_at, kind="plan_ended", code=row.state)


def _pauses(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, PauseRow, case):
        by = _by(users, row.by_user_id)
        values = {"until": row.until_on, "condition": row.condition}
        yield TimelineEvent(at=row.from_at, kind="pause", code=row.reason, note=row.note, by=by, values=values)
        if row.ended_at:
            yield TimelineEvent(at=row.ended_at, kind="resume", code=row.end_reason)


def _life_events(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, LifeEventRow, case):
        yield TimelineEvent(at=row.known_at, kind="life_event", code=row.kind, note=row.note)


def _referrals(session: Session, case: CaseRow, users: Users) -> Events:
    names = dict(session.execute(select(PartnerRow.id, PartnerRow.name)).all())
    for row in _rows(session, ReferralRow, case):
        values = {
            "partner": names.get(row.partner_id),
            "referral_id": row.id,
            "due_on": row.feedback_due_on if row.feedback_at is None else None,
        }
        if row.sent_at is None:
            yield TimelineEvent(at=row.queued_at or case.opened_at, kind="queued", code=row.partner_kind, values=values)
            continue
        yield TimelineEvent(at=row.sent_at, kind="referral", code=row.partner_kind, note=row.ground, values=values)
        yield from _feedback(session, row, users, values)


def _feedback(session: Session, row: ReferralRow, users: Users, values: Mapping[str, Any]) -> Events:
    statement = select(ReferralFeedbackRow).where(
        ReferralFeedbackRow.referral_id == row.id, ReferralFeedbackRow.received_at.is_not(None)
    )
    for clock in session.scalars(statement.order_by(ReferralFeedbackRow.id)):
        if clock.received_at is not None:
            by = _by(users, clock.by_user_id)
            more = {**values, "title": clock.title}
            yield TimelineEvent(
                at=clock.received_at, kind="feedback", code=clock.verdict, note=clock.text, by=by, values=more
            )


def _trajectories(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, TrajectoryRow, case):
        values = {"trajectory_id": row.id, "title": definition_of(session, row).title}
        by = _by(users, row.owner_id)
        yield TimelineEvent(at=row.proposed_at, kind="trajectory", code="proposed", note=row.why, values=values)
        if row.started_at:
            yield TimelineEvent(at=row.started_at, kind="trajectory", code="running", by=by, values=values)
        if row.ended_at:
            yield TimelineEvent(at=row.ended_at, kind="trajectory", code=row.state, note=row.end_reason, values=values)
        reviews = select(TrajectoryReviewRow).where(
            TrajectoryReviewRow.trajectory_id == row.id, TrajectoryReviewRow.held_at.is_not(None)
        )
        for review in session.scalars(reviews.order_by(TrajectoryReviewRow.id)):
            if review.held_at is not None:
                by = _by(users, review.by_user_id)
                more = {"title": review.title}
                yield TimelineEvent(
                    at=review.held_at, kind="review", code=review.verdict, note=review.text, by=by, values=more
                )


def _moves(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, StepMoveRow, case):
        values = {"step": row.step, "skipped": row.skipped, "not_before": row.not_before}
        by = _by(users, row.by_user_id)
        yield TimelineEvent(at=row.known_at, kind="move", note=row.reason, by=by, values=values)


def _ladder_moves(session: Session, case: CaseRow, users: Users) -> Events:
    rows = _rows(session, LadderMoveRow, case)
    ids = {row.to_version_id for row in rows}
    versions = {row.id: row for row in session.scalars(select(DocumentRow).where(DocumentRow.id.in_(ids)))}
    for row in rows:
        to = versions[row.to_version_id]
        values = {"ladder": to.name, "version": to.content_hash[:8], "mapping": row.mapping}
        by = _by(users, row.by_user_id)
        yield TimelineEvent(at=row.at, kind="ladder_move", note=row.reason, by=by, values=values)


def _tasks(session: Session, case: CaseRow, users: Users) -> Events:
    for row in _rows(session, TaskRow, case):
        if row.done_at and row.done_by_id and row.kind != DECISION:
            values = {"task": row.kind}
            yield TimelineEvent(
                at=row.done_at, kind="task", code=row.outcome, by=_by(users, row.done_by_id),
                note=str(row.detail.get("note", "")), values=values,
            )  # fmt: skip


def _case(session: Session, case: CaseRow, users: Users) -> Events:
    yield TimelineEvent(at=case.opened_at, kind="opened", values={"on": case.opened_on})
    if case.closed_at:
        yield TimelineEvent(at=case.closed_at, kind="closed", code=case.close_reason)


READERS: tuple[Callable[[Session, CaseRow, Users], Events], ...] = (
    _attempts, _noted, _inbound, _talks, _payments, _deliveries, _promises, _plans, _pauses, _life_events, _referrals,
    _trajectories,
    _moves, _ladder_moves, _tasks, _case,
)  # fmt: skip


def _midday(day: date) -> datetime:
    return datetime.combine(day, MIDDAY, tzinfo=UTC)
