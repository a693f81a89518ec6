"""One day in the life of a running plan: kept, missed, caught up, repair offered, broken, or a reminder."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, InboundRow, InstalmentRow, PauseRow, PaymentPlanRow, PromiseRow, TaskRow
from outreach.domain.plans import short_cents
from outreach.services.actor import MACHINE
from outreach.services.conversations import person_talks
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_life import MOST_REPAIRS, book_paid, repaired, shares_of
from outreach.services.plan_messages import tell
from outreach.services.plan_steps import ask, take_step
from outreach.services.plan_stops import stopped_by
from outreach.services.plans import plan_values
from outreach.services.policy import Policy
from outreach.services.tasks import add_task, close_tasks
from outreach.services.written_values import Fact

TELL_DAYS = 5
"""Days in which a message about a plan still makes sense."""
A_PERSON_IS_BUSY = ("call_back", "reply", "crisis", "dispute", "help")


@dataclass(frozen=True, kw_only=True)
class Charge:
    """An item of the books: its due date, and what is open of it now in cents; a credit is below zero."""

    due_on: date
    open_cents: int


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A running plan with its instalments, what was paid of its debt (cents), and the newer charges that are open."""

    plan: PaymentPlanRow
    case: CaseRow
    rows: Sequence[InstalmentRow]
    paid_cents: int
    new_rent: Sequence[Charge]


def follow_plan(session: Session, book: EvidenceBook, policy: Policy, followed: Followed, today: date) -> Counter[str]:
    """Follow one plan for a day; returns what happened, by kind."""
    plan, rules = followed.plan, policy.settings.plan
    book_paid(followed.rows, followed.paid_cents, today, book.now)
    tolerated = today - timedelta(days=rules.tolerance_days + 1)
    short = short_cents(shares_of(followed.rows), tolerated)
    counts: Counter[str] = Counter()
    if all(row.state == "paid" for row in followed.rows):
        return _kept(session, book, policy, followed, today)
    if followed.case.state == "closed" and followed.case.close_reason != "paid":
        return _closed(book, followed)
    if short and _is_paused(session, followed.case):
        return counts
    if plan.state == "active" and stopped_by(session, followed.case):
        return counts
    if plan.state == "active":
        happened = _missed if short and plan.repairs < MOST_REPAIRS else _broken if short else _goes_on
    elif not short:
        happened = _caught_up
    else:
        happened = _offer_or_break
    counts.update(happened(session, book, policy, followed, today))
    counts.update(_new_rent(session, book, policy, followed, tolerated))
    return counts


def _kept(session: Session, book: EvidenceBook, policy: Policy, followed: Followed, today: date) -> Counter[str]:
    """Thank for a plan that is paid, and ask whether there is more behind it (rules.md 31)."""
    plan = followed.plan
    take_step(book, plan, "complete", MACHINE)
    _close_tasks(session, book, followed, "plan_kept")
    values: dict[str, Fact] = {"month_amount": plan.total_cents}
    is_quiet = bool(stopped_by(session, followed.case))
    if not is_quiet and _tell(session, book, policy, followed, "kept", "plan_thanks", "care", values, today):
        ask(plan, "more_behind", book)
    else:
        ask(plan, "", book)
    return Counter(plan_kept=1)


def _closed(book: EvidenceBook, followed: Followed) -> Counter[str]:
    """End a plan whose case a person closed: the tenant moved, or the debt was written off."""
    take_step(book, followed.plan, "end", MACHINE, because="case_closed")
    ask(followed.plan, "", book)
    return Counter(plan_ended=1)


def _goes_on(session: Session, book: EvidenceBook, policy: Policy, followed: Followed, today: date) -> Counter[str]:
    """Remind of an instalment, once, in the days before it; a Sunday or a feast does not skip it."""
    counts: Counter[str] = Counter()
    days = timedelta(days=policy.settings.plan.reminder_days)
    for row in followed.rows:
        if row.state != "paid" and row.due_on - days <= today < row.due_on:
            lacking = short_cents(shares_of(followed.rows), row.due_on)
            if lacking:
                values: dict[str, Fact] = {
                    "month_amount": min(lacking, _left(row)),
                    "promise_on": row.due_on.isoformat(),
                }
                left = (row.due_on - today).days
                name = f"reminder:{row.number}"
                counts["plan_reminder"] += _tell(
                    session, book, policy, followed, name, "plan_reminder", "plan", values, today, left
                )
    return counts


def _missed(session: Session, book: EvidenceBook, policy: Policy, followed: Followed, today: date) -> Counter[str]:
    """Make contact about an instalment that was not paid: a question to the tenant and a task (rules.md 31)."""
    row = _oldest_late(followed.rows)
    take_step(book, followed.plan, "miss", MACHINE, due_on=row.due_on, cents=_left(row))
    values: dict[str, Fact] = {"month_amount": _left(row), "promise_on": row.due_on.isoformat()}
    _tell(session, book, policy, followed, f"missed:{row.number}", "plan_broken", "plan", values, today)
    _add_task(session, book, followed, f"missed:{row.number}", {"due_on": row.due_on.isoformat(), "cents": _left(row)})
    return Counter(plan_missed=1)


