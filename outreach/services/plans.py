"""Payment plans: asked for, proposed, agreed, followed to the end; and promises."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    ArrearsRow,
    CaseRow,
    InstalmentRow,
    PaymentPlanRow,
    PromiseRow,
    TaskRow,
    TenancyRow,
)
from outreach.domain.plans import Instalment, first_payday, instalments, may_agree
from outreach.services.actor import MACHINE, Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy
from outreach.services.tasks import close_tasks
from outreach.services.written_values import Fact

OPEN_STATES = ("requested", "proposed", "active")


def debt_of(session: Session, case: CaseRow) -> int:
    """Give the overdue amount of a case in cents, as known now."""
    amount = select(ArrearsRow.amount_cents).where(ArrearsRow.tenancy_id == case.tenancy_id)
    return session.scalar(amount) or 0


def open_plan(session: Session, case: CaseRow) -> PaymentPlanRow | None:
    """Give the plan that is asked for, proposed or running."""
    statement = select(PaymentPlanRow).where(PaymentPlanRow.case_id == case.id, PaymentPlanRow.state.in_(OPEN_STATES))
    return session.scalar(statement.order_by(PaymentPlanRow.id.desc()).limit(1))


def request_plan(session: Session, book: EvidenceBook, case: CaseRow, source: str, actor: Actor) -> PaymentPlanRow:
    """Note that the tenant asks for a plan; an open one stays."""
    plan = open_plan(session, case)
    if plan is None:
        plan = PaymentPlanRow(
            landlord_id=case.landlord_id,
            case_id=case.id,
            state="requested",
            total_cents=debt_of(session, case),
            source=source,
            requested_at=book.now,
        )
        session.add(plan)
        session.flush()
        book.note("plan_requested", actor, {"plan": plan.id, "total_cents": plan.total_cents}, case_id=case.id)
    return plan


def propose(
    session: Session, book: EvidenceBook, policy: Policy, plan: PaymentPlanRow, case: CaseRow, cents: int, today: date
) -> str:
    """Propose what the tenant says he can pay, never more; returns why a person must decide, or ""."""
    plan.total_cents = debt_of(session, case)
    plan.capacity_cents = cents
    plan.month_cents = min(cents, plan.total_cents)
    plan.first_on = first_payday(today, policy.settings.plan.payday)
    rent = session.scalar(select(TenancyRow.rent_cents).where(TenancyRow.id == case.tenancy_id))
    why = may_agree(
        policy.settings.plan, plan.total_cents, plan.month_cents, rent, _recent(session, policy, plan, case)
    )
    plan.state, plan.needs_person = "proposed", bool(why)
    payload = {"plan": plan.id, "month_cents": plan.month_cents, "first_on": plan.first_on, "person": why}
    book.note("plan_proposed", MACHINE, payload, case_id=case.id)
    return why


def _recent(session: Session, policy: Policy, plan: PaymentPlanRow, case: CaseRow) -> bool:
    since = plan.requested_at - timedelta(days=30 * policy.settings.plan.one_in_months)
    statement = (
        select(func.count())
        .select_from(PaymentPlanRow)
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .where(CaseRow.tenancy_id == case.tenancy_id, PaymentPlanRow.agreed_at >= since, PaymentPlanRow.id != plan.id)
    )
    return bool(session.scalar(statement))


def agree(
    session: Session, book: EvidenceBook, policy: Policy, plan: PaymentPlanRow, case: CaseRow, today: date, actor: Actor
) -> Sequence[Instalment]:
    """Make a plan run: instalments to the cent, the ladder waits, open requests are done."""
    assert plan.month_cents is not None
    plan.total_cents = debt_of(session, case)
    if plan.first_on is None or plan.first_on <= today:
        plan.first_on = first_payday(today, policy.settings.plan.payday)
    made = instalments(plan.total_cents, plan.month_cents, plan.first_on)
    for each in made:
        session.add(
            InstalmentRow(
                landlord_id=plan.landlord_id,
                plan_id=plan.id,
                number=each.number,
                due_on=each.due_on,
                amount_cents=each.amount_cents,
            )
        )
    plan.state, plan.agreed_at, plan.needs_person = "active", book.now, False
    for promise in session.scalars(select(PromiseRow).where(PromiseRow.case_id == case.id, PromiseRow.state == "open")):
        promise.state, promise.ended_at = "withdrawn", book.now
    close_tasks(session, book.now, "plan_agreed", TaskRow.case_id == case.id, TaskRow.kind == "plan_request")
    payload = {
        "plan": plan.id,
        "total_cents": plan.total_cents,
        "instalments": [{"due_on": each.due_on.isoformat(), "cents": each.amount_cents} for each in made],
    }
    book.note("plan_agreed", actor, payload, case_id=case.id)
    return made


def plan_values(made: Sequence[Instalment]) -> dict[str, Fact]:
    """Give the values of a plan for a text."""
    return {
        "month_amount": made[0].amount_cents,
        "count": str(len(made)),
        "first_on": made[0].due_on.isoformat(),
        "last_on": made[-1].due_on.isoformat(),
    }


def proposal_values(plan: PaymentPlanRow) -> dict[str, Fact]:
    """Give the values of a proposed plan for a text."""
    assert plan.month_cents is not None
    assert plan.first_on is not None
    return plan_values(instalments(plan.total_cents, plan.month_cents, plan.first_on))


def note_promise(
    session: Session,
    book: EvidenceBook,
    case: CaseRow,
    promised_on: date,
    amount_cents: int | None,
    source: str,
    actor: Actor,
) -> PromiseRow:
    """Note a promise to pay by a day; it takes the place of an earlier open one."""
    for earlier in session.scalars(select(PromiseRow).where(PromiseRow.case_id == case.id, PromiseRow.state == "open")):
        earlier.state, earlier.ended_at = "withdrawn", book.now
    promise = PromiseRow(
        landlord_id=case.landlord_id,
        case_id=case.id,
        amount_cents=amount_cents,
        promised_on=promised_on,
        made_at=book.now,
        source=source,
    )
    session.add(promise)
    payload = {"promised_on": promised_on, "amount_cents": amount_cents, "source": source}
    book.note("promise", actor, payload, case_id=case.id)
    return promise
