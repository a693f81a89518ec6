"""The talk about a payment plan by message: how much, other debts, a proposal, yes or no (rules.md 29, 30, 31).

One question waits at a time, in `asked` of the plan. A yes or no means something only as the answer to it. What is not
understood goes to a person, and so does everything that the landlord's policy does not let the machine agree.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import select

from outreach.db.tables import PaymentPlanRow
from outreach.domain.plan_states import ASKED, RUNNING
from outreach.domain.plans import per_month
from outreach.services import plan_after, plans
from outreach.services.actor import TENANT
from outreach.services.plan_handover import (
    is_too_little,
    make_ready,
    nothing_open,
    to_person,
    wait_for_person,
    with_person,
)
from outreach.services.plan_offers import (
    AGAIN,
    Offer,
    first_day_in,
    intent_of,
    is_troubled,
    names_other_day,
    offer_in,
    says_no_debts,
    tells_other_figures,
)
from outreach.services.plan_questions import QUESTIONS, put
from outreach.services.plan_requests import is_stale
from outreach.services.plan_steps import ask, set_aside
from outreach.services.plan_words import minds_the_question, unit_in
from outreach.services.reply import Reply

__all__ = ["ask_for_plan", "is_too_little", "leave", "takes"]

LEFT_TO_OTHERS = frozenset(
    {
        *("stop", "start", "wrong_number", "paid", "call_me", "visit_invite", "dispute", "represented", "bereaved"),
        *("moved", "refuse_signal", "refuse_visit", "abusive", "threat", "crisis", "help", "life_event"),
    }
)
"""What is no answer to a question about a plan, also while one waits."""


def takes(reply: Reply) -> bool:
    """Handle a reply that answers the plan's open question; say whether it was one."""
    plan = _latest(reply)
    if plan is None:
        return False
    if not plan.asked:
        return _said_twice(reply, plan)
    if _answers(reply, plan):
        return True
    set_aside(plan)
    return False


def _answers(reply: Reply, plan: PaymentPlanRow) -> bool:
    """Take a reply as the answer to the open question, when it is one."""
    no_debts = plan.asked == "other_debts" and says_no_debts(reply)
    if intent_of(reply) in LEFT_TO_OTHERS and not no_debts:
        make_ready(reply, plan)
        return False
    if is_stale(reply.runtime, reply.policy, plan, reply.book):
        return _ask_anew(reply, plan)
    if plan.state in ASKED and is_too_little(reply):
        nothing_open(reply)
        return True
    return ANSWERS[plan.asked](reply, plan)


def ask_for_plan(reply: Reply) -> None:
    """Begin the talk about a plan, or go on with it: the tenant asks, offers an amount, or cannot pay."""
    if is_too_little(reply):
        nothing_open(reply)
        return
    plan = plans.request_plan(reply.session, reply.book, reply.known_case, "reply", TENANT)
    offer = offer_in(reply, loose=False)
    if plan.state in RUNNING:
        to_person(reply)
    elif plan.state == "waiting" or is_troubled(reply):
        with_person(reply, plan, plan.why or "household", offer)
    elif offer is None:
        put(reply, plan, "capacity")
    else:
        _go_on(reply, plan, offer, "agree")


def leave(reply: Reply) -> None:
    """Take no yes or no any more as the answer to what the machine asked: a person talks now."""
    plan = _latest(reply)
    if plan is not None and plan.asked:
        set_aside(plan)


def _latest(reply: Reply) -> PaymentPlanRow | None:
    if reply.case is None:
        return None
    statement = select(PaymentPlanRow).where(PaymentPlanRow.case_id == reply.case.id)
    return reply.session.scalar(statement.order_by(PaymentPlanRow.id.desc()).limit(1))


def _said_twice(reply: Reply, plan: PaymentPlanRow) -> bool:
    """A yes right after the agreement is the same yes again; nobody needs to read it."""
    recent = plan.agreed_at is not None and (reply.now - plan.agreed_at).total_seconds() < AGAIN.total_seconds()
    if plan.state == "active" and recent and intent_of(reply) == "yes" and offer_in(reply, loose=False) is None:
        reply.done("plan_agreed_before", plan=plan.id)
        return True
    return False


def _ask_anew(reply: Reply, plan: PaymentPlanRow) -> bool:
    """Never go on with old figures: a late answer begins the talk again."""
    if plan.asked not in QUESTIONS or is_too_little(reply):
        return False
    fresh = plans.request_plan(reply.session, reply.book, reply.known_case, "reply", TENANT)
    fresh.capacity_cents, fresh.first_on, fresh.other_debts = None, None, ""
    if plan is not fresh:
        ask(plan, "", reply.book)
    offer = offer_in(reply, loose=plan.asked.startswith("capacity"))
    if offer is not None and intent_of(reply) not in ("yes", "no"):
        _go_on(reply, fresh, offer, "agree")
    else:
        put(reply, fresh, "capacity")
    return True


def _go_on(reply: Reply, plan: PaymentPlanRow, offer: Offer, question: str) -> None:
    """Remember what the tenant can miss; ask once about other debts, or make the proposal.

    Where a person decides in any case, nobody is asked what changes nothing.
    """
    plan.capacity_cents, plan.first_on = offer.month_cents, offer.first_on or plan.first_on
    if plan.other_debts or plans.person_decides(
        reply.session, reply.policy, plan, reply.known_case, offer.month_cents, reply.today
    ):
        _propose(reply, plan, question)
    else:
        put(reply, plan, "other_debts")


