"""The talk about a payment plan by message: how much, other debts, a proposal, yes or no (rules.md 29, 30)."""

from outreach.domain.plans import per_month
from outreach.services import plans
from outreach.services.actor import TENANT
from outreach.services.reply import Reply


def takes(reply: Reply) -> bool:
    """Handle a reply that answers the plan's open question; say whether it was one."""
    if reply.found.intent == "yes" and not is_too_little(reply):
        return _agreed(reply)
    return False


def ask_for_plan(reply: Reply) -> None:
    """Begin the talk about a plan, or go on with it: the tenant asks, offers an amount, or cannot pay."""
    if is_too_little(reply):
        _nothing_open(reply)
        return
    plan = plans.request_plan(reply.session, reply.book, reply.known_case, "reply", TENANT)
    cents = reply.found.amount_cents
    if plan.state == "active":
        _to_person(reply)
    elif cents is None:
        reply.say("answer_plan_ask")
        reply.done("plan_asked")
    else:
        month = per_month(cents, reply.found.per)
        why = plans.propose(reply.session, reply.book, reply.policy, plan, reply.known_case, month, reply.today)
        if why:
            reply.hand_over("plan_request", {"why": why, "month_cents": str(month)})
            reply.say("answer_plan_to_staff")
            reply.done("plan_to_person", why=why)
        else:
            reply.say("answer_plan_proposed", plans.proposal_values(plan))
            reply.done("plan_proposed", month_cents=month)


def is_too_little(reply: Reply) -> bool:
    """Say whether nothing, or too little for a case, is open: there is nothing to make a plan for."""
    return plans.debt_of(reply.session, reply.known_case) < reply.policy.settings.minimum_amount_cents


def _agreed(reply: Reply) -> bool:
    plan = plans.open_plan(reply.session, reply.known_case)
    if plan is None or plan.state != "proposed" or plan.needs_person:
        return False
    made = plans.agree(reply.session, reply.book, reply.policy, plan, reply.known_case, reply.today, TENANT)
    reply.say("plan_confirmed", plans.plan_values(made), purpose="plan")
    reply.done("plan_agreed", plan=plan.id)
    return True


def _nothing_open(reply: Reply) -> None:
    if plans.debt_of(reply.session, reply.known_case) > 0:
        _to_person(reply)
        return
    reply.say("answer_paid_seen")
    reply.done("paid_seen")


def _to_person(reply: Reply) -> None:
    reply.hand_over()
    reply.say("answer_to_staff")
    reply.done("to_person")
