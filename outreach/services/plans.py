"""Payment plans: asked for, proposed, agreed, followed to the end; and promises."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from messages.formats import euro, spoken_date
from outreach.db.tables import (
    ArrearsRow,
    CaseRow,
    InstalmentRow,
    LedgerEntryRow,
    LedgerItemRow,
    PaymentPlanRow,
    PersonRow,
    PromiseRow,
    TaskRow,
    TenancyPartyRow,
    TenancyRow,
)
from outreach.domain.plans import Instalment, first_payday, instalments, may_agree
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE, Actor
from outreach.services.addressees import load_addressees
from outreach.services.answers import add_message
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy
from outreach.services.tasks import add_task, close_tasks

OPEN_STATES = ("requested", "proposed", "active")
REMINDER_DAYS = 3
MESSAGE_CHANNELS = ("sms", "whatsapp", "email")


def debt_of(session: Session, case: CaseRow) -> int:
    """Give the overdue amount of a case in cents, as known now."""
    amount = select(ArrearsRow.amount_cents).where(ArrearsRow.tenancy_id == case.tenancy_id)
    return session.scalar(amount) or 0


def open_plan(session: Session, case: CaseRow) -> PaymentPlanRow | None:
    """Give the plan that is asked for, proposed or running."""
    statement = select(PaymentPlanRow).where(PaymentPlanRow.case_id == case.id, PaymentPlanRow.state.in_(OPEN_STATES))
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
    session: Session, book: EvidenceBook, policy: Policy, plan: PaymentPlanRow, case: CaseRow, cents: int, today: date
) -> str:
    """Propose what the tenant says he can pay, never more; returns why a person must decide, or ""."""
    plan.total_cents = debt_of(session, case)
    plan.capacity_cents = cents
    plan.month_cents = min(cents, plan.total_cents)
    plan.first_on = first_payday(today, policy.settings.plan.payday)
    rent = session.scalar(select(TenancyRow.rent_cents).where(TenancyRow.id == case.tenancy_id))
    why = may_agree(
        policy.settings.plan, plan.total_cents, plan.month_cents, rent, _recent(session, policy, plan, case)
    )
    plan.state, plan.needs_person = "proposed", bool(why)
    payload = {"plan": plan.id, "month_cents": plan.month_cents, "first_on": plan.first_on, "person": why}
    book.note("plan_proposed", MACHINE, payload, case_id=case.id)
    return why


def _recent(session: Session, policy: Policy, plan: PaymentPlanRow, case: CaseRow) -> bool:
    since = plan.requested_at - timedelta(days=30 * policy.settings.plan.one_in_months)
    statement = (
        select(func.count())
        .select_from(PaymentPlanRow)
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .where(CaseRow.tenancy_id == case.tenancy_id, PaymentPlanRow.agreed_at >= since, PaymentPlanRow.id != plan.id)
    )
    return bool(session.scalar(statement))


def agree(
    session: Session, book: EvidenceBook, policy: Policy, plan: PaymentPlanRow, case: CaseRow, today: date, actor: Actor
) -> Sequence[Instalment]:
    """Make a plan run: instalments to the cent, the ladder waits, open requests are done."""
    assert plan.month_cents is not None
    plan.total_cents = debt_of(session, case)
    if plan.first_on is None or plan.first_on <= today:
        plan.first_on = first_payday(today, policy.settings.plan.payday)
    made = instalments(plan.total_cents, plan.month_cents, plan.first_on)
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
    plan.state, plan.agreed_at, plan.needs_person = "active", book.now, False
    for promise in session.scalars(select(PromiseRow).where(PromiseRow.case_id == case.id, PromiseRow.state == "open")):
        promise.state, promise.ended_at = "withdrawn", book.now
    close_tasks(session, book.now, "plan_agreed", TaskRow.case_id == case.id, TaskRow.kind == "plan_request")
    payload = {
        "plan": plan.id,
        "total_cents": plan.total_cents,
        "instalments": [{"due_on": each.due_on.isoformat(), "cents": each.amount_cents} for each in made],
    }
    book.note("plan_agreed", actor, payload, case_id=case.id)
    return made


def plan_values(plan: PaymentPlanRow, made: Sequence[Instalment], language: str) -> dict[str, str]:
    """Give the values of a plan for a text."""
    return {
        "month_amount": euro(made[0].amount_cents, language),
        "count": str(len(made)),
        "first_on": spoken_date(made[0].due_on, language),
        "last_on": spoken_date(made[-1].due_on, language),
    }


def proposal_values(plan: PaymentPlanRow, language: str) -> dict[str, str]:
    """Give the values of a proposed plan for a text."""
    assert plan.month_cents is not None
    assert plan.first_on is not None
    return plan_values(plan, instalments(plan.total_cents, plan.month_cents, plan.first_on), language)


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


def follow_up(runtime: Runtime, session: Session, policy: Policy, now: datetime) -> Counter[str]:
    """Follow promises and plans once a day: kept, broken, reminders before each date."""
    book = EvidenceBook(session, policy.landlord_id, now)
    counts: Counter[str] = Counter()
    _follow_promises(runtime, session, book, policy, counts)
    statement = (
        select(PaymentPlanRow, CaseRow)
        .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
        .where(PaymentPlanRow.landlord_id == policy.landlord_id, PaymentPlanRow.state == "active")
        .order_by(PaymentPlanRow.id)
    )
    for plan, case in session.execute(statement).all():
        _follow_plan(runtime, session, book, policy, plan, case, counts)
    book.write()
    return counts


def _follow_promises(
    runtime: Runtime, session: Session, book: EvidenceBook, policy: Policy, counts: Counter[str]
) -> None:
    today = runtime.calendar.day_of(book.now)
    statement = (
        select(PromiseRow, CaseRow)
        .join(CaseRow, CaseRow.id == PromiseRow.case_id)
        .where(PromiseRow.landlord_id == policy.landlord_id, PromiseRow.state == "open")
    )
    for promise, case in session.execute(statement).all():
        last = runtime.calendar.add_working_days(promise.promised_on, policy.settings.promise_grace_working_days)
        if debt_of(session, case) < policy.settings.minimum_amount_cents:
            promise.state, promise.ended_at = "kept", book.now
        elif today > last:
            promise.state, promise.ended_at = "broken", book.now
            detail = {"promised_on": promise.promised_on.isoformat(), "amount_cents": promise.amount_cents}
            add_task(
                session,
                landlord_id=case.landlord_id,
                kind="broken_promise",
                key=f"promise:{promise.id}",
                due_at=book.now,
                case=case,
                detail=detail,
            )
        else:
            continue
        counts[f"promise_{promise.state}"] += 1
        book.note(f"promise_{promise.state}", MACHINE, {"promise": promise.id}, case_id=case.id)


def _follow_plan(
    runtime: Runtime,
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    plan: PaymentPlanRow,
    case: CaseRow,
    counts: Counter[str],
) -> None:
    today = runtime.calendar.day_of(book.now)
    rows = list(session.scalars(select(InstalmentRow).where(InstalmentRow.plan_id == plan.id)))
    paid = paid_on_plan(session, plan, case, runtime.calendar.day_of(plan.agreed_at or book.now))
    before = 0
    for row in sorted(rows, key=lambda each: each.number):
        before += row.amount_cents
        if row.state == "open" and paid >= before:
            row.state, row.paid_at = "paid", book.now
    if all(row.state == "paid" for row in rows):
        _end(session, book, policy, plan, case, "kept", today)
        counts["plan_kept"] += 1
        return
    late = [row for row in rows if row.state == "open" and row.due_on < today - _tolerance(policy)]
    if late:
        _end(session, book, policy, plan, case, "broken", today)
        counts["plan_broken"] += 1
        return
    for row in rows:
        if row.state == "open" and row.due_on - timedelta(days=REMINDER_DAYS) <= today < row.due_on:
            counts["plan_reminder"] += _remind(session, policy, plan, case, row, book.now, today)


def _tolerance(policy: Policy) -> timedelta:
    return timedelta(days=policy.settings.plan.tolerance_days)


def paid_on_plan(session: Session, plan: PaymentPlanRow, case: CaseRow, agreed_on: date) -> int:
    """Compute what was paid of the plan's debt: its total less what is still open of items due before it."""
    latest = (
        select(func.max(LedgerEntryRow.id))
        .where(LedgerEntryRow.tenancy_id == case.tenancy_id)
        .group_by(LedgerEntryRow.item_id)
    )
    still_open = session.scalar(
        select(func.coalesce(func.sum(LedgerEntryRow.open_cents), 0))
        .join(LedgerItemRow, LedgerItemRow.id == LedgerEntryRow.item_id)
        .where(LedgerEntryRow.id.in_(latest), LedgerItemRow.due_on < agreed_on)
    )
    return plan.total_cents - (still_open or 0)


