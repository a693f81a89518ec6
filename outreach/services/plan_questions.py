"""What the talk about a plan asks: the text of each question, with the figures as they are now."""

from outreach.db.tables import PaymentPlanRow
from outreach.domain.plans import EXAMPLE_STEP, least_fitting
from outreach.services import plans
from outreach.services.actor import MACHINE
from outreach.services.plan_steps import ask, set_aside
from outreach.services.reply import Reply

QUESTIONS = {
    "capacity": "answer_plan_ask",
    "other_debts": "answer_plan_debts",
    "agree": "answer_plan_proposed",
    "capacity_again": "answer_plan_again",
    "agree_again": "answer_plan_proposed",
}
"""The text that asks each question of the talk."""


def put(reply: Reply, plan: PaymentPlanRow, question: str) -> None:
    """Ask one thing, with the figures as they are now."""
    if question.startswith("agree"):
        values = plans.proposal_values(plan)
    else:
        values = {"month_amount": _example(reply, plan) if question != "other_debts" else plan.capacity_cents or 0}
    reply.say(QUESTIONS[question], values)
    ask(plan, question, reply.book)
    if reply.inbound.state == "waiting":
        set_aside(plan)
    reply.book.note("plan_question", MACHINE, {"plan": plan.id, "question": question}, case_id=plan.case_id)
    reply.done(f"plan_{question}_asked", plan=plan.id)


def _example(reply: Reply, plan: PaymentPlanRow) -> int:
    """Give an amount that the machine may agree; after a no to that or less, half of what was proposed."""
    least = least_fitting(reply.policy.settings.plan.first_kind, plans.debt_of(reply.session, reply.known_case))
    if plan.state != "proposed" or plan.month_cents is None or least < plan.month_cents:
        return least
    return max(EXAMPLE_STEP, plan.month_cents // 2 // EXAMPLE_STEP * EXAMPLE_STEP)