def _propose(reply: Reply, plan: PaymentPlanRow, question: str) -> None:
    assert plan.capacity_cents is not None
    why = plans.propose(
        reply.session,
        reply.book,
        reply.policy,
        plan,
        reply.known_case,
        plan.capacity_cents,
        reply.today,
        first_on=plan.first_on,
    )
    if why:
        wait_for_person(reply, plan, why, "answer_plan_to_staff")
    else:
        put(reply, plan, question)


def _capacity(reply: Reply, plan: PaymentPlanRow) -> bool:
    """Take what the tenant can miss a month."""
    offer, intent = offer_in(reply, loose=True), intent_of(reply)
    if (
        offer is not None
        and intent == "promise"
        and offer.month_cents >= plans.debt_of(reply.session, reply.known_case)
    ):
        return False
    if offer is None and tells_other_figures(reply) and not is_troubled(reply):
        plan.first_on = first_day_in(reply) or plan.first_on
        if plan.asked == "capacity":
            put(reply, plan, "capacity_again")
        else:
            with_person(reply, plan, "not_understood", None)
    elif offer is None and intent == "plan_request" and not is_troubled(reply):
        put(reply, plan, "capacity_again")
    elif offer is None and intent not in ("no", "cannot_pay"):
        return False
    elif offer is None or is_troubled(reply):
        with_person(reply, plan, "no_capacity" if offer is None else "household", offer)
    else:
        _go_on(reply, plan, offer, "agree_again" if plan.asked == "capacity_again" else "agree")
    return True


def _other_debts(reply: Reply, plan: PaymentPlanRow) -> bool:
    """Take whether other creditors are paid too: yes is for a person, with the proposal ready (rules.md 30)."""
    intent, unit = intent_of(reply), unit_in(reply.inbound.text)
    if unit is not None:
        _takes_unit(reply, plan, unit)
    elif minds_the_question(reply.inbound.text):
        with_person(reply, plan, "not_understood", None)
    elif intent == "plan_request":
        put(reply, plan, "other_debts")
    elif (intent == "no" and not is_troubled(reply)) or says_no_debts(reply):
        plan.other_debts = "no"
        _propose(reply, plan, "agree")
    elif intent == "yes" or is_troubled(reply):
        plan.other_debts = "yes"
        with_person(reply, plan, "other_debts", None, "answer_plan_debts_staff")
    else:
        offer = offer_in(reply, loose=False)
        is_less = offer is not None and offer.month_cents < (plan.capacity_cents or 0)
        with_person(reply, plan, "not_understood", offer if is_less else None)
    return True


def _takes_unit(reply: Reply, plan: PaymentPlanRow, unit: str) -> None:
    """Take "per week" after a bare amount as said of that amount; "per month" is what was understood."""
    assert plan.capacity_cents is not None
    if unit == "month":
        reply.done("plan_other_debts_asked", plan=plan.id)
    else:
        plan.capacity_cents = per_month(plan.capacity_cents, unit)
        put(reply, plan, "other_debts")


def _agree(reply: Reply, plan: PaymentPlanRow) -> bool:
    """Take yes or no to the proposal; other figures of the tenant make a new proposal, once."""
    offer, intent = offer_in(reply, loose=False), intent_of(reply)
    is_last = plan.asked == "agree_again"
    if offer is None and names_other_day(reply, plan.first_on):
        assert plan.month_cents is not None
        offer = Offer(month_cents=plan.month_cents, first_on=first_day_in(reply))
    other_day = offer is not None and offer.first_on not in (None, plan.first_on)
    if is_troubled(reply):
        with_person(reply, plan, "household", offer)
    elif intent == "yes" and not other_day and (offer is None or offer.month_cents == plan.month_cents):
        _said_yes(reply, plan)
    elif offer is not None:
        if is_last:
            with_person(reply, plan, "no_agreement", offer)
        else:
            _go_on(reply, plan, offer, "agree_again")
    elif intent == "plan_request":
        put(reply, plan, plan.asked)
    elif intent in ("no", "cannot_pay"):
        if is_last:
            with_person(reply, plan, "no_agreement", None)
        else:
            put(reply, plan, "capacity_again")
    else:
        return False
    return True


def _said_yes(reply: Reply, plan: PaymentPlanRow) -> None:
    """Agree on what was proposed; when the debt is another one by now, propose anew and agree on nothing."""
    if plans.debt_of(reply.session, reply.known_case) != plan.total_cents or (
        plan.first_on is not None and plan.first_on <= reply.today
    ):
        plan.first_on = None if plan.first_on is not None and plan.first_on <= reply.today else plan.first_on
        _propose(reply, plan, plan.asked)
        return
    made = plans.agree(reply.session, reply.book, reply.policy, plan, reply.known_case, reply.today, TENANT)
    reply.say("plan_confirmed", plans.plan_values(made), purpose="plan" if reply.may_be_written_to else "answer")
    reply.done("plan_agreed", plan=plan.id)


ANSWERS: Mapping[str, Callable[[Reply, PaymentPlanRow], bool]] = {
    "capacity": _capacity,
    "capacity_again": _capacity,
    "other_debts": _other_debts,
    "agree": _agree,
    "agree_again": _agree,
    "aside": plan_after.answer_aside,
    "repair": plan_after.answer_repair,
    "more_behind": plan_after.answer_more_behind,
}
