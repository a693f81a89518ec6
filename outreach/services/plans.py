"""Payment plans: asked for, proposed, agreed; and promises. How a plan goes on is in plan_life and following."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    ArrearsRow,
    CaseRow,
    InstalmentRow,
    LedgerEntryRow,
    LedgerItemRow,
    PaymentPlanRow,
    PromiseRow,
    TaskRow,
    TenancyRow,
)
from outreach.domain.plan_states import OPEN
from outreach.domain.plans import Fit, Instalment, first_payday, fit, instalments
from outreach.services.actor import MACHINE, Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_steps import ask, take_step
from outreach.services.policy import Policy
from outreach.services.tasks import close_tasks
from outreach.services.written_values import Fact, dates_fact, last_day_fact


def debt_of(session: Session, case: CaseRow) -> int:
    """Give the overdue amount of a case in cents, as known now."""
    amount = select(ArrearsRow.amount_cents).where(ArrearsRow.tenancy_id == case.tenancy_id)
    return session.scalar(amount) or 0


def open_plan(session: Session, case: CaseRow) -> PaymentPlanRow | None:
    """Give the plan that is asked for, proposed, waits for a person or runs."""
    statement = select(PaymentPlanRow).where(PaymentPlanRow.case_id == case.id, PaymentPlanRow.state.in_(OPEN))
    return session.scalar(statement.order_by(PaymentPlanRow.id.desc()).limit(1))


def request_plan(session: Session, book: EvidenceBook, case: CaseRow, source: str, actor: Actor) -> PaymentPlanRow:
    """Note that the tenant asks for a plan; an open one stays."""
    plan = open_plan(session, case)
    if plan is None:
        plan = PaymentPlanRow(
            landlord_id=case.landlord_id,
            case_id=case.id,
            state="requested",
            total_cents=debt_of(session, case),
            source=source,
            requested_at=book.now,
        )
        session.add(plan)
        session.flush()
        book.note("plan_requested", actor, {"plan": plan.id, "total_cents": plan.total_cents}, case_id=case.id)
    return plan


def propose(
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    plan: PaymentPlanRow,
    case: CaseRow,
    cents: int,
    today: date,
    *,
    first_on: date | None = None,
    person: str = "",
) -> str:
    """Propose what the tenant says he can pay a month, never more; returns why a person must decide, or "".

    `first_on` is a first date that the tenant named; else it is the day after payday. `person` is a reason, beside the
    landlord's limits, that a person decides.
    """
    plan.total_cents = debt_of(session, case)
    plan.capacity_cents = cents
    plan.month_cents = min(cents, plan.total_cents)
    plan.first_on = first_on if first_on and first_on > today else first_payday(today, payday_of(policy, case))
    found = _fit(session, policy, plan, case, today)
    why = person or found.why
    plan.kind, plan.why, plan.needs_person = found.kind, why, bool(why)
    take_step(
        book,
        plan,
        "hand_over" if why else "propose",
        MACHINE,
        month_cents=plan.month_cents,
        first_on=plan.first_on,
        person=why,
    )
    return why


def person_decides(
    session: Session, policy: Policy, plan: PaymentPlanRow, case: CaseRow, cents: int, today: date
) -> str:
    """Say why a person would decide on an amount a month, "" when the machine may agree on it."""
    plan.total_cents = debt_of(session, case)
    plan.month_cents = min(cents, plan.total_cents)
    return _fit(session, policy, plan, case, today).why


def payday_of(policy: Policy, case: CaseRow) -> int:
    """Give the tenant's own payday when it is known (31 is the last day), else the usual one."""
    return case.payday or policy.settings.plan.payday


def _fit(session: Session, policy: Policy, plan: PaymentPlanRow, case: CaseRow, today: date) -> Fit:
    """Find the type of plan; a person decides when the current rent is not paid either (rules.md 29)."""
    rent = session.scalar(select(TenancyRow.rent_cents).where(TenancyRow.id == case.tenancy_id))
    assert plan.month_cents is not None
    since = _months_since_last(session, plan, case, today)
    found = fit(policy.settings.plan, plan.total_cents, plan.month_cents, rent, since)
    if not found.why and misses_current_rent(session, case, today):
        return Fit(kind=found.kind, why="current_rent")
    return found


