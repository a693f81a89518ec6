"""A talk about a plan stops where a life goes first: danger, a death, somebody who acts for him, a debt in doubt."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, PauseRow, PaymentPlanRow
from outreach.domain.plan_states import may
from outreach.services.actor import MACHINE
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_steps import ask, take_step

STOPPING = frozenset({"crisis", "threat", "bereaved", "represented", "dispute"})
"""Reasons of a pause in which the machine talks about no plan (rules.md 8, 31)."""

CHASES = frozenset({"plan_reminder", "plan_broken", "plan_repair"})
"""Texts that ask for an instalment: they wait for no case that stands still for such a reason."""


def stopped_by(session: Session, case: CaseRow) -> str:
    """Give the reason of the open pause that stops the talk about a plan, "" when there is none."""
    statement = select(PauseRow.reason).where(
        PauseRow.case_id == case.id, PauseRow.ended_at.is_(None), PauseRow.reason.in_(STOPPING)
    )
    return session.scalar(statement.order_by(PauseRow.id.desc()).limit(1)) or ""


def close_talk(session: Session, book: EvidenceBook, case: CaseRow, reason: str) -> None:
    """End what was asked about a plan and the proposal with it; what a person decides on, or what runs, stays."""
    for plan in session.scalars(select(PaymentPlanRow).where(PaymentPlanRow.case_id == case.id)):
        if plan.asked:
            ask(plan, "", book)
        if may(plan.state, "stop"):
            take_step(book, plan, "stop", MACHINE, because=reason)
