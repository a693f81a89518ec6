"""What a tenant answers about a plan that runs or was kept: the repair, and whether there is more behind it."""

from outreach.db.tables import PaymentPlanRow
from outreach.services import plan_life
from outreach.services.actor import TENANT
from outreach.services.plan_handover import to_person
from outreach.services.plan_offers import intent_of, is_troubled
from outreach.services.plan_steps import ask, take_step
from outreach.services.reply import Reply


def answer_repair(reply: Reply, plan: PaymentPlanRow) -> bool:
    """Take yes or no to paying at the end what was missed."""
    intent = intent_of(reply)
    if plan.state != "repair_offered" or intent not in ("yes", "no") or is_troubled(reply):
        return False
    if intent == "yes":
        plan_life.repair(reply.session, reply.book, plan, reply.today, TENANT)
        reply.say("plan_confirmed", plan_life.running_values(reply.session, plan), purpose="plan")
        reply.done("plan_repaired", plan=plan.id)
        return True
    take_step(reply.book, plan, "break", TENANT)
    ask(plan, "", reply.book)
    to_person(reply)
    return True


def answer_aside(reply: Reply, _plan: PaymentPlanRow) -> bool:
    """Let a person read a yes or no that came after something else: who said it may think that the plan is agreed."""
    if intent_of(reply) not in ("yes", "no"):
        return False
    to_person(reply)
    return True


def answer_more_behind(reply: Reply, plan: PaymentPlanRow) -> bool:
    """Take whether there is more behind it: yes is for a person who helps, no ends it in silence."""
    intent = intent_of(reply)
    if intent not in ("yes", "no"):
        return False
    ask(plan, "", reply.book)
    if intent == "yes":
        reply.hand_over("help", {"why": "more_behind"})
        reply.say("answer_help")
    reply.done("more_behind" if intent == "yes" else "nothing_more", plan=plan.id)
    return True