def _end(
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    plan: PaymentPlanRow,
    case: CaseRow,
    state: str,
    today: date,
) -> None:
    plan.state, plan.ended_at = state, book.now
    book.note(f"plan_{state}", MACHINE, {"plan": plan.id}, case_id=case.id)
    if state == "broken":
        add_task(
            session,
            landlord_id=case.landlord_id,
            kind="broken_plan",
            key=f"plan:{plan.id}:broken",
            due_at=book.now,
            case=case,
            detail={"plan": plan.id},
        )
    template, purpose = ("plan_thanks", "care") if state == "kept" else ("plan_broken", "plan")
    _tell(session, policy, case, f"plan:{plan.id}:{state}", template, purpose, {}, book.now, today, ends_in_days=5)


def _remind(
    session: Session,
    policy: Policy,
    plan: PaymentPlanRow,
    case: CaseRow,
    row: InstalmentRow,
    now: datetime,
    today: date,
) -> bool:
    """Remind of one instalment, once, in the days before it; a Sunday or a feast does not skip it."""
    language = _language(session, case)
    values = {
        "month_amount": euro(row.amount_cents, language),
        "promise_on": spoken_date(row.due_on, language),
    }
    step = f"plan:{plan.id}:reminder:{row.number}"
    left = (row.due_on - today).days
    return _tell(session, policy, case, step, "plan_reminder", "plan", values, now, today, ends_in_days=left)