def _caught_up(session: Session, book: EvidenceBook, policy: Policy, followed: Followed, today: date) -> Counter[str]:
    take_step(book, followed.plan, "catch_up", MACHINE)
    ask(followed.plan, "", book)
    _close_tasks(session, book, followed, "plan_caught_up")
    return Counter(plan_caught_up=1)


def _offer_or_break(
    session: Session, book: EvidenceBook, policy: Policy, followed: Followed, today: date
) -> Counter[str]:
    """Offer the one repair some days after contact was made; a plan that nobody repairs is broken."""
    plan, rules = followed.plan, policy.settings.plan
    if plan.state == "repair_offered":
        offered_at = plan.repair_offered_at or book.now
        waits = book.now - offered_at < timedelta(days=rules.answer_days)
        return Counter() if waits else _broken(session, book, policy, followed, today)
    row = _oldest_late(followed.rows)
    since = row.due_on + timedelta(days=rules.tolerance_days + 1 + rules.repair_after_days)
    if today < since or _person_is_busy(session, followed.case, book.now):
        return Counter()
    if offer_repair(session, book, policy, plan, followed.case, today):
        return Counter(plan_repair_offered=1)
    too_long = today >= since + timedelta(days=rules.answer_days)
    return _broken(session, book, policy, followed, today) if too_long else Counter()


def offer_repair(
    session: Session, book: EvidenceBook, policy: Policy, plan: PaymentPlanRow, case: CaseRow, today: date
) -> bool:
    """Offer to pay what was missed at the end of the plan; say whether the tenant can be asked by message."""
    values = plan_values(repaired(session, plan, today))
    name = f"repair:{plan.repairs + 1}"
    if not tell(session, policy, case, plan, name, "plan_repair", "plan", values, book.now, today, TELL_DAYS):
        return False
    take_step(book, plan, "offer_repair", MACHINE)
    plan.repair_offered_at = book.now
    ask(plan, "repair", book)
    return True


def _broken(session: Session, book: EvidenceBook, policy: Policy, followed: Followed, today: date) -> Counter[str]:
    """End a plan that was not repaired, or missed again after its repair: from here a person decides."""
    take_step(book, followed.plan, "break", MACHINE)
    ask(followed.plan, "", book)
    _close_tasks(session, book, followed, "plan_broken")
    _add_task(session, book, followed, "broken", {"repairs": followed.plan.repairs})
    return Counter(plan_broken=1)


def _new_rent(
    session: Session, book: EvidenceBook, policy: Policy, followed: Followed, tolerated: date
) -> Counter[str]:
    """Tell a person of rent that was missed while the plan runs; the plan itself goes on (rules.md 29)."""
    missed = [each for each in followed.new_rent if each.due_on <= tolerated]
    cents = sum(each.open_cents for each in missed)
    if cents < policy.settings.minimum_amount_cents:
        return Counter()
    newest = max(each.due_on for each in missed)
    added = add_task(
        session,
        landlord_id=followed.case.landlord_id,
        kind="new_arrears",
        key=f"plan:{followed.plan.id}:rent:{newest.isoformat()}",
        due_at=book.now,
        case=followed.case,
        detail={"plan": followed.plan.id, "cents": cents, "due_on": newest.isoformat()},
    )
    return Counter(plan_new_rent=int(added))


def _person_is_busy(session: Session, case: CaseRow, now: datetime) -> bool:
    """Say whether a person has the case: a reply waits, somebody talks or will call, a promise runs."""
    waits = exists().where(InboundRow.case_id == case.id, InboundRow.state == "waiting")
    task = exists().where(TaskRow.case_id == case.id, TaskRow.state == "open", TaskRow.kind.in_(A_PERSON_IS_BUSY))
    promised = exists().where(PromiseRow.case_id == case.id, PromiseRow.state == "open")
    return bool(session.scalar(select(waits | task | promised))) or person_talks(session, case.household_id, now)


def _is_paused(session: Session, case: CaseRow) -> bool:
    return bool(session.scalar(select(exists().where(PauseRow.case_id == case.id, PauseRow.ended_at.is_(None)))))


def _oldest_late(rows: Sequence[InstalmentRow]) -> InstalmentRow:
    return next(row for row in rows if row.state != "paid")


def _left(row: InstalmentRow) -> int:
    return row.amount_cents - row.paid_cents


def _tell(
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    followed: Followed,
    name: str,
    template: str,
    purpose: str,
    values: dict[str, Fact],
    today: date,
    ends_in_days: int = TELL_DAYS,
) -> bool:
    case, plan = followed.case, followed.plan
    return tell(session, policy, case, plan, name, template, purpose, values, book.now, today, ends_in_days)


def _add_task(session: Session, book: EvidenceBook, followed: Followed, name: str, detail: dict[str, object]) -> None:
    add_task(
        session,
        landlord_id=followed.case.landlord_id,
        kind="broken_plan",
        key=f"plan:{followed.plan.id}:{name}",
        due_at=book.now,
        case=followed.case,
        detail={"plan": followed.plan.id, **detail},
    )


def _close_tasks(session: Session, book: EvidenceBook, followed: Followed, outcome: str) -> None:
    close_tasks(session, book.now, outcome, TaskRow.case_id == followed.case.id, TaskRow.kind.in_(("broken_plan",)))
