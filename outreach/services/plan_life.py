"""The life of an agreed plan: what was paid of each instalment, other amounts or dates, and the one repair."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import InstalmentRow, PaymentPlanRow, TaskRow
from outreach.domain.plans import Instalment, PlanError, Share, instalments, months_later, short_cents, spread
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_steps import ask, take_step
from outreach.services.plans import add_instalments
from outreach.services.tasks import close_tasks
from outreach.services.written_values import Fact, dates_fact, last_day_fact

MOST_REPAIRS = 1
"""How often the machine offers to repair a plan; after that a person decides (rules.md 31)."""
NOTICE_DAYS = 5
"""Days between a change of a plan and its next date, at the least."""


def rows_of(session: Session, plan: PaymentPlanRow) -> list[InstalmentRow]:
    """Give the instalments that count, by date: their amounts sum to the total of the plan."""
    statement = select(InstalmentRow).where(InstalmentRow.plan_id == plan.id, InstalmentRow.state != "replaced")
    return list(session.scalars(statement.order_by(InstalmentRow.due_on, InstalmentRow.number)))


def shares_of(rows: Sequence[InstalmentRow]) -> tuple[Share, ...]:
    """Give what is owed and paid per instalment, in their order."""
    return tuple(Share(due_on=row.due_on, amount_cents=row.amount_cents, paid_cents=row.paid_cents) for row in rows)


def rest_of(rows: Sequence[InstalmentRow]) -> int:
    """Give what is still to be paid of a plan (cents)."""
    return sum(row.amount_cents - row.paid_cents for row in rows)


def book_paid(rows: Sequence[InstalmentRow], paid_cents: int, today: date, now: datetime) -> None:
    """Write what was paid of a plan in all on its instalments, and whether each is paid, open or late."""
    paid = spread(shares_of(rows), paid_cents, today)
    for row, cents in zip(rows, paid, strict=True):
        row.paid_cents = cents
    is_short = short_cents(shares_of(rows), today - timedelta(days=1)) > 0
    for row in rows:
        if row.paid_cents == row.amount_cents:
            row.state, row.paid_at = "paid", row.paid_at or now
        else:
            row.state = "late" if is_short and row.due_on < today else "open"
            row.paid_at = None


def spread_anew(session: Session, plan: PaymentPlanRow, month_cents: int, next_on: date, now: datetime) -> None:
    """Replace what is not paid by instalments of another amount or other dates; the sum stays the debt, to the cent.

    What was paid of a part is kept as an instalment of its own. Raises PlanError when nothing is left to pay.
    """
    rows = rows_of(session, plan)
    made = instalments(rest_of(rows), month_cents, next_on)
    number = _last_number(session, plan)
    for row in rows:
        if row.paid_cents == row.amount_cents:
            continue
        if row.paid_cents:
            number += 1
            session.add(_paid_part(row, number, now))
        row.state, row.paid_cents = "replaced", 0
    add_instalments(
        session,
        plan,
        [Instalment(number=number + each.number, due_on=each.due_on, amount_cents=each.amount_cents) for each in made],
    )
    session.flush()


def _last_number(session: Session, plan: PaymentPlanRow) -> int:
    statement = select(InstalmentRow.number).where(InstalmentRow.plan_id == plan.id)
    return max(session.scalars(statement), default=0)


def _paid_part(row: InstalmentRow, number: int, now: datetime) -> InstalmentRow:
    return InstalmentRow(
        landlord_id=row.landlord_id,
        plan_id=row.plan_id,
        number=number,
        due_on=row.due_on,
        amount_cents=row.paid_cents,
        paid_cents=row.paid_cents,
        state="paid",
        paid_at=now,
    )


def change(
    session: Session, book: EvidenceBook, plan: PaymentPlanRow, month_cents: int, next_on: date, actor: Actor
) -> None:
    """Give a running plan another amount a month or another next date; it runs again."""
    spread_anew(session, plan, month_cents, next_on, book.now)
    plan.month_cents, plan.first_on = month_cents, next_on
    _runs_again(session, book, plan, "change", actor)


def repair(session: Session, book: EvidenceBook, plan: PaymentPlanRow, today: date, actor: Actor) -> None:
    """Let a plan run again with the same amount a month: what was missed is paid at its end."""
    assert plan.month_cents is not None
    spread_anew(session, plan, plan.month_cents, next_date(plan, today), book.now)
    plan.repairs += 1
    _runs_again(session, book, plan, "repair", actor)


def _runs_again(session: Session, book: EvidenceBook, plan: PaymentPlanRow, event: str, actor: Actor) -> None:
    dates = [
        {"due_on": row.due_on.isoformat(), "cents": row.amount_cents}
        for row in rows_of(session, plan)
        if row.state == "open"
    ]
    take_step(book, plan, event, actor, instalments=dates)
    ask(plan, "", book)
    close_tasks(session, book.now, f"plan_{event}", TaskRow.case_id == plan.case_id, TaskRow.kind == "broken_plan")


def next_date(plan: PaymentPlanRow, today: date) -> date:
    """Give the next date in the plan's own rhythm that leaves some days."""
    assert plan.first_on is not None
    ahead = 0
    while (months_later(plan.first_on, ahead) - today).days < NOTICE_DAYS:
        ahead += 1
    return months_later(plan.first_on, ahead)


def repaired(session: Session, plan: PaymentPlanRow, today: date) -> Sequence[Instalment]:
    """Give the instalments that a repair would make."""
    assert plan.month_cents is not None
    return instalments(rest_of(rows_of(session, plan)), plan.month_cents, next_date(plan, today))


def running_values(session: Session, plan: PaymentPlanRow) -> dict[str, Fact]:
    """Give the values of what is still to be paid of a plan, for a text; raises PlanError when nothing is."""
    rows = [row for row in rows_of(session, plan) if row.paid_cents < row.amount_cents]
    if not rows:
        raise PlanError("Er is niets meer te betalen.", "Nothing is left to pay.")
    return {
        "month_amount": rows[0].amount_cents - rows[0].paid_cents,
        "last_amount": rows[-1].amount_cents - rows[-1].paid_cents,
        "count": str(len(rows)),
        "first_on": rows[0].due_on.isoformat(),
        "last_on": last_day_fact(rows[-1].due_on, rows[0].due_on),
        "plan_dates": dates_fact((row.due_on, row.amount_cents - row.paid_cents) for row in rows),
    }
