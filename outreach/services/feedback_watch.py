"""Feedback that a partner should have given by now becomes an alarm: one set, once a day (rules.md 14)."""

from collections import Counter
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, ReferralFeedbackRow, ReferralRow
from outreach.domain.referral_states import OPEN
from outreach.services.evidence import EvidenceBook
from outreach.services.tasks import NewTask, add_tasks


def watch_feedback(session: Session, book: EvidenceBook, landlord_id: int, today: date) -> Counter[str]:
    """Give who follows a referral up a task for every clock that is overdue, once per clock."""
    statement = (
        select(ReferralFeedbackRow, ReferralRow, CaseRow)
        .join(ReferralRow, ReferralRow.id == ReferralFeedbackRow.referral_id)
        .join(CaseRow, CaseRow.id == ReferralRow.case_id)
        .where(
            ReferralFeedbackRow.landlord_id == landlord_id,
            ReferralFeedbackRow.verdict.is_(None),
            ReferralFeedbackRow.due_on < today,
            ReferralRow.state.in_(sorted(OPEN)),
            CaseRow.state == "open",
        )
        .order_by(ReferralFeedbackRow.id)
    )
    tasks = [
        NewTask(
            kind="referral_overdue",
            key=f"overdue:{clock.id}",
            case=case,
            due_at=book.now,
            detail={
                "partner": referral.partner_kind,
                "referral": referral.id,
                "title": clock.title,
                "due_on": clock.due_on.isoformat() if clock.due_on else None,
            },
            user_id=referral.owner_id,
        )
        for clock, referral, case in session.execute(statement)
    ]
    return Counter(referrals_overdue=add_tasks(session, tasks))
