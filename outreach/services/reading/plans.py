"""Payment plans of a landlord as plain facts: where each stands, what was paid, what the machine asked last."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, InstalmentRow, PaymentPlanRow

Facts = dict[str, Any]


def list_plans(session: Session, landlord_id: int, states: tuple[str, ...] = ()) -> list[Facts]:
    """List the plans of a landlord, newest first: case, state, money in cents, dates; `states` narrows."""
    statement = (
        select(PaymentPlanRow, CaseRow.number)
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .where(PaymentPlanRow.landlord_id == landlord_id)
        .order_by(PaymentPlanRow.id.desc())
    )
    if states:
        statement = statement.where(PaymentPlanRow.state.in_(states))
    found = [(plan, number) for plan, number in session.execute(statement)]
    rows = _instalments(session, [plan.id for plan, _ in found])
    return [_facts(plan, number, rows.get(plan.id, [])) for plan, number in found]


def read_plan(session: Session, landlord_id: int, plan_id: int) -> Facts | None:
    """Return one plan with every instalment, also those that were replaced; None when it is not this landlord's."""
    plan = session.get(PaymentPlanRow, plan_id)
    if plan is None or plan.landlord_id != landlord_id:
        return None
    rows = _instalments(session, [plan.id]).get(plan.id, [])
    number = session.get_one(CaseRow, plan.case_id).number
    return {**_facts(plan, number, rows), "instalments": [_instalment(row) for row in rows]}


def _instalments(session: Session, plan_ids: list[int]) -> dict[int, list[InstalmentRow]]:
    statement = select(InstalmentRow).where(InstalmentRow.plan_id.in_(plan_ids))
    found: dict[int, list[InstalmentRow]] = {}
    for row in session.scalars(statement.order_by(InstalmentRow.due_on, InstalmentRow.number)):
        found.setdefault(row.plan_id, []).append(row)
    return found


def _facts(plan: PaymentPlanRow, number: str, rows: list[InstalmentRow]) -> Facts:
    counted = [row for row in rows if row.state != "replaced"]
    next_on: date | None = next((row.due_on for row in counted if row.state != "paid"), None)
    asked_at: datetime | None = plan.asked_at
    return {
        "plan": plan.id,
        "case": number,
        "state": plan.state,
        "kind": plan.kind,
        "why": plan.why,
        "total_cents": plan.total_cents,
        "month_cents": plan.month_cents,
        "capacity_cents": plan.capacity_cents,
        "other_debts": plan.other_debts,
        "paid_cents": sum(row.paid_cents for row in counted),
        "count": len(counted),
        "next_on": next_on,
        "asked": plan.asked,
        "asked_at": asked_at,
        "repairs": plan.repairs,
        "requested_at": plan.requested_at,
        "agreed_at": plan.agreed_at,
        "ended_at": plan.ended_at,
    }


def _instalment(row: InstalmentRow) -> Facts:
    return {
        "number": row.number,
        "due_on": row.due_on,
        "amount_cents": row.amount_cents,
        "paid_cents": row.paid_cents,
        "state": row.state,
    }
