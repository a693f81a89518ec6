"""Every change of a plan's state: by the table of states, with its evidence."""

from typing import Any

from outreach.db.tables import PaymentPlanRow
from outreach.domain.plan_states import OVER, next_state
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook

FACTS = {
    "propose": "plan_proposed",
    "hand_over": "plan_proposed",
    "agree": "plan_agreed",
    "refuse": "plan_refused",
    "lapse": "plan_lapsed",
    "settle": "plan_settled",
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


def take_step(book: EvidenceBook, plan: PaymentPlanRow, event: str, actor: Actor, **payload: Any) -> None:
    """Let an event happen to a plan and note it; raises PlanStateError when it cannot happen in its state."""
    plan.state = next_state(plan.state, event)
    if plan.state in OVER:
        plan.ended_at = book.now
    book.note(FACTS[event], actor, {"plan": plan.id, **payload}, case_id=plan.case_id)


def ask(plan: PaymentPlanRow, question: str, book: EvidenceBook) -> None:
    """Remember what the tenant was asked last; "" when nothing waits for an answer."""
    plan.asked, plan.asked_at = question, book.now if question else None
