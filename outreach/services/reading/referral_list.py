"""What was handed to partners: the list with its feedback clocks, and one referral with its dossier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import CaseRow, PartnerRow, ReferralRow
from outreach.services.decisions import reason_from_data
from outreach.services.reading.heads import CaseHead, LadderTitles, case_heads, ladder_titles
from schedules.decisions import Reason

PAGE_SIZE = 50
STATES = ("sent", "accepted", "rejected", "closed")


@dataclass(frozen=True, kw_only=True)
class ReferralHead:
    """One referral in a list; `overdue` when the partner should have reported back before today."""

    id: int
    partner: str
    partner_kind: str
    state: str
    sent_at: datetime
    feedback_due_on: date
    feedback_at: datetime | None
    help_accepted: bool
    overdue: bool
    head: CaseHead


@dataclass(frozen=True, kw_only=True)
class ReferralList:
    """One page of referrals and how many there are per state; `overdue` counts those without feedback in time."""

    items: tuple[ReferralHead, ...]
    total: int
    counts: Mapping[str, int]
    overdue: int


@dataclass(frozen=True, kw_only=True)
class ReferralPage:
    """One referral with its dossier (as it was handed over), the partner, and why it was made."""

    head: ReferralHead
    dossier: Mapping[str, Any]
    feedback: str
    ground: str
    step: str
    titles: LadderTitles
    why: tuple[Reason, ...]
    partner: PartnerRow


def list_referrals(
    session: Session, scope: Scope, day: date, *, state: str | None = None, kind: str | None = None, page: int = 1
) -> ReferralList:
    """Return a page of referrals: overdue first, then by the day on which feedback is due; finished ones last."""
    statement = _statement(scope)
    if kind:
        statement = statement.where(ReferralRow.partner_kind == kind)
    counted: Any = statement.with_only_columns(ReferralRow.state, func.count()).group_by(ReferralRow.state)
    counts: dict[str, int] = dict(session.execute(counted.order_by(None)).all())
    late: Any = statement.with_only_columns(func.count()).order_by(None)
    overdue = session.scalar(late.where(ReferralRow.state == "sent", ReferralRow.feedback_due_on < day)) or 0
    wanted = statement.where(ReferralRow.state == state) if state else statement
    rows = session.execute(wanted.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return ReferralList(
        items=_heads(session, scope, rows, day),
        total=counts.get(state, 0) if state else sum(counts.values()),
        counts=counts,
        overdue=overdue,
    )


def read_referral(session: Session, scope: Scope, referral_id: int, day: date) -> ReferralPage | None:
    """Return one referral; None when the scope does not reach it."""
    rows = session.execute(_statement(scope).where(ReferralRow.id == referral_id)).all()
    heads = _heads(session, scope, rows, day)
    if not heads:
        return None
    row, partner, found = rows[0]
    titles = ladder_titles(session, {found.ladder_version_id}).get(found.ladder_version_id, LadderTitles())
    return ReferralPage(
        head=heads[0],
        dossier=row.dossier,
        feedback=row.feedback,
        ground=row.ground,
        step=row.step,
        titles=titles,
        why=tuple(reason_from_data(each) for each in row.dossier.get("why", ())),
        partner=partner,
    )


def _statement(scope: Scope) -> Any:
    waiting = case((ReferralRow.state == "sent", 0), (ReferralRow.state == "accepted", 1), else_=2)
    statement: Any = (
        select(ReferralRow, PartnerRow, CaseRow)
        .join(CaseRow, CaseRow.id == ReferralRow.case_id)
        .join(PartnerRow, PartnerRow.id == ReferralRow.partner_id)
        .order_by(waiting, ReferralRow.feedback_due_on, ReferralRow.id)
    )
    return scope.narrow(statement, CaseRow)


def _heads(session: Session, scope: Scope, rows: Any, day: date) -> tuple[ReferralHead, ...]:
    heads = case_heads(session, scope, {found.id for _row, _partner, found in rows}, day)
    return tuple(
        ReferralHead(
            id=row.id,
            partner=partner.name,
            partner_kind=row.partner_kind,
            state=row.state,
            sent_at=row.sent_at,
            feedback_due_on=row.feedback_due_on,
            feedback_at=row.feedback_at,
            help_accepted=row.help_accepted,
            overdue=row.state == "sent" and row.feedback_due_on < day,
            head=heads[found.id],
        )
        for row, partner, found in rows
    )
