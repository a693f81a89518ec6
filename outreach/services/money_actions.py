"""What staff do with money: a payment plan, and a payment that they saw."""

from datetime import date, timedelta

from outreach.db.tables import LedgerEntryRow, PaymentPlanRow, PaymentRow, TaskRow
from outreach.runtime import Runtime
from outreach.services import plans
from outreach.services.acting import Acting, Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.arrears import recompute_arrears
from outreach.services.balances import open_entries
from outreach.services.inbox import settle
from outreach.services.tasks import close_tasks


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
        if month_cents <= 0:
            raise Refused("Vul een bedrag per maand in.", "Fill in an amount a month.")
        if capacity_cents is not None and month_cents > capacity_cents:
            raise Refused(
                "Het bedrag per maand is hoger dan wat de huurder kan missen.",
                "The amount a month is above what the tenant can spare.",
            )
        if not acting.today < first_on <= acting.today + timedelta(days=92):
            raise Refused(
                "De eerste datum ligt na vandaag en binnen drie maanden.",
                "The first date is after today and within three months.",
            )
        running = plans.open_plan(acting.session, acting.case)
        if running is not None and running.state == "active":
            raise Refused("Er loopt al een regeling. Beëindig die eerst.", "A plan is running. End it first.")
        plan = running or plans.request_plan(acting.session, acting.book, acting.case, "staff", actor)
        plan.month_cents, plan.first_on, plan.capacity_cents = month_cents, first_on, capacity_cents
        plans.agree(acting.session, acting.book, acting.policy, plan, acting.case, acting.today, actor)
        settle(acting, "plan_agreed")
        return plan.id


def refuse_plan(runtime: Runtime, actor: Actor, case_id: int, *, plan_id: int, reason: str) -> None:
    """Refuse a plan that was asked for or proposed, with the reason."""
    _finish_plan(runtime, actor, case_id, plan_id, reason, ("requested", "proposed"), "refused")


def end_plan(runtime: Runtime, actor: Actor, case_id: int, *, plan_id: int, reason: str) -> None:
    """End a running plan by a person's decision."""
    _finish_plan(runtime, actor, case_id, plan_id, reason, ("active",), "ended")


def _finish_plan(
    runtime: Runtime, actor: Actor, case_id: int, plan_id: int, reason: str, states: tuple[str, ...], state: str
) -> None:
    with acting_on(runtime, actor, case_id) as acting:
        plan = acting.session.get(PaymentPlanRow, plan_id)
        if plan is None or plan.case_id != case_id or plan.state not in states:
            raise Refused("Deze regeling is al afgehandeld.", "This plan has been dealt with.")
        text = needs(reason, "Vul een reden in.", "Fill in a reason.")
        plan.state, plan.ended_at = state, acting.now
        close_tasks(acting.session, acting.now, state, TaskRow.case_id == case_id, TaskRow.kind == "plan_request")
        acting.note(f"plan_{state}", plan=plan_id, reason=text)


def mark_paid(runtime: Runtime, actor: Actor, case_id: int, *, amount_cents: int, occurred_on: date) -> None:
    """Note a payment that staff saw; it is taken off the oldest open items, until the next delivery says otherwise."""
    with acting_on(runtime, actor, case_id) as acting:
        if amount_cents <= 0:
            raise Refused("Vul een bedrag in dat hoger is dan € 0.", "Fill in an amount above € 0.")
        if occurred_on > acting.today:
            raise Refused("De datum ligt in de toekomst.", "The date is in the future.")
        _book_payment(acting, amount_cents, occurred_on)
        recompute_arrears(
            acting.session,
            acting.case.landlord_id,
            on=acting.today,
            now=acting.now,
            tenancy_ids=[acting.case.tenancy_id],
            month_definition=acting.policy.settings.month_definition,
        )
        acting.note("marked_paid", amount_cents=amount_cents, occurred_on=occurred_on)


def _book_payment(acting: Acting, amount_cents: int, occurred_on: date) -> None:
    case, left = acting.case, amount_cents
    for item_id, open_cents in open_entries(acting.session, case.tenancy_id):
        if left <= 0:
            break
        taken = min(left, open_cents)
        left -= taken
        acting.session.add(
            LedgerEntryRow(
                landlord_id=case.landlord_id,
                tenancy_id=case.tenancy_id,
                item_id=item_id,
                open_cents=open_cents - taken,
                reason="marked_paid",
                occurred_on=occurred_on,
                known_at=acting.now,
            )
        )
    acting.session.add(
        PaymentRow(
            landlord_id=case.landlord_id,
            tenancy_id=case.tenancy_id,
            external_ref=f"staff:{case.id}:{acting.now.isoformat()}",
            amount_cents=amount_cents,
            unallocated_cents=left,
            occurred_on=occurred_on,
            known_at=acting.now,
            source="staff",
        )
    )
    acting.session.flush()
