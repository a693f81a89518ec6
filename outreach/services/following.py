"""Follow promises and plans once a day: kept, broken, a reminder before each date. Set-based reading."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    CaseRow,
    InstalmentRow,
    LedgerEntryRow,
    LedgerItemRow,
    PaymentPlanRow,
    PromiseRow,
)
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE
from outreach.services.addressees import load_addressees
from outreach.services.answers import add_message
from outreach.services.evidence import EvidenceBook
from outreach.services.plans import debt_of
from outreach.services.policy import Policy
from outreach.services.tasks import add_task
from outreach.services.written_values import Fact

REMINDER_DAYS = 3
MESSAGE_CHANNELS = ("sms", "whatsapp", "email")


@dataclass(frozen=True, kw_only=True)
class _Followed:
    """A running plan with its instalments and what was paid of its debt (cents)."""

    plan: PaymentPlanRow
    case: CaseRow
    rows: Sequence[InstalmentRow]
    paid: int


def follow_up(runtime: Runtime, session: Session, policy: Policy, now: datetime) -> Counter[str]:
    """Follow promises and plans once a day: kept, broken, reminders before each date."""
    book = EvidenceBook(session, policy.landlord_id, now)
    counts: Counter[str] = Counter()
    _follow_promises(runtime, session, book, policy, counts)
    statement = (
        select(PaymentPlanRow, CaseRow)
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .where(PaymentPlanRow.landlord_id == policy.landlord_id, PaymentPlanRow.state == "active")
        .order_by(PaymentPlanRow.id)
    )
    found = [(plan, case) for plan, case in session.execute(statement).all()]
    charges = _open_charges(session, {case.tenancy_id for _, case in found})
    instalments = _instalments(session, [plan.id for plan, _ in found])
    for plan, case in found:
        agreed_on = runtime.calendar.day_of(plan.agreed_at or now)
        still_open = sum(cents for due_on, cents in charges[case.tenancy_id] if due_on < agreed_on)
        followed = _Followed(plan=plan, case=case, rows=instalments[plan.id], paid=plan.total_cents - still_open)
        _follow_plan(runtime, session, book, policy, followed, counts)
    book.write()
    return counts


def _follow_promises(
    runtime: Runtime, session: Session, book: EvidenceBook, policy: Policy, counts: Counter[str]
) -> None:
    today = runtime.calendar.day_of(book.now)
    statement = (
        select(PromiseRow, CaseRow)
        .join(CaseRow, CaseRow.id == PromiseRow.case_id)
        .where(PromiseRow.landlord_id == policy.landlord_id, PromiseRow.state == "open")
    )
    for promise, case in session.execute(statement).all():
        last = runtime.calendar.add_working_days(promise.promised_on, policy.settings.promise_grace_working_days)
        if debt_of(session, case) < policy.settings.minimum_amount_cents:
            promise.state, promise.ended_at = "kept", book.now
        elif today > last:
            promise.state, promise.ended_at = "broken", book.now
            detail = {"promised_on": promise.promised_on.isoformat(), "amount_cents": promise.amount_cents}
            add_task(
                session,
                landlord_id=case.landlord_id,
                kind="broken_promise",
                key=f"promise:{promise.id}",
                due_at=book.now,
                case=case,
                detail=detail,
            )
        else:
            continue
        counts[f"promise_{promise.state}"] += 1
        book.note(f"promise_{promise.state}", MACHINE, {"promise": promise.id}, case_id=case.id)


def _open_charges(session: Session, tenancy_ids: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """Give what is open now per tenancy, as (due date, cents) of each item."""
    ids = list(tenancy_ids)
    latest = (
        select(func.max(LedgerEntryRow.id)).where(LedgerEntryRow.tenancy_id.in_(ids)).group_by(LedgerEntryRow.item_id)
    )
    statement = (
        select(LedgerEntryRow.tenancy_id, LedgerItemRow.due_on, LedgerEntryRow.open_cents)
        .join(LedgerItemRow, LedgerItemRow.id == LedgerEntryRow.item_id)
        .where(LedgerEntryRow.id.in_(latest))
    )
    charges: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for tenancy_id, due_on, cents in session.execute(statement):
        charges[tenancy_id].append((due_on, cents))
    return charges


def _instalments(session: Session, plan_ids: Sequence[int]) -> dict[int, list[InstalmentRow]]:
    statement = select(InstalmentRow).where(InstalmentRow.plan_id.in_(plan_ids)).order_by(InstalmentRow.number)
    rows: dict[int, list[InstalmentRow]] = defaultdict(list)
    for row in session.scalars(statement):
        rows[row.plan_id].append(row)
    return rows


def _follow_plan(
    runtime: Runtime,
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    followed: _Followed,
    counts: Counter[str],
) -> None:
    """Mark what is paid; end a plan that is kept or broken; remind before the next date."""
    today, before = runtime.calendar.day_of(book.now), 0
    for row in followed.rows:
        before += row.amount_cents
        if row.state == "open" and followed.paid >= before:
            row.state, row.paid_at = "paid", book.now
    still_open = [row for row in followed.rows if row.state == "open"]
    late = [row for row in still_open if row.due_on < today - timedelta(days=policy.settings.plan.tolerance_days)]
    if not still_open:
        values: dict[str, Fact] = {"month_amount": followed.plan.total_cents}
        _end(session, book, policy, followed, "kept", today, values)
        counts["plan_kept"] += 1
    elif late:
        _end(session, book, policy, followed, "broken", today, _instalment_values(late[0]))
        counts["plan_broken"] += 1
    else:
        for row in still_open:
            if row.due_on - timedelta(days=REMINDER_DAYS) <= today < row.due_on:
                counts["plan_reminder"] += _remind(session, policy, followed, row, book.now, today)


def _end(
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    followed: _Followed,
    state: str,
    today: date,
    values: Mapping[str, Fact],
) -> None:
    plan, case = followed.plan, followed.case
    plan.state, plan.ended_at = state, book.now
    book.note(f"plan_{state}", MACHINE, {"plan": plan.id}, case_id=case.id)
    if state == "broken":
        add_task(
            session,
            landlord_id=case.landlord_id,
            kind="broken_plan",
            key=f"plan:{plan.id}:broken",
            due_at=book.now,
            case=case,
            detail={"plan": plan.id},
        )
    template, purpose = ("plan_thanks", "care") if state == "kept" else ("plan_broken", "plan")
    _tell(session, policy, case, f"plan:{plan.id}:{state}", template, purpose, values, book.now, today, ends_in_days=5)


def _remind(
    session: Session, policy: Policy, followed: _Followed, row: InstalmentRow, now: datetime, today: date
) -> bool:
    """Remind of one instalment, once, in the days before it; a Sunday or a feast does not skip it."""
    case, step = followed.case, f"plan:{followed.plan.id}:reminder:{row.number}"
    values = _instalment_values(row)
    left = (row.due_on - today).days
    return _tell(session, policy, case, step, "plan_reminder", "plan", values, now, today, ends_in_days=left)


def _instalment_values(row: InstalmentRow) -> dict[str, Fact]:
    return {"month_amount": row.amount_cents, "promise_on": row.due_on.isoformat()}


def _tell(
    session: Session,
    policy: Policy,
    case: CaseRow,
    step: str,
    template: str,
    purpose: str,
    values: Mapping[str, Fact],
    now: datetime,
    today: date,
    ends_in_days: int,
) -> bool:
    """Add a message about a plan on the first channel that can be used; say whether it is new."""
    people = load_addressees(session, [case.tenancy_id], today, now)[case.tenancy_id]
    channel = next((name for name in MESSAGE_CHANNELS if name in people.targets), None)
    if channel is None:
        return False
    target = people.targets[channel]
    added = add_message(
        session,
        policy,
        case,
        step=step,
        template=template,
        purpose=purpose,
        channel=channel,
        addressee_id=target.person_id,
        contact_point_id=target.contact_point_id,
        sent_to=target.value,
        language=people.language,
        due_at=now,
        expires_at=now + timedelta(days=ends_in_days),
        values=values,
    )
    return added is not None
