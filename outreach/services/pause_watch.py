"""Pauses, once a day and set by set: a condition that fails or an end that comes is a task, never a demand.

A pause whose condition fails stays in force until a person ends it or its end date comes (rules.md 15).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    CaseRow,
    LedgerEntryRow,
    LedgerItemRow,
    PartnerRow,
    PauseRow,
    ReferralFeedbackRow,
    ReferralRow,
)
from outreach.domain.pauses import current_rent_paid, said, to_ask
from outreach.runtime import Runtime
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy
from outreach.services.routes import way_of
from outreach.services.tasks import NewTask, add_tasks
from schedules.calendar import Calendar
from schedules.route import RouteDefinition
from schedules.route_clocks import PauseFacts, PauseVerdict, pause_holds

Rents = Mapping[int, Sequence[tuple[date, int]]]
"""Per tenancy the rent that came due lately, as (due date, open cents)."""


@dataclass(frozen=True, kw_only=True)
class Paused:
    """A running pause of a referral with what its conditions are judged on."""

    pause: PauseRow
    case: CaseRow
    referral: ReferralRow
    route: RouteDefinition
    clocks: Sequence[ReferralFeedbackRow]
    rents: Sequence[tuple[date, int]]


def watch_pauses(runtime: Runtime, session: Session, book: EvidenceBook, policy: Policy) -> Counter[str]:
    """End the pauses whose end has come, look at the conditions of the others, and ask a person where needed."""
    today = runtime.calendar.day_of(book.now)
    counts = Counter(pauses_ended=_end(session, book, policy, today))
    tasks: list[NewTask] = []
    for each in running(session, runtime.calendar, policy, today):
        tasks += _look(book, runtime.calendar, policy, each, today)
        each.pause.checked_on = today
    counts["pauses_in_doubt"] = add_tasks(session, tasks)
    return counts


def _end(session: Session, book: EvidenceBook, policy: Policy, today: date) -> int:
    """End what is over; a person is asked whether contact begins again, and until then it does not."""
    statement = (
        select(PauseRow, CaseRow)
        .join(CaseRow, CaseRow.id == PauseRow.case_id)
        .where(PauseRow.landlord_id == policy.landlord_id, PauseRow.ended_at.is_(None), PauseRow.until_on <= today)
        .order_by(PauseRow.id)
    )
    tasks = []
    for pause, case in session.execute(statement).all():
        pause.ended_at, pause.end_reason = book.now, "end_date"
        if case.state == "open":
            detail = {"reason": pause.reason, "condition": pause.condition}
            tasks.append(NewTask(kind="resume", key=f"resume:{pause.id}", case=case, due_at=book.now, detail=detail))
    return add_tasks(session, tasks)


def running(
    session: Session, calendar: Calendar, policy: Policy, today: date, *, case_id: int | None = None
) -> list[Paused]:
    """Give the running pauses of referrals in open cases, or of one case, with books and feedback."""
    statement = (
        select(PauseRow, CaseRow, ReferralRow, PartnerRow)
        .join(CaseRow, CaseRow.id == PauseRow.case_id)
        .join(ReferralRow, ReferralRow.id == PauseRow.referral_id)
        .join(PartnerRow, PartnerRow.id == ReferralRow.partner_id)
        .where(PauseRow.landlord_id == policy.landlord_id, PauseRow.ended_at.is_(None), CaseRow.state == "open")
        .order_by(PauseRow.id)
    )
    if case_id is not None:
        statement = statement.where(PauseRow.case_id == case_id)
    found = session.execute(statement).all()
    if not found:
        return []
    clocks = _clocks(session, [referral.id for _, _, referral, _ in found])
    rents = _rents(
        session, {case.tenancy_id for _, case, _, _ in found}, min(calendar.day_of(p.from_at) for p, *_ in found)
    )
    return [
        Paused(
            pause=pause,
            case=case,
            referral=referral,
            route=way_of(session, referral, partner).route,
            clocks=clocks[referral.id],
            rents=rents[case.tenancy_id],
        )
        for pause, case, referral, partner in found
    ]


def verdict_of(each: Paused, calendar: Calendar, policy: Policy, today: date) -> PauseVerdict:
    """Judge the conditions of one pause on a civil day."""
    from_on = calendar.day_of(each.pause.from_at)
    paid = current_rent_paid(each.rents, from_on, today, policy.settings.plan.tolerance_days)
    facts = PauseFacts(
        started_on=from_on,
        feedback_due={clock.key: clock.due_on for clock in each.clocks if clock.due_on},
        feedback_on={clock.key: calendar.day_of(clock.received_at) for clock in each.clocks if clock.received_at},
        said=said(each.pause.conditions, paid, each.referral.state, each.referral.help_refused),
    )
    return pause_holds(each.route, facts, today, policy.settings.fills)


def _look(book: EvidenceBook, calendar: Calendar, policy: Policy, each: Paused, today: date) -> list[NewTask]:
    """Make the tasks of one pause: one to resume when a condition fails, one to ask what no record can tell."""
    verdict = verdict_of(each, calendar, policy, today)
    titles = {condition["key"]: condition["title"] for condition in each.pause.conditions}
    failed = [found.key for found in verdict.conditions if found.state == "failed"]
    unknown = [found.key for found in verdict.conditions if found.state == "unknown"]
    tasks = []
    if failed:
        key = f"resume:{each.pause.id}:{'+'.join(failed)}:{today:%Y-%m}"
        detail = {"reason": each.pause.reason, "failed": [titles[name] for name in failed if name in titles]}
        tasks.append(_task("resume", key, each, book, detail))
    asked = to_ask(each.pause.conditions, unknown, calendar.day_of(each.pause.from_at), today)
    if asked:
        detail = {"reason": each.pause.reason, "conditions": [titles[name] for name in asked], "keys": list(asked)}
        tasks.append(_task("pause_check", f"pause_check:{each.pause.id}:{today:%Y-%m}", each, book, detail))
    return tasks


def _task(kind: str, key: str, each: Paused, book: EvidenceBook, detail: Mapping[str, Any]) -> NewTask:
    owner_id = each.case.owner_id or each.referral.owner_id
    return NewTask(kind=kind, key=key[:200], case=each.case, due_at=book.now, detail=detail, user_id=owner_id)


def _clocks(session: Session, referral_ids: Sequence[int]) -> dict[int, list[ReferralFeedbackRow]]:
    found: dict[int, list[ReferralFeedbackRow]] = defaultdict(list)
    statement = select(ReferralFeedbackRow).where(ReferralFeedbackRow.referral_id.in_(referral_ids))
    for row in session.scalars(statement.order_by(ReferralFeedbackRow.id)):
        found[row.referral_id].append(row)
    return found


def _rents(session: Session, tenancy_ids: set[int], since: date) -> dict[int, list[tuple[date, int]]]:
    """Give the rent that came due from a day on, with what is open of it now."""
    items = select(LedgerItemRow.id).where(
        LedgerItemRow.tenancy_id.in_(tenancy_ids), LedgerItemRow.kind == "rent", LedgerItemRow.due_on >= since
    )
    latest = (
        select(func.max(LedgerEntryRow.id)).where(LedgerEntryRow.item_id.in_(items)).group_by(LedgerEntryRow.item_id)
    )
    statement = (
        select(LedgerItemRow.tenancy_id, LedgerItemRow.due_on, LedgerEntryRow.open_cents)
        .join(LedgerEntryRow, LedgerEntryRow.item_id == LedgerItemRow.id)
        .where(LedgerEntryRow.id.in_(latest))
    )
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for tenancy_id, due_on, cents in session.execute(statement):
        found[tenancy_id].append((due_on, cents))
    return found
