"""Requests and proposals that wait: they lapse when nobody answers, and end honestly when the debt is paid."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import ArrearsRow, CaseRow, PaymentPlanRow, TaskRow
from outreach.domain.plan_states import ASKED, may
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_steps import take_step
from outreach.services.policy import Policy
from outreach.services.tasks import close_tasks


def follow_requests(runtime: Runtime, session: Session, book: EvidenceBook, policy: Policy) -> Counter[str]:
    """End what is asked for or proposed and paid meanwhile; let a question lapse that nobody answered."""
    counts: Counter[str] = Counter()
    statement = (
        select(PaymentPlanRow, func.coalesce(ArrearsRow.amount_cents, 0))
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .outerjoin(ArrearsRow, ArrearsRow.tenancy_id == CaseRow.tenancy_id)
        .where(PaymentPlanRow.landlord_id == policy.landlord_id, PaymentPlanRow.state.in_(ASKED))
        .order_by(PaymentPlanRow.id)
    )
    for plan, debt_cents in session.execute(statement).all():
        if debt_cents < policy.settings.minimum_amount_cents:
            settle_request(session, book, plan)
            counts["plan_settled"] += 1
        elif is_stale(runtime, policy, plan, book) and may(plan.state, "lapse"):
            take_step(book, plan, "lapse", MACHINE)
            counts["plan_lapsed"] += 1
    return counts


def settle_request(session: Session, book: EvidenceBook, plan: PaymentPlanRow) -> None:
    """End a plan that is no longer needed, because what was open is paid."""
    take_step(book, plan, "settle", MACHINE)
    plan.asked = ""
    close_tasks(session, book.now, "paid", TaskRow.case_id == plan.case_id, TaskRow.kind == "plan_request")


def is_stale(runtime: Runtime, policy: Policy, plan: PaymentPlanRow, book: EvidenceBook) -> bool:
    """Say whether the plan's open question was asked too long ago to take an answer to it."""
    if not plan.asked or plan.asked_at is None:
        return False
    asked_on = runtime.calendar.day_of(plan.asked_at)
    return runtime.calendar.day_of(book.now) - asked_on > timedelta(days=policy.settings.plan.answer_days)