def _language(session: Session, case: CaseRow) -> str:
    statement = (
        select(PersonRow.language)
        .join(TenancyPartyRow, TenancyPartyRow.person_id == PersonRow.id)
        .where(TenancyPartyRow.tenancy_id == case.tenancy_id, TenancyPartyRow.role == "tenant")
    )
    language = session.scalar(statement.limit(1))
    return language if language in ("nl", "en") else "nl"


def _tell(
    session: Session,
    policy: Policy,
    case: CaseRow,
    step: str,
    template: str,
    purpose: str,
    values: dict[str, str],
    now: datetime,
    today: date,
    ends_in_days: int,
) -> bool:
    """Add a message about a plan on the first channel that can be used; say whether it is new."""
    people = load_addressees(session, [case.tenancy_id], today, now)[case.tenancy_id]
    channel = next((name for name in MESSAGE_CHANNELS if name in people.targets), None)
    if channel is None:
        return False
    target = people.targets[channel]
    added = add_message(
        session,
        policy,
        case,
        step=step,
        template=template,
        purpose=purpose,
        channel=channel,
        addressee_id=target.person_id,
        contact_point_id=target.contact_point_id,
        sent_to=target.value,
        language=people.language,
        due_at=now,
        expires_at=now + timedelta(days=ends_in_days),
        values=values,
    )
    return added is not None
