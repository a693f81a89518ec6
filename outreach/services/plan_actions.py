"""What staff do with a payment plan: approve, agree, change, refuse, repair, end. The tenant hears it in writing."""

from collections.abc import Mapping
from datetime import date, timedelta

from outreach.db.tables import PaymentPlanRow, TaskRow
from outreach.domain.plan_states import ASKED, RUNNING, may
from outreach.runtime import Runtime
from outreach.services import plan_life, plans
from outreach.services.acting import Acting, Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.inbox import settle
from outreach.services.plan_days import offer_repair
from outreach.services.plan_messages import tell
from outreach.services.plan_steps import ask, take_step
from outreach.services.tasks import close_tasks
from outreach.services.written_values import Fact

LONGEST_WAIT = timedelta(days=92)
CONFIRM_DAYS = 5


def agree_plan(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    month_cents: int,
    first_on: date,
    capacity_cents: int | None = None,
) -> int:
    """Agree a payment plan with the tenant; returns its id. Never above what he says he can pay."""
    with acting_on(runtime, actor, case_id) as acting:
        if plans.debt_of(acting.session, acting.case) <= 0:
            raise Refused("Er is geen achterstand om af te lossen.", "There are no arrears to pay off.")
        _check(acting, month_cents, first_on, capacity_cents)
        running = plans.open_plan(acting.session, acting.case)
        if running is not None and running.state in RUNNING:
            raise Refused("Er loopt al een regeling. Beëindig die eerst.", "A plan is running. End it first.")
        plan = running or plans.request_plan(acting.session, acting.book, acting.case, "staff", actor)
        plan.month_cents, plan.first_on, plan.capacity_cents = month_cents, first_on, capacity_cents
        _agree(acting, plan)
        return plan.id


def approve_plan(runtime: Runtime, actor: Actor, case_id: int, *, plan_id: int) -> int:
    """Approve a proposal as it stands, with the debt as it is now; returns the plan's id."""
    with acting_on(runtime, actor, case_id) as acting:
        plan = _plan(acting, plan_id, "agree")
        if plan.month_cents is None:
            raise Refused("Er is nog geen bedrag. Spreek de regeling zelf af.", "No amount yet. Agree the plan.")
        if plans.debt_of(acting.session, acting.case) <= 0:
            raise Refused("Er is geen achterstand om af te lossen.", "There are no arrears to pay off.")
        _agree(acting, plan)
        return plan.id


def _agree(acting: Acting, plan: PaymentPlanRow) -> None:
    made = plans.agree(acting.session, acting.book, acting.policy, plan, acting.case, acting.today, acting.actor)
    settle(acting, "plan_agreed")
    _confirm(acting, plan, "agreed", plans.plan_values(made))


def change_plan(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    plan_id: int,
    month_cents: int,
    next_on: date,
    capacity_cents: int | None = None,
) -> None:
    """Give a running plan another amount a month or another next date; what was paid stays paid."""
    with acting_on(runtime, actor, case_id) as acting:
        plan = _plan(acting, plan_id, "change")
        plan.capacity_cents = capacity_cents or plan.capacity_cents
        _check(acting, month_cents, next_on, plan.capacity_cents)
        plan_life.change(acting.session, acting.book, plan, month_cents, next_on, actor)
        settle(acting, "plan_changed")
        values = plan_life.running_values(acting.session, plan)
        _confirm(acting, plan, f"changed:{_stamp(acting)}", values)


def repair_plan(runtime: Runtime, actor: Actor, case_id: int, *, plan_id: int) -> None:
    """Let a plan run again as it was; what was missed is paid at its end."""
    with acting_on(runtime, actor, case_id) as acting:
        plan = _plan(acting, plan_id, "repair")
        plan_life.repair(acting.session, acting.book, plan, acting.today, actor)
        settle(acting, "plan_repaired")
        values = plan_life.running_values(acting.session, plan)
        _confirm(acting, plan, f"repaired:{plan.repairs}", values)


def offer_plan_repair(runtime: Runtime, actor: Actor, case_id: int, *, plan_id: int) -> None:
    """Offer the repair to the tenant by message; a yes lets the plan run again."""
    with acting_on(runtime, actor, case_id) as acting:
        plan = _plan(acting, plan_id, "offer_repair")
        if not offer_repair(acting.session, acting.book, acting.policy, plan, acting.case, acting.today):
            raise Refused("Deze huurder krijgt geen berichten. Bel hem.", "This tenant gets no messages. Call.")


def refuse_plan(runtime: Runtime, actor: Actor, case_id: int, *, plan_id: int, reason: str) -> None:
    """Refuse a plan that was asked for or proposed, with the reason; the tenant hears how it goes on."""
    with acting_on(runtime, actor, case_id) as acting:
        plan = _plan(acting, plan_id, "refuse")
        text = needs(reason, "Vul een reden in.", "Fill in a reason.")
        was_asked = plan.source != "staff"
        _finish(acting, plan, "refuse", text)
        settle(acting, "plan_refused")
        if was_asked:
            _tell(acting, plan, "refused", "plan_refused", {})


def end_plan(runtime: Runtime, actor: Actor, case_id: int, *, plan_id: int, reason: str) -> None:
    """End a running plan by a person's decision."""
    with acting_on(runtime, actor, case_id) as acting:
        plan = _plan(acting, plan_id, "end")
        _finish(acting, plan, "end", needs(reason, "Vul een reden in.", "Fill in a reason."))


def _plan(acting: Acting, plan_id: int, event: str) -> PaymentPlanRow:
    plan = acting.session.get(PaymentPlanRow, plan_id)
    if plan is None or plan.case_id != acting.case.id or not may(plan.state, event):
        raise Refused("Deze regeling is al afgehandeld.", "This plan has been dealt with.")
    return plan


def _check(acting: Acting, month_cents: int, on: date, capacity_cents: int | None) -> None:
    if month_cents <= 0:
        raise Refused("Vul een bedrag per maand in.", "Fill in an amount a month.")
    if capacity_cents is not None and month_cents > capacity_cents:
        raise Refused(
            "Het bedrag per maand is hoger dan wat de huurder kan missen.",
            "The amount a month is above what the tenant can spare.",
        )
    if not acting.today < on <= acting.today + LONGEST_WAIT:
        raise Refused(
            "De eerste datum ligt na vandaag en binnen drie maanden.",
            "The first date is after today and within three months.",
        )


def _finish(acting: Acting, plan: PaymentPlanRow, event: str, reason: str) -> None:
    kinds = ("plan_request",) if plan.state in ASKED else ("plan_request", "broken_plan", "new_arrears")
    take_step(acting.book, plan, event, acting.actor, reason=reason)
    ask(plan, "", acting.book)
    close_tasks(acting.session, acting.now, plan.state, TaskRow.case_id == acting.case.id, TaskRow.kind.in_(kinds))


def _confirm(acting: Acting, plan: PaymentPlanRow, name: str, values: Mapping[str, Fact]) -> None:
    """Confirm in writing what was agreed, with its dates and amounts."""
    _tell(acting, plan, name, "plan_confirmed", values)


def _tell(acting: Acting, plan: PaymentPlanRow, name: str, template: str, values: Mapping[str, Fact]) -> None:
    tell(
        acting.session,
        acting.policy,
        acting.case,
        plan,
        name,
        template,
        "plan",
        values,
        acting.now,
        acting.today,
        CONFIRM_DAYS,
    )


def _stamp(acting: Acting) -> str:
    return acting.now.strftime("%Y%m%d%H%M%S")
