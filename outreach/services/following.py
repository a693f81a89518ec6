"""Follow promises and plans once a day: kept, missed, repaired, broken; a reminder before each date."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

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
from outreach.domain.plan_states import RUNNING
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_days import Charge, Followed, follow_plan
from outreach.services.plan_requests import follow_requests
from outreach.services.plans import debt_of
from outreach.services.policy import Policy
from outreach.services.tasks import add_task


def follow_up(runtime: Runtime, session: Session, policy: Policy, now: datetime) -> Counter[str]:
    """Follow promises and plans once a day: kept, missed, broken, reminders before each date, requests that lapse."""
    book = EvidenceBook(session, policy.landlord_id, now)
    counts: Counter[str] = Counter()
    _follow_promises(runtime, session, book, policy, counts)
    counts.update(follow_requests(runtime, session, book, policy))
    counts.update(_follow_plans(runtime, session, book, policy))
    book.write()
    return counts


def _follow_plans(runtime: Runtime, session: Session, book: EvidenceBook, policy: Policy) -> Counter[str]:
    counts: Counter[str] = Counter()
    today = runtime.calendar.day_of(book.now)
    statement = (
        select(PaymentPlanRow, CaseRow)
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .where(PaymentPlanRow.landlord_id == policy.landlord_id, PaymentPlanRow.state.in_(RUNNING))
        .order_by(PaymentPlanRow.id)
    )
    found = [(plan, case) for plan, case in session.execute(statement).all()]
    charges = _open_charges(session, {case.tenancy_id for _, case in found})
    instalments = _instalments(session, [plan.id for plan, _ in found])
    for plan, case in found:
        agreed_on = runtime.calendar.day_of(plan.agreed_at or book.now)
        own = [each for each in charges[case.tenancy_id] if each.due_on < agreed_on or each.open_cents < 0]
        followed = Followed(
            plan=plan,
            case=case,
            rows=instalments[plan.id],
            paid_cents=plan.total_cents - sum(each.open_cents for each in own),
            new_rent=[each for each in charges[case.tenancy_id] if each.due_on >= agreed_on and each.open_cents > 0],
        )
        counts.update(follow_plan(session, book, policy, followed, today))
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


def _open_charges(session: Session, tenancy_ids: Iterable[int]) -> dict[int, list[Charge]]:
    """Give what is open now per tenancy, item by item; credits are below zero."""
    ids = list(tenancy_ids)
    latest = (
        select(func.max(LedgerEntryRow.id)).where(LedgerEntryRow.tenancy_id.in_(ids)).group_by(LedgerEntryRow.item_id)
    )
    statement = (
        select(LedgerEntryRow.tenancy_id, LedgerItemRow.due_on, LedgerEntryRow.open_cents)
        .join(LedgerItemRow, LedgerItemRow.id == LedgerEntryRow.item_id)
        .where(LedgerEntryRow.id.in_(latest))
    )
    charges: dict[int, list[Charge]] = defaultdict(list)
    for tenancy_id, due_on, cents in session.execute(statement):
        charges[tenancy_id].append(Charge(due_on=due_on, open_cents=cents))
    return charges


def _instalments(session: Session, plan_ids: Sequence[int]) -> dict[int, list[InstalmentRow]]:
    statement = (
        select(InstalmentRow)
        .where(InstalmentRow.plan_id.in_(plan_ids), InstalmentRow.state != "replaced")
        .order_by(InstalmentRow.due_on, InstalmentRow.number)
    )
    rows: dict[int, list[InstalmentRow]] = defaultdict(list)
    for row in session.scalars(statement):
        rows[row.plan_id].append(row)
    return rows
