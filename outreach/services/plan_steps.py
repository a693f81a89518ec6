"""Every change of a plan's state: by the table of states, with its evidence; texts that it makes untrue do not go."""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import object_session

from outreach.db.tables import AttemptRow, PaymentPlanRow
from outreach.domain.plan_states import OVER, next_state
from outreach.services.actor import Actor
from outreach.services.dropping import drop
from outreach.services.evidence import EvidenceBook
from schedules.decisions import Reason

FACTS = {
    "propose": "plan_proposed",
    "hand_over": "plan_proposed",
    "agree": "plan_agreed",
    "refuse": "plan_refused",
    "lapse": "plan_lapsed",
    "settle": "plan_settled",
    "stop": "plan_ended",
    "complete": "plan_kept",
    "miss": "plan_missed",
    "catch_up": "plan_caught_up",
    "offer_repair": "plan_repair_offered",
    "repair": "plan_repaired",
    "break": "plan_broken",
    "change": "plan_changed",
    "end": "plan_ended",
}
"""The kind of evidence of each event."""

ASIDE = "aside"
"""What `asked` is while the question waits for nothing: an amount, or the word for a plan, takes the talk up again."""

STILL_TALKING = frozenset({"propose", "hand_over", "offer_repair"})
"""Events that change nothing of what was agreed: what waits to be sent about it stays true."""


def take_step(book: EvidenceBook, plan: PaymentPlanRow, event: str, actor: Actor, **payload: Any) -> None:
    """Let an event happen to a plan and note it; raises PlanStateError when it cannot happen in its state."""
    plan.state = next_state(plan.state, event)
    if plan.state in OVER:
        plan.ended_at = book.now
    if event not in STILL_TALKING:
        _drop_waiting(book, plan)
    book.note(FACTS[event], actor, {"plan": plan.id, **payload}, case_id=plan.case_id)


def _drop_waiting(book: EvidenceBook, plan: PaymentPlanRow) -> None:
    """Drop what still waits to be sent about a plan in this case; what is true now is told after this."""
    session = object_session(plan)
    assert session is not None
    confirmed = and_(AttemptRow.step.like("answer:%"), AttemptRow.template == "plan_confirmed")
    waiting = select(AttemptRow).where(
        AttemptRow.case_id == plan.case_id,
        AttemptRow.state == "planned",
        AttemptRow.purpose == "plan",
        or_(AttemptRow.step.like("plan:%"), confirmed),
    )
    for row in session.scalars(waiting):
        drop(session, book, row, (Reason(code="plan_changed"),))


def set_aside(plan: PaymentPlanRow) -> None:
    """Let something else come between the question and its answer: from now on a yes or no answers that."""
    plan.asked = ASIDE if plan.state in ("requested", "proposed") else ""


def ask(plan: PaymentPlanRow, question: str, book: EvidenceBook) -> None:
    """Remember what the tenant was asked last; "" when nothing waits for an answer."""
    plan.asked, plan.asked_at = question, book.now if question else None
