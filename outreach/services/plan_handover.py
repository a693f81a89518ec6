"""A plan that a person decides on: the proposal made ready, the task, and what the tenant hears (rules.md 29, 30)."""

from outreach.db.tables import PaymentPlanRow
from outreach.domain.plan_states import ASKED
from outreach.services import plans
from outreach.services.actor import MACHINE
from outreach.services.plan_offers import Offer, intent_of, offer_in
from outreach.services.plan_requests import settle_request
from outreach.services.plan_steps import ask, take_step
from outreach.services.reply import Reply
from outreach.services.tasks import add_task


def make_ready(reply: Reply, plan: PaymentPlanRow) -> None:
    """Leave a proposal for the person who will read what the tenant says of his life."""
    offer = offer_in(reply, loose=plan.asked.startswith("capacity"))
    capacity = offer.month_cents if offer else plan.capacity_cents
    if intent_of(reply) in ("help", "life_event") and plan.state in ASKED and capacity and not is_too_little(reply):
        _prepare(reply, plan, "household", offer)
        _add_task(reply, plan, "household")


def with_person(
    reply: Reply, plan: PaymentPlanRow, why: str, offer: Offer | None, template: str = "answer_plan_to_staff"
) -> None:
    """Give a plan to a person with the proposal ready, as far as figures are known."""
    known = _prepare(reply, plan, why, offer)
    wait_for_person(reply, plan, why, template if known else "answer_to_staff")


def _prepare(reply: Reply, plan: PaymentPlanRow, why: str, offer: Offer | None) -> bool:
    """Make the proposal for a person; say whether there are figures for one."""
    cents = offer.month_cents if offer else plan.capacity_cents
    first_on = (offer.first_on if offer else None) or plan.first_on
    if not cents:
        plan.why, plan.needs_person = why, True
        take_step(reply.book, plan, "hand_over", MACHINE, person=why)
        return False
    plans.propose(
        reply.session,
        reply.book,
        reply.policy,
        plan,
        reply.known_case,
        cents,
        reply.today,
        first_on=first_on,
        person=why,
    )
    return True


def wait_for_person(reply: Reply, plan: PaymentPlanRow, why: str, template: str) -> None:
    """Let a plan wait for a person, with the task and a text that says so."""
    ask(plan, "", reply.book)
    reply.hand_over("plan_request", {"why": why, "month_cents": str(plan.month_cents or 0)})
    reply.say(template)
    reply.done("plan_to_person", why=why, plan=plan.id)


def _add_task(reply: Reply, plan: PaymentPlanRow, why: str) -> None:
    ask(plan, "", reply.book)
    add_task(
        reply.session,
        landlord_id=reply.policy.landlord_id,
        kind="plan_request",
        key=f"plan:{plan.id}:ready",
        due_at=reply.now,
        case=reply.case,
        detail={"why": why, "month_cents": str(plan.month_cents or 0)},
    )


def is_too_little(reply: Reply) -> bool:
    """Say whether nothing, or too little for a case, is open: there is nothing to make a plan for."""
    return plans.debt_of(reply.session, reply.known_case) < reply.policy.settings.minimum_amount_cents


def nothing_open(reply: Reply) -> None:
    """Say honestly that nothing is open, and end what was asked; a small rest is for a person."""
    if plans.debt_of(reply.session, reply.known_case) > 0:
        to_person(reply)
        return
    plan = plans.open_plan(reply.session, reply.known_case)
    if plan is not None and plan.state in ASKED:
        settle_request(reply.session, reply.book, plan)
    reply.say("answer_paid_seen")
    reply.done("paid_seen")


def to_person(reply: Reply) -> None:
    """Let a person read the reply, and say so."""
    reply.hand_over()
    reply.say("answer_to_staff")
    reply.done("to_person")