def _months_since_last(session: Session, plan: PaymentPlanRow, case: CaseRow, today: date) -> int | None:
    latest = session.scalar(
        select(func.max(PaymentPlanRow.agreed_at))
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .where(CaseRow.tenancy_id == case.tenancy_id, PaymentPlanRow.id != plan.id)
    )
    if latest is None:
        return None
    months = (today.year - latest.year) * 12 + today.month - latest.month
    return months - 1 if today.day < latest.day else months


def misses_current_rent(session: Session, case: CaseRow, today: date) -> bool:
    """Say whether the newest rent is open while an older one is too: the current rent is not on time."""
    latest = (
        select(func.max(LedgerEntryRow.id))
        .where(LedgerEntryRow.tenancy_id == case.tenancy_id)
        .group_by(LedgerEntryRow.item_id)
    )
    statement = (
        select(LedgerEntryRow.open_cents)
        .join(LedgerItemRow, LedgerItemRow.id == LedgerEntryRow.item_id)
        .where(LedgerEntryRow.id.in_(latest), LedgerItemRow.kind == "rent", LedgerItemRow.due_on <= today)
        .order_by(LedgerItemRow.due_on.desc(), LedgerItemRow.id.desc())
    )
    amounts = list(session.scalars(statement))
    return len(amounts) > 1 and amounts[0] > 0 and any(cents > 0 for cents in amounts[1:])


def agree(
    session: Session, book: EvidenceBook, policy: Policy, plan: PaymentPlanRow, case: CaseRow, today: date, actor: Actor
) -> Sequence[Instalment]:
    """Make a plan run: instalments to the cent, the ladder waits, open requests are done."""
    assert plan.month_cents is not None
    plan.total_cents = debt_of(session, case)
    if plan.first_on is None or plan.first_on <= today:
        plan.first_on = first_payday(today, payday_of(policy, case))
    made = instalments(plan.total_cents, plan.month_cents, plan.first_on)
    add_instalments(session, plan, made)
    dates = [{"due_on": each.due_on.isoformat(), "cents": each.amount_cents} for each in made]
    take_step(book, plan, "agree", actor, total_cents=plan.total_cents, instalments=dates)
    plan.agreed_at, plan.needs_person = book.now, False
    ask(plan, "", book)
    for promise in session.scalars(select(PromiseRow).where(PromiseRow.case_id == case.id, PromiseRow.state == "open")):
        promise.state, promise.ended_at = "withdrawn", book.now
    close_tasks(session, book.now, "plan_agreed", TaskRow.case_id == case.id, TaskRow.kind == "plan_request")
    return made


def add_instalments(session: Session, plan: PaymentPlanRow, made: Sequence[Instalment]) -> None:
    """Add instalments to a plan as open rows."""
    for each in made:
        session.add(
            InstalmentRow(
                landlord_id=plan.landlord_id,
                plan_id=plan.id,
                number=each.number,
                due_on=each.due_on,
                amount_cents=each.amount_cents,
            )
        )


def plan_values(made: Sequence[Instalment]) -> dict[str, Fact]:
    """Give the values of a plan for a text: the amount of every month but the last, and that of the last."""
    return {
        "month_amount": made[0].amount_cents,
        "last_amount": made[-1].amount_cents,
        "count": str(len(made)),
        "first_on": made[0].due_on.isoformat(),
        "last_on": last_day_fact(made[-1].due_on, made[0].due_on),
        "plan_dates": dates_fact((each.due_on, each.amount_cents) for each in made),
    }


def proposal_values(plan: PaymentPlanRow) -> dict[str, Fact]:
    """Give the values of a proposed plan for a text."""
    assert plan.month_cents is not None
    assert plan.first_on is not None
    return plan_values(instalments(plan.total_cents, plan.month_cents, plan.first_on))


def note_promise(
    session: Session,
    book: EvidenceBook,
    case: CaseRow,
    promised_on: date,
    amount_cents: int | None,
    source: str,
    actor: Actor,
) -> PromiseRow:
    """Note a promise to pay by a day; it takes the place of an earlier open one."""
    for earlier in session.scalars(select(PromiseRow).where(PromiseRow.case_id == case.id, PromiseRow.state == "open")):
        earlier.state, earlier.ended_at = "withdrawn", book.now
    promise = PromiseRow(
        landlord_id=case.landlord_id,
        case_id=case.id,
        amount_cents=amount_cents,
        promised_on=promised_on,
        made_at=book.now,
        source=source,
    )
    session.add(promise)
    payload = {"promised_on": promised_on, "amount_cents": amount_cents, "source": source}
    book.note("promise", actor, payload, case_id=case.id)
    return promise
